//! Keyness: terms that some passages use more often than the rest.
//!
//! A candidate's occurrences in the target and in the rest, each beside the number of words there, make a table; it
//! is ranked by log-likelihood and shown with the log ratio as its effect size.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::choose::{Scored, choose, fold};
use super::classes::Classes;
use super::corpus::{Corpus, PassageAt};
use super::grams::{Gram, Wanted, for_each_candidate, word, words};
use super::neighbours::entropies;
use super::{MOST_WEIGHED, Term, first_places};
use crate::error::Error;
use crate::usage::located::Located;
use crate::usage::measures::Table;

/// Least log-likelihood: significant at 0.1 %.
const SIGNIFICANT: f64 = 10.83;

/// Least entropy of a phrase's neighbours, in bits.
const FREE: f64 = 0.5;

/// The key terms of the target's passages against the other passages of a corpus.
///
/// # Errors
/// If the index is damaged.
pub fn key_terms(
    corpus: &Corpus,
    is_target: impl Fn(&PassageAt) -> bool,
    least: u64,
    limit: usize,
) -> Result<Vec<Term>, Error> {
    let (target, rest): (Vec<PassageAt>, Vec<PassageAt>) = corpus.passages.iter().partition(|at| is_target(at));
    let classes = corpus.classes(&target)?;
    let counts = frequent(corpus, &target, &classes, least.max(1));
    let grams: Vec<Gram> = counts.keys().copied().collect();
    let wanted = Wanted::new(&grams);
    let mut outside = vec![0u64; grams.len()];
    let (part, mut whole) = (words_of(corpus, &target), 0);
    for at in &rest {
        let tokens = corpus.tokens(at);
        whole += tokens.iter().filter_map(word).count() as u64;
        wanted.for_each_in(&tokens, |number, _| outside[number as usize] += 1);
    }
    whole += part;
    let table = |gram: &Gram, outside: u64| {
        let inside = counts.get(gram).copied().unwrap_or(0);
        Table { inside, part, total: inside + outside, whole }
    };
    let tables: FxHashMap<Gram, Table> =
        grams.iter().zip(&outside).map(|(gram, &outside)| (*gram, table(gram, outside))).collect();
    let scored = |(gram, table): (&Gram, &Table)| {
        let score = table.log_likelihood();
        let is_term = words(gram).len() == 1 || classes.likelihood(words(gram)) == 1.0;
        (score >= SIGNIFICANT && is_term).then_some(Scored { gram: *gram, uses: table.inside, score })
    };
    let mut candidates: Vec<Scored> = tables.iter().filter_map(scored).collect();
    // Not negative, so that their bits are in the same order.
    candidates.sort_by_cached_key(|scored| (Reverse(scored.score.to_bits()), corpus.text(words(&scored.gram))));
    candidates.truncate(MOST_WEIGHED);
    let free = entropies(corpus, &target, &candidates.iter().map(|scored| scored.gram).collect::<Vec<_>>());
    let mut free = free.into_iter();
    candidates.retain(|scored| free.next().is_some_and(|free| free >= FREE) || words(&scored.gram).len() == 1);
    fold(&mut candidates, &classes, false);
    let chosen = choose(candidates, corpus, &target, limit, |_| Ok(true))?;
    let grams: Vec<Gram> = chosen.iter().map(|scored| scored.gram).collect();
    let first = first_places(corpus, &target, &grams).map_err(|source| corpus.usage.snapshot.failure(source))?;
    let term = |(scored, first): (Scored, Option<Located>)| {
        let table = tables[&scored.gram];
        Term {
            text: corpus.text(words(&scored.gram)),
            count: table.inside,
            uses: table.total,
            score: scored.score,
            table: Some(table),
            first,
            ..Term::default()
        }
    };
    Ok(chosen.into_iter().zip(first).map(term).collect())
}

fn words_of(corpus: &Corpus, passages: &[PassageAt]) -> u64 {
    passages.iter().map(|at| corpus.tokens(at).iter().filter_map(word).count() as u64).sum()
}

/// The candidates of passages that occur at least so often, with their counts; only those are counted whose words all do.
fn frequent(corpus: &Corpus, passages: &[PassageAt], classes: &Classes, least: u64) -> FxHashMap<Gram, u64> {
    let mut singles = vec![0u64; corpus.words.vocabulary.len()];
    let tokens: Vec<_> = passages.iter().map(|at| corpus.tokens(at)).collect();
    for tokens in &tokens {
        tokens.iter().filter_map(word).for_each(|word| singles[word as usize] += 1);
    }
    let mut counts: FxHashMap<Gram, u64> = FxHashMap::default();
    for tokens in &tokens {
        for_each_candidate(tokens, classes, |gram, _| {
            if words(&gram).iter().all(|&word| singles[word as usize] >= least) {
                *counts.entry(gram).or_default() += 1;
            }
        });
    }
    counts.retain(|_, count| *count >= least);
    counts
}
