//! The words added to jieba's dictionary: the built-in ones, made by rule, and a user's own.
//!
//! Official prose is full of names that number a plan or a congress. Without them 十五五 falls apart into
//! 十五 and 五, and 十五 would count as a whole word in it. Only names made by these rules belong here;
//! which words a dictionary knows never changes what a literal search finds, only tiers and ranking.

use super::fold::{MARK, matching_form};
use super::numerals;

/// Plan names (一五 … 二十五五), congresses (一大 … 三十大), terms (一届 … 三十届) and plenums (一中全会 … 九中全会).
pub fn built_in() -> Vec<String> {
    let plans = (1..=25).map(|n| numerals::name(n) + "五");
    let congresses = (1..=30).map(|n| numerals::name(n) + "大");
    let terms = (1..=30).map(|n| numerals::name(n) + "届");
    let plenums = (1..=9).map(|n| numerals::name(n) + "中全会");
    plans.chain(congresses).chain(terms).chain(plenums).collect()
}

/// What a user adds to the built-in lexicon: words, and groups of words that mean the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lexicon {
    /// Matching forms of the words, sorted, each once; those of synonyms are among them.
    pub words: Vec<String>,
    /// The groups.
    pub synonyms: Synonyms,
}

/// Groups of matching forms that mean the same.
pub type Synonyms = Vec<Vec<String>>;

impl Lexicon {
    /// Reads a lexicon: a word a line, or `甲 = 乙 = 丙` for words that mean the same; `#` begins a comment.
    ///
    /// Words keep their matching form; lines without any are passed over.
    pub fn parse(text: &str) -> Lexicon {
        let mut lexicon = Lexicon::default();
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default().replace('＝', "=");
            let mut group: Vec<String> =
                line.split('=').map(matching_form).filter(|form| !form.is_empty() && !form.contains(MARK)).collect();
            group.dedup();
            lexicon.words.extend(group.iter().cloned());
            if group.len() > 1 {
                lexicon.synonyms.push(group);
            }
        }
        lexicon.words.sort_unstable();
        lexicon.words.dedup();
        lexicon
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_the_names_that_matter() {
        let words = built_in();
        for word in ["十五五", "十四五", "一五", "二十五", "二十大", "十五大", "十五届", "三中全会"]
        {
            assert!(words.iter().any(|w| w == word), "{word}");
        }
    }

    #[test]
    fn a_users_lexicon_has_words_and_synonyms() {
        let lexicon =
            Lexicon::parse("\u{feff}# 说明\n产业社区\n“三个年”活动 # 口径\n\n数字经济＝数智经济 = 数经\n，\n");
        assert_eq!(lexicon.words, ["三个年活动", "产业社区", "数字经济", "数智经济", "数经"]);
        assert_eq!(lexicon.synonyms, [["数字经济", "数智经济", "数经"]]);
        assert_eq!(Lexicon::parse(""), Lexicon::default());
    }
}
