//! The JSON answer to one query. Field names are a contract with programs.

use serde::Serialize;
use yinde::query::Query;
use yinde::search::absent::Absence;
use yinde::search::facets::Facets;
use yinde::search::{Count, Hit, Outcome};
use yinde::usage::methods::Methods;

use super::explain;
use crate::cli::asking::Style;

#[derive(Serialize)]
pub struct Output<'a> {
    query: &'a str,
    matching: Matching<'a>,
    parsed: serde_json::Value,
    passages: u64,
    occurrences: u64,
    reports: u64,
    tiers: Tiers,
    literal: Count,
    widened: Vec<WidenedOutput<'a>>,
    facets: &'a Facets,
    #[serde(skip_serializing_if = "Option::is_none")]
    relaxed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    absence: Option<&'a Absence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<&'a Methods>,
    elapsed_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    hits: Option<Vec<HitOutput<'a>>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Matching<'a> {
    One(&'a str),
    More(Vec<&'a str>),
}

#[derive(Serialize)]
struct Tiers {
    whole: u64,
    cross: u64,
}

#[derive(Serialize)]
struct WidenedOutput<'a> {
    class: &'a str,
    from: &'a str,
    to: &'a str,
    #[serde(flatten)]
    count: Count,
}

#[derive(Serialize)]
struct HitOutput<'a> {
    rank: usize,
    score: f32,
    tier: &'a str,
    report: &'a str,
    passage: u32,
    title: &'a str,
    year: Option<i32>,
    kind: &'a str,
    issuer: Option<&'a str>,
    region: Option<&'a str>,
    part: &'a str,
    section: &'a [String],
    source: &'a str,
    text: &'a str,
    spans: &'a [(usize, usize)],
    #[serde(skip_serializing_if = "Option::is_none")]
    similar: Option<SimilarOutput<'a>>,
    copies: Vec<CopyOutput<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    citation: Option<String>,
}

/// A copy of a hit's report.
#[derive(Serialize)]
struct CopyOutput<'a> {
    report: &'a str,
    source: &'a str,
}

#[derive(Serialize)]
struct SimilarOutput<'a> {
    count: u64,
    first: Option<i64>,
    last: Option<i64>,
    others: Vec<OtherOutput<'a>>,
}

#[derive(Serialize)]
struct OtherOutput<'a> {
    report: &'a str,
    passage: u32,
    year: Option<i64>,
}

impl<'a> Output<'a> {
    /// The answer, its hits cited if asked for; `count` leaves them out.
    pub fn new(
        query: &'a Query,
        outcome: &'a Outcome,
        count: bool,
        cite: Option<Style>,
        methods: Option<&'a Methods>,
    ) -> Output<'a> {
        let strings = query.strings();
        Output {
            query: &query.text,
            matching: match strings.as_slice() {
                [] => Matching::One(""),
                [one] => Matching::One(one),
                _ => Matching::More(strings),
            },
            parsed: explain::parsed(query, outcome),
            passages: outcome.passages,
            occurrences: outcome.occurrences,
            reports: outcome.reports,
            tiers: Tiers { whole: outcome.whole, cross: outcome.occurrences - outcome.whole },
            literal: outcome.literal,
            widened: outcome
                .widened
                .iter()
                .map(|w| WidenedOutput { class: w.class.label(), from: &w.from, to: &w.to, count: w.count })
                .collect(),
            facets: &outcome.facets,
            relaxed: outcome.relaxed,
            absence: outcome.absence.as_ref(),
            methods,
            elapsed_ms: outcome.elapsed.as_secs_f64() * 1e3,
            hits: (!count).then(|| outcome.hits.iter().map(|hit| HitOutput::of(hit, cite)).collect()),
        }
    }
}

impl<'a> HitOutput<'a> {
    fn of(hit: &'a Hit, cite: Option<Style>) -> HitOutput<'a> {
        let metadata = &hit.header.metadata;
        HitOutput {
            rank: hit.rank,
            score: hit.score,
            tier: hit.tier.label(),
            report: &hit.header.id,
            passage: hit.number,
            title: &metadata.title.value,
            year: metadata.year.as_ref().map(|year| year.value),
            kind: metadata.kind.value.label(),
            issuer: metadata.issuer.as_ref().map(|issuer| issuer.value.as_str()),
            region: metadata.region.as_ref().map(|region| region.value.as_str()),
            part: hit.passage.part.label(),
            section: &hit.section,
            source: &hit.header.source,
            text: &hit.passage.text,
            spans: &hit.spans,
            similar: hit.similar.as_ref().map(|similar| SimilarOutput {
                count: similar.count,
                first: similar.first,
                last: similar.last,
                others: similar
                    .others
                    .iter()
                    .map(|(report, passage, year)| OtherOutput { report, passage: *passage, year: *year })
                    .collect(),
            }),
            copies: hit.copies.iter().map(|copy| CopyOutput { report: &copy.id, source: &copy.source }).collect(),
            citation: cite.map(|style| style.cite(&hit.header, &hit.section, hit.number)),
        }
    }
}
