//! Runs `yinde` in a folder of its own; a failed expectation prints command, folder, stdout and stderr.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// The sample archive of this repository.
pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The folder of real data beside the repository, if it is there; tests that need it are skipped otherwise.
pub fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("YINDE_SHARED").map_or_else(beside, PathBuf::from);
    let found = folder.join("archive").is_dir();
    assert!(found || std::env::var_os("CI").is_none(), "in CI {} has to be there", folder.display());
    found.then_some(folder)
}

/// A working folder.
pub struct Workplace {
    folder: TempDir,
}

impl Workplace {
    /// An empty one.
    pub fn new() -> Workplace {
        Workplace { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("made");
        fs::write(path, content).expect("written");
        self
    }

    /// A command in this folder, with nothing inherited that matters.
    pub fn yinde<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yinde"));
        command.args(arguments).current_dir(self.folder.path());
        for name in ["YINDE_ARCHIVE", "YINDE_INDEX", "YINDE_LEXICON", "NO_COLOR", "COLUMNS"] {
            command.env_remove(name);
        }
        Run { command, input: Vec::new() }
    }

    /// An index of the sample archive in `index`.
    pub fn with_corpus() -> Workplace {
        let place = Workplace::new();
        place.yinde(["index", "--archive"]).arg(corpus()).ok();
        place
    }
}

/// A command about to run.
pub struct Run {
    command: Command,
    input: Vec<u8>,
}

impl Run {
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Run {
        self.command.arg(argument);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Run {
        self.command.env(name, value);
        self
    }

    pub fn input(mut self, input: impl Into<Vec<u8>>) -> Run {
        self.input = input.into();
        self
    }

    fn output(mut self) -> (String, Output) {
        let shown = format!("{:?}\nin {:?}", self.command, self.command.get_current_dir());
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("piped");
        let input = self.input;
        let writer = std::thread::spawn(move || {
            // A program that does not read its input is no failure.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("input written");
        (shown, output)
    }

    /// Runs and expects an exit code; returns stdout and stderr.
    pub fn code(self, code: i32) -> (String, String) {
        self.ends_with(&[code])
    }

    /// Runs and expects that it found something or nothing; returns stdout and stderr.
    pub fn either(self) -> (String, String) {
        self.ends_with(&[0, 1])
    }

    /// Runs and expects that it ends by itself; returns stdout and stderr.
    pub fn any(self) -> (String, String) {
        self.ends_with(&[0, 1, 2])
    }

    fn ends_with(self, codes: &[i32]) -> (String, String) {
        let (shown, output) = self.output();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        let ended = output.status.code().is_some_and(|code| codes.contains(&code));
        assert!(ended, "{shown}\nstdout: {stdout}\nstderr: {stderr}");
        (stdout, stderr)
    }

    /// Starts and lets it run.
    pub fn background(mut self) -> Child {
        self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.command.spawn().expect("the program starts")
    }

    /// Starts and kills it after a while.
    pub fn killed_after(self, time: Duration) {
        let mut child = self.background();
        std::thread::sleep(time);
        child.kill().expect("killed, or ended before");
        child.wait().expect("ended");
    }

    /// Runs, expects success, returns stdout.
    pub fn ok(self) -> String {
        self.code(0).0
    }

    /// Runs, expects an exit code, returns stdout as one JSON value a line.
    pub fn json(self, code: i32) -> Vec<Value> {
        let stdout = self.code(code).0;
        stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
    }
}
