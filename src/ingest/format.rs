//! What the content of a source shows it to be. Names and endings are not believed.

use super::jsonl;

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
}

impl Format {
    /// The name used in output.
    pub fn label(self) -> &'static str {
        match self {
            Format::Txt => "txt",
            Format::Html => "html",
            Format::Jsonl => "jsonl",
            Format::Docx => "docx",
        }
    }

    /// How faithful a text read from it is, beside others; the least is the best.
    pub fn fidelity(label: &str) -> u8 {
        match label {
            "docx" | "odt" | "txt" | "jsonl" => 0,
            "html" | "rtf" | "csv" | "xlsx" | "ofd" => 1,
            "doc" | "mht" | "eml" => 2,
            _ => 3,
        }
    }
}

/// What bytes are.
pub(super) enum Detected {
    Zip,
    Text,
    Unreadable(&'static str),
}

/// Tells by the first bytes.
pub(super) fn detect(bytes: &[u8]) -> Detected {
    const UNREADABLE: [(&[u8], &str); 10] = [
        (b"\xD0\xCF\x11\xE0", "旧版 Word/WPS/Excel 文件（doc、wps、xls），尚不能读；可另存为 docx"),
        (b"%PDF", "PDF 文件，尚不能读；可转为 txt 或 docx"),
        (b"{\\rtf", "RTF 文件，尚不能读；可另存为 docx"),
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
    Plain,
}

/// Tells by the look of a decoded text.
pub(super) fn of_text(text: &str) -> TextFormat {
    let odd = |c: char| c == char::REPLACEMENT_CHARACTER || c.is_control() && !c.is_whitespace();
    let sample = || text.chars().take(100_000);
    if sample().filter(|&c| odd(c)).count() * 10 > sample().count() {
        TextFormat::None
    } else if is_html(text) {
        TextFormat::Html
    } else if jsonl::is_jsonl(text) {
        TextFormat::Jsonl
    } else {
        TextFormat::Plain
    }
}

/// Whether the first line of a large file is that of a JSONL file.
pub fn is_jsonl_line(line: &[u8]) -> bool {
    jsonl::is_jsonl(&String::from_utf8_lossy(line))
}

fn is_html(text: &str) -> bool {
    let head: String = text.trim_start().chars().take(1_000).collect::<String>().to_ascii_lowercase();
    let begins = ["<!doctype html", "<html", "<head", "<body", "<?xml"].iter().any(|tag| head.starts_with(tag));
    begins && (head.contains("<html") || head.contains("<head") || head.contains("<body")) || head.contains("<html")
}
