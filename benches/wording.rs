//! Measured: `check` of a draft of 5,000 characters, the index open and warm. Corpus: 20 MB of made-up reports
//! (sample archive, seed 1); the drafts are sentences of it, as they stand and with every ninth character left
//! out. Checked: the first draft is verbatim throughout, of the second nothing is.

use criterion::{Criterion, criterion_group, criterion_main};
use yinde::archive::Archive;
use yinde::model::Role;
use yinde::wording::check::Options;
use yinde::wording::draft::Draft;

mod sample;

/// Characters of a draft.
const CHARACTERS: usize = 5_000;

/// Sentences of an archive, so many characters of them.
fn sentences(archive: &Archive) -> String {
    let mut text = String::new();
    for report in archive.reports().expect("intact") {
        for passage in report.passages() {
            let (_, passage) = passage.expect("intact");
            if passage.role == Role::Paragraph && text.chars().count() < CHARACTERS {
                text += &passage.text;
            }
        }
    }
    text.chars().take(CHARACTERS).collect()
}

fn wording(criterion: &mut Criterion) {
    let reports = sample::reports(20_000_000);
    let (_folder, path) = sample::files(&reports);
    let (_index, archive) = sample::indexed(&path);
    let verbatim = sentences(&archive);
    let without = |(i, c): (usize, char)| (i % 9 != 8 || !c.is_alphanumeric()).then_some(c);
    let altered: String = verbatim.chars().enumerate().filter_map(without).collect();
    let check = |text: &str| archive.check(&Draft::of_text(text), &Options::default()).expect("intact").summary;
    let found = check(&verbatim);
    // The last sentence is cut off somewhere, which leaves it verbatim.
    assert_eq!(found.verbatim + found.formula, found.sentences);
    assert!(check(&altered).verbatim * 20 < found.sentences);
    let mut group = criterion.benchmark_group("check 5,000 characters");
    group.sample_size(20);
    group.bench_function("verbatim", |b| b.iter(|| check(&verbatim).sentences));
    group.bench_function("altered", |b| b.iter(|| check(&altered).sentences));
    group.finish();
}

criterion_group!(benches, wording);
criterion_main!(benches);
