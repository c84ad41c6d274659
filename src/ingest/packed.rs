//! Zips: office files that are zips inside, and archives whose members are sources of their own.
//!
//! Members are read one by one with a limit on what they unfold to; their names are labels, never paths.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::assemble::deliver;
use super::extract::{Extracted, Origin};
use super::format::Format;
use super::{Reading, Sink, Source, decode, docx, sources};

/// Reads a zip from its file, member by member, however large it is.
///
/// # Errors
/// If the file cannot be opened.
pub fn read_zip_file(name: &str, path: &Path, reading: &Reading, sink: &mut dyn Sink) -> std::io::Result<()> {
    let source = Source { name, reading, depth: 0 };
    match ZipArchive::new(BufReader::new(File::open(path)?)) {
        Err(error) => source.skip(damaged(&error), sink),
        Ok(mut zip) => read_members(source, &mut zip, sink),
    }
    Ok(())
}

/// Reads a zip or an office file from its bytes.
pub(super) fn read_bytes(source: Source, bytes: &[u8], sink: &mut dyn Sink) {
    let mut zip = match ZipArchive::new(Cursor::new(bytes)) {
        Err(error) => return source.skip(damaged(&error), sink),
        Ok(zip) => zip,
    };
    let read = match office_format(&zip) {
        None => return read_members(source, &mut zip, sink),
        Some(Office::Unreadable(reason)) => return source.skip(reason, sink),
        Some(Office::Docx) => (Format::Docx, docx::read(&mut zip, source.reading.limits.text)),
    };
    match read {
        (_, Err(reason)) => source.skip(reason, sink),
        (format, Ok(extracted)) => deliver_extracted(source, format, bytes, extracted, sink),
    }
}

fn deliver_extracted(source: Source, format: Format, bytes: &[u8], extracted: Extracted, sink: &mut dyn Sink) {
    deliver(source, format, bytes, extracted, &Origin::Extracted, sink);
}

fn damaged(error: &ZipError) -> String {
    format!("压缩包损坏（{error}）")
}

/// An office format that is a zip inside.
enum Office {
    Docx,
    Unreadable(&'static str),
}

fn office_format<R: Read + Seek>(zip: &ZipArchive<R>) -> Option<Office> {
    let has = |part: &str| zip.index_for_name(part).is_some();
    if has("word/document.xml") {
        Some(Office::Docx)
    } else if has("xl/workbook.xml") {
        Some(Office::Unreadable("Excel 文件，尚不能读；可另存为 txt"))
    } else if has("content.xml") {
        Some(Office::Unreadable("OpenDocument 文件，尚不能读；可另存为 docx"))
    } else if has("OFD.xml") {
        Some(Office::Unreadable("OFD 文件，尚不能读；可转为 docx"))
    } else if has("ppt/presentation.xml") {
        Some(Office::Unreadable("PowerPoint 文件，尚不能读"))
    } else {
        None
    }
}

fn read_members<R: Read + Seek>(source: Source, zip: &mut ZipArchive<R>, sink: &mut dyn Sink) {
    let limits = source.reading.limits;
    let name = source.name;
    if source.depth >= limits.nesting {
        return source.skip(format!("压缩包嵌套超过 {} 层", limits.nesting), sink);
    }
    if zip.len() > limits.members {
        source.skip(format!("压缩包内多于 {} 个文件，其余未读", limits.members), sink);
    }
    for i in 0..zip.len().min(limits.members) {
        let member = match zip.by_index(i) {
            Ok(member) if member.is_dir() => continue,
            Ok(member) => member,
            Err(error) => {
                let name = format!("{name}!/#{}", i + 1);
                source.member(&name).skip(format!("压缩包内文件损坏或已加密（{error}）"), sink);
                continue;
            }
        };
        let inner = decode::decode_name(member.name_raw()).replace('\\', "/");
        if sources::is_hidden(&inner) {
            continue;
        }
        let member_name = format!("{name}!/{inner}");
        match read_limited(member, limits.file) {
            Ok(bytes) => source.member(&member_name).read(&bytes, sink),
            Err(reason) => source.member(&member_name).skip(reason, sink),
        }
    }
}

impl<'a> Source<'a> {
    /// A source that stands in this one.
    fn member(self, name: &'a str) -> Source<'a> {
        Source { name, depth: self.depth + 1, ..self }
    }
}

/// Reads at most `limit` bytes.
pub(super) fn read_limited(reader: impl Read, limit: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes).map_err(|error| format!("读取失败（{error}）"))?;
    if bytes.len() as u64 > limit {
        return Err(format!("解压后超过 {} MB 上限", limit >> 20));
    }
    Ok(bytes)
}
