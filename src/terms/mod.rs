//! Terms: what passages speak of more than others, and what a year says for the first time or no more.
//!
//! Candidates are runs of neighbouring words inside a clause, without numbers, numbered names and names at their
//! ends (`grams`, `classes`). `keyness` and `novelty` weigh them; `choose` lists whole terms, not their pieces.

mod choose;
mod classes;
mod corpus;
mod grams;
mod keyness;
mod neighbours;
mod novelty;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use self::corpus::{Corpus, PassageAt};
use self::grams::{Gram, Wanted};
pub use self::novelty::Direction;
use crate::error::Error;
use crate::index::{DocId, TantivyError};
use crate::query::Field;
use crate::text::sentences::clauses;
use crate::usage::Usage;
use crate::usage::located::Located;
use crate::usage::measures::Table;
use crate::wording::{Match, nearest};

/// Candidates that are weighed closely.
const MOST_WEIGHED: usize = 6_000;

/// A term.
#[derive(Default)]
pub struct Term {
    /// Its matching form.
    pub text: String,
    /// Occurrences in the target: for a key term as words of paragraphs and headings, else literally.
    pub count: u64,
    /// Occurrences wherever it was counted, likewise: target and rest, or all years that may have it.
    pub uses: u64,
    /// Reports that have it, for a new or dropped one.
    pub reports: u64,
    /// What it is ranked by; for a key term the log-likelihood.
    pub score: f64,
    /// The counts behind a key term.
    pub table: Option<Table>,
    /// Where the target first has it.
    pub first: Option<Located>,
    /// Issuer and kind of the target's series that have a new or dropped one.
    pub series: Vec<(String, String)>,
    /// What comes closest to its clause on the other side of the year.
    pub nearest: Option<Match>,
}

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Least occurrences in the target.
    pub least: u64,
    /// Most terms.
    pub limit: usize,
}

/// The key terms of a target against the rest of what was looked through.
///
/// # Errors
/// If the index is damaged.
pub fn key_terms(
    usage: &Usage,
    is_target: impl Fn(usize, DocId) -> bool,
    options: Options,
) -> Result<Vec<Term>, Error> {
    let corpus = Corpus::of(usage)?;
    keyness::key_terms(&corpus, |at| is_target(at.segment, at.doc), options.least, options.limit)
}

/// The expressions that a year has for the first time, or that were said until then; `None` where no report is there
/// to compare with. `filter` says what the closest wordings are looked for in, beside the year.
///
/// # Errors
/// If the index is damaged.
pub fn novelty(
    usage: &Usage,
    year: i32,
    direction: Direction,
    filter: &[Field],
    options: Options,
) -> Result<Option<Vec<Term>>, Error> {
    let corpus = Corpus::of(usage)?;
    let found = novelty::novelty(&corpus, year.into(), direction, options.least, options.limit)?;
    let Some(mut terms) = found else { return Ok(None) };
    let other_side = match direction {
        Direction::New => i32::MIN..=year.saturating_sub(1),
        Direction::Gone => year..=i32::MAX,
    };
    let filter: Vec<Field> =
        filter.iter().cloned().chain([Field::Year(vec![other_side])]).chain(usage.kinds.clone()).collect();
    let clauses: Vec<String> = terms.iter().map(|term| term.first.as_ref().map(clause).unwrap_or_default()).collect();
    for (term, nearest) in terms.iter_mut().zip(nearest::nearest(usage.snapshot, &clauses, &filter)?) {
        term.nearest = nearest;
    }
    Ok(Some(terms))
}

/// The clause that a term stands in.
fn clause(place: &Located) -> String {
    let chars: Vec<char> = place.passage.text.chars().collect();
    let holds = |&(start, end): &(usize, usize)| start <= place.span.0 && place.span.0 < end;
    let (start, end) = clauses(&chars).into_iter().find(holds).unwrap_or((0, 0));
    chars[start..end].iter().collect()
}

/// Where the first report of some passages has each of some grams: by year, source, and place in it.
fn first_places(corpus: &Corpus, passages: &[PassageAt], grams: &[Gram]) -> Result<Vec<Option<Located>>, TantivyError> {
    let wanted = Wanted::new(grams);
    let mut headers: HashMap<(usize, DocId), (String, u32)> = HashMap::new();
    let mut first: Vec<Option<FirstPlace>> = vec![None; grams.len()];
    for at in passages {
        let tokens = corpus.tokens(at);
        let mut found: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        wanted.for_each_in(&tokens, |number, place| {
            found.entry(number).or_insert((tokens[place.first].start, tokens[place.end - 1].end));
        });
        for (number, form) in found {
            let place = match headers.entry((at.segment, at.header)) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(new) => {
                    let header = corpus.usage.snapshot.segments[at.segment].header(at.header)?;
                    new.insert((header.source, header.place)).clone()
                }
            };
            let place = (at.year, place, at.doc - at.header, (at.segment, at.doc, form));
            let known = &mut first[number as usize];
            if known.as_ref().is_none_or(|known| place < *known) {
                *known = Some(place);
            }
        }
    }
    let read = |place: Option<FirstPlace>| {
        let place = place.map(|(.., (segment, doc, form))| Located::read(corpus.usage.snapshot, segment, doc, form));
        place.transpose()
    };
    first.into_iter().map(read).collect()
}

/// Year, source and place in it, passage, and where to read it: what stands first in an archive is least.
type FirstPlace = (Option<i64>, (String, u32), u32, (usize, DocId, (u32, u32)));
