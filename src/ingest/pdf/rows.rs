//! Rows of a page: glyphs on one base line, parted where the gaps are wide.
//!
//! Invariant: rows run from top to bottom, their segments from left to right. Whether a gap is a column's, a
//! table's or only a wide space is for others to say.

use super::page::Glyph;

/// A gap this wide, in type sizes, parts a row.
const WIDE_GAP: f64 = 0.7;

/// Text without wide gaps on one base line.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Its text.
    pub text: String,
    /// Where it begins.
    pub x0: f64,
    /// Where it ends.
    pub x1: f64,
    /// Its base line; up is more.
    pub y: f64,
    /// The size of most of its type.
    pub size: f64,
    /// Nearly all of it is bold.
    pub bold: bool,
    /// It is marked as no part of the text.
    pub artifact: bool,
    /// The marks of notes that it refers to; they are no part of its text.
    pub references: Vec<char>,
    /// It is a cell between rules.
    pub in_table: bool,
    /// Which row of the sheet it stands in.
    pub row: usize,
}

/// The text of a cell.
pub fn cell_text(glyphs: Vec<Glyph>) -> String {
    let mut text = String::new();
    for segment in segments(glyphs) {
        join(&mut text, &segment.text);
    }
    text
}

/// Adds a line to a text: with a space only between words.
pub fn join(text: &mut String, line: &str) {
    let before = text.chars().next_back();
    if before.is_some_and(|c| !is_wide(c)) && line.starts_with(|c| !is_wide(c)) {
        text.push(' ');
    }
    text.push_str(line);
}

/// The segments of glyphs, row by row.
pub fn segments(mut glyphs: Vec<Glyph>) -> Vec<Segment> {
    glyphs.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut segments = Vec::new();
    let mut rest = glyphs.as_mut_slice();
    let mut row = 0;
    while let Some(anchor) = rest.first().copied() {
        let end = rest.iter().position(|glyph| !share_row(&anchor, glyph)).unwrap_or(rest.len());
        let (line, after) = rest.split_at_mut(end);
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
        let line = without_overprint(line);
        segments.extend(line.chunk_by(are_joined).filter_map(|part| segment(part, row)));
        rest = after;
        row += 1;
    }
    segments
}

/// Whether no wide gap parts two neighbours. Hanging punctuation leaves less of a gutter.
fn are_joined(a: &Glyph, b: &Glyph) -> bool {
    let wide = if is_closing(a.c) { WIDE_GAP - 0.2 } else { WIDE_GAP };
    b.x - (a.x + a.width) < wide * a.size && a.artifact == b.artifact
}

/// Whether a glyph stands on the base line of another, or is raised above it.
fn share_row(a: &Glyph, b: &Glyph) -> bool {
    let (small, large) = (a.size.min(b.size), a.size.max(b.size));
    let tolerance = match large / small {
        ..1.25 => 0.45 * large,
        // A raised figure and its line.
        1.25..2.2 => 0.6 * large,
        _ => 0.3 * small,
    };
    (a.y - b.y).abs() <= tolerance
}

/// Drops glyphs that are drawn again nearly in place, which makes type look bold.
fn without_overprint(line: &[Glyph]) -> Vec<Glyph> {
    let mut kept: Vec<Glyph> = Vec::with_capacity(line.len());
    for glyph in line {
        let again =
            kept.iter().rev().take(3).any(|other| other.c == glyph.c && (glyph.x - other.x).abs() < 0.3 * glyph.width);
        if !again {
            kept.push(*glyph);
        }
    }
    kept
}

fn segment(glyphs: &[Glyph], row: usize) -> Option<Segment> {
    let mut by_size: Vec<&Glyph> = glyphs.iter().collect();
    by_size.sort_by(|a, b| a.size.total_cmp(&b.size));
    let typical = by_size.get(by_size.len() / 2)?;
    let mut text = String::new();
    let mut references = Vec::new();
    let mut last: Option<&Glyph> = None;
    for glyph in glyphs {
        if is_reference_mark(glyph, typical, text.chars().next_back()) {
            references.push(glyph.c);
            continue;
        }
        if last.is_some_and(|last| is_spaced(last, glyph)) {
            text.push(' ');
        }
        text.push(glyph.c);
        last = Some(glyph);
    }
    let first = glyphs.first()?;
    let bold = glyphs.iter().filter(|glyph| !glyph.bold).count() * 20 < glyphs.len();
    let x1 = glyphs.iter().map(right_edge).fold(first.x, f64::max);
    let Glyph { y, size, artifact, .. } = **typical;
    (!text.is_empty()).then_some(Segment {
        text,
        x0: first.x,
        x1,
        y,
        size,
        bold,
        artifact,
        references,
        in_table: false,
        row,
    })
}

/// Where the ink of a glyph ends: closing punctuation leaves half of its square blank.
fn right_edge(glyph: &Glyph) -> f64 {
    let is_square = is_closing(glyph.c) && glyph.width > 0.9 * glyph.size;
    glyph.x + if is_square { 0.5 } else { 1.0 } * glyph.width
}

/// A small raised figure after Chinese text refers to a note. After a letter it is an exponent (m²).
fn is_reference_mark(glyph: &Glyph, typical: &Glyph, before: Option<char>) -> bool {
    glyph.size < 0.8 * typical.size
        && glyph.y > typical.y + 0.15 * typical.size
        && (glyph.c.is_ascii_digit() || matches!(glyph.c, '[' | ']' | '〔' | '〕' | '*' | '①'..='⑳'))
        && before.is_some_and(|c| !c.is_ascii_alphanumeric())
}

/// Whether a space stands between two glyphs: only between letters and figures, never beside 汉字.
fn is_spaced(a: &Glyph, b: &Glyph) -> bool {
    let gap = b.x - (a.x + a.width);
    !is_wide(a.c) && !is_wide(b.c) && (b.after_space && gap > -0.1 * a.size || gap > 0.2 * a.size)
}

/// Characters of Chinese type: ideographs, full-width forms and the punctuation they share with letters.
pub fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFF}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{206F}' | '·' | '\u{2460}'..='\u{24FF}')
}

/// Punctuation that may not begin a line.
pub fn is_closing(c: char) -> bool {
    "，。、；：！？”’）》〉」』】〕％,.;:!?)%".contains(c)
}
