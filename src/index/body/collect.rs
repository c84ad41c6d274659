//! Collects the body of a segment while documents are added, in memory.
//!
//! Two sequences of numbers are all that is kept of the text: its tokens, and its pairs across words' boundaries and
//! inside runs. At the end they are put in order by counting, so that nothing is sorted and no list grows by itself:
//! adding a token costs one lookup and four bytes.

use std::io::{self, Write};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::encode::{Encoder, FIRST_WORD, PairKey, TOKEN_ITEM, TOKEN_OTHER_MARK, TOKEN_SENTENCE_END, is_term};
use super::form::{Form, ITEM, SENTENCE_END, WORD};
use super::postings::Posting;
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
    /// The residues of all texts, and where each ends.
    residues: (Vec<u8>, Vec<usize>),
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
            residues: Default::default(),
            form: Form::default(),
            scratch: Scratch::default(),
            ends: Vec::new(),
        }
    }

    /// Adds the next document: the bytes that [`super::passage`] made of it, or none.
    pub fn add(&mut self, passage: &[u8]) {
        let mut form = std::mem::take(&mut self.form);
        let residue = form.read(passage);
        self.add_form(&form);
        self.form = form;
        self.residues.0.extend_from_slice(residue);
        self.residues.1.push(self.residues.0.len());
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
        let residues = self.residues.0.len() + self.residues.1.len() * 8;
        let pairs = self.pairs.memory() + map + self.pair_keys.capacity() * 8;
        self.words.memory() + self.tokens.memory() + pairs + residues
    }

    /// Writes the body.
    pub fn write<W: Write>(self, out: W) -> io::Result<W> {
        let mut encoder = Encoder::new(out);
        let grouped = self.tokens.grouped(FIRST_WORD + self.words.len());
        let mut by_rank: Vec<u32> = (0..self.words.len()).collect();
        by_rank.sort_by_key(|&word| std::cmp::Reverse(grouped.of(FIRST_WORD + word).len()));
        let mut tokens: Vec<u32> = (0..FIRST_WORD + self.words.len()).collect();
        let mut postings = Vec::new();
        for (rank, &word) in (FIRST_WORD..).zip(&by_rank) {
            tokens[(FIRST_WORD + word) as usize] = rank;
            let chars = self.words.spelled(word);
            count_documents(if is_term(chars) { grouped.of(FIRST_WORD + word) } else { &[] }, &mut postings);
            encoder.word(chars, &postings)?;
        }
        drop(grouped);
        let grouped = self.pairs.grouped(self.pair_keys.len() as u32);
        let mut in_order: Vec<u32> = (0..self.pair_keys.len() as u32).collect();
        in_order.sort_unstable_by_key(|&pair| self.pair_keys[pair as usize]);
        for pair in in_order {
            count_documents(grouped.of(pair), &mut postings);
            encoder.pair(PairKey::unpacked(self.pair_keys[pair as usize]), &postings)?;
        }
        drop(grouped);
        let mut start = 0;
        for (document, &end) in self.tokens.documents().zip(&self.residues.1) {
            let residue = &self.residues.0[start..end];
            encoder.document(residue, document.iter().map(|&token| tokens[token as usize]))?;
            start = end;
        }
        encoder.finish()
    }
}

/// Makes postings of documents that ascend, each as often as it holds the term.
fn count_documents(documents: &[DocId], postings: &mut Vec<Posting>) {
    postings.clear();
    for same in documents.chunk_by(|a, b| a == b) {
        postings.push(Posting { doc: same[0], frequency: same.len() as u32 });
    }
}

/// Numbers, document after document.
#[derive(Default)]
struct Sequence {
    numbers: Vec<u32>,
    /// Where each document ends.
    ends: Vec<u32>,
}

/// The documents of a sequence by number.
struct Grouped {
    starts: Vec<u32>,
    documents: Vec<DocId>,
}

impl Grouped {
    /// The documents that hold a number, each as often as it does.
    fn of(&self, number: u32) -> &[DocId] {
        &self.documents[self.starts[number as usize] as usize..self.starts[number as usize + 1] as usize]
    }
}

impl Sequence {
    fn push(&mut self, number: u32) {
        self.numbers.push(number);
    }

    fn end_document(&mut self) {
        self.ends.push(self.numbers.len() as u32);
    }

    fn documents(&self) -> impl Iterator<Item = &[u32]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let document = &self.numbers[start..end as usize];
            start = end as usize;
            document
        })
    }

    fn memory(&self) -> usize {
        (self.numbers.len() + self.ends.len()) * 4
    }

    /// A counting sort by number, all of which are below `bound`.
    fn grouped(&self, bound: u32) -> Grouped {
        let mut starts = vec![0u32; bound as usize + 2];
        for &number in &self.numbers {
            starts[number as usize + 2] += 1;
        }
        for i in 2..starts.len() {
            starts[i] += starts[i - 1];
        }
        // Each entry but the first is where the next document of the number before goes; in the end, where the next
        // number's begin.
        let mut documents = vec![0; self.numbers.len()];
        for (doc, numbers) in (0..).zip(self.documents()) {
            for &number in numbers {
                let next = &mut starts[number as usize + 1];
                documents[*next as usize] = doc;
                *next += 1;
            }
        }
        Grouped { starts, documents }
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
