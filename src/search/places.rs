//! Where strings stand: the places of occurrences inside passages, sentences and items.
//!
//! A place is a range of characters of the matching form with the word boundaries at its ends. Lists of places are
//! sorted by document and start. Postings name the passages, the passages' words tell the places; no text is read.
//! Counting alone is cheaper and belongs to `covers`.

use tantivy::DocId;

use super::covers::{Covers, Match, PASSAGE, intersection};
use crate::index::body::{Form, ITEM, SENTENCE_END};
use crate::index::reader::Segment;
use crate::text::fold::MARK;

/// An occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The document.
    pub doc: DocId,
    /// First character, in characters of the matching form.
    pub start: u32,
    /// One after the last.
    pub end: u32,
    /// Whether a word starts here.
    pub starts: bool,
    /// Whether a word ends here.
    pub ends: bool,
}

/// How often there is a place in each document.
pub fn count(places: &[Place]) -> Vec<Match> {
    of_documents(places)
        .map(|places| Match {
            doc: places[0].doc,
            occurrences: places.len() as u32,
            whole: places.iter().filter(|place| place.starts && place.ends).count() as u32,
        })
        .collect()
}

/// The places document by document.
pub fn of_documents(places: &[Place]) -> impl Iterator<Item = &[Place]> {
    places.chunk_by(|a, b| a.doc == b.doc)
}

/// The places of one document.
pub fn in_document(places: &[Place], doc: DocId) -> &[Place] {
    let start = places.partition_point(|place| place.doc < doc);
    let length = places[start..].partition_point(|place| place.doc == doc);
    &places[start..start + length]
}

/// Every place of a string in live documents, or in those of them that are given.
///
/// `string` is a matching form and not empty; `among` is ascending.
///
/// # Errors
/// If the index is damaged.
pub fn find(segment: &Segment, string: &str, among: Option<&[DocId]>) -> tantivy::Result<Vec<Place>> {
    let chars: Vec<char> = string.chars().collect();
    let mut form = Form::default();
    let mut places = Vec::new();
    for doc in candidates(segment, &chars, among)? {
        if !segment.is_live(doc) {
            continue;
        }
        segment.body.form(doc, &mut form)?;
        places.extend(form.occurrences(&chars).map(|(start, starts, ends)| {
            let end = start + chars.len();
            Place { doc, start: start as u32, end: end as u32, starts, ends }
        }));
    }
    Ok(places)
}

/// Passages that may hold a string, ascending: those that hold its pieces between marks, as far as looking these up is
/// cheaper than reading passages.
///
/// # Errors
/// If the index is damaged.
pub fn candidates(segment: &Segment, chars: &[char], among: Option<&[DocId]>) -> tantivy::Result<Vec<DocId>> {
    let pieces = chars.split(|&c| c == MARK).filter(|piece| !piece.is_empty());
    let with_cost = |piece| Covers::of(segment, piece).map(|covers| (covers.cost(), covers));
    let mut pieces = pieces.map(with_cost).collect::<Result<Vec<_>, _>>()?;
    pieces.sort_by_key(|(cost, _)| *cost);
    let mut candidates = among.map(<[DocId]>::to_vec);
    for (cost, piece) in pieces {
        candidates = Some(match candidates {
            None => piece.documents(segment)?,
            Some(candidates) if cost > candidates.len() * PASSAGE => return Ok(candidates),
            Some(candidates) => intersection(&candidates, &piece.documents(segment)?),
        });
    }
    Ok(candidates.unwrap_or_else(|| segment.passages().collect()))
}

/// The places that do not lie inside one of `others`.
pub fn outside(mut places: Vec<Place>, others: &[Place]) -> Vec<Place> {
    places.retain(|place| {
        let around = in_document(others, place.doc);
        !around.iter().any(|other| other.start <= place.start && place.end <= other.end)
    });
    places
}

/// Where units of passages begin: sentences or items.
pub struct Units<'a> {
    segment: &'a Segment,
    /// What is flagged at the beginning of a unit, or before it.
    flag: u8,
    /// How far behind the flag a unit begins: a sentence behind the mark that ends the one before.
    behind: u32,
    form: Form,
    starts: Vec<u32>,
}

impl Units<'_> {
    /// The sentences of a segment's passages.
    pub fn sentences(segment: &Segment) -> Units<'_> {
        Units { segment, flag: SENTENCE_END, behind: 1, form: Form::default(), starts: Vec::new() }
    }

    /// The items of a segment's passages.
    pub fn items(segment: &Segment) -> Units<'_> {
        Units { segment, flag: ITEM, behind: 0, form: Form::default(), starts: Vec::new() }
    }

    /// Where the units of a document begin, its first one apart, ascending.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn starts(&mut self, doc: DocId) -> tantivy::Result<&[u32]> {
        self.segment.body.form(doc, &mut self.form)?;
        self.starts.clear();
        let flagged = (self.behind..).zip(&self.form.flags).filter(|(_, flags)| **flags & self.flag > 0);
        self.starts.extend(flagged.map(|(at, _)| at));
        Ok(&self.starts)
    }
}

/// The number of the unit that a range lies in; `None` if it reaches over the end of one.
///
/// The mark that ends a sentence belongs to it.
pub fn unit_of(starts: &[u32], start: u32, end: u32) -> Option<usize> {
    let unit = starts.partition_point(|&first| first <= start);
    starts.get(unit).is_none_or(|&next| end <= next).then_some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_hold_ranges_that_do_not_reach_over_their_ends() {
        let starts = [5, 9];
        assert_eq!(unit_of(&starts, 0, 5), Some(0));
        assert_eq!(unit_of(&starts, 3, 6), None);
        assert_eq!(unit_of(&starts, 5, 9), Some(1));
        assert_eq!(unit_of(&starts, 9, 40), Some(2));
        assert_eq!(unit_of(&[], 3, 8), Some(0));
    }

    #[test]
    fn places_are_found_by_document() {
        let place = |doc, start| Place { doc, start, end: start + 2, starts: true, ends: true };
        let places = [place(1, 0), place(1, 4), place(3, 1)];
        assert_eq!(in_document(&places, 1).len(), 2);
        assert!(in_document(&places, 2).is_empty());
    }
}
