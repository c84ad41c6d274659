//! How alike two wordings are, and how they differ.
//!
//! Compared are *units*: the characters of the matching form without its marks, each slot (number, year,
//! place, body) being one unit. Hence the measure does not change with punctuation, quotes, width or
//! traditional characters.
//!
//! **Similarity** of two wordings of `m` and `n` units is `2·k / (m + n)`, where `k` counts the units they
//! have in common: those of a longest common subsequence, a slot with another value counting a half, and
//! those of blocks of at least [`BLOCK`] units that stand in both, moved to another place, nine tenths. 1 means
//! that one is the other, marks apart; 0.9 that one unit in ten differs, or that all has been moved. Symmetric:
//! it is the larger of what comparing either way gives.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::text::fold::{Folded, MARK, fold};
use crate::text::slots::{PlaceNames, SlotKind, slots};

/// Similarity from which on a wording is the same with changes.
pub const NEAR: f32 = 0.75;

/// Least length, in units, of a moved block.
pub const BLOCK: usize = 4;

/// What a slot with another value counts.
const CHANGED_SLOT: f32 = 0.5;

/// What a unit of a moved block counts.
const MOVED: f32 = 0.9;

/// One unit of a wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// The character, or a number beyond all characters for each kind of slot.
    pub symbol: u32,
    /// Tells the values of slots apart; 0 for a character.
    value: u64,
    /// First character of the matching form.
    pub start: u32,
    /// One after the last.
    pub end: u32,
}

/// Symbols from here on are slots.
const SLOTS: u32 = char::MAX as u32 + 1;

impl Unit {
    /// Whether the unit is a slot.
    pub fn is_slot(self) -> bool {
        self.symbol >= SLOTS
    }
}

/// A text made ready for comparing.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    /// Its matching form.
    pub folded: Folded,
    /// The form's units.
    pub units: Vec<Unit>,
}

impl Wording {
    /// The wording of a text.
    pub fn of(text: &str, places: &PlaceNames) -> Wording {
        let folded = fold(text);
        let mut units = Vec::with_capacity(folded.chars.len());
        let mut found = slots(&folded.chars, places).into_iter().peekable();
        let mut at = 0;
        while let Some(&c) = folded.chars.get(at) {
            let start = at as u32;
            if let Some(slot) = found.next_if(|slot| slot.start == at) {
                let mut hasher = DefaultHasher::new();
                folded.chars[slot.start..slot.end].hash(&mut hasher);
                at = slot.end;
                units.push(Unit {
                    symbol: SLOTS + slot.kind as u32,
                    value: hasher.finish(),
                    start,
                    end: slot.end as u32,
                });
            } else {
                at += 1;
                if c != MARK {
                    units.push(Unit { symbol: u32::from(c), value: 0, start, end: at as u32 });
                }
            }
        }
        Wording { folded, units }
    }

    /// The units that lie in a range of characters of the original text.
    pub fn units_in(&self, start: usize, end: usize) -> Range<usize> {
        let (from, to) = self.folded.range_of(start, end);
        let first = self.units.partition_point(|unit| (unit.start as usize) < from);
        let last = self.units.partition_point(|unit| (unit.start as usize) < to);
        first..last.max(first)
    }

    /// The characters of the original text that units stand for; `None` for no units.
    pub fn origin(&self, units: Range<usize>) -> Option<(usize, usize)> {
        let units = self.units.get(units)?;
        let (first, last) = (units.first()?, units.last()?);
        Some(self.folded.origin_of(first.start as usize, (last.end - first.start) as usize))
    }
}

/// How alike two wordings are, from 0 to 1; see the module's words.
pub fn similarity(a: &[Unit], b: &[Unit]) -> f32 {
    if a.is_empty() || b.is_empty() {
        return if a.len() == b.len() { 1.0 } else { 0.0 };
    }
    // Which units a longest common subsequence leaves over may differ by direction.
    let (mut common, is_certain) = in_common(a, b);
    if !is_certain {
        common = common.max(in_common(b, a).0);
    }
    (2.0 * common / (a.len() + b.len()) as f32).min(1.0)
}

/// What two wordings have in common, in units, and whether the other direction gives the same.
fn in_common(a: &[Unit], b: &[Unit]) -> (f32, bool) {
    let symbols = |units: &[Unit]| units.iter().map(|unit| unit.symbol).collect::<Vec<_>>();
    let (of_a, of_b) = (symbols(a), symbols(b));
    let mut common = 0.0;
    let mut deleted: Vec<&[u32]> = Vec::new();
    let mut inserted: Vec<&[u32]> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &of_a, &of_b) {
        let (_, old, new) = op.as_tag_tuple();
        if let DiffOp::Equal { .. } = op {
            for (a, b) in a[old].iter().zip(&b[new]) {
                common += if a.value == b.value { 1.0 } else { CHANGED_SLOT };
            }
        } else {
            deleted.push(&of_a[old]);
            inserted.push(&of_b[new]);
        }
    }
    let is_short = |runs: &[&[u32]]| runs.iter().all(|run| run.len() < BLOCK);
    let has_slots = a.iter().chain(b).any(|unit| unit.is_slot());
    let is_certain = !has_slots && (is_short(&deleted) || is_short(&inserted));
    (common + MOVED * moved(deleted, inserted) as f32, is_certain)
}

/// Units of blocks that stand in both lists, each taken once, longer ones first.
fn moved<'a>(mut deleted: Vec<&'a [u32]>, mut inserted: Vec<&'a [u32]>) -> usize {
    let mut total = 0;
    loop {
        deleted.retain(|run| run.len() >= BLOCK);
        inserted.retain(|run| run.len() >= BLOCK);
        let mut best = (0, 0, 0, 0, 0);
        for (i, old) in deleted.iter().enumerate() {
            for (j, new) in inserted.iter().enumerate() {
                let (length, from, to) = longest_block(old, new);
                if length > best.0 {
                    best = (length, i, from, j, to);
                }
            }
        }
        let (length, i, from, j, to) = best;
        if length < BLOCK {
            return total;
        }
        total += length;
        for (runs, place, at) in [(&mut deleted, i, from), (&mut inserted, j, to)] {
            let run = runs.swap_remove(place);
            runs.push(&run[..at]);
            runs.push(&run[at + length..]);
        }
    }
}

/// The longest block of both runs: its length and where it begins in either.
fn longest_block(a: &[u32], b: &[u32]) -> (usize, usize, usize) {
    let mut best = (0, 0, 0);
    let mut lengths = vec![0; b.len() + 1];
    for (i, symbol) in a.iter().enumerate() {
        // From the right, so that the row before is still there.
        for j in (0..b.len()).rev() {
            lengths[j + 1] = if b[j] == *symbol { lengths[j] + 1 } else { 0 };
            if lengths[j + 1] > best.0 {
                best = (lengths[j + 1], i + 1 - lengths[j + 1], j + 1 - lengths[j + 1]);
            }
        }
    }
    best
}

/// The values that slots of the same kind have in two wordings, where they stand for each other and differ.
pub fn changed_values(before: (&Wording, Range<usize>), after: (&Wording, Range<usize>)) -> Vec<(String, String)> {
    let (old, new) = (&before.0.units[before.1], &after.0.units[after.1]);
    let symbols = |units: &[Unit]| units.iter().map(|unit| unit.symbol).collect::<Vec<_>>();
    let value = |wording: &Wording, unit: Unit| -> String {
        wording.folded.chars[unit.start as usize..unit.end as usize].iter().collect()
    };
    let mut changed = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &symbols(old), &symbols(new)) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            let both = old[old_index..old_index + len].iter().zip(&new[new_index..new_index + len]);
            let different = both.filter(|(old, new)| old.value != new.value);
            changed.extend(different.map(|(&old, &new)| (value(before.0, old), value(after.0, new))));
        }
    }
    changed
}

/// What becomes of a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It stands in both.
    Kept,
    /// Only the earlier text has it (删).
    Deleted,
    /// Only the later text has it (增).
    Inserted,
}

/// Shorter stretches in common, in characters, between two changes are part of the change.
const LEAST_KEPT: usize = 2;

/// How the later text came from the earlier one, in characters as they stand; numbers and names stay whole.
///
/// Kept and deleted stretches make up `before`, kept and inserted ones `after`.
pub fn diff(before: &str, after: &str, places: &PlaceNames) -> Vec<(Change, String)> {
    let (old, new) = (tokens(before, places), tokens(after, places));
    let mut pieces: Vec<(Change, String)> = Vec::new();
    let mut push = |change: Change, tokens: &[String]| {
        if !tokens.is_empty() {
            pieces.push((change, tokens.concat()));
        }
    };
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (_, of_old, of_new) = op.as_tag_tuple();
        if let DiffOp::Equal { .. } = op {
            push(Change::Kept, &old[of_old]);
        } else {
            push(Change::Deleted, &old[of_old]);
            push(Change::Inserted, &new[of_new]);
        }
    }
    readable(pieces)
}

/// Makes single characters kept between two changes part of the change.
fn readable(pieces: Vec<(Change, String)>) -> Vec<(Change, String)> {
    let mut readable: Vec<(Change, String)> = Vec::new();
    let (mut deleted, mut inserted) = (String::new(), String::new());
    let flush = |deleted: &mut String, inserted: &mut String, readable: &mut Vec<(Change, String)>| {
        for (change, text) in [(Change::Deleted, deleted), (Change::Inserted, inserted)] {
            if !text.is_empty() {
                readable.push((change, std::mem::take(text)));
            }
        }
    };
    let last = pieces.len().saturating_sub(1);
    for (i, (change, text)) in pieces.into_iter().enumerate() {
        match change {
            Change::Deleted => deleted += &text,
            Change::Inserted => inserted += &text,
            Change::Kept => {
                let is_between = i != last && !(deleted.is_empty() || inserted.is_empty());
                if is_between && text.chars().count() < LEAST_KEPT && text.chars().all(char::is_alphanumeric) {
                    deleted += &text;
                    inserted += &text;
                } else {
                    flush(&mut deleted, &mut inserted, &mut readable);
                    readable.push((Change::Kept, text));
                }
            }
        }
    }
    flush(&mut deleted, &mut inserted, &mut readable);
    readable
}

/// The characters of a text, those of a slot together.
fn tokens(text: &str, places: &PlaceNames) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let folded = fold(text);
    let mut tokens: Vec<String> = Vec::with_capacity(chars.len());
    let mut at = 0;
    for slot in slots(&folded.chars, places) {
        // Names of places may share characters with what stands around them; numbers do not.
        if !matches!(slot.kind, SlotKind::Number | SlotKind::Year) {
            continue;
        }
        let (start, end) = folded.origin_of(slot.start, slot.end - slot.start);
        tokens.extend(chars[at..start].iter().map(char::to_string));
        tokens.push(chars[start..end].iter().collect());
        at = end;
    }
    tokens.extend(chars[at..].iter().map(char::to_string));
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> PlaceNames {
        PlaceNames::new(["云汀市望澜区"])
    }

    fn alike(a: &str, b: &str) -> f32 {
        similarity(&Wording::of(a, &places()).units, &Wording::of(b, &places()).units)
    }

    #[test]
    fn marks_width_and_traditional_characters_do_not_count() {
        assert_eq!(alike("推动“产业社区”建设，增长５％。", "推動產業社區建設、增长5%"), 1.0);
        assert_eq!(alike("推动产业", ""), 0.0);
        assert_eq!(alike("。", "，"), 1.0);
    }

    #[test]
    fn a_changed_value_counts_half_and_a_moved_clause_less_than_whole() {
        assert_eq!(alike("增长5.2%", "增长6%"), 2.5 / 3.0);
        assert_eq!(alike("望澜区经济", "浙江省经济"), 2.5 / 3.0);
        assert_eq!(alike("推动产业升级，改善人民生活", "改善人民生活，推动产业升级"), 11.4 / 12.0);
        assert_eq!(alike("持续改善生态", "持续优化生态"), 4.0 / 6.0);
    }

    fn shown(before: &str, after: &str) -> String {
        let shown = |(change, text): (Change, String)| match change {
            Change::Kept => text,
            Change::Deleted => format!("[-{text}]"),
            Change::Inserted => format!("[+{text}]"),
        };
        diff(before, after, &places()).into_iter().map(shown).collect()
    }

    #[test]
    fn differences_are_shown_as_a_reader_marks_them() {
        assert_eq!(shown("增长5.2%左右。", "增长6%以上。"), "增长[-5.2%左右][+6%以上]。");
        assert_eq!(shown("稳中求进、以进促稳", "稳中求进，以进促稳"), "稳中求进[-、][+，]以进促稳");
        assert_eq!(shown("", "新"), "[+新]");
        assert_eq!(shown("着力提升效能", "切实提高效能"), "[-着力提升][+切实提高]效能");
    }

    proptest::proptest! {
        #[test]
        fn similarity_is_symmetric_and_bounded(a in "[甲乙丙丁戊2-4%，。]{0,24}", b in "[甲乙丙丁戊2-4%，。]{0,24}") {
            let similarity = alike(&a, &b);
            proptest::prop_assert_eq!(similarity, alike(&b, &a));
            proptest::prop_assert!((0.0..=1.0).contains(&similarity));
            proptest::prop_assert_eq!(alike(&a, &a), 1.0);
        }

        #[test]
        fn a_diff_holds_both_texts(a in "\\PC{0,24}", b in "[甲乙丙2-4%，。]{0,24}") {
            let pieces = diff(&a, &b, &places());
            let without = |left_out: Change| -> String {
                pieces.iter().filter(|(change, _)| *change != left_out).map(|(_, text)| text.as_str()).collect()
            };
            proptest::prop_assert_eq!(without(Change::Inserted), a);
            proptest::prop_assert_eq!(without(Change::Deleted), b);
        }
    }
}
