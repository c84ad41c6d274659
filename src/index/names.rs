//! A column of names: the kinds, regions, titles … that the reports of a segment have, by number.
//!
//! They stand at the headers of reports; a passage has those of its report.
//!
//! The dictionary of a column reads a name by going through those before it. So all names are read in one go where many
//! are wanted, and kept.

use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use tantivy::DocId;
use tantivy::columnar::StrColumn;

/// The headers of a segment's reports, deleted ones included, ascending.
#[derive(Debug, Clone)]
pub struct Headers {
    headers: Arc<[DocId]>,
    max_doc: DocId,
}

impl Headers {
    /// Headers of a segment with so many documents.
    pub(super) fn of(headers: Vec<DocId>, max_doc: DocId) -> Headers {
        Headers { headers: headers.into(), max_doc }
    }

    /// All of them.
    pub fn all(&self) -> &[DocId] {
        &self.headers
    }

    /// The documents of the report that a document belongs to: its header and its passages.
    pub fn report_at(&self, doc: DocId) -> Range<DocId> {
        self.before(self.headers.partition_point(|&header| header <= doc))
    }

    /// The documents of the report before the one with a number.
    fn before(&self, number: usize) -> Range<DocId> {
        let end = self.headers.get(number).copied().unwrap_or(self.max_doc);
        number.checked_sub(1).map_or(0, |own| self.headers[own])..end
    }

    /// Goes from report to report.
    pub fn in_order(&self) -> InOrder<'_> {
        InOrder { headers: self, next: 0 }
    }
}

/// Finds the reports of documents that ascend.
pub struct InOrder<'a> {
    headers: &'a Headers,
    /// Number of the report behind the last one.
    next: usize,
}

impl InOrder<'_> {
    /// The number of the report that a document belongs to, and its documents.
    pub fn report_at(&mut self, doc: DocId) -> (usize, Range<DocId>) {
        // By leaps: most often it is one of the next reports.
        let rest = &self.headers.headers[self.next..];
        let mut leap = 1;
        while rest.get(leap).is_some_and(|&header| header <= doc) {
            leap *= 2;
        }
        self.next += rest[..rest.len().min(leap + 1)].partition_point(|&header| header <= doc);
        (self.next.saturating_sub(1), self.headers.before(self.next))
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reports_are_found_in_order_as_one_by_one(
            lengths in proptest::collection::vec(1u32..9, 1..60),
            steps in proptest::collection::vec(0u32..40, 0..60),
        ) {
            let mut max_doc = 0;
            let mut starts = Vec::new();
            for length in lengths {
                starts.push(max_doc);
                max_doc += length;
            }
            let headers = Headers::of(starts.clone(), max_doc);
            let mut in_order = headers.in_order();
            let mut doc = 0;
            for step in steps {
                doc += step;
                if doc < max_doc {
                    let (number, report) = in_order.report_at(doc);
                    prop_assert_eq!(&report, &headers.report_at(doc));
                    prop_assert!(report.contains(&doc) && starts[number] == report.start);
                }
            }
        }
    }
}
