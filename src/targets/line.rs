//! A stretch of a passage in the form that patterns are matched against, with its way back.
//!
//! Width, case, variants and white space are folded; marks stay, for they tell clauses and brackets apart.
//! Byte positions belong to the form, character positions to the passage.

use std::ops::Range;

use regex::Regex;

use crate::text::fold::fold_keeping_marks;

/// A folded stretch of a passage.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The form.
    pub form: String,
    /// Byte at which each character of the form begins.
    starts: Vec<usize>,
    /// Characters of the passage that each character of the form stands for.
    origins: Vec<(usize, usize)>,
}

impl Line {
    /// The form of a text that begins at character `from` of its passage.
    pub fn new(text: &str, from: usize) -> Line {
        let folded = fold_keeping_marks(text);
        let origins = folded.origins.iter().map(|&(start, end)| (from + start as usize, from + end as usize));
        let form: String = folded.chars.iter().collect();
        let starts = form.char_indices().map(|(at, _)| at).collect();
        Line { origins: origins.collect(), starts, form }
    }

    /// The same line with ranges of bytes made invisible to patterns; positions stay what they are.
    pub fn without(&self, ranges: &[Range<usize>]) -> Line {
        let is_out = |at: usize| ranges.iter().any(|range| range.contains(&at));
        let hidden = |(at, c): (usize, char)| if is_out(at) { HIDDEN[c.len_utf8() - 1] } else { c };
        Line { form: self.form.char_indices().map(hidden).collect(), ..self.clone() }
    }

    /// The passage's own characters that a range of bytes stands for, without what is hidden.
    pub fn shown(&self, bytes: &Range<usize>, passage: &[char]) -> String {
        let seen = self.form.get(bytes.clone()).unwrap_or_default().chars().zip(self.index(bytes.start)..);
        let places = seen.filter(|(c, _)| !is_hidden(*c)).filter_map(|(_, i)| self.origins.get(i));
        places.flat_map(|&(start, end)| passage.get(start..end).unwrap_or_default()).collect()
    }

    /// A range of the form.
    pub fn text(&self, bytes: Range<usize>) -> &str {
        self.form.get(bytes).unwrap_or_default()
    }

    /// The characters of the passage that a range of bytes stands for.
    pub fn chars(&self, bytes: &Range<usize>) -> Range<usize> {
        let (first, last) = (self.index(bytes.start), self.index(bytes.end));
        let start = self.origins.get(first).map_or(0, |origin| origin.0);
        let end = self.origins.get(last.saturating_sub(1)).map_or(start, |origin| origin.1);
        start..end.max(start)
    }

    /// Number of the character that begins at a byte.
    fn index(&self, byte: usize) -> usize {
        self.starts.partition_point(|&start| start < byte)
    }
}

/// What stands for a character that patterns shall not see, by how many bytes it takes.
const HIDDEN: [char; 4] = ['\u{1}', '\u{80}', '\u{E000}', '\u{F0000}'];

/// Whether a character is one that patterns shall not see.
pub(super) fn is_hidden(c: char) -> bool {
    HIDDEN.contains(&c)
}

/// The stretches of a text between what a pattern finds.
pub(super) fn ranges(text: &str, separator: &Regex) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for mark in separator.find_iter(text) {
        ranges.push(start..mark.start());
        start = mark.end();
    }
    ranges.push(start..text.len());
    ranges
}
