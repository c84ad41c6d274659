//! `yinde stats --duplicates`: reports that are there more than once.

use std::io::Write;

use serde::Serialize;
use yinde::Header;
use yinde::archive::Archive;

use super::super::{Ending, write_json};

#[derive(Serialize)]
struct Group<'a> {
    report: &'a str,
    title: &'a str,
    source: &'a str,
    copies: Vec<Copy<'a>>,
}

#[derive(Serialize)]
struct Copy<'a> {
    report: &'a str,
    source: &'a str,
    place: u32,
}

impl Copy<'_> {
    fn of(copy: &Header) -> Copy<'_> {
        Copy { report: &copy.id, source: &copy.source, place: copy.place + 1 }
    }
}

/// Lists each report that has copies, with them.
pub fn run(archive: &Archive, json: bool, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let mut found = false;
    for report in archive.reports()? {
        let copies: Vec<Header> = report.copies()?;
        if copies.is_empty() {
            continue;
        }
        found = true;
        let header = &report.header;
        let group = Group {
            report: &header.id,
            title: &header.metadata.title.value,
            source: &header.source,
            copies: copies.iter().map(Copy::of).collect(),
        };
        if json {
            write_json(out, &group)?;
            continue;
        }
        writeln!(out, "{}（{}，{}）", group.title, group.source, group.report)?;
        for copy in &group.copies {
            writeln!(out, "    {}，第 {} 份（{}）", copy.source, copy.place, copy.report)?;
        }
    }
    Ok(if found { Ending::Found } else { Ending::Nothing })
}
