//! Files in the making and what is read from them.

use super::*;
use crate::ingest::extract::BlockKind::{self, Bold, Heading, Note, Paragraph, Row};

fn blocks_of(rtf: &[u8]) -> Vec<(BlockKind, String)> {
    let extracted = read(rtf, 1 << 20).expect("readable");
    extracted
        .blocks
        .iter()
        .map(|block| (block.kind, extracted.text.get(block.range.clone()).unwrap_or_default().to_owned()))
        .collect()
}

fn texts_of(rtf: &str) -> Vec<String> {
    blocks_of(rtf.as_bytes()).into_iter().map(|(_, text)| text).collect()
}

/// Text as `\'xx` in an encoding.
fn hex(text: &str, encoding: &'static encoding_rs::Encoding) -> String {
    encoding.encode(text).0.iter().map(|byte| format!("\\'{byte:02x}")).collect()
}

const FONTS: &str = r"{\fonttbl{\f0\froman\fcharset0 Times;}{\f13\fnil\fcharset134 \'cb\'ce\'cc\'e5{\*\falt SimSun};}{\f14\fcharset136 Ming;}{\f3\fcharset2 Symbol;}}";

fn document(body: &str) -> String {
    format!("{{\\rtf1\\ansi\\ansicpg936\\deff0\n{FONTS}\n{body}}}")
}

#[test]
fn gbk_and_big5_bytes_follow_the_font() {
    let gbk = hex("统筹发展", encoding_rs::GBK);
    let big5 = hex("施政報告許功蓋", encoding_rs::BIG5);
    let body = format!("\\pard\\f13 {gbk}\\par {{\\f14 {big5}}}\\par \\f0 caf\\'e9 \\'93ab\\'94\\par");
    assert_eq!(texts_of(&document(&body)), ["统筹发展", "施政報告許功蓋", "café “ab”"]);
}

#[test]
fn a_character_of_two_bytes_straddles_lines_runs_and_escapes() {
    // The second byte of 昞 in GBK is a backslash.
    let body = "\\f13 {\\f13 \\'d5}{\\f13\\b0 \\'fe}\\'b8\r\n\\'ae\\'95\\\\\\'95\\'5c\\par";
    assert_eq!(texts_of(&document(body)), ["政府昞昞"]);
}

#[test]
fn ansi_fonts_with_bytes_of_the_code_page() {
    let gbk = hex("工作报告", encoding_rs::GBK);
    assert_eq!(texts_of(&document(&format!("\\f0 {gbk}2026\\'b7a\\par"))), ["工作报告2026·a"]);
    let raw = [b"{\\rtf1 ".as_slice(), &encoding_rs::GBK.encode("审议").0, b"\\par}"].concat();
    assert_eq!(blocks_of(&raw), [(Paragraph, "审议".to_owned())]);
}

#[test]
fn unicode_with_fallbacks() {
    let body = "\\uc1\\u25919\\'3f\\u24220 ?\\uc2\\u25253\\'b1\\'a8{\\uc0\\u21578 }\\u-10179?\\'3f\\u-9085\\'3f\\'3f\\uc1\\u8212\\emdash x\\par";
    assert_eq!(texts_of(&document(body)), ["政府报告\u{1F483}—x"]);
}

#[test]
fn runs_as_word_writes_them() {
    let gbk = hex("坚持", encoding_rs::GBK);
    let body = format!(
        "\\pard\\plain \\ltrpar\\ql \\rtlch\\fcs1 \\af0 \\ltrch\\fcs0 {{\\rtlch\\fcs1 \\af0 \\ltrch\\fcs0 \\insrsid7 \\hich\\af0\\dbch\\af13\\loch\\f13 {gbk}}}\
         {{\\loch\\af0\\dbch\\af13 {gbk}\\loch\\f0 2026}}{{\\insrsid7 \\par }}"
    );
    assert_eq!(texts_of(&document(&body)), ["坚持坚持2026"]);
}

#[test]
fn what_is_not_text() {
    let body = "{\\*\\unknown 甲}{\\header a\\par}{\\footerf b}{\\pict\\bin3 }}}x}{\\*\\bkmkstart c}\
        前{\\deleted d\\par}{\\v e\\par}{\\mvf f}{\\field{\\*\\fldinst HYPERLINK \"g\"}{\\fldrslt h}}{\\*\\annotation i}\
        {\\object{\\*\\objdata 00}{\\result j}}{\\f3 \\'b7}\\u-3913?{\\nonesttables k}{\\xe l}\\chpgn\\-n\\_o\\~p\\{\\}\\par";
    let body = body.replace('甲', "zz").replace('前', "\\u21069?");
    assert_eq!(texts_of(&document(&body)), ["前hn-o\u{A0}p{}"]);
}

#[test]
fn headings_bold_notes_and_numbers() {
    let name = hex("标题 2", encoding_rs::GBK);
    let body = format!(
        "{{\\stylesheet{{\\ql Normal;}}{{\\s1\\outlinelevel0 h;}}{{\\s2\\f13 {name};}}{{\\*\\cs3 heading 3;}}{{\\s4\\outlinelevel9 heading 4;}}}}\
         \\pard\\s1 one\\par\\pard\\plain\\s2{{\\listtext\\pard\\plain\\f13 {}\\tab}}two\\par\\pard\\plain{{\\b bold}}{{\\dbch\\ab old}} \\par\
         {{\\pard\\s4 text{{\\super\\chftn{{\\footnote \\pard\\plain{{\\super\\chftn}} note\\par more}}}} on\\par}}{{\\pntext\\f3 l\\'b7\\tab}}{{\\b a}}b\\line c\\par",
        hex("一、", encoding_rs::GBK)
    );
    let expected = [
        (Heading(1), "one"),
        (Heading(2), "一、two"),
        (Bold, "boldold"),
        (Paragraph, "text on"),
        (Note, "note"),
        (Note, "more"),
        (Paragraph, "ab"),
        (Paragraph, "c"),
    ];
    assert_eq!(blocks_of(document(&body).as_bytes()), expected.map(|(kind, text)| (kind, text.to_owned())));
}

#[test]
fn tables() {
    let body = "\\trowd\\cellx1\\cellx2\\pard\\intbl a\\par b\\tab c\\cell{\\footnote n}\\cell\\row\
        \\trowd\\pard\\intbl{only\\par two\\cell}\\row\
        \\pard\\intbl x\\cell\\pard\\intbl\\itap2 in\\nestcell ner\\nestcell{\\*\\nesttableprops\\nestrow}{\\nonesttables\\par}\\pard\\intbl y\\cell\\row\\pard after\\par";
    let expected = [
        (Row, "a b c\t"),
        (Note, "n"),
        (Paragraph, "only"),
        (Paragraph, "two"),
        (Row, "x\tin ner y"),
        (Paragraph, "after"),
    ];
    assert_eq!(blocks_of(document(body).as_bytes()), expected.map(|(kind, text)| (kind, text.to_owned())));
}

#[test]
fn text_boxes_follow_the_text() {
    let body = "a{\\shp{\\*\\shpinst\\shpleft1{\\sp{\\sn x}{\\sv y}}{\\shptxt \\pard box\\par}}{\\shprslt{\\*\\do{\\dptxbxtext box\\par}}}}b\\par c\\par";
    assert_eq!(texts_of(&document(body)), ["ab", "c", "box"]);
}

#[test]
fn title_and_date() {
    let title = hex("报告", encoding_rs::GBK);
    let body = format!(
        "{{\\info{{\\title {{\\upr{{{title}}}{{\\*\\ud{{\\uc0\\u25253 \\u21578 }}}}}}}}{{\\author a}}{{\\creatim\\yr2025\\mo1\\dy8\\hr9}}}}x\\par"
    );
    let extracted = read(document(&body).as_bytes(), 100).expect("readable");
    assert_eq!((extracted.title.as_deref(), extracted.date.as_deref()), (Some("报告"), Some("2025-01-08")));
    assert_eq!(extracted.text, "x");
}

#[test]
fn truncated_and_hostile_files() {
    let whole = document("\\pard\\intbl a\\cell{\\footnote b{\\footnote c");
    for length in 6..whole.len() {
        let _ = read(&whole.as_bytes()[..length], 100);
    }
    assert_eq!(texts_of("{\\rtf1 a{\\footnote b{\\footnote c"), ["a", "b", "c"]);
    assert!(read("{\\rtf1".repeat(100_000).as_bytes(), 100).is_err());
    assert!(read(document("\\bin2147483647 x").as_bytes(), 100).is_ok());
    assert!(read(document("\\u-2147483648 \\uc99999999999 \\u2147483647 x").as_bytes(), 100).is_ok());
    assert!(read(document(&"long ".repeat(100)).as_bytes(), 100).is_err_and(|reason| reason.contains("上限")));
    assert!(read(b"text", 100).is_err());
}

/// A file of nothing but cells took forty times its size.
#[test]
fn endless_rows_are_cut() {
    let rows = blocks_of(document(&"a\\cell ".repeat(1_500)).as_bytes());
    assert_eq!(rows.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [Row, Row]);
}
