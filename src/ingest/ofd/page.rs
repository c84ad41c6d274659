//! A page of an OFD file: its characters as runs on base lines.
//!
//! Positions are in millimetres from the page's upper left corner. Numbers are finite and of a size that pages have,
//! whatever the file says.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::xml::{attribute, content, next};

/// Largest coordinate that is believed, in millimetres.
const MAX_COORDINATE: f64 = 1e6;

/// From this slope on text is slanted.
const SLANT: f64 = 0.1;

/// Characters that stand side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The characters.
    pub text: String,
    /// Left end of the first visible character.
    pub left: f64,
    /// Right end of the last visible character.
    pub right: f64,
    /// Base line, from the page's top.
    pub base: f64,
    /// Height of the characters.
    pub size: f64,
    /// Whether they are bold.
    pub bold: bool,
}

/// A page.
#[derive(Debug, Default)]
pub struct Page {
    /// Its runs in the order of the file.
    pub runs: Vec<Run>,
    /// Its height.
    pub height: f64,
}

/// An open `TextObject`.
#[derive(Debug, Clone, Copy)]
struct TextObject {
    /// Upper left corner of its boundary.
    corner: (f64, f64),
    matrix: [f64; 6],
    size: f64,
    /// Stretch of the characters' width.
    scale: f64,
    bold: bool,
    /// Position where a `TextCode` that tells none begins.
    last: (f64, f64),
}

/// An open `TextCode`.
#[derive(Debug, Default)]
struct TextCode {
    x: f64,
    y: f64,
    delta_x: String,
    delta_y: String,
    text: String,
}

impl Page {
    /// Reads a page part; `height` is that of pages that tell none.
    ///
    /// # Errors
    /// A reason for a person, if it is damaged.
    pub fn read(xml: &str, height: f64) -> Result<Self, String> {
        let mut page = Page { runs: Vec::new(), height };
        let mut object: Option<TextObject> = None;
        let mut code: Option<TextCode> = None;
        let mut in_box = false;
        let mut reader = Reader::from_str(xml);
        loop {
            let event = next(&mut reader)?;
            match &event {
                Event::Eof => break,
                Event::Start(element) => match element.local_name().as_ref() {
                    "TextObject" => object = TextObject::read(element),
                    "TextCode" => code = object.as_mut().map(|object| TextCode::read(element, object)),
                    "PhysicalBox" => in_box = true,
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "TextObject" => object = None,
                    "TextCode" => {
                        if let (Some(code), Some(object)) = (code.take(), &object) {
                            code.place(object, &mut page.runs);
                        }
                    }
                    "PhysicalBox" => in_box = false,
                    _ => {}
                },
                event => match (&mut code, content(event)) {
                    (Some(code), Some(text)) => code.text.push_str(&text),
                    (None, Some(text)) if in_box => {
                        page.height = numbers(&text).nth(3).filter(|&height| height > 0.0).unwrap_or(page.height);
                    }
                    _ => {}
                },
            }
        }
        Ok(page)
    }

    /// Whether it has no characters.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

impl TextObject {
    /// Reads an object; one that is not shown is none, nor is slanted text: a watermark.
    fn read(element: &BytesStart) -> Option<Self> {
        if attribute(element, "Visible").is_some_and(|visible| visible == "false") {
            return None;
        }
        let boundary = attribute(element, "Boundary").unwrap_or_default();
        let mut boundary = numbers(&boundary);
        let corner = (boundary.next().unwrap_or(0.0), boundary.next().unwrap_or(0.0));
        let mut matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let written: Vec<f64> =
            attribute(element, "CTM").map(|ctm| numbers(&ctm).take(6).collect()).unwrap_or_default();
        if written.len() == 6 {
            matrix.copy_from_slice(&written);
        }
        let [a, b, ..] = matrix;
        if a.abs().min(b.abs()) > a.abs().max(b.abs()) * SLANT {
            return None;
        }
        let value = |name: &str| attribute(element, name).and_then(|value| numbers(&value).next());
        Some(TextObject {
            corner,
            matrix,
            size: value("Size").unwrap_or(0.0).abs(),
            scale: value("HScale").unwrap_or(1.0),
            bold: value("Weight").is_some_and(|weight| weight >= 600.0),
            last: (0.0, 0.0),
        })
    }

    /// Where a point of the object stands on the page.
    fn on_page(&self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.matrix;
        (bounded(self.corner.0 + a * x + c * y + e), bounded(self.corner.1 + b * x + d * y + f))
    }

    /// Height of the characters on the page.
    fn height(&self) -> f64 {
        let [a, b, c, d, ..] = self.matrix;
        let stretch = c.hypot(d);
        let height = self.size * if stretch > 0.0 { stretch } else { a.hypot(b) };
        height.clamp(0.01, MAX_COORDINATE)
    }
}

impl TextCode {
    fn read(element: &BytesStart, object: &mut TextObject) -> Self {
        let value = |name: &str| attribute(element, name).and_then(|value| numbers(&value).next());
        // What is not told stays as in the code before (GB/T 33190-2016, table 46).
        object.last = (value("X").unwrap_or(object.last.0), value("Y").unwrap_or(object.last.1));
        TextCode {
            x: object.last.0,
            y: object.last.1,
            delta_x: attribute(element, "DeltaX").unwrap_or_default(),
            delta_y: attribute(element, "DeltaY").unwrap_or_default(),
            text: String::new(),
        }
    }

    /// Puts the characters on the page: one run, or more where the positions break the line.
    fn place(self, object: &TextObject, runs: &mut Vec<Run>) {
        // White space around a line break was put in to lay out the XML.
        let text = if self.text.contains('\n') { self.text.trim() } else { self.text.as_str() };
        let (mut deltas_x, mut deltas_y) = (Deltas::new(&self.delta_x), Deltas::new(&self.delta_y));
        let size = object.height();
        let (mut x, mut y) = (self.x, self.y);
        let mut run: Option<Run> = None;
        let mut before: Option<(f64, f64)> = None;
        for char in text.chars() {
            let natural = object.size * object.scale * if is_wide(char) { 1.0 } else { 0.5 };
            let (left, base) = object.on_page(x, y);
            let (right, _) = object.on_page(x + natural, y);
            let (left, right) = (left.min(right), left.max(right));
            // A new line, or a gap as between the cells of a table; written from top to bottom it goes on.
            let breaks = before.is_some_and(|(end, line)| {
                let (down, across) = ((base - line).abs(), left - end);
                down > size / 2.0 && across.abs() > size * 1.5
                    || down <= size / 2.0 && !(-size..size * 1.5).contains(&across)
            });
            if breaks {
                runs.extend(run.take());
            }
            before = Some((right, base));
            if !is_text(char) && !char.is_whitespace() {
                // Only the font knows what is drawn.
            } else if let Some(run) = &mut run {
                run.text.push(char);
                if !char.is_whitespace() {
                    run.right = right;
                }
            } else if !char.is_whitespace() {
                run = Some(Run { text: char.to_string(), left, right, base, size, bold: object.bold });
            }
            let down = deltas_y.next();
            // No offsets at all: the characters' own widths.
            let across = deltas_x.next().or_else(|| down.is_none().then_some(natural));
            x = bounded(x + across.unwrap_or(0.0));
            y = bounded(y + down.unwrap_or(0.0));
        }
        if let Some(mut run) = run {
            run.text.truncate(run.text.trim_end().len());
            runs.push(run);
        }
    }
}

/// Offsets between characters: `3 3.5`, with `g 4 3` for four times 3. The last one goes on.
struct Deltas<'a> {
    words: std::str::SplitAsciiWhitespace<'a>,
    repeats: u64,
    last: Option<f64>,
}

impl<'a> Deltas<'a> {
    fn new(text: &'a str) -> Self {
        Deltas { words: text.split_ascii_whitespace(), repeats: 0, last: None }
    }

    fn next(&mut self) -> Option<f64> {
        if self.repeats > 0 {
            self.repeats -= 1;
            return self.last;
        }
        match self.words.next() {
            Some("g" | "G") => {
                self.repeats =
                    self.words.next().and_then(|count| count.parse::<u64>().ok()).unwrap_or(1).saturating_sub(1);
                self.last = self.words.next().and_then(number).or(self.last);
            }
            Some(word) => self.last = number(word).or(self.last),
            None => {}
        }
        self.last
    }
}

fn number(word: &str) -> Option<f64> {
    word.parse().ok().filter(|value: &f64| value.is_finite()).map(bounded)
}

fn bounded(value: f64) -> f64 {
    value.clamp(-MAX_COORDINATE, MAX_COORDINATE)
}

/// The numbers of an attribute such as `Boundary`.
pub fn numbers(text: &str) -> impl Iterator<Item = f64> {
    text.split_ascii_whitespace().filter_map(number)
}

/// Whether a character fills a square, as Chinese ones do.
pub fn is_wide(char: char) -> bool {
    matches!(char, '\u{1100}'..='\u{115F}' | '\u{2014}'..='\u{2026}' | '\u{2460}'..='\u{24FF}' | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}' | '\u{20000}'..='\u{3FFFD}')
}

/// Whether a code stands for a character; those that stand for glyphs of a font alone do not.
fn is_text(char: char) -> bool {
    !char.is_control() && char != char::REPLACEMENT_CHARACTER && !('\u{E000}'..='\u{F8FF}').contains(&char)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(objects: &str) -> Vec<(String, i64, i64, i64)> {
        let page = Page::read(
            &format!("<ofd:Page><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"),
            297.0,
        );
        let place = |value: f64| (value * 10.0).round() as i64;
        let run = |run: Run| (run.text, place(run.left), place(run.right), place(run.base));
        page.expect("well-formed").runs.into_iter().map(run).collect()
    }

    #[test]
    fn repeats_matrices_and_missing_offsets() {
        let found = runs(
            r#"<ofd:TextObject Boundary="10 20 100 5" Size="4"><ofd:TextCode X="0" Y="3" DeltaX="g 2 4 2">甲乙丙1</ofd:TextCode></ofd:TextObject>
            <ofd:TextObject Boundary="10 30 100 5" CTM="0.5 0 0 0.5 0 0" Size="8"><ofd:TextCode X="2" Y="6">　丁&lt;</ofd:TextCode></ofd:TextObject>
            <ofd:TextObject Boundary="0 0 9 9" Size="4" Visible="false"><ofd:TextCode X="0" Y="0">隐</ofd:TextCode></ofd:TextObject>
            <ofd:TextObject Boundary="0 0 9 9" CTM="0.7 -0.7 0.7 0.7 0 0" Size="4"><ofd:TextCode X="0" Y="0">水印</ofd:TextCode></ofd:TextObject>"#,
        );
        assert_eq!(found, [("甲乙丙1".to_owned(), 100, 220, 230), ("丁<".to_owned(), 150, 210, 330)]);
    }

    #[test]
    fn cells_lines_and_columns_of_characters() {
        let found = runs(
            r#"<ofd:TextObject Boundary="0 0 9 9" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4 40 4">甲乙丙丁</ofd:TextCode>
            <ofd:TextCode Y="10" DeltaX="4 -4" DeltaY="0 6">戊己庚</ofd:TextCode>
            <ofd:TextCode X="90" Y="4" DeltaX="g 2 0" DeltaY="g 2 4">辛壬癸</ofd:TextCode></ofd:TextObject>"#,
        );
        let texts: Vec<&str> = found.iter().map(|(text, ..)| text.as_str()).collect();
        assert_eq!(texts, ["甲乙", "丙丁", "戊己", "庚", "辛壬癸"]);
    }

    #[test]
    fn numbers_beyond_sense_do_no_harm() {
        let found = runs(
            r#"<ofd:TextObject Boundary="NaN inf 1e300 5" CTM="1 2 3" Size="-1e9"><ofd:TextCode X="1e308" Y="-1e308" DeltaX="g 99999999999999999999 1e308 g g">甲乙</ofd:TextCode></ofd:TextObject>
            <ofd:TextCode>丙</ofd:TextCode><ofd:TextObject><ofd:TextCode>&#xE001;&#xFFFD;丁</ofd:TextCode></ofd:TextObject>"#,
        );
        assert_eq!(found.iter().map(|(text, ..)| text.as_str()).collect::<String>(), "甲乙丁");
    }
}
