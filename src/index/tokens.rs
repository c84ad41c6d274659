//! Words and seams: the terms that make literal search exact.
//!
//! Words partition the matching form, so two neighbouring characters stand either inside one word or
//! on both sides of a boundary. A *word* term is a word of 2 to 15 Han characters, at its character
//! position. Every other character (a one-character word, or one inside a run of Latin letters, digits
//! or an overlong word) and the last character of every word begins a *seam* term: the character, the
//! one after it, and a letter that says where the word boundaries around them lie. Hence every
//! neighbouring pair of characters, marks apart, is in exactly one posting, whatever the dictionary was.
//!
//! A character before a mark or at the end has a seam with [`MARK`] if no word term holds it.
//! Marks stand in terms of their own, which tell those that end a sentence from the others, and so do the
//! beginnings of items: strings with marks and searches within a sentence or item need no text either.

use std::sync::Arc;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::fold::{Folded, MARK, fold};
use crate::text::segment::Segmenter;
use crate::text::sentences::{ends_sentence, item_starts};

/// First character of every seam term; no word term begins with it.
pub const SEAM: char = '\u{1}';

/// A term about the layout of a passage rather than its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A mark that ends a sentence.
    SentenceEnd,
    /// Any other mark.
    OtherMark,
    /// The first character of an item.
    ItemStart,
}

impl Layout {
    /// The term, which is shorter than any seam.
    pub fn term(self) -> String {
        let letter = match self {
            Layout::SentenceEnd => 's',
            Layout::OtherMark => 'o',
            Layout::ItemStart => 'i',
        };
        String::from_iter([SEAM, MARK, letter])
    }
}

/// Longest word that becomes a word term, in characters; its length has to fit in four bits.
pub const MAX_WORD: usize = 15;

/// What the left character of a seam is to its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Last character of a word term.
    Tail,
    /// In a run, not at its start.
    Inner,
    /// First character of a run of two or more.
    Start,
    /// A word by itself.
    Sole,
}

/// The word boundaries around a seam.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeamKind {
    /// What the left character is to its word.
    pub left: Left,
    /// Whether a word ends after the right character.
    pub ends: bool,
}

impl SeamKind {
    /// The eight kinds.
    pub fn all() -> impl Iterator<Item = SeamKind> {
        [Left::Tail, Left::Inner, Left::Start, Left::Sole]
            .into_iter()
            .flat_map(|left| [false, true].map(|ends| SeamKind { left, ends }))
    }

    /// Whether a word begins at the left character.
    pub fn starts(self) -> bool {
        matches!(self.left, Left::Start | Left::Sole)
    }

    fn letter(self) -> char {
        char::from(b'a' + self.left as u8 * 2 + u8::from(self.ends))
    }

    /// The kind that the last character of a seam term stands for.
    pub fn from_letter(letter: char) -> Option<SeamKind> {
        SeamKind::all().find(|kind| kind.letter() == letter)
    }
}

/// Writes the seam term of two characters into `term`.
pub fn write_seam(term: &mut String, left: char, right: char, kind: SeamKind) {
    term.clear();
    term.extend([SEAM, left, right, kind.letter()]);
}

/// Whether a word (as its characters) becomes a word term.
pub fn is_word_term(word: &[char]) -> bool {
    (2..=MAX_WORD).contains(&word.len()) && word.iter().all(|&c| is_han(c))
}

fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Tokenizer of the body field: folds, segments and emits words and seams.
#[derive(Clone)]
pub struct WordsAndSeams {
    segmenter: Arc<Segmenter>,
}

impl WordsAndSeams {
    /// A tokenizer over a segmenter.
    pub fn new(segmenter: Arc<Segmenter>) -> Self {
        WordsAndSeams { segmenter }
    }
}

impl Tokenizer for WordsAndSeams {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        let folded = fold(text);
        let ends = self.segmenter.word_ends(&folded);
        let mut terms = terms(&folded, &ends);
        terms.extend(layout(text, &folded));
        Stream { terms: terms.into_iter(), chars: folded.chars, token: Token::default() }
    }
}

/// A term before it is spelled out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TermAt {
    Word { start: usize, end: usize },
    Seam { left: usize, kind: SeamKind },
    Layout { at: usize, layout: Layout },
}

/// The terms of a segmented form, in order of position.
fn terms(folded: &Folded, ends: &[usize]) -> Vec<TermAt> {
    let chars = &folded.chars;
    let mut terms = Vec::with_capacity(ends.len() * 2);
    let mut is_end = vec![false; chars.len() + 1];
    for &end in ends {
        is_end[end] = true;
    }
    let ends_after = |left: usize| is_end.get(left + 2).copied().unwrap_or(true);
    let meets_character = |left: usize| chars.get(left + 1).is_some_and(|&c| c != MARK);
    let mut start = 0;
    for &end in ends {
        let word = &chars[start..end];
        if is_word_term(word) {
            terms.push(TermAt::Word { start, end });
            if meets_character(end - 1) {
                let kind = SeamKind { left: Left::Tail, ends: ends_after(end - 1) };
                terms.push(TermAt::Seam { left: end - 1, kind });
            }
        } else if word[0] != MARK {
            for left in start..end {
                let place = match (left == start, end - start) {
                    (_, 1) => Left::Sole,
                    (true, _) => Left::Start,
                    (false, _) => Left::Inner,
                };
                let ends = !meets_character(left) || ends_after(left);
                terms.push(TermAt::Seam { left, kind: SeamKind { left: place, ends } });
            }
        }
        start = end;
    }
    terms
}

/// The layout terms of a passage.
fn layout(text: &str, folded: &Folded) -> Vec<TermAt> {
    let original: Vec<char> = text.chars().collect();
    let mark = |(at, &c): (usize, &char)| {
        let (from, to) = folded.origins[at];
        let ends = original[from as usize..to as usize].iter().any(|&c| ends_sentence(c));
        let layout = if ends { Layout::SentenceEnd } else { Layout::OtherMark };
        (c == MARK).then_some(TermAt::Layout { at, layout })
    };
    let item = |start| TermAt::Layout { at: folded.range_of(start, start + 1).0, layout: Layout::ItemStart };
    let marks = folded.chars.iter().enumerate().filter_map(mark);
    marks.chain(item_starts(&original).into_iter().map(item)).collect()
}

/// The token stream of one passage.
pub struct Stream {
    terms: std::vec::IntoIter<TermAt>,
    chars: Vec<char>,
    token: Token,
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        let Some(term) = self.terms.next() else { return false };
        match term {
            TermAt::Word { start, end } => {
                self.token.text.clear();
                self.token.text.extend(&self.chars[start..end]);
                self.token.position = start;
            }
            TermAt::Seam { left, kind } => {
                let right = self.chars.get(left + 1).copied().unwrap_or(MARK);
                write_seam(&mut self.token.text, self.chars[left], right, kind);
                self.token.position = left;
            }
            TermAt::Layout { at, layout } => {
                self.token.text = layout.term();
                self.token.position = at;
            }
        }
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelled(text: &str, ends: &[usize]) -> Vec<(usize, String)> {
        let folded = fold(text);
        let terms = terms(&folded, ends);
        let mut stream = Stream { terms: terms.into_iter(), chars: folded.chars, token: Token::default() };
        let mut spelled = Vec::new();
        while stream.advance() {
            spelled.push((stream.token.position, stream.token.text.replace(SEAM, "+")));
        }
        spelled
    }

    #[test]
    fn words_seams_and_runs() {
        // 人民 | 政协 | 的 | 2026 | 年 | 。 | 好
        let terms = spelled("人民政协的2026年。好", &[2, 4, 5, 9, 10, 11, 12]);
        let expected = [
            (0, "人民"),
            (1, "+民政a"),
            (2, "政协"),
            (3, "+协的b"),
            (4, "+的2g"),
            (5, "+20e"),
            (6, "+02c"),
            (7, "+26d"),
            (8, "+6年d"),
            (9, "+年。h"),
            (11, "+好。h"),
        ];
        let expected: Vec<(usize, String)> = expected.iter().map(|&(at, term)| (at, term.to_owned())).collect();
        assert_eq!(terms, expected);
    }

    #[test]
    fn seam_letters_read_back() {
        for kind in SeamKind::all() {
            assert_eq!(SeamKind::from_letter(kind.letter()), Some(kind));
        }
        assert_eq!(SeamKind::from_letter('z'), None);
    }

    #[test]
    fn marks_and_items_have_terms_of_their_own() {
        let text = "两件事：一是“稳”。二是进";
        let folded = fold(text);
        let spelled: Vec<(usize, Layout)> = layout(text, &folded)
            .into_iter()
            .map(|term| match term {
                TermAt::Layout { at, layout } => (at, layout),
                _ => unreachable!("layout() makes no other"),
            })
            .collect();
        let expected =
            [(3, Layout::OtherMark), (7, Layout::SentenceEnd), (4, Layout::ItemStart), (8, Layout::ItemStart)];
        assert_eq!(spelled, expected);
    }

    proptest! {
        /// The ground of exactness: every neighbouring pair without a mark is in exactly one term, and
        /// every character but marks is in exactly one word term or begins exactly one seam of its own.
        #[test]
        fn every_pair_stands_in_exactly_one_term(
            text in "[人民政协十五a1 ，“]{1,30}",
            cuts in proptest::collection::vec(any::<bool>(), 31),
        ) {
            let folded = fold(&text);
            let n = folded.chars.len();
            let isolated = |i: usize| matches!(folded.chars[i], MARK | ' ');
            let ends: Vec<usize> =
                (1..=n).filter(|&i| i == n || cuts[i] || isolated(i) || isolated(i - 1)).collect();
            let mut pairs = vec![0; n];
            let mut singles = vec![0; n];
            for term in terms(&folded, &ends) {
                match term {
                    TermAt::Word { start, end } => {
                        (start..end - 1).for_each(|i| pairs[i] += 1);
                        (start..end).for_each(|i| singles[i] += 1);
                    }
                    TermAt::Seam { left, kind } => {
                        if left + 1 < n && folded.chars[left + 1] != MARK {
                            pairs[left] += 1;
                        }
                        if kind.left != Left::Tail {
                            singles[left] += 1;
                        }
                    }
                    TermAt::Layout { .. } => unreachable!("terms() makes none"),
                }
            }
            for i in 0..n {
                let mark = folded.chars[i] == MARK;
                prop_assert_eq!(singles[i], usize::from(!mark));
                let pair = i + 1 < n && !mark && folded.chars[i + 1] != MARK;
                prop_assert_eq!(pairs[i], usize::from(pair));
            }
        }
    }
}
