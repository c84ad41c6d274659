//! Tables and charts as plain data, and what writes them: CSV, Excel, Markdown, aligned text, SVG.
//!
//! A [`Table`] says what each column holds, so that every writer shows the same value the same way. Writers are
//! pure: the same data gives the same bytes, and nothing here reads an archive or writes a file. What a table says
//! belongs to whoever counts; where it is written to belongs to `cli`.

pub mod chart;

mod aligned;
mod bars;
mod delimited;
mod labels;
mod lines;
mod markdown;
mod scale;
mod svg;
mod workbook;

pub use aligned::text;
pub use delimited::csv;
pub use markdown::markdown;
pub use workbook::{WorkbookError, xlsx};

/// What a column holds, hence how its numbers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words; a year is words, too: nobody adds years up.
    Text,
    /// Words that are never cut: identifiers, bars.
    Fixed,
    /// Whole numbers.
    Count,
    /// Numbers with so many decimal places.
    Decimal(u8),
    /// Parts of a whole, 1 being all of it, shown in per cent with one decimal place.
    Share,
}

impl ColumnKind {
    /// Whether it holds numbers, which stand to the right.
    pub fn is_numeric(self) -> bool {
        !matches!(self, ColumnKind::Text | ColumnKind::Fixed)
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading, for people.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
}

impl Column {
    /// A column of words.
    pub fn text(name: impl Into<String>) -> Column {
        Column { name: name.into(), kind: ColumnKind::Text }
    }

    /// A column of words that are never cut.
    pub fn fixed(name: impl Into<String>) -> Column {
        Column { name: name.into(), kind: ColumnKind::Fixed }
    }

    /// A column of whole numbers.
    pub fn count(name: impl Into<String>) -> Column {
        Column { name: name.into(), kind: ColumnKind::Count }
    }

    /// A column of numbers with so many decimal places.
    pub fn decimal(name: impl Into<String>, places: u8) -> Column {
        Column { name: name.into(), kind: ColumnKind::Decimal(places) }
    }

    /// A column of shares, 1 being the whole.
    pub fn share(name: impl Into<String>) -> Column {
        Column { name: name.into(), kind: ColumnKind::Share }
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A whole number.
    Count(u64),
    /// Any number; one that is not finite counts as [`Cell::Empty`].
    Number(f64),
    /// Nothing: not known, which is not zero.
    Empty,
}

impl Cell {
    /// The cell, without numbers that are none.
    fn known(&self) -> &Cell {
        match self {
            Cell::Number(number) if !number.is_finite() => &Cell::Empty,
            cell => cell,
        }
    }

    /// The cell as people read it in a column of a kind, on as many lines as it has.
    fn shown(&self, kind: ColumnKind) -> String {
        match (self.known(), kind) {
            (Cell::Text(text), _) => text.clone(),
            (Cell::Count(count), _) => count.to_string(),
            (&Cell::Number(number), ColumnKind::Share) => format!("{}%", rounded(number * 100.0, 1)),
            (&Cell::Number(number), ColumnKind::Decimal(places)) => rounded(number, places),
            (&Cell::Number(number), ColumnKind::Count) => rounded(number, 0),
            (Cell::Number(number), ColumnKind::Text | ColumnKind::Fixed) => number.to_string(),
            (Cell::Empty, _) => String::new(),
        }
    }
}

/// A number with so many decimal places; never a negative zero.
fn rounded(number: f64, places: u8) -> String {
    let shown = format!("{number:.*}", usize::from(places));
    if shown.starts_with('-') && shown.chars().all(|c| matches!(c, '-' | '0' | '.')) {
        return shown.trim_start_matches('-').to_owned();
    }
    shown
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Cell {
        Cell::Count(count)
    }
}

impl From<u32> for Cell {
    fn from(count: u32) -> Cell {
        Cell::Count(count.into())
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Cell {
        Cell::Count(count as u64)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Cell {
        Cell::Number(number)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Empty, Into::into)
    }
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// What it is about, on one line.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows: a cell for each column. Missing cells are empty, cells beyond the columns are not written.
    pub rows: Vec<Vec<Cell>>,
    /// How the values were found (口径说明), a paragraph each.
    pub notes: Vec<String>,
}

impl Table {
    /// A table without rows and notes.
    pub fn new(title: impl Into<String>, columns: impl Into<Vec<Column>>) -> Table {
        Table { title: title.into(), columns: columns.into(), rows: Vec::new(), notes: Vec::new() }
    }

    /// Adds a row: `table.row([year.to_string().into(), count.into(), share.into()])`.
    pub fn row(&mut self, cells: impl Into<Vec<Cell>>) {
        self.rows.push(cells.into());
    }

    /// Adds a paragraph to the notes.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// The columns with the cells of a row.
    fn cells<'a>(&'a self, row: &'a [Cell]) -> impl Iterator<Item = (&'a Column, &'a Cell)> {
        let cells = row.iter().map(Cell::known).chain(std::iter::repeat(&Cell::Empty));
        self.columns.iter().zip(cells)
    }
}

/// What the notes are headed by.
const NOTES: &str = "口径说明";

#[cfg(test)]
mod tests {
    use super::*;

    /// A table with everything that writers trip over.
    pub(super) fn sample() -> Table {
        let columns = [
            Column::text("年份"),
            Column::text("提法"),
            Column::count("次数"),
            Column::decimal("每万字", 2),
            Column::share("占比"),
        ];
        let mut table = Table::new("“临港新城”的用法", columns);
        table.row(["2024".into(), "建设临港新城".into(), 3_usize.into(), 1.5.into(), 0.25.into()]);
        table.row(["2025".into(), "=SUM(A1)|“甲”,乙\n丙".into(), 12_u64.into(), (-0.126).into(), 1.0.into()]);
        table.row(["2026".into(), Cell::Empty, None::<u64>.into(), f64::NAN.into()]);
        table.note("按段计数，副本不计。");
        table
    }

    #[test]
    fn cells_are_shown_as_their_column_says() {
        let shown = |cell: Cell, kind| cell.shown(kind);
        assert_eq!(shown(0.1234.into(), ColumnKind::Share), "12.3%");
        assert_eq!(shown(2.5.into(), ColumnKind::Decimal(2)), "2.50");
        assert_eq!(shown((-0.001).into(), ColumnKind::Decimal(1)), "0.0");
        assert_eq!(shown((-0.001).into(), ColumnKind::Decimal(3)), "-0.001");
        assert_eq!(shown(7_u32.into(), ColumnKind::Share), "7");
        assert_eq!(shown(7.4.into(), ColumnKind::Count), "7");
        assert_eq!(shown(0.5.into(), ColumnKind::Text), "0.5");
        assert_eq!(shown(f64::INFINITY.into(), ColumnKind::Count), "");
        assert_eq!(shown("说明".into(), ColumnKind::Count), "说明");
    }
}
