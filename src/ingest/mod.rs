//! Ingestion: files of an archive to reports. Reads only; knows nothing of the index.
//!
//! A source is a file, a zip member or an attachment. What cannot be read is a [`Skipped`] entry with a reason,
//! never an error that ends the run. `format` tells what bytes are, one file a format turns them into text with
//! blocks, and `assemble` makes reports of these with what `clean`, `structure` and `metadata` find.

mod assemble;
mod clean;
mod decode;
mod docx;
pub mod extract;
pub mod format;
mod html;
mod jsonl;
mod metadata;
mod packed;
mod region;
mod repeats;
pub mod sidecar;
pub mod sources;
mod structure;

use self::assemble::{deliver, read_jsonl};
use self::extract::{Extracted, Origin, lines_of};
use self::format::{Detected, Format, TextFormat};
use self::sidecar::Sidecar;
pub use crate::model::Skipped;
use crate::model::Report;

/// Version of all that turns bytes into reports. Another one reads every file anew.
pub const VERSION: u32 = 1;

/// How much of a source is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of a file that is read as a whole. JSONL is read line by line, a zip member by member.
    pub file: u64,
    /// Most bytes of text that one source may unfold to.
    pub text: u64,
    /// Longest time that one file, or so many bytes of JSONL, may take, in seconds.
    pub seconds: u64,
    /// How deep zips may stand in zips.
    pub nesting: usize,
    /// Most members of a zip that are looked at.
    pub members: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { file: 256 << 20, text: 64 << 20, seconds: 120, nesting: 3, members: 100_000 }
    }
}

/// How sources are read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// How much of them.
    pub limits: Limits,
    /// What the user says of them.
    pub sidecar: Sidecar,
}

/// Receives what is found in a source.
pub trait Sink {
    /// A report.
    fn report(&mut self, report: Report, format: Format);
    /// A source, or part of one, that could not be read.
    fn skipped(&mut self, skipped: Skipped);
    /// The text of a source as it was extracted, before clean-up.
    fn extracted(&mut self, source: &str, format: Format, text: &str);
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
        match format::detect(bytes) {
            Detected::Unreadable(reason) => self.skip(reason, sink),
            Detected::Text => self.read_text(bytes, sink),
            Detected::Zip => packed::read_bytes(self, bytes, sink),
        }
    }

    fn read_text(self, bytes: &[u8], sink: &mut dyn Sink) {
        let limit = self.reading.limits.text;
        if bytes.len() as u64 > limit {
            return self.skip(format!("文字超过 {} MB 上限", limit >> 20), sink);
        }
        let decoded = decode::decode(bytes);
        let text = &decoded.text;
        match format::of_text(text) {
            TextFormat::None => self.skip("不是文本文件，或编码无法辨认", sink),
            TextFormat::Html => deliver(self, Format::Html, bytes, html::read(text), &Origin::Extracted, sink),
            TextFormat::Jsonl => read_jsonl(self, &decoded, 0, sink),
            TextFormat::Plain => {
                let extracted = Extracted { blocks: lines_of(text, 0), text: text.clone(), ..Extracted::default() };
                deliver(self, Format::Txt, bytes, extracted, &Origin::Decoded(&decoded), sink);
            }
        }
    }
}
