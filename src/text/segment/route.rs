//! The best words of a text: those whose frequencies multiply to the most, as jieba finds them without HMM.
//!
//! Short passes over the whole text. The first ones only look up, one thing each and without any branch that the
//! text decides, so that the processor waits for many places of the dictionary at once; the last adds up weights from
//! right to left. Invariant: every sum is made of the same numbers in the same order as in jieba-rs, so even
//! ties fall alike. What jieba makes of the words afterwards (runs of letters and digits) belongs to `segment`.

use super::added::Added;
use super::dictionary::{self, NO_NODE, SEPARATOR};

/// The most classes of frequencies, and the most codes of characters; powers of two that need no check of bounds.
const CLASSES: usize = 1 << 13;
const CODES: usize = 1 << 14;

/// How far the passes look beyond the end of a text.
const BEYOND: usize = 3;

/// The weights of words: the logarithms of their frequencies.
#[derive(Debug, Clone)]
pub struct Weights {
    /// By the class of the frequency; none is less than no word.
    classes: Box<[f64; CLASSES]>,
    /// Of single characters, by code. One that is no word counts as seen once, a separator as beyond all.
    singles: Box<[f64; CODES]>,
    /// The logarithm of the sum of all frequencies.
    pub total: f64,
}

impl Weights {
    /// Those of the dictionary.
    pub fn of_dictionary() -> Weights {
        let mut classes = Box::new([f64::NEG_INFINITY; CLASSES]);
        for (weight, frequency) in classes.iter_mut().zip(dictionary::frequencies()) {
            *weight = (frequency as f64).ln();
        }
        let mut singles = Box::new([0.0; CODES]);
        for (code, weight) in (0..=SEPARATOR).zip(singles.iter_mut()) {
            let class = dictionary::first(code).class();
            *weight = if class == 0 { 0.0 } else { classes[class] };
        }
        singles[usize::from(SEPARATOR)] = f64::INFINITY;
        Weights { classes, singles, total: (dictionary::TOTAL as f64).ln() }
    }

    #[inline(always)]
    fn class(&self, class: usize) -> f64 {
        self.classes[class % CLASSES]
    }

    #[inline(always)]
    fn single(&self, code: u16) -> f64 {
        self.singles[usize::from(code) % CODES]
    }
}

/// What the dictionary has at a place of a text.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    code: u16,
    /// The class of the pair of characters.
    pair_class: u16,
    /// The number of the pair's node.
    pair: u32,
    /// The number of the node of three characters, with [`SPECIAL`] and [`LONGER`].
    triple: u32,
}

/// Marks a place that is for [`exact`].
const SPECIAL: u32 = special(true);

/// Marks a place where a fourth character may follow the three.
const LONGER: u32 = longer(true);

/// The number without the marks.
const NUMBER: u32 = LONGER - 1;

const fn special(is_special: bool) -> u32 {
    (is_special as u32) << 31
}

const fn longer(is_longer: bool) -> u32 {
    (is_longer as u32) << 30
}

/// The chosen word at a place of a text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Step {
    /// Its length in characters.
    pub len: u32,
    /// Its id, [`NO_NODE`] for a character without one.
    pub id: u32,
}

/// The buffers of the passes, to be used again.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    places: Vec<Place>,
    /// The places where the dictionary has what a pass looked for.
    found: Vec<u32>,
    /// The weight of the best words from each place to the end of its stretch.
    sums: Vec<f64>,
    /// The best word at each place.
    steps: Vec<Step>,
}

impl Scratch {
    /// Finds the best words of a text.
    pub fn route(&mut self, chars: &[char], weights: &Weights, added: &Added) -> &[Step] {
        let len = chars.len();
        if self.places.len() < len + BEYOND {
            self.places.resize(len + BEYOND, Place::default());
            self.sums.resize(len + BEYOND, 0.0);
            self.found.resize(len + BEYOND, 0);
            self.steps.resize(len, Step::default());
        }
        self.look_up(chars, added);
        self.weigh(chars, weights, added);
        &self.steps[..len]
    }

    /// The first passes: what the dictionary has at each place, up to three characters.
    fn look_up(&mut self, chars: &[char], added: &Added) {
        let places = &mut self.places[..chars.len() + BEYOND];
        let found = &mut self.found[..chars.len() + BEYOND];
        places[chars.len()..].fill(Place { code: SEPARATOR, ..Place::default() });
        for (place, &c) in places.iter_mut().zip(chars) {
            place.code = dictionary::code(c);
        }
        let pairs = find_pairs(places, added, found);
        let triples = find_triples(places, &mut found[..pairs]);
        look_beyond(places, &found[..triples]);
    }

    /// The last pass.
    fn weigh(&mut self, chars: &[char], weights: &Weights, added: &Added) {
        let (places, sums) = (&self.places[..chars.len() + BEYOND], &mut self.sums[..chars.len() + BEYOND]);
        sums[chars.len()..].fill(0.0);
        let (mut next, mut after_next) = (0.0, 0.0);
        for (at, step) in self.steps[..chars.len()].iter_mut().enumerate().rev() {
            let place = places[at];
            let one = weights.single(place.code) - weights.total + next;
            let two = weights.class(place.pair_class.into()) - weights.total + after_next;
            let is_pair = two >= one;
            let mut best = Best {
                // In this form one instruction; the more telling forms become a branch.
                sum: if one > two { one } else { two },
                len: 1 + u32::from(is_pair),
                id: std::hint::select_unpredictable(is_pair, place.pair, place.code.into()),
            };
            if place.triple != NO_NODE {
                if place.triple & SPECIAL != 0 {
                    best = exact(chars, places, sums, weights, added, at);
                } else {
                    best.or_longer(places, sums, weights, at);
                }
            }
            // A separator, whose sum alone is positive, is where the sums of the stretch before it start.
            best.sum = if best.sum < 0.0 { best.sum } else { 0.0 };
            sums[at] = best.sum;
            *step = Step { len: best.len, id: best.id };
            (next, after_next) = (best.sum, next);
        }
    }
}

/// Looks up the first two characters of each place; the places where they go together are the first of `found`, so many.
fn find_pairs(places: &mut [Place], added: &Added, found: &mut [u32]) -> usize {
    let mut count = 0;
    for at in 1..places.len() {
        let (code, second) = (places[at - 1].code, places[at].code);
        let pair = dictionary::child(dictionary::first(code), second);
        places[at - 1] = Place { code, pair_class: 0, pair, triple: special(added.may_begin(code, second)) };
        found[count] = at as u32 - 1;
        count += usize::from(pair != NO_NODE);
    }
    count
}

/// Looks up the third character of the places of pairs; the places where it goes with them are then the first.
fn find_triples(places: &mut [Place], found: &mut [u32]) -> usize {
    let mut count = 0;
    for index in 0..found.len() {
        let at = found[index];
        let third = places[at as usize + 2].code;
        let place = &mut places[at as usize];
        let pair = dictionary::node(place.pair);
        let triple = dictionary::likely_child(pair, third);
        place.pair_class = pair.class() as u16;
        place.triple |= special(pair.is_exclusive()) | triple;
        found[count] = at;
        count += usize::from(triple != NO_NODE);
    }
    count
}

/// Marks the places of triples that a fourth character may follow. The last pass then finds the nodes in the cache.
fn look_beyond(places: &mut [Place], found: &[u32]) {
    for &at in found {
        let fourth = places[at as usize + 3].code;
        let place = &mut places[at as usize];
        place.triple |= longer(dictionary::node(place.triple & NUMBER).may_go_on(fourth));
    }
}

/// The best word at a place so far.
struct Best {
    /// Its weight and that of the best words after it.
    sum: f64,
    len: u32,
    id: u32,
}

impl Best {
    /// Takes a word of three characters or more if it is at least as good.
    fn or_longer(&mut self, places: &[Place], sums: &[f64], weights: &Weights, at: usize) {
        let mut number = places[at].triple & NUMBER;
        let mut may_go_on = places[at].triple & LONGER != 0;
        for len in 3.. {
            let node = dictionary::node(number);
            let sum = weights.class(node.class()) - weights.total + sums[at + len];
            if sum >= self.sum {
                *self = Best { sum, len: len as u32, id: number };
            }
            let code = places[at + len].code;
            if len > 3 {
                may_go_on = node.may_go_on(code);
            }
            if !may_go_on {
                break;
            }
            number = dictionary::child(node, code);
            if number == NO_NODE {
                break;
            }
        }
    }
}

/// The best word at a place, with added words, and with a single character only if it is a word or there is no word.
#[cold]
fn exact(chars: &[char], places: &[Place], sums: &[f64], weights: &Weights, added: &Added, at: usize) -> Best {
    let mut best: Option<Best> = None;
    let mut number = places[at].code.into();
    let mut node_of_added = Some(Added::ROOT);
    for (len, (&c, place)) in (1..).zip(chars[at..].iter().zip(&places[at..])) {
        if len > 1 {
            number = dictionary::child(dictionary::node(number), place.code);
        }
        node_of_added = node_of_added.and_then(|node| added.child(node, c));
        if place.code == SEPARATOR || number == NO_NODE && node_of_added.is_none() {
            break;
        }
        let class = dictionary::node(number).class();
        let known = (class != 0).then(|| (weights.class(class), number));
        let word = node_of_added.and_then(|node| added.word_at(node)).map(|word| (word.weight, word.id)).or(known);
        if let Some((weight, id)) = word {
            let sum = weight - weights.total + sums[at + len as usize];
            if best.as_ref().is_none_or(|best| sum >= best.sum) {
                best = Some(Best { sum, len, id });
            }
        }
    }
    best.unwrap_or_else(|| {
        let code = places[at].code;
        Best { sum: weights.single(code) - weights.total + sums[at + 1], len: 1, id: code.into() }
    })
}
