//! Puts the bodies of several segments together, without the documents that were deleted.
//!
//! Documents keep their order: the segments follow one another. Ranks are given anew by counting all tokens that stay.

use std::collections::HashMap;
use std::io::{self, Write};

use rustc_hash::FxBuildHasher;
use tantivy::DocId;
use tantivy::index::SegmentReader;

use super::encode::{Encoder, FIRST_WORD, PairKey, TOKEN_ITEM, TOKEN_OTHER_MARK, TOKEN_SENTENCE_END};
use super::postings::Posting;
use super::reader::{Body, Term, Token};
use super::varint::damaged;

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

/// Writes the body of the segments' living documents.
///
/// # Errors
/// If a body is missing or damaged, or `out` cannot be written.
pub fn merge<W: Write>(readers: &[SegmentReader], out: W) -> io::Result<W> {
    let mut parts = Vec::with_capacity(readers.len());
    let mut vocabulary = Words::default();
    let mut next = 0;
    for reader in readers {
        let body = Body::open(reader)?;
        let mut documents = vec![GONE; reader.max_doc() as usize];
        for doc in reader.doc_ids_alive() {
            documents[doc as usize] = next;
            next += 1;
        }
        let words = vocabulary.numbers_of(&body)?;
        parts.push(Part { reader, body, documents, words });
    }
    let ranks = vocabulary.ranked(&parts)?;
    for part in &mut parts {
        part.words.iter_mut().for_each(|word| *word = ranks[*word as usize]);
    }
    let mut encoder = Encoder::new(out);
    write_words(&parts, &mut encoder)?;
    write_pairs(&parts, &mut encoder)?;
    for part in &parts {
        for doc in part.reader.doc_ids_alive() {
            let mut tokens = Vec::new();
            part.body.for_each_token(doc, |token| {
                tokens.push(part.token(token)?);
                Ok(())
            })?;
            encoder.document(part.body.residue(doc)?, tokens.into_iter())?;
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

    /// Appends the postings of a term by their new documents.
    fn collect(&self, term: Term, postings: &mut Vec<Posting>) -> io::Result<()> {
        let mut is_damaged = false;
        self.body.for_each_block(term, |docs, frequencies| {
            for (&doc, &frequency) in docs.iter().zip(frequencies) {
                match self.documents.get(doc as usize) {
                    Some(&GONE) => {}
                    Some(&doc) => postings.push(Posting { doc, frequency }),
                    None => is_damaged = true,
                }
            }
        })?;
        // Only a damaged list is not in order.
        let is_in_order = postings.is_sorted_by(|a, b| a.doc < b.doc);
        if is_damaged || !is_in_order { Err(damaged()) } else { Ok(()) }
    }
}

/// The words of all parts.
#[derive(Default)]
struct Words {
    numbers: HashMap<Box<[char]>, u32, FxBuildHasher>,
}

/// The rank of a word that no document holds any more.
const NO_RANK: u32 = u32::MAX;

impl Words {
    fn numbers_of(&mut self, body: &Body) -> io::Result<Vec<u32>> {
        let mut numbers = Vec::with_capacity(body.words() as usize);
        let mut chars = Vec::new();
        for rank in 0..body.words() {
            chars.clear();
            body.spell(rank, &mut chars)?;
            let new = self.numbers.len() as u32;
            numbers.push(match self.numbers.get(chars.as_slice()) {
                Some(&known) => known,
                None => {
                    self.numbers.insert(chars.as_slice().into(), new);
                    new
                }
            });
        }
        Ok(numbers)
    }

    /// The ranks of the words by how often they stand in what stays.
    fn ranked(&self, parts: &[Part]) -> io::Result<Vec<u32>> {
        let mut counts = vec![0u64; self.numbers.len()];
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
    let mut terms: Vec<(u64, u32, Term)> = Vec::new();
    for (number, part) in (0..).zip(parts) {
        part.body.for_each_pair(|key, term| {
            terms.push((key.packed(), number, term));
            Ok(())
        })?;
    }
    terms.sort_unstable_by_key(|&(key, number, _)| (key, number));
    let mut postings = Vec::new();
    for same in terms.chunk_by(|a, b| a.0 == b.0) {
        postings.clear();
        for &(_, number, term) in same {
            parts[number as usize].collect(term, &mut postings)?;
        }
        encoder.pair(PairKey::unpacked(same[0].0), &postings)?;
    }
    Ok(())
}
