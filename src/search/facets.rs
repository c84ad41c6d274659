//! Facets: how many of the matching passages there are by year, kind, region, issuer and part.

use std::collections::BTreeMap;

use tantivy::DocId;

use super::rank::Candidate;
use crate::index::names::Names;
use crate::index::reader::Snapshot;
use crate::model::Part;

/// Passages by value; a value that is not known counts as [`UNKNOWN`].
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Facets {
    /// By the report's year.
    pub year: BTreeMap<String, u64>,
    /// By kind.
    pub kind: BTreeMap<String, u64>,
    /// By region.
    pub region: BTreeMap<String, u64>,
    /// By issuer.
    pub issuer: BTreeMap<String, u64>,
    /// By part.
    pub part: BTreeMap<String, u64>,
}

/// What stands for a value that is not known.
pub const UNKNOWN: &str = "不详";

impl Facets {
    /// Counts candidates, which ascend by segment and document.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(snapshot: &Snapshot, candidates: &[Candidate]) -> tantivy::Result<Facets> {
        let mut facets = Facets::default();
        for of_segment in candidates.chunk_by(|a, b| a.segment == b.segment) {
            let segment = of_segment[0].segment(snapshot);
            // All but the part is told of a report.
            let mut reports = Vec::new();
            let mut in_order = segment.reports_in_order();
            let mut years: BTreeMap<Option<i32>, u64> = BTreeMap::new();
            let mut parts = [0; Part::ALL.len()];
            let mut rest = of_segment;
            while let Some(first) = rest.first() {
                let (number, report) = in_order.report_at(first.doc);
                let of_report;
                (of_report, rest) = rest.split_at(rest.iter().take_while(|c| c.doc < report.end).count());
                reports.push(OfReport { number, header: report.start, passages: of_report.len() as u64 });
                *years.entry(first.year).or_default() += of_report.len() as u64;
                for part in of_report.iter().filter_map(|candidate| segment.part(candidate.doc)) {
                    parts[part as usize] += 1;
                }
            }
            for (year, count) in years {
                let year = year.map_or_else(|| UNKNOWN.to_owned(), |year| year.to_string());
                *facets.year.entry(year).or_default() += count;
            }
            count_names(&segment.kind, &reports, &mut facets.kind)?;
            count_names(&segment.region, &reports, &mut facets.region)?;
            count_names(&segment.issuer, &reports, &mut facets.issuer)?;
            for (part, count) in Part::ALL.iter().zip(parts).filter(|(_, count)| *count > 0) {
                *facets.part.entry(part.label().to_owned()).or_default() += count;
            }
        }
        Ok(facets)
    }
}

/// How many passages of a report there are.
struct OfReport {
    number: usize,
    header: DocId,
    passages: u64,
}

/// Adds up passages by the names of their reports.
fn count_names(names: &Names, reports: &[OfReport], counts: &mut BTreeMap<String, u64>) -> tantivy::Result<()> {
    let all = names.all()?;
    names.prepare(reports.len());
    let mut by_number = vec![0u64; all.len() + 1];
    for &OfReport { number, header, passages } in reports {
        let name = names.of_report(number, header);
        by_number[name.map_or(all.len(), |name| (name as usize).min(all.len()))] += passages;
    }
    let named = all.iter().map(String::as_str).chain([UNKNOWN]);
    for (name, count) in named.zip(by_number).filter(|(_, count)| *count > 0) {
        *counts.entry(name.to_owned()).or_default() += count;
    }
    Ok(())
}
