//! Where strings stand: the places of occurrences inside passages, sentences and items, from postings alone.
//!
//! A place is a range of characters of the matching form with the word boundaries at its ends. Lists of
//! places are sorted by document and start. Counting alone is cheaper and belongs to `covers`.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use super::covers::{self, Covers, Match, is_at, needed};
use crate::index::reader::Segment;
use crate::index::tokens::Layout;
use crate::text::fold::{MARK, fold};

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
    let mut places = if chars.len() > LONG {
        in_texts(segment, &chars, among)?
    } else if chars.contains(&MARK) {
        with_marks(segment, &chars, among)?
    } else {
        without_marks(segment, &chars, among)?
    };
    places.retain(|place| segment.is_live(place.doc));
    Ok(places)
}

fn without_marks(segment: &Segment, chars: &[char], among: Option<&[DocId]>) -> tantivy::Result<Vec<Place>> {
    let mut found = Vec::new();
    let Covers { complete, partial, .. } = Covers::of(segment, chars)?;
    let length = chars.len() as u32;
    for cover in &complete {
        let (starts, ends) = (cover.starts, cover.ends);
        for_each_position(cover.postings(segment)?, among, |doc, position| {
            let start = position.wrapping_add_signed(-cover.first);
            found.push(Place { doc, start, end: start + length, starts, ends });
        });
    }
    covers::for_each_pieced(segment, partial, needed(chars), among, |doc, pieced| {
        found.extend(pieced.iter().map(|place| {
            let start = place.start as u32;
            Place { doc, start, end: start + length, starts: place.starts, ends: place.ends }
        }));
    })?;
    found.sort_unstable();
    Ok(found)
}

fn for_each_position(mut postings: SegmentPostings, among: Option<&[DocId]>, mut each: impl FnMut(DocId, u32)) {
    let mut positions = Vec::new();
    let mut emit = |postings: &mut SegmentPostings| {
        let doc = postings.doc();
        postings.positions(&mut positions);
        positions.iter().for_each(|&position| each(doc, position));
    };
    match among {
        None => {
            while postings.doc() != TERMINATED {
                emit(&mut postings);
                postings.advance();
            }
        }
        Some(among) => {
            for &doc in among {
                if is_at(&mut postings, doc) {
                    emit(&mut postings);
                } else if postings.doc() == TERMINATED {
                    break;
                }
            }
        }
    }
}

/// Strings with marks: the pieces between them and the marks have to stand at their distances.
fn with_marks(segment: &Segment, chars: &[char], among: Option<&[DocId]>) -> tantivy::Result<Vec<Place>> {
    /// A piece between marks, and where it begins in the string.
    struct Piece<'a> {
        text: &'a [char],
        at: u32,
    }
    let mut pieces = Vec::new();
    let mut marks = Vec::new();
    let mut at = 0;
    for text in chars.split(|&c| c == MARK) {
        if at > 0 {
            marks.push(at - 1);
        }
        if !text.is_empty() {
            pieces.push(Piece { text, at });
        }
        at += text.len() as u32 + 1;
    }
    let mut candidates = among.map(<[DocId]>::to_vec);
    for piece in &pieces {
        let docs: Vec<DocId> = covers::count(segment, piece.text)?.into_iter().map(|m| m.doc).collect();
        candidates = Some(match candidates {
            None => docs,
            Some(candidates) => intersection(&candidates, &docs),
        });
    }
    let mut found: Option<Vec<Place>> = None;
    for piece in &pieces {
        let length = chars.len() as u32;
        let moved: Vec<Place> = without_marks(segment, piece.text, candidates.as_deref())?
            .into_iter()
            .filter_map(|place| {
                let start = place.start.checked_sub(piece.at)?;
                let end = start + length;
                // Beside a mark inside the string there always is a boundary.
                Some(Place {
                    start,
                    end,
                    starts: piece.at > 0 || place.starts,
                    ends: place.end < end || place.ends,
                    ..place
                })
            })
            .collect();
        found = Some(match found {
            None => moved,
            Some(found) => joined(&found, &moved),
        });
    }
    let mut standing = Marks::open(segment)?;
    match found {
        // Nothing but one mark.
        None => Ok(standing.all(among)),
        Some(mut found) => {
            found.retain(|place| {
                marks.iter().all(|at| standing.of(place.doc).binary_search(&(place.start + at)).is_ok())
            });
            Ok(found)
        }
    }
}

/// Longer strings, in characters, are found in texts: few passages hold even some of their pairs, and there would
/// be many postings to follow.
pub const LONG: usize = 64;

/// Pairs of a long string that a passage has to hold before its text is read.
const SAMPLE: usize = 16;

/// Long strings: candidates by some of their pairs, the decision on the text.
fn in_texts(segment: &Segment, chars: &[char], among: Option<&[DocId]>) -> tantivy::Result<Vec<Place>> {
    let pairs: Vec<usize> = (0..chars.len() - 1).filter(|&at| chars[at] != MARK && chars[at + 1] != MARK).collect();
    let mut candidates = among.map_or_else(|| segment.passages().collect(), <[DocId]>::to_vec);
    for &at in pairs.iter().step_by(pairs.len().div_ceil(SAMPLE).max(1)) {
        let holding: Vec<DocId> = covers::count(segment, &chars[at..at + 2])?.into_iter().map(|m| m.doc).collect();
        candidates = intersection(&candidates, &holding);
    }
    let mut found = Vec::new();
    for &doc in &candidates {
        let folded = fold(&segment.text(doc)?);
        found.extend(folded.find_all(chars).map(|start| {
            let (start, end) = (start as u32, (start + chars.len()) as u32);
            Place { doc, start, end, starts: false, ends: false }
        }));
    }
    // The word boundaries at the ends are those of the first and last character there.
    let docs: Vec<DocId> = of_documents(&found).map(|places| places[0].doc).collect();
    let (first, last) = (chars[0], chars[chars.len() - 1]);
    let singles = |c: char| if c == MARK { Ok(Vec::new()) } else { without_marks(segment, &[c], Some(&docs)) };
    let (opening, closing) = (singles(first)?, singles(last)?);
    for place in &mut found {
        let opens = |p: &Place| p.start == place.start && p.starts;
        let closes = |p: &Place| p.end == place.end && p.ends;
        let (starts, ends) = (
            first == MARK || in_document(&opening, place.doc).iter().any(opens),
            last == MARK || in_document(&closing, place.doc).iter().any(closes),
        );
        (place.starts, place.ends) = (starts, ends);
    }
    Ok(found)
}

/// Places of both lists at the same start; word boundaries have to be there for both.
fn joined(a: &[Place], b: &[Place]) -> Vec<Place> {
    let mut joined = Vec::new();
    let mut b = b.iter().peekable();
    for place in a {
        while b.next_if(|other| (other.doc, other.start) < (place.doc, place.start)).is_some() {}
        if let Some(other) = b.peek().filter(|other| (other.doc, other.start) == (place.doc, place.start)) {
            joined.push(Place { starts: place.starts && other.starts, ends: place.ends && other.ends, ..*place });
        }
    }
    joined
}

/// The places that do not lie inside one of `others`.
pub fn outside(mut places: Vec<Place>, others: &[Place]) -> Vec<Place> {
    places.retain(|place| {
        let around = in_document(others, place.doc);
        !around.iter().any(|other| other.start <= place.start && place.end <= other.end)
    });
    places
}

/// The documents of both lists, ascending.
pub fn intersection(a: &[DocId], b: &[DocId]) -> Vec<DocId> {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().copied().filter(|doc| many.binary_search(doc).is_ok()).collect()
}

/// The marks of passages. Documents have to be asked for in ascending order.
struct Marks {
    postings: Vec<SegmentPostings>,
    doc: DocId,
    positions: Vec<u32>,
}

impl Marks {
    fn open(segment: &Segment) -> tantivy::Result<Marks> {
        let mut postings = Vec::new();
        for layout in [Layout::SentenceEnd, Layout::OtherMark] {
            postings.extend(layout_postings(segment, layout)?);
        }
        Ok(Marks { postings, doc: TERMINATED, positions: Vec::new() })
    }

    /// Positions of the marks of a document, ascending.
    fn of(&mut self, doc: DocId) -> &[u32] {
        if self.doc != doc {
            self.doc = doc;
            self.positions.clear();
            for postings in &mut self.postings {
                if is_at(postings, doc) {
                    postings.append_positions_with_offset(0, &mut self.positions);
                }
            }
            self.positions.sort_unstable();
        }
        &self.positions
    }

    /// Every mark, as a place of one character.
    fn all(self, among: Option<&[DocId]>) -> Vec<Place> {
        let mut places = Vec::new();
        for postings in self.postings {
            for_each_position(postings, among, |doc, start| {
                places.push(Place { doc, start, end: start + 1, starts: true, ends: true });
            });
        }
        places.sort_unstable();
        places
    }
}

fn layout_postings(segment: &Segment, layout: Layout) -> tantivy::Result<Option<SegmentPostings>> {
    let info = segment.body.terms().get(layout.term())?;
    let option = IndexRecordOption::WithFreqsAndPositions;
    Ok(info.map(|info| segment.body.read_postings_from_terminfo(&info, option)).transpose()?)
}

/// Where units of passages begin: sentences or items. Documents have to be asked for in ascending order.
pub struct Units {
    postings: Option<SegmentPostings>,
    /// How far behind a term's position a unit begins: a sentence behind the mark that ends the one before.
    behind: u32,
    starts: Vec<u32>,
}

impl Units {
    /// The sentences of a segment's passages.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn sentences(segment: &Segment) -> tantivy::Result<Units> {
        Ok(Units { postings: layout_postings(segment, Layout::SentenceEnd)?, behind: 1, starts: Vec::new() })
    }

    /// The items of a segment's passages.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn items(segment: &Segment) -> tantivy::Result<Units> {
        Ok(Units { postings: layout_postings(segment, Layout::ItemStart)?, behind: 0, starts: Vec::new() })
    }

    /// Where the units of a document begin, its first one apart, ascending.
    pub fn starts(&mut self, doc: DocId) -> &[u32] {
        self.starts.clear();
        if let Some(postings) = &mut self.postings
            && is_at(postings, doc)
        {
            postings.positions(&mut self.starts);
            self.starts.iter_mut().for_each(|start| *start += self.behind);
        }
        &self.starts
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
    fn lists_are_joined_by_place() {
        let place = |doc, start, starts| Place { doc, start, end: start + 2, starts, ends: true };
        let a = [place(1, 0, true), place(1, 4, true), place(3, 1, true)];
        let b = [place(1, 4, false), place(2, 0, true), place(3, 1, true)];
        assert_eq!(joined(&a, &b), [place(1, 4, false), place(3, 1, true)]);
        assert_eq!(intersection(&[1, 3, 5], &[2, 3, 4, 5, 6]), [3, 5]);
        let places = [place(1, 0, true), place(1, 4, true), place(3, 1, true)];
        assert_eq!(in_document(&places, 1).len(), 2);
        assert!(in_document(&places, 2).is_empty());
    }
}
