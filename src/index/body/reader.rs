//! The body of an open segment: terms, postings and passages, looked up in the files as they are mapped.
//!
//! Nothing is loaded: a lookup touches the entries that it needs. Whatever a damaged file says is an error.

use std::io;
use std::ops::Range;

use tantivy::DocId;
use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentReader;

use super::card::{Card, Cards, Standing};
use super::encode::*;
use super::form::{Form, ITEM, SENTENCE_END, WORD};
use super::pairs::Pairs;
use super::postings::{self, At, Posting, Term};
use super::residue;
use super::variants::{TOLD_FROM, Variants};
use super::varint::{self, Reader, damaged};
use crate::text::fold::MARK;

/// The body of a segment.
pub struct Body {
    file: OwnedBytes,
    /// Where the sections begin, and the footer.
    sections: [usize; SECTIONS + 1],
    words: u32,
    characters: u64,
    /// Which pairs and characters are held by what.
    pub pairs: Pairs,
    cards: Cards,
}

/// Which section is which.
#[derive(Clone, Copy)]
enum Section {
    Postings,
    Passages,
    Words,
    Spelled,
    Long,
    Runs,
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
        let open = |extension: &str| {
            let component = super::component(extension);
            segment.open_read(component).map_err(io::Error::other)?.read_bytes()
        };
        Body::of(Files { body: open(super::BODY)?, pairs: open(super::PAIRS)?, cards: open(super::CARDS)? })
    }

    pub(super) fn of(files: Files<OwnedBytes>) -> io::Result<Body> {
        let Files { body: file, pairs, cards } = files;
        let footer = file.len().checked_sub(FOOTER).ok_or_else(damaged)?;
        let mut sections = [footer; SECTIONS + 1];
        for (i, section) in sections.iter_mut().take(SECTIONS).enumerate() {
            *section = usize::try_from(varint::fixed(&file, footer + i * 8, 8)?).map_err(|_| damaged())?;
        }
        let count = |i: usize| varint::fixed(&file, footer + SECTIONS * 8 + i * 4, 4).map(|count| count as u32);
        let (words, documents) = (count(0)?, count(1)?);
        let characters = varint::fixed(&file, footer + SECTIONS * 8 + 8, 8)?;
        if !sections.is_sorted() {
            return Err(damaged());
        }
        Ok(Body { sections, words, characters, pairs: Pairs::of(pairs)?, cards: Cards::of(cards, documents)?, file })
    }

    fn section(&self, section: Section) -> &[u8] {
        let section = section as usize;
        &self.file[self.sections[section]..self.sections[section + 1]]
    }

    fn number(&self, section: Section, at: usize, width: usize) -> io::Result<usize> {
        Ok(varint::fixed(self.section(section), at, width)? as usize)
    }

    /// Characters of the matching forms of all passages, deleted ones included.
    pub fn characters(&self) -> u64 {
        self.characters
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
        Ok(Term { count, at: At::Bare(self.number(Section::Words, at + 4, PLACE)?) })
    }

    /// Whether the word of a rank is a run.
    pub fn is_run(&self, rank: u32) -> bool {
        self.section(Section::Runs).get(rank as usize / 8).is_some_and(|bits| bits >> (rank % 8) & 1 == 1)
    }

    /// Appends the characters of the word of a rank.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn spell(&self, rank: u32, chars: &mut Vec<char>) -> io::Result<()> {
        spell(self.section(Section::Spelled), self.section(Section::Long), rank, chars)
    }

    /// What is known of a document at a glance; of one that is not there, nothing.
    pub fn card(&self, doc: DocId) -> Card {
        self.cards.card(doc)
    }

    /// The fingerprint of a document's matching form; see [`crate::text::fingerprint`].
    pub fn fingerprint(&self, doc: DocId) -> u64 {
        self.cards.fingerprint(doc)
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
            At::Bare(_) | At::Pair(_) => postings::for_each_block(term.count, self.told(term)?.1, each),
        }
    }

    /// Hands over the documents that hold a term, ascending, and which of all its occurrences, by their numbers, stand in
    /// each.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn for_each_document(&self, term: Term, mut each: impl FnMut(DocId, Range<u32>)) -> io::Result<()> {
        let mut next = 0u32;
        self.for_each_block(term, |docs, frequencies| {
            for (&doc, &frequency) in docs.iter().zip(frequencies) {
                let first = next;
                next = first.saturating_add(frequency);
                each(doc, first..next);
            }
        })
    }

    /// Between which words a pair stands, where it is told; see `variants`.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn variants(&self, term: Term) -> io::Result<Option<Variants<'_>>> {
        self.told(term)?.0.map(Variants::read).transpose()
    }

    /// The bytes of a term's variants, if they are told, and of its postings.
    fn told(&self, term: Term) -> io::Result<(Option<&[u8]>, &[u8])> {
        let (place, is_told) = match term.at {
            At::Single(_) => return Ok((None, &[])),
            At::Bare(place) => (place, false),
            At::Pair(place) => (place, term.count as usize >= TOLD_FROM),
        };
        let mut reader = Reader::new(self.section(Section::Postings).get(place..).ok_or_else(damaged)?);
        let variants = if is_told {
            let length = reader.varint()?;
            Some(reader.take(length as usize)?)
        } else {
            None
        };
        Ok((variants, reader.rest()))
    }

    /// What stands beside a passage's words, and its tokens.
    fn passage(&self, doc: DocId) -> io::Result<(&[u8], &[u8])> {
        let passages = self.section(Section::Passages);
        if doc >= self.cards.documents() {
            return Err(damaged());
        }
        let is_last = doc + 1 == self.cards.documents();
        let end = if is_last { passages.len() } else { self.cards.place(doc + 1)? };
        let range: Range<usize> = self.cards.place(doc)?..end;
        let mut reader = Reader::new(passages.get(range).ok_or_else(damaged)?);
        let length = reader.varint()? as usize;
        Ok((reader.take(length)?, reader.rest()))
    }

    /// What stands beside a passage's words, as it was written.
    ///
    /// # Errors
    /// If the body is damaged.
    pub(super) fn beside(&self, doc: DocId) -> io::Result<&[u8]> {
        self.passage(doc).map(|(beside, _)| beside)
    }

    /// Where a passage stands, and its text as it was.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn text(&self, doc: DocId) -> io::Result<(Standing, String)> {
        let mut form = Form::default();
        self.form(doc, &mut form)?;
        let mut beside = Reader::new(self.beside(doc)?);
        let standing = Standing::read(&mut beside)?;
        Ok((standing, residue::text(&form, beside.rest())?))
    }

    /// The tokens of a passage as they are written: passages of a segment with the same tokens have the same form.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn tokens(&self, doc: DocId) -> io::Result<&[u8]> {
        self.passage(doc).map(|(_, tokens)| tokens)
    }

    /// The tokens of a passage in order, by their codes.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn codes(&self, doc: DocId) -> io::Result<Codes<'_>> {
        self.tokens(doc).map(|tokens| Codes { rest: tokens })
    }

    /// Hands over the tokens of a passage in order.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn for_each_token(&self, doc: DocId, mut each: impl FnMut(Token) -> io::Result<()>) -> io::Result<()> {
        let mut codes = self.codes(doc)?;
        codes.by_ref().try_for_each(|code| each(Token::of_code(code)))?;
        codes.end()
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
}

impl Token {
    /// The token that a code stands for.
    pub fn of_code(code: u32) -> Token {
        match code {
            TOKEN_SENTENCE_END => Token::SentenceEnd,
            TOKEN_OTHER_MARK => Token::OtherMark,
            TOKEN_ITEM => Token::Item,
            word => Token::Word(word - FIRST_WORD),
        }
    }

    /// The code of a token.
    pub fn code(self) -> u32 {
        match self {
            Token::SentenceEnd => TOKEN_SENTENCE_END,
            Token::OtherMark => TOKEN_OTHER_MARK,
            Token::Item => TOKEN_ITEM,
            Token::Word(rank) => rank.saturating_add(FIRST_WORD),
        }
    }
}

/// The codes of a passage's tokens. Ends early where they are damaged, which [`Codes::end`] tells.
pub struct Codes<'a> {
    rest: &'a [u8],
}

impl Iterator for Codes<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let (&first, rest) = self.rest.split_first()?;
        if u32::from(first) < ONE_BYTE {
            self.rest = rest;
            return Some(u32::from(first));
        }
        let (code, rest) = if first < 255 {
            let (&second, rest) = rest.split_first()?;
            (ONE_BYTE + ((u32::from(first) - ONE_BYTE) << 8 | u32::from(second)), rest)
        } else {
            let (code, rest) = rest.split_first_chunk()?;
            (u32::from_le_bytes(*code), rest)
        };
        self.rest = rest;
        Some(code)
    }
}

impl Codes<'_> {
    /// Makes sure that the last one was read.
    ///
    /// # Errors
    /// If there is something else.
    pub fn end(self) -> io::Result<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(damaged()) }
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
