//! Lines of a column, and which of them are table rows.
//!
//! Invariant: every segment of a column is in one line. A line's cells are its segments; they mean something
//! only if the line is a row.

use super::rows::{Segment, is_closing, is_wide};

/// A line of a column.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its segments from left to right.
    pub cells: Vec<Segment>,
    /// Where it begins.
    pub x0: f64,
    /// Where it ends.
    pub x1: f64,
    /// Its base line; up is more.
    pub y: f64,
    /// The size of most of its type.
    pub size: f64,
    /// All of it is bold.
    pub bold: bool,
    /// It is a row of a table.
    pub is_row: bool,
}

impl Line {
    /// The text of a line that is no table row. Wide gaps become spaces, but not those of letterspaced titles.
    pub fn text(&self) -> String {
        let letterspaced = self.cells.iter().all(|cell| cell.text.chars().count() == 1);
        let mut text = String::new();
        let mut end = f64::INFINITY;
        for cell in &self.cells {
            let is_word = !text.ends_with(is_wide) && !cell.text.starts_with(is_wide);
            if !letterspaced && !text.is_empty() && (is_word || cell.x0 - end > 0.9 * self.size) {
                text.push(' ');
            }
            text.push_str(&cell.text);
            end = cell.x1;
        }
        text
    }

    /// How wide the first part is that cannot be broken: a 汉字 with the punctuation after it, or a word.
    pub fn first_unit(&self) -> f64 {
        let text = self.cells.first().map(|cell| cell.text.as_str()).unwrap_or_default();
        let mut chars = text.chars();
        let mut width = match chars.next() {
            Some(c) if is_wide(c) => 1.0,
            Some(_) => 0.5 + 0.5 * chars.clone().take_while(|c| !is_wide(*c) && *c != ' ').count() as f64,
            None => 0.0,
        };
        width += chars.skip_while(|c| !is_wide(*c)).take_while(|c| is_closing(*c)).count() as f64;
        width * self.size
    }
}

/// Lines below each other.
#[derive(Debug)]
pub struct Column {
    /// From top to bottom.
    pub lines: Vec<Line>,
    /// How wide the sheet is.
    pub sheet_width: f64,
}

/// Sets the segments of a column in lines.
pub fn column(segments: Vec<Segment>, sheet_width: f64) -> Column {
    let mut lines: Vec<Line> = Vec::new();
    for segment in segments {
        match lines.last_mut() {
            Some(line) if line.cells.last().is_some_and(|cell| cell.row == segment.row) => {
                line.x1 = line.x1.max(segment.x1);
                line.size = line.size.max(segment.size);
                line.bold &= segment.bold;
                line.cells.push(segment);
            }
            _ => lines.push(Line {
                x0: segment.x0,
                x1: segment.x1,
                y: segment.y,
                size: segment.size,
                bold: segment.bold,
                is_row: segment.in_table,
                cells: vec![segment],
            }),
        }
    }
    mark_rows(&mut lines);
    Column { lines, sheet_width }
}

/// Marks neighbouring lines whose cells stand below each other.
fn mark_rows(lines: &mut [Line]) {
    for i in 1..lines.len() {
        let (before, after) = lines.split_at_mut(i);
        if let (Some(above), Some(below)) = (before.last_mut(), after.first_mut())
            && are_aligned(above, below)
        {
            above.is_row = true;
            below.is_row = true;
        }
    }
}

/// Whether two lines have the same cells, each below the other. Of three and more cells one may be missing.
fn are_aligned(a: &Line, b: &Line) -> bool {
    let (less, more) = if a.cells.len() < b.cells.len() { (a, b) } else { (b, a) };
    let (few, many) = (less.cells.len(), more.cells.len());
    let letterspaced = |line: &Line| line.cells.iter().all(|cell| cell.text.chars().count() == 1);
    few >= 2
        && (few == many || many > 3 && few + 1 == many)
        && !(letterspaced(a) && letterspaced(b))
        && less.cells.iter().all(|cell| more.cells.iter().any(|other| cell.x0.max(other.x0) < cell.x1.min(other.x1)))
}
