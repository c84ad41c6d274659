//! Which candidates are shown: the best, near-duplicates of a better one set behind it.
//!
//! Two passages are near-duplicates if at least [`ALIKE`] of their neighbouring pairs of characters, each
//! counted once, are common to both. Fingerprints find candidates, the texts decide. Counts of a search
//! are made before any of this.

use std::collections::{HashMap, HashSet};

use tantivy::DocId;

use super::Options;
use super::rank::{self, Candidate};
use crate::index::reader::Snapshot;
use crate::model::Role;
use crate::text::fingerprint::{agreeing_bins, jaccard, pairs};

/// Jaccard index of the pairs of two passages from which on they are near-duplicates.
pub const ALIKE: f32 = 0.8;

/// Bins of fingerprints that have to agree before texts are compared: at [`ALIKE`], 6.4 of 8 are expected.
const AGREEING: u32 = 4;

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
    let mut of_report = HashMap::<(usize, DocId), usize>::new();
    let mut seen = 0;
    // Nobody knows beforehand how many have to be passed over: look further until there are enough.
    let mut count = if options.collapses() || options.per_report.is_some() { wanted.saturating_mul(4) } else { wanted };
    loop {
        let best = rank::best(snapshot, candidates.to_vec(), options.sort, count)?;
        for candidate in &best[seen..] {
            let key = (candidate.segment, candidate.doc);
            if near.taken.contains(&key) {
                continue;
            }
            if let Some(most) = options.per_report {
                let header = snapshot.segments[candidate.segment].header_of(candidate.doc);
                let shown = of_report.entry((candidate.segment, header)).or_default();
                *shown += 1;
                if *shown > most {
                    continue;
                }
            }
            chosen.push(Chosen { candidate: *candidate, behind: near.take(*candidate)? });
            if chosen.len() == wanted {
                return Ok(chosen);
            }
        }
        if best.len() < count {
            return Ok(chosen);
        }
        seen = best.len();
        count = count.saturating_mul(4);
    }
}

/// Finds near-duplicates among candidates; none stands behind two.
struct NearDuplicates<'a> {
    snapshot: &'a Snapshot,
    candidates: &'a [Candidate],
    fingerprints: Vec<u64>,
    taken: HashSet<(usize, DocId)>,
}

impl<'a> NearDuplicates<'a> {
    fn new(snapshot: &'a Snapshot, candidates: &'a [Candidate], wanted: bool) -> NearDuplicates<'a> {
        let fingerprint = |c: &Candidate| snapshot.segments[c.segment].fingerprint.first(c.doc).unwrap_or(0);
        let fingerprints = if wanted { candidates.iter().map(fingerprint).collect() } else { Vec::new() };
        NearDuplicates { snapshot, candidates, fingerprints, taken: HashSet::new() }
    }

    /// The near-duplicates of a candidate that are not taken yet.
    fn take(&mut self, candidate: Candidate) -> tantivy::Result<Vec<Candidate>> {
        let segment = |c: &Candidate| &self.snapshot.segments[c.segment];
        self.taken.insert((candidate.segment, candidate.doc));
        // Titles are alike but for what matters, the year or the place.
        let is_title = |c: &Candidate| segment(c).role(c.doc) == Some(Role::Title);
        if self.fingerprints.is_empty() || is_title(&candidate) {
            return Ok(Vec::new());
        }
        let own = segment(&candidate).fingerprint.first(candidate.doc).unwrap_or(0);
        let own_length = rank::length(segment(&candidate), candidate.doc);
        let mut own_pairs = None;
        let mut behind = Vec::new();
        for (other, &fingerprint) in self.candidates.iter().zip(&self.fingerprints) {
            let taken = || self.taken.contains(&(other.segment, other.doc));
            if agreeing_bins(own, fingerprint) < AGREEING || taken() || is_title(other) {
                continue;
            }
            // Near-duplicates are about as long.
            let length = rank::length(segment(other), other.doc);
            if length.min(own_length) / length.max(own_length) < ALIKE * ALIKE {
                continue;
            }
            let pairs_of =
                |c: &Candidate| -> tantivy::Result<HashSet<(char, char)>> { Ok(pairs(&segment(c).form(c.doc)?.chars)) };
            let own_pairs = match &mut own_pairs {
                Some(own_pairs) => own_pairs,
                none => none.insert(pairs_of(&candidate)?),
            };
            let alike = jaccard(own_pairs, &pairs_of(other)?) >= ALIKE;
            if alike {
                behind.push(*other);
            }
        }
        self.taken.extend(behind.iter().map(|c| (c.segment, c.doc)));
        Ok(behind)
    }
}
