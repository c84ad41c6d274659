//! `similar`: the earlier and later versions of one passage over the years, as a chain.
//!
//! From the passage asked for, the chain goes year by year backwards and forwards: the next version is the
//! passage of that year's reports that is most like the version before, if it is at least [`VERSION`] alike.
//! A year without one is left out, and the next year is compared with the last version there was.

use std::collections::BTreeMap;

use super::compare::{Unit, diff, similarity};
use super::series::{self, Dated, Issued};
use super::sources::{PairSet, Source, Sources};
use super::{Match, place_names};
use crate::error::Error;
use crate::index::reader::Snapshot;
use crate::model::{Kind, Metadata};
use crate::search::pairs::Place;
use crate::search::parallel;

/// Similarity from which on a passage is a version of another.
pub const VERSION: f32 = 0.35;

/// Passages of a year that are compared, the most promising ones.
const COMPARED: usize = 4;

/// A version of a passage.
#[derive(Debug, Clone)]
pub struct Version {
    /// The year of its report.
    pub year: i32,
    /// The passage; its similarity and diff are to the version of the year before it in the chain.
    pub passage: Match,
    /// Whether it is the passage asked for.
    pub is_asked_for: bool,
}

/// A passage of a year, ready for comparing.
struct Ready {
    place: Place,
    source: std::sync::Arc<Source>,
}

/// The chain of versions of a passage, oldest first; `everywhere` looks at all issuers' reports.
///
/// # Errors
/// If the index is damaged, or the passage's report has no year.
pub fn versions(
    snapshot: &Snapshot,
    metadata: &Metadata,
    asked_for: Place,
    everywhere: bool,
) -> Result<Vec<Version>, Error> {
    let names = place_names(snapshot)?;
    let sources = Sources::new(snapshot, &[], &names, [])?;
    let issuer = metadata.issuer.as_ref().map(|issuer| &issuer.value);
    let same_issuer = |issued: &Issued| everywhere || Some(&issued.issuer) == issuer;
    let same_kind = |kind: Kind| everywhere || kind == metadata.kind.value;
    let mut by_year: BTreeMap<i32, Vec<Dated>> = BTreeMap::new();
    for series in series::all(snapshot, &sources, same_issuer, same_kind)? {
        for report in series.reports {
            by_year.entry(report.year).or_default().push(report);
        }
    }
    let own = || sources.passage(asked_for).map(|source| Ready { place: asked_for, source });
    let Some(year) = sources.year(asked_for) else {
        return Ok(vec![version(&sources, 0, &own()?, None, true)?]);
    };
    let mut chain = BTreeMap::from([(year, own()?)]);
    let earlier: Vec<i32> = by_year.keys().rev().copied().filter(|&other| other < year).collect();
    let later: Vec<i32> = by_year.keys().copied().filter(|&other| other > year).collect();
    for direction in [earlier, later] {
        let mut last = own()?;
        for year in direction {
            let reports = by_year.get(&year).map_or(&[][..], Vec::as_slice);
            if let Some(next) = most_alike(&sources, &last.source.wording.units, reports)? {
                last = Ready { place: next.place, source: next.source.clone() };
                chain.insert(year, next);
            }
        }
    }
    let mut versions = Vec::new();
    let mut before: Option<&Ready> = None;
    for (&of, ready) in &chain {
        versions.push(version(&sources, of, ready, before, of == year)?);
        before = Some(ready);
    }
    Ok(versions)
}

fn version(
    sources: &Sources,
    year: i32,
    ready: &Ready,
    before: Option<&Ready>,
    is_asked_for: bool,
) -> Result<Version, Error> {
    let source = &ready.source;
    let mut passage = Match::whole(sources, ready.place)?;
    if let Some(before) = before {
        passage.similarity = similarity(&before.source.wording.units, &source.wording.units);
        passage.diff = diff(&before.source.text, &source.text, sources.names);
        passage.verbatim = before.source.wording.folded.chars == source.wording.folded.chars;
    }
    Ok(Version { year, passage, is_asked_for })
}

/// The passage of some reports that is most like units, if any is a version of them.
fn most_alike(sources: &Sources, units: &[Unit], reports: &[Dated]) -> Result<Option<Ready>, Error> {
    let set = PairSet::of(units);
    let places: Vec<Place> = reports.iter().flat_map(Dated::passages).collect();
    let ready = parallel::map(&places, |&place| {
        let source = sources.passage(place)?;
        let promise = set.likeness(units.len(), &source.wording.units);
        Ok::<_, Error>((promise, Ready { place, source }))
    })?;
    let mut ready: Vec<(f32, Ready)> = ready.into_iter().filter(|(promise, _)| *promise > 0.0).collect();
    ready.sort_by(|a, b| b.0.total_cmp(&a.0));
    let compared = ready.into_iter().take(COMPARED);
    let alike = compared.map(|(_, ready)| (similarity(units, &ready.source.wording.units), ready));
    let best = alike.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.place.cmp(&a.1.place)));
    Ok(best.filter(|(similarity, _)| *similarity >= VERSION).map(|(_, ready)| ready))
}
