//! OFD files (GB/T 33190-2016): fixed pages of positioned characters, put together to paragraphs.
//!
//! Every page part is read once, however often it is named, and all pages together unfold to a bounded size.
//! Templates (running heads) and annotations are not text. Characters on a page belong to `page`, lines and paragraphs
//! to `layout`.

mod layout;
mod lines;
mod page;

use std::collections::HashSet;
use std::io::{Read, Seek};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use self::page::{Page, numbers};
use super::extract::{Extracted, too_large};
use super::xml::{attribute, content, day, first_texts, part, resolve};

/// Height of a page in millimetres where the file tells none: A4.
const A4_HEIGHT: f64 = 297.0;

/// Reads an OFD file that has been opened as a zip, up to `max_text` bytes of text.
///
/// # Errors
/// A reason for a person, if it is damaged, encrypted, too large or without characters.
pub fn read<R: Read + Seek>(zip: &mut ZipArchive<R>, max_text: u64) -> Result<Extracted, String> {
    if zip.index_for_name("Encryptions.xml").is_some() {
        return Err("文件已加密".to_owned());
    }
    let root = part(zip, "OFD.xml", max_text)?.ok_or("文件损坏（缺少 OFD.xml）")?;
    let mut extracted = Extracted::default();
    let [title, created, published] = first_texts(&root, ["Title", "CreationDate", "ModDate"]);
    extracted.title = title;
    extracted.date = created.or(published).as_deref().and_then(day);
    let mut package = Package { zip, seen: HashSet::new(), left: max_text, max_text };
    for document in document_roots(&root) {
        package.read_document(&document, &mut extracted)?;
    }
    if extracted.blocks.is_empty() {
        return Err("OFD 没有文字层（可能是扫描件）".to_owned());
    }
    Ok(extracted)
}

/// The names of the document parts, `DocRoot` in OFD.xml.
fn document_roots(xml: &str) -> Vec<String> {
    let mut roots = Vec::new();
    let mut open: Option<String> = None;
    let mut reader = Reader::from_str(xml);
    while let Ok(event) = reader.read_event() {
        match &event {
            Event::Eof => break,
            Event::Start(element) if element.local_name().as_ref() == "DocRoot" => open = Some(String::new()),
            Event::End(element) if element.local_name().as_ref() == "DocRoot" => roots.extend(open.take()),
            event => {
                if let (Some(root), Some(text)) = (&mut open, content(event)) {
                    root.push_str(text.trim());
                }
            }
        }
    }
    roots
}

/// What a document part names.
#[derive(Default)]
struct Document {
    pages: Vec<String>,
    templates: Vec<String>,
    height: Option<f64>,
}

impl Document {
    fn read(xml: &str) -> Self {
        let mut document = Document::default();
        // The page or template whose location stands in a child element.
        let mut within = String::new();
        let mut text_of = String::new();
        let mut reader = Reader::from_str(xml);
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Eof => break,
                Event::Start(element) | Event::Empty(element) => {
                    text_of = element.local_name().as_ref().to_owned();
                    if matches!(text_of.as_str(), "Page" | "TemplatePage") {
                        within.clone_from(&text_of);
                        document.add(&within, attribute(element, "BaseLoc"));
                    }
                }
                Event::End(_) => text_of.clear(),
                event => match (text_of.as_str(), content(event)) {
                    ("BaseLoc", Some(text)) => document.add(&within, Some(text.into_owned())),
                    ("PhysicalBox", Some(text)) => {
                        document.height = document.height.or(numbers(&text).nth(3));
                    }
                    _ => {}
                },
            }
        }
        document
    }

    fn add(&mut self, element: &str, location: Option<String>) {
        let list = if element == "Page" { &mut self.pages } else { &mut self.templates };
        list.extend(location.map(|location| location.trim().to_owned()).filter(|location| !location.is_empty()));
    }
}

/// The zip, and what may still be read from it.
struct Package<'a, R> {
    zip: &'a mut ZipArchive<R>,
    seen: HashSet<String>,
    /// Bytes that parts may still unfold to.
    left: u64,
    max_text: u64,
}

impl<R: Read + Seek> Package<'_, R> {
    fn read_document(&mut self, name: &str, extracted: &mut Extracted) -> Result<(), String> {
        let name = resolve("", name);
        if !self.seen.insert(name.clone()) {
            return Ok(());
        }
        let xml = self.part(&name)?.ok_or_else(|| format!("文件损坏（缺少 {name}）"))?;
        let document = Document::read(&xml);
        let height = document.height.unwrap_or(A4_HEIGHT);
        let mut pages = self.pages(&name, &document.pages, height)?;
        if pages.iter().all(Page::is_empty) {
            // A form whose every word stands in the template.
            pages = self.pages(&name, &document.templates, height)?;
        }
        for (kind, text) in layout::blocks(pages) {
            extracted.push(kind, &text);
        }
        if extracted.text.len() as u64 > self.max_text { Err(too_large(self.max_text)) } else { Ok(()) }
    }

    fn pages(&mut self, document: &str, locations: &[String], height: f64) -> Result<Vec<Page>, String> {
        let mut pages = Vec::new();
        for location in locations {
            // By the standard relative to the document; some writers start at the package's root.
            let names = [resolve(document, location), resolve("", location)];
            for name in names {
                if !self.seen.contains(&name)
                    && let Some(xml) = self.part(&name)?
                {
                    self.seen.insert(name);
                    pages.push(Page::read(&xml, height)?);
                    break;
                }
            }
        }
        Ok(pages)
    }

    fn part(&mut self, name: &str) -> Result<Option<String>, String> {
        let xml = part(self.zip, name, self.left)?;
        self.left = self.left.saturating_sub(xml.as_ref().map_or(0, |xml| xml.len() as u64));
        Ok(xml)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn package(parts: &[(&str, String)]) -> ZipArchive<Cursor<Vec<u8>>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
            zip.write_all(content.as_bytes()).expect("written");
        }
        ZipArchive::new(zip.finish().expect("finished")).expect("a zip")
    }

    fn object(x: f64, base: f64, text: &str) -> String {
        format!(
            r#"<ofd:TextObject Boundary="{x} {} 150 5" Size="5"><ofd:TextCode X="0" Y="4" DeltaX="g {} 5">{text}</ofd:TextCode></ofd:TextObject>"#,
            base - 4.0,
            text.chars().count()
        )
    }

    fn page(objects: &[String]) -> String {
        format!("<ofd:Page><ofd:Content><ofd:Layer>{}</ofd:Layer></ofd:Content></ofd:Page>", objects.concat())
    }

    fn root(roots: &[&str]) -> (&'static str, String) {
        let bodies: String = roots.iter().map(|root| format!("<ofd:DocBody><ofd:DocInfo><ofd:Title>题</ofd:Title><ofd:CreationDate>2025-02-03</ofd:CreationDate></ofd:DocInfo><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody>")).collect();
        ("OFD.xml", format!("<ofd:OFD>{bodies}</ofd:OFD>"))
    }

    fn document(pages: &[&str]) -> String {
        let pages: String = pages.iter().map(|page| format!(r#"<ofd:Page ID="1" BaseLoc="{page}"/>"#)).collect();
        format!(
            r#"<ofd:Document><ofd:CommonData><ofd:TemplatePage ID="9" BaseLoc="T.xml"/></ofd:CommonData><ofd:Pages>{pages}</ofd:Pages></ofd:Document>"#
        )
    }

    #[test]
    fn documents_pages_templates_and_properties() {
        let mut zip = package(&[
            root(&["D0/Document.xml", "/D1/Document.xml"]),
            ("D0/Document.xml", document(&["P/0.xml", "/D0/P/1.xml", "P/0.xml"])),
            ("D0/P/0.xml", page(&[object(30.0, 50.0, "甲页")])),
            ("D0/P/1.xml", page(&[object(30.0, 50.0, "乙页"), object(100.0, 290.0, "2")])),
            ("D0/T.xml", page(&[object(30.0, 20.0, "页眉")])),
            ("D1/Document.xml", document(&[])),
            ("D1/T.xml", page(&[object(30.0, 60.0, "模板")])),
        ]);
        let extracted = read(&mut zip, 1 << 20).expect("an OFD");
        assert_eq!(extracted.text, "甲页\n乙页\n模板");
        assert_eq!((extracted.title.as_deref(), extracted.date.as_deref()), (Some("题"), Some("2025-02-03")));
    }

    #[test]
    fn no_characters_no_parts_or_too_many_are_reasons() {
        let error =
            |parts: &[(&str, String)], limit| read(&mut package(parts), limit).map(|e| e.text).expect_err("a reason");
        assert_eq!(error(&[("a", String::new())], 9_999), "文件损坏（缺少 OFD.xml）");
        assert_eq!(error(&[root(&["D.xml"])], 9_999), "文件损坏（缺少 D.xml）");
        let scanned = [root(&["D.xml"]), ("D.xml", document(&["P.xml"])), ("P.xml", page(&[]))];
        assert_eq!(error(&scanned, 9_999), "OFD 没有文字层（可能是扫描件）");
        let large = [root(&["D.xml"]), ("D.xml", document(&["P.xml"])), ("P.xml", page(&[" ".repeat(9_999)]))];
        assert!(error(&large, 9_999).starts_with("解压后超过"));
    }
}
