//! What left the order of its neighbours: all but the heaviest chain that keeps it.

/// Of keys with weights: those outside the heaviest chain that never descends.
pub fn out_of_order(keys: &[(usize, f32)]) -> Vec<bool> {
    let mut heaviest: Vec<(f32, Option<usize>)> = Vec::with_capacity(keys.len());
    for &(key, weight) in keys {
        let mut before = (0.0, None);
        for (earlier, &(chain, _)) in heaviest.iter().enumerate() {
            if keys[earlier].0 <= key && chain > before.0 {
                before = (chain, Some(earlier));
            }
        }
        heaviest.push((before.0 + weight, before.1));
    }
    let mut is_out = vec![true; keys.len()];
    let mut end = (0..keys.len()).max_by(|&a, &b| heaviest[a].0.total_cmp(&heaviest[b].0));
    while let Some(at) = end {
        is_out[at] = false;
        end = heaviest[at].1;
    }
    is_out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_weighs_less_leaves_the_order() {
        assert_eq!(
            out_of_order(&[(1, 1.0), (2, 5.0), (1, 2.0), (2, 1.0), (3, 1.0)]),
            [false, false, true, false, false]
        );
        assert_eq!(out_of_order(&[]), [false; 0]);
    }
}
