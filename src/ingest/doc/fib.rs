//! The file information block: where everything else lies ([MS-DOC] Fib).
//!
//! Knows Word 97 and later (`FibRgFcLcb97`) and, under the same names, the block of Word 6 and 95, whose tables lie in
//! the main stream. It only locates; what is located is checked where it is read.

use crate::ingest::le::{slice_within, u16_at, u32_at};

/// `wIdent` of Word 97 and later ([MS-DOC] FibBase).
const WORD_97: u16 = 0xA5EC;
/// `wIdent` of Word 6 and 95, and of their Chinese, Japanese and Korean editions.
const WORD_6: [u16; 4] = [0xA5DC, 0xA697, 0xA698, 0xA699];
/// Where the pairs of offset and length begin in Word 97 ([MS-DOC] Fib).
const TABLES_97: usize = 0x9A;

/// A table whose place the block gives.
#[derive(Debug, Clone, Copy)]
pub(super) enum Table {
    /// Style sheet.
    Styles,
    /// Places of footnote references.
    FootnoteReferences,
    /// Places of footnote texts.
    FootnoteTexts,
    /// Pages of character formatting.
    CharacterPages,
    /// Pages of paragraph formatting.
    ParagraphPages,
    /// Piece table.
    Pieces,
    /// Places of endnote references.
    EndnoteReferences,
    /// Places of endnote texts.
    EndnoteTexts,
    /// Definitions of lists.
    Lists,
    /// Uses of lists.
    ListOverrides,
}

/// Lengths in characters of the parts of the text, in their order ([MS-DOC] FibRgLw97).
#[derive(Debug, Clone, Copy)]
pub(super) struct Lengths {
    pub(super) main: u32,
    pub(super) footnotes: u32,
    pub(super) headers: u32,
    pub(super) macros: u32,
    pub(super) comments: u32,
    pub(super) endnotes: u32,
    pub(super) text_boxes: u32,
}

/// What the file information block says.
pub(super) struct Fib<'a> {
    stream: &'a [u8],
    /// Word 6 or 95.
    pub(super) is_old: bool,
    pub(super) is_encrypted: bool,
    /// Word 6 and 95: the text is in pieces (it was saved fast).
    pub(super) has_pieces: bool,
    pub(super) table_stream: &'static str,
    /// Language of the program that wrote it.
    pub(super) language: u16,
    /// Word 6 and 95: where the text lies in the stream.
    pub(super) text: std::ops::Range<u32>,
    pub(super) lengths: Lengths,
}

impl<'a> Fib<'a> {
    /// Reads the block at the beginning of the main stream.
    ///
    /// # Errors
    /// A reason for a person, if it is of a version that cannot be read or damaged.
    pub(super) fn read(stream: &'a [u8]) -> Result<Self, String> {
        let damaged = || "文件损坏（Word 文件头不完整）".to_owned();
        let identity = u16_at(stream, 0).ok_or_else(damaged)?;
        let is_old = WORD_6.contains(&identity);
        if !is_old && identity != WORD_97 {
            return Err(format!("不支持的 Word 版本（标识 {identity:04X}）"));
        }
        Self::fields(stream, is_old).ok_or_else(damaged)
    }

    fn fields(stream: &'a [u8], is_old: bool) -> Option<Self> {
        let flags = u16_at(stream, 0x0A)?;
        let first = if is_old { 0x34 } else { 0x4C };
        let length = |number: usize| u32_at(stream, first + number * 4);
        Some(Self {
            stream,
            is_old,
            is_encrypted: flags & 0x0100 != 0,
            has_pieces: flags & 0x0004 != 0,
            table_stream: if flags & 0x0200 == 0 { "0Table" } else { "1Table" },
            language: u16_at(stream, 0x06)?,
            text: u32_at(stream, 0x18)?..u32_at(stream, 0x1C)?,
            lengths: Lengths {
                main: length(0)?,
                footnotes: length(1)?,
                headers: length(2)?,
                macros: length(3)?,
                comments: length(4)?,
                endnotes: length(5)?,
                text_boxes: length(6)?,
            },
        })
    }

    /// The bytes of a table, of which `tables` is the stream; empty if there is none.
    pub(super) fn table<'t>(&self, tables: &'t [u8], table: Table) -> &'t [u8] {
        self.place(table).map_or(&[], |(offset, length)| slice_within(tables, offset, length))
    }

    /// A table together with what follows it in the stream.
    pub(super) fn table_and_rest<'t>(&self, tables: &'t [u8], table: Table) -> &'t [u8] {
        let place = self.place(table).filter(|&(_, length)| length > 0);
        place.and_then(|(offset, _)| tables.get(offset..)).unwrap_or_default()
    }

    fn place(&self, table: Table) -> Option<(usize, usize)> {
        let at = if self.is_old { at_word_6(table)? } else { at_word_97(table) };
        Some((u32_at(self.stream, at)? as usize, u32_at(self.stream, at + 4)? as usize))
    }
}

/// Where Word 97 says where a table lies ([MS-DOC] FibRgFcLcb97).
fn at_word_97(table: Table) -> usize {
    let number = match table {
        Table::Styles => 1,
        Table::FootnoteReferences => 2,
        Table::FootnoteTexts => 3,
        Table::CharacterPages => 12,
        Table::ParagraphPages => 13,
        Table::Pieces => 33,
        Table::EndnoteReferences => 46,
        Table::EndnoteTexts => 47,
        Table::Lists => 73,
        Table::ListOverrides => 74,
    };
    TABLES_97 + number * 8
}

/// Where Word 6 says where a table lies, for those that are read.
fn at_word_6(table: Table) -> Option<usize> {
    match table {
        Table::FootnoteReferences => Some(0x68),
        Table::FootnoteTexts => Some(0x70),
        Table::Pieces => Some(0x160),
        Table::ParagraphPages => Some(0xC0),
        _ => None,
    }
}
