//! Queries and scan on an index of the sample archive; the whole command is tested in `tests/cli`.

use std::path::Path;

use tempfile::TempDir;

use super::queries::{Class, Drawn, draw};
use super::scan::scan;
use super::{asking, keep_out};
use crate::archive::{self, Archive, Order, View};
use crate::text::fold::matching_form;

fn sample() -> (TempDir, Archive) {
    let index = tempfile::tempdir().expect("a folder");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    archive::update(&Order::new(vec![corpus], index.path().to_owned()), &|_| ()).expect("built");
    let archive = Archive::open(index.path()).expect("opened");
    (index, archive)
}

fn texts(drawn: &[Drawn]) -> Vec<&str> {
    drawn.iter().map(|drawn| drawn.query.text.as_str()).collect()
}

#[test]
fn queries_are_told_by_the_seed_and_every_class_is_there() {
    let (_index, archive) = sample();
    let (first, again, other) = (draw(&archive, 1), draw(&archive, 1), draw(&archive, 2));
    let (first, again, other) = (first.expect("intact"), again.expect("intact"), other.expect("intact"));
    assert_eq!(texts(&first), texts(&again));
    assert_ne!(texts(&first), texts(&other));
    for class in Class::ALL {
        let of_class: Vec<&Drawn> = first.iter().filter(|drawn| drawn.class == class).collect();
        assert!(of_class.len() >= 50, "{class:?}: {}", of_class.len());
        for drawn in of_class {
            assert_eq!(drawn.query.strings().len(), if class == Class::BothStrings { 2 } else { 1 });
            assert_eq!(drawn.filter.is_empty(), class != Class::Filtered);
        }
    }
}

#[test]
fn the_scan_counts_what_a_plain_one_counts_and_the_index_agrees() {
    let (index, archive) = sample();
    let all = Archive::open_with(index.path(), View::All).expect("opened");
    let queries = draw(&archive, 3).expect("intact");
    let found = scan(&all, View::Main, &queries).expect("intact");
    let mut forms = Vec::new();
    let mut bytes = 0;
    for report in all.reports().expect("intact") {
        for passage in report.passages() {
            let (_, passage) = passage.expect("intact");
            bytes += passage.text.len() as u64;
            if !report.is_copy() {
                forms.push(matching_form(&passage.text).chars().collect::<Vec<char>>());
            }
        }
    }
    assert_eq!(found.text_bytes, bytes);
    for (drawn, count) in queries.iter().zip(&found.counts).filter(|(drawn, _)| drawn.class == Class::String) {
        let string: Vec<char> = drawn.query.strings()[0].chars().collect();
        let in_each = forms.iter().map(|form| form.windows(string.len()).filter(|w| *w == string).count() as u64);
        let holding: Vec<u64> = in_each.filter(|count| *count > 0).collect();
        let plain = (holding.len() as u64, holding.iter().sum());
        assert_eq!((count.passages, count.occurrences), plain, "{}", drawn.query.text);
    }
    let times = asking::ask(&archive, &queries, &found.counts).expect("every answer is right");
    assert!(times.milliseconds.iter().all(|times| times.len() == asking::REPEATS));
    let mut wrong = found.counts.clone();
    wrong[5].occurrences += 1;
    let error = asking::ask(&archive, &queries, &wrong).expect_err("a wrong answer");
    assert!(error.to_string().contains(&queries[5].query.text), "{error}");
}

#[test]
fn a_temporary_folder_inside_the_archive_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let (archive, inside) = (place.path().join("文库"), place.path().join("文库/临时"));
    std::fs::create_dir_all(&inside).expect("made");
    assert!(keep_out(&archive, &inside).is_err());
    assert!(keep_out(&inside, &archive).is_ok());
    assert!(keep_out(&place.path().join("无"), &inside).expect_err("not there").to_string().contains('无'));
}
