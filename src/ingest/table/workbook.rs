//! Workbooks since Excel 2007 (xlsx, xlsm, xlsb), through `calamine`.
//!
//! Cells are streamed, so that the area which a sheet claims takes no room; what `calamine` reads as a whole is
//! measured before.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, SheetType, Xlsb, Xlsx};
use zip::ZipArchive;

use super::number::{built_in, is_date, plain, shown};
use super::sheet::Sheets;
use crate::ingest::extract::{Extracted, too_large};

/// Most bytes of the parts that unfold to many times their size: styles, the list of sheets, relations.
const MAX_PART: u64 = 8 << 20;

/// Most times that the shared strings unfold to their packed size, unless they fit in [`MAX_PART`]: text packs about
/// ten to one.
const MAX_RATIO: u64 = 50;

/// Reads the sheets of a workbook, and its title and date.
///
/// # Errors
/// A reason for a person.
pub fn read(
    bytes: &[u8],
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    sheets: &mut Sheets,
    about: &mut Extracted,
    max_text: u64,
) -> Result<(), String> {
    measure(zip, max_text)?;
    if zip.index_for_name("xl/workbook.bin").is_some() {
        return read_xlsb(bytes, sheets);
    }
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if let Ok(properties) = workbook.workbook_properties() {
        about.title = properties.title.filter(|title| !title.trim().is_empty());
        let is_day = |date: &str| date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        about.date = properties.created.and_then(|date| date.get(..10).filter(|day| is_day(day)).map(str::to_owned));
    }
    let names: Vec<String> = worksheets(&workbook);
    let is_1904 = workbook.has_1904_epoch();
    for name in names {
        sheets.begin(&name);
        let mut formats: HashMap<usize, String> = HashMap::new();
        let mut cells = workbook.worksheet_cells_reader(&name).map_err(|error| damaged(&error))?;
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|error| damaged(&error))? {
            let format = formats.entry(style).or_insert_with(|| {
                let format = cells.styles().get(style).and_then(|style| style.number_format.as_ref());
                let built_in = format.and_then(|format| u16::try_from(format.format_id?).ok()).map_or("", built_in);
                format.map_or("", |format| if built_in.is_empty() { &format.format_code } else { built_in }).to_owned()
            });
            let (row, column) = cell.get_position();
            push(sheets, row, column, cell.get_value(), format, is_1904)?;
        }
    }
    Ok(())
}

fn read_xlsb(bytes: &[u8], sheets: &mut Sheets) -> Result<(), String> {
    let mut workbook: Xlsb<_> = Xlsb::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let is_1904 = workbook.has_1904_epoch();
    for name in worksheets(&workbook) {
        sheets.begin(&name);
        let mut cells = workbook.worksheet_cells_reader(&name).map_err(|error| damaged(&error))?;
        while let Some(cell) = cells.next_cell().map_err(|error| damaged(&error))? {
            let (row, column) = cell.get_position();
            push(sheets, row, column, cell.get_value(), "", is_1904)?;
        }
    }
    Ok(())
}

fn worksheets<'a>(workbook: &impl Reader<Cursor<&'a [u8]>>) -> Vec<String> {
    let sheets = workbook.sheets_metadata().iter();
    sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone()).collect()
}

fn push(
    sheets: &mut Sheets,
    row: u32,
    column: u32,
    value: &DataRef,
    format: &str,
    is_1904: bool,
) -> Result<(), String> {
    let text = match value {
        DataRef::String(text) => return sheets.push(row, column, text),
        DataRef::SharedString(text) => return sheets.push(row, column, text),
        DataRef::Int(value) => shown(*value as f64, format, is_1904),
        DataRef::Float(value) => shown(*value, format, is_1904),
        DataRef::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) if is_date(format) => shown(moment.as_f64(), format, is_1904),
        DataRef::DateTime(moment) if moment.is_duration() => plain(moment.as_f64()),
        DataRef::DateTime(moment) => shown(moment.as_f64(), "yyyy-m-d h:mm", is_1904),
        DataRef::DateTimeIso(text) => text.trim_end_matches("T00:00:00").replace('T', " "),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => return Ok(()),
    };
    sheets.push(row, column, &text)
}

/// Refuses a workbook that unfolds to too much, whatever sizes it claims.
fn measure(zip: &mut ZipArchive<Cursor<&[u8]>>, max_text: u64) -> Result<(), String> {
    let mut room = max_text;
    for i in 0..zip.len() {
        let part = zip.by_index(i).map_err(|error| format!("文件损坏或已加密（{error}）"))?;
        let name = String::from_utf8_lossy(part.name_raw()).to_lowercase();
        let unfolds = ["styles", "workbook", ".rels", "docprops"].iter().any(|kind| name.contains(kind));
        let most = match name.contains("sharedstrings") {
            true => room.min(MAX_PART.max(part.compressed_size().saturating_mul(MAX_RATIO))),
            false if unfolds => room.min(MAX_PART),
            false => room,
        };
        let size = std::io::copy(&mut part.take(most + 1), &mut std::io::sink()).map_err(|error| damaged(&error))?;
        room = room.checked_sub(size).filter(|_| size <= most).ok_or_else(|| too_large(max_text))?;
    }
    Ok(())
}

fn damaged(error: &impl std::fmt::Display) -> String {
    format!("文件损坏（{error}）")
}
