//! A column of names: the kinds, regions, titles … that the reports of a segment have, by number.
//!
//! They stand at the headers of reports; a passage has those of its report.
//!
//! The dictionary of a column reads a name by going through those before it. So all names are read in one go where many
//! are wanted, and kept.

use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tantivy::DocId;
use tantivy::columnar::StrColumn;

use super::headers::Headers;

/// The names of a segment's documents; in an empty segment there are none.
pub struct Names {
    column: Option<StrColumn>,
    headers: Headers,
    all: OnceLock<Vec<String>>,
    /// How many names were read one by one.
    read: AtomicUsize,
    /// The number of each report's name, [`NAMELESS`] if it has none.
    of_reports: OnceLock<Vec<u32>>,
}

/// In place of a name's number.
const NAMELESS: u32 = u32::MAX;

/// Reading a name by itself takes as long as reading so many in one go.
const IN_ONE_GO: usize = 32;

impl Names {
    pub(super) fn of_column(column: Option<StrColumn>, headers: &Headers) -> Names {
        Names {
            column,
            headers: headers.clone(),
            all: OnceLock::new(),
            read: AtomicUsize::new(0),
            of_reports: OnceLock::new(),
        }
    }

    /// The number of a document's name, if it has one.
    pub fn number(&self, doc: DocId) -> Option<u64> {
        self.of_header(self.headers.report_at(doc).start)
    }

    /// The number of a report's name, if it has one. The report is given by its number and its header.
    pub fn of_report(&self, report: usize, header: DocId) -> Option<u64> {
        match self.of_reports.get() {
            Some(known) => known.get(report).copied().filter(|&number| number != NAMELESS).map(u64::from),
            None => self.of_header(header),
        }
    }

    /// Reads the numbers of all reports' names, if they are going to be asked for many reports.
    pub fn prepare(&self, reports: usize) {
        if reports * 4 > self.headers.all().len() {
            let number = |&header: &DocId| self.of_header(header).map_or(NAMELESS, |number| number as u32);
            self.of_reports.get_or_init(|| self.headers.all().iter().map(number).collect());
        }
    }

    fn of_header(&self, header: DocId) -> Option<u64> {
        self.column.as_ref()?.ords().first(header)
    }

    /// All names by number, which is their order.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn all(&self) -> io::Result<&[String]> {
        if let Some(known) = self.all.get() {
            return Ok(known);
        }
        let mut names = Vec::new();
        if let Some(column) = &self.column {
            let mut stream = column.dictionary().stream()?;
            while stream.advance() {
                names.push(String::from_utf8_lossy(stream.key()).into_owned());
            }
        }
        Ok(self.all.get_or_init(|| names))
    }

    /// The name of a document, if it has one.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(&self, doc: DocId) -> io::Result<Option<String>> {
        let (Some(column), Some(number)) = (&self.column, self.number(doc)) else { return Ok(None) };
        let many = self.read.fetch_add(1, Ordering::Relaxed) * IN_ONE_GO > column.num_terms();
        let known = if many { Some(self.all()?) } else { self.all.get().map(Vec::as_slice) };
        if let Some(known) = known {
            return Ok(known.get(number as usize).cloned());
        }
        let mut name = String::new();
        column.ord_to_str(number, &mut name)?;
        Ok(Some(name))
    }
}
