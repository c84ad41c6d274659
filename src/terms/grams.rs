//! Runs of neighbouring words, and where they stand: the candidates for terms.

use rustc_hash::FxHashMap;

use super::classes::{Class, Classes};
use crate::search::words::{Placed, Token, WordId};

/// Most words of a term.
pub const MOST_WORDS: usize = 6;

/// Most characters of a term.
pub const LONGEST: u32 = 12;

/// Least characters.
const SHORTEST: u32 = 2;

/// Up to [`MOST_WORDS`] words; [`NONE`] after the last.
pub type Gram = [WordId; MOST_WORDS];

/// Stands for no word.
const NONE: WordId = WordId::MAX;

/// The words of a gram.
pub fn words(gram: &Gram) -> &[WordId] {
    let length = gram.iter().position(|&word| word == NONE).unwrap_or(MOST_WORDS);
    &gram[..length]
}

/// A gram of words.
pub fn gram(words: &[WordId]) -> Gram {
    let mut gram = [NONE; MOST_WORDS];
    gram.iter_mut().zip(words).for_each(|(slot, word)| *slot = *word);
    gram
}

/// Where a gram stands among a passage's tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// First token.
    pub first: usize,
    /// One after the last.
    pub end: usize,
}

/// The word of a token, if it is one.
pub fn word(token: &Placed) -> Option<WordId> {
    match token.token {
        Token::Word(word) => Some(word),
        _ => None,
    }
}

/// The grams of a passage that may be terms.
pub fn for_each_candidate(tokens: &[Placed], classes: &Classes, mut each: impl FnMut(Gram, At)) {
    let inside = |at: usize| word(&tokens[at]).filter(|&word| classes.class(word) != Class::Barrier);
    for first in 0..tokens.len() {
        let Some(begins) = inside(first).filter(|&word| classes.may_end(word)) else { continue };
        if first > 0 && word(&tokens[first - 1]).is_some_and(|before| classes.is_negation(before)) {
            continue;
        }
        let mut current = gram(&[begins]);
        for end in first + 1..=tokens.len() {
            let length = tokens[end - 1].end - tokens[first].start;
            let Some(last) = inside(end - 1).filter(|_| length <= LONGEST) else { break };
            current[end - 1 - first] = last;
            if length >= SHORTEST && classes.may_end(last) {
                each(current, At { first, end });
            }
            if end - first == MOST_WORDS {
                break;
            }
        }
    }
}

/// The gram that is all of a stretch of characters, whatever its words are.
pub fn of_stretch(tokens: &[Placed], start: u32, end: u32) -> Option<(Gram, At)> {
    let first = tokens.partition_point(|token| token.start < start);
    let behind = tokens.partition_point(|token| token.start < end);
    let inside = tokens.get(first..behind).filter(|inside| (1..=MOST_WORDS).contains(&inside.len()))?;
    let fits = inside[0].start == start && inside[inside.len() - 1].end == end && end - start >= SHORTEST;
    let words: Vec<WordId> = inside.iter().map_while(word).collect();
    (fits && words.len() == inside.len() && end - start <= LONGEST).then(|| (gram(&words), At { first, end: behind }))
}

/// Grams that are looked for, by number.
pub struct Wanted {
    known: FxHashMap<Gram, Known>,
}

/// What a run of words is to those that are looked for.
#[derive(Clone, Copy)]
struct Known {
    /// Its own number, if it is one of them.
    number: Option<u32>,
    /// Whether a longer one begins with it.
    goes_on: bool,
}

impl Wanted {
    /// Looks for these grams; their numbers are their places in the list.
    pub fn new(grams: &[Gram]) -> Wanted {
        let mut known: FxHashMap<Gram, Known> = FxHashMap::default();
        let unknown = Known { number: None, goes_on: false };
        for (number, gram) in (0..).zip(grams) {
            let words = words(gram);
            (1..words.len())
                .for_each(|length| known.entry(self::gram(&words[..length])).or_insert(unknown).goes_on = true);
            known.entry(*gram).or_insert(unknown).number = Some(number);
        }
        Wanted { known }
    }

    /// Finds the grams in a passage.
    pub fn for_each_in(&self, tokens: &[Placed], mut each: impl FnMut(u32, At)) {
        for first in 0..tokens.len() {
            let mut current = [NONE; MOST_WORDS];
            for (length, token) in tokens[first..].iter().take(MOST_WORDS).enumerate() {
                let Some(word) = word(token) else { break };
                current[length] = word;
                let Some(known) = self.known.get(&current) else { break };
                if let Some(number) = known.number {
                    each(number, At { first, end: first + length + 1 });
                }
                if !known.goes_on {
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(words: &[(Token, u32)]) -> Vec<Placed> {
        let mut start = 0;
        let place = |&(token, length): &(Token, u32)| {
            start += length;
            Placed { token, start: start - length, end: start }
        };
        words.iter().map(place).collect()
    }

    #[test]
    fn wanted_grams_are_found_wherever_they_stand() {
        let (a, b) = (Token::Word(1), Token::Word(2));
        let tokens = tokens(&[(a, 2), (b, 1), (a, 2), (Token::Other, 1), (b, 1), (a, 2)]);
        let wanted = Wanted::new(&[gram(&[1]), gram(&[2, 1]), gram(&[1, 2, 1])]);
        let mut found = Vec::new();
        wanted.for_each_in(&tokens, |number, at| found.push((number, at.first, at.end)));
        assert_eq!(found, [(0, 0, 1), (2, 0, 3), (1, 1, 3), (0, 2, 3), (1, 4, 6), (0, 5, 6)]);
        assert_eq!(of_stretch(&tokens, 2, 5).map(|(gram, _)| gram), Some(gram(&[2, 1])));
        assert_eq!(of_stretch(&tokens, 2, 6), None);
        assert_eq!(of_stretch(&tokens, 1, 3), None);
    }
}
