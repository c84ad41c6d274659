//! Every single occurrence of what a query asks for: which passages match, and where in them.
//!
//! Invariant: there are as many places in a passage as a search counts occurrences there, since both come from the
//! same lists of places. What is only a condition (exclusions, fields, units) has no place of its own.

use regex::Regex;
use tantivy::DocId;

use super::evaluate::{Evaluation, Found};
use super::passage::{near, of_equivalent_of, of_text, regex, sequence};
use super::places::{Place, intersection, of_documents};
use super::within::within;
use crate::index::reader::{Segment, Snapshot};
use crate::query::{Node, Scope};

/// The matching passages of each segment, ascending.
///
/// # Errors
/// If the index is damaged.
pub fn matching(snapshot: &Snapshot, root: &Node) -> tantivy::Result<Vec<Vec<Found>>> {
    let evaluation = Evaluation::new(snapshot, root, false)?;
    (0..snapshot.segments.len()).map(|segment| evaluation.in_segment(segment, false)).collect()
}

/// The places of a query's occurrences in the matching passages (ascending) of a segment, by document and start; one
/// that is found twice stands there twice.
///
/// # Errors
/// If the index is damaged.
pub fn places(snapshot: &Snapshot, segment: usize, root: &Node, matching: &[Found]) -> tantivy::Result<Vec<Place>> {
    let docs: Vec<DocId> = matching.iter().map(|found| found.doc).collect();
    let mut collector = Collector { snapshot, number: segment, places: Vec::new() };
    if !docs.is_empty() {
        collector.collect(root, &docs)?;
    }
    collector.places.sort_unstable();
    Ok(collector.places)
}

struct Collector<'a> {
    snapshot: &'a Snapshot,
    number: usize,
    places: Vec<Place>,
}

impl Collector<'_> {
    /// The places of a node in those of the documents, all of which match it.
    fn collect(&mut self, node: &Node, docs: &[DocId]) -> tantivy::Result<()> {
        match node {
            Node::All(nodes) => nodes.iter().try_for_each(|node| self.collect(node, docs)),
            Node::Any(nodes) => nodes.iter().try_for_each(|node| match node {
                // What matches by another alternative need not match this one.
                Node::All(_) | Node::Within(..) | Node::Weighted(..) => {
                    let evaluation = Evaluation::new(self.snapshot, node, false)?;
                    let found = evaluation.in_segment(self.number, false)?;
                    let found: Vec<DocId> = found.iter().map(|found| found.doc).collect();
                    self.collect(node, &intersection(&found, docs))
                }
                _ => self.collect(node, docs),
            }),
            Node::Within(Scope::Section | Scope::Report, inner) => self.collect_all(inner, docs),
            Node::Within(Scope::Paragraph, inner) | Node::Weighted(inner, _) => self.collect(inner, docs),
            leaf => self.add(leaf, docs),
        }
    }

    /// The places of everything that a node asks for somewhere in a section or report.
    fn collect_all(&mut self, node: &Node, docs: &[DocId]) -> tantivy::Result<()> {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().try_for_each(|node| self.collect_all(node, docs)),
            Node::Weighted(inner, _) => self.collect_all(inner, docs),
            node => self.collect(&Node::Any(vec![node.clone()]), docs),
        }
    }

    fn add(&mut self, leaf: &Node, docs: &[DocId]) -> tantivy::Result<()> {
        let found = of_leaf(&self.snapshot.segments[self.number], leaf)?;
        let in_docs = |places: &&[Place]| docs.binary_search(&places[0].doc).is_ok();
        self.places.extend(of_documents(&found).filter(in_docs).flatten());
        Ok(())
    }
}

fn of_leaf(segment: &Segment, leaf: &Node) -> tantivy::Result<Vec<Place>> {
    Ok(match leaf {
        Node::Within(scope, inner) => within(segment, *scope, inner, false)?,
        Node::Text(text) => {
            let mut places = of_text(segment, text)?;
            for equivalent in &text.equivalents {
                places.extend(of_equivalent_of(segment, equivalent, text)?);
            }
            places.sort_unstable();
            places
        }
        Node::Near { strings, within } => near(segment, strings, *within)?,
        Node::Sequence { pieces, gaps } => sequence(segment, pieces, gaps)?,
        Node::Regex(pattern) => match Regex::new(pattern) {
            Ok(pattern) => regex(segment, &pattern)?,
            Err(_) => Vec::new(),
        },
        Node::All(_) | Node::Any(_) | Node::Weighted(..) | Node::Not(_) | Node::Field(_) => Vec::new(),
    })
}
