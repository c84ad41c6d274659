//! Literal search: exactly the passages of a segment whose matching form holds a string, and how often.
//!
//! Works on words and seams ([`crate::index::tokens`]). Every neighbouring pair of characters of a passage
//! stands in exactly one posting, so the string occurs at a place if and only if postings that agree with
//! it cover all its pairs there. Nothing is read but postings, unless the string holds a mark: then the
//! pieces between marks give the candidates and the stored text decides.

use std::io;

use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet};

use crate::index::reader::Segment;
use crate::index::tokens::{Left, SEAM, SeamKind, write_seam};
use crate::index::words::Holder;
use crate::text::fold::{MARK, fold};

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

/// The live documents of a segment that hold `string`, ascending.
///
/// `string` is a matching form and not empty.
///
/// # Errors
/// If the index is damaged.
pub fn find(segment: &Segment, string: &str) -> tantivy::Result<Vec<Match>> {
    let chars: Vec<char> = string.chars().collect();
    let mut found = if chars.contains(&MARK) { with_marks(segment, &chars)? } else { without_marks(segment, &chars)? };
    found.retain(|m| segment.is_live(m.doc));
    Ok(found)
}

fn without_marks(segment: &Segment, chars: &[char]) -> tantivy::Result<Vec<Match>> {
    let covers = covers(segment, chars)?;
    let (complete, partial): (Vec<Cover>, Vec<Cover>) = covers.into_iter().partition(|c| c.pairs == needed(chars));
    let mut found = count_complete(segment, &complete)?;
    let pieced = count_pieced(segment, partial, needed(chars))?;
    if !pieced.is_empty() {
        found.extend(pieced);
        add_up(&mut found);
    }
    Ok(found)
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
struct Cover {
    info: TermInfo,
    /// Index in the string of the term's first character; negative if the term begins before it.
    first: i32,
    /// First pair of the string that the term covers.
    from: usize,
    /// How many pairs it covers.
    pairs: usize,
    /// Whether a word starts at the string's first character, if the term covers its first pair.
    starts: bool,
    /// Whether a word ends after the string's last character, if the term covers its last pair.
    ends: bool,
}

impl Cover {
    fn covers(&self, pair: usize) -> bool {
        (self.from..self.from + self.pairs).contains(&pair)
    }
}

/// How many pairs have to be covered; a single character counts as one.
fn needed(chars: &[char]) -> usize {
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

/// Occurrences that several terms make up together.
fn count_pieced(segment: &Segment, covers: Vec<Cover>, needed: usize) -> tantivy::Result<Vec<Match>> {
    let mut pairs: Vec<usize> = (0..needed).collect();
    let cost = |pair: &usize| -> u64 { of_pair(&covers, *pair).map(|c| u64::from(c.info.doc_freq)).sum() };
    pairs.sort_by_cached_key(cost);
    if covers.is_empty() || cost(&pairs[0]) == 0 {
        return Ok(Vec::new());
    }
    let candidates = documents_of(segment, of_pair(&covers, pairs[0]))?;
    let mut cursors = Cursors::open(segment, covers, needed)?;
    let mut found = Vec::new();
    for doc in candidates {
        if !pairs.iter().all(|&pair| cursors.any_covers(pair, doc)) {
            continue;
        }
        let places = cursors.occurrences(doc);
        if !places.is_empty() {
            let whole = places.iter().filter(|place| place.starts && place.ends).count();
            found.push(Match { doc, occurrences: places.len() as u32, whole: whole as u32 });
        }
    }
    Ok(found)
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

/// One occurrence of a string in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// First character, in characters of the matching form.
    start: i32,
    pairs: usize,
    starts: bool,
    ends: bool,
}

/// Positional postings of covers, moved forward together.
struct Cursors {
    covers: Vec<Cover>,
    postings: Vec<SegmentPostings>,
    needed: usize,
    positions: Vec<u32>,
}

impl Cursors {
    fn open(segment: &Segment, covers: Vec<Cover>, needed: usize) -> io::Result<Self> {
        let option = IndexRecordOption::WithFreqsAndPositions;
        let open = |cover: &Cover| segment.body.read_postings_from_terminfo(&cover.info, option);
        let postings = covers.iter().map(open).collect::<io::Result<_>>()?;
        Ok(Cursors { covers, postings, needed, positions: Vec::new() })
    }

    fn is_at(&mut self, i: usize, doc: DocId) -> bool {
        let postings = &mut self.postings[i];
        if postings.doc() < doc {
            postings.seek(doc);
        }
        postings.doc() == doc
    }

    fn any_covers(&mut self, pair: usize, doc: DocId) -> bool {
        (0..self.covers.len()).any(|i| self.covers[i].covers(pair) && self.is_at(i, doc))
    }

    /// Where all the string's pairs are covered in `doc`, ascending.
    ///
    /// A pair of the text stands in one posting only, so covered pairs can be added up per start.
    fn occurrences(&mut self, doc: DocId) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for i in 0..self.covers.len() {
            if !self.is_at(i, doc) {
                continue;
            }
            let cover = &self.covers[i];
            self.postings[i].positions(&mut self.positions);
            places.extend(self.positions.iter().map(|&position| Place {
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

/// Strings with marks: candidates by the pieces between them, the decision on the text.
fn with_marks(segment: &Segment, chars: &[char]) -> tantivy::Result<Vec<Match>> {
    let pieces: Vec<&[char]> = chars.split(|&c| c == MARK).collect();
    let (first, last) = (pieces[0], pieces[pieces.len() - 1]);
    let mut candidates: Vec<DocId> = (0..segment.max_doc()).filter(|&doc| !segment.is_header(doc)).collect();
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        let found = without_marks(segment, piece)?;
        candidates.retain(|doc| found.binary_search_by_key(doc, |m| m.doc).is_ok());
    }
    let mut opening = Boundaries::open(segment, first)?;
    let mut closing = Boundaries::open(segment, last)?;
    let mut found = Vec::new();
    for doc in candidates {
        let folded = fold(&segment.passage(doc)?.text);
        let starts: Vec<usize> = folded.find_all(chars).collect();
        let opens = opening.in_document(doc, |place| place.starts);
        let closes = closing.in_document(doc, |place| place.ends);
        let last_at = |start: usize| start + chars.len() - last.len();
        let whole = starts.iter().filter(|&&start| opens(start) && closes(last_at(start))).count();
        if !starts.is_empty() {
            found.push(Match { doc, occurrences: starts.len() as u32, whole: whole as u32 });
        }
    }
    Ok(found)
}

/// Where a piece of a string with marks has a word boundary. An empty piece stands for the mark at the
/// string's end, which always is one.
struct Boundaries(Option<Cursors>);

impl Boundaries {
    fn open(segment: &Segment, piece: &[char]) -> tantivy::Result<Boundaries> {
        if piece.is_empty() {
            return Ok(Boundaries(None));
        }
        Ok(Boundaries(Some(Cursors::open(segment, covers(segment, piece)?, needed(piece))?)))
    }

    /// Whether the piece stands at a place of `doc` with a boundary on the side that `test` asks about.
    fn in_document(&mut self, doc: DocId, test: fn(&Place) -> bool) -> impl Fn(usize) -> bool + use<> {
        let places = self.0.as_mut().map(|cursors| cursors.occurrences(doc));
        move |start| {
            places.as_ref().is_none_or(|places| places.iter().any(|place| place.start == start as i32 && test(place)))
        }
    }
}
