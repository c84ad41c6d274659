//! What a one-to-one matching leaves over: a sentence that was cut off from the one beside it, or joined to it, is
//! taken into its row.

use std::collections::HashMap;

use super::likeness::{Edge, Likeness, Pairs};
use super::pieces::Text;
use super::row::Group;

/// Share of a sentence's words that a row beside it must lack for the sentence to belong to it.
const JOINED: f32 = 0.28;

/// How far apart two sentences of a passage may stand for one to belong to the other's row; those of two passages must
/// follow each other.
const BESIDE: usize = 4;

/// Takes sentences of either report that stand alone into the rows they belong to; emptied groups stay.
pub fn join(a: &Text, b: &Text, likeness: &Likeness, edges: &[Edge], groups: &mut [Group]) {
    // What one report's sentences join is told from the rows as they are, so that it is the same either way.
    let mut swapped: Vec<Group> = groups.to_vec();
    swapped.iter_mut().for_each(Group::swap);
    let mut counterparts = vec![Vec::new(); a.pieces.len()];
    edges.iter().for_each(|edge| counterparts[edge.a].push(edge.b));
    Joining { own: a, of_own: &likeness.a, of_other: &likeness.b, counterparts, likeness }.join(&mut swapped);
    let mut counterparts = vec![Vec::new(); b.pieces.len()];
    edges.iter().for_each(|edge| counterparts[edge.b].push(edge.a));
    Joining { own: b, of_own: &likeness.b, of_other: &likeness.a, counterparts, likeness }.join(groups);
    for (group, swapped) in groups.iter_mut().zip(swapped) {
        group.a = swapped.b;
    }
}

/// What is needed to join sentences left over to the rows beside them, on the side of the groups' `b`.
struct Joining<'a> {
    own: &'a Text<'a>,
    of_own: &'a [Pairs],
    of_other: &'a [Pairs],
    /// For each sentence those of the other report that have words of it.
    counterparts: Vec<Vec<usize>>,
    likeness: &'a Likeness,
}

impl Joining<'_> {
    fn join(&self, groups: &mut [Group]) {
        let mut of_other: HashMap<usize, usize> = HashMap::new();
        for (number, group) in groups.iter().enumerate() {
            of_other.extend(group.a.iter().map(|&piece| (piece, number)));
        }
        for number in 0..groups.len() {
            let (&[], &[piece]) = (&groups[number].a[..], &groups[number].b[..]) else { continue };
            let targets = self.counterparts[piece].iter().filter_map(|other| of_other.get(other).copied());
            let shares = targets.map(|target| (self.share(piece, &groups[target]), target));
            let best = shares.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            if let Some((share, target)) = best
                && share >= JOINED
            {
                groups[number].b.clear();
                groups[target].b.push(piece);
                groups[target].b.sort_unstable();
            }
        }
    }

    /// The share of a sentence's words that a row beside it lacks on this side and has on the other.
    fn share(&self, piece: usize, group: &Group) -> f32 {
        if !group.b.iter().any(|&other| self.is_beside(piece, other)) {
            return 0.0;
        }
        let pairs = &self.of_own[piece];
        let others: Vec<&Pairs> = group.a.iter().map(|&other| &self.of_other[other]).collect();
        let own: Vec<&Pairs> = group.b.iter().map(|&own| &self.of_own[own]).collect();
        self.likeness.common_without(pairs, &others, &own) / pairs.weight.max(f32::MIN_POSITIVE)
    }

    /// Whether sentences stand next to each other, or in one passage and not far apart.
    fn is_beside(&self, piece: usize, other: usize) -> bool {
        let is_one_passage = self.own.pieces[piece].passage == self.own.pieces[other].passage;
        piece.abs_diff(other) <= if is_one_passage { BESIDE } else { 1 }
    }
}
