//! Formats and places: what is read from files, and that every passage leads back to its bytes.

use std::io::Write;
use std::process::Command;

use serde_json::Value;
use yinde::text::fold::matching_form;

use super::harness::{Workplace, corpus, shared};

fn zip(members: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut zip = zip::ZipWriter::new(&mut bytes);
    for (name, content) in members {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        // The writer takes names as text; single bytes stand for themselves and are put right below.
        let name: String = name.iter().map(|&b| if b.is_ascii() { char::from(b) } else { '?' }).collect();
        zip.start_file(name, options).expect("started");
        zip.write_all(content).expect("written");
    }
    zip.finish().expect("finished");
    let mut bytes = bytes.into_inner();
    for (name, _) in members {
        let placeholder: Vec<u8> = name.iter().map(|&b| if b.is_ascii() { b } else { b'?' }).collect();
        let at: Vec<usize> =
            bytes.windows(name.len()).enumerate().filter(|(_, w)| *w == placeholder).map(|(at, _)| at).collect();
        for at in at {
            bytes[at..at + name.len()].copy_from_slice(name);
        }
    }
    bytes
}

const TEXT: &str = "云某区政府工作报告\n\n各位代表：\n\n现在，我代表区人民政府，向大会报告工作，请予审议。\n\n一、2024年工作回顾\n\n全年地区生产总值增长5.6%，产业社区建设提速。\n";

#[test]
fn every_encoding_and_format_is_read() {
    let place = Workplace::new();
    let utf16: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let gbk = encoding_rs::GB18030.encode(TEXT).0.into_owned();
    let name = encoding_rs::GB18030.encode("报告/工作.txt").0.into_owned();
    let traditional = TEXT.replace("产业", "產業").replace("报", "報").replace("区", "區").replace("设", "設");
    let line =
        serde_json::json!({"id": "甲-1", "title": "某区报告", "text": TEXT, "year": 2024, "kind": "政府工作报告"});
    place
        .write("文库/utf8.txt", TEXT)
        .write("文库/gbk.txt", &gbk)
        .write("文库/utf16.txt", &utf16)
        .write("文库/big5.txt", encoding_rs::BIG5.encode(&traditional).0)
        .write("文库/页.html", format!("<html><body><p>{}</p></body></html>", TEXT.replace('\n', "</p><p>")))
        .write("文库/条.jsonl", format!("{line}\n\n{{坏行}}\n"))
        .write("文库/包.zip", zip(&[(&name, &gbk)]))
        .write("文库/旧.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
        .write("文库/空.txt", b"\n");
    let (stdout, stderr) = place.yinde(["index", "文库", "--json"]).code(2);
    let summary: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(summary["reports"], 7, "{summary}");
    let skipped: Vec<&str> =
        summary["skipped"].as_array().expect("a list").iter().map(|s| s["source"].as_str().expect("a name")).collect();
    assert_eq!(skipped, ["旧.doc", "条.jsonl:3", "空.txt"]);
    assert!(stderr.contains("旧.doc："), "{stderr}");
    let found =
        place.yinde(["search", "产业社区建设提速", "--no-collapse", "--copies", "all", "--json"]).json(0).remove(0);
    assert_eq!((found["passages"].as_u64(), found["reports"].as_u64()), (Some(7), Some(7)), "{found}");
    let sources: Vec<&str> =
        found["hits"].as_array().expect("hits").iter().map(|h| h["source"].as_str().expect("a source")).collect();
    assert!(sources.contains(&"包.zip!/报告/工作.txt"), "{sources:?}");
    let kept = found["hits"].as_array().expect("hits").iter().any(|h| h["report"] == "甲-1" && h["year"] == 2024);
    assert!(kept, "{found}");
    for key in ["files", "bytes", "characters", "passages", "seconds", "mb_per_second", "peak_memory", "index_size"] {
        assert!(!summary[key].is_null(), "{key}");
    }
}

/// The text at the byte ranges of a passage, in the file or in what `extract` prints.
fn at_ranges(bytes: &[u8], line: &Value, decode: impl Fn(&[u8]) -> String) -> String {
    let ranges = line["bytes"].as_array().expect("ranges");
    let number = |value: &Value| value.as_u64().expect("a number") as usize;
    ranges.iter().map(|range| decode(&bytes[number(&range[0])..number(&range[1])])).collect()
}

#[test]
fn every_passage_of_the_sample_archive_leads_back_to_its_source() {
    let place = Workplace::with_corpus();
    let mut checked = 0;
    for line in place.yinde(["dump"]).json(0) {
        let source = line["source"].as_str().expect("a source");
        let path = corpus().join(source);
        let file = std::fs::read(&path).expect("there");
        let back = if source.ends_with(".txt") {
            let utf8 = std::str::from_utf8(&file).is_ok();
            let encoding = if utf8 { encoding_rs::UTF_8 } else { encoding_rs::GB18030 };
            at_ranges(&file, &line, |slice| encoding.decode_without_bom_handling(slice).0.into_owned())
        } else {
            let extracted = place.yinde(["extract"]).arg(&path).ok();
            at_ranges(extracted.as_bytes(), &line, |slice| String::from_utf8_lossy(slice).into_owned())
        };
        let text = line["text"].as_str().expect("text");
        assert_eq!(matching_form(&back), matching_form(text), "{source}");
        checked += 1;
    }
    assert!(checked > 900, "{checked}");
}

#[test]
fn jsonl_passages_lead_back_through_their_escapes() {
    let place = Workplace::new();
    let text = "第一段，谋划“十五五”。\n\n第二段：\"引号\"与\\反斜线，发展。";
    let line = serde_json::json!({"id": "x", "title": "题目报告", "text": text});
    place.write("文库/条.jsonl", format!("{line}\n"));
    place.yinde(["index", "文库"]).ok();
    let file = std::fs::read(place.path("文库/条.jsonl")).expect("there");
    let dump = place.yinde(["dump"]).json(0);
    assert_eq!(dump.len(), 3);
    for line in dump {
        let raw = at_ranges(&file, &line, |slice| String::from_utf8_lossy(slice).into_owned());
        let unescaped: String = serde_json::from_str(&format!("\"{raw}\"")).expect("a JSON string");
        assert_eq!(unescaped, line["text"].as_str().expect("text"));
    }
}

#[test]
fn a_newspaper_page_is_cleaned_up() {
    let place = Workplace::with_corpus();
    let dump = place.yinde(["dump"]).json(0);
    let page: Vec<&Value> = dump.iter().filter(|l| l["source"].as_str().is_some_and(|s| s.contains("日报"))).collect();
    let titles: std::collections::BTreeSet<&str> = page.iter().map(|l| l["title"].as_str().expect("a title")).collect();
    assert_eq!(titles.len(), 2, "{titles:?}");
    assert!(page.iter().any(|l| l["section"][0] == "〔上级标题缺〕"));
    assert!(page.iter().any(|l| l["bytes"].as_array().expect("ranges").len() > 1));
    let text: String = page.iter().map(|l| l["text"].as_str().expect("text")).collect();
    for furniture in ["下载 打印", "责任编辑"] {
        assert!(!text.contains(furniture), "{furniture}");
    }
    for joined in ["产业创新带", "首批服务企业17家"] {
        assert!(text.contains(joined), "{joined}");
    }
}

/// A PDF of one page that is nothing but a picture, as scanners make them.
fn scanned(jpeg: &[u8], width: usize, height: usize) -> Vec<u8> {
    let drawing = b"q 595 0 0 842 0 0 cm /P Do Q";
    let stream = |dictionary: String, data: &[u8]| -> Vec<u8> {
        let head = format!("<< {dictionary} /Length {} >>\nstream\n", data.len());
        [head.as_bytes(), data, b"\nendstream"].concat()
    };
    let picture = format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
    );
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /P 5 0 R >> >> >>";
    let objects: [Vec<u8>; 5] = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        page.as_bytes().to_vec(),
        stream(String::new(), drawing),
        stream(picture, jpeg),
    ];
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.extend([format!("{} 0 obj\n", i + 1).as_bytes(), object, b"\nendobj\n"].concat());
    }
    let start = pdf.len();
    let table: String = places.iter().map(|place| format!("{place:010} 00000 n \n")).collect();
    let tail = format!(
        "xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    pdf.extend(tail.as_bytes());
    pdf
}

/// A scanned page is listed; with the user's own programs it is read. Skipped where they are not installed.
#[test]
fn scanned_pages_are_listed_and_read_where_that_was_asked_for() {
    let place = Workplace::new();
    let installed = |program: &str| Command::new(program).arg("-v").output().is_ok();
    let all = installed("tesseract") && installed("pdftoppm");
    assert!(all || std::env::var_os("CI").is_none(), "in CI tesseract and pdftoppm have to be there");
    let Some(shared) = shared().filter(|_| all) else { return };
    let stem = place.path("页");
    let drawn = Command::new("pdftoppm")
        .args(["-r", "200", "-jpeg", "-singlefile", "-f", "1", "-l", "1"])
        .args([shared.join("formats/gen/yunxi.pdf"), stem.clone()])
        .status();
    assert!(drawn.expect("runs").success());
    let jpeg = std::fs::read(stem.with_extension("jpg")).expect("drawn");
    // The frame header (SOF0) holds height and width.
    let frame = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).expect("a frame");
    let number = |at: usize| usize::from(jpeg[frame + at]) << 8 | usize::from(jpeg[frame + at + 1]);
    place.write("文库/扫描.pdf", scanned(&jpeg, number(7), number(5)));
    let (_, stderr) = place.yinde(["index", "文库"]).code(2);
    assert!(stderr.contains("没有文字层"), "{stderr}");
    place.yinde(["index", "文库", "--ocr"]).ok();
    let found = place.yinde(["search", "第五次会议", "--literal", "--json"]).json(0).remove(0);
    assert_eq!(found["reports"], 1, "{found}");
}
