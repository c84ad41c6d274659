//! Which candidates are shown: the best, near-duplicates of a better one set behind it.
//!
//! Two passages are near-duplicates if at least [`ALIKE`] of their neighbouring pairs of characters, each
//! counted once, are common to both. Fingerprints find candidates, the texts decide. Counts of a search
//! are made before any of this.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocId;

use super::Options;
use super::rank::{self, Candidate};
use crate::index::body::Card;
use crate::index::reader::Snapshot;
use crate::model::Role;
use crate::text::fingerprint::{Likeness, is_like, jaccard, pairs};

/// Jaccard index of the pairs of two passages from which on they are near-duplicates.
pub const ALIKE: f32 = 0.8;

/// A candidate that is shown.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The candidate.
    pub candidate: Candidate,
    /// Its near-duplicates among all candidates.
    pub behind: Vec<Candidate>,
}

/// The first `wanted` of the candidates that are shown, in order.
///
/// # Errors
/// If the index is damaged.
pub fn choose(
    snapshot: &Snapshot,
    candidates: &[Candidate],
    options: &Options,
    wanted: usize,
) -> tantivy::Result<Vec<Chosen>> {
    let mut chosen = Vec::new();
    if wanted == 0 {
        return Ok(chosen);
    }
    let mut near = NearDuplicates::new(snapshot, candidates, options.collapses());
    let mut of_report = FxHashMap::<(u32, DocId), usize>::default();
    // Nobody knows beforehand how many have to be passed over: look further until there are enough.
    let mut rest = Cow::Borrowed(candidates);
    let mut count = if options.collapses() || options.per_report.is_some() { wanted.saturating_mul(4) } else { wanted };
    loop {
        let best = rank::best(snapshot, &rest, options.sort, count)?;
        let mut next = best.iter();
        loop {
            let is_left = |candidate: &&Candidate| !near.taken.contains(&place(candidate));
            let some: Vec<Candidate> = next.by_ref().filter(is_left).take(Likeness::MOST).copied().collect();
            if some.is_empty() {
                break;
            }
            near.compare(&some);
            for (number, candidate) in some.into_iter().enumerate() {
                if near.taken.contains(&place(&candidate)) {
                    continue;
                }
                if let Some(most) = options.per_report {
                    let header = candidate.segment(snapshot).header_of(candidate.doc);
                    let shown = of_report.entry((candidate.segment, header)).or_default();
                    *shown += 1;
                    if *shown > most {
                        continue;
                    }
                }
                chosen.push(Chosen { candidate, behind: near.take(candidate, number)? });
                if chosen.len() == wanted {
                    return Ok(chosen);
                }
            }
        }
        if best.len() < count {
            return Ok(chosen);
        }
        let seen: FxHashSet<(u32, DocId)> = best.iter().map(place).collect();
        let is_left =
            |candidate: &Candidate| !seen.contains(&place(candidate)) && !near.taken.contains(&place(candidate));
        rest.to_mut().retain(is_left);
        count = count.saturating_mul(4);
    }
}

fn place(candidate: &Candidate) -> (u32, DocId) {
    (candidate.segment, candidate.doc)
}

/// Finds near-duplicates among candidates; none stands behind two.
struct NearDuplicates<'a> {
    snapshot: &'a Snapshot,
    candidates: &'a [Candidate],
    is_wanted: bool,
    taken: FxHashSet<(u32, DocId)>,
    /// The candidates whose fingerprints may be like one of those compared last, and which: bit `n` for number `n`.
    like: Vec<(Candidate, u64)>,
    /// The pairs of passages that were compared, by their tokens: headings are the same in many reports, and most passages
    /// are compared with several.
    pairs: FxHashMap<(u32, &'a [u8]), Vec<u64>>,
}

impl<'a> NearDuplicates<'a> {
    fn new(snapshot: &'a Snapshot, candidates: &'a [Candidate], is_wanted: bool) -> NearDuplicates<'a> {
        let (taken, like, pairs) = (FxHashSet::default(), Vec::new(), FxHashMap::default());
        NearDuplicates { snapshot, candidates, is_wanted, taken, like, pairs }
    }

    /// Compares the fingerprints of all candidates with those of some.
    fn compare(&mut self, some: &[Candidate]) {
        if self.is_wanted {
            let likeness = Likeness::to(some.iter().map(|candidate| self.fingerprint(candidate)));
            let of = |candidate: &Candidate| (*candidate, likeness.of(self.fingerprint(candidate)));
            self.like = self.candidates.iter().map(of).filter(|(_, like)| *like > 0).collect();
        }
    }

    fn fingerprint(&self, candidate: &Candidate) -> u64 {
        candidate.segment(self.snapshot).body.fingerprint(candidate.doc)
    }

    /// The near-duplicates of a candidate, which was compared under this number, that are not taken yet.
    fn take(&mut self, candidate: Candidate, number: usize) -> tantivy::Result<Vec<Candidate>> {
        self.taken.insert(place(&candidate));
        let card = |c: &Candidate| c.segment(self.snapshot).body.card(c.doc);
        // Titles are alike but for what matters, the year or the place.
        let is_title = |card: Card| card.role() == Some(Role::Title);
        let own = card(&candidate);
        let (own_length, fingerprint) = (own.characters() as f32, self.fingerprint(&candidate));
        let may_be_alike = |other: &Candidate| {
            // Near-duplicates are about as long.
            let length = card(other).characters() as f32;
            let is_about_as_long = length.min(own_length) / length.max(own_length) >= ALIKE * ALIKE;
            is_about_as_long && !is_title(card(other)) && is_like(fingerprint, self.fingerprint(other))
        };
        let like = self.like.iter().filter(|(_, like)| like >> number & 1 == 1 && !is_title(own));
        let like = like.map(|(other, _)| *other).filter(|other| !self.taken.contains(&place(other)));
        let like: Vec<Candidate> = like.filter(may_be_alike).collect();
        let mut behind = Vec::new();
        if !like.is_empty() {
            let own = pairs(&candidate.segment(self.snapshot).form(candidate.doc)?.chars);
            for other in like {
                if self.is_alike(&own, &other)? {
                    behind.push(other);
                }
            }
        }
        self.taken.extend(behind.iter().map(place));
        Ok(behind)
    }

    /// Whether a passage has mostly the pairs of another one.
    fn is_alike(&mut self, own: &[u64], other: &Candidate) -> tantivy::Result<bool> {
        let segment = other.segment(self.snapshot);
        let of_other = match self.pairs.entry((other.segment, segment.body.tokens(other.doc)?)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(pairs(&segment.form(other.doc)?.chars)),
        };
        Ok(jaccard(own, of_other) >= ALIKE)
    }
}
