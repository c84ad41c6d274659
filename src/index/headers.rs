//! Which documents of a segment are the headers of reports, and so which report a document belongs to.

use std::ops::Range;
use std::sync::Arc;

use tantivy::DocId;

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

/// Those of some documents that belong to one report.
pub struct OfReport<'d, T> {
    /// The report's number.
    pub number: usize,
    /// Its header.
    pub header: DocId,
    /// They, at least one.
    pub documents: &'d [T],
}

impl InOrder<'_> {
    /// Takes what belongs to the first one's report from documents that ascend.
    pub fn split<'d, T>(&mut self, documents: &mut &'d [T], doc: impl Fn(&T) -> DocId) -> Option<OfReport<'d, T>> {
        let (number, report) = self.report_at(doc(documents.first()?));
        let count = documents.iter().take_while(|document| doc(document) < report.end).count();
        let of_report;
        (of_report, *documents) = documents.split_at(count.max(1));
        Some(OfReport { number, header: report.start, documents: of_report })
    }

    /// The number of the report that a document belongs to, and its documents.
    fn report_at(&mut self, doc: DocId) -> (usize, Range<DocId>) {
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
            let mut docs = Vec::new();
            for step in steps {
                doc += step;
                if doc < max_doc {
                    let (number, report) = in_order.report_at(doc);
                    prop_assert_eq!(&report, &headers.report_at(doc));
                    prop_assert!(report.contains(&doc) && starts[number] == report.start);
                    docs.push(doc);
                }
            }
            let (mut in_order, mut rest) = (headers.in_order(), docs.as_slice());
            while let Some(OfReport { number, header, documents }) = in_order.split(&mut rest, |&doc| doc) {
                prop_assert!(documents.iter().all(|&doc| headers.report_at(doc).start == header));
                prop_assert!(starts[number] == header && rest.first().is_none_or(|&next| headers.report_at(next).start > header));
            }
        }
    }
}
