//! What a new user sees: first run, output for people, errors with hints, exit codes.

use super::harness::{Workplace, corpus};

#[test]
fn the_first_search_builds_the_index_and_the_second_only_searches() {
    let place = Workplace::new();
    let first = place.yinde(["search", "十五五"]).env("YINDE_ARCHIVE", corpus()).ok();
    assert!(first.contains("十五五") && first.contains("出处：") && first.contains("处（整词"), "{first}");
    assert!(place.path("index/meta.json").is_file());
    // The archive is not walked again: it need not even be there.
    let second = place.yinde(["search", "十五五"]).env("YINDE_ARCHIVE", "nowhere").ok();
    let without_time = |text: &str| text.split("；用时").next().expect("something").to_owned();
    assert_eq!(without_time(&first), without_time(&second));
}

#[test]
fn exit_codes_tell_found_nothing_and_error() {
    let place = Workplace::with_corpus();
    place.yinde(["search", "产业社区"]).code(0);
    let (stdout, _) = place.yinde(["search", "龘龘龘"]).code(1);
    assert!(stdout.contains("没有找到"));
    let (_, stderr) = place.yinde(["search", "发展", "--index", "无此索引", "--archive", "无此文库"]).code(2);
    assert!(stderr.contains("hint:") && stderr.contains("无此文库"), "{stderr}");
    let (_, stderr) = place.yinde(["show", "没有的报告"]).code(2);
    assert!(stderr.contains("没有这份报告") && stderr.contains("hint:"), "{stderr}");
    let (_, stderr) = place.yinde(["search", "发展", "--year", "去年"]).code(2);
    assert!(stderr.contains("--year") && stderr.contains("hint:"), "{stderr}");
}

#[test]
fn help_is_in_chinese() {
    let place = Workplace::new();
    let help = place.yinde(["--help"]).ok();
    for word in ["用法", "命令", "通用选项", "建立或更新索引"] {
        assert!(help.contains(word), "{help}");
    }
}

#[test]
fn narrow_terminals_and_no_color_are_respected() {
    let place = Workplace::with_corpus();
    let shown = place.yinde(["search", "产业社区", "-n", "3"]).env("COLUMNS", "40").env("NO_COLOR", "1").ok();
    assert!(!shown.contains('\u{1b}'), "{shown}");
    assert!(shown.contains("【产业社区】"), "{shown}");
    for line in shown.lines().filter(|line| line.starts_with("    ") && !line.contains("出处") && !line.contains('›'))
    {
        let columns: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        assert!(columns <= 48, "{columns} columns: {line}");
    }
}

#[test]
fn a_broken_pipe_is_no_error() {
    use std::io::Read;
    use std::process::{Command, Stdio};
    let place = Workplace::with_corpus();
    let mut child = Command::new(env!("CARGO_BIN_EXE_yinde"))
        .args(["dump", "--index"])
        .arg(place.path("index"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdout = child.stdout.take().expect("piped");
    let mut some = [0; 100];
    stdout.read_exact(&mut some).expect("some output");
    drop(stdout);
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn show_and_stats_know_the_reports() {
    let place = Workplace::with_corpus();
    let whole = place.yinde(["show", "望澜区2018年政府工作报告"]).ok();
    assert!(whole.contains("2018年  政府工作报告  望澜区人民政府"), "{whole}");
    let one = place.yinde(["show", "望澜区2018年政府工作报告#3"]).ok();
    assert!(one.contains("字节"), "{one}");
    place.yinde(["show", "望澜区2018年政府工作报告#9999"]).code(2);
    let stats = &place.yinde(["stats", "--json"]).json(0)[0];
    assert!(stats["reports"].as_u64() >= Some(24) && stats["kind"].as_object().expect("kinds").len() >= 6, "{stats}");
    assert_eq!(stats["skipped"], 0);
}

#[test]
fn a_folder_that_is_no_index_is_left_alone() {
    let place = Workplace::new();
    place.write("文稿/要紧.txt", "不可丢失");
    let (_, stderr) = place.yinde(["index", "--index", "文稿", "--archive"]).arg(corpus()).code(2);
    assert!(stderr.contains("hint:"), "{stderr}");
    assert_eq!(std::fs::read_to_string(place.path("文稿/要紧.txt")).expect("there"), "不可丢失");
    // A file that happens to be called as one of an index's.
    place.write("另一/meta.json", "{}");
    place.yinde(["index", "--index", "另一", "--archive"]).arg(corpus()).code(2);
    assert_eq!(std::fs::read_to_string(place.path("另一/meta.json")).expect("there"), "{}");
}

#[test]
fn an_index_that_is_damaged_or_of_another_format_says_so_and_is_rebuilt() {
    let place = Workplace::with_corpus();
    let meta = place.path("index/meta.json");
    let text = std::fs::read_to_string(&meta).expect("there");
    let format = format!(r#"\"format\":{}"#, yinde::index::FORMAT);
    std::fs::write(&meta, text.replace(&format, r#"\"format\":999"#)).expect("written");
    let (_, stderr) = place.yinde(["search", "发展"]).code(2);
    assert!(stderr.contains("格式") && stderr.contains("hint:"), "{stderr}");
    std::fs::write(&meta, "{").expect("written");
    let (_, stderr) = place.yinde(["search", "发展"]).code(2);
    assert!(stderr.contains("hint:"), "{stderr}");
    place.yinde(["index", "--archive"]).arg(corpus()).ok();
    place.yinde(["search", "发展"]).ok();
}
