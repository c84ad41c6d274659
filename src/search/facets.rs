//! Facets: how many of the matching passages there are by year, kind, region, issuer and part.

use std::collections::BTreeMap;

use tantivy::DocId;

use super::rank::Candidate;
use crate::index::body::Card;
use crate::index::headers::OfReport;
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
        // By kind, region and issuer, segment after segment.
        let mut named: [Vec<(&str, u64)>; 3] = Default::default();
        for of_segment in candidates.chunk_by(|a, b| a.segment == b.segment) {
            let segment = of_segment[0].segment(snapshot);
            // All but the part is told of a report.
            let mut reports = Vec::new();
            let mut in_order = segment.reports_in_order();
            let mut years: BTreeMap<Option<i32>, u64> = BTreeMap::new();
            let mut parts = [0; Card::PARTS];
            let mut rest = of_segment;
            while let Some(OfReport { number, header, documents }) =
                in_order.split(&mut rest, |candidate| candidate.doc)
            {
                let passages = documents.len() as u64;
                reports.push((number, header, passages));
                *years.entry(documents[0].year).or_default() += passages;
                for candidate in documents {
                    parts[segment.body.card(candidate.doc).part_number()] += 1;
                }
            }
            for (year, count) in years {
                let year = year.map_or_else(|| UNKNOWN.to_owned(), |year| year.to_string());
                *facets.year.entry(year).or_default() += count;
            }
            for (names, counts) in [&segment.kind, &segment.region, &segment.issuer].into_iter().zip(&mut named) {
                count_names(names, &reports, counts)?;
            }
            for (part, count) in Part::ALL.iter().zip(&parts[1..]).filter(|(_, count)| **count > 0) {
                *facets.part.entry(part.label().to_owned()).or_default() += count;
            }
        }
        [facets.kind, facets.region, facets.issuer] = named.map(summed);
        Ok(facets)
    }
}

/// Adds up the passages of reports, which are given by number, header and passages, by their names.
fn count_names<'a>(
    names: &'a Names,
    reports: &[(usize, DocId, u64)],
    counts: &mut Vec<(&'a str, u64)>,
) -> tantivy::Result<()> {
    let all = names.all()?;
    names.prepare(reports.len());
    let mut by_number = vec![0u64; all.len() + 1];
    for &(number, header, passages) in reports {
        let name = names.of_report(number, header);
        by_number[name.map_or(all.len(), |name| (name as usize).min(all.len()))] += passages;
    }
    let named = all.iter().map(String::as_str).chain([UNKNOWN]);
    counts.extend(named.zip(by_number).filter(|(_, count)| *count > 0));
    Ok(())
}

/// The counts by name.
fn summed(mut counts: Vec<(&str, u64)>) -> BTreeMap<String, u64> {
    counts.sort();
    let same = counts.chunk_by(|a, b| a.0 == b.0);
    same.map(|same| (same[0].0.to_owned(), same.iter().map(|(_, count)| count).sum())).collect()
}
