//! The terms that agree with a string, and how they make up its occurrences.
//!
//! Works on words and seams ([`crate::index::tokens`]). Every neighbouring pair of characters of a passage
//! stands in exactly one posting, so the string occurs at a place if and only if postings that agree with
//! it cover all its pairs there. Nothing is read but postings. Strings here have no marks.

use std::io;

use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet};

use crate::index::reader::Segment;
use crate::index::tokens::{Left, SEAM, SeamKind, write_seam};
use crate::index::words::Holder;

/// A document that holds a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Match {
    /// The document.
    pub doc: DocId,
    /// How often the string occurs, overlapping occurrences included.
    pub occurrences: u32,
    /// How many of them start and end on word boundaries.
    pub whole: u32,
}

/// The live documents of a segment that hold a string, ascending.
///
/// # Errors
/// If the index is damaged.
pub fn count(segment: &Segment, chars: &[char]) -> tantivy::Result<Vec<Match>> {
    Covers::of(segment, chars)?.count(segment)
}

/// Makes one match per document of several, and sorts them.
fn add_up(found: &mut Vec<Match>) {
    found.sort_unstable_by_key(|m| m.doc);
    found.dedup_by(|next, kept| {
        let same = next.doc == kept.doc;
        if same {
            kept.occurrences += next.occurrences;
            kept.whole += next.whole;
        }
        same
    });
}

/// A term that agrees with the string where it overlaps it.
#[derive(Clone)]
pub(super) struct Cover {
    info: TermInfo,
    /// Index in the string of the term's first character; negative if the term begins before it.
    pub first: i32,
    /// First pair of the string that the term covers.
    pub from: usize,
    /// How many pairs it covers.
    pub pairs: usize,
    /// Whether a word starts at the string's first character, if the term covers its first pair.
    pub starts: bool,
    /// Whether a word ends after the string's last character, if the term covers its last pair.
    pub ends: bool,
}

/// The terms that agree with a string.
pub(super) struct Covers {
    /// Those that hold the whole of it.
    pub complete: Vec<Cover>,
    /// Those that hold a part; an occurrence outside the complete ones is made of several.
    pub partial: Vec<Cover>,
    needed: usize,
}

impl Covers {
    /// The covers of a string without marks.
    pub fn of(segment: &Segment, chars: &[char]) -> tantivy::Result<Covers> {
        let needed = needed(chars);
        let (complete, partial) = covers(segment, chars)?.into_iter().partition(|cover| cover.pairs == needed);
        Ok(Covers { complete, partial, needed })
    }

    /// Postings of the terms that hold the whole string: at least as many as documents in which one does.
    pub fn postings(&self) -> u64 {
        self.complete.iter().map(|cover| u64::from(cover.info.doc_freq)).sum()
    }

    /// The documents, live or not, in which a term holds the whole string, ascending.
    pub fn documents(&self, segment: &Segment) -> io::Result<Vec<DocId>> {
        documents_of(segment, self.complete.iter())
    }

    /// The live documents that hold the string, ascending; counted without looking at each place where frequencies
    /// suffice.
    pub fn count(&self, segment: &Segment) -> tantivy::Result<Vec<Match>> {
        let mut found = count_complete(segment, &self.complete)?;
        let mut pieced = Vec::new();
        for_each_pieced(segment, self.partial.clone(), self.needed, None, |doc, places| {
            let whole = places.iter().filter(|place| place.starts && place.ends).count();
            pieced.push(Match { doc, occurrences: places.len() as u32, whole: whole as u32 });
        })?;
        if !pieced.is_empty() {
            found.extend(pieced);
            add_up(&mut found);
        }
        found.retain(|m| segment.is_live(m.doc));
        Ok(found)
    }
}

impl Cover {
    pub fn covers(&self, pair: usize) -> bool {
        (self.from..self.from + self.pairs).contains(&pair)
    }

    /// The term's postings with positions.
    pub fn postings(&self, segment: &Segment) -> io::Result<SegmentPostings> {
        segment.body.read_postings_from_terminfo(&self.info, IndexRecordOption::WithFreqsAndPositions)
    }
}

/// How many pairs have to be covered; a single character counts as one.
pub(super) fn needed(chars: &[char]) -> usize {
    chars.len().max(2) - 1
}

fn covers(segment: &Segment, chars: &[char]) -> tantivy::Result<Vec<Cover>> {
    let mut covers = match chars {
        [single] => single_seams(segment, *single)?,
        _ => pair_seams(segment, chars)?,
    };
    let dictionary = segment.body.terms();
    for pair in 0..needed(chars) {
        let holders = match chars {
            [single] => segment.words.holding(*single)?,
            _ => segment.words.holding_pair(chars[pair], chars[pair + 1])?,
        };
        for holder in holders {
            let Holder { place, len, .. } = holder;
            let first = pair as i32 - place as i32;
            let overlap = first.max(0) as usize..((first + len as i32) as usize).min(chars.len());
            // A word is taken once, at the first pair that it covers.
            if overlap.start != pair {
                continue;
            }
            let word = segment.words.word(holder)?;
            if overlap.len() > 2 && !agrees(word, &chars[overlap.clone()], overlap.start as i32 - first) {
                continue;
            }
            let Some(info) = dictionary.get(word)? else { continue };
            covers.push(Cover {
                info,
                first,
                from: overlap.start,
                pairs: overlap.len().max(2) - 1,
                starts: first == 0,
                ends: first + len as i32 == chars.len() as i32,
            });
        }
    }
    Ok(covers)
}

/// Whether the characters of `word` from `skip` on begin with `chars`.
fn agrees(word: &str, chars: &[char], skip: i32) -> bool {
    let mut rest = word.chars().skip(skip as usize);
    chars.iter().all(|&c| rest.next() == Some(c))
}

fn pair_seams(segment: &Segment, chars: &[char]) -> tantivy::Result<Vec<Cover>> {
    let dictionary = segment.body.terms();
    let mut covers = Vec::new();
    let mut term = String::new();
    for (pair, window) in chars.windows(2).enumerate() {
        for kind in SeamKind::all() {
            write_seam(&mut term, window[0], window[1], kind);
            if let Some(info) = dictionary.get(term.as_bytes())? {
                let (starts, ends) = (kind.starts(), kind.ends);
                covers.push(Cover { info, first: pair as i32, from: pair, pairs: 1, starts, ends });
            }
        }
    }
    Ok(covers)
}

/// The seams that begin at a character no word term holds.
fn single_seams(segment: &Segment, char: char) -> tantivy::Result<Vec<Cover>> {
    let prefix = String::from_iter([SEAM, char]);
    let mut stream = segment.body.terms().range().ge(prefix.as_bytes()).into_stream()?;
    let mut covers = Vec::new();
    while stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
        let letter = stream.key().last().map(|&byte| char::from(byte));
        let Some(kind) = letter.and_then(SeamKind::from_letter).filter(|kind| kind.left != Left::Tail) else {
            continue;
        };
        let info = stream.value().clone();
        covers.push(Cover { info, first: 0, from: 0, pairs: 1, starts: kind.starts(), ends: kind.left == Left::Sole });
    }
    Ok(covers)
}

/// Occurrences inside terms that hold the whole string: their frequencies suffice.
fn count_complete(segment: &Segment, covers: &[Cover]) -> tantivy::Result<Vec<Match>> {
    let total: usize = covers.iter().map(|c| c.info.doc_freq as usize).sum();
    let mut found = Vec::new();
    // Many postings: count by document number; few: collect and sort.
    if total > segment.max_doc() as usize / 8 {
        found = (0..segment.max_doc()).map(|doc| Match { doc, ..Match::default() }).collect();
        for_each_posting(segment, covers, |m| {
            let slot: &mut Match = &mut found[m.doc as usize];
            slot.occurrences += m.occurrences;
            slot.whole += m.whole;
        })?;
        found.retain(|m| m.occurrences > 0);
    } else {
        found.reserve(total);
        for_each_posting(segment, covers, |m| found.push(m))?;
        add_up(&mut found);
    }
    Ok(found)
}

fn for_each_posting(segment: &Segment, covers: &[Cover], mut each: impl FnMut(Match)) -> io::Result<()> {
    for cover in covers {
        let whole = u32::from(cover.starts && cover.ends);
        let mut block = open_block(segment, cover, IndexRecordOption::WithFreqs)?;
        while !block.docs().is_empty() {
            for (&doc, &frequency) in block.docs().iter().zip(block.freqs()) {
                each(Match { doc, occurrences: frequency, whole: frequency * whole });
            }
            block.advance();
        }
    }
    Ok(())
}

fn open_block(segment: &Segment, cover: &Cover, option: IndexRecordOption) -> io::Result<BlockSegmentPostings> {
    segment.body.read_block_postings_from_terminfo(&cover.info, option)
}

/// Documents with the occurrences that several terms make up together, among those given.
pub(super) fn for_each_pieced(
    segment: &Segment,
    covers: Vec<Cover>,
    needed: usize,
    among: Option<&[DocId]>,
    mut each: impl FnMut(DocId, &[Pieced]),
) -> tantivy::Result<()> {
    let mut pairs: Vec<usize> = (0..needed).collect();
    let cost = |pair: &usize| -> u64 { of_pair(&covers, *pair).map(|c| u64::from(c.info.doc_freq)).sum() };
    pairs.sort_by_cached_key(cost);
    if covers.is_empty() || cost(&pairs[0]) == 0 {
        return Ok(());
    }
    let mut candidates = documents_of(segment, of_pair(&covers, pairs[0]))?;
    if let Some(among) = among {
        candidates.retain(|doc| among.binary_search(doc).is_ok());
    }
    let mut cursors = Cursors::open(segment, covers, needed)?;
    for doc in candidates {
        if pairs.iter().all(|&pair| cursors.any_covers(pair, doc)) {
            let places = cursors.occurrences(doc);
            if !places.is_empty() {
                each(doc, &places);
            }
        }
    }
    Ok(())
}

fn of_pair(covers: &[Cover], pair: usize) -> impl Iterator<Item = &Cover> {
    covers.iter().filter(move |c| c.covers(pair))
}

/// The documents of any of the covers, ascending.
fn documents_of<'a>(segment: &Segment, covers: impl Iterator<Item = &'a Cover>) -> io::Result<Vec<DocId>> {
    let mut documents = Vec::new();
    for cover in covers {
        let mut block = open_block(segment, cover, IndexRecordOption::Basic)?;
        while !block.docs().is_empty() {
            documents.extend_from_slice(block.docs());
            block.advance();
        }
    }
    documents.sort_unstable();
    documents.dedup();
    Ok(documents)
}

/// An occurrence made of several terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pieced {
    /// First character, in characters of the matching form.
    pub start: i32,
    pairs: usize,
    pub starts: bool,
    pub ends: bool,
}

/// Positional postings of covers, moved forward together.
pub(super) struct Cursors {
    covers: Vec<Cover>,
    postings: Vec<SegmentPostings>,
    needed: usize,
    positions: Vec<u32>,
}

impl Cursors {
    pub fn open(segment: &Segment, covers: Vec<Cover>, needed: usize) -> io::Result<Self> {
        let postings = covers.iter().map(|cover| cover.postings(segment)).collect::<io::Result<_>>()?;
        Ok(Cursors { covers, postings, needed, positions: Vec::new() })
    }

    pub fn any_covers(&mut self, pair: usize, doc: DocId) -> bool {
        (0..self.covers.len()).any(|i| self.covers[i].covers(pair) && is_at(&mut self.postings[i], doc))
    }

    /// Where all the string's pairs are covered in `doc`, ascending.
    ///
    /// A pair of the text stands in one posting only, so covered pairs can be added up per start.
    pub fn occurrences(&mut self, doc: DocId) -> Vec<Pieced> {
        let mut places: Vec<Pieced> = Vec::new();
        for i in 0..self.covers.len() {
            if !is_at(&mut self.postings[i], doc) {
                continue;
            }
            let cover = &self.covers[i];
            self.postings[i].positions(&mut self.positions);
            places.extend(self.positions.iter().map(|&position| Pieced {
                start: position as i32 - cover.first,
                pairs: cover.pairs,
                starts: cover.starts && cover.from == 0,
                ends: cover.ends && cover.from + cover.pairs == self.needed,
            }));
        }
        places.sort_unstable_by_key(|place| place.start);
        places.dedup_by(|next, kept| {
            let same = next.start == kept.start;
            if same {
                kept.pairs += next.pairs;
                kept.starts |= next.starts;
                kept.ends |= next.ends;
            }
            same
        });
        places.retain(|place| place.pairs == self.needed);
        places
    }
}

/// Moves postings forward to a document; says whether it is among them.
pub(super) fn is_at(postings: &mut SegmentPostings, doc: DocId) -> bool {
    if postings.doc() < doc {
        postings.seek(doc);
    }
    postings.doc() == doc
}
