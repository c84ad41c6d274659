//! Tables: the sheets of workbooks and CSV files, as rows of text or as a report for each row.
//!
//! A table whose header names a column of texts, and whose cells there are long, is a collection of reports.
//! Invariant: no more room is taken than the cells that are there need, whatever size a file claims for its
//! sheets. `workbook`, `biff`, `ods` and `delimited` read the formats, `number` shows values as people see them.

mod biff;
mod delimited;
mod number;
mod ods;
mod reports;
mod sheet;
mod workbook;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::Range;

use zip::ZipArchive;

pub use self::delimited::{csv, is_csv};
use self::sheet::{Cell, Sheet, Sheets};
use crate::ingest::extract::{BlockKind, Extracted, too_large};

/// What a table holds.
#[derive(Debug)]
pub enum Table {
    /// Rows of one document.
    Rows(Extracted),
    /// A report in each row.
    Reports {
        /// The titles and texts of all reports.
        text: String,
        /// The reports in order.
        records: Vec<Record>,
    },
}

/// A report that stands in a row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The report's own identifier.
    pub id: Option<String>,
    /// Where its title stands in the text of the table, in bytes.
    pub title: Option<Range<usize>>,
    /// Where its text stands, likewise.
    pub text: Range<usize>,
    /// All cells but the text, by the names in the header.
    pub fields: BTreeMap<String, String>,
}

/// Whether an OLE file is a workbook (xls).
pub fn is_xls(bytes: &[u8]) -> bool {
    biff::is_workbook(bytes)
}

/// Reads a workbook: xlsx, xlsb, xls or ods.
///
/// # Errors
/// A reason for a person.
pub fn xlsx(bytes: &[u8], max_text: u64) -> Result<Table, String> {
    let mut sheets = Sheets::new(max_text);
    let mut about = Extracted::default();
    if bytes.starts_with(b"PK") {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("文件损坏（{error}）"))?;
        if zip.index_for_name("content.xml").is_some() {
            ods::read(&mut zip, &mut sheets, max_text)?;
        } else {
            workbook::read(bytes, &mut zip, &mut sheets, &mut about, max_text)?;
        }
    } else {
        biff::read(bytes, &mut sheets)?;
    }
    assemble(&sheets.into_sheets(), about, max_text)
}

/// Makes reports or rows of sheets.
fn assemble(sheets: &[Sheet], about: Extracted, max_text: u64) -> Result<Table, String> {
    if sheets.iter().any(|sheet| reports::columns(sheet).is_some()) {
        return Ok(reports::read(sheets));
    }
    let mut extracted = about;
    for sheet in sheets {
        if sheets.len() > 1 {
            extracted.push(BlockKind::Heading(1), &sheet.name);
        }
        let columns = sheet.columns();
        for row in sheet.rows() {
            push_row(&mut extracted, sheet, row, &columns);
            if extracted.text.len() as u64 > max_text {
                return Err(too_large(max_text));
            }
        }
    }
    if extracted.text.is_empty() { Err("表格是空的".to_owned()) } else { Ok(Table::Rows(extracted)) }
}

fn push_row(extracted: &mut Extracted, sheet: &Sheet, row: &[Cell], columns: &[u32]) {
    if let [only] = row
        && sheet.text(only).parse::<f64>().is_err()
    {
        sheet.text(only).lines().for_each(|line| extracted.push(BlockKind::Paragraph, line));
        return;
    }
    extracted.push(BlockKind::Row, &sheet.joined(row, columns));
}

#[cfg(test)]
mod tests;
