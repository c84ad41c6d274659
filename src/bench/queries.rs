//! The queries of a benchmark: drawn from the archive itself by a seed, so that they suit any archive.
//!
//! Invariant: the same index content and seed give the same queries, whatever order segments stand in; each is
//! literal and its strings have two characters or more. What is right as an answer is told by `scan`.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use crate::archive::{Archive, Stored};
use crate::error::Error;
use crate::generate::Random;
use crate::model::{Metadata, Passage};
use crate::query::{Field, Query, Reading};
use crate::search::{Options, Relaxed};
use crate::text::fold::{MARK, fold, matching_form};
use crate::text::segment::Segmenter;

/// Queries of each class, if the archive yields so many.
const PER_CLASS: usize = 100;

/// Passages that are looked into for each query wanted, at most.
const TRIES: usize = 40;

/// Passages whose words are counted for the common ones.
const COUNTED: usize = 400;

/// A class of queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The commonest words of two characters.
    CommonWord,
    /// Two to eight characters from anywhere, across words as well.
    String,
    /// Nine to twenty characters, as when a sentence is looked up.
    LongString,
    /// Two strings of one passage.
    BothStrings,
    /// A stretch with punctuation, as it stands.
    Punctuated,
    /// A string in the reports of its year and kind.
    Filtered,
}

impl Class {
    /// Every class.
    pub const ALL: [Class; 6] =
        [Class::CommonWord, Class::String, Class::LongString, Class::BothStrings, Class::Punctuated, Class::Filtered];
}

/// A query that was drawn.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Its class.
    pub class: Class,
    /// The query, read literally.
    pub query: Query,
    /// Conditions beside it.
    pub filter: Vec<Field>,
}

impl Drawn {
    /// A query for these matching forms; `None` if what is typed for them is not read as they are.
    fn new(class: Class, strings: &[String], filter: Vec<Field>) -> Option<Drawn> {
        let typed: Vec<String> = strings
            .iter()
            .map(|string| if string.contains(MARK) { format!("\"{string}\"") } else { string.clone() })
            .collect();
        let query = Query::read(&typed.join(" "), &Reading { literal: true, ..Reading::default() });
        (query.strings() == strings).then_some(Drawn { class, query, filter })
    }

    /// How it is asked: counts and the best ten hits.
    pub fn options(&self) -> Options {
        Options { filter: self.filter.clone(), relaxed: Relaxed::Never, ..Options::default() }
    }
}

/// Draws queries, the classes by turns.
///
/// # Errors
/// If the index is damaged.
pub fn draw(archive: &Archive, seed: u64) -> Result<Vec<Drawn>, Error> {
    let reports = archive.reports()?;
    let mut deck = Deck::new(&reports, seed);
    let mut classes = Vec::new();
    for class in Class::ALL {
        let drawn = if class == Class::CommonWord { deck.common_words()? } else { deck.strings(class)? };
        classes.push(drawn.into_iter());
    }
    let mut drawn = Vec::new();
    for _ in 0..PER_CLASS {
        drawn.extend(classes.iter_mut().filter_map(Iterator::next));
    }
    Ok(drawn)
}

/// The passages of an archive, to be drawn from.
struct Deck<'a> {
    reports: &'a [Stored<'a>],
    /// Passages up to the end of each report.
    ends: Vec<usize>,
    random: Random,
}

impl<'a> Deck<'a> {
    fn new(reports: &'a [Stored<'a>], seed: u64) -> Deck<'a> {
        let mut end = 0;
        let passages = reports.iter().map(|report| report.header.passages as usize);
        let ends = passages.map(|passages| {
            end += passages;
            end
        });
        Deck { reports, ends: ends.collect(), random: Random::new(seed) }
    }

    /// Any passage, with its report's metadata; `None` if there is none.
    fn passage(&mut self) -> Result<Option<(&'a Metadata, Passage)>, Error> {
        let Some(&count) = self.ends.last().filter(|&&count| count > 0) else { return Ok(None) };
        let place = self.random.below(count);
        let report = self.ends.partition_point(|&end| end <= place);
        let before = report.checked_sub(1).map_or(0, |before| self.ends[before]);
        let stored = &self.reports[report];
        let passage = stored.passage((place - before) as u32 + 1)?;
        Ok(Some((&stored.header.metadata, passage)))
    }

    /// The commonest two-character words of some passages, commonest first.
    fn common_words(&mut self) -> Result<Vec<Drawn>, Error> {
        let segmenter = Segmenter::new();
        let mut counts: HashMap<String, u64> = HashMap::new();
        for _ in 0..COUNTED {
            let Some((_, passage)) = self.passage()? else { break };
            let folded = fold(&passage.text);
            let mut start = 0;
            for end in segmenter.word_ends(&folded) {
                if end - start == 2 && folded.chars[start..end].iter().copied().all(is_han) {
                    *counts.entry(folded.chars[start..end].iter().collect()).or_default() += 1;
                }
                start = end;
            }
        }
        let mut words: Vec<(String, u64)> = counts.into_iter().collect();
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let words = words.into_iter().take(PER_CLASS);
        Ok(words.filter_map(|(word, _)| Drawn::new(Class::CommonWord, &[word], Vec::new())).collect())
    }

    /// Different queries of a class, as many as are found.
    fn strings(&mut self, class: Class) -> Result<Vec<Drawn>, Error> {
        let mut drawn = Vec::new();
        let mut seen = HashSet::new();
        for _ in 0..PER_CLASS * TRIES {
            if drawn.len() == PER_CLASS {
                break;
            }
            let Some((metadata, passage)) = self.passage()? else { break };
            let form: Vec<char> = matching_form(&passage.text).chars().collect();
            let found = self.of(class, &form, metadata).filter(|found| seen.insert(found.query.text.clone()));
            drawn.extend(found);
        }
        Ok(drawn)
    }

    /// A query of a class from a place in a matching form, if one is there.
    fn of(&mut self, class: Class, form: &[char], metadata: &Metadata) -> Option<Drawn> {
        let is_plain = |string: &[char]| string.iter().all(|c| c.is_alphanumeric());
        let mut filter = Vec::new();
        let strings = match class {
            Class::CommonWord => return None,
            Class::String => vec![self.stretch(form, 2..=8, is_plain)?],
            Class::LongString => vec![self.stretch(form, 9..=20, is_plain)?],
            Class::BothStrings => {
                let pair = [self.stretch(form, 2..=4, is_plain)?, self.stretch(form, 2..=4, is_plain)?];
                let [a, b] = &pair;
                if a.contains(b) || b.contains(a) {
                    return None;
                }
                pair.to_vec()
            }
            Class::Punctuated => {
                let has_mark = |string: &[char]| {
                    let pieces: Vec<&[char]> = string.split(|&c| c == MARK).collect();
                    pieces.len() > 1 && pieces.iter().all(|piece| !piece.is_empty() && is_plain(piece))
                };
                vec![self.stretch(form, 4..=12, has_mark)?]
            }
            Class::Filtered => {
                filter.extend(metadata.year.as_ref().map(|year| Field::Year(vec![year.value..=year.value])));
                filter.push(Field::Kind(vec![metadata.kind.value.label().to_owned()]));
                vec![self.stretch(form, 2..=4, is_plain)?]
            }
        };
        Drawn::new(class, &strings, filter)
    }

    /// A stretch from anywhere in a form, if it fits.
    fn stretch(
        &mut self,
        form: &[char],
        lengths: RangeInclusive<usize>,
        fits: impl Fn(&[char]) -> bool,
    ) -> Option<String> {
        let length = lengths.start() + self.random.below(lengths.end() - lengths.start() + 1);
        let last = form.len().checked_sub(length)?;
        let start = self.random.below(last + 1);
        let stretch = &form[start..start + length];
        fits(stretch).then(|| stretch.iter().collect())
    }
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}
