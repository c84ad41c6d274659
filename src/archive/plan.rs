//! What a run has to do: the archive as it is beside the archive as the index knows it.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::PathBuf;

use super::order::Order;
use crate::error::Error;
use crate::index::ledger::{FileRecord, ReportRecord};
use crate::index::reader::{self, View};
use crate::index::{Manifest, lexicon_name};
use crate::ingest::sources::{self, SourceFile};
use crate::model::Skipped;

/// Times younger than this before a reading say nothing: a file may change again within what a clock tells apart.
const UNCERTAIN: u64 = 2_000_000_000;

/// The files of the archive as they are.
pub(super) struct Listing {
    pub(super) files: Vec<SourceFile>,
    /// What could not be listed.
    pub(super) skipped: Vec<Skipped>,
}

impl Listing {
    pub(super) fn of(order: &Order) -> Result<Listing, Error> {
        let (mut files, mut skipped) = (Vec::new(), Vec::new());
        let prefixes = prefixes(&order.archives);
        let index = fs::canonicalize(&order.index).ok();
        for (archive, prefix) in order.archives.iter().zip(&prefixes) {
            let (found, unlisted) = sources::list(archive, index.as_deref())?;
            files.extend(found.into_iter().map(|file| SourceFile { name: format!("{prefix}{}", file.name), ..file }));
            skipped.extend(unlisted.into_iter().map(|s| Skipped { source: format!("{prefix}{}", s.source), ..s }));
        }
        // Names that are not text may look alike.
        let all: HashSet<String> = files.iter().map(|file| file.name.clone()).collect();
        let mut taken = HashSet::new();
        for file in &mut files {
            if !taken.insert(file.name.clone()) {
                let numbered = (2..).map(|number| format!("{}#{number}", file.name));
                let free = numbered.into_iter().find(|name| !all.contains(name) && !taken.contains(name));
                file.name = free.unwrap_or_default();
                taken.insert(file.name.clone());
            }
        }
        Ok(Listing { files, skipped })
    }

    /// Whether a file that was not found may still be there, in a folder that could not be listed.
    fn may_hold(&self, name: &str) -> bool {
        // The archive itself is listed under an empty name, or under its prefix.
        let holds = |folder: &str, rest: &str| {
            rest.is_empty() || rest.starts_with('/') || folder.is_empty() || folder.ends_with('/')
        };
        self.skipped.iter().any(|s| name.strip_prefix(&s.source).is_some_and(|rest| holds(&s.source, rest)))
    }
}

/// What stands before the names of each archive's files: nothing for one, else its folder's name, numbered where
/// two have the same.
pub(super) fn prefixes(archives: &[PathBuf]) -> Vec<String> {
    if archives.len() == 1 {
        return vec![String::new()];
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut prefix = |path: &PathBuf| {
        let full = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let name = full.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let times = seen.entry(name.clone()).or_default();
        *times += 1;
        if *times > 1 { format!("{name}#{times}/") } else { format!("{name}/") }
    };
    archives.iter().map(&mut prefix).collect()
}

/// What the index knows of the archive.
#[derive(Default)]
pub(super) struct Known {
    pub(super) files: HashMap<String, FileRecord>,
    pub(super) archives: Vec<String>,
    /// The manifest it was read from, if what it says can be gone on from.
    pub(super) state: Option<Manifest>,
    /// Why it cannot.
    pub(super) rebuilt: Option<&'static str>,
}

pub(super) const DAMAGED: &str = "索引已损坏";

impl Known {
    /// Nothing, for this reason.
    pub(super) fn nothing(reason: &'static str) -> Known {
        Known { rebuilt: Some(reason), ..Known::default() }
    }

    /// Nothing where there is no index, or one that cannot be gone on from.
    pub(super) fn of(order: &Order) -> Known {
        // What cannot be searched cannot be gone on from either.
        let manifest = match reader::Snapshot::open(&order.index, View::Main) {
            Ok(snapshot) => snapshot.manifest,
            Err(Error::IndexMissing { .. }) => return Known::default(),
            Err(Error::IndexFormat { .. }) => return Known::nothing("索引是另一版本的程序建立的"),
            Err(_) => return Known::nothing(DAMAGED),
        };
        if order.rebuild {
            return Known::nothing("按要求重建");
        }
        if manifest.lexicon != lexicon_name(&order.lexicon.words) {
            return Known::nothing("用户词表已变");
        }
        if manifest.reading != order.manner() {
            return Known::nothing("读取方式或限额已变");
        }
        match reader::files(&order.index, &manifest) {
            Ok(files) => Known {
                files: files.into_iter().map(|file| (file.name.clone(), file)).collect(),
                archives: manifest.archives.clone(),
                state: Some(manifest),
                rebuilt: None,
            },
            Err(_) => Known::nothing(DAMAGED),
        }
    }

    /// Whether the index is still the one that this was read from; where nothing was, any will do.
    pub(super) fn is_current(&self, order: &Order) -> bool {
        self.state.is_none() || reader::manifest(&order.index).ok() == self.state
    }

    /// Whether there is an index that holds anything.
    pub(super) fn holds_reports(order: &Order) -> bool {
        reader::manifest(&order.index).is_ok_and(|manifest| manifest.reports > 0)
    }

    /// The reports that the index holds.
    pub(super) fn reports(&self, order: &Order) -> Result<Vec<ReportRecord>, Error> {
        match &self.state {
            Some(manifest) => Ok(reader::ledger(&order.index, manifest)?.reports),
            None => Ok(Vec::new()),
        }
    }
}

/// A file to be looked into.
pub(super) struct Task<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) sidecar: u64,
    /// Its record, if its bytes alone decide whether it is read again.
    pub(super) same: Option<&'a FileRecord>,
    /// Its record, if the index may hold reports of it.
    pub(super) known: Option<&'a FileRecord>,
}

/// What a run has to do.
pub(super) struct Plan<'a> {
    pub(super) tasks: Vec<Task<'a>>,
    /// Records of files that stay as they are.
    pub(super) kept: Vec<FileRecord>,
    pub(super) removed: Vec<FileRecord>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(order: &Order, listing: &'a Listing, known: &'a Known) -> Plan<'a> {
        let mut plan = Plan { tasks: Vec::new(), kept: Vec::new(), removed: Vec::new() };
        let mut there = HashSet::new();
        for file in &listing.files {
            there.insert(file.name.as_str());
            let sidecar = order.reading.sidecar.digest(&file.name);
            let record = known.files.get(&file.name);
            let same = record.filter(|record| record.sidecar == sidecar && !record.hash.is_empty());
            let is_certain = |record: &&FileRecord| {
                let stamp = record.stamp;
                let same = record.size == file.size && stamp == file.stamp && stamp.modified > 0;
                same && record.read > stamp.modified.max(stamp.changed).saturating_add(UNCERTAIN)
            };
            match same.filter(is_certain) {
                Some(record) => plan.kept.push(record.clone()),
                None => {
                    plan.tasks.push(Task { file, sidecar, same, known: record });
                }
            }
        }
        for record in known.files.values().filter(|record| !there.contains(record.name.as_str())) {
            if listing.may_hold(&record.name) {
                plan.kept.push(record.clone());
            } else {
                plan.removed.push(record.clone());
            }
        }
        plan
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty() && self.removed.is_empty()
    }

    /// How many files are looked into, and their bytes.
    pub(super) fn size(&self) -> (u64, u64) {
        (self.tasks.len() as u64, self.tasks.iter().map(|task| task.file.size).sum())
    }
}

/// Whether nothing of a file could be read.
pub(super) fn is_unread(record: &FileRecord) -> bool {
    record.reports == 0 && !record.skipped.is_empty()
}
