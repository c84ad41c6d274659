//! The last report that the draft's issuer gave before: what this year's wording is compared with.

use super::draft::Draft;
use super::series::{self, Dated};
use super::sources::Sources;
use crate::error::Error;
use crate::index::reader::Snapshot;
use crate::model::Kind;
use crate::search::pairs::Place;
use crate::text::issuers::is_called;

/// An issuer's last report.
pub struct Previous(Dated);

impl Previous {
    /// The last report of an issuer, or of the draft's, before a year, or the draft's; of the draft's kind if there
    /// is one.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn find(
        sources: &Sources,
        snapshot: &Snapshot,
        draft: &Draft,
        issuer: Option<&str>,
        before: Option<i32>,
    ) -> Result<Option<Previous>, Error> {
        let metadata = draft.metadata();
        let of_draft = || Some(metadata?.issuer.as_ref()?.value.clone());
        if let Some(short) = issuer.filter(|name| name.chars().count() < 2) {
            return Err(Error::NoSuchIssuer { name: short.to_owned() });
        }
        let Some(issuer) = issuer.map(str::to_owned).or_else(of_draft) else { return Ok(None) };
        let before = before.or_else(|| Some(metadata?.year.as_ref()?.value)).unwrap_or(i32::MAX);
        let kind = metadata.map(|metadata| metadata.kind.value).filter(|&kind| kind != Kind::Other);
        let series = series::all(snapshot, sources, |issued| is_called(&issued.issuer, &issuer), |_| true)?;
        let reports = series.into_iter().flat_map(|series| series.reports).filter(|report| report.year < before);
        let rank = |report: &Dated| {
            (kind.is_none_or(|kind| report.header.metadata.kind.value == kind), report.year, report.place)
        };
        Ok(reports.max_by_key(rank).map(Previous))
    }

    /// Its title and year.
    pub fn name(&self) -> (String, i32) {
        (self.0.header.metadata.title.value.clone(), self.0.year)
    }

    /// Its issuer, as its report names it.
    pub fn issuer(&self) -> Option<String> {
        self.0.header.metadata.issuer.as_ref().map(|issuer| issuer.value.clone())
    }

    /// Its passages.
    pub fn places(&self) -> impl Iterator<Item = Place> + use<> {
        self.0.passages()
    }
}
