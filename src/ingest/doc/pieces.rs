//! The piece table ([MS-DOC] Clx, PlcPcd): which bytes of the main stream are the characters, in their order.
//!
//! Pieces come out in order, do not overlap in character positions and lie inside the stream; together they have no more
//! bytes than a few times the stream, so that a table that repeats the same bytes does not unfold to a bomb.

use std::ops::Range;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::fib::{Fib, Table};
use super::sprm::abbreviated;
use crate::ingest::le::{slice_at, slice_within, u8_at, u16_at, u32_at};

/// How many times the bytes of the stream the pieces may repeat.
const MAX_REPETITION: usize = 2;
/// Most bytes of modifiers that are applied to a piece: a handful is common, and they are applied run by run.
const MAX_MODIFIERS: usize = 512;
/// Length of a piece descriptor ([MS-DOC] Pcd).
const DESCRIPTOR: usize = 8;
/// The bit of a piece's place that marks 8-bit characters ([MS-DOC] FcCompressed).
const COMPRESSED: u32 = 0x4000_0000;

/// How the characters of a piece are stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Coding {
    /// Two bytes each.
    Utf16,
    /// One character position for each byte.
    Bytes(&'static Encoding),
}

/// A run of characters that lie together in the stream.
#[derive(Debug, Clone)]
pub(super) struct Piece<'a> {
    /// Character positions.
    pub(super) positions: Range<u32>,
    /// Offset of the first character in the stream.
    pub(super) offset: u32,
    pub(super) coding: Coding,
    /// Modifiers that apply to the whole piece.
    pub(super) modifiers: Modifiers<'a>,
}

/// Modifiers of a piece ([MS-DOC] Prm).
#[derive(Debug, Clone, Copy)]
pub(super) enum Modifiers<'a> {
    Listed(&'a [u8]),
    Abbreviated([u8; 3]),
}

impl Modifiers<'_> {
    pub(super) fn grpprl(&self) -> &[u8] {
        match self {
            Self::Listed(grpprl) => grpprl,
            Self::Abbreviated(grpprl) => grpprl,
        }
    }
}

impl Piece<'_> {
    /// Bytes of a character position.
    pub(super) fn width(&self) -> u32 {
        if self.coding == Coding::Utf16 { 2 } else { 1 }
    }
}

/// Reads the pieces of a file; `old` is how Word 6 and 95 stored characters.
pub(super) fn read<'a>(fib: &Fib, stream: &[u8], tables: &'a [u8], old: Coding) -> Option<Vec<Piece<'a>>> {
    if fib.is_old && !fib.has_pieces {
        let width = if old == Coding::Utf16 { 2 } else { 1 };
        let bytes = slice_within(stream, fib.text.start as usize, fib.text.len());
        let positions = 0..bytes.len() as u32 / width;
        let modifiers = Modifiers::Listed(&[]);
        return Some(vec![Piece { positions, offset: fib.text.start, coding: old, modifiers }]);
    }
    let (table, listed) = tables_of(fib.table(tables, Table::Pieces))?;
    let count = table.len().checked_sub(4)? / (4 + DESCRIPTOR);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut budget = stream.len() * MAX_REPETITION;
    for number in 0..count {
        let start = u32_at(table, number * 4)?.max(pieces.last().map_or(0, |piece| piece.positions.end));
        let end = u32_at(table, number * 4 + 4)?;
        let descriptor = slice_at(table, (count + 1) * 4 + number * DESCRIPTOR, DESCRIPTOR)?;
        let place = u32_at(descriptor, 2)?;
        let (offset, coding) = match place {
            _ if fib.is_old => (place, old),
            _ if place & COMPRESSED != 0 => ((place & !COMPRESSED) / 2, Coding::Bytes(WINDOWS_1252)),
            _ => (place, Coding::Utf16),
        };
        let modifiers = modifiers(u16_at(descriptor, 6)?, &listed);
        let mut piece = Piece { positions: start..end, offset, coding, modifiers };
        let there = (stream.len() as u32).saturating_sub(offset) / piece.width();
        piece.positions.end = end.min(start.saturating_add(there));
        let bytes = piece.positions.len() * piece.width() as usize;
        budget = budget.checked_sub(bytes)?;
        if bytes > 0 {
            pieces.push(piece);
        }
    }
    Some(pieces)
}

/// The piece table and the modifiers listed before it.
fn tables_of(mut clx: &[u8]) -> Option<(&[u8], Vec<&[u8]>)> {
    let mut listed = Vec::new();
    loop {
        match u8_at(clx, 0)? {
            1 => {
                let length = usize::from(u16_at(clx, 1)?);
                listed.push(slice_within(slice_at(clx, 3, length)?, 0, MAX_MODIFIERS));
                clx = clx.get(3 + length..)?;
            }
            2 => return Some((slice_within(clx, 5, u32_at(clx, 1)? as usize), listed)),
            _ => return None,
        }
    }
}

fn modifiers<'a>(prm: u16, listed: &[&'a [u8]]) -> Modifiers<'a> {
    if prm & 1 == 1 {
        return Modifiers::Listed(listed.get(usize::from(prm >> 1)).copied().unwrap_or_default());
    }
    let [number, operand] = [(prm >> 1 & 0x7F) as u8, (prm >> 8) as u8];
    match abbreviated(number).map(u16::to_le_bytes) {
        Some([low, high]) => Modifiers::Abbreviated([low, high, operand]),
        None => Modifiers::Listed(&[]),
    }
}

/// How Word 6 and 95 stored characters: by the language, else by what the bytes look like.
pub(super) fn old_coding(fib: &Fib, stream: &[u8]) -> Coding {
    let lengths = &fib.lengths;
    let characters = [lengths.main, lengths.footnotes, lengths.headers, lengths.comments, lengths.endnotes];
    let characters: u64 = characters.into_iter().map(u64::from).sum();
    let text = slice_within(stream, fib.text.start as usize, fib.text.len());
    if !fib.has_pieces && characters > 0 && text.len() as u64 >= characters * 2 {
        return Coding::Utf16;
    }
    Coding::Bytes(match fib.language {
        0x0804 | 0x1004 => encoding_rs::GBK,
        0x0404 | 0x0C04 | 0x1404 => encoding_rs::BIG5,
        0x0411 => encoding_rs::SHIFT_JIS,
        0x0412 => encoding_rs::EUC_KR,
        _ if encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(text).is_some() => encoding_rs::GBK,
        _ => WINDOWS_1252,
    })
}
