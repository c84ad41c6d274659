//! The words of passages in order, from postings alone: the documents' own segmentation, without a dictionary.
//!
//! Every word of a passage begins exactly one term that tells so (`index::tokens`): a word term, or the seam of a
//! word by itself or of a run's first character. Written at their positions, the terms give the text back word by
//! word; marks have terms of their own. White space is no word.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use tantivy::postings::{Postings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use crate::index::reader::{Segment, Snapshot};
use crate::index::tokens::{Layout, Left, SEAM, SeamKind};

/// A word by its number in the [`Vocabulary`].
pub type WordId = u32;

/// The words that passages hold, as matching forms.
#[derive(Default)]
pub struct Vocabulary {
    ids: HashMap<String, WordId>,
    words: Vec<String>,
}

impl Vocabulary {
    /// The word with this number; empty for a number that was never given.
    pub fn word(&self, id: WordId) -> &str {
        self.words.get(id as usize).map_or("", String::as_str)
    }

    /// The number of a word, if it is known.
    pub fn id(&self, word: &str) -> Option<WordId> {
        self.ids.get(word).copied()
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    fn intern(&mut self, word: &str) -> WordId {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        let id = self.words.len() as WordId;
        self.words.push(word.to_owned());
        self.ids.insert(word.to_owned(), id);
        id
    }
}

/// What stands at a place of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// A word.
    Word(WordId),
    /// A mark that ends a sentence.
    SentenceEnd,
    /// Any other mark, or white space.
    Other,
}

/// A token and the characters of the matching form that it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// What it is.
    pub token: Token,
    /// First character.
    pub start: u32,
    /// One after the last.
    pub end: u32,
}

/// The words of some passages of each segment.
pub struct Words {
    /// The words' spelling.
    pub vocabulary: Vocabulary,
    segments: Vec<OfSegment>,
}

/// One cell a character of the passages: 0 where no token begins, else one of the marks, or a word's number above
/// [`FIRST_WORD`].
struct OfSegment {
    cells: Vec<u32>,
    /// Where each document's cells begin, and the end.
    offsets: Vec<usize>,
}

const SENTENCE_END: u32 = 1;
const OTHER: u32 = 2;
const FIRST_WORD: u32 = 3;

/// Cells are tagged characters until all terms are there.
const SOLE: u32 = 1 << 30;
const START: u32 = 2 << 30;
const INNER: u32 = 3 << 30;
const TAG: u32 = 3 << 30;

impl Words {
    /// The words of the live passages that `wanted` (by segment and document) accepts.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(snapshot: &Snapshot, wanted: impl Fn(usize, DocId) -> bool) -> tantivy::Result<Words> {
        let mut vocabulary = Vocabulary::default();
        let mut segments = Vec::with_capacity(snapshot.segments.len());
        for (number, segment) in snapshot.segments.iter().enumerate() {
            segments.push(OfSegment::of(segment, |doc| wanted(number, doc), &mut vocabulary)?);
        }
        Ok(Words { vocabulary, segments })
    }

    /// The tokens of a passage in order; none if it was not wanted.
    pub fn passage(&self, segment: usize, doc: DocId) -> Vec<Placed> {
        self.segments.get(segment).map(|segment| segment.passage(doc)).unwrap_or_default()
    }
}

impl OfSegment {
    fn of(
        segment: &Segment,
        wanted: impl Fn(DocId) -> bool,
        vocabulary: &mut Vocabulary,
    ) -> tantivy::Result<OfSegment> {
        let mut offsets = Vec::with_capacity(segment.max_doc() as usize + 1);
        let mut total = 0;
        offsets.push(0);
        for doc in 0..segment.max_doc() {
            if segment.is_live(doc) && wanted(doc) {
                total += segment.characters(doc) as usize;
            }
            offsets.push(total);
        }
        if total == 0 {
            return Ok(OfSegment { cells: Vec::new(), offsets });
        }
        let terms = terms(segment, vocabulary)?;
        let cells: Vec<AtomicU32> = (0..total).map(|_| AtomicU32::new(0)).collect();
        let threads = thread::available_parallelism().map_or(1, |n| n.get());
        thread::scope(|scope| {
            // Common terms stand side by side in the dictionary: dealt out in turn, every thread has its share.
            let running: Vec<_> = (0..threads)
                .map(|turn| (turn, &terms, &offsets, &cells))
                .map(|(turn, terms, offsets, cells)| {
                    scope.spawn(move || {
                        let mut mine = terms.iter().skip(turn).step_by(threads);
                        mine.try_for_each(|(term, cell)| write(segment, term, *cell, offsets, cells))
                    })
                })
                .collect();
            running
                .into_iter()
                .try_for_each(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })?;
        let mut cells: Vec<u32> = cells.into_iter().map(AtomicU32::into_inner).collect();
        for range in offsets.windows(2).filter(|range| range[0] < range[1]) {
            spell(&mut cells[range[0]..range[1]], vocabulary);
        }
        Ok(OfSegment { cells, offsets })
    }

    fn passage(&self, doc: DocId) -> Vec<Placed> {
        let doc = doc as usize;
        let (Some(&start), Some(&end)) = (self.offsets.get(doc), self.offsets.get(doc + 1)) else { return Vec::new() };
        let cells = &self.cells[start..end];
        let mut placed: Vec<Placed> = Vec::with_capacity(cells.len() * 2 / 3);
        for (at, &cell) in (0..).zip(cells) {
            if cell == 0 {
                continue;
            }
            if let Some(last) = placed.last_mut() {
                last.end = at;
            }
            let token = match cell {
                SENTENCE_END => Token::SentenceEnd,
                OTHER => Token::Other,
                word => Token::Word(word - FIRST_WORD),
            };
            placed.push(Placed { token, start: at, end: cells.len() as u32 });
        }
        placed
    }
}

/// The terms that say where words and marks begin, with what they write there.
fn terms(segment: &Segment, vocabulary: &mut Vocabulary) -> tantivy::Result<Vec<(TermInfo, u32)>> {
    let mut terms = Vec::new();
    let mut stream = segment.body.terms().stream()?;
    let layouts = [(Layout::SentenceEnd.term(), SENTENCE_END), (Layout::OtherMark.term(), OTHER)];
    while stream.advance() {
        let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
        let cell = match term.strip_prefix(SEAM) {
            None => vocabulary.intern(term) + FIRST_WORD,
            Some(seam) => {
                let mut chars = seam.chars();
                let left = chars.next().map_or(0, u32::from);
                match (layouts.iter().find(|(layout, _)| layout == term), chars.nth(1).and_then(SeamKind::from_letter))
                {
                    (Some((_, cell)), _) => *cell,
                    (None, Some(SeamKind { left: Left::Sole, .. })) => SOLE | left,
                    (None, Some(SeamKind { left: Left::Start, .. })) => START | left,
                    (None, Some(SeamKind { left: Left::Inner, .. })) => INNER | left,
                    _ => continue,
                }
            }
        };
        terms.push((stream.value().clone(), cell));
    }
    Ok(terms)
}

/// Writes a cell wherever a term stands.
fn write(segment: &Segment, term: &TermInfo, cell: u32, offsets: &[usize], cells: &[AtomicU32]) -> io::Result<()> {
    let mut postings = segment.body.read_postings_from_terminfo(term, IndexRecordOption::WithFreqsAndPositions)?;
    let mut positions = Vec::new();
    while postings.doc() != TERMINATED {
        let doc = postings.doc() as usize;
        let (start, end) = (offsets[doc], offsets[doc + 1]);
        if start < end {
            postings.positions(&mut positions);
            for &position in &positions {
                if let Some(at) = cells[start..end].get(position as usize) {
                    at.store(cell, Ordering::Relaxed);
                }
            }
        }
        postings.advance();
    }
    Ok(())
}

/// Turns the tagged characters of a passage into words.
fn spell(cells: &mut [u32], vocabulary: &mut Vocabulary) {
    let char_of = |cell: u32| char::from_u32(cell & !TAG).unwrap_or(char::REPLACEMENT_CHARACTER);
    let mut word = String::new();
    for at in 0..cells.len() {
        match cells[at] & TAG {
            SOLE if char_of(cells[at]) == ' ' => cells[at] = OTHER,
            tag @ (SOLE | START) => {
                word.clear();
                word.push(char_of(cells[at]));
                let mut next = at + 1;
                while tag == START && cells.get(next).is_some_and(|cell| cell & TAG == INNER) {
                    word.push(char_of(cells[next]));
                    cells[next] = 0;
                    next += 1;
                }
                cells[at] = vocabulary.intern(&word) + FIRST_WORD;
            }
            _ => {}
        }
    }
}
