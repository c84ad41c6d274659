//! 过时提法: expressions of a draft that its superiors used year after year and then no more.
//!
//! It reports what the archive shows and never rules. An expression is a stretch of [`SHORTEST`] to
//! [`LONGEST`] Han characters inside one clause, from one word boundary to another. The reports of one superior
//! region count together, year by year. An expression counts as dropped if at least [`STEADY`] years have it,
//! most of the years between the first and the last of them, and none of so many later years that this is
//! hardly chance.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::Match;
use super::draft::{Draft, DraftPassage};
use super::formulas::is_formula;
use super::grams::Grams;
use super::series::{self, Dated, Issued};
use super::sources::{Found, Sources};
use crate::error::Error;
use crate::index::reader::Snapshot;
use crate::search::{parallel, relaxed};
use crate::text::fold::{MARK, han_form};
use crate::text::issuers::is_called;

/// Shortest expression, in characters of the matching form.
pub const SHORTEST: usize = 4;

/// Longest expression.
pub const LONGEST: usize = 16;

/// Least number of years that have it.
pub const STEADY: usize = 3;

/// Share of the years from first to last use that have it, at least.
const DENSE: f64 = 0.6;

/// Likelihood, at most, that the later years lack it by chance, each having it as often as the years before.
const CHANCE: f64 = 0.02;

/// Least number of years that have an expression of [`SHORTEST`] characters: many of these are mere words.
const STEADY_SHORTEST: usize = 5;

/// Expressions that begin so are no formulation.
const EMPTY: [&str; 14] =
    ["我们", "进一步", "分别", "必须", "切实", "认真", "继续", "不断", "更加", "采取", "已经", "同时", "有关", "其他"];

/// An expression that a series dropped.
#[derive(Debug, Clone)]
pub struct Dropped {
    /// The expression as the draft has it.
    pub text: String,
    /// Where it stands: ranges of characters of the extracted draft.
    pub places: Vec<(usize, usize)>,
    /// The region of the superiors.
    pub region: String,
    /// Years that have it.
    pub years: Vec<i32>,
    /// Later years that there are reports of, all without it.
    pub without: Vec<i32>,
    /// Its first use.
    pub first: Match,
    /// Its last use.
    pub last: Match,
}

/// For each character of the draft's forms, how much of what follows stands in a year's reports.
type Reach = Vec<u8>;

/// What the superior series dropped: those of the issuers named, or of the regions above the draft's.
///
/// # Errors
/// If the index is damaged.
pub fn dropped(
    snapshot: &Snapshot,
    sources: &Sources,
    draft: &Draft,
    passages: &[DraftPassage],
    named: &[String],
) -> Result<Vec<Dropped>, Error> {
    let metadata = draft.metadata();
    let region = metadata.and_then(|metadata| metadata.region.as_ref()).map(|region| region.value.as_str());
    let is_superior = |issued: &Issued| match named {
        [] => issued.region.as_ref().is_some_and(|superior| series::is_above(superior, region)),
        _ => named.iter().any(|name| is_called(&issued.issuer, name)),
    };
    let superiors = series::all(snapshot, sources, is_superior, series::sets_wording)?;
    series::all_known(named, superiors.iter().map(|series| series.issuer.as_str()))?;
    let mut by_region: BTreeMap<String, Vec<Dated>> = BTreeMap::new();
    for series in superiors {
        for report in series.reports {
            let region = report.header.metadata.region.as_ref().map(|region| region.value.clone());
            by_region.entry(region.unwrap_or_default()).or_default().push(report);
        }
    }
    let forms = Forms::of(passages);
    let mut found: Vec<Dropped> = Vec::new();
    for reports in by_region.values() {
        let reached = parallel::map(reports, |report| {
            let mut reach = vec![0; forms.length];
            for place in report.passages() {
                forms.reach(&han_form(&sources.text(place)?), &mut reach);
            }
            Ok::<_, Error>((report.year, reach))
        })?;
        let mut by_year: BTreeMap<i32, Reach> = BTreeMap::new();
        for (year, reach) in reached {
            let of_year = by_year.entry(year).or_insert_with(|| vec![0; forms.length]);
            of_year.iter_mut().zip(reach).for_each(|(longest, here)| *longest = here.max(*longest));
        }
        let mut by_form: BTreeMap<&[char], Dropped> = BTreeMap::new();
        for stretch in dropped_by(snapshot, &forms, passages, &by_year)? {
            match by_form.entry(&forms.grams.forms[stretch.passage][stretch.start..stretch.end]) {
                Entry::Occupied(mut again) => again.get_mut().places.push(stretch.place(passages)),
                Entry::Vacant(first) => {
                    first.insert(stretch.with_sources(sources, passages, reports)?);
                }
            }
        }
        let mut of_region: Vec<Dropped> = by_form.into_values().collect();
        of_region.sort_by_key(|dropped| (recency(dropped), dropped.places.clone()));
        found.extend(of_region);
    }
    Ok(found)
}

/// The forms of a draft's passages, as if one stood behind the other.
struct Forms<'a> {
    grams: Grams<'a>,
    /// Where each form begins.
    offsets: Vec<usize>,
    length: usize,
}

impl<'a> Forms<'a> {
    fn of(passages: &'a [DraftPassage]) -> Forms<'a> {
        let forms: Vec<&[char]> = passages.iter().map(|passage| passage.wording.folded.chars.as_slice()).collect();
        let (mut offsets, mut length) = (Vec::new(), 0);
        for form in &forms {
            offsets.push(length);
            length += form.len();
        }
        Forms { grams: Grams::of(forms, SHORTEST), offsets, length }
    }

    /// Enters how far the draft's expressions go in a form of the archive.
    fn reach(&self, form: &[char], reach: &mut Reach) {
        self.grams.for_each_in(form, |common| {
            let both = &form[common.at..common.at + common.length.min(LONGEST)];
            let within_clause = both.iter().take_while(|&&c| c != MARK).count();
            let place = self.offsets[common.form] + common.start;
            reach[place] = reach[place].max(within_clause as u8);
        });
    }
}

/// A dropped stretch of a passage's form.
struct Stretch {
    passage: usize,
    start: usize,
    end: usize,
    years: Vec<i32>,
    without: Vec<i32>,
}

/// The stretches that the years of a series show to be dropped; none overlaps another.
fn dropped_by(
    snapshot: &Snapshot,
    forms: &Forms,
    passages: &[DraftPassage],
    by_year: &BTreeMap<i32, Reach>,
) -> Result<Vec<Stretch>, Error> {
    let mut found = Vec::new();
    for (passage, form) in forms.grams.forms.iter().enumerate() {
        let mut of_passage: Vec<Stretch> = Vec::new();
        let mut boundaries = None;
        for start in 0..form.len() {
            let reach = |year: &Reach| usize::from(year[forms.offsets[passage] + start]);
            let lengths: BTreeSet<usize> = by_year.values().map(reach).filter(|&length| length >= SHORTEST).collect();
            let Some(&longest) = lengths.last() else { continue };
            for length in SHORTEST..=longest {
                let (with, without): (Vec<i32>, Vec<i32>) =
                    by_year.keys().partition(|year| by_year.get(year).is_some_and(|year| reach(year) >= length));
                let Some(later) = is_dropped(&with, &without) else { continue };
                if length == SHORTEST && with.len() < STEADY_SHORTEST {
                    continue;
                }
                let boundaries = match &mut boundaries {
                    Some(boundaries) => boundaries,
                    none => none.insert(word_boundaries(snapshot, form)?),
                };
                if boundaries.contains(&start) && boundaries.contains(&(start + length)) {
                    of_passage.push(Stretch { passage, start, end: start + length, years: with, without: later });
                }
            }
        }
        // What was used longest says most; of equals the longer expression.
        of_passage.sort_by_key(|s| (usize::MAX - s.years.len(), usize::MAX - (s.end - s.start), s.start));
        let mut kept: Vec<Stretch> = Vec::new();
        for stretch in of_passage {
            if !kept.iter().any(|other| stretch.start < other.end && other.start < stretch.end) {
                kept.push(stretch);
            }
        }
        found.extend(kept.into_iter().filter(|stretch| says_something(&passages[stretch.passage], stretch)));
    }
    Ok(found)
}

/// The later years without an expression, if years with and without it show that it was dropped.
fn is_dropped(with: &[i32], without: &[i32]) -> Option<Vec<i32>> {
    let (first, last) = (with.first()?, with.last()?);
    let later: Vec<i32> = without.iter().copied().filter(|year| year > last).collect();
    let between = without.iter().filter(|year| first < *year && *year < last).count();
    let is_dense = rate(with.len(), between) >= DENSE;
    let is_hardly_chance = by_chance(with.len(), between, later.len()) <= CHANCE;
    (with.len() >= STEADY && is_dense && !later.is_empty() && is_hardly_chance).then_some(later)
}

/// The likelihood that a year has an expression that so many years had, and so many between them had not: the
/// rule of succession, with half a year instead of one.
fn rate(with: usize, between: usize) -> f64 {
    (with as f64 + 0.5) / ((with + between) as f64 + 1.0)
}

/// The likelihood that so many later years all lack it by chance.
fn by_chance(with: usize, between: usize, later: usize) -> f64 {
    (1.0 - rate(with, between)).powi(later as i32)
}

/// Orders what was dropped: what was in use last first, of those what was in use longest.
fn recency(dropped: &Dropped) -> (Reverse<i32>, Reverse<usize>) {
    (Reverse(dropped.years[dropped.years.len() - 1]), Reverse(dropped.years.len()))
}

/// What begins or ends with a particle is not whole, and formulas are nobody's wording.
fn says_something(passage: &DraftPassage, stretch: &Stretch) -> bool {
    let form = &passage.wording.folded.chars[stretch.start..stretch.end];
    let is_particle = |c: char| "的了等和与及性不占为在对以于是有将把被并从向由".contains(c);
    let is_whole = !is_particle(form[0]) && !is_particle(form[form.len() - 1]);
    let text: String = form.iter().collect();
    is_whole && !is_formula(form) && !EMPTY.iter().any(|empty| text.starts_with(empty))
}

/// Where words begin and end in a form.
fn word_boundaries(snapshot: &Snapshot, form: &[char]) -> Result<BTreeSet<usize>, Error> {
    let mut boundaries = BTreeSet::new();
    let mut start = 0;
    for run in form.split(|&c| c == MARK) {
        boundaries.insert(start);
        let ends = relaxed::word_ends(snapshot, run).map_err(|source| snapshot.failure(source))?;
        boundaries.extend(ends.into_iter().map(|end| start + end));
        start += run.len() + 1;
    }
    Ok(boundaries)
}

impl Stretch {
    /// Where it stands in the extracted draft.
    fn place(&self, passages: &[DraftPassage]) -> (usize, usize) {
        let passage = &passages[self.passage];
        let (start, end) = passage.wording.folded.origin_of(self.start, self.end - self.start);
        passage.place(&(start..end))
    }

    fn with_sources(self, sources: &Sources, passages: &[DraftPassage], reports: &[Dated]) -> Result<Dropped, Error> {
        let passage = &passages[self.passage];
        let form = &passage.wording.folded.chars[self.start..self.end];
        let (start, end) = passage.wording.folded.origin_of(self.start, self.end - self.start);
        let stretch = passage.stretch(start, end);
        let text = passage.text(&stretch);
        let in_year = |year: i32| -> Result<Option<Match>, Error> {
            for place in reports.iter().filter(|report| report.year == year).flat_map(Dated::passages) {
                let found = Found { place, units: 0..0, form: 0..0, similarity: 1.0, verbatim: true };
                let located = sources.located(found, form)?;
                if !located.units.is_empty() {
                    let units = stretch.units.clone();
                    return Ok(Some(Match::of(sources, located, &text, &passage.wording, units)?));
                }
            }
            Ok(None)
        };
        let (first, last) = (in_year(self.years[0])?, in_year(self.years[self.years.len() - 1])?);
        let region = first.as_ref().and_then(|first| first.header.metadata.region.as_ref());
        let region = region.map(|region| region.value.clone()).unwrap_or_default();
        let missing = || Error::NoSuchReport { id: region.clone() };
        Ok(Dropped {
            text: text.clone(),
            places: vec![self.place(passages)],
            years: self.years,
            without: self.without,
            first: first.ok_or_else(missing)?,
            last: last.ok_or_else(missing)?,
            region,
        })
    }
}
