//! Trend: how often an expression is used, by year, kind, region or issuer.
//!
//! Occurrences are those of a search. The rate is per 10,000 characters of matching form, appendices left out on both
//! sides; the share is that of reports. A year between the first and the last without any report is a gap and has no
//! values, since nobody knows what was said in it.

use std::collections::BTreeMap;

use super::Usage;
use crate::error::Error;
use crate::index::reader::Segment;
use crate::search::groups::{By, Groups, Key};

/// The use of one expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// What it is counted by.
    pub by: By,
    /// Group by group; years ascending, gaps among them.
    pub rows: Vec<Row>,
    /// All groups together.
    pub total: Counts,
}

/// One group.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The group.
    pub key: Key,
    /// What was counted; `None` for a year without reports.
    pub counts: Option<Counts>,
}

/// What was counted in some reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Occurrences.
    pub occurrences: u64,
    /// How many of these stand in appendices.
    pub in_appendix: u64,
    /// Passages that match.
    pub passages: u64,
    /// Reports with a match.
    pub reports: u64,
    /// Reports looked through.
    pub reports_total: u64,
    /// Characters of matching form looked through, appendices left out.
    pub characters: u64,
}

impl Counts {
    /// Occurrences outside appendices per 10,000 characters; `None` without any character.
    pub fn per_10k(&self) -> Option<f64> {
        let occurrences = self.occurrences - self.in_appendix;
        (self.characters > 0).then(|| occurrences as f64 * 1e4 / self.characters as f64)
    }

    /// The share of reports that match, from 0 to 1; `None` without any report.
    pub fn share(&self) -> Option<f64> {
        (self.reports_total > 0).then(|| self.reports as f64 / self.reports_total as f64)
    }

    fn add(&mut self, other: &Counts) {
        self.occurrences += other.occurrences;
        self.in_appendix += other.in_appendix;
        self.passages += other.passages;
        self.reports += other.reports;
        self.reports_total += other.reports_total;
        self.characters += other.characters;
    }
}

/// Counts a usage by a property of reports.
///
/// # Errors
/// If the index is damaged.
pub fn trend(usage: &Usage, by: By) -> Result<Trend, Error> {
    let mut groups: BTreeMap<Key, Counts> = BTreeMap::new();
    for (number, segment) in usage.segments() {
        of_segment(usage, number, segment, by, &mut groups).map_err(|source| usage.snapshot.failure(source))?;
    }
    let mut total = Counts::default();
    groups.values().for_each(|counts| total.add(counts));
    let years = || groups.keys().filter_map(|key| if let Key::Year(year) = key { Some(*year) } else { None });
    let mut rows: Vec<Row> =
        groups.iter().map(|(key, counts)| Row { key: key.clone(), counts: Some(*counts) }).collect();
    if let Some((first, last)) = years().min().zip(years().max()) {
        let known: Vec<i64> = years().collect();
        let gaps = (first..last).filter(|year| known.binary_search(year).is_err());
        rows.extend(gaps.map(|year| Row { key: Key::Year(year), counts: None }));
        rows.sort_by(|a, b| a.key.cmp(&b.key));
    }
    Ok(Trend { by, rows, total })
}

fn of_segment(
    usage: &Usage,
    number: usize,
    segment: &Segment,
    by: By,
    groups: &mut BTreeMap<Key, Counts>,
) -> Result<(), crate::index::TantivyError> {
    let of = Groups::of(segment, by)?;
    let in_appendix = Usage::in_appendix(segment)?;
    let mut counts: BTreeMap<Option<i64>, Counts> = BTreeMap::new();
    let mut last = None;
    for &doc in &usage.looked_through[number] {
        let counts = counts.entry(of.number(doc)).or_default();
        let header = segment.header_of(doc);
        counts.reports_total += u64::from(last != Some(header));
        last = Some(header);
        if !in_appendix(doc) {
            counts.characters += u64::from(segment.characters(doc));
        }
    }
    last = None;
    for found in &usage.matching[number] {
        let counts = counts.entry(of.number(found.doc)).or_default();
        let occurrences = u64::from(found.occurrences);
        counts.occurrences += occurrences;
        counts.in_appendix += if in_appendix(found.doc) { occurrences } else { 0 };
        counts.passages += 1;
        let header = segment.header_of(found.doc);
        counts.reports += u64::from(last != Some(header));
        last = Some(header);
    }
    for (number, of_group) in counts {
        groups.entry(of.key(number)).or_default().add(&of_group);
    }
    Ok(())
}
