//! A table as an Excel workbook: the data on one sheet, the notes on a second.
//!
//! Headings stay in sight and carry a filter; numbers are numbers with their column's format; words are words,
//! whatever they begin with. The same table gives the same bytes: the date that a workbook has to bear is fixed.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::{Cell, ColumnKind, NOTES, Table};

/// A table that cannot be a workbook.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// Excel has no room for so many rows or columns.
    #[error("表格太大，Excel 放不下（{rows} 行、{columns} 列），请改用 CSV")]
    TooLarge {
        /// Rows without the headings.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// The writer refused.
    #[error("无法写成 Excel 文件（{0}）")]
    Refused(#[from] XlsxError),
}

/// What Excel has room for.
const MAX_ROWS: usize = 1_048_575;
const MAX_COLUMNS: usize = 16_384;

/// What a cell of Excel has room for, in UTF-16 units.
const MAX_CELL: usize = 32_767;

/// Widths of columns, in digits.
const NARROWEST: usize = 8;
const WIDEST: usize = 60;

/// Room for the arrow of the filter.
const ARROW: usize = 3;

/// The table as the bytes of an xlsx file.
///
/// # Errors
/// [`WorkbookError::TooLarge`] if Excel has no room for it.
pub fn xlsx(table: &Table) -> Result<Vec<u8>, WorkbookError> {
    let (rows, columns) = (table.rows.len(), table.columns.len());
    if rows > MAX_ROWS || columns > MAX_COLUMNS {
        return Err(WorkbookError::TooLarge { rows, columns });
    }
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let title = held(&table.title, 255);
    workbook.set_properties(&DocProperties::new().set_title(&*title).set_creation_datetime(&created));
    data(workbook.add_worksheet().set_name("数据")?, table)?;
    if !table.notes.is_empty() {
        notes(workbook.add_worksheet().set_name(NOTES)?, table)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn data(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let heading = Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_align(FormatAlign::Top);
    for (column, at) in table.columns.iter().zip(0_u16..) {
        let aligned = if column.kind.is_numeric() { FormatAlign::Right } else { FormatAlign::Left };
        sheet.write_string_with_format(0, at, held(&column.name, MAX_CELL), &heading.clone().set_align(aligned))?;
        sheet.set_column_width(at, width(table, usize::from(at)))?;
    }
    let formats: Vec<Format> = table.columns.iter().map(|column| format(column.kind)).collect();
    for (row, down) in table.rows.iter().zip(1_u32..) {
        for (((_, cell), format), across) in table.cells(row).zip(&formats).zip(0_u16..) {
            match cell {
                Cell::Text(text) => sheet.write_string_with_format(down, across, held(text, MAX_CELL), format)?,
                // Excel's numbers hold 15 digits; counts of an archive have fewer.
                Cell::Count(count) => sheet.write_number_with_format(down, across, *count as f64, format)?,
                Cell::Number(number) => sheet.write_number_with_format(down, across, *number, format)?,
                Cell::Empty => sheet,
            };
        }
    }
    if let Some(last) = table.columns.len().checked_sub(1) {
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofilter(0, 0, table.rows.len() as u32, last as u16)?;
    }
    Ok(())
}

fn notes(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_column_width(0, 90)?;
    sheet.write_string_with_format(0, 0, held(&table.title, MAX_CELL), &wrapped.clone().set_bold())?;
    for (note, down) in table.notes.iter().zip(1_u32..) {
        sheet.write_string_with_format(down, 0, held(note, MAX_CELL), &wrapped)?;
    }
    Ok(())
}

fn format(kind: ColumnKind) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match kind {
        ColumnKind::Text | ColumnKind::Fixed => format.set_text_wrap(),
        ColumnKind::Count | ColumnKind::Decimal(0) => format.set_num_format("0"),
        ColumnKind::Decimal(places) => format.set_num_format(format!("0.{}", "0".repeat(places.into()))),
        ColumnKind::Share => format.set_num_format("0.0%"),
    }
}

/// A column's width: that of its widest line, a Chinese character being two digits wide.
fn width(table: &Table, at: usize) -> f64 {
    let Some(column) = table.columns.get(at) else { return NARROWEST as f64 };
    let widest = |text: &str| text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0);
    let cells = table.rows.iter().filter_map(|row| row.get(at)).map(|cell| widest(&cell.shown(column.kind)));
    let width = cells.max().unwrap_or(0).max(widest(&column.name) + ARROW);
    (width + 1).clamp(NARROWEST, WIDEST) as f64
}

/// The text, cut to what there is room for, in UTF-16 units.
fn held(text: &str, room: usize) -> String {
    if text.encode_utf16().count() <= room {
        return text.to_owned();
    }
    let mut taken = 1;
    let fits = |c: &char| {
        taken += c.len_utf16();
        taken <= room
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use calamine::{Data, Reader, Xlsx};

    use super::*;
    use crate::export::tests::sample;
    use crate::export::{Column, Table};

    fn opened(table: &Table) -> Xlsx<Cursor<Vec<u8>>> {
        Xlsx::new(Cursor::new(xlsx(table).expect("a workbook"))).expect("a readable workbook")
    }

    fn part(table: &Table, name: &str) -> String {
        let mut zip = zip::ZipArchive::new(Cursor::new(xlsx(table).expect("a workbook"))).expect("a zip");
        let mut text = String::new();
        zip.by_name(name).expect(name).read_to_string(&mut text).expect("UTF-8");
        text
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut workbook = opened(&sample());
        assert_eq!(workbook.sheet_names(), ["数据", "口径说明"]);
        let data = workbook.worksheet_range("数据").expect("a sheet");
        let rows: Vec<&[Data]> = data.rows().collect();
        let words = |text: &str| Data::String(text.to_owned());
        assert_eq!(rows[0], ["年份", "提法", "次数", "每万字", "占比"].map(words));
        assert_eq!(rows[1][..2], ["2024", "建设临港新城"].map(words));
        assert_eq!(rows[1][2..], [3.0, 1.5, 0.25].map(Data::Float));
        assert_eq!(rows[2][1], words("=SUM(A1)|“甲”,乙\n丙"));
        assert_eq!(rows[2][2..], [12.0, -0.126, 1.0].map(Data::Float));
        assert_eq!(rows[3][1..], [Data::Empty, Data::Empty, Data::Empty, Data::Empty]);
        let notes = workbook.worksheet_range("口径说明").expect("a sheet");
        assert_eq!(notes.get_value((1, 0)), Some(&words("按段计数，副本不计。")));
        assert!(workbook.worksheet_formula("数据").expect("a sheet").is_empty());
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        let bytes = xlsx(&sample()).expect("a workbook");
        assert_eq!(bytes, xlsx(&sample()).expect("a workbook"));
        assert!(part(&sample(), "docProps/core.xml").contains("2000-01-01T00:00:00Z"));
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        for at in 0..zip.len() {
            assert_eq!(zip.by_index(at).expect("a member").last_modified().map(|date| date.year()), Some(1980));
        }
    }

    #[test]
    fn headings_stay_in_sight_and_carry_a_filter() {
        let sheet = part(&sample(), "xl/worksheets/sheet1.xml");
        assert!(sheet.contains("state=\"frozen\""), "{sheet}");
        assert!(sheet.contains("<autoFilter ref=\"A1:E4\"/>"), "{sheet}");
        assert!(part(&sample(), "xl/styles.xml").contains("<b/>"));
    }

    #[test]
    fn columns_are_wide_enough_for_chinese() {
        let mut table = Table::new("", [Column::text("名称"), Column::count("数")]);
        table.row(["云汀市望澜区人民政府".into(), 1_u64.into()]);
        assert_eq!((width(&table, 0), width(&table, 1)), (21.0, 8.0));
        table.row(["长".repeat(200).into()]);
        assert_eq!(width(&table, 0), 60.0);
    }

    #[test]
    fn texts_beyond_what_a_cell_holds_are_cut() {
        let mut table = Table::new("题".repeat(40_000), [Column::text("文")]);
        table.row(["𠮷".repeat(20_000).into()]);
        table.note("注".repeat(40_000));
        let data = opened(&table).worksheet_range("数据").expect("a sheet");
        let text = data.get_value((1, 0)).expect("a cell").to_string();
        assert!(text.ends_with("𠮷…") && text.encode_utf16().count() <= MAX_CELL);
    }

    #[test]
    fn tables_without_rows_columns_or_notes_are_workbooks_too() {
        assert_eq!(opened(&Table::default()).sheet_names(), ["数据"]);
        assert_eq!(opened(&Table::new("空", [Column::text("甲")])).sheet_names(), ["数据"]);
        let wide = Table::new("宽", vec![Column::text("列"); MAX_COLUMNS + 1]);
        let message = xlsx(&wide).expect_err("too wide").to_string();
        assert_eq!(message, "表格太大，Excel 放不下（0 行、16385 列），请改用 CSV");
    }
}
