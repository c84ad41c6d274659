//! ripgrep: the scan that needs no index, as the `rg` found in `PATH`.
//!
//! One file with the matching form of a passage on each line; a search is `rg -c -F`, a fresh process each
//! time, whose start is part of the time, as it is for a person at a terminal. The file is in the page
//! cache. It counts and does not rank. There is no index: the columns of indexing stay empty, though the
//! texts had to be cleaned, folded and laid out in one file. `--no-config` and `-a` keep a user's settings
//! and a stray control character from changing counts.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::corpus::Corpus;
use crate::engine::{Engine, Searcher};

/// The program.
const PROGRAM: &str = "rg";

/// Name of the file with the matching forms.
const FILE: &str = "matching.txt";

/// The engine.
pub struct Ripgrep;

impl Engine for Ripgrep {
    fn name(&self) -> &'static str {
        "ripgrep"
    }

    fn settings(&self) -> String {
        let version = version().unwrap_or_else(|| "not there".to_owned());
        format!("{version}; one file of matching forms, a process of `rg -c -F` for each search, no ranking")
    }

    fn missing(&self) -> Option<String> {
        version().is_none().then(|| format!("`{PROGRAM}` is not in PATH"))
    }

    fn has_index(&self) -> bool {
        false
    }

    fn build(&self, corpus: &Corpus, folder: &Path, _threads: usize) -> Result<()> {
        let mut file = BufWriter::new(File::create_new(folder.join(FILE))?);
        for passage in corpus.passages() {
            writeln!(file, "{}", passage.matching)?;
        }
        file.flush()?;
        Ok(())
    }

    fn open(&self, folder: &Path, _threads: usize) -> Result<Box<dyn Searcher>> {
        Ok(Box::new(Scan { file: folder.join(FILE) }))
    }
}

struct Scan {
    file: PathBuf,
}

impl Searcher for Scan {
    fn search(&self, query: &str) -> Result<u64> {
        let output = Command::new(PROGRAM)
            .args(["--no-config", "-a", "-c", "-F", "--", query])
            .arg(&self.file)
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("running {PROGRAM}"))?;
        match output.status.code() {
            Some(0) => Ok(String::from_utf8(output.stdout)?.trim().parse()?),
            // Nothing was found.
            Some(1) => Ok(0),
            _ => bail!("{PROGRAM} failed: {}", String::from_utf8_lossy(&output.stderr)),
        }
    }

    fn count(&self, query: &str) -> Result<u64> {
        self.search(query)
    }
}

/// The first line of `rg --version`, without the revision.
fn version() -> Option<String> {
    let output = Command::new(PROGRAM).arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let words: Vec<&str> = text.lines().next()?.split_whitespace().take(2).collect();
    Some(words.join(" "))
}
