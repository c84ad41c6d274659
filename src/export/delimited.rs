//! A table as CSV for spreadsheets and statistics programs.
//!
//! UTF-8 with a byte order mark, without which Excel reads Chinese as something else; RFC 4180 otherwise (CRLF,
//! quotes where needed). Numbers are written in full, not as they are shown. Words that a spreadsheet would run as
//! a formula are defused. Notes have no place in it: they would be rows.

use ::csv::{Terminator, Writer, WriterBuilder};

use super::{Cell, Table};

/// The mark that tells Excel that the file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The table as CSV, headings first.
pub fn csv(table: &Table) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    record(&mut writer, table.columns.iter().map(|column| defused(&column.name)));
    for row in &table.rows {
        record(&mut writer, table.cells(row).map(|(_, cell)| written(cell)));
    }
    // The writer is in memory and all records have the table's width: neither flushing nor writing can fail.
    writer.into_inner().unwrap_or_default()
}

fn record(writer: &mut Writer<Vec<u8>>, fields: impl Iterator<Item = String>) {
    let fields: Vec<String> = fields.collect();
    if !fields.is_empty() {
        let _ = writer.write_record(fields);
    }
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => defused(text),
        Cell::Count(count) => count.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Empty => String::new(),
    }
}

/// Words that no spreadsheet takes for a formula: an apostrophe stands before those that begin like one, in any
/// width (OWASP, *CSV injection*).
fn defused(text: &str) -> String {
    const OPENINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(OPENINGS) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::sample;
    use crate::export::{Column, Table};

    #[test]
    fn what_is_written_is_read_back() {
        let bytes = csv(&sample());
        let text = String::from_utf8(bytes).expect("UTF-8");
        let body = text.strip_prefix('\u{feff}').expect("a byte order mark");
        let mut reader = ::csv::Reader::from_reader(body.as_bytes());
        assert_eq!(reader.headers().expect("headings"), &["年份", "提法", "次数", "每万字", "占比"][..]);
        let rows: Vec<Vec<String>> =
            reader.records().map(|record| record.expect("a row").iter().map(str::to_owned).collect()).collect();
        assert_eq!(rows[0], ["2024", "建设临港新城", "3", "1.5", "0.25"]);
        assert_eq!(rows[1], ["2025", "'=SUM(A1)|“甲”,乙\n丙", "12", "-0.126", "1"]);
        assert_eq!(rows[2], ["2026", "", "", "", ""]);
    }

    #[test]
    fn lines_end_as_the_standard_says_and_fields_are_quoted_where_needed() {
        let mut table = Table::new("", [Column::text("词"), Column::text("例")]);
        table.row(["甲,乙".into(), "称“新城”，又称\"老城\"".into()]);
        let text = String::from_utf8(csv(&table)).expect("UTF-8");
        assert_eq!(text, "\u{feff}词,例\r\n\"甲,乙\",\"称“新城”，又称\"\"老城\"\"\"\r\n");
    }

    #[test]
    fn words_that_begin_like_a_formula_are_defused() {
        for text in ["=1+1", "+86", "-1", "@SUM", "\t=1", "\r=1", "＝1", "－1"] {
            assert_eq!(defused(text), format!("'{text}"));
        }
        for text in ["——坚持", "2025-01", "", "'=1"] {
            assert_eq!(defused(text), text);
        }
    }

    #[test]
    fn a_table_without_columns_is_no_more_than_the_mark() {
        let mut table = Table::new("空", []);
        table.row(["甲".into()]);
        assert_eq!(csv(&table), BYTE_ORDER_MARK);
    }
}
