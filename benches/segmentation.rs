//! Measured: the matching form, and segmentation of matching forms, in bytes of UTF-8 text a second on one
//! thread; beside it jieba-rs with the same words, on ready strings. Corpus: 2 MB of made-up reports (sample
//! archive, seed 1), or the lines of the text files of the folder named by `YINDE_TEXTS`. Loading the dictionary is
//! left out. Checked: both cut every form alike.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jieba_rs::Jieba;
use yinde::text::fold::{Folded, fold};
use yinde::text::lexicon;
use yinde::text::segment::{Scratch, Segmenter};

mod sample;

fn segmentation(criterion: &mut Criterion) {
    let texts = texts();
    let lines: Vec<&str> = texts.iter().flat_map(|text| text.lines()).collect();
    let bytes = lines.iter().map(|line| line.len() as u64).sum();
    let forms: Vec<Folded> = lines.iter().map(|line| fold(line)).collect();
    let strings: Vec<String> = forms.iter().map(Folded::text).collect();
    let segmenter = Segmenter::new();
    let mut jieba = Jieba::new();
    for word in lexicon::built_in() {
        jieba.add_word(&word, None, None);
    }
    let mut scratch = Scratch::default();
    let mut ends_of = |form: &Folded| {
        let mut ends = Vec::with_capacity(form.chars.len());
        segmenter.cut(&form.chars, &mut scratch, |end, _| ends.push(end));
        ends
    };
    for (form, string) in forms.iter().zip(&strings) {
        assert_eq!(ends_of(form), jieba.cut(string, false).iter().map(|token| token.end).collect::<Vec<_>>());
    }
    let mut group = criterion.benchmark_group("text");
    group.throughput(Throughput::Bytes(bytes)).sample_size(10);
    group
        .bench_function("matching form", |b| b.iter(|| lines.iter().map(|line| fold(line).chars.len()).sum::<usize>()));
    group.bench_function("segmentation", |b| {
        b.iter(|| forms.iter().map(|form| ends_of(form).len()).sum::<usize>());
    });
    group.bench_function("segmentation by jieba-rs", |b| {
        b.iter(|| strings.iter().map(|string| jieba.cut(string, false).len()).sum::<usize>());
    });
    group.finish();
}

fn texts() -> Vec<String> {
    let Some(folder) = std::env::var_os("YINDE_TEXTS") else {
        return sample::reports(2_000_000).into_iter().map(|report| report.text).collect();
    };
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect()
}

criterion_group!(benches, segmentation);
criterion_main!(benches);
