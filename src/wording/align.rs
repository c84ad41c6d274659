//! `align` (对标): the formulations of superior bodies' latest reports beside a draft.
//!
//! A *formulation* (提法) is a clause of [`SHORTEST`] to [`LONGEST`] units without figures, or an expression in
//! quotes. Each of a superior's is the same in the draft, altered, or missing; each of the draft's that no report
//! of the superiors has, nor anything near it, has no superior source.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::compare::{Change, NEAR, Wording, diff, similarity};
use super::draft::{Draft, DraftPassage, Stretch};
use super::formulas::is_formula;
use super::series::{self, Dated, Issued};
use super::sources::{PairSet, Sources, closest_within, to_clauses};
use super::{Match, place_names};
use crate::error::Error;
use crate::index::reader::Snapshot;
use crate::model::{Passage, Role};
use crate::query::Field;
use crate::search::parallel;
use crate::text::issuers::is_called;
use crate::text::sentences::{clauses, quoted};
use crate::text::slots::PlaceNames;

/// Shortest clause that is a formulation, in units.
pub const SHORTEST: usize = 5;

/// Longest.
pub const LONGEST: usize = 30;

/// Passages of the draft that are looked into for an altered formulation.
const LOOKED_INTO: usize = 4;

/// What became of a formulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The draft has it.
    Same,
    /// The draft has it with changes.
    Altered,
    /// The draft has nothing near it.
    Missing,
}

impl State {
    /// The name used in output.
    pub fn label(self) -> &'static str {
        match self {
            State::Same => "same",
            State::Altered => "altered",
            State::Missing => "missing",
        }
    }
}

/// A superior's formulation beside the draft.
#[derive(Debug, Clone)]
pub struct Aligned {
    /// Where the superior has it; its `diff` is from the superior's to the draft's, where that is altered.
    pub source: Match,
    /// The formulation.
    pub text: String,
    /// What became of it.
    pub state: State,
    /// How many reports of the archive have it, as a sign of its standing.
    pub reports: usize,
    /// The draft's words and where they stand in the extracted draft.
    pub draft: Option<(String, usize, usize)>,
    /// How alike both are; 0 if it is missing.
    pub similarity: f32,
}

/// A formulation of the draft without a superior source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsourced {
    /// Its text.
    pub text: String,
    /// Characters of the extracted draft.
    pub start: usize,
    /// One after the last.
    pub end: usize,
}

/// A draft beside its superiors' reports.
#[derive(Debug, Clone)]
pub struct Alignment {
    /// The reports it was compared with: issuer, title, year.
    pub superiors: Vec<(String, String, i32)>,
    /// The superiors' formulations, those in most reports first.
    pub formulations: Vec<Aligned>,
    /// The draft's without a source, in order.
    pub unsourced: Vec<Unsourced>,
}

/// Compares a draft with the latest reports of the issuers named, of years before `before`.
///
/// # Errors
/// If no report of these issuers is there, or the index is damaged.
pub fn align(snapshot: &Snapshot, draft: &Draft, issuers: &[String], before: Option<i32>) -> Result<Alignment, Error> {
    let names = place_names(snapshot)?;
    let passages = DraftPassage::of(draft, &names);
    let mut filter = vec![Field::Issuer(issuers.to_vec())];
    filter.extend(before.map(|year| Field::Year(vec![i32::MIN..=year.saturating_sub(1)])));
    let own_forms = || passages.iter().map(|passage| passage.wording.folded.chars.as_slice());
    let of_superiors = Sources::new(snapshot, &filter, &names, own_forms())?;
    let latest = latest(snapshot, &of_superiors, issuers)?;
    series::all_known(issuers, latest.iter().map(|(issuer, _)| issuer.as_str()))?;
    let mut superiors = Vec::new();
    let mut found: BTreeMap<String, (Dated, Formulation)> = BTreeMap::new();
    for (issuer, report) in latest {
        superiors.push((issuer, report.header.metadata.title.value.clone(), report.year));
        let texts: Vec<Passage> =
            report.passages().map(|place| of_superiors.record(place)).collect::<Result<_, _>>()?;
        for (number, passage) in texts.iter().enumerate() {
            for formulation in formulations(number, &passage.text, passage.role, &names) {
                found.entry(formulation.form.clone()).or_insert((report.clone(), formulation));
            }
        }
    }
    let all: Vec<(Dated, Formulation)> = found.into_values().collect();
    let their_forms: Vec<Vec<char>> = all.iter().map(|(_, formulation)| formulation.form.chars().collect()).collect();
    let everywhere = Sources::new(snapshot, &[], &names, their_forms.iter().map(Vec::as_slice))?;
    let own = OwnPassages::of(&passages);
    let numbered: Vec<usize> = (0..all.len()).collect();
    let mut aligned = parallel::map(&numbered, |&number| {
        let (report, formulation) = &all[number];
        aligned(&everywhere, report, formulation, &their_forms[number], &own)
    })?;
    aligned.sort_by_key(|formulation| usize::MAX - formulation.reports);
    Ok(Alignment { superiors, formulations: aligned, unsourced: unsourced(&of_superiors, &passages, &names)? })
}

/// Years after which a series is of the past, beside the issuer's latest report: that of a Party congress stands
/// for five.
const CURRENT: i32 = 5;

/// The latest report of each series of the issuers that sets wording and is not of the past.
fn latest(snapshot: &Snapshot, sources: &Sources, issuers: &[String]) -> Result<Vec<(String, Dated)>, Error> {
    let called = |issued: &Issued| issuers.iter().any(|name| is_called(&issued.issuer, name));
    let series = series::all(snapshot, sources, called, series::sets_wording)?;
    let last_of = |series: series::Series| Some((series.issuer, series.reports.into_iter().next_back()?));
    let latest: Vec<(String, Dated)> = series.into_iter().filter_map(last_of).collect();
    let year_of =
        |issuer: &str| latest.iter().filter(|(other, _)| other == issuer).map(|(_, report)| report.year).max();
    let is_current = |(issuer, report): &&(String, Dated)| Some(report.year + CURRENT) >= year_of(issuer);
    Ok(latest.iter().filter(is_current).cloned().collect())
}

/// A formulation where it stands.
struct Formulation {
    passage: usize,
    chars: Range<usize>,
    text: String,
    form: String,
}

/// The formulations of a passage: clauses without figures, and what stands in quotes.
fn formulations(passage: usize, text: &str, role: Role, names: &PlaceNames) -> Vec<Formulation> {
    if !matches!(role, Role::Paragraph | Role::Heading) {
        return Vec::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let wording = Wording::of(text, names);
    let clauses = clauses(&chars).into_iter().map(|range| (range, SHORTEST));
    let quoted = quoted(&chars, &[('“', '”')]).into_iter().map(|range| (range, 2));
    let mut found = Vec::new();
    for ((start, end), least) in clauses.chain(quoted) {
        let units = &wording.units[wording.units_in(start, end)];
        let is_quote = |c: &char| matches!(c, '“' | '”');
        let start = start + chars[start..end].iter().take_while(|c| is_quote(c)).count();
        let end = end - chars[start..end].iter().rev().take_while(|c| is_quote(c)).count();
        let meant = &chars[start..end];
        let (Some(first), Some(last)) = (units.first(), units.last()) else { continue };
        let form = &wording.folded.chars[first.start as usize..last.end as usize];
        let says_something = meant.iter().any(|c| c.is_alphabetic()) && !meant.iter().any(|c| c.is_ascii_digit());
        if (least..=LONGEST).contains(&units.len()) && says_something && !is_formula(form) {
            let (text, form) = (meant.iter().collect(), form.iter().collect());
            found.push(Formulation { passage, chars: start..end, text, form });
        }
    }
    found
}

/// The draft's passages by their pairs of units.
struct OwnPassages<'a> {
    passages: &'a [DraftPassage<'a>],
    by_pair: HashMap<u64, Vec<u32>>,
}

impl<'a> OwnPassages<'a> {
    fn of(passages: &'a [DraftPassage<'a>]) -> OwnPassages<'a> {
        let mut by_pair: HashMap<u64, Vec<u32>> = HashMap::new();
        for (number, passage) in (0..).zip(passages) {
            for pair in PairSet::of(&passage.wording.units).pairs() {
                by_pair.entry(pair).or_default().push(number);
            }
        }
        OwnPassages { passages, by_pair }
    }

    /// The passages that hold most pairs of a set.
    fn likeliest(&self, set: &PairSet) -> Vec<&'a DraftPassage<'a>> {
        let mut held: HashMap<u32, usize> = HashMap::new();
        for passage in set.pairs().flat_map(|pair| self.by_pair.get(&pair).into_iter().flatten()) {
            *held.entry(*passage).or_default() += 1;
        }
        let mut held: Vec<(usize, u32)> = held.into_iter().map(|(passage, pairs)| (pairs, passage)).collect();
        held.sort_by_key(|&(pairs, passage)| (usize::MAX - pairs, passage));
        held.into_iter().take(LOOKED_INTO).map(|(_, passage)| &self.passages[passage as usize]).collect()
    }
}

/// What became of a superior's formulation in the draft.
fn aligned(
    sources: &Sources,
    report: &Dated,
    formulation: &Formulation,
    form: &[char],
    own: &OwnPassages,
) -> Result<Aligned, Error> {
    let place = (report.place.0, report.place.1 + 1 + formulation.passage as u32);
    let wording = Wording::of(&formulation.text, sources.names);
    let holding = sources.literal(form)?;
    let mut source = Match::whole(sources, place)?;
    source.span = (formulation.chars.start, formulation.chars.end);
    let mut aligned = Aligned {
        source,
        text: formulation.text.clone(),
        state: State::Missing,
        reports: holding.iter().map(|found| sources.report(found.place)).collect::<BTreeSet<_>>().len(),
        draft: None,
        similarity: 0.0,
    };
    for passage in own.passages {
        if let Some(start) = passage.wording.folded.find_all(form).next() {
            let (start, end) = passage.wording.folded.origin_of(start, form.len());
            aligned.take(passage, &passage.stretch(start, end), State::Same, 1.0, Vec::new());
            return Ok(aligned);
        }
    }
    let set = PairSet::of(&wording.units);
    for passage in own.likeliest(&set) {
        let (units, _) = closest_within(&set, &wording.units, &passage.wording, NEAR);
        if units.is_empty() {
            continue;
        }
        // A part of a clause that says something else is no altered formulation.
        let units = to_clauses(&passage.wording, units);
        let similarity = similarity(&wording.units, &passage.wording.units[units.clone()]);
        if similarity >= NEAR.max(aligned.similarity)
            && let Some((start, end)) = passage.wording.origin(units)
        {
            let stretch = passage.stretch(start, end);
            let diff = diff(&formulation.text, &passage.text(&stretch), sources.names);
            aligned.take(passage, &stretch, State::Altered, similarity, diff);
        }
    }
    Ok(aligned)
}

impl Aligned {
    fn take(
        &mut self,
        passage: &DraftPassage,
        stretch: &Stretch,
        state: State,
        similarity: f32,
        diff: Vec<(Change, String)>,
    ) {
        let (start, end) = passage.place(&stretch.chars);
        self.draft = Some((passage.text(stretch), start, end));
        (self.state, self.similarity, self.source.diff) = (state, similarity, diff);
    }
}

/// The draft's formulations that the superiors have neither so nor nearly so.
fn unsourced(sources: &Sources, passages: &[DraftPassage], names: &PlaceNames) -> Result<Vec<Unsourced>, Error> {
    let found = parallel::map(passages, |passage| {
        let mut unsourced = Vec::new();
        for formulation in formulations(0, &passage.passage.text, passage.passage.role, names) {
            let stretch = passage.stretch(formulation.chars.start, formulation.chars.end);
            let form = passage.form(&stretch);
            let units = &passage.wording.units[stretch.units.clone()];
            let is_sourced =
                !sources.literal(form)?.is_empty() || !sources.closest(form, units, LOOKED_INTO * 2, NEAR)?.is_empty();
            if !is_sourced {
                let (start, end) = passage.place(&stretch.chars);
                unsourced.push(Unsourced { text: formulation.text, start, end });
            }
        }
        Ok::<_, Error>(unsourced)
    })?;
    let mut seen = BTreeSet::new();
    Ok(found.into_iter().flatten().filter(|unsourced| seen.insert(unsourced.text.clone())).collect())
}
