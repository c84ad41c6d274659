//! The archive as a source of wordings: where a stretch of text stands literally, and what comes closest.
//!
//! Candidates come from postings ([`PairIndex`]), the decision from the texts of the passages.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::compare::{Unit, Wording, similarity};
use crate::error::Error;
use crate::index::reader::{Segment, Snapshot};
use crate::index::record::Header;
use crate::model::{Level, Passage};
use crate::query::Field;
use crate::search::filter::{Predicate, predicates};
use crate::search::pairs::{PairIndex, Place};
use crate::search::places;
use crate::text::fold::MARK;
use crate::text::regions;
use crate::text::slots::PlaceNames;

/// Passages kept in memory before they are forgotten.
const MOST_KEPT: usize = 4_000;

/// Up to so many passages are looked into for a literal stretch; among more it is looked up in the postings.
const MOST_LOOKED_INTO: usize = 48;

/// Longer stretches, in units, are no sentence and are not compared with passages.
const LONGEST: usize = 1_000;

/// Share of a stretch's pairs by weight that a passage has to hold to be looked into.
const LEAST_SHARE: f32 = 0.2;

/// Share beside that of the passage that holds most.
const BESIDE_BEST: f32 = 0.5;

/// A passage of the archive, ready for comparing.
pub struct Source {
    /// Its text.
    pub text: String,
    /// Its wording.
    pub wording: Wording,
}

/// A stretch of a passage that is worded like a stretch of the draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The passage.
    pub place: Place,
    /// Units of its wording.
    pub units: Range<usize>,
    /// Characters of its matching form.
    pub form: Range<usize>,
    /// How alike both are; see `compare`.
    pub similarity: f32,
    /// Whether their matching forms are equal.
    pub verbatim: bool,
}

/// The passages of an archive that a draft is compared with.
pub struct Sources<'a> {
    snapshot: &'a Snapshot,
    /// The filter, by segment.
    predicates: Vec<Vec<Predicate<'a>>>,
    /// Names of places that are slots.
    pub names: &'a PlaceNames,
    /// The passages by the draft's pairs.
    pub pairs: PairIndex<'a>,
    kept: Mutex<HashMap<Place, Arc<Source>>>,
    headers: Mutex<HashMap<Place, Arc<Header>>>,
    /// What was found for forms without a pair, which every passage may hold.
    short: Mutex<HashMap<String, Vec<Found>>>,
}

impl<'a> Sources<'a> {
    /// The passages that `filter` lets through, looked up by the pairs of the draft's matching forms.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn new<'f>(
        snapshot: &'a Snapshot,
        filter: &'a [Field],
        names: &'a PlaceNames,
        forms: impl IntoIterator<Item = &'f [char]>,
    ) -> Result<Sources<'a>, Error> {
        let failure = |source| snapshot.failure(source);
        let of_segment = |segment| predicates(filter, segment).map_err(failure);
        let predicates: Vec<Vec<Predicate>> = snapshot.segments.iter().map(of_segment).collect::<Result<_, _>>()?;
        let accepts = |(segment, doc): Place| predicates[segment].iter().all(|predicate| predicate.accepts(doc));
        let pairs = PairIndex::look_up(snapshot, forms, accepts).map_err(failure)?;
        Ok(Sources {
            snapshot,
            predicates,
            names,
            pairs,
            kept: Mutex::default(),
            headers: Mutex::default(),
            short: Mutex::default(),
        })
    }

    /// The passage at a place.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn passage(&self, place: Place) -> Result<Arc<Source>, Error> {
        if let Some(kept) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&place) {
            return Ok(Arc::clone(kept));
        }
        let text = self.text(place)?;
        let source = Arc::new(Source { wording: Wording::of(&text, self.names), text });
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(place, Arc::clone(&source));
        Ok(source)
    }

    /// The text of a passage that may not be needed again.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn text(&self, place: Place) -> Result<String, Error> {
        self.segment(place).text(place.1).map_err(|source| self.snapshot.failure(source))
    }

    /// The matching form of a passage.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn form(&self, place: Place) -> Result<Vec<char>, Error> {
        self.segment(place).form(place.1).map(|form| form.chars).map_err(|source| self.snapshot.failure(source))
    }

    /// The header of the report that a passage belongs to.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn header(&self, place: Place) -> Result<Arc<Header>, Error> {
        let segment = self.segment(place);
        let key = self.report(place);
        if let Some(kept) = self.headers.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(kept));
        }
        let header = Arc::new(segment.header(key.1).map_err(|source| self.snapshot.failure(source))?);
        self.headers.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&header));
        Ok(header)
    }

    /// What is stored with a passage.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn record(&self, place: Place) -> Result<Passage, Error> {
        self.segment(place).passage(place.1).map_err(|source| self.snapshot.failure(source))
    }

    /// The segment that a passage stands in.
    pub fn segment(&self, place: Place) -> &'a Segment {
        &self.snapshot.segments[place.0]
    }

    /// The year of a passage's report.
    pub fn year(&self, place: Place) -> Option<i32> {
        self.segment(place).year_of(place.1)
    }

    /// Whether the filter lets a passage or header through.
    pub fn accepts(&self, place: Place) -> bool {
        self.predicates[place.0].iter().all(|predicate| predicate.accepts(place.1))
    }

    /// The place of the header of a passage's report.
    pub fn report(&self, place: Place) -> Place {
        (place.0, self.segment(place).header_of(place.1))
    }

    /// The issuer of a passage's report.
    pub fn issuer(&self, place: Place) -> Option<String> {
        self.segment(place).issuer_of(place.1).ok().flatten()
    }

    /// The level of a passage's report.
    pub fn level(&self, place: Place) -> Option<Level> {
        Some(regions::level(&self.region(place)?))
    }

    /// The region of a passage's report.
    pub fn region(&self, place: Place) -> Option<String> {
        self.segment(place).region_of(place.1).ok().flatten()
    }

    /// The passages whose matching form holds this form, one stretch of each.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn literal(&self, form: &[char]) -> Result<Vec<Found>, Error> {
        let pairs: Vec<u32> = self.pairs.numbers(form).into_iter().flatten().collect();
        let holding = self.pairs.holding_all(&pairs);
        let mut found = Vec::new();
        // Where a number stands at an end, only the text tells whether it is all of the number.
        let ends_in_number = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
        let is_open = ends_in_number(form.first()) || ends_in_number(form.last());
        if !pairs.is_empty() && (is_open || holding.len() <= MOST_LOOKED_INTO) {
            for place in holding {
                let source = self.passage(place)?;
                found.extend(standing(&source, form).map(|start| literal_at(place, &source, start, form.len())));
            }
            return Ok(found);
        }
        let string: String = form.iter().collect();
        if pairs.is_empty()
            && let Some(known) = self.short.lock().unwrap_or_else(PoisonError::into_inner).get(&string)
        {
            return Ok(known.clone());
        }
        for (number, segment) in self.snapshot.segments.iter().enumerate() {
            let failure = |source| self.snapshot.failure(source);
            let among: Vec<u32> = holding.iter().filter(|place| place.0 == number).map(|place| place.1).collect();
            let among = (!pairs.is_empty()).then_some(&among[..]);
            let standing = places::find(segment, &string, among).map_err(failure)?;
            for first in places::of_documents(&standing).map(|places| places[0]) {
                let place = (number, first.doc);
                if pairs.is_empty() && !self.accepts(place) {
                    continue;
                }
                let form = first.start as usize..first.end as usize;
                // Its units are looked for when it is shown.
                found.push(Found { place, units: 0..0, form, similarity: 1.0, verbatim: true });
            }
        }
        if pairs.is_empty() {
            self.short.lock().unwrap_or_else(PoisonError::into_inner).insert(string, found.clone());
        }
        Ok(found)
    }

    /// What was found, with its units where they have not been looked for yet.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn located(&self, found: Found, form: &[char]) -> Result<Found, Error> {
        if !found.verbatim || !found.units.is_empty() {
            return Ok(found);
        }
        let source = self.passage(found.place)?;
        let start = standing(&source, form);
        Ok(start.map_or(found.clone(), |start| literal_at(found.place, &source, start, form.len())))
    }

    /// What comes closest to a stretch, from a similarity on: one stretch of each of the likeliest passages.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn closest(&self, form: &[char], units: &[Unit], looked_into: usize, least: f32) -> Result<Vec<Found>, Error> {
        if units.len() > LONGEST {
            return Ok(Vec::new());
        }
        let pairs: Vec<u32> = self.pairs.numbers(form).into_iter().flatten().collect();
        let set = PairSet::of(units);
        let mut found = Vec::new();
        let candidates = self.pairs.likeliest(&pairs, looked_into);
        let least_share = candidates.first().map_or(0.0, |best| LEAST_SHARE.max(best.share * BESIDE_BEST));
        for candidate in candidates.iter().take_while(|candidate| candidate.share >= least_share) {
            found.extend(self.closest_at(candidate.place, &set, (form, units), least)?);
        }
        Ok(found)
    }

    /// What comes closest to units in each of some passages, from a similarity on, best first.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn closest_among(
        &self,
        form: &[char],
        units: &[Unit],
        places: impl IntoIterator<Item = Place>,
        least: f32,
    ) -> Result<Vec<Found>, Error> {
        let mut found = Vec::new();
        if units.len() > LONGEST {
            return Ok(found);
        }
        let set = PairSet::of(units);
        for place in places {
            found.extend(self.closest_at(place, &set, (form, units), least)?);
        }
        found.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
        Ok(found)
    }

    fn closest_at(
        &self,
        place: Place,
        set: &PairSet,
        (form, units): (&[char], &[Unit]),
        least: f32,
    ) -> Result<Option<Found>, Error> {
        let source = self.passage(place)?;
        let (units, similarity) = closest_within(set, units, &source.wording, least);
        let (Some(first), Some(last)) =
            (source.wording.units[units.clone()].first(), source.wording.units[units.clone()].last())
        else {
            return Ok(None);
        };
        let of_source = first.start as usize..last.end as usize;
        let verbatim = source.wording.folded.chars[of_source.clone()] == *form;
        Ok((similarity >= least).then_some(Found { place, units, form: of_source, similarity, verbatim }))
    }
}

/// Where a form first stands in a passage without cutting a number.
fn standing(source: &Source, form: &[char]) -> Option<usize> {
    let chars = &source.wording.folded.chars;
    let is_number = |at: usize| chars.get(at).is_some_and(|c| c.is_ascii_digit());
    let goes_on = |at: usize| is_number(at) || matches!(chars.get(at), Some('.' | ',')) && is_number(at + 1);
    let whole = |&start: &usize| {
        let end = start + form.len();
        let begins = !is_number(start) || start == 0 || !matches!(chars[start - 1], '0'..='9' | '.' | ',');
        begins && !(is_number(end - 1) && goes_on(end))
    };
    source.wording.folded.find_all(form).find(whole)
}

fn literal_at(place: Place, source: &Source, start: usize, length: usize) -> Found {
    let units = &source.wording.units;
    let first = units.partition_point(|unit| (unit.end as usize) <= start);
    let last = units.partition_point(|unit| (unit.start as usize) < start + length);
    Found { place, units: first..last, form: start..start + length, similarity: 1.0, verbatim: true }
}

/// The neighbouring pairs of units.
pub struct PairSet {
    /// One bit for each of 1,024 values of a hash: most pairs that are not in the set are told apart by it.
    bits: [u64; 16],
    sorted: Vec<u64>,
}

fn pair(units: &[Unit]) -> u64 {
    u64::from(units[0].symbol) << 32 | u64::from(units[1].symbol)
}

fn bit(pair: u64) -> (usize, u64) {
    let hash = pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54;
    (hash as usize / 64, 1 << (hash % 64))
}

impl PairSet {
    /// The pairs of units.
    pub fn of(units: &[Unit]) -> PairSet {
        let mut sorted: Vec<u64> = units.windows(2).map(pair).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut bits = [0; 16];
        for &pair in &sorted {
            let (word, bit) = bit(pair);
            bits[word] |= bit;
        }
        PairSet { bits, sorted }
    }

    /// The pairs, each once.
    pub fn pairs(&self) -> impl Iterator<Item = u64> {
        self.sorted.iter().copied()
    }

    /// About how alike other units are, as the share of pairs in common; `length` is that of this set's units.
    pub fn likeness(&self, length: usize, others: &[Unit]) -> f32 {
        let held = others.windows(2).filter(|window| self.holds(pair(window))).count();
        2.0 * held as f32 / (length + others.len()).max(1) as f32
    }

    fn holds(&self, pair: u64) -> bool {
        let (word, bit) = bit(pair);
        self.bits[word] & bit != 0 && self.sorted.binary_search(&pair).is_ok()
    }
}

/// What a pair that a stretch lacks costs beside what one that it has is worth.
const COST: f32 = 0.4;

/// Where the most promising stretch is not even so many times as alike as asked for, others are not compared.
const HOPELESS: f32 = 0.6;

/// A stretch widened to whole clauses.
pub fn to_clauses(wording: &Wording, range: Range<usize>) -> Range<usize> {
    let (units, form) = (&wording.units, &wording.folded.chars);
    let before = |&i: &usize| units[i].start == 0 || form[units[i].start as usize - 1] == MARK;
    let after = |&i: &usize| form.get(units[i - 1].end as usize).is_none_or(|&c| c == MARK);
    let start = (0..=range.start).rev().find(before).unwrap_or(range.start);
    start..(range.end..=units.len()).find(after).unwrap_or(range.end)
}

/// Stretches of a passage that are compared with what is looked for.
const COMPARED: usize = 3;

/// The stretch of a passage that comes closest to units, with its similarity.
pub fn closest_within(set: &PairSet, units: &[Unit], wording: &Wording, least: f32) -> (Range<usize>, f32) {
    let held: Vec<bool> = wording.units.windows(2).map(|window| set.holds(pair(window))).collect();
    let Some(dense) = densest(&held, units.len()) else { return (0..0, 0.0) };
    let mut before = vec![0];
    before.extend(held.iter().scan(0, |sum, &held| {
        *sum += u32::from(held);
        Some(*sum)
    }));
    // About the similarity: by pairs, as if each stood for one unit. A stretch that repeats itself has no more in
    // common than there are units.
    let promise = |range: &Range<usize>| {
        let pairs = (before[range.end - 1] - before[range.start]) as usize;
        2.0 * (pairs + 1).min(units.len()) as f32 / (units.len() + range.len()) as f32
    };
    let mut ranges = bounded_by_marks(wording, &dense);
    ranges.sort_by(|a, b| promise(b).total_cmp(&promise(a)));
    let mut best = (0..0, 0.0);
    for range in ranges.into_iter().take(COMPARED) {
        let similarity = similarity(units, &wording.units[range.clone()]);
        if similarity > best.1 {
            best = (range, similarity);
        }
        if best.1 < least * HOPELESS {
            break;
        }
    }
    best
}

/// The stretch where pairs that are held stand most densely: the one with the largest sum of what pairs are
/// worth, at most about as long as what is looked for.
fn densest(held: &[bool], length: usize) -> Option<Range<usize>> {
    let most = length + length / 2 + 8;
    let mut best: (f32, Range<usize>) = (0.0, 0..0);
    let mut sum = 0.0;
    // Places and sums before them that a stretch may begin at, ascending in both.
    let mut starts: VecDeque<(usize, f32)> = VecDeque::new();
    for (i, &held) in held.iter().enumerate() {
        while starts.back().is_some_and(|&(_, before)| before >= sum) {
            starts.pop_back();
        }
        starts.push_back((i, sum));
        while starts.front().is_some_and(|&(start, _)| i - start >= most) {
            starts.pop_front();
        }
        sum += if held { 1.0 } else { -COST };
        if let Some(&(start, before)) = starts.front()
            && sum - before > best.0
        {
            best = (sum - before, start..i + 2);
        }
    }
    (best.0 > 0.0).then_some(best.1)
}

/// A dense stretch, and those that begin or end at marks in it or next to it instead: what is meant may be whole
/// clauses, or part of what is dense.
fn bounded_by_marks(wording: &Wording, dense: &Range<usize>) -> Vec<Range<usize>> {
    let (units, form) = (&wording.units, &wording.folded.chars);
    let begins = |&i: &usize| units[i].start == 0 || form[units[i].start as usize - 1] == MARK;
    let ends = |&i: &usize| form.get(units[i - 1].end as usize).is_none_or(|&c| c == MARK);
    let outside = (0..=dense.start).rev().filter(begins).take(2);
    let starts: Vec<usize> = outside.chain((dense.start + 1..dense.end).filter(begins)).chain([dense.start]).collect();
    let outside = (dense.end..=units.len()).filter(ends).take(2);
    let ends: Vec<usize> = outside.chain((dense.start + 1..dense.end).filter(ends)).chain([dense.end]).collect();
    let all = starts.iter().flat_map(|&start| ends.iter().map(move |&end| start..end));
    let mut ranges: Vec<Range<usize>> = all.filter(|range| range.len() > 1).collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    ranges.dedup();
    ranges
}
