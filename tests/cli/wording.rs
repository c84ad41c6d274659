//! The wording check through the real program: check, quote, similar, align, and the page.

use std::fs;

use serde_json::Value;

use super::harness::{Workplace, corpus};

/// National reports of six years and a district's of two; one expression is dropped on the way.
fn archive() -> Workplace {
    let place = Workplace::new();
    for year in 2019..=2024 {
        let dropped = if year < 2023 { "打好云雾清障攻坚战，" } else { "" };
        let text = format!(
            "{year}年国务院政府工作报告\n\n国务院总理　陆清和\n\n一、{year}年工作任务\n\n\
             {dropped}统筹推进山海协作。着力提升“产业社区”治理效能，推动第{}批试点落地见效。\n",
            year - 2000
        );
        place.write(&format!("文库/{year}年国务院政府工作报告.txt"), text);
    }
    for year in [2023, 2024] {
        let text = format!(
            "云汀市望澜区{year}年政府工作报告\n\n区长　陆清和\n\n一、{}年工作回顾\n\n地区生产总值增长5.{}%。\
             持续擦亮望澜听潮品牌，群众获得感不断增强。\n\n二、{year}年工作安排\n\n地区生产总值增长6%左右。\n",
            year - 1,
            year - 2020
        );
        place.write(&format!("文库/云汀市望澜区{year}年政府工作报告.txt"), text);
    }
    place.yinde(["index", "文库"]).ok();
    place
}

fn check(place: &Workplace, draft: &str, options: &[&str]) -> Value {
    let mut arguments = vec!["check", "-", "--json"];
    arguments.extend(options);
    place.yinde(arguments).input(draft).json(0).remove(0)
}

/// The sentence that begins with these characters.
fn sentence<'a>(found: &'a Value, begins: &str) -> &'a Value {
    let sentences = found["sentences"].as_array().expect("sentences");
    let is = |s: &&Value| s["text"].as_str().expect("a text").starts_with(begins);
    sentences.iter().find(is).unwrap_or_else(|| panic!("{begins} is not among {found}"))
}

fn pieces(found: &Value, op: &str) -> String {
    let diff = found["diff"].as_array().expect("a diff");
    let of = |piece: &&Value| piece[0] == "=" || piece[0] == op;
    diff.iter().filter(of).map(|piece| piece[1].as_str().expect("text")).collect()
}

fn characters(text: &str, range: &Value) -> String {
    let bound = |i: usize| range[i].as_u64().expect("a number") as usize;
    text.chars().skip(bound(0)).take(bound(1) - bound(0)).collect()
}

#[test]
fn every_verdict_with_its_sources() {
    let place = archive();
    let draft = "草稿\n\n各位代表！\n\n持续擦亮望澜听潮品牌，群众获得感不断增强。\n\n着力提升产业社区治理效能，推动第30批试点落地见效。\n\n\
                 统筹推进山海协作，持续擦亮望澜听潮品牌。\n\n数据要素乘数计划在港口先行破题。\n";
    let found = check(&place, draft, &[]);
    assert_eq!(sentence(&found, "各位代表")["verdict"], "formula");
    let verbatim = sentence(&found, "持续擦亮");
    assert_eq!((&verbatim["verdict"], &verbatim["marks_differ"]), (&"verbatim".into(), &false.into()), "{verbatim}");
    assert_eq!(verbatim["years"], serde_json::json!([2023, 2024]));
    assert_eq!((&verbatim["first"]["year"], &verbatim["last"]["year"]), (&2023.into(), &2024.into()));
    let near = sentence(&found, "着力提升");
    assert_eq!(near["verdict"], "near", "{near}");
    let best = &near["matches"][0];
    assert_eq!((&best["year"], &best["values"][0]), (&2024.into(), &serde_json::json!(["24", "30"])));
    let span = characters(best["text"].as_str().expect("a text"), &best["span"]);
    assert_eq!((pieces(best, "-"), pieces(best, "+")), (span, near["text"].as_str().expect("a text").to_owned()));
    let composed = sentence(&found, "统筹推进");
    assert_eq!(composed["verdict"], "composed", "{composed}");
    assert_eq!(composed["matches"].as_array().map(Vec::len), Some(2));
    let piece = characters(draft, &composed["matches"][1]["piece"]);
    assert_eq!(piece, "持续擦亮望澜听潮品牌");
    assert_eq!(sentence(&found, "数据要素")["verdict"], "new");
    let sentences = found["sentences"].as_array().expect("sentences");
    for sentence in sentences {
        let range = serde_json::json!([sentence["start"], sentence["end"]]);
        assert_eq!(characters(draft, &range), sentence["text"].as_str().expect("a text"));
    }
    let counted: u64 = ["verbatim", "near", "composed", "new", "formula"]
        .iter()
        .map(|verdict| found["summary"][verdict].as_u64().expect("a number"))
        .sum();
    assert_eq!((found["summary"]["sentences"].as_u64(), sentences.len() as u64), (Some(counted), counted));
}

#[test]
fn what_differs_only_in_marks_is_verbatim_and_said_so() {
    let place = archive();
    for draft in
        ["着力提升产业社区治理效能，推动第24批试点落地见效。", "着力提升“产業社區”治理效能、推动第２４批试点落地见效。"]
    {
        let found = check(&place, draft, &[]);
        let only = &found["sentences"][0];
        assert_eq!((&only["verdict"], &only["marks_differ"]), (&"verbatim".into(), &true.into()), "{only}");
    }
    let shown = place.yinde(["check", "-"]).input("着力提升产业社区治理效能，推动第24批试点落地见效。").ok();
    assert!(shown.contains("标点有别") && shown.contains("［删：“］产业社区［删：”］"), "{shown}");
}

#[test]
fn a_value_is_a_slot() {
    let place = archive();
    let found = check(&place, "地区生产总值增长7%左右。", &[]);
    let only = &found["sentences"][0];
    assert_eq!(only["verdict"], "near");
    assert_eq!(only["matches"][0]["values"], serde_json::json!([["6%", "7%"]]));
}

#[test]
fn only_earlier_reports_count_and_the_last_one_is_compared() {
    let place = archive();
    let draft = "持续擦亮望澜听潮品牌，群众获得感不断增强。";
    let found = check(&place, draft, &["--before", "2024", "--issuer", "望澜区政府"]);
    assert_eq!(found["sentences"][0]["years"], serde_json::json!([2023]));
    assert_eq!(found["previous"]["year"], 2023);
    assert_eq!(found["sentences"][0]["previous"]["similarity"], 1.0);
    let found = check(&place, draft, &["--before", "2023"]);
    assert_eq!(found["sentences"][0]["verdict"], "new");
    let found = check(&place, draft, &["--in", "地区:全国"]);
    assert_eq!(found["sentences"][0]["verdict"], "new");
}

#[test]
fn superiors_first_where_authority_orders() {
    let place = archive();
    place.write(
        "文库/草稿.txt",
        "云汀市望澜区2022年政府工作报告\n\n着力提升“产业社区”治理效能，推动第25批试点落地见效，好。\n",
    );
    place.yinde(["index", "文库"]).ok();
    let draft = "着力提升“产业社区”治理效能，推动第25批试点落地见效。";
    let best = |order: &str| {
        let found = check(&place, draft, &["--order", order]);
        assert_eq!(found["sentences"][0]["verdict"], "verbatim", "an order changes no verdict");
        found["sentences"][0]["matches"][0].clone()
    };
    assert_eq!(best("similarity")["issuer"], "云汀市望澜区人民政府");
    assert_eq!(best("authority")["issuer"], "国务院");
}

#[test]
fn wording_that_superiors_dropped_is_reported_with_its_years() {
    let place = archive();
    let found = check(&place, "我们要打好云雾清障攻坚战，着力提升治理效能。", &[]);
    let dropped = &found["dropped"];
    assert_eq!(dropped.as_array().map(Vec::len), Some(1), "{dropped}");
    assert!(dropped[0]["text"].as_str().is_some_and(|text| text.contains("云雾清障攻坚战")), "{dropped}");
    assert_eq!(dropped[0]["years"], serde_json::json!([2019, 2020, 2021, 2022]));
    assert_eq!(dropped[0]["without"], serde_json::json!([2023, 2024]));
}

#[test]
fn figures_that_disagree_are_listed_with_both_places() {
    let place = archive();
    let draft = "云汀市望澜区2025年政府工作报告\n\n一、2024年工作回顾\n\n地区生产总值增长5.5%左右，社会消费品零售总额增长3%。\n\n\
                 二、2025年工作安排\n\n地区生产总值增长6%。\n\n名词解释\n\n2024年地区生产总值增长5.2%，社会消费品零售总额增长3%。\n";
    place.write("稿.txt", draft);
    let found = place.yinde(["check", "稿.txt", "--json"]).json(0).remove(0);
    let figures = found["figures"].as_array().expect("figures");
    let of_draft = figures.iter().find(|d| d["there"]["start"].is_u64()).unwrap_or_else(|| panic!("{figures:?}"));
    assert_eq!((&of_draft["indicator"], &of_draft["difference"]), (&"地区生产总值".into(), &"value".into()));
    assert_eq!(of_draft["there"]["text"], "地区生产总值增长5.2%");
    // The report of 2024 aims at 6 % and says nothing of what 2024 reached: an aim is not a result.
    assert_eq!(figures.len(), 1, "{figures:?}");
}

#[test]
fn quotations_are_exact_or_differ_or_cannot_be_told() {
    let place = archive();
    let quote = |text: &str, within: &[&str], code: i32| {
        let mut arguments = vec!["quote", text, "--json"];
        arguments.extend(within);
        place.yinde(arguments).json(code).remove(0)
    };
    let exact = quote("统筹推进山海协作", &[], 0);
    assert_eq!((&exact["verdict"], &exact["tolerated"]), (&"exact".into(), &serde_json::json!([])));
    assert_eq!(exact["reports"], 6);
    assert_eq!(quote("提升产業社区治理", &[], 0)["tolerated"], serde_json::json!(["quotes", "traditional"]));
    let differs = quote("着力提升产业社区管理效能", &[], 1);
    assert_eq!(differs["verdict"], "differs");
    assert_eq!(pieces(&differs["matches"][0], "+"), "着力提升产业社区管理效能");
    assert_eq!(quote("春江水暖鸭先知", &[], 1)["verdict"], "undetermined");
    assert_eq!(quote("春江水暖鸭先知", &["--in", "单位:国务院"], 1)["verdict"], "absent");
    assert_eq!(quote("春江水暖鸭先知", &["--in", "年份:1990"], 1)["verdict"], "undetermined");
    let shown = place.yinde(["quote", "春江水暖鸭先知"]).code(1).0;
    assert!(shown.contains("未收录原文，不能判定"), "{shown}");
    place.yinde(["quote", "甲", "--in", "不是条件"]).code(2);
    place.yinde(["quote", "“。”"]).code(2);
    // 5. is no quotation from 5.3, nor 3% from 5.3%.
    assert_eq!(quote("地区生产总值增长5.", &[], 1)["verdict"], "differs");
    assert_eq!(quote("3%。", &[], 1)["verdict"], "undetermined");
}

#[test]
fn versions_of_a_passage_form_a_chain() {
    let place = archive();
    let hits = place.yinde(["search", "第21批试点", "--json"]).json(0).remove(0);
    let asked_for = format!("{}#{}", hits["hits"][0]["report"].as_str().expect("an id"), hits["hits"][0]["passage"]);
    let chain = place.yinde(["similar", &asked_for, "--json"]).json(0).remove(0);
    let versions = chain["versions"].as_array().expect("versions");
    let years: Vec<i64> = versions.iter().filter_map(|version| version["year"].as_i64()).collect();
    assert_eq!(years, [2019, 2020, 2021, 2022, 2023, 2024]);
    assert_eq!(versions.iter().filter(|version| version["asked_for"] == true).count(), 1);
    let later = &versions[4];
    assert!(pieces(later, "-").starts_with("打好云雾清障攻坚战，") && !pieces(later, "+").contains("云雾"), "{later}");
    place.yinde(["similar", "无此报告#1"]).code(2);
    place.yinde(["similar", asked_for.split('#').next().expect("an id")]).code(2);
}

#[test]
fn formulations_of_superiors_are_same_altered_or_missing() {
    let place = archive();
    let draft = "着力提高产业社区治理效能，办好望澜特色民生实事。统筹推进山海协作。\n";
    let found = place.yinde(["align", "-", "--to", "国务院", "--json"]).input(draft).json(0).remove(0);
    assert_eq!(found["superiors"][0]["year"], 2024);
    let state = |text: &str| {
        let all = found["formulations"].as_array().expect("formulations");
        all.iter().find(|one| one["text"] == text).unwrap_or_else(|| panic!("{text}: {found}")).clone()
    };
    assert_eq!(state("统筹推进山海协作")["state"], "same");
    assert_eq!(state("产业社区")["state"], "same");
    let altered = state("着力提升“产业社区”治理效能");
    assert_eq!((&altered["state"], &altered["draft"]["text"]), (&"altered".into(), &"着力提高产业社区治理效能".into()));
    let unsourced: Vec<&str> =
        found["unsourced"].as_array().expect("a list").iter().filter_map(|one| one["text"].as_str()).collect();
    assert_eq!(unsourced, ["办好望澜特色民生实事"]);
    place.yinde(["align", "-", "--to", "国务院", "无此单位"]).input(draft).code(2);
    place.yinde(["align", "-", "--to", "国"]).input(draft).code(2);
}

#[test]
fn odd_drafts_are_errors_or_answers_but_never_panics() {
    let place = archive();
    for draft in ["。", "１２３", "a", "甲", "😀👨‍👩‍👧", "“”《》", "\u{301}\u{200b}一", "，，，，甲，乙", "𠀀𠀁𠀂𠀃𠀄"]
    {
        let found = check(&place, draft, &["-n", "0"]);
        assert!(found["sentences"].is_array(), "{draft}");
    }
    let long = "统筹推进山海协作".repeat(5_000);
    assert_eq!(check(&place, &long, &[])["summary"]["sentences"].as_u64(), Some(1));
    place.yinde(["check", "-"]).input("").code(2);
    place.yinde(["check", "没有这份稿.txt"]).code(2);
    place.write("甲/一.txt", "一").yinde(["check", "甲"]).code(2);
    let gbk =
        [0xCD, 0xB3, 0xB3, 0xEF, 0xCD, 0xC6, 0xBD, 0xF8, 0xC9, 0xBD, 0xBA, 0xA3, 0xD0, 0xAD, 0xD7, 0xF7, 0xA1, 0xA3];
    let found = place.yinde(["check", "-", "--json"]).input(gbk).json(0).remove(0);
    let only = &found["sentences"][0];
    assert_eq!((&only["verdict"], &only["start"], &only["end"]), (&"verbatim".into(), &0.into(), &9.into()), "{only}");
}

#[test]
fn the_page_stands_by_itself_and_a_draft_leaves_no_trace() {
    let place = Workplace::with_corpus();
    let draft = corpus().join("政府工作报告/望澜区2026年政府工作报告.txt");
    let before = listing(&place);
    place.yinde(["check", "--before", "2026", "--html", "页.html"]).arg(&draft).ok();
    let page = fs::read_to_string(place.path("页.html")).expect("written");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<ins>") && page.contains("class=\"near\""));
    for outside in ["http", "<script", "src=", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    // A page may be replaced, other files not.
    place.yinde(["check", "--html", "页.html"]).arg(&draft).ok();
    place.write("稿.txt", "统筹推进。").yinde(["check", "稿.txt", "--html", "稿.txt"]).code(2);
    assert_eq!(fs::read_to_string(place.path("稿.txt")).expect("there"), "统筹推进。");
    for name in ["页.html", "稿.txt"] {
        fs::remove_file(place.path(name)).expect("there");
    }
    assert_eq!(listing(&place), before, "nothing else was written");
    place.yinde(["check", "-", "--html", "没有/页.html"]).input("甲乙。").code(2);
}

/// Names and sizes of all files of a workplace.
fn listing(place: &Workplace) -> Vec<(String, u64)> {
    let files = walkdir::WalkDir::new(place.path("")).sort_by_file_name().into_iter().flatten();
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().display().to_string(), entry.metadata().map_or(0, |m| m.len())))
        .collect()
}
