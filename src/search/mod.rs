//! Search: a query and a snapshot in, counts and ranked hits out.
//!
//! Counts are exact and cover all matches, whatever is printed. Relaxed hits stand below the literal
//! ones, under their own label and number. Postings are read in `literal`, order is made in `rank`.

pub mod filter;
pub mod literal;
pub mod rank;

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use tantivy::DocId;

use self::filter::Filter;
use self::literal::Match;
use self::rank::{Candidate, Collection, MatchingHeadings, Sort};
use crate::error::Error;
use crate::index::reader::{Segment, Snapshot};
use crate::index::record::Header;
use crate::model::{Passage, section_path};
use crate::query::Query;
use crate::text::fold::fold;
use crate::text::segment::Segmenter;

/// How a search is done.
#[derive(Debug, Clone)]
pub struct Options {
    /// Hits to return.
    pub limit: usize,
    /// Hits to skip first.
    pub offset: usize,
    /// What may be returned and counted.
    pub filter: Filter,
    /// Order of hits.
    pub sort: Sort,
    /// Most hits of one report, if limited; counts are not affected.
    pub per_report: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Options { limit: 10, offset: 0, filter: Filter::default(), sort: Sort::default(), per_report: None }
    }
}

/// How a hit matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Every string has an occurrence that starts and ends on word boundaries.
    Whole,
    /// Literal, but across word boundaries.
    Cross,
    /// Words of the query, not literally.
    Relaxed,
}

impl Tier {
    const ALL: [Tier; 3] = [Tier::Whole, Tier::Cross, Tier::Relaxed];

    /// The name used in output.
    pub fn label(self) -> &'static str {
        ["whole", "cross", "relaxed"][self as usize]
    }
}

/// A passage that matches.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Place in the whole ranking, from 1.
    pub rank: usize,
    /// Score within its tier.
    pub score: f32,
    /// How it matches.
    pub tier: Tier,
    /// Its report.
    pub header: Header,
    /// Its number within the report, from 1.
    pub number: u32,
    /// The passage.
    pub passage: Passage,
    /// Heading path, outermost first.
    pub section: Vec<String>,
    /// What matches, as ranges of characters of the passage's text, ascending.
    pub spans: Vec<(usize, usize)>,
}

/// What a search found.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Passages that match.
    pub passages: u64,
    /// Occurrences in them, summed over the strings.
    pub occurrences: u64,
    /// Reports they belong to.
    pub reports: u64,
    /// Occurrences on word boundaries.
    pub whole: u64,
    /// Passages found by relaxed search alone; `None` if it was not asked for.
    pub relaxed: Option<u64>,
    /// Hits from `offset` on, best first.
    pub hits: Vec<Hit>,
    /// Time taken.
    pub elapsed: Duration,
}

/// Searches literally; with a segmenter, also relaxed below the literal hits.
///
/// # Errors
/// If the index is damaged.
pub fn search(
    snapshot: &Snapshot,
    query: &Query,
    options: &Options,
    relaxed: Option<&Segmenter>,
) -> Result<Outcome, Error> {
    let start = Instant::now();
    let run = || -> tantivy::Result<Outcome> {
        let mut outcome = Outcome::default();
        let mut words = Vec::new();
        if !query.strings.is_empty() {
            let literal = literal_candidates(snapshot, &query.strings, &options.filter, &mut outcome)?;
            let mut candidates = ordered(snapshot, literal.clone(), options)?;
            if let Some(segmenter) = relaxed {
                let relaxed = relaxed_words(segmenter, &query.strings);
                let others = relaxed_candidates(snapshot, &relaxed, &options.filter, literal)?;
                outcome.relaxed = Some(others.len() as u64);
                candidates.extend(ordered(snapshot, others, options)?);
                limit_per_report(snapshot, &mut candidates, options.per_report);
                words = relaxed.into_iter().map(|word| word.text).collect();
            }
            outcome.hits = read_hits(snapshot, candidates, &query.strings, &words, options)?;
        }
        Ok(outcome)
    };
    let mut outcome = run().map_err(|source| snapshot.failure(source))?;
    outcome.elapsed = start.elapsed();
    Ok(outcome)
}

/// The best candidates, as many as the options can use.
fn ordered(snapshot: &Snapshot, candidates: Vec<Candidate>, options: &Options) -> tantivy::Result<Vec<Candidate>> {
    let wanted = options.offset.saturating_add(options.limit);
    if options.per_report.is_none() || wanted == 0 {
        return rank::best(snapshot, candidates, options.sort, wanted);
    }
    // Nobody knows beforehand how many have to be passed over: look further until there are enough.
    let mut count = wanted.saturating_mul(8);
    loop {
        let mut best = rank::best(snapshot, candidates.clone(), options.sort, count)?;
        let exhausted = best.len() < count;
        limit_per_report(snapshot, &mut best, options.per_report);
        if exhausted || best.len() >= wanted {
            return Ok(best);
        }
        count = count.saturating_mul(8);
    }
}

fn limit_per_report(snapshot: &Snapshot, candidates: &mut Vec<Candidate>, most: Option<usize>) {
    let Some(most) = most else { return };
    let mut of_report = HashMap::<(usize, DocId), usize>::new();
    candidates.retain(|c| {
        let seen = of_report.entry((c.segment, snapshot.segments[c.segment].header_of(c.doc))).or_default();
        *seen += 1;
        *seen <= most
    });
}

/// A string's matches in every segment, with its idf.
struct Found {
    matches: Vec<Vec<Match>>,
    idf: f32,
}

fn find(snapshot: &Snapshot, string: &str, collection: Collection) -> tantivy::Result<Found> {
    let matches: Vec<Vec<Match>> =
        snapshot.segments.iter().map(|segment| literal::find(segment, string)).collect::<Result<_, _>>()?;
    let idf = collection.idf(matches.iter().map(Vec::len).sum());
    Ok(Found { matches, idf })
}

fn literal_candidates(
    snapshot: &Snapshot,
    strings: &[String],
    filter: &Filter,
    outcome: &mut Outcome,
) -> tantivy::Result<Vec<Candidate>> {
    let collection = Collection::of_passages(snapshot);
    let found: Vec<Found> =
        strings.iter().map(|string| find(snapshot, string, collection)).collect::<Result<_, _>>()?;
    let mut candidates = Vec::new();
    for (i, segment) in snapshot.segments.iter().enumerate() {
        let filter = filter.of_segment(segment)?;
        let headings: Vec<MatchingHeadings> =
            found.iter().map(|f| MatchingHeadings::among(segment, &f.matches[i])).collect();
        let mut last_report = None;
        for first in &found[0].matches[i] {
            let doc = first.doc;
            let in_doc = |f: &Found| f.matches[i].binary_search_by_key(&doc, |m| m.doc).ok().map(|at| f.matches[i][at]);
            let others: Option<Vec<Match>> = found[1..].iter().map(in_doc).collect();
            let Some(others) = others.filter(|_| filter.accepts(doc)) else { continue };
            let all = || std::iter::once(first).chain(&others);
            outcome.passages += 1;
            outcome.occurrences += all().map(|m| u64::from(m.occurrences)).sum::<u64>();
            outcome.whole += all().map(|m| u64::from(m.whole)).sum::<u64>();
            let report = segment.header_of(doc);
            outcome.reports += u64::from(last_report != Some(report));
            last_report = Some(report);
            let weights = all().zip(&found).zip(&headings);
            let score: f32 = weights
                .map(|((m, f), h)| {
                    let weight = collection.weight(rank::frequency(*m), rank::length(segment, doc));
                    let weight = weight * rank::role_weight(segment, doc);
                    f.idf * (weight + h.bonus(segment, doc))
                })
                .sum();
            let tier = if all().all(|m| m.whole > 0) { Tier::Whole } else { Tier::Cross };
            candidates.push(candidate(segment, i, doc, tier, score));
        }
    }
    Ok(candidates)
}

fn candidate(segment: &Segment, index: usize, doc: DocId, tier: Tier, score: f32) -> Candidate {
    Candidate { segment: index, doc, tier: tier as u8, score, year: segment.year.first(doc) }
}

/// What relaxed search looks for.
struct RelaxedWord {
    text: String,
    weight: f32,
}

/// What a pair of characters that is no word of the query weighs beside a word.
const PAIR_WEIGHT: f32 = 0.5;

/// The words of the query and its pairs of characters, each once.
fn relaxed_words(segmenter: &Segmenter, strings: &[String]) -> Vec<RelaxedWord> {
    let is_text = |word: &String| word.chars().nth(1).is_some() && word.chars().all(char::is_alphanumeric);
    let mut weights: BTreeMap<String, f32> = BTreeMap::new();
    for string in strings {
        let chars: Vec<char> = string.chars().collect();
        for pair in chars.windows(2).map(|pair| pair.iter().collect()).filter(is_text) {
            weights.entry(pair).or_insert(PAIR_WEIGHT);
        }
        for word in segmenter.search_words(string).into_iter().filter(is_text) {
            weights.insert(word, 1.0);
        }
    }
    weights.into_iter().map(|(text, weight)| RelaxedWord { text, weight }).collect()
}

/// What a passage's report weighs in its relaxed score beside the passage: a report whose other passages
/// speak of the matter, too, is more likely to be about it. Both weights were set by
/// measuring on judged questions.
const REPORT_WEIGHT: f32 = 2.0;

fn relaxed_candidates(
    snapshot: &Snapshot,
    words: &[RelaxedWord],
    filter: &Filter,
    literal: Vec<Candidate>,
) -> tantivy::Result<Vec<Candidate>> {
    let (passages, reports) = (Collection::of_passages(snapshot), Collection::of_reports(snapshot));
    // Per document: at a passage its own score, at a header that of the report.
    let mut scores: Vec<Vec<f32>> = snapshot.segments.iter().map(|s| vec![0.0; s.max_doc() as usize]).collect();
    for word in words {
        let found = find(snapshot, &word.text, passages)?;
        let idf = found.idf * word.weight;
        let mut of_reports: Vec<(usize, DocId, f32)> = Vec::new();
        for (i, matches) in found.matches.iter().enumerate() {
            let segment = &snapshot.segments[i];
            for m in matches {
                let frequency = rank::frequency(*m);
                scores[i][m.doc as usize] += idf * passages.weight(frequency, rank::length(segment, m.doc));
                let header = segment.header_of(m.doc);
                match of_reports.last_mut() {
                    Some(last) if (last.0, last.1) == (i, header) => last.2 += frequency,
                    _ => of_reports.push((i, header, frequency)),
                }
            }
        }
        let idf = reports.idf(of_reports.len()) * word.weight * REPORT_WEIGHT;
        for (i, header, frequency) in of_reports {
            let length = snapshot.segments[i].characters.first(header).unwrap_or(0) as f32;
            scores[i][header as usize] += idf * reports.weight(frequency, length);
        }
    }
    for hit in literal {
        scores[hit.segment][hit.doc as usize] = 0.0;
    }
    let mut candidates = Vec::new();
    for (i, segment) in snapshot.segments.iter().enumerate() {
        let filter = filter.of_segment(segment)?;
        for doc in (0..segment.max_doc()).filter(|&doc| scores[i][doc as usize] > 0.0 && !segment.is_header(doc)) {
            if filter.accepts(doc) {
                let score = scores[i][doc as usize] + scores[i][segment.header_of(doc) as usize];
                candidates.push(candidate(segment, i, doc, Tier::Relaxed, score));
            }
        }
    }
    Ok(candidates)
}

fn read_hits(
    snapshot: &Snapshot,
    candidates: Vec<Candidate>,
    strings: &[String],
    words: &[String],
    options: &Options,
) -> tantivy::Result<Vec<Hit>> {
    let shown = candidates.into_iter().enumerate().skip(options.offset).take(options.limit);
    let read = |(place, candidate): (usize, Candidate)| {
        let segment = &snapshot.segments[candidate.segment];
        let header_doc = segment.header_of(candidate.doc);
        let tier = Tier::ALL[usize::from(candidate.tier)];
        let passage = segment.passage(candidate.doc)?;
        let header = segment.header(header_doc)?;
        Ok(Hit {
            rank: place + 1,
            score: candidate.score,
            tier,
            number: candidate.doc - header_doc,
            section: section_path(&header.sections, passage.section),
            spans: spans(&passage.text, if tier == Tier::Relaxed { words } else { strings }),
            header,
            passage,
        })
    };
    shown.map(read).collect()
}

/// Where the strings stand in a text, as ranges of its characters, ascending, each once.
pub fn spans(text: &str, strings: &[String]) -> Vec<(usize, usize)> {
    let folded = fold(text);
    let mut spans = Vec::new();
    for string in strings {
        let chars: Vec<char> = string.chars().collect();
        spans.extend(folded.find_all(&chars).map(|start| folded.origin_of(start, chars.len())));
    }
    spans.sort_unstable();
    spans.dedup();
    spans
}
