//! A table as aligned text for a terminal.
//!
//! Measured in columns of the terminal, in which a Chinese character takes two. A cell that is too wide ends in an
//! ellipsis, never inside a character. Numbers are never cut: a cut number is another number. Hence a table with
//! too many columns may be wider than asked for. Title and notes are the caller's to print.

use unicode_width::UnicodeWidthChar;

use super::{ColumnKind, Table};

/// What stands between columns.
const GAP: &str = "  ";

/// No column of words is made narrower than this for want of room.
const NARROWEST: usize = 6;

/// The table's lines, headings and a rule first, fitted to `width` columns of the terminal.
pub fn text(table: &Table, width: usize) -> Vec<String> {
    let headings: Vec<String> = table.columns.iter().map(|column| on_one_line(&column.name)).collect();
    let shown = |row: &Vec<_>| table.cells(row).map(|(column, cell)| on_one_line(&cell.shown(column.kind))).collect();
    let rows: Vec<Vec<String>> = table.rows.iter().map(shown).collect();
    let widths = fitted(table, &headings, &rows, width);
    let rule: Vec<String> = widths.iter().map(|&width| "─".repeat(width)).collect();
    let mut lines = vec![line(table, &widths, &headings), rule.join(GAP)];
    lines.extend(rows.iter().map(|row| line(table, &widths, row)));
    lines
}

/// How wide each column is: as wide as its widest cell, unless columns of words have to give.
fn fitted(table: &Table, headings: &[String], rows: &[Vec<String>], width: usize) -> Vec<usize> {
    let mut natural: Vec<usize> = headings.iter().map(|heading| columns(heading)).collect();
    for row in rows {
        for (widest, cell) in natural.iter_mut().zip(row) {
            *widest = columns(cell).max(*widest);
        }
    }
    let gaps = GAP.len() * headings.len().saturating_sub(1);
    let within = |cap: usize| -> Vec<usize> {
        let fit = |(&natural, column): (&usize, &super::Column)| {
            if column.kind == ColumnKind::Text { natural.min(cap) } else { natural }
        };
        natural.iter().zip(&table.columns).map(fit).collect()
    };
    // The widest give first: all words are held to the largest width at which the line fits.
    let largest = natural.iter().copied().max().unwrap_or(0);
    let fits = |cap: &usize| within(*cap).iter().sum::<usize>() + gaps <= width;
    let cap = (NARROWEST..=largest.max(NARROWEST)).rev().find(fits).unwrap_or(NARROWEST);
    let mut fitted = within(cap);
    let mut left = width.saturating_sub(fitted.iter().sum::<usize>() + gaps);
    for (given, natural) in fitted.iter_mut().zip(natural) {
        let more = left.min(natural - *given);
        *given += more;
        left -= more;
    }
    fitted
}

fn line(table: &Table, widths: &[usize], cells: &[String]) -> String {
    let mut line = String::new();
    for ((column, &width), cell) in table.columns.iter().zip(widths).zip(cells) {
        let cell = cut(cell, width);
        let room = " ".repeat(width.saturating_sub(columns(&cell)));
        let (before, after) = if column.kind.is_numeric() { (room, String::new()) } else { (String::new(), room) };
        let gap = if line.is_empty() { "" } else { GAP };
        line = format!("{line}{gap}{before}{cell}{after}");
    }
    line.trim_end().to_owned()
}

/// The text within so many columns, with an ellipsis where something is left out.
fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut taken = 1;
    for c in text.chars() {
        taken += c.width().unwrap_or(0);
        if taken > width {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// How many columns of a terminal a text takes.
fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

fn on_one_line(text: &str) -> String {
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::sample;
    use crate::export::{Column, Table};

    #[test]
    fn columns_are_aligned_by_what_characters_take() {
        let expected = [
            "年份  提法                 次数  每万字    占比",
            "────  ───────────────────  ────  ──────  ──────",
            "2024  建设临港新城            3    1.50   25.0%",
            "2025  =SUM(A1)|“甲”,乙 丙    12   -0.13  100.0%",
            "2026",
        ];
        assert_eq!(text(&sample(), 100), expected);
    }

    #[test]
    fn words_that_are_too_wide_end_in_an_ellipsis_and_numbers_stay() {
        let mut table = Table::new("", [Column::text("提法"), Column::count("次数")]);
        table.row(["推动望澜产业社区高质量发展".into(), 1_234_567_u64.into()]);
        for width in 0..40 {
            let lines = text(&table, width);
            assert!(lines[2].ends_with("1234567"), "{}", lines[2]);
            assert!(columns(&lines[2]) <= width.max(NARROWEST + 9), "{width}: {}", lines[2]);
        }
        assert_eq!(text(&table, 20)[2], "推动望澜产…  1234567");
        assert_eq!(text(&table, 19)[2], "推动望澜…   1234567");
    }

    #[test]
    fn an_empty_table_has_lines_without_words() {
        assert_eq!(text(&Table::default(), 80), ["", ""]);
        let heads = Table::new("", [Column::text("甲"), Column::text("乙")]);
        assert_eq!(text(&heads, 80), ["甲  乙", "──  ──"]);
    }
}
