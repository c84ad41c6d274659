//! What a run tells of itself: how far it has come, and in the end what it did.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::model::Skipped;

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The archive has been listed.
    Listed {
        /// Files to read.
        files: u64,
        /// Their bytes.
        bytes: u64,
    },
    /// A file of so many bytes has been dealt with.
    Read(u64),
    /// All files have been read; the index is being written out.
    Finishing,
}

/// Files by what became of them, and by format.
pub type Fates = BTreeMap<Fate, BTreeMap<String, u64>>;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It is new and was read.
    Read,
    /// It is as it was.
    Unchanged,
    /// It has changed and was read again.
    Updated,
    /// It stands elsewhere, and was read again.
    Moved,
    /// It is gone.
    Removed,
    /// Nothing of it could be read.
    Skipped,
}

/// What a run did. Sizes in bytes, times in seconds.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Summary {
    /// Files found.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files by what became of them, and by format.
    pub fates: Fates,
    /// Reports that were read.
    pub reports: u64,
    /// Their passages.
    pub passages: u64,
    /// Their characters.
    pub characters: u64,
    /// Reports that the index holds now.
    pub indexed: u64,
    /// How many of these are copies of others and set aside.
    pub copies: u64,
    /// Files and parts of files that are not read, in this run or before.
    pub skipped: Vec<Skipped>,
    /// Sources that the sidecar names and that are not there.
    pub unmatched: Vec<String>,
    /// Why everything was read again, if it was.
    pub rebuilt: Option<&'static str>,
    /// Time by stage.
    pub seconds: Stages,
    /// Megabytes (10⁶ bytes) of files that were read, a second, over the whole run.
    pub mb_per_second: f64,
    /// Reports that were read, a second, over the whole run.
    pub reports_per_second: f64,
    /// Threads that read, and that index.
    pub threads: usize,
    /// Highest memory use of the process, where the system tells.
    pub peak_memory: Option<u64>,
    /// Size of the index on disk.
    pub index_size: u64,
}

impl Summary {
    /// Whether anything was read or removed.
    pub fn has_changes(&self) -> bool {
        [Fate::Read, Fate::Updated, Fate::Moved, Fate::Removed].iter().any(|fate| self.count(*fate) > 0)
    }

    /// How many files met a fate.
    pub fn count(&self, fate: Fate) -> u64 {
        self.fates.get(&fate).map_or(0, |formats| formats.values().sum())
    }
}

/// Time by stage, in seconds. `read` and `add` are summed over threads.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub struct Stages {
    /// Listing the files and finding out what has changed.
    pub list: f64,
    /// Reading, cleaning and understanding.
    pub read: f64,
    /// Handing over to the indexing threads, waiting for them included.
    pub add: f64,
    /// Finding copies, writing out and committing.
    pub commit: f64,
    /// The whole run.
    pub total: f64,
}

/// Highest resident memory of this process in bytes, as Linux tells it.
pub(super) fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}

/// Bytes of the files in a folder.
pub(super) fn folder_size(path: &Path) -> u64 {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).filter(|m| m.is_file()).map(|m| m.len()).sum()
}
