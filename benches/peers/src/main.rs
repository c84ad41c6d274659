//! Yinde beside a plain tantivy + tantivy-jieba index: how fast both are built and searched, how large
//! they are, and whether what they count is what stands in the texts.
//!
//! `peers DUMP.jsonl [--threads N] [--runs R]`
//!
//! # What is measured
//!
//! The *peer* is what a Rust programmer gets who follows the documentation of tantivy-jieba: one text
//! field, stored, indexed with frequencies and positions through `JiebaTokenizer::new()`; one document a
//! passage; strings searched as quoted phrases through tantivy's own `QueryParser`. Both engines stand on
//! the same tantivy and the same jieba-rs, so that the difference is what Yinde does on top.
//!
//! *Indexing.* Each run builds first a Yinde index and then a peer's, each in a fresh temporary folder,
//! from passages that are in memory already, handed over by one thread to the same number of indexing
//! threads with the same memory for each, up to the same commit, with merging threads waited for. Wall
//! time is the clock's, CPU time the user and system time of the process; size is that of all files in
//! the folder. The figures are medians over the runs.
//!
//! *Searching.* On the last indexes, each query is run once untimed and then fifty times; its time is
//! the median. A search reads the query, counts all passages and finds the best ten.
//!
//! *Exactness.* A scan over the matching forms of all passages, with nothing but `str::contains`, says
//! how many hold the string. Yinde has to count just that; the program fails otherwise. The queries are
//! their own matching forms. A second scan, over the texts as they stand (*verbatim*), is there to tell
//! two reasons apart for which the peer's count may be lower: what lies between it and *verbatim* is lost
//! to segmentation, what lies between *verbatim* and *scan* is lost because the peer does not fold.
//!
//! # On which corpus
//!
//! On any archive that was indexed: the dump holds its passages. The numbers depend on it, above all
//! the lengths of its passages and the words of its time; give the corpus when you give numbers.
//!
//! # Caveats
//!
//! - The engines do not do the same work. Yinde folds texts (widths, variants, quotes, spaces), keeps
//!   metadata, byte ranges and a header for each report, writes the word map of its own, and returns
//!   its ten hits as passages with report, spans and tier. The peer keeps the texts alone and returns ten
//!   addresses. Both weigh against Yinde in size and query time.
//! - The peer's tokenizer is left at its defaults, HMM and search mode, which adds the words inside words:
//!   about a quarter more tokens, and more time, than the best path without HMM that Yinde takes. This
//!   weighs against the peer in indexing; a peer set to less was not measured. Nor were other peers, such
//!   as an index of n-grams, which can be made exact.
//! - The peer loads its dictionary once a process, in its first run; Yinde loads its own in every run,
//!   which takes 0.1 s and more. With three runs the median peer has none of it; in a small corpus it shows.
//! - Yinde's reports are made from the dump, which does not hold everything: headings' structure, dates,
//!   sessions and levels are missing, so that an index of the real archive is somewhat larger. Reading
//!   and cleaning of files, which `yinde index` does as well, is not part of this.
//! - Counts of passages are compared, not the sets.
//! - CPU time is counted in hundredths of a second. Other work on the machine disturbs wall time and, by
//!   way of the caches, CPU time. Both engines share one process and one allocator. Queries are warm.
//! - A query that gives no tokens is no error in either engine: it finds nothing.

mod corpus;
mod engine;
mod measure;
mod table;

use std::io::{self, Write};
use std::path::PathBuf;
use std::thread;

use anyhow::{Context, Result, bail, ensure};

use crate::corpus::Corpus;
use crate::engine::{Engine, Peer, Yinde};
use crate::measure::Builds;
use crate::table::QueryRow;

/// Common words, names, new words, parts of words and strings across words. All are their own matching forms.
const QUERIES: [&str; 16] = [
    "发展",
    "中国",
    "人民",
    "乡村振兴",
    "新质生产力",
    "十五五",
    "产业社区",
    "产总值",
    "政协委员",
    "民政",
    "税",
    "人民代表大会常务委员会",
    "改革开放",
    "高质量发展",
    "2025年",
    "优化营商环境",
];

struct Arguments {
    dump: PathBuf,
    threads: usize,
    runs: usize,
}

impl Arguments {
    fn parse(mut given: impl Iterator<Item = String>) -> Result<Arguments> {
        const USAGE: &str = "usage: peers DUMP.jsonl [--threads N] [--runs R]";
        let mut threads = thread::available_parallelism().map_or(1, |n| n.get());
        let (mut dump, mut runs) = (None, 3);
        while let Some(argument) = given.next() {
            let mut number = || -> Result<usize> { Ok(given.next().context(USAGE)?.parse()?) };
            match argument.as_str() {
                "--threads" => threads = number().context("--threads")?,
                "--runs" => runs = number().context("--runs")?,
                option if option.starts_with('-') => bail!(USAGE),
                _ if dump.is_some() => bail!(USAGE),
                path => dump = Some(PathBuf::from(path)),
            }
        }
        ensure!(threads > 0 && runs > 0, "--threads and --runs begin at 1");
        Ok(Arguments { dump: dump.context(USAGE)?, threads, runs })
    }
}

fn main() -> Result<()> {
    let Arguments { dump, threads, runs } = Arguments::parse(std::env::args().skip(1))?;
    let corpus = Corpus::read(&dump)?;
    let (mut yinde, mut peer) = (Builds::default(), Builds::default());
    for run in 1..=runs {
        build::<Yinde>(&mut yinde, &corpus, threads, run)?;
        build::<Peer>(&mut peer, &corpus, threads, run)?;
    }
    let rows = search(&corpus, &yinde.open()?, &peer.open()?)?;
    print(&mut io::stdout().lock(), &corpus, threads, &rows, &yinde, &peer)?;
    let inexact: Vec<&str> = rows.iter().filter(|row| row.yinde.count != row.scan).map(|row| row.query).collect();
    ensure!(inexact.is_empty(), "Yinde does not count what the scan counts: {}", inexact.join(", "));
    Ok(())
}

/// Builds once and says on stderr how it went.
fn build<E: Engine>(builds: &mut Builds, corpus: &Corpus, threads: usize, run: usize) -> Result<()> {
    builds.run::<E>(corpus, threads).with_context(|| format!("indexing with {}", E::NAME))?;
    if let (Some(wall), Some(cpu)) = (builds.wall.last(), builds.cpu.last()) {
        eprintln!("run {run}, {}: wall {wall:.2} s, CPU {cpu:.2} s", E::NAME);
    }
    Ok(())
}

fn search(corpus: &Corpus, yinde: &Yinde, peer: &Peer) -> Result<Vec<QueryRow>> {
    let rows = QUERIES.iter().map(|&query| {
        Ok(QueryRow {
            query,
            scan: corpus.matching.iter().filter(|form| form.contains(query)).count() as u64,
            verbatim: corpus.texts().filter(|text| text.contains(query)).count() as u64,
            yinde: measure::search(yinde, query).with_context(|| format!("{query} with {}", Yinde::NAME))?,
            peer: measure::search(peer, query).with_context(|| format!("{query} with {}", Peer::NAME))?,
        })
    });
    rows.collect()
}

fn print(
    out: &mut dyn Write,
    corpus: &Corpus,
    threads: usize,
    rows: &[QueryRow],
    yinde: &Builds,
    peer: &Builds,
) -> Result<()> {
    writeln!(
        out,
        "{} reports, {} passages, {:.1} MB of text; indexing threads: {threads}; runs: {}. \
         Bold: the peer is better.\n",
        corpus.reports.len(),
        corpus.matching.len(),
        corpus.bytes() as f64 / 1e6,
        yinde.wall.len(),
    )?;
    table::engines(out, corpus.bytes(), rows, yinde, peer)?;
    writeln!(out)?;
    table::queries(out, rows)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_their_own_matching_forms() {
        for query in QUERIES {
            assert_eq!(yinde::text::fold::matching_form(query), query);
        }
    }

    #[test]
    fn arguments() -> Result<()> {
        let parse = |line: &str| Arguments::parse(line.split_whitespace().map(str::to_owned));
        let given = parse("--runs 5 dump.jsonl --threads 2")?;
        assert_eq!((given.dump, given.threads, given.runs), (PathBuf::from("dump.jsonl"), 2, 5));
        assert_eq!(parse("dump.jsonl")?.runs, 3);
        for wrong in ["", "a b", "a --runs", "a --runs x", "a --runs 0", "a --what"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        Ok(())
    }
}
