//! Two reports set side by side: what was kept, reworded, dropped and added, and what of a plan or of a superior's
//! tasks is spoken of in the other report.
//!
//! Compared are *sentences* (`pieces`): those of running text and the rows of tables, cut also at semicolons and
//! before enumerated items, without their enumerators. Titles, headings, notes, appendices and formulas are left
//! out; headings are compared as sections (`outline`), and may answer tasks. Two questions are answered:
//!
//! - [`Mode::Versions`]: what became of the text. Sentences are matched one to one (`alignment`); what was cut in
//!   two or joined stands in one row. **Every sentence of either report stands in exactly one row.**
//! - [`Mode::PlanReview`] and [`Mode::Superior`]: which sentences speak of a task (`answers`). **Every sentence of
//!   the first report stands in exactly one row**; one of the second may answer several, and has a row of its own
//!   if it answers none.
//!
//! Everything here is pure: reports come as plain data, and how an answer is shown belongs to the faces.

mod alignment;
mod answers;
mod arrangement;
mod context;
mod joining;
mod likeness;
mod matching;
mod order;
mod outline;
mod pieces;
mod row;
mod sections;
mod summary;

use std::ops::Range;

use serde::Serialize;

use crate::model::{Passage, Section};
use crate::text::slots::PlaceNames;
use crate::wording::compare::Change;

use self::pieces::Text;
pub use self::summary::{Amount, Count, Summary};

/// One of the two reports.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Identifier of the report.
    pub report: &'a str,
    /// Its title.
    pub title: &'a str,
    /// The year whose tasks it sets.
    pub year: Option<i32>,
    /// The body that gives it.
    pub issuer: Option<&'a str>,
    /// Its headings.
    pub sections: &'a [Section],
    /// All its passages in reading order.
    pub passages: &'a [Passage],
}

/// The question that is asked of two reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// What became of the text from the first report to the second.
    Versions,
    /// What the second report's review says of the tasks that the first one set.
    PlanReview,
    /// What of the superior's tasks (the first report) the subordinate's report takes over.
    Superior,
}

/// What became of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The other report has the same words; punctuation may differ.
    Kept,
    /// The other report has it in other words.
    Reworded,
    /// The other report speaks of it.
    Found,
    /// The other report touches on a part of it.
    Partial,
    /// The later version no longer has it.
    Dropped,
    /// Nothing in the other report was found to speak of it; which does not say that nothing was done.
    Unseen,
    /// Only the second report has it.
    New,
}

impl State {
    /// The name used in JSON.
    pub fn label(self) -> &'static str {
        match self {
            State::Kept => "kept",
            State::Reworded => "reworded",
            State::Found => "found",
            State::Partial => "partial",
            State::Dropped => "dropped",
            State::Unseen => "unseen",
            State::New => "new",
        }
    }
}

/// What is shown of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Identifier of the report.
    pub report: String,
    /// Its title.
    pub title: String,
    /// The year whose tasks it sets.
    pub year: Option<i32>,
    /// The body that gives it.
    pub issuer: Option<String>,
}

/// A sentence where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Identifier of the report.
    pub report: String,
    /// Number of the passage from 1.
    pub passage: u32,
    /// First character in the passage's text, and one after the last.
    #[serde(flatten)]
    pub chars: Range<usize>,
    /// The sentence without its enumerator.
    pub text: String,
    /// The headings it stands under, outermost first, those that begin a paragraph included.
    pub section: Vec<String>,
}

/// Sentences that stand for each other; in [`Mode::PlanReview`] and [`Mode::Superior`] a task and what speaks of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// What became of it.
    pub state: State,
    /// Whether it stands in another section, or outside the order of its own.
    pub moved: bool,
    /// Number of the pair of sections it is shown under.
    pub section: usize,
    /// Sentences of the first report, in order; several where they were joined.
    pub a: Vec<Place>,
    /// Sentences of the second report; several where one was cut, or where several answer.
    pub b: Vec<Place>,
    /// How alike both wordings are, from 0 to 1, as `wording::compare` measures; for what only answers, the weighed
    /// share of the task's words that the answers have.
    pub similarity: f32,
    /// How the second wording came from the first; empty where nothing differs, or only one side is there.
    #[serde(serialize_with = "row::changes")]
    pub diff: Vec<(Change, String)>,
    /// Values of numbers and names that differ, the first report's and the second's.
    pub values: Vec<(String, String)>,
    /// Expressions that both have, longest first, where the wording as a whole is another.
    pub shared: Vec<String>,
    /// For what is dropped or new: a sentence of the other report that has much of it, though it stands for another.
    pub near: Option<Place>,
}

/// Two sections that stand for each other, or one without a counterpart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SectionPair {
    /// Kept if the headings are the same, years and numbering apart; `None` where sections are not compared.
    pub state: Option<State>,
    /// Whether it left the order of its neighbours.
    pub moved: bool,
    /// How deep it stands in the later report, or in the only one that has it; 0 is outermost.
    pub depth: u32,
    /// The heading in the first report; empty for what stands before any heading.
    pub a: Option<String>,
    /// The heading in the second.
    pub b: Option<String>,
    /// Its rows in figures, those of sections inside it apart.
    pub count: Count,
}

/// Two reports side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The question.
    pub mode: Mode,
    /// The first report.
    pub a: Head,
    /// The second.
    pub b: Head,
    /// Everything in figures.
    pub summary: Summary,
    /// The sections, in the second report's order; those it lacks stand where they stood.
    pub sections: Vec<SectionPair>,
    /// For [`Mode::Versions`] in the second report's order, dropped sentences where they stood; otherwise in the
    /// first report's order, and behind it what only the second has.
    pub rows: Vec<Row>,
}

/// Sets two reports side by side.
pub fn compare(a: &Side, b: &Side, names: &PlaceNames, mode: Mode) -> Comparison {
    let (whole_a, whole_b) = (Text::of(a, &[], names), Text::of(b, &[], names));
    let (sections, rows) = match mode {
        Mode::Versions => alignment::versions(&whole_a, &whole_b, names),
        Mode::PlanReview | Mode::Superior => {
            let tasks = Text::of(a, mode.parts_of_a(), names);
            let speaking = Text::with_headings(b, mode.parts_of_b(), names);
            answers::answers(&tasks, &speaking, [&whole_a, &whole_b], (names, mode))
        }
    };
    let (sections, summary) = summary::summarised(sections, &rows);
    Comparison { mode, a: head(a), b: head(b), summary, sections, rows }
}

fn head(side: &Side) -> Head {
    Head {
        report: side.report.to_owned(),
        title: side.title.to_owned(),
        year: side.year,
        issuer: side.issuer.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests;
