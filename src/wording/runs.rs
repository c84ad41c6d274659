//! Runs: the longest stretches of a draft that stand in the archive character for character.
//!
//! A run is a stretch of the matching form of one passage of the draft that some passage of the archive holds,
//! of at least [`LEAST`] characters, beginning and ending with none of the form's marks, and not part of a
//! longer run. All runs are found: of each [`LEAST`] neighbouring characters the rarest pair leads to the
//! passages that hold the others as well, and their texts decide.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::draft::DraftPassage;
use super::sources::Sources;
use crate::error::Error;
use crate::search::pairs::Place;
use crate::search::parallel;
use crate::text::fold::MARK;

/// Least length of a run, in characters of the matching form.
pub const LEAST: usize = 12;

/// Pairs of as many neighbouring characters.
const WINDOW: usize = LEAST - 1;

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The passage of the draft.
    pub passage: usize,
    /// Characters of the passage's matching form.
    pub form: Range<usize>,
    /// The passages of the archive that hold it.
    pub places: Vec<Place>,
}

/// A stretch that a passage of the draft and one of the archive have in common, as long as it goes.
#[derive(Debug, Clone, Copy)]
struct Common {
    passage: usize,
    start: usize,
    end: usize,
    place: Place,
}

/// The runs of a draft's passages, in order.
///
/// # Errors
/// If the index is damaged.
pub fn runs(passages: &[DraftPassage], sources: &Sources) -> Result<Vec<Run>, Error> {
    let forms: Vec<&[char]> = passages.iter().map(|passage| passage.wording.folded.chars.as_slice()).collect();
    let mut candidates: Vec<Place> =
        parallel::map(&forms, |form| Ok::<_, Error>(candidates(form, sources)))?.into_iter().flatten().collect();
    candidates.sort_unstable();
    candidates.dedup();
    let grams = Grams::of(&forms);
    let common =
        parallel::map(&candidates, |&place| Ok::<_, Error>(grams.common(&forms, &sources.form(place)?, place)))?;
    Ok(longest(&forms, common.into_iter().flatten().collect()))
}

/// The passages that hold all pairs of [`LEAST`] neighbouring characters of a form.
fn candidates(form: &[char], sources: &Sources) -> Vec<Place> {
    let pairs = &sources.pairs;
    let numbers = pairs.numbers(form);
    let frequencies: Vec<usize> = numbers.iter().map(|n| n.map_or(usize::MAX, |n| pairs.frequency(n))).collect();
    let rarest = |start: usize| (start..start + WINDOW).min_by_key(|&at| frequencies[at]);
    let starts = 0..(numbers.len() + 1).saturating_sub(WINDOW);
    let anchors: BTreeSet<usize> = starts.filter_map(rarest).collect();
    let mut found = Vec::new();
    for at in anchors {
        let Some(anchor) = numbers[at] else { continue };
        pairs.for_each(anchor, |place| {
            let holds = |number: &Option<u32>| number.is_none_or(|number| pairs.holds(place, number));
            let before = numbers[..at].iter().rev().take(WINDOW - 1).take_while(|n| holds(n)).count();
            let needed = WINDOW - 1 - before;
            if numbers[at + 1..].iter().take(needed).take_while(|n| holds(n)).count() == needed {
                found.push(place);
            }
        });
    }
    found
}

/// Where each [`LEAST`] neighbouring characters of the draft stand, by a hash.
struct Grams {
    places: HashMap<u64, Vec<(u32, u32)>>,
    /// Bits of hashes that are there: most others are told from them by these.
    bits: Vec<u64>,
}

/// Bits of [`Grams::bits`], as a power of two.
const BITS: u32 = 20;

/// The hashes of each [`LEAST`] neighbouring characters of a form: a rolling polynomial (Karp and Rabin 1987).
fn hashes(form: &[char]) -> impl Iterator<Item = u64> {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let leaving = (0..LEAST).fold(1u64, |power, _| power.wrapping_mul(FACTOR));
    let code = |c: char| u64::from(u32::from(c)) + 1;
    form.iter()
        .enumerate()
        .scan(0u64, move |hash, (at, &c)| {
            *hash = hash.wrapping_mul(FACTOR).wrapping_add(code(c));
            if at >= LEAST {
                *hash = hash.wrapping_sub(leaving.wrapping_mul(code(form[at - LEAST])));
            }
            Some(*hash)
        })
        .skip(LEAST - 1)
}

fn bit(hash: u64) -> (usize, u64) {
    let place = (hash ^ hash >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> (64 - BITS);
    (place as usize / 64, 1 << (place % 64))
}

impl Grams {
    fn of(forms: &[&[char]]) -> Grams {
        let mut grams = Grams { places: HashMap::new(), bits: vec![0; 1 << (BITS - 6)] };
        for (passage, form) in (0..).zip(forms) {
            for (start, hash) in (0..).zip(hashes(form)) {
                grams.places.entry(hash).or_default().push((passage, start));
                let (word, bit) = bit(hash);
                grams.bits[word] |= bit;
            }
        }
        grams
    }

    /// What a form of the archive has in common with the draft's.
    fn common(&self, forms: &[&[char]], form: &[char], place: Place) -> Vec<Common> {
        let mut found = Vec::new();
        for (at, hash) in hashes(form).enumerate() {
            let (word, bit) = bit(hash);
            if self.bits[word] & bit == 0 {
                continue;
            }
            for &(passage, start) in self.places.get(&hash).into_iter().flatten() {
                let (passage, start) = (passage as usize, start as usize);
                let draft = forms[passage];
                let begins = at == 0 || start == 0 || form[at - 1] != draft[start - 1];
                let length = form[at..].iter().zip(&draft[start..]).take_while(|(a, b)| a == b).count();
                if begins && length >= LEAST {
                    found.push(Common { passage, start, end: start + length, place });
                }
            }
        }
        found
    }
}

/// The longest of the stretches, without marks at their ends.
fn longest(forms: &[&[char]], common: Vec<Common>) -> Vec<Run> {
    let mut trimmed: Vec<Common> = common
        .into_iter()
        .map(|mut stretch| {
            let form = forms[stretch.passage];
            stretch.start += usize::from(form[stretch.start] == MARK);
            stretch.end -= usize::from(form[stretch.end - 1] == MARK);
            stretch
        })
        .filter(|stretch| stretch.end - stretch.start >= LEAST)
        .collect();
    trimmed.sort_by_key(|stretch| (stretch.passage, stretch.start, usize::MAX - stretch.end, stretch.place));
    let mut runs: Vec<Run> = Vec::new();
    for stretch in &trimmed {
        let inside = |run: &Run| run.passage == stretch.passage && stretch.end <= run.form.end;
        if !runs.last().is_some_and(inside) {
            runs.push(Run { passage: stretch.passage, form: stretch.start..stretch.end, places: Vec::new() });
        }
    }
    // A stretch holds the runs that begin and end within it.
    for stretch in &trimmed {
        let first = runs.partition_point(|run| (run.passage, run.form.start) < (stretch.passage, stretch.start));
        for run in &mut runs[first..] {
            if (run.passage, run.form.end) > (stretch.passage, stretch.end) {
                break;
            }
            run.places.push(stretch.place);
        }
    }
    for run in &mut runs {
        run.places.sort_unstable();
        run.places.dedup();
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_the_longest_common_stretches() {
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        let draft = chars("开头。一二三四五六七八九十甲乙丙丁戊己。结尾");
        let forms = [draft.as_slice()];
        let grams = Grams::of(&forms);
        let sources = ["一二三四五六七八九十甲乙", "四五六七八九十甲乙丙丁戊己。", "。一二三四五六七八九十甲。"];
        let common = sources.iter().zip(0..).flat_map(|(s, doc)| grams.common(&forms, &chars(s), (0, doc))).collect();
        let runs = longest(&forms, common);
        let shown: Vec<(String, usize)> =
            runs.iter().map(|run| (draft[run.form.clone()].iter().collect(), run.places.len())).collect();
        assert_eq!(shown, [("一二三四五六七八九十甲乙".to_owned(), 1), ("四五六七八九十甲乙丙丁戊己".to_owned(), 1)]);
    }
}
