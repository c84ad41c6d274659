//! The sheets of a page: its text by direction, with the cells of its tables in their places.
//!
//! Invariant: rows run from top to bottom, their segments from left to right.

use super::page::{Content, Glyph, Rule};
use super::rows::{Segment, segments};
use super::tables::{Table, tables};

/// The text of a page that runs in one direction.
#[derive(Debug)]
pub struct Sheet {
    /// From top to bottom, in each row from left to right.
    pub segments: Vec<Segment>,
    /// How wide the sheet is.
    pub width: f64,
    /// How high the sheet is.
    pub height: f64,
}

/// The sheets of a page, that with most text first.
pub fn sheets(content: &Content) -> Vec<Sheet> {
    let mut directions: [Vec<Glyph>; 4] = Default::default();
    for glyph in &content.glyphs {
        if let Some(glyphs) = directions.get_mut(glyph.direction) {
            glyphs.push(*glyph);
        }
    }
    directions.sort_by_key(|glyphs| std::cmp::Reverse(glyphs.len()));
    let sheet = |glyphs: Vec<Glyph>| {
        let upright = glyphs.first().is_none_or(|glyph| glyph.direction % 2 == 0);
        let (width, height) = if upright { (content.width, content.height) } else { (content.height, content.width) };
        let rules =
            if glyphs.first().is_some_and(|glyph| glyph.direction == 0) { content.rules.as_slice() } else { &[] };
        Sheet { segments: with_tables(glyphs, rules), width, height }
    };
    directions.into_iter().filter(|glyphs| !glyphs.is_empty()).map(sheet).collect()
}

/// The segments of a sheet, those of its tables cell by cell.
fn with_tables(mut glyphs: Vec<Glyph>, rules: &[Rule]) -> Vec<Segment> {
    let mut tables = tables(rules);
    if tables.is_empty() {
        return segments(glyphs);
    }
    glyphs.retain(|glyph| !tables.iter_mut().any(|table| table.take(glyph)));
    let (tables, frames): (Vec<Table>, Vec<Table>) = tables.into_iter().partition(Table::is_filled);
    glyphs.extend(frames.into_iter().flat_map(Table::release));
    let mut all = segments(glyphs);
    for table in tables {
        let free = all.last().map_or(0, |segment| segment.row + 1);
        all.extend(table.segments(free));
    }
    let mut rows: Vec<Vec<Segment>> = Vec::new();
    for segment in all {
        match rows.last_mut() {
            Some(row) if row.last().is_some_and(|last| last.row == segment.row) => row.push(segment),
            _ => rows.push(vec![segment]),
        }
    }
    let y = |row: &Vec<Segment>| row.first().map_or(0.0, |segment| segment.y);
    rows.sort_by(|a, b| y(b).total_cmp(&y(a)));
    rows.into_iter()
        .zip(0..)
        .flat_map(|(segments, row)| segments.into_iter().map(move |segment| Segment { row, ..segment }))
        .collect()
}
