//! The dictionary as a double array: a prefix tree whose nodes are cells of one array.
//!
//! The children of a node stand at its base plus the code of their character, and the check of a cell is that
//! code. Invariant: no two nodes have the same base, so a matching check means a child. The root has base 0,
//! hence a single character's cell is its code, and no cell below the codes has a check: base 0 leads
//! nowhere. Rows of children are placed by weight, so what common text needs lies in few cache lines.
//! The bits of a node are in [`node`]; `src/text/segment/dictionary.rs` reads them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Entry;
use super::alphabet::Alphabet;

/// The check of a cell that is nobody's child.
const EMPTY: u16 = u16::MAX;

/// The class of nodes that are no words.
const NO_WORD: u64 = 0;

/// The bit of the second character of a word whose first is not one itself.
const EXCLUSIVE: u64 = 1 << 31;

/// More cells than this would not fit a node's base, and more classes not the passes of `src/text/segment/route.rs`.
const MOST_CELLS: usize = 1 << 24;
const MOST_CLASSES: usize = 1 << 13;

/// The dictionary, ready to be written.
pub struct Automaton {
    /// The codes of its characters.
    pub alphabet: Alphabet,
    /// Of each cell.
    pub checks: Vec<u16>,
    /// Of each cell: see [`node`].
    pub nodes: Vec<u64>,
    /// The frequency of each class; that of [`NO_WORD`] is 0.
    pub frequencies: Vec<u64>,
}

/// A node: what its children's codes end in, the class of its frequency, its base.
fn node(children: &[Child], class: u64, base: usize) -> u64 {
    let endings = children.iter().fold(0, |endings, child| endings | 1 << (child.code % 16));
    endings | class << 16 | (base as u64) << 32
}

/// The words that go on with one character from a node: a range of the sorted words.
struct Child {
    code: u16,
    from: usize,
    to: usize,
}

/// The children of a node, to be placed. The heaviest is placed first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    weight: u64,
    /// The node's cell; of equally heavy rows the one of the lower cell comes first.
    cell: Reverse<usize>,
    from: usize,
    to: usize,
    depth: usize,
}

/// The words in the order of their codes, each with its frequency.
struct Words(Vec<(Vec<u16>, u64)>);

impl Words {
    /// The children of the node whose words are `from..to` and which stands for `depth` characters.
    fn children(&self, from: usize, to: usize, depth: usize) -> Vec<Child> {
        let mut children: Vec<Child> = Vec::new();
        for (at, (word, _)) in (from..to).zip(&self.0[from..to]) {
            let Some(&code) = word.get(depth) else { continue };
            match children.last_mut() {
                Some(last) if last.code == code => last.to = at + 1,
                _ => children.push(Child { code, from: at, to: at + 1 }),
            }
        }
        children
    }

    /// The frequency of the node's own word. Of a word that stands twice the later line counts.
    fn own(&self, from: usize, to: usize, depth: usize) -> Option<u64> {
        self.0[from..to].iter().take_while(|(word, _)| word.len() == depth).last().map(|&(_, frequency)| frequency)
    }

    fn weight(&self, from: usize, to: usize) -> u64 {
        self.0[from..to].iter().map(|&(_, frequency)| frequency).sum()
    }
}

impl Automaton {
    /// The automaton of a dictionary.
    pub fn of(entries: &[Entry]) -> Automaton {
        let alphabet = Alphabet::of(entries);
        let mut words = Words(entries.iter().map(|entry| (alphabet.word(&entry.word), entry.frequency)).collect());
        words.0.sort_by(|a, b| a.0.cmp(&b.0));
        let mut frequencies: Vec<u64> = words.0.iter().map(|&(_, frequency)| frequency).collect();
        frequencies.sort_unstable_by_key(|&frequency| Reverse(frequency));
        frequencies.dedup();
        assert!(frequencies.len() < MOST_CLASSES, "{} frequencies are too many", frequencies.len());
        let class = |frequency| frequencies.partition_point(|&other| other > frequency) as u64 + 1;

        let mut cells = Cells::with_root(alphabet.len);
        let mut nodes = vec![0; alphabet.len];
        let mut rows = BinaryHeap::from([Row { weight: 0, cell: Reverse(0), from: 0, to: words.0.len(), depth: 0 }]);
        while let Some(Row { cell: Reverse(cell), from, to, depth, .. }) = rows.pop() {
            let children = words.children(from, to, depth);
            let base = if depth == 0 { 0 } else { cells.place(&children) };
            let own = words.own(from, to, depth);
            if depth > 0 {
                nodes[cell] |= node(&children, NO_WORD, base);
            }
            let exclusive = if depth == 1 && own.is_none() { EXCLUSIVE } else { 0 };
            nodes.resize(cells.checks.len(), 0);
            for Child { code, from, to } in children {
                let cell = base + usize::from(code);
                nodes[cell] = node(&[], words.own(from, to, depth + 1).map_or(NO_WORD, class), 0) | exclusive;
                if words.0[to - 1].0.len() > depth + 1 {
                    let weight = words.weight(from, to);
                    rows.push(Row { weight, cell: Reverse(cell), from, to, depth: depth + 1 });
                }
            }
        }
        // From every base every code leads to a cell.
        cells.checks.resize(cells.checks.len() + alphabet.len, EMPTY);
        nodes.resize(cells.checks.len(), 0);
        assert!(nodes.len() <= MOST_CELLS, "{} cells are too many", nodes.len());
        frequencies.insert(0, 0);
        Automaton { alphabet, checks: cells.checks, nodes, frequencies }
    }
}

/// The array as it fills.
struct Cells {
    checks: Vec<u16>,
    /// A bit for each cell that is taken, and for each base.
    taken: Bits,
    bases: Bits,
    /// No cell is free before this word of `taken`.
    full: usize,
}

impl Cells {
    /// Only the root's children, one for each code.
    fn with_root(codes: usize) -> Cells {
        let mut cells = Cells { checks: vec![EMPTY; codes], taken: Bits(vec![]), bases: Bits(vec![]), full: 0 };
        (0..codes).for_each(|cell| cells.taken.set(cell));
        cells.bases.set(0);
        cells
    }

    /// Places children at the first base where they fit, and gives the base.
    fn place(&mut self, children: &[Child]) -> usize {
        while self.taken.0[self.full] == u128::MAX {
            self.full += 1;
        }
        let first = usize::from(children[0].code);
        let mut from = (self.full * 128).saturating_sub(first);
        let base = loop {
            // A bit for each of 128 bases.
            let mut fit = !self.bases.window(from);
            for child in children {
                fit &= !self.taken.window(from + usize::from(child.code));
                if fit == 0 {
                    break;
                }
            }
            if fit != 0 {
                break from + fit.trailing_zeros() as usize;
            }
            from += 128;
        };
        self.bases.set(base);
        for child in children {
            let cell = base + usize::from(child.code);
            self.taken.set(cell);
            if cell >= self.checks.len() {
                self.checks.resize(cell + 1, EMPTY);
            }
            self.checks[cell] = child.code;
        }
        base
    }
}

/// A set of numbers that grows as needed.
struct Bits(Vec<u128>);

impl Bits {
    fn set(&mut self, at: usize) {
        if at / 128 >= self.0.len() {
            self.0.resize(at / 128 + 1, 0);
        }
        self.0[at / 128] |= 1 << (at % 128);
    }

    /// Which of the 128 numbers from `at` are in the set.
    fn window(&self, at: usize) -> u128 {
        let word = |index: usize| self.0.get(index).copied().unwrap_or(0);
        match at % 128 {
            0 => word(at / 128),
            within => word(at / 128) >> within | word(at / 128 + 1) << (128 - within),
        }
    }
}
