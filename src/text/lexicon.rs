//! The words that the built-in lexicon adds to jieba's dictionary, made by rule.
//!
//! Official prose is full of names that number a plan or a congress. Without them 十五五 falls apart into
//! 十五 and 五, and 十五 would count as a whole word in it. Only names made by these rules belong here;
//! which words a dictionary knows never changes what a literal search finds, only tiers and ranking.

use super::numerals;

/// Plan names (一五 … 二十五五), congresses (一大 … 三十大), terms (一届 … 三十届) and plenums (一中全会 … 九中全会).
pub fn built_in() -> Vec<String> {
    let plans = (1..=25).map(|n| numerals::name(n) + "五");
    let congresses = (1..=30).map(|n| numerals::name(n) + "大");
    let terms = (1..=30).map(|n| numerals::name(n) + "届");
    let plenums = (1..=9).map(|n| numerals::name(n) + "中全会");
    plans.chain(congresses).chain(terms).chain(plenums).collect()
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
}
