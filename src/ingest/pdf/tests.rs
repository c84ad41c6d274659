//! Small PDF files built here, read as a whole.

use std::io::Write;

use encoding_rs::GBK;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::read;
use crate::ingest::extract::BlockKind::{Bold, Note, Paragraph, Row};
use crate::ingest::extract::{BlockKind, Extracted};

const MAX_TEXT: u64 = 16 << 20;

/// A4, and a Chinese font that is not embedded: figures and letters are half as wide as 汉字.
const FONT: &str = "<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[<</Type/Font\
    /Subtype/CIDFontType0/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>\
    /DW 1000/W[1 95 500 814 939 500 7716[500]]>>]>>";

/// Shows a text at a place.
fn show(x: f64, y: f64, size: f64, text: &str) -> String {
    let hex: String = GBK.encode(text).0.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("BT /F1 {size} Tf {x} {y} Td <{hex}> Tj ET\n")
}

/// Shows lines below each other, in type of 12 at a distance of 20.
fn lines(x: f64, top: f64, lines: &[&str]) -> String {
    lines.iter().zip(0..).map(|(line, i)| show(x, top - 20.0 * f64::from(i), 12.0, line)).collect()
}

fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let mut object = format!("<<{entries}/Length {}>>stream\n", content.len()).into_bytes();
    object.extend_from_slice(content);
    object.extend_from_slice(b"\nendstream");
    object
}

/// A file of some objects, numbered from 1. Without a cross-reference table: readers rebuild it.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    for (object, number) in objects.iter().zip(1..) {
        file.extend(format!("{number} 0 obj\n").into_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    file.extend_from_slice(b"trailer<</Root 1 0 R>>\n%%EOF");
    file
}

/// A file of pages that show some contents in a font.
fn document(font: &str, contents: &[String]) -> Vec<u8> {
    let kids: String = (0..contents.len()).map(|i| format!("{} 0 R ", 4 + 2 * i)).collect();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{kids}]/Count {}/MediaBox[0 0 595 842]>>", contents.len()).into_bytes(),
        font.as_bytes().to_vec(),
    ];
    for (content, i) in contents.iter().zip(0..) {
        let page = format!("<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 3 0 R>>>>/Contents {} 0 R>>", 5 + 2 * i);
        objects.push(page.into_bytes());
        objects.push(stream("", content.as_bytes()));
    }
    file(&objects)
}

fn blocks(extracted: &Extracted) -> Vec<(BlockKind, &str)> {
    let text = |range| extracted.text.get(range).unwrap_or_default();
    extracted.blocks.iter().map(|block| (block.kind, text(block.range.clone()))).collect()
}

fn read_pages(contents: &[String]) -> Extracted {
    read(&document(FONT, contents), MAX_TEXT).expect("readable")
}

#[test]
fn paragraphs_by_indent_go_on_over_pages_without_their_numbers() {
    let first = show(190.0, 780.0, 22.0, "青溪镇工作报告")
        + &lines(
            72.0,
            720.0,
            &[
                "各位代表：",
                "    全镇上下同心协力，圆满完成了年初确定的各项任务，经济社会",
                "发展取得新的成绩。",
                "    我们修路架桥，改造老旧街巷，新建图书馆和文化站，群众出行",
            ],
        )
        + &show(285.0, 40.0, 9.0, "- 1 -");
    let second = lines(
        72.0,
        720.0,
        &["更加方便，生活更有滋味，镇村面貌焕然一新，大家都说日子越过越", "好。", "    明年的工作更重。"],
    ) + &show(285.0, 40.0, 9.0, "- 2 -");
    let extracted = read_pages(&[first, second]);
    assert_eq!(
        blocks(&extracted),
        [
            (Bold, "青溪镇工作报告"),
            (Paragraph, "各位代表："),
            (Paragraph, "全镇上下同心协力，圆满完成了年初确定的各项任务，经济社会发展取得新的成绩。"),
            (
                Paragraph,
                "我们修路架桥，改造老旧街巷，新建图书馆和文化站，群众出行更加方便，生活更有滋味，镇村面貌焕然一新，\
                 大家都说日子越过越好。"
            ),
            (Paragraph, "明年的工作更重。"),
        ]
    );
}

#[test]
fn columns_are_read_one_after_the_other() {
    let left = [
        "春天种下稻谷和油菜，",
        "夏天引水灌溉田地里，",
        "秋天收割晾晒归进仓，",
        "冬天修渠养护山林地，",
        "一年四季都有事情做",
    ];
    let right = [
        "而且收成一年胜一年。",
        "村里办起合作社以后，",
        "农产品卖到外省市场，",
        "每户收入都有了增长，",
        "年轻人也愿意回乡来。",
    ];
    let rows = left.iter().zip(right).zip(0..);
    let content: String = rows
        .map(|((left, right), i)| {
            let y = 700.0 - 20.0 * f64::from(i);
            show(72.0, y, 12.0, left) + &show(216.0, y - 3.0, 12.0, right)
        })
        .collect();
    let expected = left.concat() + &right.concat();
    assert_eq!(blocks(&read_pages(&[content])), [(Paragraph, expected.as_str())]);
}

#[test]
fn cells_between_rules_are_rows() {
    let mut content = lines(72.0, 780.0, &["主要指标见下表："]);
    for y in [700, 660, 620] {
        content += &format!("72 {y} m 372 {y} l S\n");
    }
    for x in [72, 172, 372] {
        content += &format!("{x} 620 m {x} 700 l S\n");
    }
    content += &show(80.0, 676.0, 12.0, "指标");
    content += &show(180.0, 676.0, 12.0, "完成情况");
    content += &show(80.0, 636.0, 12.0, "造林");
    content += &show(180.0, 644.0, 12.0, "全年造林三千亩，");
    content += &show(180.0, 628.0, 12.0, "成活率很高");
    let extracted = read_pages(&[content]);
    assert_eq!(
        blocks(&extracted),
        [(Paragraph, "主要指标见下表："), (Row, "指标\t完成情况"), (Row, "造林\t全年造林三千亩，成活率很高")]
    );
}

#[test]
fn spaces_stay_between_words_only() {
    let content = show(72.0, 700.0, 12.0, "到 2026 年建成 West Lake 公园 （一 期）");
    assert_eq!(blocks(&read_pages(&[content])), [(Paragraph, "到2026年建成West Lake公园（一期）")]);
}

#[test]
fn notes_follow_the_paragraph_that_refers_to_them() {
    let content = lines(72.0, 700.0, &["全镇种植茶树"])
        + &show(144.0, 705.0, 7.0, "1")
        + &show(148.0, 700.0, 12.0, "二百亩。")
        + &lines(72.0, 120.0, &["1含新开垦的茶园。"]);
    assert_eq!(blocks(&read_pages(&[content])), [(Paragraph, "全镇种植茶树二百亩。"), (Note, "1含新开垦的茶园。")]);
}

#[test]
fn running_headers_go() {
    let page = |text: &str| show(72.0, 800.0, 9.0, "青溪镇公报") + &lines(72.0, 720.0, &[text]);
    let extracted = read_pages(&[page("    第一件事办好了。"), page("    第二件事也办好了。")]);
    assert_eq!(blocks(&extracted), [(Paragraph, "第一件事办好了。"), (Paragraph, "第二件事也办好了。")]);
}

#[test]
fn what_cannot_be_read_has_a_reason() {
    let reason = |bytes: &[u8]| read(bytes, MAX_TEXT).map(|extracted| extracted.text);
    assert_eq!(reason(b"%PDF-1.4 nothing"), Err("文件损坏（不是完整的 PDF）".to_owned()));
    let empty = document(FONT, &["0 0 m 9 9 l S".to_owned()]);
    assert!(reason(&empty).is_err_and(|reason| reason.contains("没有文字层")));
    let only_number = document(FONT, &[show(285.0, 40.0, 9.0, "- 1 -")]);
    assert!(reason(&only_number).is_err_and(|reason| reason.contains("没有文字层")));
    let font = "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font>>]>>";
    let unmapped = document(font, &[show(72.0, 700.0, 12.0, "无从得知")]);
    assert!(reason(&unmapped).is_err_and(|reason| reason.contains("Unicode")));
}

#[test]
fn forms_that_draw_themselves_end() {
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>";
    let bytes = file(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R 2 0 R]/Parent 2 0 R/Count 99999999>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/Resources<</XObject<</A 4 0 R>>>>/Contents 5 0 R>>".to_vec(),
        stream(form, "/A Do ".repeat(16).as_bytes()),
        stream("", b"/A Do"),
    ]);
    assert!(read(&bytes, MAX_TEXT).is_err());
}

#[test]
fn bombs_are_refused() {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![b' '; 40 << 20]).expect("memory");
    let bomb = encoder.finish().expect("memory");
    let pages = |content: Vec<u8>| {
        file(&[
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
            b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>".to_vec(),
            content,
        ])
    };
    let content = read(&pages(stream("/Filter/FlateDecode", &bomb)), MAX_TEXT);
    assert!(content.is_err_and(|reason| reason == "解压后超过 16 MB 上限"));
    let chained = read(&pages(stream("/Filter[/FlateDecode/FlateDecode]", &bomb)), MAX_TEXT);
    assert!(chained.is_err_and(|reason| reason.contains("压缩方式")));
    let objects = "/Type/ObjStm/N 9/First 9/Filter/FlateDecode";
    let mut twice = pages(stream(objects, &bomb));
    twice.extend(pages(stream(objects, &bomb)));
    twice.extend(pages(stream(objects, &bomb)));
    assert!(read(&twice, MAX_TEXT).is_err_and(|reason| reason.contains("上限")));
}

#[test]
fn lines_run_down_in_vertical_type() {
    let font = FONT.replace("GBK-EUC-H", "GBK-EUC-V");
    let content = show(500.0, 700.0, 12.0, "右边一行先读，") + &show(476.0, 700.0, 12.0, "左边一行后读。");
    let extracted = read(&document(&font, &[content]), MAX_TEXT).expect("readable");
    assert_eq!(extracted.text.replace('\n', ""), "右边一行先读，左边一行后读。");
}

#[test]
fn headings_and_numbered_paragraphs_begin_anew() {
    let bold = |content: String| content.replace("BT ", "BT 2 Tr ").replace(" ET", " 0 Tr ET");
    let content = lines(72.0, 700.0, &["    镇里的图书馆今年开放，来的人很多，大家都很高兴，也都满意。"])
        + &bold(lines(72.0, 680.0, &["接下来要做的事"]))
        + &lines(
            72.0,
            660.0,
            &["    要把图书馆办得更好，让更多的人来读书，请大家支持下面两件事：", "1.捐书；", "2.来读书。"],
        );
    assert_eq!(
        blocks(&read_pages(&[content])),
        [
            (Paragraph, "镇里的图书馆今年开放，来的人很多，大家都很高兴，也都满意。"),
            (Bold, "接下来要做的事"),
            (Paragraph, "要把图书馆办得更好，让更多的人来读书，请大家支持下面两件事："),
            (Paragraph, "1.捐书；"),
            (Paragraph, "2.来读书。"),
        ]
    );
}
