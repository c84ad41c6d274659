//! What the index remembers of the archive beside its passages: which files it has read, and which reports
//! are copies.
//!
//! Each part is one file in the index folder, named by a hash of what is in it and by the commit that needs it:
//! written and synced before that commit, so that passages and ledger change together or not at all.
//! Which reports are copies of each other is for others to say.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::model::{Kind, Skipped, Stamp};
use crate::text::sketch::Sketch;

/// Ending of the ledger's files.
pub(super) const EXTENSION: &str = "ledger";

/// A file of the archive as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its name in the archive, with `/` between parts.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// What the system says of its state; see [`crate::model::Stamp`].
    pub stamp: Stamp,
    /// When it was read, in nanoseconds since 1970.
    pub read: u64,
    /// Hash of its bytes; empty where it could not be opened.
    pub hash: Vec<u8>,
    /// What it was read as.
    pub format: String,
    /// Hash of what a sidecar said of it.
    pub sidecar: u64,
    /// How many reports were found in it.
    pub reports: u64,
    /// What of it could not be read.
    pub skipped: Vec<Skipped>,
}

/// A report as it is compared with others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRecord {
    /// Key of the file; see [`key_of_file`].
    pub file: u64,
    /// Key of the report; see [`key_of_report`].
    pub key: u64,
    /// Its identifier.
    pub id: String,
    /// Its source.
    pub source: String,
    /// Its place among the reports of the source, from 0.
    pub place: u32,
    /// Whether its identifier is its source's own word, rather than made from its content.
    pub own_id: bool,
    /// How faithful its format is; the least is the best.
    pub fidelity: u8,
    /// Hash of its title's matching form; 0 where it has none but its file's name.
    pub title: u64,
    /// Its kind.
    pub kind: Kind,
    /// Its year.
    pub year: Option<i32>,
    /// Its region.
    pub region: Option<String>,
    /// How many values of its metadata are in doubt.
    pub doubts: u32,
    /// The sketch of its text.
    pub sketch: Sketch,
}

/// A report that is a copy of another, or whose identifier another has, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyRecord {
    /// Key of the report.
    pub key: u64,
    /// Key of the report it is a copy of, if it is one.
    pub main: Option<u64>,
    /// Its number among reports that would have the same identifier, from 2; 0 for one whose identifier is its own.
    pub twin: u32,
}

/// The parts of the ledger that a commit names; an empty name stands for an empty part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerNames {
    /// The part with [`FileRecord`]s.
    pub files: String,
    /// The part with [`ReportRecord`]s.
    pub reports: String,
    /// The part with [`CopyRecord`]s.
    pub copies: String,
}

/// All of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The files, by name.
    pub files: Vec<FileRecord>,
    /// The reports, by source and place.
    pub reports: Vec<ReportRecord>,
    /// The copies, by key.
    pub copies: Vec<CopyRecord>,
}

/// The identifier of a report that has its own from its number among those with the same.
pub fn twin_id(id: &str, number: u32) -> String {
    format!("{id}{TWIN_MARK}{number}")
}

/// Stands between an identifier that several reports would have and their numbers.
pub(super) const TWIN_MARK: char = '~';

/// The key of a file, by its name in the archive.
pub fn key_of_file(name: &str) -> u64 {
    short_hash(name.as_bytes())
}

/// The key of a report, by its source and its place in it.
pub fn key_of_report(source: &str, place: u32) -> u64 {
    short_hash(format!("{source}\n{place}").as_bytes())
}

fn short_hash(bytes: &[u8]) -> u64 {
    let hash = blake3::hash(bytes);
    let mut short = [0; 8];
    short.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(short)
}

impl Ledger {
    /// Writes the ledger into an index folder, durably, and says how its parts are called.
    pub(super) fn write(&self, folder: &Path) -> io::Result<LedgerNames> {
        let names = LedgerNames {
            files: write(folder, &self.files)?,
            reports: write(folder, &self.reports)?,
            copies: write(folder, &self.copies)?,
        };
        sync_folder(folder)?;
        Ok(names)
    }
}

/// Makes the names in a folder durable, where the system can.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn path_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.{EXTENSION}"))
}

fn write<T: Serialize>(folder: &Path, part: &[T]) -> io::Result<String> {
    if part.is_empty() {
        return Ok(String::new());
    }
    // Not in memory first: it may be large. There is one writer only.
    let unfinished = folder.join(format!("{UNFINISHED}part"));
    let file = BufWriter::new(File::create(&unfinished)?);
    let hashed =
        postcard::to_io(part, Hashed { out: file, hasher: blake3::Hasher::new() }).map_err(io::Error::other)?;
    hashed.out.into_inner()?.sync_all()?;
    let hash = hashed.hasher.finalize();
    let name: String = hash.to_hex().chars().take(32).collect();
    let path = path_of(folder, &name);
    // What a commit that is still to be seen needs is never touched: the same content is there already.
    let there = File::open(&path).and_then(|file| Ok(blake3::Hasher::new().update_reader(file)?.finalize()));
    if there.is_ok_and(|there| there == hash) {
        fs::remove_file(unfinished)?;
    } else {
        fs::rename(unfinished, path)?;
    }
    Ok(name)
}

/// What the names of files begin with that are not finished.
const UNFINISHED: &str = ".tmp-";

/// Writes and hashes.
struct Hashed<W> {
    out: W,
    hasher: blake3::Hasher,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads a part of the ledger.
///
/// # Errors
/// If it is missing, or not what was written.
pub(super) fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> io::Result<Vec<T>> {
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let bytes = fs::read(path_of(folder, name))?;
    if !blake3::hash(&bytes).to_hex().starts_with(name) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the ledger is not what was written"));
    }
    postcard::from_bytes(&bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Removes parts that a commit does not name.
pub(super) fn clear(folder: &Path, names: &LedgerNames) -> io::Result<()> {
    let needed = [&names.files, &names.reports, &names.copies];
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_part = path.extension().is_some_and(|extension| extension == EXTENSION);
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if is_part && !needed.contains(&&stem) || stem.starts_with(UNFINISHED) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Which reports are copies, for looking up.
#[derive(Debug, Default)]
pub struct Copies {
    of: HashMap<u64, CopyRecord>,
}

impl Copies {
    pub(super) fn new(records: Vec<CopyRecord>) -> Copies {
        Copies { of: records.into_iter().map(|record| (record.key, record)).collect() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// What is known of a report as a copy.
    pub fn get(&self, key: u64) -> Option<CopyRecord> {
        self.of.get(&key).copied()
    }

    /// The keys of the copies of a report.
    pub fn copies_of(&self, main: u64) -> Vec<u64> {
        let mut keys: Vec<u64> = self.of.values().filter(|record| record.main == Some(main)).map(|r| r.key).collect();
        keys.sort_unstable();
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_damage_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let copies = vec![CopyRecord { key: 1, main: Some(2), twin: 0 }];
        let ledger = Ledger { copies: copies.clone(), ..Ledger::default() };
        let names = ledger.write(folder.path()).expect("written");
        assert!(names.files.is_empty());
        assert_eq!(read::<CopyRecord>(folder.path(), &names.copies).expect("read"), copies);
        fs::write(path_of(folder.path(), &names.copies), b"\x01\x02\x03\x00").expect("damaged");
        assert!(read::<CopyRecord>(folder.path(), &names.copies).is_err());
        clear(folder.path(), &LedgerNames::default()).expect("cleared");
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 0);
    }
}
