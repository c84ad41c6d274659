//! Formatting by place in the stream: the pages of runs ([MS-DOC] ChpxFkp, PapxFkp) and the style sheet (STSH).
//!
//! The number of pages is bounded by the length of the stream, that of runs by the pages. Which text is formatted belongs to `story`.

use super::fib::{Fib, Table};
use super::sprm::{CharacterProperties, ParagraphProperties};
use crate::ingest::le::{slice_at, slice_within, u8_at, u16_at, u32_at};

/// Length of a page of formatting ([MS-DOC] ChpxFkp).
const PAGE: usize = 512;
/// How many styles a style may build on ([MS-DOC] STD allows ten).
const MAX_BASES: usize = 12;
/// `sprmPFInTable` and `sprmPFTtp` in Word 6, which stand side by side in a paragraph that ends a row.
const OLD_ROW_END: &[u8] = &[0x18, 1, 0x19, 1];

/// Properties of a run of the stream.
struct Run<T> {
    start: u32,
    end: u32,
    properties: T,
}

/// A style, or what it and those that it builds on say together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Style {
    base: u16,
    character: CharacterProperties,
    paragraph: ParagraphProperties,
    /// Level of a built-in heading style.
    heading: Option<u8>,
}

/// What is known of the formatting of a file.
pub(super) struct Formatting {
    characters: Vec<Run<CharacterProperties>>,
    paragraphs: Vec<Run<ParagraphProperties>>,
    styles: Vec<Style>,
}

impl Formatting {
    /// Reads the formatting of a file; what is damaged is left out.
    pub(super) fn read(fib: &Fib, stream: &[u8], tables: &[u8], data: &[u8]) -> Self {
        let mut budget = data.len();
        let paragraph = |bytes: &[u8], offset: usize| {
            if fib.is_old {
                let grpprl = slice_within(bytes, offset + 1, usize::from(u8_at(bytes, offset)?) * 2);
                let ends_row = grpprl.windows(OLD_ROW_END.len()).any(|window| window == OLD_ROW_END);
                return Some(ParagraphProperties { ends_row, in_table: ends_row, ..Default::default() });
            }
            let grpprl = paragraph_modifiers(bytes, offset)?;
            let mut properties = ParagraphProperties { style: u16_at(grpprl, 0)?, ..Default::default() };
            properties.apply(grpprl.get(2..)?, data, &mut budget);
            Some(properties)
        };
        let character = |bytes: &[u8], offset: usize| {
            let mut properties = CharacterProperties::default();
            properties.apply(slice_at(bytes, offset + 1, usize::from(u8_at(bytes, offset)?))?);
            Some(properties)
        };
        let (number, entry) = if fib.is_old { (2, 7) } else { (4, 13) };
        let pages = |table| page_numbers(fib.table(tables, table), number, stream);
        Self {
            paragraphs: runs(&pages(Table::ParagraphPages), stream, entry, paragraph),
            characters: runs(&pages(Table::CharacterPages), stream, 1, character),
            styles: styles(fib.table(tables, Table::Styles)),
        }
    }

    /// Properties of the character at an offset of the stream, and the offset up to which they hold.
    pub(super) fn character(&self, offset: u32) -> (CharacterProperties, u32) {
        at(&self.characters, offset)
    }

    /// Properties of the paragraph at an offset of the stream, and the offset up to which they hold.
    pub(super) fn paragraph(&self, offset: u32) -> (ParagraphProperties, u32) {
        at(&self.paragraphs, offset)
    }

    /// Whether characters are bold and hidden in a paragraph of this style.
    pub(super) fn looks(&self, characters: &CharacterProperties, paragraph_style: u16) -> (bool, bool) {
        let paragraph = self.style(paragraph_style).character;
        // Without a character style this is the style 0, whose toggles the paragraph's style has already.
        let own = if characters.style == 0 { Style::default() } else { self.style(characters.style) }.character;
        // Toggles of a character style oppose those of the paragraph's ([MS-DOC] "Determining Formatting Properties").
        let bold = own.bold.resolve(false) != paragraph.bold.resolve(false);
        let hidden = own.hidden.resolve(false) != paragraph.hidden.resolve(false);
        (characters.bold.resolve(bold), characters.hidden.resolve(hidden))
    }

    /// The heading level, from 1, of a paragraph.
    pub(super) fn heading(&self, paragraph: &ParagraphProperties) -> Option<u8> {
        let style = self.style(paragraph.style);
        match paragraph.outline.or(style.paragraph.outline) {
            Some(level) => (level < 9).then_some(level + 1),
            None => style.heading,
        }
    }

    /// The list override and level of a paragraph, if it is numbered.
    pub(super) fn list(&self, paragraph: &ParagraphProperties) -> Option<(u16, u8)> {
        let style = self.style(paragraph.style).paragraph;
        let list = paragraph.list.or(style.list).filter(|&list| list > 0)?;
        Some((list, paragraph.list_level.or(style.list_level).unwrap_or(0)))
    }

    /// A style together with those that it builds on.
    fn style(&self, number: u16) -> Style {
        let mut merged = Style::default();
        let mut number = number;
        for _ in 0..MAX_BASES {
            let Some(style) = self.styles.get(usize::from(number)) else { break };
            let keep = |own, base| if own == Default::default() { base } else { own };
            merged.character.bold = keep(merged.character.bold, style.character.bold);
            merged.character.hidden = keep(merged.character.hidden, style.character.hidden);
            merged.paragraph.outline = merged.paragraph.outline.or(style.paragraph.outline);
            merged.paragraph.list = merged.paragraph.list.or(style.paragraph.list);
            merged.paragraph.list_level = merged.paragraph.list_level.or(style.paragraph.list_level);
            merged.heading = merged.heading.or(style.heading);
            number = style.base;
        }
        merged
    }
}

fn at<T: Copy + Default>(runs: &[Run<T>], offset: u32) -> (T, u32) {
    let number = runs.partition_point(|run| run.start <= offset);
    let next = runs.get(number).map_or(u32::MAX, |run| run.start);
    match number.checked_sub(1).and_then(|number| runs.get(number)).filter(|run| offset < run.end) {
        Some(run) => (run.properties, run.end.min(next)),
        None => (T::default(), next),
    }
}

/// Numbers of the pages of formatting: no more than the stream has pages.
fn page_numbers(table: &[u8], width: usize, stream: &[u8]) -> Vec<usize> {
    let count = table.len().saturating_sub(4) / (4 + width);
    let numbers = slice_within(table, (count + 1) * 4, count * width);
    let number = |bytes: &[u8]| {
        let number = if width == 2 { u16_at(bytes, 0)?.into() } else { u32_at(bytes, 0)? & 0x3F_FFFF };
        Some(number as usize)
    };
    numbers.chunks_exact(width).take(stream.len() / PAGE).filter_map(number).collect()
}

/// The runs of pages, in the order of the stream; `entry` is the length of an entry, whose first byte is half the offset
/// of the modifiers in the page.
fn runs<T: Default>(
    pages: &[usize],
    stream: &[u8],
    entry: usize,
    mut properties: impl FnMut(&[u8], usize) -> Option<T>,
) -> Vec<Run<T>> {
    let mut runs = Vec::new();
    for page in pages {
        let Some(page) = slice_at(stream, page.saturating_mul(PAGE), PAGE) else { continue };
        let count = usize::from(page.last().copied().unwrap_or_default());
        for number in 0..count {
            let place = || {
                let offset = u8_at(page, (count + 1) * 4 + number * entry)?;
                Some((u32_at(page, number * 4)?, u32_at(page, number * 4 + 4)?, usize::from(offset) * 2))
            };
            let Some((start, end, offset)) = place() else { break };
            let properties = (offset > 0).then(|| properties(page, offset)).flatten().unwrap_or_default();
            runs.push(Run { start, end, properties });
        }
    }
    runs.sort_by_key(|run| run.start);
    runs
}

/// The style and modifiers of a paragraph in a page ([MS-DOC] PapxInFkps).
fn paragraph_modifiers(page: &[u8], offset: usize) -> Option<&[u8]> {
    match usize::from(u8_at(page, offset)?) {
        0 => slice_at(page, offset + 2, usize::from(u8_at(page, offset + 1)?) * 2),
        words => slice_at(page, offset + 1, words * 2 - 1),
    }
}

/// The styles of a style sheet, by number.
fn styles(sheet: &[u8]) -> Vec<Style> {
    let read = || {
        let header = usize::from(u16_at(sheet, 0)?);
        let base = usize::from(u16_at(sheet, 4)?);
        Some((sheet.get(2 + header..)?, base))
    };
    let Some((mut rest, base)) = read() else { return Vec::new() };
    let mut styles = Vec::new();
    while let Some(length) = u16_at(rest, 0).map(usize::from) {
        let definition = slice_within(rest, 2, length);
        styles.push(style(definition, base).unwrap_or_default());
        rest = rest.get(2 + length + length % 2..).unwrap_or_default();
    }
    styles
}

/// A style definition ([MS-DOC] STD), whose fixed part has `fixed` bytes.
fn style(definition: &[u8], fixed: usize) -> Option<Style> {
    let identifier = u16_at(definition, 0)? & 0x0FFF;
    let kind = u16_at(definition, 2)? & 0x000F;
    let heading = (kind == 1 && (1..=9).contains(&identifier)).then_some(identifier as u8);
    let mut style = Style { base: u16_at(definition, 2)? >> 4, heading, ..Default::default() };
    let mut rest = definition.get(fixed..)?;
    let name = usize::from(u16_at(rest, 0)?);
    rest = rest.get(2 + name * 2 + 2..)?;
    let mut next = || {
        let length = usize::from(u16_at(rest, 0)?);
        let modifiers = slice_within(rest, 2, length);
        rest = rest.get(2 + length + length % 2..).unwrap_or_default();
        Some(modifiers)
    };
    if kind == 1 {
        let modifiers = next().and_then(|modifiers| modifiers.get(2..)).unwrap_or_default();
        style.paragraph.apply(modifiers, &[], &mut 0);
    }
    if kind == 1 || kind == 2 {
        style.character.apply(next().unwrap_or_default());
    }
    Some(style)
}
