//! What to say when nothing is found: which part has no match, what is nearest, what the archive covers.
//!
//! "Never said" is worth no more than the archive behind it, so the years it lacks are part of the answer.

use std::collections::{BTreeMap, HashMap};

use super::coverage::{Coverage, coverage};
use super::literal;
use super::places;
use crate::index::reader::{Segment, Snapshot};
use crate::query::Field;
use crate::text::fold::MARK;
use crate::text::issuers;

/// Why nothing was found, and what there is instead.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Absence {
    /// The strings asked for, each with what it finds by itself in the whole archive.
    pub parts: Vec<Counted>,
    /// Strings of the archive that are nearest to those that find nothing: a character apart, or else the
    /// longest parts of them.
    pub nearest: Vec<Counted>,
    /// What the issuers named in the query call themselves in their own reports.
    pub self_names: Vec<SelfName>,
    /// What was searched.
    pub coverage: Coverage,
}

/// A string with its counts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Counted {
    /// Its matching form.
    pub text: String,
    /// Passages that hold it.
    pub passages: u64,
    /// Its occurrences in them.
    pub occurrences: u64,
}

/// How an issuer names itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SelfName {
    /// The issuer.
    pub issuer: String,
    /// The string in its own words.
    pub text: String,
    /// How often that stands in its reports.
    pub occurrences: u64,
}

/// Strings that are looked at more closely when nothing is found.
const MOST_STRINGS: usize = 3;

/// Nearest strings that are named.
const MOST_NEAREST: usize = 5;

/// Places per segment at which the surroundings of half a string are read.
const MOST_PLACES: usize = 1_000;

/// Longest string that is compared with its neighbours, in characters.
const LONGEST: usize = 40;

/// Explains an empty result.
///
/// # Errors
/// If the index is damaged.
pub fn explain(snapshot: &Snapshot, strings: &[&str], filter: &[Field]) -> tantivy::Result<Absence> {
    let mut absence = Absence { coverage: coverage(snapshot, filter)?, ..Absence::default() };
    for string in strings {
        absence.parts.push(counted(snapshot, string)?);
    }
    let missing = |part: &&Counted| part.passages == 0 && part.text.chars().count() <= LONGEST;
    let missing: Vec<String> =
        absence.parts.iter().filter(missing).take(MOST_STRINGS).map(|part| part.text.clone()).collect();
    for string in &missing {
        absence.nearest.extend(nearest(snapshot, string)?);
    }
    absence.self_names = self_names(snapshot, strings)?;
    Ok(absence)
}

fn counted(snapshot: &Snapshot, string: &str) -> tantivy::Result<Counted> {
    let mut counted = Counted { text: string.to_owned(), passages: 0, occurrences: 0 };
    for segment in &snapshot.segments {
        for m in literal::find(segment, string)? {
            counted.passages += 1;
            counted.occurrences += u64::from(m.occurrences);
        }
    }
    Ok(counted)
}

fn nearest(snapshot: &Snapshot, string: &str) -> tantivy::Result<Vec<Counted>> {
    let chars: Vec<char> = string.chars().collect();
    let mut seen: HashMap<String, u64> = HashMap::new();
    if chars.len() > 2 {
        // A string one character off leaves one half of it as it is.
        let (head, tail) = chars.split_at(chars.len() / 2);
        for segment in &snapshot.segments {
            around(segment, head, tail, true, &mut seen)?;
            around(segment, tail, head, false, &mut seen)?;
        }
    }
    let mut by_count: Vec<(String, u64)> = seen.into_iter().collect();
    by_count.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let found = match by_count.len() {
        0 => longest_parts(snapshot, &chars)?,
        _ => by_count.into_iter().map(|(string, _)| string).take(MOST_NEAREST).collect(),
    };
    found.iter().map(|string| counted(snapshot, string)).collect()
}

/// Strings that begin (or end) with `half` and differ from the rest by one character.
fn around(
    segment: &Segment,
    half: &[char],
    rest: &[char],
    half_first: bool,
    seen: &mut HashMap<String, u64>,
) -> tantivy::Result<()> {
    let half_text: String = half.iter().collect();
    let standing = places::find(segment, &half_text, None)?;
    for of_document in places::of_documents(&standing).take(MOST_PLACES) {
        let form = segment.form(of_document[0].doc)?.chars;
        for place in of_document {
            let (start, end) = (place.start as usize, place.end as usize);
            let side = if half_first { &form[end..] } else { &form[..start] };
            // Of the same length first: what is replaced is nearer than what is left out or put in.
            let lengths = [rest.len(), rest.len().saturating_sub(1), rest.len() + 1];
            let beside = lengths.into_iter().filter(|&length| length > 0 && length <= side.len()).find_map(|length| {
                let beside = if half_first { &side[..length] } else { &side[side.len() - length..] };
                (!beside.contains(&MARK) && one_edit_apart(beside, rest)).then_some(beside)
            });
            if let Some(beside) = beside {
                let beside: String = beside.iter().collect();
                let string = if half_first { format!("{half_text}{beside}") } else { format!("{beside}{half_text}") };
                *seen.entry(string).or_default() += 1;
            }
        }
    }
    Ok(())
}

/// Whether two strings differ by exactly one substitution, insertion or deletion.
fn one_edit_apart(a: &[char], b: &[char]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let common = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    match long.len() - short.len() {
        0 => common < short.len() && short[common + 1..] == long[common + 1..],
        1 => short[common..] == long[common + 1..],
        _ => false,
    }
}

/// The longest parts of a string, of two characters or more, that are found.
fn longest_parts(snapshot: &Snapshot, chars: &[char]) -> tantivy::Result<Vec<String>> {
    let text = |start: usize, end: usize| chars[start..end].iter().collect::<String>();
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let mut end = 0;
    for start in 0..chars.len() {
        end = end.max(start);
        while end < chars.len() && counted(snapshot, text(start, end + 1).as_str())?.passages > 0 {
            end += 1;
        }
        let inside = parts.last().is_some_and(|last| end <= last.1);
        if end - start > 1 && !inside {
            parts.push((start, end));
        }
    }
    parts.sort_by_key(|(start, end)| std::cmp::Reverse(end - start));
    Ok(parts.into_iter().take(MOST_NEAREST).map(|(start, end)| text(start, end)).collect())
}

fn self_names(snapshot: &Snapshot, strings: &[&str]) -> tantivy::Result<Vec<SelfName>> {
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for segment in &snapshot.segments {
        for (number, issuer) in (0..).zip(segment.issuer.all()?) {
            for own in strings.iter().filter_map(|string| issuers::as_self(string, issuer)) {
                let of_issuer = |doc| segment.issuer.number(doc) == Some(number);
                let found = literal::find(segment, &own)?;
                let occurrences =
                    found.iter().filter(|m| of_issuer(m.doc)).map(|m| u64::from(m.occurrences)).sum::<u64>();
                *counts.entry((issuer.clone(), own)).or_default() += occurrences;
            }
        }
    }
    let named = counts.into_iter().filter(|(_, occurrences)| *occurrences > 0);
    Ok(named.map(|((issuer, text), occurrences)| SelfName { issuer, text, occurrences }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit() {
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        for (a, b, expected) in [
            ("社区", "社群", true),
            ("社区", "社区", false),
            ("社区", "产社区", true),
            ("社", "社区", true),
            ("产社", "社区", false),
            ("", "社", true),
            ("社区建设", "社会建没", false),
        ] {
            assert_eq!(one_edit_apart(&chars(a), &chars(b)), expected, "{a} {b}");
        }
    }
}
