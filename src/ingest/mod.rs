//! Ingestion: files of an archive to reports. Reads only; knows nothing of the index.
//!
//! A source is a file or a zip member. What cannot be read is a [`Skipped`] entry with a reason, never
//! an error that ends the run. One file per format; `clean` and `structure` are shared by all.

mod clean;
mod decode;
mod docx;
pub mod extract;
mod html;
mod jsonl;
mod metadata;
mod region;
pub mod sources;
mod structure;

use std::io::{Cursor, Read};

use zip::ZipArchive;

use self::extract::{Extracted, Origin, lines_of};
use self::metadata::Surroundings;
use crate::model::{Passage, Report};

/// Most bytes of text that one source may unfold to.
pub const MAX_TEXT: u64 = 512 << 20;

/// How deep zips may stand in zips.
const MAX_NESTING: usize = 3;

/// Most members of a zip that are looked at.
const MAX_MEMBERS: usize = 100_000;

/// A source that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Skipped {
    /// The file or zip member.
    pub source: String,
    /// Why, for a person.
    pub reason: String,
}

/// Receives what is found in a source.
pub trait Sink {
    /// A report.
    fn report(&mut self, report: Report);
    /// A source, or part of one, that could not be read.
    fn skipped(&mut self, skipped: Skipped);
    /// The text of a source as it was extracted, before clean-up.
    fn extracted(&mut self, _source: &str, _text: &str) {}
}

/// Reads the bytes of a source, which is called `name`, into a sink.
pub fn read(name: &str, bytes: &[u8], sink: &mut dyn Sink) {
    read_nested(name, bytes, 0, sink);
}

/// The decoded text of a source that is text by itself; `None` for packed formats.
pub fn plain_text(bytes: &[u8]) -> Option<String> {
    matches!(detect(bytes), Format::Text).then(|| decode::decode(bytes).text)
}

/// What the content of a source shows it to be.
enum Format {
    Zip,
    Text,
    Unreadable(&'static str),
}

fn detect(bytes: &[u8]) -> Format {
    const UNREADABLE: [(&[u8], &str); 9] = [
        (b"\xD0\xCF\x11\xE0", "旧版 Word/WPS/Excel 文件（doc、wps、xls），尚不能读；可另存为 docx"),
        (b"%PDF", "PDF 文件，尚不能读；可转为 txt 或 docx"),
        (b"{\\rtf", "RTF 文件，尚不能读；可另存为 docx"),
        (b"\x89PNG", "图片，没有文字"),
        (b"\xFF\xD8\xFF", "图片，没有文字"),
        (b"GIF8", "图片，没有文字"),
        (b"Rar!", "RAR 压缩包，尚不能读；可改用 zip"),
        (b"7z\xBC\xAF", "7z 压缩包，尚不能读；可改用 zip"),
        (b"\x1F\x8B", "gzip 压缩包，尚不能读；可改用 zip"),
    ];
    if bytes.iter().all(|b| b.is_ascii_whitespace()) {
        return Format::Unreadable("空文件");
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Format::Zip;
    }
    match UNREADABLE.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, reason)) => Format::Unreadable(reason),
        None => Format::Text,
    }
}

fn read_nested(name: &str, bytes: &[u8], depth: usize, sink: &mut dyn Sink) {
    let mut skip = |reason: String| sink.skipped(Skipped { source: name.to_owned(), reason });
    match detect(bytes) {
        Format::Unreadable(reason) => skip(reason.to_owned()),
        Format::Text => read_text(name, bytes, sink),
        Format::Zip => match ZipArchive::new(Cursor::new(bytes)) {
            Err(error) => skip(format!("压缩包损坏（{error}）")),
            Ok(mut zip) => read_zip(name, &mut zip, depth, sink),
        },
    }
}

fn read_zip(name: &str, zip: &mut ZipArchive<Cursor<&[u8]>>, depth: usize, sink: &mut dyn Sink) {
    let has = |part: &str| zip.index_for_name(part).is_some();
    let office = [
        ("xl/workbook.xml", "Excel 文件，尚不能读；可另存为 txt"),
        ("content.xml", "OpenDocument 文件，尚不能读；可另存为 docx"),
        ("OFD.xml", "OFD 文件，尚不能读；可转为 docx"),
        ("ppt/presentation.xml", "PowerPoint 文件，尚不能读"),
    ];
    let skip = |sink: &mut dyn Sink, source: &str, reason: String| {
        sink.skipped(Skipped { source: source.to_owned(), reason });
    };
    if has("word/document.xml") {
        match docx::read(zip) {
            Ok(extracted) => deliver(name, extracted, &Origin::Extracted, sink),
            Err(reason) => skip(sink, name, reason),
        }
        return;
    }
    if let Some((_, reason)) = office.iter().find(|(part, _)| has(part)) {
        return skip(sink, name, (*reason).to_owned());
    }
    if depth >= MAX_NESTING {
        return skip(sink, name, format!("压缩包嵌套超过 {MAX_NESTING} 层"));
    }
    if zip.len() > MAX_MEMBERS {
        skip(sink, name, format!("压缩包内多于 {MAX_MEMBERS} 个文件，其余未读"));
    }
    for i in 0..zip.len().min(MAX_MEMBERS) {
        let member = match zip.by_index(i) {
            Ok(member) if member.is_dir() => continue,
            Ok(member) => member,
            Err(error) => {
                skip(sink, &format!("{name}!/#{}", i + 1), format!("压缩包内文件损坏或已加密（{error}）"));
                continue;
            }
        };
        let inner = decode::decode_name(member.name_raw()).replace('\\', "/");
        if sources::is_hidden(&inner) {
            continue;
        }
        let member_name = format!("{name}!/{inner}");
        match read_limited(member, MAX_TEXT) {
            Ok(bytes) => read_nested(&member_name, &bytes, depth + 1, sink),
            Err(reason) => sink.skipped(Skipped { source: member_name, reason }),
        }
    }
}

/// Reads at most `limit` bytes.
fn read_limited(reader: impl Read, limit: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes).map_err(|error| format!("读取失败（{error}）"))?;
    if bytes.len() as u64 > limit {
        return Err(format!("解压后超过 {} MB 上限", limit >> 20));
    }
    Ok(bytes)
}

fn read_text(name: &str, bytes: &[u8], sink: &mut dyn Sink) {
    let decoded = decode::decode(bytes);
    let text = &decoded.text;
    let odd = |c: char| c == char::REPLACEMENT_CHARACTER || c.is_control() && !c.is_whitespace();
    let sample = || text.chars().take(100_000);
    if sample().filter(|&c| odd(c)).count() * 10 > sample().count() {
        return sink.skipped(Skipped {
            source: name.to_owned(), reason: "不是文本文件，或编码无法辨认".to_owned()
        });
    }
    if is_html(text) {
        deliver(name, html::read(text), &Origin::Extracted, sink);
    } else if jsonl::is_jsonl(text) {
        read_jsonl(name, &decoded, sink);
    } else {
        let extracted = Extracted { blocks: lines_of(text, 0), text: text.clone(), title: None };
        deliver(name, extracted, &Origin::Decoded(&decoded), sink);
    }
}

fn is_html(text: &str) -> bool {
    let head: String = text.trim_start().chars().take(1_000).collect::<String>().to_ascii_lowercase();
    let begins = ["<!doctype html", "<html", "<head", "<body", "<?xml"].iter().any(|tag| head.starts_with(tag));
    begins && (head.contains("<html") || head.contains("<head") || head.contains("<body")) || head.contains("<html")
}

fn read_jsonl(name: &str, decoded: &decode::Decoded, sink: &mut dyn Sink) {
    sink.extracted(name, &decoded.text);
    let mut at = 0;
    for (number, line) in decoded.text.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        if line.trim().is_empty() {
            continue;
        }
        match jsonl::parse(line, start) {
            Ok(parsed) => sink.report(jsonl_report(name, decoded, number, parsed)),
            Err(reason) => {
                sink.skipped(Skipped {
                    source: format!("{name}:{}", number + 1),
                    reason: format!("第 {} 行{reason}", number + 1),
                });
            }
        }
    }
}

fn jsonl_report(name: &str, decoded: &decode::Decoded, number: usize, line: jsonl::Line) -> Report {
    let (text, offsets) = &line.text;
    let article = structure::articles(clean::paragraphs(text, &lines_of(text, 0))).into_iter().reduce(append);
    let mut article = article.unwrap_or_default();
    let mut title_passage = None;
    if let Some((title, title_offsets)) = &line.title {
        let whole = 0..title.len();
        let bytes = vec![Origin::Escaped { decoded, offsets: title_offsets }.of(&whole)];
        title_passage = Some(sources::title_passage(title, bytes));
        article.title = Some(title.clone());
    }
    let around = Surroundings { fields: line.fields, ..sources::surroundings(name) };
    let metadata = metadata::infer(&article, &around);
    let id = line.id.unwrap_or_else(|| sources::report_id(name, number));
    let origin = Origin::Escaped { decoded, offsets };
    let passages = title_passage.into_iter().collect();
    finish(
        Report { id, source: name.to_owned(), place: number as u32, metadata, sections: Vec::new(), passages },
        article,
        &origin,
    )
}

/// A JSONL text is one report whatever it holds.
fn append(mut first: structure::Article, next: structure::Article) -> structure::Article {
    let base = first.sections.len() as u32;
    let passages = first.paragraphs.len() as u32;
    first.sections.extend(next.sections.into_iter().map(|mut section| {
        section.parent = section.parent.map(|parent| parent + base);
        section.passage = section.passage.map(|passage| passage + passages);
        section
    }));
    first.paragraphs.extend(next.paragraphs.into_iter().map(|mut placed| {
        placed.section = placed.section.map(|section| section + base);
        placed
    }));
    first
}

/// Cleans, structures and understands an extracted source.
fn deliver(name: &str, extracted: Extracted, origin: &Origin, sink: &mut dyn Sink) {
    sink.extracted(name, &extracted.text);
    let articles = structure::articles(clean::paragraphs(&extracted.text, &extracted.blocks));
    if articles.is_empty() {
        return sink.skipped(Skipped { source: name.to_owned(), reason: "没有正文".to_owned() });
    }
    let shared = articles.len() > 1;
    for (number, article) in articles.into_iter().enumerate() {
        let around = Surroundings { title: extracted.title.as_deref(), shared, ..sources::surroundings(name) };
        let metadata = metadata::infer(&article, &around);
        let (id, source) = (sources::report_id(name, number), name.to_owned());
        let report = Report { id, source, place: number as u32, metadata, sections: Vec::new(), passages: Vec::new() };
        sink.report(finish(report, article, origin));
    }
}

/// Adds an article's sections and passages to a report, behind the passages that it has already.
fn finish(mut report: Report, article: structure::Article, origin: &Origin) -> Report {
    let before = report.passages.len() as u32;
    report.sections = article.sections;
    for section in &mut report.sections {
        section.passage = section.passage.map(|passage| passage + before);
    }
    report.passages.extend(article.paragraphs.into_iter().map(|placed| Passage {
        role: placed.role,
        part: placed.part,
        section: placed.section,
        bytes: placed.paragraph.pieces.iter().map(|piece| origin.of(piece)).collect(),
        text: placed.paragraph.text,
    }));
    report
}
