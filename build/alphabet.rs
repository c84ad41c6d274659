//! The characters of the dictionary, numbered by how much text they make up.
//!
//! A common character has a small code, so what a text needs of the automaton lies together. A code
//! also says how jieba-rs treats a character. In order: 0, looked up but in no word; characters looked up and in
//! words; [`Alphabet::separator`], the code of all that are not looked up; and those not looked up though the
//! dictionary has words with them (γ射线), which only asking for a whole word finds. Placing belongs to `automaton.rs`.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::Entry;

/// One past the last character that is looked up; all from here on are separators.
const END: u32 = 0x2_FA20;

/// More codes than this would not fit what the passes of `src/text/segment/route.rs` index.
const LIMIT: usize = 1 << 14;

/// The codes of characters.
pub struct Alphabet {
    /// Of each character below [`END`].
    pub codes: Vec<u16>,
    /// Of the separators.
    pub separator: u16,
    /// How many codes there are.
    pub len: usize,
}

impl Alphabet {
    /// The alphabet of a dictionary.
    pub fn of(entries: &[Entry]) -> Alphabet {
        let mut weights: HashMap<char, u64> = HashMap::new();
        for entry in entries {
            for &c in &entry.word {
                *weights.entry(c).or_default() += entry.frequency;
            }
        }
        let mut chars: Vec<(char, u64)> = weights.into_iter().collect();
        chars.sort_unstable_by_key(|&(c, weight)| (!is_looked_up(c), Reverse(weight), c));
        let len = chars.len() + 2;
        assert!(len <= LIMIT, "the dictionary has {len} characters; {LIMIT} is the most");
        let looked_up = chars.partition_point(|&(c, _)| is_looked_up(c)) as u16;
        let separator = looked_up + 1;
        let is_unknown = |c: u32| char::from_u32(c).is_some_and(is_looked_up);
        let mut codes: Vec<u16> = (0..END).map(|c| if is_unknown(c) { 0 } else { separator }).collect();
        for (position, &(c, _)) in (0u16..).zip(&chars) {
            let place = codes.get_mut(c as usize).expect("no word has a character of the last planes");
            *place = if position < looked_up { position + 1 } else { position + 2 };
        }
        Alphabet { codes, separator, len }
    }

    /// The codes of a word of the dictionary.
    pub fn word(&self, word: &[char]) -> Vec<u16> {
        word.iter().map(|&c| self.codes[c as usize]).collect()
    }
}

/// Whether jieba-rs looks a character up: Han characters, ASCII letters and digits, and `+#&._%-`.
fn is_looked_up(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '+' | '#' | '&' | '.' | '_' | '%' | '-')
        || matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
        || matches!(c, '\u{20000}'..='\u{2A6DF}' | '\u{2A700}'..='\u{2EBEF}' | '\u{2F800}'..='\u{2FA1F}')
}
