//! Matches inside one passage that take more than one string, or its text: near, sequence, regular
//! expression, wording with its punctuation, guarded and enumerated equivalents.
//!
//! Each yields places; `evaluate` and `within` decide what they mean for the query. Text is read only where
//! postings do not suffice, and only of candidates that postings leave.

use std::ops::Range;

use regex::Regex;
use tantivy::DocId;

use super::covers::intersection;
use super::literal;
use super::parallel;
use super::places::{self, Place, Units, in_document};
use crate::index::reader::Segment;
use crate::query::{Equivalent, Gap, Text};
use crate::text::fold::{fold, fold_keeping_marks, pattern_keeping_marks};

/// Places of a string's literal form, its punctuation checked where the query asks for it.
///
/// # Errors
/// If the index is damaged.
pub fn of_text(segment: &Segment, text: &Text) -> tantivy::Result<Vec<Place>> {
    let Some(verbatim) = &text.verbatim else { return places::find(segment, &text.form, None) };
    let verbatim: Vec<char> = verbatim.chars().collect();
    let standing = if text.form.is_empty() { Vec::new() } else { places::find(segment, &text.form, None)? };
    let mut candidates: Vec<DocId> = standing.iter().map(|place| place.doc).collect();
    candidates.dedup();
    if text.form.is_empty() {
        candidates = segment.passages().collect();
    }
    let pattern = Regex::new(&pattern_keeping_marks(&verbatim))
        .map_err(|error| tantivy::TantivyError::InvalidArgument(error.to_string()))?;
    scan(&candidates, |doc| {
        let text = segment.text(doc)?;
        let literal = in_document(&standing, doc);
        // As many as there are literally are the same.
        match pattern.find_iter(&text).count() {
            0 => return Ok(Vec::new()),
            count if count == literal.len() => return Ok(literal.to_vec()),
            _ => {}
        }
        let (kept, folded) = (fold_keeping_marks(&text), fold(&text));
        let place = |at: usize| {
            let (from, to) = kept.origin_of(at, verbatim.len());
            let (start, end) = folded.range_of(from, to);
            let (start, end) = (start as u32, end as u32);
            let literal = literal.iter().find(|place| (place.start, place.end) == (start, end));
            let (starts, ends) = literal.map_or((true, true), |place| (place.starts, place.ends));
            Place { doc, start, end, starts, ends }
        };
        Ok(kept.find_all(&verbatim).map(place).collect())
    })
}

/// What `find` finds in each of the documents.
fn scan(docs: &[DocId], find: impl Fn(DocId) -> tantivy::Result<Vec<Place>> + Sync) -> tantivy::Result<Vec<Place>> {
    Ok(parallel::map(docs, |&doc| find(doc))?.concat())
}

/// Places of an equivalent wording.
///
/// # Errors
/// If the index is damaged.
pub fn of_equivalent(segment: &Segment, equivalent: &Equivalent) -> tantivy::Result<Vec<Place>> {
    let standing = places::find(segment, &equivalent.form, None)?;
    let pattern = equivalent.pattern.as_deref().and_then(|pattern| Regex::new(pattern).ok());
    if pattern.is_none() && equivalent.guard.is_open() {
        return Ok(standing);
    }
    let candidates: Vec<DocId> = places::of_documents(&standing).map(|places| places[0].doc).collect();
    scan(&candidates, |doc| {
        let chars = segment.form(doc)?.chars;
        let Some(pattern) = &pattern else {
            let allowed = |p: &&Place| equivalent.guard.allows(&chars, p.start as usize, p.end as usize);
            return Ok(in_document(&standing, doc).iter().filter(allowed).copied().collect());
        };
        let form = String::from_iter(&chars);
        let ranges = character_ranges(&form, pattern.find_iter(&form).map(|found| found.range()));
        let allowed = ranges.into_iter().filter(|&(start, end)| equivalent.guard.allows(&chars, start, end));
        let place = |(start, end)| Place { doc, start: start as u32, end: end as u32, starts: true, ends: true };
        Ok(allowed.map(place).collect())
    })
}

/// Places of an equivalent wording of a text, those apart that stand inside what is found literally: 改革 for 改革开放.
///
/// # Errors
/// If the index is damaged.
pub fn of_equivalent_of(segment: &Segment, equivalent: &Equivalent, text: &Text) -> tantivy::Result<Vec<Place>> {
    let found = of_equivalent(segment, equivalent)?;
    if text.form.contains(&equivalent.form) {
        return Ok(places::outside(found, &places::find(segment, &text.form, None)?));
    }
    Ok(found)
}

/// Ascending ranges of bytes of a text as ranges of its characters.
pub(super) fn character_ranges(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> Vec<(usize, usize)> {
    let (mut byte, mut character) = (0, 0);
    let mut to = |at: usize| {
        character += text.get(byte..at).map_or(0, |between| between.chars().count());
        byte = at;
        character
    };
    ranges.map(|range| (to(range.start), to(range.end))).collect()
}

/// Documents that hold every string.
fn holding_all(segment: &Segment, strings: &[String]) -> tantivy::Result<Vec<DocId>> {
    let mut candidates: Option<Vec<DocId>> = None;
    for string in strings {
        let docs: Vec<DocId> = literal::find(segment, string)?.into_iter().map(|m| m.doc).collect();
        candidates = Some(match candidates {
            None => docs,
            Some(candidates) => intersection(&candidates, &docs),
        });
    }
    Ok(candidates.unwrap_or_default())
}

/// Stretches of a passage that hold every string, each at a place of its own, neighbours at most `within`
/// characters apart, in any order; only those that hold no shorter one.
///
/// # Errors
/// If the index is damaged.
pub fn near(segment: &Segment, strings: &[String], within: u32) -> tantivy::Result<Vec<Place>> {
    let candidates = holding_all(segment, strings)?;
    let standing = find_each(segment, strings, &candidates)?;
    in_each(&candidates, &standing, |of_strings, found| {
        found.extend(near_in(strings, of_strings, within).into_iter().map(|chosen| {
            let (first, last) = (chosen[0], chosen[chosen.len() - 1]);
            let whole = chosen.iter().all(|place| place.starts && place.ends);
            Place { end: last.end, starts: whole, ends: whole, ..first }
        }));
        Ok(())
    })
}

/// Stretches in which the pieces follow each other, inside a sentence unless every gap is counted in
/// characters; only those that hold no shorter one.
///
/// # Errors
/// If the index is damaged.
pub fn sequence(segment: &Segment, pieces: &[String], gaps: &[Gap]) -> tantivy::Result<Vec<Place>> {
    let candidates = holding_all(segment, pieces)?;
    let standing = find_each(segment, pieces, &candidates)?;
    let mut sentences = Units::sentences(segment);
    in_each(&candidates, &standing, |of_pieces, found| {
        let Some(doc) = of_pieces.first().and_then(|places| places.first()).map(|place| place.doc) else {
            return Ok(());
        };
        found.extend(sequence_in(of_pieces, gaps, sentences.starts(doc)?).into_iter().map(|chosen| {
            let (first, last) = (chosen[0], chosen[chosen.len() - 1]);
            Place { end: last.end, ends: last.ends, ..first }
        }));
        Ok(())
    })
}

/// The places of each string in the candidates.
fn find_each(segment: &Segment, strings: &[String], candidates: &[DocId]) -> tantivy::Result<Vec<Vec<Place>>> {
    strings.iter().map(|string| places::find(segment, string, Some(candidates))).collect()
}

/// Hands the places of each document, string by string, to `each`.
fn in_each(
    candidates: &[DocId],
    standing: &[Vec<Place>],
    mut each: impl FnMut(&[&[Place]], &mut Vec<Place>) -> tantivy::Result<()>,
) -> tantivy::Result<Vec<Place>> {
    let mut found = Vec::new();
    for &doc in candidates {
        let of_document: Vec<&[Place]> = standing.iter().map(|places| in_document(places, doc)).collect();
        each(&of_document, &mut found)?;
    }
    Ok(found)
}

/// Most steps of the search for strings near each other that begin at one place.
const MOST_STEPS: usize = 500;

/// In one document: for every shortest stretch the places chosen, in order. `of_strings` has the places of each
/// string.
pub(super) fn near_in(strings: &[String], of_strings: &[&[Place]], within: u32) -> Vec<Vec<Place>> {
    let mut all: Vec<(Place, usize)> = Vec::new();
    for (i, places) in of_strings.iter().enumerate() {
        // A string asked for twice has its places listed once, under its first mention.
        if !strings[..i].contains(&strings[i]) {
            all.extend(places.iter().map(|&place| (place, i)));
        }
    }
    all.sort_unstable();
    let first_mention = |i: usize| strings.iter().position(|string| *string == strings[i]).unwrap_or(i);
    let mut missing = vec![0usize; strings.len()];
    (0..strings.len()).for_each(|i| missing[first_mention(i)] += 1);
    let mut stretches: Vec<Vec<Place>> = Vec::new();
    for start in 0..all.len() {
        let mut search =
            NearSearch { all: &all, within, missing: missing.clone(), steps: 0, chosen: Vec::new(), best: None };
        search.choose(start);
        stretches.extend(search.best);
    }
    let end = |chosen: &[Place]| chosen.last().map_or(0, |place| place.end);
    // Stretches ascend by start: one that ends no earlier than a later one holds it.
    let mut least_end = u32::MAX;
    stretches.reverse();
    stretches.retain(|chosen| {
        let shorter = end(chosen) < least_end;
        least_end = least_end.min(end(chosen));
        shorter
    });
    stretches.reverse();
    stretches
}

/// The search for the shortest stretch that begins at a place.
struct NearSearch<'a> {
    all: &'a [(Place, usize)],
    within: u32,
    /// How often each string is still missing.
    missing: Vec<usize>,
    steps: usize,
    chosen: Vec<Place>,
    best: Option<Vec<Place>>,
}

impl NearSearch<'_> {
    fn choose(&mut self, at: usize) {
        let (place, string) = self.all[at];
        self.steps += 1;
        if self.missing[string] == 0 || self.steps > MOST_STEPS {
            return;
        }
        self.missing[string] -= 1;
        self.chosen.push(place);
        if self.missing.iter().all(|&missing| missing == 0) {
            let end = |chosen: &Vec<Place>| chosen.last().map(|place| place.end);
            if self.best.as_ref().is_none_or(|best| end(&self.chosen) < end(best)) {
                self.best = Some(self.chosen.clone());
            }
        } else {
            for next in at + 1..self.all.len() {
                let start = self.all[next].0.start;
                if start > place.end + self.within {
                    break;
                }
                if start >= place.end {
                    self.choose(next);
                }
            }
        }
        self.chosen.pop();
        self.missing[string] += 1;
    }
}

/// In one document: for every shortest stretch the places chosen, in order. `starts` are those of its sentences.
pub(super) fn sequence_in(of_pieces: &[&[Place]], gaps: &[Gap], starts: &[u32]) -> Vec<Vec<Place>> {
    let Some((last, before)) = of_pieces.split_last() else { return Vec::new() };
    let in_sentence = gaps.contains(&Gap::Any);
    let mut found: Vec<Vec<Place>> = Vec::new();
    for end in *last {
        // Nothing before the sentence that the last piece ends in can belong to it.
        let sentence = starts.partition_point(|&first| first < end.end);
        let floor = sentence.checked_sub(1).filter(|_| in_sentence).map_or(0, |i| starts[i]);
        let mut chosen = Vec::with_capacity(of_pieces.len());
        if chain(before, gaps, *end, floor, &mut chosen)
            && found.last().is_none_or(|last| last[0].start != chosen[0].start)
        {
            found.push(chosen);
        }
    }
    found
}

/// Puts the places that lead to `next` before it, the latest that do, none before `floor`.
fn chain(before: &[&[Place]], gaps: &[Gap], next: Place, floor: u32, chosen: &mut Vec<Place>) -> bool {
    let (Some((places, earlier)), Some((gap, earlier_gaps))) = (before.split_last(), gaps.split_last()) else {
        if next.start >= floor {
            chosen.push(next);
        }
        return next.start >= floor;
    };
    let fits = |place: &&Place| match gap {
        Gap::Any => place.end <= next.start,
        Gap::Exactly(n) => place.end + n == next.start,
    };
    let until = places.partition_point(|place| place.start < next.start);
    let candidates = places[..until].iter().rev().take_while(|place| place.start >= floor);
    for place in candidates.filter(fits) {
        if chain(earlier, earlier_gaps, *place, floor, chosen) {
            chosen.push(next);
            return true;
        }
        // With nothing counted before it, an earlier place leads no further than the latest.
        if earlier_gaps.iter().all(|gap| *gap == Gap::Any) {
            return false;
        }
    }
    false
}

/// Matches of a regular expression in the texts of a segment's passages, none of them empty.
///
/// # Errors
/// If the index is damaged.
pub fn regex(segment: &Segment, pattern: &Regex) -> tantivy::Result<Vec<Place>> {
    let candidates = match required(pattern.as_str()) {
        Some(strings) => holding_all(segment, &strings)?,
        None => segment.passages().collect(),
    };
    scan(&candidates, |doc| {
        let text = segment.text(doc)?;
        let mut matches = pattern.find_iter(&text).filter(|found| !found.is_empty()).peekable();
        if matches.peek().is_none() {
            return Ok(Vec::new());
        }
        let folded = fold(&text);
        let ranges = character_ranges(&text, matches.map(|found| found.range()));
        let place = |(from, to)| {
            let (start, end) = folded.range_of(from, to);
            Place { doc, start: start as u32, end: end as u32, starts: true, ends: true }
        };
        Ok(ranges.into_iter().map(place).collect())
    })
}

/// Strings that every match of an expression holds, as matching forms: runs of letters, digits and Han, whose
/// form does not depend on what stands beside them. `None` if there are none.
fn required(pattern: &str) -> Option<Vec<String>> {
    let mut strings = Vec::new();
    collect_required(&regex_syntax::parse(pattern).ok()?, &mut strings);
    strings.sort_unstable();
    strings.dedup();
    (!strings.is_empty()).then_some(strings)
}

fn collect_required(part: &regex_syntax::hir::Hir, strings: &mut Vec<String>) {
    use regex_syntax::hir::HirKind;
    match part.kind() {
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            let runs = text.split(|c: char| !c.is_alphanumeric());
            strings.extend(runs.filter(|run| !run.is_empty()).map(|run| fold(run).text()));
        }
        HirKind::Capture(capture) => collect_required(&capture.sub, strings),
        HirKind::Concat(parts) => parts.iter().for_each(|part| collect_required(part, strings)),
        HirKind::Repetition(repetition) if repetition.min > 0 => collect_required(&repetition.sub, strings),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_name_what_their_matches_hold() {
        for (pattern, expected) in [
            ("增长[0-9]+%", Some(&["增长"][..])),
            ("(坚持).*(发展|改革)ＡＢ?", Some(&["a", "坚持"])),
            ("坚持，以人民", Some(&["以人民", "坚持"])),
            ("发展|改革", None),
            ("[0-9]+", None),
            ("(发展)?", None),
        ] {
            let expected = expected.map(|strings| strings.iter().map(|s| (*s).to_owned()).collect());
            assert_eq!(required(pattern), expected, "{pattern}");
        }
    }
}
