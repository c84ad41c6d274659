//! The passages to index, as `yinde dump` prints them: plain data, read once and held once in memory.
//!
//! A passage has its text as it stands and its matching form. Which of the two an engine indexes is the
//! engine's affair. Nothing here knows Yinde's types.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

/// All passages, report by report in the order of the dump.
#[derive(Default)]
pub struct Corpus {
    /// The reports.
    pub reports: Vec<Report>,
}

/// A report, as far as a dump holds it.
pub struct Report {
    /// Its identifier.
    pub id: String,
    /// The file it was found in.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Label of its kind.
    pub kind: String,
    /// Its year, if known.
    pub year: Option<i32>,
    /// The body that gave it, if known.
    pub issuer: Option<String>,
    /// The body's region, if known.
    pub region: Option<String>,
    /// Its passages.
    pub passages: Vec<Passage>,
}

/// A passage.
pub struct Passage {
    /// Label of its role.
    pub role: String,
    /// Label of the part it stands in.
    pub part: String,
    /// Its byte ranges in the source.
    pub bytes: Vec<(u64, u64)>,
    /// The text as it stands.
    pub text: String,
    /// The text as Yinde compares it.
    pub matching: String,
}

/// A line of a dump, with the fields that are used here.
#[derive(Deserialize, Serialize)]
pub struct Line {
    /// Identifier of the report.
    pub report: String,
    /// The file.
    pub source: String,
    /// Title of the report.
    pub title: String,
    /// Label of the report's kind.
    pub kind: String,
    /// Year of the report.
    pub year: Option<i32>,
    /// The body that gave the report.
    pub issuer: Option<String>,
    /// The body's region.
    pub region: Option<String>,
    /// Label of the passage's role.
    pub role: String,
    /// Label of the passage's part.
    pub part: String,
    /// Byte ranges of the passage.
    pub bytes: Vec<(u64, u64)>,
    /// The text as it stands.
    pub text: String,
    /// Its matching form.
    pub matching: String,
}

impl Corpus {
    /// Reads a dump. Lines of one report stand together in it.
    pub fn read(path: &Path) -> Result<Corpus> {
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        let mut corpus = Corpus::default();
        for (i, line) in BufReader::with_capacity(1 << 20, file).lines().enumerate() {
            let place = || format!("{}, line {}", path.display(), i + 1);
            let line: Line = serde_json::from_str(&line?).with_context(place)?;
            ensure!(!line.matching.contains(['\n', '\r']), "{}: a line break in a matching form", place());
            corpus.add(line);
        }
        ensure!(!corpus.reports.is_empty(), "{} holds no passages", path.display());
        Ok(corpus)
    }

    /// Adds the passage of one line.
    pub fn add(&mut self, line: Line) {
        let Line { report: id, source, title, kind, year, issuer, region, role, part, bytes, text, matching } = line;
        let passage = Passage { role, part, bytes, text, matching };
        match self.reports.last_mut() {
            Some(report) if report.id == id => report.passages.push(passage),
            _ => self.reports.push(Report { id, source, title, kind, year, issuer, region, passages: vec![passage] }),
        }
    }

    /// Every passage, in order.
    pub fn passages(&self) -> impl Iterator<Item = &Passage> {
        self.reports.iter().flat_map(|report| &report.passages)
    }

    /// How many passages there are.
    pub fn len(&self) -> usize {
        self.reports.iter().map(|report| report.passages.len()).sum()
    }

    /// Bytes of all texts as they stand.
    pub fn bytes(&self) -> u64 {
        self.passages().map(|passage| passage.text.len() as u64).sum()
    }
}
