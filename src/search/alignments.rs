//! Occurrences of a string in the words of a passage, told by the words' ranks: no word is spelled.
//!
//! All words that an occurrence can touch are known beforehand: those inside the string, those that its beginning
//! ends, and those that its end begins. So passages are read as numbers, and at each word's end it is remembered how
//! much of the string stands before it. Words that hold the whole string are among them, so all occurrences are
//! counted. Runs of letters and digits are not listed by what they hold: where one is met, it is looked at once. A mark
//! of the string agrees with any mark.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::covers::Match;
use crate::index::body::Token;
use crate::index::reader::Segment;
use crate::text::fold::MARK;

/// A stretch of the string that a word can be.
#[derive(Debug, Clone, Copy)]
struct Alignment {
    /// First character of the string that the word holds.
    from: u32,
    /// One after the last.
    to: u32,
    /// Whether the word begins there.
    begins: bool,
    /// Whether it ends there.
    ends: bool,
}

/// What the words of a segment can be to a string.
pub struct Alignments<'a> {
    segment: &'a Segment,
    chars: &'a [char],
    by_rank: FxHashMap<u32, Vec<Alignment>>,
    marks: Vec<Alignment>,
    /// One bit for some tokens' codes each: whether one of them is listed. Most tokens of a passage are not.
    filter: Box<[u64; FILTER / 64]>,
    /// What the runs that were met can be; `None` if no run holds a character of the string.
    runs: Option<RefCell<FxHashMap<u32, Rc<[Alignment]>>>>,
}

const FILTER: usize = 1 << 15;

/// Longest string, in characters: how much of it stands somewhere is told by bits.
pub const LONGEST: usize = 63;

impl<'a> Alignments<'a> {
    /// The alignments of a string of at most [`LONGEST`] characters.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(segment: &'a Segment, chars: &'a [char]) -> io::Result<Alignments<'a>> {
        let marks = (0..).zip(chars).filter(|(_, c)| **c == MARK);
        let mut alignments = Alignments {
            segment,
            chars,
            by_rank: FxHashMap::default(),
            marks: marks.map(|(at, _)| Alignment { from: at, to: at + 1, begins: true, ends: true }).collect(),
            filter: Box::new([0; FILTER / 64]),
            runs: None,
        };
        if !alignments.marks.is_empty() {
            alignments.pass([Token::SentenceEnd, Token::OtherMark]);
        }
        let mut word = Vec::new();
        let is_new = |at: &usize| chars[*at] != MARK && !chars[..*at].contains(&chars[*at]);
        for c in (0..chars.len()).filter(is_new).map(|at| chars[at]) {
            let holders = segment.body.pairs.character(c)?;
            if holders.cross.is_some() {
                alignments.runs = Some(RefCell::default());
            }
            for rank in holders.words {
                word.clear();
                segment.body.spell(rank, &mut word)?;
                if agrees(&word, chars, c) {
                    alignments.add(rank, &word);
                }
            }
        }
        Ok(alignments)
    }

    fn add(&mut self, rank: u32, word: &[char]) {
        // A word that holds several characters of the string comes several times.
        self.by_rank.entry(rank).or_insert_with(|| aligned(word, self.chars));
        self.pass([Token::Word(rank)]);
    }

    /// Lets tokens pass the filter.
    fn pass(&mut self, tokens: impl IntoIterator<Item = Token>) {
        for slot in tokens.into_iter().map(|token| token.code() as usize % FILTER) {
            self.filter[slot / 64] |= 1 << (slot % 64);
        }
    }

    fn may_be_listed(&self, code: u32) -> bool {
        let slot = code as usize % FILTER;
        self.filter[slot / 64] >> (slot % 64) & 1 == 1
    }

    fn is_run(&self, token: Token) -> bool {
        matches!(token, Token::Word(rank) if self.segment.body.is_run(rank))
    }

    /// The string's occurrences in a passage.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn count(&self, doc: DocId) -> io::Result<Match> {
        let mut progress = Progress { found: Match { doc, ..Match::default() }, ..Progress::default() };
        let length = self.chars.len() as u32;
        let mut codes = self.segment.body.codes(doc)?;
        for code in codes.by_ref() {
            // Nearly all tokens are neither listed nor runs, nor does anything stand before them.
            let may_be_listed = self.may_be_listed(code);
            let is_wanted = may_be_listed || progress.reached != 0;
            if !is_wanted && self.runs.is_none() {
                continue;
            }
            let token = Token::of_code(code);
            let run = self.runs.as_ref().filter(|_| self.is_run(token));
            if !is_wanted && run.is_none() {
                continue;
            }
            match (token, run) {
                (Token::Item, _) => {}
                (Token::SentenceEnd | Token::OtherMark, _) => progress.step(&self.marks, length),
                (Token::Word(rank), Some(runs)) => progress.step(&self.of_run(rank, runs)?, length),
                (Token::Word(rank), None) => {
                    let aligned = self.by_rank.get(&rank).filter(|_| may_be_listed);
                    progress.step(aligned.map(Vec::as_slice).unwrap_or_default(), length);
                }
            }
        }
        codes.end()?;
        Ok(progress.found)
    }

    fn of_run(&self, rank: u32, runs: &RefCell<FxHashMap<u32, Rc<[Alignment]>>>) -> io::Result<Rc<[Alignment]>> {
        if let Some(known) = runs.borrow().get(&rank) {
            return Ok(known.clone());
        }
        let mut word = Vec::new();
        self.segment.body.spell(rank, &mut word)?;
        let aligned: Rc<[Alignment]> = aligned(&word, self.chars).into();
        runs.borrow_mut().insert(rank, aligned.clone());
        Ok(aligned)
    }
}

/// How far the string has come at a word's end.
#[derive(Default)]
struct Progress {
    found: Match,
    /// Bit `n`: the string's first `n` characters stand before this place.
    reached: u64,
    /// Bit `n`: a word begins with them.
    from_start: u64,
}

impl Progress {
    /// Goes on over a token that can be these stretches of the string.
    fn step(&mut self, alignments: &[Alignment], length: u32) {
        let (before, from_start) = (std::mem::take(&mut self.reached), std::mem::take(&mut self.from_start));
        for &Alignment { from, to, begins, ends } in alignments {
            let (stands, starts) = match from {
                0 => (true, begins),
                _ => (begins && before >> from & 1 == 1, from_start >> from & 1 == 1),
            };
            if !stands {
                continue;
            }
            if to == length {
                self.found.occurrences += 1;
                self.found.whole += u32::from(starts && ends);
            } else if ends {
                self.reached |= 1 << to;
                self.from_start |= u64::from(starts) << to;
            }
        }
    }
}

/// Whether a word agrees with a string where both have a character: most words that hold it do not.
fn agrees(word: &[char], chars: &[char], c: char) -> bool {
    let agrees_at = |in_word: usize, at: usize| {
        let before = in_word.min(at);
        let length = before + (word.len() - in_word).min(chars.len() - at);
        word[in_word - before..][..length] == chars[at - before..][..length]
    };
    let is_here = |at: usize, in_word: usize| chars[at] == c && word[in_word] == c && agrees_at(in_word, at);
    (0..word.len()).any(|in_word| (0..chars.len()).any(|at| is_here(at, in_word)))
}

/// Every place at which a word agrees with a string.
fn aligned(word: &[char], chars: &[char]) -> Vec<Alignment> {
    let (length, of_word) = (chars.len() as i32, word.len() as i32);
    let mut aligned = Vec::new();
    for first in 1 - of_word..length {
        let (from, to) = (first.max(0), (first + of_word).min(length));
        let in_word = (from - first) as usize..(to - first) as usize;
        if chars[from as usize..to as usize] == word[in_word] {
            let (begins, ends) = (first >= 0, first + of_word <= length);
            aligned.push(Alignment { from: from as u32, to: to as u32, begins, ends });
        }
    }
    aligned
}

#[cfg(test)]
mod tests {
    use super::super::literal;
    use super::super::testing::indexed;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Whatever the words are, ranks and postings tell what the spelled words tell.
        #[test]
        fn ranks_and_postings_tell_what_words_tell(
            texts in proptest::collection::vec(
                prop_oneof![
                    "[人民政协十五大会的了中国，]{0,14}(2026|a)?",
                    "(人民|政协|政治|协商|会议|十五|大会|的|中国|国人|2026|20|年|，){0,9}",
                ],
                1..160,
            ),
            strings in proptest::collection::vec("[人民政协十五大会的了中国，2026a]{1,6}", 30),
            others in proptest::collection::vec("(人民|民政|政协|协商|会|会议|国|国人|20|2|26|年|，){1,4}", 30),
        ) {
            let (_folder, snapshot) = indexed(&texts);
            let segment = &snapshot.segments[0];
            for string in strings.iter().chain(&others) {
                let chars: Vec<char> = string.chars().collect();
                let alignments = Alignments::of(segment, &chars).expect("intact");
                let mut found = literal::find(segment, string).expect("intact").into_iter().peekable();
                for doc in segment.passages() {
                    let mut expected = Match { doc, ..Match::default() };
                    for (_, starts, ends) in segment.form(doc).expect("intact").occurrences(&chars) {
                        expected.occurrences += 1;
                        expected.whole += u32::from(starts && ends);
                    }
                    let told = found.next_if(|m| m.doc == doc).unwrap_or(Match { doc, ..Match::default() });
                    prop_assert_eq!(told, expected, "{}", string);
                    prop_assert_eq!(alignments.count(doc).expect("intact"), expected, "{}", string);
                }
                prop_assert!(found.next().is_none());
            }
        }
    }
}
