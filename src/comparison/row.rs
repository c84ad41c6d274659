//! One row of a comparison: what two groups of sentences have in common and how they differ.

use serde::{Serialize, Serializer};

use super::pieces::Text;
use super::{Place, Row, State};
use crate::text::slots::PlaceNames;
use crate::wording::compare::{Change, Wording, changed_values, diff, similarity};

/// Sentences of both reports, by their numbers in order, that stand for each other; one side may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Those of the first report.
    pub a: Vec<usize>,
    /// Those of the second.
    pub b: Vec<usize>,
}

impl Group {
    /// Exchanges the reports.
    pub fn swap(&mut self) {
        std::mem::swap(&mut self.a, &mut self.b);
    }
}

/// Marks that end a sentence: which of them does is no change of wording.
const ENDINGS: [char; 8] = ['。', '；', '，', '！', '：', ';', ',', '.'];

impl Row {
    /// A row for sentences that stand for each other as wordings.
    pub(super) fn of(a: &Text, b: &Text, group: &Group, names: &PlaceNames) -> Row {
        let (before, after) = (joined(a, &group.a), joined(b, &group.b));
        let (old, new) = (Wording::of(&before, names), Wording::of(&after, names));
        let similarity = similarity(&old.units, &new.units);
        let is_same = before.trim_end_matches(ENDINGS) == after.trim_end_matches(ENDINGS);
        Row {
            state: if similarity < 1.0 { State::Reworded } else { State::Kept },
            similarity,
            diff: if is_same { Vec::new() } else { diff(&before, &after, names) },
            values: changed_values((&old, 0..old.units.len()), (&new, 0..new.units.len())),
            ..Row::without_answer(a, b, group, State::Kept)
        }
    }

    /// A row for sentences without a counterpart, or whose counterparts are no other wording of them.
    pub(super) fn without_answer(a: &Text, b: &Text, group: &Group, state: State) -> Row {
        Row {
            state,
            moved: false,
            section: 0,
            a: group.a.iter().map(|&piece| a.place(piece)).collect(),
            b: group.b.iter().map(|&piece| b.place(piece)).collect(),
            similarity: 0.0,
            diff: Vec::new(),
            values: Vec::new(),
            shared: Vec::new(),
            near: None,
        }
    }

    /// The words of the first report's sentences, as the diff takes them.
    pub fn before(&self) -> String {
        text(&self.a)
    }

    /// Those of the second's.
    pub fn after(&self) -> String {
        text(&self.b)
    }
}

fn text(places: &[Place]) -> String {
    places.iter().map(|place| place.text.as_str()).collect()
}

fn joined(text: &Text, pieces: &[usize]) -> String {
    pieces.iter().map(|&piece| text.text(piece)).collect()
}

/// Writes a diff as pairs of what became of a stretch and its text.
pub fn changes<S: Serializer>(diff: &[(Change, String)], serializer: S) -> Result<S::Ok, S::Error> {
    let name = |change: &Change| match change {
        Change::Kept => "kept",
        Change::Deleted => "deleted",
        Change::Inserted => "inserted",
    };
    diff.iter().map(|(change, text)| (name(change), text)).collect::<Vec<_>>().serialize(serializer)
}
