//! Measured: one literal query with counts and ten hits, the index open and warm; and opening the index and
//! asking once, the files cached by the system. Corpus: 20 MB of made-up reports (sample archive, seed 1).
//! Checked: passages and occurrences equal a scan of the matching forms.

use criterion::{Criterion, criterion_group, criterion_main};
use yinde::archive::Archive;
use yinde::query::Query;
use yinde::search::Options;
use yinde::text::fold::matching_form;

mod sample;

const QUERIES: [&str; 8] =
    ["发展", "产业社区", "十五五", "新质生产力", "民政", "的", "人民代表大会常务委员会", "发展 改革"];

fn query(criterion: &mut Criterion) {
    let reports = sample::reports(20_000_000);
    let (_folder, path) = sample::files(&reports);
    let (index, archive) = sample::indexed(&path);
    let forms: Vec<String> = archive
        .reports()
        .expect("intact")
        .iter()
        .flat_map(|report| report.passages().map(|p| matching_form(&p.expect("intact").1.text)).collect::<Vec<_>>())
        .collect();
    let mut group = criterion.benchmark_group("literal query");
    for text in QUERIES {
        let query = Query::parse(text);
        let ask = |archive: &Archive| archive.search(&query, &Options::default()).expect("intact");
        let found = ask(&archive);
        let holding: Vec<&String> =
            forms.iter().filter(|form| query.strings().iter().all(|s| form.contains(*s))).collect();
        let count = |form: &String| query.strings().iter().map(|s| form.matches(*s).count() as u64).sum::<u64>();
        let occurrences = holding.iter().map(|form| count(form)).sum();
        assert_eq!((found.passages, found.occurrences), (holding.len() as u64, occurrences), "{text}");
        group.bench_function(format!("warm {text}"), |b| b.iter(|| ask(&archive).passages));
    }
    group.bench_function("open and ask 十五五", |b| {
        let query = Query::parse("十五五");
        b.iter(|| {
            let archive = Archive::open(index.path()).expect("opened");
            archive.search(&query, &Options::default()).expect("intact").passages
        });
    });
    group.finish();
}

criterion_group!(benches, query);
criterion_main!(benches);
