//! Measured: the matching form, and segmentation of matching forms, in bytes of UTF-8 text a second on one
//! thread. Corpus: 2 MB of made-up reports (sample archive, seed 1). Loading the dictionary is left out.
//! Checked: the words partition every form.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use yinde::text::fold::{Folded, fold};
use yinde::text::segment::Segmenter;

mod sample;

fn segmentation(criterion: &mut Criterion) {
    let reports = sample::reports(2_000_000);
    let lines: Vec<&str> = reports.iter().flat_map(|report| report.text.lines()).collect();
    let bytes = lines.iter().map(|line| line.len() as u64).sum();
    let forms: Vec<Folded> = lines.iter().map(|line| fold(line)).collect();
    let segmenter = Segmenter::new();
    for form in &forms {
        let ends = segmenter.word_ends(form);
        assert!(ends.is_sorted() && ends.last().copied().unwrap_or(0) == form.chars.len());
    }
    let mut group = criterion.benchmark_group("text");
    group.throughput(Throughput::Bytes(bytes)).sample_size(10);
    group
        .bench_function("matching form", |b| b.iter(|| lines.iter().map(|line| fold(line).chars.len()).sum::<usize>()));
    group.bench_function("segmentation", |b| {
        b.iter(|| forms.iter().map(|form| segmenter.word_ends(form).len()).sum::<usize>());
    });
    group.finish();
}

criterion_group!(benches, segmentation);
criterion_main!(benches);
