//! Measured: a whole build from files to commit (reading, clean-up, structure, segmentation, writing), in
//! bytes of files a second, on all threads; bringing the index up to date when one report has changed, and when
//! none has. Corpus: 8 MB of made-up reports (sample archive, seed 1), one file each. Checked: every report is in
//! the index, and as many were read again as had changed.

use std::fs;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use yinde::archive::{self, Order};

mod sample;

fn indexing(criterion: &mut Criterion) {
    let reports = sample::reports(8_000_000);
    let (_folder, path) = sample::files(&reports);
    let bytes = reports.iter().map(|report| report.text.len() as u64).sum();
    let mut group = criterion.benchmark_group("build");
    group.throughput(Throughput::Bytes(bytes)).sample_size(10);
    group.bench_function("files to commit", |b| {
        b.iter(|| {
            let index = tempfile::tempdir().expect("a folder");
            let summary =
                archive::update(&Order::new(vec![path.clone()], index.path().to_owned()), &|_| ()).expect("built");
            assert_eq!((summary.reports, summary.skipped.len()), (reports.len() as u64, 0));
        });
    });
    group.finish();
}

fn update(criterion: &mut Criterion) {
    let (_folder, path) = sample::files(&sample::reports(8_000_000));
    let index = tempfile::tempdir().expect("a folder");
    let order = Order::new(vec![path.clone()], index.path().to_owned());
    let run = || archive::update(&order, &|_| ()).expect("up to date").reports;
    run();
    let first = fs::read_dir(&path).expect("listed").flatten().next().expect("a file").path();
    let text = fs::read_to_string(&first).expect("read");
    let mut group = criterion.benchmark_group("update");
    group.sample_size(10);
    group.bench_function("nothing changed", |b| b.iter(|| assert_eq!(run(), 0)));
    let mut version = 0;
    group.bench_function("one report changed", |b| {
        b.iter(|| {
            version += 1;
            fs::write(&first, format!("{text}\n第{version}稿。\n")).expect("written");
            assert_eq!(run(), 1);
        });
    });
    group.finish();
}

criterion_group!(benches, indexing, update);
criterion_main!(benches);
