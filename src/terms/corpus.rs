//! The passages that terms are looked for in, word by word.

use std::collections::{HashMap, HashSet};

use super::classes::{ADDRESSES, Classes};
use super::grams::word;
use crate::error::Error;
use crate::index::{DocId, TantivyError};
use crate::model::Role;
use crate::search::places::{self, Place};
use crate::search::words::{Placed, Token, WordId, Words};
use crate::usage::Usage;

/// A passage of the corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassageAt {
    /// Its segment.
    pub segment: usize,
    /// Its document.
    pub doc: DocId,
    /// The header of its report.
    pub header: DocId,
    /// The year.
    pub year: Option<i64>,
    /// The series, by number.
    pub series: u32,
    /// Whether all of it is a heading.
    pub is_heading: bool,
}

/// Passages with their words.
pub struct Corpus<'a> {
    /// What was looked through.
    pub usage: &'a Usage<'a>,
    /// The words.
    pub words: Words<'a>,
    /// Running text and headings, report by report.
    pub passages: Vec<PassageAt>,
}

/// Longest lead, in characters of the matching form.
const LEAD: u32 = 40;

impl<'a> Corpus<'a> {
    /// The paragraphs and headings that a usage looked through.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(usage: &'a Usage<'a>) -> Result<Corpus<'a>, Error> {
        Corpus::read(usage).map_err(|source| usage.snapshot.failure(source))
    }

    fn read(usage: &'a Usage<'a>) -> Result<Corpus<'a>, TantivyError> {
        let mut passages = Vec::new();
        let mut numbers: HashMap<(String, String), u32> = HashMap::new();
        for (number, segment) in usage.segments() {
            let mut last: Option<(DocId, u32)> = None;
            for &doc in &usage.looked_through[number] {
                let header = segment.header_of(doc);
                let of_report = match last {
                    Some((of, known)) if of == header => known,
                    _ => {
                        let name = (usage.snapshot.issuer_of(segment, doc)?, segment.kind_of(doc)?.unwrap_or_default());
                        let next = numbers.len() as u32;
                        *numbers.entry(name).or_insert(next)
                    }
                };
                last = Some((header, of_report));
                let Some(role @ (Role::Paragraph | Role::Heading)) = segment.role(doc) else { continue };
                passages.push(PassageAt {
                    segment: number,
                    doc,
                    header,
                    year: segment.year_of(doc).map(i64::from),
                    series: of_report,
                    is_heading: role == Role::Heading,
                });
            }
        }
        let kept: Vec<HashSet<DocId>> = (0..usage.snapshot.segments.len())
            .map(|segment| passages.iter().filter(|at| at.segment == segment).map(|at| at.doc).collect())
            .collect();
        let words = Words::of(usage.snapshot, |segment, doc| kept[segment].contains(&doc))?;
        Ok(Corpus { usage, words, passages })
    }

    /// The tokens of a passage.
    pub fn tokens(&self, at: &PassageAt) -> Vec<Placed> {
        self.words.passage(at.segment, at.doc)
    }

    /// Whether a passage is among those that the query asks for.
    pub fn is_asked(&self, at: &PassageAt) -> bool {
        self.usage.is_match(at.segment, at.doc)
    }

    /// The places of a string in all passages that were looked through, whatever their role, by segment.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn standing(&self, text: &str) -> Result<Vec<(usize, Place)>, TantivyError> {
        let mut standing = Vec::new();
        for (number, segment) in self.usage.segments() {
            let among = &self.usage.looked_through[number];
            standing.extend(places::find(segment, text, Some(among))?.into_iter().map(|place| (number, place)));
        }
        Ok(standing)
    }

    /// The year of a passage's report.
    pub fn year(&self, segment: usize, doc: DocId) -> Option<i64> {
        self.usage.snapshot.segments[segment].year_of(doc).map(i64::from)
    }

    /// The text of words, as a matching form.
    pub fn text(&self, words: &[WordId]) -> String {
        words.iter().map(|&word| self.words.vocabulary.word(word)).collect()
    }

    /// The classes of the words of some of the passages.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn classes(&self, target: &[PassageAt]) -> Result<Classes, Error> {
        let mut in_target = vec![false; self.words.vocabulary.len()];
        for at in target {
            self.tokens(at).iter().filter_map(word).for_each(|word| in_target[word as usize] = true);
        }
        let addresses: Vec<WordId> = ADDRESSES.iter().filter_map(|word| self.words.vocabulary.id(word)).collect();
        let mut addressed = HashSet::new();
        let mut counts = vec![0u64; in_target.len()];
        for at in &self.passages {
            let tokens = self.tokens(at);
            for pair in tokens.windows(2) {
                let (Some(left), Some(right)) = (word(&pair[0]), word(&pair[1])) else { continue };
                if addresses.contains(&left) || addresses.contains(&right) {
                    addressed.extend([left, right]);
                }
            }
            tokens.iter().filter_map(word).for_each(|word| counts[word as usize] += 1);
        }
        let total = counts.iter().sum();
        counts.iter_mut().zip(&in_target).filter(|(_, there)| !**there).for_each(|(count, _)| *count = 0);
        let mut regions = Vec::new();
        for segment in &self.usage.snapshot.segments {
            regions.extend(segment.regions().map_err(|source| self.usage.snapshot.failure(source))?);
        }
        Ok(Classes::of(&self.words.vocabulary, &counts, total, &addressed, &regions))
    }
}

/// How many tokens at a passage's beginning are what it is about: all of a heading, and a short first sentence that
/// others follow.
pub fn lead(at: &PassageAt, tokens: &[Placed]) -> usize {
    if at.is_heading {
        return tokens.len();
    }
    let end = tokens.iter().position(|token| token.token == Token::SentenceEnd);
    end.filter(|&end| end + 1 < tokens.len() && tokens[end].start <= LEAD).unwrap_or(0)
}
