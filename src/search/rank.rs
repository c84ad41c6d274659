//! Ranking: BM25 over literal matches, headings above body, a stable order of equals.
//!
//! BM25 as in Robertson & Zaragoza, *The Probabilistic Relevance Framework* (2009), with the non-negative
//! idf `ln(1 + (N - n + 0.5) / (n + 0.5))`; k1 = 1.2 and b = 0.75 as usual for short passages. The term
//! frequency counts an occurrence across word boundaries half.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;

use rustc_hash::FxHashMap;
use tantivy::DocId;

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
    average_length: f32,
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
        Collection { average_length: self.average_length * times, ..self }
    }

    /// A number beside that of the units.
    pub fn share(self, number: u64) -> f32 {
        number as f32 / self.units
    }

    fn new(units: u64, length: u64) -> Collection {
        let units = units.max(1) as f32;
        Collection { units, average_length: (length as f32 / units).max(1.0) }
    }

    /// Inverse document frequency of a string found in `found` of the units.
    pub fn idf(self, found: usize) -> f32 {
        let found = found as f32;
        (1.0 + (self.units - found + 0.5).max(0.0) / (found + 0.5)).ln()
    }

    /// BM25 weight of a frequency in a unit of this length, its idf apart.
    pub fn weight(self, frequency: f32, length: f32) -> f32 {
        frequency * (K1 + 1.0) / (frequency + K1 * (1.0 - B + B * length / self.average_length))
    }
}

/// The frequency that a match counts.
pub fn frequency(found: Match) -> f32 {
    let whole = found.whole as f32;
    whole + (found.occurrences as f32 - whole) * CROSS_WEIGHT
}

/// Length of a passage in characters.
pub fn length(segment: &Segment, doc: DocId) -> f32 {
    segment.characters(doc) as f32
}

/// Role weight of a document.
pub fn role_weight(segment: &Segment, doc: DocId) -> f32 {
    let is_heading = matches!(segment.role(doc), Some(Role::Title | Role::Heading));
    if is_heading { HEADING_WEIGHT } else { 1.0 }
}

/// What the headings above passages add: those of a segment that match a string.
pub struct MatchingHeadings<'a> {
    segment: &'a Segment,
    matches: &'a [Match],
    /// The bonus of what stands under a heading that other headings stand under.
    known: RefCell<FxHashMap<DocId, f32>>,
    /// The heading asked for last, and its bonus: passages under one heading follow each other.
    last: Cell<(DocId, f32)>,
}

impl<'a> MatchingHeadings<'a> {
    /// The headings and titles among a string's matches.
    pub fn among(segment: &'a Segment, matches: &'a [Match]) -> MatchingHeadings<'a> {
        MatchingHeadings { segment, matches, known: RefCell::default(), last: Cell::new((DocId::MAX, 0.0)) }
    }

    /// Bonus of a document, to be multiplied by the string's idf.
    pub fn bonus(&self, doc: DocId) -> f32 {
        let Some(heading) = self.segment.heading_of(doc) else { return 0.0 };
        if self.last.get().0 != heading {
            self.last.set((heading, self.under(heading)));
        }
        self.last.get().1
    }

    /// Bonus of what stands under a heading: of itself and of those above it, which many headings share.
    fn under(&self, heading: DocId) -> f32 {
        let own = self.matches.binary_search_by_key(&heading, |m| m.doc).map_or(0.0, |_| HEADING_BONUS);
        let Some(above) = self.segment.heading_of(heading) else { return own };
        if let Some(&known) = self.known.borrow().get(&above) {
            return own + known;
        }
        let of_above = self.under(above);
        self.known.borrow_mut().insert(above, of_above);
        own + of_above
    }
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
    pub segment: usize,
    /// Its document.
    pub doc: DocId,
    /// Position of its tier: 0 is best.
    pub tier: u8,
    /// Its score.
    pub score: f32,
    /// Its report's year.
    pub year: Option<i64>,
}

impl Candidate {
    /// A candidate at a document of the segment with this index.
    pub fn new(segment: &Segment, index: usize, doc: DocId, tier: Tier, score: f32) -> Candidate {
        Candidate { segment: index, doc, tier: tier as u8, score, year: segment.year.first(doc) }
    }
}

/// The best `count` candidates, in order. Equals stand by year, latest first, then report and passage.
///
/// # Errors
/// If the index is damaged.
pub fn best(
    snapshot: &Snapshot,
    mut candidates: Vec<Candidate>,
    sort: Sort,
    count: usize,
) -> tantivy::Result<Vec<Candidate>> {
    let by_merit = |a: &Candidate, b: &Candidate| -> Ordering {
        let by_year = match sort {
            Sort::Relevance => Ordering::Equal,
            Sort::Year => a.year.unwrap_or(i64::MAX).cmp(&b.year.unwrap_or(i64::MAX)),
            Sort::YearDescending => b.year.cmp(&a.year),
        };
        by_year.then(a.tier.cmp(&b.tier)).then(b.score.total_cmp(&a.score)).then(b.year.cmp(&a.year))
    };
    if count == 0 {
        return Ok(Vec::new());
    }
    if candidates.len() > count {
        // Keep the equals of the last one, too: which of them comes first is settled below.
        let (_, last, _) = candidates.select_nth_unstable_by(count - 1, by_merit);
        let last = *last;
        candidates.retain(|candidate| by_merit(candidate, &last) != Ordering::Greater);
    }
    candidates.sort_unstable_by(by_merit);
    // Reading the names of reports is dear, and few are equals.
    let place = |candidate: &Candidate| -> tantivy::Result<(String, DocId)> {
        let segment = &snapshot.segments[candidate.segment];
        Ok((segment.report_of(candidate.doc)?, candidate.doc - segment.header_of(candidate.doc)))
    };
    let mut ordered = Vec::with_capacity(candidates.len());
    for equals in candidates.chunk_by(|a, b| by_merit(a, b) == Ordering::Equal) {
        if let [single] = equals {
            ordered.push(*single);
            continue;
        }
        let placed = equals.iter().map(|candidate| Ok((place(candidate)?, *candidate)));
        let mut placed = placed.collect::<tantivy::Result<Vec<_>>>()?;
        placed.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        ordered.extend(placed.into_iter().map(|(_, candidate)| candidate));
    }
    ordered.truncate(count);
    Ok(ordered)
}
