//! New and dropped expressions (新提法): what a year says for the first time, and what it says no more.
//!
//! Both are the same question, asked in either direction of time. The *target* is the reports of a year (or each
//! series' last ones before it), of series that have reports on both sides if there are any; *silent* is everything
//! before (or from it on), which holds an expression nowhere, whatever its words. Conditions confine both: those for an
//! issuer and kind compare a series with itself. How much an expression is used from its beginning on (or until its
//! end) ranks it: its uses, those in headings and first sentences three times, the number of reports, how freely its
//! neighbours change (entropy), and what kind of words it begins and ends with. What is shown is counted literally.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;

use super::choose::{Scored, choose, fold};
use super::classes::Classes;
use super::corpus::{Corpus, PassageAt, lead};
use super::grams::{Gram, Wanted, for_each_candidate, of_stretch, words};
use super::neighbours::entropies;
use super::{MOST_WEIGHED, Term, first_places};
use crate::error::Error;
use crate::index::{DocId, TantivyError};
use crate::search::{literal, parallel};
use crate::text::fold::fold as folded;
use crate::text::sentences::quoted;
use crate::usage::located::Located;

/// Which way to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// What the year says for the first time.
    New,
    /// What was said before it and is no more.
    Gone,
}

/// Years before the one asked for in which a dropped expression's uses count.
const REMEMBERED: i64 = 10;

/// Candidates that are looked for elsewhere; of more the rarest are left out.
const MOST_CANDIDATES: usize = 400_000;

/// Passages that are read at a time.
const AT_ONCE: usize = 256;

/// What stands in an expression's favour when it is in a heading or a first sentence, in uses.
const OF_LEAD: u64 = 2;

/// What an expression has without any change of neighbours, in bits.
const BASE_ENTROPY: f64 = 0.5;

/// The new (or dropped) expressions of a year; `None` where no report is there to compare with.
///
/// # Errors
/// If the index is damaged.
pub fn novelty(
    corpus: &Corpus,
    year: i64,
    direction: Direction,
    least: u64,
    limit: usize,
) -> Result<Option<Vec<Term>>, Error> {
    let failure = |source| corpus.usage.snapshot.failure(source);
    let sides = Sides::of(corpus, year, direction);
    if sides.target.is_empty() || sides.silent.is_empty() {
        return Ok(None);
    }
    let classes = corpus.classes(&sides.target)?;
    let mut found = Candidates::of(corpus, &sides.target, &classes).map_err(failure)?;
    found.remove_said(corpus, &sides.silent);
    let mut scored = found.weighed(corpus, &sides, &classes, least);
    fold(&mut scored, &classes, true);
    let is_nowhere = |scored: &Scored| {
        let text = corpus.text(words(&scored.gram));
        sides.nowhere(corpus, &text).map_err(failure)
    };
    let chosen = choose(scored, corpus, &sides.target, limit, is_nowhere)?;
    let grams: Vec<Gram> = chosen.iter().map(|scored| scored.gram).collect();
    let first = first_places(corpus, &sides.target, &grams).map_err(failure)?;
    let term = |(scored, first): (Scored, Option<Located>)| {
        let text = corpus.text(words(&scored.gram));
        let counted = sides.counted(corpus, &text)?;
        Ok(Term { text, score: scored.score, first, ..counted })
    };
    let terms: Result<_, TantivyError> = chosen.into_iter().zip(first).map(term).collect();
    terms.map(Some).map_err(failure)
}

/// The passages of each side.
struct Sides {
    target: Vec<PassageAt>,
    /// Where the expressions must not stand.
    silent: Vec<PassageAt>,
    /// Where they may stand, the target included.
    using: Vec<PassageAt>,
    years: Years,
}

/// Which years are on which side.
#[derive(Clone, Copy)]
struct Years {
    year: i64,
    direction: Direction,
}

impl Years {
    fn are_silent(self, year: Option<i64>) -> bool {
        year.is_some_and(|of| if self.direction == Direction::New { of < self.year } else { of >= self.year })
    }

    fn are_using(self, year: Option<i64>) -> bool {
        year.is_some_and(|of| match self.direction {
            Direction::New => of >= self.year,
            Direction::Gone => (self.year - REMEMBERED..self.year).contains(&of),
        })
    }
}

impl Sides {
    fn of(corpus: &Corpus, year: i64, direction: Direction) -> Sides {
        let years = Years { year, direction };
        let passages = || corpus.passages.iter();
        let silent: Vec<PassageAt> = passages().filter(|at| years.are_silent(at.year)).copied().collect();
        let using: Vec<PassageAt> = passages().filter(|at| years.are_using(at.year)).copied().collect();
        // What was said last before the year, series by series.
        let mut last: BTreeMap<u32, i64> = BTreeMap::new();
        for (series, year) in using.iter().filter_map(|at| Some((at.series, at.year?))) {
            let known = last.entry(series).or_insert(year);
            *known = (*known).max(year);
        }
        let on_silent_side: BTreeSet<u32> = silent.iter().map(|at| at.series).collect();
        let is_comparable = |at: &PassageAt| on_silent_side.contains(&at.series);
        let any_comparable = using.iter().any(is_comparable);
        let is_target = |at: &&PassageAt| {
            let of_year = match direction {
                Direction::New => at.year == Some(year),
                Direction::Gone => at.year == last.get(&at.series).copied(),
            };
            of_year && corpus.is_asked(at) && (is_comparable(at) || !any_comparable)
        };
        let target = using.iter().filter(is_target).copied().collect();
        Sides { target, silent, using, years }
    }

    /// Whether a string stands in none of the silent passages, whatever their role and their words.
    fn nowhere(&self, corpus: &Corpus, text: &str) -> Result<bool, TantivyError> {
        for (number, segment) in corpus.usage.segments() {
            let looked_through = &corpus.usage.looked_through[number];
            let found = literal::find(segment, text)?;
            let is_silent = |doc: &DocId| {
                self.years.are_silent(corpus.year(number, *doc)) && looked_through.binary_search(doc).is_ok()
            };
            if found.iter().any(|found| is_silent(&found.doc)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How often a string stands in the target's reports, and wherever it may; in how many reports, of which series.
    fn counted(&self, corpus: &Corpus, text: &str) -> Result<Term, TantivyError> {
        let of_target: HashSet<(usize, DocId)> = self.target.iter().map(|at| (at.segment, at.header)).collect();
        let (mut count, mut uses) = (0, 0);
        let (mut reports, mut series) = (HashSet::new(), BTreeSet::new());
        for (number, place) in corpus.standing(text)? {
            let segment = &corpus.usage.snapshot.segments[number];
            if !self.years.are_using(corpus.year(number, place.doc)) {
                continue;
            }
            uses += 1;
            let report = (number, segment.header_of(place.doc));
            reports.insert(report);
            if of_target.contains(&report) {
                count += 1;
                let kind = segment.kind_of(place.doc)?.unwrap_or_default();
                series.insert((corpus.usage.snapshot.issuer_of(segment, place.doc)?, kind));
            }
        }
        let (reports, series) = (reports.len() as u64, series.into_iter().collect());
        Ok(Term { count, uses, reports, series, ..Term::default() })
    }
}

/// The candidates of the target, with how often they were met there.
struct Candidates {
    numbers: Wanted,
    grams: Vec<Gram>,
    counts: Vec<u64>,
    /// Whether one stands in quotes somewhere.
    quoted: Vec<bool>,
    /// Whether the silent side has it.
    said: Vec<bool>,
}

/// How an expression is used.
#[derive(Debug, Clone, Default)]
struct Uses {
    uses: u64,
    in_leads: u64,
    reports: u64,
    last_report: Option<(usize, u32)>,
}

impl Candidates {
    fn of(corpus: &Corpus, target: &[PassageAt], classes: &Classes) -> Result<Candidates, TantivyError> {
        let mut numbers: FxHashMap<Gram, usize> = FxHashMap::default();
        let (mut grams, mut counts, mut quoted_ones): (Vec<Gram>, Vec<u64>, Vec<bool>) = Default::default();
        let mut number_of = |gram: Gram, counts: &mut Vec<u64>, quoted_ones: &mut Vec<bool>| {
            *numbers.entry(gram).or_insert_with(|| {
                grams.push(gram);
                counts.push(0);
                quoted_ones.push(false);
                grams.len() - 1
            })
        };
        for at in target {
            let tokens = corpus.tokens(at);
            for_each_candidate(&tokens, classes, |gram, _| {
                let number = number_of(gram, &mut counts, &mut quoted_ones);
                counts[number] += 1;
            });
            let text = corpus.usage.snapshot.segments[at.segment].text(at.doc)?;
            let (chars, form) = (text.chars().collect::<Vec<char>>(), folded(&text));
            for (start, end) in quoted(&chars, &[('“', '”'), ('「', '」')]) {
                let (start, end) = form.range_of(start, end);
                let Some((gram, _)) = of_stretch(&tokens, start as u32, end as u32) else { continue };
                // Numbered names stand in quotes as well: 十五五.
                if words(&gram).iter().any(|&word| classes.may_end(word)) {
                    let number = number_of(gram, &mut counts, &mut quoted_ones);
                    counts[number] = counts[number].max(1);
                    quoted_ones[number] = true;
                }
            }
        }
        // Among so many what is said once is far from the first.
        let least = (0..).find(|least| counts.iter().filter(|count| *count >= least).count() <= MOST_CANDIDATES);
        let is_kept = |number: &usize| Some(counts[*number]) >= least;
        let kept: Vec<usize> = (0..grams.len()).filter(is_kept).collect();
        let grams: Vec<Gram> = kept.iter().map(|&number| grams[number]).collect();
        Ok(Candidates {
            numbers: Wanted::new(&grams),
            counts: kept.iter().map(|&number| counts[number]).collect(),
            quoted: kept.iter().map(|&number| quoted_ones[number]).collect(),
            said: vec![false; grams.len()],
            grams,
        })
    }

    /// Leaves out what the silent passages say.
    fn remove_said(&mut self, corpus: &Corpus, silent: &[PassageAt]) {
        let said: Vec<AtomicBool> = self.said.iter().map(|_| AtomicBool::new(false)).collect();
        let of_some = |passages: &&[PassageAt]| {
            for at in *passages {
                let tokens = corpus.tokens(at);
                self.numbers.for_each_in(&tokens, |number, _| said[number as usize].store(true, Ordering::Relaxed));
            }
            Ok::<_, Infallible>(())
        };
        let Ok(_) = parallel::map(&silent.chunks(AT_ONCE).collect::<Vec<_>>(), of_some);
        self.said = said.into_iter().map(AtomicBool::into_inner).collect();
    }

    /// The candidates that are left, with their uses and scores.
    fn weighed(&self, corpus: &Corpus, sides: &Sides, classes: &Classes, least: u64) -> Vec<Scored> {
        let is_left = |number: &usize| !self.said[*number] && self.counts[*number] >= least;
        let left: Vec<usize> = (0..self.grams.len()).filter(is_left).collect();
        let grams: Vec<Gram> = left.iter().map(|&number| self.grams[number]).collect();
        let wanted = Wanted::new(&grams);
        let mut uses = vec![Uses::default(); grams.len()];
        for at in &sides.using {
            let tokens = corpus.tokens(at);
            let lead = lead(at, &tokens);
            wanted.for_each_in(&tokens, |number, place| {
                let uses = &mut uses[number as usize];
                uses.uses += 1;
                uses.in_leads += u64::from(place.end <= lead);
                let report = Some((at.segment, at.header));
                uses.reports += u64::from(uses.last_report != report);
                uses.last_report = report;
            });
        }
        let likelihood = |at: usize| if self.quoted[left[at]] { 1.0 } else { classes.likelihood(words(&grams[at])) };
        let weight = |at: usize| {
            let uses = &uses[at];
            (uses.uses + OF_LEAD * uses.in_leads) as f64 * (uses.reports as f64).sqrt() * likelihood(at)
        };
        let weights: Vec<f64> = (0..grams.len()).map(weight).collect();
        let mut order: Vec<usize> = (0..grams.len()).collect();
        let text = |at: usize| corpus.text(words(&grams[at]));
        // Not negative, so that their bits are in the same order.
        order.sort_by_cached_key(|&at| (Reverse(weights[at].to_bits()), text(at)));
        order.truncate(MOST_WEIGHED);
        let best: Vec<Gram> = order.iter().map(|&at| grams[at]).collect();
        let entropies = entropies(corpus, &sides.using, &best);
        let scored = |(&at, entropy): (&usize, f64)| {
            let score = weights[at] * (BASE_ENTROPY + entropy);
            Scored { gram: grams[at], uses: uses[at].uses, score }
        };
        order.iter().zip(entropies).map(scored).collect()
    }
}
