//! A paragraph of a Word file while it is read: its text, what formatting says of it, the blocks it becomes.
//!
//! Direct formatting goes before the run's style, that before the paragraph's style (ECMA-376 17.7.2).

use std::mem::take;

use quick_xml::events::BytesStart;

use super::super::extract::BlockKind;
use super::super::flow::Content;
use super::super::labels;
use super::super::xml::attribute;
use super::numbering::Numbering;
use super::styles::{BODY_TEXT, Style, Styles};

/// The open run's direct formatting.
#[derive(Debug, Default)]
pub struct Run {
    /// Its character style.
    pub style: Option<String>,
    /// Whether it is bold.
    pub bold: Option<bool>,
    /// Whether it is hidden.
    pub hidden: Option<bool>,
}

/// The open paragraph.
#[derive(Debug, Default)]
pub struct Paragraph {
    text: String,
    /// Whether a character is not bold.
    plain: bool,
    /// Its style.
    pub style: Option<String>,
    /// Its own outline level, from 0.
    pub outline: Option<u8>,
    /// Its own numbering; `0` for none.
    pub numbering: Option<String>,
    /// Its own level in the numbering, from 0.
    pub level: Option<usize>,
    /// Whether the next paragraph goes on with it.
    pub runs_on: bool,
}

impl Paragraph {
    /// Appends text of a run.
    pub fn push(&mut self, text: &str, run: &Run, styles: &Styles) {
        let character = run.style.as_deref().and_then(|id| styles.get(id));
        let paragraph = styles.of_paragraph(self.style.as_deref());
        let says = |direct: Option<bool>, of: fn(&Style) -> Option<bool>| {
            direct.or(character.and_then(of)).or(paragraph.and_then(of)).unwrap_or(false)
        };
        if says(run.hidden, |style| style.hidden) {
            return;
        }
        self.plain |= !says(run.bold, |style| style.bold) && !text.trim().is_empty();
        self.text.push_str(text);
    }

    /// Puts a paragraph before this one that runs on into it.
    pub fn put_before(&mut self, mut other: Paragraph) {
        let own = take(&mut self.text);
        other.text.push_str(&own);
        self.text = other.text;
        self.plain |= other.plain;
    }

    /// The blocks that it becomes: one for each line that a manual break ends.
    pub fn blocks(self, styles: &Styles, numbering: &mut Numbering) -> Content {
        let style = styles.of_paragraph(self.style.as_deref()).cloned().unwrap_or_default();
        if style.contents {
            return Content::new();
        }
        let label = self.label(&style, styles, numbering);
        let kind = match self.outline.or(style.outline) {
            Some(level) if level < BODY_TEXT => BlockKind::Heading(level + 1),
            _ if !self.plain => BlockKind::Bold,
            _ => BlockKind::Paragraph,
        };
        let mut blocks: Content = Vec::new();
        for line in self.text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
            let text = if blocks.is_empty() { format!("{label}{line}") } else { line.to_owned() };
            blocks.push((kind, text));
        }
        blocks
    }

    /// Its number, such as `一、`. An empty paragraph has none but is counted.
    fn label(&self, style: &Style, styles: &Styles, numbering: &mut Numbering) -> String {
        let Some(mut id) = self.numbering.as_deref().or(style.numbering.as_deref()) else { return String::new() };
        let own = self.style.as_deref().filter(|_| self.numbering.is_none());
        let level = self.level.or_else(|| numbering.level_of_style(id, own?)).or(style.level).unwrap_or(0);
        let linked = numbering.link(id).and_then(|link| styles.get(link)?.numbering.as_deref());
        id = linked.unwrap_or(id);
        labels::shown(&numbering.next(id, level)).to_owned()
    }
}

/// The character of a `w:sym`: one of a symbol font has its code in the private use area.
pub fn symbol(element: &BytesStart) -> String {
    let code = attribute(element, "char").and_then(|code| u32::from_str_radix(&code, 16).ok()).unwrap_or(0);
    let font = attribute(element, "font").unwrap_or_default().to_ascii_lowercase();
    let known = match (font.as_str(), code & 0xFF) {
        ("wingdings", 0x6C) => Some('●'),
        ("wingdings", 0x6E) => Some('■'),
        ("wingdings", 0x6F | 0xA8) => Some('□'),
        ("wingdings", 0x75) => Some('◆'),
        ("wingdings", 0xAB) => Some('★'),
        ("wingdings", 0xFC) => Some('✓'),
        ("wingdings", 0xFE) => Some('☑'),
        ("wingdings 2", 0x52) => Some('☑'),
        ("wingdings 2", 0xA3) => Some('□'),
        ("symbol", 0xA3) => Some('≤'),
        ("symbol", 0xB0) => Some('°'),
        ("symbol", 0xB1) => Some('±'),
        ("symbol", 0xB3) => Some('≥'),
        ("symbol", 0xB4) => Some('×'),
        ("symbol", 0xB7) => Some('·'),
        ("symbol", 0xB8) => Some('÷'),
        _ => None,
    };
    let plain = || char::from_u32(code).filter(|c| !c.is_control() && !('\u{E000}'..='\u{F8FF}').contains(c));
    known.or_else(plain).map(String::from).unwrap_or_default()
}
