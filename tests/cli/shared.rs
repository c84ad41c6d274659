//! Real files that nobody here wrote. Skipped where they are not beside the repository; mandatory in CI.

use std::sync::LazyLock;

use serde_json::Value;

use super::harness::{Workplace, shared};

static INDEXED: LazyLock<Option<Workplace>> = LazyLock::new(|| {
    let archive = shared()?.join("archive");
    let place = Workplace::new();
    place.yinde(["index", "--archive"]).arg(archive).ok();
    Some(place)
});

fn search(place: &Workplace, arguments: &[&str]) -> Value {
    let mut all = vec!["search", "--json", "--literal"];
    all.extend(arguments);
    place.yinde(all).json(0).remove(0)
}

#[test]
fn a_newspaper_page() {
    let Some(place) = &*INDEXED else { return };
    for query in ["持续改善生态环境", "38次", "三商", "底蕴", "十五五规划"] {
        let found = search(place, &[query, "--region", "钱塘", "-n", "50"]);
        assert!(found["passages"].as_u64() > Some(0), "{query}");
    }
    let found = search(place, &["民政", "--region", "钱塘"]);
    assert_eq!(found["tiers"]["whole"], 0, "{}", found["tiers"]);
    let found = search(place, &["产业立区", "-n", "50"]);
    assert!(found["hits"].as_array().expect("hits").iter().all(|h| h["kind"] == "评论与新闻"), "{}", found["hits"][0]);
}

#[test]
fn thirty_one_provincial_reports() {
    let Some(place) = &*INDEXED else { return };
    let dump = place.yinde(["dump"]).json(0);
    let mut regions = std::collections::BTreeMap::new();
    for line in dump.iter().filter(|l| l["source"].as_str().is_some_and(|s| s.contains("31省区市"))) {
        assert_eq!(
            (line["year"].as_i64(), line["kind"].as_str()),
            (Some(2025), Some("政府工作报告")),
            "{}",
            line["source"]
        );
        let region = line["region"].as_str().expect("a region").to_owned();
        let source = line["source"].as_str().expect("a source");
        let short: String = region.chars().take(2).collect();
        assert!(source.contains(&format!("2025年{short}")), "{region}: {source}");
        *regions.entry(region).or_insert(0) += 1;
    }
    assert_eq!(regions.len(), 31, "{regions:?}");
}

#[test]
fn central_reports_have_their_years() {
    let Some(place) = &*INDEXED else { return };
    let dump = place.yinde(["dump"]).json(0);
    let mut wrong = std::collections::BTreeSet::new();
    for line in &dump {
        let source = line["source"].as_str().expect("a source");
        let Some(name) = source.strip_prefix("中央/").or(source.strip_prefix("中央-旧编码/")) else { continue };
        let Some(year) = name.get(..4).and_then(|digits| digits.parse::<i64>().ok()) else { continue };
        if line["year"].as_i64() != Some(year) || line["region"] != "全国" {
            wrong.insert(format!("{source}: {} {}", line["year"], line["region"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
