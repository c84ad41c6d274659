//! Collocates: which words stand near an expression more often than chance has it.
//!
//! Words are those of the passages' own segmentation, read from the index; marks and white space are none. The
//! windows of all occurrences together are one part of the words looked through: a word in two windows counts once,
//! and the words of the occurrences themselves belong to neither. Windows end with the sentence.

use std::collections::HashMap;

use super::Usage;
use super::measures::Table;
use crate::error::Error;
use crate::search::places::of_documents;
use crate::search::words::{Placed, Token, WordId, Words};

/// How far a window reaches on either side of an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// So many words, within the sentence.
    Words(usize),
    /// The whole sentence.
    Sentence,
}

/// What collocates are ordered by, the largest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Log-likelihood.
    LogLikelihood,
    /// Mutual information.
    MutualInformation,
    /// t-score.
    TScore,
    /// Occurrences in windows.
    Count,
}

/// Which words are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How far windows reach.
    pub window: Window,
    /// The order.
    pub measure: Measure,
    /// Least occurrences in windows.
    pub least: u64,
    /// Least characters of a word.
    pub shortest: usize,
}

/// A word near the expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Collocate {
    /// Its matching form.
    pub word: String,
    /// Occurrences in windows before the expression, and behind it.
    pub sides: (u64, u64),
    /// The counts behind the measures: in windows, and in all passages looked through.
    pub table: Table,
}

/// The collocates of an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Collocates {
    /// Occurrences of the expression.
    pub occurrences: u64,
    /// Words in windows.
    pub in_windows: u64,
    /// Words looked through, those of the expression left out.
    pub words: u64,
    /// The words, best first.
    pub collocates: Vec<Collocate>,
}

/// Which side of an occurrence a word stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Outside,
    Left,
    Right,
    /// Part of an occurrence.
    Of,
}

/// Finds the words near what is asked for.
///
/// # Errors
/// If the index is damaged.
pub fn collocates(usage: &Usage, options: Options) -> Result<Collocates, Error> {
    let is_looked_through = |segment: usize, doc| usage.looked_through[segment].binary_search(&doc).is_ok();
    let words = Words::of(usage.snapshot, is_looked_through).map_err(|source| usage.snapshot.failure(source))?;
    let mut totals = vec![0u64; words.vocabulary.len()];
    // Signs such as % and + are words of the index, but of nobody else.
    let has_letter = |word: WordId| words.vocabulary.word(word).chars().any(char::is_alphanumeric);
    let is_word: Vec<bool> = (0..words.vocabulary.len() as WordId).map(has_letter).collect();
    let mut near: HashMap<WordId, (u64, u64)> = HashMap::new();
    let mut found = Collocates { occurrences: 0, in_windows: 0, words: 0, collocates: Vec::new() };
    for (number, standing) in usage.places()?.into_iter().enumerate() {
        found.occurrences += standing.len() as u64;
        let mut of_document = of_documents(&standing).peekable();
        for &doc in &usage.looked_through[number] {
            let tokens = words.passage(number, doc);
            let here = of_document.next_if(|places| places[0].doc == doc).unwrap_or_default();
            let occurrences: Vec<(u32, u32)> = here.iter().map(|place| (place.start, place.end)).collect();
            let sides = sides(&tokens, &occurrences, options.window);
            for (token, side) in tokens.iter().zip(sides) {
                let Token::Word(word) = token.token else { continue };
                if side == Side::Of || !is_word[word as usize] {
                    continue;
                }
                totals[word as usize] += 1;
                found.words += 1;
                if side != Side::Outside {
                    found.in_windows += 1;
                    let (left, right) = near.entry(word).or_default();
                    *(if side == Side::Left { left } else { right }) += 1;
                }
            }
        }
    }
    let collocate = |(word, sides): (WordId, (u64, u64))| {
        let text = words.vocabulary.word(word);
        let inside = sides.0 + sides.1;
        let is_listed = inside >= options.least && text.chars().count() >= options.shortest;
        let table = Table { inside, part: found.in_windows, total: totals[word as usize], whole: found.words };
        is_listed.then(|| Collocate { word: text.to_owned(), sides, table })
    };
    let mut collocates: Vec<Collocate> = near.into_iter().filter_map(collocate).collect();
    let value = |collocate: &Collocate| match options.measure {
        Measure::LogLikelihood => collocate.table.log_likelihood(),
        Measure::MutualInformation => collocate.table.mutual_information(),
        Measure::TScore => collocate.table.t_score(),
        Measure::Count => collocate.table.inside as f64,
    };
    collocates.sort_by(|a, b| value(b).total_cmp(&value(a)).then_with(|| a.word.cmp(&b.word)));
    found.collocates = collocates;
    Ok(found)
}

/// For each token, on which side of an occurrence (given as ascending ranges of characters) it stands within a
/// window; of two, the nearer, and at equal distance the earlier.
fn sides(tokens: &[Placed], occurrences: &[(u32, u32)], window: Window) -> Vec<Side> {
    let mut sides = vec![Side::Outside; tokens.len()];
    if occurrences.is_empty() {
        return sides;
    }
    let most = match window {
        Window::Words(most) => most,
        Window::Sentence => usize::MAX,
    };
    let mut distances = vec![usize::MAX; tokens.len()];
    let mut reach = |at: &mut dyn Iterator<Item = usize>, side: Side, sides: &mut Vec<Side>| {
        let mut distance = 0;
        for at in at {
            match tokens[at].token {
                Token::SentenceEnd => break,
                Token::Other => continue,
                Token::Word(_) => distance += 1,
            }
            if distance > most {
                break;
            }
            if distance < distances[at] {
                distances[at] = distance;
                sides[at] = side;
            }
        }
    };
    for &(start, end) in occurrences {
        let first = tokens.partition_point(|token| token.end <= start);
        let behind = tokens.partition_point(|token| token.start < end);
        reach(&mut (0..first).rev(), Side::Left, &mut sides);
        reach(&mut (behind..tokens.len()), Side::Right, &mut sides);
    }
    for &(start, end) in occurrences {
        let first = tokens.partition_point(|token| token.end <= start);
        let behind = tokens.partition_point(|token| token.start < end);
        sides[first..behind.max(first)].fill(Side::Of);
    }
    sides
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens of one character each: letters are words, `。` ends a sentence, `，` is another mark.
    fn tokens(text: &str) -> Vec<Placed> {
        let token = |c: char| match c {
            '。' => Token::SentenceEnd,
            '，' => Token::Other,
            word => Token::Word(u32::from(word)),
        };
        (0..).zip(text.chars()).map(|(at, c)| Placed { token: token(c), start: at, end: at + 1 }).collect()
    }

    fn shown(text: &str, occurrences: &[(u32, u32)], window: Window) -> String {
        let letter = |side| match side {
            Side::Outside => '.',
            Side::Left => 'l',
            Side::Right => 'r',
            Side::Of => 'X',
        };
        sides(&tokens(text), occurrences, window).into_iter().map(letter).collect()
    }

    #[test]
    fn windows_count_words_and_end_with_the_sentence() {
        assert_eq!(shown("甲，乙丙丁戊己庚。辛", &[(4, 6)], Window::Words(2)), "..llXXrr..");
        assert_eq!(shown("甲，乙丙丁戊己庚。辛", &[(4, 6)], Window::Sentence), "l.llXXrr..");
        assert_eq!(shown("甲，乙丁", &[(3, 4)], Window::Words(2)), "l.lX");
    }

    #[test]
    fn a_word_in_two_windows_counts_once_and_occurrences_are_no_neighbours() {
        assert_eq!(shown("甲乙丙乙丁", &[(1, 2), (3, 4)], Window::Words(2)), "lXrXr");
        assert_eq!(shown("甲乙丙丙乙丁", &[(1, 2), (4, 5)], Window::Sentence), "lXrlXr");
        assert_eq!(shown("甲乙丙", &[], Window::Sentence), "...");
    }
}
