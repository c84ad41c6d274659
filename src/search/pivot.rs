//! What one pair of a string tells about the string: by the words on both sides of the pair, as its postings name them.
//!
//! Where these words hold the whole string, it is counted; where they hold a part of it and agree with it, or are not
//! known, the passage remains a candidate; where they do not agree, it does not stand there.

use std::io;

use tantivy::DocId;

use super::covers::{Match, add_up, union};
use crate::index::body::{Term, Variant};
use crate::index::reader::Segment;

/// A pair of a string and the terms that tell about it.
pub struct Pivot {
    /// Which pair, from 0.
    pub pair: usize,
    /// The pair across words or inside runs.
    pub crossings: Vec<Term>,
    /// The words that hold the pair and a part of the string.
    pub words: Vec<Term>,
}

/// What is told about a string, beside words that hold all of it.
#[derive(Debug, Default)]
pub struct Told {
    /// The documents that hold it, live or not, ascending, and how often.
    pub found: Vec<Match>,
    /// The documents that may hold it, ascending.
    pub candidates: Vec<DocId>,
}

impl Told {
    /// The documents that hold it or may hold it, ascending.
    pub fn documents(self) -> Vec<DocId> {
        let mut documents: Vec<DocId> = self.found.into_iter().map(|m| m.doc).chain(self.candidates).collect();
        documents.sort();
        documents.dedup();
        documents
    }
}

/// What an occurrence of a pair says about the string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It does not stand there.
    Elsewhere,
    /// It may stand there.
    Open,
    /// It stands there.
    Found,
    /// It stands there, from a word's start to a word's end.
    Whole,
}

impl Pivot {
    /// Whether the string is nowhere but in words that hold all of it.
    pub fn is_empty(&self) -> bool {
        self.crossings.is_empty() && self.words.is_empty()
    }

    /// How many documents there are at least that will have to be read.
    pub fn to_read(&self) -> usize {
        self.words.iter().map(|term| term.count as usize).sum()
    }

    /// How many postings there are to go through.
    pub fn postings(&self) -> usize {
        self.to_read() + self.crossings.iter().map(|term| term.count as usize).sum::<usize>()
    }

    /// Goes through the postings.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn tell(&self, segment: &Segment, chars: &[char]) -> io::Result<Told> {
        let mut told = Told { found: Vec::new(), candidates: union(segment, self.words.iter().copied())? };
        for &term in &self.crossings {
            self.tell_crossing(segment, chars, term, &mut told)?;
        }
        if self.crossings.len() + usize::from(!self.words.is_empty()) > 1 {
            told.candidates.sort();
            add_up(&mut told.found);
        }
        told.candidates.dedup();
        Ok(told)
    }

    fn tell_crossing(&self, segment: &Segment, chars: &[char], term: Term, told: &mut Told) -> io::Result<()> {
        let Some(variants) = segment.body.variants(term)? else {
            return segment.body.for_each_block(term, |docs, _| told.candidates.extend_from_slice(docs));
        };
        // By number; what is not known is open.
        let mut verdicts = vec![Verdict::Open];
        let mut spelled = Spelled { segment, rank: None, word: Vec::new() };
        for &variant in &variants.known {
            verdicts.push(self.verdict(chars, variant, &mut spelled)?);
        }
        if verdicts[1..].iter().all(|verdict| *verdict == Verdict::Open) {
            return segment.body.for_each_block(term, |docs, _| told.candidates.extend_from_slice(docs));
        }
        let mut occurrence = 0u32;
        segment.body.for_each_block(term, |docs, frequencies| {
            for (&doc, &frequency) in docs.iter().zip(frequencies) {
                let mut found = Match { doc, ..Match::default() };
                let mut is_open = false;
                for at in occurrence..occurrence.saturating_add(frequency) {
                    match verdicts[variants.number(at)] {
                        Verdict::Elsewhere => {}
                        Verdict::Open => is_open = true,
                        Verdict::Found => found.occurrences += 1,
                        Verdict::Whole => {
                            found.occurrences += 1;
                            found.whole += 1;
                        }
                    }
                }
                occurrence = occurrence.saturating_add(frequency);
                if is_open {
                    told.candidates.push(doc);
                }
                if found.occurrences > 0 {
                    told.found.push(found);
                }
            }
        })
    }

    /// What words on both sides of the pair, or a run around it, say about the string.
    fn verdict(&self, chars: &[char], variant: Variant, spelled: &mut Spelled) -> io::Result<Verdict> {
        let (before, behind) = chars.split_at(self.pair + 1);
        let agreed = match variant {
            Variant::Across { left, right } => {
                let Some(starts) = agreeing(before.iter().rev(), spelled.of(left)?.iter().rev()) else {
                    return Ok(Verdict::Elsewhere);
                };
                let mut word = Vec::new();
                spelled.segment.body.spell(right, &mut word)?;
                agreeing(behind.iter(), word.iter()).map(|ends| (starts, ends))
            }
            Variant::Inside { run, at } => {
                let (left, right) = spelled.of(run)?.split_at_checked(at as usize + 1).unwrap_or_default();
                let starts = agreeing(before.iter().rev(), left.iter().rev());
                starts.zip(agreeing(behind.iter(), right.iter()))
            }
        };
        Ok(match agreed {
            None => Verdict::Elsewhere,
            Some((Reach::Whole, Reach::Whole)) => Verdict::Whole,
            Some((Reach::Short, _) | (_, Reach::Short)) => Verdict::Open,
            Some(_) => Verdict::Found,
        })
    }
}

/// How far a word reaches beside a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Not to the end of the string.
    Short,
    /// To the end of the string.
    Whole,
    /// Beyond.
    Beyond,
}

/// How far a word reaches along a part of the string from the pair on; `None` if it says something else.
fn agreeing<'a>(part: impl Iterator<Item = &'a char>, mut word: impl Iterator<Item = &'a char>) -> Option<Reach> {
    for wanted in part {
        match word.next() {
            None => return Some(Reach::Short),
            Some(c) if c != wanted => return None,
            Some(_) => {}
        }
    }
    Some(if word.next().is_none() { Reach::Whole } else { Reach::Beyond })
}

/// The word that was spelled last: variants with the same left word follow each other.
struct Spelled<'a> {
    segment: &'a Segment,
    rank: Option<u32>,
    word: Vec<char>,
}

impl Spelled<'_> {
    fn of(&mut self, rank: u32) -> io::Result<&[char]> {
        if self.rank != Some(rank) {
            self.word.clear();
            self.segment.body.spell(rank, &mut self.word)?;
            self.rank = Some(rank);
        }
        Ok(&self.word)
    }
}
