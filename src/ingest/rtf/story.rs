//! A text of RTF in the making: the main text, a note or a text box, with its open paragraph and row.
//!
//! Bytes wait until their run ends, so that a character of two bytes may straddle groups and lines. Notes never stand
//! inside a paragraph or row.

use encoding_rs::Encoding;

use super::charset::Charset;
use crate::ingest::extract::{BlockKind, Extracted};

/// A row that is longer is cut: Word allows 63 cells.
const MAX_CELLS: usize = 1_000;

/// Paragraphs of a cell.
type Cell = Vec<(BlockKind, String)>;

/// A text in the making.
#[derive(Debug, Default)]
pub(super) struct Story {
    /// Code page of the file.
    pub(super) code_page: Option<&'static Encoding>,
    paragraph: String,
    /// The number that stands before the paragraph.
    pub(super) label: String,
    /// The end of the paragraph, not yet decoded.
    bytes: Vec<u8>,
    charset: Charset,
    /// First half of a character outside the basic plane.
    surrogate: Option<u16>,
    has_bold: bool,
    has_light: bool,
    cell: Cell,
    cells: Vec<Cell>,
    /// Notes that the open paragraph or row refers to.
    pub(super) notes: Vec<String>,
    finished: Extracted,
}

impl Story {
    pub(super) fn new(code_page: Option<&'static Encoding>) -> Self {
        Self { code_page, ..Self::default() }
    }

    /// Adds a byte in a character set.
    pub(super) fn byte(&mut self, byte: u8, charset: Charset, is_bold: bool) {
        if charset != self.charset {
            self.flush();
            self.charset = charset;
        }
        self.surrogate = None;
        self.bytes.push(byte);
        self.weigh(byte == b' ', is_bold);
    }

    /// Adds a UTF-16 unit, or a code point of which some programs make one.
    pub(super) fn unicode(&mut self, code: u32, is_bold: bool) {
        self.flush();
        let low = u16::try_from(code).ok().filter(|unit| (0xDC00..0xE000).contains(unit));
        if let Some((high, low)) = self.surrogate.take().zip(low) {
            self.paragraph.extend(char::decode_utf16([high, low]).flatten());
            self.weigh(false, is_bold);
        } else if (0xD800..0xDC00).contains(&code) {
            self.surrogate = Some(code as u16);
        } else if let Some(character) = char::from_u32(code).filter(|c| !is_symbol(*c)) {
            self.character(character, is_bold);
        }
    }

    /// Adds a character; a tab is a space inside a paragraph.
    pub(super) fn character(&mut self, character: char, is_bold: bool) {
        self.flush();
        match character {
            '\t' if self.paragraph.is_empty() => {}
            '\t' => self.paragraph.push(' '),
            _ if character.is_control() && character != '\n' => {}
            _ => {
                self.paragraph.push(character);
                self.weigh(character.is_whitespace(), is_bold);
            }
        }
    }

    fn weigh(&mut self, is_space: bool, is_bold: bool) {
        if !is_space {
            *(if is_bold { &mut self.has_bold } else { &mut self.has_light }) = true;
        }
    }

    /// Decodes the bytes of the run that has ended.
    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            let text = self.charset.decode(&self.bytes, self.code_page);
            self.bytes.clear();
            // Tabs and line ends are control words in RTF.
            self.paragraph.extend(text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !c.is_control()));
        }
    }

    /// Ends the paragraph.
    pub(super) fn end_paragraph(&mut self, heading: Option<u8>, in_table: bool) {
        self.flush();
        let has_light = std::mem::take(&mut self.has_light);
        let is_bold = std::mem::take(&mut self.has_bold) && !has_light;
        let kind = match heading {
            Some(level) => BlockKind::Heading(level),
            None if is_bold => BlockKind::Bold,
            None => BlockKind::Paragraph,
        };
        let label = std::mem::take(&mut self.label);
        let mut text = std::mem::take(&mut self.paragraph);
        if !text.trim().is_empty() {
            text.insert_str(0, &label);
        }
        if !in_table {
            self.close_row();
            push_lines(&mut self.finished, kind, &text);
            self.end_notes();
        } else if !text.trim().is_empty() {
            self.cell.push((kind, text));
        }
    }

    /// Ends the cell, with the paragraph that is open in it.
    pub(super) fn end_cell(&mut self, heading: Option<u8>) {
        self.end_paragraph(heading, true);
        self.cells.push(std::mem::take(&mut self.cell));
        if self.cells.len() >= MAX_CELLS {
            self.end_row();
        }
    }

    /// Ends the row, with the notes that it refers to.
    pub(super) fn end_row(&mut self) {
        self.close_row();
        if self.paragraph.is_empty() && self.bytes.is_empty() {
            self.end_notes();
        }
    }

    /// Makes a block of the row that is open, if there is one.
    fn close_row(&mut self) {
        if !self.cell.is_empty() {
            self.cells.push(std::mem::take(&mut self.cell));
        }
        let cells = std::mem::take(&mut self.cells);
        if let [cell] = cells.as_slice() {
            // A table of one column lays out text; it is no row of cells.
            return cell.iter().for_each(|(kind, text)| push_lines(&mut self.finished, *kind, text));
        }
        let one_line = |cell: &Cell| {
            let words = cell.iter().flat_map(|(_, text)| text.split_whitespace());
            words.collect::<Vec<_>>().join(" ")
        };
        self.finished.push(BlockKind::Row, &cells.iter().map(one_line).collect::<Vec<_>>().join("\t"));
    }

    fn end_notes(&mut self) {
        self.notes.drain(..).for_each(|note| push_lines(&mut self.finished, BlockKind::Note, &note));
    }

    /// Adds the blocks of another text.
    pub(super) fn append(&mut self, other: &Extracted) {
        for block in &other.blocks {
            self.finished.push(block.kind, other.text.get(block.range.clone()).unwrap_or_default());
        }
    }

    /// Ends the text and returns it.
    pub(super) fn finish(mut self, heading: Option<u8>) -> Extracted {
        self.end_paragraph(heading, false);
        self.finished
    }
}

/// Adds the lines of a paragraph: a manual line break begins a new one for the reader.
fn push_lines(extracted: &mut Extracted, kind: BlockKind, text: &str) {
    text.split('\n').for_each(|line| extracted.push(kind, line));
}

/// Characters of symbol fonts, which stand at U+F000 and above (RTF 1.9.1, `\u`).
fn is_symbol(character: char) -> bool {
    ('\u{F000}'..='\u{F0FF}').contains(&character)
}
