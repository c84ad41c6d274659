//! The paragraphs of a part of the text (a *story*: main text, notes, text boxes), in order.
//!
//! Every character position is visited once. What is no text is left out here: codes of fields, hidden and deleted
//! characters, marks that stand for pictures, notes and comments. Blocks and tables belong to `body`.

use std::ops::Range;

use encoding_rs::WINDOWS_1252;

use super::formatting::Formatting;
use super::pieces::{Coding, Piece};
use super::sprm::{CharacterProperties, ParagraphProperties};
use crate::ingest::le::{u8_at, u16_at};

/// Fields nested deeper than this are taken as text.
const MAX_FIELDS: usize = 64;

/// What ends a paragraph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum End {
    /// A paragraph mark, or a break of page, column or section.
    #[default]
    Mark,
    /// A cell mark, which also ends a row.
    Cell,
}

/// A paragraph with its formatting.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    /// Its text; manual line breaks are `\n`.
    pub(super) text: String,
    /// All of its characters are bold.
    pub(super) is_bold: bool,
    pub(super) end: End,
    pub(super) properties: ParagraphProperties,
    /// Character positions of its text and its end.
    pub(super) positions: Range<u32>,
}

/// Where stories are read from.
pub(super) struct Stories<'a> {
    pub(super) stream: &'a [u8],
    pub(super) pieces: Vec<Piece<'a>>,
    pub(super) formatting: Formatting,
}

impl Stories<'_> {
    /// Visits the paragraphs of a range of character positions until the visitor fails.
    pub(super) fn visit(
        &self,
        positions: Range<u32>,
        visitor: &mut dyn FnMut(Paragraph) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut open = OpenParagraph::new(positions.start);
        let first = self.pieces.partition_point(|piece| piece.positions.end <= positions.start);
        for piece in self.pieces.iter().skip(first).take_while(|piece| piece.positions.start < positions.end) {
            let range = piece.positions.start.max(positions.start)..piece.positions.end.min(positions.end);
            self.visit_piece(piece, range, &mut open, visitor)?;
        }
        let last = open.take(positions.end, End::Mark, ParagraphProperties::default());
        if last.text.is_empty() { Ok(()) } else { visitor(last) }
    }

    /// Runs of equal formatting in the part of a piece that lies in a range of positions.
    fn visit_piece(
        &self,
        piece: &Piece,
        mut range: Range<u32>,
        open: &mut OpenParagraph,
        visitor: &mut dyn FnMut(Paragraph) -> Result<(), String>,
    ) -> Result<(), String> {
        let width = piece.width();
        while !range.is_empty() {
            let offset = piece.offset.saturating_add((range.start - piece.positions.start).saturating_mul(width));
            let (mut character, character_end) = self.formatting.character(offset);
            let (mut paragraph, paragraph_end) = self.formatting.paragraph(offset);
            character.apply(piece.modifiers.grpprl());
            paragraph.apply(piece.modifiers.grpprl(), &[], &mut 0);
            let (is_bold, is_hidden) = self.formatting.looks(&character, paragraph.style);
            let length = (character_end.min(paragraph_end).saturating_sub(offset)).div_ceil(width).max(1);
            let end = range.end.min(range.start.saturating_add(length));
            let run = Run { character, paragraph, is_bold, is_hidden: is_hidden || character.deleted };
            while range.start < end {
                let at = piece.offset as usize + ((range.start - piece.positions.start) * width) as usize;
                let (units, length) = self.character(piece.coding, at, range.end - range.start);
                range.start += length;
                for &unit in units.iter().filter(|&&unit| unit != 0) {
                    if let Some(paragraph) = open.add(unit, &run, range.start) {
                        visitor(paragraph)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The UTF-16 units of the character at an offset, and how many positions it takes of those that are left.
    fn character(&self, coding: Coding, at: usize, left: u32) -> ([u16; 2], u32) {
        let Coding::Bytes(encoding) = coding else {
            return ([u16_at(self.stream, at).unwrap_or_default(), 0], 1);
        };
        let byte = u8_at(self.stream, at).unwrap_or_default();
        if byte < 0x80 {
            return ([byte.into(), 0], 1);
        }
        let is_pair =
            encoding != WINDOWS_1252 && left > 1 && u8_at(self.stream, at + 1).is_some_and(|byte| byte >= 0x40);
        let length = if is_pair { 2 } else { 1 };
        let bytes = self.stream.get(at..at + length).unwrap_or_default();
        let mut units = [0; 2];
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        units.iter_mut().zip(text.encode_utf16()).for_each(|(unit, decoded)| *unit = decoded);
        (units, length as u32)
    }
}

/// A run of characters of the same formatting.
struct Run {
    character: CharacterProperties,
    paragraph: ParagraphProperties,
    is_bold: bool,
    /// Hidden or deleted.
    is_hidden: bool,
}

/// The paragraph that is being read, and the fields that are open in it.
struct OpenParagraph {
    units: Vec<u16>,
    start: u32,
    has_bold: bool,
    has_light: bool,
    /// Open fields: whether the result has begun.
    fields: Vec<bool>,
}

impl OpenParagraph {
    fn new(start: u32) -> Self {
        Self { units: Vec::new(), start, has_bold: false, has_light: false, fields: Vec::new() }
    }

    /// Adds a character before position `next`; returns the paragraph that it ends ([MS-DOC] "Characters", sprmCFSpec).
    fn add(&mut self, unit: u16, run: &Run, next: u32) -> Option<Paragraph> {
        match unit {
            0x13 if self.fields.len() < MAX_FIELDS => self.fields.push(false),
            0x14 => self.fields.iter_mut().next_back().into_iter().for_each(|in_result| *in_result = true),
            0x15 => drop(self.fields.pop()),
            0x07 => return Some(self.take(next, End::Cell, run.paragraph)),
            // A deleted or hidden mark joins its paragraph with the next.
            0x0D if run.is_hidden => {}
            0x0C..=0x0E => return Some(self.take(next, End::Mark, run.paragraph)),
            _ if run.is_hidden || self.fields.contains(&false) => {}
            0x0A | 0x0B => self.units.push(b'\n'.into()),
            0x09 if self.units.is_empty() => {}
            0x09 => self.units.push(b' '.into()),
            0x1E => self.push(b'-'.into(), run.is_bold),
            0x28 if run.character.special => {
                // Symbol fonts have their pictures in the private use area.
                let symbol = run.character.symbol.filter(|unit| !(0xE000..0xF900).contains(unit) && *unit >= 0x20);
                symbol.into_iter().for_each(|unit| self.push(unit, run.is_bold));
            }
            0x00..0x20 => {}
            _ => self.push(unit, run.is_bold),
        }
        None
    }

    fn push(&mut self, unit: u16, is_bold: bool) {
        self.units.push(unit);
        // White space looks the same in bold.
        if !char::from_u32(unit.into()).is_some_and(char::is_whitespace) {
            *(if is_bold { &mut self.has_bold } else { &mut self.has_light }) = true;
        }
    }

    fn take(&mut self, next: u32, end: End, properties: ParagraphProperties) -> Paragraph {
        // The code of a field does not go past its paragraph: one that is never ended must not swallow the rest.
        self.fields.retain(|&in_result| in_result);
        let text = String::from_utf16_lossy(&self.units);
        self.units.clear();
        let has_light = std::mem::take(&mut self.has_light);
        let is_bold = std::mem::take(&mut self.has_bold) && !has_light;
        let positions = std::mem::replace(&mut self.start, next)..next;
        Paragraph { text, is_bold, end, properties, positions }
    }
}
