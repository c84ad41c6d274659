//! What is to be indexed, where and how.

use std::path::PathBuf;

use crate::ingest::{self, Reading};
use crate::text::lexicon::Lexicon;

/// An order to bring an index up to date.
#[derive(Debug, Clone)]
pub struct Order {
    /// The archive folders.
    pub archives: Vec<PathBuf>,
    /// The index folder.
    pub index: PathBuf,
    /// Words that the segmentation is to know.
    pub lexicon: Lexicon,
    /// How files are read.
    pub reading: Reading,
    /// Whether everything is read again.
    pub rebuild: bool,
}

impl Order {
    /// An order without anything special.
    pub fn new(archives: Vec<PathBuf>, index: PathBuf) -> Order {
        Order { archives, index, lexicon: Lexicon::default(), reading: Reading::default(), rebuild: false }
    }

    /// What the ledger says of how files were read.
    pub(super) fn manner(&self) -> String {
        format!("{} {:?} {}", ingest::VERSION, self.reading.limits, self.reading.ocr)
    }

    /// The archives as they are shown.
    pub(super) fn shown_archives(&self) -> Vec<String> {
        self.archives.iter().map(|path| path.display().to_string()).collect()
    }
}
