//! The filled cells of a sheet, packed: what is empty takes no room.

use crate::ingest::extract::too_large;

/// A filled cell.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// Its row, from 0.
    pub row: u32,
    /// Its column, from 0.
    pub column: u32,
    start: u32,
    end: u32,
}

/// A sheet.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    cells: Vec<Cell>,
    text: String,
}

impl Sheet {
    /// The text of a cell.
    pub fn text(&self, cell: &Cell) -> &str {
        self.text.get(cell.start as usize..cell.end as usize).unwrap_or_default()
    }

    /// The rows that are not empty.
    pub fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunk_by(|a, b| a.row == b.row)
    }

    /// The columns that are not empty, ascending.
    pub fn columns(&self) -> Vec<u32> {
        let mut columns: Vec<u32> = self.cells.iter().map(|cell| cell.column).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// A row as one line: cells joined by tabs, empty columns left out.
    pub fn joined(&self, row: &[Cell], columns: &[u32]) -> String {
        let mut line = String::new();
        let mut column = 0;
        for cell in row {
            let place = columns.binary_search(&cell.column).unwrap_or(column);
            line.extend(std::iter::repeat_n('\t', place.saturating_sub(column)));
            column = place;
            let words = self.text(cell).split_whitespace();
            words.enumerate().for_each(|(i, word)| {
                line.push_str(if i > 0 { " " } else { "" });
                line.push_str(word);
            });
        }
        line
    }
}

/// The sheets of a workbook while they are read.
pub struct Sheets {
    sheets: Vec<Sheet>,
    room: u64,
    max_text: u64,
}

impl Sheets {
    /// No sheets yet, whose cells may hold so many bytes of text.
    pub fn new(max_text: u64) -> Self {
        Sheets { sheets: Vec::new(), room: max_text.min(u64::from(u32::MAX)), max_text }
    }

    /// Begins a sheet.
    pub fn begin(&mut self, name: &str) {
        self.sheets.push(Sheet { name: name.to_owned(), ..Sheet::default() });
    }

    /// Adds a cell to the sheet; an empty one is not added.
    ///
    /// # Errors
    /// A reason for a person, if there is too much text.
    pub fn push(&mut self, row: u32, column: u32, text: &str) -> Result<(), String> {
        let text = text.trim();
        let Some(sheet) = self.sheets.last_mut().filter(|_| !text.is_empty()) else { return Ok(()) };
        self.room = self.room.checked_sub(text.len() as u64).ok_or_else(|| too_large(self.max_text))?;
        let start = sheet.text.len() as u32;
        sheet.text.push_str(text);
        sheet.cells.push(Cell { row, column, start, end: sheet.text.len() as u32 });
        Ok(())
    }

    /// The sheets that are not empty, their cells in order.
    pub fn into_sheets(self) -> Vec<Sheet> {
        let mut sheets = self.sheets;
        sheets.retain(|sheet| !sheet.cells.is_empty());
        for sheet in &mut sheets {
            sheet.cells.sort_by_key(|cell| (cell.row, cell.column));
        }
        sheets
    }
}
