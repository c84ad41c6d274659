//! `yinde stats --doubtful` and `--write-sidecar`: what is not certain, for a person to settle.

use std::io::Write;
use std::path::Path;

use serde::Serialize;
use yinde::Error;
use yinde::archive::{Archive, Stored};
use yinde::model::{Inferred, Metadata};

use super::super::{Ending, write_json};

#[derive(Serialize)]
struct Doubtful<'a> {
    report: &'a str,
    source: &'a str,
    place: u32,
    metadata: &'a Metadata,
}

/// Lists the reports of which something is in doubt.
pub fn list(archive: &Archive, json: bool, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let reports = archive.reports()?;
    let doubtful: Vec<&Stored> = reports.iter().filter(|report| is_doubtful(report)).collect();
    for report in &doubtful {
        let header = &report.header;
        let metadata = &header.metadata;
        if json {
            let (id, source) = (&header.id, &header.source);
            write_json(out, &Doubtful { report: id, source, place: header.place + 1, metadata })?;
            continue;
        }
        writeln!(out, "{}（{}）", header.source, metadata.title.value)?;
        for doubt in &metadata.doubts {
            writeln!(out, "    {}：{}", doubt.field, doubt.reason)?;
        }
    }
    if !json {
        writeln!(out, "{} 份报告中 {} 份存疑", reports.len(), doubtful.len())?;
    }
    Ok(if doubtful.is_empty() { Ending::Nothing } else { Ending::Found })
}

fn is_doubtful(report: &Stored) -> bool {
    !report.header.metadata.doubts.is_empty()
}

const COLUMNS: [&str; 14] = [
    "source",
    "place",
    "title",
    "kind",
    "year",
    "delivered",
    "covers",
    "plans",
    "session",
    "speaker",
    "issuer",
    "region",
    "level",
    "doubts",
];

/// Writes a sidecar to be filled in; one that is there already is not touched.
pub fn write(path: &Path, archive: &Archive, all: bool, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let unwritable = |reason: String| Error::Unwritable { path: path.to_owned(), reason };
    let file = std::fs::File::create_new(path).map_err(|error| unwritable(error.to_string()))?;
    let mut file = std::io::BufWriter::new(file);
    // A byte order mark tells spreadsheets that the text is UTF-8.
    file.write_all("\u{FEFF}".as_bytes()).map_err(|error| unwritable(error.to_string()))?;
    let mut table = csv::Writer::from_writer(file);
    table.write_record(COLUMNS)?;
    let mut written = 0;
    for report in archive.reports()?.iter().filter(|report| all || is_doubtful(report)) {
        table.write_record(row(report))?;
        written += 1;
    }
    table.flush().map_err(|error| unwritable(error.to_string()))?;
    writeln!(out, "已写出 {written} 份报告：{}\n改好后：yinde index --sidecar {}", path.display(), path.display())?;
    Ok(Ending::Found)
}

fn row(report: &Stored) -> [String; 14] {
    let header = &report.header;
    let metadata = &header.metadata;
    let text = |value: &Option<Inferred<String>>| value.as_ref().map_or_else(String::new, |v| v.value.clone());
    let years = |value: &Option<Inferred<yinde::model::Years>>| {
        value.as_ref().map_or_else(String::new, |years| years.value.to_string())
    };
    let doubts: Vec<&str> = metadata.doubts.iter().map(|doubt| doubt.reason.as_str()).collect();
    [
        header.source.clone(),
        (header.place + 1).to_string(),
        metadata.title.value.clone(),
        metadata.kind.value.label().to_owned(),
        metadata.year.as_ref().map_or_else(String::new, |year| year.value.to_string()),
        text(&metadata.delivered),
        years(&metadata.covers),
        years(&metadata.plans),
        text(&metadata.session),
        text(&metadata.speaker),
        text(&metadata.issuer),
        text(&metadata.region),
        metadata.level.as_ref().map_or_else(String::new, |level| level.value.label().to_owned()),
        doubts.join("；"),
    ]
}
