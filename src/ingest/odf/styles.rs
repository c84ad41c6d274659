//! Styles and list styles of an OpenDocument text.
//!
//! Automatic styles of the content go before named ones of the same name.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::inherit::{Inherit, inherit};
use super::super::labels::Numerals;
use super::super::xml::attribute;

/// Levels of a list, by OpenDocument 1.3 part 3, 19.880.
pub const LEVELS: usize = 10;

/// Longest prefix or suffix of a number (in characters) that is written out.
const MAX_AFFIX: usize = 32;

/// Name under which the numbering of headings is kept; no list style has it.
pub const OUTLINE: &str = "";

/// What a style says; `None` where it says nothing.
#[derive(Debug, Clone, Default)]
pub struct Style {
    /// Whether its characters are bold.
    pub bold: Option<bool>,
    /// Whether its text is hidden.
    pub hidden: Option<bool>,
    /// List style of its paragraphs.
    pub list: Option<String>,
    parent: Option<String>,
}

/// How one level of a list is numbered.
#[derive(Debug, Clone, Default)]
pub struct Level {
    /// First number.
    pub start: u32,
    numerals: Numerals,
    /// Number of levels that are shown.
    shown: usize,
    prefix: String,
    suffix: String,
}

/// A list style: its levels, `None` for bullets.
pub type ListStyle = [Option<Level>; LEVELS];

/// The styles of a document by family and name.
#[derive(Debug, Default)]
pub struct Styles {
    paragraphs: HashMap<String, Style>,
    texts: HashMap<String, Style>,
    lists: HashMap<String, ListStyle>,
}

/// A style or list style whose elements are being read.
enum Current {
    None,
    Paragraph(String),
    Text(String),
    List(String),
}

impl Styles {
    /// Adds the styles of `styles.xml`, `content.xml` or a flat document. What follows a damaged place is left out.
    pub fn add(&mut self, xml: &str) {
        let mut current = Current::None;
        let mut reader = Reader::from_str(xml);
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Start(element) if element.local_name().as_ref() == "body" => break,
                Event::Start(element) | Event::Empty(element) => self.note(element, &mut current),
                Event::Eof => break,
                _ => {}
            }
        }
    }

    fn note(&mut self, element: &BytesStart, current: &mut Current) {
        let name = || attribute(element, "name").unwrap_or_default();
        match (element.local_name().as_ref(), &*current) {
            ("style", _) => {
                let style = Style {
                    parent: attribute(element, "parent-style-name"),
                    list: attribute(element, "list-style-name"),
                    ..Style::default()
                };
                *current = match attribute(element, "family").as_deref() {
                    Some("paragraph") => {
                        self.paragraphs.insert(name(), style);
                        Current::Paragraph(name())
                    }
                    Some("text") => {
                        self.texts.insert(name(), style);
                        Current::Text(name())
                    }
                    _ => Current::None,
                };
            }
            ("default-style", _) => *current = Current::None,
            ("list-style", _) => {
                self.lists.insert(name(), ListStyle::default());
                *current = Current::List(name());
            }
            ("outline-style", _) => {
                self.lists.insert(OUTLINE.to_owned(), ListStyle::default());
                *current = Current::List(OUTLINE.to_owned());
            }
            ("text-properties", Current::Paragraph(name)) => note_text(self.paragraphs.get_mut(name), element),
            ("text-properties", Current::Text(name)) => note_text(self.texts.get_mut(name), element),
            ("list-level-style-number" | "outline-level-style", Current::List(name)) => {
                let level: usize = attribute(element, "level").and_then(|level| level.parse().ok()).unwrap_or(0);
                let place = self.lists.get_mut(name).and_then(|list| list.get_mut(level.checked_sub(1)?));
                place.into_iter().for_each(|place| *place = Level::read(element));
            }
            _ => {}
        }
    }

    /// Completes all styles by their parents.
    pub fn finish(mut self) -> Self {
        self.paragraphs = inherit(&self.paragraphs);
        self.texts = inherit(&self.texts);
        self
    }

    /// A paragraph style.
    pub fn paragraph(&self, name: &str) -> Option<&Style> {
        self.paragraphs.get(name)
    }

    /// A text style.
    pub fn text(&self, name: &str) -> Option<&Style> {
        self.texts.get(name)
    }

    /// A list style.
    pub fn list(&self, name: &str) -> Option<&ListStyle> {
        self.lists.get(name)
    }
}

fn note_text(style: Option<&mut Style>, element: &BytesStart) {
    let Some(style) = style else { return };
    // Chinese characters follow the Asian weight.
    let weight = attribute(element, "font-weight-asian").or_else(|| attribute(element, "font-weight"));
    style.bold = weight.map(|weight| weight == "bold" || weight.parse().is_ok_and(|weight: u16| weight >= 600));
    style.hidden = attribute(element, "display").map(|display| display == "none");
}

impl Inherit for Style {
    fn base(&self) -> Option<&str> {
        self.parent.as_deref()
    }

    fn complete(&mut self, base: &Self) {
        self.bold = self.bold.or(base.bold);
        self.hidden = self.hidden.or(base.hidden);
        self.list = self.list.take().or_else(|| base.list.clone());
    }
}

impl Level {
    fn read(element: &BytesStart) -> Option<Self> {
        let format = attribute(element, "num-format").unwrap_or_default();
        let number = |name: &str| attribute(element, name).and_then(|value| value.parse::<u32>().ok());
        let affix =
            |name: &str| -> String { attribute(element, name).unwrap_or_default().chars().take(MAX_AFFIX).collect() };
        Some(Level {
            start: number("start-value").unwrap_or(1),
            numerals: numerals(&format)?,
            shown: number("display-levels").unwrap_or(1).clamp(1, LEVELS as u32) as usize,
            prefix: affix("num-prefix"),
            suffix: affix("num-suffix"),
        })
    }

    /// The label of a paragraph whose levels have these numbers, the last one its own.
    pub fn label(&self, levels: &ListStyle, numbers: &[u32]) -> String {
        let first = numbers.len().saturating_sub(self.shown);
        let shown = numbers.iter().zip(levels).skip(first).filter_map(|(number, level)| {
            let numerals = level.as_ref()?.numerals;
            Some(numerals.write(*number))
        });
        let numbers = shown.collect::<Vec<_>>().join(".");
        format!("{}{numbers}{}", self.prefix, self.suffix).trim().to_owned()
    }
}

/// The numerals of a `style:num-format`: `1`, or the first of a list such as `一, 二, 三, ...`.
fn numerals(format: &str) -> Option<Numerals> {
    Some(match format.trim().chars().next()? {
        '0' => Numerals::ArabicZero,
        '１' => Numerals::FullWidth,
        '一' => Numerals::Chinese,
        '壹' | '壱' => Numerals::ChineseLegal,
        '①' => Numerals::Circled,
        '㊀' => Numerals::CircledChinese,
        '⑴' => Numerals::Parenthesised,
        '⒈' => Numerals::FullStopped,
        '甲' => Numerals::Stems,
        '子' => Numerals::Branches,
        'I' => Numerals::Roman(true),
        'i' => Numerals::Roman(false),
        'A' => Numerals::Letters(true),
        'a' => Numerals::Letters(false),
        _ => Numerals::Arabic,
    })
}
