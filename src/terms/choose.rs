//! Which of many candidates are listed: the whole of a term rather than its pieces, each stretch of text once.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::classes::Classes;
use super::corpus::{Corpus, PassageAt};
use super::grams::{Gram, Wanted, gram, words};
use crate::error::Error;

/// A candidate with what speaks for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// Its words.
    pub gram: Gram,
    /// How often it is used.
    pub uses: u64,
    /// What it is ranked by.
    pub score: f64,
}

/// Share of a phrase's uses from which on a longer one that holds it takes its place.
const FOLDED: f64 = 0.75;

/// Share of a phrase's places that better ones may already have taken.
const EXPLAINED: f64 = 0.75;

/// Leaves out phrases that are nearly always part of one longer candidate. Where `only_shortest`, whatever holds a
/// candidate says nothing more by itself, and goes as well unless it took its place.
pub fn fold(candidates: &mut Vec<Scored>, classes: &Classes, only_shortest: bool) {
    let uses: FxHashMap<Gram, u64> = candidates.iter().map(|scored| (scored.gram, scored.uses)).collect();
    let mut dropped: FxHashSet<Gram> = FxHashSet::default();
    for scored in candidates.iter() {
        let long = words(&scored.gram);
        for part in parts(long) {
            let Some(&of_part) = uses.get(&gram(part)) else { continue };
            let is_begun_by_generic =
                long.ends_with(part) && long[..long.len() - part.len()].iter().all(|&w| classes.is_generic(w));
            if is_begun_by_generic {
                dropped.insert(scored.gram);
            } else if scored.uses as f64 >= FOLDED * of_part as f64 {
                dropped.insert(gram(part));
            }
        }
    }
    candidates.retain(|scored| !dropped.contains(&scored.gram));
    if only_shortest {
        let kept: FxHashSet<Gram> = candidates.iter().map(|scored| scored.gram).collect();
        candidates.retain(|scored| !parts(words(&scored.gram)).any(|part| kept.contains(&gram(part))));
    }
}

/// The proper parts of some words.
fn parts(words: &[u32]) -> impl Iterator<Item = &[u32]> {
    (0..words.len())
        .flat_map(move |start| (start + 1..=words.len()).map(move |end| &words[start..end]))
        .filter(move |part| part.len() < words.len())
}

/// The best candidates, in order, of which no more than a part of their places in the target is taken by better
/// ones, and which `accepts` lets through; at most `limit`.
///
/// # Errors
/// Those of `accepts`.
pub fn choose(
    mut candidates: Vec<Scored>,
    corpus: &Corpus,
    target: &[PassageAt],
    limit: usize,
    mut accepts: impl FnMut(&Scored) -> Result<bool, Error>,
) -> Result<Vec<Scored>, Error> {
    candidates.sort_by_cached_key(|scored| {
        let text = corpus.text(words(&scored.gram));
        // Scores are not negative, so that their bits are in the same order.
        (Reverse(scored.score.to_bits()), Reverse(text.chars().count()), text)
    });
    let wanted = Wanted::new(&candidates.iter().map(|scored| scored.gram).collect::<Vec<_>>());
    // Places by candidate: passage, first token, one after the last.
    let mut places: Vec<Vec<(u32, u32, u32)>> = vec![Vec::new(); candidates.len()];
    let mut taken: Vec<Vec<bool>> = Vec::with_capacity(target.len());
    for (passage, at) in (0..).zip(target) {
        let tokens = corpus.tokens(at);
        wanted
            .for_each_in(&tokens, |number, at| places[number as usize].push((passage, at.first as u32, at.end as u32)));
        taken.push(vec![false; tokens.len()]);
    }
    let mut chosen = Vec::new();
    for (scored, places) in candidates.iter().zip(&places) {
        if chosen.len() == limit {
            break;
        }
        let stretch = |&(passage, first, end): &(u32, u32, u32)| (passage as usize, first as usize..end as usize);
        let is_explained = |place: &&(u32, u32, u32)| {
            let (passage, tokens) = stretch(place);
            2 * taken[passage][tokens.clone()].iter().filter(|taken| **taken).count() >= tokens.len()
        };
        let explained = places.iter().filter(is_explained).count();
        if explained as f64 >= EXPLAINED * places.len() as f64 || !accepts(scored)? {
            continue;
        }
        for place in places {
            let (passage, tokens) = stretch(place);
            taken[passage][tokens].fill(true);
        }
        chosen.push(*scored);
    }
    Ok(chosen)
}
