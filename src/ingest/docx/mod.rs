//! Word files (docx, and WPS files of the same make): the text of the main document with its notes.
//!
//! Parts are found through the package's relationships, whatever they are called; every part but the main one may
//! be missing. What the elements of the main document mean belongs to `body`.

mod body;
mod numbering;
mod open;
mod paragraph;
mod styles;

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use self::body::{Notes, Story};
use self::numbering::Numbering;
use self::styles::Styles;
use super::extract::Extracted;
use super::xml::{attribute, day, first_texts, part, resolve};

/// Date that a common library (python-docx) leaves in all its files.
const TEMPLATE_DATE: &str = "2013-12-23T23:15:00Z";

/// Reads a docx file that has been opened as a zip, up to `max_text` bytes of text.
///
/// # Errors
/// A reason for a person, if it is damaged, encrypted or too large.
pub fn read<R: Read + Seek>(zip: &mut ZipArchive<R>, max_text: u64) -> Result<Extracted, String> {
    let package = Relations::of(zip, "", max_text);
    let main = main_part(zip, &package, max_text);
    let document = part(zip, &main, max_text)?.ok_or_else(|| format!("文件损坏（缺少 {main}）"))?;
    let related = Relations::of(zip, &main, max_text);
    let mut read = |kind: &str| -> Result<String, String> {
        let name = related.target(kind).unwrap_or_else(|| resolve(&main, &format!("{kind}.xml")));
        Ok(part(zip, &name, max_text)?.unwrap_or_default())
    };
    let styles = Styles::read(&read("styles")?);
    let numbering = Numbering::read(&read("numbering")?);
    let mut notes = Notes::default();
    for (kind, element) in [("footnotes", "footnote"), ("endnotes", "endnote")] {
        notes.insert(element, Story::notes(&read(kind)?, &styles, element, max_text)?);
    }
    let mut extracted = Story::body(&document, &styles, numbering, notes, max_text)?;
    let properties = package.target("core-properties").unwrap_or_else(|| "docProps/core.xml".to_owned());
    if let Ok(Some(xml)) = part(zip, &properties, max_text) {
        let [title, created] = first_texts(&xml, ["title", "created"]);
        extracted.title = title;
        extracted.date = created.filter(|created| created != TEMPLATE_DATE).as_deref().and_then(day);
    }
    Ok(extracted)
}

/// The name of the main document: what the package's relationships say, else its content types, else custom.
fn main_part<R: Read + Seek>(zip: &mut ZipArchive<R>, package: &Relations, limit: u64) -> String {
    if let Some(name) = package.target("officeDocument") {
        return name;
    }
    let types = part(zip, "[Content_Types].xml", limit).ok().flatten().unwrap_or_default();
    let mut reader = Reader::from_str(&types);
    while let Ok(Event::Start(element) | Event::Empty(element)) = skip_to_element(&mut reader) {
        // `…wordprocessingml.document.main+xml`, `…template.main+xml`, `application/vnd.ms-word.….main+xml`
        let kind = attribute(&element, "ContentType").unwrap_or_default();
        if kind.contains("word") && kind.ends_with(".main+xml") {
            return resolve("", &attribute(&element, "PartName").unwrap_or_default());
        }
    }
    "word/document.xml".to_owned()
}

fn skip_to_element<'a>(reader: &mut Reader<&'a [u8]>) -> Result<Event<'a>, quick_xml::Error> {
    loop {
        let event = reader.read_event()?;
        if matches!(event, Event::Start(_) | Event::Empty(_) | Event::Eof) {
            return Ok(event);
        }
    }
}

/// What a part refers to, by the last step of the relationship's type: `styles`, `footnotes`. The types of the
/// transitional and of the strict namespace differ only before it.
struct Relations {
    targets: HashMap<String, String>,
}

impl Relations {
    /// The relationships of a part, or of the package if its name is empty; none where they cannot be read.
    fn of<R: Read + Seek>(zip: &mut ZipArchive<R>, name: &str, limit: u64) -> Self {
        let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
        let path = format!("{folder}/_rels/{file}.rels");
        let xml = part(zip, path.trim_start_matches('/'), limit).ok().flatten().unwrap_or_default();
        let mut targets = HashMap::new();
        let mut reader = Reader::from_str(&xml);
        while let Ok(Event::Start(element) | Event::Empty(element)) = skip_to_element(&mut reader) {
            let external = attribute(&element, "TargetMode").is_some_and(|mode| mode == "External");
            if let (Some(kind), Some(target), false) =
                (attribute(&element, "Type"), attribute(&element, "Target"), external)
            {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                targets.entry(kind).or_insert_with(|| resolve(name, &target));
            }
        }
        Relations { targets }
    }

    fn target(&self, kind: &str) -> Option<String> {
        self.targets.get(kind).cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn package(parts: &[(&str, &str)]) -> ZipArchive<Cursor<Vec<u8>>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
            zip.write_all(content.as_bytes()).expect("written");
        }
        ZipArchive::new(zip.finish().expect("finished")).expect("a zip")
    }

    const RELATIONS: &str = r#"<Relationships><Relationship Id="1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/story/main2.xml"/></Relationships>"#;
    const DOCUMENT: &str = r#"<w:document><w:body><w:p><w:r><w:t>开头</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>结尾</w:t></w:r></w:p></w:body></w:document>"#;
    const NOTES: &str = r#"<w:footnotes><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/><w:t>注文</w:t></w:r></w:p></w:footnote></w:footnotes>"#;
    const CORE: &str = "<cp:coreProperties><dc:title>某县工作报告</dc:title><dcterms:created>2025-01-18T01:02:03Z</dcterms:created></cp:coreProperties>";

    #[test]
    fn parts_of_unusual_names_notes_and_properties() {
        let mut zip = package(&[
            ("_rels/.rels", RELATIONS),
            ("story/main2.xml", DOCUMENT),
            (
                "story/_rels/main2.xml.rels",
                r#"<Relationships><Relationship Type="http://x/footnotes" Target="../f/n1.xml"/></Relationships>"#,
            ),
            ("f/n1.xml", NOTES),
            ("docProps/core.xml", CORE),
        ]);
        let extracted = read(&mut zip, 1 << 20).expect("a docx");
        assert_eq!(extracted.text, "开头结尾\n注文");
        assert_eq!(extracted.title.as_deref(), Some("某县工作报告"));
        assert_eq!(extracted.date.as_deref(), Some("2025-01-18"));
    }

    #[test]
    fn main_part_by_content_type_or_custom() {
        let types = r#"<Types><Override PartName="/word/d2.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>"#;
        for parts in
            [vec![("[Content_Types].xml", types), ("word/d2.xml", DOCUMENT)], vec![("Word\\Document.xml", DOCUMENT)]]
        {
            assert_eq!(read(&mut package(&parts), 1 << 20).map(|e| e.text), Ok("开头结尾".to_owned()));
        }
    }

    #[test]
    fn missing_damaged_or_too_large_parts_are_reasons() {
        assert_eq!(
            read(&mut package(&[("a", "")]), 9).map(|e| e.text),
            Err("文件损坏（缺少 word/document.xml）".to_owned())
        );
        let large = format!("<w:document>{}</w:document>", " ".repeat(2 << 20));
        let error = read(&mut package(&[("word/document.xml", &large)]), 1 << 20).expect_err("too large");
        assert_eq!(error, "解压后超过 1 MB 上限");
    }
}
