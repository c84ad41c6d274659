//! Facets: how many of the matching passages there are by year, kind, region, issuer and part.

use std::collections::BTreeMap;

use tantivy::DocId;

use super::rank::Candidate;
use crate::index::names::Names;
use crate::index::reader::Snapshot;

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
            let segment = &snapshot.segments[of_segment[0].segment];
            let mut years: BTreeMap<Option<i64>, u64> = BTreeMap::new();
            // All but the part is told of a report: its first passage stands for all of them.
            let mut reports: Vec<(DocId, u64)> = Vec::new();
            let mut end = 0;
            for candidate in of_segment {
                if candidate.doc >= end {
                    end = segment.report_at(candidate.doc).end;
                    reports.push((candidate.doc, 0));
                }
                if let Some((_, passages)) = reports.last_mut() {
                    *passages += 1;
                }
                *years.entry(candidate.year).or_default() += 1;
            }
            for (year, count) in years {
                let year = year.map_or_else(|| UNKNOWN.to_owned(), |year| year.to_string());
                *facets.year.entry(year).or_default() += count;
            }
            count_names(&segment.kind, reports.iter().copied(), &mut facets.kind)?;
            count_names(&segment.region, reports.iter().copied(), &mut facets.region)?;
            count_names(&segment.issuer, reports.iter().copied(), &mut facets.issuer)?;
            count_names(&segment.part, of_segment.iter().map(|candidate| (candidate.doc, 1)), &mut facets.part)?;
        }
        Ok(facets)
    }
}

/// Adds up numbers of passages by the names of documents.
fn count_names(
    names: &Names,
    passages: impl Iterator<Item = (DocId, u64)>,
    counts: &mut BTreeMap<String, u64>,
) -> tantivy::Result<()> {
    let all = names.all()?;
    let mut by_number = vec![0u64; all.len() + 1];
    for (doc, count) in passages {
        by_number[names.number(doc).map_or(all.len(), |number| (number as usize).min(all.len()))] += count;
    }
    let named = all.iter().map(String::as_str).chain([UNKNOWN]);
    for (name, count) in named.zip(by_number).filter(|(_, count)| *count > 0) {
        *counts.entry(name.to_owned()).or_default() += count;
    }
    Ok(())
}
