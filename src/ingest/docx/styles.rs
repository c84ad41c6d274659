//! Styles of a Word file: what a style says of a paragraph or run, inherited along `w:basedOn`.
//!
//! Direct formatting belongs to `paragraph`.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::inherit::{Inherit, inherit};
use super::super::xml::attribute;

/// Outline level of body text, as `w:outlineLvl` counts from 0.
pub const BODY_TEXT: u8 = 9;

/// What a style says; `None` where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Style {
    /// Outline level from 0, or [`BODY_TEXT`].
    pub outline: Option<u8>,
    /// Whether its characters are bold.
    pub bold: Option<bool>,
    /// Whether its characters are hidden.
    pub hidden: Option<bool>,
    /// The numbering and its level.
    pub numbering: Option<String>,
    /// Level in the numbering, from 0.
    pub level: Option<usize>,
    /// Whether its paragraphs are lines of a table of contents.
    pub contents: bool,
    based_on: Option<String>,
}

/// The styles of a file by identifier.
#[derive(Debug, Default)]
pub struct Styles {
    styles: HashMap<String, Style>,
    default_paragraph: String,
}

impl Styles {
    /// Reads `styles.xml`. What follows a damaged place is left out.
    pub fn read(xml: &str) -> Self {
        let mut styles = Styles::default();
        let mut id = String::new();
        let mut style = Style::default();
        let mut reader = Reader::from_str(xml);
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Eof => break,
                Event::Start(element) if element.local_name().as_ref() == "style" => {
                    id = attribute(element, "styleId").unwrap_or_default();
                    style = Style::default();
                    let paragraph = attribute(element, "type").is_none_or(|kind| kind == "paragraph");
                    if paragraph && is_on(attribute(element, "default").as_deref().or(Some("0"))) {
                        styles.default_paragraph.clone_from(&id);
                    }
                }
                Event::Start(element) | Event::Empty(element) => style.note(element),
                Event::End(element) if element.local_name().as_ref() == "style" => {
                    styles.styles.insert(std::mem::take(&mut id), std::mem::take(&mut style));
                }
                _ => {}
            }
        }
        styles.styles = inherit(&styles.styles);
        styles
    }

    /// A style by its identifier.
    pub fn get(&self, id: &str) -> Option<&Style> {
        self.styles.get(id)
    }

    /// The style of a paragraph, which is the default one where it names none.
    pub fn of_paragraph(&self, id: Option<&str>) -> Option<&Style> {
        self.get(id.unwrap_or(&self.default_paragraph))
    }
}

impl Inherit for Style {
    fn base(&self) -> Option<&str> {
        self.based_on.as_deref()
    }

    fn complete(&mut self, base: &Self) {
        self.outline = self.outline.or(base.outline);
        self.bold = self.bold.or(base.bold);
        self.hidden = self.hidden.or(base.hidden);
        self.level = self.level.or(base.level);
        self.numbering = self.numbering.take().or_else(|| base.numbering.clone());
    }
}

impl Style {
    fn note(&mut self, element: &BytesStart) {
        let val = || attribute(element, "val");
        match element.local_name().as_ref() {
            "name" => {
                let name = val().unwrap_or_default().to_lowercase();
                self.contents = is_contents(&name);
                // An outline level of its own says more than the name.
                self.outline = self.outline.or(heading_name(&name));
            }
            "basedOn" => self.based_on = val(),
            "outlineLvl" => self.outline = val().and_then(|level| level.parse().ok()).or(self.outline),
            "numId" => self.numbering = val(),
            "ilvl" => self.level = val().and_then(|level| level.parse().ok()),
            "b" => self.bold = Some(is_on(val().as_deref())),
            "vanish" => self.hidden = Some(is_on(val().as_deref())),
            _ => {}
        }
    }
}

/// Whether an on/off property is on: it is unless its value denies it.
pub fn is_on(val: Option<&str>) -> bool {
    !matches!(val, Some("0" | "false" | "off"))
}

fn is_contents(name: &str) -> bool {
    let numbered = name.strip_prefix("toc").or(name.strip_prefix("目录"));
    let level = numbered.map(str::trim);
    level.is_some_and(|level| level == "heading" || level == "标题" || level.parse::<u8>().is_ok())
        || name == "table of figures"
}

/// The outline level that the name of a heading style tells: `heading 1`, `标题 1`, `标题一`, `一级标题`.
fn heading_name(name: &str) -> Option<u8> {
    const LEVELS: [(&str, &str); 9] = [
        ("1", "一"),
        ("2", "二"),
        ("3", "三"),
        ("4", "四"),
        ("5", "五"),
        ("6", "六"),
        ("7", "七"),
        ("8", "八"),
        ("9", "九"),
    ];
    let level = name.strip_prefix("heading").or(name.strip_prefix("标题")).or(name.strip_suffix("级标题"))?;
    let level = level.trim();
    LEVELS.iter().position(|&(arabic, chinese)| level == arabic || level == chinese).map(|i| i as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_by_name_level_and_inheritance() {
        let styles = Styles::read(
            r#"<w:styles><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
            <w:style w:styleId="2"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>
            <w:style w:styleId="3"><w:name w:val="公文一级"/><w:basedOn w:val="2"/><w:rPr><w:b w:val="0"/></w:rPr></w:style>
            <w:style w:styleId="4"><w:name w:val="正文甲"/><w:basedOn w:val="3"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
            <w:style w:styleId="5"><w:name w:val="二级标题"/><w:basedOn w:val="6"/></w:style>
            <w:style w:styleId="6"><w:name w:val="圈"/><w:basedOn w:val="5"/></w:style>
            <w:style w:styleId="7"><w:name w:val="toc 2"/><w:basedOn w:val="a"/></w:style></w:styles>"#,
        );
        let outline = |id| styles.get(id).and_then(|style| style.outline);
        assert_eq!([outline("2"), outline("3"), outline("4")], [Some(0), Some(0), Some(BODY_TEXT)]);
        assert_eq!([outline("5"), outline("a")], [Some(1), None]);
        assert_eq!(styles.get("3").and_then(|style| style.bold), Some(false));
        assert!(styles.get("7").is_some_and(|style| style.contents));
        assert_eq!(styles.of_paragraph(None), styles.get("a"));
    }

    #[test]
    fn names_of_headings() {
        for (name, level) in [("heading 3", Some(2)), ("标题 1", Some(0)), ("标题二", Some(1)), ("一级标题", Some(0))]
        {
            assert_eq!(heading_name(name), level);
        }
        for name in ["标题", "heading", "heading 10", "副标题", "级标题"] {
            assert_eq!(heading_name(name), None, "{name}");
        }
    }
}
