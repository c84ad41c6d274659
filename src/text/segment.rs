//! Word boundaries of a matching form: jieba's best path without HMM, with the built-in lexicon.
//!
//! Invariant: the words partition the form. Boundaries also lie at every dropped quote or bracket, at
//! every kept space and around every mark. Loading the dictionary takes 0.1 s and more, so nothing that
//! searches makes a [`Segmenter`].

use jieba_rs::Jieba;

use super::fold::{Folded, MARK};
use super::lexicon;

/// Cuts matching forms into words.
pub struct Segmenter {
    jieba: Jieba,
}

impl Segmenter {
    /// Loads jieba's default dictionary and adds the built-in lexicon.
    pub fn new() -> Self {
        Segmenter::with_words(&[])
    }

    /// As [`Segmenter::new`], with a user's words (matching forms) added.
    pub fn with_words(words: &[String]) -> Self {
        let mut jieba = Jieba::new();
        for word in lexicon::built_in().iter().chain(words) {
            jieba.add_word(word, None, None);
        }
        Segmenter { jieba }
    }

    /// The end of each word, in characters of the form, ascending; the last is the form's length.
    pub fn word_ends(&self, folded: &Folded) -> Vec<usize> {
        self.cut(&folded.chars, |at| folded.breaks[at])
    }

    /// As [`Segmenter::word_ends`], of the characters of a form and where a word has to begin in it.
    pub fn cut(&self, chars: &[char], breaks: impl Fn(usize) -> bool) -> Vec<usize> {
        let text = String::from_iter(chars);
        let mut ends = Vec::with_capacity(chars.len());
        let isolated = |i: usize| matches!(chars[i], MARK | ' ');
        for token in self.jieba.cut(&text, false) {
            let inside = token.start + 1..token.end;
            ends.extend(inside.filter(|&i| breaks(i) || isolated(i) || isolated(i - 1)));
            ends.push(token.end);
        }
        ends
    }
}

impl Segmenter {
    /// The part of speech that the dictionary gives a word, in the tags of ICTCLAS (`n`, `vn`, `ad` …); `x` for a word
    /// that it does not know.
    pub fn part_of_speech(&self, word: &str) -> String {
        match self.jieba.tag(word, false).as_slice() {
            [whole] => whole.tag.to_owned(),
            _ => "x".to_owned(),
        }
    }
}

impl Default for Segmenter {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static SEGMENTER: LazyLock<Segmenter> = LazyLock::new(Segmenter::new);

    fn words(text: &str) -> Vec<String> {
        let folded = fold(text);
        let mut start = 0;
        let ends = SEGMENTER.word_ends(&folded);
        ends.into_iter()
            .map(|end| {
                let word = folded.chars[start..end].iter().collect();
                start = end;
                word
            })
            .collect()
    }

    #[test]
    fn numbered_names_are_words() {
        assert_eq!(words("谋划十五五发展"), ["谋划", "十五五", "发展"]);
        assert_eq!(words("党的二十大精神"), ["党", "的", "二十大", "精神"]);
        assert!(words("十五届五中全会").contains(&"十五届".to_owned()));
    }

    #[test]
    fn boundaries_lie_at_dropped_quotes_and_kept_spaces() {
        assert_eq!(words("人民“政协”"), ["人民", "政协"]);
        assert_eq!(words("人“民”政"), ["人", "民", "政"]);
        assert_eq!(words("AI agent"), ["ai", " ", "agent"]);
        assert_eq!(words("发展，推动"), ["发展", "。", "推动"]);
    }

    proptest! {
        #[test]
        fn words_partition_any_form(text in "[\\PC人民政协委员十五“”（） 0-9a-z，]{0,40}") {
            let folded = fold(&text);
            let ends = SEGMENTER.word_ends(&folded);
            prop_assert!(ends.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert_eq!(ends.last().copied().unwrap_or(0), folded.chars.len());
        }
    }
}
