//! Which candidates are shown: the best, near-duplicates of a better one set behind it.
//!
//! Two passages are near-duplicates if at least [`ALIKE`] of their neighbouring pairs of characters, each
//! counted once, are common to both. Fingerprints find candidates, the texts decide. Counts of a search
//! are made before any of this.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::io;

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
            near.compare(&some)?;
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
    /// What may be like the passages compared last, and is not taken yet.
    like: Vec<Same>,
    /// The pairs of passages that were compared, by their segments and tokens.
    pairs: FxHashMap<(u32, &'a [u8]), Vec<u64>>,
}

/// Passages of one segment with the same tokens, and so alike: headings are the same in many reports.
struct Same {
    /// Which of the passages compared last they may be like: bit `n` for number `n`.
    like: u64,
    passages: Vec<Candidate>,
}

impl<'a> NearDuplicates<'a> {
    fn new(snapshot: &'a Snapshot, candidates: &'a [Candidate], is_wanted: bool) -> NearDuplicates<'a> {
        let (taken, like, pairs) = (FxHashSet::default(), Vec::new(), FxHashMap::default());
        NearDuplicates { snapshot, candidates, is_wanted, taken, like, pairs }
    }

    /// Compares the fingerprints of all candidates with those of some.
    fn compare(&mut self, some: &[Candidate]) -> tantivy::Result<()> {
        self.like.clear();
        if !self.is_wanted {
            return Ok(());
        }
        let likeness = Likeness::to(some.iter().map(|candidate| self.fingerprint(candidate)));
        let of = |candidate: &'a Candidate| (candidate, likeness.of(self.fingerprint(candidate)));
        let like = self.candidates.iter().map(of).filter(|(_, like)| *like > 0);
        let mut known: FxHashMap<(u32, &[u8]), usize> = FxHashMap::default();
        let mut same: Vec<Same> = Vec::new();
        for (candidate, like) in like.filter(|(candidate, _)| !self.taken.contains(&place(candidate))) {
            // Titles are alike but for what matters, the year or the place.
            if self.card(candidate).role() == Some(Role::Title) {
                continue;
            }
            match known.entry((candidate.segment, self.tokens(candidate)?)) {
                Entry::Occupied(known) => same[*known.get()].passages.push(*candidate),
                Entry::Vacant(new) => {
                    new.insert(same.len());
                    same.push(Same { like, passages: vec![*candidate] });
                }
            }
        }
        self.like = same;
        Ok(())
    }

    fn card(&self, candidate: &Candidate) -> Card {
        candidate.segment(self.snapshot).body.card(candidate.doc)
    }

    fn fingerprint(&self, candidate: &Candidate) -> u64 {
        candidate.segment(self.snapshot).body.fingerprint(candidate.doc)
    }

    fn tokens(&self, candidate: &Candidate) -> io::Result<&'a [u8]> {
        candidate.segment(self.snapshot).body.tokens(candidate.doc)
    }

    /// The near-duplicates of a candidate, which was compared under this number, that are not taken yet.
    fn take(&mut self, candidate: Candidate, number: usize) -> tantivy::Result<Vec<Candidate>> {
        self.taken.insert(place(&candidate));
        let own = self.card(&candidate);
        if own.role() == Some(Role::Title) {
            return Ok(Vec::new());
        }
        let (own_length, fingerprint) = (own.characters() as f32, self.fingerprint(&candidate));
        let mut own_pairs = None;
        let (mut behind, mut rest) = (Vec::new(), Vec::new());
        for same in std::mem::take(&mut self.like) {
            let first = &same.passages[0];
            // Near-duplicates are about as long.
            let length = self.card(first).characters() as f32;
            let may_be_alike = same.like >> number & 1 == 1
                && length.min(own_length) / length.max(own_length) >= ALIKE * ALIKE
                && is_like(fingerprint, self.fingerprint(first));
            if may_be_alike {
                let own_pairs = match &mut own_pairs {
                    Some(known) => known,
                    none => none.insert(self.pairs_of(&candidate)?.clone()),
                };
                if jaccard(own_pairs, self.pairs_of(first)?) >= ALIKE {
                    behind.extend(same.passages);
                    continue;
                }
            }
            rest.push(same);
        }
        self.like = rest;
        behind.retain(|other| *other != candidate);
        self.taken.extend(behind.iter().map(place));
        Ok(behind)
    }

    fn pairs_of(&mut self, candidate: &Candidate) -> tantivy::Result<&Vec<u64>> {
        Ok(match self.pairs.entry((candidate.segment, self.tokens(candidate)?)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(pairs(&candidate.segment(self.snapshot).form(candidate.doc)?.chars)),
        })
    }
}
