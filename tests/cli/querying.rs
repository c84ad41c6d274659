//! The query language through the real program: equivalents, marks, lexicon, collapse, empty results.

use serde_json::Value;

use super::harness::Workplace;

/// A small archive of two series with a gap, one report reprinted.
fn archive() -> Workplace {
    let place = Workplace::new();
    let report = |year: i32, body: &str| format!("{year}年望澜区政府工作报告\n\n{body}\n");
    let formula = "现在，我代表望澜区人民政府，向大会报告政府工作，请予审议，并请区政协委员和其他列席人员提出意见。";
    place
        .write("文库/望澜区2021年政府工作报告.txt", report(2021, &format!("{formula}\n\n谋划“十四五”规划，落实第十四个五年规划纲要。")))
        .write("文库/望澜区2022年政府工作报告.txt", report(2022, &format!("{formula}\n\n地区生产总值增长百分之五，服务业增长百分之五十。")))
        .write("文库/望澜区2024年政府工作报告.txt", report(2024, &format!("{formula}\n\n学习党的二十届二中、三中全会精神。增长5%，不是15%。")))
        .write(
            "文库/望澜区政协2024年工作报告.txt",
            "政协望澜区委员会常务委员会工作报告\n\n区政协坚持人民政协为人民，“十五”字方针，十五大精神。以调研为抓手，推动产业社区建设。一是抓数字经济；二是抓产业社区。\n",
        );
    place.yinde(["index", "文库"]).ok();
    place
}

fn search(place: &Workplace, arguments: &[&str]) -> Value {
    let mut all = vec!["search", "--json"];
    all.extend(arguments);
    let (stdout, _) = place.yinde(&all).either();
    serde_json::from_str(&stdout).unwrap_or_else(|e| panic!("{e}: {all:?}"))
}

fn counts(found: &Value) -> (u64, u64) {
    let count = |value: &Value| value.as_u64().expect("a number");
    (count(&found["passages"]), count(&found["literal"]["passages"]))
}

#[test]
fn equivalents_are_found_and_counted_apart() {
    let place = archive();
    let found = search(&place, &["5%"]);
    assert_eq!(counts(&found), (2, 1), "{found}");
    assert_eq!(found["widened"][0]["class"], "percent");
    assert_eq!(
        (found["widened"][0]["to"].as_str(), found["widened"][0]["occurrences"].as_u64()),
        (Some("百分之五"), Some(1))
    );
    // 15% holds 5%: literal is literal. 百分之五十 is no 百分之五 in other words.
    assert_eq!(found["literal"]["occurrences"], 2);
    assert_eq!(counts(&search(&place, &["二十届三中全会"])), (1, 0));
    assert_eq!(counts(&search(&place, &["十四五规划"])), (1, 1));
    assert_eq!(search(&place, &["十四五规划"])["occurrences"], 2);
    for off in [&["十四五规划", "--literal"][..], &["\"十四五规划\""], &["十四五规划", "--no-widen", "plan"]]
    {
        assert_eq!(search(&place, off)["occurrences"], 1, "{off:?}");
    }
    place.yinde(["search", "甲", "--no-widen", "无此类"]).code(2);
    let (shown, _) = place.yinde(["search", "5%"]).code(0);
    assert!(shown.contains("其中逐字 1 段") && shown.contains("5% = 百分之五（百分数）：1 段"), "{shown}");
}

#[test]
fn marks_make_quotes_count() {
    let place = archive();
    assert_eq!(search(&place, &["十五"])["occurrences"], 2);
    for query in [&["“十五”", "--marks"][..], &["marks:on “十五”"], &["“十五” 标点:开"]] {
        assert_eq!(search(&place, query)["occurrences"], 1, "{query:?}");
    }
}

#[test]
fn the_query_is_explained() {
    let place = archive();
    let found = search(&place, &["(产业社区 | 数字经济) -\"甲 乙\"~3 year:2024 以*为抓手"]);
    let parsed = &found["parsed"]["and"];
    assert_eq!(parsed[0]["or"][0]["string"], "产业社区");
    assert_eq!(parsed[0]["or"][0]["occurrences"], 2);
    assert_eq!(parsed[1]["not"]["near"], serde_json::json!(["甲", "乙"]));
    assert_eq!(parsed[2], serde_json::json!({"field": "year", "value": "2024"}));
    assert_eq!(parsed[3]["sequence"], "以*为抓手");
    assert_eq!(counts(&found), (1, 1));
    let (shown, _) = place.yinde(["search", "产业社区 -甲", "--explain"]).code(0);
    assert!(shown.contains("都有") && shown.contains("产业社区：1 段，2 处") && shown.contains("没有"), "{shown}");
}

#[test]
fn formulas_collapse_and_counts_do_not_change() {
    let place = archive();
    let found = search(&place, &["请予审议"]);
    assert_eq!(found["passages"], 3);
    let hits: Vec<&Value> =
        found["hits"].as_array().expect("hits").iter().filter(|hit| hit["tier"] != "relaxed").collect();
    assert_eq!(hits.len(), 1);
    let similar = &hits[0]["similar"];
    assert_eq!((&similar["count"], &similar["first"], &similar["last"]), (&3.into(), &2021.into(), &2024.into()));
    assert_eq!(similar["others"].as_array().map(Vec::len), Some(2));
    let (shown, _) = place.yinde(["search", "请予审议"]).code(0);
    assert!(shown.contains("×3，2021–2024"), "{shown}");
    let all = search(&place, &["请予审议", "--no-collapse", "--literal"]);
    assert_eq!((all["passages"].as_u64(), all["hits"].as_array().map(Vec::len)), (Some(3), Some(3)));
    assert_eq!(found["facets"]["year"], serde_json::json!({"2021": 1, "2022": 1, "2024": 1}));
}

#[test]
fn an_empty_result_explains_itself() {
    let place = archive();
    let (stdout, _) = place.yinde(["search", "望澜区政协坚持", "--json"]).code(1);
    let found: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(found["absence"]["self_names"][0]["text"], "区政协坚持");
    assert_eq!(found["absence"]["coverage"]["years"], serde_json::json!([2021, 2024]));
    let gap = &found["absence"]["coverage"]["gaps"][0];
    assert_eq!((gap["kind"].as_str(), &gap["missing"]), (Some("政府工作报告"), &serde_json::json!([2023])));
    let (shown, _) = place.yinde(["search", "数智经济建设", "产业社群"]).code(1);
    assert!(shown.contains("没有找到") && shown.contains("单独查") && shown.contains("产业社区 2 处"), "{shown}");
    assert!(shown.contains("望澜区人民政府政府工作报告缺：2023"), "{shown}");
}

#[test]
fn a_lexicon_changes_tiers_and_never_counts() {
    let place = archive();
    let query = ["search", "业社", "--json", "--literal"];
    let before = &place.yinde(query).json(0)[0];
    assert_eq!((before["tiers"]["cross"].as_u64(), before["occurrences"].as_u64()), (Some(2), Some(2)));
    place.write("词表.txt", "业社\n产业社区 = 产城社区 # 同义\n数字经济=数智经济\n");
    let (_, stderr) = place.yinde(query).arg("--lexicon").arg("词表.txt").code(0);
    assert!(stderr.contains("lexicon apply"), "{stderr}");
    let widened = &place.yinde(["search", "产城社区", "--json", "--lexicon", "词表.txt"]).json(0)[0];
    assert_eq!((widened["widened"][0]["class"].as_str(), counts(widened)), (Some("synonym"), (1, 0)));
    // The sources are not needed to segment anew.
    std::fs::remove_dir_all(place.path("文库")).expect("removed");
    let dump = place.yinde(["dump"]).ok();
    place.write("另.txt", "业社\n");
    place.yinde(["lexicon", "apply", "--lexicon", "另.txt"]).ok();
    assert_eq!(place.yinde(["dump"]).ok(), dump);
    let (stdout, stderr) = place.yinde(query).arg("--lexicon").arg("另.txt").code(0);
    let after: Value = serde_json::from_str(&stdout).expect("JSON");
    assert!(!stderr.contains("hint:"), "{stderr}");
    assert_eq!((after["passages"].as_u64(), after["occurrences"].as_u64()), (Some(1), Some(2)));
    let (_, stderr) = place.yinde(["search", "甲", "--lexicon", "无此文件"]).code(2);
    assert!(stderr.contains("hint:"), "{stderr}");
}

#[test]
fn words_are_analyzed_and_suggested() {
    let place = Workplace::with_corpus();
    let shown = place.yinde(["analyze", "谋划“十五五”规划"]).ok();
    assert!(shown.contains("谋划十五五规划") && shown.contains("谋划 / 十五五 / 规划"), "{shown}");
    let words: Vec<Value> = place.yinde(["lexicon", "suggest", "--json", "-n", "300"]).json(0);
    assert!(words.iter().any(|word| word["word"] == "产业社区"), "{words:?}");
}

#[test]
fn long_passages_show_the_sentences_that_match() {
    let place = Workplace::new();
    let filler = "这一句说的是别的事情，与要找的没有关系。".repeat(12);
    place.write("文库/报告.txt", format!("某区工作报告\n\n{filler}这里谈到产业社区。{filler}\n"));
    place.yinde(["index", "文库"]).ok();
    let (shown, _) = place.yinde(["search", "产业社区", "--literal"]).code(0);
    assert!(shown.contains("…这里谈到【产业社区】。…"), "{shown}");
    let (wider, _) = place.yinde(["search", "产业社区", "--literal", "--context", "1"]).code(0);
    assert!(wider.contains("没有关系。这里谈到【产业社区】。这一句"), "{wider}");
}

/// No option changes what a literal search finds or counts.
#[test]
fn the_literal_contract_survives_every_option() {
    let place = Workplace::with_corpus();
    let strings =
        ["十五五", "发展", "民政", "的", "2025年", "5%", "产业社区建设", "增长，", "区人民", "“双减”", "百分之", "龘"];
    let input: String = strings.iter().map(|string| format!("\"{string}\"\n")).collect();
    let ask = |options: &[&str]| -> Vec<Value> {
        let mut all = vec!["search", "--batch", "-", "--json"];
        all.extend(options);
        let lines = place.yinde(&all).input(input.clone()).json(0);
        lines
            .iter()
            .map(|l| serde_json::json!([l["passages"], l["occurrences"], l["tiers"], l["literal"], l["reports"]]))
            .collect()
    };
    let plain = ask(&["--count"]);
    for options in [
        &["--literal"][..],
        &["--relaxed"],
        &["--no-collapse", "-n", "3"],
        &["--per-report", "1"],
        &["--sort", "year"],
        &["--sort", "-year", "--offset", "5"],
        &["--no-widen", "all"],
        &["--year", "1900..2100"],
        &["--explain", "--context", "2"],
    ] {
        assert_eq!(ask(options), plain, "{options:?}");
    }
}
