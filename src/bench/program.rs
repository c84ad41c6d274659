//! The program under test, run as its users run it: in processes of its own.
//!
//! So the memory of a build is that of the build alone, every build starts cold, and a fresh search is one. What is
//! understood here is the program's own JSON, of `index --json` and `search --json`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::archive::Stages;
use crate::error::Error;

/// Settings of the environment, which a made-up corpus does not heed.
const ENVIRONMENT: [&str; 4] = ["YINDE_ARCHIVE", "YINDE_INDEX", "YINDE_LEXICON", "YINDE_SIDECAR"];

/// How the program is started.
#[derive(Debug, Clone)]
pub struct Program {
    /// The executable.
    pub path: PathBuf,
    /// Options that every command gets.
    pub options: Vec<OsString>,
    /// The folder to start it in, away from the user's settings; `None` for here and with them.
    pub apart: Option<PathBuf>,
}

/// What a build tells of itself: the summary of `index --json`.
#[derive(Debug, Clone, Deserialize)]
pub struct Build {
    /// Files found.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Reports that were read.
    pub reports: u64,
    /// Their passages.
    pub passages: u64,
    /// Their characters.
    pub characters: u64,
    /// Reports that are copies of others.
    pub copies: u64,
    /// What was not read.
    pub skipped: Vec<Unread>,
    /// Time by stage.
    pub seconds: Stages,
    /// Megabytes of files a second.
    pub mb_per_second: f64,
    /// Reports a second.
    pub reports_per_second: f64,
    /// Threads that read, and that index.
    pub threads: usize,
    /// Highest memory use of the process, where the system tells.
    pub peak_memory: Option<u64>,
    /// Bytes of the index.
    pub index_size: u64,
}

/// A source that was not read.
#[derive(Debug, Clone, Deserialize)]
pub struct Unread {
    /// The file or zip member.
    pub source: String,
}

#[derive(Deserialize)]
struct Found {
    passages: u64,
}

impl Program {
    /// Builds an index of some folders.
    ///
    /// # Errors
    /// If the program cannot be started or does not build it.
    pub fn index(&self, folders: &[PathBuf], index: &Path) -> Result<Build, Error> {
        let mut command = self.command("index");
        command.args(folders).arg("--index").arg(index);
        let output = run(&mut command)?;
        // With files that are not read the exit code is not 0, yet there is an index.
        serde_json::from_slice(&output.stdout).map_err(|_| failure("建立索引", &output))
    }

    /// Asks an index for a literal query; returns the passages that match, and the time from start to end.
    ///
    /// # Errors
    /// If the program cannot be started or does not answer.
    pub fn search(&self, query: &str, index: &Path) -> Result<(u64, Duration), Error> {
        let mut command = self.command("search");
        command.arg(query).arg("--literal").arg("--index").arg(index);
        let start = Instant::now();
        let output = run(&mut command)?;
        let elapsed = start.elapsed();
        let found: Found = serde_json::from_slice(&output.stdout).map_err(|_| failure("查询", &output))?;
        Ok((found.passages, elapsed))
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.path);
        command.arg(name).args(&self.options).arg("--json").stdin(Stdio::null());
        if let Some(apart) = &self.apart {
            command.current_dir(apart);
            ENVIRONMENT.iter().for_each(|name| {
                command.env_remove(name);
            });
        }
        command
    }
}

fn run(command: &mut Command) -> Result<Output, Error> {
    command.output().map_err(|error| Error::Benchmark {
        reason: format!("无法启动 {}（{error}）", command.get_program().to_string_lossy()),
        next: "检查程序文件是否还在原处、能否执行".to_owned(),
    })
}

/// What the program said when it failed, with its hint.
fn failure(what: &str, output: &Output) -> Error {
    let said = String::from_utf8_lossy(&output.stderr);
    let line = |label: &str| said.lines().find_map(|line| line.strip_prefix(label)).map(str::to_owned);
    let reason = line("错误：").unwrap_or_else(|| format!("{}；{}", output.status, said.trim()));
    Error::Benchmark {
        reason: format!("{what}失败（{reason}）"),
        next: line("hint: ").unwrap_or_else(|| "检查磁盘空间；临时文件夹可用环境变量 TMPDIR 指定".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_not_there_is_an_error_with_a_hint() {
        let program = Program { path: PathBuf::from("nowhere/yinde"), options: Vec::new(), apart: None };
        let error = program.search("发展", Path::new("index")).expect_err("no program");
        assert!(error.to_string().contains("nowhere/yinde") && !error.hint().is_empty(), "{error}");
    }

    #[test]
    fn what_the_program_says_is_passed_on() {
        let stderr = "未读 1 个：\n错误：索引读写失败：x\nhint: 检查磁盘\n".as_bytes().to_vec();
        let output = Output { status: std::process::ExitStatus::default(), stdout: Vec::new(), stderr };
        let error = failure("建立索引", &output);
        assert_eq!(error.to_string(), "测速没有完成：建立索引失败（索引读写失败：x）");
        assert_eq!(error.hint(), "检查磁盘");
    }
}
