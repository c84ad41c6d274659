//! The matching form of a passage with what stands where in it: as it comes to the index, and as it is read back.

use crate::text::fold::{Folded, MARK};
use crate::text::sentences::{ends_sentence, item_starts};

/// A matching form, character by character.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// The characters.
    pub chars: Vec<char>,
    /// For each, the sum of what is true of it: [`WORD`], [`SENTENCE_END`], [`ITEM`].
    pub flags: Vec<u8>,
}

/// A word, a mark or a white space begins here. Before the words are found: the next word has to begin here.
pub const WORD: u8 = 1;

/// This is a mark that ends a sentence.
pub const SENTENCE_END: u8 = 2;

/// An item begins here.
pub const ITEM: u8 = 4;

impl Form {
    /// The form of a text, where words have to begin flagged, but no words yet.
    pub fn of(original: &[char], folded: &Folded) -> Form {
        let mut flags: Vec<u8> = folded.breaks.iter().map(|&breaks| u8::from(breaks) * WORD).collect();
        let marks = folded.chars.iter().zip(&folded.origins).zip(&mut flags).filter(|((c, _), _)| **c == MARK);
        for ((_, &(from, to)), flags) in marks {
            if original[from as usize..to as usize].iter().any(|&c| ends_sentence(c)) {
                *flags |= SENTENCE_END;
            }
        }
        for start in item_starts(original) {
            if let Some(flags) = flags.get_mut(folded.range_of(start, start + 1).0) {
                *flags |= ITEM | WORD;
            }
        }
        Form { chars: folded.chars.clone(), flags }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.chars.clear();
        self.flags.clear();
    }

    /// Whether a word begins before the character at `at`, or the form ends there.
    pub fn is_boundary(&self, at: usize) -> bool {
        self.flags.get(at).is_none_or(|flags| flags & WORD > 0)
    }

    /// Where the characters stand in the form, overlapping places included. Nothing stands anywhere.
    pub fn find_all(&self, needle: &[char]) -> impl Iterator<Item = usize> {
        let last = if needle.is_empty() { 0 } else { (self.chars.len() + 1).saturating_sub(needle.len()) };
        (0..last).filter(move |&at| self.chars[at] == needle[0] && self.chars[at..].starts_with(needle))
    }

    /// Where the characters stand, as [`Form::find_all`], and whether a word begins there and one ends behind them.
    pub fn occurrences(&self, needle: &[char]) -> impl Iterator<Item = (usize, bool, bool)> {
        self.find_all(needle).map(|start| (start, self.is_boundary(start), self.is_boundary(start + needle.len())))
    }

    /// Appends the number of characters and four bytes for each, for the way to the index.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend((self.chars.len() as u32).to_le_bytes());
        let packed = self.chars.iter().zip(&self.flags).map(|(&c, &flags)| u32::from(c) | u32::from(flags) << FLAGS);
        out.extend(packed.flat_map(u32::to_le_bytes));
    }

    /// Reads what [`Form::write`] wrote, in place of what was there, and gives back what follows.
    pub fn read<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        self.clear();
        let Some((count, rest)) = bytes.split_first_chunk::<4>() else { return &[] };
        let (chars, rest) = rest.split_at(rest.len().min(u32::from_le_bytes(*count) as usize * 4));
        for &packed in chars.as_chunks::<4>().0 {
            let packed = u32::from_le_bytes(packed);
            self.chars.push(char::from_u32(packed & ((1 << FLAGS) - 1)).unwrap_or(char::REPLACEMENT_CHARACTER));
            self.flags.push((packed >> FLAGS) as u8);
        }
        rest
    }
}

/// Bits of a character.
const FLAGS: u32 = 24;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;

    fn form(text: &str) -> Form {
        Form::of(&text.chars().collect::<Vec<_>>(), &fold(text))
    }

    #[test]
    fn marks_items_and_breaks_are_flagged() {
        let form = form("两件事：一是“稳”。二是进");
        assert_eq!(String::from_iter(&form.chars), "两件事。一是稳。二是进");
        assert_eq!(form.flags[3], 0);
        assert_eq!(form.flags[7] & SENTENCE_END, SENTENCE_END);
        assert_eq!([form.flags[4], form.flags[8]], [ITEM | WORD; 2]);
        assert_eq!(form.flags[6], WORD, "a quote was dropped before 稳");
        let mut again = Form::default();
        let mut bytes = Vec::new();
        form.write(&mut bytes);
        bytes.push(7);
        assert_eq!(again.read(&bytes), [7]);
        assert_eq!(again, form);
    }

    #[test]
    fn overlapping_places_are_all_found() {
        let form = form("人人人人");
        assert_eq!(form.find_all(&['人', '人']).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(form.find_all(&[]).count() + form.find_all(&['民']).count(), 0);
        assert_eq!(form.find_all(&['人'; 5]).count(), 0);
    }
}
