//! Word files of 1993 to 2003 (`doc`, and `wps` that WPS wrote in the same format): text, headings, rows, notes.
//!
//! Goes by [MS-DOC], whose structures are cited where they are read. Whatever the bytes say, reading ends, does not panic
//! and takes memory in proportion to the file. Compound files of other programs are told apart here, but not read.

mod body;
mod fib;
mod formatting;
mod lists;
mod notes;
mod pieces;
mod properties;
mod sprm;
mod story;
#[cfg(test)]
mod tests;

use self::body::Body;
use self::fib::{Fib, Table};
use self::formatting::Formatting;
use self::lists::Lists;
use self::notes::NoteTables;
use self::story::Stories;
use crate::ingest::extract::Extracted;
use crate::ingest::ole::Ole;

/// The stream that makes a compound file a Word file.
const MAIN_STREAM: &str = "WordDocument";

/// Reads a Word file of at most `max_text` bytes of text.
///
/// # Errors
/// A reason for a person, if it is encrypted, damaged, too large or of another program.
pub fn read(bytes: &[u8], max_text: u64) -> Result<Extracted, String> {
    let ole = Ole::open(bytes).ok_or("文件损坏（不是完整的 OLE 复合文件）")?;
    let Some(stream) = ole.stream(MAIN_STREAM) else { return Err(reason(&ole).to_owned()) };
    let fib = Fib::read(&stream)?;
    if fib.is_encrypted {
        return Err("文件已加密".to_owned());
    }
    let own_tables = if fib.is_old { None } else { ole.stream(fib.table_stream) };
    let tables = match &own_tables {
        Some(tables) => tables,
        None if fib.is_old => &stream,
        None => return Err(format!("文件损坏（缺少 {} 流）", fib.table_stream)),
    };
    let data = ole.stream("Data").unwrap_or_default();
    let pieces = pieces::read(&fib, &stream, tables, pieces::old_coding(&fib, &stream));
    let pieces = pieces.ok_or("文件损坏（找不到正文的位置表）")?;
    let formatting = Formatting::read(&fib, &stream, tables, &data);
    let stories = Stories { stream: &stream, pieces, formatting };
    let mut extracted = text(&stories, &fib, tables, max_text)?;
    if let Some(summary) = ole.stream("\u{5}SummaryInformation") {
        (extracted.title, extracted.date) = properties::read(&summary);
    }
    Ok(extracted)
}

/// Why a compound file without Word's main stream is not read.
fn reason(ole: &Ole) -> &'static str {
    const OTHERS: [(&str, &str); 5] = [
        ("EncryptedPackage", "文件已加密"),
        ("Workbook", "是 Excel 文件（xls），不是 Word 文件"),
        ("Book", "是 Excel 文件（xls），不是 Word 文件"),
        ("PowerPoint Document", "是 PowerPoint 文件（ppt），不是 Word 文件"),
        ("__properties_version1.0", "是 Outlook 邮件（msg），不是 Word 文件"),
    ];
    let other = OTHERS.iter().find(|(stream, _)| ole.has(stream));
    other.map_or("不是 Word 格式的 OLE 文件（可能是早期 WPS 文件），不能读；可用 WPS 另存为 docx", |(_, reason)| reason)
}

/// The main text with its notes, then the text boxes.
fn text(stories: &Stories, fib: &Fib, tables: &[u8], max_text: u64) -> Result<Extracted, String> {
    let lengths = &fib.lengths;
    let footnotes = lengths.main;
    let comments =
        footnotes.saturating_add(lengths.footnotes).saturating_add(lengths.headers).saturating_add(lengths.macros);
    let endnotes = comments.saturating_add(lengths.comments);
    let text_boxes = endnotes.saturating_add(lengths.endnotes);
    let mut all_notes = Vec::new();
    for (start, length, references, texts) in [
        (footnotes, lengths.footnotes, Table::FootnoteReferences, Table::FootnoteTexts),
        (endnotes, lengths.endnotes, Table::EndnoteReferences, Table::EndnoteTexts),
    ] {
        let tables = NoteTables { references: fib.table(tables, references), texts: fib.table(tables, texts) };
        notes::read(stories, start..start.saturating_add(length), &tables, &mut all_notes, max_text)?;
    }
    let mut body = Body::new(&stories.formatting, Lists::read(fib, tables), all_notes, max_text);
    stories.visit(0..lengths.main, &mut |paragraph| body.add(paragraph))?;
    body.end()?;
    let end = text_boxes.saturating_add(lengths.text_boxes);
    stories.visit(text_boxes..end, &mut |paragraph| body.add(paragraph))?;
    body.end()?;
    Ok(body.extracted)
}
