//! `check`: for every sentence and clause of a draft, the closest earlier wording.
//!
//! Verdicts, in this order: a *formula* is no wording of its own; *verbatim* if some passage holds the
//! sentence's matching form; *near* if one is at least [`NEAR`] alike; *composed* if clauses that are verbatim
//! or near elsewhere make up at least [`COMPOSED`] of it; else *new*, with what comes closest.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::agreement::disagreements;
use super::compare::{NEAR, Unit};
use super::draft::{Draft, DraftPassage, Stretch};
use super::dropped::dropped;
use super::finding::{Borrowing, Check, Clause, Sentence, Summary, Verdict};
use super::formulas::is_formula;
use super::previous::Previous;
use super::runs::{self, Run};
use super::sources::{Found, Sources};
use super::{Match, meant, place_names, same_marks};
use crate::error::Error;
use crate::index::reader::Snapshot;
use crate::query::Field;
use crate::search::pairs::Place;
use crate::search::parallel;
use crate::text::sentences::clauses;

/// Share of a sentence's units that clauses said elsewhere have to make up.
pub const COMPOSED: f32 = 0.7;

/// Shorter clauses, in units, are no pieces.
const PIECE: usize = 6;

/// Similarity below which nothing is called closest.
const LEAST_ALIKE: f32 = 0.3;

/// Passages that are looked into for a sentence, and for one of its clauses.
const LOOKED_INTO: (usize, usize) = (20, 6);

/// Sources of a clause that are looked into for the whole sentence.
const OF_CLAUSE: usize = 4;

/// Sources whose quotes and punctuation are compared with the draft's.
const MARKS_COMPARED: usize = 200;

/// How sources are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// By similarity, equal ones by superior level, latest, own issuer.
    #[default]
    Similarity,
    /// By superior level, then by similarity.
    Authority,
}

/// How a draft is checked.
#[derive(Debug, Clone)]
pub struct Options {
    /// Only reports of earlier years count.
    pub before: Option<i32>,
    /// Whose draft it is, if not as the draft says.
    pub issuer: Option<String>,
    /// What sources have to be.
    pub filter: Vec<Field>,
    /// Issuers whose series are the draft's superiors; if none is named, those of regions above its own.
    pub superiors: Vec<String>,
    /// How sources are ordered.
    pub order: Order,
    /// Sources named for each sentence.
    pub limit: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            before: None,
            issuer: None,
            filter: Vec::new(),
            superiors: Vec::new(),
            order: Order::default(),
            limit: 5,
        }
    }
}

impl Options {
    /// What reports have to be for the draft to be compared with them.
    pub fn compared(&self) -> Vec<Field> {
        let before = self.before.map(|year| Field::Year(vec![i32::MIN..=year.saturating_sub(1)]));
        self.filter.iter().cloned().chain(before).collect()
    }
}

/// Checks a draft.
///
/// # Errors
/// If the index is damaged.
pub fn check(snapshot: &Snapshot, draft: &Draft, options: &Options) -> Result<Check, Error> {
    let names = place_names(snapshot)?;
    let passages = DraftPassage::of(draft, &names);
    let filter = options.compared();
    let forms = passages.iter().map(|passage| passage.wording.folded.chars.as_slice());
    let sources = Sources::new(snapshot, &filter, &names, forms)?;
    let previous = Previous::find(&sources, snapshot, draft, options.issuer.as_deref(), options.before)?;
    let of_draft = || Some(draft.metadata()?.issuer.as_ref()?.value.clone());
    let own_issuer = previous.as_ref().and_then(Previous::issuer).or_else(of_draft);
    let checker = Checker { sources: &sources, options, previous: previous.as_ref(), own_issuer };
    let stretches: Vec<(usize, Stretch)> = passages
        .iter()
        .enumerate()
        .flat_map(|(number, passage)| passage.sentences().into_iter().map(move |sentence| (number, sentence)))
        .collect();
    // Of what does not depend on each other one part waits while the other reads.
    let beside = || {
        let found = runs::runs(&passages, &sources)?;
        let runs = parallel::map(&found, |run| checker.borrowing(&passages[run.passage], run))?;
        let dropped = dropped(snapshot, &sources, draft, &passages, &options.superiors)?;
        let disagreements = disagreements(snapshot, &sources, draft, &passages, options.issuer.as_deref())?;
        Ok((runs.into_iter().flatten().collect(), dropped, disagreements))
    };
    let (sentences, (runs, dropped, disagreements)) =
        parallel::both(|| checker.sentences(&passages, &stretches), beside)?;
    Ok(Check {
        summary: Summary::of(&sentences),
        sentences,
        runs,
        dropped,
        disagreements,
        previous: previous.map(|previous| previous.name()),
    })
}

/// What was found for a clause.
struct ClauseFound {
    stretch: Stretch,
    closest: Closest,
}

/// What comes closest to a clause.
#[derive(Clone)]
struct Closest {
    /// The first sources in order.
    found: Vec<Found>,
    /// The largest similarity of all.
    similarity: f32,
    /// Whether any is verbatim.
    verbatim: bool,
}

impl ClauseFound {
    fn is_piece(&self) -> bool {
        self.stretch.units.len() >= PIECE && self.closest.similarity >= NEAR
    }
}

/// The largest similarity of all; 0 for none.
fn best(found: &[Found]) -> f32 {
    found.iter().map(|found| found.similarity).fold(0.0, f32::max)
}

struct Checker<'a> {
    sources: &'a Sources<'a>,
    options: &'a Options,
    previous: Option<&'a Previous>,
    own_issuer: Option<String>,
}

impl Checker<'_> {
    /// The sentences of a draft; what it says several times is looked for once.
    fn sentences(&self, passages: &[DraftPassage], stretches: &[(usize, Stretch)]) -> Result<Vec<Sentence>, Error> {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut different = Vec::new();
        let texts: Vec<usize> = stretches
            .iter()
            .map(|(number, stretch)| {
                *numbers.entry(passages[*number].text(stretch)).or_insert_with(|| {
                    different.push((*number, stretch.clone()));
                    different.len() - 1
                })
            })
            .collect();
        let found = parallel::map(&different, |(number, stretch)| self.sentence(*number, &passages[*number], stretch))?;
        let of_draft = stretches.iter().zip(texts).map(|((number, stretch), text)| {
            let passage = &passages[*number];
            let (start, end) = passage.place(&stretch.chars);
            let said = &found[text];
            // Positions inside the sentence belong to where it stood first.
            if said.clauses.is_empty() || (said.start, said.end) == (start, end) {
                let role = passage.passage.role;
                return Ok(Sentence { passage: *number, role, start, end, ..said.clone() });
            }
            self.sentence(*number, passage, stretch)
        });
        of_draft.collect()
    }

    fn sentence(&self, number: usize, passage: &DraftPassage, sentence: &Stretch) -> Result<Sentence, Error> {
        let form = passage.form(sentence);
        let mut found = self.sources.literal(form)?;
        let mut clauses = Vec::new();
        let mut verdict = match (is_formula(form), found.is_empty()) {
            (true, _) => Verdict::Formula,
            (false, false) => Verdict::Verbatim,
            (false, true) => Verdict::New,
        };
        // Beside an inferior's very words a superior's nearly equal ones may matter more.
        if found.is_empty() || verdict == Verdict::Verbatim && self.options.order == Order::Authority {
            let literal = std::mem::take(&mut found);
            clauses = self.clauses(passage, sentence)?;
            found = self.closest(passage, sentence, &clauses)?;
            found.retain(|found| !literal.iter().any(|literal| literal.place == found.place));
            found.extend(literal);
        }
        if verdict == Verdict::Verbatim {
            clauses.clear();
        }
        self.order(&mut found);
        let mut similarity = best(&found);
        let pieces: Vec<&ClauseFound> = clauses.iter().filter(|clause| clause.is_piece()).collect();
        let covered = pieces.iter().map(|clause| clause.stretch.units.len()).sum::<usize>() as f32;
        let share = covered / sentence.units.len().max(1) as f32;
        if verdict == Verdict::New && similarity >= NEAR {
            verdict = Verdict::Near;
        } else if verdict == Verdict::New && pieces.len() > 1 && share >= COMPOSED {
            verdict = Verdict::Composed;
            similarity = share;
        }
        let mut matches = Vec::new();
        if verdict == Verdict::Composed {
            for piece in pieces {
                let found = piece.closest.found[0].clone();
                let piece_of = Some(passage.place(&piece.stretch.chars));
                matches.push(Match { piece: piece_of, ..self.matched(passage, &piece.stretch, found)? });
            }
        } else {
            for found in found.iter().take(self.options.limit) {
                matches.push(self.matched(passage, sentence, found.clone())?);
            }
        }
        let least = if verdict == Verdict::Verbatim { 1.0 } else { NEAR };
        let same: Vec<&Found> = found.iter().filter(|found| found.verbatim || found.similarity >= least).collect();
        let dated = || same.iter().filter_map(|found| Some((self.sources.year(found.place)?, *found)));
        let matched = |found: Option<(i32, &Found)>| {
            found.map(|(_, found)| self.matched(passage, sentence, found.clone())).transpose()
        };
        let (start, end) = passage.place(&sentence.chars);
        Ok(Sentence {
            text: passage.text(sentence),
            passage: number,
            role: passage.passage.role,
            start,
            end,
            verdict,
            similarity,
            marks_differ: verdict == Verdict::Verbatim && self.marks_differ(passage, sentence, &found)?,
            matches,
            clauses: clauses.into_iter().map(|clause| self.clause(passage, clause)).collect::<Result<_, _>>()?,
            // Of one year, the source that comes first in order.
            first: matched(dated().min_by_key(|&(year, _)| year))?,
            last: matched(dated().min_by_key(|&(year, _)| Reverse(year)))?,
            years: dated().map(|(year, _)| year).collect::<BTreeSet<_>>().into_iter().collect(),
            passages: same.len(),
            reports: same.iter().map(|found| self.sources.report(found.place)).collect::<BTreeSet<_>>().len(),
            previous: self.previous_wording(passage, sentence)?,
        })
    }

    /// What stands in the clauses' sources, where there are several clauses.
    fn clauses(&self, passage: &DraftPassage, sentence: &Stretch) -> Result<Vec<ClauseFound>, Error> {
        let ranges = clauses(&passage.chars[sentence.chars.clone()]);
        let mut found = Vec::new();
        // A sentence may repeat itself.
        let mut known: HashMap<&[char], Closest> = HashMap::new();
        for (start, end) in ranges.iter().filter(|_| ranges.len() > 1) {
            let stretch = passage.stretch(sentence.chars.start + start, sentence.chars.start + end);
            let (form, units) = (passage.form(&stretch), &passage.wording.units[stretch.units.clone()]);
            if units.len() < 2 {
                continue;
            }
            let closest = match known.entry(form) {
                Entry::Occupied(again) => again.get().clone(),
                Entry::Vacant(first) => first.insert(self.closest_to_clause(form, units)?).clone(),
            };
            found.push(ClauseFound { stretch, closest });
        }
        Ok(found)
    }

    fn closest_to_clause(&self, form: &[char], units: &[Unit]) -> Result<Closest, Error> {
        let mut found = self.sources.literal(form)?;
        if found.is_empty() {
            found = self.sources.closest(form, units, LOOKED_INTO.1, LEAST_ALIKE)?;
        }
        self.order(&mut found);
        let similarity = best(&found);
        let verbatim = found.iter().any(|found| found.verbatim);
        found.truncate(OF_CLAUSE);
        Ok(Closest { found, similarity, verbatim })
    }

    /// What comes closest to a sentence, among its own candidates and the best of its clauses'.
    fn closest(
        &self,
        passage: &DraftPassage,
        sentence: &Stretch,
        clauses: &[ClauseFound],
    ) -> Result<Vec<Found>, Error> {
        let (form, units) = (passage.form(sentence), &passage.wording.units[sentence.units.clone()]);
        let mut found = self.sources.closest(form, units, LOOKED_INTO.0, LEAST_ALIKE)?;
        let known: HashSet<Place> = found.iter().map(|found| found.place).collect();
        let of_clauses: BTreeSet<Place> = clauses
            .iter()
            .flat_map(|clause| clause.closest.found.iter().map(|found| found.place))
            .filter(|place| !known.contains(place))
            .collect();
        found.extend(self.sources.closest_among(form, units, of_clauses, LEAST_ALIKE)?);
        Ok(found)
    }

    /// Puts sources in the order asked for.
    fn order(&self, found: &mut [Found]) {
        let issuer = self.own_issuer.as_deref();
        let best = best(found);
        found.sort_by_cached_key(|found| {
            let unlike = Reverse((found.similarity * 1e6) as u32);
            let level = self.sources.level(found.place).map_or(u32::MAX, |level| level as u32);
            let year = Reverse(self.sources.year(found.place));
            let is_other = issuer.is_some_and(|issuer| self.sources.issuer(found.place).as_deref() != Some(issuer));
            // Only among sources that say the same: what is merely closest says nothing for a superior.
            let says_it = found.similarity >= NEAR.min(best);
            let by_authority =
                (self.options.order == Order::Authority).then_some(if says_it { (0, level) } else { (1, 0) });
            (by_authority, unlike, level, year, is_other, found.place)
        });
    }

    /// Whether none of the sources that are verbatim, or of the first of many, has the draft's marks.
    fn marks_differ(&self, passage: &DraftPassage, stretch: &Stretch, found: &[Found]) -> Result<bool, Error> {
        let text = passage.text(stretch);
        for found in found.iter().filter(|found| found.verbatim).take(MARKS_COMPARED) {
            let source = self.sources.passage(found.place)?;
            if same_marks(&meant(&source, &found.form, &text).1, &text) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn matched(&self, passage: &DraftPassage, stretch: &Stretch, found: Found) -> Result<Match, Error> {
        let found = self.sources.located(found, passage.form(stretch))?;
        Match::of(self.sources, found, &passage.text(stretch), &passage.wording, stretch.units.clone())
    }

    fn clause(&self, passage: &DraftPassage, clause: ClauseFound) -> Result<Clause, Error> {
        let (start, end) = passage.place(&clause.stretch.chars);
        let similarity = clause.closest.similarity;
        let closest = clause.closest.found.first().cloned();
        let verdict = match &closest {
            Some(_) if clause.closest.verbatim => Verdict::Verbatim,
            Some(_) if similarity >= NEAR => Verdict::Near,
            _ => Verdict::New,
        };
        let closest = closest.map(|found| self.matched(passage, &clause.stretch, found)).transpose()?;
        Ok(Clause { text: passage.text(&clause.stretch), start, end, verdict, similarity, closest })
    }

    /// The wording of the same issuer's last report.
    fn previous_wording(&self, passage: &DraftPassage, sentence: &Stretch) -> Result<Option<Match>, Error> {
        let Some(previous) = self.previous else { return Ok(None) };
        let units = &passage.wording.units[sentence.units.clone()];
        let form = passage.form(sentence);
        let found = self.sources.closest_among(form, units, previous.places(), NEAR)?;
        found.into_iter().next().map(|found| self.matched(passage, sentence, found)).transpose()
    }

    fn borrowing(&self, passage: &DraftPassage, run: &Run) -> Result<Option<Borrowing>, Error> {
        let (start, end) = passage.wording.folded.origin_of(run.form.start, run.form.len());
        let form = &passage.wording.folded.chars[run.form.clone()];
        let verbatim = |&place: &Place| Found { place, units: 0..0, form: 0..0, similarity: 1.0, verbatim: true };
        let mut found: Vec<Found> = run.places.iter().map(verbatim).collect();
        self.order(&mut found);
        let Some(first) = found.first() else { return Ok(None) };
        let mut source = Match::whole(self.sources, first.place)?;
        let held = &self.sources.passage(first.place)?.wording.folded;
        source.span = held.find_all(form).next().map_or((0, 0), |at| held.origin_of(at, form.len()));
        let text = passage.chars[start..end].iter().collect();
        let (start, end) = passage.place(&(start..end));
        Ok(Some(Borrowing { text, start, end, characters: form.len(), passages: run.places.len(), source }))
    }
}
