//! How freely the neighbours of a run of words change: whether it is a whole, or a piece of something longer.

use std::collections::HashMap;

use super::corpus::{Corpus, PassageAt};
use super::grams::{Gram, Wanted, word};
use crate::search::words::WordId;

/// How freely the neighbours of grams change: the entropy in bits of the less free side. Each end of a clause counts
/// as a neighbour of its own.
pub fn entropies(corpus: &Corpus, passages: &[PassageAt], grams: &[Gram]) -> Vec<f64> {
    let wanted = Wanted::new(grams);
    /// Neighbours of a side with counts, and ends of clauses.
    type Neighbours = (HashMap<WordId, u64>, u64);
    let mut sides: Vec<[Neighbours; 2]> = vec![Default::default(); grams.len()];
    for at in passages {
        let tokens = corpus.tokens(at);
        wanted.for_each_in(&tokens, |number, place| {
            let before = place.first.checked_sub(1).and_then(|at| word(&tokens[at]));
            let behind = tokens.get(place.end).and_then(word);
            for (side, neighbour) in sides[number as usize].iter_mut().zip([before, behind]) {
                match neighbour {
                    Some(word) => *side.0.entry(word).or_default() += 1,
                    None => side.1 += 1,
                }
            }
        });
    }
    let entropy = |(words, ends): &Neighbours| {
        let total = (words.values().sum::<u64>() + ends) as f64;
        let of = |count: f64| if count > 0.0 { -count / total * (count / total).log2() } else { 0.0 };
        // In one order, so that the sum is the same every time.
        let mut counts: Vec<u64> = words.values().copied().collect();
        counts.sort_unstable();
        counts.into_iter().map(|count| of(count as f64)).sum::<f64>() + *ends as f64 * of(1.0)
    };
    sides.iter().map(|[left, right]| entropy(left).min(entropy(right))).collect()
}
