//! Labels beside each other: moved apart as little as need be.

/// Middles for labels that want a middle and have a height, such that none touches another and all stand between
/// `top` and `bottom` if there is room: those that would touch share their distance.
pub fn apart(wanted: &[(f64, f64)], top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].0.total_cmp(&wanted[b].0));
    // A group of touching labels: its members, its upper edge, its height.
    let mut groups: Vec<(Vec<usize>, f64, f64)> = Vec::new();
    for label in order {
        let (middle, height) = wanted[label];
        let mut group = (vec![label], middle - height / 2.0, height);
        group.1 = group.1.min(bottom - height).max(top);
        while let Some(above) = groups.pop_if(|above| above.1 + above.2 > group.1) {
            let mut members = above.0;
            members.append(&mut group.0);
            // Its upper edge is the mean of those that its members want, each less what stands above it.
            let (mut offset, mut edges) = (0.0, 0.0);
            for &member in &members {
                edges += wanted[member].0 - wanted[member].1 / 2.0 - offset;
                offset += wanted[member].1;
            }
            let edge = (edges / members.len() as f64).min(bottom - offset).max(top);
            group = (members, edge, offset);
        }
        groups.push(group);
    }
    let mut middles = vec![0.0; wanted.len()];
    for (members, mut edge, _) in groups {
        for member in members {
            middles[member] = edge + wanted[member].1 / 2.0;
            edge += wanted[member].1;
        }
    }
    middles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_clear_of_each_other() {
        let wanted = [(100.0, 20.0), (100.0, 20.0), (101.0, 20.0), (200.0, 38.0), (205.0, 20.0), (0.0, 20.0)];
        let middles = apart(&wanted, 0.0, 210.0);
        let mut spans: Vec<(f64, f64)> = middles
            .iter()
            .zip(wanted)
            .map(|(middle, (_, height))| (middle - height / 2.0, middle + height / 2.0))
            .collect();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0 + 1e-6), "{spans:?}");
        assert!(spans[0].0 >= 0.0 && spans[5].1 <= 210.0 + 1e-6, "{spans:?}");
        assert!((middles[1] - 100.3).abs() < 0.1, "{middles:?}");
        assert!(apart(&[], 0.0, 1.0).is_empty());
    }
}
