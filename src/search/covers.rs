//! The terms that agree with a string, and how they make up its occurrences.
//!
//! Every neighbouring pair of characters of a passage stands in exactly one posting (`index::body`). So an occurrence
//! lies inside one word that holds the string, or any one of its pairs tells of it: as a pair across words or inside a
//! run, or inside a word that agrees with the string. Words that hold the whole string are counted by frequencies alone,
//! and all occurrences of strings of one or two characters are of this kind. For other strings a pair is chosen at
//! which most occurrences are told by the words on both sides of it, which its postings name; where these do not reach
//! far enough, postings name candidates. Of these the postings of all pairs together tell nearly all (`chain`), and the
//! words of the other passages decide. Strings here have no marks. No text is
//! read.

use std::io;

use tantivy::DocId;

use super::alignments::{Alignments, LONGEST};
use super::chain;
use super::pivot::{Pivot, Told};
use crate::index::body::{Form, Holders, Term};
use crate::index::reader::Segment;

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
pub fn count(segment: &Segment, chars: &[char]) -> io::Result<Vec<Match>> {
    Covers::of(segment, chars)?.count(segment)
}

/// Makes one match per document of several, and sorts them.
pub(super) fn add_up(found: &mut Vec<Match>) {
    // Postings ascend: this sort knows sorted stretches and merges them.
    found.sort_by_key(|m| m.doc);
    found.dedup_by(|next, kept| {
        let same = next.doc == kept.doc;
        if same {
            kept.occurrences += next.occurrences;
            kept.whole += next.whole;
        }
        same
    });
}

/// A term that holds the whole string.
struct Complete {
    term: Term,
    /// Whether a word starts at its first character and one ends at its last.
    whole: bool,
}

impl Complete {
    fn for_each(&self, segment: &Segment, mut each: impl FnMut(Match)) -> io::Result<()> {
        let whole = u32::from(self.whole);
        segment.body.for_each_block(self.term, |docs, frequencies| {
            for (&doc, &occurrences) in docs.iter().zip(frequencies) {
                each(Match { doc, occurrences, whole: occurrences * whole });
            }
        })
    }
}

/// A word that holds a part of the string and agrees with it.
struct Partial {
    term: Term,
    /// First pair of the string that it covers.
    from: usize,
    /// How many pairs it covers.
    pairs: usize,
}

/// A pair of the string across words or inside a run.
pub(super) struct Crossing {
    /// Its postings.
    pub term: Term,
    /// Which pair, from 0.
    pub pair: usize,
}

/// The terms that agree with a string.
pub(super) struct Covers {
    chars: Vec<char>,
    complete: Vec<Complete>,
    partial: Vec<Partial>,
    crossings: Vec<Crossing>,
}

/// Reading the words of one passage takes about as long as so many postings.
pub(super) const PASSAGE: usize = 200;

/// Longest string, in characters, of which all pairs are looked up: few passages hold even some of those of a longer one.
const LONG: usize = 64;

/// Pairs of a longer string that are looked up.
const SAMPLE: usize = 16;

impl Covers {
    /// The covers of a string without marks, which is not empty.
    pub fn of(segment: &Segment, chars: &[char]) -> io::Result<Covers> {
        let mut covers =
            Covers { chars: chars.to_vec(), complete: Vec::new(), partial: Vec::new(), crossings: Vec::new() };
        match chars {
            [single] => covers.add(segment, segment.body.pairs.character(*single)?, 0)?,
            _ if chars.len() <= LONG => {
                for pair in 0..chars.len() - 1 {
                    covers.add(segment, segment.body.pairs.pair(chars[pair], chars[pair + 1])?, pair)?;
                }
            }
            _ => {}
        }
        Ok(covers)
    }

    /// Adds what holds a pair of the string, or its only character.
    fn add(&mut self, segment: &Segment, holders: Holders, pair: usize) -> io::Result<()> {
        for (term, whole) in [(holders.cross, false), (holders.whole, true)] {
            let Some(term) = term else { continue };
            if self.chars.len() <= 2 {
                self.complete.push(Complete { term, whole });
            } else {
                self.crossings.push(Crossing { term, pair });
            }
        }
        let part = &self.chars[pair..self.chars.len().min(pair + 2)];
        let mut word = Vec::new();
        for rank in holders.words {
            word.clear();
            segment.body.spell(rank, &mut word)?;
            for place in (0..word.len()).filter(|&place| word[place..].starts_with(part)) {
                // A word that begins before this pair, inside the string, was taken at an earlier pair.
                let length = (word.len() - place).min(self.chars.len() - pair);
                let is_taken = pair > 0 && place > 0;
                if is_taken || self.chars[pair..pair + length] != word[place..place + length] {
                    continue;
                }
                let term = segment.body.word(rank)?;
                if length == self.chars.len() {
                    self.complete.push(Complete { term, whole: word.len() == length });
                } else {
                    self.partial.push(Partial { term, from: pair, pairs: length - 1 });
                }
            }
        }
        Ok(())
    }

    /// The pairs of the string that stand across words or inside runs.
    pub fn crossings(&self) -> &[Crossing] {
        &self.crossings
    }

    /// Postings of the terms that hold the whole string: at least as many as documents in which one does.
    pub fn postings(&self) -> u64 {
        self.complete.iter().map(|cover| u64::from(cover.term.count)).sum()
    }

    /// About how many postings there are to go through for the string's documents.
    pub fn cost(&self) -> usize {
        let pairs = 0..self.chars.len() - 1;
        self.postings() as usize + pairs.map(|pair| self.pivot(pair).postings()).min().unwrap_or_default()
    }

    /// The documents, live or not, that may hold the string, ascending.
    pub fn documents(&self, segment: &Segment) -> io::Result<Vec<DocId>> {
        if self.chars.len() > LONG {
            return self.documents_of_long(segment);
        }
        let mut documents = union(segment, self.complete.iter().map(|cover| cover.term))?;
        let pieced = self.pieced(segment)?.documents();
        if !pieced.is_empty() {
            documents.extend(pieced);
            documents.sort();
            documents.dedup();
        }
        Ok(documents)
    }

    fn documents_of_long(&self, segment: &Segment) -> io::Result<Vec<DocId>> {
        let step = self.chars.len().div_ceil(SAMPLE);
        let mut documents: Option<Vec<DocId>> = None;
        for pair in self.chars.windows(2).step_by(step) {
            let holding = Covers::of(segment, pair)?.documents(segment)?;
            documents = Some(documents.map_or_else(|| holding.clone(), |documents| intersection(&documents, &holding)));
        }
        Ok(documents.unwrap_or_default())
    }

    /// The live documents that hold the string, ascending.
    pub fn count(&self, segment: &Segment) -> io::Result<Vec<Match>> {
        let mut found = self.count_complete(segment)?;
        let told = if self.chars.len() > LONG {
            Told { found: Vec::new(), candidates: self.documents_of_long(segment)? }
        } else {
            self.settled(segment, self.pieced(segment)?)?
        };
        if !told.found.is_empty() {
            found.extend(told.found);
            add_up(&mut found);
        }
        if !told.candidates.is_empty() {
            // In these the words tell about all occurrences, inside single words or not.
            found.retain(|m| told.candidates.binary_search(&m.doc).is_err());
            found.extend(read(segment, &self.chars, &told.candidates)?);
            found.sort_by_key(|m| m.doc);
        }
        if !segment.is_whole() {
            found.retain(|m| segment.is_live(m.doc));
        }
        Ok(found)
    }

    /// Occurrences inside terms that hold the whole string: their frequencies suffice.
    fn count_complete(&self, segment: &Segment) -> io::Result<Vec<Match>> {
        let Some(main) = self.complete.iter().max_by_key(|cover| cover.term.count) else { return Ok(Vec::new()) };
        let rest = self.postings() - u64::from(main.term.count);
        let mut found = Vec::new();
        // Many postings beside the longest list: count by document number; few: put them in between.
        if rest > u64::from(segment.max_doc()) / 8 {
            // Occurrences and whole ones.
            let mut counts = vec![(0u32, 0u32); segment.max_doc() as usize];
            for cover in &self.complete {
                cover.for_each(segment, |m| {
                    if let Some(count) = counts.get_mut(m.doc as usize) {
                        *count = (count.0 + m.occurrences, count.1 + m.whole);
                    }
                })?;
            }
            let counted = (0..).zip(counts).filter(|(_, (occurrences, _))| *occurrences > 0);
            found.extend(counted.map(|(doc, (occurrences, whole))| Match { doc, occurrences, whole }));
        } else {
            let mut others = Vec::new();
            for cover in self.complete.iter().filter(|cover| !std::ptr::eq(*cover, main)) {
                cover.for_each(segment, |m| others.push(m))?;
            }
            add_up(&mut others);
            let mut others = others.as_slice();
            found.reserve(main.term.count as usize + others.len());
            main.for_each(segment, |mut m| {
                while let Some((other, behind)) = others.split_first().filter(|(other, _)| other.doc <= m.doc) {
                    if other.doc == m.doc {
                        m.occurrences += other.occurrences;
                        m.whole += other.whole;
                    } else {
                        found.push(*other);
                    }
                    others = behind;
                }
                found.push(m);
            })?;
            found.extend_from_slice(others);
        }
        Ok(found)
    }

    /// What a pair of the string tells: the pair that leaves fewest passages to be read. Passages in which several terms
    /// together may hold the string are those that hold this pair, less those that do not hold another one, as far as
    /// looking that up is cheaper than reading their words.
    fn pieced(&self, segment: &Segment) -> io::Result<Told> {
        let pairs = 0..self.chars.len() - 1;
        let mut pivots: Vec<Pivot> = pairs.map(|pair| self.pivot(pair)).collect();
        if pivots.iter().any(Pivot::is_empty) {
            return Ok(Told::default());
        }
        pivots.sort_by_key(|pivot| (pivot.to_read() * PASSAGE + pivot.postings(), pivot.pair));
        let Some((first, others)) = pivots.split_first() else { return Ok(Told::default()) };
        let mut told = first.tell(segment, &self.chars)?;
        for pivot in others {
            if pivot.postings() > told.candidates.len() * PASSAGE {
                continue;
            }
            let other = pivot.tell(segment, &self.chars)?;
            if other.candidates.is_empty() {
                // This one knows all, whatever the first one left open.
                return Ok(other);
            }
            told.candidates = intersection(&told.candidates, &other.documents());
        }
        Ok(told)
    }

    /// What the postings of all boundaries tell of candidates, where that is cheaper than reading their words.
    fn settled(&self, segment: &Segment, mut told: Told) -> io::Result<Told> {
        let postings: usize = self.crossings.iter().map(|crossing| crossing.term.count as usize).sum();
        if told.candidates.len() < MANY || postings > told.candidates.len() * PASSAGE {
            return Ok(told);
        }
        let settled = chain::settle(segment, &self.chars, self.crossings(), &told.candidates)?;
        told.found.retain(|m| told.candidates.binary_search(&m.doc).is_err());
        told.found.extend(settled.found);
        Ok(Told { candidates: settled.left, ..told })
    }

    /// What may tell about the string at a pair.
    fn pivot(&self, pair: usize) -> Pivot {
        let crossings = self.crossings.iter().filter(|crossing| crossing.pair == pair);
        let covers = |cover: &&Partial| (cover.from..cover.from + cover.pairs).contains(&pair);
        let words = self.partial.iter().filter(covers);
        Pivot {
            pair,
            crossings: crossings.map(|crossing| crossing.term).collect(),
            words: words.map(|cover| cover.term).collect(),
        }
    }
}

/// From so many documents on it is worth finding out first which words the string can touch.
const MANY: usize = 32;

/// Counts a string in the words of documents.
///
/// # Errors
/// If the index is damaged.
pub fn read(segment: &Segment, chars: &[char], documents: &[DocId]) -> io::Result<Vec<Match>> {
    let mut found = Vec::new();
    if documents.len() >= MANY && chars.len() <= LONGEST {
        let alignments = Alignments::of(segment, chars)?;
        for &doc in documents {
            found.push(alignments.count(doc)?);
        }
        found.retain(|m| m.occurrences > 0);
        return Ok(found);
    }
    let mut form = Form::default();
    for &doc in documents {
        segment.body.form(doc, &mut form)?;
        let mut m = Match { doc, ..Match::default() };
        for (_, starts, ends) in form.occurrences(chars) {
            m.occurrences += 1;
            m.whole += u32::from(starts && ends);
        }
        if m.occurrences > 0 {
            found.push(m);
        }
    }
    Ok(found)
}

/// The documents of any of the terms, ascending.
pub(super) fn union(segment: &Segment, terms: impl Iterator<Item = Term>) -> io::Result<Vec<DocId>> {
    let mut documents = Vec::new();
    let mut lists = 0;
    for term in terms {
        lists += 1;
        segment.body.for_each_block(term, |docs, _| documents.extend_from_slice(docs))?;
    }
    if lists > 1 {
        documents.sort();
        documents.dedup();
    }
    Ok(documents)
}

/// The documents of both lists, ascending.
pub fn intersection(a: &[DocId], b: &[DocId]) -> Vec<DocId> {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut rest = many;
    let mut both = Vec::new();
    for &doc in few {
        // By leaps, since the lists may differ much in length.
        let mut reach = 1;
        while rest.get(reach).is_some_and(|&other| other < doc) {
            reach *= 2;
        }
        let bound = (reach + 1).min(rest.len());
        rest = &rest[rest[..bound].partition_point(|&other| other < doc)..];
        if rest.first() == Some(&doc) {
            both.push(doc);
        }
    }
    both
}
