//! Parts of speech of words, as jieba tags them.
//!
//! The only thing for which jieba itself is asked while the program runs, and its dictionary loaded (0.1 s and more).

use jieba_rs::Jieba;

use super::lexicon;

/// Tells parts of speech.
pub struct Tagger {
    jieba: Jieba,
}

impl Tagger {
    /// Loads jieba's default dictionary and adds the built-in lexicon.
    pub fn new() -> Self {
        let mut jieba = Jieba::new();
        for word in lexicon::built_in() {
            jieba.add_word(&word, None, None);
        }
        Tagger { jieba }
    }

    /// The part of speech that the dictionary gives a word, in the tags of ICTCLAS (`n`, `vn`, `ad` …); `x` for a word
    /// that it does not know.
    pub fn part_of_speech(&self, word: &str) -> String {
        match self.jieba.tag(word, false).as_slice() {
            [whole] => whole.tag.to_owned(),
            _ => "x".to_owned(),
        }
    }
}

impl Default for Tagger {
    fn default() -> Self {
        Self::new()
    }
}
