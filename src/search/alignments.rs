//! Occurrences of a string in the words of a passage, told by the words' ranks: no word is spelled.
//!
//! All words that an occurrence can touch are known beforehand: those inside the string, those that its beginning
//! ends, and those that its end begins. So passages are read as numbers, and at each word's end it is remembered how
//! much of the string stands before it. Words that hold the whole string are among them, so all occurrences are
//! counted. Runs of letters and digits are not listed by what they hold: a string with a character of one has no
//! alignments, and is looked for in the spelled words instead.

use std::io;

use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::covers::Match;
use crate::index::body::Token;
use crate::index::reader::Segment;

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
pub struct Alignments {
    by_rank: FxHashMap<u32, Vec<Alignment>>,
    /// One bit for some ranks each: whether one of them is listed. Most words of a passage are not.
    filter: [u64; FILTER / 64],
    length: u32,
}

const FILTER: usize = 1 << 12;

/// Longest string, in characters: how much of it stands somewhere is told by bits.
const LONGEST: usize = 63;

impl Alignments {
    /// The alignments of a string without marks; `None` if not all of them are listed.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(segment: &Segment, chars: &[char]) -> io::Result<Option<Alignments>> {
        let mut alignments =
            Alignments { by_rank: FxHashMap::default(), filter: [0; FILTER / 64], length: chars.len() as u32 };
        if chars.len() > LONGEST {
            return Ok(None);
        }
        let mut word = Vec::new();
        for (at, &c) in chars.iter().enumerate().filter(|(at, c)| !chars[..*at].contains(c)) {
            let holders = segment.body.character(c)?;
            if holders.cross.is_some() {
                return Ok(None);
            }
            for rank in holders.words {
                word.clear();
                segment.body.spell(rank, &mut word)?;
                // A word that holds several characters of the string is taken at the first of them.
                if !chars[..at].iter().any(|before| word.contains(before)) {
                    alignments.add(rank, &word, chars);
                }
            }
        }
        Ok(Some(alignments))
    }

    /// Adds every place at which a word agrees with the string.
    fn add(&mut self, rank: u32, word: &[char], chars: &[char]) {
        let (length, of_word) = (chars.len() as i32, word.len() as i32);
        for first in 1 - of_word..length {
            let (from, to) = (first.max(0), (first + of_word).min(length));
            let in_word = (from - first) as usize..(to - first) as usize;
            if chars[from as usize..to as usize] == word[in_word] {
                let alignment =
                    Alignment { from: from as u32, to: to as u32, begins: first >= 0, ends: first + of_word <= length };
                self.by_rank.entry(rank).or_default().push(alignment);
                let slot = rank as usize % FILTER;
                self.filter[slot / 64] |= 1 << (slot % 64);
            }
        }
    }

    /// The string's occurrences in a passage.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn count(&self, segment: &Segment, doc: DocId) -> io::Result<Match> {
        let mut found = Match { doc, ..Match::default() };
        // Bit `n`: the string's first `n` characters stand before this place, and whether a word begins with them.
        let (mut reached, mut from_start) = (0u64, 0u64);
        segment.body.for_each_token(doc, |token| {
            let rank = match token {
                Token::Item => return Ok(()),
                Token::SentenceEnd | Token::OtherMark => u32::MAX,
                Token::Word(rank) => rank,
            };
            let before = (std::mem::take(&mut reached), std::mem::take(&mut from_start));
            let slot = rank as usize % FILTER;
            if self.filter[slot / 64] >> (slot % 64) & 1 == 0 {
                return Ok(());
            }
            for alignment in self.by_rank.get(&rank).map(Vec::as_slice).unwrap_or_default() {
                let &Alignment { from, to, begins, ends } = alignment;
                let (stands, starts) = match from {
                    0 => (true, begins),
                    _ => (begins && before.0 >> from & 1 == 1, before.1 >> from & 1 == 1),
                };
                if !stands {
                    continue;
                }
                if to == self.length {
                    found.occurrences += 1;
                    found.whole += u32::from(starts && ends);
                } else if ends {
                    reached |= 1 << to;
                    from_start |= u64::from(starts) << to;
                }
            }
            Ok(())
        })?;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::ledger::Ledger;
    use crate::index::reader::{Snapshot, View};
    use crate::index::writer::Writer;
    use crate::index::{FORMAT, Manifest};
    use crate::model::{Inferred, Kind, Metadata, Origin, Part, Passage, Report, Role};
    use proptest::prelude::*;

    fn report(texts: &[String]) -> Report {
        let title = Inferred::new("报告".to_owned(), Origin::Text);
        let passage = |text: &String| Passage {
            role: Role::Paragraph,
            part: Part::Other,
            section: None,
            text: text.clone(),
            bytes: Vec::new(),
        };
        Report {
            id: "1".to_owned(),
            source: "1".to_owned(),
            place: 0,
            metadata: Metadata::new(title, Inferred::new(Kind::Other, Origin::Inferred)),
            sections: Vec::new(),
            passages: texts.iter().map(passage).collect(),
            own_id: true,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Whatever the words are, ranks tell what the spelled words tell.
        #[test]
        fn ranks_tell_what_words_tell(
            texts in proptest::collection::vec("[人民政协十五大会的了中国，]{0,14}(2026|a)?", 1..60),
            strings in proptest::collection::vec("[人民政协十五大会的了中国]{1,6}", 40),
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let writer = Writer::open(folder.path(), 1, &[]).expect("a writer");
            writer.add(1, &report(&texts)).expect("added");
            let manifest = Manifest { format: FORMAT, ..Manifest::default() };
            writer.commit(&manifest, &Ledger::default()).expect("written");
            let snapshot = Snapshot::open(folder.path(), View::All).expect("opened");
            let segment = &snapshot.segments[0];
            for string in &strings {
                let chars: Vec<char> = string.chars().collect();
                let alignments = Alignments::of(segment, &chars).expect("intact").expect("no runs");
                for doc in segment.passages() {
                    let form = segment.form(doc).expect("intact");
                    let places = || form.find_all(&chars);
                    let is_whole = |at: &usize| form.is_boundary(*at) && form.is_boundary(at + chars.len());
                    let (occurrences, whole) = (places().count() as u32, places().filter(is_whole).count() as u32);
                    let expected = Match { doc, occurrences, whole };
                    prop_assert_eq!(alignments.count(segment, doc).expect("intact"), expected, "{}", string);
                }
            }
        }
    }
}
