//! Collects the body of a segment while documents are added, in memory.
//!
//! Two sequences of numbers are all that is kept of the text: its tokens, and its pairs across words' boundaries and
//! inside runs. At the end they are put in order by counting, so that nothing is sorted and no list grows by itself:
//! adding a token costs one lookup and four bytes. Between which words a pair stands is told by the tokens, once more:
//! in portions, since all of it would take as much memory as what was collected.

use std::io::{self, Write};
use std::sync::Arc;

use tantivy::DocId;

use super::card::Card;
use super::encode::{Encoder, FIRST_WORD, Files, TOKEN_ITEM, TOKEN_OTHER_MARK, TOKEN_SENTENCE_END, is_term};
use super::form::{Form, ITEM, SENTENCE_END, WORD};
use super::pair_numbers::PairNumbers;
use super::pairs::PairKey;
use super::postings::Posting;
use super::sequence::{Grouped, Sequence, roomy};
use super::variants::{TOLD_FROM, UNKNOWN, Variant};
use super::vocabulary::Vocabulary;
use crate::text::fold::MARK;
use crate::text::segment::{Scratch, Segmenter};

/// The body of a segment to be.
pub struct Collector {
    segmenter: Arc<Segmenter>,
    words: Vocabulary,
    tokens: Sequence,
    pair_numbers: PairNumbers,
    pairs: Sequence,
    /// Cards and fingerprints.
    cards: Vec<(Card, u64)>,
    /// What stands beside the words of all passages, and where each ends.
    beside: (Vec<u8>, Vec<usize>),
    // What one passage needs and the next one needs again.
    form: Form,
    scratch: Scratch,
    ends: Vec<(usize, u32)>,
}

impl Collector {
    /// Nothing yet. Words are found by `segmenter`.
    pub fn new(segmenter: Arc<Segmenter>) -> Collector {
        Collector {
            segmenter,
            words: Vocabulary::default(),
            tokens: Sequence::new(),
            pair_numbers: PairNumbers::new(),
            pairs: Sequence::new(),
            cards: Vec::new(),
            beside: (roomy(), Vec::new()),
            form: Form::default(),
            scratch: Scratch::default(),
            ends: Vec::new(),
        }
    }

    /// Adds the next document: what [`super::document`] made of it.
    pub fn add(&mut self, document: &[u8]) {
        let known = u128::from_le_bytes(document.first_chunk().copied().unwrap_or_default());
        let (card, fingerprint) = (Card::of_bytes((known as u64).to_le_bytes()), (known >> 64) as u64);
        let rest = document.get(16..).unwrap_or_default();
        let mut form = std::mem::take(&mut self.form);
        let beside = form.read(rest);
        self.add_form(&form);
        self.form = form;
        self.cards.push((card, fingerprint));
        self.beside.0.extend_from_slice(beside);
        self.beside.1.push(self.beside.0.len());
        self.tokens.end_document();
        self.pairs.end_document();
    }

    fn add_form(&mut self, form: &Form) {
        let chars = &form.chars;
        let mut ends = std::mem::take(&mut self.ends);
        ends.clear();
        let begins = |at: usize| form.flags[at] & WORD > 0;
        self.segmenter.cut_form(chars, begins, &mut self.scratch, |end, id| ends.push((end, id)));
        let mut start = 0;
        for (i, &(end, id)) in ends.iter().enumerate() {
            let word = &chars[start..end];
            if form.flags[start] & ITEM > 0 {
                self.tokens.push(TOKEN_ITEM);
            }
            if word == [MARK] {
                let ends_sentence = form.flags[start] & SENTENCE_END > 0;
                self.tokens.push(if ends_sentence { TOKEN_SENTENCE_END } else { TOKEN_OTHER_MARK });
            } else {
                self.tokens.push(FIRST_WORD + self.words.number(word, id));
                if !is_term(word) {
                    self.add_run(word);
                }
                if let Some(&right) = chars.get(end).filter(|&&right| right != MARK) {
                    let whole = end - start == 1 && ends.get(i + 1).is_some_and(|next| next.0 == end + 1);
                    self.add_pair(PairKey { left: chars[end - 1], right: Some(right), whole });
                }
            }
            start = end;
        }
        self.ends = ends;
    }

    /// The characters and pairs of a run.
    fn add_run(&mut self, word: &[char]) {
        for (at, &left) in word.iter().enumerate() {
            self.add_pair(PairKey { left, right: None, whole: false });
            if let Some(&right) = word.get(at + 1) {
                self.add_pair(PairKey { left, right: Some(right), whole: word.len() == 2 });
            }
        }
    }

    fn add_pair(&mut self, key: PairKey) {
        let number = self.pair_numbers.number(key.packed());
        self.pairs.push(number);
    }

    /// Bytes of memory that it takes: what was reserved for lists but never touched is not there.
    pub fn memory(&self) -> usize {
        let documents = self.cards.len() * size_of::<(Card, u64)>() + self.beside.0.len() + self.beside.1.len() * 8;
        let pairs = self.pairs.memory() + self.pair_numbers.memory();
        self.words.memory() + self.tokens.memory() + pairs + documents
    }

    /// Writes the body.
    pub fn write<W: Write>(mut self, files: Files<W>) -> io::Result<Files<W>> {
        // What finds words and pairs is not needed any more, and memory is.
        self.words.close();
        let pairs = self.pair_numbers.close();
        let mut encoder = Encoder::new(files);
        let ranks = self.write_words(&mut encoder)?;
        self.write_pairs(&pairs, &ranks, &mut encoder)?;
        let mut start = 0;
        for ((document, &(card, fingerprint)), &end) in self.tokens.documents().zip(&self.cards).zip(&self.beside.1) {
            let token =
                |&token: &u32| token.checked_sub(FIRST_WORD).map_or(token, |word| FIRST_WORD + ranks[word as usize]);
            encoder.document(card, fingerprint, &self.beside.0[start..end], document.iter().map(token))?;
            start = end;
        }
        encoder.finish()
    }

    /// Writes the words in order of rank; returns the rank of each.
    fn write_words<W: Write>(&self, encoder: &mut Encoder<W>) -> io::Result<Vec<u32>> {
        let counts = self.tokens.counts(FIRST_WORD + self.words.len());
        let mut grouped = Grouped::of(&counts, 0..counts.len() as u32);
        for (doc, tokens) in (0..).zip(self.tokens.documents()) {
            tokens.iter().for_each(|&token| grouped.put(token, doc));
        }
        let mut by_rank: Vec<u32> = (0..self.words.len()).collect();
        by_rank.sort_by_key(|&word| std::cmp::Reverse(counts[(FIRST_WORD + word) as usize]));
        let mut ranks = vec![0; by_rank.len()];
        let mut postings = Vec::new();
        for (rank, &word) in (0..).zip(&by_rank) {
            ranks[word as usize] = rank;
            postings.clear();
            let chars = self.words.spelled(word);
            if is_term(chars) {
                count_documents(grouped.of_number(FIRST_WORD + word).iter().copied(), &mut postings);
            }
            encoder.word(chars, &postings)?;
        }
        Ok(ranks)
    }

    fn write_pairs<W: Write>(&self, pairs: &[u64], ranks: &[u32], encoder: &mut Encoder<W>) -> io::Result<()> {
        let counts = self.pairs.counts(pairs.len() as u32);
        let mut in_order: Vec<u32> = (0..pairs.len() as u32).collect();
        in_order.sort_unstable_by_key(|&pair| pairs[pair as usize]);
        let runs: Vec<bool> = (0..self.words.len()).map(|word| !is_term(self.words.spelled(word))).collect();
        let ranked = |variant: Variant| variant.renumbered(|word| ranks.get(word as usize).copied());
        let packed = |occurrence: &Occurrence| occurrence.variant().and_then(ranked).map_or(UNKNOWN, Variant::packed);
        let (mut postings, mut variants) = (Vec::new(), Vec::new());
        for portion in portions(&in_order, &counts) {
            let grouped = self.occurrences(portion, &counts, &runs);
            for &pair in portion {
                let occurrences = grouped.of_number(pair);
                postings.clear();
                count_documents(occurrences.iter().map(|occurrence| occurrence.doc), &mut postings);
                variants.clear();
                if postings.len() >= TOLD_FROM {
                    variants.extend(occurrences.iter().map(packed));
                }
                encoder.pair(PairKey::unpacked(pairs[pair as usize]), &postings, &variants)?;
            }
        }
        Ok(())
    }

    /// The occurrences of some pairs, in the order in which [`Collector::add_form`] found them.
    fn occurrences<'c>(&self, pairs: &[u32], counts: &'c [u32], runs: &[bool]) -> Grouped<'c, Occurrence> {
        let mut grouped = Grouped::of(counts, pairs.iter().copied());
        let mut numbers = self.pairs.numbers().iter();
        for (doc, tokens) in (0..).zip(self.tokens.documents()) {
            let mut put = |variant: u64| {
                if let Some(&number) = numbers.next() {
                    grouped.put(number, Occurrence { doc, variant: [(variant >> 32) as u32, variant as u32] });
                }
            };
            let mut before = None;
            for &token in tokens.iter().filter(|token| **token != TOKEN_ITEM) {
                let word = token.checked_sub(FIRST_WORD);
                if let (Some(left), Some(right)) = (before, word) {
                    put(Variant::Across { left, right }.packed());
                }
                if let Some(run) = word.filter(|&word| runs[word as usize]) {
                    let length = self.words.spelled(run).len() as u32;
                    for at in 0..length {
                        put(UNKNOWN);
                        if at + 1 < length {
                            put(Variant::Inside { run, at }.packed());
                        }
                    }
                }
                before = word;
            }
        }
        grouped
    }
}

/// Numbers in two portions that occur about equally often.
fn portions<'n>(numbers: &'n [u32], counts: &[u32]) -> [&'n [u32]; 2] {
    let all: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    let mut before = 0;
    let middle = numbers.iter().position(|&number| {
        before += u64::from(counts[number as usize]);
        before * 2 > all
    });
    let (first, second) = numbers.split_at(middle.unwrap_or(numbers.len()));
    [first, second]
}

/// Makes postings of documents that ascend, each as often as it holds the term.
fn count_documents(documents: impl Iterator<Item = DocId>, postings: &mut Vec<Posting>) {
    for doc in documents {
        match postings.last_mut().filter(|last| last.doc == doc) {
            Some(last) => last.frequency += 1,
            None => postings.push(Posting { doc, frequency: 1 }),
        }
    }
}

/// Where a pair occurs: the document, and the variant by words' numbers, packed, in halves.
#[derive(Debug, Clone, Copy, Default)]
struct Occurrence {
    doc: DocId,
    variant: [u32; 2],
}

impl Occurrence {
    fn variant(&self) -> Option<Variant> {
        Variant::unpacked(u64::from(self.variant[0]) << 32 | u64::from(self.variant[1]))
    }
}
