//! Matches inside one passage that take more than one string, or its text: near, sequence, regular
//! expression, wording with its punctuation, guarded and enumerated equivalents.
//!
//! Each yields places; `evaluate` and `within` decide what they mean for the query. Text is read only where
//! postings do not suffice, and only of candidates that postings leave.

use regex::Regex;
use tantivy::DocId;

use super::literal;
use super::parallel;
use super::places::{self, Place, Units, in_document, intersection};
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
        let folded = fold(&segment.text(doc)?);
        let Some(pattern) = &pattern else {
            let allowed = |p: &&Place| equivalent.guard.allows(&folded.chars, p.start as usize, p.end as usize);
            return Ok(in_document(&standing, doc).iter().filter(allowed).copied().collect());
        };
        let form = folded.text();
        let place = |found: regex::Match| {
            let start = characters(&form, found.start());
            Place { doc, start, end: start + characters(found.as_str(), found.len()), starts: true, ends: true }
        };
        Ok(pattern.find_iter(&form).map(place).collect())
    })
}

/// Characters of the first `bytes` bytes of a text.
pub(super) fn characters(text: &str, bytes: usize) -> u32 {
    text.get(..bytes).map_or(0, |head| head.chars().count()) as u32
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

/// Stretches of a passage that hold every string, neighbours at most `within` characters apart, in any
/// order; only those that hold no shorter one.
///
/// # Errors
/// If the index is damaged.
pub fn near(segment: &Segment, strings: &[String], within: u32) -> tantivy::Result<Vec<Place>> {
    let candidates = holding_all(segment, strings)?;
    let mut standing: Vec<(Place, usize)> = Vec::new();
    for (i, string) in strings.iter().enumerate() {
        standing.extend(places::find(segment, string, Some(&candidates))?.into_iter().map(|place| (place, i)));
    }
    standing.sort_unstable();
    let mut found: Vec<Place> = Vec::new();
    for of_document in standing.chunk_by(|a, b| a.0.doc == b.0.doc) {
        // The latest place of each string up to here.
        let mut latest: Vec<Option<Place>> = vec![None; strings.len()];
        let mut last_start = None;
        for &(place, i) in of_document {
            latest[i] = Some(place);
            let Some(mut chosen) = latest.iter().copied().collect::<Option<Vec<Place>>>() else { continue };
            chosen.sort_unstable();
            let apart = |pair: &[Place]| pair[1].start.saturating_sub(pair[0].end);
            let start = chosen[0].start;
            if last_start != Some(start) && chosen.windows(2).all(|pair| apart(pair) <= within) {
                last_start = Some(start);
                let whole = chosen.iter().all(|place| place.starts && place.ends);
                let end = chosen.iter().map(|place| place.end).max().unwrap_or(start);
                found.push(Place { doc: place.doc, start, end, starts: whole, ends: whole });
            }
        }
    }
    Ok(found)
}

/// Stretches of a sentence in which the pieces follow each other; only those that hold no shorter one.
///
/// # Errors
/// If the index is damaged.
pub fn sequence(segment: &Segment, pieces: &[String], gaps: &[Gap]) -> tantivy::Result<Vec<Place>> {
    let candidates = holding_all(segment, pieces)?;
    let standing: Vec<Vec<Place>> =
        pieces.iter().map(|piece| places::find(segment, piece, Some(&candidates))).collect::<Result<_, _>>()?;
    let mut sentences = Units::sentences(segment)?;
    let mut found = Vec::new();
    for doc in candidates {
        let of_pieces: Vec<&[Place]> = standing.iter().map(|places| in_document(places, doc)).collect();
        let starts = sentences.starts(doc);
        let Some((last, before)) = of_pieces.split_last() else { continue };
        let mut last_start = None;
        for end in *last {
            // Nothing before the sentence that the last piece ends in can belong to it.
            let sentence = starts.partition_point(|&first| first < end.end);
            let floor = sentence.checked_sub(1).map_or(0, |i| starts[i]);
            let Some(first) = chain(before, gaps, *end, floor) else { continue };
            if last_start != Some(first.start) {
                last_start = Some(first.start);
                found.push(Place { doc, start: first.start, end: end.end, starts: first.starts, ends: end.ends });
            }
        }
    }
    Ok(found)
}

/// The latest first piece from which the others lead to `next`, none before `floor`.
fn chain(before: &[&[Place]], gaps: &[Gap], next: Place, floor: u32) -> Option<Place> {
    let (Some((places, earlier)), Some((gap, earlier_gaps))) = (before.split_last(), gaps.split_last()) else {
        return (next.start >= floor).then_some(next);
    };
    let fits = |place: &&Place| match gap {
        Gap::Any => place.end <= next.start,
        Gap::Exactly(n) => place.end + n == next.start,
    };
    let candidates = places.iter().rev().skip_while(|place| place.start >= next.start);
    candidates
        .take_while(|place| place.start >= floor)
        .filter(fits)
        .find_map(|place| chain(earlier, earlier_gaps, *place, floor))
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
        let place = |found: regex::Match| {
            let from = characters(&text, found.start()) as usize;
            let (start, end) = folded.range_of(from, from + found.as_str().chars().count());
            Place { doc, start: start as u32, end: end as u32, starts: true, ends: true }
        };
        Ok(matches.map(place).collect())
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
