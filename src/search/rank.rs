//! Ranking: BM25 over literal matches, headings above body, a stable order of equals.
//!
//! BM25 as in Robertson & Zaragoza, *The Probabilistic Relevance Framework* (2009), with the non-negative
//! idf `ln(1 + (N - n + 0.5) / (n + 0.5))`; k1 = 1.2 and b = 0.75 as usual for short passages. The term
//! frequency counts an occurrence across word boundaries half.

use std::cell::Cell;

use tantivy::{BitSet, DocId};

use super::Tier;
use super::literal::Match;
use crate::index::reader::{Segment, Snapshot};
use crate::model::Role;

const K1: f32 = 1.2;
const B: f32 = 0.75;

/// What an occurrence across word boundaries counts beside a whole one.
const CROSS_WEIGHT: f32 = 0.5;

/// Share of a string's idf that each matching heading above a passage adds to its score.
const HEADING_BONUS: f32 = 0.5;

/// How much a passage that is itself a title or heading weighs beside running text.
const HEADING_WEIGHT: f32 = 1.5;

/// Sizes that BM25 needs of a collection of passages or reports.
#[derive(Debug, Clone, Copy)]
pub struct Collection {
    units: f32,
    /// What each character of a unit adds to the denominator of a weight.
    per_character: f32,
}

impl Collection {
    /// The passages of a snapshot; lengths in characters.
    pub fn of_passages(snapshot: &Snapshot) -> Collection {
        let passages: u64 = snapshot.segments.iter().map(|s| u64::from(s.live_docs())).sum();
        let characters = snapshot.segments.iter().map(Segment::live_characters).sum();
        Collection::new(passages, characters)
    }

    /// As many units, each so many times as long.
    pub fn with_longer_units(self, times: f32) -> Collection {
        Collection { per_character: self.per_character / times, ..self }
    }

    /// A number beside that of the units.
    pub fn share(self, number: u64) -> f32 {
        number as f32 / self.units
    }

    fn new(units: u64, length: u64) -> Collection {
        let units = units.max(1) as f32;
        Collection { units, per_character: K1 * B / (length as f32 / units).max(1.0) }
    }

    /// Inverse document frequency of a string found in `found` of the units.
    pub fn idf(self, found: usize) -> f32 {
        let found = found as f32;
        (1.0 + (self.units - found + 0.5).max(0.0) / (found + 0.5)).ln()
    }

    /// BM25 weight of a frequency in a unit of this length, its idf apart.
    pub fn weight(self, frequency: f32, length: f32) -> f32 {
        frequency * (K1 + 1.0) / (frequency + K1 * (1.0 - B) + self.per_character * length)
    }
}

/// The frequency that a match counts.
pub fn frequency(found: Match) -> f32 {
    let whole = found.whole as f32;
    whole + (found.occurrences as f32 - whole) * CROSS_WEIGHT
}

/// What a passage weighs by its role.
pub fn role_weight(role: Option<Role>) -> f32 {
    if matches!(role, Some(Role::Title | Role::Heading)) { HEADING_WEIGHT } else { 1.0 }
}

/// What the headings above passages add: those of a segment that match a string.
pub struct MatchingHeadings<'a> {
    segment: &'a Segment,
    /// The documents that match.
    matching: BitSet,
    /// The heading asked for last, and its bonus: passages under one heading follow each other.
    last: Cell<(DocId, f32)>,
    /// The same of the heading above it, which the next ones most often stand under, too.
    above: Cell<(DocId, f32)>,
}

impl<'a> MatchingHeadings<'a> {
    /// The headings and titles among a string's matches.
    pub fn among(segment: &'a Segment, matches: &[Match]) -> MatchingHeadings<'a> {
        let mut matching = BitSet::with_max_value(segment.max_doc());
        // Only a damaged index names others.
        for m in matches.iter().filter(|m| m.doc < segment.max_doc()) {
            matching.insert(m.doc);
        }
        let nothing = || Cell::new((DocId::MAX, 0.0));
        MatchingHeadings { segment, matching, last: nothing(), above: nothing() }
    }

    /// Bonus of what stands under a heading, to be multiplied by the string's idf.
    pub fn bonus(&self, heading: Option<DocId>) -> f32 {
        let Some(heading) = heading else { return 0.0 };
        remembered(&self.last, heading, || {
            let above = self.segment.heading_of(heading);
            self.own(heading) + above.map_or(0.0, |above| remembered(&self.above, above, || self.with_all_above(above)))
        })
    }

    fn own(&self, heading: DocId) -> f32 {
        let is_there = heading < self.matching.max_value();
        if is_there && self.matching.contains(heading) { HEADING_BONUS } else { 0.0 }
    }

    fn with_all_above(&self, heading: DocId) -> f32 {
        let headings = std::iter::successors(Some(heading), |&heading| self.segment.heading_of(heading));
        headings.map(|heading| self.own(heading)).sum()
    }
}

/// What is remembered of a heading, or found out and then remembered.
fn remembered(last: &Cell<(DocId, f32)>, heading: DocId, bonus: impl FnOnce() -> f32) -> f32 {
    if last.get().0 != heading {
        last.set((heading, bonus()));
    }
    last.get().1
}

/// How hits are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Whole words first, then by score.
    #[default]
    Relevance,
    /// Earliest year first, within a year by relevance; unknown years last.
    Year,
    /// Latest year first, within a year by relevance; unknown years last.
    YearDescending,
}

/// A hit before it is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Index of its segment.
    pub segment: u32,
    /// Its document.
    pub doc: DocId,
    /// Its score.
    pub score: f32,
    /// Its report's year.
    pub year: Option<i32>,
    /// Position of its tier: 0 is best.
    pub tier: u8,
}

impl Candidate {
    /// A candidate at a document of the segment with this index.
    pub fn new(segment: &Segment, index: usize, doc: DocId, tier: Tier, score: f32) -> Candidate {
        Candidate { segment: index as u32, doc, tier: tier as u8, score, year: segment.year_of(doc) }
    }

    /// The segment it is in.
    pub fn segment(self, snapshot: &Snapshot) -> &Segment {
        &snapshot.segments[self.segment as usize]
    }
}

/// The best `count` candidates, in order. Equals stand by year, latest first, then report and passage.
///
/// # Errors
/// If the index is damaged.
pub fn best(
    snapshot: &Snapshot,
    candidates: &[Candidate],
    sort: Sort,
    count: usize,
) -> tantivy::Result<Vec<Candidate>> {
    let merit = |candidate: &Candidate| merit(candidate, sort);
    if count == 0 {
        return Ok(Vec::new());
    }
    let mut candidates = best_and_equals(candidates, count, merit);
    candidates.sort_unstable_by_key(merit);
    let mut ordered = Vec::with_capacity(count);
    for equals in candidates.chunk_by(|a, b| merit(a) == merit(b)) {
        ordered.extend(by_place(snapshot, equals, count - ordered.len())?);
        if ordered.len() == count {
            break;
        }
    }
    Ok(ordered)
}

/// The first `count` equals by report and passage.
fn by_place(snapshot: &Snapshot, equals: &[Candidate], count: usize) -> tantivy::Result<Vec<Candidate>> {
    let mut placed = equals.to_vec();
    if equals.len() < 2 {
        return Ok(placed);
    }
    // Names of reports are numbered in their order; reading them is dear.
    placed.sort_by_cached_key(|candidate| {
        (candidate.segment, candidate.segment(snapshot).order_of_report(candidate.doc), candidate.doc)
    });
    let of_segments = placed.chunk_by(|a, b| a.segment == b.segment);
    let first: Vec<Candidate> = of_segments.flat_map(|of_segment| of_segment.iter().take(count).copied()).collect();
    if equals.iter().all(|other| other.segment == equals[0].segment) {
        return Ok(first);
    }
    let place = |candidate: Candidate| -> tantivy::Result<(String, DocId)> {
        let segment = candidate.segment(snapshot);
        Ok((segment.report_of(candidate.doc)?, candidate.doc - segment.header_of(candidate.doc)))
    };
    let first = first.into_iter().map(|candidate| Ok((place(candidate)?, candidate)));
    let mut first = first.collect::<tantivy::Result<Vec<_>>>()?;
    first.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    Ok(first.into_iter().map(|(_, candidate)| candidate).take(count).collect())
}

/// How good a candidate is, as a number: the lowest is the best. Tier, score and year have 8, 32 and 24 bits.
fn merit(candidate: &Candidate, sort: Sort) -> u64 {
    const MIDDLE: i32 = 1 << 23;
    const UNKNOWN: u64 = (1 << 24) - 1;
    let by_year = |sign: i32| {
        let year = |year: i32| (MIDDLE + sign * year.clamp(1 - MIDDLE, MIDDLE - 2)) as u64;
        candidate.year.map_or(UNKNOWN, year)
    };
    // The bits of numbers order them, those of negative ones the other way round.
    let bits = candidate.score.to_bits();
    let descending = if bits >> 31 == 1 { bits } else { !bits & !(1 << 31) };
    let by_score = u64::from(candidate.tier) << 32 | u64::from(descending);
    match sort {
        Sort::Relevance => by_score << 24 | by_year(-1),
        Sort::Year => by_year(1) << 40 | by_score,
        Sort::YearDescending => by_year(-1) << 40 | by_score,
    }
}

/// The best `count` candidates and the equals of the last one, in any order: which of these come first is not decided
/// by merit.
fn best_and_equals(candidates: &[Candidate], count: usize, merit: impl Fn(&Candidate) -> u64) -> Vec<Candidate> {
    // Twice as many are kept at most, and what is not better than the last of the best so far is passed over.
    let mut kept: Vec<u64> = Vec::new();
    let mut last = u64::MAX;
    let merits: Vec<u64> = candidates.iter().map(merit).collect();
    for &merit in &merits {
        if merit < last {
            kept.push(merit);
            if kept.len() >= count.saturating_mul(2) {
                last = *kept.select_nth_unstable(count - 1).1;
                kept.truncate(count);
            }
        }
    }
    if kept.len() >= count {
        last = *kept.select_nth_unstable(count - 1).1;
    }
    candidates.iter().zip(merits).filter(|(_, merit)| *merit <= last).map(|(candidate, _)| *candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_best_are_those_that_sorting_puts_first(scores in proptest::collection::vec(0u8..9, 0..90), count in 1usize..30) {
            let candidate = |(doc, score): (u32, &u8)| {
                Candidate { segment: 0, doc, score: f32::from(*score), year: None, tier: 0 }
            };
            let candidates: Vec<Candidate> = (0..).zip(&scores).map(candidate).collect();
            let mut sorted = candidates.clone();
            sorted.sort_by(|a, b| b.score.total_cmp(&a.score));
            let least = sorted.get(count - 1).map_or(0.0, |last| last.score);
            sorted.retain(|candidate| candidate.score >= least);
            let merit = |candidate: &Candidate| merit(candidate, Sort::Relevance);
            let mut best = best_and_equals(&candidates, count, merit);
            best.sort_by_key(merit);
            prop_assert_eq!(best, sorted);
        }

        #[test]
        fn merit_orders_by_tier_score_and_year(
            a in (0u8..3, -9.0f32..9.0, proptest::option::of(-3000i32..3000)),
            b in (0u8..3, -9.0f32..9.0, proptest::option::of(-3000i32..3000)),
            is_same_score: bool,
        ) {
            let candidate = |(tier, score, year)| Candidate { segment: 0, doc: 0, score, year, tier };
            let (a, mut b) = (candidate(a), candidate(b));
            if is_same_score {
                (b.score, b.tier) = (a.score, a.tier);
            }
            let by_score = a.tier.cmp(&b.tier).then(b.score.total_cmp(&a.score));
            let expected = |sort| match sort {
                Sort::Relevance => by_score.then(b.year.cmp(&a.year)),
                Sort::Year => a.year.unwrap_or(i32::MAX).cmp(&b.year.unwrap_or(i32::MAX)).then(by_score),
                Sort::YearDescending => b.year.cmp(&a.year).then(by_score),
            };
            for sort in [Sort::Relevance, Sort::Year, Sort::YearDescending] {
                prop_assert_eq!(merit(&a, sort).cmp(&merit(&b, sort)), expected(sort));
            }
        }
    }
}
