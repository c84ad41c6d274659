//! Lines to paragraphs, by what their places tell.
//!
//! A line begins a paragraph if it is indented, if the line before it left room for its first word, if the gap
//! above it is wide, or if its type differs. Ends of columns and pages say nothing. Invariant: every line is in
//! one block, in order, but notes at the foot of a column follow the paragraph that is open there.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern;

use super::lines::{Column, Line};
use super::rows::join;
use crate::ingest::extract::{BlockKind, Extracted};

/// A gap between base lines this many times the usual one begins a paragraph.
const WIDE_PITCH: f64 = 1.2;

/// The same where indents tell paragraphs apart.
const WIDE_PITCH_INDENTED: f64 = 1.5;

/// Type this many times the usual size is a heading's.
const LARGE: f64 = 1.12;

/// A line is short if this share of its width is blank.
const SHORT: f64 = 0.3;

/// Notes are set in type of at most this share of the usual size.
const SMALL: f64 = 0.92;

/// Longer paragraphs are no headings, in characters.
const MAX_HEADING: usize = 60;

/// Adds the blocks of a document's columns.
pub fn blocks(columns: &[Column], extracted: &mut Extracted) {
    let style = Style::of(columns);
    let mut joiner = Joiner { style: &style, open: None, notes: Vec::new(), extracted };
    for (column, frame) in columns.iter().zip(frames(columns)) {
        let pitch = pitch(column).or(style.pitch);
        let (body, foot) = column.lines.split_at(notes_start(column, &style));
        for (i, line) in body.iter().enumerate() {
            let gap = i.checked_sub(1).and_then(|above| body.get(above)).map(|above| above.y - line.y);
            let usual = pitch.map(|pitch| pitch * (line.size / style.size).max(1.0));
            let apart = gap.zip(usual).is_some_and(|(gap, usual)| gap > style.wide_pitch() * usual);
            joiner.line(line, frame, apart);
        }
        joiner.foot(foot);
    }
    joiner.close();
}

/// The left and right edges of the lines of a column.
#[derive(Debug, Clone, Copy)]
struct Frame {
    left: f64,
    right: f64,
}

/// The frame of each column: that of the fullest column which it stands in, on whatever page.
fn frames(columns: &[Column]) -> Vec<Frame> {
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(columns.get(*i).map_or(0, |column| column.lines.len())));
    let mut frames = vec![Frame { left: 0.0, right: 0.0 }; columns.len()];
    let mut found: Vec<Frame> = Vec::new();
    for i in order {
        let (Some(column), Some(slot)) = (columns.get(i), frames.get_mut(i)) else { continue };
        let own = own_frame(column);
        let size = column.lines.iter().map(|line| line.size).sum::<f64>() / column.lines.len().max(1) as f64;
        let fits = |frame: &&Frame| {
            own.left > frame.left - 0.6 * size
                && own.right < frame.right + 1.5 * size
                && (own.left - frame.left < 6.0 * size || column.lines.len() <= 2)
        };
        *slot = match found.iter().find(fits) {
            Some(frame) => *frame,
            None => {
                let new = with_margin(own, column);
                if found.len() < MAX_FRAMES {
                    found.push(new);
                }
                new
            }
        };
    }
    frames
}

/// How many different frames are told apart.
const MAX_FRAMES: usize = 64;

/// The frame that the lines of a column show. A few lines may stand out of it.
fn own_frame(column: &Column) -> Frame {
    let lines: Vec<&Line> = column.lines.iter().filter(|line| !line.is_row).collect();
    let lines = if lines.is_empty() { column.lines.iter().collect() } else { lines };
    let mut lefts: Vec<f64> = lines.iter().map(|line| line.x0).collect();
    let mut rights: Vec<f64> = lines.iter().map(|line| line.x1).collect();
    lefts.sort_by(f64::total_cmp);
    rights.sort_by(|a, b| b.total_cmp(a));
    let outliers = if lines.len() < 8 { 0 } else { (lines.len() * 3 / 100).max(1) };
    let at = |edges: &[f64]| edges.get(outliers).copied().unwrap_or_default();
    Frame { left: at(&lefts), right: at(&rights) }
}

/// One line shows no right edge: the margins are taken to be alike then.
fn with_margin(own: Frame, column: &Column) -> Frame {
    let reaches = |line: &&Line| (line.x1 - own.right).abs() < line.size;
    let is_edge = column.lines.iter().filter(reaches).count() > 1;
    Frame { right: if is_edge { own.right } else { own.right.max(column.sheet_width - own.left) }, ..own }
}

/// The usual distance of the base lines of a column: the lower quartile, since paragraphs may stand apart.
fn pitch(column: &Column) -> Option<f64> {
    let mut gaps: Vec<f64> = column
        .lines
        .windows(2)
        .filter_map(|pair| match pair {
            [above, below] => Some(above.y - below.y).filter(|gap| *gap > 0.8 * below.size),
            _ => None,
        })
        .collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 4).copied().filter(|_| gaps.len() >= 4)
}

/// What is usual in a document.
struct Style {
    /// The size of most type.
    size: f64,
    /// Most type is bold.
    bold: bool,
    /// The usual distance of base lines.
    pitch: Option<f64>,
    /// The second lines of paragraphs stand left of the first.
    first_indented: bool,
    /// So much so that only an indented line begins a paragraph, if the line before is not short.
    only_indented: bool,
}

impl Style {
    fn of(columns: &[Column]) -> Self {
        let lines = || columns.iter().flat_map(|column| &column.lines).filter(|line| !line.is_row);
        let length = |line: &Line| line.cells.iter().map(|cell| cell.text.len()).sum::<usize>();
        let mut sizes: Vec<(f64, usize)> = lines().map(|line| (line.size, length(line))).collect();
        sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: usize = sizes.iter().map(|(_, length)| length).sum();
        let mut seen = 0;
        let median = sizes.iter().find(|(_, length)| {
            seen += length;
            seen * 2 >= total
        });
        let size = median.map_or(1.0, |(size, _)| *size);
        let bold: usize = lines().filter(|line| line.bold).map(length).sum();
        let mut pitches: Vec<f64> = columns.iter().filter_map(pitch).collect();
        pitches.sort_by(f64::total_cmp);
        let (mut returns, mut stays) = (0, 0);
        for (column, frame) in columns.iter().zip(frames(columns)) {
            for pair in column.lines.windows(2) {
                let [first, second] = pair else { continue };
                let indented = |line: &Line| line.x0 - frame.left > 1.2 * line.size;
                if indented(first) && frame.right - first.x1 < 0.8 * first.size {
                    if !indented(second) {
                        returns += 1;
                    } else if (first.x0 - second.x0).abs() < 0.3 * first.size {
                        stays += 1;
                    }
                }
            }
        }
        Self {
            size,
            bold: bold * 2 > total,
            pitch: pitches.get(pitches.len() / 2).copied(),
            first_indented: returns >= stays,
            only_indented: returns >= 5 && returns > 5 * stays,
        }
    }

    fn wide_pitch(&self) -> f64 {
        if self.only_indented { WIDE_PITCH_INDENTED } else { WIDE_PITCH }
    }

    fn emphasises(&self, line: &Line) -> bool {
        line.size > LARGE * self.size || line.bold && !self.bold
    }
}

/// Where the notes at the foot of a column begin: at small type with a mark, or at the mark that the text
/// refers to first.
fn notes_start(column: &Column, style: &Style) -> usize {
    let small = column.lines.iter().rev().take_while(|line| line.size < SMALL * style.size && !line.is_row).count();
    let from = column.lines.len() - small;
    let mark = column.lines.iter().skip(from).position(|line| is_note_mark(&line.text()));
    let references: Vec<char> = column
        .lines
        .iter()
        .flat_map(|line| &line.cells)
        .flat_map(|cell| &cell.references)
        .copied()
        .filter(|c| !is_bracket(*c))
        .collect();
    // Looked for from the end, since numbered paragraphs look alike.
    let mut start = column.lines.len();
    let mut left = references.as_slice();
    while let Some((mark, before)) = left.split_last() {
        let found = column.lines.iter().take(start).rposition(|line| begins_note(&line.text(), *mark));
        let Some(found) = found else { break };
        (start, left) = (found, before);
    }
    let start = if left.is_empty() { start } else { column.lines.len() };
    mark.map_or(column.lines.len(), |at| from + at).min(start)
}

fn is_bracket(c: char) -> bool {
    matches!(c, '[' | ']' | '〔' | '〕' | '(' | ')' | '（' | '）')
}

fn is_note_mark(text: &str) -> bool {
    let text = text.trim_start_matches(is_bracket);
    text.starts_with(|c| matches!(c, '①'..='⑳' | '*' | '※' | '注')) || text.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a line begins with the mark of a note, not with the number of a paragraph.
fn begins_note(text: &str, mark: char) -> bool {
    let after = text.trim_start_matches(is_bracket).strip_prefix(mark);
    after.is_some_and(|after| !after.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '．' | '、')))
}

/// A paragraph to which lines may yet be added.
struct Open {
    text: String,
    lines: usize,
    emphasised: bool,
    last: Line,
    frame: Frame,
}

struct Joiner<'j> {
    style: &'j Style,
    open: Option<Open>,
    notes: Vec<String>,
    extracted: &'j mut Extracted,
}

impl Joiner<'_> {
    fn line(&mut self, line: &Line, frame: Frame, apart: bool) {
        if line.is_row {
            self.close();
            let cells: Vec<&str> = line.cells.iter().map(|cell| cell.text.as_str()).collect();
            let kind = if cells.len() > 1 { BlockKind::Row } else { BlockKind::Paragraph };
            self.extracted.push(kind, &cells.join("\t"));
            return;
        }
        let emphasised = self.style.emphasises(line);
        if let Some(open) = self.open.as_mut().filter(|open| !apart && continues(open, line, frame, self.style)) {
            join(&mut open.text, &line.text());
            open.lines += 1;
            open.emphasised &= emphasised;
            open.last = line.clone();
            open.frame = frame;
            return;
        }
        self.close();
        self.open = Some(Open { text: line.text(), lines: 1, emphasised, last: line.clone(), frame });
    }

    /// Keeps notes until the open paragraph ends.
    fn foot(&mut self, lines: &[Line]) {
        for line in lines {
            let text = line.text();
            match self.notes.last_mut().filter(|_| !is_note_mark(&text)) {
                Some(note) => join(note, &text),
                None => self.notes.push(text),
            }
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let is_heading = open.emphasised && open.text.chars().count() <= MAX_HEADING;
            self.extracted.push(if is_heading { BlockKind::Bold } else { BlockKind::Paragraph }, &open.text);
        }
        for note in self.notes.drain(..) {
            self.extracted.push(BlockKind::Note, &note);
        }
    }
}

/// Whether a line continues a paragraph.
fn continues(open: &Open, line: &Line, frame: Frame, style: &Style) -> bool {
    let last = &open.last;
    let same_size = (last.size - line.size).abs() < 0.1 * last.size.max(line.size);
    let last_indent = last.x0 - open.frame.left;
    // Bold type may end in the middle of an indented paragraph, but not after a heading.
    let is_other = match (open.emphasised, style.emphasises(line)) {
        (true, false) => last_indent < line.size,
        (open, line) => open != line,
    };
    if !same_size || is_other {
        return false;
    }
    let room = open.frame.right - last.x1;
    let is_short = room > line.first_unit() + 0.6 * line.size;
    let is_very_short = room > SHORT * (open.frame.right - open.frame.left);
    if is_short && (is_very_short || !style.only_indented) {
        return false;
    }
    if (is_short || !style.only_indented) && open.text.ends_with(SENTENCE_ENDS) && is_numbered(&line.text()) {
        return false;
    }
    let indent = line.x0 - frame.left;
    if indent < 1.0 * line.size {
        return true;
    }
    let centred = (indent - (frame.right - line.x1)).abs() < line.size;
    let is_title = open.emphasised && line.size > LARGE * style.size;
    let is_subtitle = style.first_indented && open.lines == 1 && last_indent < line.size;
    if centred && (is_title || is_subtitle) {
        // The last line of a centred text.
        return true;
    }
    !style.first_indented && (last_indent - indent).abs() < 0.3 * line.size
}

/// What a paragraph ends with before a numbered one.
const SENTENCE_ENDS: [char; 6] = ['。', '；', '：', '！', '？', ';'];

/// Whether a text begins with the number of a paragraph.
fn is_numbered(text: &str) -> bool {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        let han = "[一二三四五六七八九十百]{1,4}";
        pattern(&format!(r"^(\d{{1,2}}([.．][^\d]|[、)）])|{han}、|[（(]({han}|\d{{1,2}})[)）]|第{han}[条章节]|[①-⑳])"))
    });
    NUMBER.is_match(text)
}
