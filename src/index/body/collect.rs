//! Collects the body of a segment while documents are added, in memory.
//!
//! Two sequences of numbers are all that is kept of the text: its tokens, and its pairs across words' boundaries and
//! inside runs. At the end they are put in order by counting, so that nothing is sorted and no list grows by itself:
//! adding a token costs one lookup and four bytes. Between which words a pair stands is told by the tokens, once more.

use std::io::{self, Write};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::card::Card;
use super::encode::{Encoder, FIRST_WORD, Files, TOKEN_ITEM, TOKEN_OTHER_MARK, TOKEN_SENTENCE_END, is_term};
use super::form::{Form, ITEM, SENTENCE_END, WORD};
use super::pairs::PairKey;
use super::postings::Posting;
use super::sequence::{Grouped, Sequence};
use super::variants::{TOLD_FROM, UNKNOWN, Variant};
use crate::text::fold::MARK;
use crate::text::segment::{DICTIONARY_IDS, NO_WORD, Scratch, Segmenter};

/// The body of a segment to be.
pub struct Collector {
    segmenter: Arc<Segmenter>,
    words: Vocabulary,
    tokens: Sequence,
    pair_numbers: FxHashMap<u64, u32>,
    pair_keys: Vec<u64>,
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
            tokens: Sequence::default(),
            pair_numbers: FxHashMap::default(),
            pair_keys: Vec::new(),
            pairs: Sequence::default(),
            cards: Vec::new(),
            beside: Default::default(),
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
        let key = key.packed();
        let number = *self.pair_numbers.entry(key).or_insert_with(|| {
            self.pair_keys.push(key);
            self.pair_keys.len() as u32 - 1
        });
        self.pairs.push(number);
    }

    /// Bytes of memory that it takes: what was reserved for lists but never touched is not there.
    pub fn memory(&self) -> usize {
        // A slot of a map is its entry and a byte, and at most seven eighths of the slots are taken.
        let map = self.pair_numbers.capacity() * 17 * 8 / 7;
        let documents = self.cards.len() * size_of::<(Card, u64)>() + self.beside.0.len() + self.beside.1.len() * 8;
        let pairs = self.pairs.memory() + map + self.pair_keys.capacity() * 8;
        self.words.memory() + self.tokens.memory() + pairs + documents
    }

    /// Writes the body.
    pub fn write<W: Write>(self, files: Files<W>) -> io::Result<Files<W>> {
        let mut encoder = Encoder::new(files);
        let ranks = self.write_words(&mut encoder)?;
        self.write_pairs(&ranks, &mut encoder)?;
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
        let mut grouped = self.tokens.grouped(FIRST_WORD + self.words.len());
        for (doc, tokens) in (0..).zip(self.tokens.documents()) {
            tokens.iter().for_each(|&token| grouped.put(token, doc));
        }
        let mut by_rank: Vec<u32> = (0..self.words.len()).collect();
        by_rank.sort_by_key(|&word| std::cmp::Reverse(grouped.of(FIRST_WORD + word).len()));
        let mut ranks = vec![0; by_rank.len()];
        let mut postings = Vec::new();
        for (rank, &word) in (0..).zip(&by_rank) {
            ranks[word as usize] = rank;
            postings.clear();
            let chars = self.words.spelled(word);
            if is_term(chars) {
                count_documents(grouped.of(FIRST_WORD + word).iter().copied(), &mut postings);
            }
            encoder.word(chars, &postings)?;
        }
        Ok(ranks)
    }

    fn write_pairs<W: Write>(&self, ranks: &[u32], encoder: &mut Encoder<W>) -> io::Result<()> {
        let grouped = self.pair_occurrences();
        let mut in_order: Vec<u32> = (0..self.pair_keys.len() as u32).collect();
        in_order.sort_unstable_by_key(|&pair| self.pair_keys[pair as usize]);
        let ranked = |variant: Variant| variant.renumbered(|word| ranks.get(word as usize).copied());
        let packed = |occurrence: &Occurrence| occurrence.variant().and_then(ranked).map_or(UNKNOWN, Variant::packed);
        let (mut postings, mut variants) = (Vec::new(), Vec::new());
        for pair in in_order {
            let occurrences = grouped.of(pair);
            postings.clear();
            count_documents(occurrences.iter().map(|occurrence| occurrence.doc), &mut postings);
            variants.clear();
            if postings.len() >= TOLD_FROM {
                variants.extend(occurrences.iter().map(packed));
            }
            encoder.pair(PairKey::unpacked(self.pair_keys[pair as usize]), &postings, &variants)?;
        }
        Ok(())
    }

    /// The occurrences of each pair, in the order in which [`Collector::add_form`] found them.
    fn pair_occurrences(&self) -> Grouped<Occurrence> {
        let runs: Vec<bool> = (0..self.words.len()).map(|word| !is_term(self.words.spelled(word))).collect();
        let mut grouped = self.pairs.grouped(self.pair_keys.len() as u32);
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

/// Words and their numbers in order of their first appearance.
#[derive(Default)]
struct Vocabulary {
    /// By the segmenter's id, one more than the number; 0 for words that have not been seen.
    by_id: Vec<u32>,
    /// Words of up to three characters, these packed into one number.
    short: FxHashMap<u64, u32>,
    long: FxHashMap<Box<[char]>, u32>,
    spelled: Vec<char>,
    /// Where each word ends.
    ends: Vec<u32>,
}

impl Vocabulary {
    fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    /// The number of a word, which the segmenter may have an id for.
    fn number(&mut self, word: &[char], id: u32) -> u32 {
        if id == NO_WORD {
            return self.number_of(word);
        }
        let at = id as usize;
        if let Some(&known) = self.by_id.get(at).filter(|&&known| known > 0) {
            return known - 1;
        }
        // The same word may have been seen cut from another one, and so without an id.
        let number = self.number_of(word);
        if self.by_id.len() <= at {
            self.by_id.resize(at.max(DICTIONARY_IDS as usize) + 1, 0);
        }
        self.by_id[at] = number + 1;
        number
    }

    fn number_of(&mut self, word: &[char]) -> u32 {
        let new = self.ends.len() as u32;
        let known = if word.len() <= 3 {
            let packed = word.iter().fold(0, |packed, &c| (packed << 21) | (u64::from(c) + 1));
            *self.short.entry(packed).or_insert(new)
        } else if let Some(&known) = self.long.get(word) {
            known
        } else {
            self.long.insert(word.into(), new);
            new
        };
        if known == new {
            self.spelled.extend_from_slice(word);
            self.ends.push(self.spelled.len() as u32);
        }
        known
    }

    fn spelled(&self, word: u32) -> &[char] {
        let start = word.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.spelled[start as usize..self.ends[word as usize] as usize]
    }

    fn memory(&self) -> usize {
        let maps = (self.short.capacity() * 17 + self.long.capacity() * 25) * 8 / 7;
        // The characters of long words are kept twice, and each has a block of memory of its own.
        maps + self.by_id.len() * 4 + self.spelled.capacity() * 8 + self.long.len() * 16 + self.ends.capacity() * 4
    }
}
