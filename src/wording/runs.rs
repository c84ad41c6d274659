//! Runs: the longest stretches of a draft that stand in the archive character for character.
//!
//! A run is a stretch of the matching form of one passage of the draft that some passage of the archive holds,
//! of at least [`LEAST`] characters, beginning and ending with none of the form's marks, and not part of a
//! longer run. All runs are found: of each [`LEAST`] neighbouring characters the rarest pair leads to the
//! passages that hold the others as well, and their texts decide.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use super::draft::DraftPassage;
use super::grams::Grams;
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
    let grams = Grams::of(forms, LEAST);
    let common = parallel::map(&candidates, |&place| Ok::<_, Error>(common(&grams, &sources.form(place)?, place)))?;
    Ok(longest(&grams.forms, common.into_iter().flatten().collect()))
}

/// The passages that hold all pairs of [`LEAST`] neighbouring characters of a form.
fn candidates(form: &[char], sources: &Sources) -> Vec<Place> {
    let pairs = &sources.pairs;
    let numbers = pairs.numbers(form);
    let frequencies: Vec<usize> = numbers.iter().map(|n| n.map_or(usize::MAX, |n| pairs.frequency(n))).collect();
    let rarest = |start: usize| (start..start + WINDOW).min_by_key(|&at| frequencies[at]);
    // What repeats itself is looked for once.
    let mut seen = HashSet::new();
    let starts = (0..(numbers.len() + 1).saturating_sub(WINDOW)).filter(|&at| seen.insert(&numbers[at..at + WINDOW]));
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
    found.sort_unstable();
    found.dedup();
    found
}

/// What a form of the archive has in common with the draft's, each stretch from its beginning.
fn common(grams: &Grams, form: &[char], place: Place) -> Vec<Common> {
    let mut found = Vec::new();
    grams.for_each_in(form, |gram| {
        let draft = grams.forms[gram.form];
        if gram.at == 0 || gram.start == 0 || form[gram.at - 1] != draft[gram.start - 1] {
            found.push(Common { passage: gram.form, start: gram.start, end: gram.start + gram.length, place });
        }
    });
    found
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
        let grams = Grams::of(forms.to_vec(), LEAST);
        let sources = ["一二三四五六七八九十甲乙", "四五六七八九十甲乙丙丁戊己。", "。一二三四五六七八九十甲。"];
        let found = sources.iter().zip(0..).flat_map(|(s, doc)| common(&grams, &chars(s), (0, doc))).collect();
        let runs = longest(&grams.forms, found);
        let shown: Vec<(String, usize)> =
            runs.iter().map(|run| (draft[run.form.clone()].iter().collect(), run.places.len())).collect();
        assert_eq!(shown, [("一二三四五六七八九十甲乙".to_owned(), 1), ("四五六七八九十甲乙丙丁戊己".to_owned(), 1)]);
    }
}
