//! Matches inside one passage that take more than one string, or its text: near, sequence, regular
//! expression, wording with its punctuation, guarded and enumerated equivalents, sentence and item.
//!
//! Each yields places; `evaluate` decides what they mean for the query. Text is read only where postings
//! do not suffice, and only of candidates that postings leave.

use regex::Regex;
use tantivy::DocId;

use super::filter::Predicate;
use super::literal;
use super::parallel;
use super::places::{self, Place, Units, in_document, intersection, unit_of};
use crate::index::reader::Segment;
use crate::query::{Equivalent, Gap, Node, Scope, Text};
use crate::text::fold::{Folded, fold, fold_keeping_marks, pattern_keeping_marks};

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
fn characters(text: &str, bytes: usize) -> u32 {
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

/// Places of what a node asks for, all of it inside one sentence or item.
///
/// `literal` leaves equivalents out.
///
/// # Errors
/// If the index is damaged.
pub fn within(segment: &Segment, scope: Scope, node: &Node, literal: bool) -> tantivy::Result<Vec<Place>> {
    let condition = Condition::of(segment, node, literal)?;
    let mut units = match scope {
        Scope::Item => Units::items(segment)?,
        _ => Units::sentences(segment)?,
    };
    let mut found = Vec::new();
    for doc in condition.candidates(segment) {
        let starts = units.starts(doc);
        let count = starts.len() + 1;
        let holds = condition.holds(doc, starts, count);
        if holds.contains(&true) {
            let mut places = Vec::new();
            condition.collect(doc, &mut places);
            places.retain(|place| unit_of(starts, place.start, place.end).is_some_and(|unit| holds[unit]));
            // Nothing but exclusions and fields: the passage itself is what was found.
            if places.is_empty() && !condition.has_places() {
                places.push(Place { doc, start: 0, end: 0, starts: true, ends: true });
            }
            found.extend(places);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// A node ready to be judged unit by unit.
enum Condition<'a> {
    All(Vec<Condition<'a>>),
    Any(Vec<Condition<'a>>),
    Not(Box<Condition<'a>>),
    Places(Vec<Place>),
    Field(Predicate<'a>),
}

impl<'a> Condition<'a> {
    fn of(segment: &'a Segment, node: &'a Node, literal: bool) -> tantivy::Result<Condition<'a>> {
        let all = |nodes: &'a [Node]| -> tantivy::Result<Vec<Condition<'a>>> {
            nodes.iter().map(|node| Condition::of(segment, node, literal)).collect()
        };
        Ok(match node {
            Node::All(nodes) => Condition::All(all(nodes)?),
            Node::Any(nodes) => Condition::Any(all(nodes)?),
            Node::Not(node) => Condition::Not(Box::new(Condition::of(segment, node, literal)?)),
            Node::Weighted(node, _) => Condition::of(segment, node, literal)?,
            // A wider unit inside a narrower one is the narrower one.
            Node::Within(Scope::Sentence, inner) => {
                Condition::Places(within(segment, Scope::Sentence, inner, literal)?)
            }
            Node::Within(Scope::Item, inner) => Condition::Places(within(segment, Scope::Item, inner, literal)?),
            Node::Within(_, inner) => Condition::of(segment, inner, literal)?,
            Node::Field(field) => Condition::Field(Predicate::of(field, segment)?),
            Node::Near { strings, within } => Condition::Places(near(segment, strings, *within)?),
            Node::Sequence { pieces, gaps } => Condition::Places(sequence(segment, pieces, gaps)?),
            Node::Regex(pattern) => Condition::Places(match Regex::new(pattern) {
                Ok(pattern) => regex(segment, &pattern)?,
                Err(_) => Vec::new(),
            }),
            Node::Text(text) => {
                let mut places = of_text(segment, text)?;
                for equivalent in text.equivalents.iter().filter(|_| !literal) {
                    places.extend(of_equivalent(segment, equivalent)?);
                }
                places.sort_unstable();
                Condition::Places(places)
            }
        })
    }

    /// Documents outside of which the condition cannot hold, ascending.
    fn candidates(&self, segment: &Segment) -> Vec<DocId> {
        self.bound().unwrap_or_else(|| segment.passages().collect())
    }

    /// As [`Condition::candidates`]; `None` for every passage.
    fn bound(&self) -> Option<Vec<DocId>> {
        match self {
            Condition::All(parts) => {
                parts.iter().filter_map(Condition::bound).reduce(|kept, docs| intersection(&kept, &docs))
            }
            Condition::Any(parts) => {
                let mut docs = parts.iter().map(Condition::bound).collect::<Option<Vec<_>>>()?.concat();
                docs.sort_unstable();
                docs.dedup();
                Some(docs)
            }
            Condition::Places(places) => Some(places::of_documents(places).map(|places| places[0].doc).collect()),
            Condition::Not(_) | Condition::Field(_) => None,
        }
    }

    /// For each unit of a document, whether the condition holds in it.
    fn holds(&self, doc: DocId, starts: &[u32], count: usize) -> Vec<bool> {
        match self {
            Condition::All(parts) => merged(parts, doc, starts, count, true, |a, b| a && b),
            Condition::Any(parts) => merged(parts, doc, starts, count, false, |a, b| a || b),
            Condition::Not(part) => part.holds(doc, starts, count).into_iter().map(|holds| !holds).collect(),
            Condition::Field(predicate) => vec![predicate.accepts(doc); count],
            Condition::Places(places) => {
                let mut holds = vec![false; count];
                for place in in_document(places, doc) {
                    if let Some(unit) = unit_of(starts, place.start, place.end) {
                        holds[unit] = true;
                    }
                }
                holds
            }
        }
    }

    /// The places in a document of what the condition asks for, exclusions apart.
    fn collect(&self, doc: DocId, found: &mut Vec<Place>) {
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| part.collect(doc, found)),
            Condition::Places(places) => found.extend(in_document(places, doc)),
            Condition::Not(_) | Condition::Field(_) => {}
        }
    }

    fn has_places(&self) -> bool {
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().any(Condition::has_places),
            Condition::Places(_) => true,
            Condition::Not(_) | Condition::Field(_) => false,
        }
    }
}

fn merged(
    parts: &[Condition],
    doc: DocId,
    starts: &[u32],
    count: usize,
    first: bool,
    merge: fn(bool, bool) -> bool,
) -> Vec<bool> {
    let mut holds = vec![first; count];
    for part in parts {
        let of_part = part.holds(doc, starts, count);
        holds.iter_mut().zip(of_part).for_each(|(holds, part)| *holds = merge(*holds, part));
    }
    holds
}

/// Where a node's matches stand in a text, as ranges of its characters: what a hit shows as marked.
///
/// In a sentence or item search every occurrence of the strings is shown.
pub fn spans(text: &str, node: &Node) -> Vec<(usize, usize)> {
    let folded = fold(text);
    let mut spans = Vec::new();
    collect_spans(text, &folded, node, &mut spans);
    spans.sort_unstable();
    spans.dedup();
    spans
}

fn collect_spans(text: &str, folded: &Folded, node: &Node, spans: &mut Vec<(usize, usize)>) {
    let mut add_all = |string: &str, guard: &dyn Fn(usize, usize) -> bool| {
        let chars: Vec<char> = string.chars().collect();
        let found = folded.find_all(&chars).filter(|&start| guard(start, start + chars.len()));
        spans.extend(found.map(|start| folded.origin_of(start, chars.len())));
    };
    match node {
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| collect_spans(text, folded, node, spans)),
        Node::Within(_, node) | Node::Weighted(node, _) => collect_spans(text, folded, node, spans),
        Node::Near { strings, .. } | Node::Sequence { pieces: strings, .. } => {
            strings.iter().for_each(|string| add_all(string, &|_, _| true));
        }
        Node::Text(Text { form, verbatim: None, equivalents }) => {
            add_all(form, &|_, _| true);
            for equivalent in equivalents.iter().filter(|equivalent| equivalent.pattern.is_none()) {
                add_all(&equivalent.form, &|start, end| equivalent.guard.allows(&folded.chars, start, end));
            }
            let form = folded.text();
            let patterns = equivalents.iter().filter_map(|equivalent| equivalent.pattern.as_deref());
            for pattern in patterns.filter_map(|pattern| Regex::new(pattern).ok()) {
                spans.extend(pattern.find_iter(&form).map(|found| {
                    let start = characters(&form, found.start()) as usize;
                    folded.origin_of(start, found.as_str().chars().count())
                }));
            }
        }
        Node::Text(Text { verbatim: Some(verbatim), .. }) => {
            let verbatim: Vec<char> = verbatim.chars().collect();
            let kept = fold_keeping_marks(text);
            spans.extend(kept.find_all(&verbatim).map(|start| kept.origin_of(start, verbatim.len())));
        }
        Node::Regex(pattern) => {
            let Ok(pattern) = Regex::new(pattern) else { return };
            spans.extend(pattern.find_iter(text).filter(|found| !found.is_empty()).map(|found| {
                let start = characters(text, found.start()) as usize;
                (start, start + found.as_str().chars().count())
            }));
        }
        Node::Not(_) | Node::Field(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

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

    #[test]
    fn spans_are_true_matches_in_the_original() {
        let marked = |query: &str, text: &str| -> Vec<String> {
            let chars: Vec<char> = text.chars().collect();
            let root = Query::parse(query).root.expect("something");
            spans(text, &root).into_iter().map(|(start, end)| chars[start..end].iter().collect()).collect()
        };
        assert_eq!(marked("十五五规划", "谋划“十五五”规划。"), ["十五五”规划"]);
        assert_eq!(marked("5%", "增长百分之五，不是百分之五十"), ["百分之五"]);
        assert_eq!(marked("二十届三中全会", "党的二十届二中、三中全会"), ["二十届二中、三中全会"]);
        assert_eq!(marked("/增[长加]\\d+/", "增加12个，增长5%"), ["增加12", "增长5"]);
        assert_eq!(marked("marks:on “十五”", "“十五”和“十五五”"), ["“十五”"]);
        assert_eq!(marked("以*为抓手 -发展", "以改革为抓手，发展"), ["以", "为抓手"]);
    }
}
