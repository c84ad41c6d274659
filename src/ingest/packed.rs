//! Zips: office files that are zips inside, and archives whose members are sources of their own.
//!
//! Members are read one by one with a limit on what they unfold to; their names are labels, never paths.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::assemble::deliver_table;
use super::extract::too_large;
use super::format::Format;
use super::{Reading, Sink, Source, decode, docx, odf, ofd, sources, table};

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
    let limit = source.reading.limits.text;
    let is_spreadsheet = is_spreadsheet(&mut zip);
    let has = |part: &str| zip.index_for_name(part).is_some();
    let (format, read) = if is_spreadsheet || has("xl/workbook.xml") || has("xl/workbook.bin") {
        return deliver_table(source, Format::Xlsx, bytes, table::xlsx(bytes, limit), sink);
    } else if has("ppt/presentation.xml") {
        return source.skip("PowerPoint 文件，尚不能读", sink);
    } else if has("content.xml") {
        (Format::Odt, odf::read(&mut zip, limit))
    } else if has("OFD.xml") {
        (Format::Ofd, ofd::read(&mut zip, limit))
    } else if has("[Content_Types].xml") || has("word/document.xml") {
        (Format::Docx, docx::read(&mut zip, limit))
    } else {
        return read_members(source, &mut zip, sink);
    };
    source.deliver(format, bytes, read, sink);
}

/// Whether an OpenDocument file says that it is a spreadsheet.
fn is_spreadsheet<R: Read + Seek>(zip: &mut ZipArchive<R>) -> bool {
    let Ok(file) = zip.by_name("mimetype") else { return false };
    read_limited(file, 200).is_ok_and(|bytes| bytes.starts_with(b"application/vnd.oasis.opendocument.spreadsheet"))
}

fn damaged(error: &ZipError) -> String {
    format!("压缩包损坏（{error}）")
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
    let mut seen = Members::default();
    for i in 0..zip.len().min(limits.members) {
        if !sink.is_wanted() {
            return;
        }
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
        let member_name = seen.name(name, &inner);
        match read_limited(member, limits.file) {
            Ok(bytes) => source.member(&member_name).read(&bytes, sink),
            Err(reason) => source.member(&member_name).skip(reason, sink),
        }
    }
}

/// The names of a source's members as they are given out: each once, though their own be the same when decoded.
#[derive(Default)]
pub(super) struct Members {
    given: HashSet<String>,
}

impl Members {
    /// The name of a member of `source`.
    pub(super) fn name(&mut self, source: &str, own: &str) -> String {
        let plain = format!("{source}!/{own}");
        let numbered = (2..).map(|number| format!("{plain}#{number}"));
        let free = std::iter::once(plain.clone()).chain(numbered).find(|name| !self.given.contains(name));
        let name = free.unwrap_or(plain);
        self.given.insert(name.clone());
        name
    }
}

impl<'a> Source<'a> {
    /// A source that stands in this one.
    pub(super) fn member(self, name: &'a str) -> Source<'a> {
        Source { name, depth: self.depth + 1, ..self }
    }
}

/// Reads at most `limit` bytes.
pub(super) fn read_limited(reader: impl Read, limit: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| format!("读取失败（{error}）"))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes)
}
