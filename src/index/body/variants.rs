//! Between which words a pair stands: for each occurrence of a pair that many documents hold, a number.
//!
//! A string that reaches over the boundary between two words is thus counted from the postings of the pair at the
//! boundary, without looking into the passages. As bytes: whether there are occurrences of which it is not known between
//! which words they stand (0 or 1); the variants in order (how many stand across a boundary; for each how far the left
//! word's rank is from the one before, and the right one's, or how far this is from the one before where the left word is
//! the same; how many stand inside runs; for each how far the run's rank is from the one before, and the place); then for
//! each occurrence a number of as many bits as are needed: that of the variant, or one more where it is not known.

use std::io;

use tantivy_bitpacker::{BitPacker, BitUnpacker};

use super::varint::{self, Reader, damaged};

/// From so many documents on the variants of a pair are told: fewer passages are read as fast.
pub const TOLD_FROM: usize = 16;

/// What stands on both sides of a pair, by ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// The left character ends a word, the right one begins the next.
    Across {
        /// The word before the boundary.
        left: u32,
        /// The word behind it.
        right: u32,
    },
    /// The pair stands inside a run.
    Inside {
        /// The run.
        run: u32,
        /// Where in it.
        at: u32,
    },
}

/// An occurrence of which it is not known between which words it stands.
pub const UNKNOWN: u64 = u64::MAX;

/// Set for what stands inside a run.
const INSIDE: u64 = 1 << 63;

impl Variant {
    /// As a number, in the same order. Ranks have 31 bits.
    pub fn packed(self) -> u64 {
        let (flag, first, second) = match self {
            Variant::Across { left, right } => (0, left, right),
            Variant::Inside { run, at } => (INSIDE, run, at),
        };
        flag | u64::from(first) << 32 | u64::from(second)
    }

    /// What [`Variant::packed`] packed; `None` if it is not known.
    pub fn unpacked(packed: u64) -> Option<Variant> {
        let (first, second) = ((packed >> 32) as u32 & !(1 << 31), packed as u32);
        match packed {
            UNKNOWN => None,
            INSIDE.. => Some(Variant::Inside { run: first, at: second }),
            _ => Some(Variant::Across { left: first, right: second }),
        }
    }

    /// With other numbers for the words.
    pub fn renumbered(self, mut number: impl FnMut(u32) -> Option<u32>) -> Option<Variant> {
        Some(match self {
            Variant::Across { left, right } => Variant::Across { left: number(left)?, right: number(right)? },
            Variant::Inside { run, at } => Variant::Inside { run: number(run)?, at },
        })
    }
}

/// Appends the variants of occurrences, which are packed.
pub fn encode(occurrences: &[u64], out: &mut Vec<u8>) {
    let mut known: Vec<u64> = occurrences.to_vec();
    known.sort_unstable();
    known.dedup();
    let has_unknown = known.pop_if(|last| *last == UNKNOWN).is_some();
    varint::write(out, u64::from(has_unknown));
    let (across, inside) = known.split_at(known.partition_point(|&packed| packed < INSIDE));
    for of_sort in [across, inside] {
        varint::write(out, of_sort.len() as u64);
        let mut last = (0, 0);
        for &packed in of_sort {
            let (first, second) = (packed << 1 >> 33, packed & 0xFFFF_FFFF);
            varint::write(out, first - last.0);
            varint::write(out, if first == last.0 { second - last.1 } else { second });
            last = (first, second);
        }
    }
    let width = width_of(known.len(), has_unknown);
    let mut packer = BitPacker::new();
    let mut last = (UNKNOWN, known.len() as u64);
    for &packed in occurrences {
        if packed != last.0 {
            last = (packed, known.binary_search(&packed).unwrap_or(known.len()) as u64);
        }
        // Writing to a vector does not fail.
        let _ = packer.write(last.1, width, out);
    }
    let _ = packer.close(out);
}

/// Bits of the numbers of so many variants.
fn width_of(known: usize, has_unknown: bool) -> u8 {
    let last = (known + usize::from(has_unknown)).saturating_sub(1);
    (usize::BITS - last.leading_zeros()) as u8
}

/// The variants of a pair's occurrences, as they are read.
pub struct Variants<'a> {
    /// The variants, by their numbers.
    pub known: Vec<Variant>,
    /// Whether there are occurrences of which it is not known between which words they stand.
    pub has_unknown: bool,
    numbers: &'a [u8],
    unpacker: BitUnpacker,
}

impl Variants<'_> {
    /// Reads variants as they were written.
    ///
    /// # Errors
    /// If it is damaged.
    pub fn read(bytes: &[u8]) -> io::Result<Variants<'_>> {
        let mut reader = Reader::new(bytes);
        let has_unknown = reader.varint()? > 0;
        let mut known = Vec::new();
        for flag in [0, INSIDE] {
            let mut last = (0u32, 0u32);
            for _ in 0..reader.varint()? {
                let step = reader.varint32()?;
                let second = reader.varint32()?;
                let first = last.0.checked_add(step).filter(|&first| first >> 31 == 0).ok_or_else(damaged)?;
                let second = if step == 0 { last.1.checked_add(second).ok_or_else(damaged)? } else { second };
                known.extend(Variant::unpacked(flag | u64::from(first) << 32 | u64::from(second)));
                last = (first, second);
            }
        }
        let (width, numbers) = (width_of(known.len(), has_unknown), reader.rest());
        Ok(Variants { known, has_unknown, numbers, unpacker: BitUnpacker::new(width) })
    }

    /// The number of an occurrence's variant, one of those that there are; `None` where it is not known.
    pub fn number(&self, occurrence: u32) -> Option<usize> {
        let ends = (u64::from(occurrence) + 1) * u64::from(self.unpacker.bit_width());
        if ends > self.numbers.len() as u64 * 8 {
            return None;
        }
        let number = self.unpacker.get(occurrence, self.numbers) as usize;
        (number < self.known.len()).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn variant() -> impl Strategy<Value = u64> {
        prop_oneof![
            1 => Just(UNKNOWN),
            4 => (0u32..9, 0u32..9).prop_map(|(left, right)| Variant::Across { left, right }.packed()),
            1 => (0u32..1 << 31, any::<u32>()).prop_map(|(left, right)| Variant::Across { left, right }.packed()),
            2 => (0u32..5, 0u32..3).prop_map(|(run, at)| Variant::Inside { run, at }.packed()),
        ]
    }

    proptest! {
        #[test]
        fn variants_come_back(occurrences in proptest::collection::vec(variant(), 0..200)) {
            let mut bytes = Vec::new();
            encode(&occurrences, &mut bytes);
            let variants = Variants::read(&bytes).expect("intact");
            prop_assert!(variants.known.is_sorted());
            prop_assert_eq!(variants.has_unknown, occurrences.contains(&UNKNOWN));
            for (number, &packed) in (0..).zip(&occurrences) {
                let known = variants.number(number).map(|number| variants.known[number].packed());
                prop_assert_eq!(known.unwrap_or(UNKNOWN), packed);
                prop_assert_eq!(Variant::unpacked(packed).map_or(UNKNOWN, Variant::packed), packed);
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60), number in any::<u32>()) {
            if let Ok(variants) = Variants::read(&bytes) {
                prop_assert!(variants.number(number).is_none_or(|number| number < variants.known.len()));
            }
        }
    }
}
