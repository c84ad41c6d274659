//! SQLite FTS5 with its trigram tokenizer over the matching forms; a string is the phrase of its trigrams.
//!
//! The index holds strings of three characters and more. Shorter ones, which are half of what is searched
//! in Chinese, are looked for by a scan of the table with `instr`, in the order of the table, without
//! ranking: so the counts are exact and the time is a scan's. (`LIKE` on the FTS5 table is the documented
//! way and scans as well, but folds case.) `case_sensitive 1`, since matching forms are folded already.
//!
//! *Tables.* The scan needs the matching forms and a passage is shown as it stands, so both are in a table
//! of their own, and the FTS5 table takes its content from there. `detail=full` is needed for phrases.

use std::path::Path;

use anyhow::Result;
use rusqlite::Connection;

use super::sqlite;
use crate::corpus::Corpus;
use crate::engine::{Engine, Searcher};

const SCHEMA: &str = "
    CREATE TABLE passage (id INTEGER PRIMARY KEY, matching TEXT NOT NULL, text TEXT NOT NULL);
    CREATE VIRTUAL TABLE found USING fts5(
        matching, content = 'passage', content_rowid = 'id', tokenize = 'trigram case_sensitive 1'
    );";

/// Characters of the shortest string that the index can find.
const LEAST: usize = 3;

/// The engine.
pub struct SqliteTrigram;

impl Engine for SqliteTrigram {
    fn name(&self) -> &'static str {
        "sqlite-trigram"
    }

    fn settings(&self) -> String {
        format!(
            "{}, FTS5 trigram over matching forms, stored with the texts; strings under {LEAST} characters by a \
             scan with instr(), unranked; one thread",
            sqlite::version()
        )
    }

    fn build(&self, corpus: &Corpus, folder: &Path, threads: usize) -> Result<()> {
        sqlite::build(folder, threads, SCHEMA, |connection| {
            let mut text = connection.prepare("INSERT INTO passage (id, matching, text) VALUES (?1, ?2, ?3)")?;
            let mut matching = connection.prepare("INSERT INTO found (rowid, matching) VALUES (?1, ?2)")?;
            for (id, passage) in (1i64..).zip(corpus.passages()) {
                text.execute((id, &passage.matching, &passage.text))?;
                matching.execute((id, &passage.matching))?;
            }
            Ok(())
        })
    }

    fn open(&self, folder: &Path, threads: usize) -> Result<Box<dyn Searcher>> {
        Ok(Box::new(Open(sqlite::open(folder, threads)?)))
    }
}

struct Open(Connection);

impl Searcher for Open {
    fn search(&self, query: &str) -> Result<u64> {
        if is_short(query) { self.scan(query) } else { sqlite::search(&self.0, query) }
    }

    fn count(&self, query: &str) -> Result<u64> {
        if is_short(query) { self.scan(query) } else { sqlite::count(&self.0, query) }
    }
}

impl Open {
    fn scan(&self, query: &str) -> Result<u64> {
        if query.is_empty() {
            return Ok(0);
        }
        sqlite::number(&self.0, "SELECT count(*) FROM passage WHERE instr(matching, ?1) > 0", query)
    }
}

fn is_short(query: &str) -> bool {
    query.chars().nth(LEAST - 1).is_none()
}
