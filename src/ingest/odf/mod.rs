//! OpenDocument texts, packed (odt) or flat (fodt): the text of the body with its notes.
//!
//! The body is read by `body`, in one pass without recursion; what styles say belongs to `styles`, automatic numbers
//! to `lists`.

mod body;
mod lists;
mod styles;

use std::io::{Read, Seek};

use zip::ZipArchive;

use self::body::Body;
use self::styles::Styles;
use super::extract::Extracted;
use super::xml::{day, first_texts, part};

/// Reads an odt file that has been opened as a zip, up to `max_text` bytes of text.
///
/// # Errors
/// A reason for a person, if it is damaged, encrypted or too large.
pub fn read<R: Read + Seek>(zip: &mut ZipArchive<R>, max_text: u64) -> Result<Extracted, String> {
    let manifest = part(zip, "META-INF/manifest.xml", max_text).ok().flatten();
    if manifest.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err("文件已加密".to_owned());
    }
    let content = part(zip, "content.xml", max_text)?.ok_or("文件损坏（缺少 content.xml）")?;
    let mut styles = Styles::default();
    styles.add(&part(zip, "styles.xml", max_text)?.unwrap_or_default());
    styles.add(&content);
    let mut extracted = Body::read(&content, &styles.finish(), max_text)?;
    let meta = part(zip, "meta.xml", max_text).ok().flatten();
    note_properties(&mut extracted, &meta.unwrap_or_default());
    Ok(extracted)
}

/// Reads a flat OpenDocument text, up to `max_text` bytes of text.
///
/// # Errors
/// A reason for a person, if it is damaged or too large.
pub fn read_flat(xml: &str, max_text: u64) -> Result<Extracted, String> {
    let mut styles = Styles::default();
    styles.add(xml);
    let mut extracted = Body::read(xml, &styles.finish(), max_text)?;
    // Elements of the body are called `title`, too.
    let meta = xml.split_once("</office:meta>").map_or("", |(meta, _)| meta);
    note_properties(&mut extracted, meta);
    Ok(extracted)
}

fn note_properties(extracted: &mut Extracted, meta: &str) {
    let [title, created, changed] = first_texts(meta, ["title", "creation-date", "date"]);
    extracted.title = title;
    extracted.date = created.or(changed).as_deref().and_then(day);
}

#[cfg(test)]
mod tests {
    use super::super::extract::BlockKind;
    use super::*;

    const HEAD: &str = r#"<office:document><office:meta><dc:title>某县&amp;报告</dc:title><meta:creation-date>2025-01-18T09:00:00</meta:creation-date></office:meta>
        <office:styles><style:style style:name="重" style:family="text"><style:text-properties style:font-weight-asian="bold"/></style:style>
        <style:style style:name="隐" style:family="text"><style:text-properties text:display="none"/></style:style>
        <style:style style:name="P1" style:family="paragraph" style:parent-style-name="P0"/><style:style style:name="P0" style:family="paragraph"><style:text-properties fo:font-weight="700"/></style:style>
        <text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/><text:list-level-style-number text:level="2" style:num-format="1" style:num-prefix="(" style:num-suffix=")"/></text:list-style>
        <text:list-style style:name="L2"><text:list-level-style-bullet text:level="1" text:bullet-char="●"/></text:list-style></office:styles>
        <office:master-styles><style:header><text:p>页眉</text:p></style:header></office:master-styles><office:body><office:text>"#;

    fn read_body(body: &str) -> Result<Vec<(BlockKind, String)>, String> {
        let extracted = read_flat(&format!("{HEAD}{body}</office:text></office:body></office:document>"), 1 << 20)?;
        assert_eq!((extracted.title.as_deref(), extracted.date.as_deref()), (Some("某县&报告"), Some("2025-01-18")));
        let text = |range: std::ops::Range<usize>| extracted.text.get(range).unwrap_or_default().to_owned();
        Ok(extracted.blocks.iter().map(|block| (block.kind, text(block.range.clone()))).collect())
    }

    fn texts(body: &str) -> Vec<String> {
        read_body(body).expect("well-formed").into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn headings_spaces_bold_and_rows() {
        let found = read_body(
            r#"<text:h text:outline-level="2">（一）<text:span text:style-name="重">重点</text:span></text:h>
            <text:p>甲
            乙<text:s text:c="2"/>丙<text:tab/>丁<text:line-break/>戊<text:span text:style-name="隐">隐</text:span></text:p>
            <text:p><text:span text:style-name="重">粗</text:span></text:p><text:p text:style-name="P1">承</text:p>
            <table:table><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>通栏</text:p></table:table-cell><table:covered-table-cell/></table:table-row>
            <table:table-row><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell><table:table-cell table:number-columns-repeated="99999999999"><text:p>c</text:p></table:table-cell></table:table-row></table:table>"#,
        );
        let row = format!("a b{}", "\tc".repeat(16));
        let expected = [
            (BlockKind::Heading(2), "（一）重点"),
            (BlockKind::Paragraph, "甲 乙  丙 丁"),
            (BlockKind::Paragraph, "戊"),
            (BlockKind::Bold, "粗"),
            (BlockKind::Bold, "承"),
            (BlockKind::Paragraph, "通栏"),
            (BlockKind::Row, row.as_str()),
        ];
        assert_eq!(found, Ok(expected.map(|(kind, text)| (kind, text.to_owned())).to_vec()));
    }

    #[test]
    fn what_is_no_text_and_what_waits() {
        let body = r#"<text:tracked-changes><text:deletion><text:p>删</text:p></text:deletion></text:tracked-changes>
            <text:table-of-content><text:index-body><text:p>目录项</text:p></text:index-body></text:table-of-content>
            <text:p>前<office:annotation><text:p>批</text:p></office:annotation><text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>注</text:p></text:note-body></text:note>
            <draw:frame><draw:text-box><text:p>框</text:p></draw:text-box><svg:title>图</svg:title></draw:frame><text:ruby><text:ruby-base>字</text:ruby-base><text:ruby-text>zì</text:ruby-text></text:ruby><text:title>题</text:title>后</text:p>
            <text:section text:display="none"><text:p>隐节</text:p></text:section>"#;
        let found = read_body(body).expect("well-formed");
        assert_eq!(found.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["前 字题后", "注", "框"]);
        assert_eq!(found.get(1).map(|(kind, _)| *kind), Some(BlockKind::Note));
    }

    #[test]
    fn lists_are_numbered() {
        let item = |text: &str| format!("<text:list-item><text:p>{text}</text:p></text:list-item>");
        let body = format!(
            r#"<text:list text:style-name="L1">{}<text:list-item><text:p>乙</text:p><text:p>乙续</text:p><text:list>{}{}</text:list></text:list-item></text:list>
            <text:p>间</text:p><text:list text:style-name="L1" text:continue-numbering="true">{}</text:list><text:list text:style-name="L1">{}</text:list><text:list text:style-name="L2">{}</text:list>"#,
            item("甲"),
            item("子"),
            item("丑"),
            item("丙"),
            item("丁"),
            item("点"),
        );
        assert_eq!(texts(&body), ["一、甲", "二、乙", "乙续", "子", "丑", "间", "三、丙", "一、丁", "点"]);
    }

    #[test]
    fn damage_is_a_reason_and_depth_is_none() {
        assert!(read_body("<text:p></text:span>").is_err());
        for name in ["text:list", "table:table", "draw:text-box", "text:span", "text:note-body", "text:p"] {
            let deep = format!(
                "{}<text:p>底</text:p>{}",
                format!("<{name}>").repeat(200_000),
                format!("</{name}>").repeat(200_000)
            );
            assert_eq!(texts(&deep), ["底"], "{name}");
        }
    }
}
