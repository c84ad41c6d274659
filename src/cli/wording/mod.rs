//! The commands of the wording check: `check`, `quote`, `similar`, `align`. What they share stands here.

pub mod align;
pub mod check;
mod html;
mod json;
mod lines;
pub mod quote;
pub mod similar;

use std::io::Read;

use yinde::Error;
use yinde::archive;
use yinde::query::{Field, Query};
use yinde::wording::Match;
use yinde::wording::draft::Draft;

use super::percent;

/// Reads a draft from a file or, for `-`, from standard input.
fn read(draft: &str) -> anyhow::Result<Draft> {
    if draft != "-" {
        return Ok(archive::read_draft(draft)?);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(archive::draft("标准输入", &bytes)?)
}

/// What `--in` asks of reports: fields of the query language and nothing else.
fn filter(within: Option<&str>) -> Result<Vec<Field>, Error> {
    let Some(within) = within else { return Ok(Vec::new()) };
    Query::parse(within).fields().ok_or_else(|| Error::BadOption {
        option: "--in",
        value: within.to_owned(),
        expected: "写条件，如 地区:全国 年份:2020..2025 类型:政府 单位:国务院".to_owned(),
    })
}

/// Year and issuer of a match's report, as in 2025年 国务院.
fn issued(found: &Match) -> String {
    let metadata = &found.header.metadata;
    let year = metadata.year.as_ref().map_or_else(|| "年份不详".to_owned(), |year| format!("{}年", year.value));
    let issuer = metadata.issuer.as_ref().map_or("单位不详", |issuer| issuer.value.as_str());
    format!("{year} {issuer}")
}

/// Where a match stands, on one line.
fn place(found: &Match) -> String {
    let mut place = format!("{}《{}》", issued(found), found.header.metadata.title.value);
    for heading in &found.section {
        place += " › ";
        place += heading;
    }
    format!("{place} 第 {} 段（{}#{}）", found.passage, found.header.id, found.passage)
}

/// What is meant of a match's passage.
pub fn meant(found: &Match) -> String {
    found.text.chars().skip(found.span.0).take(found.span.1 - found.span.0).collect()
}
