//! The best one-to-one matching: of all ways to give each left side at most one right side, one whose pairs weigh
//! most together.
//!
//! Left sides are added one by one, each along the alternating path that gains most (the Hungarian method on a
//! sparse graph, paths found as by Bellman and Ford), which keeps the matching best at every step.

use std::collections::VecDeque;

/// A pair that may be made: left, right, and its weight, which is above 0.
pub type Candidate = (usize, usize, f64);

/// Gains that differ by less are the same.
const LEAST_GAIN: f64 = 1e-9;

/// The right side of each left one.
pub fn best(lefts: usize, rights: usize, candidates: &[Candidate]) -> Vec<Option<usize>> {
    let mut of_left: Vec<Vec<(usize, f64)>> = vec![Vec::new(); lefts];
    for &(left, right, weight) in candidates {
        of_left[left].push((right, weight));
    }
    let mut matching = Matching { of_left, right_of: vec![None; lefts], left_of: vec![None; rights] };
    let mut search = Search { gains: vec![0.0; rights], from: vec![None; rights], reached: Vec::new() };
    for left in 0..lefts {
        matching.add(left, &mut search);
    }
    matching.right_of.into_iter().map(|right| right.map(|(right, _)| right)).collect()
}

struct Matching {
    of_left: Vec<Vec<(usize, f64)>>,
    right_of: Vec<Option<(usize, f64)>>,
    left_of: Vec<Option<usize>>,
}

/// What a search for the best path has found: the gain on reaching each right side, and the pair it was reached by.
struct Search {
    gains: Vec<f64>,
    from: Vec<Option<(usize, f64)>>,
    reached: Vec<usize>,
}

impl Matching {
    /// Adds a left side along the path that gains most, if any gains.
    fn add(&mut self, left: usize, search: &mut Search) {
        // Nothing gains more than the heaviest pair of its own, if its right side is free: what a displaced side could
        // gain elsewhere would have been gained already.
        let heaviest =
            self.of_left[left].iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best });
        if let Some((right, weight)) = heaviest
            && self.left_of[right].is_none()
        {
            self.right_of[left] = Some((right, weight));
            self.left_of[right] = Some(left);
            return;
        }
        let mut queue = VecDeque::from([(left, 0.0)]);
        while let Some((at, gain)) = queue.pop_front() {
            // Better paths may have been found to it meanwhile.
            let is_old = self.right_of[at].is_some_and(|(right, weight)| search.gains[right] - weight > gain);
            if is_old {
                continue;
            }
            for &(right, weight) in &self.of_left[at] {
                let gain = gain + weight;
                let is_own = self.right_of[at].is_some_and(|(own, _)| own == right);
                let is_first = search.from[right].is_none();
                if is_own || !is_first && gain <= search.gains[right] + LEAST_GAIN {
                    continue;
                }
                if is_first {
                    search.reached.push(right);
                }
                search.gains[right] = gain;
                search.from[right] = Some((at, weight));
                if let Some(next) = self.left_of[right]
                    && let Some((_, own)) = self.right_of[next]
                {
                    queue.push_back((next, gain - own));
                }
            }
        }
        // A path ends at a free right side, or by leaving a left one without any.
        let mut end: Option<(f64, usize)> = None;
        for &right in &search.reached {
            let left_over = self.left_of[right].and_then(|left| self.right_of[left]).map_or(0.0, |(_, weight)| weight);
            let gain = search.gains[right] - left_over;
            if gain > LEAST_GAIN && end.is_none_or(|(best, _)| gain > best) {
                end = Some((gain, right));
            }
        }
        if let Some((_, end)) = end {
            self.follow(left, end, search);
        }
        for right in search.reached.drain(..) {
            search.from[right] = None;
        }
    }

    /// Makes the pairs of the path from a new left side to its end.
    fn follow(&mut self, first: usize, end: usize, search: &Search) {
        if let Some(left) = self.left_of[end] {
            self.right_of[left] = None;
        }
        let mut right = end;
        while let Some((left, weight)) = search.from[right] {
            let before = self.right_of[left];
            self.right_of[left] = Some((right, weight));
            self.left_of[right] = Some(left);
            match before {
                Some((before, _)) if left != first => right = before,
                _ => break,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(candidates: &[Candidate], matching: &[Option<usize>]) -> f64 {
        let of = |(left, right): (usize, &Option<usize>)| {
            let found = candidates.iter().find(|candidate| candidate.0 == left && Some(candidate.1) == *right);
            found.map_or(0.0, |candidate| candidate.2)
        };
        matching.iter().enumerate().map(of).sum()
    }

    /// The weight of the best matching, by trying all.
    fn tried(candidates: &[Candidate], left: usize, lefts: usize, taken: &mut Vec<usize>) -> f64 {
        if left == lefts {
            return 0.0;
        }
        let mut most = tried(candidates, left + 1, lefts, taken);
        for &(_, right, weight) in candidates.iter().filter(|candidate| candidate.0 == left) {
            if !taken.contains(&right) {
                taken.push(right);
                most = most.max(weight + tried(candidates, left + 1, lefts, taken));
                taken.pop();
            }
        }
        most
    }

    #[test]
    fn one_strong_pair_may_give_way_to_two() {
        let candidates = [(0, 0, 5.0), (0, 1, 4.0), (1, 0, 4.0)];
        assert_eq!(best(2, 2, &candidates), [Some(1), Some(0)]);
        assert_eq!(best(2, 2, &[(0, 0, 1.0), (1, 0, 3.0)]), [None, Some(0)]);
        assert_eq!(best(1, 1, &[]), [None]);
    }

    proptest::proptest! {
        #[test]
        fn no_other_matching_weighs_more(
            found in proptest::collection::btree_map((0usize..6, 0usize..6), 1u32..50, 0..20)
        ) {
            let candidates: Vec<Candidate> =
                found.into_iter().map(|((left, right), weight)| (left, right, f64::from(weight))).collect();
            let matching = best(6, 6, &candidates);
            let mut rights: Vec<usize> = matching.iter().copied().flatten().collect();
            rights.sort_unstable();
            rights.dedup();
            proptest::prop_assert_eq!(rights.len(), matching.iter().flatten().count());
            let most = tried(&candidates, 0, 6, &mut Vec::new());
            proptest::prop_assert!((weight(&candidates, &matching) - most).abs() < 1e-6);
        }
    }
}
