//! The body of an open segment: terms, postings and passages, looked up in the file as it is mapped.
//!
//! Nothing is loaded: a lookup touches the entries that it needs. Whatever a damaged file says is an error.

use std::io;
use std::ops::Range;

use tantivy::DocId;
use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentReader;

use super::encode::*;
use super::form::{Form, ITEM, SENTENCE_END, WORD};
use super::postings::{self, Posting};
use super::residue;
use super::varint::{self, Reader, damaged};
use crate::text::fold::MARK;

/// The body of a segment.
pub struct Body {
    file: OwnedBytes,
    /// Where the sections begin, and the footer.
    sections: [usize; SECTIONS + 1],
    words: u32,
    lefts: usize,
    documents: u32,
}

/// Which section is which.
#[derive(Clone, Copy)]
enum Section {
    Postings,
    Passages,
    Words,
    Spelled,
    Long,
    Lefts,
    Blocks,
    Documents,
}

/// The postings of a term.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    /// Documents that hold it, deleted ones included.
    pub count: u32,
    at: At,
}

#[derive(Debug, Clone, Copy)]
enum At {
    Single(Posting),
    Place(usize),
}

/// What holds a pair of neighbouring characters, or a character.
#[derive(Debug, Clone, Default)]
pub struct Holders {
    /// The pair across a word's boundary or inside a run; the character inside a run.
    pub cross: Option<Term>,
    /// The pair with a word's start before it and a word's end behind it.
    pub whole: Option<Term>,
    /// The words that hold it, by rank.
    pub words: Vec<u32>,
}

/// A token of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// A mark that ends a sentence.
    SentenceEnd,
    /// Any other mark.
    OtherMark,
    /// An item begins with the next token.
    Item,
    /// A word, by rank.
    Word(u32),
}

impl Body {
    /// Opens the body of a segment.
    ///
    /// # Errors
    /// If it is missing or damaged.
    pub fn open(segment: &SegmentReader) -> io::Result<Body> {
        Body::of(segment.open_read(super::component()).map_err(io::Error::other)?.read_bytes()?)
    }

    pub(super) fn of(file: OwnedBytes) -> io::Result<Body> {
        let footer = file.len().checked_sub(FOOTER).ok_or_else(damaged)?;
        let mut sections = [footer; SECTIONS + 1];
        for (i, section) in sections.iter_mut().take(SECTIONS).enumerate() {
            *section = usize::try_from(varint::fixed(&file, footer + i * 8, 8)?).map_err(|_| damaged())?;
        }
        let count = |i: usize| varint::fixed(&file, footer + SECTIONS * 8 + i * 4, 4);
        let (words, lefts, documents) = (count(0)? as u32, count(1)? as usize, count(2)? as u32);
        if !sections.is_sorted() {
            return Err(damaged());
        }
        Ok(Body { sections, words, lefts, documents, file })
    }

    fn section(&self, section: Section) -> &[u8] {
        let section = section as usize;
        &self.file[self.sections[section]..self.sections[section + 1]]
    }

    fn number(&self, section: Section, at: usize, width: usize) -> io::Result<usize> {
        Ok(varint::fixed(self.section(section), at, width)? as usize)
    }

    /// How many words there are, runs among them.
    pub fn words(&self) -> u32 {
        self.words
    }

    /// The postings of the word of a rank; of a run there are none.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn word(&self, rank: u32) -> io::Result<Term> {
        let at = rank as usize * WORD_ENTRY;
        let count = self.number(Section::Words, at, 4)? as u32;
        Ok(Term { count, at: At::Place(self.number(Section::Words, at + 4, PLACE)?) })
    }

    /// Appends the characters of the word of a rank.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn spell(&self, rank: u32, chars: &mut Vec<char>) -> io::Result<()> {
        spell(self.section(Section::Spelled), self.section(Section::Long), rank, chars)
    }

    /// What holds a character: words, and runs.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn character(&self, char: char) -> io::Result<Holders> {
        let Some((block, base)) = self.block(char)? else { return Ok(Holders::default()) };
        let mut reader = Reader::new(block);
        let mut place = base;
        let cross = read_term(&mut reader, &mut place)?;
        Ok(Holders { cross, whole: None, words: read_words(&mut reader)? })
    }

    /// What holds a pair of neighbouring characters.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn pair(&self, left: char, right: char) -> io::Result<Holders> {
        let Some((block, base)) = self.block(left)? else { return Ok(Holders::default()) };
        let right = u64::from(right) + 1;
        let mut reader = Reader::new(block);
        read_term(&mut reader, &mut 0)?;
        skip_words(&mut reader)?;
        let count = reader.varint()? as usize;
        let samples = reader.take(count.div_ceil(SAMPLED) * SAMPLE)?;
        // The last sample that is not behind the character.
        let (mut low, mut high) = (0, count.div_ceil(SAMPLED));
        while low < high {
            let middle = (low + high) / 2;
            if varint::fixed(samples, middle * SAMPLE, CHAR)? <= right { low = middle + 1 } else { high = middle }
        }
        let Some(sample) = low.checked_sub(1) else { return Ok(Holders::default()) };
        let at = sample * SAMPLE + CHAR;
        reader.take(varint::fixed(samples, at, 4)? as usize)?;
        let mut place = base + varint::fixed(samples, at + 4, PLACE)? as usize;
        let mut reached = varint::fixed(samples, sample * SAMPLE, CHAR)?;
        for i in sample * SAMPLED..count.min((sample + 1) * SAMPLED) {
            let code = reader.varint()?;
            if i > sample * SAMPLED {
                reached += code >> 3;
            }
            if reached > right {
                break;
            }
            let mut holders = Holders::default();
            if code & HAS_CROSS > 0 {
                holders.cross = read_term(&mut reader, &mut place)?;
            }
            if code & HAS_WHOLE > 0 {
                holders.whole = read_term(&mut reader, &mut place)?;
            }
            if code & HAS_HOLDERS > 0 {
                if reached == right {
                    holders.words = read_words(&mut reader)?;
                } else {
                    skip_words(&mut reader)?;
                }
            }
            if reached == right {
                return Ok(holders);
            }
        }
        Ok(Holders::default())
    }

    /// The block of a left character and the place of its first postings.
    fn block(&self, char: char) -> io::Result<Option<(&[u8], usize)>> {
        let (mut low, mut high) = (0, self.lefts);
        while low < high {
            let middle = (low + high) / 2;
            let at = middle * LEFT_ENTRY;
            match self.number(Section::Lefts, at, CHAR)?.cmp(&(char as usize)) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    let start = self.number(Section::Lefts, at + CHAR, PLACE)?;
                    let base = self.number(Section::Lefts, at + CHAR + PLACE, PLACE)?;
                    return Ok(Some((self.section(Section::Blocks).get(start..).ok_or_else(damaged)?, base)));
                }
            }
        }
        Ok(None)
    }

    /// Hands over the postings of a term block by block, ascending.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn for_each_block(&self, term: Term, mut each: impl FnMut(&[DocId], &[u32])) -> io::Result<()> {
        match term.at {
            At::Single(Posting { doc, frequency }) => {
                each(&[doc], &[frequency]);
                Ok(())
            }
            At::Place(place) => {
                let bytes = self.section(Section::Postings).get(place..).ok_or_else(damaged)?;
                postings::for_each_block(term.count, bytes, each)
            }
        }
    }

    /// The residue of a passage and its tokens.
    fn passage(&self, doc: DocId) -> io::Result<(&[u8], &[u8])> {
        if doc >= self.documents {
            return Err(damaged());
        }
        let place = |doc: usize| self.number(Section::Documents, doc * PLACE, PLACE);
        let range: Range<usize> = place(doc as usize)?..place(doc as usize + 1)?;
        let mut reader = Reader::new(self.section(Section::Passages).get(range).ok_or_else(damaged)?);
        let length = reader.varint()? as usize;
        Ok((reader.take(length)?, reader.rest()))
    }

    /// What the text of a passage says beyond its matching form; see `residue`.
    ///
    /// # Errors
    /// If the body is damaged.
    pub(super) fn residue(&self, doc: DocId) -> io::Result<&[u8]> {
        self.passage(doc).map(|(residue, _)| residue)
    }

    /// The text of a passage, as it was.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn text(&self, doc: DocId) -> io::Result<String> {
        let mut form = Form::default();
        self.form(doc, &mut form)?;
        residue::text(&form, self.residue(doc)?)
    }

    /// Hands over the tokens of a passage in order.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn for_each_token(&self, doc: DocId, mut each: impl FnMut(Token) -> io::Result<()>) -> io::Result<()> {
        let (_, mut bytes) = self.passage(doc)?;
        while let Some((&first, rest)) = bytes.split_first() {
            let (token, rest) = match (first, rest) {
                (255, [a, b, c, d, rest @ ..]) => (u32::from_le_bytes([*a, *b, *c, *d]), rest),
                (192..255, [second, rest @ ..]) => {
                    (ONE_BYTE + (u32::from(first - 192) << 8 | u32::from(*second)), rest)
                }
                (0..192, rest) => (u32::from(first), rest),
                _ => return Err(damaged()),
            };
            bytes = rest;
            each(match token {
                TOKEN_SENTENCE_END => Token::SentenceEnd,
                TOKEN_OTHER_MARK => Token::OtherMark,
                TOKEN_ITEM => Token::Item,
                word => Token::Word(word - FIRST_WORD),
            })?;
        }
        Ok(())
    }

    /// Writes the matching form of a passage in place of what was there.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn form(&self, doc: DocId, form: &mut Form) -> io::Result<()> {
        form.clear();
        let (spelled, long) = (self.section(Section::Spelled), self.section(Section::Long));
        let mut item = 0;
        self.for_each_token(doc, |token| {
            let mut flags = WORD | std::mem::take(&mut item);
            match token {
                Token::Item => {
                    item = ITEM;
                    return Ok(());
                }
                Token::SentenceEnd => {
                    flags |= SENTENCE_END;
                    form.chars.push(MARK);
                }
                Token::OtherMark => form.chars.push(MARK),
                Token::Word(rank) => spell(spelled, long, rank, &mut form.chars)?,
            }
            form.flags.push(flags);
            form.flags.resize(form.chars.len(), 0);
            Ok(())
        })
    }

    /// All pairs and characters of runs with their postings, in order.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn for_each_pair(&self, mut each: impl FnMut(PairKey, Term) -> io::Result<()>) -> io::Result<()> {
        for i in 0..self.lefts {
            let at = i * LEFT_ENTRY;
            let char_of = |code: u64| char::from_u32(code as u32).ok_or_else(damaged);
            let left = char_of(self.number(Section::Lefts, at, CHAR)? as u64)?;
            let start = self.number(Section::Lefts, at + CHAR, PLACE)?;
            let mut place = self.number(Section::Lefts, at + CHAR + PLACE, PLACE)?;
            let mut reader = Reader::new(self.section(Section::Blocks).get(start..).ok_or_else(damaged)?);
            if let Some(term) = read_term(&mut reader, &mut place)? {
                each(PairKey { left, right: None, whole: false }, term)?;
            }
            skip_words(&mut reader)?;
            let count = reader.varint()? as usize;
            reader.take(count.div_ceil(SAMPLED) * SAMPLE)?;
            let mut right = 0;
            for _ in 0..count {
                let code = reader.varint()?;
                right += code >> 3;
                let right = Some(char_of(right.checked_sub(1).ok_or_else(damaged)?)?);
                for (flag, whole) in [(HAS_CROSS, false), (HAS_WHOLE, true)] {
                    if code & flag > 0
                        && let Some(term) = read_term(&mut reader, &mut place)?
                    {
                        each(PairKey { left, right, whole }, term)?;
                    }
                }
                if code & HAS_HOLDERS > 0 {
                    skip_words(&mut reader)?;
                }
            }
        }
        Ok(())
    }
}

/// Appends the characters of a word; see [`Encoder::word`].
fn spell(spelled: &[u8], long: &[u8], rank: u32, chars: &mut Vec<char>) -> io::Result<()> {
    let of_word = spelled.get(rank as usize * SPELLED..).and_then(<[u8]>::first_chunk::<SPELLED>);
    let mut rest = u64::from_le_bytes(*of_word.ok_or_else(damaged)?);
    if rest & 0xFFFF != LONG {
        while rest != 0 {
            chars.push(char::from_u32(rest as u32 & 0xFFFF).ok_or_else(damaged)?);
            rest >>= 16;
        }
        return Ok(());
    }
    let mut long = Reader::new(long.get((rest >> 16) as usize..).ok_or_else(damaged)?);
    let length = varint::fixed(long.take(4)?, 0, 4)? as usize;
    let of_word = long.take(length * CHAR)?;
    for &[a, b, c] in of_word.as_chunks::<CHAR>().0 {
        chars.push(char::from_u32(u32::from_le_bytes([a, b, c, 0])).ok_or_else(damaged)?);
    }
    Ok(())
}

/// Reads what stands for postings; `place` is where they begin and moves behind them.
fn read_term(reader: &mut Reader, place: &mut usize) -> io::Result<Option<Term>> {
    let count = reader.varint32()?;
    let at = match count {
        0 => return Ok(None),
        1 => At::Single(Posting { doc: reader.varint32()?, frequency: reader.varint32()? }),
        _ => {
            let start = *place;
            *place = start.checked_add(reader.varint()? as usize).ok_or_else(damaged)?;
            At::Place(start)
        }
    };
    Ok(Some(Term { count, at }))
}

fn read_words(reader: &mut Reader) -> io::Result<Vec<u32>> {
    let count = reader.varint()?;
    let mut words = Vec::new();
    let mut last = 0u32;
    for _ in 0..count {
        last = last.checked_add(reader.varint32()?).ok_or_else(damaged)?;
        words.push(last);
    }
    Ok(words)
}

fn skip_words(reader: &mut Reader) -> io::Result<()> {
    for _ in 0..reader.varint()? {
        reader.varint()?;
    }
    Ok(())
}
