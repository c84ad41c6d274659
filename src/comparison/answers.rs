//! [`Mode::PlanReview`] and [`Mode::Superior`]: which sentences of one report speak of another's tasks.
//!
//! A sentence *speaks of* a task if both have a run of words that is rare enough ([`ANCHOR`]), wherever it stands
//! and whatever the tense and the figures. Those that add most of the task's words are its answers. What is found is
//! wording: that nothing is found never says that nothing was done, and what is found does not prove that it was.

use super::likeness::{Edge, Likeness, Pairs};
use super::pieces::Text;
use super::row::Group;
use super::sections::apart;
use super::{Mode, Row, SectionPair, State};
use crate::text::slots::PlaceNames;

/// What a run in common must weigh to tell what a sentence speaks of, in pairs that both have but once, and the share
/// of the clause's words, weighed, that the sentence must have then.
const ANCHOR: (f32, f32) = (0.9, 0.25);

/// The same for a run that tells it nearly by itself.
const TELLING: (f32, f32) = (1.75, 0.1);

/// The same for all that both have in common, and the share of all the task's words.
const SCATTERED: (f32, f32) = (2.3, 0.2);

/// Least share of all the task's words, for a review: it sums up, and may touch upon a long task with one expression.
const REVIEWED: f32 = 0.05;

/// The same for a subordinate's tasks, which are as long and share expressions that are everybody's.
const SHARED_OUT: f32 = 0.1;

/// Share of a clause's words that answers have which speak of it.
const SPOKEN_OF: f32 = 0.35;

/// Share of a task's words in clauses that are spoken of, from which on it is found and not only touched upon.
const FOUND: f32 = 0.5;

/// Share that a further answer must add.
const ADDED: f32 = 0.12;

/// Most answers to a task.
const MOST: usize = 3;

/// Likeness of wordings from which on a superior's sentence is taken over with changes, and the share of its words in
/// one sentence from which on it is.
const TAKEN_OVER: (f32, f32) = (0.55, 0.7);

/// Most expressions in common that are shown.
const SHARED: usize = 4;

/// The sections and rows of a comparison of tasks and answers.
pub fn answers(
    a: &Text,
    b: &Text,
    whole: [&Text; 2],
    (names, mode): (&PlaceNames, Mode),
) -> (Vec<SectionPair>, Vec<Row>) {
    let likeness = Likeness::of(a, b, whole);
    let mut of_task: Vec<Vec<Edge>> = vec![Vec::new(); a.pieces.len()];
    let mut answers_something = vec![false; b.pieces.len()];
    for edge in likeness.edges(|edge| edge.common >= ANCHOR.0 || edge.score >= 1.0) {
        let least = if mode == Mode::PlanReview { REVIEWED } else { SHARED_OUT };
        if edge.common >= least * likeness.a[edge.a].weight && speaks_of(&likeness, a, &edge) {
            answers_something[edge.b] = true;
            of_task[edge.a].push(edge);
        }
    }
    let (sections, section_of_a, section_of_b) = apart(a, b);
    let mut rows: Vec<Row> = Vec::with_capacity(a.pieces.len());
    for (task, edges) in of_task.iter().enumerate() {
        let mut row = answer(a, b, &likeness, task, edges, (names, mode));
        row.section = section_of_a[a.pieces[task].section];
        rows.push(row);
    }
    for piece in (0..b.pieces.len()).filter(|&piece| !answers_something[piece] && !b.is_heading(piece)) {
        let group = Group { a: Vec::new(), b: vec![piece] };
        let section = section_of_b[b.pieces[piece].section];
        rows.push(Row { section, ..Row::without_answer(a, b, &group, State::New) });
    }
    (sections, rows)
}

/// Whether a sentence speaks of a task.
fn speaks_of(likeness: &Likeness, a: &Text, edge: &Edge) -> bool {
    let is_enough = |(weight, share): (f32, f32), least: (f32, f32)| weight >= least.0 && share >= least.1;
    if edge.score >= 1.0 {
        return true;
    }
    let runs = likeness.runs(edge.a, edge.b);
    let speaks_of_clause = a.clauses(edge.a).into_iter().any(|clause| {
        // A run that goes on over a mark belongs where it begins.
        let heaviest = runs.iter().filter(|run| clause.contains(&run.start)).map(|run| run.weight);
        let found = (heaviest.fold(0.0, f32::max), likeness.share(edge.a, &clause, &[edge.b]));
        is_enough(found, ANCHOR) || is_enough(found, TELLING)
    });
    speaks_of_clause || is_enough((edge.common, edge.common / likeness.a[edge.a].weight), SCATTERED)
}

/// The row of a task.
fn answer(
    a: &Text,
    b: &Text,
    likeness: &Likeness,
    task: usize,
    edges: &[Edge],
    (names, mode): (&PlaceNames, Mode),
) -> Row {
    let (chosen, share) = chosen(likeness, task, edges);
    let Some(&first) = chosen.first() else {
        return Row::without_answer(a, b, &Group { a: vec![task], b: Vec::new() }, State::Unseen);
    };
    if mode == Mode::Superior {
        let wording = Row::of(a, b, &Group { a: vec![task], b: vec![first] }, names);
        let is_number = |value: &(String, String)| value.0.chars().any(|c| c.is_ascii_digit());
        // 全国 and 全省, 国务院 and 省政府 stand for each other.
        let is_same = a.symbols(task) == b.symbols(first) && !wording.values.iter().any(is_number);
        let share = likeness.share(task, &(0..a.units(task).len()), &[first]);
        if is_same || wording.similarity >= TAKEN_OVER.0 || share >= TAKEN_OVER.1 {
            return Row { state: if is_same { State::Kept } else { State::Reworded }, ..wording };
        }
    }
    let spoken_of = a.clauses(task).into_iter().filter(|clause| likeness.share(task, clause, &chosen) >= SPOKEN_OF);
    let spoken_of: f32 = spoken_of.map(|clause| likeness.weight(task, &clause)).sum();
    let is_found = spoken_of >= FOUND * likeness.weight(task, &(0..a.units(task).len()));
    let state = if is_found && mode == Mode::PlanReview { State::Found } else { State::Partial };
    let group = Group { a: vec![task], b: chosen };
    Row { similarity: share, shared: shared(a, likeness, task, &group.b), ..Row::without_answer(a, b, &group, state) }
}

/// The sentences that have most of a task's words between them, best first, and the share of the words they have.
fn chosen(likeness: &Likeness, task: usize, edges: &[Edge]) -> (Vec<usize>, f32) {
    let words = &likeness.a[task];
    let mut chosen: Vec<usize> = Vec::new();
    let mut share = 0.0;
    while chosen.len() < MOST {
        let taken: Vec<&Pairs> = chosen.iter().map(|&piece| &likeness.b[piece]).collect();
        let gain = |edge: &Edge| likeness.common_without(words, &[&likeness.b[edge.b]], &taken) / words.weight;
        let gains = edges.iter().filter(|edge| !chosen.contains(&edge.b)).map(|edge| (gain(edge), edge));
        // Of those that add the same the one that says least beside it.
        let best = gains.max_by(|x, y| x.0.total_cmp(&y.0).then(x.1.score.total_cmp(&y.1.score)));
        match best {
            Some((gain, edge)) if chosen.is_empty() || gain >= ADDED => {
                chosen.push(edge.b);
                share += gain;
            }
            _ => break,
        }
    }
    (chosen, share.min(1.0))
}

/// The expressions that a task and its answers have in common, in the task's words, heaviest first.
fn shared(a: &Text, likeness: &Likeness, task: usize, answers: &[usize]) -> Vec<String> {
    let mut runs: Vec<_> = answers.iter().flat_map(|&answer| likeness.runs(task, answer)).collect();
    runs.sort_by(|x, y| y.weight.total_cmp(&x.weight));
    let mut shared: Vec<String> = Vec::new();
    for run in runs.into_iter().filter(|run| run.weight >= ANCHOR.0 / 2.0) {
        let expression = a.text_of_units(task, run.start..run.start + run.length);
        if !shared.iter().any(|other| other.contains(&expression)) {
            shared.push(expression);
        }
    }
    shared.truncate(SHARED);
    shared
}
