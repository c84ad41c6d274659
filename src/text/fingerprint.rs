//! How alike two matching forms are: a fingerprint that finds candidates, and the measure that decides.
//!
//! The measure is the Jaccard index of the sets of neighbouring pairs of characters. The fingerprint is
//! one-permutation min-hashing (Li, Owen & Zhang, *One Permutation Hashing*, 2012): pairs are hashed once
//! and fall into eight bins, of each of which the least hash leaves one byte.

use std::collections::HashSet;

/// Bins, and bytes, of a fingerprint.
pub const BINS: u32 = 8;

/// The fingerprint of a matching form. Equal forms have equal fingerprints.
pub fn fingerprint(form: &[char]) -> u64 {
    let mut least = [u32::MAX; BINS as usize];
    let mut add = |left: char, right: char| {
        let hash = mix(u64::from(u32::from(left)) << 32 | u64::from(u32::from(right)));
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

/// How many bins of two fingerprints agree: about their Jaccard index times [`BINS`].
pub fn agreeing_bins(a: u64, b: u64) -> u32 {
    let different = a ^ b;
    // A byte is zero exactly where no bit of it is set: fold every byte's bits into its lowest one.
    let halves = different | different >> 4;
    let quarters = halves | halves >> 2;
    let bits = (quarters | quarters >> 1) & 0x0101_0101_0101_0101;
    BINS - bits.count_ones()
}

/// The neighbouring pairs of a matching form, each once.
pub fn pairs(form: &[char]) -> HashSet<(char, char)> {
    form.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// The Jaccard index of two sets of pairs; two empty sets are alike.
pub fn jaccard(a: &HashSet<(char, char)>, b: &HashSet<(char, char)>) -> f32 {
    let shared = a.intersection(b).count();
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
        assert_eq!(agreeing_bins(fingerprint(&a), fingerprint(&a)), BINS);
        assert!(agreeing_bins(fingerprint(&a), fingerprint(&b)) >= 4);
        assert!(agreeing_bins(fingerprint(&a), fingerprint(&c)) <= 2);
        assert!(jaccard(&pairs(&a), &pairs(&b)) > 0.8 && jaccard(&pairs(&a), &pairs(&c)) < 0.1);
        assert!((jaccard(&pairs(&[]), &pairs(&[])) - 1.0).abs() < f32::EPSILON);
    }

    proptest! {
        #[test]
        fn agreeing_bins_are_equal_bytes(a: u64, b: u64, keep: u8) {
            let kept: u64 = (0..8).filter(|i| keep >> i & 1 == 1).map(|i| 0xFF_u64 << (8 * i)).sum();
            let b = a & kept | b & !kept;
            let equal = a.to_le_bytes().iter().zip(b.to_le_bytes()).filter(|(a, b)| **a == *b).count();
            prop_assert_eq!(agreeing_bins(a, b) as usize, equal);
        }
    }
}
