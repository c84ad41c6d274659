//! Every single occurrence of what a query asks for: which passages match, and where in them.
//!
//! Invariant: there are as many places in a passage as a search counts occurrences there, since both come from the
//! same lists of places. What is only a condition (exclusions, fields, units) has no place of its own.

use regex::Regex;
use tantivy::DocId;

use super::covers::intersection;
use super::evaluate::{Evaluation, Found};
use super::passage::{near, of_equivalent_of, of_text, regex, sequence};
use super::places::{Place, of_documents};
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

/// The places of a query's occurrences in its matching passages, by segment (ascending by document and start); one that
/// is found twice stands there twice.
///
/// # Errors
/// If the index is damaged.
pub fn places(snapshot: &Snapshot, root: &Node, matching: &[Vec<Found>]) -> tantivy::Result<Vec<Vec<Place>>> {
    let mut collector = Collector { snapshot, places: vec![Vec::new(); snapshot.segments.len()] };
    collector.collect(root, &documents(matching))?;
    collector.places.iter_mut().for_each(|places| places.sort_unstable());
    Ok(collector.places)
}

fn documents(found: &[Vec<Found>]) -> Vec<Vec<DocId>> {
    found.iter().map(|found| found.iter().map(|found| found.doc).collect()).collect()
}

struct Collector<'a> {
    snapshot: &'a Snapshot,
    /// By segment.
    places: Vec<Vec<Place>>,
}

impl Collector<'_> {
    /// The places of a node in those of the documents (by segment, ascending), all of which match it.
    fn collect(&mut self, node: &Node, docs: &[Vec<DocId>]) -> tantivy::Result<()> {
        match node {
            Node::All(nodes) => nodes.iter().try_for_each(|node| self.collect(node, docs)),
            Node::Any(nodes) => nodes.iter().try_for_each(|node| self.collect_alternative(node, docs)),
            Node::Within(Scope::Section | Scope::Report, inner) => self.collect_all(inner, docs),
            Node::Within(Scope::Paragraph, inner) | Node::Weighted(inner, _) => self.collect(inner, docs),
            leaf => self.add(leaf, docs),
        }
    }

    /// What matches by another alternative need not match this one.
    fn collect_alternative(&mut self, node: &Node, docs: &[Vec<DocId>]) -> tantivy::Result<()> {
        if !matches!(node, Node::All(_) | Node::Within(..) | Node::Weighted(..)) {
            return self.collect(node, docs);
        }
        let found = documents(&matching(self.snapshot, node)?);
        let both: Vec<Vec<DocId>> = found.iter().zip(docs).map(|(found, docs)| intersection(found, docs)).collect();
        self.collect(node, &both)
    }

    /// The places of everything that a node asks for somewhere in a section or report.
    fn collect_all(&mut self, node: &Node, docs: &[Vec<DocId>]) -> tantivy::Result<()> {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().try_for_each(|node| self.collect_all(node, docs)),
            Node::Weighted(inner, _) => self.collect_all(inner, docs),
            node => self.collect_alternative(node, docs),
        }
    }

    fn add(&mut self, leaf: &Node, docs: &[Vec<DocId>]) -> tantivy::Result<()> {
        for (number, segment) in self.snapshot.segments.iter().enumerate().filter(|(n, _)| !docs[*n].is_empty()) {
            let found = of_leaf(segment, leaf)?;
            let in_docs = |places: &&[Place]| docs[number].binary_search(&places[0].doc).is_ok();
            self.places[number].extend(of_documents(&found).filter(in_docs).flatten());
        }
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
