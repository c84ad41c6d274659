//! SQLite FTS5 with single characters: the matching form with a space after each character, so that
//! `unicode61` makes a token of each; a string is the phrase of its characters.
//!
//! Every character is a token of its own, those of numbers and Latin words too: so `2025年` is found in
//! `12025年`, as a scan finds it, and counts can be exact. `unicode61` by itself drops marks and symbols,
//! and a phrase would match across them; its `categories` are therefore all but separators (`Z*`), and the
//! one kept space of the matching form is written as `␠`. What remains inexact: `unicode61` folds the case
//! of letters other than ASCII, which the matching form does not.
//!
//! *Tables.* The text as it stands is in a table of its own; the FTS5 table is contentless, which is the
//! least that still gives a passage back. `detail=full` is needed for phrases.

use std::path::Path;

use anyhow::Result;
use rusqlite::Connection;

use super::sqlite;
use crate::corpus::Corpus;
use crate::engine::{Engine, Searcher};

const SCHEMA: &str = "
    CREATE TABLE passage (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
    CREATE VIRTUAL TABLE found USING fts5(
        matching, content = '', tokenize = \"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'\"
    );";

/// The engine.
pub struct SqliteCharacters;

impl Engine for SqliteCharacters {
    fn name(&self) -> &'static str {
        "sqlite-characters"
    }

    fn settings(&self) -> String {
        format!(
            "{}, FTS5 unicode61 over matching forms spaced character by character, contentless, beside the texts; \
             one thread",
            sqlite::version()
        )
    }

    fn build(&self, corpus: &Corpus, folder: &Path, threads: usize) -> Result<()> {
        sqlite::build(folder, threads, SCHEMA, |connection| {
            let mut text = connection.prepare("INSERT INTO passage (id, text) VALUES (?1, ?2)")?;
            let mut matching = connection.prepare("INSERT INTO found (rowid, matching) VALUES (?1, ?2)")?;
            for (id, passage) in (1i64..).zip(corpus.passages()) {
                text.execute((id, &passage.text))?;
                matching.execute((id, spaced(&passage.matching)))?;
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
        sqlite::search(&self.0, &spaced(query))
    }

    fn count(&self, query: &str) -> Result<u64> {
        sqlite::count(&self.0, &spaced(query))
    }
}

/// A matching form with a space after every character.
fn spaced(form: &str) -> String {
    let mut spaced = String::with_capacity(form.len() * 3 / 2);
    for c in form.chars() {
        spaced.push(if c == ' ' { '␠' } else { c });
        spaced.push(' ');
    }
    spaced
}
