//! Paragraphs of a Word file to blocks: headings, rows, notes.
//!
//! Notes never stand inside a paragraph or row; the text ends with an error when it grows beyond its limit.

use super::formatting::Formatting;
use super::lists::Lists;
use super::notes::Note;
use super::story::{End, Paragraph};
use crate::ingest::extract::{BlockKind, Extracted, too_large};
use crate::ingest::labels;

/// A row that is longer is cut: Word allows 63 cells.
const MAX_CELLS: usize = 1_000;

/// Blocks of a cell.
type Cell = Vec<(BlockKind, String)>;

/// The blocks that have been made, and the row that is open.
pub(super) struct Body<'a> {
    pub(super) extracted: Extracted,
    formatting: &'a Formatting,
    lists: Lists,
    max_text: u64,
    /// Notes still to come, by their references.
    notes: std::iter::Peekable<std::vec::IntoIter<Note>>,
    cells: Vec<Cell>,
    cell: Cell,
}

impl<'a> Body<'a> {
    pub(super) fn new(formatting: &'a Formatting, lists: Lists, mut notes: Vec<Note>, max_text: u64) -> Self {
        notes.sort_by_key(|note| note.reference);
        let notes = notes.into_iter().peekable();
        Self {
            extracted: Extracted::default(),
            formatting,
            lists,
            max_text,
            notes,
            cells: Vec::new(),
            cell: Vec::new(),
        }
    }

    /// Adds a paragraph.
    pub(super) fn add(&mut self, paragraph: Paragraph) -> Result<(), String> {
        let properties = &paragraph.properties;
        let next = paragraph.positions.end;
        let kind = match self.formatting.heading(properties) {
            Some(level) => BlockKind::Heading(level),
            None if paragraph.is_bold => BlockKind::Bold,
            None => BlockKind::Paragraph,
        };
        let mut text = paragraph.text;
        if let Some((list, level)) = self.formatting.list(properties).filter(|_| !text.trim().is_empty()) {
            text.insert_str(0, labels::shown(&self.lists.next(list, level)));
        }
        match paragraph.end {
            End::Cell if properties.ends_row => self.end_row()?,
            End::Cell => {
                self.push_in_cell(kind, text);
                self.cells.push(std::mem::take(&mut self.cell));
                if self.cells.len() >= MAX_CELLS {
                    self.end_row()?;
                }
            }
            End::Mark if properties.in_table => self.push_in_cell(kind, text),
            End::Mark => {
                self.end_row()?;
                self.push(kind, &text)?;
            }
        }
        let is_between = self.cells.is_empty() && self.cell.is_empty();
        if is_between { self.push_notes(next) } else { Ok(()) }
    }

    /// Ends the row that is open and adds the notes that are left.
    pub(super) fn end(&mut self) -> Result<(), String> {
        self.end_row()?;
        self.push_notes(u32::MAX)
    }

    fn push_in_cell(&mut self, kind: BlockKind, text: String) {
        if !text.trim().is_empty() {
            self.cell.push((kind, text));
        }
    }

    fn push_notes(&mut self, next: u32) -> Result<(), String> {
        while let Some(note) = self.notes.next_if(|note| note.reference < next || next == u32::MAX) {
            self.push(BlockKind::Note, &note.text)?;
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), String> {
        if !self.cell.is_empty() {
            self.cells.push(std::mem::take(&mut self.cell));
        }
        let cells = std::mem::take(&mut self.cells);
        if let [cell] = cells.as_slice() {
            // A table of one column lays out text; it is no row of cells.
            return cell.iter().try_for_each(|(kind, text)| self.push(*kind, text));
        }
        let one_line = |cell: &Cell| {
            let words = cell.iter().flat_map(|(_, text)| text.split_whitespace());
            words.collect::<Vec<_>>().join(" ")
        };
        self.push(BlockKind::Row, &cells.iter().map(one_line).collect::<Vec<_>>().join("\t"))
    }

    fn push(&mut self, kind: BlockKind, text: &str) -> Result<(), String> {
        // A manual line break inside a paragraph begins a new one for the reader.
        text.split('\n').for_each(|line| self.extracted.push(kind, line));
        if self.extracted.text.len() as u64 > self.max_text {
            return Err(too_large(self.max_text));
        }
        Ok(())
    }
}
