//! The pairs of a segment while it is written, numbered in order of their first appearance.

use rustc_hash::FxHashMap;

use super::sequence::roomy;

/// Numbers of pairs, which are packed.
pub struct PairNumbers {
    known: FxHashMap<u64, u32>,
    /// Pairs found of late, each in the slot that it is hashed to: the map waits for memory, of which it takes much,
    /// while most pairs are among some thousand common ones.
    recent: Vec<(u64, u32)>,
    keys: Vec<u64>,
}

/// Slots of pairs found of late: one megabyte, which a core's cache holds.
const RECENT: usize = 1 << 16;

impl PairNumbers {
    /// Nothing yet.
    pub fn new() -> PairNumbers {
        PairNumbers { known: FxHashMap::default(), recent: vec![(u64::MAX, 0); RECENT], keys: roomy() }
    }

    /// The number of a pair.
    pub fn number(&mut self, pair: u64) -> u32 {
        // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
        let slot = pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - RECENT.ilog2());
        let recent = &mut self.recent[slot as usize];
        if recent.0 != pair {
            let new = self.keys.len() as u32;
            let number = *self.known.entry(pair).or_insert(new);
            if number == new {
                self.keys.push(pair);
            }
            *recent = (pair, number);
        }
        recent.1
    }

    /// The pairs by their numbers; what finds them is forgotten, and there will be no others.
    pub fn close(&mut self) -> Vec<u64> {
        (self.known, self.recent) = Default::default();
        std::mem::take(&mut self.keys)
    }

    /// Bytes of memory that it takes.
    pub fn memory(&self) -> usize {
        // A slot of a map is its entry and a byte, and at most seven eighths of the slots are taken.
        let known = self.known.capacity() * 17 * 8 / 7;
        known + self.recent.len() * size_of::<(u64, u32)>() + self.keys.len() * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pairs_are_numbered_in_order(pairs in proptest::collection::vec(0u64..200, 0..600)) {
            let mut numbers = PairNumbers::new();
            let mut expected: Vec<u64> = Vec::new();
            for pair in pairs {
                // Some of these share a slot.
                let pair = pair << 40 | pair;
                let known = expected.iter().position(|other| *other == pair);
                let number = known.unwrap_or_else(|| {
                    expected.push(pair);
                    expected.len() - 1
                });
                prop_assert_eq!(numbers.number(pair), number as u32);
            }
            prop_assert_eq!(numbers.close(), expected);
        }
    }
}
