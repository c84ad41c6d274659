//! The JSON contract of `search`, its options and batches.

use serde_json::Value;

use super::harness::Workplace;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn one_query_is_one_line_with_these_fields() {
    let place = Workplace::with_corpus();
    let found = place.yinde(["search", "产业社区", "--json", "-n", "3"]).json(0);
    assert_eq!(found.len(), 1);
    let mut expected = [
        "query",
        "matching",
        "parsed",
        "passages",
        "occurrences",
        "reports",
        "tiers",
        "literal",
        "widened",
        "facets",
        "elapsed_ms",
        "hits",
    ]
    .to_vec();
    expected.sort_unstable();
    assert_eq!(keys(&found[0]), expected);
    assert_eq!(found[0]["matching"], "产业社区");
    let hit = &found[0]["hits"][0];
    let mut expected = [
        "rank", "score", "tier", "report", "passage", "title", "year", "kind", "issuer", "region", "part", "section",
        "source", "text", "spans", "similar", "copies",
    ]
    .to_vec();
    expected.sort_unstable();
    assert_eq!(keys(hit), expected);
    let text: Vec<char> = hit["text"].as_str().expect("text").chars().collect();
    let span = &hit["spans"][0];
    let (start, end) = (span[0].as_u64().expect("a number") as usize, span[1].as_u64().expect("a number") as usize);
    assert_eq!(text[start..end].iter().collect::<String>(), "产业社区");
    let tiers = &found[0]["tiers"];
    let total = tiers["whole"].as_u64().expect("whole") + tiers["cross"].as_u64().expect("cross");
    assert_eq!(Some(total), found[0]["occurrences"].as_u64());
}

#[test]
fn a_batch_answers_every_line_in_order_blank_ones_too() {
    let place = Workplace::with_corpus();
    let input = "十五五\n\n龘龘龘\r\n《》，\n发展 改革\n\"发展，\"";
    let found = place.yinde(["search", "--batch", "-", "--count", "--json"]).input(input).json(0);
    let matching: Vec<Value> = found.iter().map(|line| line["matching"].clone()).collect();
    let expected = serde_json::json!(["十五五", "", "龘龘龘", "", ["发展", "改革"], "发展。"]);
    assert_eq!(Value::Array(matching), expected);
    for line in &found {
        assert!(line.get("hits").is_none());
        assert!(line["passages"].is_u64() && line["tiers"]["whole"].is_u64());
    }
    place.yinde(["search", "--batch", "-", "--json"]).input("龘龘龘\n\n").code(1);
    place.yinde(["search", "--batch", "-", "--json"]).input("").code(1);
}

#[test]
fn an_empty_matching_form_gives_zeros_and_a_hint() {
    let place = Workplace::with_corpus();
    let (stdout, stderr) = place.yinde(["search", "《》", "--json"]).code(1);
    let found: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!((found["passages"].as_u64(), found["matching"].as_str()), (Some(0), Some("")));
    assert!(stderr.contains("hint:"), "{stderr}");
}

#[test]
fn punctuation_of_any_sort_is_no_error() {
    let place = Workplace::with_corpus();
    let marks = "( ) [ ] { } \" ' \\ / * ? ! ^ ~ : + - && || “ ” 《 》 4+1 (一) a:b \"a \\\" /x/ a~2 [a TO b] \u{0} \u{200b} 😀";
    let lines: Vec<&str> = marks.split(' ').collect();
    let found = place.yinde(["search", "--batch", "-", "--count", "--json"]).input(lines.join("\n")).code(0).0;
    assert_eq!(found.lines().count(), lines.len());
}

fn years(found: &Value) -> Vec<i64> {
    found["hits"].as_array().expect("hits").iter().filter_map(|hit| hit["year"].as_i64()).collect()
}

#[test]
fn filters_sorting_and_limits() {
    let place = Workplace::with_corpus();
    let search = |arguments: &[&str]| {
        let mut all = vec!["search", "产业社区", "--json", "--no-collapse", "--literal"];
        all.extend(arguments);
        place.yinde(all).json(0).remove(0)
    };
    let all = search(&["-n", "1000"]);
    let passages = all["passages"].as_u64().expect("a number");
    assert_eq!(all["hits"].as_array().expect("hits").len() as u64, passages);
    let recent = search(&["-n", "1000", "--year", "2024..2026"]);
    assert!(years(&recent).iter().all(|year| (2024..=2026).contains(year)));
    let earlier = search(&["-n", "1000", "--year", "..2023"]);
    let sum = recent["passages"].as_u64().expect("a number") + earlier["passages"].as_u64().expect("a number");
    assert_eq!(sum, passages);
    let court = search(&["--kind", "法院"]);
    assert!(court["hits"].as_array().expect("hits").iter().all(|hit| hit["kind"] == "法院工作报告"));
    let planned = search(&["--part", "部署", "--region", "望澜"]);
    assert!(planned["hits"].as_array().expect("hits").iter().all(|hit| hit["part"] == "plan"));
    let ascending = years(&search(&["-n", "1000", "--sort", "year"]));
    assert!(ascending.is_sorted());
    let descending = years(&search(&["-n", "1000", "--sort", "-year"]));
    assert!(descending.iter().rev().is_sorted());
    let one_each = search(&["-n", "1000", "--per-report", "1"]);
    assert_eq!(one_each["hits"].as_array().expect("hits").len() as u64, all["reports"].as_u64().expect("a number"));
    assert_eq!(one_each["passages"], all["passages"]);
    let page = search(&["-n", "5", "--offset", "5"]);
    assert_eq!(page["hits"].as_array().expect("hits")[..], all["hits"].as_array().expect("hits")[5..10]);
}

#[test]
fn relaxed_hits_stand_below_and_are_counted_apart() {
    let place = Workplace::with_corpus();
    let arguments = ["search", "产业社区 夜间食堂", "--json", "-n", "20"];
    let literal = place.yinde(arguments.into_iter().chain(["--literal"])).json(1).remove(0);
    let relaxed = place.yinde(arguments.into_iter().chain(["--relaxed"])).json(0).remove(0);
    // Too few literal hits: relaxed ones follow by themselves, and are not what was looked for.
    let by_itself = place.yinde(arguments).json(1).remove(0);
    assert_eq!(by_itself["hits"], relaxed["hits"]);
    for field in ["passages", "occurrences", "reports", "tiers", "matching"] {
        assert_eq!(literal[field], relaxed[field], "{field}");
    }
    assert!(literal.get("relaxed").is_none() && relaxed["relaxed"].as_u64() > Some(20));
    let tiers: Vec<&str> =
        relaxed["hits"].as_array().expect("hits").iter().map(|hit| hit["tier"].as_str().expect("a tier")).collect();
    assert!(tiers.iter().all(|tier| *tier == "relaxed"), "{tiers:?}");
    let mixed = place.yinde(["search", "夜班食堂", "--json", "--relaxed", "-n", "30"]).json(0).remove(0);
    let tiers: Vec<bool> = mixed["hits"].as_array().expect("hits").iter().map(|hit| hit["tier"] == "relaxed").collect();
    assert!(tiers.is_sorted() && !tiers[0] && tiers[tiers.len() - 1], "{tiers:?}");
}

/// Ranking as it stands; a change shows here.
#[test]
fn golden_ranking_of_the_sample_archive() {
    let place = Workplace::with_corpus();
    let queries = ["十五五", "产业社区", "新质生产力", "优化营商环境", "民政", "老旧小区 改造", "存在的不足"];
    let mut golden = String::new();
    for query in queries {
        let found = place.yinde(["search", query, "--json", "-n", "5"]).json(0).remove(0);
        golden += &format!(
            "{query}: {} passages, {} occurrences, tiers {}\n",
            found["passages"], found["occurrences"], found["tiers"]
        );
        for hit in found["hits"].as_array().expect("hits") {
            let text: String = hit["text"].as_str().expect("text").chars().take(24).collect();
            golden += &format!(
                "  {} {} {} {text}\n",
                hit["tier"].as_str().expect("a tier"),
                hit["year"],
                hit["kind"].as_str().expect("a kind")
            );
        }
    }
    insta::assert_snapshot!(golden);
}
