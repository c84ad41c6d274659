//! Answers a query's tree: which passages match, how often, and with what score.
//!
//! First every leaf (a string, an equivalent wording, anything found inside one passage) is looked up in
//! every segment, since its idf needs the whole archive; then each segment's passages are put together.
//! Evaluated as literal, a tree leaves equivalents out: both counts come from the same lists. What is excluded is
//! excluded in every wording, so that nothing is found literally that is not found.

use tantivy::DocId;

use super::filter::Predicate;
use super::literal::{self, Match};
use super::rank::{self, Collection, MatchingHeadings};
use super::{covers, passage, places, within};
use crate::index::reader::{Segment, Snapshot};
use crate::model::Role;
use crate::query::{Equivalent, Node, Scope, Text};

/// A passage that matches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Its document.
    pub doc: DocId,
    /// Occurrences in it, summed over what was asked for.
    pub occurrences: u32,
    /// How many of them start and end on word boundaries.
    pub whole: u32,
    /// Whether every string that has to be there has a whole occurrence.
    pub is_whole: bool,
    /// BM25 score.
    pub score: f32,
}

impl Found {
    fn bare(doc: DocId) -> Found {
        Found { doc, occurrences: 0, whole: 0, is_whole: true, score: 0.0 }
    }

    fn add(&mut self, other: &Found) {
        self.occurrences += other.occurrences;
        self.whole += other.whole;
        self.score += other.score;
    }
}

/// A query's tree with its leaves looked up.
pub struct Evaluation<'a> {
    snapshot: &'a Snapshot,
    plan: Plan<'a>,
    leaves: Vec<Leaf>,
    /// The equivalents of the query, wherever they stand, with their leaves.
    equivalents: Vec<(&'a Equivalent, usize)>,
    /// The parts of the query that are looked up, in the order typed, with their literal leaves.
    parts: Vec<(&'a Node, usize)>,
    collection: Collection,
    scored: bool,
}

/// What is found in passages by itself.
struct Leaf {
    matches: Vec<Vec<Match>>,
    idf: f32,
}

enum Plan<'a> {
    All(Vec<Plan<'a>>),
    Any(Vec<Plan<'a>>),
    Not(Box<Plan<'a>>),
    /// A literal leaf and those of its equivalents.
    Leaf {
        literal: usize,
        equivalents: Vec<usize>,
    },
    /// A leaf with equivalents inside it, and the same without.
    Either {
        literal: usize,
        widened: usize,
    },
    /// All in one section or report.
    Gathered(Scope, Box<Plan<'a>>),
    Field(&'a crate::query::Field),
    Weighted(Box<Plan<'a>>, f32),
}

impl<'a> Evaluation<'a> {
    /// Looks up what the tree asks for; without `scored` no scores are computed.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn new(snapshot: &'a Snapshot, root: &'a Node, scored: bool) -> tantivy::Result<Evaluation<'a>> {
        let mut evaluation = Evaluation {
            snapshot,
            plan: Plan::All(Vec::new()),
            leaves: Vec::new(),
            equivalents: Vec::new(),
            parts: Vec::new(),
            collection: Collection::of_passages(snapshot),
            scored,
        };
        evaluation.plan = evaluation.plan_of(root)?;
        Ok(evaluation)
    }

    /// The equivalents of the query with their matches in each segment.
    pub fn equivalents(&self) -> impl Iterator<Item = (&'a Equivalent, &[Vec<Match>])> {
        self.equivalents.iter().map(|&(equivalent, leaf)| (equivalent, self.leaves[leaf].matches.as_slice()))
    }

    /// The parts of the query that are looked up, with their literal matches in each segment.
    pub fn parts(&self) -> impl Iterator<Item = (&'a Node, &[Vec<Match>])> {
        self.parts.iter().map(|&(node, leaf)| (node, self.leaves[leaf].matches.as_slice()))
    }

    /// The matching passages of a segment, ascending; `literal` leaves equivalents out.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn in_segment(&self, segment: usize, literal: bool) -> tantivy::Result<Vec<Found>> {
        self.evaluate(&self.plan, At { segment, literal, weight: 1.0, among: None })
    }

    /// The passages of a segment that the query excludes whatever else they hold, ascending.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn excluded(&self, segment: usize) -> tantivy::Result<Vec<DocId>> {
        let at = At { segment, literal: false, weight: 1.0, among: None };
        let Plan::All(plans) = &self.plan else { return Ok(Vec::new()) };
        let mut excluded = Vec::new();
        for plan in plans {
            if let Plan::Not(plan) = plan {
                excluded.extend(self.evaluate(plan, at)?.iter().map(|found| found.doc));
            }
        }
        Ok(sorted(excluded))
    }

    fn plan_of(&mut self, node: &'a Node) -> tantivy::Result<Plan<'a>> {
        Ok(match node {
            Node::All(nodes) => Plan::All(self.plans_of(nodes)?),
            Node::Any(nodes) => Plan::Any(self.plans_of(nodes)?),
            Node::Not(node) => Plan::Not(Box::new(self.plan_of(node)?)),
            Node::Field(field) => Plan::Field(field),
            Node::Weighted(node, weight) => Plan::Weighted(Box::new(self.plan_of(node)?), *weight),
            Node::Within(Scope::Paragraph, node) => self.plan_of(node)?,
            Node::Within(scope @ (Scope::Section | Scope::Report), node) => {
                Plan::Gathered(*scope, Box::new(self.plan_of(node)?))
            }
            Node::Within(scope, inner) => {
                let literal = self.leaf(|segment| Ok(places::count(&within::within(segment, *scope, inner, true)?)))?;
                self.parts.push((node, literal));
                let known = self.equivalents.len();
                self.look_up_equivalents(inner)?;
                if self.equivalents.len() == known {
                    Plan::Leaf { literal, equivalents: Vec::new() }
                } else {
                    let widened =
                        self.leaf(|segment| Ok(places::count(&within::within(segment, *scope, inner, false)?)))?;
                    Plan::Either { literal, widened }
                }
            }
            Node::Text(text) => {
                let literal = match &text.verbatim {
                    None => self.leaf(|segment| literal::find(segment, &text.form))?,
                    Some(_) => self.leaf(|segment| Ok(places::count(&passage::of_text(segment, text)?)))?,
                };
                self.parts.push((node, literal));
                let equivalents = self.look_up(text)?;
                // Another wording says no more than the one asked for, however rare it is.
                if self.leaves[literal].matches.iter().any(|matches| !matches.is_empty()) {
                    let most = self.leaves[literal].idf;
                    equivalents.iter().for_each(|&leaf| self.leaves[leaf].idf = self.leaves[leaf].idf.min(most));
                }
                Plan::Leaf { literal, equivalents }
            }
            Node::Near { strings, within } => {
                self.simple(node, |segment| Ok(places::count(&passage::near(segment, strings, *within)?)))?
            }
            Node::Sequence { pieces, gaps } => {
                self.simple(node, |segment| Ok(places::count(&passage::sequence(segment, pieces, gaps)?)))?
            }
            Node::Regex(pattern) => {
                let pattern = regex::Regex::new(pattern)
                    .map_err(|error| tantivy::TantivyError::InvalidArgument(error.to_string()))?;
                self.simple(node, |segment| Ok(places::count(&passage::regex(segment, &pattern)?)))?
            }
        })
    }

    fn plans_of(&mut self, nodes: &'a [Node]) -> tantivy::Result<Vec<Plan<'a>>> {
        nodes.iter().map(|node| self.plan_of(node)).collect()
    }

    fn simple(
        &mut self,
        node: &'a Node,
        find: impl Fn(&Segment) -> tantivy::Result<Vec<Match>>,
    ) -> tantivy::Result<Plan<'a>> {
        let literal = self.leaf(find)?;
        self.parts.push((node, literal));
        Ok(Plan::Leaf { literal, equivalents: Vec::new() })
    }

    fn leaf(&mut self, find: impl Fn(&Segment) -> tantivy::Result<Vec<Match>>) -> tantivy::Result<usize> {
        let matches: Vec<Vec<Match>> = self.snapshot.segments.iter().map(find).collect::<Result<_, _>>()?;
        let idf = self.collection.idf(matches.iter().map(Vec::len).sum());
        self.leaves.push(Leaf { matches, idf });
        Ok(self.leaves.len() - 1)
    }

    fn look_up(&mut self, text: &'a Text) -> tantivy::Result<Vec<usize>> {
        let mut found = Vec::new();
        for equivalent in &text.equivalents {
            let is_plain = equivalent.pattern.is_none() && equivalent.guard.is_open();
            let leaf = if is_plain && !text.form.contains(&equivalent.form) {
                self.leaf(|segment| literal::find(segment, &equivalent.form))?
            } else {
                self.leaf(|segment| Ok(places::count(&passage::of_equivalent_of(segment, equivalent, text)?)))?
            };
            self.equivalents.push((equivalent, leaf));
            found.push(leaf);
        }
        Ok(found)
    }

    fn look_up_equivalents(&mut self, node: &'a Node) -> tantivy::Result<()> {
        match node {
            Node::Text(text) => self.look_up(text).map(|_| ()),
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().try_for_each(|node| self.look_up_equivalents(node)),
            Node::Within(_, node) | Node::Weighted(node, _) => self.look_up_equivalents(node),
            _ => Ok(()),
        }
    }

    fn evaluate(&self, plan: &Plan, at: At) -> tantivy::Result<Vec<Found>> {
        let segment = &self.snapshot.segments[at.segment];
        Ok(match plan {
            Plan::Weighted(plan, weight) => self.evaluate(plan, At { weight: at.weight * weight, ..at })?,
            Plan::Leaf { literal, .. } if at.literal => self.of_leaf(*literal, at),
            Plan::Leaf { literal, equivalents } => {
                let mut found = self.of_leaf(*literal, at);
                for &leaf in equivalents {
                    found = either(&found, &self.of_leaf(leaf, at));
                }
                found
            }
            Plan::Either { literal, widened } => self.of_leaf(if at.literal { *literal } else { *widened }, at),
            Plan::Any(plans) => {
                let mut found = Vec::new();
                for plan in plans {
                    found = either(&found, &self.evaluate(plan, at)?);
                }
                found
            }
            Plan::All(plans) => self.all(plans, at)?,
            Plan::Not(plan) => {
                let excluded = self.evaluate(plan, At { literal: false, ..at })?;
                let is_excluded = |doc: &DocId| excluded.binary_search_by_key(doc, |found| found.doc).is_ok();
                segment.passages().filter(|doc| !is_excluded(doc)).map(Found::bare).collect()
            }
            Plan::Field(field) => {
                let predicate = Predicate::of(field, segment)?;
                segment.passages().filter(|&doc| predicate.accepts(doc)).map(Found::bare).collect()
            }
            Plan::Gathered(scope, plan) => self.gathered(*scope, plan, At { among: None, ..at })?,
        })
    }

    /// Exclusions and fields narrow down what the others find; by themselves they start from every passage.
    fn all(&self, plans: &[Plan], at: At) -> tantivy::Result<Vec<Found>> {
        let segment = &self.snapshot.segments[at.segment];
        let bounds = plans.iter().filter_map(|plan| self.bound(plan, at));
        let mut among = bounds.reduce(|kept, docs| covers::intersection(&kept, &docs));
        for plan in plans {
            if let (Some(among), Plan::Field(field)) = (&mut among, plan) {
                let predicate = Predicate::of(field, segment)?;
                among.retain(|&doc| predicate.accepts(doc));
            }
        }
        let inside = At { among: among.as_deref().or(at.among), ..at };
        let mut found: Option<Vec<Found>> = None;
        for plan in plans.iter().filter(|plan| !matches!(plan, Plan::Not(_) | Plan::Field(_))) {
            let other = self.evaluate(plan, inside)?;
            found = Some(found.map_or_else(|| other.clone(), |found| both(&found, &other)));
        }
        let mut found = found.unwrap_or_else(|| segment.passages().map(Found::bare).collect());
        for plan in plans {
            match plan {
                Plan::Not(plan) => {
                    let excluded = self.evaluate(plan, At { literal: false, ..at })?;
                    found.retain(|f| excluded.binary_search_by_key(&f.doc, |excluded| excluded.doc).is_err());
                }
                Plan::Field(field) => {
                    let predicate = Predicate::of(field, segment)?;
                    found.retain(|found| predicate.accepts(found.doc));
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// The documents outside of which a plan finds nothing, where they are known without scores.
    fn bound(&self, plan: &Plan, at: At) -> Option<Vec<DocId>> {
        let docs = |leaf: usize| self.leaves[leaf].matches[at.segment].iter().map(|m| m.doc);
        match plan {
            Plan::Leaf { literal, equivalents } if at.literal || equivalents.is_empty() => {
                Some(docs(*literal).collect())
            }
            Plan::Leaf { literal, equivalents } => {
                Some(sorted(equivalents.iter().chain([literal]).flat_map(|&leaf| docs(leaf)).collect()))
            }
            Plan::Weighted(plan, _) => self.bound(plan, at),
            _ => None,
        }
    }

    fn of_leaf(&self, leaf: usize, at: At) -> Vec<Found> {
        let Leaf { matches, idf } = &self.leaves[leaf];
        let (matches, segment) = (&matches[at.segment], &self.snapshot.segments[at.segment]);
        let headings = self.scored.then(|| MatchingHeadings::among(segment, matches));
        let found = |m: &Match| {
            let score = headings.as_ref().map_or(0.0, |headings| {
                let card = segment.body.card(m.doc);
                let weight = self.collection.weight(rank::frequency(*m), card.characters() as f32);
                let bonus = headings.bonus(card.heading_of(m.doc));
                idf * at.weight * (weight * rank::role_weight(card.role()) + bonus)
            });
            Found { doc: m.doc, occurrences: m.occurrences, whole: m.whole, is_whole: m.whole > 0, score }
        };
        match at.among {
            None => matches.iter().map(found).collect(),
            Some(among) => {
                let mut among = among.iter().peekable();
                let is_among = |m: &&Match| {
                    while among.next_if(|&&doc| doc < m.doc).is_some() {}
                    among.peek() == Some(&&m.doc)
                };
                matches.iter().filter(is_among).map(found).collect()
            }
        }
    }

    /// Passages that hold something asked for, in groups that together hold what is asked for.
    fn gathered(&self, scope: Scope, plan: &Plan, at: At) -> tantivy::Result<Vec<Found>> {
        let segment = &self.snapshot.segments[at.segment];
        let groups = self.groups(scope, plan, at)?;
        let mut found = match self.positive(plan, at)? {
            Some(found) => found,
            None => segment.passages().map(Found::bare).collect(),
        };
        found.retain(|found| groups_of(segment, scope, found.doc).any(|group| groups.binary_search(&group).is_ok()));
        Ok(found)
    }

    /// The groups in which a plan holds, ascending.
    fn groups(&self, scope: Scope, plan: &Plan, at: At) -> tantivy::Result<Vec<DocId>> {
        let segment = &self.snapshot.segments[at.segment];
        Ok(match plan {
            Plan::Weighted(plan, _) => self.groups(scope, plan, at)?,
            Plan::All(plans) => {
                let parts = plans.iter().map(|plan| self.groups(scope, plan, at)).collect::<Result<Vec<_>, _>>()?;
                parts.into_iter().reduce(|kept, groups| covers::intersection(&kept, &groups)).unwrap_or_default()
            }
            Plan::Any(plans) => {
                let parts = plans.iter().map(|plan| self.groups(scope, plan, at)).collect::<Result<Vec<_>, _>>()?;
                sorted(parts.concat())
            }
            Plan::Not(plan) => {
                let excluded = self.groups(scope, plan, At { literal: false, ..at })?;
                let all = sorted(segment.passages().flat_map(|doc| groups_of(segment, scope, doc)).collect());
                all.into_iter().filter(|group| excluded.binary_search(group).is_err()).collect()
            }
            plan => {
                let found = self.evaluate(plan, at)?;
                sorted(found.iter().flat_map(|found| groups_of(segment, scope, found.doc)).collect())
            }
        })
    }

    /// What a plan asks for anywhere, exclusions and fields apart; `None` if there is nothing but those.
    fn positive(&self, plan: &Plan, at: At) -> tantivy::Result<Option<Vec<Found>>> {
        Ok(match plan {
            Plan::All(plans) | Plan::Any(plans) => {
                let mut found: Option<Vec<Found>> = None;
                for plan in plans {
                    if let Some(other) = self.positive(plan, at)? {
                        found = Some(found.map_or_else(|| other.clone(), |found| either(&found, &other)));
                    }
                }
                found
            }
            Plan::Weighted(plan, weight) => self.positive(plan, At { weight: at.weight * weight, ..at })?,
            Plan::Not(_) | Plan::Field(_) => None,
            plan => Some(self.evaluate(plan, at)?),
        })
    }
}

/// Where and how a plan is evaluated.
#[derive(Clone, Copy)]
struct At<'d> {
    segment: usize,
    literal: bool,
    weight: f32,
    /// Documents outside of which nothing that is found will be wanted, ascending: only these need scores.
    among: Option<&'d [DocId]>,
}

fn sorted(mut groups: Vec<DocId>) -> Vec<DocId> {
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// The groups that a passage belongs to, named by a document: a report by its header, a section by its
/// heading. A heading stands in its own section and in the one above.
fn groups_of(segment: &Segment, scope: Scope, doc: DocId) -> impl Iterator<Item = DocId> {
    let header = segment.header_of(doc);
    let (of_passage, own) = match scope {
        Scope::Section => {
            let heading = segment.heading_of(doc).filter(|&heading| segment.role(heading) == Some(Role::Heading));
            (heading.unwrap_or(header), (segment.role(doc) == Some(Role::Heading)).then_some(doc))
        }
        _ => (header, None),
    };
    [of_passage].into_iter().chain(own)
}

/// Passages of both lists.
fn both(a: &[Found], b: &[Found]) -> Vec<Found> {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let in_both = |found: &Found| {
        let other = &many[many.binary_search_by_key(&found.doc, |found| found.doc).ok()?];
        let mut sum = *found;
        sum.add(other);
        sum.is_whole &= other.is_whole;
        Some(sum)
    };
    few.iter().filter_map(in_both).collect()
}

/// Passages of either list.
fn either(a: &[Found], b: &[Found]) -> Vec<Found> {
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(&left), Some(&right)) = (a.peek(), b.peek()) {
        let mut next = if left.doc <= right.doc { *left } else { *right };
        if left.doc == right.doc {
            next.add(right);
            next.is_whole |= right.is_whole;
        }
        if left.doc <= right.doc {
            a.next();
        }
        if right.doc <= left.doc {
            b.next();
        }
        merged.push(next);
    }
    merged.extend(a.chain(b));
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(doc: DocId, occurrences: u32, is_whole: bool) -> Found {
        Found { doc, occurrences, whole: u32::from(is_whole), is_whole, score: 1.0 }
    }

    #[test]
    fn lists_are_put_together() {
        let a = [found(1, 1, true), found(3, 2, false), found(4, 1, true)];
        let b = [found(2, 5, true), found(3, 1, true)];
        let merged = either(&a, &b);
        assert_eq!(merged.iter().map(|f| (f.doc, f.occurrences)).collect::<Vec<_>>(), [(1, 1), (2, 5), (3, 3), (4, 1)]);
        assert!(merged[2].is_whole);
        let shared = both(&a, &b);
        assert_eq!(shared.iter().map(|f| (f.doc, f.occurrences)).collect::<Vec<_>>(), [(3, 3)]);
        assert!(!shared[0].is_whole);
        assert_eq!((either(&a, &[]), both(&a, &[])), (a.to_vec(), Vec::new()));
    }
}
