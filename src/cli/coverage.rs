//! What an archive covers, for people: how many reports of which years and kinds, and what is missing.

use std::collections::BTreeMap;
use std::io::Write;

use yinde::search::coverage::Coverage;
use yinde::text::numerals::year_ranges;

/// Values of a facet that are shown.
const MOST_VALUES: usize = 8;

/// What was looked through.
pub fn print_coverage(coverage: &Coverage, out: &mut dyn Write) -> anyhow::Result<()> {
    let years = coverage.years.map_or_else(String::new, |(first, last)| format!("，{first}–{last} 年"));
    let kinds = if coverage.reports > 0 { format!("；{}", commonest(&coverage.kinds)) } else { String::new() };
    writeln!(out, "查找范围：{} 份报告{years}{kinds}", coverage.reports)?;
    for gap in &coverage.gaps {
        writeln!(out, "  {}{}缺：{}", gap.issuer, gap.kind, year_ranges(&gap.missing))?;
    }
    Ok(())
}

/// The commonest values with their counts; how many more there are.
pub fn commonest(counts: &BTreeMap<String, u64>) -> String {
    let mut values: Vec<(&String, &u64)> = counts.iter().collect();
    values.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let more = values.len().saturating_sub(MOST_VALUES);
    let shown: Vec<String> = values.iter().take(MOST_VALUES).map(|(value, count)| format!("{value} {count}")).collect();
    if more > 0 { format!("{} 等 {} 项", shown.join("，"), values.len()) } else { shown.join("，") }
}
