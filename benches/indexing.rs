//! Measured: a whole build from files to commit (reading, clean-up, structure, segmentation, writing), in
//! bytes of files a second, on all threads. Corpus: 8 MB of made-up reports (sample archive, seed 1), one file
//! each. The dictionary is loaded anew each time. Checked: every report is in the index.

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

criterion_group!(benches, indexing);
criterion_main!(benches);
