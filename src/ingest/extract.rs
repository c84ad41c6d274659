//! What every format reader yields: one text and the blocks it is made of.

use std::ops::Range;

use super::decode::Decoded;

/// What a reader knows of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A physical line of plain text: may be part of a paragraph.
    Line,
    /// A paragraph by the format's own word.
    Paragraph,
    /// A heading by the format's own word, with its level from 1.
    Heading(u8),
    /// A paragraph whose characters are all bold: a heading if it reads like one.
    Bold,
    /// A table row, cells joined by tabs.
    Row,
    /// A footnote, endnote or comment on the text.
    Note,
}

/// A block of an extracted text; blank lines are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Where it stands in the text, in bytes, without line breaks.
    pub range: Range<usize>,
    /// What it is.
    pub kind: BlockKind,
}

/// A document as a reader found it.
#[derive(Debug, Default)]
pub struct Extracted {
    /// The text; blocks are separated by line breaks.
    pub text: String,
    /// Its blocks in order.
    pub blocks: Vec<Block>,
    /// A title that stands outside the text, such as that of an HTML page.
    pub title: Option<String>,
    /// A date that stands outside the text, such as `2025-01-18`: of publication or, where unknown, of writing.
    pub date: Option<String>,
}

impl Extracted {
    /// Appends a block on a line of its own. White space at its ends is dropped; an empty one is not added.
    pub fn push(&mut self, kind: BlockKind, content: &str) {
        let content =
            content.trim_matches(|c: char| c.is_whitespace() && c != '\t' || c == '\t' && kind != BlockKind::Row);
        if content.trim().is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.text.push_str(content);
        self.blocks.push(Block { range: start..self.text.len(), kind });
    }
}

/// A text on one line, with single spaces.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The reason for which what unfolds to more than `limit` bytes is not read.
pub fn too_large(limit: u64) -> String {
    format!("解压后超过 {} MB 上限", limit >> 20)
}

/// The lines of a plain text as blocks.
pub fn lines_of(text: &str, from: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut start = from;
    for line in text.split_inclusive(['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{0B}', '\u{0C}']) {
        if !line.trim().is_empty() {
            blocks.push(Block { range: start..start + line.trim_end().len(), kind: BlockKind::Line });
        }
        start += line.len();
    }
    blocks
}

/// What the byte ranges of passages refer to.
pub enum Origin<'a> {
    /// The extracted text itself.
    Extracted,
    /// A part of the extracted text that begins at this byte.
    Part {
        /// The byte.
        start: usize,
    },
    /// The file that the text was decoded from.
    Decoded(&'a Decoded),
    /// A string inside a decoded file: for each byte of the text its offset in the decoded file.
    Escaped {
        /// The file.
        decoded: &'a Decoded,
        /// Byte offset in the decoded text for each byte of the string, and one for its end.
        offsets: &'a [usize],
    },
}

impl Origin<'_> {
    /// Where a range of the text came from.
    pub fn of(&self, range: &Range<usize>) -> Range<u64> {
        match self {
            Origin::Extracted => range.start as u64..range.end as u64,
            Origin::Part { start } => (start + range.start) as u64..(start + range.end) as u64,
            Origin::Decoded(decoded) => decoded.source_range(range.clone()),
            Origin::Escaped { decoded, offsets } => {
                let at = |i: usize| offsets.get(i).or(offsets.last()).copied().unwrap_or(0);
                decoded.source_range(at(range.start)..at(range.end))
            }
        }
    }
}
