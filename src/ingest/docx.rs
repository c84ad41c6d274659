//! Word files (docx): paragraphs, headings and table rows of `word/document.xml`.
//!
//! Text that was deleted under tracked changes, field codes and fallback copies of drawings are not text.

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::extract::{BlockKind, Extracted};
use super::packed::read_limited;

/// Reads a docx file that has been opened as a zip.
///
/// # Errors
/// A reason for a person, if it is damaged, encrypted or too large.
pub fn read<R: Read + Seek>(zip: &mut ZipArchive<R>, max_text: u64) -> Result<Extracted, String> {
    let styles = part(zip, "word/styles.xml", max_text).map(|xml| heading_styles(&xml)).unwrap_or_default();
    let document = part(zip, "word/document.xml", max_text)?;
    body(&document, &styles)
}

fn part<R: Read + Seek>(zip: &mut ZipArchive<R>, name: &str, max_text: u64) -> Result<String, String> {
    let file = zip.by_name(name).map_err(|error| format!("Word 文件缺少 {name}（{error}）"))?;
    let bytes = read_limited(file, max_text)?;
    Ok(super::decode::decode(&bytes).text)
}

/// Heading level by style identifier, from the style's outline level or name.
fn heading_styles(xml: &str) -> HashMap<String, u8> {
    let mut styles = HashMap::new();
    let mut reader = Reader::from_str(xml);
    let mut current = String::new();
    while let Ok(event) = reader.read_event() {
        let (Event::Start(element) | Event::Empty(element)) = &event else {
            if matches!(event, Event::Eof) {
                break;
            }
            continue;
        };
        match element.local_name().as_ref() {
            "style" => current = attribute(element, "styleId").unwrap_or_default(),
            "outlineLvl" => {
                if let Some(level) = outline_level(element) {
                    styles.insert(current.clone(), level);
                }
            }
            "name" => {
                let name = attribute(element, "val").unwrap_or_default().to_lowercase();
                let level = name.strip_prefix("heading ").or(name.strip_prefix("标题 "));
                if let Some(level) = level.and_then(|level| level.trim().parse::<u8>().ok()) {
                    styles.insert(current.clone(), level);
                }
            }
            _ => {}
        }
    }
    styles
}

fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

/// The heading level, from 1, that an outline level gives; body text has none.
fn outline_level(element: &BytesStart) -> Option<u8> {
    let level: u8 = attribute(element, "val")?.parse().ok()?;
    (level < 9).then_some(level + 1)
}

/// Where the reader stands in the document.
#[derive(Default)]
struct State {
    paragraph: String,
    heading: Option<u8>,
    /// Cells of the open row of the outermost table.
    row: Vec<String>,
    tables: usize,
    in_text: bool,
    /// Depth of elements whose content is not text.
    skipped: usize,
}

fn body(xml: &str, styles: &HashMap<String, u8>) -> Result<Extracted, String> {
    let mut extracted = Extracted::default();
    let mut state = State::default();
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(|error| format!("Word 文件的 XML 有误（{error}）"))? {
            Event::Eof => break,
            Event::Start(element) => state.open(&element, styles),
            Event::Empty(element) => {
                // An empty paragraph or cell still opens and closes.
                state.open(&element, styles);
                state.close(element.local_name().as_ref(), &mut extracted);
            }
            Event::End(element) => state.close(element.local_name().as_ref(), &mut extracted),
            Event::Text(text) if state.in_text && state.skipped == 0 => state.paragraph.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if state.in_text && state.skipped == 0 => {
                if let Ok(Some(char)) = reference.resolve_char_ref() {
                    state.paragraph.push(char);
                } else if let Some(text) = resolve_predefined_entity(&reference) {
                    state.paragraph.push_str(text);
                }
            }
            _ => {}
        }
    }
    Ok(extracted)
}

fn is_skipped(name: &str) -> bool {
    matches!(name, "del" | "moveFrom" | "Fallback" | "instrText" | "delText" | "rt")
}

impl State {
    fn open(&mut self, element: &BytesStart, styles: &HashMap<String, u8>) {
        match element.local_name().as_ref() {
            name if is_skipped(name) => self.skipped += 1,
            "t" => self.in_text = true,
            "tab" if self.skipped == 0 && !self.paragraph.is_empty() => self.paragraph.push(' '),
            "br" | "cr" if self.skipped == 0 => self.paragraph.push('\n'),
            "noBreakHyphen" if self.skipped == 0 => self.paragraph.push('-'),
            "pStyle" => {
                let style = attribute(element, "val").unwrap_or_default();
                self.heading = self.heading.or(styles.get(&style).copied());
            }
            "outlineLvl" => {
                self.heading = outline_level(element).or(self.heading);
            }
            "tbl" => self.tables += 1,
            "tc" if self.tables == 1 => self.row.push(String::new()),
            _ => {}
        }
    }

    fn close(&mut self, name: &str, extracted: &mut Extracted) {
        match name {
            name if is_skipped(name) => self.skipped = self.skipped.saturating_sub(1),
            "t" => self.in_text = false,
            "p" => self.end_paragraph(extracted),
            "tr" if self.tables == 1 => {
                let cells: Vec<String> = self.row.drain(..).map(|cell| one_line(&cell)).collect();
                // A table of one column lays out text; it is no row of cells.
                let kind = if cells.len() == 1 { BlockKind::Paragraph } else { BlockKind::Row };
                extracted.push(kind, &cells.join("\t"));
            }
            "tbl" => self.tables = self.tables.saturating_sub(1),
            _ => {}
        }
    }

    fn end_paragraph(&mut self, extracted: &mut Extracted) {
        let text = std::mem::take(&mut self.paragraph);
        let heading = self.heading.take();
        if let Some(cell) = self.row.last_mut().filter(|_| self.tables > 0) {
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(text.trim());
            return;
        }
        let kind = heading.map_or(BlockKind::Paragraph, BlockKind::Heading);
        // A manual line break inside a paragraph begins a new one for the reader.
        for line in text.split('\n') {
            extracted.push(kind, line);
        }
    }
}

fn one_line(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(xml: &str) -> Vec<(BlockKind, String)> {
        let styles = HashMap::from([("2".to_owned(), 1)]);
        let extracted = body(xml, &styles).expect("well-formed");
        extracted.blocks.iter().map(|b| (b.kind, extracted.text[b.range.clone()].to_owned())).collect()
    }

    #[test]
    fn paragraphs_headings_rows_and_what_is_not_text() {
        let xml = r#"<w:document xmlns:w="w" xmlns:mc="m"><w:body>
            <w:p><w:pPr><w:pStyle w:val="2"/></w:pPr><w:r><w:t>一、回顾</w:t></w:r></w:p>
            <w:p><w:r><w:t>发展</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del><w:r><w:t>与&lt;改革&#62;</w:t></w:r></w:p>
            <w:p/><mc:AlternateContent><mc:Fallback><w:p><w:r><w:t>重复</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>指标</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>目标</w:t></w:r></w:p><w:p><w:r><w:t>值</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
        </w:body></w:document>"#;
        assert_eq!(
            texts(xml),
            [
                (BlockKind::Heading(1), "一、回顾".to_owned()),
                (BlockKind::Paragraph, "发展与<改革>".to_owned()),
                (BlockKind::Row, "指标\t目标 值".to_owned()),
            ]
        );
    }

    #[test]
    fn damaged_xml_is_a_reason() {
        assert!(body("<a><b></a>", &HashMap::new()).is_err());
    }
}
