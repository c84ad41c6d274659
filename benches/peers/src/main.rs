//! Yinde beside its peers on the same passages, in one go: how fast each is built and searched, how large it
//! is, and whether what it counts is what stands in the texts.
//!
//! `peers (DUMP.jsonl | --generate SIZE [--seed N] [--save DUMP.jsonl]) [--engines A,B…] [--threads N]
//! [--runs R] [--searches S]`
//!
//! # What is measured
//!
//! *Engines.* Yinde, plain tantivy + tantivy-jieba, SQLite FTS5 by single characters and by trigrams,
//! SeekStorm with its Chinese tokenizer, and ripgrep without an index. The head of each file in `engines/` says
//! with which settings and why.
//!
//! *Indexing.* In each run every engine builds its index once, in turn, each in a fresh temporary folder, from
//! passages that are in memory already, handed over by one thread to as many indexing threads and as much
//! memory as the engine can take, up to the finished commit, with merging waited for. Wall time is the clock's,
//! CPU time the user and system time of the process; size is that of all files in the folder. The figures are
//! medians over the runs; the order turns by one engine each run.
//!
//! *Searching.* On the last indexes, warm, the engines take turns in blocks: each block is one search untimed
//! and some timed, and then the same for counting alone. A search reads the query, counts all passages and
//! finds the best ten. The time of a string is the median of its searches; *query ms* is the median over the
//! strings, *slowest ms* the largest of them, *p99 ms* the 99th percentile of all single searches; *count ms*
//! is like *query ms*, for counting without hits.
//!
//! *Exactness.* A scan over the matching forms of all passages, with nothing but `str::contains`, says how many
//! hold the string: *exact* is for how many strings an engine counts just that, *recall* the sum of the
//! smaller of both counts over the sum of the scan's. Yinde has to be exact; the program fails otherwise. The
//! strings are their own matching forms. A second scan, over the texts as they stand (*verbatim*), tells two
//! reasons apart for which an engine that indexes these may count less: what lies between it and *verbatim*
//! is lost to segmentation, what lies between *verbatim* and *scan* is lost because it does not fold.
//!
//! # On which corpus
//!
//! On any archive that was indexed: the dump holds its passages. The numbers depend on it, above all the
//! lengths of its passages and the words of its time; give the corpus when you give numbers. Without an
//! archive, `--generate` makes one that anyone can make again.
//!
//! # Caveats
//!
//! - The engines do not do the same work. Yinde folds texts (widths, variants, quotes, spaces), keeps metadata,
//!   byte ranges and a header for each report, and returns its ten hits as passages with report, spans and tier.
//!   tantivy-jieba and SeekStorm keep and index the texts as they stand and return addresses. Both weigh against
//!   Yinde in size and time.
//! - SQLite and ripgrep are given the matching forms, so that they can be exact; the time of folding is not
//!   counted for them, and without it they would miss what is lost between *verbatim* and *scan*. They too
//!   return addresses or only a count. This weighs against Yinde as well.
//! - SQLite uses one thread for building, SeekStorm several for one search; the others build with `--threads`
//!   and search with one.
//! - tantivy-jieba loads its dictionary once a process, in its first run; Yinde and SeekStorm load theirs in
//!   every run, which takes 0.1 s and more. In a small corpus it shows.
//! - ripgrep's time is that of a whole process, the others' that of a call in a process that goes on.
//! - Yinde's reports are made from the dump, which does not hold everything: headings' structure, dates,
//!   sessions and levels are missing, so that an index of the real archive is somewhat larger. Reading and
//!   cleaning of files, which `yinde index` does as well, is not part of this.
//! - Counts of passages are compared, not the sets, nor the ranking.
//! - CPU time is counted in hundredths of a second. Other work on the machine disturbs wall time and, by way
//!   of the caches, CPU time. All engines but ripgrep share one process and one allocator.

mod arguments;
mod corpus;
mod engine;
mod engines;
mod measure;
mod table;

use std::io::{self, Write};

use anyhow::{Context, Result, bail, ensure};

use crate::arguments::{Arguments, Source};
use crate::corpus::Corpus;
use crate::engine::Engine;
use crate::table::{Figures, QueryRow};

/// Common words, names, new words, parts of words and strings across words, one a line. All are their own
/// matching forms. The scripts search them too.
const QUERIES: &str = include_str!("../queries.txt");

/// The engine that the others are compared with.
const BASE: &str = "yinde";

fn main() -> Result<()> {
    let Arguments { source, engines, threads, runs, searches } = Arguments::parse(std::env::args().skip(1))?;
    let Chosen { engines, missing } = Chosen::by_name(&engines)?;
    let corpus = read(source)?;
    let builds = measure::builds(&engines, &corpus, threads, runs)?;
    let queries: Vec<&str> = QUERIES.lines().collect();
    let found = measure::searches(&engines, &builds, &queries, threads, searches)?;
    let rows: Vec<QueryRow> = queries
        .iter()
        .zip(found)
        .map(|(&query, searched)| QueryRow {
            query,
            scan: count(corpus.passages().map(|passage| &passage.matching), query),
            verbatim: count(corpus.passages().map(|passage| &passage.text), query),
            searched,
        })
        .collect();
    let base = engines.iter().position(|engine| engine.name() == BASE);
    let figures: Vec<Figures> = engines
        .iter()
        .enumerate()
        .map(|(place, engine)| Figures::new(engine.as_ref(), place, &builds[place], &rows))
        .collect();

    let out = &mut io::stdout().lock();
    writeln!(
        out,
        "{} reports, {} passages, {:.1} MB of text; indexing threads: {threads}; runs: {runs}; searches of each \
         string: {searches}.{}\n",
        corpus.reports.len(),
        corpus.len(),
        corpus.bytes() as f64 / 1e6,
        if base.is_some() { " Bold: better than yinde." } else { "" },
    )?;
    table::engines(out, corpus.bytes(), rows.len(), &figures, base.map(|base| &figures[base]))?;
    if let Some(base) = base {
        writeln!(out)?;
        table::ratios(out, &figures, &figures[base])?;
    }
    let names: Vec<&str> = engines.iter().map(|engine| engine.name()).collect();
    writeln!(out)?;
    table::counts(out, &names, &rows, base)?;
    writeln!(out)?;
    table::times(out, &names, &rows, base)?;
    writeln!(out)?;
    for engine in &engines {
        writeln!(out, "- {}: {}.", engine.name(), engine.settings())?;
    }
    for (name, reason) in missing {
        writeln!(out, "- {name}: not run, {reason}.")?;
    }

    let inexact = |row: &&QueryRow| base.is_some_and(|base| row.searched[base].count != row.scan);
    let inexact: Vec<&str> = rows.iter().filter(inexact).map(|row| row.query).collect();
    ensure!(inexact.is_empty(), "{BASE} does not count what the scan counts: {}", inexact.join(", "));
    Ok(())
}

/// The engines that take part.
struct Chosen {
    engines: Vec<Box<dyn Engine>>,
    /// Names of those that cannot run here, and why.
    missing: Vec<(&'static str, String)>,
}

impl Chosen {
    /// The engines of these names, or all if there are none.
    fn by_name(names: &[String]) -> Result<Chosen> {
        let known: Vec<&str> = engines::all().iter().map(|engine| engine.name()).collect();
        if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
            bail!("there is no engine {unknown:?}; there are {}", known.join(", "));
        }
        let mut chosen = Chosen { engines: Vec::new(), missing: Vec::new() };
        for engine in engines::all() {
            if names.is_empty() || names.iter().any(|name| name == engine.name()) {
                match engine.missing() {
                    Some(reason) => chosen.missing.push((engine.name(), reason)),
                    None => chosen.engines.push(engine),
                }
            }
        }
        ensure!(!chosen.engines.is_empty(), "none of the engines can run here");
        Ok(chosen)
    }
}

/// Reads the dump, after making it if it is to be made.
fn read(source: Source) -> Result<Corpus> {
    match source {
        Source::Dump(dump) => Corpus::read(&dump),
        Source::Generated { bytes, seed, save } => {
            let folder = tempfile::tempdir()?;
            let dump = save.unwrap_or_else(|| folder.path().join("dump.jsonl"));
            engines::yinde::generate(bytes, seed, &dump).context("making reports")?;
            Corpus::read(&dump)
        }
    }
}

/// How many of the texts hold the string.
fn count<'a>(texts: impl Iterator<Item = &'a String>, query: &str) -> u64 {
    texts.filter(|text| text.contains(query)).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_their_own_matching_forms() {
        assert_eq!(QUERIES.lines().count(), 16);
        for query in QUERIES.lines() {
            assert_eq!(engines::yinde::matching_form(query), query);
        }
    }

    #[test]
    fn engines_by_name() -> Result<()> {
        let chosen = Chosen::by_name(&["sqlite-trigram".to_owned(), "yinde".to_owned()])?;
        let names: Vec<&str> = chosen.engines.iter().map(|engine| engine.name()).collect();
        assert_eq!(names, ["yinde", "sqlite-trigram"]);
        assert!(chosen.missing.is_empty());
        assert!(Chosen::by_name(&["lucene".to_owned()]).is_err());
        Ok(())
    }

    #[test]
    fn made_up_reports_are_the_same_again() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let dumps = ["a", "b"].map(|name| folder.path().join(name));
        for dump in &dumps {
            engines::yinde::generate(50_000, 1, dump)?;
        }
        assert_eq!(std::fs::read(&dumps[0])?, std::fs::read(&dumps[1])?);
        assert!(Corpus::read(&dumps[0])?.len() > 100);
        Ok(())
    }
}
