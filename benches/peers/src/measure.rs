//! Measuring: builds and searches of several engines, taken in turn.
//!
//! Runs are interleaved, so that whatever else the machine does falls on all engines alike. The order of
//! builds is turned by one engine each run, since an engine may suffer from what the one before left to
//! the system; what it wrote is synced outside of the time.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::corpus::Corpus;
use crate::engine::{Engine, Searcher};

/// Clock ticks a second in `/proc`, which Linux fixes for programs.
const TICKS: f64 = 100.0;

/// Blocks into which the searches of a string are split; the engines take turns block by block.
const BLOCKS: usize = 5;

/// Time after which a block ends early, for engines that scan.
const BLOCK_TIME: Duration = Duration::from_secs(1);

/// The builds of one engine, and the folder of the last.
#[derive(Default)]
pub struct Builds {
    /// Seconds on the clock.
    pub wall: Vec<f64>,
    /// Seconds of processor time, over all threads.
    pub cpu: Vec<f64>,
    /// Bytes of the index.
    pub size: Vec<f64>,
    folder: Option<TempDir>,
}

impl Builds {
    /// Builds once more in a fresh folder, dropping the previous one.
    fn run(&mut self, engine: &dyn Engine, corpus: &Corpus, threads: usize) -> Result<()> {
        self.folder = None;
        let folder = tempfile::tempdir()?;
        let (start, cpu) = (Instant::now(), cpu_seconds()?);
        engine.build(corpus, folder.path(), threads)?;
        let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
        let size = settle(folder.path())? as f64;
        eprintln!("{}: wall {wall:.2} s, CPU {cpu:.2} s, {:.1} MB", engine.name(), size / 1e6);
        self.wall.push(wall);
        self.cpu.push(cpu);
        self.size.push(size);
        self.folder = Some(folder);
        Ok(())
    }

    /// Opens the last index.
    fn open(&self, engine: &dyn Engine, threads: usize) -> Result<Box<dyn Searcher>> {
        engine.open(self.folder.as_ref().context("nothing was built")?.path(), threads)
    }
}

/// Builds every engine's index so many times.
pub fn builds(engines: &[Box<dyn Engine>], corpus: &Corpus, threads: usize, runs: usize) -> Result<Vec<Builds>> {
    let mut builds: Vec<Builds> = engines.iter().map(|_| Builds::default()).collect();
    for run in 0..runs {
        eprintln!("run {} of {runs}", run + 1);
        for turn in 0..engines.len() {
            let i = (run + turn) % engines.len();
            let name = engines[i].name();
            builds[i].run(engines[i].as_ref(), corpus, threads).with_context(|| format!("indexing with {name}"))?;
        }
    }
    Ok(builds)
}

/// What an engine found for one string and how long each search took.
#[derive(Default)]
pub struct Searched {
    /// Passages.
    pub count: u64,
    /// Milliseconds of each search for count and best hits.
    pub search: Vec<f64>,
    /// Milliseconds of each counting alone.
    pub counting: Vec<f64>,
}

/// Searches every string with every engine's last index: for each string, one entry for each engine.
pub fn searches(
    engines: &[Box<dyn Engine>],
    builds: &[Builds],
    queries: &[&str],
    threads: usize,
    times: usize,
) -> Result<Vec<Vec<Searched>>> {
    let mut searchers = Vec::new();
    for (engine, builds) in engines.iter().zip(builds) {
        searchers.push(builds.open(engine.as_ref(), threads).with_context(|| format!("opening {}", engine.name()))?);
    }
    let mut found = Vec::new();
    for query in queries {
        let mut row: Vec<Searched> = engines.iter().map(|_| Searched::default()).collect();
        for _ in 0..BLOCKS {
            for ((searched, searcher), engine) in row.iter_mut().zip(&searchers).zip(engines) {
                block(searched, searcher.as_ref(), query, times.div_ceil(BLOCKS))
                    .with_context(|| format!("{query} with {}", engine.name()))?;
            }
        }
        found.push(row);
    }
    Ok(found)
}

/// Searches a string so many times, after once untimed.
fn block(searched: &mut Searched, searcher: &dyn Searcher, query: &str, times: usize) -> Result<()> {
    searched.count = searcher.search(query)?;
    repeat(&mut searched.search, times, || searcher.search(query))?;
    searcher.count(query)?;
    repeat(&mut searched.counting, times, || searcher.count(query))
}

fn repeat(milliseconds: &mut Vec<f64>, times: usize, mut search: impl FnMut() -> Result<u64>) -> Result<()> {
    let begin = Instant::now();
    for _ in 0..times {
        let start = Instant::now();
        search()?;
        milliseconds.push(start.elapsed().as_secs_f64() * 1e3);
        if begin.elapsed() > BLOCK_TIME {
            break;
        }
    }
    Ok(())
}

/// The middle value, or the mean of the two middle ones; 0 if there are none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[middle],
        _ => (sorted[middle - 1] + sorted[middle]) / 2.0,
    }
}

/// The least value that so many of 100 do not exceed; 0 if there are none.
pub fn percentile(values: impl Iterator<Item = f64>, percent: usize) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// User and system time of this process so far, ended threads included.
fn cpu_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat").context("processor time is read from /proc, as on Linux")?;
    // The second field, the program's name in brackets, may hold spaces; the third follows the last bracket.
    let (_, fields) = stat.rsplit_once(')').context("/proc/self/stat")?;
    let ticks: Vec<&str> = fields.split_whitespace().skip(11).take(2).collect();
    let [user, system] = ticks[..] else { anyhow::bail!("/proc/self/stat is too short") };
    Ok((user.parse::<f64>()? + system.parse::<f64>()?) / TICKS)
}

/// Writes every file of a folder through to the disk and gives their bytes.
fn settle(folder: &Path) -> Result<u64> {
    let mut size = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            size += settle(&entry.path())?;
        } else {
            File::open(entry.path())?.sync_all()?;
            size += entry.metadata()?.len();
        }
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(&[]), 0.0);
    }

    #[test]
    fn percentiles() {
        assert_eq!(percentile((1..=200).map(f64::from), 99), 198.0);
        assert_eq!(percentile([5.0, 7.0].into_iter(), 99), 7.0);
        assert_eq!(percentile(std::iter::empty(), 99), 0.0);
    }

    #[test]
    fn processor_time_passes() -> Result<()> {
        let before = cpu_seconds()?;
        let start = Instant::now();
        while start.elapsed().as_millis() < 100 {}
        assert!(cpu_seconds()? > before);
        Ok(())
    }

    #[test]
    fn sizes_of_folders_in_folders() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("a"), "12")?;
        fs::create_dir(folder.path().join("b"))?;
        fs::write(folder.path().join("b/c"), "345")?;
        assert_eq!(settle(folder.path())?, 5);
        Ok(())
    }
}
