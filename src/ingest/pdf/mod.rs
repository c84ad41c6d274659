//! PDF files with a text layer: reading order and paragraphs, from where the characters stand.
//!
//! The steps: `content` finds the glyphs and rules that a page shows (`font` tells the characters), `rows`
//! and `tables` set them in rows, `furniture` drops page numbers and running titles, `columns` cuts the rows at gutters, `lines` and
//! `paragraphs` join what is left. Invariant: a document is never empty; one without text is an error with a
//! reason. Recognising the text of pictures belongs elsewhere.

mod columns;
mod content;
mod font;
mod furniture;
mod lines;
mod matrix;
mod names;
mod page;
mod paragraphs;
mod paths;
mod rows;
mod sheets;
mod stream;
mod tables;
#[cfg(test)]
mod tests;

use encoding_rs::{UTF_8, UTF_16BE};
use hayro_syntax::{LoadPdfError, Pdf};

use self::sheets::Sheet;
use self::stream::Budget;
use crate::ingest::extract::Extracted;

/// How the reason of a file without text begins.
pub const NO_TEXT: &str = "没有文字层";

/// Reads a PDF file. Its pages together may unfold to `max_text` bytes.
///
/// # Errors
/// A reason for a person, if it is damaged, encrypted, too large or has no text.
pub fn read(bytes: &[u8], max_text: u64) -> Result<Extracted, String> {
    stream::check_structure(bytes)?;
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => "文件已加密".to_owned(),
        LoadPdfError::Invalid => "文件损坏（不是完整的 PDF）".to_owned(),
    })?;
    let mut sheets = sheets(&pdf, max_text)?;
    furniture::drop_furniture(&mut sheets);
    let mut gutters = Vec::new();
    let mut columns = Vec::new();
    for sheet in sheets {
        let cut = columns::columns(sheet.segments, &mut gutters);
        columns.extend(cut.into_iter().map(|segments| lines::column(segments, sheet.width)));
    }
    let mut extracted = Extracted::default();
    paragraphs::blocks(&columns, &mut extracted);
    if extracted.blocks.is_empty() {
        return Err(format!("{NO_TEXT}（可能是扫描件，可用文字识别：yinde index --ocr）"));
    }
    extracted.title = title(&pdf);
    extracted.date = date(&pdf);
    Ok(extracted)
}

/// The memory of a segment, with what is made of it.
const SEGMENT_COST: usize = 512;

/// The text of all pages by place.
fn sheets(pdf: &Pdf, max_text: u64) -> Result<Vec<Sheet>, String> {
    let mut fonts = font::Fonts::default();
    let mut budget = Budget::new(max_text);
    let mut text = Budget::new(max_text);
    let mut sheets = Vec::new();
    let (mut glyphs, mut unmapped, mut artifacts) = (0, 0, 0);
    for page in pdf.pages().iter() {
        let content = content::read(page, &mut fonts, &mut budget)?;
        text.take(content.glyphs.iter().map(|glyph| glyph.c.len_utf8()).sum())?;
        glyphs += content.glyphs.len();
        unmapped += content.glyphs.iter().filter(|glyph| glyph.c == '\u{FFFD}').count();
        artifacts += content.glyphs.iter().filter(|glyph| glyph.artifact).count();
        let page = sheets::sheets(&content);
        text.take(SEGMENT_COST * page.iter().map(|sheet| sheet.segments.len()).sum::<usize>())?;
        sheets.extend(page);
    }
    if unmapped * 2 > glyphs {
        return Err("文字无法识别（字体没有 Unicode 对照表，可先用 OCR 识别）".to_owned());
    }
    // Some writers mark everything as artifacts.
    if artifacts * 2 < glyphs {
        for sheet in &mut sheets {
            sheet.segments.retain(|segment| !segment.artifact);
        }
    }
    Ok(sheets)
}

/// The title in the file's properties, unless it is a file's name.
fn title(pdf: &Pdf) -> Option<String> {
    let bytes = pdf.metadata().title.as_deref()?;
    let text = match bytes.strip_prefix(b"\xFE\xFF") {
        Some(units) => UTF_16BE.decode_without_bom_handling(units).0.into_owned(),
        None => UTF_8.decode(bytes).0.into_owned(),
    };
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control()).to_owned();
    let is_name = text.contains('\u{FFFD}')
        || ["Microsoft Word", ".doc", ".wps", ".pdf", "untitled", "anonymous", "无标题"]
            .iter()
            .any(|part| text.contains(part));
    (!text.is_empty() && !is_name).then_some(text)
}

/// The day of creation.
fn date(pdf: &Pdf) -> Option<String> {
    let created = pdf.metadata().creation_date?;
    Some(format!("{:04}-{:02}-{:02}", created.year, created.month, created.day))
}
