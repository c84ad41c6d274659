//! The Markdown tables, with the figures in bold that a peer wins over Yinde.
//!
//! A figure is compared as it was measured, not as it is rounded. Without Yinde among the engines nothing is
//! bold and there are no ratios.

use std::io::{self, Write};

use crate::engine::Engine;
use crate::measure::{Builds, Searched, median, percentile};

/// One string with what the scans and the engines say.
pub struct QueryRow<'a> {
    /// The string.
    pub query: &'a str,
    /// Passages whose matching form holds it.
    pub scan: u64,
    /// Passages whose text holds it as it stands.
    pub verbatim: u64,
    /// The engines' searches, in their order.
    pub searched: Vec<Searched>,
}

/// The figures of one engine. Those of indexing are not there for an engine without an index.
pub struct Figures {
    name: &'static str,
    wall: Option<f64>,
    cpu: Option<f64>,
    megabytes: Option<f64>,
    query_ms: f64,
    p99_ms: f64,
    slowest_ms: f64,
    count_ms: f64,
    exact: usize,
    recall: f64,
}

impl Figures {
    /// The figures of the engine in this place.
    pub fn new(engine: &dyn Engine, place: usize, builds: &Builds, rows: &[QueryRow]) -> Figures {
        let indexing = |value: f64| engine.has_index().then_some(value);
        let searched = || rows.iter().map(move |row| (&row.searched[place], row.scan));
        let medians: Vec<f64> = searched().map(|(searched, _)| median(&searched.search)).collect();
        let counting: Vec<f64> = searched().map(|(searched, _)| median(&searched.counting)).collect();
        let all = searched().flat_map(|(searched, _)| searched.search.iter().copied());
        let found: u64 = searched().map(|(searched, scan)| searched.count.min(scan)).sum();
        let there: u64 = rows.iter().map(|row| row.scan).sum();
        Figures {
            name: engine.name(),
            wall: indexing(median(&builds.wall)),
            cpu: indexing(median(&builds.cpu)),
            megabytes: indexing(median(&builds.size) / 1e6),
            query_ms: median(&medians),
            p99_ms: percentile(all, 99),
            slowest_ms: medians.iter().copied().fold(0.0, f64::max),
            count_ms: median(&counting),
            exact: searched().filter(|&(searched, scan)| searched.count == scan).count(),
            recall: if there == 0 { 1.0 } else { found as f64 / there as f64 },
        }
    }

    /// What is measured in which less is better.
    fn costs(&self) -> [Option<f64>; 5] {
        [self.wall, self.cpu, self.megabytes, Some(self.query_ms), Some(self.count_ms)]
    }
}

/// Marks a figure that a peer wins.
fn mark(figure: String, wins: bool) -> String {
    if wins { format!("**{figure}**") } else { figure }
}

/// A figure with so many decimals, in bold if it is below the base's.
fn less(value: Option<f64>, base: Option<f64>, decimals: usize) -> String {
    let Some(value) = value else { return "–".to_owned() };
    mark(format!("{value:.decimals$}"), base.is_some_and(|base| value < base))
}

/// A figure with so many decimals, in bold if it is above the base's.
fn more(value: f64, base: Option<f64>, decimals: usize) -> String {
    mark(format!("{value:.decimals$}"), base.is_some_and(|base| value > base))
}

/// Prints one line for each engine. `base` is the one that others are compared with.
pub fn engines(
    out: &mut dyn Write,
    text_bytes: u64,
    strings: usize,
    all: &[Figures],
    base: Option<&Figures>,
) -> io::Result<()> {
    writeln!(
        out,
        "| engine | index wall s | index CPU s | index MB | index ÷ text | query ms | p99 ms | slowest ms | \
         count ms | exact of {strings} | recall % |"
    )?;
    writeln!(out, "|---|{}", "---:|".repeat(10))?;
    let text = text_bytes as f64 / 1e6;
    for f in all {
        // A bold figure of Yinde's own cannot be: nothing is better than itself.
        let cells = [
            less(f.wall, base.and_then(|b| b.wall), 2),
            less(f.cpu, base.and_then(|b| b.cpu), 2),
            less(f.megabytes, base.and_then(|b| b.megabytes), 1),
            less(f.megabytes.map(|mb| mb / text), base.and_then(|b| b.megabytes).map(|mb| mb / text), 2),
            less(Some(f.query_ms), base.map(|b| b.query_ms), 3),
            less(Some(f.p99_ms), base.map(|b| b.p99_ms), 3),
            less(Some(f.slowest_ms), base.map(|b| b.slowest_ms), 3),
            less(Some(f.count_ms), base.map(|b| b.count_ms), 3),
            more(f.exact as f64, base.map(|b| b.exact as f64), 0),
            more(f.recall * 100.0, base.map(|b| b.recall * 100.0), 2),
        ];
        writeln!(out, "| {} | {} |", f.name, cells.join(" | "))?;
    }
    Ok(())
}

/// Prints by how much the engines differ from the base: below 1, they cost less.
pub fn ratios(out: &mut dyn Write, all: &[Figures], base: &Figures) -> io::Result<()> {
    writeln!(out, "| ÷ {} | index wall | index CPU | index size | query | count |", base.name)?;
    writeln!(out, "|---|{}", "---:|".repeat(5))?;
    for f in all.iter().filter(|f| f.name != base.name) {
        let cells = f.costs().into_iter().zip(base.costs()).map(|(peer, base)| {
            let ratio = peer.zip(base).map(|(peer, base)| peer / base);
            less(ratio.filter(|ratio| ratio.is_finite()), Some(1.0), 2)
        });
        writeln!(out, "| {} | {} |", f.name, cells.collect::<Vec<_>>().join(" | "))?;
    }
    Ok(())
}

/// Prints what was counted for each string; bold is what is nearer to the scan than the base's count.
pub fn counts(out: &mut dyn Write, names: &[&str], rows: &[QueryRow], base: Option<usize>) -> io::Result<()> {
    writeln!(out, "| passages | scan | verbatim | {} |", names.join(" | "))?;
    writeln!(out, "|---|{}", "---:|".repeat(names.len() + 2))?;
    for row in rows {
        let off = |searched: &Searched| searched.count.abs_diff(row.scan);
        let cells = row.searched.iter().map(|searched| {
            let wins = base.is_some_and(|base| off(searched) < off(&row.searched[base]));
            mark(searched.count.to_string(), wins)
        });
        let cells: Vec<String> = cells.collect();
        writeln!(out, "| {} | {} | {} | {} |", row.query, row.scan, row.verbatim, cells.join(" | "))?;
    }
    Ok(())
}

/// Prints the median time of each string, for counting and the best hits.
pub fn times(out: &mut dyn Write, names: &[&str], rows: &[QueryRow], base: Option<usize>) -> io::Result<()> {
    writeln!(out, "| query ms | {} |", names.join(" | "))?;
    writeln!(out, "|---|{}", "---:|".repeat(names.len()))?;
    for row in rows {
        let base = base.map(|base| median(&row.searched[base].search));
        let cells: Vec<String> =
            row.searched.iter().map(|searched| less(Some(median(&searched.search)), base, 3)).collect();
        writeln!(out, "| {} | {} |", row.query, cells.join(" | "))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bold_is_what_the_peer_wins() {
        assert_eq!(less(Some(1.004), Some(1.005), 2), "**1.00**");
        assert_eq!(less(Some(1.0), Some(1.0), 2), "1.00");
        assert_eq!(less(Some(1.0), None, 1), "1.0");
        assert_eq!(less(None, Some(1.0), 2), "–");
        assert_eq!(more(16.0, Some(15.0), 0), "**16**");
    }
}
