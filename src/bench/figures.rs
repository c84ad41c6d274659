//! What a benchmark found, as plain data. Units stand in the names; how it is shown belongs to `cli`.

use serde::Serialize;

use super::machine::Machine;
use super::queries::Class;
use crate::archive::Stages;

/// All figures of a benchmark.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// The program's version.
    pub version: &'static str,
    /// `release`, or `debug` for a build whose times mean nothing.
    pub profile: &'static str,
    /// Where it ran.
    pub machine: Machine,
    /// What was indexed.
    pub corpus: Corpus,
    /// What the queries were drawn by.
    pub seed: u64,
    /// How often the index was built; the figures are those of the run of median time.
    pub runs: usize,
    /// Seconds of each run, in order.
    pub run_seconds: Vec<f64>,
    /// Threads that read, and that index.
    pub threads: usize,
    /// Megabytes (10⁶ bytes) of files a second, from listing to commit.
    pub mb_per_second: f64,
    /// Characters of passages a second.
    pub characters_per_second: f64,
    /// Reports a second.
    pub reports_per_second: f64,
    /// Seconds by stage; `read` and `add` are summed over threads.
    pub stage_seconds: Stages,
    /// Highest memory use of a run, where the system tells.
    pub peak_memory_bytes: Option<u64>,
    /// Bytes of the index.
    pub index_bytes: u64,
    /// Bytes of the index for each byte of the passages' texts in UTF-8.
    pub index_ratio: f64,
    /// Milliseconds that a fresh process takes to answer a query, start and end included; the median over eleven
    /// queries of different classes.
    pub cold_start_ms: f64,
    /// Milliseconds of a query to the open index, over all classes.
    pub query_ms: Quantiles,
    /// Queries a second.
    pub queries_per_second: Throughput,
    /// The queries by class.
    pub query_classes: Vec<ClassFigures>,
    /// How many different queries there are; each one's counts equal a scan.
    pub queries_checked: usize,
}

/// What was indexed.
#[derive(Debug, Clone, Serialize)]
pub struct Corpus {
    /// Where it came from.
    #[serde(flatten)]
    pub origin: Origin,
    /// Files found.
    pub files: u64,
    /// Their bytes.
    pub file_bytes: u64,
    /// Files and parts of files that were not read.
    pub skipped: usize,
    /// Reports.
    pub reports: u64,
    /// How many of these are copies of others.
    pub copies: u64,
    /// Passages.
    pub passages: u64,
    /// Their characters.
    pub characters: u64,
    /// Bytes of their texts in UTF-8.
    pub text_bytes: u64,
}

/// Where a corpus came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "origin", rename_all = "snake_case")]
pub enum Origin {
    /// It was made up.
    Generated {
        /// By this seed.
        seed: u64,
        /// Until it had so many bytes.
        size_bytes: u64,
        /// Digest of its files' bytes: equal digests, equal corpora.
        blake3: String,
    },
    /// It is the user's own.
    Folders {
        /// The folders.
        folders: Vec<String>,
    },
}

/// Quantiles by nearest rank.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Quantiles {
    /// The median.
    pub p50: f64,
    /// What 95 of 100 do not exceed.
    pub p95: f64,
    /// What 99 of 100 do not exceed.
    pub p99: f64,
}

impl Quantiles {
    /// The quantiles of some values; zeros of none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Quantiles {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let rank = |per_cent: usize| (values.len() * per_cent).div_ceil(100).saturating_sub(1);
        let at = |per_cent| values.get(rank(per_cent)).copied().unwrap_or_default();
        Quantiles { p50: at(50), p95: at(95), p99: at(99) }
    }
}

/// Queries a second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Throughput {
    /// One after the other.
    pub one_at_a_time: f64,
    /// On all threads at once.
    pub all_threads: f64,
    /// How many threads those are.
    pub threads: usize,
}

/// The queries of a class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ClassFigures {
    /// Which.
    pub class: Class,
    /// How many different ones.
    pub queries: usize,
    /// The median number of passages found.
    pub median_passages: u64,
    /// Milliseconds of a query to the open index.
    pub query_ms: Quantiles,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let of = |count: u32| Quantiles::of((1..=count).rev().map(f64::from));
        assert_eq!(of(100), Quantiles { p50: 50.0, p95: 95.0, p99: 99.0 });
        assert_eq!(of(1), Quantiles { p50: 1.0, p95: 1.0, p99: 1.0 });
        assert_eq!(of(3), Quantiles { p50: 2.0, p95: 3.0, p99: 3.0 });
        assert_eq!(of(0), Quantiles::default());
    }
}
