//! What an archive covers: how many reports of which years and kinds, series by series, and what is missing between.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tantivy::DocId;

use super::filter::predicates;
use crate::index::names::Names;
use crate::index::reader::Snapshot;
use crate::query::Field;

/// The reports that were searched.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Coverage {
    /// How many.
    pub reports: u64,
    /// First and last year.
    pub years: Option<(i64, i64)>,
    /// Reports by kind.
    pub kinds: BTreeMap<String, u64>,
    /// Years that series lack between their first and their last, the series with most reports first.
    pub gaps: Vec<Gap>,
}

/// Missing years of a series.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Gap {
    /// The issuer.
    pub issuer: String,
    /// The kind.
    pub kind: String,
    /// The years.
    pub missing: Vec<i64>,
}

/// The reports of one issuer and kind.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Series {
    /// The issuer; empty where it is not known.
    pub issuer: String,
    /// The kind.
    pub kind: String,
    /// How many reports.
    pub reports: u64,
    /// Their years, ascending, each once.
    pub years: BTreeSet<i64>,
}

impl Series {
    /// The years that it lacks between its first and its last.
    pub fn missing(&self) -> Vec<i64> {
        let (Some(&first), Some(&last)) = (self.years.first(), self.years.last()) else { return Vec::new() };
        (first..last).filter(|year| !self.years.contains(year)).collect()
    }

    /// Whether it is given every year or so: what is not lacks nothing in between.
    pub fn is_annual(&self) -> bool {
        match (self.years.first(), self.years.last()) {
            (Some(first), Some(last)) => self.years.len() > 1 && 2 * self.years.len() as i64 > last - first,
            _ => false,
        }
    }
}

/// Series with gaps that are named.
const MOST_GAPS: usize = 5;

/// The reports that a filter lets through, and what is missing between them.
///
/// # Errors
/// If the index is damaged.
pub fn coverage(snapshot: &Snapshot, filter: &[Field]) -> tantivy::Result<Coverage> {
    // Parts and sections are no properties of reports.
    let of_reports: Vec<Field> =
        filter.iter().filter(|field| !matches!(field, Field::Part(_) | Field::Section(_))).cloned().collect();
    let mut headers = Vec::with_capacity(snapshot.segments.len());
    for segment in &snapshot.segments {
        let predicates = predicates(&of_reports, segment)?;
        let accepted =
            |&header: &DocId| segment.passages_of(header) > 0 && predicates.iter().all(|p| p.accepts(header + 1));
        headers.push(segment.headers().filter(accepted).collect());
    }
    Ok(Coverage::of(&series(snapshot, &headers)?))
}

impl Coverage {
    /// What series, those with most reports first, cover together.
    pub fn of(series: &[Series]) -> Coverage {
        let mut coverage = Coverage::default();
        for one in series {
            coverage.reports += one.reports;
            *coverage.kinds.entry(one.kind.clone()).or_default() += one.reports;
            if let (Some(&first), Some(&last)) = (one.years.first(), one.years.last()) {
                let known = coverage.years.unwrap_or((first, last));
                coverage.years = Some((known.0.min(first), known.1.max(last)));
            }
            let missing = one.missing();
            if !one.issuer.is_empty() && one.is_annual() && !missing.is_empty() && coverage.gaps.len() < MOST_GAPS {
                coverage.gaps.push(Gap { issuer: one.issuer.clone(), kind: one.kind.clone(), missing });
            }
        }
        coverage
    }
}

/// The series of reports, given by their headers in each segment; those of most years first.
///
/// # Errors
/// If the index is damaged.
pub fn series(snapshot: &Snapshot, headers: &[Vec<DocId>]) -> tantivy::Result<Vec<Series>> {
    let mut series: HashMap<(String, String), Series> = HashMap::new();
    for (segment, headers) in snapshot.segments.iter().zip(headers) {
        /// Reports and years of an issuer and kind.
        type OfSegment = (u64, BTreeSet<i64>);
        let mut of_segment: HashMap<(Option<u64>, Option<u64>), OfSegment> = HashMap::new();
        for &doc in headers.iter().filter(|&&header| segment.passages_of(header) > 0) {
            let key = (segment.issuer.number(doc), segment.kind.number(doc));
            let (reports, years) = of_segment.entry(key).or_default();
            *reports += 1;
            years.extend(segment.year_of(doc).map(i64::from));
        }
        for ((issuer, kind), (reports, years)) in of_segment {
            let (issuer, kind) = (snapshot.fullest(name(&segment.issuer, issuer)?), name(&segment.kind, kind)?);
            let new = || Series { issuer: issuer.clone(), kind: kind.clone(), reports: 0, years: BTreeSet::new() };
            let known = series.entry((issuer.clone(), kind.clone())).or_insert_with(new);
            known.reports += reports;
            known.years.extend(years);
        }
    }
    let mut series: Vec<Series> = series.into_values().collect();
    series.sort_by(|a, b| {
        b.years.len().cmp(&a.years.len()).then_with(|| (&a.issuer, &a.kind).cmp(&(&b.issuer, &b.kind)))
    });
    Ok(series)
}

/// The name with this number; empty for none.
fn name(names: &Names, number: Option<u64>) -> tantivy::Result<String> {
    let Some(number) = number else { return Ok(String::new()) };
    Ok(names.all()?.get(number as usize).cloned().unwrap_or_default())
}
