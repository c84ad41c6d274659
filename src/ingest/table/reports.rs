//! Sheets in which each row is a report.

use std::collections::BTreeMap;

use super::sheet::{Cell, Sheet};
use super::{Record, Table};

/// Names of the column of texts, in lower case, with the characters that its cells hold on average at the least.
const TEXT: [(&str, usize); 6] =
    [("text", 20), ("content", 20), ("正文", 20), ("全文", 20), ("文本", 20), ("内容", 60)];

const TITLE: [&str; 5] = ["title", "标题", "题名", "名称", "篇名"];

const ID: [&str; 2] = ["id", "编号"];

/// Longest name of a column that becomes a field, in characters, and most fields of a report.
const MAX_FIELD_NAME: usize = 40;
const MAX_FIELDS: usize = 200;

/// In how many of the first rows the header is looked for.
const MAX_ABOVE_HEADER: usize = 5;

/// The columns of a sheet in which each row is a report.
pub struct Columns<'a> {
    /// The header, in which their names stand.
    names: &'a [Cell],
    text: u32,
    title: Option<u32>,
    id: Option<u32>,
}

/// The columns of a sheet, if each row below its header is a report.
pub fn columns(sheet: &Sheet) -> Option<Columns<'_>> {
    for row in sheet.rows().take(MAX_ABOVE_HEADER) {
        for (name, least) in TEXT {
            let Some(cell) = row.iter().find(|cell| is_named(sheet, cell, &[name])) else { continue };
            let texts = || sheet.rows().flatten().filter(|other| other.row > cell.row && other.column == cell.column);
            let characters: usize = texts().map(|text| sheet.text(text).chars().count()).sum();
            if characters > 0 && characters >= least * texts().count() {
                let named = |names: &[&str]| {
                    let mut others = row.iter().filter(|other| other.column != cell.column);
                    others.find(|other| is_named(sheet, other, names)).map(|other| other.column)
                };
                return Some(Columns { names: row, text: cell.column, title: named(&TITLE), id: named(&ID) });
            }
        }
    }
    None
}

fn is_named(sheet: &Sheet, cell: &Cell, names: &[&str]) -> bool {
    names.contains(&sheet.text(cell).to_lowercase().as_str())
}

/// Reads sheets of which at least one is made of reports; another one is a report as a whole.
pub fn read(sheets: &[Sheet]) -> Table {
    let mut text = String::new();
    let mut records = Vec::new();
    for sheet in sheets {
        let Some(columns) = columns(sheet) else {
            let title = append(&mut text, &sheet.name);
            let filled = sheet.columns();
            let lines: Vec<String> = sheet.rows().map(|row| sheet.joined(row, &filled)).collect();
            let body = append(&mut text, &lines.join("\n"));
            records.push(Record { id: None, title: Some(title), text: body, fields: BTreeMap::new() });
            continue;
        };
        let header = columns.names.first().map_or(0, |cell| cell.row);
        for row in sheet.rows().filter(|row| row.iter().any(|cell| cell.row > header && cell.column == columns.text)) {
            records.push(record(&mut text, sheet, &columns, row));
        }
    }
    Table::Reports { text, records }
}

fn record(text: &mut String, sheet: &Sheet, columns: &Columns, row: &[Cell]) -> Record {
    let at = |column: u32| row.iter().find(|cell| cell.column == column).map(|cell| sheet.text(cell));
    let fields = row.iter().filter(|cell| cell.column != columns.text).filter_map(|cell| {
        let name = columns.names.binary_search_by_key(&cell.column, |name| name.column).ok()?;
        let name = sheet.text(columns.names.get(name)?);
        (name.chars().count() <= MAX_FIELD_NAME).then(|| (name.to_owned(), sheet.text(cell).to_owned()))
    });
    Record {
        id: columns.id.and_then(at).map(str::to_owned),
        title: columns.title.and_then(at).map(|title| append(text, title)),
        fields: fields.take(MAX_FIELDS).collect(),
        text: append(text, at(columns.text).unwrap_or_default()),
    }
}

/// Appends a part on lines of its own and says where it stands.
fn append(text: &mut String, part: &str) -> std::ops::Range<usize> {
    if !text.is_empty() {
        text.push('\n');
    }
    let start = text.len();
    text.push_str(part);
    start..text.len()
}
