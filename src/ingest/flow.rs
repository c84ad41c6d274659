//! The order of blocks in a flow of text that holds tables, text boxes and notes.
//!
//! A row of several cells is one block, its cells on one line; a row of one cell only lays out text and yields what
//! stands in it. Text boxes and notes wait for the end of the paragraph or row that they stand in. Tables too deep
//! for sense are read as if they were not there, so that no text is moved more than a bounded number of times.

use super::extract::{BlockKind, one_line};

/// How deep tables may stand in tables.
const MAX_TABLES: usize = 16;

/// Longest text of a cell, in bytes, and most times that it is repeated.
const MAX_REPEATED: (usize, usize) = (64, 16);

/// Finished blocks.
pub type Content = Vec<(BlockKind, String)>;

/// A flow of text: a body, a text box or a note.
#[derive(Debug, Default)]
pub struct Flow {
    tables: Vec<Table>,
    /// Open tables, also those too deep to be told apart.
    nesting: usize,
    blocks: Content,
    waiting: Content,
}

#[derive(Debug, Default)]
struct Table {
    /// Cells of the open row.
    row: Vec<Cell>,
    in_cell: bool,
}

#[derive(Debug)]
struct Cell {
    content: Content,
    /// How many cells it stands for.
    count: usize,
}

impl Flow {
    /// Adds blocks where the flow has got to: in the open cell or behind all that is finished.
    pub fn place(&mut self, mut blocks: Content) {
        let cell = self.tables.iter_mut().rev().find_map(Table::open);
        cell.unwrap_or(&mut self.blocks).append(&mut blocks);
    }

    /// Adds blocks that must not interrupt the open paragraph or row.
    pub fn wait(&mut self, mut blocks: Content) {
        self.waiting.append(&mut blocks);
    }

    /// Begins a table.
    pub fn open_table(&mut self) {
        self.nesting += 1;
        if self.nesting <= MAX_TABLES {
            self.tables.push(Table::default());
        }
    }

    /// Ends a table.
    pub fn close_table(&mut self) {
        self.close_row();
        self.nesting = self.nesting.saturating_sub(1);
        self.tables.truncate(self.nesting);
    }

    /// The innermost table, if it is the one that the file is in.
    fn table(&mut self) -> Option<&mut Table> {
        if self.nesting <= MAX_TABLES { self.tables.last_mut() } else { None }
    }

    /// Begins a cell that stands for `count` equal ones.
    pub fn open_cell(&mut self, count: usize) {
        if let Some(table) = self.table() {
            table.row.push(Cell { content: Content::new(), count });
            table.in_cell = true;
        }
    }

    /// Ends a cell. One that continues another cell is emptied: that one holds the text.
    pub fn close_cell(&mut self, continues: bool) {
        let Some(table) = self.table() else { return };
        table.in_cell = false;
        if let (true, Some(cell)) = (continues, table.row.last_mut()) {
            cell.content.clear();
        }
    }

    /// Ends a row.
    pub fn close_row(&mut self) {
        if let Some(row) = self.table().map(Table::close_row) {
            self.place(row);
        }
    }

    /// The blocks that are finished; with what waits, unless a paragraph or row is open.
    pub fn finished(&mut self, in_paragraph: bool) -> Content {
        let mut blocks = std::mem::take(&mut self.blocks);
        if !in_paragraph && self.tables.iter().all(|table| table.row.is_empty()) {
            blocks.append(&mut self.waiting);
        }
        blocks
    }

    /// All blocks, whatever is still open.
    pub fn into_blocks(mut self) -> Content {
        while self.nesting > 0 {
            self.nesting = self.tables.len();
            self.close_table();
        }
        self.finished(false)
    }
}

impl Table {
    fn open(&mut self) -> Option<&mut Content> {
        if self.in_cell { self.row.last_mut().map(|cell| &mut cell.content) } else { None }
    }

    fn close_row(&mut self) -> Content {
        self.in_cell = false;
        let mut cells = std::mem::take(&mut self.row);
        if cells.len() == 1 {
            return cells.pop().map(|cell| cell.content).unwrap_or_default();
        }
        let mut row = String::new();
        for (i, cell) in cells.iter().enumerate() {
            let text = cell.content.iter().map(|(_, text)| one_line(text)).collect::<Vec<_>>().join(" ");
            let count = if text.len() <= MAX_REPEATED.0 { cell.count.clamp(1, MAX_REPEATED.1) } else { 1 };
            for repeated in 0..count {
                row.push_str(if i + repeated > 0 { "\t" } else { "" });
                row.push_str(&text);
            }
        }
        if row.trim().is_empty() { Content::new() } else { vec![(BlockKind::Row, row)] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> Content {
        vec![(BlockKind::Paragraph, text.to_owned())]
    }

    fn texts(content: Content) -> Vec<String> {
        content.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn tables_in_tables_repeats_and_what_waits() {
        let mut flow = Flow::default();
        flow.open_table();
        flow.open_cell(1);
        flow.place(paragraph("版式"));
        flow.wait(paragraph("注"));
        flow.open_table();
        for (text, count) in [("甲\n乙", 1), ("丙", usize::MAX)] {
            flow.open_cell(count);
            flow.place(paragraph(text));
            flow.close_cell(false);
        }
        flow.close_table();
        assert!(flow.finished(false).is_empty());
        flow.close_cell(false);
        flow.close_row();
        assert_eq!(texts(flow.finished(false)), ["版式", &format!("甲 乙{}", "\t丙".repeat(16)), "注"]);
    }

    #[test]
    fn nesting_without_end_keeps_the_text() {
        let mut flow = Flow::default();
        for i in 0..100_000 {
            flow.open_table();
            flow.open_cell(1);
            flow.place(paragraph(&i.to_string()));
        }
        assert_eq!(flow.into_blocks().len(), 100_000);
    }
}
