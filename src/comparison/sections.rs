//! Which sections of two reports stand for each other: by their headings, and by how much of their text does.
//!
//! Both reports as wholes always stand for each other. A section stands for one of the other report at most.

use std::collections::HashMap;

use super::likeness::{Likeness, Pairs};
use super::matching::{self, Candidate};
use super::order::out_of_order;
use super::outline::{Node, Outline};
use super::pieces::{Stance, Text};
use super::row::Group;
use super::summary::Count;
use super::{SectionPair, State};
use crate::text::sentences::enumerator;
use crate::text::slots::PlaceNames;
use crate::wording::compare::{Wording, similarity};

/// Least score of sections that stand for each other: the share of the text that does, that of the words in common,
/// and half the likeness of the headings.
const LEAST: f32 = 0.33;

/// Headings less alike have nothing in common.
const LIKE_HEADINGS: f32 = 0.4;

/// What it costs that only one looks back.
const OPPOSITE: f32 = 0.4;

/// What a difference in depth costs.
const DEPTH: f32 = 0.1;

/// The sections of two reports and which stand for each other.
pub struct Alignment<'a> {
    a: &'a Outline,
    b: &'a Outline,
    partner_of_a: Vec<Option<usize>>,
    partner_of_b: Vec<Option<usize>>,
    pairs: Vec<Pair>,
}

/// Sections that stand for each other, or one by itself.
struct Pair {
    a: Option<usize>,
    b: Option<usize>,
    state: State,
    moved: bool,
}

/// A report's sections with how much text they and those in them have.
struct Sizes {
    /// Units.
    units: Vec<f32>,
    /// Number of the first sentence.
    first: Vec<usize>,
}

impl Sizes {
    fn of(text: &Text) -> Sizes {
        let count = text.outline.nodes.len();
        let mut sizes = Sizes { units: vec![0.0; count], first: vec![usize::MAX; count] };
        for (number, piece) in text.pieces.iter().enumerate() {
            for node in text.outline.upwards(piece.section) {
                sizes.units[node] += text.units(number).len() as f32;
                sizes.first[node] = sizes.first[node].min(number);
            }
        }
        sizes
    }

    /// The sections with text, as they are read; the report itself comes first, whether it has any or not.
    fn in_order(&self, outline: &Outline) -> Vec<usize> {
        let mut nodes: Vec<usize> = (1..self.units.len()).filter(|&node| self.units[node] > 0.0).collect();
        nodes.sort_by_key(|&node| (self.first[node], outline.nodes[node].depth));
        nodes.insert(0, 0);
        nodes
    }
}

/// The pairs of all sentences of each section and of those in it.
fn words(text: &Text, of_pieces: &[Pairs], likeness: &Likeness) -> Vec<Pairs> {
    let mut of_sections: Vec<Vec<&Pairs>> = vec![Vec::new(); text.outline.nodes.len()];
    for (piece, pairs) in text.pieces.iter().zip(of_pieces) {
        text.outline.upwards(piece.section).for_each(|node| of_sections[node].push(pairs));
    }
    of_sections.iter().map(|pairs| likeness.united(pairs)).collect()
}

/// Aligns the sections of two reports whose sentences are in groups.
pub fn aligned<'a>(
    a: &'a Text,
    b: &'a Text,
    groups: &[Group],
    likeness: &Likeness,
    names: &PlaceNames,
) -> Alignment<'a> {
    let of_a = Described::of(a, &likeness.a, likeness, names);
    let of_b = Described::of(b, &likeness.b, likeness, names);
    let candidates = candidates(&of_a, &of_b, &text_in_common(a, b, groups), likeness);
    let mut partner_of_a = matching::best(a.outline.nodes.len(), b.outline.nodes.len(), &candidates);
    partner_of_a[0] = Some(0);
    let mut partner_of_b = vec![None; b.outline.nodes.len()];
    for (node_a, node_b) in partner_of_a.iter().enumerate() {
        if let Some(node_b) = node_b {
            partner_of_b[*node_b] = Some(node_a);
        }
    }
    let pairs = pairs(&of_a, &of_b, &partner_of_b);
    let mut alignment = Alignment { a: &a.outline, b: &b.outline, partner_of_a, partner_of_b, pairs };
    alignment.mark_moved(&of_a.order, &of_b.sizes.units);
    alignment
}

/// A report's sections with what they are told by.
struct Described<'a> {
    text: &'a Text<'a>,
    sizes: Sizes,
    order: Vec<usize>,
    headings: Vec<Wording>,
    words: Vec<Pairs>,
}

impl<'a> Described<'a> {
    fn of(text: &'a Text, pairs: &[Pairs], likeness: &Likeness, names: &PlaceNames) -> Described<'a> {
        let sizes = Sizes::of(text);
        let heading = |node: &Node| Wording::of(&without_number(&node.heading), names);
        Described {
            text,
            order: sizes.in_order(&text.outline),
            sizes,
            headings: text.outline.nodes.iter().map(heading).collect(),
            words: words(text, pairs, likeness),
        }
    }

    /// Whether a section looks back or forward: as its first sentence does.
    fn stance(&self, node: usize) -> Stance {
        self.text.pieces.get(self.sizes.first[node]).map_or(Stance::Neither, |piece| piece.stance)
    }

    /// A heading whatever its values are.
    fn symbols(&self, node: usize) -> Vec<u32> {
        self.headings[node].units.iter().map(|unit| unit.symbol).collect()
    }
}

/// The units of sentences that stand for each other, of both reports, for each two sections they stand in.
fn text_in_common(a: &Text, b: &Text, groups: &[Group]) -> HashMap<(usize, usize), f32> {
    let mut common: HashMap<(usize, usize), f32> = HashMap::new();
    let units = |text: &Text, pieces: &[usize]| pieces.iter().map(|&piece| text.units(piece).len()).sum::<usize>();
    for group in groups {
        let (Some(&of_a), Some(&of_b)) = (group.a.first(), group.b.first()) else { continue };
        let units = (units(a, &group.a) + units(b, &group.b)) as f32;
        for node_a in a.outline.upwards(a.pieces[of_a].section) {
            for node_b in b.outline.upwards(b.pieces[of_b].section) {
                *common.entry((node_a, node_b)).or_default() += units;
            }
        }
    }
    common
}

/// The sections that may stand for each other.
fn candidates(
    a: &Described,
    b: &Described,
    in_common: &HashMap<(usize, usize), f32>,
    likeness: &Likeness,
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for &node_a in &a.order[1..] {
        for &node_b in &b.order[1..] {
            let of_text = in_common.get(&(node_a, node_b)).copied().unwrap_or(0.0);
            let of_text = of_text / (a.sizes.units[node_a] + b.sizes.units[node_b]);
            let of_heading = similarity(&a.headings[node_a].units, &b.headings[node_b].units);
            let of_heading = if of_heading < LIKE_HEADINGS { 0.0 } else { of_heading };
            let of_words = likeness.dice(&a.words[node_a], &b.words[node_b]);
            let depths = a.text.outline.nodes[node_a].depth.abs_diff(b.text.outline.nodes[node_b].depth);
            let opposite = if a.stance(node_a).is_opposite(b.stance(node_b)) { OPPOSITE } else { 0.0 };
            let score = of_text + of_heading / 2.0 + of_words - DEPTH * depths as f32 - opposite;
            if score >= LEAST {
                candidates.push((node_a, node_b, f64::from(score * score)));
            }
        }
    }
    candidates
}

/// All sections in the second report's order; those it lacks behind the section that stood before them.
fn pairs(a: &Described, b: &Described, partner_of_b: &[Option<usize>]) -> Vec<Pair> {
    let pair = |&node_b: &usize| {
        let partner = partner_of_b[node_b];
        let state = match partner {
            Some(node_a) if a.symbols(node_a) == b.symbols(node_b) => State::Kept,
            Some(_) => State::Reworded,
            None => State::New,
        };
        Pair { a: partner, b: Some(node_b), state, moved: false }
    };
    let mut pairs: Vec<Pair> = b.order.iter().map(pair).collect();
    let mut at = 0;
    for &node_a in &a.order {
        at = match pairs.iter().position(|pair| pair.a == Some(node_a)) {
            Some(found) => found,
            None => {
                pairs.insert(at + 1, Pair { a: Some(node_a), b: None, state: State::Dropped, moved: false });
                at + 1
            }
        };
    }
    pairs
}

/// Sections whose order among each other tells which of them moved.
#[derive(Default)]
struct Scope {
    /// Their pairs, by number.
    pairs: Vec<usize>,
    /// For each where its section of the first report stands, and how much text it has.
    keys: Vec<(usize, f32)>,
}

impl Alignment<'_> {
    /// Marks the sections that left the order of their neighbours, or the section they stood in.
    fn mark_moved(&mut self, order_a: &[usize], units: &[f32]) {
        let mut scopes: HashMap<(usize, usize), Scope> = HashMap::new();
        for (number, pair) in self.pairs.iter_mut().enumerate() {
            let (Some(node_a), Some(node_b)) = (pair.a, pair.b) else { continue };
            if node_b == 0 {
                continue;
            }
            let parents = (self.a.nodes[node_a].parent, self.b.nodes[node_b].parent);
            let scope = scope((self.a, &self.partner_of_a), (self.b, &self.partner_of_b), parents);
            pair.moved = scope.is_none();
            if let Some(scope) = scope {
                let place = order_a.iter().position(|&node| node == node_a).unwrap_or(0);
                let scope = scopes.entry(scope).or_default();
                scope.pairs.push(number);
                scope.keys.push((place, units[node_b]));
            }
        }
        for Scope { pairs, keys } in scopes.values() {
            for (&number, is_out) in pairs.iter().zip(out_of_order(keys)) {
                self.pairs[number].moved = is_out;
            }
        }
    }

    /// The sections within which two sentences' order tells whether one moved; `None` if one moved to another one.
    pub fn scope(&self, section_a: usize, section_b: usize) -> Option<(usize, usize)> {
        scope((self.a, &self.partner_of_a), (self.b, &self.partner_of_b), (section_a, section_b))
    }

    /// The sections that stand for each other, apart from the reports themselves.
    pub fn partners(&self) -> impl Iterator<Item = (usize, usize)> {
        let pairs = self.partner_of_a.iter().enumerate().skip(1);
        pairs.filter_map(|(node_a, node_b)| Some((node_a, (*node_b)?)))
    }

    /// Whether a section of the first report has none that stands for it.
    pub fn is_dropped(&self, section: usize) -> bool {
        self.partner_of_a[section].is_none()
    }

    /// Number of the pair that a section of the first report belongs to.
    pub fn pair_of_a(&self, section: usize) -> usize {
        self.pairs.iter().position(|pair| pair.a == Some(section)).unwrap_or(0)
    }

    /// Number of the pair that a section of the second report belongs to.
    pub fn pair_of_b(&self, section: usize) -> usize {
        self.pairs.iter().position(|pair| pair.b == Some(section)).unwrap_or(0)
    }

    /// The pairs for showing.
    pub fn into_pairs(self) -> Vec<SectionPair> {
        let heading = |outline: &Outline, node: Option<usize>| {
            node.filter(|&node| node > 0).map(|node| outline.nodes[node].heading.clone())
        };
        let depth = |pair: &Pair| match (pair.a, pair.b) {
            (_, Some(node)) => self.b.nodes[node].depth,
            (Some(node), None) => self.a.nodes[node].depth,
            (None, None) => 0,
        };
        let shown = |pair: &Pair| SectionPair {
            state: Some(pair.state),
            moved: pair.moved,
            depth: depth(pair),
            a: heading(self.a, pair.a),
            b: heading(self.b, pair.b),
            count: Count::default(),
        };
        self.pairs.iter().map(shown).collect()
    }
}

type Partners<'a> = (&'a Outline, &'a [Option<usize>]);

/// The innermost sections that stand for each other with one of `sections` in either; `None` where one of these
/// stands for a section that the other neither is, nor holds, nor stands in.
fn scope(a: Partners, b: Partners, sections: (usize, usize)) -> Option<(usize, usize)> {
    let holds = |outline: &Outline, outer: usize, inner: usize| outline.upwards(inner).any(|node| node == outer);
    let is_elsewhere = |of: Partners, section: usize, other: &Outline, found: usize| {
        let partner = of.1[section];
        partner.is_some_and(|partner| !holds(other, partner, found) && !holds(other, found, partner))
    };
    if is_elsewhere(a, sections.0, b.0, sections.1) || is_elsewhere(b, sections.1, a.0, sections.0) {
        return None;
    }
    let pairs = a.0.upwards(sections.0).filter_map(|node| Some((node, a.1[node]?)));
    pairs.into_iter().find(|&(_, node_b)| holds(b.0, node_b, sections.1))
}

/// A heading without its numbering.
fn without_number(heading: &str) -> String {
    let chars: Vec<char> = heading.chars().collect();
    let numbered = enumerator(&chars);
    let numerals = chars.iter().take_while(|c| "一二三四五六七八九十".contains(**c)).count();
    let numbered = match chars.get(numerals) {
        Some('、' | '．' | '.' | '，') if numerals > 0 => numerals + 1,
        _ => numbered,
    };
    chars[numbered..].iter().collect()
}

/// The sections of both reports, one behind the other, where they are not compared, and for each section of the
/// first and of the second report its number among them.
pub fn apart(a: &Text, b: &Text) -> (Vec<SectionPair>, Vec<usize>, Vec<usize>) {
    let mut pairs = Vec::new();
    let mut number = |text: &Text, is_first: bool| {
        let mut numbers = vec![0; text.outline.nodes.len()];
        for node in Sizes::of(text).in_order(&text.outline) {
            numbers[node] = pairs.len();
            let of = &text.outline.nodes[node];
            let heading = (node > 0).then(|| of.heading.clone());
            let (a, b) = if is_first { (heading, None) } else { (None, heading) };
            pairs.push(SectionPair { state: None, moved: false, depth: of.depth, a, b, count: Count::default() });
        }
        numbers
    };
    let (of_a, of_b) = (number(a, true), number(b, false));
    (pairs, of_a, of_b)
}
