//! The numeric targets and results of an archive's reports, linked over the years.
//!
//! Reports are read whole, since a clause may speak of what a passage before it names; which passages count is the
//! usage's word.

use crate::error::Error;
use crate::index::TantivyError;
use crate::index::record::Header;
use crate::model::Passage;
use crate::search::parallel;
use crate::targets::{self, Group, Item, ReportRef, ReportYears};
use crate::usage::Usage;

/// Items of some reports.
pub struct Figures {
    /// The reports that have items.
    pub reports: Vec<Header>,
    /// The items, report by report.
    pub items: Vec<Stated>,
    /// The items by place, indicator, measure and unit, by their numbers; targets beside results.
    pub groups: Vec<Group>,
}

/// An item where it is stated.
pub struct Stated {
    /// The report, by its number.
    pub report: usize,
    /// The item.
    pub item: Item,
    /// The stretch of the passage that says it.
    pub quote: String,
    /// The heading path it stands under.
    pub section: Vec<String>,
}

/// Reads what stands in the passages that a usage found, and links it.
///
/// # Errors
/// If the index is damaged.
pub fn figures(usage: &Usage) -> Result<Figures, Error> {
    let mut headers: Vec<(usize, u32)> = Vec::new();
    for (number, segment) in usage.segments() {
        headers.extend(usage.matching[number].iter().map(|found| (number, segment.header_of(found.doc))));
    }
    headers.dedup();
    let read = |&place: &(usize, u32)| of_report(usage, place);
    let mut found = parallel::map(&headers, read).map_err(|source| usage.snapshot.failure(source))?;
    found.retain(|(_, stated)| !stated.is_empty());
    found.sort_by(|(a, _), (b, _)| (&a.source, a.place).cmp(&(&b.source, b.place)));
    let (mut reports, mut items) = (Vec::new(), Vec::new());
    for (header, stated) in found {
        let report = reports.len();
        items.extend(stated.into_iter().map(|stated| Stated { report, ..stated }));
        reports.push(header);
    }
    let known: Vec<(ReportRef, Item)> =
        items.iter().map(|stated| (reference(&reports[stated.report]), stated.item.clone())).collect();
    Ok(Figures { groups: targets::link(&known), reports, items })
}

fn of_report(usage: &Usage, (number, header): (usize, u32)) -> Result<(Header, Vec<Stated>), TantivyError> {
    let segment = &usage.snapshot.segments[number];
    let report = segment.header(header)?;
    let passages: Vec<Passage> =
        (header + 1..=header + report.passages).map(|doc| segment.passage(doc)).collect::<Result<_, _>>()?;
    let is_found = |item: &Item| usage.is_match(number, header + 1 + item.passage as u32);
    let items = targets::read(&ReportYears::from(&report.metadata), &passages);
    let stated = |item: Item| {
        let passage = &passages[item.passage];
        Stated {
            report: 0,
            quote: passage.text.chars().skip(item.chars.start).take(item.chars.len()).collect(),
            section: crate::model::section_path(&report.sections, passage.section),
            item,
        }
    };
    let stated = items.into_iter().filter(is_found).map(stated).collect();
    Ok((report, stated))
}

/// How `targets` knows a report.
fn reference(header: &Header) -> ReportRef {
    let metadata = &header.metadata;
    let place = metadata.region.as_ref().or(metadata.issuer.as_ref()).map(|place| place.value.clone());
    ReportRef {
        report: header.id.clone(),
        place: place.unwrap_or_default(),
        year: metadata.year.as_ref().map_or(0, |year| year.value),
    }
}
