//! Ingestion: files of an archive to reports. Reads only; knows nothing of the index.
//!
//! A source is a file, a zip member or an attachment. What cannot be read is a [`Skipped`] entry with a reason,
//! never an error that ends the run. `format` tells what bytes are, one file a format turns them into text with
//! blocks, and `assemble` makes reports of these with what `clean`, `structure` and `metadata` find.

mod assemble;
mod clean;
mod contents;
mod decode;
mod doc;
mod docx;
pub mod extract;
mod flow;
pub mod format;
mod html;
mod inherit;
mod jsonl;
mod labels;
mod le;
mod mail;
mod metadata;
mod ocr;
mod odf;
mod ofd;
mod ole;
mod packed;
mod pdf;
mod region;
mod repeats;
mod rtf;
pub mod sidecar;
pub mod sources;
mod structure;
mod table;
mod xml;

use self::assemble::{deliver, deliver_table, read_jsonl};
use self::extract::{Extracted, Origin, lines_of};
use self::format::{Detected, Format, TextFormat};
use self::mail::Body;
use self::packed::Members;
use self::sidecar::Sidecar;
use crate::model::Report;
pub use crate::model::Skipped;

/// Version of all that turns bytes into reports. Another one reads every file anew.
pub const VERSION: u32 = 1;

/// How much of a source is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of a file that is read as a whole. JSONL is read line by line, a zip member by member.
    pub file: u64,
    /// Most bytes of text that one source may unfold to.
    pub text: u64,
    /// Longest time that a report, and each 64 MB of a file, may take, in seconds.
    pub seconds: u64,
    /// How deep zips may stand in zips.
    pub nesting: usize,
    /// Most members of a zip that are looked at.
    pub members: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { file: 256 << 20, text: 32 << 20, seconds: 120, nesting: 3, members: 100_000 }
    }
}

/// How sources are read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// How much of them.
    pub limits: Limits,
    /// What the user says of them.
    pub sidecar: Sidecar,
    /// Whether scanned pages are read with the user's own tesseract.
    pub ocr: bool,
}

/// Receives what is found in a source.
pub trait Sink {
    /// A report.
    fn report(&mut self, report: Report, format: Format);
    /// A source, or part of one, that could not be read.
    fn skipped(&mut self, skipped: Skipped);
    /// The text of a source as it was extracted, before clean-up.
    fn extracted(&mut self, source: &str, format: Format, text: &str);
    /// Reading goes on, though nothing has been found yet.
    fn alive(&mut self) {}
    /// Whether anything more is wanted: asked between members and lines.
    fn is_wanted(&self) -> bool {
        true
    }
}

/// Reads the bytes of a source, which is called `name`, into a sink.
pub fn read(name: &str, bytes: &[u8], reading: &Reading, sink: &mut dyn Sink) {
    Source { name, reading, depth: 0 }.read(bytes, sink);
}

/// Reads whole lines of a JSONL file: those that stand at byte `start`, `line` lines before them.
pub fn read_lines(name: &str, bytes: &[u8], start: u64, line: usize, reading: &Reading, sink: &mut dyn Sink) {
    let source = Source { name, reading, depth: 0 };
    read_jsonl(source, &decode::decode_part(bytes, start as usize), line, sink);
}

pub use self::packed::read_zip_file;

/// The decoded text of a source that is text by itself; `None` for packed formats.
pub fn plain_text(bytes: &[u8]) -> Option<String> {
    matches!(format::detect(bytes), Detected::Text).then(|| decode::decode(bytes).text)
}

/// A source about to be read.
#[derive(Clone, Copy)]
struct Source<'a> {
    name: &'a str,
    reading: &'a Reading,
    /// How many sources it stands in.
    depth: usize,
}

impl Source<'_> {
    fn skip(&self, reason: impl Into<String>, sink: &mut dyn Sink) {
        sink.skipped(Skipped { source: self.name.to_owned(), reason: reason.into() });
    }

    fn read(self, bytes: &[u8], sink: &mut dyn Sink) {
        let limit = self.reading.limits.text;
        match format::detect(bytes) {
            Detected::Unreadable(reason) => self.skip(reason, sink),
            Detected::Text => self.read_text(bytes, sink),
            Detected::Zip => packed::read_bytes(self, bytes, sink),
            Detected::Ole if table::is_xls(bytes) => {
                deliver_table(self, Format::Xlsx, bytes, table::xlsx(bytes, limit), sink)
            }
            Detected::Ole => self.deliver(Format::Doc, bytes, doc::read(bytes, limit), sink),
            Detected::Rtf => self.deliver(Format::Rtf, bytes, rtf::read(bytes, limit), sink),
            Detected::Pdf => self.read_pdf(bytes, sink),
            Detected::Mail => self.read_mail(bytes, sink),
        }
    }

    /// Delivers what a reader extracted, whose byte positions are those of the extracted text.
    fn deliver(self, format: Format, bytes: &[u8], read: Result<Extracted, String>, sink: &mut dyn Sink) {
        match read {
            Err(reason) => self.skip(reason, sink),
            Ok(extracted) => deliver(self, format, bytes, extracted, &Origin::Extracted, sink),
        }
    }

    fn read_pdf(self, bytes: &[u8], sink: &mut dyn Sink) {
        let read = match pdf::read(bytes, self.reading.limits.text) {
            Err(reason) if self.reading.ocr && reason.contains(pdf::NO_TEXT) => {
                ocr::read(bytes, self.reading.limits.text, &mut || sink.alive())
            }
            read => read,
        };
        self.deliver(Format::Pdf, bytes, read, sink);
    }

    /// Reads the body of a message, then what is attached to it.
    fn read_mail(self, bytes: &[u8], sink: &mut dyn Sink) {
        let mail = match mail::eml(bytes) {
            Err(reason) => return self.skip(reason, sink),
            Ok(mail) => mail,
        };
        let (format, mut extracted) = match &mail.body {
            Body::None => (Format::Eml, Extracted::default()),
            Body::Text(text) => {
                (Format::Eml, Extracted { blocks: lines_of(text, 0), text: text.clone(), ..Extracted::default() })
            }
            Body::Html(html) => (if mail.is_page { Format::Mht } else { Format::Eml }, html::read(html)),
        };
        extracted.title = mail.subject.or(extracted.title);
        extracted.date = mail.date.or(extracted.date);
        if !extracted.blocks.is_empty() || mail.attachments.is_empty() {
            self.deliver(format, bytes, Ok(extracted), sink);
        }
        if self.depth >= self.reading.limits.nesting && !mail.attachments.is_empty() {
            return self.skip(format!("嵌套超过 {} 层，附件未读", self.reading.limits.nesting), sink);
        }
        let mut members = Members::default();
        for (name, bytes) in &mail.attachments {
            self.member(&members.name(self.name, name)).read(bytes, sink);
        }
    }

    fn read_text(self, bytes: &[u8], sink: &mut dyn Sink) {
        let limit = self.reading.limits.text;
        if bytes.len() as u64 > limit {
            return self.skip(format!("文字超过 {} MB 上限", limit >> 20), sink);
        }
        let decoded = decode::decode(bytes);
        let text = &decoded.text;
        match format::of_text(self.name, text) {
            TextFormat::FlatOdt => self.deliver(Format::Odt, bytes, odf::read_flat(text, limit), sink),
            TextFormat::Csv => deliver_table(self, Format::Csv, bytes, table::csv(text, limit), sink),
            TextFormat::None => self.skip("不是文本文件，或编码无法辨认", sink),
            TextFormat::Html => self.deliver(Format::Html, bytes, Ok(html::read(text)), sink),
            TextFormat::Jsonl => read_jsonl(self, &decoded, 0, sink),
            TextFormat::Plain => {
                let extracted = Extracted { blocks: lines_of(text, 0), text: text.clone(), ..Extracted::default() };
                deliver(self, Format::Txt, bytes, extracted, &Origin::Decoded(&decoded), sink);
            }
        }
    }
}
