//! Search: a query and a snapshot in, counts and ranked hits out.
//!
//! Counts are exact and cover all matches, whatever is printed; what an equivalent wording adds is counted
//! apart. Relaxed hits stand below the others, under their own label and number. `covers`, `literal` and
//! `places` read postings, `passage` and `within` look inside passages, `evaluate` answers the tree, `rank`
//! orders, `collapse` chooses.

pub mod absent;
mod agreement;
mod alignments;
mod chain;
pub mod collapse;
pub mod coverage;
pub mod covers;
pub mod evaluate;
pub mod facets;
pub mod filter;
pub mod groups;
pub mod literal;
pub mod occurrences;
pub mod pairs;
pub mod parallel;
pub mod passage;
mod pivot;
pub mod places;
pub mod rank;
pub mod relaxed;
pub mod snippet;
pub mod spans;
#[cfg(test)]
mod testing;
pub mod within;
pub mod words;

use std::time::{Duration, Instant};

use self::absent::Absence;
use self::collapse::Chosen;
use self::evaluate::{Evaluation, Found};
use self::facets::Facets;
use self::literal::Match;
use self::rank::{Candidate, Sort};
use crate::error::Error;
use crate::index::headers::OfReport;
use crate::index::reader::Snapshot;
use crate::index::record::Header;
use crate::model::{Passage, section_path};
use crate::query::{Class, Field, Node, Query, Text};

/// How a search is done.
#[derive(Debug, Clone)]
pub struct Options {
    /// Hits to return.
    pub limit: usize,
    /// Hits to skip first.
    pub offset: usize,
    /// What every passage has to be, beside what the query says.
    pub filter: Vec<Field>,
    /// Order of hits.
    pub sort: Sort,
    /// Most hits of one report, if limited; counts are not affected.
    pub per_report: Option<usize>,
    /// Whether near-duplicates stand behind the best of them, unless `per_report` is set; counts are not
    /// affected.
    pub collapse: bool,
    /// When passages that hold words of the query follow.
    pub relaxed: Relaxed,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            limit: 10,
            offset: 0,
            filter: Vec::new(),
            sort: Sort::default(),
            per_report: None,
            collapse: true,
            relaxed: Relaxed::WhenFew,
        }
    }
}

impl Options {
    /// Whether near-duplicates are collapsed: who asks for so many of each report wants to see every report.
    pub fn collapses(&self) -> bool {
        self.collapse && self.per_report.is_none()
    }
}

/// When a search looks further than for what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relaxed {
    /// Never.
    Never,
    /// When there are fewer hits than asked for.
    WhenFew,
    /// Always.
    Always,
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
    /// The near-duplicates behind it, where they are collapsed.
    pub similar: Option<Similar>,
    /// The copies of its report.
    pub copies: Vec<Header>,
}

/// A hit with its near-duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    /// How many passages they are, the hit among them.
    pub count: u64,
    /// Earliest year among them, if one is known.
    pub first: Option<i64>,
    /// Latest year.
    pub last: Option<i64>,
    /// The others: report, number of the passage, year; by year.
    pub others: Vec<(String, u32, Option<i64>)>,
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
    /// What matches without equivalent wordings.
    pub literal: Count,
    /// What equivalent wordings are found, and how often, in the passages that match.
    pub widened: Vec<Widened>,
    /// What each part of the query that is looked up finds by itself, literally, in the order typed.
    pub parts: Vec<Count>,
    /// Matching passages by property.
    pub facets: Facets,
    /// Passages found by relaxed search alone; `None` if it was not made.
    pub relaxed: Option<u64>,
    /// Hits from `offset` on, best first.
    pub hits: Vec<Hit>,
    /// Why there is nothing, if there is nothing and hits were asked for.
    pub absence: Option<Absence>,
    /// Time taken.
    pub elapsed: Duration,
}

/// Passages and occurrences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// Passages that match.
    pub passages: u64,
    /// Occurrences in them.
    pub occurrences: u64,
}

impl Count {
    fn add(&mut self, occurrences: u32) {
        self.passages += 1;
        self.occurrences += u64::from(occurrences);
    }
}

/// An equivalent wording that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Widened {
    /// Why it counts.
    pub class: Class,
    /// The stretch of the query that is worded otherwise.
    pub from: String,
    /// How.
    pub to: String,
    /// How often, in the passages that match.
    pub count: Count,
}

/// Searches an index.
///
/// # Errors
/// If the index is damaged.
pub fn search(snapshot: &Snapshot, query: &Query, options: &Options) -> Result<Outcome, Error> {
    let start = Instant::now();
    let mut outcome = match &query.root {
        Some(root) => run(snapshot, root, options).map_err(|source| snapshot.failure(source))?,
        None => Outcome::default(),
    };
    outcome.elapsed = start.elapsed();
    Ok(outcome)
}

fn run(snapshot: &Snapshot, root: &Node, options: &Options) -> tantivy::Result<Outcome> {
    let mut outcome = Outcome::default();
    let evaluation = Evaluation::new(snapshot, root, options.limit > 0)?;
    let mut candidates = matching(snapshot, &evaluation, options, &mut outcome)?;
    outcome.parts = evaluation.parts().map(|(_, matches)| total(matches)).collect();
    outcome.facets = Facets::of(snapshot, &candidates)?;
    let wanted = if options.limit == 0 { 0 } else { options.offset.saturating_add(options.limit) };
    let mut chosen = collapse::choose(snapshot, &candidates, options, wanted)?;
    let mut strings = Vec::new();
    root.collect_strings(&mut strings);
    let further = match options.relaxed {
        Relaxed::Never => false,
        Relaxed::WhenFew => chosen.len() < wanted,
        Relaxed::Always => true,
    };
    let mut features = Vec::new();
    let mut filter = options.filter.clone();
    root.collect_fields(&mut filter);
    if further && !strings.is_empty() {
        features = relaxed::features(snapshot, &strings)?;
        let others = relaxed::search(snapshot, &features, &filter, &mut candidates, &evaluation, wanted)?;
        outcome.relaxed = Some(others.passages);
        chosen = collapse::choose(snapshot, &candidates, options, wanted)?;
        let shown = relaxed_shown(snapshot, &chosen, &others.candidates, options, wanted - chosen.len())?;
        chosen.extend(shown);
    }
    let marked = features.into_iter().map(|feature| feature.text).filter(|text| text.chars().nth(1).is_some());
    let relaxed_node = Node::Any(marked.map(word_node).collect());
    outcome.hits = read_hits(snapshot, chosen, root, &relaxed_node, options)?;
    if outcome.passages == 0 && wanted > 0 {
        outcome.absence = Some(absent::explain(snapshot, &strings, &filter)?);
    }
    Ok(outcome)
}

fn word_node(form: String) -> Node {
    Node::Text(Text { form, verbatim: None, equivalents: Vec::new() })
}

/// The matching passages that pass the filter, segment by segment, and their totals.
fn matching(
    snapshot: &Snapshot,
    evaluation: &Evaluation,
    options: &Options,
    outcome: &mut Outcome,
) -> tantivy::Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    let mut widened: Vec<Widened> = evaluation
        .equivalents()
        .map(|(equivalent, _)| Widened {
            class: equivalent.class,
            from: equivalent.from.clone(),
            to: equivalent.to.clone(),
            count: Count::default(),
        })
        .collect();
    let is_widened = evaluation.equivalents().any(|(_, matches)| matches.iter().any(|matches| !matches.is_empty()));
    for (i, segment) in snapshot.segments.iter().enumerate() {
        let predicates = filter::predicates(&options.filter, segment)?;
        let passes = |found: &Found| predicates.iter().all(|predicate| predicate.accepts(found.doc));
        let mut found = evaluation.in_segment(i, false)?;
        if !predicates.is_empty() {
            found.retain(passes);
        }
        outcome.passages += found.len() as u64;
        outcome.occurrences += found.iter().map(|found| u64::from(found.occurrences)).sum::<u64>();
        outcome.whole += found.iter().map(|found| u64::from(found.whole)).sum::<u64>();
        candidates.reserve(found.len());
        let mut in_order = segment.reports_in_order();
        let mut rest = found.as_slice();
        while let Some(OfReport { header, documents, .. }) = in_order.split(&mut rest, |found| found.doc) {
            outcome.reports += 1;
            let year = segment.year_of_report(header);
            candidates.extend(documents.iter().map(|found| {
                let tier = if found.is_whole { Tier::Whole } else { Tier::Cross };
                Candidate { segment: i as u32, doc: found.doc, tier: tier as u8, score: found.score, year }
            }));
        }
        if is_widened {
            let literal = evaluation.in_segment(i, true)?;
            literal.iter().filter(|found| passes(found)).for_each(|found| outcome.literal.add(found.occurrences));
            for (widened, (_, matches)) in widened.iter_mut().zip(evaluation.equivalents()) {
                let is_found = |m: &&Match| found.binary_search_by_key(&m.doc, |found| found.doc).is_ok();
                matches[i].iter().filter(is_found).for_each(|m| widened.count.add(m.occurrences));
            }
        }
    }
    if !is_widened {
        outcome.literal = Count { passages: outcome.passages, occurrences: outcome.occurrences };
    }
    widened.retain(|widened| widened.count.passages > 0);
    outcome.widened = widened;
    Ok(candidates)
}

fn total(matches: &[Vec<Match>]) -> Count {
    let mut count = Count::default();
    matches.iter().flatten().for_each(|m| count.add(m.occurrences));
    count
}

/// The relaxed candidates that are shown below those chosen already, whose reports count as shown.
fn relaxed_shown(
    snapshot: &Snapshot,
    above: &[Chosen],
    others: &[Candidate],
    options: &Options,
    wanted: usize,
) -> tantivy::Result<Vec<Chosen>> {
    let Some(most) = options.per_report else { return collapse::choose(snapshot, others, options, wanted) };
    let header = |c: &Candidate| (c.segment, c.segment(snapshot).header_of(c.doc));
    let mut shown = collapse::choose(snapshot, others, options, wanted + above.len())?;
    let mut of_report = std::collections::HashMap::new();
    for chosen in above {
        *of_report.entry(header(&chosen.candidate)).or_insert(0) += 1;
    }
    shown.retain(|chosen| {
        let count = of_report.entry(header(&chosen.candidate)).or_insert(0);
        *count += 1;
        *count <= most
    });
    shown.truncate(wanted);
    Ok(shown)
}

fn read_hits(
    snapshot: &Snapshot,
    chosen: Vec<Chosen>,
    root: &Node,
    relaxed: &Node,
    options: &Options,
) -> tantivy::Result<Vec<Hit>> {
    let shown = chosen.into_iter().enumerate().skip(options.offset).take(options.limit);
    let read = |(place, Chosen { candidate, behind }): (usize, Chosen)| {
        let segment = candidate.segment(snapshot);
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
            spans: spans::spans(&passage.text, if tier == Tier::Relaxed { relaxed } else { root }),
            similar: if options.collapses() { Some(similar(snapshot, candidate, behind)?) } else { None },
            copies: snapshot.copies_of(segment, header_doc)?,
            header,
            passage,
        })
    };
    shown.map(read).collect()
}

fn similar(snapshot: &Snapshot, hit: Candidate, behind: Vec<Candidate>) -> tantivy::Result<Similar> {
    let years = || behind.iter().chain([&hit]).filter_map(|candidate| candidate.year.map(i64::from));
    let mut others = Vec::with_capacity(behind.len());
    for candidate in &behind {
        let segment = candidate.segment(snapshot);
        let number = candidate.doc - segment.header_of(candidate.doc);
        others.push((segment.report_of(candidate.doc)?, number, candidate.year.map(i64::from)));
    }
    others.sort_by(|a, b| (a.2, &a.0, a.1).cmp(&(b.2, &b.0, b.1)));
    Ok(Similar { count: behind.len() as u64 + 1, first: years().min(), last: years().max(), others })
}
