//! How an expression is used over an archive: concordance, trend, first use, neighbours.
//!
//! Everything here counts the occurrences that a search counts. `trend`, `first` and `collocates` leave news and
//! notices out unless a kind is named, since these are no reports; how many were left out is told with every answer.
//! `kwic` lines occurrences up, `measures` has the statistics, `methods` says how a count came about.

pub mod collocates;
pub mod first;
pub mod kwic;
pub mod located;
pub mod measures;
pub mod methods;
pub mod trend;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::error::Error;
use crate::index::reader::{Segment, Snapshot};
use crate::index::{DocId, TantivyError};
use crate::model::{Kind, Part};
use crate::query::{Field, Node, Query, Scope};
use crate::search::coverage::{self, Series};
use crate::search::evaluate::Found;
use crate::search::filter::Predicate;
use crate::search::occurrences;
use crate::search::places::Place;
use crate::search::words::Words;

/// Kinds that are no reports and are counted only where a kind is named.
pub const NO_REPORTS: [Kind; 2] = [Kind::News, Kind::Notice];

/// What is asked for, and the passages it is looked for in.
pub struct Usage<'a> {
    /// The index.
    pub snapshot: &'a Snapshot,
    /// What is asked for; `None` for a query of conditions alone.
    pub asked: Option<Node>,
    /// The passages looked through, by segment, ascending.
    pub looked_through: Vec<Vec<DocId>>,
    /// The headers of the reports looked through, by segment, ascending: also of those that have no such part or section.
    pub reports: Vec<Vec<DocId>>,
    /// Those that match, by segment, ascending; all of them for a query of conditions alone.
    pub matching: Vec<Vec<Found>>,
    /// The kinds looked through, where some are left out.
    pub kinds: Option<Field>,
    /// Reports that the conditions let through and that were left out all the same, by kind.
    pub left_out: BTreeMap<String, u64>,
}

/// Whether news and notices count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinds {
    /// Every kind.
    All,
    /// Reports only, unless the query or filter names a kind.
    Reports,
}

impl<'a> Usage<'a> {
    /// Looks a query up among the passages that its conditions and `filter` let through.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(snapshot: &'a Snapshot, query: &Query, filter: &[Field], kinds: Kinds) -> Result<Usage<'a>, Error> {
        let mut conditions: Vec<Node> = filter.iter().cloned().map(Node::Field).collect();
        conditions.extend(query.root.as_ref().and_then(conditions_of));
        let asked = query.root.clone().filter(|root| !root.is_condition());
        let names_kind = conditions.iter().chain(&asked).any(names_kind);
        let leaves_out = kinds == Kinds::Reports && !names_kind;
        let of_kinds = |reports: bool| {
            let kinds = Kind::ALL.iter().filter(|kind| NO_REPORTS.contains(kind) != reports);
            Field::Kind(kinds.map(|kind| kind.label().to_owned()).collect())
        };
        let mut usage = Usage {
            snapshot,
            asked,
            looked_through: Vec::new(),
            reports: Vec::new(),
            matching: Vec::new(),
            kinds: leaves_out.then(|| of_kinds(true)),
            left_out: BTreeMap::new(),
        };
        usage
            .look_up(&Node::All(conditions), leaves_out.then_some(&of_kinds(false)))
            .map_err(|source| snapshot.failure(source))?;
        Ok(usage)
    }

    /// Some reports as a whole, by segment and the documents of their passages.
    pub fn of_reports(snapshot: &'a Snapshot, reports: &[(usize, Range<DocId>)]) -> Usage<'a> {
        let of_segment = |number: usize| -> Vec<DocId> {
            let mut docs: Vec<DocId> =
                reports.iter().filter(|(of, _)| *of == number).flat_map(|(_, docs)| docs.clone()).collect();
            docs.sort_unstable();
            docs
        };
        let looked_through: Vec<Vec<DocId>> = (0..snapshot.segments.len()).map(of_segment).collect();
        let headers = snapshot.segments.iter().zip(&looked_through).map(|(segment, docs)| headers(segment, docs));
        Usage {
            snapshot,
            asked: None,
            reports: headers.collect(),
            matching: vec![Vec::new(); snapshot.segments.len()],
            looked_through,
            kinds: None,
            left_out: BTreeMap::new(),
        }
    }

    fn look_up(&mut self, conditions: &Node, left_out: Option<&Field>) -> Result<(), TantivyError> {
        let looked_through = occurrences::matching(self.snapshot, conditions)?;
        let matching = self.asked.as_ref().map(|asked| occurrences::matching(self.snapshot, asked)).transpose()?;
        // A report without the part asked for was looked through as well.
        let without_parts = without_parts(conditions).unwrap_or_else(|| Node::All(Vec::new()));
        let is_confined = without_parts != *conditions;
        let of_reports = is_confined.then(|| occurrences::matching(self.snapshot, &without_parts)).transpose()?;
        for (number, segment) in self.snapshot.segments.iter().enumerate() {
            let out = left_out.map(|field| Predicate::of(field, segment)).transpose()?;
            let is_out = |doc: DocId| out.as_ref().is_some_and(|out| out.accepts(doc));
            let docs = |found: &[Found]| -> Vec<DocId> { found.iter().map(|found| found.doc).collect() };
            let (dropped, passages): (Vec<DocId>, Vec<DocId>) =
                docs(&looked_through[number]).into_iter().partition(|&doc| is_out(doc));
            for header in headers(segment, &dropped) {
                let kind = segment.kind_of(header + 1)?.unwrap_or_default();
                *self.left_out.entry(kind).or_default() += 1;
            }
            self.reports.push(match &of_reports {
                Some(found) => {
                    let kept: Vec<DocId> = docs(&found[number]).into_iter().filter(|&doc| !is_out(doc)).collect();
                    headers(segment, &kept)
                }
                None => headers(segment, &passages),
            });
            let found = matching.as_ref().unwrap_or(&looked_through);
            let is_looked_through = |found: &&Found| passages.binary_search(&found.doc).is_ok();
            self.matching.push(found[number].iter().filter(is_looked_through).copied().collect());
            self.looked_through.push(passages);
        }
        Ok(())
    }

    /// The places of every occurrence of what is asked for, by segment.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn places(&self) -> Result<Vec<Vec<Place>>, Error> {
        let nothing = || Ok(vec![Vec::new(); self.matching.len()]);
        let places = |asked| occurrences::places(self.snapshot, asked, &self.matching);
        self.asked.as_ref().map_or_else(nothing, places).map_err(|source| self.snapshot.failure(source))
    }

    /// Whether a passage matches.
    pub fn is_match(&self, segment: usize, doc: DocId) -> bool {
        self.matching[segment].binary_search_by_key(&doc, |found| found.doc).is_ok()
    }

    /// The words of the passages that match.
    ///
    /// # Errors
    /// If the index is damaged.
    fn words(&self) -> Result<Words<'a>, TantivyError> {
        Ok(Words::of(self.snapshot, |segment, doc| self.is_match(segment, doc))?)
    }

    /// The segments with their numbers.
    pub fn segments(&self) -> impl Iterator<Item = (usize, &'a Segment)> + use<'a> {
        self.snapshot.segments.iter().enumerate()
    }

    /// The series of the reports that were looked through; those of most years first.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn series(&self) -> Result<Vec<Series>, Error> {
        coverage::series(self.snapshot, &self.reports).map_err(|source| self.snapshot.failure(source))
    }

    /// The series of all reports, whatever the conditions.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn all_series(&self) -> Result<Vec<Series>, Error> {
        let headers: Vec<Vec<DocId>> = self.segments().map(|(_, segment)| segment.headers().collect()).collect();
        coverage::series(self.snapshot, &headers).map_err(|source| self.snapshot.failure(source))
    }

    /// Whether passages stand in an appendix, which no rate counts.
    fn in_appendix(segment: &Segment) -> Result<impl Fn(DocId) -> bool, TantivyError> {
        static APPENDIX: std::sync::LazyLock<Field> = std::sync::LazyLock::new(|| Field::Part(vec![Part::Appendix]));
        let predicate = Predicate::of(&APPENDIX, segment)?;
        Ok(move |doc| predicate.accepts(doc))
    }
}

/// The headers of the reports that passages (ascending) belong to.
fn headers(segment: &Segment, passages: &[DocId]) -> Vec<DocId> {
    let mut headers: Vec<DocId> = passages.iter().map(|&doc| segment.header_of(doc)).collect();
    headers.dedup();
    headers
}

/// Conditions without those that confine a search to parts of a report; `None` if nothing is left.
fn without_parts(node: &Node) -> Option<Node> {
    match node {
        Node::Field(Field::Part(_) | Field::Section(_)) => None,
        Node::Not(inner) => without_parts(inner).map(|inner| Node::Not(Box::new(inner))),
        Node::All(nodes) => {
            let left: Vec<Node> = nodes.iter().filter_map(without_parts).collect();
            (!left.is_empty()).then_some(Node::All(left))
        }
        // If one of the alternatives may be met by any report, all of them may.
        Node::Any(nodes) => nodes.iter().map(without_parts).collect::<Option<Vec<Node>>>().map(Node::Any),
        node => Some(node.clone()),
    }
}

/// What of a query every match has to be, whatever it holds.
fn conditions_of(root: &Node) -> Option<Node> {
    match root {
        node if node.is_condition() => Some(node.clone()),
        Node::All(nodes) => Some(Node::All(nodes.iter().filter_map(conditions_of).collect())),
        Node::Weighted(node, _) | Node::Within(Scope::Paragraph, node) => conditions_of(node),
        _ => None,
    }
}

/// Whether a node asks for a kind.
fn names_kind(node: &Node) -> bool {
    match node {
        Node::Field(Field::Kind(_)) => true,
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(names_kind),
        Node::Within(_, node) | Node::Weighted(node, _) => names_kind(node),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_told_from_what_is_asked_for() {
        let read = |text: &str| Query::parse(text).root.expect("something");
        for (text, condition, kind) in [
            ("年份:2024", true, false),
            ("年份:2024 -类型:法院", true, false),
            ("类型:政府 改革", false, true),
            ("(年份:2020 | 年份:2024) 改革", false, false),
        ] {
            assert_eq!((read(text).is_condition(), names_kind(&read(text))), (condition, kind), "{text}");
        }
        let count = |text: &str| match conditions_of(&read(text)) {
            Some(Node::All(nodes)) => nodes.len(),
            other => usize::from(other.is_some()),
        };
        assert_eq!(count("(年份:2020 | 年份:2024) 改革 -地区:全国"), 2);
        assert_eq!(count("改革 | 年份:2024"), 0);
        assert_eq!(conditions_of(&read("((改革) 年份:2024)")), conditions_of(&read("改革 年份:2024")));
    }
}
