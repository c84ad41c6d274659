//! `yinde stats`: what the archive holds, by year, kind and region; which years are missing, what is in doubt,
//! what is there twice.

mod duplicates;
mod matrix;
mod sidecar;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use yinde::archive::Archive;

use super::{Ending, write_json};

/// 文库概况：报告、年份、类型、地区；缺哪些年，哪些信息存疑
#[derive(Args)]
pub struct Arguments {
    /// 各单位各类报告在哪些年有、哪些年缺
    #[arg(long)]
    coverage: bool,
    /// 信息存疑的报告及原因
    #[arg(long)]
    doubtful: bool,
    /// 副本：同一报告的几份
    #[arg(long)]
    duplicates: bool,
    /// 把存疑的报告写成一份附注（CSV），供人填写后用 --sidecar 读入；没有存疑的加 --all 也写
    #[arg(long, value_name = "文件")]
    write_sidecar: Option<PathBuf>,
    /// 与 --write-sidecar 合用：写出全部报告
    #[arg(long, requires = "write_sidecar")]
    all: bool,
}

#[derive(Serialize, Default)]
struct Output {
    reports: u64,
    passages: u64,
    characters: u64,
    copies: u64,
    skipped: u64,
    archives: Vec<String>,
    year: BTreeMap<String, u64>,
    kind: BTreeMap<String, u64>,
    region: BTreeMap<String, u64>,
}

const UNKNOWN: &str = "不详";

/// Prints what is asked for: the counts, unless something else is.
pub fn run(arguments: &Arguments, archive: &Archive, json: bool, out: &mut dyn Write) -> anyhow::Result<Ending> {
    if let Some(path) = &arguments.write_sidecar {
        return sidecar::write(path, archive, arguments.all, out);
    }
    if arguments.coverage {
        return matrix::run(archive, json, out);
    }
    if arguments.doubtful {
        return sidecar::list(archive, json, out);
    }
    if arguments.duplicates {
        return duplicates::run(archive, json, out);
    }
    counts(archive, json, out)
}

fn counts(archive: &Archive, json: bool, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let manifest = archive.manifest();
    let mut output = Output {
        copies: manifest.copies,
        skipped: manifest.skipped,
        archives: manifest.archives.clone(),
        ..Output::default()
    };
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
        "{} 份报告，{} 段，{} 字；副本 {} 份；未读 {} 个文件",
        output.reports, output.passages, output.characters, output.copies, output.skipped
    )?;
    for (name, counts) in [("年份", &output.year), ("类型", &output.kind), ("地区", &output.region)] {
        let counts: Vec<String> = counts.iter().map(|(value, count)| format!("{value} {count}")).collect();
        writeln!(out, "\n{name}（份）：{}", counts.join("，"))?;
    }
    Ok(())
}
