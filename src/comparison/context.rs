//! How well two sentences match where they stand: the score of their words, with bonuses for passages, sections and
//! neighbours that belong together, which each sentence's best counterpart tells.
//!
//! Symmetric: the same whichever report comes first.

use std::collections::{HashMap, HashSet};

use super::likeness::Edge;
use super::pieces::{Opens, Text};
use super::sections::Alignment;

/// Bonus for passages that belong together.
const SAME_PASSAGE: f32 = 0.15;

/// Bonus for sections that belong together.
const SAME_SECTION: f32 = 0.1;

/// Bonus for neighbours that belong together.
const NEIGHBOURS: f32 = 0.1;

/// Bonus where both begin a passage, or both a section.
const BOTH_OPEN: f32 = 0.05;

/// Bonus where they begin sections that stand for each other; and what it costs that one begins a section and the
/// other does not.
const HEADING: f32 = 0.12;

/// What it costs that only one looks back.
const OPPOSITE: f32 = 0.13;

/// Bonus for the very same words and values: decides between sentences that differ in a value only.
const SAME_VALUES: f32 = 0.03;

/// Most that the order counts: less than anything else.
const ORDER: f32 = 0.005;

/// Which passages, sections and neighbours belong together, by each sentence's best counterpart.
pub struct Context<'a> {
    a: &'a Text<'a>,
    b: &'a Text<'a>,
    best_of_a: Vec<Option<usize>>,
    best_of_b: Vec<Option<usize>>,
    passages: HashMap<(usize, usize), f32>,
    sections: HashMap<(usize, usize), f32>,
    partners: HashSet<(usize, usize)>,
}

impl<'a> Context<'a> {
    /// The context of two reports' sentences, of which these have words in common.
    pub fn of(a: &'a Text, b: &'a Text, edges: &[Edge]) -> Context<'a> {
        let alone = |edge: &Edge| edge.score + standing(a, b, edge);
        let first = Context::by(a, b, edges, alone);
        // Of sentences that occur several times the one among its own is the best.
        Context::by(a, b, edges, |edge| first.score(edge))
    }

    /// The context by the best counterparts that a score gives.
    fn by(a: &'a Text, b: &'a Text, edges: &[Edge], score: impl Fn(&Edge) -> f32) -> Context<'a> {
        let mut best_of_a: Vec<Option<(f32, usize)>> = vec![None; a.pieces.len()];
        let mut best_of_b: Vec<Option<(f32, usize)>> = vec![None; b.pieces.len()];
        for edge in edges {
            let score = score(edge);
            for (best, at, other) in [(&mut best_of_a, edge.a, edge.b), (&mut best_of_b, edge.b, edge.a)] {
                if best[at].is_none_or(|(most, _)| score > most) {
                    best[at] = Some((score, other));
                }
            }
        }
        let of_a = best_of_a.iter().enumerate().filter_map(|(a, best)| best.map(|(score, b)| (a, b, score)));
        let of_b = best_of_b.iter().enumerate().filter_map(|(b, best)| best.map(|(score, a)| (a, b, score)));
        let (of_a, of_b): (Vec<_>, Vec<_>) = (of_a.collect(), of_b.collect());
        let passage = |text: &Text, piece: usize| text.pieces[piece].passage;
        let section = |text: &Text, piece: usize| text.pieces[piece].section;
        let passages = together(a, b, &of_a, &of_b, |a_piece, b_piece| (passage(a, a_piece), passage(b, b_piece)));
        let sections = together(a, b, &of_a, &of_b, |a_piece, b_piece| (section(a, a_piece), section(b, b_piece)));
        let pieces = |best: Vec<Option<(f32, usize)>>| best.into_iter().map(|best| Some(best?.1)).collect();
        let (best_of_a, best_of_b) = (pieces(best_of_a), pieces(best_of_b));
        Context { a, b, best_of_a, best_of_b, passages, sections, partners: HashSet::new() }
    }

    /// Takes the sections that stand for each other to belong together.
    pub fn take_sections(&mut self, sections: &Alignment) {
        self.partners = sections.partners().collect();
        self.sections.extend(self.partners.iter().map(|&pair| (pair, 1.0)));
    }

    /// The score of two sentences where they stand.
    pub fn score(&self, edge: &Edge) -> f32 {
        let (of_a, of_b) = (&self.a.pieces[edge.a], &self.b.pieces[edge.b]);
        let share = |shares: &HashMap<_, f32>, pair: (usize, usize)| shares.get(&pair).copied().unwrap_or(0.0);
        let belong = |of_a: Option<usize>, of_b: Option<usize>| {
            let (Some(of_a), Some(of_b)) = (of_a, of_b) else { return 0 };
            let is_beside = |best: &[Option<usize>], piece: usize, other: usize| {
                best.get(piece).copied().flatten().is_some_and(|best| best.abs_diff(other) <= 1)
            };
            u8::from(is_beside(&self.best_of_a, of_a, of_b)) + u8::from(is_beside(&self.best_of_b, of_b, of_a))
        };
        let before = belong(edge.a.checked_sub(1), edge.b.checked_sub(1));
        let behind = belong(Some(edge.a + 1), Some(edge.b + 1));
        let neighbours = f32::from(before + behind) / 4.0;
        let is_same = edge.score >= 1.0 && self.a.form(edge.a) == self.b.form(edge.b);
        edge.score
            + SAME_PASSAGE * share(&self.passages, (of_a.passage, of_b.passage)).sqrt()
            + SAME_SECTION * share(&self.sections, (of_a.section, of_b.section)).sqrt()
            + NEIGHBOURS * neighbours
            + if is_same { SAME_VALUES } else { 0.0 }
            + match (of_a.opens, of_b.opens) {
                (Opens::Section, Opens::Section) if self.partners.contains(&(of_a.section, of_b.section)) => HEADING,
                (Opens::Section, Opens::Section) | (Opens::Passage, Opens::Passage) => BOTH_OPEN,
                (Opens::Section, _) | (_, Opens::Section) => -HEADING,
                _ => 0.0,
            }
            + standing(self.a, self.b, edge)
    }
}

/// What it costs that one sentence looks back and the other forward, or stands further behind.
fn standing(a: &Text, b: &Text, edge: &Edge) -> f32 {
    let behind = |piece: usize, text: &Text| piece as f32 / text.pieces.len().max(1) as f32;
    let is_opposite = a.pieces[edge.a].stance.is_opposite(b.pieces[edge.b].stance);
    let opposite = if is_opposite { OPPOSITE } else { 0.0 };
    -ORDER * (behind(edge.a, a) - behind(edge.b, b)).abs() - opposite
}

/// For stretches of both texts that sentences belong to: the share of one of them whose best counterparts stand in
/// the other, weighed by score; the larger of the two shares.
fn together(
    a: &Text,
    b: &Text,
    of_a: &[(usize, usize, f32)],
    of_b: &[(usize, usize, f32)],
    stretches: impl Fn(usize, usize) -> (usize, usize),
) -> HashMap<(usize, usize), f32> {
    let (mut lengths_a, mut lengths_b): (HashMap<usize, f32>, HashMap<usize, f32>) = Default::default();
    if b.pieces.is_empty() || a.pieces.is_empty() {
        return HashMap::new();
    }
    for piece in 0..a.pieces.len() {
        *lengths_a.entry(stretches(piece, 0).0).or_default() += a.units(piece).len() as f32;
    }
    for piece in 0..b.pieces.len() {
        *lengths_b.entry(stretches(0, piece).1).or_default() += b.units(piece).len() as f32;
    }
    let mut shares: HashMap<(usize, usize), (f32, f32)> = HashMap::new();
    for &(of_a, of_b, score) in of_a {
        shares.entry(stretches(of_a, of_b)).or_default().0 += score * a.units(of_a).len() as f32;
    }
    for &(of_a, of_b, score) in of_b {
        shares.entry(stretches(of_a, of_b)).or_default().1 += score * b.units(of_b).len() as f32;
    }
    let share = |((of_a, of_b), (from_a, from_b)): ((usize, usize), (f32, f32))| {
        ((of_a, of_b), (from_a / lengths_a[&of_a].max(1.0)).max(from_b / lengths_b[&of_b].max(1.0)))
    };
    shares.into_iter().map(share).collect()
}
