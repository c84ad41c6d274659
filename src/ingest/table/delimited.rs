//! CSV and TSV: what is one, and its cells.

use std::collections::HashMap;

use ::csv::{ReaderBuilder, StringRecord};

use super::sheet::Sheets;
use super::{Table, assemble};
use crate::ingest::extract::Extracted;

/// How much of a text is looked at to tell whether it is a table, in bytes.
const SAMPLE: usize = 65_536;

/// Fewest rows of a table in a file whose name does not say that it is one.
const MIN_ROWS: usize = 4;

/// Longest name of a column in such a file, in characters.
const MAX_NAME: usize = 30;

/// Names of columns of which one is enough to tell a table of reports, in lower case.
const NAMES: [&str; 12] =
    ["id", "title", "text", "content", "year", "date", "url", "标题", "题名", "正文", "全文", "年份"];

/// Whether a text is a table of delimited cells; `is_named` if the name of its file says so (`.csv`, `.tsv`).
///
/// A report full of commas is none: every row needs the same number of cells, and unless the name says so, the first
/// row must consist of names, and the rows below must hold numbers or have names that are well known.
pub fn is_csv(text: &str, is_named: bool) -> bool {
    separator(text, is_named).is_some()
}

/// Reads a table of delimited cells.
///
/// # Errors
/// A reason for a person.
pub fn csv(text: &str, max_text: u64) -> Result<Table, String> {
    let separator = separator(text, true).ok_or("不是分隔符表格，各行的列数不一")?;
    let mut sheets = Sheets::new(max_text);
    sheets.begin("");
    for (row, record) in records(text, separator).enumerate() {
        for (column, cell) in record.iter().enumerate() {
            sheets.push(row as u32, column as u32, cell)?;
        }
    }
    assemble(&sheets.into_sheets(), Extracted::default(), max_text)
}

fn records(text: &str, separator: u8) -> impl Iterator<Item = StringRecord> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    reader.into_records().filter_map(Result::ok)
}

fn separator(text: &str, is_named: bool) -> Option<u8> {
    [b'\t', b',', b';'].into_iter().find(|&separator| is_table(text, separator, is_named))
}

fn is_table(text: &str, separator: u8, is_named: bool) -> bool {
    let is_whole = text.len() <= SAMPLE;
    let sample = text.get(..text.floor_char_boundary(SAMPLE)).unwrap_or(text);
    let mut rows: Vec<StringRecord> = records(sample, separator).collect();
    // The last row of a sample is cut off, unless it is the only one: a report as long as the sample.
    if !is_whole && rows.len() > 1 {
        rows.pop();
    }
    let Some(header) = rows.first() else { return false };
    let columns = if is_named { usual_columns(&rows) } else { header.len() };
    let regular = rows.iter().filter(|row| row.len() == columns).count();
    if columns < 2 {
        return false;
    }
    if is_named {
        return regular * 5 >= rows.len() * 4;
    }
    let is_number = |cell: &str| {
        let cell = cell.trim().trim_end_matches('%');
        !cell.is_empty() && cell.replace(',', "").parse::<f64>().is_ok()
    };
    let is_name = |cell: &str| {
        let is_short = !cell.trim().is_empty() && cell.chars().count() <= MAX_NAME;
        is_short && !is_number(cell) && !cell.contains(['，', '。', '；', '！', '？', '：', '“', ':', ';'])
    };
    let has_known_name = header.iter().any(|cell| NAMES.contains(&cell.trim().to_lowercase().as_str()));
    let is_numeric = |column: usize| rows.iter().skip(1).all(|row| row.get(column).is_some_and(is_number));
    regular == rows.len()
        && header.iter().all(is_name)
        && (has_known_name && rows.len() >= 2 || columns >= 3 && rows.len() >= MIN_ROWS && (0..columns).any(is_numeric))
}

/// The number of cells that most rows have.
fn usual_columns(rows: &[StringRecord]) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for row in rows {
        *counts.entry(row.len()).or_default() += 1;
    }
    counts.into_iter().max_by_key(|&(columns, rows)| (rows, columns)).map_or(0, |(columns, _)| columns)
}
