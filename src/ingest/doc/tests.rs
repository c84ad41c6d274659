//! Files in the making and what is read from them.

use super::*;
use crate::ingest::extract::BlockKind::{self, Bold, Heading, Note, Paragraph, Row};

const BOLD: &[u8] = &[0x35, 0x08, 1];
const HIDDEN: &[u8] = &[0x3C, 0x08, 1];
const DELETED: &[u8] = &[0x00, 0x08, 1];
const SPECIAL: &[u8] = &[0x55, 0x08, 1];
const IN_TABLE: &[u8] = &[0x16, 0x24, 1];
const ENDS_ROW: &[u8] = &[0x16, 0x24, 1, 0x17, 0x24, 1];
/// Where the text begins in the main stream.
const TEXT: usize = 2048;

/// A Word file in the making.
#[derive(Default)]
struct Draft {
    text: Vec<u16>,
    /// Ends of runs with their modifiers.
    characters: Vec<(usize, Vec<u8>)>,
    /// Ends of paragraphs with their style and modifiers.
    paragraphs: Vec<(usize, Vec<u8>)>,
    /// Tables by their number.
    tables: Vec<(usize, Vec<u8>)>,
    /// Lengths of the parts after the main text: footnotes, headers, macros, comments, endnotes, text boxes.
    others: [usize; 6],
}

impl Draft {
    fn run(mut self, text: &str, modifiers: &[u8]) -> Self {
        self.text.extend(text.encode_utf16());
        self.characters.push((self.text.len(), modifiers.to_vec()));
        self
    }

    fn mark(self, mark: char, style: u8, modifiers: &[u8]) -> Self {
        let mut draft = self.run(&mark.to_string(), &[]);
        draft.paragraphs.push((draft.text.len(), [&[style, 0], modifiers].concat()));
        draft
    }

    fn paragraph(self, text: &str) -> Self {
        self.run(text, &[]).mark('\r', 0, &[])
    }

    fn table(mut self, number: usize, bytes: Vec<u8>) -> Self {
        self.tables.push((number, bytes));
        self
    }

    /// The main stream and the table stream.
    fn streams(&self) -> (Vec<u8>, Vec<u8>) {
        let mut main = vec![0; TEXT];
        main.extend(self.text.iter().flat_map(|unit| unit.to_le_bytes()));
        main.resize(main.len().next_multiple_of(512), 0);
        let mut tables = vec![0; 8];
        let mut place = |main: &mut Vec<u8>, number: usize, bytes: &[u8]| {
            put(main, 0x9A + number * 8, tables.len() as u32);
            put(main, 0x9A + number * 8 + 4, bytes.len() as u32);
            tables.extend(bytes);
        };
        for (number, entry, runs) in [(12, 1, &self.characters), (13, 13, &self.paragraphs)] {
            let page = main.len() / 512;
            main.extend(formatting_page(runs, entry));
            let end = TEXT + self.text.len() * 2;
            place(&mut main, number, &integers(&[TEXT as u32, end as u32, page as u32]));
        }
        let pieces =
            [integers(&[0, self.text.len() as u32]), vec![0, 0], integers(&[TEXT as u32]), vec![0, 0]].concat();
        place(&mut main, 33, &[&[2][..], &integers(&[pieces.len() as u32]), &pieces].concat());
        for (number, bytes) in &self.tables {
            place(&mut main, *number, bytes);
        }
        main[..2].copy_from_slice(&0xA5EC_u16.to_le_bytes());
        main[0x0A..0x0C].copy_from_slice(&0x0200_u16.to_le_bytes());
        let main_length = self.text.len() - self.others.iter().sum::<usize>();
        put(&mut main, 0x4C, main_length as u32);
        for (number, length) in self.others.iter().enumerate() {
            put(&mut main, 0x50 + number * 4, *length as u32);
        }
        (main, tables)
    }

    fn file(&self) -> Vec<u8> {
        let (main, tables) = self.streams();
        compound(&[("WordDocument", main), ("1Table", tables)])
    }

    fn blocks(&self) -> Vec<(BlockKind, String)> {
        blocks_of(&self.file())
    }
}

fn blocks_of(file: &[u8]) -> Vec<(BlockKind, String)> {
    let extracted = read(file, 1 << 20).expect("readable");
    extracted
        .blocks
        .iter()
        .map(|block| (block.kind, extracted.text.get(block.range.clone()).unwrap_or_default().to_owned()))
        .collect()
}

fn integers(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn put(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

/// A page of runs: of paragraphs if entries have 13 bytes, else of characters.
fn formatting_page(runs: &[(usize, Vec<u8>)], entry: usize) -> Vec<u8> {
    let mut page = vec![0; 512];
    page[511] = runs.len() as u8;
    put(&mut page, 0, TEXT as u32);
    let mut free = 511;
    for (number, (end, modifiers)) in runs.iter().enumerate() {
        put(&mut page, (number + 1) * 4, (TEXT + end * 2) as u32);
        let stored = match entry {
            13 if modifiers.len() % 2 == 0 => [&[0, (modifiers.len() / 2) as u8], modifiers.as_slice()].concat(),
            13 => [&[modifiers.len().div_ceil(2) as u8], modifiers.as_slice()].concat(),
            _ => [&[modifiers.len() as u8], modifiers.as_slice()].concat(),
        };
        free = (free - stored.len()) / 2 * 2;
        page[free..free + stored.len()].copy_from_slice(&stored);
        page[(runs.len() + 1) * 4 + number * entry] = (free / 2) as u8;
    }
    page
}

/// A compound file of streams, each padded beyond the mini stream's limit.
fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    header[0x1E] = 9;
    put(&mut header, 0x30, 1);
    put(&mut header, 0x3C, u32::MAX - 1);
    put(&mut header, 0x44, u32::MAX - 1);
    (0..109).for_each(|number| put(&mut header, 0x4C + number * 4, if number == 0 { 0 } else { u32::MAX }));
    let mut next = vec![u32::MAX - 2, u32::MAX - 1];
    let mut directory = vec![0; 512 * streams.len().div_ceil(3).max(1)];
    assert!(directory.len() == 512, "three streams at most");
    let mut content = Vec::new();
    for (number, (name, bytes)) in std::iter::once(&("Root Entry", Vec::new())).chain(streams).enumerate() {
        let entry = &mut directory[number * 128..(number + 1) * 128];
        let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        entry[..name.len()].copy_from_slice(&name);
        entry[0x40] = name.len() as u8;
        entry[0x42] = if number == 0 { 5 } else { 2 };
        put(entry, 0x44, u32::MAX);
        put(entry, 0x48, if (1..streams.len()).contains(&number) { number as u32 + 1 } else { u32::MAX });
        put(entry, 0x4C, if number == 0 { 1 } else { u32::MAX });
        put(entry, 0x74, next.len() as u32);
        if number > 0 {
            let length = bytes.len().next_multiple_of(512).max(4096);
            put(entry, 0x78, length as u32);
            content.extend_from_slice(bytes);
            content.resize(content.len() + length - bytes.len(), 0);
            let first = next.len() as u32;
            next.extend((1..length as u32 / 512).map(|step| first + step).chain([u32::MAX - 1]));
        }
    }
    next.resize(128, u32::MAX);
    [header, integers(&next), directory, content].concat()
}

fn owned<const N: usize>(expected: [(BlockKind, &str); N]) -> Vec<(BlockKind, String)> {
    expected.map(|(kind, text)| (kind, text.to_owned())).to_vec()
}

/// A style sheet whose style 1 is the first heading, 2 builds on it, 3 is bold.
fn style_sheet() -> Vec<u8> {
    let style = |identifier: u16, base: u16, character: &[u8]| {
        let mut style = Vec::new();
        style.extend([identifier, base << 4 | 1, 2, 0, 0].iter().flat_map(|word: &u16| word.to_le_bytes()));
        style.extend([1, 0, b's', 0, 0, 0, 2, 0, 0, 0]);
        style.extend((character.len() as u16).to_le_bytes());
        style.extend(character);
        style.resize(style.len().next_multiple_of(2), 0);
        [&(style.len() as u16).to_le_bytes()[..], &style].concat()
    };
    let header = [4, 0, 4, 0, 10, 0].to_vec();
    [header, style(0, 0xFFF, &[]), style(1, 0, &[]), style(90, 1, &[]), style(91, 0, BOLD)].concat()
}

#[test]
fn headings_bold_and_what_is_not_text() {
    let draft = Draft::default()
        .run("一、回顾", &[])
        .mark('\r', 1, &[])
        .run("二、部署", &[])
        .mark('\r', 2, &[])
        .run("正文", &[])
        .mark('\r', 2, &[0x40, 0x26, 9])
        .run("（一）要点", BOLD)
        .mark('\r', 0, &[])
        .run("样式加粗", &[])
        .mark('\r', 3, &[])
        .run("不", &[0x35, 0x08, 0x81])
        .run("全粗", &[])
        .mark('\r', 3, &[])
        .run("发展", &[])
        .run("删去\r", DELETED)
        .run("隐藏", HIDDEN)
        .run("\u{13}HYPERLINK x\u{14}", SPECIAL)
        .run("链接", &[])
        .run("\u{15}\u{1}\u{2}\u{5}\u{8}", SPECIAL)
        .run("a\u{1E}b\u{1F}c\u{9}d\u{B}次行\u{C}新页", &[])
        .mark('\r', 0, &[])
        .paragraph("\u{13}没有结果的域")
        .paragraph("其后")
        .table(1, style_sheet());
    let expected = [
        (Heading(1), "一、回顾"),
        (Heading(1), "二、部署"),
        (Paragraph, "正文"),
        (Bold, "（一）要点"),
        (Bold, "样式加粗"),
        (Paragraph, "不全粗"),
        (Paragraph, "发展链接a-bc d"),
        (Paragraph, "次行"),
        (Paragraph, "新页"),
        (Paragraph, "其后"),
    ];
    assert_eq!(draft.blocks(), owned(expected));
}

#[test]
fn rows_notes_and_text_boxes() {
    let mut draft = Draft::default()
        .paragraph("甲\u{2}乙")
        .run("指标", &[])
        .mark('\r', 0, IN_TABLE)
        .run("名称", &[])
        .mark('\u{7}', 0, IN_TABLE)
        .run("数\u{2}值", &[])
        .mark('\u{7}', 0, IN_TABLE)
        .mark('\u{7}', 0, IN_TABLE)
        .mark('\u{7}', 0, ENDS_ROW)
        .run("只有", &[])
        .mark('\r', 0, IN_TABLE)
        .run("一列", &[])
        .mark('\u{7}', 0, IN_TABLE)
        .mark('\u{7}', 0, ENDS_ROW)
        .paragraph("末段")
        .paragraph("\u{2}注一")
        .paragraph("注一续")
        .paragraph("\u{2}注二")
        .paragraph("页眉")
        .paragraph("框内");
    draft.others = [12, 3, 0, 0, 0, 3];
    let draft = draft.table(2, [integers(&[1, 11, 30]), vec![0; 4]].concat()).table(3, integers(&[0, 8, 12, 13]));
    let expected = [
        (Paragraph, "甲乙"),
        (Note, "注一"),
        (Note, "注一续"),
        (Row, "指标 名称\t数值\t"),
        (Note, "注二"),
        (Paragraph, "只有"),
        (Paragraph, "一列"),
        (Paragraph, "末段"),
        (Paragraph, "框内"),
    ];
    assert_eq!(draft.blocks(), owned(expected));
}

#[test]
fn list_numbers() {
    let level = |format: u8, template: &str| {
        let mut level = vec![0; 28];
        (level[0], level[4]) = (1, format);
        level.extend((template.encode_utf16().count() as u16).to_le_bytes());
        level.extend(template.encode_utf16().flat_map(u16::to_le_bytes));
        level
    };
    let mut lists = [vec![1, 0], integers(&[77]), vec![0; 24]].concat();
    lists.extend([level(11, "\u{0}、"), level(0, "\u{0}.\u{1}"), level(23, "·")].concat());
    (3..9).for_each(|_| lists.extend(level(255, "")));
    let overrides = [integers(&[1, 77, 0, 0, 0]), vec![0xFF; 4]].concat();
    let item = |draft: Draft, text: &str, level: u8| {
        draft.run(text, &[]).mark('\r', 0, &[0x0A, 0x26, level, 0x0B, 0x46, 1, 0])
    };
    let mut draft = Draft::default().table(73, lists).table(74, overrides);
    for (text, level) in [("甲", 0), ("子", 1), ("丑", 1), ("点", 2), ("乙", 0), ("寅", 1)] {
        draft = item(draft, text, level);
    }
    let texts: Vec<String> = draft.blocks().into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["一、甲", "一.1子", "一.2丑", "点", "二、乙", "二.1寅"]);
}

#[test]
fn old_files_are_in_the_code_page_of_their_language() {
    let text = encoding_rs::GBK.encode("工作报告\r一是改革。\r表\u{7}二\u{7}\u{7}末").0.into_owned();
    let mut main = vec![0; TEXT];
    main.extend(&text);
    main.resize(main.len().next_multiple_of(512), 0);
    // A page of one run, the row's end.
    let mut page = vec![0; 512];
    let row_end = TEXT as u32 + text.len() as u32 - 3;
    put(&mut page, 0, row_end);
    put(&mut page, 4, row_end + 1);
    page[8] = 100;
    page[200..206].copy_from_slice(&[3, 0, 0x18, 1, 0x19, 1]);
    page[511] = 1;
    put(&mut main, 0xC0, 1024);
    put(&mut main, 0xC4, 10);
    let page_number = main.len() as u32 / 512;
    put(&mut main, 1032, page_number);
    main.extend(page);
    main[..2].copy_from_slice(&0xA5DC_u16.to_le_bytes());
    main[6..8].copy_from_slice(&0x0804_u16.to_le_bytes());
    put(&mut main, 0x18, TEXT as u32);
    put(&mut main, 0x1C, (TEXT + text.len()) as u32);
    put(&mut main, 0x34, text.len() as u32);
    let expected = [(Paragraph, "工作报告"), (Paragraph, "一是改革。"), (Row, "表\t二"), (Paragraph, "末")];
    assert_eq!(blocks_of(&compound(&[("WordDocument", main)])), owned(expected));
}

#[test]
fn other_files_are_told_apart() {
    let draft = Draft::default().paragraph("甲");
    let (mut main, tables) = draft.streams();
    main[0x0B] |= 0x01;
    let encrypted = compound(&[("WordDocument", main.clone()), ("1Table", tables)]);
    assert_eq!(read(&encrypted, 100).expect_err("encrypted"), "文件已加密");
    for (stream, word) in [
        ("Workbook", "Excel"),
        ("PowerPoint Document", "PowerPoint"),
        ("EncryptedPackage", "已加密"),
        ("WpsMain", "WPS"),
    ] {
        let other = compound(&[(stream, Vec::new())]);
        assert!(read(&other, 100).expect_err("of another program").contains(word));
    }
    main[0x0B] &= !0x01;
    assert!(read(&compound(&[("WordDocument", main)]), 100).is_err_and(|reason| reason.contains("1Table")));
    assert!(read(b"\xD0\xCF\x11\xE0", 100).is_err());
}

#[test]
fn text_beyond_the_limit_is_an_error() {
    let draft = Draft::default().paragraph("十个字十个字十个字十个字").paragraph("又一段");
    assert!(read(&draft.file(), 30).expect_err("too large").contains("上限"));
}

#[test]
fn damage_does_not_panic() {
    let mut draft = Draft::default().paragraph("甲\u{2}").run("乙", BOLD).mark('\u{7}', 1, ENDS_ROW).paragraph("注");
    draft.others[0] = 2;
    let file = draft.table(1, style_sheet()).table(2, integers(&[1, 3, 0])).table(3, integers(&[0, 2, 2])).file();
    for length in (0..file.len()).step_by(61) {
        let _ = read(&file[..length], 1 << 20);
    }
    for at in (0..file.len()).filter(|at| file[*at] != 0) {
        for value in [0, 1, 0x7F, 0xFF] {
            let mut damaged = file.clone();
            damaged[at] = value;
            let _ = read(&damaged, 1 << 20);
        }
    }
}

/// A piece table may name the same bytes again and again: a small file unfolded to gigabytes.
#[test]
fn pieces_that_repeat_the_text_are_damage() {
    let count = 1_000;
    let positions: Vec<u32> = (0..=count).map(|number| number * 10).collect();
    let descriptors = [vec![0, 0], integers(&[TEXT as u32]), vec![0, 0]].concat().repeat(count as usize);
    let pieces = [integers(&positions), descriptors].concat();
    let table = [&[2][..], &integers(&[pieces.len() as u32]), &pieces].concat();
    let draft = Draft::default().paragraph("一二三四五六七八九").table(33, table);
    assert!(read(&draft.file(), 1 << 20).expect_err("a bomb").contains("损坏"));
}

/// A file of nothing but cell marks took two hundred times its size.
#[test]
fn endless_rows_are_cut() {
    let draft = Draft::default().run(&"甲\u{7}".repeat(1_500), &[]);
    let rows = draft.blocks();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|(kind, _)| *kind == Row));
}
