//! Writes the body of a segment as a file; `reader` reads it. The layout, all integers little endian:
//!
//! | section | what |
//! |---|---|
//! | postings | of words, then of pairs (`postings`) |
//! | passages | for each passage the length of its residue, its residue, and its tokens in order: one byte for the commonest, two or five for the others |
//! | words | for each in order of rank: documents (4 bytes), place of its postings (5) |
//! | spelled | for each in order of rank 8 bytes: up to four characters of two bytes each, or where it stands in the next section; see [`Encoder::word`] |
//! | long | other words: number of characters (4), and 3 bytes for each |
//! | lefts | for each left character of pairs, ascending: the character (3), place of its block (5), place of its first postings (5) |
//! | blocks | see [`Encoder::block`] |
//! | documents | place of each passage (5), and the end |
//! | footer | places of the sections (8 each), number of words, lefts and documents (4 each) |
//!
//! Everything but the tables is written as it comes: what is kept in memory grows with the vocabulary.

use std::io::{self, Write};

use super::postings::{self, Posting};
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
/// Width of an entry of the table of left characters.
pub const LEFT_ENTRY: usize = CHAR + 2 * PLACE;
/// Every so many entries of a block have a sample.
pub const SAMPLED: usize = 16;
/// Width of a sample.
pub const SAMPLE: usize = CHAR + 4 + PLACE;
/// Width of the footer.
pub const FOOTER: usize = SECTIONS * 8 + 12;
/// Sections before the footer.
pub const SECTIONS: usize = 8;

/// What a pair of neighbouring characters, or a character by itself, is a term for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PairKey {
    /// The left character.
    pub left: char,
    /// The right one; `None` for characters inside a run of letters and digits.
    pub right: Option<char>,
    /// Whether a word starts at the left character and one ends after the right one.
    pub whole: bool,
}

impl PairKey {
    /// As a number, in the same order.
    pub fn packed(self) -> u64 {
        let right = self.right.map_or(0, |right| u64::from(right) + 1);
        (u64::from(self.left) << 21 | right) << 1 | u64::from(self.whole)
    }

    /// What [`PairKey::packed`] packed.
    pub fn unpacked(packed: u64) -> PairKey {
        let char_of = |code: u64| char::from_u32(code as u32).unwrap_or(char::REPLACEMENT_CHARACTER);
        let right = packed >> 1 & 0x1F_FFFF;
        PairKey { left: char_of(packed >> 22), right: right.checked_sub(1).map(char_of), whole: packed & 1 == 1 }
    }
}

/// Whether a word (as its characters) is a term: a single character, or Han throughout. Other words are runs, whose
/// pairs and characters are terms.
pub fn is_term(word: &[char]) -> bool {
    word.len() == 1 || word.iter().all(|&c| is_han(c))
}

fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Flags of an entry of a block: which of these follow, in this order.
pub const HAS_CROSS: u64 = 1;
/// Postings of the pair where it is whole.
pub const HAS_WHOLE: u64 = 2;
/// Words that hold the pair.
pub const HAS_HOLDERS: u64 = 4;

/// Postings that were written.
struct Written {
    key: u64,
    count: u32,
    first: Posting,
    place: u64,
    length: u64,
}

/// A body that is being written. Words come first, in order of rank, then pairs in order, and passages in order.
pub struct Encoder<W> {
    out: W,
    place: u64,
    buffer: Vec<u8>,
    passages: u64,
    words: Vec<u8>,
    word_count: u32,
    spelled: Vec<u8>,
    long: Vec<u8>,
    /// Packed pair of characters and rank of a word that holds it.
    holders: Vec<(u64, u32)>,
    pairs: Vec<Written>,
    documents: Vec<u8>,
    document_count: u32,
}

impl<W: Write> Encoder<W> {
    /// Begins a body.
    pub fn new(out: W) -> Encoder<W> {
        Encoder {
            out,
            place: 0,
            buffer: Vec::new(),
            passages: 0,
            words: Vec::new(),
            word_count: 0,
            spelled: Vec::new(),
            long: Vec::new(),
            holders: Vec::new(),
            pairs: Vec::new(),
            documents: Vec::new(),
            document_count: 0,
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
        if is_term(chars) {
            let singles = chars.iter().map(|&left| PairKey { left, right: None, whole: false });
            let pairs = chars.windows(2).map(|pair| PairKey { left: pair[0], right: Some(pair[1]), whole: false });
            self.holders.extend(singles.chain(pairs).map(|key| (key.packed(), self.word_count)));
        }
        self.word_count += 1;
        self.postings(postings)
    }

    /// Adds the postings of the next pair, if there are any. A single one will stand in the block.
    pub fn pair(&mut self, key: PairKey, postings: &[Posting]) -> io::Result<()> {
        let Some(&first) = postings.first() else { return Ok(()) };
        let place = self.place;
        if postings.len() > 1 {
            self.postings(postings)?;
        }
        let (count, length) = (postings.len() as u32, self.place - place);
        self.pairs.push(Written { key: key.packed(), count, first, place, length });
        Ok(())
    }

    fn postings(&mut self, postings: &[Posting]) -> io::Result<()> {
        self.buffer.clear();
        postings::encode(postings, &mut self.buffer);
        self.flush()
    }

    /// Adds the next document: the residue of its text, and its tokens, words by rank from [`FIRST_WORD`] on.
    pub fn document(&mut self, residue: &[u8], tokens: impl Iterator<Item = u32>) -> io::Result<()> {
        if self.document_count == 0 {
            self.passages = self.place;
        }
        varint::write_fixed(&mut self.documents, self.place - self.passages, PLACE);
        self.document_count += 1;
        self.buffer.clear();
        varint::write(&mut self.buffer, residue.len() as u64);
        self.buffer.extend_from_slice(residue);
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
        self.out.write_all(&self.buffer)
    }

    /// Writes the tables and gives back what was written to.
    pub fn finish(mut self) -> io::Result<W> {
        if self.document_count == 0 {
            self.passages = self.place;
        }
        varint::write_fixed(&mut self.documents, self.place - self.passages, PLACE);
        // A word that holds a pair twice is listed once.
        self.holders.sort_unstable();
        self.holders.dedup();
        let (lefts, blocks) = self.blocks();
        let mut sections = vec![0, self.passages];
        let tables = [&self.words, &self.spelled, &self.long, &lefts, &blocks, &self.documents];
        for table in tables {
            sections.push(self.place);
            self.place += table.len() as u64;
            self.out.write_all(table)?;
        }
        let mut footer: Vec<u8> = sections.into_iter().flat_map(u64::to_le_bytes).collect();
        let counts = [self.word_count, (lefts.len() / LEFT_ENTRY) as u32, self.document_count];
        footer.extend(counts.into_iter().flat_map(u32::to_le_bytes));
        self.out.write_all(&footer)?;
        Ok(self.out)
    }

    fn blocks(&self) -> (Vec<u8>, Vec<u8>) {
        let (mut lefts, mut blocks) = (Vec::new(), Vec::new());
        let (mut pairs, mut holders) = (self.pairs.as_slice(), self.holders.as_slice());
        let left_of = |key: u64| key >> 22;
        while let Some(left) = pairs.first().map(|p| p.key).into_iter().chain(holders.first().map(|h| h.0)).min() {
            let left = left_of(left);
            let of_left;
            (of_left, pairs) = pairs.split_at(pairs.partition_point(|pair| left_of(pair.key) == left));
            let held;
            (held, holders) = holders.split_at(holders.partition_point(|&(key, _)| left_of(key) == left));
            varint::write_fixed(&mut lefts, left, CHAR);
            varint::write_fixed(&mut lefts, blocks.len() as u64, PLACE);
            let base = of_left.first().map_or(0, |pair| pair.place);
            varint::write_fixed(&mut lefts, base, PLACE);
            Self::block(base, of_left, held, &mut blocks);
        }
        (lefts, blocks)
    }

    /// The block of a left character: the postings of the character inside runs, the words that hold it, the number of
    /// right characters, samples of every sixteenth of these (the character, where its entry stands among the entries,
    /// how far its postings stand behind the first ones of the block), and the entries. An entry: how far the character
    /// is from the one before, times eight, and what follows. Postings: their number, and the only one of them or the
    /// length of them all. Words: their number, and how far each rank is from the one before.
    fn block(base: u64, mut pairs: &[Written], mut holders: &[(u64, u32)], out: &mut Vec<u8>) {
        let right_of = |key: u64| key >> 1 & 0x1F_FFFF;
        let inside = pairs.split_off_first_if(|pair| right_of(pair.key) == 0);
        write_postings(inside, out);
        let held = holders.partition_point(|&(key, _)| right_of(key) == 0);
        write_holders(&holders[..held], out);
        holders = &holders[held..];
        let (mut samples, mut entries) = (Vec::new(), Vec::new());
        let mut count = 0;
        let mut last = 0;
        let mut reached = inside.map_or(0, |inside| inside.length);
        while let Some(right) = pairs.first().map(|p| p.key).into_iter().chain(holders.first().map(|h| h.0)).min() {
            let right = right_of(right);
            if count % SAMPLED == 0 {
                varint::write_fixed(&mut samples, right, CHAR);
                varint::write_fixed(&mut samples, entries.len() as u64, 4);
                varint::write_fixed(&mut samples, reached, PLACE);
            }
            count += 1;
            let cross = pairs.split_off_first_if(|pair| right_of(pair.key) == right && pair.key & 1 == 0);
            let whole = pairs.split_off_first_if(|pair| right_of(pair.key) == right);
            let held;
            (held, holders) = holders.split_at(holders.partition_point(|&(key, _)| right_of(key) == right));
            let has = |is: bool, flag| if is { flag } else { 0 };
            let follows =
                has(cross.is_some(), HAS_CROSS) | has(whole.is_some(), HAS_WHOLE) | has(!held.is_empty(), HAS_HOLDERS);
            varint::write(&mut entries, (right - last) << 3 | follows);
            last = right;
            for term in [cross, whole].into_iter().flatten() {
                write_postings(Some(term), &mut entries);
                reached = term.place + term.length - base;
            }
            if !held.is_empty() {
                write_holders(held, &mut entries);
            }
        }
        varint::write(out, count as u64);
        out.extend(samples);
        out.extend(entries);
    }
}

/// Takes the first element of a slice if it is as wanted.
trait SplitOffFirstIf<'a, T> {
    fn split_off_first_if(&mut self, wanted: impl Fn(&T) -> bool) -> Option<&'a T>;
}

impl<'a, T> SplitOffFirstIf<'a, T> for &'a [T] {
    fn split_off_first_if(&mut self, wanted: impl Fn(&T) -> bool) -> Option<&'a T> {
        let (first, rest) = self.split_first().filter(|(first, _)| wanted(first))?;
        *self = rest;
        Some(first)
    }
}

fn write_postings(term: Option<&Written>, out: &mut Vec<u8>) {
    let Some(term) = term else { return varint::write(out, 0) };
    varint::write(out, u64::from(term.count));
    if term.count == 1 {
        varint::write(out, u64::from(term.first.doc));
        varint::write(out, u64::from(term.first.frequency));
    } else {
        varint::write(out, term.length);
    }
}

fn write_holders(holders: &[(u64, u32)], out: &mut Vec<u8>) {
    varint::write(out, holders.len() as u64);
    let mut last = 0;
    for &(_, rank) in holders {
        varint::write(out, u64::from(rank - last));
        last = rank;
    }
}
