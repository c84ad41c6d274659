//! [`Mode::Versions`](super::Mode::Versions): which sentences of two versions stand for each other.
//!
//! Sentences are scored by the words they have in common and by where they stand (`context`), and the best
//! one-to-one matching is taken, order deciding what is left undecided. What is left over and was cut off a sentence
//! or joined to one stands in its row (`joining`).

use std::collections::HashMap;

use super::arrangement::arranged;
use super::context::Context;
use super::joining::join;
use super::likeness::{Edge, Likeness};
use super::matching::{self, Candidate};
use super::pieces::Text;
use super::row::Group;
use super::sections::aligned;
use super::{Row, SectionPair, State};
use crate::text::slots::PlaceNames;

/// Least score of sentences that are looked at.
const LOOKED_AT: f32 = 0.12;

/// Least score, context included, from which on a sentence is a rewording of the other.
const REWORDED: f32 = 0.36;

/// Most rewordings among which the one is chosen.
const CANDIDATES: usize = 24;

/// From this share of its words on, a dropped or new sentence is near another one.
const NEAR: f32 = 0.6;

/// The sections and rows of two versions.
pub fn versions(a: &Text, b: &Text, names: &PlaceNames) -> (Vec<SectionPair>, Vec<Row>) {
    let likeness = Likeness::of(a, b, [a, b]);
    let edges = likeness.edges(|edge| edge.score >= LOOKED_AT);
    let mut context = Context::of(a, b, &edges);
    // Sections are told by their sentences, and sentences then by their sections.
    let first = groups(a, b, &likeness, &edges, &context);
    context.take_sections(&aligned(a, b, &first, &likeness, names));
    let groups = groups(a, b, &likeness, &edges, &context);
    let sections = aligned(a, b, &groups, &likeness, names);
    let (order, moved) = arranged(a, b, &groups, &sections);
    let nearest = Nearest::of(&likeness, &edges);
    let row = |&group: &usize| {
        let group_of = &groups[group];
        let mut row = match (&group_of.a[..], &group_of.b[..]) {
            (&[dropped], []) => {
                let near = nearest.of_a.get(&dropped).map(|&piece| b.place(piece));
                Row { near, ..Row::without_answer(a, b, group_of, State::Dropped) }
            }
            ([], &[new]) => {
                let near = nearest.of_b.get(&new).map(|&piece| a.place(piece));
                Row { near, ..Row::without_answer(a, b, group_of, State::New) }
            }
            _ => Row::of(a, b, group_of, names),
        };
        row.moved = moved[group];
        row.section = match (group_of.a.first(), group_of.b.first()) {
            (_, Some(&first)) => sections.pair_of_b(b.pieces[first].section),
            (Some(&first), None) => sections.pair_of_a(a.pieces[first].section),
            (None, None) => 0,
        };
        row
    };
    let rows = order.iter().map(row).collect();
    (sections.into_pairs(), rows)
}

/// All sentences of both, those that stand for each other together; by the first report's order.
fn groups(a: &Text, b: &Text, likeness: &Likeness, edges: &[Edge], context: &Context) -> Vec<Group> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for of_sentence in edges.chunk_by(|edge, next| edge.a == next.a) {
        let scores = of_sentence.iter().map(|edge| (edge.b, context.score(edge)));
        let mut scores: Vec<(usize, f32)> = scores.filter(|(_, score)| *score >= REWORDED).collect();
        scores.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        // Squared, for one good pair is better than two poor ones.
        let weighed = scores.into_iter().take(CANDIDATES);
        candidates.extend(weighed.map(|(b, score)| (of_sentence[0].a, b, f64::from(score * score))));
    }
    let of_a = matching::best(a.pieces.len(), b.pieces.len(), &candidates);
    let mut groups: Vec<Group> = Vec::new();
    let mut group_of_b: Vec<Option<usize>> = vec![None; b.pieces.len()];
    for (piece, of_b) in of_a.iter().enumerate() {
        if let Some(of_b) = of_b {
            group_of_b[*of_b] = Some(groups.len());
        }
        groups.push(Group { a: vec![piece], b: of_b.iter().copied().collect() });
    }
    for piece in (0..b.pieces.len()).filter(|&piece| group_of_b[piece].is_none()) {
        groups.push(Group { a: Vec::new(), b: vec![piece] });
    }
    join(a, b, likeness, edges, &mut groups);
    groups.retain(|group| !(group.a.is_empty() && group.b.is_empty()));
    groups
}

/// For sentences the largest share of their words that one of the other report has, and which.
type Shares = HashMap<usize, (f32, usize)>;

/// For sentences that may be left over: the sentence of the other report that has most of their words.
struct Nearest {
    of_a: HashMap<usize, usize>,
    of_b: HashMap<usize, usize>,
}

impl Nearest {
    fn of(likeness: &Likeness, edges: &[Edge]) -> Nearest {
        let (mut of_a, mut of_b) = (Shares::new(), Shares::new());
        for edge in edges {
            let sides = [
                (&mut of_a, edge.a, edge.b, likeness.a[edge.a].weight),
                (&mut of_b, edge.b, edge.a, likeness.b[edge.b].weight),
            ];
            for (nearest, piece, other, weight) in sides {
                let share = edge.common / weight;
                let is_nearer = nearest.get(&piece).is_none_or(|(most, _)| share > *most);
                if share >= NEAR && is_nearer {
                    nearest.insert(piece, (share, other));
                }
            }
        }
        let pieces = |nearest: Shares| nearest.into_iter().map(|(piece, (_, other))| (piece, other)).collect();
        Nearest { of_a: pieces(of_a), of_b: pieces(of_b) }
    }
}
