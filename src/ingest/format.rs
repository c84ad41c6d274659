//! What the content of a source shows it to be. Names and endings are not believed.

use super::{jsonl, mail, table};

/// What a source was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Plain text and markdown.
    Txt,
    /// A web page.
    Html,
    /// A report a line.
    Jsonl,
    /// Office Open XML text.
    Docx,
    /// OpenDocument text, packed or flat.
    Odt,
    /// Open Fixed-layout Document, GB/T 33190.
    Ofd,
    /// Word's binary format, which old WPS writes, too.
    Doc,
    /// Rich Text Format.
    Rtf,
    /// Portable Document Format.
    Pdf,
    /// A workbook.
    Xlsx,
    /// A table of separated values.
    Csv,
    /// A saved web page with its parts.
    Mht,
    /// A message.
    Eml,
}

impl Format {
    /// The name used in output.
    pub fn label(self) -> &'static str {
        match self {
            Format::Txt => "txt",
            Format::Html => "html",
            Format::Jsonl => "jsonl",
            Format::Docx => "docx",
            Format::Odt => "odt",
            Format::Ofd => "ofd",
            Format::Doc => "doc",
            Format::Rtf => "rtf",
            Format::Pdf => "pdf",
            Format::Xlsx => "xlsx",
            Format::Csv => "csv",
            Format::Mht => "mht",
            Format::Eml => "eml",
        }
    }

    /// How faithful a text read from it is, beside others; the least is the best.
    pub fn fidelity(self) -> u8 {
        match self {
            Format::Docx | Format::Odt | Format::Txt | Format::Jsonl => 0,
            Format::Html | Format::Rtf | Format::Csv | Format::Xlsx | Format::Ofd => 1,
            Format::Doc | Format::Mht | Format::Eml => 2,
            Format::Pdf => 3,
        }
    }
}

/// Bytes at the beginning that tell a message.
const HEAD: usize = 16 << 10;

/// What bytes are.
pub(super) enum Detected {
    Zip,
    /// An OLE compound file.
    Ole,
    Rtf,
    Pdf,
    /// A message or saved web page in MIME parts.
    Mail,
    Text,
    Unreadable(&'static str),
}

/// Tells by the first bytes.
pub(super) fn detect(bytes: &[u8]) -> Detected {
    const UNREADABLE: [(&[u8], &str); 7] = [
        (b"\x89PNG", "图片，没有文字"),
        (b"\xFF\xD8\xFF", "图片，没有文字"),
        (b"GIF8", "图片，没有文字"),
        (b"Rar!", "RAR 压缩包，尚不能读；可改用 zip"),
        (b"7z\xBC\xAF", "7z 压缩包，尚不能读；可改用 zip"),
        (b"\x1F\x8B", "gzip 压缩包，尚不能读；可改用 zip"),
        (b"BM", "图片，没有文字"),
    ];
    if bytes.iter().all(|b| b.is_ascii_whitespace()) {
        return Detected::Unreadable("空文件");
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Detected::Zip;
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Detected::Ole;
    }
    if bytes.starts_with(b"{\\rtf") {
        return Detected::Rtf;
    }
    // Some writers put a few bytes before the header; readers look for it in the first kilobyte (PDF 1.7, H.3.4.1).
    if bytes.get(..1024.min(bytes.len())).is_some_and(|head| head.windows(5).any(|w| w == b"%PDF-")) {
        return Detected::Pdf;
    }
    if mail::is_mail(bytes.get(..HEAD.min(bytes.len())).unwrap_or(bytes)) {
        return Detected::Mail;
    }
    match UNREADABLE.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, reason)) => Detected::Unreadable(reason),
        None => Detected::Text,
    }
}

/// What a text is.
pub(super) enum TextFormat {
    /// No text at all.
    None,
    Html,
    Jsonl,
    /// OpenDocument text in one XML file.
    FlatOdt,
    Csv,
    Plain,
}

/// Tells by the look of a decoded text. The source's name decides only whether a table may be a small one.
pub(super) fn of_text(name: &str, text: &str) -> TextFormat {
    let is_table = || {
        let name = name.to_ascii_lowercase();
        table::is_csv(text, name.ends_with(".csv") || name.ends_with(".tsv"))
    };
    let odd = |c: char| c == char::REPLACEMENT_CHARACTER || c.is_control() && !c.is_whitespace();
    let sample = || text.chars().take(100_000);
    if sample().filter(|&c| odd(c)).count() * 10 > sample().count() {
        TextFormat::None
    } else if is_flat_odt(text) {
        TextFormat::FlatOdt
    } else if is_html(text) {
        TextFormat::Html
    } else if jsonl::is_jsonl(text) {
        TextFormat::Jsonl
    } else if is_table() {
        TextFormat::Csv
    } else {
        TextFormat::Plain
    }
}

fn is_flat_odt(text: &str) -> bool {
    let head: String = text.chars().take(1_000).collect();
    head.trim_start().starts_with("<?xml") && head.contains("<office:document")
}

/// Whether the first line of a large file is that of a JSONL file.
pub fn is_jsonl_line(line: &[u8]) -> bool {
    jsonl::is_jsonl(String::from_utf8_lossy(line).trim_start_matches('\u{FEFF}'))
}

fn is_html(text: &str) -> bool {
    let head: String = text.trim_start().chars().take(1_000).collect::<String>().to_ascii_lowercase();
    let begins = ["<!doctype html", "<html", "<head", "<body", "<?xml"].iter().any(|tag| head.starts_with(tag));
    begins && (head.contains("<html") || head.contains("<head") || head.contains("<body")) || head.contains("<html")
}
