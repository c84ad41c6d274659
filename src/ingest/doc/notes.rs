//! Footnotes and endnotes: their texts, and the positions in the main text that refer to them.
//!
//! A note whose reference cannot be found is placed at the end of the text; none is lost.

use std::ops::Range;

use super::story::Stories;
use crate::ingest::extract::too_large;
use crate::ingest::le::u32_at;

/// A paragraph of a note.
pub(super) struct Note {
    /// Position of the reference.
    pub(super) reference: u32,
    pub(super) text: String,
}

/// Where notes of a kind are.
pub(super) struct NoteTables<'a> {
    /// Positions of the references, with two more bytes for each ([MS-DOC] PlcffndRef, PlcfendRef).
    pub(super) references: &'a [u8],
    /// Positions of the texts, counted from the first ([MS-DOC] PlcffndTxt, PlcfendTxt).
    pub(super) texts: &'a [u8],
}

impl NoteTables<'_> {
    /// The position that refers to the note at a position, counted from the first note.
    fn reference(&self, texts: &[u32], position: u32) -> Option<u32> {
        let number = texts.partition_point(|&text| text <= position).checked_sub(1)?;
        let count = self.references.len().saturating_sub(4) / 6;
        if number < count { u32_at(self.references, number * 4) } else { None }
    }
}

/// Adds the notes in a range of positions to `notes`, of which there may be `max_text` bytes.
///
/// # Errors
/// A reason for a person, if they are too large.
pub(super) fn read(
    stories: &Stories,
    positions: Range<u32>,
    tables: &NoteTables,
    notes: &mut Vec<Note>,
    max_text: u64,
) -> Result<(), String> {
    let texts: Vec<u32> = tables.texts.chunks_exact(4).filter_map(|text| u32_at(text, 0)).collect();
    let start = positions.start;
    let mut length = 0;
    stories.visit(positions, &mut |paragraph| {
        length += paragraph.text.len() as u64;
        if length > max_text {
            return Err(too_large(max_text));
        }
        if !paragraph.text.trim().is_empty() {
            let reference = tables.reference(&texts, paragraph.positions.start.saturating_sub(start));
            notes.push(Note { reference: reference.unwrap_or(u32::MAX), text: paragraph.text });
        }
        Ok(())
    })
}
