//! The tantivy boundary: what is on disk, how it is written and how it is opened.
//!
//! Knows passages and matching forms, not files of the archive (`ingest`) nor how matches are found
//! and ranked (`search`). The layout is described in `ARCHITECTURE.md`.

pub mod reader;
pub mod record;
pub mod schema;
pub mod tokens;
pub mod words;
pub mod writer;

use std::path::Path;

use tantivy::directory::MmapDirectory;
use tantivy::directory::error::OpenDirectoryError;

use crate::error::Error;

/// Version of what is on disk. An index of another version is refused and has to be rebuilt.
pub const FORMAT: u32 = 1;

/// What a commit says about itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Manifest {
    /// [`FORMAT`] at the time of writing.
    pub format: u32,
    /// Version of the program that wrote it.
    pub version: String,
    /// The archive folders, as given.
    pub archives: Vec<String>,
    /// How many files could not be read.
    pub skipped: u64,
}

/// Opens the directory of an index, made already.
fn open_directory(path: &Path) -> Result<MmapDirectory, Error> {
    MmapDirectory::open(path).map_err(|source| match source {
        OpenDirectoryError::DoesNotExist(_) => Error::IndexMissing { path: path.to_owned() },
        other => Error::Index { path: path.to_owned(), source: other.into() },
    })
}
