//! What the XML formats share: attributes by local name, text with its references resolved, zip parts, properties.
//!
//! No part is inflated beyond its limit, whatever sizes the zip declares. What the elements of a format mean
//! belongs to its reader.

use std::borrow::Cow;
use std::io::{Read, Seek};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;
use zip::result::ZipError;

use super::decode::decode;
use super::extract::too_large;

/// How far XML may unfold: real parts shrink to a tenth, seldom to a fiftieth; a bomb to a thousandth.
const MAX_RATIO: u64 = 128;

/// Up to this size (in bytes) a part may unfold at any ratio.
const SMALL_PART: u64 = 32 << 20;

/// The value of an attribute, by its name without prefix.
pub fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    // Unchecked: looking for doubled names takes time quadratic in their number.
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
}

/// The character data that an event stands for: text, CDATA or a reference; `None` for markup.
pub fn content<'a>(event: &'a Event) -> Option<Cow<'a, str>> {
    match event {
        Event::Text(text) => Some(text.xml10_content()),
        Event::CData(data) => Some(data.xml10_content()),
        Event::GeneralRef(reference) => dereference(reference),
        _ => None,
    }
}

fn dereference<'a>(reference: &BytesRef) -> Option<Cow<'a, str>> {
    match reference.resolve_char_ref() {
        Ok(Some(char)) => Some(Cow::Owned(char.to_string())),
        _ => resolve_predefined_entity(reference).map(Cow::Borrowed),
    }
}

/// The next event of a document.
///
/// # Errors
/// A reason for a person, if the XML is damaged.
pub fn next<'a>(reader: &mut Reader<&'a [u8]>) -> Result<Event<'a>, String> {
    reader.read_event().map_err(|error| format!("文件损坏（XML 有误：{error}）"))
}

/// A part of a zip as text; `None` if there is none of this name. A missing part may also be spelt in other case
/// or with backslashes, as some writers do.
///
/// # Errors
/// A reason for a person, if it is damaged, encrypted or unfolds to more than `limit` bytes.
pub fn part<R: Read + Seek>(zip: &mut ZipArchive<R>, name: &str, limit: u64) -> Result<Option<String>, String> {
    let index = zip.index_for_name(name).or_else(|| {
        let same = |other: &str| other.replace('\\', "/").eq_ignore_ascii_case(name);
        let other = zip.file_names().flatten().find(|other| same(other))?.into_owned();
        zip.index_for_name(&other)
    });
    let Some(index) = index else { return Ok(None) };
    let file = zip.by_index(index).map_err(|error| match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => "文件已加密".to_owned(),
        error => format!("文件损坏（{name}：{error}）"),
    })?;
    let limit = limit.min(SMALL_PART.saturating_add(file.compressed_size().saturating_mul(MAX_RATIO)));
    let mut bytes = Vec::new();
    let read = file.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| format!("文件损坏（{name}：{error}）"))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(Some(String::from_utf8(bytes).unwrap_or_else(|error| decode(error.as_bytes()).text)))
}

/// The first non-empty text of each element called one of `names` (without prefix), in the order of `names`.
/// A damaged rest is left out: properties are worth no error.
pub fn first_texts<const N: usize>(xml: &str, names: [&str; N]) -> [Option<String>; N] {
    let mut found = [const { None::<String> }; N];
    let mut current = None;
    let mut reader = Reader::from_str(xml);
    while let Ok(event) = reader.read_event() {
        match &event {
            Event::Start(element) => {
                let named = names.iter().position(|name| *name == element.local_name().as_ref());
                current = named.filter(|&i| found[i].is_none());
            }
            Event::End(_) => current = None,
            Event::Eof => break,
            event => {
                if let (Some(i), Some(text)) = (current, content(event).filter(|text| !text.trim().is_empty())) {
                    found[i].get_or_insert_default().push_str(&text);
                }
            }
        }
    }
    found.map(|text| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// The day of a time stamp such as `2025-01-18T09:30:00Z`, as `2025-01-18`. None before word processors were: an
/// unset clock.
pub fn day(stamp: &str) -> Option<String> {
    let day = stamp.get(..10)?;
    let mut fields = day.split('-');
    let mut field = |width: usize| -> Option<u32> {
        let digits = fields.next().filter(|f| f.len() == width && f.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse().ok()
    };
    let (year, month, date) = (field(4)?, field(2)?, field(2)?);
    (year > 1980 && (1..=12).contains(&month) && (1..=31).contains(&date)).then(|| day.to_owned())
}

/// The name of a part that another one calls `target`.
pub fn resolve(from: &str, target: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    if !target.starts_with('/') {
        steps.extend(from.rsplit_once('/').map_or("", |(folder, _)| folder).split('/'));
    }
    for step in target.split('/') {
        match step {
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty() && *step != ".");
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_resolve_references_and_stop_at_damage() {
        let xml = "<p><dc:title>甲&amp;乙&#x4E19;<![CDATA[<丁>]]></dc:title><title>二</title><created> </created></x>";
        assert_eq!(first_texts(xml, ["title", "created"]), [Some("甲&乙丙<丁>".to_owned()), None]);
    }

    #[test]
    fn names_of_parts() {
        for (from, target, name) in [
            ("word/document.xml", "styles.xml", "word/styles.xml"),
            ("word/document.xml", "/a/./b.xml", "a/b.xml"),
            ("a/b/c.xml", "../../../d.xml", "d.xml"),
            ("", "word/document.xml", "word/document.xml"),
        ] {
            assert_eq!(resolve(from, target), name);
        }
    }

    #[test]
    fn days_are_checked() {
        assert_eq!(day("2025-01-18T09:30:00Z"), Some("2025-01-18".to_owned()));
        for stamp in ["", "2025-13-01", "1601-01-01T00:00:00Z", "2025-1-018", "二〇二五年一月"] {
            assert_eq!(day(stamp), None, "{stamp}");
        }
    }

    #[test]
    fn attributes_are_found_among_many() {
        let many: String = (0..100_000).map(|i| format!(" a{i}='1'")).collect();
        let xml = format!("<x{many} w:val='甲&lt;'/>");
        let mut reader = Reader::from_str(&xml);
        let Ok(Event::Empty(element)) = reader.read_event() else { panic!("an element") };
        assert_eq!(attribute(&element, "val").as_deref(), Some("甲<"));
        assert_eq!(attribute(&element, "none"), None);
    }
}
