//! Page furniture: page numbers, running headers and footers.
//!
//! Invariant: only the outermost rows of a sheet are dropped, and only if they are page numbers, the marks of a
//! printing browser, or stand at the same place of several sheets.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern;

use super::sheets::Sheet;

/// How many rows at each edge may be furniture.
const EDGE_ROWS: usize = 2;

/// Furniture stands in this share of the height, at the top and at the bottom.
const MARGIN: f64 = 0.14;

/// Drops the furniture of a document's sheets.
pub fn drop_furniture(sheets: &mut [Sheet]) {
    let mut places: HashMap<(String, bool, i64), usize> = HashMap::new();
    for sheet in sheets.iter() {
        for edge in edge_rows(sheet) {
            *places.entry(edge.place()).or_default() += 1;
        }
    }
    for sheet in sheets.iter_mut() {
        let mut dropped: Vec<usize> = Vec::new();
        let mut edges = edge_rows(sheet);
        // Rows are dropped from the edge inwards; one that stays keeps those behind it.
        for top in [true, false] {
            for edge in edges.extract_if(.., |edge| edge.top == top) {
                let near = [-1, 0, 1].iter().filter_map(|by| {
                    let (text, top, y) = edge.place();
                    places.get(&(text, top, y + by))
                });
                let repeated = near.sum::<usize>() > 1 && edge.apart;
                if !(is_page_number(&edge.text) || names_page(&edge.text) || is_browser_mark(&edge.text) || repeated) {
                    break;
                }
                dropped.push(edge.row);
            }
        }
        sheet.segments.retain(|segment| !dropped.contains(&segment.row));
    }
}

/// A row near an edge.
struct Edge {
    row: usize,
    text: String,
    top: bool,
    y: f64,
    /// It stands farther from the next row than its type is high.
    apart: bool,
}

impl Edge {
    /// What and where it is; numbers count as one.
    fn place(&self) -> (String, bool, i64) {
        static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d+"));
        let text = NUMBER.replace_all(&self.text, "0").into_owned();
        (text, self.top, (self.y / 2.0).round() as i64)
    }
}

fn edge_rows(sheet: &Sheet) -> Vec<Edge> {
    let rows: Vec<_> = sheet.segments.chunk_by(|a, b| a.row == b.row).collect();
    let y = |i: usize| rows.get(i).and_then(|row| row.first()).map(|segment| segment.y);
    let edge = |i: usize, top: bool| {
        let row = rows.get(i)?;
        let first = row.first()?;
        let inside = if top { first.y > sheet.height * (1.0 - MARGIN) } else { first.y < sheet.height * MARGIN };
        let next = if top { i.checked_add(1) } else { i.checked_sub(1) }.and_then(y);
        let apart = next.is_none_or(|next| (next - first.y).abs() > 1.9 * first.size);
        let text = row.iter().map(|segment| segment.text.as_str()).collect::<Vec<_>>().join(" ");
        inside.then_some(Edge { row: first.row, text, top, y: first.y, apart })
    };
    let count = rows.len();
    let top = (0..count.min(EDGE_ROWS)).filter_map(|i| edge(i, true));
    let bottom = (count.saturating_sub(EDGE_ROWS)..count).rev().filter_map(|i| edge(i, false));
    top.chain(bottom).collect()
}

fn is_page_number(text: &str) -> bool {
    static PAGE_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)^ [-—–－―─·•~\s]* (第|page)? \s* (\d{1,4}|[ivxl]{1,6}|[一二三四五六七八九十百〇]{1,4}) \s*
              (页? \s* ([/／,，]|of|共|总)* \s* \d{0,4} \s* 页?) [-—–－―─·•~\s]* $",
        )
    });
    PAGE_NUMBER.is_match(text)
}

/// A footer such as `内部资料 第 3 页`.
fn names_page(text: &str) -> bool {
    static PAGE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"第\s*\d{1,4}\s*页([\s/，,]*共\s*\d{1,4}\s*页)?[）)\s]*$"));
    text.chars().count() < 40 && PAGE.is_match(text)
}

/// The date and title, or address and page number, that browsers print at the edges.
fn is_browser_mark(text: &str) -> bool {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^\d{1,4}/\d{1,2}/\d{1,4},?\s*\d{1,2}:\d{2}(\s*[AP]M)?\b|^(https?|file)://\S*.*\s\d+/\d+$")
    });
    MARK.is_match(text)
}
