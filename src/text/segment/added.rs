//! The words that a segmenter has beyond the dictionary, or with another frequency than the dictionary's.
//!
//! Invariant: a word has the same id as long as the segmenter lives, and a word of the dictionary keeps its
//! node's number. Which frequency a word gets belongs to `segment`. There are few such words: a filter on pairs of
//! characters keeps the rest of a text away from the hash tables.

use rustc_hash::FxHashMap;

use super::dictionary::{self, NODE_COUNT, SEPARATOR};

/// A word that was added.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// The number of the dictionary's node, or one past all nodes' for a new word.
    pub id: u32,
    /// How common it is.
    pub frequency: u64,
    /// The logarithm of the frequency.
    pub weight: f64,
}

/// Added words, as a prefix tree.
#[derive(Debug, Clone)]
pub struct Added {
    words: Vec<Word>,
    /// Every node but the root, by its parent and character.
    nodes: FxHashMap<(u32, char), u32>,
    /// The word that ends at a node, for the root and every node in the order they were made.
    ends: Vec<Option<u32>>,
    /// How many of the words the dictionary does not have.
    new: u32,
    /// Which pairs of characters may begin a word: a bit of the word of the first for the code of the second.
    pairs: Vec<u64>,
}

impl Added {
    /// Room for so many words.
    pub fn with_capacity(words: usize) -> Added {
        let pairs = vec![0; (words * 4).next_power_of_two().clamp(1 << 8, 1 << 12)];
        Added { words: Vec::new(), nodes: FxHashMap::default(), ends: vec![None], new: 0, pairs }
    }

    /// The root of the tree.
    pub const ROOT: u32 = 0;

    /// The child of a node.
    pub fn child(&self, parent: u32, c: char) -> Option<u32> {
        self.nodes.get(&(parent, c)).copied()
    }

    /// The word that ends at a node.
    pub fn word_at(&self, node: u32) -> Option<Word> {
        self.ends[node as usize].map(|word| self.words[word as usize])
    }

    /// A whole word.
    pub fn find(&self, word: &[char]) -> Option<Word> {
        let node = word.iter().try_fold(Added::ROOT, |node, &c| self.child(node, c))?;
        self.word_at(node)
    }

    /// Whether an added word may begin with two characters, or be the first of them; seldom wrong.
    #[inline(always)]
    pub fn may_begin(&self, first: u16, second: u16) -> bool {
        let slot = usize::from(first) & (self.pairs.len() - 1);
        self.pairs.get(slot).is_some_and(|pairs| (pairs >> (second % 64)) & 1 != 0)
    }

    /// Adds a word, or replaces its frequency.
    pub fn insert(&mut self, word: &[char], frequency: u64) {
        let mut node = Added::ROOT;
        for &c in word {
            let next = self.ends.len() as u32;
            node = *self.nodes.entry((node, c)).or_insert(next);
            if node == next {
                self.ends.push(None);
            }
        }
        let weight = (frequency as f64).ln();
        match self.ends[node as usize] {
            Some(known) => {
                let known = &mut self.words[known as usize];
                *known = Word { frequency, weight, ..*known };
            }
            None => {
                let id = dictionary::find(word).unwrap_or_else(|| {
                    self.new += 1;
                    NODE_COUNT as u32 + self.new - 1
                });
                self.ends[node as usize] = Some(self.words.len() as u32);
                self.words.push(Word { id, frequency, weight });
            }
        }
        self.admit(word);
    }

    /// Lets the pairs pass that the word begins with. One with a separator never is a word of a text.
    fn admit(&mut self, word: &[char]) {
        let codes: Vec<u16> = word.iter().map(|&c| dictionary::code(c)).collect();
        if codes.contains(&SEPARATOR) {
            return;
        }
        let slot = usize::from(codes[0]) & (self.pairs.len() - 1);
        self.pairs[slot] |= codes.get(1).map_or(u64::MAX, |second| 1 << (second % 64));
    }
}
