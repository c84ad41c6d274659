//! What is asked for inside one sentence or one item: a query's node judged unit by unit.
//!
//! Units are stretches between positions that the index keeps (`places`); no text is read for them.

use regex::Regex;
use tantivy::DocId;

use super::covers::intersection;
use super::filter::Predicate;
use super::passage::{near, of_equivalent, of_text, regex, sequence};
use super::places::{self, Place, Units, in_document, unit_of};
use crate::index::reader::Segment;
use crate::query::{Node, Scope};

/// Places of what a node asks for, all of it inside one sentence or item.
///
/// `literal` leaves equivalents out.
///
/// # Errors
/// If the index is damaged.
pub fn within(segment: &Segment, scope: Scope, node: &Node, literal: bool) -> tantivy::Result<Vec<Place>> {
    let condition = Condition::of(segment, node, literal)?;
    let mut units = match scope {
        Scope::Item => Units::items(segment),
        _ => Units::sentences(segment),
    };
    let mut found = Vec::new();
    for doc in condition.candidates(segment) {
        let starts = units.starts(doc)?;
        let count = starts.len() + 1;
        let holds = condition.holds(doc, starts, count);
        if holds.contains(&true) {
            let mut places = Vec::new();
            condition.collect(doc, &mut places);
            places.retain(|place| unit_of(starts, place.start, place.end).is_some_and(|unit| holds[unit]));
            // A unit may hold by exclusions or fields alone: the passage itself is what was found.
            if places.is_empty() {
                places.push(Place { doc, start: 0, end: 0, starts: true, ends: true });
            }
            found.extend(places);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// A node ready to be judged unit by unit.
enum Condition<'a> {
    All(Vec<Condition<'a>>),
    Any(Vec<Condition<'a>>),
    Not(Box<Condition<'a>>),
    Places(Vec<Place>),
    Field(Predicate<'a>),
}

impl<'a> Condition<'a> {
    fn of(segment: &'a Segment, node: &'a Node, literal: bool) -> tantivy::Result<Condition<'a>> {
        let all = |nodes: &'a [Node]| -> tantivy::Result<Vec<Condition<'a>>> {
            nodes.iter().map(|node| Condition::of(segment, node, literal)).collect()
        };
        Ok(match node {
            Node::All(nodes) => Condition::All(all(nodes)?),
            Node::Any(nodes) => Condition::Any(all(nodes)?),
            Node::Not(node) => Condition::Not(Box::new(Condition::of(segment, node, literal)?)),
            Node::Weighted(node, _) => Condition::of(segment, node, literal)?,
            // A wider unit inside a narrower one is the narrower one.
            Node::Within(Scope::Sentence, inner) => {
                Condition::Places(within(segment, Scope::Sentence, inner, literal)?)
            }
            Node::Within(Scope::Item, inner) => Condition::Places(within(segment, Scope::Item, inner, literal)?),
            Node::Within(_, inner) => Condition::of(segment, inner, literal)?,
            Node::Field(field) => Condition::Field(Predicate::of(field, segment)?),
            Node::Near { strings, within } => Condition::Places(near(segment, strings, *within)?),
            Node::Sequence { pieces, gaps } => Condition::Places(sequence(segment, pieces, gaps)?),
            Node::Regex(pattern) => Condition::Places(match Regex::new(pattern) {
                Ok(pattern) => regex(segment, &pattern)?,
                Err(_) => Vec::new(),
            }),
            Node::Text(text) => {
                let mut places = of_text(segment, text)?;
                for equivalent in text.equivalents.iter().filter(|_| !literal) {
                    places.extend(of_equivalent(segment, equivalent)?);
                }
                places.sort_unstable();
                Condition::Places(places)
            }
        })
    }

    /// Documents outside of which the condition cannot hold, ascending.
    fn candidates(&self, segment: &Segment) -> Vec<DocId> {
        self.bound().unwrap_or_else(|| segment.passages().collect())
    }

    /// As [`Condition::candidates`]; `None` for every passage.
    fn bound(&self) -> Option<Vec<DocId>> {
        match self {
            Condition::All(parts) => {
                parts.iter().filter_map(Condition::bound).reduce(|kept, docs| intersection(&kept, &docs))
            }
            Condition::Any(parts) => {
                let mut docs = parts.iter().map(Condition::bound).collect::<Option<Vec<_>>>()?.concat();
                docs.sort_unstable();
                docs.dedup();
                Some(docs)
            }
            Condition::Places(places) => Some(places::of_documents(places).map(|places| places[0].doc).collect()),
            Condition::Not(_) | Condition::Field(_) => None,
        }
    }

    /// For each unit of a document, whether the condition holds in it.
    fn holds(&self, doc: DocId, starts: &[u32], count: usize) -> Vec<bool> {
        match self {
            Condition::All(parts) => merged(parts, doc, starts, count, true, |a, b| a && b),
            Condition::Any(parts) => merged(parts, doc, starts, count, false, |a, b| a || b),
            Condition::Not(part) => part.holds(doc, starts, count).into_iter().map(|holds| !holds).collect(),
            Condition::Field(predicate) => vec![predicate.accepts(doc); count],
            Condition::Places(places) => {
                let mut holds = vec![false; count];
                for place in in_document(places, doc) {
                    if let Some(unit) = unit_of(starts, place.start, place.end) {
                        holds[unit] = true;
                    }
                }
                holds
            }
        }
    }

    /// The places in a document of what the condition asks for, exclusions apart.
    fn collect(&self, doc: DocId, found: &mut Vec<Place>) {
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| part.collect(doc, found)),
            Condition::Places(places) => found.extend(in_document(places, doc)),
            Condition::Not(_) | Condition::Field(_) => {}
        }
    }
}

fn merged(
    parts: &[Condition],
    doc: DocId,
    starts: &[u32],
    count: usize,
    first: bool,
    merge: fn(bool, bool) -> bool,
) -> Vec<bool> {
    let mut holds = vec![first; count];
    for part in parts {
        let of_part = part.holds(doc, starts, count);
        holds.iter_mut().zip(of_part).for_each(|(holds, part)| *holds = merge(*holds, part));
    }
    holds
}
