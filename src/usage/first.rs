//! First and last use of an expression, and how what stands around it changes over the years.
//!
//! "First" is said of the archive only. For a series it is certain if the archive holds its report of the year before;
//! otherwise the missing years are named. Conditions on years leave reports out that the archive has: then it is said of
//! what was looked through only.

use std::collections::BTreeMap;

use super::Usage;
use super::located::Located;
use crate::error::Error;
use crate::index::TantivyError;
use crate::search::coverage::Series;
use crate::search::groups::{By, Groups, Key};
use crate::search::places::Place;
use crate::search::words::{Placed, Token, Vocabulary};

/// When an expression is used.
pub struct Use {
    /// The first use in a report with a year.
    pub first: Option<Instance>,
    /// The last.
    pub last: Option<Instance>,
    /// The series that use it, those that began first.
    pub users: Vec<User>,
    /// Occurrences by year, with what stands around them.
    pub years: Vec<Year>,
    /// Occurrences in reports without a year.
    pub undated: u64,
    /// What was looked through: series by series, those of most years first.
    pub series: Vec<Series>,
}

/// One use.
pub struct Instance {
    /// The year.
    pub year: i64,
    /// The issuer, by the fullest name that the archive has for it; empty where it is not known.
    pub issuer: String,
    /// Where it stands.
    pub at: Located,
    /// Whether it starts and ends on word boundaries.
    pub is_whole: bool,
    /// How many other reports of the same year have the expression, too.
    pub others: u64,
}

/// A series that uses an expression.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct User {
    /// The issuer; empty where it is not known.
    pub issuer: String,
    /// The kind.
    pub kind: String,
    /// Year of the first use.
    pub first: i64,
    /// Year of the last.
    pub last: i64,
    /// Occurrences.
    pub occurrences: u64,
    /// What the archive has of the series before the first use.
    pub before: Before,
    /// Whether the archive has later reports of the series that conditions left out.
    pub is_open: bool,
}

/// A series before its first use of an expression.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Before {
    /// The last year before that the archive has a report of, without the expression; `None` if the series begins
    /// with the first use.
    pub known: Option<i64>,
    /// The years between without a report.
    pub missing: Vec<i64>,
    /// Whether the archive has earlier reports of the series that conditions left out.
    pub is_open: bool,
}

impl Before {
    /// Whether the year before has a report, so that it is certain that the series did not use the expression then.
    pub fn is_certain(&self) -> bool {
        self.known.is_some() && self.missing.is_empty() && !self.is_open
    }
}

/// The occurrences of one year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Year {
    /// The year.
    pub year: i64,
    /// Occurrences.
    pub occurrences: u64,
    /// How many of them start and end on word boundaries.
    pub whole: u64,
    /// What stands before them, with counts, the commonest first.
    pub left: Vec<(String, u64)>,
    /// What stands behind them.
    pub right: Vec<(String, u64)>,
}

/// Neighbouring words are taken together up to so many characters.
const BESIDE: u32 = 4;

/// Where a report stands in the order of time: date of delivery, source, place in it.
type Standing = (String, String, u32);

/// Finds first and last use.
///
/// # Errors
/// If the index is damaged.
pub fn first(usage: &Usage) -> Result<Use, Error> {
    let failure = |source| usage.snapshot.failure(source);
    let series = usage.series()?;
    let mut found = Found::default();
    for (number, places) in usage.places()?.into_iter().enumerate() {
        found.add(usage, number, places).map_err(failure)?;
    }
    let ends = [found.first(), found.last()];
    let [first, last] = ends.map(|end| end.map(|end| found.instance(usage, end)).transpose());
    let (first, last) = (first.map_err(failure)?, last.map_err(failure)?);
    let years = found.years(usage).map_err(failure)?;
    let users = found.users(usage, (&series, &usage.all_series()?)).map_err(failure)?;
    Ok(Use { first, last, users, years, undated: found.undated, series })
}

/// The series of an issuer and kind.
fn own<'a>(series: &'a [Series], issuer: &str, kind: &str) -> Option<&'a Series> {
    series.iter().find(|one| one.issuer == issuer && one.kind == kind)
}

/// What a series has before a year: in all of the archive, and among what was looked through.
fn before(all: Option<&Series>, looked_through: Option<&Series>, year: i64) -> Before {
    let known = all.and_then(|series| series.years.range(..year).next_back().copied());
    let is_open = known.is_some_and(|known| looked_through.is_none_or(|series| !series.years.contains(&known)));
    let known = known.filter(|_| !is_open);
    // What is given every five years lacks nothing in between.
    let annual = known.filter(|_| all.is_some_and(Series::is_annual));
    Before { known, missing: annual.map(|known| (known + 1..year).collect()).unwrap_or_default(), is_open }
}

/// The occurrences found.
#[derive(Default)]
struct Found {
    dated: BTreeMap<i64, Vec<(usize, Place)>>,
    undated: u64,
}

impl Found {
    fn add(&mut self, usage: &Usage, number: usize, places: Vec<Place>) -> Result<(), TantivyError> {
        let groups = Groups::of(&usage.snapshot.segments[number], By::Year)?;
        for place in places {
            match groups.key(groups.number(place.doc)) {
                Key::Year(year) => self.dated.entry(year).or_default().push((number, place)),
                _ => self.undated += 1,
            }
        }
        Ok(())
    }

    /// The occurrences of the first year.
    fn first(&self) -> Option<(i64, bool)> {
        self.dated.keys().next().map(|&year| (year, false))
    }

    fn last(&self) -> Option<(i64, bool)> {
        self.dated.keys().next_back().map(|&year| (year, true))
    }

    /// The series with their uses, those that began first.
    fn users(&self, usage: &Usage, (looked_through, all): (&[Series], &[Series])) -> Result<Vec<User>, TantivyError> {
        let mut users: BTreeMap<(String, String), User> = BTreeMap::new();
        for (&year, standing) in &self.dated {
            for of_report in standing.chunk_by(|a, b| is_of_one_report(usage, a, b)) {
                let (number, place) = of_report[0];
                let segment = &usage.snapshot.segments[number];
                let issuer = usage.snapshot.issuer_of(segment, place.doc)?;
                let kind = segment.kind_of(place.doc)?.unwrap_or_default();
                let user = users.entry((issuer, kind)).or_insert_with_key(|(issuer, kind)| {
                    let before = before(own(all, issuer, kind), own(looked_through, issuer, kind), year);
                    let (issuer, kind) = (issuer.clone(), kind.clone());
                    User { issuer, kind, first: year, last: year, occurrences: 0, before, is_open: false }
                });
                user.last = year;
                user.occurrences += of_report.len() as u64;
            }
        }
        let last = |series: &[Series], user: &User| {
            own(series, &user.issuer, &user.kind).and_then(|series| series.years.last().copied())
        };
        let mut users: Vec<User> = users.into_values().collect();
        for user in &mut users {
            user.is_open = last(all, user) > last(looked_through, user);
        }
        users.sort_by(|a, b| (a.first, &a.issuer, &a.kind).cmp(&(b.first, &b.issuer, &b.kind)));
        Ok(users)
    }

    /// The earliest (or latest) use of a year.
    fn instance(&self, usage: &Usage, (year, latest): (i64, bool)) -> Result<Instance, TantivyError> {
        let of_year = self.dated.get(&year).map(Vec::as_slice).unwrap_or_default();
        let mut reports: Vec<(Standing, usize, Place)> = Vec::new();
        for of_report in of_year.chunk_by(|a, b| is_of_one_report(usage, a, b)) {
            // Of one report, the first place, or the last.
            let (number, place) = of_report[if latest { of_report.len() - 1 } else { 0 }];
            let segment = &usage.snapshot.segments[number];
            let header = segment.header(segment.header_of(place.doc))?;
            // Of unknown date is neither the first nor the last.
            let unknown = if latest { "" } else { "~" }.to_owned();
            let delivered = header.metadata.delivered.as_ref().map_or(unknown, |date| date.value.clone());
            reports.push(((delivered, header.source, header.place), number, place));
        }
        let others = (reports.len() as u64).saturating_sub(1);
        reports.sort_by(|a, b| a.0.cmp(&b.0));
        let chosen = if latest { reports.last() } else { reports.first() };
        let missing = || TantivyError::InvalidArgument("a year without occurrences".to_owned());
        let (_, number, place) = chosen.ok_or_else(missing)?;
        let at = Located::read(usage.snapshot, *number, place.doc, (place.start, place.end))?;
        let issuer = usage.snapshot.issuer_of(&usage.snapshot.segments[*number], place.doc)?;
        Ok(Instance { year, issuer, at, is_whole: place.starts && place.ends, others })
    }

    /// The years with what stands around.
    fn years(&self, usage: &Usage) -> Result<Vec<Year>, TantivyError> {
        let words = usage.words()?;
        let year = |(&year, standing): (&i64, &Vec<(usize, Place)>)| {
            let mut sides: [BTreeMap<String, u64>; 2] = Default::default();
            for of_passage in standing.chunk_by(|a, b| (a.0, a.1.doc) == (b.0, b.1.doc)) {
                let tokens = words.passage(of_passage[0].0, of_passage[0].1.doc);
                for (_, place) in of_passage {
                    let [left, right] = &mut sides;
                    let text = |tokens: Vec<&Placed>| -> String {
                        let word = |token: &&Placed| match token.token {
                            Token::Word(id) => words.vocabulary.word(id),
                            _ => "",
                        };
                        tokens.iter().map(word).collect()
                    };
                    let mut before =
                        beside(tokens.iter().rev().skip_while(|token| token.end > place.start), &words.vocabulary);
                    before.reverse();
                    let behind = beside(tokens.iter().skip_while(|token| token.start < place.end), &words.vocabulary);
                    for (side, words) in [(left, text(before)), (right, text(behind))] {
                        if !words.is_empty() {
                            *side.entry(words).or_default() += 1;
                        }
                    }
                }
            }
            let [left, right] = sides.map(by_count);
            let whole = standing.iter().filter(|(_, place)| place.starts && place.ends).count() as u64;
            Year { year, occurrences: standing.len() as u64, whole, left, right }
        };
        Ok(self.dated.iter().map(year).collect())
    }
}

/// Whether two occurrences stand in one report.
fn is_of_one_report(usage: &Usage, a: &(usize, Place), b: &(usize, Place)) -> bool {
    let header = |(number, place): &(usize, Place)| usage.snapshot.segments[*number].header_of(place.doc);
    a.0 == b.0 && header(a) == header(b)
}

/// The words that follow each other from an occurrence on, up to [`BESIDE`] characters; at least one, if there is one
/// before the next mark or enumerator.
fn beside<'a>(tokens: impl Iterator<Item = &'a Placed>, vocabulary: &Vocabulary) -> Vec<&'a Placed> {
    let mut taken = Vec::new();
    let mut length = 0;
    // （一）: its brackets are not in the matching form.
    let is_enumerator = |word: &str| word.chars().count() == 1 && "一二三四五六七八九十".contains(word);
    let goes_on = |token: &&Placed| match token.token {
        Token::Word(word) => !is_enumerator(vocabulary.word(word)),
        _ => false,
    };
    for token in tokens.take_while(goes_on) {
        length += token.end - token.start;
        if length > BESIDE && !taken.is_empty() {
            break;
        }
        taken.push(token);
    }
    taken
}

fn by_count(counts: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_taken_up_to_four_characters_and_a_mark() {
        let placed = |words: &[(u32, bool)]| -> Vec<Placed> {
            let mut start = 0;
            let place = |&(length, is_word): &(u32, bool)| {
                let token = if is_word { Token::Word(0) } else { Token::Other };
                start += length;
                Placed { token, start: start - length, end: start }
            };
            words.iter().map(place).collect()
        };
        let count = |words: &[(u32, bool)]| beside(placed(words).iter(), &Vocabulary::default()).len();
        assert_eq!(count(&[(2, true), (2, true), (1, true)]), 2);
        assert_eq!(count(&[(6, true), (2, true)]), 1);
        assert_eq!(count(&[(2, true), (1, false), (2, true)]), 1);
        assert_eq!(count(&[(1, false)]), 0);
    }
}
