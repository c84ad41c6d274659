//! Yinde through its library. All use of that library in this package is in this file.
//!
//! *Engine.* Reports are made from the dump's lines and written by Yinde's own writer, with its own memory
//! for each thread; making them is part of the time. The dump lacks the structure of headings and some
//! metadata, so the index is somewhat smaller than that of the archive. A search is a literal one without
//! relaxed hits and without the joining of copies: strings, counts and ranked hits, as its peers give them;
//! its ten hits come as whole passages with report, spans and tier.
//!
//! *Corpus.* [`generate`] writes a dump of made-up reports: Yinde's generator learns from the sample
//! archive, its reports become files, and Yinde's own reading and cleaning makes passages of them.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;
use yinde::Manifest;
use yinde::archive::{self, Archive, Order, View, generator_model};
use yinde::generate::Generator;
use yinde::index::FORMAT;
use yinde::index::ledger::Ledger;
use yinde::index::writer::Writer;
use yinde::model::{Inferred, Metadata, Origin, Passage, Report};
use yinde::query::{Query, Reading};
use yinde::search::{Options, Relaxed};

use crate::corpus::{self, Corpus, Line};
use crate::engine::{Engine, HITS, Searcher};

/// The sample archive, from the package's folder.
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus");

/// Files of one folder of made-up reports.
const FILES_PER_FOLDER: usize = 1_000;

/// The engine.
pub struct Yinde;

impl Engine for Yinde {
    fn name(&self) -> &'static str {
        "yinde"
    }

    fn settings(&self) -> String {
        format!("index format {FORMAT}, literal search; texts and metadata stored")
    }

    fn build(&self, corpus: &Corpus, folder: &Path, threads: usize) -> Result<()> {
        let writer = Writer::open(folder, threads, &[])?;
        for given in &corpus.reports {
            writer.add(0, &report(given)?)?;
        }
        writer.commit(&Manifest { format: FORMAT, ..Manifest::default() }, &Ledger::default())?;
        Ok(())
    }

    fn open(&self, folder: &Path, _threads: usize) -> Result<Box<dyn Searcher>> {
        Ok(Box::new(Open { archive: Archive::open(folder)? }))
    }
}

struct Open {
    archive: Archive,
}

impl Open {
    fn ask(&self, query: &str, limit: usize) -> Result<u64> {
        let options = Options { limit, collapse: false, relaxed: Relaxed::Never, ..Options::default() };
        let reading = Reading { literal: true, ..Reading::default() };
        let found = black_box(self.archive.search(&Query::read(query, &reading), &options)?);
        Ok(found.passages)
    }
}

impl Searcher for Open {
    fn search(&self, query: &str) -> Result<u64> {
        self.ask(query, HITS)
    }

    fn count(&self, query: &str) -> Result<u64> {
        self.ask(query, 0)
    }
}

/// A report of Yinde's from that of a dump.
fn report(given: &corpus::Report) -> Result<Report> {
    let own = |value: &str| Inferred::new(value.to_owned(), Origin::Properties);
    let passages = given.passages.iter().map(|passage| {
        Ok(Passage {
            role: labelled(&passage.role)?,
            part: labelled(&passage.part)?,
            section: None,
            text: passage.text.clone(),
            bytes: passage.bytes.iter().map(|&(start, end)| start..end).collect(),
        })
    });
    Ok(Report {
        id: given.id.clone(),
        source: given.source.clone(),
        place: 0,
        metadata: Metadata {
            title: own(&given.title),
            kind: Inferred::new(labelled(&given.kind)?, Origin::Properties),
            year: given.year.map(|year| Inferred::new(year, Origin::Properties)),
            delivered: None,
            covers: None,
            plans: None,
            session: None,
            speaker: None,
            issuer: given.issuer.as_deref().map(own),
            region: given.region.as_deref().map(own),
            level: None,
            doubts: Vec::new(),
        },
        sections: Vec::new(),
        passages: passages.collect::<Result<_>>()?,
        own_id: true,
    })
}

/// The value that a label stands for.
fn labelled<T: DeserializeOwned>(label: &str) -> Result<T> {
    serde_json::from_value(Value::from(label)).with_context(|| format!("unknown label {label:?}"))
}

/// The text as Yinde compares it.
pub fn matching_form(text: &str) -> String {
    yinde::text::fold::matching_form(text)
}

/// Writes a dump of made-up reports of so many bytes in all. Same sample archive, size and seed: same dump.
pub fn generate(bytes: u64, seed: u64, dump: &Path) -> Result<()> {
    let work = tempfile::tempdir()?;
    let (sample, files, index) = (work.path().join("sample"), work.path().join("files"), work.path().join("index"));
    archive::update(&Order::new(vec![SAMPLE.into()], sample.clone()), &|_| ())?;
    let model = generator_model(&Archive::open(&sample)?)?;
    let mut generator = Generator::new(&model, seed);
    let mut written = 0;
    for number in 0.. {
        let report = generator.report();
        let folder = files.join(format!("{:04}", number / FILES_PER_FOLDER));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{number:06}{}.txt", report.name)), &report.text)?;
        written += report.text.len() as u64;
        if written >= bytes {
            break;
        }
    }
    archive::update(&Order::new(vec![files], index.clone()), &|_| ())?;
    write_dump(&Archive::open_with(&index, View::All)?, dump)
}

/// Writes what of `yinde dump` is read here, ordered by source.
fn write_dump(archive: &Archive, dump: &Path) -> Result<()> {
    let mut out = BufWriter::new(File::create(dump).with_context(|| format!("cannot write {}", dump.display()))?);
    let mut reports = archive.reports()?;
    reports.sort_by(|a, b| a.header.source.cmp(&b.header.source));
    for report in reports {
        let metadata = &report.header.metadata;
        for passage in report.passages() {
            let (_, passage) = passage?;
            let line = Line {
                report: report.header.id.clone(),
                source: report.header.source.clone(),
                title: metadata.title.value.clone(),
                kind: metadata.kind.value.label().to_owned(),
                year: metadata.year.as_ref().map(|year| year.value),
                issuer: metadata.issuer.as_ref().map(|issuer| issuer.value.clone()),
                region: metadata.region.as_ref().map(|region| region.value.clone()),
                role: passage.role.label().to_owned(),
                part: passage.part.label().to_owned(),
                bytes: passage.bytes.iter().map(|range| (range.start, range.end)).collect(),
                matching: matching_form(&passage.text),
                text: passage.text,
            };
            serde_json::to_writer(&mut out, &line)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(())
}
