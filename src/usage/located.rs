//! An occurrence read from the index: its report, its passage, and the characters that match.

use crate::index::reader::Snapshot;
use crate::index::record::Header;
use crate::index::{DocId, TantivyError};
use crate::model::{Passage, section_path};
use crate::text::fold::{Folded, fold};

/// Where something stands.
#[derive(Debug, Clone)]
pub struct Located {
    /// The report.
    pub header: Header,
    /// The passage's number from 1.
    pub number: u32,
    /// The passage.
    pub passage: Passage,
    /// The heading path it stands under.
    pub section: Vec<String>,
    /// Characters of the passage's text.
    pub span: (usize, usize),
}

impl Located {
    /// Reads the passage of a segment, in which characters of the matching form are meant.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn read(snapshot: &Snapshot, segment: usize, doc: DocId, form: (u32, u32)) -> Result<Located, TantivyError> {
        let segment = &snapshot.segments[segment];
        let header_doc = segment.header_of(doc);
        let header = segment.header(header_doc)?;
        let passage = segment.passage(doc)?;
        let section = section_path(&header.sections, passage.section);
        let span = in_text(&fold(&passage.text), form);
        Ok(Located { number: doc - header_doc, section, span, header, passage })
    }

    /// The year of its report.
    pub fn year(&self) -> Option<i32> {
        self.header.metadata.year.as_ref().map(|year| year.value)
    }

    /// The issuer of its report.
    pub fn issuer(&self) -> Option<&str> {
        self.header.metadata.issuer.as_ref().map(|issuer| issuer.value.as_str())
    }
}

/// The characters of a text that characters of its matching form stand for.
pub(super) fn in_text(folded: &Folded, (start, end): (u32, u32)) -> (usize, usize) {
    // A unit that is found by what it lacks has no characters of its own.
    if start >= end { (0, 0) } else { folded.origin_of(start as usize, (end - start) as usize) }
}
