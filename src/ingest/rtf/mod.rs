//! RTF files: text, headings by style, rows, notes (RTF 1.9.1).
//!
//! A machine over tokens, with a stack of groups of bounded depth and one of texts: what a footnote, text box or title
//! holds never runs into the text around it. Whatever the bytes say, the text is not longer than a few times the file.

mod charset;
mod lexer;
mod reader;
mod story;
#[cfg(test)]
mod tests;
mod words;

use self::lexer::Lexer;
use self::reader::Reader;
use crate::ingest::extract::Extracted;

/// Reads an RTF file of at most `max_text` bytes of text.
///
/// # Errors
/// A reason for a person, if it is no RTF, nested absurdly deep or too large.
pub fn read(bytes: &[u8], max_text: u64) -> Result<Extracted, String> {
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    if !body.starts_with(b"{\\rtf") {
        return Err("文件损坏（不是 RTF）".to_owned());
    }
    let mut reader = Reader::default();
    for token in Lexer::new(body) {
        reader.token(token)?;
        if reader.is_done() {
            break;
        }
    }
    reader.finish(max_text)
}
