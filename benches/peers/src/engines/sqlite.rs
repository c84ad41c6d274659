//! What both SQLite engines share: how the database is made, opened and asked.
//!
//! *Settings.* One transaction for everything; `synchronous=off` and `journal_mode=off`, since the other
//! engines keep no journal either; a page cache and FTS5's own hash table as large as the memory that the
//! other engines' indexing threads get; memory-mapped reading; and at the end `optimize`, which merges the
//! index into one b-tree, is small and fast to search. SQLite builds and searches with one thread, whatever
//! `--threads` says.
//!
//! *Searching.* Count and best ten come from one statement with a window function, which was faster than
//! two statements: FTS5's bm25 looks at every match anyway. It is most of the time of frequent strings;
//! counting alone is `count(*)`.

use std::hint::black_box;
use std::path::Path;

use anyhow::Result;
use rusqlite::{Connection, OpenFlags};

use crate::engine::{HITS, THREAD_BUDGET};

/// Name of the database file.
const FILE: &str = "passages.db";

/// Version of the library.
pub fn version() -> String {
    format!("SQLite {}", rusqlite::version())
}

/// Makes a database with tables by `schema`, whose FTS5 table is `found`, and lets `fill` write into it.
pub fn build(folder: &Path, threads: usize, schema: &str, fill: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
    let connection = Connection::open(folder.join(FILE))?;
    let budget = THREAD_BUDGET * threads;
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = off;
         PRAGMA synchronous = off;
         PRAGMA locking_mode = exclusive;
         PRAGMA cache_size = -{};
         {schema}
         INSERT INTO found (found, rank) VALUES ('hashsize', {budget});
         BEGIN;",
        budget >> 10
    ))?;
    fill(&connection)?;
    connection.execute_batch("INSERT INTO found (found) VALUES ('optimize'); COMMIT;")?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Opens a database for searching.
pub fn open(folder: &Path, threads: usize) -> Result<Connection> {
    let connection = Connection::open_with_flags(folder.join(FILE), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.execute_batch(&format!(
        "PRAGMA cache_size = -{}; PRAGMA mmap_size = {};",
        (THREAD_BUDGET * threads) >> 10,
        1u64 << 40
    ))?;
    Ok(connection)
}

/// Counts the rows of `found` that hold a phrase and finds the best ten.
pub fn search(connection: &Connection, phrase: &str) -> Result<u64> {
    let mut statement = connection
        .prepare_cached("SELECT rowid, count(*) OVER () FROM found WHERE found MATCH ?1 ORDER BY rank LIMIT ?2")?;
    let hits: Vec<(i64, i64)> = statement
        .query_map((quoted(phrase), HITS as i64), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let hits = black_box(hits);
    Ok(hits.first().map_or(0, |&(_, count)| count.unsigned_abs()))
}

/// Counts the rows of `found` that hold a phrase.
pub fn count(connection: &Connection, phrase: &str) -> Result<u64> {
    number(connection, "SELECT count(*) FROM found WHERE found MATCH ?1", &quoted(phrase))
}

/// The number that a statement with one parameter gives.
pub fn number(connection: &Connection, statement: &str, parameter: &str) -> Result<u64> {
    let number: i64 = connection.prepare_cached(statement)?.query_row([parameter], |row| row.get(0))?;
    Ok(number.unsigned_abs())
}

/// A string as a phrase of FTS5's query language, which ends at a NUL.
fn quoted(string: &str) -> String {
    format!("\"{}\"", string.replace('"', "\"\"").replace('\0', ""))
}
