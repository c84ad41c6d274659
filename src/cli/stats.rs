//! `yinde stats`: what the archive holds, by year, kind and region.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;
use yinde::archive::Archive;

use super::{Ending, write_json};

#[derive(Serialize, Default)]
struct Output {
    reports: u64,
    passages: u64,
    characters: u64,
    skipped: u64,
    archives: Vec<String>,
    year: BTreeMap<String, u64>,
    kind: BTreeMap<String, u64>,
    region: BTreeMap<String, u64>,
}

const UNKNOWN: &str = "不详";

/// Prints the counts.
pub fn run(archive: &Archive, json: bool, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let manifest = archive.manifest();
    let mut output = Output { skipped: manifest.skipped, archives: manifest.archives.clone(), ..Output::default() };
    for report in archive.reports()? {
        let header = &report.header;
        let metadata = &header.metadata;
        output.reports += 1;
        output.passages += u64::from(header.passages);
        output.characters += header.characters;
        let year = metadata.year.as_ref().map_or_else(|| UNKNOWN.to_owned(), |year| year.value.to_string());
        let region = metadata.region.as_ref().map_or(UNKNOWN, |region| region.value.as_str());
        *output.year.entry(year).or_default() += 1;
        *output.kind.entry(metadata.kind.value.label().to_owned()).or_default() += 1;
        *output.region.entry(region.to_owned()).or_default() += 1;
    }
    if json {
        write_json(out, &output)?;
    } else {
        print(&output, out)?;
    }
    Ok(if output.reports > 0 { Ending::Found } else { Ending::Nothing })
}

fn print(output: &Output, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "文库：{}", output.archives.join("、"))?;
    writeln!(
        out,
        "{} 份报告，{} 段，{} 字；未读 {} 个文件",
        output.reports, output.passages, output.characters, output.skipped
    )?;
    for (name, counts) in [("年份", &output.year), ("类型", &output.kind), ("地区", &output.region)] {
        let counts: Vec<String> = counts.iter().map(|(value, count)| format!("{value} {count}")).collect();
        writeln!(out, "\n{name}（份）：{}", counts.join("，"))?;
    }
    Ok(())
}
