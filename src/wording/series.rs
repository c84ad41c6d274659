//! Series: the reports of one issuer and kind over the years, and which of them are a draft's superiors.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sources::Sources;
use crate::error::Error;
use crate::index::reader::Snapshot;
use crate::index::record::Header;
use crate::model::Kind;
use crate::search::pairs::Place;
use crate::text::issuers::is_called;
use crate::text::regions::NATIONAL;

/// A report with its year.
#[derive(Debug, Clone)]
pub struct Dated {
    /// Its year.
    pub year: i32,
    /// The place of its header.
    pub place: Place,
    /// Its header.
    pub header: Arc<Header>,
}

impl Dated {
    /// The places of its passages.
    pub fn passages(&self) -> impl Iterator<Item = Place> + use<> {
        let (segment, header) = self.place;
        (header + 1..=header + self.header.passages).map(move |doc| (segment, doc))
    }
}

/// The reports of one issuer and kind, by year.
#[derive(Debug, Clone)]
pub struct Series {
    /// The issuer.
    pub issuer: String,
    /// The reports, ascending by year; a year may have several.
    pub reports: Vec<Dated>,
}

/// Whether the wording of a kind of report is for others to follow.
pub fn sets_wording(kind: Kind) -> bool {
    !matches!(kind, Kind::News | Kind::Notice | Kind::Statistics | Kind::Other)
}

/// Who gives a report, and where.
pub struct Issued {
    /// The issuer.
    pub issuer: String,
    /// The region.
    pub region: Option<String>,
}

/// The series of which `accepts` lets issuer and region through, and `kinds` the kind, by issuer and kind.
///
/// # Errors
/// If the index is damaged.
pub fn all(
    snapshot: &Snapshot,
    sources: &Sources,
    accepts: impl Fn(&Issued) -> bool,
    kinds: impl Fn(Kind) -> bool,
) -> Result<Vec<Series>, Error> {
    let mut series: BTreeMap<(String, &str), Series> = BTreeMap::new();
    for (number, segment) in snapshot.segments.iter().enumerate() {
        for doc in segment.headers() {
            // Its first passage has the properties of the report.
            let (place, first) = ((number, doc), (number, doc + 1));
            let Some(year) = sources.year(first).filter(|_| sources.accepts(first)) else { continue };
            let Some(issuer) = sources.issuer(first) else { continue };
            let issued = Issued { issuer, region: sources.region(first) };
            if !accepts(&issued) {
                continue;
            }
            let header = sources.header(place)?;
            let kind = header.metadata.kind.value;
            if !kinds(kind) {
                continue;
            }
            let key = (issued.issuer.clone(), kind.label());
            let new = || Series { issuer: issued.issuer, reports: Vec::new() };
            let of_issuer = series.entry(key).or_insert_with(new);
            of_issuer.reports.push(Dated { year, place, header: Arc::clone(&header) });
        }
    }
    let mut series: Vec<Series> = series.into_values().collect();
    for one in &mut series {
        one.reports.sort_by_key(|report| (report.year, report.place));
    }
    Ok(series)
}

/// An error if one of the names given is not what one of the issuers is called.
///
/// # Errors
/// If so.
pub fn all_known<'a>(names: &[String], issuers: impl Iterator<Item = &'a str> + Clone) -> Result<(), Error> {
    let is_known = |name: &&String| name.chars().count() > 1 && issuers.clone().any(|issuer| is_called(issuer, name));
    match names.iter().find(|name| !is_known(name)) {
        Some(unknown) => Err(Error::NoSuchIssuer { name: unknown.clone() }),
        None => Ok(()),
    }
}

/// Whether a report's region stands above another: the whole country, or a region that the other one is part of.
pub fn is_above(superior: &str, region: Option<&str>) -> bool {
    superior == NATIONAL || region.is_some_and(|region| region != superior && region.starts_with(superior))
}
