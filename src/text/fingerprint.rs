//! How alike two matching forms are: a fingerprint that finds candidates, and the measure that decides.
//!
//! The measure is the Jaccard index of the sets of neighbouring pairs of characters. The fingerprint is
//! one-permutation min-hashing (Li, Owen & Zhang, *One Permutation Hashing*, 2012): pairs are hashed once
//! and fall into eight bins, of each of which the least hash leaves one byte.

/// Bins, and bytes, of a fingerprint.
pub const BINS: usize = 8;

/// The fingerprint of a matching form. Equal forms have equal fingerprints.
pub fn fingerprint(form: &[char]) -> u64 {
    let mut least = [u32::MAX; BINS];
    let mut add = |left: char, right: char| {
        let hash = mix(packed(left, right));
        let bin = (hash >> 61) as usize;
        least[bin] = least[bin].min(hash as u32);
    };
    match form {
        // A form too short for a pair still differs from others.
        [single] => add(*single, '\0'),
        _ => form.windows(2).for_each(|pair| add(pair[0], pair[1])),
    }
    u64::from_le_bytes(least.map(|hash| mix(u64::from(hash)) as u8))
}

fn packed(left: char, right: char) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

/// The byte of a bin without pairs; one of 256 others has it, too.
fn empty_bin() -> u8 {
    mix(u64::from(u32::MAX)) as u8
}

/// Some fingerprints that others are compared with, all at once.
pub struct Likeness {
    /// For each bin, and each byte in it, which of the fingerprints have it there: bit `n` for number `n`.
    having: Vec<[u64; 256]>,
}

impl Likeness {
    /// How many fingerprints others are compared with at once, at most; the fewer, the more is passed over.
    pub const MOST: usize = 16;

    /// Likeness to each of at most [`Likeness::MOST`] fingerprints.
    pub fn to(own: impl Iterator<Item = u64>) -> Likeness {
        let mut having = vec![[0; 256]; BINS];
        for (number, fingerprint) in own.take(Likeness::MOST).enumerate() {
            for (bin, byte) in having.iter_mut().zip(fingerprint.to_le_bytes()) {
                bin[usize::from(byte)] |= 1 << number;
            }
        }
        Likeness { having }
    }

    /// Those to which a fingerprint may be like (see [`is_like`]), since half of the bins agree: bit `n` for number `n`.
    pub fn of(&self, other: u64) -> u64 {
        // If four of the eight agree, one of any five does: most fingerprints are passed over here.
        let bytes = other.to_le_bytes();
        let any = self.having.iter().zip(bytes).take(5).fold(0, |any, (bin, byte)| any | bin[usize::from(byte)]);
        if any == 0 {
            return 0;
        }
        // Counts of bins that agree, for all at once: a bit of each in the sums' lowest and second place, and whether
        // there were four and more.
        let (mut ones, mut twos, mut fours) = (0, 0, 0);
        for (bin, byte) in self.having.iter().zip(bytes) {
            let agreeing = bin[usize::from(byte)];
            let carried = ones & agreeing;
            ones ^= agreeing;
            fours |= twos & carried;
            twos ^= carried;
        }
        fours
    }
}

/// Whether two fingerprints are alike: at least half of the bins agree, those apart that are empty in both. That is,
/// twice the bins that agree, less the empty ones among them, are as many as there are bins.
pub fn is_like(a: u64, b: u64) -> bool {
    let empty = empty_bin();
    let agreeing = a.to_le_bytes().into_iter().zip(b.to_le_bytes()).filter(|(a, b)| a == b);
    agreeing.map(|(byte, _)| if byte == empty { 1 } else { 2 }).sum::<usize>() >= BINS
}

/// The neighbouring pairs of a matching form as numbers, each once, ascending.
pub fn pairs(form: &[char]) -> Vec<u64> {
    let mut pairs: Vec<u64> = form.windows(2).map(|pair| packed(pair[0], pair[1])).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The Jaccard index of two sets of pairs; two empty sets are alike.
pub fn jaccard(a: &[u64], b: &[u64]) -> f32 {
    let (mut rest_a, mut rest_b, mut shared) = (a, b, 0);
    while let (Some((x, next_a)), Some((y, next_b))) = (rest_a.split_first(), rest_b.split_first()) {
        shared += usize::from(x == y);
        (rest_a, rest_b) = (if x <= y { next_a } else { rest_a }, if y <= x { next_b } else { rest_b });
    }
    let all = a.len() + b.len() - shared;
    if all == 0 { 1.0 } else { shared as f32 / all as f32 }
}

/// The finalizer of SplitMix64 (Steele, Lea & Flood 2014).
pub(crate) fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ value >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ value >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ value >> 31
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use proptest::prelude::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn alike_texts_have_like_fingerprints_and_others_do_not() {
        let a = chars("现在我代表区人民政府向大会报告工作请予审议并请政协委员和列席人员提出意见");
        let b = chars("现在我代表望澜区人民政府向大会报告工作请予审议并请政协委员和其他列席人员提出意见");
        let c = chars("全年实现地区生产总值一千二百亿元比上年增长百分之六财政收入增长百分之七点五");
        let to_all = Likeness::to([&a, &b, &c].map(|form| fingerprint(form)).into_iter());
        assert_eq!(to_all.of(fingerprint(&a)), 0b011);
        assert!(is_like(fingerprint(&a), fingerprint(&b)));
        assert!(jaccard(&pairs(&a), &pairs(&b)) > 0.8 && jaccard(&pairs(&a), &pairs(&c)) < 0.1);
        assert!((jaccard(&pairs(&[]), &pairs(&[])) - 1.0).abs() < f32::EPSILON);
    }

    #[test]
    fn short_texts_are_not_alike_for_what_neither_holds() {
        let [a, b, empty] = ["主要任务", "工作回顾", ""].map(|text| fingerprint(&chars(text)));
        assert!(is_like(a, a) && is_like(empty, empty));
        assert!(!is_like(a, b) && !is_like(a, empty));
    }

    proptest! {
        #[test]
        fn half_of_the_bins_have_to_agree(own in any::<[u8; 8]>(), other in any::<[u8; 8]>(), keep: u8, empty: u8) {
            let byte = |i: usize, byte: u8| if empty >> i & 1 == 1 { empty_bin() } else { byte };
            let own: [u8; 8] = std::array::from_fn(|i| byte(i, own[i]));
            let other: [u8; 8] = std::array::from_fn(|i| if keep >> i & 1 == 1 { own[i] } else { other[i] });
            let agreeing = (0..8).filter(|&i| own[i] == other[i]).count();
            let empty = (0..8).filter(|&i| own[i] == other[i] && own[i] == empty_bin()).count();
            let (own, other) = (u64::from_le_bytes(own), u64::from_le_bytes(other));
            prop_assert_eq!(is_like(own, other), 2 * (agreeing - empty) >= 8 - empty);
            let to_both = Likeness::to([other, !own].into_iter());
            prop_assert_eq!(to_both.of(own), u64::from(agreeing >= 4));
            prop_assert!(!is_like(own, other) || agreeing >= 4);
        }

        #[test]
        fn pairs_are_counted_as_sets(a in "[人民政协]{0,12}", b in "[人民政协]{0,12}") {
            let set = |text: &str| chars(text).windows(2).map(|pair| (pair[0], pair[1])).collect::<HashSet<_>>();
            let (x, y) = (set(&a), set(&b));
            let all = x.union(&y).count();
            let expected = if all == 0 { 1.0 } else { x.intersection(&y).count() as f32 / all as f32 };
            prop_assert_eq!(jaccard(&pairs(&chars(&a)), &pairs(&chars(&b))), expected);
        }
    }
}
