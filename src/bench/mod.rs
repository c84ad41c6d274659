//! A benchmark that anyone can run: how fast an archive is indexed and asked, and whether the answers are right.
//!
//! Measured: building the index of a made-up corpus, or of the user's own folders, in processes of the program itself
//! (`program`); then queries drawn from the index (`queries`), each checked against a scan (`scan`), asked one at a time
//! and on all threads (`asking`), and in fresh processes. The system's file cache is warm for all of it. Folders are only
//! read; everything is written in a temporary folder that is removed. Figures are plain data (`figures`); showing them
//! belongs to `cli`. Criterion benches for developers stand in `benches/`.

mod asking;
pub mod corpus;
pub mod figures;
mod machine;
pub mod program;
pub mod queries;
mod sample;
mod scan;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use self::asking::Times;
use self::corpus::Written;
pub use self::figures::Figures;
use self::figures::{ClassFigures, Corpus, Origin, Quantiles, Throughput};
use self::machine::{Machine, cores};
use self::program::{Build, Program};
use self::queries::{Class, Drawn};
use crate::archive::{Archive, View};
use crate::error::Error;
use crate::search::Count;

/// How often a fresh process is started, each time with another query.
const STARTS: usize = 11;

/// What is to be measured.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The program that builds and answers, and the options it gets.
    pub program: Program,
    /// What is indexed.
    pub subject: Subject,
    /// How often the index is built, at least once.
    pub runs: usize,
    /// What the corpus is made up and the queries are drawn by.
    pub seed: u64,
    /// Which reports count.
    pub view: View,
}

/// What is indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A corpus that is made up until it has so many bytes; the user's settings do not touch it.
    Generated {
        /// Bytes.
        size: u64,
    },
    /// The user's own folders.
    Folders(Vec<PathBuf>),
}

/// How far a benchmark has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The corpus is being made up.
    Generating,
    /// The index is being built, for the time of this number from 1.
    Building(usize),
    /// Queries are being drawn and their answers counted by a scan.
    Scanning,
    /// Queries are being asked.
    Asking,
    /// Fresh processes are being started.
    Starting,
}

/// Runs a benchmark.
///
/// # Errors
/// If a folder cannot be read, the temporary folder cannot be written or lies in the archive, the program fails, an
/// answer is wrong, or there is nothing to ask for.
pub fn run(plan: &Plan, step: &dyn Fn(Step)) -> Result<Figures, Error> {
    let place = temporary()?;
    let mut program = plan.program.clone();
    let (folders, written) = match &plan.subject {
        Subject::Folders(folders) => {
            folders.iter().try_for_each(|folder| keep_out(folder, place.path()))?;
            (folders.clone(), None)
        }
        Subject::Generated { size } => {
            step(Step::Generating);
            let (folder, written) = generated(*size, plan.seed, place.path())?;
            program = Program { options: Vec::new(), apart: Some(place.path().to_owned()), ..program };
            (vec![folder], Some(written))
        }
    };
    let (index, builds) = build(&program, &folders, plan.runs, place.path(), step)?;
    if let (Some(written), Some(build)) = (&written, builds.last()) {
        check_read(written, build)?;
    }
    let origin = match (&plan.subject, written) {
        (Subject::Generated { size }, Some(written)) => {
            Origin::Generated { seed: plan.seed, size_bytes: *size, blake3: written.blake3 }
        }
        _ => Origin::Folders { folders: folders.iter().map(|folder| folder.display().to_string()).collect() },
    };
    let asked = Asked::of(plan, &program, &index, step)?;
    Ok(figures(plan, origin, &builds, asked))
}

/// A temporary folder, in which a settings file without settings keeps those above it away.
fn temporary() -> Result<TempDir, Error> {
    let unwritable = |error: io::Error| Error::Unwritable { path: std::env::temp_dir(), reason: error.to_string() };
    let place = tempfile::Builder::new().prefix("yinde-bench-").tempdir().map_err(unwritable)?;
    fs::write(place.path().join("yinde.toml"), "").map_err(unwritable)?;
    Ok(place)
}

/// Makes sure that an archive is there and that nothing will be written into it.
fn keep_out(folder: &Path, place: &Path) -> Result<(), Error> {
    let unreadable = |source: io::Error| Error::Archive { path: folder.to_owned(), source };
    let whole = |path: &Path| path.canonicalize().map_err(unreadable);
    if whole(place)?.starts_with(whole(folder)?) {
        return Err(Error::Benchmark {
            reason: format!("临时文件夹 {} 在文库里，而文库只读不写", std::env::temp_dir().display()),
            next: "用环境变量 TMPDIR 指定文库以外的临时文件夹".to_owned(),
        });
    }
    Ok(())
}

/// Makes the corpus up, in a folder below `place`.
fn generated(size: u64, seed: u64, place: &Path) -> Result<(PathBuf, Written), Error> {
    let (sample, folder) = (place.join("sample"), place.join("corpus"));
    let model = corpus::sample_model(&sample)?;
    let unwritable = |error: io::Error| Error::Unwritable { path: folder.clone(), reason: error.to_string() };
    let written = corpus::write(&model, seed, size, &folder).map_err(unwritable)?;
    fs::remove_dir_all(&sample).map_err(unwritable)?;
    Ok((folder, written))
}

/// Builds the index so many times; returns the last one's folder, and what each build told.
fn build(
    program: &Program,
    folders: &[PathBuf],
    runs: usize,
    place: &Path,
    step: &dyn Fn(Step),
) -> Result<(PathBuf, Vec<Build>), Error> {
    let index = place.join("index");
    let mut builds = Vec::new();
    for run in 1..=runs.max(1) {
        step(Step::Building(run));
        if index.exists() {
            let unwritable = |error: io::Error| Error::Unwritable { path: index.clone(), reason: error.to_string() };
            fs::remove_dir_all(&index).map_err(unwritable)?;
        }
        builds.push(program.index(folders, &index)?);
    }
    Ok((index, builds))
}

/// Every made-up report has to be in the index.
fn check_read(written: &Written, build: &Build) -> Result<(), Error> {
    let expected = (written.files, written.bytes, written.files, 0);
    if (build.files, build.bytes, build.reports, build.skipped.len()) == expected {
        return Ok(());
    }
    Err(Error::Benchmark {
        reason: format!("生成了 {} 份报告，读出 {} 份", written.files, build.reports),
        next: "这是程序的错误，请连同命令报告给开发者".to_owned(),
    })
}

/// The index having been asked.
struct Asked {
    queries: Vec<Drawn>,
    counts: Vec<Count>,
    text_bytes: u64,
    times: Times,
    cold_start_ms: f64,
}

impl Asked {
    fn of(plan: &Plan, program: &Program, index: &Path, step: &dyn Fn(Step)) -> Result<Asked, Error> {
        step(Step::Scanning);
        let archive = Archive::open_with(index, plan.view)?;
        let queries = queries::draw(&archive, plan.seed)?;
        if queries.is_empty() {
            return Err(Error::Benchmark {
                reason: "文库里没有可查的文字".to_owned(),
                next: "指定存放报告的文件夹，或不写文件夹，用生成的仿报告测".to_owned(),
            });
        }
        let scanned = scan::scan(&Archive::open_with(index, View::All)?, plan.view, &queries)?;
        step(Step::Asking);
        let times = asking::ask(&archive, &queries, &scanned.counts)?;
        step(Step::Starting);
        let cold_start_ms = cold_start(program, &queries, &scanned.counts, index)?;
        Ok(Asked { queries, counts: scanned.counts, text_bytes: scanned.text_bytes, times, cold_start_ms })
    }

    /// The figures of a class of queries.
    fn class(&self, class: Class) -> ClassFigures {
        let of_class = || (0..self.queries.len()).filter(|&number| self.queries[number].class == class);
        let times = of_class().flat_map(|number| self.times.milliseconds[number].iter().copied());
        let mut passages: Vec<u64> = of_class().map(|number| self.counts[number].passages).collect();
        passages.sort_unstable();
        ClassFigures {
            class,
            queries: passages.len(),
            median_passages: passages.get(passages.len() / 2).copied().unwrap_or_default(),
            query_ms: Quantiles::of(times),
        }
    }
}

/// Median milliseconds of fresh processes, each answering one of the first queries without conditions.
fn cold_start(program: &Program, queries: &[Drawn], counts: &[Count], index: &Path) -> Result<f64, Error> {
    let mut times = Vec::new();
    let asked = queries.iter().zip(counts).filter(|(drawn, _)| drawn.filter.is_empty());
    for (drawn, &expected) in asked.cycle().take(STARTS) {
        let (passages, elapsed) = program.search(&drawn.query.text, index)?;
        if passages != expected.passages {
            return Err(asking::wrong(drawn, Count { passages, ..expected }, expected));
        }
        times.push(elapsed.as_secs_f64() * 1e3);
    }
    Ok(Quantiles::of(times).p50)
}

fn figures(plan: &Plan, origin: Origin, builds: &[Build], asked: Asked) -> Figures {
    let mut by_time: Vec<&Build> = builds.iter().collect();
    by_time.sort_by(|a, b| a.seconds.total.total_cmp(&b.seconds.total));
    let build = by_time[(by_time.len() - 1) / 2];
    let times = || asked.times.milliseconds.iter().flatten().copied();
    Figures {
        version: env!("CARGO_PKG_VERSION"),
        profile: if cfg!(debug_assertions) { "debug" } else { "release" },
        machine: Machine::this(),
        corpus: Corpus {
            origin,
            files: build.files,
            file_bytes: build.bytes,
            skipped: build.skipped.len(),
            reports: build.reports,
            copies: build.copies,
            passages: build.passages,
            characters: build.characters,
            text_bytes: asked.text_bytes,
        },
        seed: plan.seed,
        runs: builds.len(),
        run_seconds: builds.iter().map(|build| build.seconds.total).collect(),
        threads: build.threads,
        mb_per_second: build.mb_per_second,
        characters_per_second: build.characters as f64 / build.seconds.total,
        reports_per_second: build.reports_per_second,
        stage_seconds: build.seconds,
        peak_memory_bytes: builds.iter().filter_map(|build| build.peak_memory).max(),
        index_bytes: build.index_size,
        index_ratio: build.index_size as f64 / asked.text_bytes as f64,
        cold_start_ms: asked.cold_start_ms,
        query_ms: Quantiles::of(times()),
        queries_per_second: Throughput {
            one_at_a_time: times().count() as f64 * 1e3 / times().sum::<f64>(),
            all_threads: asked.times.together_per_second,
            threads: cores(),
        },
        query_classes: Class::ALL.into_iter().map(|class| asked.class(class)).collect(),
        queries_checked: asked.queries.len(),
    }
}
