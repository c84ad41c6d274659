//! The wording check: what of a draft has been said before, by whom and when.
//!
//! Nothing of a draft is kept: everything here works in memory and reads the index only. `compare` says how
//! alike wordings are, `sources` finds them, `check`, `quote`, `versions` and `align` answer.

pub mod agreement;
pub mod align;
pub mod check;
pub mod compare;
pub mod draft;
pub mod dropped;
pub mod finding;
pub(crate) mod formulas;
mod grams;
pub mod nearest;
mod previous;
pub mod quote;
pub mod runs;
mod series;
pub mod sources;
pub mod versions;

use std::ops::Range;
use std::sync::Arc;

use self::compare::{Change, Wording, changed_values, diff};
use self::sources::{Found, Source, Sources};
use crate::error::Error;
use crate::index::reader::Snapshot;
use crate::index::record::Header;
use crate::model::section_path;
use crate::search::pairs::Place;
use crate::text::fold::fold_keeping_marks;
use crate::text::slots::PlaceNames;

/// A stretch of a passage of the archive beside a stretch of the draft.
#[derive(Debug, Clone)]
pub struct Match {
    /// The report.
    pub header: Arc<Header>,
    /// The passage's number from 1.
    pub passage: u32,
    /// The heading path it stands under.
    pub section: Vec<String>,
    /// The passage's text.
    pub text: String,
    /// Characters of `text` that are meant.
    pub span: (usize, usize),
    /// How alike both stretches are; see `compare`.
    pub similarity: f32,
    /// Whether their matching forms are equal.
    pub verbatim: bool,
    /// Whether, though these are equal, quotes or punctuation differ.
    pub marks_differ: bool,
    /// How the draft's stretch came from the archive's.
    pub diff: Vec<(Change, String)>,
    /// Values of numbers and names that differ: the archive's and the draft's.
    pub values: Vec<(String, String)>,
    /// The part of the sentence that is meant, in characters of the extracted draft.
    pub piece: Option<(usize, usize)>,
}

impl Match {
    /// What was found beside the draft's stretch of this text, which is some units of a wording.
    fn of(sources: &Sources, found: Found, text: &str, wording: &Wording, units: Range<usize>) -> Result<Match, Error> {
        let Found { place, units: of_source, form, similarity, verbatim } = found;
        let source = sources.passage(place)?;
        let (span, meant) = meant(&source, &form, text);
        Ok(Match {
            span,
            similarity,
            verbatim,
            marks_differ: verbatim && !same_marks(&meant, text),
            diff: diff(&meant, text, sources.names),
            values: changed_values((&source.wording, of_source), (wording, units)),
            ..Match::whole(sources, place)?
        })
    }

    /// A whole passage by itself.
    fn whole(sources: &Sources, place: Place) -> Result<Match, Error> {
        let source = sources.passage(place)?;
        let header = sources.header(place)?;
        let record = sources.record(place)?;
        Ok(Match {
            passage: place.1 - sources.report(place).1,
            section: section_path(&header.sections, record.section),
            span: (0, source.text.chars().count()),
            similarity: 1.0,
            verbatim: true,
            marks_differ: false,
            diff: Vec::new(),
            values: Vec::new(),
            piece: None,
            header,
            text: source.text.clone(),
        })
    }
}

/// The stretch of a passage that a stretch of its matching form stands for, beside another text, and its characters.
fn meant(source: &Source, form: &Range<usize>, other: &str) -> ((usize, usize), String) {
    let chars: Vec<char> = source.text.chars().collect();
    let span = with_marks(&chars, source.wording.folded.origin_of(form.start, form.len()), other);
    (span, chars[span.0..span.1].iter().collect())
}

/// Whether two texts of one matching form have the same quotes and punctuation, the mark they end with apart.
fn same_marks(a: &str, b: &str) -> bool {
    let inner = |text: &str| -> Vec<char> {
        let closing = |c: char| "。！？；：，、.!?;:,…—".contains(c) || c.is_whitespace();
        fold_keeping_marks(text.trim_end_matches(closing)).chars
    };
    inner(a) == inner(b)
}

/// A span widened by the marks around it that the other text has at its ends as well.
fn with_marks(chars: &[char], (mut start, mut end): (usize, usize), other: &str) -> (usize, usize) {
    let is_mark = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
    for c in other.chars().take_while(|&c| is_mark(c)).collect::<Vec<_>>().into_iter().rev() {
        if start > 0 && chars[start - 1] == c {
            start -= 1;
        }
    }
    // At its end a sentence has some mark, though perhaps another one.
    let closing = other.chars().rev().take_while(|&c| is_mark(c)).count();
    for _ in 0..closing {
        if chars.get(end).is_some_and(|&c| is_mark(c) && !"“‘「『《（(【〔".contains(c)) {
            end += 1;
        }
    }
    (start, end)
}

/// The names of places that an archive's reports are given for.
pub(crate) fn place_names(snapshot: &Snapshot) -> Result<PlaceNames, Error> {
    let mut regions = Vec::new();
    for segment in &snapshot.segments {
        regions.extend(segment.regions().map_err(|source| snapshot.failure(source))?);
    }
    Ok(PlaceNames::new(regions.iter().map(String::as_str)))
}
