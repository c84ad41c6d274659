//! Puts the bodies of several segments together, without the documents that were deleted.
//!
//! Documents keep their order: the segments follow one another. Ranks are given anew by counting all tokens that stay.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};
use std::ops::Range;

use tantivy::DocId;
use tantivy::index::SegmentReader;

use super::encode::{Encoder, FIRST_WORD, Files, TOKEN_ITEM, TOKEN_OTHER_MARK, TOKEN_SENTENCE_END};
use super::postings::{Posting, Term};
use super::reader::{Body, Token};
use super::variants::{UNKNOWN, Variant};
use super::varint::damaged;
use super::vocabulary::Vocabulary;

/// A segment that goes into the new one.
struct Part<'a> {
    reader: &'a SegmentReader,
    body: Body,
    /// The new number of each document; [`GONE`] for those that were deleted.
    documents: Vec<DocId>,
    /// The number of each word among those of all parts, then its new rank.
    words: Vec<u32>,
}

const GONE: DocId = DocId::MAX;

/// Frequencies up to this are not doubted: a damaged file must not make lists longer than memory.
const FEW: u32 = 255;

/// Writes the body of the segments' living documents.
///
/// # Errors
/// If a body is missing or damaged, or `files` cannot be written.
pub fn merge<W: Write>(readers: &[SegmentReader], files: Files<W>) -> io::Result<Files<W>> {
    let mut parts = Vec::with_capacity(readers.len());
    let mut vocabulary = Vocabulary::default();
    let mut next = 0;
    for reader in readers {
        let body = Body::open(reader)?;
        let mut documents = vec![GONE; reader.max_doc() as usize];
        for doc in reader.doc_ids_alive() {
            documents[doc as usize] = next;
            next += 1;
        }
        let words = numbers_of(&body, &mut vocabulary)?;
        parts.push(Part { reader, body, documents, words });
    }
    let count = vocabulary.len();
    drop(vocabulary);
    let ranks = ranked(count, &parts)?;
    for part in &mut parts {
        part.words.iter_mut().for_each(|word| *word = ranks[*word as usize]);
    }
    let mut encoder = Encoder::new(files);
    write_words(&parts, &mut encoder)?;
    write_pairs(&parts, &mut encoder)?;
    let mut tokens = Vec::new();
    for part in &parts {
        for doc in part.reader.doc_ids_alive() {
            tokens.clear();
            part.body.for_each_token(doc, |token| {
                tokens.push(part.token(token)?);
                Ok(())
            })?;
            let (card, fingerprint) = (part.body.card(doc), part.body.fingerprint(doc));
            encoder.document(card, fingerprint, part.body.beside(doc)?, tokens.iter().copied())?;
        }
    }
    encoder.finish()
}

impl Part<'_> {
    fn token(&self, token: Token) -> io::Result<u32> {
        Ok(match token {
            Token::SentenceEnd => TOKEN_SENTENCE_END,
            Token::OtherMark => TOKEN_OTHER_MARK,
            Token::Item => TOKEN_ITEM,
            Token::Word(rank) => FIRST_WORD + self.words.get(rank as usize).ok_or_else(damaged)?,
        })
    }

    /// Appends the postings of a word by their new documents.
    fn collect(&self, term: Term, postings: &mut Vec<Posting>) -> io::Result<()> {
        self.collect_each(term, postings, |_| ())
    }

    /// Appends the postings of a pair by their new documents, and the variants of its occurrences there, by the words' new
    /// ranks.
    fn collect_pair(&self, term: Term, postings: &mut Vec<Posting>, variants: &mut Vec<u64>) -> io::Result<()> {
        let told = self.body.variants(term)?;
        let renumbered = |variant: &Variant| {
            variant.renumbered(|rank| self.words.get(rank as usize).copied()).map_or(UNKNOWN, Variant::packed)
        };
        let known: Vec<u64> = told.iter().flat_map(|told| &told.known).map(renumbered).collect();
        self.collect_each(term, postings, |occurrences| {
            variants.extend(occurrences.map(|occurrence| {
                let number = told.as_ref().and_then(|told| told.number(occurrence));
                number.map_or(UNKNOWN, |number| known[number])
            }));
        })
    }

    /// Appends postings by their new documents; `each` is told which of all the term's occurrences stand in every one.
    fn collect_each(
        &self,
        term: Term,
        postings: &mut Vec<Posting>,
        mut each: impl FnMut(Range<u32>),
    ) -> io::Result<()> {
        let before = postings.len().saturating_sub(1);
        let mut is_damaged = false;
        self.body.for_each_document(term, |doc, occurrences| {
            let new = self.documents.get(doc as usize).copied();
            let frequency = occurrences.len() as u32;
            // The length of a passage is looked up only where a frequency may be more.
            if new.is_none() || frequency == 0 || frequency > FEW && frequency > self.body.card(doc).characters() {
                is_damaged = true;
            } else if let Some(doc) = new.filter(|&doc| doc != GONE) {
                postings.push(Posting { doc, frequency });
                each(occurrences);
            }
        })?;
        // Only a damaged list is not in order.
        let is_in_order = postings[before..].is_sorted_by(|a, b| a.doc < b.doc);
        if is_damaged || !is_in_order { Err(damaged()) } else { Ok(()) }
    }
}

/// The rank of a word that no document holds any more.
const NO_RANK: u32 = u32::MAX;

/// The number of each word of a body among those of all parts.
fn numbers_of(body: &Body, vocabulary: &mut Vocabulary) -> io::Result<Vec<u32>> {
    let mut numbers = Vec::with_capacity(body.words() as usize);
    let mut chars = Vec::new();
    for rank in 0..body.words() {
        chars.clear();
        body.spell(rank, &mut chars)?;
        numbers.push(vocabulary.number_of(&chars));
    }
    Ok(numbers)
}

/// The ranks of the words by how often they stand in what stays.
fn ranked(words: u32, parts: &[Part]) -> io::Result<Vec<u32>> {
    let mut counts = vec![0u64; words as usize];
    for part in parts {
        for doc in part.reader.doc_ids_alive() {
            part.body.for_each_token(doc, |token| {
                if let Token::Word(rank) = token {
                    counts[*part.words.get(rank as usize).ok_or_else(damaged)? as usize] += 1;
                }
                Ok(())
            })?;
        }
    }
    let mut by_rank: Vec<u32> = (0..counts.len() as u32).filter(|&word| counts[word as usize] > 0).collect();
    by_rank.sort_by_key(|&word| std::cmp::Reverse(counts[word as usize]));
    let mut ranks = vec![NO_RANK; counts.len()];
    for (rank, &word) in (0..).zip(&by_rank) {
        ranks[word as usize] = rank;
    }
    Ok(ranks)
}

fn write_words<W: Write>(parts: &[Part], encoder: &mut Encoder<W>) -> io::Result<()> {
    // By new rank, the part and the rank there; words of one rank stand together, by part.
    let mut places: Vec<(u32, u32, u32)> = Vec::new();
    for (number, part) in (0..).zip(parts) {
        let of_part = (0..).zip(&part.words).filter(|(_, rank)| **rank != NO_RANK);
        places.extend(of_part.map(|(old, &rank)| (rank, number, old)));
    }
    places.sort_unstable();
    let (mut chars, mut postings) = (Vec::new(), Vec::new());
    for same in places.chunk_by(|a, b| a.0 == b.0) {
        postings.clear();
        for &(_, number, old) in same {
            let part = &parts[number as usize];
            part.collect(part.body.word(old)?, &mut postings)?;
        }
        chars.clear();
        parts[same[0].1 as usize].body.spell(same[0].2, &mut chars)?;
        encoder.word(&chars, &postings)?;
    }
    Ok(())
}

fn write_pairs<W: Write>(parts: &[Part], encoder: &mut Encoder<W>) -> io::Result<()> {
    let mut tables: Vec<_> = parts.iter().map(|part| part.body.pairs.iter()).collect();
    // The pairs that come next, by part; those of the same pair follow each other in order of the parts.
    let mut next = BinaryHeap::new();
    let mut terms = Vec::with_capacity(parts.len());
    for (number, table) in tables.iter_mut().enumerate() {
        terms.push(table.next()?);
        next.extend(terms[number].map(|(key, _)| Reverse((key, number))));
    }
    let (mut postings, mut variants) = (Vec::new(), Vec::new());
    while let Some(&Reverse((key, _))) = next.peek() {
        postings.clear();
        variants.clear();
        while let Some(&Reverse((_, number))) = next.peek().filter(|Reverse((of, _))| *of == key) {
            if let Some((_, term)) = terms[number] {
                parts[number].collect_pair(term, &mut postings, &mut variants)?;
            }
            next.pop();
            terms[number] = tables[number].next()?;
            next.extend(terms[number].map(|(key, _)| Reverse((key, number))));
        }
        encoder.pair(key, &postings, &variants)?;
    }
    Ok(())
}
