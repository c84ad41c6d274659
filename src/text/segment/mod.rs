//! Word boundaries of a matching form: jieba's best path without HMM, with the built-in lexicon.
//!
//! Invariant: the words are those of jieba-rs with the same words added to it; they partition the text.
//! In a matching form boundaries also lie at every dropped quote or bracket, at every kept space and around every
//! mark. Words and frequencies belong to `dictionary` and `added`, the choice among them to `route`.

mod added;
mod dictionary;
#[cfg(test)]
mod identity;
mod route;

use self::added::Added;
pub use self::route::Scratch;
use self::route::Weights;
use super::fold::{Folded, MARK};
use super::lexicon;

/// The id of a token that is no word: a character that the dictionary does not know, a run of letters and digits.
pub const NO_WORD: u32 = dictionary::NO_NODE;

/// The ids of words of the dictionary are below; those of other added words follow, in the order they were added.
pub const DICTIONARY_IDS: u32 = dictionary::NODE_COUNT as u32;

/// Cuts matching forms into words.
#[derive(Debug, Clone)]
pub struct Segmenter {
    weights: Weights,
    added: Added,
    /// The sum of all frequencies.
    total: u64,
}

impl Segmenter {
    /// The dictionary of jieba-rs with the built-in lexicon.
    pub fn new() -> Self {
        Segmenter::with_words(&[])
    }

    /// As [`Segmenter::new`], with a user's words (matching forms) added.
    pub fn with_words(words: &[String]) -> Self {
        Segmenter::of(lexicon::built_in().iter().chain(words).map(String::as_str))
    }

    /// The dictionary of jieba-rs with these words alone, each added by `Jieba::add_word` without a frequency.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let words: Vec<Vec<char>> = words.into_iter().map(|word| word.chars().collect()).collect();
        let added = Added::with_capacity(words.len());
        let mut segmenter = Segmenter { weights: Weights::of_dictionary(), added, total: dictionary::TOTAL };
        let mut scratch = Scratch::default();
        for word in words.iter().filter(|word| !word.is_empty()) {
            segmenter.add(word, &mut scratch);
        }
        segmenter
    }

    /// Adds a word so common that it stays whole.
    fn add(&mut self, word: &[char], scratch: &mut Scratch) {
        let frequency = self.suggested_frequency(word, scratch);
        self.total = self.total + frequency - self.frequency(word).unwrap_or(0);
        self.added.insert(word, frequency);
        self.weights.total = (self.total as f64).ln();
    }

    /// As `Jieba::suggest_freq`, with the same operations in the same order.
    fn suggested_frequency(&self, word: &[char], scratch: &mut Scratch) -> u64 {
        let total = self.weights.total;
        let (mut start, mut sum) = (0, 0.0);
        self.cut(word, scratch, |end, _| {
            sum = sum + (self.frequency(&word[start..end]).unwrap_or(1) as f64).ln() - total;
            start = end;
        });
        let suggested = (sum + total).exp() as u64 + 1;
        suggested.max(self.frequency(word).unwrap_or(1))
    }

    fn frequency(&self, word: &[char]) -> Option<u64> {
        let added = self.added.find(word).map(|word| word.frequency);
        added.or_else(|| dictionary::find(word).map(dictionary::frequency))
    }

    /// Cuts a text, and gives for each token where it ends, in characters, and its id.
    ///
    /// The tokens are those of `Jieba::cut` without HMM. Equal words of one segmenter have equal ids and different
    /// words have different ones; whatever is not known as a word has [`NO_WORD`] or an id of its own. The scratch
    /// may come from any text and any segmenter before.
    pub fn cut(&self, chars: &[char], scratch: &mut Scratch, mut emit: impl FnMut(usize, u32)) {
        let steps = scratch.route(chars, &self.weights, &self.added);
        let is_unjoined = |at: usize| at < steps.len() && steps[at].len == 1 && chars[at].is_ascii_alphanumeric();
        let mut at = 0;
        while at < steps.len() {
            let (c, step) = (chars[at], steps[at]);
            // In this order: the length of a word is hard to predict.
            if c.is_ascii() && step.len == 1 {
                let start = at;
                while is_unjoined(at) {
                    at += 1;
                }
                if at == start {
                    let is_line_end = c == '\r' && chars.get(at + 1) == Some(&'\n');
                    at += if is_line_end { 2 } else { 1 };
                }
                emit(at, NO_WORD);
            } else {
                at += step.len as usize;
                emit(
                    at,
                    std::hint::select_unpredictable(step.id == u32::from(dictionary::SEPARATOR), NO_WORD, step.id),
                );
            }
        }
    }

    /// As [`Segmenter::cut`], of the characters of a matching form: words end before and after marks and kept spaces, too,
    /// and wherever one has to begin. What is cut in two has no id.
    pub fn cut_form(
        &self,
        chars: &[char],
        begins: impl Fn(usize) -> bool,
        scratch: &mut Scratch,
        mut emit: impl FnMut(usize, u32),
    ) {
        let isolated = |at: usize| matches!(chars[at], MARK | ' ');
        let mut start = 0;
        self.cut(chars, scratch, |end, id| {
            let is_cut = |at: &usize| begins(*at) || isolated(*at) || isolated(*at - 1);
            let mut id = id;
            for at in (start + 1..end).filter(is_cut) {
                id = NO_WORD;
                emit(at, id);
            }
            emit(end, id);
            start = end;
        });
    }

    /// The end of each word, in characters of the form, ascending; the last is the form's length.
    pub fn word_ends(&self, folded: &Folded) -> Vec<usize> {
        let mut ends = Vec::with_capacity(folded.chars.len());
        self.cut_form(&folded.chars, |at| folded.breaks[at], &mut Scratch::default(), |end, _| ends.push(end));
        ends
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
