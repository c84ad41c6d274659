//! `bench`: the figures are there and make sense, the corpus is the one that `generate` writes, nothing of the user's is
//! touched, and nonsense is refused.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::harness::{Workplace, corpus};

/// Every file below a folder with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).expect("read"));
        }
    }
    found
}

fn number(figures: &Value, path: &str) -> f64 {
    figures.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("no {path}: {figures}"))
}

fn are_plausible(figures: &Value) {
    let rates = ["/mb_per_second", "/characters_per_second", "/reports_per_second", "/threads", "/machine/cores"];
    let costs =
        ["/stage_seconds/read", "/stage_seconds/total", "/cold_start_ms", "/query_ms/p50", "/corpus/text_bytes"];
    let queries = ["/queries_per_second/one_at_a_time", "/queries_per_second/all_threads", "/index_bytes"];
    for path in rates.iter().chain(&costs).chain(&queries) {
        assert!(number(figures, path) > 0.0, "{path}: {figures}");
    }
    for path in ["/stage_seconds/list", "/stage_seconds/add", "/stage_seconds/commit"] {
        assert!(number(figures, path) >= 0.0, "{path}: {figures}");
    }
    let [p50, p95, p99] = ["/query_ms/p50", "/query_ms/p95", "/query_ms/p99"].map(|path| number(figures, path));
    assert!(p50 <= p95 && p95 <= p99, "{figures}");
    // Starting a process takes longer than asking in one.
    assert!(number(figures, "/cold_start_ms") > p50, "{figures}");
    let ratio = number(figures, "/index_bytes") / number(figures, "/corpus/text_bytes");
    assert!((number(figures, "/index_ratio") - ratio).abs() < 1e-9 && (0.3..10.0).contains(&ratio), "{figures}");
    if cfg!(target_os = "linux") {
        assert!(number(figures, "/peak_memory_bytes") > 1e6, "{figures}");
    }
    let classes = figures["query_classes"].as_array().expect("classes");
    let queries: u64 = classes.iter().map(|class| class["queries"].as_u64().expect("a number")).sum();
    assert_eq!((classes.len(), Some(queries)), (6, figures["queries_checked"].as_u64()), "{figures}");
    assert!(classes.iter().all(|class| class["queries"].as_u64() > Some(20)), "{figures}");
}

#[test]
fn a_made_up_corpus_is_measured_and_is_the_one_that_generate_writes() {
    let place = Workplace::with_corpus();
    // The user's settings do not touch it.
    place.write("yinde.toml", "lexicon = \"无.txt\"\n").write("temporary/keep", "");
    let bench = ["bench", "--size", "200KB", "--runs", "2", "--seed", "7", "--lexicon", "空.txt", "--json"];
    place.write("空.txt", "");
    let run = place.yinde(bench).env("TMPDIR", place.path("temporary"));
    let figures = run.json(0).remove(0);
    are_plausible(&figures);
    assert_eq!(figures["run_seconds"].as_array().map(Vec::len), Some(2));
    let corpus = &figures["corpus"];
    assert_eq!((corpus["origin"].as_str(), corpus["seed"].as_u64()), (Some("generated"), Some(7)));
    assert_eq!((corpus["size_bytes"].as_u64(), corpus["skipped"].as_u64()), (Some(200_000), Some(0)));
    assert_eq!(corpus["files"], corpus["reports"]);
    // Nothing is left behind, and the index at hand is as it was.
    assert_eq!(contents(&place.path("temporary")).len(), 1);
    assert!(place.path("index/meta.json").is_file());
    fs::remove_file(place.path("yinde.toml")).expect("removed");
    place.yinde(["generate", "仿", "--size", "200KB", "--seed", "7"]).ok();
    let files = contents(&place.path("仿"));
    let mut hasher = blake3::Hasher::new();
    files.values().for_each(|bytes| {
        hasher.update(bytes);
    });
    assert_eq!(corpus["blake3"].as_str(), Some(hasher.finalize().to_hex().as_str()));
    assert_eq!(corpus["files"].as_u64(), Some(files.len() as u64));
}

#[test]
fn an_archive_of_ones_own_is_measured_and_left_alone() {
    let place = Workplace::new();
    for (path, bytes) in contents(&corpus()) {
        let name = path.strip_prefix(corpus()).expect("below").to_string_lossy().into_owned();
        place.write(&format!("文库/{name}"), bytes);
    }
    place.write("文库/坏.pdf", b"%PDF-1.7 nothing").write("词表.txt", "产业社区\n");
    let before = contents(&place.path("文库"));
    let bench = ["bench", "文库", "--runs", "1", "--json", "--lexicon", "词表.txt"];
    let figures = place.yinde(bench).json(0).remove(0);
    are_plausible(&figures);
    assert_eq!(figures["corpus"]["folders"], serde_json::json!(["文库"]));
    assert_eq!(figures["corpus"]["skipped"], 1);
    assert_eq!(contents(&place.path("文库")), before);
    assert!(!place.path("index").exists());
    let shown = place.yinde(["bench", "--archive", "文库", "--runs", "1"]).ok();
    for told in ["文库，33 个文件", "未读 1 个", "MB/秒", "字/秒", "份/秒", "索引/文字", "冷启动", "p99", "相符"]
    {
        assert!(shown.contains(told), "{told}: {shown}");
    }
}

#[test]
fn what_cannot_be_measured_is_an_error_with_a_hint() {
    let place = Workplace::new();
    place.write("文库/空.txt", "").write("文库/临时/x", "");
    for (arguments, told) in [
        (&["bench", "--size", "很大"][..], "--size"),
        (&["bench", "--size", "0"], "--size"),
        (&["bench", "--size=-1MB"], "--size"),
        (&["bench", "--size", "99999999GB"], "--size"),
        (&["bench", "文库", "--size", "1MB"], "不能同时使用"),
        (&["bench", "--archive", "文库", "--size", "1MB"], "不能同时使用"),
        (&["bench", "--runs", "0"], "--runs"),
        (&["bench", "没有这个文件夹"], "没有这个文件夹"),
        (&["bench", "文库", "--runs", "1"], "没有可查的文字"),
        (&["bench", "文库", "--sidecar", "没有.csv"], "附注"),
    ] {
        let (stdout, stderr) = place.yinde(arguments).code(2);
        assert!(stdout.is_empty() && stderr.contains(told) && stderr.contains("hint:"), "{arguments:?}: {stderr}");
    }
    let (_, stderr) = place.yinde(["bench", "文库"]).env("TMPDIR", place.path("文库/临时")).code(2);
    assert!(stderr.contains("只读不写") && stderr.contains("TMPDIR"), "{stderr}");
    assert_eq!(contents(&place.path("文库")).len(), 2);
}
