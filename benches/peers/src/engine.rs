//! What an engine is here: something that builds an index of a corpus in a folder, opens it, and counts.
//!
//! Engines stand in `engines/`, each in a file of its own whose head says with which settings it runs and
//! why; `engines::all` lists them. What is measured, how often and in which order is not their affair.

use std::path::Path;

use anyhow::Result;

use crate::corpus::Corpus;

/// Hits that a search finds beside the count, in an engine that ranks.
pub const HITS: usize = 10;

/// Memory that each indexing thread may fill before it writes, in bytes, where an engine can be told: that of
/// Yinde's writer.
pub const THREAD_BUDGET: usize = 160 << 20;

/// An engine.
pub trait Engine {
    /// Its name in the tables and on the command line: letters, digits, dashes.
    fn name(&self) -> &'static str;

    /// Its version and settings, in one sentence.
    fn settings(&self) -> String;

    /// Why it cannot run on this machine, if it cannot.
    fn missing(&self) -> Option<String> {
        None
    }

    /// Whether it has an index. For one that has none, building is only laying out the texts, and not reported.
    fn has_index(&self) -> bool {
        true
    }

    /// Builds an index of the corpus in an empty folder; returns when nothing works on it any more.
    fn build(&self, corpus: &Corpus, folder: &Path, threads: usize) -> Result<()>;

    /// Opens what was built.
    fn open(&self, folder: &Path, threads: usize) -> Result<Box<dyn Searcher>>;
}

/// An index open for searching.
pub trait Searcher {
    /// Reads the query, finds the best ten hits and counts all passages that match.
    fn search(&self, query: &str) -> Result<u64>;

    /// Counts all passages that match, and no more, by the engine's cheapest way.
    fn count(&self, query: &str) -> Result<u64>;
}
