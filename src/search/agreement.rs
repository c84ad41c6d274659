//! How the words on both sides of a pair agree with a string, as the pair's variants name them.
//!
//! A word that says something else than the string, as far as both go, does not agree: the string is not there. A word
//! that agrees reaches a part of the way from the pair to the string's start or end, or all of it, or beyond.

use std::io;

use crate::index::body::{Term, Variant, Variants};
use crate::index::reader::Segment;

/// How far a word reaches along the string, from a pair on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Not to the string's end.
    Short {
        /// The word's rank.
        word: u32,
        /// Its characters.
        length: usize,
    },
    /// To the string's end.
    Whole,
    /// Beyond.
    Beyond,
}

/// Words on both sides of a pair that agree with a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// The word on the left, to the string's start.
    pub left: Reach,
    /// The word on the right, to the string's end.
    pub right: Reach,
    /// Whether both are one run, with the pair inside it.
    pub is_inside: bool,
}

/// What occurrences of a pair say about a string.
pub struct Agreements<'a> {
    /// The ways in which words agree.
    pub kinds: Vec<Agreement>,
    /// Of each variant its kind; [`ELSEWHERE`] if the string does not stand there.
    of_variants: Vec<u8>,
    variants: Variants<'a>,
}

const ELSEWHERE: u8 = u8::MAX;

/// What an occurrence of a pair says about a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// The words are not known.
    Nothing,
    /// The string does not stand there.
    Elsewhere,
    /// The words agree, in the way with this number.
    Agrees(usize),
}

impl<'a> Agreements<'a> {
    /// What the postings of the pair with a number say; `None` if no variants are told.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(segment: &'a Segment, chars: &[char], pair: usize, term: Term) -> io::Result<Option<Agreements<'a>>> {
        let Some(variants) = segment.body.variants(term)? else { return Ok(None) };
        let (before, behind) = chars.split_at(pair + 1);
        let (mut kinds, mut of_variants): (Vec<Agreement>, _) = (Vec::new(), Vec::with_capacity(variants.known.len()));
        let (mut first, mut second) = (Vec::new(), Vec::new());
        // Variants with the same left word follow each other.
        let mut last = None;
        let mut on_left = None;
        for &variant in &variants.known {
            let agreement = match variant {
                Variant::Across { left, right } => {
                    if last != Some(left) {
                        spell(segment, left, &mut first)?;
                        on_left = reach(before.iter().rev(), first.iter().rev(), left);
                        last = Some(left);
                    }
                    match on_left {
                        None => None,
                        Some(left) => {
                            spell(segment, right, &mut second)?;
                            let right = reach(behind.iter(), second.iter(), right);
                            right.map(|right| Agreement { left, right, is_inside: false })
                        }
                    }
                }
                Variant::Inside { run, at } => {
                    spell(segment, run, &mut first)?;
                    let (start, end) = first.split_at_checked(at as usize + 1).unwrap_or_default();
                    let left = reach(before.iter().rev(), start.iter().rev(), run);
                    let right = reach(behind.iter(), end.iter(), run);
                    left.zip(right).map(|(left, right)| Agreement { left, right, is_inside: true })
                }
            };
            of_variants.push(match agreement {
                None => ELSEWHERE,
                Some(agreement) => {
                    let known = kinds.iter().position(|kind| *kind == agreement);
                    let number = known.unwrap_or_else(|| {
                        kinds.push(agreement);
                        kinds.len() - 1
                    });
                    // So many ways are not told apart.
                    let Some(number) = u8::try_from(number).ok().filter(|number| *number != ELSEWHERE) else {
                        return Ok(None);
                    };
                    number
                }
            });
        }
        Ok(Some(Agreements { kinds, of_variants, variants }))
    }

    /// Whether the string stands at none of the occurrences.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty() && !self.variants.has_unknown
    }

    /// What an occurrence says, by its number in the postings.
    pub fn says(&self, occurrence: u32) -> Says {
        match self.variants.number(occurrence).map(|number| self.of_variants[number]) {
            None => Says::Nothing,
            Some(ELSEWHERE) => Says::Elsewhere,
            Some(kind) => Says::Agrees(usize::from(kind)),
        }
    }
}

fn spell(segment: &Segment, rank: u32, word: &mut Vec<char>) -> io::Result<()> {
    word.clear();
    segment.body.spell(rank, word)
}

/// How far a word reaches along a part of the string from the pair on; `None` if it says something else.
fn reach<'a>(
    part: impl Iterator<Item = &'a char>,
    word: impl ExactSizeIterator<Item = &'a char>,
    rank: u32,
) -> Option<Reach> {
    let length = word.len();
    let mut word = word;
    for wanted in part {
        match word.next() {
            None => return Some(Reach::Short { word: rank, length }),
            Some(c) if c != wanted => return None,
            Some(_) => {}
        }
    }
    Some(if word.next().is_none() { Reach::Whole } else { Reach::Beyond })
}
