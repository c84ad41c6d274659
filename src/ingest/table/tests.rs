//! Tables from their text, and small workbooks built here.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::{Table, csv, is_csv, xlsx};
use crate::ingest::extract::BlockKind;

fn rows(table: &Table) -> Vec<(BlockKind, &str)> {
    match table {
        Table::Rows(extracted) => extracted.blocks.iter().map(|b| (b.kind, &extracted.text[b.range.clone()])).collect(),
        Table::Reports { .. } => Vec::new(),
    }
}

fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("in memory");
        zip.write_all(content.as_bytes()).expect("in memory");
    }
    zip.finish().expect("in memory").into_inner()
}

fn workbook(cells: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    zip(&[
        (
            "_rels/.rels",
            &format!(
                "<Relationships xmlns='{package}'><Relationship Id='r1' Type='{relations}/officeDocument' Target='xl/workbook.xml'/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns='{main}' xmlns:r='{relations}'><sheets><sheet name='表一' sheetId='1' r:id='r1'/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns='{package}'><Relationship Id='r1' Type='{relations}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            &format!(
                "<styleSheet xmlns='{main}'><numFmts count='1'><numFmt numFmtId='164' formatCode='0.0%'/></numFmts>\
                <cellXfs count='3'><xf numFmtId='0'/><xf numFmtId='164'/><xf numFmtId='31'/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet xmlns='{main}'><sheetData>{cells}</sheetData></worksheet>")),
    ])
}

#[test]
fn a_workbook_as_people_see_it() {
    let bytes = workbook(
        "<row r='1'><c r='A1' t='inlineStr'><is><t>主要指标</t></is></c></row><row r='2'/>\
         <row r='3'><c r='A3' t='inlineStr'><is><t>增长&#10;率</t></is></c><c r='C3' s='1'><v>0.0531</v></c><c r='D3'><v>2025</v></c></row>\
         <row r='1048576'><c r='A1048576' s='2'><v>45675</v></c><c r='XFD1048576'><v>0.30000000000000004</v></c></row>",
    );
    let table = xlsx(&bytes, 1 << 20).expect("well-formed");
    assert_eq!(
        rows(&table),
        [
            (BlockKind::Paragraph, "主要指标"),
            (BlockKind::Row, "增长 率\t5.3%\t2025"),
            (BlockKind::Row, "2025年1月18日\t\t\t0.3"),
        ]
    );
}

#[test]
fn too_much_text_is_refused() {
    let text = "<c t='inlineStr'><is><t>".to_owned() + &"报".repeat(1_000) + "</t></is></c>";
    let bytes = workbook(&format!("<row>{}</row>", text.repeat(100)));
    assert!(xlsx(&bytes, 1 << 30).is_ok());
    assert!(xlsx(&bytes, 1 << 16).expect_err("too large").contains("上限"));
    for (part, element) in [("xl/styles.xml", "<xf/>"), ("xl/sharedStrings.xml", "<si/>")] {
        let bomb = zip(&[("xl/workbook.xml", "<workbook/>"), (part, &element.repeat(2 << 20))]);
        assert!(xlsx(&bomb, 1 << 30).expect_err("a bomb").contains("上限"), "{part}");
    }
    assert!(xlsx(b"PK\x03\x04", 1 << 20).is_err());
    assert!(xlsx(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 1 << 20).is_err());
}

#[test]
fn an_open_document_sheet() {
    let bytes = zip(&[(
        "content.xml",
        "<office:spreadsheet><table:table table:name='甲'><table:table-row><table:table-cell><text:p>指标</text:p><text:p>名&amp;称</text:p></table:table-cell>\
         <table:table-cell table:number-columns-repeated='2'><office:annotation><text:p>批注</text:p></office:annotation><text:p>5.3%</text:p></table:table-cell>\
         <table:table-cell table:number-columns-repeated='16000'/></table:table-row>\
         <table:table-row table:number-rows-repeated='1000000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row></table:table>\
         <table:table table:name='乙'><table:table-row><table:table-cell><text:p>说明</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>",
    )]);
    let table = xlsx(&bytes, 1 << 20).expect("well-formed");
    assert_eq!(
        rows(&table),
        [
            (BlockKind::Heading(1), "甲"),
            (BlockKind::Row, "指标 名&称\t5.3%\t5.3%"),
            (BlockKind::Heading(1), "乙"),
            (BlockKind::Paragraph, "说明"),
        ]
    );
}

#[test]
fn a_table_of_reports() {
    let body = "推动高质量发展，增进民生福祉。".repeat(5);
    let text =
        format!("id,标题,年份,正文\n7,\"某县\"\"工作\"\"报告\",2024,\"{body}\n{body}\"\n8,,2025,{body}\n9,空,2026,\n");
    assert!(is_csv(&text, false));
    let Ok(Table::Reports { text, records }) = csv(&text, 1 << 20) else { panic!("a table of reports") };
    assert_eq!(records.len(), 2);
    assert_eq!(records[0].id.as_deref(), Some("7"));
    assert_eq!(records[0].title.clone().map(|title| &text[title]), Some("某县\"工作\"报告"));
    assert_eq!(&text[records[0].text.clone()], format!("{body}\n{body}"));
    assert_eq!(records[1].title, None);
    assert_eq!(records[1].fields.get("年份").map(String::as_str), Some("2025"));
    assert_eq!(records[1].fields.get("正文"), None);
}

#[test]
fn what_is_no_table_of_cells() {
    let numbers = "指标,单位,数值\n生产总值,亿元,100\n财政收入,亿元,10\n粮食,万吨,\"1,000\"\n";
    assert!(is_csv(numbers, false));
    assert_eq!(rows(&csv(numbers, 1 << 20).expect("a table"))[3], (BlockKind::Row, "粮食\t万吨\t1,000"));
    assert!(is_csv(&numbers.replace("\"1,000\"", "1000").replace(',', "\t"), false));
    for text in [
        "各位代表,现在报告工作\n去年,经济发展\n今年,民生改善\n明年,再创佳绩\n".repeat(5),
        "推动发展,改善民生,保护环境\n一是发展,二是改革,三是开放\n工业,农业,服务业\n甲,乙,丙\n".to_owned(),
        "政府工作报告\n各位代表：\n".to_owned(),
        "报告,2025,1\n".to_owned(),
        "第一段，有逗号。\n第二段,有逗号。\n".to_owned(),
        "\"".repeat(1_000),
        String::new(),
    ] {
        assert!(!is_csv(&text, false), "{text}");
    }
    assert!(is_csv("名称,说明\n甲,乙\n", true));
    assert!(!is_csv("各位代表，现在报告工作。\n去年,发展了\n好\n", true));
}
