//! The words of a segment while it is written, numbered in order of their first appearance.

use rustc_hash::FxHashMap;

use crate::text::segment::{DICTIONARY_IDS, NO_WORD};

/// Words and their numbers in order of their first appearance.
#[derive(Default)]
pub struct Vocabulary {
    /// By the segmenter's id, one more than the number; 0 for words that have not been seen.
    by_id: Vec<u32>,
    /// Words of up to three characters, these packed into one number.
    short: FxHashMap<u64, u32>,
    long: FxHashMap<Box<[char]>, u32>,
    spelled: Vec<char>,
    /// Where each word ends.
    ends: Vec<u32>,
}

impl Vocabulary {
    /// How many words there are.
    pub fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    /// The number of a word, which the segmenter may have an id for.
    pub fn number(&mut self, word: &[char], id: u32) -> u32 {
        if id == NO_WORD {
            return self.number_of(word);
        }
        let at = id as usize;
        if let Some(&known) = self.by_id.get(at).filter(|&&known| known > 0) {
            return known - 1;
        }
        // The same word may have been seen cut from another one, and so without an id.
        let number = self.number_of(word);
        if self.by_id.len() <= at {
            self.by_id.resize(at.max(DICTIONARY_IDS as usize) + 1, 0);
        }
        self.by_id[at] = number + 1;
        number
    }

    /// The number of a word.
    pub fn number_of(&mut self, word: &[char]) -> u32 {
        let new = self.ends.len() as u32;
        let known = if word.len() <= 3 {
            let packed = word.iter().fold(0, |packed, &c| (packed << 21) | (u64::from(c) + 1));
            *self.short.entry(packed).or_insert(new)
        } else if let Some(&known) = self.long.get(word) {
            known
        } else {
            self.long.insert(word.into(), new);
            new
        };
        if known == new {
            self.spelled.extend_from_slice(word);
            self.ends.push(self.spelled.len() as u32);
        }
        known
    }

    /// The characters of a word.
    pub fn spelled(&self, word: u32) -> &[char] {
        let start = word.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.spelled[start as usize..self.ends[word as usize] as usize]
    }

    /// Forgets how words are found: from now on, they are known by their numbers.
    pub fn close(&mut self) {
        (self.by_id, self.short, self.long) = Default::default();
    }

    /// Bytes of memory that it takes.
    pub fn memory(&self) -> usize {
        let maps = (self.short.capacity() * 17 + self.long.capacity() * 25) * 8 / 7;
        // The characters of long words are kept twice, and each has a block of memory of its own.
        maps + self.by_id.len() * 4 + self.spelled.capacity() * 8 + self.long.len() * 16 + self.ends.capacity() * 4
    }
}
