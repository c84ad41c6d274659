//! The exactness contract on the sample archive: counts equal a scan, for strings of every sort.

use std::collections::HashMap;

use yinde::generate::Random;

use super::harness::{Workplace, corpus};

fn scan(passages: &[Vec<char>], string: &[char]) -> (u64, u64) {
    let counts = passages.iter().map(|p| p.windows(string.len()).filter(|window| *window == string).count() as u64);
    counts.filter(|&count| count > 0).fold((0, 0), |(passages, total), count| (passages + 1, total + count))
}

#[test]
fn counts_equal_a_scan() {
    let place = Workplace::with_corpus();
    let dump = place.yinde(["dump"]).json(0);
    let passages: Vec<Vec<char>> =
        dump.iter().map(|line| line["matching"].as_str().expect("a form").chars().collect()).collect();
    let mut random = Random::new(7);
    let mut strings: Vec<Vec<char>> = Vec::new();
    while strings.len() < 2_000 {
        let passage = &passages[random.below(passages.len())];
        // Now and then one that is longer than most sentences.
        let longest = if random.below(10) == 0 { 150 } else { 30 };
        let length = 1 + random.below(longest);
        if let Some(last) = passage.len().checked_sub(length) {
            let start = random.below(last + 1);
            let mut string = passage[start..start + length].to_vec();
            // Some that occur nowhere.
            if random.below(6) == 0 {
                string.reverse();
            }
            strings.push(string);
        }
    }
    let frequent =
        ["的", "发展", "，", "十", "2", "社区", "产业社区", "年", "区人", "望澜区"].map(|s| s.chars().collect());
    strings.extend(frequent);
    let input: String = strings.iter().map(|s| format!("\"{}\"\n", s.iter().collect::<String>())).collect();
    let found = place.yinde(["search", "--batch", "-", "--count", "--json"]).input(input).json(0);
    assert_eq!(found.len(), strings.len());
    for (string, answer) in strings.iter().zip(&found) {
        let form: Vec<char> = answer["matching"].as_str().expect("one string").chars().collect();
        let got = (answer["passages"].as_u64().expect("a number"), answer["occurrences"].as_u64().expect("a number"));
        assert_eq!(got, scan(&passages, &form), "{}", string.iter().collect::<String>());
    }
}

#[test]
fn several_strings_are_found_in_the_same_passage() {
    let place = Workplace::with_corpus();
    let dump = place.yinde(["dump"]).json(0);
    let both = |a: &str, b: &str| {
        let holds = dump.iter().map(|line| line["matching"].as_str().expect("a form"));
        let found: Vec<&str> = holds.filter(|form| form.contains(a) && form.contains(b)).collect();
        let total: usize = found.iter().map(|form| form.matches(a).count() + form.matches(b).count()).sum();
        (found.len() as u64, total as u64)
    };
    for (a, b) in [("发展", "社区"), ("十五五", "规划"), ("人民", "法院"), ("年", "万")] {
        let found = place.yinde(["search", a, b, "--count", "--literal", "--json"]).json(0).remove(0);
        let got = (found["passages"].as_u64().expect("a number"), found["occurrences"].as_u64().expect("a number"));
        assert_eq!(got, both(a, b), "{a} {b}");
    }
}

#[test]
fn tiers_tell_whole_words_from_strings_across_them() {
    let place = Workplace::new();
    place
        .write("文库/一.txt", "某区工作报告\n\n人民政协。民政。工作，谋划“十五五”规划，学习十五大精神，十五届会议。\n");
    let count = |query: &str| {
        let found = place.yinde(["search", query, "--archive", "文库", "--count", "--json"]).json(0).remove(0);
        (found["tiers"]["whole"].as_u64().expect("a number"), found["tiers"]["cross"].as_u64().expect("a number"))
    };
    assert_eq!(count("民政"), (1, 1));
    assert_eq!(count("十五"), (0, 3));
    assert_eq!(count("十五五"), (1, 0));
    assert_eq!(count("十五五规划"), (1, 0));
    assert_eq!(count("人民政协"), (1, 0));
    assert_eq!(count("\"工作，谋划\""), (1, 0));
    assert_eq!(count("\"作，谋\""), (0, 1));
}

#[test]
fn reports_keep_their_identifiers_and_the_order_of_hits_is_stable() {
    let (first, second) = (Workplace::with_corpus(), Workplace::with_corpus());
    second.yinde(["index", "--archive"]).arg(corpus()).ok();
    let dump = |place: &Workplace| place.yinde(["dump"]).ok();
    assert!(dump(&first) == dump(&second), "dumps differ");
    let hits = |place: &Workplace| -> Vec<(String, u64)> {
        let found = place.yinde(["search", "发展", "--json", "--no-collapse", "-n", "200"]).json(0).remove(0);
        let hits = found["hits"].as_array().expect("hits").clone();
        hits.iter()
            .map(|hit| (hit["report"].as_str().expect("an id").to_owned(), hit["passage"].as_u64().expect("a number")))
            .collect()
    };
    assert_eq!(hits(&first), hits(&second));
    let mut seen: HashMap<(String, u64), u32> = HashMap::new();
    for hit in hits(&first) {
        *seen.entry(hit).or_default() += 1;
    }
    assert!(seen.values().all(|&count| count == 1));
}
