//! Search: a query and a snapshot in, counts and ranked hits out.
//!
//! Counts are exact and cover all matches, whatever is printed. Relaxed hits stand below the literal
//! ones, under their own label and number. Postings are read in `literal`, order is made in `rank`.

pub mod filter;
pub mod literal;
pub mod rank;

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
                words = relaxed_words(segmenter, &query.strings);
                let others = relaxed_candidates(snapshot, &words, &options.filter, literal)?;
                outcome.relaxed = Some(others.len() as u64);
                candidates.extend(ordered(snapshot, others, options)?);
            }
            outcome.hits = read_hits(snapshot, candidates, &query.strings, &words, options)?;
        }
        Ok(outcome)
    };
    let mut outcome = run().map_err(|source| snapshot.failure(source))?;
    outcome.elapsed = start.elapsed();
    Ok(outcome)
}

fn ordered(snapshot: &Snapshot, candidates: Vec<Candidate>, options: &Options) -> tantivy::Result<Vec<Candidate>> {
    // With a limit per report nobody knows beforehand how many have to be passed over.
    let wanted = options.offset.saturating_add(options.limit);
    let count = if options.per_report.is_some() && wanted > 0 { usize::MAX } else { wanted };
    rank::best(snapshot, candidates, options.sort, count)
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
    let collection = Collection::of(snapshot);
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
                    let weight = collection.weight(segment, *m) * rank::role_weight(segment, doc);
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

/// What relaxed search looks for: the words of the query and its pairs of characters, each once.
fn relaxed_words(segmenter: &Segmenter, strings: &[String]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for string in strings {
        let is_text = |word: &String| word.chars().all(char::is_alphanumeric);
        let chars: Vec<char> = string.chars().collect();
        let pairs = chars.windows(2).map(|pair| pair.iter().collect());
        let several = |word: &String| word.chars().nth(1).is_some();
        words.extend(segmenter.search_words(string).into_iter().filter(several).chain(pairs).filter(is_text));
    }
    words.sort_unstable();
    words.dedup();
    words
}

fn relaxed_candidates(
    snapshot: &Snapshot,
    words: &[String],
    filter: &Filter,
    literal: Vec<Candidate>,
) -> tantivy::Result<Vec<Candidate>> {
    let collection = Collection::of(snapshot);
    let mut scores: Vec<Vec<f32>> = snapshot.segments.iter().map(|s| vec![0.0; s.max_doc() as usize]).collect();
    for word in words {
        let found = find(snapshot, word, collection)?;
        for (i, matches) in found.matches.iter().enumerate() {
            for m in matches {
                scores[i][m.doc as usize] += found.idf * collection.weight(&snapshot.segments[i], *m);
            }
        }
    }
    for hit in literal {
        scores[hit.segment][hit.doc as usize] = 0.0;
    }
    let mut candidates = Vec::new();
    for (i, segment) in snapshot.segments.iter().enumerate() {
        let filter = filter.of_segment(segment)?;
        let scored = scores[i].iter().zip(0..).filter(|(score, doc)| **score > 0.0 && filter.accepts(*doc));
        candidates.extend(scored.map(|(&score, doc)| candidate(segment, i, doc, Tier::Relaxed, score)));
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
    let mut hits = Vec::new();
    let mut per_report = std::collections::HashMap::<(usize, DocId), usize>::new();
    let mut rank = 0;
    for candidate in candidates {
        if hits.len() == options.limit {
            break;
        }
        let segment = &snapshot.segments[candidate.segment];
        let header_doc = segment.header_of(candidate.doc);
        if let Some(most) = options.per_report {
            let count = per_report.entry((candidate.segment, header_doc)).or_default();
            *count += 1;
            if *count > most {
                continue;
            }
        }
        rank += 1;
        if rank <= options.offset {
            continue;
        }
        let tier = Tier::ALL[usize::from(candidate.tier)];
        let passage = segment.passage(candidate.doc)?;
        let header = segment.header(header_doc)?;
        hits.push(Hit {
            rank,
            score: candidate.score,
            tier,
            number: candidate.doc - header_doc,
            section: section_path(&header.sections, passage.section),
            spans: spans(&passage.text, if tier == Tier::Relaxed { words } else { strings }),
            header,
            passage,
        });
    }
    Ok(hits)
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
