//! `quote`: is a quotation exactly in the archive?

use std::collections::BTreeSet;

use super::compare::NEAR;
use super::draft::{Draft, DraftPassage};
use super::sources::{Found, Sources};
use super::{Match, place_names};
use crate::error::Error;
use crate::index::reader::Snapshot;
use crate::query::Field;
use crate::search::coverage::{Coverage, coverage};
use crate::text::fold::{fold, fold_keeping_marks, simplified};

/// Passages that are looked into for the closest text.
const LOOKED_INTO: usize = 40;

/// Similarity below which nothing is called closest.
const LEAST_ALIKE: f32 = 0.4;

/// Sources among which the one that is most like the quotation as it stands is looked for.
const MOST_COMPARED: usize = 50;

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The matching form stands in the archive.
    Exact,
    /// It does not, but a text that is at least [`NEAR`] alike does.
    Differs,
    /// Nothing like it stands in the reports that were named.
    Absent,
    /// Nothing like it stands in the archive, which may not hold the original: undecided.
    Undetermined,
}

impl Verdict {
    /// The name used in output.
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Exact => "exact",
            Verdict::Differs => "differs",
            Verdict::Absent => "absent",
            Verdict::Undetermined => "undetermined",
        }
    }
}

/// What was tolerated between a quotation and its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tolerance {
    /// Quotes, brackets or title marks.
    Quotes,
    /// Other punctuation.
    Punctuation,
    /// Full or half width, or case.
    Width,
    /// Traditional or variant characters.
    Traditional,
    /// White space.
    Space,
}

impl Tolerance {
    /// The name used in output.
    pub fn label(self) -> &'static str {
        match self {
            Tolerance::Quotes => "quotes",
            Tolerance::Punctuation => "punctuation",
            Tolerance::Width => "width",
            Tolerance::Traditional => "traditional",
            Tolerance::Space => "space",
        }
    }
}

/// What was found for a quotation.
#[derive(Debug, Clone)]
pub struct Quotation {
    /// The answer.
    pub verdict: Verdict,
    /// What differs though the matching forms are equal; empty if some source has the very characters.
    pub tolerated: Vec<Tolerance>,
    /// The sources, or the closest text.
    pub matches: Vec<Match>,
    /// How many passages hold it.
    pub passages: usize,
    /// In how many reports.
    pub reports: usize,
    /// Their years.
    pub years: Vec<i32>,
    /// What was looked through.
    pub coverage: Coverage,
}

/// Looks a quotation up in the reports that `filter` lets through, naming at most `limit` sources.
///
/// # Errors
/// If the index is damaged.
pub fn quote(snapshot: &Snapshot, text: &str, filter: &[Field], limit: usize) -> Result<Quotation, Error> {
    let names = place_names(snapshot)?;
    let draft = Draft::of_text(text);
    let passages = DraftPassage::of(&draft, &names);
    let forms = passages.iter().map(|passage| passage.wording.folded.chars.as_slice());
    let sources = Sources::new(snapshot, filter, &names, forms)?;
    let coverage = coverage(snapshot, filter).map_err(|source| snapshot.failure(source))?;
    let mut quotation = Quotation {
        verdict: Verdict::Undetermined,
        tolerated: Vec::new(),
        matches: Vec::new(),
        passages: 0,
        reports: 0,
        years: Vec::new(),
        coverage,
    };
    let Some(passage) = passages.first() else { return Ok(quotation) };
    let whole = passage.stretch(0, passage.chars.len());
    let form = passage.form(&whole);
    if form.is_empty() {
        return Ok(quotation);
    }
    let text = passage.text(&whole);
    let matched = |found: Found| {
        let located = sources.located(found, form)?;
        Match::of(&sources, located, &text, &passage.wording, whole.units.clone())
    };
    let mut found = sources.literal(form)?;
    if found.is_empty() {
        let units = &passage.wording.units[whole.units.clone()];
        let closest = sources.closest(form, units, LOOKED_INTO, LEAST_ALIKE)?;
        let best = closest.into_iter().max_by(|a, b| a.similarity.total_cmp(&b.similarity));
        quotation.verdict = match &best {
            Some(best) if best.similarity >= NEAR => Verdict::Differs,
            _ if !filter.is_empty() && quotation.coverage.reports > 0 => Verdict::Absent,
            _ => Verdict::Undetermined,
        };
        quotation.matches = best.into_iter().map(matched).collect::<Result<_, _>>()?;
        return Ok(quotation);
    }
    quotation.verdict = Verdict::Exact;
    quotation.passages = found.len();
    quotation.reports = found.iter().map(|found| sources.report(found.place)).collect::<BTreeSet<_>>().len();
    let years: BTreeSet<i32> = found.iter().filter_map(|found| sources.year(found.place)).collect();
    quotation.years = years.into_iter().collect();
    // The superior first, then the oldest: who said it first.
    found.sort_by_cached_key(|found| {
        (sources.level(found.place).map_or(u32::MAX, |level| level as u32), sources.year(found.place), found.place)
    });
    let mut matches = Vec::new();
    for found in found.into_iter().take(MOST_COMPARED.max(limit)) {
        let matched = matched(found)?;
        let (start, end) = matched.span;
        let source: String = matched.text.chars().skip(start).take(end - start).collect();
        matches.push((tolerated(&source, &text), matched));
    }
    matches.sort_by_key(|(tolerated, _)| tolerated.len());
    quotation.tolerated = matches.first().map(|(tolerated, _)| tolerated.clone()).unwrap_or_default();
    quotation.matches = matches.into_iter().take(limit).map(|(_, matched)| matched).collect();
    Ok(quotation)
}

/// What makes two texts of one matching form differ.
fn tolerated(a: &str, b: &str) -> Vec<Tolerance> {
    let mut tolerated = BTreeSet::new();
    let (marked_a, marked_b) = (fold_keeping_marks(a).chars, fold_keeping_marks(b).chars);
    if marked_a != marked_b {
        let is_transparent = |c: &char| fold(&c.to_string()).chars.is_empty();
        let without = |chars: &[char]| -> Vec<char> { chars.iter().copied().filter(|c| !is_transparent(c)).collect() };
        let only = |chars: &[char]| -> Vec<char> { chars.iter().copied().filter(is_transparent).collect() };
        // A closing mark is not part of what is quoted.
        let trimmed = |chars: Vec<char>| -> String {
            String::from_iter(chars).trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned()
        };
        if only(&marked_a) != only(&marked_b) {
            tolerated.insert(Tolerance::Quotes);
        }
        if trimmed(without(&marked_a)) != trimmed(without(&marked_b)) {
            tolerated.insert(Tolerance::Punctuation);
        }
    }
    let has = |is: fn(char) -> bool| {
        let of = |text: &str| text.chars().filter(|&c| is(c)).collect::<String>();
        of(a) != of(b)
    };
    if has(|c| matches!(c, '\u{FF01}'..='\u{FF5E}') && c != '，' && c.is_alphanumeric() || c.is_ascii_uppercase()) {
        tolerated.insert(Tolerance::Width);
    }
    if has(|c| simplified(c) != c) {
        tolerated.insert(Tolerance::Traditional);
    }
    if has(char::is_whitespace) {
        tolerated.insert(Tolerance::Space);
    }
    tolerated.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        use Tolerance::{Punctuation, Quotes, Space, Traditional, Width};
        for (source, quoted, expected) in [
            ("稳中求进。", "稳中求进", &[][..]),
            ("“十五五”规划", "十五五规划", &[Quotes]),
            ("稳中求进、以进促稳", "稳中求进，以进促稳", &[Punctuation]),
            ("增长5%", "增长５%", &[Width]),
            ("底蘊", "底蕴", &[Traditional]),
            ("2026 年", "2026年", &[Space]),
        ] {
            assert_eq!(tolerated(source, quoted), expected, "{source} {quoted}");
        }
    }
}
