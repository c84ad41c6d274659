//! The documents that hold a term and how often, as bytes.
//!
//! Blocks of 128 documents: the width in bits of the distances between them and of the frequencies less one (a byte
//! each), then both bitpacked. What remains is a varint a document: its distance and whether the frequency is more than
//! one, which then follows. There are no skips: lists are read from their beginning, or not at all where other lists
//! and the passages themselves decide sooner.

use std::io;

use bitpacking::{BitPacker, BitPacker4x};
use tantivy::DocId;

use super::varint::{self, Reader, damaged};

const BLOCK: usize = BitPacker4x::BLOCK_LEN;

/// A document and how often it holds the term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// The document.
    pub doc: DocId,
    /// At least 1.
    pub frequency: u32,
}

/// The postings of a term.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    /// Documents that hold it, deleted ones included.
    pub count: u32,
    /// Where the postings are.
    pub(super) at: At,
}

/// Where postings are.
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    /// There is one only.
    Single(Posting),
    /// The postings begin there.
    Bare(usize),
    /// What a pair has begins there: its variants, if there are enough documents, then its postings.
    Pair(usize),
}

/// Appends postings, which ascend.
pub fn encode(postings: &[Posting], out: &mut Vec<u8>) {
    let packer = BitPacker4x::new();
    let mut last = 0;
    let (blocks, rest) = postings.as_chunks::<BLOCK>();
    let mut packed = [0u8; BLOCK * 4];
    for block in blocks {
        let docs = block.map(|posting| posting.doc);
        let more = block.map(|posting| posting.frequency - 1);
        let (doc_bits, frequency_bits) = (packer.num_bits_sorted(last, &docs), packer.num_bits(&more));
        out.extend([doc_bits, frequency_bits]);
        let written = packer.compress_sorted(last, &docs, &mut packed, doc_bits);
        out.extend_from_slice(&packed[..written]);
        let written = packer.compress(&more, &mut packed, frequency_bits);
        out.extend_from_slice(&packed[..written]);
        last = docs[BLOCK - 1];
    }
    for posting in rest {
        let is_more = posting.frequency > 1;
        varint::write(out, u64::from(posting.doc - last) << 1 | u64::from(is_more));
        if is_more {
            varint::write(out, u64::from(posting.frequency));
        }
        last = posting.doc;
    }
}

/// Hands over `count` postings that `bytes` begin with, block by block.
///
/// # Errors
/// If there are too few bytes.
pub fn for_each_block(count: u32, bytes: &[u8], mut each: impl FnMut(&[DocId], &[u32])) -> io::Result<()> {
    let packer = BitPacker4x::new();
    let mut reader = Reader::new(bytes);
    let (mut docs, mut frequencies) = ([0; BLOCK], [0; BLOCK]);
    let mut last = 0;
    for _ in 0..count as usize / BLOCK {
        let (doc_bits, frequency_bits) = (reader.byte()?, reader.byte()?);
        if doc_bits > 32 || frequency_bits > 32 {
            return Err(damaged());
        }
        let packed = reader.take(usize::from(doc_bits) * BLOCK / 8)?;
        packer.decompress_sorted(last, packed, &mut docs, doc_bits);
        let packed = reader.take(usize::from(frequency_bits) * BLOCK / 8)?;
        if frequency_bits == 0 {
            frequencies = [1; BLOCK];
        } else {
            packer.decompress(packed, &mut frequencies, frequency_bits);
            frequencies.iter_mut().for_each(|frequency| *frequency = frequency.wrapping_add(1));
        }
        last = docs[BLOCK - 1];
        each(&docs, &frequencies);
    }
    let rest = count as usize % BLOCK;
    for (doc, frequency) in docs.iter_mut().zip(&mut frequencies).take(rest) {
        let code = reader.varint()?;
        last = last.wrapping_add((code >> 1) as u32);
        *doc = last;
        *frequency = if code & 1 == 1 { reader.varint32()? } else { 1 };
    }
    if rest > 0 {
        each(&docs[..rest], &frequencies[..rest]);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(count: u32, bytes: &[u8]) -> io::Result<Vec<Posting>> {
        let mut postings = Vec::new();
        for_each_block(count, bytes, |docs, frequencies| {
            let pairs = docs.iter().zip(frequencies);
            postings.extend(pairs.map(|(&doc, &frequency)| Posting { doc, frequency }));
        })?;
        Ok(postings)
    }

    proptest! {
        #[test]
        fn postings_come_back(steps in proptest::collection::vec((1u32..5_000, 1u32..5), 0..600)) {
            let mut doc = 0;
            let postings: Vec<Posting> = steps
                .into_iter()
                .map(|(step, frequency)| {
                    doc += step;
                    Posting { doc: doc - 1, frequency }
                })
                .collect();
            let mut bytes = Vec::new();
            encode(&postings, &mut bytes);
            let count = postings.len() as u32;
            prop_assert_eq!(decoded(count, &bytes).expect("intact"), postings);
            for len in 0..bytes.len() {
                prop_assert!(decoded(count, &bytes[..len]).is_err());
            }
        }

        #[test]
        fn no_bytes_make_it_panic(count in 0u32..400, bytes in proptest::collection::vec(any::<u8>(), 0..900)) {
            let _ = decoded(count, &bytes);
        }
    }
}
