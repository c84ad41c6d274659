//! Not a time but a likeness: how close made-up reports come to a real archive in what indexing and search
//! depend on. Both are cut to the same number of words. Corpus: made-up reports (sample archive, seed 1)
//! against the folder named by `YINDE_CLOSENESS` (an archive of plain text files); without it, the sample
//! archive itself. Prints a table; asserts that the made-up text is not one sentence repeated.

#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use yinde::archive::Archive;
use yinde::text::fold::fold;
use yinde::text::segment::Segmenter;

mod sample;

/// What a text looks like to an index.
struct Likeness {
    rows: Vec<(&'static str, f64)>,
}

fn passages(archive: &Archive) -> Vec<String> {
    let reports = archive.reports().expect("intact");
    reports.iter().flat_map(|r| r.passages().map(|p| p.expect("intact").1.text).collect::<Vec<_>>()).collect()
}

fn likeness(passages: &[String], segmenter: &Segmenter, most: usize) -> (usize, Likeness) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut pairs: HashSet<(char, char)> = HashSet::new();
    let (mut words, mut characters, mut single, mut used) = (0, 0, 0, 0);
    for passage in passages {
        if words >= most {
            break;
        }
        used += 1;
        let folded = fold(passage);
        pairs.extend(folded.chars.windows(2).map(|pair| (pair[0], pair[1])));
        characters += folded.chars.len();
        let mut start = 0;
        for end in segmenter.word_ends(&folded) {
            words += 1;
            single += usize::from(end - start == 1);
            *counts.entry(folded.chars[start..end].iter().collect()).or_default() += 1;
            start = end;
        }
    }
    let mut frequencies: Vec<usize> = counts.into_values().collect();
    frequencies.sort_unstable_by(|a, b| b.cmp(a));
    let share = |top: usize| frequencies.iter().take(top).sum::<usize>() as f64 / words as f64;
    let once = frequencies.iter().filter(|&&count| count == 1).count() as f64;
    let rows = vec![
        ("different words per 1,000 words", frequencies.len() as f64 * 1e3 / words as f64),
        ("share of words used once", once / frequencies.len() as f64),
        ("share of text in the 10 commonest words", share(10)),
        ("share of text in the 100 commonest words", share(100)),
        ("share of text in the 1,000 commonest words", share(1_000)),
        ("share of text in the 10,000 commonest words", share(10_000)),
        ("share of one-character words", single as f64 / words as f64),
        ("characters a word", characters as f64 / words as f64),
        ("different character pairs per 1,000 characters", pairs.len() as f64 * 1e3 / characters as f64),
        ("characters a passage", characters as f64 / used as f64),
    ];
    (words, Likeness { rows })
}

fn main() {
    let segmenter = Segmenter::new();
    let real = std::env::var_os("YINDE_CLOSENESS").map(PathBuf::from);
    let (_index, archive) = real.as_deref().map_or_else(sample::corpus, sample::indexed);
    let (words, of_real) = likeness(&passages(&archive), &segmenter, 2_000_000);
    let (_folder, path) = sample::files(&sample::reports(20_000_000));
    let (_index, archive) = sample::indexed(&path);
    let (_, of_generated) = likeness(&passages(&archive), &segmenter, words);
    println!("| {words} words | real | made up |\n|---|---|---|");
    for ((name, real), (_, generated)) in of_real.rows.iter().zip(&of_generated.rows) {
        println!("| {name} | {real:.3} | {generated:.3} |");
    }
    assert!(of_generated.rows[0].1 > 5.0, "the vocabulary does not grow");
}
