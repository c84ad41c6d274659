//! `yinde stats --coverage`: series by year, with what is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;
use yinde::archive::Archive;

use super::super::{Ending, write_json};
use super::UNKNOWN;
use yinde::text::numerals::year_ranges;

/// One series: what an issuer gives, of one kind.
#[derive(Serialize)]
struct Row<'a> {
    issuer: &'a str,
    kind: &'a str,
    /// Reports by year.
    years: BTreeMap<i32, u64>,
    /// Reports without a year.
    undated: u64,
    /// Years without a report between the first and the last.
    gaps: Vec<i32>,
}

/// Prints the matrix.
pub fn run(archive: &Archive, json: bool, out: &mut dyn Write) -> anyhow::Result<Ending> {
    /// Reports by year, and those without one.
    type Counts = (BTreeMap<i32, u64>, u64);
    let mut series: BTreeMap<(String, &'static str), Counts> = BTreeMap::new();
    for report in archive.reports()? {
        let metadata = &report.header.metadata;
        let issuer = metadata.issuer.as_ref().map_or(UNKNOWN.to_owned(), |issuer| archive.fullest(&issuer.value));
        let (years, undated) = series.entry((issuer, metadata.kind.value.label())).or_default();
        match &metadata.year {
            Some(year) => *years.entry(year.value).or_default() += 1,
            None => *undated += 1,
        }
    }
    let rows: Vec<Row> = series
        .iter()
        .map(|((issuer, kind), (years, undated))| {
            let gaps = match (years.keys().next(), years.keys().last()) {
                (Some(&first), Some(&last)) => (first..=last).filter(|year| !years.contains_key(year)).collect(),
                _ => Vec::new(),
            };
            Row { issuer, kind, years: years.clone(), undated: *undated, gaps }
        })
        .collect();
    if json {
        write_json(out, &rows)?;
    } else {
        print(&rows, out)?;
    }
    Ok(if rows.is_empty() { Ending::Nothing } else { Ending::Found })
}

/// Columns of the terminal that names may take.
const NAME_WIDTH: usize = 44;

fn print(rows: &[Row], out: &mut dyn Write) -> anyhow::Result<()> {
    let years: BTreeSet<i32> = rows.iter().flat_map(|row| row.years.keys().copied()).collect();
    let (Some(&first), Some(&last)) = (years.first(), years.last()) else {
        writeln!(out, "没有标明年份的报告")?;
        return Ok(());
    };
    let mut ruler = String::new();
    for decade in (first - first.rem_euclid(10)..=last).step_by(10) {
        let at = (decade.max(first) - first) as usize;
        if at >= ruler.len() && (ruler.is_empty() || at > ruler.len()) {
            ruler.push_str(&" ".repeat(at - ruler.len()));
            ruler.push_str(&decade.max(first).to_string());
        }
    }
    writeln!(out, "数字是份数，- 是缺的年份\n{}{ruler}", " ".repeat(NAME_WIDTH + 1))?;
    for row in rows {
        let name = format!("{} {}", row.issuer, row.kind);
        let padding = " ".repeat(NAME_WIDTH.saturating_sub(name.width()) + 1);
        let cells: String = (first..=last).map(|year| cell(row, year)).collect();
        let undated = if row.undated > 0 { format!("  年份不详 {} 份", row.undated) } else { String::new() };
        writeln!(out, "{name}{padding}{}{}{undated}", cells.trim_end(), gaps(row))?;
    }
    Ok(())
}

fn cell(row: &Row, year: i32) -> char {
    match row.years.get(&year) {
        Some(&count) => char::from_digit(count.min(9) as u32, 10).unwrap_or('9'),
        None if row.gaps.contains(&year) => '-',
        None => ' ',
    }
}

/// The years that a series lacks.
fn gaps(row: &Row) -> String {
    if row.gaps.is_empty() { String::new() } else { format!("  缺 {}", year_ranges(&row.gaps)) }
}
