//! Measuring: builds and searches.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::corpus::Corpus;
use crate::engine::Engine;

/// Clock ticks a second in `/proc`, which Linux fixes for programs.
const TICKS: f64 = 100.0;

/// Timed runs of each search, after one that is not.
const SEARCHES: usize = 50;

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
    pub fn run<E: Engine>(&mut self, corpus: &Corpus, threads: usize) -> Result<()> {
        self.folder = None;
        let folder = tempfile::tempdir()?;
        let (start, cpu) = (Instant::now(), cpu_seconds()?);
        E::build(corpus, folder.path(), threads)?;
        self.wall.push(start.elapsed().as_secs_f64());
        self.cpu.push(cpu_seconds()? - cpu);
        self.size.push(folder_size(folder.path())? as f64);
        self.folder = Some(folder);
        Ok(())
    }

    /// Opens the last index.
    pub fn open<E: Engine>(&self) -> Result<E> {
        E::open(self.folder.as_ref().context("nothing was built")?.path())
    }
}

/// What a search found and how long it took.
#[derive(Clone, Copy)]
pub struct Searched {
    /// Passages.
    pub count: u64,
    /// Median time in milliseconds.
    pub ms: f64,
}

/// Searches again and again.
pub fn search<E: Engine>(engine: &E, query: &str) -> Result<Searched> {
    let count = engine.search(query)?;
    let mut times = Vec::with_capacity(SEARCHES);
    for _ in 0..SEARCHES {
        let start = Instant::now();
        engine.search(query)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(Searched { count, ms: median(&times) })
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

/// User and system time of this process so far, ended threads included.
fn cpu_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat").context("processor time is read from /proc, as on Linux")?;
    // The second field, the program's name in brackets, may hold spaces; the third follows the last bracket.
    let (_, fields) = stat.rsplit_once(')').context("/proc/self/stat")?;
    let ticks: Vec<&str> = fields.split_whitespace().skip(11).take(2).collect();
    let [user, system] = ticks[..] else { anyhow::bail!("/proc/self/stat is too short") };
    Ok((user.parse::<f64>()? + system.parse::<f64>()?) / TICKS)
}

fn folder_size(folder: &Path) -> Result<u64> {
    let mut size = 0;
    for entry in fs::read_dir(folder)? {
        size += entry?.metadata()?.len();
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
    fn processor_time_passes() -> Result<()> {
        let before = cpu_seconds()?;
        let start = Instant::now();
        while start.elapsed().as_millis() < 100 {}
        assert!(cpu_seconds()? > before);
        Ok(())
    }
}
