//! Lines of a page from its runs, in reading order.
//!
//! Runs are taken in the order of the file; only where that order contradicts the positions, from top to bottom and
//! from left to right. Lines side by side that hold long pieces of text are columns, short ones the row of a table.

use std::collections::BTreeSet;

use super::super::extract::BlockKind;
use super::page::Run;

/// Gap (in heights of characters) behind which another cell or column begins.
const CELL_GAP: f64 = 1.9;

/// Least number of lines that show columns.
const MIN_COLUMN: usize = 5;

/// Least length (in characters) of what stands in a column's line, on average.
const MIN_LENGTH: usize = 8;

/// A line of characters.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its text, cells divided by tabs.
    pub text: String,
    /// Left end.
    pub left: f64,
    /// Right end.
    pub right: f64,
    /// Base line.
    pub base: f64,
    /// Height of its characters.
    pub size: f64,
    /// Whether it is the row of a table.
    pub is_row: bool,
    bold: bool,
}

impl Line {
    /// What it is as a block.
    pub fn kind(&self) -> BlockKind {
        match (self.is_row, self.bold) {
            (true, _) => BlockKind::Row,
            (false, true) => BlockKind::Bold,
            (false, false) => BlockKind::Paragraph,
        }
    }

    fn new(run: Run) -> Self {
        let Run { text, left, right, base, size, bold } = run;
        Line { text, left, right, base, size, bold, is_row: false }
    }

    fn is_beside(&self, run: &Run) -> bool {
        (run.base - self.base).abs() < self.size.max(run.size) * 0.6
    }

    /// Joins a run on its right.
    fn append(&mut self, run: &Run) {
        let gap = run.left - self.right;
        let is_word = |c: char| c.is_ascii_alphanumeric();
        if gap > run.size * 0.2 && self.text.ends_with(is_word) && run.text.starts_with(is_word) {
            self.text.push(' ');
        }
        // Raised and lowered characters do not move the line.
        if run.size > self.size {
            (self.base, self.size) = (run.base, run.size);
        }
        self.text.push_str(&run.text);
        self.right = self.right.max(run.right);
        self.bold &= run.bold;
    }
}

/// The lines of a page.
pub fn lines(mut runs: Vec<Run>) -> Vec<Line> {
    let mut pieces = pieces(&runs);
    if is_out_of_order(&pieces, &runs) {
        sort(&mut runs);
        pieces = self::pieces(&runs);
    }
    join_rows(split_columns(pieces))
}

/// Joins runs to pieces of lines without wide gaps. What is drawn twice, to look bold, is read once.
fn pieces(runs: &[Run]) -> Vec<Line> {
    let mut pieces: Vec<Line> = Vec::new();
    let mut last: Option<&Run> = None;
    for run in runs {
        let is_same = |a: f64, b: f64| (a - b).abs() < run.size * 0.15;
        let twice = |last: &Run| last.text == run.text && is_same(last.left, run.left) && is_same(last.base, run.base);
        if last.replace(run).is_some_and(twice) {
            continue;
        }
        match pieces.last_mut() {
            Some(piece) if piece.is_beside(run) && is_near(run.left - piece.right, piece.size.max(run.size)) => {
                piece.append(run);
            }
            _ => pieces.push(Line::new(run.clone())),
        }
    }
    pieces
}

fn is_near(gap: f64, size: f64) -> bool {
    gap > -size * 0.6 && gap < size * CELL_GAP
}

/// Whether pieces go up or back too often for a text that is written in order, or a run stands right before an earlier
/// one.
fn is_out_of_order(pieces: &[Line], runs: &[Run]) -> bool {
    let contradicts = |(a, b): &(&Line, &Line)| {
        let size = a.size.max(b.size);
        let up = b.base < a.base - size * 0.6;
        let level = (b.base - a.base).abs() <= size * 0.6;
        (up || level) && b.left < a.right - size * 0.6
    };
    let count = pieces.iter().zip(pieces.iter().skip(1)).filter(contradicts).count();
    // Places in hundredths of a millimetre, rows in whole ones: characters are higher than that.
    let place = |value: f64| (value * 100.0).round() as i64;
    let row = |run: &Run| run.base.round() as i64;
    let mut seen = BTreeSet::new();
    let fills = |run: &Run| {
        let (from, to) = (place(run.right - run.size * 0.3), place(run.right + run.size * CELL_GAP));
        let filled = (-1..=1).any(|i| seen.range((row(run) + i, from)..(row(run) + i, to)).next().is_some());
        seen.insert((row(run), place(run.left)));
        filled
    };
    count > 2 + pieces.len() / 10 || runs.iter().any(fills)
}

/// Sorts runs to rows from top to bottom, each from left to right.
fn sort(runs: &mut [Run]) {
    runs.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut rest = runs;
    while let Some(first) = rest.first() {
        let limit = first.base + first.size * 0.5;
        let length = rest.partition_point(|run| run.base <= limit).max(1);
        let (row, others) = rest.split_at_mut(length);
        row.sort_by(|a, b| a.left.total_cmp(&b.left));
        rest = others;
    }
}

/// Puts columns behind each other that are written line beside line.
fn split_columns(pieces: Vec<Line>) -> Vec<Line> {
    let Some(bounds) = column_bounds(&pieces) else { return pieces };
    let mut ordered = Vec::with_capacity(pieces.len());
    let mut columns: Vec<Vec<Line>> = vec![Vec::new(); bounds.len() + 1];
    for piece in pieces {
        let crosses = bounds.iter().any(|&bound| piece.left < bound && piece.right > bound);
        if crosses {
            columns.iter_mut().for_each(|column| ordered.append(column));
            ordered.push(piece);
        } else if let Some(column) = columns.get_mut(bounds.partition_point(|&bound| bound < piece.left)) {
            column.push(piece);
        }
    }
    columns.iter_mut().for_each(|column| ordered.append(column));
    ordered
}

/// The middles of the gaps between columns, if most lines of the page show the same number of long pieces.
fn column_bounds(pieces: &[Line]) -> Option<Vec<f64>> {
    let rows: Vec<&[Line]> = pieces.chunk_by(is_row).collect();
    let width = |row: &&[Line]| row.len();
    let most = (2..=8).max_by_key(|&n| (rows.iter().filter(|row| width(row) == n).count(), n))?;
    let wide: Vec<&[Line]> = rows.iter().copied().filter(|row| row.len() == most).collect();
    let length: usize = wide.iter().flat_map(|row| row.iter()).map(|piece| piece.text.chars().count()).sum();
    if wide.len() < MIN_COLUMN || wide.len() * 2 < rows.len() || length < wide.len() * most * MIN_LENGTH {
        return None;
    }
    let bound = |i: usize| {
        let mut middles: Vec<f64> = wide
            .iter()
            .filter_map(|row| Some((row.get(i)?.right.min(row.get(i + 1)?.left) + row.get(i + 1)?.left) / 2.0))
            .collect();
        middles.sort_unstable_by(f64::total_cmp);
        middles.get(middles.len() / 2).copied()
    };
    (0..most - 1).map(bound).collect()
}

/// Whether a piece stands on the right of another one in the same row.
fn is_row(a: &Line, b: &Line) -> bool {
    let size = a.size.max(b.size);
    (a.base - b.base).abs() < size * 0.6 && b.left > a.right
}

/// Joins the pieces of a row to one line.
fn join_rows(pieces: Vec<Line>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if is_row(line, &piece) => {
                line.text.push('\t');
                line.text.push_str(&piece.text);
                line.right = piece.right;
                line.bold &= piece.bold;
                line.is_row = true;
            }
            _ => lines.push(piece),
        }
    }
    lines
}
