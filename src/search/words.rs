//! The words of passages in order, as the index keeps them: the documents' own segmentation, without a dictionary.
//!
//! Words have one number in all segments. White space is no word.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;

use rustc_hash::FxBuildHasher;
use tantivy::DocId;

use crate::index::body::Token as Stored;
use crate::index::reader::{Segment, Snapshot};

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

/// The words of some passages of a snapshot.
pub struct Words<'a> {
    /// The words' spelling.
    pub vocabulary: Vocabulary,
    segments: Vec<OfSegment<'a>>,
}

struct OfSegment<'a> {
    segment: &'a Segment,
    /// By rank in the segment: length in characters and number, of the words that were asked for.
    words: HashMap<u32, (u32, Token), FxBuildHasher>,
}

impl<'a> Words<'a> {
    /// The words of the live passages that `wanted` (by segment and document) accepts.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(snapshot: &'a Snapshot, wanted: impl Fn(usize, DocId) -> bool) -> io::Result<Words<'a>> {
        let mut vocabulary = Vocabulary::default();
        let mut segments = Vec::with_capacity(snapshot.segments.len());
        for (number, segment) in snapshot.segments.iter().enumerate() {
            let mut of_segment = OfSegment { segment, words: HashMap::default() };
            for doc in segment.passages().filter(|&doc| wanted(number, doc)) {
                of_segment.learn(doc, &mut vocabulary)?;
            }
            segments.push(of_segment);
        }
        Ok(Words { vocabulary, segments })
    }

    /// The tokens of a passage in order; none if it was not asked for.
    pub fn passage(&self, segment: usize, doc: DocId) -> Vec<Placed> {
        self.segments.get(segment).and_then(|segment| segment.passage(doc).ok()).unwrap_or_default()
    }
}

impl OfSegment<'_> {
    /// Numbers the words of a passage.
    fn learn(&mut self, doc: DocId, vocabulary: &mut Vocabulary) -> io::Result<()> {
        let mut chars = Vec::new();
        self.segment.body.for_each_token(doc, |token| {
            let Stored::Word(rank) = token else { return Ok(()) };
            if let Entry::Vacant(entry) = self.words.entry(rank) {
                chars.clear();
                self.segment.body.spell(rank, &mut chars)?;
                let token = match chars.as_slice() {
                    [' '] => Token::Other,
                    word => Token::Word(vocabulary.intern(&String::from_iter(word))),
                };
                entry.insert((chars.len() as u32, token));
            }
            Ok(())
        })
    }

    /// What was asked for was read once, so that nothing of it is damaged.
    fn passage(&self, doc: DocId) -> io::Result<Vec<Placed>> {
        let mut placed = Vec::new();
        let mut start = 0;
        self.segment.body.for_each_token(doc, |token| {
            let (length, token) = match token {
                Stored::SentenceEnd => (1, Token::SentenceEnd),
                Stored::OtherMark => (1, Token::Other),
                Stored::Item => return Ok(()),
                Stored::Word(rank) => self.words.get(&rank).copied().ok_or(io::ErrorKind::NotFound)?,
            };
            placed.push(Placed { token, start, end: start + length });
            start += length;
            Ok(())
        })?;
        Ok(placed)
    }
}
