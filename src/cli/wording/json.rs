//! The JSON answers of the wording check. Field names are a contract with programs.

use serde::Serialize;
use yinde::search::coverage::Coverage;
use yinde::wording::Match;
use yinde::wording::agreement::{Difference, Disagreement, Said};
use yinde::wording::align::{Aligned, Alignment, State};
use yinde::wording::compare::Change;
use yinde::wording::dropped::Dropped;
use yinde::wording::finding::{Borrowing, Check, Clause, Sentence, Summary};
use yinde::wording::quote::{Quotation, Tolerance};
use yinde::wording::versions::Version;

use crate::cli::asking::Style;

/// The answer of `check`.
#[derive(Serialize)]
pub struct CheckOutput<'a> {
    summary: Summary,
    coverage: &'a Coverage,
    previous: Option<PreviousOutput<'a>>,
    sentences: Vec<SentenceOutput<'a>>,
    runs: Vec<RunOutput<'a>>,
    dropped: Vec<DroppedOutput<'a>>,
    figures: Vec<DisagreementOutput<'a>>,
}

#[derive(Serialize)]
struct PreviousOutput<'a> {
    title: &'a str,
    year: i32,
}

#[derive(Serialize)]
struct DroppedOutput<'a> {
    text: &'a str,
    places: &'a [(usize, usize)],
    region: &'a str,
    years: &'a [i32],
    without: &'a [i32],
    first: MatchOutput<'a>,
    last: MatchOutput<'a>,
}

#[derive(Serialize)]
struct DisagreementOutput<'a> {
    indicator: &'a str,
    year: i32,
    difference: &'static str,
    here: SaidOutput<'a>,
    there: SaidOutput<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum SaidOutput<'a> {
    Draft { text: &'a str, start: usize, end: usize },
    Archive { text: &'a str, report: &'a str, passage: u32, title: &'a str, source: &'a str, span: (usize, usize) },
}

#[derive(Serialize)]
struct SentenceOutput<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    role: &'a str,
    verdict: &'a str,
    similarity: f32,
    marks_differ: bool,
    matches: Vec<MatchOutput<'a>>,
    clauses: Vec<ClauseOutput<'a>>,
    first: Option<MatchOutput<'a>>,
    last: Option<MatchOutput<'a>>,
    years: &'a [i32],
    passages: usize,
    reports: usize,
    previous: Option<MatchOutput<'a>>,
}

#[derive(Serialize)]
struct ClauseOutput<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    verdict: &'a str,
    similarity: f32,
    closest: Option<MatchOutput<'a>>,
}

#[derive(Serialize)]
struct RunOutput<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    characters: usize,
    passages: usize,
    source: MatchOutput<'a>,
}

/// A match as every command of the wording check gives it.
#[derive(Serialize)]
pub struct MatchOutput<'a> {
    report: &'a str,
    passage: u32,
    year: Option<i32>,
    title: &'a str,
    issuer: Option<&'a str>,
    kind: &'a str,
    section: &'a [String],
    source: &'a str,
    text: &'a str,
    span: (usize, usize),
    similarity: f32,
    verbatim: bool,
    marks_differ: bool,
    diff: Vec<(&'static str, &'a str)>,
    values: &'a [(String, String)],
    #[serde(skip_serializing_if = "Option::is_none")]
    piece: Option<(usize, usize)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    citation: Option<String>,
}

impl<'a> CheckOutput<'a> {
    /// The answer.
    pub fn new(check: &'a Check, coverage: &'a Coverage) -> CheckOutput<'a> {
        CheckOutput {
            summary: check.summary,
            coverage,
            previous: check.previous.as_ref().map(|(title, year)| PreviousOutput { title, year: *year }),
            sentences: check.sentences.iter().map(SentenceOutput::of).collect(),
            runs: check.runs.iter().map(RunOutput::of).collect(),
            dropped: check.dropped.iter().map(DroppedOutput::of).collect(),
            figures: check.disagreements.iter().map(DisagreementOutput::of).collect(),
        }
    }
}

impl<'a> DroppedOutput<'a> {
    fn of(dropped: &'a Dropped) -> DroppedOutput<'a> {
        DroppedOutput {
            text: &dropped.text,
            places: &dropped.places,
            region: &dropped.region,
            years: &dropped.years,
            without: &dropped.without,
            first: MatchOutput::of(&dropped.first),
            last: MatchOutput::of(&dropped.last),
        }
    }
}

impl<'a> DisagreementOutput<'a> {
    fn of(disagreement: &'a Disagreement) -> DisagreementOutput<'a> {
        DisagreementOutput {
            indicator: &disagreement.indicator,
            year: disagreement.year,
            difference: match disagreement.difference {
                Difference::Value => "value",
                Difference::Qualifier => "qualifier",
            },
            here: SaidOutput::of(&disagreement.here),
            there: SaidOutput::of(&disagreement.there),
        }
    }
}

impl<'a> SaidOutput<'a> {
    fn of(said: &'a Said) -> SaidOutput<'a> {
        match said {
            Said::Draft { text, start, end } => SaidOutput::Draft { text, start: *start, end: *end },
            Said::Archive { text, header, passage, span } => SaidOutput::Archive {
                text,
                report: &header.id,
                passage: *passage,
                title: &header.metadata.title.value,
                source: &header.source,
                span: *span,
            },
        }
    }
}

/// The answer of `quote`.
#[derive(Serialize)]
pub struct QuoteOutput<'a> {
    text: &'a str,
    verdict: &'static str,
    tolerated: Vec<&'static str>,
    passages: usize,
    reports: usize,
    years: &'a [i32],
    matches: Vec<MatchOutput<'a>>,
    coverage: &'a Coverage,
}

impl<'a> QuoteOutput<'a> {
    /// The answer.
    pub fn new(text: &'a str, quotation: &'a Quotation, cite: Option<Style>) -> QuoteOutput<'a> {
        QuoteOutput {
            text,
            verdict: quotation.verdict.label(),
            tolerated: quotation.tolerated.iter().map(|tolerance| Tolerance::label(*tolerance)).collect(),
            passages: quotation.passages,
            reports: quotation.reports,
            years: &quotation.years,
            matches: quotation.matches.iter().map(|found| MatchOutput::cited(found, cite)).collect(),
            coverage: &quotation.coverage,
        }
    }
}

/// The answer of `similar`.
#[derive(Serialize)]
pub struct ChainOutput<'a> {
    versions: Vec<VersionOutput<'a>>,
}

#[derive(Serialize)]
struct VersionOutput<'a> {
    asked_for: bool,
    #[serde(flatten)]
    passage: MatchOutput<'a>,
}

impl<'a> ChainOutput<'a> {
    /// The answer.
    pub fn new(versions: &'a [Version], cite: Option<Style>) -> ChainOutput<'a> {
        let output = |version: &'a Version| VersionOutput {
            asked_for: version.is_asked_for,
            passage: MatchOutput::cited(&version.passage, cite),
        };
        ChainOutput { versions: versions.iter().map(output).collect() }
    }
}

/// The answer of `align`.
#[derive(Serialize)]
pub struct AlignOutput<'a> {
    superiors: Vec<SuperiorOutput<'a>>,
    summary: AlignSummary,
    formulations: Vec<AlignedOutput<'a>>,
    unsourced: Vec<UnsourcedOutput<'a>>,
}

#[derive(Serialize)]
struct SuperiorOutput<'a> {
    issuer: &'a str,
    title: &'a str,
    year: i32,
}

#[derive(Serialize)]
struct AlignSummary {
    formulations: usize,
    same: usize,
    altered: usize,
    missing: usize,
    unsourced: usize,
}

#[derive(Serialize)]
struct AlignedOutput<'a> {
    text: &'a str,
    state: &'static str,
    similarity: f32,
    reports: usize,
    draft: Option<UnsourcedOutput<'a>>,
    source: MatchOutput<'a>,
}

#[derive(Serialize)]
struct UnsourcedOutput<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

impl<'a> AlignOutput<'a> {
    /// The answer.
    pub fn new(alignment: &'a Alignment) -> AlignOutput<'a> {
        let count = |state: State| alignment.formulations.iter().filter(|aligned| aligned.state == state).count();
        let stretch = |(text, start, end): (&'a str, usize, usize)| UnsourcedOutput { text, start, end };
        let aligned = |aligned: &'a Aligned| AlignedOutput {
            text: &aligned.text,
            state: aligned.state.label(),
            similarity: aligned.similarity,
            reports: aligned.reports,
            draft: aligned.draft.as_ref().map(|(text, start, end)| stretch((text, *start, *end))),
            source: MatchOutput::of(&aligned.source),
        };
        AlignOutput {
            superiors: alignment
                .superiors
                .iter()
                .map(|(issuer, title, year)| SuperiorOutput { issuer, title, year: *year })
                .collect(),
            summary: AlignSummary {
                formulations: alignment.formulations.len(),
                same: count(State::Same),
                altered: count(State::Altered),
                missing: count(State::Missing),
                unsourced: alignment.unsourced.len(),
            },
            formulations: alignment.formulations.iter().map(aligned).collect(),
            unsourced: alignment.unsourced.iter().map(|u| stretch((&u.text, u.start, u.end))).collect(),
        }
    }
}

impl<'a> SentenceOutput<'a> {
    fn of(sentence: &'a Sentence) -> SentenceOutput<'a> {
        SentenceOutput {
            text: &sentence.text,
            start: sentence.start,
            end: sentence.end,
            role: sentence.role.label(),
            verdict: sentence.verdict.label(),
            similarity: sentence.similarity,
            marks_differ: sentence.marks_differ,
            matches: sentence.matches.iter().map(MatchOutput::of).collect(),
            clauses: sentence.clauses.iter().map(ClauseOutput::of).collect(),
            first: sentence.first.as_ref().map(MatchOutput::of),
            last: sentence.last.as_ref().map(MatchOutput::of),
            years: &sentence.years,
            passages: sentence.passages,
            reports: sentence.reports,
            previous: sentence.previous.as_ref().map(MatchOutput::of),
        }
    }
}

impl<'a> ClauseOutput<'a> {
    fn of(clause: &'a Clause) -> ClauseOutput<'a> {
        ClauseOutput {
            text: &clause.text,
            start: clause.start,
            end: clause.end,
            verdict: clause.verdict.label(),
            similarity: clause.similarity,
            closest: clause.closest.as_ref().map(MatchOutput::of),
        }
    }
}

impl<'a> RunOutput<'a> {
    fn of(run: &'a Borrowing) -> RunOutput<'a> {
        RunOutput {
            text: &run.text,
            start: run.start,
            end: run.end,
            characters: run.characters,
            passages: run.passages,
            source: MatchOutput::of(&run.source),
        }
    }
}

impl<'a> MatchOutput<'a> {
    /// The match with its citation, if one is asked for.
    pub fn cited(found: &'a Match, cite: Option<Style>) -> MatchOutput<'a> {
        let citation = cite.map(|style| style.cite(&found.header, &found.section, found.passage));
        MatchOutput { citation, ..MatchOutput::of(found) }
    }

    /// The match.
    pub fn of(found: &'a Match) -> MatchOutput<'a> {
        let metadata = &found.header.metadata;
        let op = |change: Change| match change {
            Change::Kept => "=",
            Change::Deleted => "-",
            Change::Inserted => "+",
        };
        MatchOutput {
            report: &found.header.id,
            passage: found.passage,
            year: metadata.year.as_ref().map(|year| year.value),
            title: &metadata.title.value,
            issuer: metadata.issuer.as_ref().map(|issuer| issuer.value.as_str()),
            kind: metadata.kind.value.label(),
            section: &found.section,
            source: &found.header.source,
            text: &found.text,
            span: found.span,
            similarity: found.similarity,
            verbatim: found.verbatim,
            marks_differ: found.marks_differ,
            diff: found.diff.iter().map(|(change, text)| (op(*change), text.as_str())).collect(),
            values: &found.values,
            piece: found.piece,
            citation: None,
        }
    }
}
