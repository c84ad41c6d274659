//! What one pair of a string tells about the string: by the words on both sides of the pair, as its postings name them.
//!
//! Where these words hold the whole string, it is counted; where they hold a part of it and agree with it, or are not
//! known, the passage remains a candidate; where they do not agree, it does not stand there.

use std::io;

use tantivy::DocId;

use super::agreement::{Agreement, Agreements, Reach, Says};
use super::covers::{Match, add_up, union};
use crate::index::body::Term;
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

/// What words that agree with the string say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It may stand there.
    Open,
    /// It stands there.
    Found,
    /// It stands there, from a word's start to a word's end.
    Whole,
}

impl Verdict {
    fn of(agreement: &Agreement) -> Verdict {
        match (agreement.left, agreement.right) {
            (Reach::Whole, Reach::Whole) => Verdict::Whole,
            (Reach::Short { .. }, _) | (_, Reach::Short { .. }) => Verdict::Open,
            _ => Verdict::Found,
        }
    }
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
        let Some(agreements) = Agreements::of(segment, chars, self.pair, term)? else {
            return segment.body.for_each_block(term, |docs, _| told.candidates.extend_from_slice(docs));
        };
        if agreements.is_empty() {
            return Ok(());
        }
        let verdicts: Vec<Verdict> = agreements.kinds.iter().map(Verdict::of).collect();
        segment.body.for_each_document(term, |doc, occurrences| {
            let mut found = Match { doc, ..Match::default() };
            let mut is_open = false;
            for occurrence in occurrences {
                match agreements.says(occurrence) {
                    Says::Elsewhere => {}
                    Says::Nothing => is_open = true,
                    Says::Agrees(kind) => match verdicts[kind] {
                        Verdict::Open => is_open = true,
                        Verdict::Found => found.occurrences += 1,
                        Verdict::Whole => {
                            found.occurrences += 1;
                            found.whole += 1;
                        }
                    },
                }
            }
            if is_open {
                told.candidates.push(doc);
            }
            if found.occurrences > 0 {
                told.found.push(found);
            }
        })
    }
}
