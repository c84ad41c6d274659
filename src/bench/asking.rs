//! How fast queries are answered by an open index: one at a time, then on all threads at once.
//!
//! Invariant: every answer is compared with what the scan counted; a wrong one ends the benchmark. The index is warm:
//! each query has been asked before it is timed. Fresh processes belong to `program`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use super::machine::cores;
use super::queries::Drawn;
use crate::archive::Archive;
use crate::error::Error;
use crate::search::Count;

/// How often each query is timed.
pub const REPEATS: usize = 3;

/// Times of answers.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// Milliseconds of each query, as often as it was timed.
    pub milliseconds: Vec<Vec<f64>>,
    /// Queries a second, each thread asking for the next one.
    pub together_per_second: f64,
}

/// Asks every query, which is to be answered by its count.
///
/// # Errors
/// If an answer is wrong or the index is damaged.
pub fn ask(archive: &Archive, queries: &[Drawn], expected: &[Count]) -> Result<Times, Error> {
    let one = |number: usize| answer(archive, &queries[number], expected[number]);
    (0..queries.len()).try_for_each(|number| one(number).map(drop))?;
    let mut milliseconds = vec![Vec::new(); queries.len()];
    for _ in 0..REPEATS {
        for (number, times) in milliseconds.iter_mut().enumerate() {
            times.push(one(number)?);
        }
    }
    let start = Instant::now();
    together(queries.len() * REPEATS, &|turn| one(turn % queries.len()).map(drop))?;
    let together_per_second = (queries.len() * REPEATS) as f64 / start.elapsed().as_secs_f64();
    Ok(Times { milliseconds, together_per_second })
}

/// Asks once; returns the milliseconds.
fn answer(archive: &Archive, drawn: &Drawn, expected: Count) -> Result<f64, Error> {
    let options = drawn.options();
    let start = Instant::now();
    let outcome = archive.search(&drawn.query, &options)?;
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    let found = Count { passages: outcome.passages, occurrences: outcome.occurrences };
    if found == expected { Ok(milliseconds) } else { Err(wrong(drawn, found, expected)) }
}

/// A wrong answer, which is the program's fault and not the user's.
pub fn wrong(drawn: &Drawn, found: Count, expected: Count) -> Error {
    let conditions: String =
        drawn.filter.iter().map(|field| format!(" {}:{}", field.names().1, field.value())).collect();
    Error::Benchmark {
        reason: format!(
            "查询“{}{conditions}”应有 {} 段 {} 处，答成 {} 段 {} 处",
            drawn.query.text, expected.passages, expected.occurrences, found.passages, found.occurrences
        ),
        next: "这是程序的错误，请连同命令和文库情况报告给开发者".to_owned(),
    }
}

/// Does numbered pieces of work on all threads, each taking the next; the first failure ends it.
fn together(count: usize, work: &(dyn Fn(usize) -> Result<(), Error> + Sync)) -> Result<(), Error> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let turns = || {
            let mut numbers = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|n| *n < count));
            numbers.try_for_each(work).inspect_err(|_| next.store(count, Ordering::Relaxed))
        };
        let running: Vec<_> = (0..cores()).map(|_| scope.spawn(turns)).collect();
        running.into_iter().try_for_each(|one| one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn every_piece_is_done_once_and_a_failure_comes_through() {
        let done = Mutex::new(Vec::new());
        together(100, &|number| {
            done.lock().expect("no panic").push(number);
            Ok(())
        })
        .expect("done");
        let mut done = done.into_inner().expect("no panic");
        done.sort_unstable();
        assert_eq!(done, (0..100).collect::<Vec<_>>());
        let failing = |number| {
            if number == 7 { Err(Error::NothingAsked { query: String::new() }) } else { Ok(()) }
        };
        assert!(together(100, &failing).is_err());
    }
}
