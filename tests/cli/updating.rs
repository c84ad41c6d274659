//! Keeping an index up to date: what is read again, what stays, what is there twice, what a person adds.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::harness::Workplace;

fn report(region: &str, year: i32) -> String {
    let paragraphs: String = (1..=30)
        .map(|i| {
            format!("　　第{i}项工作在{region}得到落实，完成投资{}亿元，增长{}%。\n", i * 7 + year % 100, i + year % 10)
        })
        .collect();
    format!(
        "{year}年{region}政府工作报告\n——{year}年1月8日在{region}第五届人民代表大会第三次会议上\n{region}区长　李明\n各位代表：\n一、{}年工作回顾\n{paragraphs}二、{year}年工作安排\n　　做好各项工作，推动产业社区建设。\n",
        year - 1
    )
}

fn index(place: &Workplace, arguments: &[&str]) -> Value {
    let mut all = vec!["index", "文库", "--json"];
    all.extend(arguments);
    place.yinde(all).json(0).remove(0)
}

/// How many files met a fate.
fn count(summary: &Value, fate: &str) -> u64 {
    summary["fates"][fate].as_object().map_or(0, |formats| formats.values().filter_map(Value::as_u64).sum())
}

fn dump(place: &Workplace) -> Vec<Value> {
    place.yinde(["dump"]).json(0)
}

/// The dump of an index made from nothing.
fn clean_dump(place: &Workplace) -> Vec<Value> {
    place.yinde(["index", "文库", "--index", "另一个"]).any();
    let dump = place.yinde(["dump", "--index", "另一个"]).json(0);
    fs::remove_dir_all(place.path("另一个")).expect("removed");
    dump
}

#[test]
fn only_what_has_changed_is_read_and_the_result_is_that_of_a_clean_build() {
    let place = Workplace::new();
    for year in 2020..2026 {
        place.write(&format!("文库/云某区/{year}.txt"), report("云某区", year));
    }
    assert_eq!(count(&index(&place, &[]), "read"), 6);
    let summary = index(&place, &[]);
    assert_eq!(
        (count(&summary, "unchanged"), summary["reports"].as_u64(), summary["indexed"].as_u64()),
        (6, Some(0), Some(6))
    );

    place.write("文库/云某区/2020.txt", report("云某区", 2020).replace("产业社区", "创新街区"));
    place.write("文库/云某区/2026.txt", report("云某区", 2026));
    fs::remove_file(place.path("文库/云某区/2021.txt")).expect("removed");
    fs::create_dir(place.path("文库/旧")).expect("made");
    fs::rename(place.path("文库/云某区/2022.txt"), place.path("文库/旧/2022.txt")).expect("moved");
    // Written again as it was: its bytes decide.
    place.write("文库/云某区/2023.txt", report("云某区", 2023));
    let before: Vec<String> = ids(&dump(&place), "2022.txt");
    let summary = index(&place, &[]);
    let fates = ["read", "updated", "moved", "removed", "unchanged"].map(|fate| count(&summary, fate));
    assert_eq!(fates, [1, 1, 1, 1, 3], "{summary}");
    let after = dump(&place);
    assert_eq!(ids(&after, "旧/2022.txt"), before, "a moved file keeps its identity");
    assert_eq!(after, clean_dump(&place));
    let found = place.yinde(["search", "产业社区", "--literal", "--json"]).json(0).remove(0);
    assert_eq!(found["reports"], 5, "{found}");
}

/// The identifiers of the reports of a source.
fn ids(dump: &[Value], source: &str) -> Vec<String> {
    let of_source = dump.iter().filter(|line| line["source"].as_str().is_some_and(|s| s.ends_with(source)));
    let mut ids: Vec<String> = of_source.map(|line| line["report"].as_str().expect("an id").to_owned()).collect();
    ids.dedup();
    ids
}

#[test]
fn the_same_report_counts_once_whatever_it_is_kept_in() {
    let place = Workplace::new();
    let text = report("云某区", 2024);
    let page = format!("<html><body><p>{}</p></body></html>", text.replace('\n', "</p>\n<p>"));
    place
        .write("文库/a.txt", &text)
        .write("文库/b/同一份.txt", &text)
        .write("文库/c.html", page)
        .write("文库/d.txt", encoding_rs::GB18030.encode(&text.repeat(3)).0)
        .write("文库/e.txt", report("云某区", 2025));
    let summary = index(&place, &[]);
    assert_eq!((summary["indexed"].as_u64(), summary["copies"].as_u64()), (Some(7), Some(5)), "{summary}");
    let search = |more: &[&str]| {
        let mut all = vec!["search", "产业社区", "--literal", "--no-collapse", "--json"];
        all.extend(more);
        place.yinde(all).json(0).remove(0)
    };
    let found = search(&[]);
    assert_eq!((found["occurrences"].as_u64(), found["reports"].as_u64()), (Some(2), Some(2)), "{found}");
    let of_2024 = found["hits"].as_array().expect("hits").iter().find(|hit| hit["year"] == 2024).expect("there");
    assert_eq!(of_2024["source"], "a.txt");
    assert_eq!(of_2024["copies"].as_array().expect("copies").len(), 5);
    assert_eq!(search(&["--copies", "all"])["occurrences"], 7);
    let dump = dump(&place);
    let copies: Vec<&Value> = dump.iter().filter(|line| !line["copy_of"].is_null()).collect();
    assert!(copies.iter().all(|line| line["copy_of"] == of_2024["report"]));
    let reports: std::collections::BTreeSet<&str> =
        dump.iter().map(|line| line["report"].as_str().expect("an id")).collect();
    assert_eq!(reports.len(), 7, "every report has an identifier of its own: {reports:?}");
    let twin = ids(&dump, "b/同一份.txt").remove(0);
    let shown = place.yinde(["show", &twin, "--json"]).json(0).remove(0);
    assert_eq!(shown["copy_of"], of_2024["report"]);
    // Reversible: without the first, another stands for all.
    fs::remove_file(place.path("文库/a.txt")).expect("removed");
    index(&place, &[]);
    let found = search(&[]);
    assert_eq!(found["occurrences"], 2);
    assert_eq!(self::dump(&place), clean_dump(&place));
}

#[test]
fn a_sidecar_has_the_last_word_and_only_what_it_speaks_of_is_read_again() {
    let place = Workplace::new();
    place
        .write("文库/a.txt", report("云某区", 2024))
        .write("文库/材料.txt", "一些材料\n\n这里写了一些事情，没有说明是谁的，也没有说明时间。\n");
    index(&place, &[]);
    let doubtful = place.yinde(["stats", "--doubtful"]).ok();
    assert!(doubtful.contains("材料.txt") && !doubtful.contains("a.txt"), "{doubtful}");
    place.yinde(["stats", "--write-sidecar", "附注.csv"]).ok();
    let table = fs::read_to_string(place.path("附注.csv")).expect("written");
    let filled: Vec<String> = table
        .lines()
        .map(|line| {
            if line.starts_with("材料") {
                "材料.txt,1,某材料,工作总结,2021,,,,,,云某区档案局,云某区,县区,".to_owned()
            } else {
                line.to_owned()
            }
        })
        .collect();
    place.write("附注.csv", filled.join("\n"));
    let summary = index(&place, &["--sidecar", "附注.csv"]);
    assert_eq!((count(&summary, "updated"), count(&summary, "unchanged")), (1, 1), "{summary}");
    let found = place.yinde(["search", "没有说明", "--literal", "--json"]).json(0).remove(0);
    let hit = &found["hits"][0];
    assert_eq!(
        [&hit["title"], &hit["kind"], &hit["year"], &hit["issuer"]].map(|v| v.to_string().replace('"', "")),
        ["某材料", "工作总结", "2021", "云某区档案局"]
    );
    place.yinde(["stats", "--doubtful"]).code(1);
    place.yinde(["stats", "--write-sidecar", "附注.csv"]).code(2);
    place.write("坏.csv", "source,yaer\na.txt,2024\n");
    let (_, stderr) = place.yinde(["index", "文库", "--sidecar", "坏.csv"]).code(2);
    assert!(stderr.contains("yaer") && stderr.contains("hint:"), "{stderr}");
}

#[test]
fn coverage_shows_series_and_gaps() {
    let place = Workplace::new();
    for year in [2019, 2020, 2023] {
        place.write(&format!("文库/{year}.txt"), report("云某区", year));
    }
    index(&place, &[]);
    let text = place.yinde(["stats", "--coverage"]).ok();
    assert!(text.contains("11--1") && text.contains("缺 2021–2022"), "{text}");
    let rows = place.yinde(["stats", "--coverage", "--json"]).json(0).remove(0);
    assert_eq!(rows[0]["gaps"], serde_json::json!([2021, 2022]));
    assert_eq!(rows[0]["years"]["2019"], 1);
}

#[test]
fn what_cannot_be_listed_any_more_is_not_taken_for_deleted() {
    let place = Workplace::new();
    place.write("文库/a.txt", report("云某区", 2024)).write("文库/内/b.txt", report("云某区", 2025));
    index(&place, &[]);
    let inner = place.path("文库/内");
    let set = |mode: u32| {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&inner, fs::Permissions::from_mode(mode)).expect("set");
    };
    set(0o000);
    if fs::read_dir(&inner).is_ok() {
        // The superuser may read everything.
        set(0o755);
        return;
    }
    place.yinde(["index", "文库"]).code(2);
    set(0o755);
    assert_eq!(ids(&dump(&place), "b.txt").len(), 1);
}

/// A disk that was not mounted once emptied the index.
#[test]
fn an_archive_without_a_file_empties_no_index_unless_that_is_meant() {
    let place = Workplace::new();
    place.write("文库/a.txt", report("云某区", 2024));
    index(&place, &[]);
    fs::remove_file(place.path("文库/a.txt")).expect("removed");
    let (_, stderr) = place.yinde(["index", "文库"]).code(2);
    assert!(stderr.contains("一个文件也没有") && stderr.contains("--rebuild"), "{stderr}");
    assert_eq!(ids(&dump(&place), "a.txt").len(), 1);
    assert_eq!(index(&place, &["--rebuild"])["indexed"], 0);
}

#[test]
fn limits_are_reported_and_the_run_goes_on() {
    let place = Workplace::new();
    place
        .write("yinde.toml", "[limits]\nfile_mb = 1\ntext_mb = 1\n")
        .write("文库/a.txt", report("云某区", 2024))
        .write("文库/大.txt", "很长的一行字，没有尽头。".repeat(40_000));
    let (stdout, stderr) = place.yinde(["index", "文库", "--json"]).code(2);
    let summary: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!((count(&summary, "read"), count(&summary, "skipped")), (1, 1), "{summary}");
    assert!(stderr.contains("大.txt：文件超过 1 MB 上限"), "{stderr}");
    // Other limits: everything is read again.
    place.write("yinde.toml", "[limits]\nfile_mb = 8\ntext_mb = 8\n");
    let summary = index(&place, &[]);
    assert_eq!(count(&summary, "read"), 2, "{summary}");
}

#[test]
fn an_index_that_was_damaged_is_made_anew() {
    let place = Workplace::new();
    place.write("文库/a.txt", report("云某区", 2024));
    index(&place, &[]);
    let ledger = fs::read_dir(place.path("index"))
        .expect("listed")
        .flatten()
        .find(|entry| entry.path().extension().is_some_and(|e| e == "ledger"))
        .expect("a ledger");
    fs::write(ledger.path(), b"x").expect("damaged");
    let summary = index(&place, &[]);
    assert!(summary["rebuilt"].is_string(), "{summary}");
    assert_eq!(dump(&place), clean_dump(&place));
    fs::write(place.path("index/meta.json"), b"{").expect("damaged");
    place.yinde(["search", "产业社区"]).code(2);
    index(&place, &[]);
    assert_eq!(dump(&place), clean_dump(&place));
}

#[test]
fn killed_at_any_moment_it_answers_as_before_or_after() {
    let place = Workplace::new();
    for year in 2000..2012 {
        place.write(&format!("文库/{year}.txt"), report("云某区", year));
    }
    index(&place, &[]);
    let answer = |place: &Workplace| {
        let found = place.yinde(["search", "产业社区", "--literal", "--json", "--count"]).json(0).remove(0);
        found["passages"].as_u64()
    };
    for round in 0..8u64 {
        let before = answer(&place);
        let year = 2012 + round;
        place.write(&format!("文库/{year}.txt"), report("云某区", year as i32));
        place.yinde(["index", "文库"]).killed_after(Duration::from_millis(15 * (round + 1)));
        let now = answer(&place);
        assert!(now == before || now == before.map(|n| n + 1), "{now:?} is neither {before:?} nor one more");
        index(&place, &[]);
        assert_eq!(answer(&place), Some(13 + round));
    }
    assert_eq!(dump(&place), clean_dump(&place));
}

#[test]
fn a_watched_folder_is_followed() {
    let place = Workplace::new();
    place.write("文库/a.txt", report("云某区", 2024));
    let mut watching = place.yinde(["index", "文库", "--watch"]).background();
    let wait_for = |reports: u64| {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(60) {
            let (stdout, _) = place.yinde(["search", "产业社区", "--literal", "--json", "--count"]).any();
            let found: Value = serde_json::from_str(&stdout).unwrap_or_default();
            if found["reports"].as_u64() == Some(reports) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        false
    };
    // `search` would build the index itself: it has to be there first.
    let start = Instant::now();
    while !place.path("index/meta.json").exists() && start.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(50));
    }
    let first = wait_for(1);
    place.write("文库/b.txt", report("云某区", 2025));
    let second = wait_for(2);
    watching.kill().expect("stopped");
    watching.wait().expect("ended");
    assert!(first && second, "{first} {second}");
}
