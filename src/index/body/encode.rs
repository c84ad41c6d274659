//! Writes the body of a segment as three files; `reader` reads them. The layout, all integers little endian:
//!
//! | file, section | what |
//! |---|---|
//! | body, postings | of words, then of pairs (`postings`), these with the length of their variants and their `variants` before them where they are told |
//! | passages | for each the length of what stands beside its words, which is its standing (`card`) and its residue (`residue`), and its tokens in order: one byte for the commonest, two or five for the others |
//! | words | for each in order of rank: documents (4 bytes), place of its postings (5) |
//! | spelled | for each in order of rank 8 bytes: up to four characters of two bytes each, or where it stands in the next section; see [`Encoder::word`] |
//! | long | other words: number of characters (4), and 3 bytes for each |
//! | runs | for each word in order of rank a bit, the lowest first: whether it is a run |
//! | footer | places of the sections (8 each), number of words, of documents (4 each), characters of all passages (8) |
//! | pairs | see `pairs` |
//! | cards | see `card` |
//!
//! Everything but the tables of words is written as it comes: what is kept in memory grows with the vocabulary, not with
//! the documents.

use std::io::{self, Write};

use super::card::{self, Card};
use super::pairs::{self, PairKey, Written};
use super::postings::{self, Posting};
use super::variants::{self, TOLD_FROM};
use super::varint;

/// Tokens that are no words, and where words begin; see [`super::collect`].
pub const TOKEN_SENTENCE_END: u32 = 0;
/// A mark that ends no sentence.
pub const TOKEN_OTHER_MARK: u32 = 1;
/// An item begins with the next token.
pub const TOKEN_ITEM: u32 = 2;
/// The token of the commonest word; that of another is its rank more.
pub const FIRST_WORD: u32 = 3;

/// Tokens of one byte.
pub const ONE_BYTE: u32 = 192;
/// Tokens of one or two bytes.
pub const TWO_BYTES: u32 = ONE_BYTE + (255 - 192) * 256;

/// Width of places in the file.
pub const PLACE: usize = 5;
/// Width of a character.
pub const CHAR: usize = 3;
/// Width of an entry of the table of words.
pub const WORD_ENTRY: usize = 4 + PLACE;
/// Width of a word's spelling.
pub const SPELLED: usize = 8;
/// What stands in place of a first character where a word is not spelled out: no character has this code.
pub const LONG: u64 = 0xD800;
/// Sections of the main file before the footer.
pub const SECTIONS: usize = 6;
/// Width of the footer.
pub const FOOTER: usize = SECTIONS * 8 + 16;

/// Whether a word (as its characters) is a term: a single character, or Han throughout. Other words are runs, whose
/// pairs and characters are terms.
pub fn is_term(word: &[char]) -> bool {
    word.len() == 1 || word.iter().all(|&c| is_han(c))
}

fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// What a body is written to, or read from.
pub struct Files<F> {
    /// Words, postings and passages.
    pub body: F,
    /// The table of pairs.
    pub pairs: F,
    /// What is known of each document at a glance.
    pub cards: F,
}

/// A body that is being written. Words come first, in order of rank, then pairs in order, and documents in order.
pub struct Encoder<W> {
    out: W,
    place: u64,
    buffer: Vec<u8>,
    words: Vec<u8>,
    word_count: u32,
    spelled: Vec<u8>,
    long: Vec<u8>,
    runs: Vec<u8>,
    pairs: pairs::Writer<W>,
    cards: card::Writer<W>,
    /// Where the passages begin; known with the first one.
    passages: Option<u64>,
    characters: u64,
}

impl<W: Write> Encoder<W> {
    /// Begins a body.
    pub fn new(files: Files<W>) -> Encoder<W> {
        Encoder {
            out: files.body,
            place: 0,
            buffer: Vec::new(),
            words: Vec::new(),
            word_count: 0,
            spelled: Vec::new(),
            long: Vec::new(),
            runs: Vec::new(),
            pairs: pairs::Writer::new(files.pairs),
            cards: card::Writer::new(files.cards),
            passages: None,
            characters: 0,
        }
    }

    /// Adds the next word. A run has no postings.
    ///
    /// Nearly all words are spelled out in two bytes a character, the first one lowest, so that reading one takes one
    /// look. Of a word that is longer, or has characters beyond these bytes (or 0, which ends a word), the lowest two
    /// bytes are [`LONG`] and the others say where its length and characters stand in a section of their own.
    pub fn word(&mut self, chars: &[char], postings: &[Posting]) -> io::Result<()> {
        varint::write_fixed(&mut self.words, postings.len() as u64, 4);
        varint::write_fixed(&mut self.words, self.place, PLACE);
        let is_short = chars.len() <= SPELLED / 2 && chars.iter().all(|&c| (1..=0xFFFF).contains(&u32::from(c)));
        let spelled = if is_short {
            chars.iter().rev().fold(0, |spelled, &c| spelled << 16 | u64::from(c))
        } else {
            let place = self.long.len() as u64;
            varint::write_fixed(&mut self.long, chars.len() as u64, 4);
            chars.iter().for_each(|&c| varint::write_fixed(&mut self.long, u64::from(c), CHAR));
            LONG | place << 16
        };
        varint::write_fixed(&mut self.spelled, spelled, SPELLED);
        let bit = self.word_count % 8;
        if bit == 0 {
            self.runs.push(0);
        }
        if is_term(chars) {
            let singles = chars.iter().map(|&left| PairKey { left, right: None, whole: false });
            let pairs = chars.windows(2).map(|pair| PairKey { left: pair[0], right: Some(pair[1]), whole: false });
            singles.chain(pairs).for_each(|key| self.pairs.hold(key, self.word_count));
        } else if let Some(last) = self.runs.last_mut() {
            *last |= 1 << bit;
        }
        self.word_count += 1;
        postings::encode(postings, &mut self.buffer);
        self.flush()
    }

    /// Adds the next pair with its postings, and packed variants of all occurrences in order. A single posting will
    /// stand in the table of pairs; of a character the variants are not told.
    pub fn pair(&mut self, key: PairKey, postings: &[Posting], variants: &[u64]) -> io::Result<()> {
        let Some(&first) = postings.first() else { return Ok(()) };
        let place = self.place;
        if postings.len() > 1 {
            if postings.len() >= TOLD_FROM && key.right.is_some() {
                let mut told = Vec::new();
                variants::encode(variants, &mut told);
                varint::write(&mut self.buffer, told.len() as u64);
                self.buffer.append(&mut told);
            }
            postings::encode(postings, &mut self.buffer);
            self.flush()?;
        }
        let (count, length) = (postings.len() as u32, self.place - place);
        self.pairs.add(Written { key: key.packed(), count, first, place, length })
    }

    /// Adds the next document: its card, its fingerprint, what stands beside its words, and its tokens, words by rank
    /// from [`FIRST_WORD`] on.
    pub fn document(
        &mut self,
        card: Card,
        fingerprint: u64,
        beside: &[u8],
        tokens: impl Iterator<Item = u32>,
    ) -> io::Result<()> {
        let passages = *self.passages.get_or_insert(self.place);
        self.cards.add(card, fingerprint, self.place - passages)?;
        // A header tells those of its passages.
        self.characters += if card.role().is_some() { u64::from(card.characters()) } else { 0 };
        varint::write(&mut self.buffer, beside.len() as u64);
        self.buffer.extend_from_slice(beside);
        for token in tokens {
            if token < ONE_BYTE {
                self.buffer.push(token as u8);
            } else if token < TWO_BYTES {
                let code = token - ONE_BYTE;
                self.buffer.extend([192 + (code >> 8) as u8, code as u8]);
            } else {
                self.buffer.push(255);
                self.buffer.extend(token.to_le_bytes());
            }
        }
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.place += self.buffer.len() as u64;
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// Writes the tables and gives back what was written to.
    pub fn finish(mut self) -> io::Result<Files<W>> {
        let mut footer = Vec::new();
        varint::write_fixed(&mut footer, 0, 8);
        varint::write_fixed(&mut footer, self.passages.unwrap_or(self.place), 8);
        for table in [&self.words, &self.spelled, &self.long, &self.runs] {
            varint::write_fixed(&mut footer, self.place, 8);
            self.place += table.len() as u64;
            self.out.write_all(table)?;
        }
        varint::write_fixed(&mut footer, self.word_count.into(), 4);
        let (cards, documents) = self.cards.finish()?;
        varint::write_fixed(&mut footer, documents.into(), 4);
        varint::write_fixed(&mut footer, self.characters, 8);
        self.out.write_all(&footer)?;
        Ok(Files { body: self.out, pairs: self.pairs.finish()?, cards })
    }
}
