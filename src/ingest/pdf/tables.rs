//! Tables with ruled cells: glyphs between rules are set cell by cell.
//!
//! Invariant: a glyph is in a cell or is left to the rows, never in both. A table needs at least two rows and two
//! columns of rules that cross; boxes and underlines are none. Tables without rules belong to `lines`.

use super::page::{Glyph, Rule};
use super::rows::{Segment, cell_text};

/// How near two rules are one, and how far they may miss each other.
const NEAR: f64 = 3.0;

/// Sheets with more rules are drawings.
const MAX_RULES: usize = 2_000;

/// Grids of more cells are drawings.
const MAX_CELLS: usize = 20_000;

/// A grid of rules.
pub struct Table {
    /// The ends of its columns, ascending.
    xs: Vec<f64>,
    /// The ends of its rows, descending.
    ys: Vec<f64>,
    cells: Vec<Vec<Glyph>>,
    /// For each cell, the one that holds its text: cells that no rule parts are one.
    owners: Vec<usize>,
}

/// The tables that rules draw.
pub fn tables(rules: &[Rule]) -> Vec<Table> {
    let mut groups: Vec<Vec<Rule>> = Vec::new();
    if rules.len() > MAX_RULES {
        return Vec::new();
    }
    let mut rest: Vec<Rule> = rules.to_vec();
    // Rules that touch, directly or through others, are one table's.
    while let Some(first) = rest.pop() {
        let mut group = vec![first];
        let mut next = 0;
        while let Some(rule) = group.get(next).copied() {
            group.extend(rest.extract_if(.., |other| touch(&rule, other)));
            next += 1;
        }
        groups.push(group);
    }
    groups.into_iter().filter_map(table).collect()
}

fn touch(a: &Rule, b: &Rule) -> bool {
    if a.vertical == b.vertical {
        return (a.at - b.at).abs() < NEAR && a.start < b.end + NEAR && b.start < a.end + NEAR;
    }
    let within = |rule: &Rule, at: f64| rule.start - NEAR < at && at < rule.end + NEAR;
    within(a, b.at) && within(b, a.at)
}

fn table(rules: Vec<Rule>) -> Option<Table> {
    let ends = |vertical: bool| {
        let mut ends: Vec<f64> = rules.iter().filter(|rule| rule.vertical == vertical).map(|rule| rule.at).collect();
        ends.sort_by(f64::total_cmp);
        ends.dedup_by(|b, a| *b - *a < NEAR);
        ends
    };
    let (xs, mut ys) = (ends(true), ends(false));
    ys.reverse();
    let columns = xs.len().saturating_sub(1);
    let count = columns * ys.len().saturating_sub(1);
    if columns < 2 || ys.len() < 3 || count > MAX_CELLS {
        return None;
    }
    let mut owners = Vec::with_capacity(count);
    for ends in ys.windows(2) {
        let y = ends.iter().sum::<f64>() / 2.0;
        let mut owner = owners.len();
        for x in xs.iter().take(columns) {
            let ruled = |rule: &Rule| rule.vertical && (rule.at - x).abs() < NEAR && rule.start < y && y < rule.end;
            if rules.iter().any(ruled) {
                owner = owners.len();
            }
            owners.push(owner);
        }
    }
    Some(Table { xs, ys, cells: vec![Vec::new(); count], owners })
}

impl Table {
    /// Takes a glyph if it stands in the table.
    pub fn take(&mut self, glyph: &Glyph) -> bool {
        let x = glyph.x + glyph.width / 2.0;
        let y = glyph.y + 0.3 * glyph.size;
        let column = self.xs.partition_point(|end| *end <= x);
        let row = self.ys.partition_point(|end| *end >= y);
        let columns = self.xs.len() - 1;
        if column == 0 || column > columns || row == 0 || row >= self.ys.len() {
            return false;
        }
        let owner = self.owners.get((row - 1) * columns + column - 1);
        match owner.and_then(|owner| self.cells.get_mut(*owner)) {
            Some(cell) => {
                cell.push(*glyph);
                true
            }
            None => false,
        }
    }

    /// Whether it holds text as a table does: in several rows, and in several cells of a row.
    pub fn is_filled(&self) -> bool {
        let filled = |cells: &[Vec<Glyph>]| cells.iter().filter(|cell| !cell.is_empty()).count();
        let counts = || self.cells.chunks(self.xs.len() - 1).map(filled);
        counts().filter(|count| *count > 0).count() > 1 && counts().any(|count| count > 1)
    }

    /// Gives back the glyphs it took.
    pub fn release(self) -> Vec<Glyph> {
        self.cells.into_iter().flatten().collect()
    }

    /// The cells that hold text, one segment each; `row` is the first free number of a row.
    pub fn segments(self, mut row: usize) -> Vec<Segment> {
        let columns = self.xs.len() - 1;
        let mut segments = Vec::new();
        for (cells, ends) in self.cells.chunks(columns).zip(self.ys.windows(2)) {
            let y = ends.iter().sum::<f64>() / 2.0;
            for (cell, ends) in cells.iter().zip(self.xs.windows(2)) {
                let [x0, x1] = ends else { continue };
                let Some(first) = cell.first() else { continue };
                segments.push(Segment {
                    text: cell_text(cell.clone()),
                    x0: *x0,
                    x1: *x1,
                    y,
                    size: first.size,
                    bold: false,
                    artifact: cell.iter().all(|glyph| glyph.artifact),
                    references: Vec::new(),
                    in_table: true,
                    row,
                });
            }
            row += 1;
        }
        segments
    }
}
