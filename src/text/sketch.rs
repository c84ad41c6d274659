//! How alike two whole reports are: a sketch of a text that estimates how many of its phrases another shares.
//!
//! Bottom-k sketches (Broder, *On the resemblance and containment of documents*, 1997): of the hashes of all
//! stretches of [`SHINGLE`] characters the least [`SIZE`]. Among the least of two texts together, the share that
//! both have estimates the Jaccard index of their stretches; its standard deviation is at most 0.044.

use serde::{Deserialize, Serialize};

use super::fingerprint::mix;
use super::fold::MARK;

/// Characters of a stretch.
pub const SHINGLE: usize = 8;

/// Most hashes of a sketch.
pub const SIZE: usize = 128;

/// Texts with fewer characters are compared as a whole only: their sketches have no hashes of stretches.
pub const LONG: u32 = 500;

/// The sketch of a text. Texts that differ in marks only have equal sketches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    /// Characters.
    pub length: u32,
    /// A hash of all of them.
    pub whole: u64,
    /// The least hashes of stretches, ascending.
    pub least: Vec<u32>,
}

/// Makes the sketch of a text from its pieces.
#[derive(Debug, Default)]
pub struct Sketcher {
    length: u32,
    whole: u64,
    least: Vec<u32>,
    recent: [u32; SHINGLE],
    /// Hashes above this are not among the least.
    bound: Option<u32>,
}

impl Sketcher {
    /// Adds a piece, in its matching form; marks are passed over. Where one piece ends makes no difference.
    pub fn add(&mut self, form: &[char]) {
        for &c in form.iter().filter(|&&c| c != MARK) {
            self.recent.rotate_left(1);
            self.recent[SHINGLE - 1] = c as u32;
            self.length += 1;
            self.whole = mix(self.whole ^ u64::from(u32::from(c)));
            if self.length as usize >= SHINGLE {
                let hash = self.recent.iter().fold(0, |hash: u64, &c| (hash ^ u64::from(c)).wrapping_mul(PRIME));
                self.keep((mix(hash) >> 32) as u32);
            }
        }
    }

    fn keep(&mut self, hash: u32) {
        if self.bound.is_some_and(|bound| hash > bound) {
            return;
        }
        self.least.push(hash);
        // Sorted now and then, so that each hash costs a push and a share of a sort.
        if self.least.len() >= 8 * SIZE {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        self.least.sort_unstable();
        self.least.dedup();
        self.least.truncate(SIZE);
        self.bound = self.least.get(SIZE - 1).copied();
    }

    /// The sketch of what was added.
    pub fn finish(mut self) -> Sketch {
        self.shrink();
        if self.length < LONG {
            self.least = Vec::new();
        }
        // Sketches of a whole archive are kept in memory.
        self.least.shrink_to_fit();
        Sketch { length: self.length, whole: self.whole, least: self.least }
    }
}

/// The multiplier of FNV-1a for 64 bits (Fowler, Noll & Vo).
const PRIME: u64 = 0x0000_0100_0000_01B3;

impl Sketch {
    /// About which share of the stretches of both texts together both have, from 0 to 1; `None` if it is less than
    /// `least`, which is told sooner.
    pub fn resemblance(&self, other: &Sketch, least: f32) -> Option<f32> {
        let (mut a, mut b) = (self.least.iter().peekable(), other.least.iter().peekable());
        let (mut all, mut shared) = (0, 0);
        let most_apart = ((1.0 - least) * SIZE as f32) as usize;
        // Merged in order, the first hashes of both are the least of the union.
        while all < SIZE {
            let next = match (a.peek(), b.peek()) {
                (Some(x), Some(y)) => (**x).min(**y),
                (Some(x), None) | (None, Some(x)) => **x,
                (None, None) => break,
            };
            let in_both = a.next_if(|&&x| x == next).is_some() & b.next_if(|&&y| y == next).is_some();
            all += 1;
            shared += usize::from(in_both);
            if all - shared > most_apart {
                return None;
            }
        }
        let resemblance =
            if all == 0 { f32::from(u8::from(self.whole == other.whole)) } else { shared as f32 / all as f32 };
        Some(resemblance).filter(|resemblance| *resemblance >= least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(text: &str) -> Sketch {
        let mut sketcher = Sketcher::default();
        sketcher.add(&text.chars().collect::<Vec<_>>());
        sketcher.finish()
    }

    fn report(year: usize) -> String {
        (0..400).map(|i| format!("第{}项任务完成情况{}良好，", i, if i % 3 == 0 { year + i } else { i })).collect()
    }

    #[test]
    fn resemblance_is_about_the_jaccard_index() {
        let (a, b) = (report(2024), report(2025));
        let shingles = |text: &str| -> std::collections::HashSet<Vec<char>> {
            let chars: Vec<char> = text.chars().collect();
            chars.windows(SHINGLE).map(<[char]>::to_vec).collect()
        };
        let (x, y) = (shingles(&a), shingles(&b));
        let shared = x.intersection(&y).count();
        let jaccard = shared as f32 / (x.len() + y.len() - shared) as f32;
        let resemblance = sketch(&a).resemblance(&sketch(&b), 0.0).expect("at least 0");
        assert!((resemblance - jaccard).abs() < 0.15);
        assert_eq!(sketch(&a).resemblance(&sketch(&b), resemblance), Some(resemblance));
        assert_eq!(sketch(&a).resemblance(&sketch(&b), resemblance + 0.01), None);
        assert_eq!(sketch(&a).resemblance(&sketch(&a), 1.0), Some(1.0));
        assert_eq!(sketch(&a).resemblance(&sketch("完全不同的一段文字，没有一处相同。"), 0.1), None);
    }

    #[test]
    fn pieces_and_short_texts() {
        let mut sketcher = Sketcher::default();
        for piece in ["某区政府", "工作", "报告全文"] {
            sketcher.add(&piece.chars().collect::<Vec<_>>());
        }
        assert_eq!(sketcher.finish(), sketch("某区政府工作报告全文"));
        assert_eq!(sketch("短").resemblance(&sketch("短"), 0.0), Some(1.0));
        assert_eq!(sketch("短").resemblance(&sketch("长"), 0.0), Some(0.0));
    }
}
