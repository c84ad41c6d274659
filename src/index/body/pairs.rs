//! The table of pairs: which postings and which words hold a pair of neighbouring characters, or a character.
//!
//! A file of its own, written as it comes, since it grows with the archive. The layout, all integers little endian:
//!
//! | section | what |
//! |---|---|
//! | blocks | one for each left character, ascending; see [`Writer::block`] |
//! | lefts | for each left character: the character (3), place of its block (5), place of its first postings (5) |
//! | footer | place of the lefts (8) |

use std::collections::VecDeque;
use std::io::{self, Write};

use tantivy::directory::OwnedBytes;

use super::encode::{CHAR, PLACE};
use super::postings::{At, Posting, Term};
use super::varint::{self, Reader, damaged};

/// Width of an entry of the table of left characters.
const LEFT_ENTRY: usize = CHAR + 2 * PLACE;
/// Every so many entries of a block have a sample.
const SAMPLED: usize = 16;
/// Width of a sample.
const SAMPLE: usize = CHAR + 4 + PLACE;
/// Width of the footer.
const FOOTER: usize = 8;

/// Flags of an entry of a block: which of these follow, in this order.
const HAS_CROSS: u64 = 1;
/// Postings of the pair where it is whole.
const HAS_WHOLE: u64 = 2;
/// Words that hold the pair.
const HAS_HOLDERS: u64 = 4;

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

fn left_of(key: u64) -> u64 {
    key >> 22
}

fn right_of(key: u64) -> u64 {
    key >> 1 & 0x1F_FFFF
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

/// Postings that were written.
pub struct Written {
    /// The pair, packed.
    pub key: u64,
    /// Documents.
    pub count: u32,
    /// The first one.
    pub first: Posting,
    /// Where they begin: behind those of the pair before.
    pub place: u64,
    /// Their bytes; none where there is a single one.
    pub length: u64,
}

/// A table that is being written: first is told which words hold which pairs, then come the pairs in order.
pub struct Writer<W> {
    out: W,
    place: u64,
    lefts: Vec<u8>,
    /// Packed pair of characters and rank of a word that holds it; in order from the first pair on.
    holders: Vec<(u64, u32)>,
    is_in_order: bool,
    /// How many of them were written.
    held: usize,
    /// Pairs of one left character.
    of_left: Vec<Written>,
    buffer: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins a table.
    pub fn new(out: W) -> Writer<W> {
        Writer {
            out,
            place: 0,
            lefts: Vec::new(),
            holders: Vec::new(),
            is_in_order: false,
            held: 0,
            of_left: Vec::new(),
            buffer: Vec::new(),
        }
    }

    /// The word of a rank holds a pair, or a character.
    pub fn hold(&mut self, key: PairKey, rank: u32) {
        self.holders.push((key.packed(), rank));
    }

    /// Adds the next pair.
    pub fn add(&mut self, pair: Written) -> io::Result<()> {
        if self.of_left.last().is_none_or(|last| left_of(last.key) != left_of(pair.key)) {
            self.write_before(left_of(pair.key))?;
        }
        self.of_left.push(pair);
        Ok(())
    }

    /// Writes what is left, and gives back what was written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.write_before(u64::MAX)?;
        self.lefts.extend(self.place.to_le_bytes());
        self.out.write_all(&self.lefts)?;
        Ok(self.out)
    }

    /// Writes the blocks of the left characters before one.
    fn write_before(&mut self, end: u64) -> io::Result<()> {
        if !self.is_in_order {
            // A word that holds a pair twice is listed once.
            self.holders.sort_unstable();
            self.holders.dedup();
            self.is_in_order = true;
        }
        loop {
            let pair = self.of_left.first().map(|pair| left_of(pair.key));
            let holder = self.holders.get(self.held).map(|&(key, _)| left_of(key));
            let Some(left) = pair.into_iter().chain(holder).min().filter(|&left| left < end) else { return Ok(()) };
            let of_left = if pair == Some(left) { std::mem::take(&mut self.of_left) } else { Vec::new() };
            let holders = &self.holders[self.held..];
            let holders = &holders[..holders.partition_point(|&(key, _)| left_of(key) == left)];
            let base = of_left.first().map_or(0, |pair| pair.place);
            varint::write_fixed(&mut self.lefts, left, CHAR);
            varint::write_fixed(&mut self.lefts, self.place, PLACE);
            varint::write_fixed(&mut self.lefts, base, PLACE);
            self.buffer.clear();
            Self::block(base, &of_left, holders, &mut self.buffer);
            self.held += holders.len();
            self.place += self.buffer.len() as u64;
            self.out.write_all(&self.buffer)?;
        }
    }

    /// The block of a left character: the postings of the character inside runs, the words that hold it, the number of
    /// right characters, samples of every sixteenth of these (the character, where its entry stands among the entries,
    /// how far its postings stand behind the first ones of the block), and the entries. An entry: how far the character
    /// is from the one before, times eight, and what follows. Postings: their number, and the only one of them or the
    /// length of them all. Words: their number, and how far each rank is from the one before.
    fn block(base: u64, mut pairs: &[Written], mut holders: &[(u64, u32)], out: &mut Vec<u8>) {
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

/// A table as it is read.
pub struct Pairs {
    file: OwnedBytes,
    /// Where the table of left characters begins.
    lefts: usize,
    /// How many left characters there are.
    count: usize,
}

impl Pairs {
    /// A table that was written.
    ///
    /// # Errors
    /// If it is damaged.
    pub fn of(file: OwnedBytes) -> io::Result<Pairs> {
        let footer = file.len().checked_sub(FOOTER).ok_or_else(damaged)?;
        let lefts = varint::fixed(&file, footer, FOOTER)? as usize;
        let count = footer.checked_sub(lefts).ok_or_else(damaged)? / LEFT_ENTRY;
        Ok(Pairs { file, lefts, count })
    }

    /// What holds a character: words, and runs.
    ///
    /// # Errors
    /// If the table is damaged.
    pub fn character(&self, char: char) -> io::Result<Holders> {
        let Some(Left { block, base, .. }) = self.find(char)? else { return Ok(Holders::default()) };
        let mut reader = Reader::new(block);
        let mut place = base;
        let cross = read_character(&mut reader, &mut place)?;
        Ok(Holders { cross, whole: None, words: read_words(&mut reader)? })
    }

    /// What holds a pair of neighbouring characters.
    ///
    /// # Errors
    /// If the table is damaged.
    pub fn pair(&self, left: char, right: char) -> io::Result<Holders> {
        let Some(Left { block, base, .. }) = self.find(left)? else { return Ok(Holders::default()) };
        let right = u64::from(right) + 1;
        let mut reader = Reader::new(block);
        read_character(&mut reader, &mut 0)?;
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
                holders.cross = read_pair(&mut reader, &mut place)?;
            }
            if code & HAS_WHOLE > 0 {
                holders.whole = read_pair(&mut reader, &mut place)?;
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

    fn find(&self, char: char) -> io::Result<Option<Left<'_>>> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = (low + high) / 2;
            match varint::fixed(&self.file, self.lefts + middle * LEFT_ENTRY, CHAR)?.cmp(&u64::from(char)) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.left(middle).map(Some),
            }
        }
        Ok(None)
    }

    fn left(&self, number: usize) -> io::Result<Left<'_>> {
        let at = self.lefts + number * LEFT_ENTRY;
        let read = |at, width| varint::fixed(&self.file, at, width).map(|number| number as usize);
        let block = self.file.get(read(at + CHAR, PLACE)?..self.lefts).ok_or_else(damaged)?;
        Ok(Left { char: char_of(read(at, CHAR)? as u64)?, block, base: read(at + CHAR + PLACE, PLACE)? })
    }

    /// All pairs and characters of runs that have postings, in order.
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            pairs: self,
            next: 0,
            left: '\0',
            reader: Reader::new(&[]),
            place: 0,
            rights: 0,
            right: 0,
            read: VecDeque::new(),
        }
    }
}

/// The block of a left character and the place of its first postings.
struct Left<'a> {
    char: char,
    block: &'a [u8],
    base: usize,
}

fn char_of(code: u64) -> io::Result<char> {
    char::from_u32(code as u32).ok_or_else(damaged)
}

/// Goes through a table; see [`Pairs::iter`].
pub struct Iter<'a> {
    pairs: &'a Pairs,
    /// The left character that comes next, by its number.
    next: usize,
    left: char,
    reader: Reader<'a>,
    place: usize,
    /// Right characters that follow.
    rights: u64,
    right: u64,
    /// What was read, but not handed over yet.
    read: VecDeque<(PairKey, Term)>,
}

impl Iter<'_> {
    /// The next pair with its postings.
    ///
    /// # Errors
    /// If the table is damaged.
    pub fn next(&mut self) -> io::Result<Option<(PairKey, Term)>> {
        while self.read.is_empty() {
            if self.rights > 0 {
                self.read_entry()?;
            } else if self.next < self.pairs.count {
                self.read_left()?;
            } else {
                return Ok(None);
            }
        }
        Ok(self.read.pop_front())
    }

    fn read_left(&mut self) -> io::Result<()> {
        let Left { char, block, base } = self.pairs.left(self.next)?;
        self.next += 1;
        (self.left, self.reader, self.place, self.right) = (char, Reader::new(block), base, 0);
        if let Some(term) = read_character(&mut self.reader, &mut self.place)? {
            self.read.push_back((PairKey { left: char, right: None, whole: false }, term));
        }
        skip_words(&mut self.reader)?;
        self.rights = self.reader.varint()?;
        self.reader.take((self.rights as usize).div_ceil(SAMPLED).checked_mul(SAMPLE).ok_or_else(damaged)?)?;
        Ok(())
    }

    fn read_entry(&mut self) -> io::Result<()> {
        self.rights -= 1;
        let code = self.reader.varint()?;
        self.right += code >> 3;
        let right = Some(char_of(self.right.checked_sub(1).ok_or_else(damaged)?)?);
        for (flag, whole) in [(HAS_CROSS, false), (HAS_WHOLE, true)] {
            if code & flag > 0
                && let Some(term) = read_pair(&mut self.reader, &mut self.place)?
            {
                self.read.push_back((PairKey { left: self.left, right, whole }, term));
            }
        }
        if code & HAS_HOLDERS > 0 {
            skip_words(&mut self.reader)?;
        }
        Ok(())
    }
}

/// Reads what stands for the postings of a pair; `place` is where they begin and moves behind them.
fn read_pair(reader: &mut Reader, place: &mut usize) -> io::Result<Option<Term>> {
    read_term(reader, place, At::Pair)
}

/// The same for a character of runs.
fn read_character(reader: &mut Reader, place: &mut usize) -> io::Result<Option<Term>> {
    read_term(reader, place, At::Bare)
}

fn read_term(reader: &mut Reader, place: &mut usize, at: fn(usize) -> At) -> io::Result<Option<Term>> {
    let count = reader.varint32()?;
    let at = match count {
        0 => return Ok(None),
        1 => At::Single(Posting { doc: reader.varint32()?, frequency: reader.varint32()? }),
        _ => {
            let start = *place;
            *place = start.checked_add(reader.varint()? as usize).ok_or_else(damaged)?;
            at(start)
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
