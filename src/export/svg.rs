//! A drawing in SVG: text, lines and marks from top to bottom, under a title and above notes.
//!
//! Widths of text are estimated, since fonts differ: a Chinese character is as wide as it is high. All text is
//! escaped, all numbers have one decimal place, nothing in it refers to anything by id, so that several drawings
//! can stand on one page. What is drawn where belongs to `lines` and `bars`.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// Width of every drawing, in pixels.
pub const WIDTH: f64 = 960.0;

/// Room around a drawing.
pub const MARGIN: f64 = 28.0;

/// Size of most text.
pub const SIZE: f64 = 14.0;

/// Colour of text.
pub const INK: &str = "#222222";

/// Colour of what is said by the way.
pub const FAINT: &str = "#595959";

/// Colour of the grid.
pub const GRID: &str = "#e3e3e3";

/// Colour of the axis.
pub const AXIS: &str = "#444444";

const FONTS: &str = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','Heiti SC','SimHei',\
                     'WenQuanYi Micro Hei',sans-serif";

/// Which end of a text its place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The place is where the text begins.
    Start,
    /// The place is the text's middle.
    Middle,
    /// The place is where the text ends.
    End,
}

/// A drawing that is being made.
#[derive(Debug)]
pub struct Drawing {
    elements: String,
    /// How far down it has got.
    pub bottom: f64,
}

impl Drawing {
    /// A drawing with a title and a subtitle, either of which may be empty.
    pub fn new(title: &str, subtitle: &str) -> Drawing {
        let mut drawing = Drawing { elements: String::new(), bottom: MARGIN };
        drawing.paragraph(title, 20.0, INK, " font-weight=\"bold\"");
        drawing.paragraph(subtitle, SIZE, FAINT, "");
        drawing
    }

    /// A paragraph across the drawing, wrapped.
    fn paragraph(&mut self, text: &str, size: f64, colour: &str, more: &str) {
        for line in wrapped(text, size, WIDTH - 2.0 * MARGIN) {
            self.bottom += size * 1.4;
            let y = self.bottom - size * 0.4;
            self.styled(MARGIN, y, &line, size, Anchor::Start, &format!(" fill=\"{colour}\"{more}"));
        }
    }

    fn styled(&mut self, x: f64, y: f64, text: &str, size: f64, anchor: Anchor, more: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let text = escaped(text);
        self.element(&format!("<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\"{anchor}{more}>{text}</text>"));
    }

    /// Text at a place; `y` is its base line.
    pub fn text(&mut self, x: f64, y: f64, text: &str, anchor: Anchor, colour: &str) {
        self.styled(x, y, text, SIZE, anchor, &format!(" fill=\"{colour}\""));
    }

    /// A straight line; `more` are further attributes.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64, more: &str) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.element(&format!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\" \
             stroke-width=\"{width}\"{more}/>"
        ));
    }

    /// A filled rectangle.
    pub fn rectangle(&mut self, x: f64, y: f64, width: f64, height: f64, fill: &str) {
        self.element(&format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\"/>"
        ));
    }

    /// A hatched rectangle: what it stands for is not known.
    pub fn hatched(&mut self, x: f64, y: f64, width: f64, height: f64) {
        self.rectangle(x, y, width, height, "#ffffff");
        let mut strokes = String::new();
        let steps = ((width + height) / 5.0).floor().max(1.0) as u32;
        for step in 1..=steps {
            // A stroke rises from the lower or right edge to the upper or left one.
            let along = f64::from(step) * 5.0;
            let (left, right) = ((along - height).max(0.0), along.min(width));
            let (low, high) = (y + (along - left), y + (along - right));
            let _ = write!(strokes, "M{:.1} {low:.1}L{:.1} {high:.1}", x + left, x + right);
        }
        self.element(&format!("<path d=\"{strokes}\" stroke=\"#8a8a8a\" stroke-width=\"1\" fill=\"none\"/>"));
        self.element(&format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"none\" \
             stroke=\"#8a8a8a\" stroke-width=\"0.8\"/>"
        ));
    }

    /// Any element.
    pub fn element(&mut self, element: &str) {
        self.elements.push_str(element);
        self.elements.push('\n');
    }

    /// The whole file, with notes below what was drawn; screen readers get the title and the description.
    pub fn finish(mut self, title: &str, description: &[String], notes: &[String]) -> String {
        if !notes.is_empty() {
            self.bottom += 10.0;
        }
        for note in notes {
            self.paragraph(note, 12.0, FAINT, "");
        }
        let height = self.bottom + MARGIN;
        let said: Vec<&str> = description.iter().chain(notes).map(String::as_str).collect();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" xml:lang=\"zh-CN\" font-family=\"{FONTS}\">\n\
             <title>{}</title>\n<desc>{}</desc>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{}</svg>\n",
            escaped(title),
            escaped(&said.join("\n")),
            self.elements
        )
    }
}

/// Text that XML can hold.
pub fn escaped(text: &str) -> String {
    let is_held =
        |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    quick_xml::escape::escape(text.chars().filter(is_held).collect::<String>()).into_owned()
}

/// How wide a text is at a size, by estimate.
pub fn width(text: &str, size: f64) -> f64 {
    let share = |c: char| match (c, c.width()) {
        (_, None | Some(0)) => 0.0,
        (_, Some(2)) => 1.0,
        // Fonts for Chinese draw these as wide as a character.
        ('“' | '”' | '‘' | '’' | '—' | '…' | '·', _) => 1.0,
        ('A'..='Z' | 'm' | 'w' | '%' | '@', _) => 0.75,
        (' ' | '.' | ',' | ':' | ';' | '\'' | '|' | 'i' | 'j' | 'l', _) => 0.3,
        _ => 0.58,
    };
    text.chars().map(share).sum::<f64>() * size
}

/// The text on lines no wider than `room`. No line begins with a closing mark, no Latin word or number is broken
/// unless it is wider than a line.
pub fn wrapped(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let is_full = width(&line, size) + width(piece.trim_end(), size) > room;
        if is_full && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        let piece = if line.is_empty() { piece.trim_start() } else { &piece };
        for c in piece.chars() {
            if width(&line, size) + width(&c.to_string(), size) > room && !closes(c) && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    let rest = line.trim_end();
    if !rest.is_empty() {
        lines.push(rest.to_owned());
    }
    lines
}

/// What stays together on a line: a character with the marks that close it, a Latin word, a number.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }) {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '%' | '-' | '/');
        let joins = closes(c) || opens(before) || (is_word(before) && is_word(c)) || c == ' ';
        match pieces.last_mut() {
            Some(piece) if joins => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = c;
    }
    pieces
}

fn closes(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '）'
            | '》'
            | '”'
            | '’'
            | '〕'
            | '】'
            | ','
            | ')'
            | ';'
            | ':'
    )
}

fn opens(c: char) -> bool {
    matches!(c, '（' | '《' | '“' | '‘' | '〔' | '【' | '(')
}

/// The text on at most `lines` lines, the last ending in an ellipsis if there is more.
pub fn fitted(text: &str, size: f64, room: f64, lines: usize) -> Vec<String> {
    let mut fitted = wrapped(text, size, room);
    if fitted.len() > lines {
        fitted.truncate(lines);
        if let Some(last) = fitted.last_mut() {
            while !last.is_empty() && width(last, size) + size > room {
                last.pop();
            }
            last.push('…');
        }
    }
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_has_no_characters_that_xml_cannot_hold() {
        assert_eq!(escaped("<甲&\"乙\u{0}\u{8}>"), "&lt;甲&amp;&quot;乙&gt;");
    }

    #[test]
    fn lines_break_as_is_customary() {
        let text = "按段计数，副本不计。GDP增长5.5%（预计）";
        for room in 1..30 {
            let lines = wrapped(text, 10.0, f64::from(room) * 10.0);
            assert_eq!(lines.concat(), text);
            assert!(room < 4 || lines.iter().all(|line| !line.starts_with(closes)), "{lines:?}");
        }
        assert_eq!(wrapped("增长5.5%左右", 10.0, 40.0), ["增长", "5.5%左", "右"]);
        assert_eq!(wrapped("甲\n乙 丙", 10.0, 100.0), ["甲 乙 丙"]);
        assert!(wrapped("", 10.0, 10.0).is_empty());
    }

    #[test]
    fn what_has_no_room_ends_in_an_ellipsis() {
        assert_eq!(fitted("云汀市望澜区人民政府办公室", 10.0, 50.0, 1), ["云汀市望…"]);
        assert_eq!(fitted("云汀市望澜区人民政府", 10.0, 50.0, 2), ["云汀市望澜", "区人民政府"]);
        assert_eq!(fitted("云汀市", 10.0, 0.0, 1).len(), 1);
    }

    #[test]
    fn a_drawing_says_what_it_is() {
        let drawing = Drawing::new("“新城”", "");
        let svg = drawing.finish("“新城”", &["一条线。".to_owned()], &["按段计数。".to_owned()]);
        assert!(svg.contains("<title>“新城”</title>\n<desc>一条线。\n按段计数。</desc>"), "{svg}");
        assert!(svg.ends_with("</svg>\n"));
    }
}
