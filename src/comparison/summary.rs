//! A comparison in figures.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Place, Row, SectionPair, State};
use crate::wording::compare::Change;

/// Sentences and characters of some rows, by state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Sentences of the first report.
    pub a: BTreeMap<State, Amount>,
    /// Sentences of the second report; in answers only those that answer nothing.
    pub b: BTreeMap<State, Amount>,
    /// Rows that moved.
    pub moved: usize,
}

/// Sentences and their characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// Sentences.
    pub sentences: usize,
    /// Their characters, punctuation included.
    pub characters: usize,
}

/// A comparison in figures.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Summary {
    /// All rows.
    #[serde(flatten)]
    pub count: Count,
    /// Share of the first report's characters that stand in kept rows, from 0 to 1.
    pub kept_of_a: f32,
    /// Share of the second's.
    pub kept_of_b: f32,
    /// Share of the first report's characters that the second still has in their place: those of kept rows, and what
    /// is kept within reworded ones.
    pub same_of_a: f32,
    /// Share of the second report's characters that come from the first so.
    pub same_of_b: f32,
}

impl Count {
    fn add(&mut self, row: &Row) {
        let is_answer = matches!(row.state, State::Found | State::Partial);
        add(&mut self.a, row.state, &row.a);
        if !is_answer && row.state != State::Unseen {
            add(&mut self.b, row.state, &row.b);
        }
        self.moved += usize::from(row.moved);
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.a.is_empty() && self.b.is_empty()
    }

    /// Sentences and characters of the first report in a state.
    pub fn of_a(&self, state: State) -> Amount {
        self.a.get(&state).copied().unwrap_or_default()
    }

    /// Those of the second report.
    pub fn of_b(&self, state: State) -> Amount {
        self.b.get(&state).copied().unwrap_or_default()
    }

    /// All sentences and characters of the first report.
    pub fn all_of_a(&self) -> Amount {
        total(&self.a)
    }

    /// All of the second.
    pub fn all_of_b(&self) -> Amount {
        total(&self.b)
    }
}

fn total(amounts: &BTreeMap<State, Amount>) -> Amount {
    let add = |sum: Amount, amount: &Amount| Amount {
        sentences: sum.sentences + amount.sentences,
        characters: sum.characters + amount.characters,
    };
    amounts.values().fold(Amount::default(), add)
}

fn add(amounts: &mut BTreeMap<State, Amount>, state: State, places: &[Place]) {
    if !places.is_empty() {
        let amount = amounts.entry(state).or_default();
        amount.sentences += places.len();
        amount.characters += places.iter().map(|place| place.chars.len()).sum::<usize>();
    }
}

/// The sections with their figures, and those of all.
pub fn summarised(mut sections: Vec<SectionPair>, rows: &[Row]) -> (Vec<SectionPair>, Summary) {
    let mut count = Count::default();
    for row in rows {
        count.add(row);
        if let Some(section) = sections.get_mut(row.section) {
            section.count.add(row);
        }
    }
    let share = |part: Amount, of: Amount| part.characters as f32 / of.characters.max(1) as f32;
    let kept_of_a = share(count.of_a(State::Kept), count.all_of_a());
    let kept_of_b = share(count.of_b(State::Kept), count.all_of_b());
    let (same_of_a, same_of_b) = same(rows);
    let of = |same: usize, of: Amount| same as f32 / of.characters.max(1) as f32;
    let (same_of_a, same_of_b) = (of(same_of_a, count.all_of_a()), of(same_of_b, count.all_of_b()));
    (sections, Summary { count, kept_of_a, kept_of_b, same_of_a, same_of_b })
}

/// Characters of either report that stand in rows which both have and are not deleted or inserted there.
fn same(rows: &[Row]) -> (usize, usize) {
    let mut same = (0, 0);
    for row in rows.iter().filter(|row| matches!(row.state, State::Kept | State::Reworded)) {
        let characters = |places: &[Place]| places.iter().map(|place| place.chars.len()).sum::<usize>();
        let changed = |change: Change| {
            let pieces = row.diff.iter().filter(|(of, _)| *of == change);
            pieces.map(|(_, text)| text.chars().count()).sum::<usize>()
        };
        same.0 += characters(&row.a).saturating_sub(changed(Change::Deleted));
        same.1 += characters(&row.b).saturating_sub(changed(Change::Inserted));
    }
    same
}
