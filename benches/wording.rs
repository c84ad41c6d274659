//! Measured: `check` of a draft of 5,000 characters, the index open and warm. Corpus: 20 MB of made-up reports
//! (sample archive, seed 1); the drafts are paragraphs of it, as they stand and with every ninth character left
//! out. Checked: the first draft is verbatim throughout, of the second less than half.

use criterion::{Criterion, criterion_group, criterion_main};
use yinde::archive::Archive;
use yinde::model::Role;
use yinde::wording::check::Options;
use yinde::wording::draft::Draft;

mod sample;

/// Characters of a draft.
const CHARACTERS: usize = 5_000;

/// Paragraphs of whole sentences of an archive, about so many characters of them.
fn paragraphs(archive: &Archive) -> String {
    let mut text = String::new();
    for report in archive.reports().expect("intact") {
        for passage in report.passages() {
            let (_, passage) = passage.expect("intact");
            let is_whole = passage.role == Role::Paragraph && passage.text.ends_with('。');
            if is_whole && text.chars().count() < CHARACTERS {
                text += &passage.text;
            }
        }
    }
    text
}

fn wording(criterion: &mut Criterion) {
    let reports = sample::reports(20_000_000);
    let (_folder, path) = sample::files(&reports);
    let (_index, archive) = sample::indexed(&path);
    let verbatim = paragraphs(&archive);
    let without = |(i, c): (usize, char)| (i % 9 != 8 || !c.is_alphanumeric()).then_some(c);
    let altered: String = verbatim.chars().enumerate().filter_map(without).collect();
    let check = |text: &str| archive.check(&Draft::of_text(text), &Options::default()).expect("intact").summary;
    let found = check(&verbatim);
    assert_eq!(found.verbatim + found.formula, found.sentences);
    assert!(check(&altered).verbatim * 2 < found.verbatim);
    let mut group = criterion.benchmark_group("check 5,000 characters");
    group.sample_size(20);
    group.bench_function("verbatim", |b| b.iter(|| check(&verbatim).sentences));
    group.bench_function("altered", |b| b.iter(|| check(&altered).sentences));
    group.finish();
}

criterion_group!(benches, wording);
criterion_main!(benches);
