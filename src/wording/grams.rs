//! Grams: where each few neighbouring characters of a draft's matching forms stand, to find them in many forms
//! of the archive.

use std::collections::HashMap;

/// The grams of one length of a draft's forms.
pub struct Grams<'a> {
    /// The forms.
    pub forms: Vec<&'a [char]>,
    length: usize,
    places: HashMap<u64, Vec<(u32, u32)>>,
    /// Bits of hashes that are there: most others are told from them by these.
    bits: Vec<u64>,
}

/// A gram of a form of the archive that stands in the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Common {
    /// Where it begins in the archive's form.
    pub at: usize,
    /// The draft's form, by its number.
    pub form: usize,
    /// Where it begins there.
    pub start: usize,
    /// How far both go on alike, from there.
    pub length: usize,
}

/// Bits of [`Grams::bits`], as a power of two.
const BITS: u32 = 20;

/// The hashes of each so many neighbouring characters of a form: a rolling polynomial (Karp and Rabin 1987).
fn hashes(form: &[char], length: usize) -> impl Iterator<Item = u64> {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let leaving = (0..length).fold(1u64, |power, _| power.wrapping_mul(FACTOR));
    let code = |c: char| u64::from(u32::from(c)) + 1;
    let rolling = form.iter().enumerate().scan(0u64, move |hash, (at, &c)| {
        *hash = hash.wrapping_mul(FACTOR).wrapping_add(code(c));
        if at >= length {
            *hash = hash.wrapping_sub(leaving.wrapping_mul(code(form[at - length])));
        }
        Some(*hash)
    });
    rolling.skip(length - 1)
}

fn bit(hash: u64) -> (usize, u64) {
    let place = (hash ^ hash >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> (64 - BITS);
    (place as usize / 64, 1 << (place % 64))
}

impl<'a> Grams<'a> {
    /// The grams of `length` characters of forms.
    pub fn of(forms: Vec<&'a [char]>, length: usize) -> Grams<'a> {
        let mut places: HashMap<u64, Vec<(u32, u32)>> = HashMap::new();
        let mut bits = vec![0; 1 << (BITS - 6)];
        for (number, form) in (0..).zip(&forms) {
            for (start, hash) in (0..).zip(hashes(form, length)) {
                places.entry(hash).or_default().push((number, start));
                let (word, bit) = bit(hash);
                bits[word] |= bit;
            }
        }
        Grams { forms, length, places, bits }
    }

    /// Calls `each` for every gram of a form of the archive that stands in the draft, at each place there.
    pub fn for_each_in(&self, form: &[char], mut each: impl FnMut(Common)) {
        for (at, hash) in hashes(form, self.length).enumerate() {
            let (word, bit) = bit(hash);
            if self.bits[word] & bit == 0 {
                continue;
            }
            for &(number, start) in self.places.get(&hash).into_iter().flatten() {
                let (number, start) = (number as usize, start as usize);
                let both = form[at..].iter().zip(&self.forms[number][start..]);
                let length = both.take_while(|(a, b)| a == b).count();
                if length >= self.length {
                    each(Common { at, form: number, start, length });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_gram_is_found() {
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        let (first, second) = (chars("甲乙丙丁甲乙"), chars("丙丁甲"));
        let grams = Grams::of(vec![&first, &second], 2);
        let mut found = Vec::new();
        grams.for_each_in(&chars("丁甲乙"), |common| {
            found.push((common.at, common.form, common.start, common.length))
        });
        found.sort_unstable();
        assert_eq!(found, [(0, 0, 3, 3), (0, 1, 1, 2), (1, 0, 0, 2), (1, 0, 4, 2)]);
    }
}
