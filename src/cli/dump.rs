//! `yinde dump`: every passage as a JSON line, by source and place, copies included.

use std::io::Write;

use serde::Serialize;
use yinde::archive::Archive;
use yinde::model::section_path;
use yinde::text::fold::matching_form;

use super::{Ending, write_json};

#[derive(Serialize)]
struct Line<'a> {
    report: &'a str,
    passage: u32,
    role: &'a str,
    title: &'a str,
    year: Option<i32>,
    kind: &'a str,
    issuer: Option<&'a str>,
    region: Option<&'a str>,
    part: &'a str,
    section: Vec<String>,
    source: &'a str,
    copy_of: Option<&'a str>,
    bytes: Vec<(u64, u64)>,
    text: &'a str,
    matching: String,
}

/// Prints every passage.
pub fn run(archive: &Archive, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let mut found = false;
    for report in archive.reports()? {
        let header = &report.header;
        let metadata = &header.metadata;
        let main = report.copy_of()?;
        for passage in report.passages() {
            let (number, passage) = passage?;
            found = true;
            let line = Line {
                report: &header.id,
                passage: number,
                role: passage.role.label(),
                title: &metadata.title.value,
                year: metadata.year.as_ref().map(|year| year.value),
                kind: metadata.kind.value.label(),
                issuer: metadata.issuer.as_ref().map(|issuer| issuer.value.as_str()),
                region: metadata.region.as_ref().map(|region| region.value.as_str()),
                part: passage.part.label(),
                section: section_path(&header.sections, passage.section),
                source: &header.source,
                copy_of: main.as_ref().map(|main| main.id.as_str()),
                bytes: passage.bytes.iter().map(|range| (range.start, range.end)).collect(),
                text: &passage.text,
                matching: matching_form(&passage.text),
            };
            write_json(out, &line)?;
        }
    }
    Ok(if found { Ending::Found } else { Ending::Nothing })
}
