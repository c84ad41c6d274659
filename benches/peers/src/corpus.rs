//! The passages to index, as `yinde dump` prints them.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use yinde::model::{Inferred, Metadata, Origin, Passage, Report};

/// All passages in memory.
#[derive(Default)]
pub struct Corpus {
    /// The reports in the order of the dump, without their headings' structure.
    pub reports: Vec<Report>,
    /// The matching form of every passage, in the same order.
    pub matching: Vec<String>,
}

impl Corpus {
    /// Reads a dump. Lines of one report stand together in it.
    pub fn read(path: &Path) -> Result<Corpus> {
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        let mut corpus = Corpus::default();
        for (i, line) in BufReader::new(file).lines().enumerate() {
            corpus.add(&line?).with_context(|| format!("{}, line {}", path.display(), i + 1))?;
        }
        if corpus.matching.is_empty() {
            bail!("{} holds no passages", path.display());
        }
        Ok(corpus)
    }

    /// Adds the passage of one line.
    pub fn add(&mut self, line: &str) -> Result<()> {
        let mut line: Value = serde_json::from_str(line)?;
        let id = string(&line, "report")?;
        let passage = passage(&mut line)?;
        self.matching.push(string(&line, "matching")?);
        match self.reports.last_mut() {
            Some(report) if report.id == id => report.passages.push(passage),
            _ => {
                let (source, metadata) = (string(&line, "source")?, metadata(&mut line)?);
                self.reports.push(Report {
                    id,
                    source,
                    place: 0,
                    metadata,
                    sections: Vec::new(),
                    passages: vec![passage],
                    own_id: true,
                });
            }
        }
        Ok(())
    }

    /// The text of every passage, in order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.reports.iter().flat_map(|report| &report.passages).map(|passage| passage.text.as_str())
    }

    /// Bytes of all texts.
    pub fn bytes(&self) -> u64 {
        self.texts().map(|text| text.len() as u64).sum()
    }
}

fn string(line: &Value, field: &str) -> Result<String> {
    let value = line.get(field).and_then(Value::as_str);
    Ok(value.with_context(|| format!("no string {field:?}"))?.to_owned())
}

fn passage(line: &mut Value) -> Result<Passage> {
    let bytes: Vec<(u64, u64)> = serde_json::from_value(line["bytes"].take()).context("bytes")?;
    Ok(Passage {
        role: serde_json::from_value(line["role"].take()).context("role")?,
        part: serde_json::from_value(line["part"].take()).context("part")?,
        section: None,
        text: string(line, "text")?,
        bytes: bytes.into_iter().map(|(start, end)| start..end).collect(),
    })
}

fn metadata(line: &mut Value) -> Result<Metadata> {
    let year: Option<i32> = serde_json::from_value(line["year"].take()).context("year")?;
    let issuer: Option<String> = serde_json::from_value(line["issuer"].take()).context("issuer")?;
    let region: Option<String> = serde_json::from_value(line["region"].take()).context("region")?;
    let kind = serde_json::from_value(line["kind"].take()).context("kind")?;
    Ok(Metadata {
        title: Inferred::new(string(line, "title")?, Origin::Properties),
        kind: Inferred::new(kind, Origin::Properties),
        year: year.map(|year| Inferred::new(year, Origin::Properties)),
        delivered: None,
        covers: None,
        plans: None,
        session: None,
        speaker: None,
        issuer: issuer.map(|issuer| Inferred::new(issuer, Origin::Properties)),
        region: region.map(|region| Inferred::new(region, Origin::Properties)),
        level: None,
        doubts: Vec::new(),
    })
}
