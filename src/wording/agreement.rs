//! 数字一致: figures of a draft that say of one indicator and year different things, in the draft or in the
//! archive. Both places are named; which of them is right is not for us to say.
//!
//! Values differ if they are further apart than rounding to the coarser of them, or 突破 and the like, explains.
//! Within a draft 左右, 以上, 预计 and the like and the number of decimals have to agree as well. What is aimed at is not compared with what was reached.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draft::{Draft, DraftPassage};
use super::series::{self, Dated, Issued};
use super::sources::Sources;
use crate::error::Error;
use crate::index::reader::Snapshot;
use crate::index::record::Header;
use crate::model::Passage;
use crate::search::parallel;
use crate::targets::{Figure, Measure, ReportYears, figures};
use crate::text::issuers::is_called;

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// The values.
    Value,
    /// 左右, 以上, 预计 and the like.
    Qualifier,
}

/// Where a figure is said.
#[derive(Debug, Clone)]
pub enum Said {
    /// In the draft, at characters of the extracted text.
    Draft {
        /// What is said.
        text: String,
        /// First character.
        start: usize,
        /// One after the last.
        end: usize,
    },
    /// In the archive.
    Archive {
        /// What is said.
        text: String,
        /// The report.
        header: Arc<Header>,
        /// The passage's number from 1.
        passage: u32,
        /// Characters of the passage's text.
        span: (usize, usize),
    },
}

impl Said {
    /// What is said.
    pub fn text(&self) -> &str {
        match self {
            Said::Draft { text, .. } | Said::Archive { text, .. } => text,
        }
    }
}

/// Two figures that do not agree.
#[derive(Debug, Clone)]
pub struct Disagreement {
    /// The indicator, in its matching form.
    pub indicator: String,
    /// The year.
    pub year: i32,
    /// What differs.
    pub difference: Difference,
    /// The figure of the draft.
    pub here: Said,
    /// The other one.
    pub there: Said,
}

type Key = (String, Measure, String, i32, bool);

fn key(figure: &Figure) -> Key {
    (figure.indicator.clone(), figure.measure, figure.unit.clone(), figure.year, figure.is_target)
}

/// What differs between two figures of one key.
fn difference(a: &Figure, b: &Figure, with_qualifiers: bool) -> Option<Difference> {
    // Half of the last place of either, and a little for binary fractions.
    let rounding = a.precision.max(b.precision) * 0.500_001;
    let apart = (a.value - b.value).abs();
    if apart > rounding && !explained_by_bound(a, b) && !explained_by_bound(b, a) {
        Some(Difference::Value)
    } else if with_qualifiers && (apart > 0.0 || (&a.qualifier, &a.status) != (&b.qualifier, &b.status)) {
        Some(Difference::Qualifier)
    } else {
        None
    }
}

/// How far above a bound a value may lie, as a share of it, for the bound to be meant for it.
const ABOVE_BOUND: f64 = 0.2;

/// Whether one figure says 突破, 超, 以上 and the like of a value not far below the other.
fn explained_by_bound(bound: &Figure, other: &Figure) -> bool {
    let is_bound =
        ["超", "突破", "高于", "不低于", "以上", "多", "余"].iter().any(|word| bound.qualifier.contains(word));
    is_bound && other.value >= bound.value && other.value <= bound.value * (1.0 + ABOVE_BOUND)
}

/// The figures of a draft that do not agree with each other or with the archive's for the same region.
///
/// # Errors
/// If the index is damaged.
pub fn disagreements(
    snapshot: &Snapshot,
    sources: &Sources,
    draft: &Draft,
    passages: &[DraftPassage],
    issuer: Option<&str>,
) -> Result<Vec<Disagreement>, Error> {
    let mut own: Vec<Figure> = Vec::new();
    let mut before = 0;
    for report in &draft.reports {
        let found = figures(&ReportYears::from(&report.metadata), &report.passages).into_iter();
        own.extend(found.map(|figure| Figure { passage: figure.passage + before, ..figure }));
        before += report.passages.len();
    }
    let said = |figure: &Figure| {
        let passage = &passages[figure.passage];
        let (start, end) = passage.place(&figure.chars);
        Said::Draft { text: passage.chars[figure.chars.clone()].iter().collect(), start, end }
    };
    let mut disagreements = Vec::new();
    let mut by_key: BTreeMap<Key, Vec<&Figure>> = BTreeMap::new();
    for figure in &own {
        let others = by_key.entry(key(figure)).or_default();
        // Beside the first of its kind; what differs from it in the same way is said once.
        if let Some(first) = others.first()
            && let Some(difference) = difference(first, figure, true)
            && others[1..].iter().all(|other| self::difference(other, figure, true).is_some())
        {
            disagreements.push(Disagreement {
                indicator: figure.indicator.clone(),
                year: figure.year,
                difference,
                here: said(first),
                there: said(figure),
            });
        }
        others.push(figure);
    }
    for archived in archived(snapshot, sources, draft, issuer, &own)? {
        for own in by_key.get(&key(&archived.figure)).into_iter().flatten().take(1) {
            if difference(own, &archived.figure, false).is_some() {
                disagreements.push(Disagreement {
                    indicator: own.indicator.clone(),
                    year: own.year,
                    difference: Difference::Value,
                    here: said(own),
                    there: archived.said(),
                });
            }
        }
    }
    Ok(disagreements)
}

/// A figure of the archive.
struct Archived {
    figure: Figure,
    report: Dated,
    text: String,
}

impl Archived {
    fn said(&self) -> Said {
        let chars = &self.figure.chars;
        Said::Archive {
            text: self.text.chars().skip(chars.start).take(chars.len()).collect(),
            header: Arc::clone(&self.report.header),
            passage: self.figure.passage as u32 + 1,
            span: (chars.start, chars.end),
        }
    }
}

/// The archive's figures for the draft's region, or its issuer, and years.
fn archived(
    snapshot: &Snapshot,
    sources: &Sources,
    draft: &Draft,
    issuer: Option<&str>,
    own: &[Figure],
) -> Result<Vec<Archived>, Error> {
    let region = draft.metadata().and_then(|metadata| metadata.region.as_ref()).map(|region| &region.value);
    let years = own.iter().map(|figure| figure.year);
    let Some((first, last)) = years.clone().min().zip(years.max()) else { return Ok(Vec::new()) };
    let concerns = |issued: &Issued| {
        let same_region = region.is_some() && issued.region.as_ref() == region;
        same_region || issuer.is_some_and(|issuer| is_called(&issued.issuer, issuer))
    };
    let series = series::all(snapshot, sources, concerns, |_| true)?;
    // A report speaks of its own year and of the one before.
    let reports: Vec<Dated> = series
        .into_iter()
        .flat_map(|series| series.reports)
        .filter(|report| (first..=last + 1).contains(&report.year))
        .collect();
    let found = parallel::map(&reports, |report| {
        let passages: Vec<Passage> =
            report.passages().map(|place| sources.record(place)).collect::<Result<_, Error>>()?;
        let found = figures(&ReportYears::from(&report.header.metadata), &passages).into_iter();
        let archived =
            |figure: Figure| Archived { text: passages[figure.passage].text.clone(), report: report.clone(), figure };
        Ok::<_, Error>(found.map(archived).collect::<Vec<_>>())
    })?;
    Ok(found.into_iter().flatten().collect())
}
