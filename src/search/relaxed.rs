//! Relaxed search: passages that hold words of the query near each other, though not the query itself.
//!
//! Looked for are the words of the query, its neighbouring pairs of characters and its single characters,
//! all counted literally. Words come from the index: what an archive's segmentation made a word somewhere is
//! one here, so no dictionary is loaded. A passage is scored by itself and, `WINDOW_WEIGHT` times, in its
//! window: the passages around it and its report's title. The features, the window and the weights were
//! chosen by measuring on judged questions, on plateaus (`BENCHMARKS.md`).

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use tantivy::DocId;

use super::Tier;
use super::covers::{Covers, Match};
use super::evaluate::Evaluation;
use super::filter::predicates;
use super::parallel;
use super::rank::{Candidate, Collection};
use crate::index::reader::{Segment, Snapshot};
use crate::model::Role;
use crate::query::Field;

/// A word, pair or character that is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Its matching form.
    pub text: String,
    weight: f32,
}

/// What a passage's score in its window weighs beside its score by itself.
const WINDOW_WEIGHT: f32 = 3.0;

/// Passages on either side that belong to a window.
const AROUND: DocId = 2;

/// Longest word that is looked for, in characters.
const LONGEST_WORD: usize = 8;

/// Passages whose windows are scored: the best by themselves.
const MOST_SCORED: usize = 2_000;

/// Share of the features' weight that a passage has to hold, times the square root of their number: a long
/// question is answered by less of its words than a short one.
const ENOUGH: f32 = 0.5;

/// A title is looked for among so many first passages of a report.
const TITLE_WITHIN: usize = 8;

/// Most characters of a query whose words are looked for; more of a longer text would say nothing new.
const MOST_CHARACTERS: usize = 80;

/// Postings of a feature beside the number of passages from which on it says nothing and is left out.
const TOO_COMMON: f32 = 0.3;

/// The features of strings, each once. A two-character word is a pair as well and weighs twice.
///
/// # Errors
/// If the index is damaged.
pub fn features(snapshot: &Snapshot, strings: &[&str]) -> tantivy::Result<Vec<Feature>> {
    let mut weights: BTreeMap<String, f32> = BTreeMap::new();
    let mut room = MOST_CHARACTERS;
    for string in strings {
        let string: String = string.chars().take(room).collect();
        room -= string.chars().count();
        for run in string.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()) {
            let chars: Vec<char> = run.chars().collect();
            let mut of_run: Vec<String> = words(snapshot, &chars)?;
            of_run.extend(chars.windows(2).map(String::from_iter));
            of_run.extend(chars.iter().map(char::to_string));
            let mut here: BTreeMap<String, f32> = BTreeMap::new();
            for text in of_run {
                // A pair counts once as a pair and once as a word, however often it comes.
                let most = if text.chars().count() == 2 { 2.0 } else { 1.0 };
                let weight = here.entry(text).or_insert(0.0);
                *weight = (*weight + 1.0_f32).min(most);
            }
            for (text, weight) in here {
                let known = weights.entry(text).or_insert(0.0);
                *known = known.max(weight);
            }
        }
    }
    Ok(weights.into_iter().map(|(text, weight)| Feature { text, weight }).collect())
}

/// The words of two or more characters of a run, each once.
fn words(snapshot: &Snapshot, chars: &[char]) -> tantivy::Result<Vec<String>> {
    let ends = word_ends(snapshot, chars)?;
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let words = starts.zip(&ends).filter(|&(start, &end)| end - start > 1);
    let words: BTreeSet<String> = words.map(|(start, &end)| chars[start..end].iter().collect()).collect();
    Ok(words.into_iter().collect())
}

/// Where words end on the best path of a run: the one whose words, by their frequency in the index, are
/// likeliest.
///
/// # Errors
/// If the index is damaged.
pub fn word_ends(snapshot: &Snapshot, chars: &[char]) -> tantivy::Result<Vec<usize>> {
    let passages: u64 = snapshot.segments.iter().map(|segment| u64::from(segment.live_docs())).sum();
    let chance = |frequency: u64| (frequency as f32 / passages.max(1) as f32).ln();
    // Cost of the best path from each place to the end, and the length of its first word.
    let mut best: Vec<(f32, usize)> = vec![(0.0, 0); chars.len() + 1];
    for start in (0..chars.len()).rev() {
        best[start] = (chance(1) + best[start + 1].0, 1);
        let most = LONGEST_WORD.min(chars.len() - start);
        let frequencies = frequencies_of_words(snapshot, &chars[start..start + most])?;
        for (end, &frequency) in (start + 2..).zip(&frequencies) {
            let score = chance(frequency) + best[end].0;
            if frequency > 0 && score > best[start].0 {
                best[start] = (score, end - start);
            }
        }
    }
    let mut ends = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        at += best[at].1;
        ends.push(at);
    }
    Ok(ends)
}

/// How many passages hold the words that the characters begin with, by length from two on.
fn frequencies_of_words(snapshot: &Snapshot, chars: &[char]) -> io::Result<Vec<u64>> {
    let mut frequencies = vec![0; chars.len().saturating_sub(1)];
    let mut word = Vec::new();
    for segment in snapshot.segments.iter().filter(|_| chars.len() > 1) {
        for rank in segment.body.pairs.pair(chars[0], chars[1])?.words {
            word.clear();
            segment.body.spell(rank, &mut word)?;
            if chars.starts_with(&word) {
                frequencies[word.len() - 2] += segment.live_frequency(segment.body.word(rank)?)?;
            }
        }
    }
    Ok(frequencies)
}

/// What a relaxed search finds.
#[derive(Debug, Default)]
pub struct Relaxed {
    /// How many passages hold enough of the query.
    pub passages: u64,
    /// The best of them, in no order.
    pub candidates: Vec<Candidate>,
}

/// A feature's matches in every segment, with its weight and idf multiplied.
struct LookedUp {
    weight: f32,
    matches: Vec<Vec<Match>>,
}

/// Passages that hold enough of the features, that pass the filter, and that the query neither finds nor
/// excludes; the best `wanted` and some more are scored.
///
/// What the query finds is scored anew by the same measure, unless it is more than relaxed search would score:
/// where both are shown, one measure orders both.
///
/// # Errors
/// If the index is damaged.
pub fn search(
    snapshot: &Snapshot,
    features: &[Feature],
    filter: &[Field],
    found: &mut [Candidate],
    evaluation: &Evaluation,
    wanted: usize,
) -> tantivy::Result<Relaxed> {
    let collection = Collection::of_passages(snapshot);
    let features = look_up(snapshot, features, collection)?;
    let total: f32 = features.iter().map(|feature| feature.weight).sum();
    let enough = ENOUGH * total / (features.len().max(1) as f32).sqrt();
    let mut candidates = Vec::new();
    for (i, segment) in snapshot.segments.iter().enumerate() {
        let mut alone = vec![Alone::default(); segment.max_doc() as usize];
        for feature in &features {
            for m in &feature.matches[i] {
                let alone = &mut alone[m.doc as usize];
                alone.held += feature.weight;
                alone.score +=
                    feature.weight * collection.weight(m.occurrences as f32, segment.characters(m.doc) as f32);
            }
        }
        let taken = found.iter().filter(|candidate| candidate.segment as usize == i).map(|candidate| candidate.doc);
        taken.chain(evaluation.excluded(i)?).for_each(|doc| alone[doc as usize].held = 0.0);
        let predicates = predicates(filter, segment)?;
        let holds_enough = (0..).zip(&alone).filter(|(_, alone)| alone.held > 0.0 && alone.held >= enough);
        let passes = holds_enough.filter(|(doc, _)| predicates.iter().all(|predicate| predicate.accepts(*doc)));
        candidates.extend(passes.map(|(doc, alone)| Candidate::new(segment, i, doc, Tier::Relaxed, alone.score)));
    }
    let passages = candidates.len() as u64;
    let most = MOST_SCORED.max(wanted.saturating_mul(8));
    if candidates.len() > most {
        let place = |candidate: &Candidate| (candidate.segment, candidate.doc);
        candidates.select_nth_unstable_by(most, |a, b| b.score.total_cmp(&a.score).then(place(a).cmp(&place(b))));
        candidates.truncate(most);
        candidates.sort_unstable_by_key(place);
    }
    score(snapshot, &mut candidates, &features, collection);
    if found.len() <= MOST_SCORED {
        score(snapshot, found, &features, collection);
    }
    Ok(Relaxed { passages, candidates })
}

/// What a passage has by itself.
#[derive(Debug, Clone, Copy, Default)]
struct Alone {
    score: f32,
    /// Weight of the features that it holds.
    held: f32,
}

/// Looks the features up, those apart that stand nearly everywhere. The rarest stays, however common.
fn look_up(snapshot: &Snapshot, features: &[Feature], collection: Collection) -> tantivy::Result<Vec<LookedUp>> {
    let covers = |feature: &Feature| -> io::Result<(u64, Vec<Covers>)> {
        let chars: Vec<char> = feature.text.chars().collect();
        let covers: Vec<Covers> =
            snapshot.segments.iter().map(|segment| Covers::of(segment, &chars)).collect::<Result<_, _>>()?;
        Ok((covers.iter().map(Covers::postings).sum(), covers))
    };
    let covered = parallel::map(features, covers)?;
    let rarest = covered.iter().map(|(postings, _)| *postings).min().unwrap_or(0);
    let kept: Vec<(&Feature, Vec<Covers>)> = features
        .iter()
        .zip(covered)
        .filter(|(_, (postings, _))| *postings == rarest || collection.share(*postings) < TOO_COMMON)
        .map(|(feature, (_, covers))| (feature, covers))
        .collect();
    parallel::map(&kept, |(feature, covers)| {
        let of_segments = snapshot.segments.iter().zip(covers);
        let matches: Vec<Vec<Match>> =
            of_segments.map(|(segment, covers)| covers.count(segment)).collect::<Result<_, _>>()?;
        Ok(LookedUp { weight: feature.weight * collection.idf(matches.iter().map(Vec::len).sum()), matches })
    })
}

/// A passage's window: where it begins and ends, and the report's title if that stands outside.
struct Window {
    first: DocId,
    last: DocId,
    title: Option<DocId>,
}

impl Window {
    fn of(segment: &Segment, doc: DocId) -> Window {
        let header = segment.header_of(doc);
        let follows = |&next: &DocId| next < segment.max_doc() && !segment.is_header(next);
        let first = doc.saturating_sub(AROUND).max(header + 1);
        let last = (doc + 1..=doc + AROUND).take_while(follows).last().unwrap_or(doc);
        let title = (header + 1..first).take(TITLE_WITHIN).find(|&doc| segment.role(doc) == Some(Role::Title));
        Window { first, last, title }
    }

    fn documents(&self) -> impl Iterator<Item = DocId> {
        self.title.into_iter().chain(self.first..=self.last)
    }
}

/// How many passages a window has on average; near the ends of reports it has fewer.
fn passages_per_window(snapshot: &Snapshot) -> f32 {
    let (mut windows, mut inside) = (0, 0);
    for segment in &snapshot.segments {
        for header in segment.headers() {
            let passages = u64::from(segment.passages_of(header));
            let beyond = |reach: u64| passages.saturating_sub(reach);
            windows += passages;
            // Each passage reaches so many on either side, as far as there are any; most have a title before that.
            inside += passages + (1..=u64::from(AROUND)).map(|reach| 2 * beyond(reach)).sum::<u64>();
            inside += beyond(u64::from(AROUND) + 1);
        }
    }
    if windows == 0 { 1.0 } else { inside as f32 / windows as f32 }
}

/// Scores passages by themselves and in their windows. `candidates` ascend by segment and document.
fn score(snapshot: &Snapshot, candidates: &mut [Candidate], features: &[LookedUp], collection: Collection) {
    let in_windows = collection.with_longer_units(passages_per_window(snapshot));
    for of_segment in candidates.chunk_by_mut(|a, b| a.segment == b.segment) {
        let i = of_segment[0].segment as usize;
        let segment = &snapshot.segments[i];
        let windows: Vec<Window> = of_segment.iter().map(|candidate| Window::of(segment, candidate.doc)).collect();
        let length = |window: &Window| window.documents().map(|doc| segment.characters(doc) as f32).sum::<f32>();
        let lengths: Vec<f32> = windows.iter().map(length).collect();
        of_segment.iter_mut().for_each(|candidate| candidate.score = 0.0);
        for feature in features {
            let mut matches = feature.matches[i].as_slice();
            let frequency = |doc: DocId| {
                let found = feature.matches[i].binary_search_by_key(&doc, |m| m.doc);
                found.map_or(0, |at| feature.matches[i][at].occurrences)
            };
            for ((window, &length), candidate) in windows.iter().zip(&lengths).zip(of_segment.iter_mut()) {
                matches = &matches[matches.partition_point(|m| m.doc < window.first)..];
                let inside = || matches.iter().take_while(|m| m.doc <= window.last);
                let around = inside().map(|m| m.occurrences).sum::<u32>() + window.title.map_or(0, frequency);
                if around == 0 {
                    continue;
                }
                let own = inside().find(|m| m.doc == candidate.doc).map_or(0, |m| m.occurrences);
                let alone = collection.weight(own as f32, segment.characters(candidate.doc) as f32);
                let around = in_windows.weight(around as f32, length);
                candidate.score += feature.weight * (alone + WINDOW_WEIGHT * around);
            }
        }
    }
}
