//! The command line: which corpus, which engines, how often.

use std::path::PathBuf;
use std::thread;

use anyhow::{Context, Result, bail, ensure};

const USAGE: &str = "usage: peers (DUMP.jsonl | --generate SIZE [--seed N] [--save DUMP.jsonl]) \
                     [--engines A,B…] [--threads N] [--runs R] [--searches S]";

/// Where the passages come from.
#[derive(Debug, PartialEq, Eq)]
pub enum Source {
    /// A dump.
    Dump(PathBuf),
    /// Made-up reports.
    Generated {
        /// Bytes of all reports.
        bytes: u64,
        /// The generator's seed.
        seed: u64,
        /// Where their dump is kept, if it is to be.
        save: Option<PathBuf>,
    },
}

/// What is to be done.
#[derive(Debug)]
pub struct Arguments {
    /// The corpus.
    pub source: Source,
    /// Names of the engines; all if there are none.
    pub engines: Vec<String>,
    /// Indexing threads.
    pub threads: usize,
    /// How often each index is built.
    pub runs: usize,
    /// How often each string is searched.
    pub searches: usize,
}

impl Arguments {
    /// Reads the command line, without the program's name.
    pub fn parse(mut given: impl Iterator<Item = String>) -> Result<Arguments> {
        let mut threads = thread::available_parallelism().map_or(1, |n| n.get());
        let (mut runs, mut searches, mut engines) = (3, 50, Vec::new());
        let (mut dump, mut bytes, mut seed, mut save) = (None, None, None, None);
        while let Some(argument) = given.next() {
            let mut value = || given.next().context(USAGE).with_context(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--threads" => threads = value()?.parse().context("--threads")?,
                "--runs" => runs = value()?.parse().context("--runs")?,
                "--searches" => searches = value()?.parse().context("--searches")?,
                "--engines" => engines = value()?.split(',').map(str::to_owned).collect(),
                "--generate" => bytes = Some(size(&value()?).context("--generate takes a size such as 100MB")?),
                "--seed" => seed = Some(value()?.parse().context("--seed")?),
                "--save" => save = Some(PathBuf::from(value()?)),
                option if option.starts_with('-') => bail!(USAGE),
                _ if dump.is_some() => bail!(USAGE),
                path => dump = Some(PathBuf::from(path)),
            }
        }
        ensure!(threads > 0 && runs > 0 && searches > 0, "--threads, --runs and --searches begin at 1");
        let source = match (dump, bytes) {
            (Some(dump), None) if seed.is_none() && save.is_none() => Source::Dump(dump),
            (None, Some(bytes)) => Source::Generated { bytes, seed: seed.unwrap_or(1), save },
            _ => bail!(USAGE),
        };
        Ok(Arguments { source, engines, threads, runs, searches })
    }
}

/// Reads `100MB`, `1GB`, `500KB` or a number of bytes.
fn size(text: &str) -> Option<u64> {
    let upper = text.to_uppercase();
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("", 1)];
    let (number, unit) = units.iter().find_map(|&(unit, bytes)| Some((upper.strip_suffix(unit)?, bytes)))?;
    number.trim().parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_dump() -> Result<()> {
        let given = parse("--runs 5 dump.jsonl --threads 2 --engines yinde,ripgrep --searches 7")?;
        assert_eq!(given.source, Source::Dump("dump.jsonl".into()));
        assert_eq!((given.threads, given.runs, given.searches), (2, 5, 7));
        assert_eq!(given.engines, ["yinde", "ripgrep"]);
        assert_eq!(parse("dump.jsonl")?.runs, 3);
        Ok(())
    }

    #[test]
    fn made_up_reports() -> Result<()> {
        let source = Source::Generated { bytes: 100_000_000, seed: 1, save: None };
        assert_eq!(parse("--generate 100MB")?.source, source);
        let source = Source::Generated { bytes: 2_000_000_000, seed: 7, save: Some("d".into()) };
        assert_eq!(parse("--seed 7 --generate 2gb --save d")?.source, source);
        Ok(())
    }

    #[test]
    fn what_is_refused() {
        let wrong = ["", "a b", "a --runs", "a --runs x", "a --runs 0", "a --what", "a --generate 1MB", "a --seed 1"];
        for wrong in wrong.into_iter().chain(["--generate many", "--generate 99999999999999GB", "--seed 1"]) {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
