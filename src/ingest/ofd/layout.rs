//! From characters on pages to paragraphs: lines in reading order, furniture of the page dropped, lines joined.
//!
//! The order of the file is kept unless the positions contradict it. A paragraph begins at an indented line, after a
//! short line, after a gap or where the size of the characters changes; the end of a page or column ends none.

use std::collections::HashMap;

use super::super::extract::BlockKind;
use super::super::flow::Content;
use super::lines::{Line, lines};
use super::page::{Page, is_wide};

/// Part of a page's height at its top and bottom where furniture stands.
const EDGE: f64 = 0.12;

/// Least number of lines that show the margins of a column.
const MIN_LINES: usize = 4;

/// Narrowest line (in characters) that may go on: no column is narrower.
const NARROWEST: f64 = 7.5;

/// Where the lines of a column begin and end.
#[derive(Debug, Clone, Copy, Default)]
struct Margins {
    left: f64,
    right: f64,
    /// Customary distance of base lines.
    pitch: f64,
    /// Whether lines that go on reach the right end.
    justified: bool,
}

/// The lines of one column of one page.
#[derive(Debug, Default)]
struct Column {
    lines: Vec<Line>,
    margins: Margins,
}

/// The blocks of the pages of a document.
pub fn blocks(pages: Vec<Page>) -> Content {
    let mut pages: Vec<(f64, Vec<Line>)> = pages.into_iter().map(|page| (page.height, lines(page.runs))).collect();
    drop_furniture(&mut pages);
    let body = body_size(pages.iter().flat_map(|(_, lines)| lines));
    let mut columns: Vec<Column> = pages.into_iter().flat_map(|(_, lines)| columns(lines)).collect();
    align_columns(&mut columns, body);
    let mut blocks = Content::new();
    let mut paragraph: Option<(BlockKind, String)> = None;
    let mut last: Option<(usize, usize)> = None;
    for (at, column) in columns.iter().enumerate() {
        for (i, line) in column.lines.iter().enumerate() {
            let before = last.and_then(|(at, i)| Some((columns.get(at)?, columns.get(at)?.lines.get(i)?)));
            let goes_on = before
                .is_some_and(|before| goes_on(before, (column, line), last == Some((at, i.wrapping_sub(1))), body));
            last = Some((at, i));
            match (&mut paragraph, goes_on) {
                (Some((kind, text)), true) => {
                    *kind = if *kind == line.kind() { *kind } else { BlockKind::Paragraph };
                    if needs_space(text, &line.text) {
                        text.push(' ');
                    }
                    text.push_str(&line.text);
                }
                _ => blocks.extend(paragraph.replace((line.kind(), line.text.clone()))),
            }
        }
    }
    blocks.extend(paragraph);
    blocks
}

/// Whether a space belongs between the end of a line and the beginning of the next: between words of letters.
fn needs_space(end: &str, begin: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphabetic() || matches!(c, ',' | ';' | ')');
    end.ends_with(is_word) && begin.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Drops page numbers and what stands at the same edge of most pages.
fn drop_furniture(pages: &mut [(f64, Vec<Line>)]) {
    let count = pages.len();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (height, lines) in pages.iter() {
        let mut keys: Vec<String> =
            lines.iter().filter(|line| at_edge(line, *height)).map(|l| without_digits(&l.text)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().for_each(|key| *seen.entry(key).or_default() += 1);
    }
    for (height, lines) in pages {
        let top = lines.iter().map(|line| line.base).fold(f64::INFINITY, f64::min);
        let bottom = lines.iter().map(|line| line.base).fold(f64::NEG_INFINITY, f64::max);
        lines.retain(|line| {
            let outermost = line.base <= top || line.base >= bottom;
            let repeated = count > 1 && seen.get(&without_digits(&line.text)).is_some_and(|n| n * 2 > count);
            !at_edge(line, *height) || !(outermost && is_page_number(&line.text) || repeated)
        });
    }
}

fn at_edge(line: &Line, height: f64) -> bool {
    line.base < height * EDGE || line.base > height * (1.0 - EDGE)
}

fn without_digits(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()).collect()
}

/// `12`, `— 12 —`, `第12页 共20页`, `12/20`
fn is_page_number(text: &str) -> bool {
    let bare = |c: &char| !c.is_whitespace() && !"-—–－─·•~～第页共/／,，".contains(*c);
    let digits = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let rest: Vec<char> = text.chars().filter(bare).collect();
    (1..=8).contains(&rest.len()) && rest.into_iter().all(digits)
}

/// The size of most characters.
fn body_size<'a>(lines: impl Iterator<Item = &'a Line>) -> f64 {
    let mut counts: HashMap<i64, usize> = HashMap::new();
    for line in lines {
        *counts.entry((line.size * 10.0).round() as i64).or_default() += line.text.len();
    }
    counts.into_iter().max_by_key(|&(size, count)| (count, size)).map_or(0.0, |(size, _)| size as f64 / 10.0)
}

/// Splits the lines of a page where they go up again.
fn columns(lines: Vec<Line>) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for line in lines {
        match columns.last_mut() {
            Some(column) if column.lines.last().is_some_and(|last| line.base > last.base - line.size) => {
                column.lines.push(line);
            }
            _ => columns.push(Column { lines: vec![line], ..Column::default() }),
        }
    }
    columns.iter_mut().for_each(|column| column.margins = Margins::of(&column.lines));
    columns
}

impl Margins {
    fn of(lines: &[Line]) -> Self {
        let size = body_size(lines.iter());
        let body = || lines.iter().filter(|line| (line.size - size).abs() < size * 0.12);
        let left = outermost(body().map(|line| line.left).collect(), size);
        let right = -outermost(body().map(|line| -line.right).collect(), size);
        let mut pitches: Vec<f64> = lines.iter().zip(lines.iter().skip(1)).map(|(a, b)| b.base - a.base).collect();
        pitches.sort_unstable_by(f64::total_cmp);
        let pitch = pitches.get(pitches.len() / 2).copied().unwrap_or(size * 2.0);
        // Ends that are not levelled vary by half and whole characters.
        let near = |reach: f64| lines.iter().filter(|line| line.right > right - size * reach).count();
        Margins { left, right, pitch, justified: near(0.15) * 100 >= near(1.9) * 96 }
    }
}

/// The smallest value that is no exception: one that another is near to, among the first few.
fn outermost(mut values: Vec<f64>, size: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let paired = values.iter().zip(values.iter().skip(1)).take(3).find(|(a, b)| *b - *a < size * 0.5).map(|(a, _)| *a);
    let first = values.first().copied().unwrap_or(0.0);
    if values.len() < MIN_LINES { first } else { paired.unwrap_or(first) }
}

/// Gives columns the margins that most columns around them have: the lines of a single one may all be indented or short.
fn align_columns(columns: &mut [Column], size: f64) {
    let place = |value: f64| (value / size.max(0.1)).round() as i64;
    let mut shapes: HashMap<(i64, i64), (usize, usize)> = HashMap::new();
    for (i, column) in columns.iter().enumerate() {
        let (count, longest) =
            shapes.entry((place(column.margins.left), place(column.margins.right))).or_insert((0, i));
        *count += column.lines.len();
        if columns.get(*longest).is_some_and(|longest| longest.lines.len() < column.lines.len()) {
            *longest = i;
        }
    }
    let total: usize = shapes.values().map(|&(count, _)| count).sum();
    let mut common: Vec<(usize, usize)> = shapes.into_values().filter(|&(count, _)| count * 20 >= total).collect();
    common.sort_unstable_by_key(|&(count, i)| (std::cmp::Reverse(count), i));
    let common: Vec<Margins> = common.into_iter().filter_map(|(_, i)| columns.get(i)).map(|c| c.margins).collect();
    for column in columns {
        let short = column.lines.len() < MIN_LINES;
        let widest = column.lines.iter().map(|line| line.right - line.left).fold(0.0, f64::max);
        let fits = |shape: &&Margins| {
            let inside =
                column.margins.left > shape.left - size * 0.7 && column.margins.right < shape.right + size * 0.7;
            inside && (short || widest > (shape.right - shape.left) * 0.6)
        };
        if let Some(&shape) = common.iter().find(fits) {
            column.margins = Margins { pitch: if short { shape.pitch } else { column.margins.pitch }, ..shape };
        }
    }
}

/// Whether a line goes on with the paragraph of the line before it.
fn goes_on((column, line): (&Column, &Line), (next_column, next): (&Column, &Line), adjacent: bool, body: f64) -> bool {
    let size = line.size.max(next.size);
    if line.is_row || next.is_row || (line.size - next.size).abs() > size * 0.12 {
        return false;
    }
    let down = next.base - line.base;
    // A title of two lines stands in the middle.
    let middle = |line: &Line| (line.left + line.right) / 2.0;
    let wide = line.right - line.left > (column.margins.right - column.margins.left) * 0.5;
    if adjacent && wide && down < size * 2.0 && size > body * 1.2 && (middle(line) - middle(next)).abs() < size * 0.5 {
        return true;
    }
    if adjacent && down > column.margins.pitch.max(size) * 1.3 {
        return false;
    }
    if next.left > next_column.margins.left + size * 0.8 {
        return false;
    }
    if line.right - line.left < size * NARROWEST {
        return false;
    }
    let lacking = column.margins.right - line.right;
    // A line may end early because what follows cannot be broken.
    let allowed = if column.margins.justified { size * 0.7 } else { (first_piece(&next.text) + 0.4) * size };
    lacking <= allowed
}

/// Width of what cannot be broken at the beginning of a line, in characters: a number or word, or one character, with
/// the marks behind it.
fn first_piece(text: &str) -> f64 {
    let mut width = 0.0;
    let (mut opening, mut word) = (true, true);
    for char in text.chars().take(64) {
        let mark = "，。、；：？！）》”’」』】〉％,.;:?!)%".contains(char);
        let bound = opening || mark || word && char.is_ascii_graphic();
        if !bound {
            break;
        }
        word = char.is_ascii_graphic();
        opening = "（《“‘「『【〈(".contains(char);
        width += if is_wide(char) { 1.0 } else { 0.5 };
    }
    width
}

#[cfg(test)]
mod tests {
    use super::super::page::Run;
    use super::*;

    const SIZE: f64 = 5.0;

    fn run(left: f64, base: f64, text: &str) -> Run {
        let width: f64 = text.chars().map(|c| if is_wide(c) { SIZE } else { SIZE / 2.0 }).sum();
        Run { text: text.to_owned(), left, right: left + width, base, size: SIZE, bold: false }
    }

    fn texts(pages: Vec<Vec<Run>>) -> Vec<String> {
        let pages = pages.into_iter().map(|runs| Page { runs, height: 297.0 }).collect();
        blocks(pages).into_iter().map(|(_, text)| text).collect()
    }

    /// A line of ten characters.
    fn full(left: f64, base: f64) -> Run {
        run(left, base, "满行满行满行满行满行")
    }

    #[test]
    fn paragraphs_begin_at_indents_and_go_on_over_pages() {
        let pages = vec![
            vec![
                run(40.0, 50.0, "首行首行首行首行"),
                full(30.0, 60.0),
                run(30.0, 70.0, "末行。"),
                run(40.0, 80.0, "又首又首又首又首"),
                full(30.0, 90.0),
                run(50.0, 280.0, "— 1 —"),
            ],
            vec![full(30.0, 50.0), run(30.0, 60.0, "末。"), run(40.0, 70.0, "新段"), run(50.0, 280.0, "— 2 —")],
        ];
        let line = "满行满行满行满行满行";
        assert_eq!(
            texts(pages),
            [format!("首行首行首行首行{line}末行。"), format!("又首又首又首又首{line}{line}末。"), "新段".to_owned()]
        );
    }

    #[test]
    fn gaps_and_sizes_end_paragraphs() {
        let mut small = full(30.0, 100.0);
        small.size = 4.0;
        let page =
            vec![full(30.0, 40.0), full(30.0, 50.0), full(30.0, 60.0), full(30.0, 80.0), full(30.0, 90.0), small];
        assert_eq!(texts(vec![page]).iter().map(|text| text.chars().count()).collect::<Vec<_>>(), [30, 20, 10]);
    }

    #[test]
    fn rows_columns_and_runs_out_of_order() {
        let table =
            vec![run(30.0, 50.0, "指标"), run(80.0, 50.0, "目标"), run(30.0, 60.0, "产值"), run(80.0, 60.0, "6%")];
        assert_eq!(texts(vec![table]), ["指标\t目标", "产值\t6%"]);
        let beside = (0..6).flat_map(|i| {
            [full(30.0, 50.0 + f64::from(i) * 10.0), run(100.0, 50.0 + f64::from(i) * 10.0, "右栏右栏右栏右栏右栏")]
        });
        assert_eq!(
            texts(vec![beside.collect()]),
            ["满行满行满行满行满行".repeat(6) + &"右栏右栏右栏右栏右栏".repeat(6)]
        );
        let late = vec![run(30.0, 50.0, "增长"), run(47.5, 50.0, "左右"), run(40.0, 50.0, "6.5")];
        assert_eq!(texts(vec![late]), ["增长6.5左右"]);
    }

    #[test]
    fn furniture_is_dropped() {
        let pages: Vec<Vec<Run>> = (1..4)
            .map(|i| {
                vec![
                    run(60.0, 20.0, &format!("公报 {i}")),
                    full(30.0, 50.0),
                    run(60.0, 290.0, &format!("第{i}页 共3页")),
                ]
            })
            .collect();
        assert_eq!(texts(pages).concat(), "满行满行满行满行满行".repeat(3));
        assert!(!is_page_number("二、"));
    }

    #[test]
    fn odd_positions_do_no_harm() {
        let odd = [-1e6, -1.0, 0.0, 1.0, 1e6];
        let runs: Vec<Run> =
            odd.iter().flat_map(|&x| odd.iter().map(move |&y| Run { size: 0.01, ..run(x, y, "甲") })).collect();
        assert_eq!(texts(vec![runs]).concat().replace('\t', "").chars().count(), 25);
        assert!(texts(vec![Vec::new()]).is_empty());
    }
}
