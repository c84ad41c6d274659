//! The order of rows, and which of them moved.
//!
//! Rows come in the second report's order. What it lacks stands where it stood: behind the row of the sentence that
//! came before it in its section, or at the section's beginning.

use std::collections::HashMap;

use super::order::out_of_order;
use super::pieces::Text;
use super::row::Group;
use super::sections::Alignment;

/// The groups as they are shown, by number, and for each group whether it moved.
pub fn arranged(a: &Text, b: &Text, groups: &[Group], sections: &Alignment) -> (Vec<usize>, Vec<bool>) {
    let mut shown: Vec<usize> = (0..groups.len()).filter(|&group| !groups[group].b.is_empty()).collect();
    shown.sort_by_key(|&group| groups[group].b[0]);
    let moved = moved(a, b, groups, &shown, sections);
    let group_of_a: HashMap<usize, usize> = groups
        .iter()
        .enumerate()
        .flat_map(|(number, group)| group.a.iter().map(move |&piece| (piece, number)))
        .collect();
    // Before the first group shown under each pair of sections, and behind each group: what is dropped there.
    let mut first_of_pair: HashMap<usize, usize> = HashMap::new();
    for &group in &shown {
        let pair = sections.pair_of_b(b.pieces[groups[group].b[0]].section);
        first_of_pair.entry(pair).or_insert(group);
    }
    let last_of_run = last_of_run(b, groups, &shown);
    let (mut before, mut behind): (HashMap<usize, Vec<usize>>, HashMap<usize, Vec<usize>>) = Default::default();
    let mut at_the_beginning: Vec<usize> = Vec::new();
    let mut section = None;
    let mut cursor: Option<(usize, bool)> = None;
    for (number, piece) in a.pieces.iter().enumerate() {
        let is_dropped = sections.is_dropped(piece.section);
        if section != Some(piece.section) {
            section = Some(piece.section);
            if let Some(&first) = first_of_pair.get(&sections.pair_of_a(piece.section)) {
                // A section that goes on behind another one goes on where it stopped.
                let earlier = a.pieces[..number].iter().rposition(|earlier| earlier.section == piece.section);
                cursor = match earlier.and_then(|earlier| stays(earlier, &group_of_a, groups, &moved)) {
                    Some(group) => Some((group, true)),
                    None => Some((first, false)),
                };
            } else if is_dropped {
                // What is left of it stands together, behind the section before it.
                cursor = cursor.map(|(group, _)| (last_of_run[&group], true));
            }
        }
        let Some(&group) = group_of_a.get(&number) else { continue };
        if !groups[group].b.is_empty() {
            if !moved[group] && !is_dropped {
                cursor = Some((group, true));
            }
            continue;
        }
        // Joined sentences that are dropped together have one row.
        if groups[group].a[0] != number {
            continue;
        }
        match cursor {
            Some((at, true)) => behind.entry(at).or_default().push(group),
            Some((at, false)) => before.entry(at).or_default().push(group),
            None => at_the_beginning.push(group),
        }
    }
    let mut order = at_the_beginning;
    for group in shown {
        order.extend(before.remove(&group).unwrap_or_default());
        order.push(group);
        order.extend(behind.remove(&group).unwrap_or_default());
    }
    (order, moved)
}

/// For each group shown, the last one of those in a row with it that stand in the same section.
fn last_of_run(b: &Text, groups: &[Group], shown: &[usize]) -> HashMap<usize, usize> {
    let section = |group: usize| b.pieces[groups[group].b[0]].section;
    let runs = shown.chunk_by(|&group, &next| section(group) == section(next));
    runs.flat_map(|run| run.iter().map(|&group| (group, run[run.len() - 1]))).collect()
}

/// The group of a sentence, if it is shown and did not move.
fn stays(piece: usize, group_of_a: &HashMap<usize, usize>, groups: &[Group], moved: &[bool]) -> Option<usize> {
    let group = *group_of_a.get(&piece)?;
    (!groups[group].b.is_empty() && !moved[group]).then_some(group)
}

/// A group within the sections that its order is told by.
struct Standing {
    group: usize,
    passages: (usize, usize),
    units: f32,
}

/// Which groups moved: to another section, or, passages taken as wholes, out of the order within their own.
fn moved(a: &Text, b: &Text, groups: &[Group], shown: &[usize], sections: &Alignment) -> Vec<bool> {
    let mut moved = vec![false; groups.len()];
    let mut scopes: HashMap<(usize, usize), Vec<Standing>> = HashMap::new();
    for &group in shown {
        let Group { a: of_a, b: of_b } = &groups[group];
        let (Some(&first_a), Some(&first_b)) = (of_a.first(), of_b.first()) else { continue };
        let (piece_a, piece_b) = (&a.pieces[first_a], &b.pieces[first_b]);
        let Some(scope) = sections.scope(piece_a.section, piece_b.section) else {
            moved[group] = true;
            continue;
        };
        let units = of_a.iter().map(|&piece| a.units(piece).len()).sum::<usize>() as f32;
        let passages = (piece_a.passage, piece_b.passage);
        scopes.entry(scope).or_default().push(Standing { group, passages, units });
    }
    for of_scope in scopes.values_mut() {
        // Order within a passage does not count.
        of_scope.sort_by_key(|standing| (standing.passages.1, standing.passages.0, standing.group));
        let keys: Vec<(usize, f32)> = of_scope.iter().map(|standing| (standing.passages.0, standing.units)).collect();
        for (standing, is_out) in of_scope.iter().zip(out_of_order(&keys)) {
            moved[standing.group] = is_out;
        }
    }
    moved
}
