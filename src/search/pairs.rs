//! Which passages hold which neighbouring pairs of characters: candidates for passages worded like a text.
//!
//! Every pair of a text is looked up once. A passage worded like a stretch of it holds most of the stretch's
//! pairs, above all the rare ones. Postings decide here; what is like and what not is decided on texts.

use std::cell::RefCell;
use std::collections::HashMap;

use tantivy::DocId;

use super::covers::Covers;
use super::parallel;
use crate::index::reader::Snapshot;
use crate::text::fold::MARK;

/// A passage: its segment's place in the snapshot and its document.
pub type Place = (usize, DocId);

/// Two neighbouring characters of a matching form.
pub type Pair = (char, char);

/// A set of documents of one segment.
enum Docs {
    /// Few of them, ascending.
    Few(Vec<DocId>),
    /// Many, one bit a document, and their number.
    Many(Vec<u64>, usize),
}

/// From one document in so many on, a bit a document takes less room than a list.
const MANY: usize = 32;

impl Docs {
    fn of(docs: Vec<DocId>, max_doc: DocId) -> Docs {
        if docs.len() * MANY < max_doc as usize {
            return Docs::Few(docs);
        }
        let mut bits = vec![0; (max_doc as usize).div_ceil(64)];
        for &doc in &docs {
            bits[doc as usize / 64] |= 1 << (doc % 64);
        }
        Docs::Many(bits, docs.len())
    }

    fn len(&self) -> usize {
        match self {
            Docs::Few(docs) => docs.len(),
            Docs::Many(_, len) => *len,
        }
    }

    fn contains(&self, doc: DocId) -> bool {
        match self {
            Docs::Few(docs) => docs.binary_search(&doc).is_ok(),
            Docs::Many(bits, _) => bits[doc as usize / 64] >> (doc % 64) & 1 == 1,
        }
    }

    fn for_each(&self, mut each: impl FnMut(DocId)) {
        match self {
            Docs::Few(docs) => docs.iter().copied().for_each(each),
            Docs::Many(bits, _) => {
                for (word, &bits) in (0..).zip(bits) {
                    let mut left = bits;
                    while left != 0 {
                        each(word * 64 + left.trailing_zeros());
                        left &= left - 1;
                    }
                }
            }
        }
    }
}

/// The passages of a snapshot by the pairs of a text.
pub struct PairIndex<'a> {
    snapshot: &'a Snapshot,
    numbers: HashMap<Pair, u32>,
    /// By segment, then by pair.
    docs: Vec<Vec<Docs>>,
    /// Inverse document frequency by pair; nothing for those that stand nowhere and so tell nothing apart.
    weights: Vec<f32>,
}

/// A passage that holds pairs of a stretch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The passage.
    pub place: Place,
    /// Share of the pairs' weight that it holds.
    pub share: f32,
}

/// Added to frequencies: pairs that a slip of the pen made are rare as well, and should not lead.
const RARE: f64 = 10.0;

thread_local! {
    /// A score for each document, all 0 between two uses: a new one for every stretch would be dear.
    static SCORES: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

/// Postings of a stretch's pairs that are added up; commoner pairs are looked up for the best passages only.
const MOST_POSTINGS: usize = 30_000;

/// Passages for which the commoner pairs are looked up.
const MOST_COMPLETED: usize = 300;

impl<'a> PairIndex<'a> {
    /// Looks up the pairs of matching forms in passages that `accepts` lets through.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn look_up<'f>(
        snapshot: &'a Snapshot,
        forms: impl IntoIterator<Item = &'f [char]>,
        accepts: impl Fn(Place) -> bool + Sync,
    ) -> tantivy::Result<PairIndex<'a>> {
        let mut numbers = HashMap::new();
        let mut pairs = Vec::new();
        for pair in forms.into_iter().flat_map(pairs_of).flatten() {
            numbers.entry(pair).or_insert_with(|| {
                pairs.push(pair);
                pairs.len() as u32 - 1
            });
        }
        let mut docs = Vec::new();
        let mut frequencies = vec![0; pairs.len()];
        for (number, segment) in snapshot.segments.iter().enumerate() {
            let of_segment = parallel::map(&pairs, |&(left, right)| {
                let mut docs = Covers::of(segment, &[left, right])?.documents(segment)?;
                docs.retain(|&doc| segment.is_live(doc) && accepts((number, doc)));
                tantivy::Result::Ok(Docs::of(docs, segment.max_doc()))
            })?;
            frequencies.iter_mut().zip(&of_segment).for_each(|(frequency, docs)| *frequency += docs.len());
            docs.push(of_segment);
        }
        let passages: f64 = snapshot.segments.iter().map(|segment| f64::from(segment.live_docs())).sum();
        let weight = |&n: &usize| if n == 0 { 0.0 } else { (passages / (n as f64 + RARE)).ln().max(0.0) as f32 };
        let weights = frequencies.iter().map(weight).collect();
        Ok(PairIndex { snapshot, numbers, docs, weights })
    }

    /// The pairs of a form by their numbers, one for every two neighbours; none at a mark.
    pub fn numbers(&self, form: &[char]) -> Vec<Option<u32>> {
        pairs_of(form).map(|pair| pair.and_then(|pair| self.numbers.get(&pair).copied())).collect()
    }

    /// In how many passages a pair stands.
    pub fn frequency(&self, pair: u32) -> usize {
        self.docs.iter().map(|docs| docs[pair as usize].len()).sum()
    }

    /// The passages that hold all of the pairs, in order of segment and document.
    pub fn holding_all(&self, pairs: &[u32]) -> Vec<Place> {
        let mut found = Vec::new();
        for (segment, docs) in self.docs.iter().enumerate() {
            let mut lists: Vec<&Docs> = pairs.iter().map(|&pair| &docs[pair as usize]).collect();
            lists.sort_by_key(|list| list.len());
            if let Some((rarest, others)) = lists.split_first() {
                rarest.for_each(|doc| {
                    if others.iter().all(|list| list.contains(doc)) {
                        found.push((segment, doc));
                    }
                });
            }
        }
        found
    }

    /// The passages that hold a pair, in order.
    pub fn for_each(&self, pair: u32, mut each: impl FnMut(Place)) {
        for (segment, docs) in self.docs.iter().enumerate() {
            docs[pair as usize].for_each(|doc| each((segment, doc)));
        }
    }

    /// Whether a passage holds a pair.
    pub fn holds(&self, (segment, doc): Place, pair: u32) -> bool {
        self.docs[segment][pair as usize].contains(doc)
    }

    /// The passages that hold most of the pairs by weight, best first, at most so many.
    pub fn likeliest(&self, pairs: &[u32], most: usize) -> Vec<Candidate> {
        let mut pairs = pairs.to_vec();
        pairs.sort_unstable();
        pairs.dedup();
        pairs.sort_by_key(|&pair| self.frequency(pair));
        let weight = |pair: u32| self.weights[pair as usize];
        let total: f32 = pairs.iter().map(|&pair| weight(pair)).sum();
        if total <= 0.0 {
            return Vec::new();
        }
        let mut postings = 0;
        let rare = pairs.iter().take_while(|&&pair| {
            postings += self.frequency(pair);
            postings <= MOST_POSTINGS
        });
        // The rarest pair always counts.
        let (rare, common) = pairs.split_at(rare.count().max(1));
        let mut found = Vec::new();
        for (segment, docs) in self.docs.iter().enumerate() {
            SCORES.with_borrow_mut(|scores| {
                let max_doc = self.snapshot.segments[segment].max_doc() as usize;
                scores.resize(scores.len().max(max_doc), 0.0);
                let mut touched = Vec::new();
                for &pair in rare {
                    let weight = weight(pair);
                    docs[pair as usize].for_each(|doc| {
                        let score = &mut scores[doc as usize];
                        if *score == 0.0 {
                            touched.push(doc);
                        }
                        *score += weight;
                    });
                }
                found.extend(touched.into_iter().map(|doc| {
                    let score = std::mem::take(&mut scores[doc as usize]);
                    Candidate { place: (segment, doc), share: score / total }
                }));
            });
        }
        keep_best(&mut found, MOST_COMPLETED.max(most));
        for candidate in &mut found {
            let held = common.iter().filter(|&&pair| self.holds(candidate.place, pair));
            candidate.share += held.map(|&pair| weight(pair)).sum::<f32>() / total;
        }
        keep_best(&mut found, most);
        found.sort_unstable_by(better);
        found
    }
}

fn better(a: &Candidate, b: &Candidate) -> std::cmp::Ordering {
    b.share.total_cmp(&a.share).then(a.place.cmp(&b.place))
}

fn keep_best(candidates: &mut Vec<Candidate>, most: usize) {
    if candidates.len() > most {
        candidates.select_nth_unstable_by(most, better);
        candidates.truncate(most);
    }
}

/// The neighbouring pairs of a form; none at a mark.
fn pairs_of(form: &[char]) -> impl Iterator<Item = Option<Pair>> {
    form.windows(2).map(|pair| (pair[0] != MARK && pair[1] != MARK).then_some((pair[0], pair[1])))
}
