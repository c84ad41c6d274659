//! The tantivy boundary: what is on disk, how it is written and how it is opened.
//!
//! Knows passages and matching forms, not files of the archive (`ingest`) nor how matches are found
//! and ranked (`search`). The layout is described in `ARCHITECTURE.md`.

mod backlog;
pub mod body;
pub mod headers;
pub mod ledger;
pub mod names;
pub mod reader;
pub mod record;
pub mod schema;
pub mod writer;

use std::io;
use std::path::Path;

use tantivy::directory::MmapDirectory;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
pub use tantivy::{DocId, TantivyError};

use self::ledger::LedgerNames;
use crate::error::Error;

/// Version of what is on disk. An index of another version is refused and has to be rebuilt.
pub const FORMAT: u32 = 7;

/// What a commit says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Manifest {
    /// [`FORMAT`] at the time of writing.
    pub format: u32,
    /// Version of the program that wrote it.
    pub version: String,
    /// The archive folders, as given.
    pub archives: Vec<String>,
    /// How many files could not be read.
    pub skipped: u64,
    /// The user's words that its segmentation knows, as [`lexicon_name`] names them.
    pub lexicon: String,
    /// How the files were read: readers of another version, or other limits, read all of them again.
    pub reading: String,
    /// How many reports there are.
    pub reports: u64,
    /// How many of them are copies.
    pub copies: u64,
    /// Where the ledger is. Filled in by the writer.
    pub ledger: LedgerNames,
}

/// A name for a set of user's words (sorted, each once): empty for none, else a hash.
pub fn lexicon_name(words: &[String]) -> String {
    if words.is_empty() {
        return String::new();
    }
    blake3::hash(words.join("\n").as_bytes()).to_hex().chars().take(16).collect()
}

/// Opens the directory of an index, made already.
fn open_directory(path: &Path) -> Result<MmapDirectory, Error> {
    MmapDirectory::open(path).map_err(|source| match source {
        OpenDirectoryError::DoesNotExist(_) => Error::IndexMissing { path: path.to_owned() },
        other => failure(path, other),
    })
}

/// What an engine error means for the index at `path`.
pub fn failure(path: &Path, source: impl Into<TantivyError>) -> Error {
    let path = path.to_owned();
    let copied = |error: &io::Error| io::Error::new(error.kind(), error.to_string());
    match source.into() {
        TantivyError::LockFailure(LockError::IoError(source), _) => Error::IndexIo { path, source: copied(&source) },
        TantivyError::LockFailure(..) => Error::IndexLocked { path },
        // A thread that died while writing did so for want of space or rights far more often than of sense.
        TantivyError::ErrorInThread(reason) => Error::IndexIo { path, source: io::Error::other(reason) },
        TantivyError::IoError(source)
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error: source, .. })
        | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: source, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error: source, .. })
            if source.kind() != io::ErrorKind::InvalidData =>
        {
            Error::IndexIo { path, source: copied(&source) }
        }
        source => Error::IndexDamaged { path, source: Box::new(source) },
    }
}
