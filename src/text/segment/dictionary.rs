//! The dictionary of jieba-rs, as the build script lays it out: words with their frequencies.
//!
//! A double array over character codes, embedded in the program and read where it stands, so nothing is
//! loaded or built at start. Invariant: [`child`] finds exactly the nodes of the dictionary's prefix tree. A node's
//! number is its place in the array; it also is the id of the word that ends there. Making the array belongs to
//! `build/automaton.rs`, added words to `added`, finding the best words of a text to `route`.

include!(concat!(env!("OUT_DIR"), "/constants.rs"));

/// Bytes of an array that begin a cache line.
#[repr(C, align(64))]
struct Aligned<T: ?Sized>(T);

static CODE_BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/codes.bin")));
static CHECK_BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/checks.bin")));
static NODE_BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/nodes.bin")));
static FREQUENCY_BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/frequencies.bin")));

// Constants, not statics: the lengths are then known where the arrays are read.
const CODES: &[[u8; 2]] = CODE_BYTES.0.as_chunks().0;
const CHECKS: &[[u8; 2]] = CHECK_BYTES.0.as_chunks().0;
const NODES: &[[u8; 8]] = NODE_BYTES.0.as_chunks().0;
const FREQUENCIES: &[[u8; 8]] = FREQUENCY_BYTES.0.as_chunks().0;

/// How many nodes there are; their numbers are below.
pub const NODE_COUNT: usize = NODES.len();

/// The number of no node. [`child`] leads to it where there is no child, and it has none itself.
pub const NO_NODE: u32 = 0;

/// A node: whether it is a word, and which children it may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Node(u64);

impl Node {
    /// The class of the word's frequency, 0 for no word.
    #[inline(always)]
    pub fn class(self) -> usize {
        usize::from((self.0 >> 16) as u16 & 0x7FFF)
    }

    /// Whether this is the second character of a word whose first alone is no word.
    #[inline(always)]
    pub fn is_exclusive(self) -> bool {
        self.0 & 1 << 31 != 0
    }

    /// Whether there may be a child for this code; seldom wrong.
    #[inline(always)]
    pub fn may_go_on(self, code: u16) -> bool {
        (self.0 >> (code % 16)) & 1 != 0
    }

    #[inline(always)]
    fn base(self) -> usize {
        (self.0 >> 32) as usize
    }
}

/// The code of a character as texts are looked up: [`SEPARATOR`] for all that jieba-rs does not look up.
#[inline(always)]
pub fn code(c: char) -> u16 {
    whole_word_code(c).min(SEPARATOR)
}

/// The code of a character as whole words are looked up: a few separators are in words of the dictionary.
#[inline(always)]
fn whole_word_code(c: char) -> u16 {
    CODES.get(c as usize).map_or(SEPARATOR, |&code| u16::from_le_bytes(code))
}

/// A node by its number.
#[inline(always)]
pub fn node(number: u32) -> Node {
    Node(u64::from_le_bytes(NODES[number as usize]))
}

/// The node of a single character.
#[inline(always)]
pub fn first(code: u16) -> Node {
    node(u32::from(code))
}

/// The number of a node's child, [`NO_NODE`] if it has none for the code.
///
/// Without a branch: nobody can predict which characters go together.
#[inline(always)]
pub fn child(node: Node, code: u16) -> u32 {
    let place = node.base() + usize::from(code);
    std::hint::select_unpredictable(u16::from_le_bytes(CHECKS[place]) == code, place as u32, NO_NODE)
}

/// As [`child`], without a look at the array where [`Node::may_go_on`] says no.
#[inline(always)]
pub fn likely_child(node: Node, code: u16) -> u32 {
    let place = std::hint::select_unpredictable(node.may_go_on(code), node.base() + usize::from(code), 0);
    std::hint::select_unpredictable(u16::from_le_bytes(CHECKS[place]) == code, place as u32, NO_NODE)
}

/// The number of a whole word.
pub fn find(word: &[char]) -> Option<u32> {
    let mut codes = word.iter().map(|&c| whole_word_code(c));
    let mut number = u32::from(codes.next()?);
    for code in codes {
        number = child(node(number), code);
    }
    (node(number).class() != 0).then_some(number)
}

/// The frequency of the word that a node is, 0 for no word.
pub fn frequency(number: u32) -> u64 {
    u64::from_le_bytes(FREQUENCIES[node(number).class()])
}

/// The frequency of each class, from class 0.
pub fn frequencies() -> impl Iterator<Item = u64> {
    FREQUENCIES.iter().map(|&frequency| u64::from_le_bytes(frequency))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_with_their_frequencies() {
        for (word, expected) in [("的", 318_825), ("我们", 98_740), ("γ射线", 3), ("4S店", 3), ("射线", 1_258)]
        {
            let number = find(&word.chars().collect::<Vec<_>>()).expect(word);
            assert_eq!(frequency(number), expected, "{word}");
        }
        for word in ["", "γ", "4S", "我们我们", "\u{10FFFF}", "\u{20000}"] {
            assert_eq!(find(&word.chars().collect::<Vec<_>>()), None, "{word}");
        }
    }
}
