//! The closest wording that an archive has for each of some texts.

use super::draft::{Draft, DraftPassage};
use super::sources::Sources;
use super::{Match, place_names};
use crate::error::Error;
use crate::index::reader::Snapshot;
use crate::query::Field;

/// Passages that are looked into for each text.
const LOOKED_INTO: usize = 40;

/// Similarity below which nothing is called close.
const LEAST_ALIKE: f32 = 0.5;

/// For each text the closest stretch of the passages that `filter` lets through, if there is a close one.
///
/// # Errors
/// If the index is damaged.
pub fn nearest(snapshot: &Snapshot, texts: &[String], filter: &[Field]) -> Result<Vec<Option<Match>>, Error> {
    let names = place_names(snapshot)?;
    let drafts: Vec<Draft> = texts.iter().map(|text| Draft::of_text(text)).collect();
    let passages: Vec<Vec<DraftPassage>> = drafts.iter().map(|draft| DraftPassage::of(draft, &names)).collect();
    let forms = passages.iter().flatten().map(|passage| passage.wording.folded.chars.as_slice());
    let sources = Sources::new(snapshot, filter, &names, forms)?;
    let closest = |passages: &Vec<DraftPassage>| {
        let Some(passage) = passages.first() else { return Ok(None) };
        let whole = passage.stretch(0, passage.chars.len());
        let units = &passage.wording.units[whole.units.clone()];
        let closest = sources.closest(passage.form(&whole), units, LOOKED_INTO, LEAST_ALIKE)?;
        let most = closest.iter().map(|found| found.similarity).fold(0.0, f32::max);
        // Of equally close ones the latest, whatever the index's order.
        let mut equals = Vec::new();
        for found in closest.into_iter().filter(|found| found.similarity == most) {
            let (header, number) = (sources.header(found.place)?, found.place.1 - sources.report(found.place).1);
            equals.push(((sources.year(found.place), header.source.clone(), header.place, number), found));
        }
        let best = equals.into_iter().max_by(|a, b| a.0.cmp(&b.0)).map(|(_, found)| found);
        best.map(|best| Match::of(&sources, best, &passage.text(&whole), &passage.wording, whole.units.clone()))
            .transpose()
    };
    passages.iter().map(closest).collect()
}
