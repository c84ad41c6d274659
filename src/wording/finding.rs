//! What a check finds, as plain data.

use super::Match;
use super::agreement::Disagreement;
use super::dropped::Dropped;
use crate::model::Role;

/// What a sentence or clause is beside the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Said before, character for character of the matching form.
    Verbatim,
    /// The same sentence with changes.
    Near,
    /// Put together from several sources.
    Composed,
    /// Not in the archive.
    New,
    /// A formula.
    Formula,
}

impl Verdict {
    /// The name used in output.
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Verbatim => "verbatim",
            Verdict::Near => "near",
            Verdict::Composed => "composed",
            Verdict::New => "new",
            Verdict::Formula => "formula",
        }
    }
}

/// Sentences by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// All.
    pub sentences: usize,
    /// Said before.
    pub verbatim: usize,
    /// Said before with changes.
    pub near: usize,
    /// Put together.
    pub composed: usize,
    /// Not in the archive.
    pub new: usize,
    /// Formulas.
    pub formula: usize,
}

impl Summary {
    /// Counts sentences.
    pub fn of(sentences: &[Sentence]) -> Summary {
        let count = |verdict: Verdict| sentences.iter().filter(|sentence| sentence.verdict == verdict).count();
        Summary {
            sentences: sentences.len(),
            verbatim: count(Verdict::Verbatim),
            near: count(Verdict::Near),
            composed: count(Verdict::Composed),
            new: count(Verdict::New),
            formula: count(Verdict::Formula),
        }
    }
}

/// A sentence of the draft with what was found for it.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// Its text.
    pub text: String,
    /// The draft's passage it stands in, from 0.
    pub passage: usize,
    /// What that passage is.
    pub role: Role,
    /// Characters of the extracted draft.
    pub start: usize,
    /// One after the last.
    pub end: usize,
    /// What it is.
    pub verdict: Verdict,
    /// Similarity of the closest wording; for a composed sentence the share that its pieces make up.
    pub similarity: f32,
    /// Whether it is verbatim but no source has its quotes and punctuation.
    pub marks_differ: bool,
    /// Sources, in order.
    pub matches: Vec<Match>,
    /// Its clauses, where it is neither verbatim nor a formula and has several.
    pub clauses: Vec<Clause>,
    /// The oldest source whose year is known, if it is verbatim or near.
    pub first: Option<Match>,
    /// The newest.
    pub last: Option<Match>,
    /// The years of such sources.
    pub years: Vec<i32>,
    /// How many passages hold it, or come near.
    pub passages: usize,
    /// In how many reports.
    pub reports: usize,
    /// The same issuer's last wording before.
    pub previous: Option<Match>,
}

/// A clause with what comes closest.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Its text.
    pub text: String,
    /// Characters of the extracted draft.
    pub start: usize,
    /// One after the last.
    pub end: usize,
    /// Verbatim, near or new.
    pub verdict: Verdict,
    /// Similarity of the closest wording.
    pub similarity: f32,
    /// The closest wording.
    pub closest: Option<Match>,
}

/// A run of the draft that stands in the archive.
#[derive(Debug, Clone)]
pub struct Borrowing {
    /// Its text.
    pub text: String,
    /// Characters of the extracted draft.
    pub start: usize,
    /// One after the last.
    pub end: usize,
    /// Length in characters of the matching form.
    pub characters: usize,
    /// How many passages hold it.
    pub passages: usize,
    /// The first of its sources, in the order asked for.
    pub source: Match,
}

/// What a check found.
#[derive(Debug, Clone)]
pub struct Check {
    /// Sentences by verdict.
    pub summary: Summary,
    /// The sentences in order.
    pub sentences: Vec<Sentence>,
    /// The runs in order.
    pub runs: Vec<Borrowing>,
    /// Expressions that superior series dropped, in order.
    pub dropped: Vec<Dropped>,
    /// Figures that do not agree.
    pub disagreements: Vec<Disagreement>,
    /// Title and year of the same issuer's last report, if there is one.
    pub previous: Option<(String, i32)>,
}
