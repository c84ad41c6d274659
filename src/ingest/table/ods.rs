//! OpenDocument spreadsheets (ods): the cells of `content.xml`, in the words that the file itself shows for them.

use std::io::{BufReader, Cursor, Read};

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::sheet::Sheets;

/// How often a filled cell or row is repeated at most. Files repeat styles to the end of the sheet, seldom content.
const MAX_REPEATED: u32 = 1_000;

/// Reads the sheets of a spreadsheet.
///
/// # Errors
/// A reason for a person.
pub fn read(zip: &mut ZipArchive<Cursor<&[u8]>>, sheets: &mut Sheets, max_text: u64) -> Result<(), String> {
    let part = zip.by_name("content.xml").map_err(|error| format!("文件损坏或已加密（{error}）"))?;
    let mut xml = Reader::from_reader(BufReader::new(part.take(max_text)));
    let mut place = Place::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|error| format!("文件损坏（{error}）"))? {
            Event::Start(start) => place.start(&start, sheets, false)?,
            Event::Empty(start) => place.start(&start, sheets, true)?,
            Event::End(end) => place.end(end.local_name().as_ref(), sheets)?,
            Event::Text(text) if place.is_in_text() => place.text.push_str(&text),
            Event::GeneralRef(name) if place.is_in_text() => match name.resolve_char_ref().ok().flatten() {
                Some(character) => place.text.push(character),
                None => place.text.push_str(resolve_xml_entity(&name).unwrap_or_default()),
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Where the reader stands.
#[derive(Default)]
struct Place {
    row: u32,
    row_repeated: u32,
    /// The filled cells of the row.
    cells: Vec<(u32, String)>,
    column: u32,
    repeated: u32,
    /// The text of the cell.
    text: String,
    /// How many paragraphs and comments the reader stands in.
    paragraphs: usize,
    comments: usize,
}

fn repeated(start: &BytesStart, name: &str) -> u32 {
    start.try_get_attribute(name).ok().flatten().and_then(|attribute| attribute.value.parse().ok()).unwrap_or(1)
}

impl Place {
    fn is_in_text(&self) -> bool {
        self.paragraphs > 0 && self.comments == 0
    }

    fn start(&mut self, start: &BytesStart, sheets: &mut Sheets, is_empty: bool) -> Result<(), String> {
        match start.local_name().as_ref() {
            "table" => {
                let name = start.try_get_attribute("table:name").ok().flatten();
                let name =
                    name.and_then(|name| Some(name.normalized_value(XmlVersion::Explicit1_0).ok()?.into_owned()));
                sheets.begin(&name.unwrap_or_default());
                self.row = 0;
            }
            "table-row" => {
                self.row_repeated = repeated(start, "table:number-rows-repeated");
                self.column = 0;
                self.cells.clear();
                if is_empty {
                    return self.end("table-row", sheets);
                }
            }
            "table-cell" | "covered-table-cell" => {
                self.repeated = repeated(start, "table:number-columns-repeated");
                self.text.clear();
                if is_empty {
                    return self.end("table-cell", sheets);
                }
            }
            "annotation" if !is_empty => self.comments += 1,
            "p" if !is_empty => {
                self.paragraphs += 1;
                if self.comments == 0 && !self.text.is_empty() {
                    self.text.push('\n');
                }
            }
            "s" | "tab" | "line-break" if self.is_in_text() => self.text.push(' '),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str, sheets: &mut Sheets) -> Result<(), String> {
        match name {
            "p" => self.paragraphs = self.paragraphs.saturating_sub(1),
            "annotation" => self.comments = self.comments.saturating_sub(1),
            "table-cell" | "covered-table-cell" => {
                if !self.text.trim().is_empty() {
                    let columns = self.column..self.column.saturating_add(self.repeated.min(MAX_REPEATED));
                    self.cells.extend(columns.map(|column| (column, self.text.clone())));
                }
                self.text.clear();
                self.column = self.column.saturating_add(self.repeated);
            }
            "table-row" => {
                let rows = if self.cells.is_empty() { 0 } else { self.row_repeated.min(MAX_REPEATED) };
                for row in self.row..self.row.saturating_add(rows) {
                    for (column, text) in &self.cells {
                        sheets.push(row, *column, text)?;
                    }
                }
                self.cells.clear();
                self.row = self.row.saturating_add(self.row_repeated);
            }
            _ => {}
        }
        Ok(())
    }
}
