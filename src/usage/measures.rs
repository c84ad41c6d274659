//! Measures of how far counts are from chance, over two-by-two tables. Pure functions.

/// A two-by-two table: how often something occurs in a part and in the rest of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Occurrences in the part.
    pub inside: u64,
    /// The part's size, in the same units.
    pub part: u64,
    /// Occurrences in the whole; not fewer than inside.
    pub total: u64,
    /// The whole's size; not less than the part's.
    pub whole: u64,
}

impl Table {
    /// How many occurrences the part would have by its share of the whole.
    pub fn expected(&self) -> f64 {
        if self.whole == 0 { 0.0 } else { self.total as f64 * self.part as f64 / self.whole as f64 }
    }

    /// Log-likelihood ratio G² (Dunning 1993), negative where there are fewer than expected; 3.84 is significant at
    /// 5 %, 10.83 at 0.1 %.
    pub fn log_likelihood(&self) -> f64 {
        let (inside, part, total, whole) = (self.inside as f64, self.part as f64, self.total as f64, self.whole as f64);
        let outside = total - inside;
        let rest = whole - part;
        let cells = [
            (inside, part * total),
            (part - inside, part * (whole - total)),
            (outside, rest * total),
            (rest - outside, rest * (whole - total)),
        ];
        let of_cell = |(observed, product): (f64, f64)| {
            if observed > 0.0 && product > 0.0 { observed * (observed * whole / product).ln() } else { 0.0 }
        };
        let g = 2.0 * cells.into_iter().map(of_cell).sum::<f64>();
        if inside < self.expected() { -g.max(0.0) } else { g.max(0.0) }
    }

    /// Mutual information: log₂ of observed over expected (Church and Hanks 1990); 0 without any.
    pub fn mutual_information(&self) -> f64 {
        let expected = self.expected();
        if self.inside == 0 || expected <= 0.0 { 0.0 } else { (self.inside as f64 / expected).log2() }
    }

    /// t-score: observed less expected in standard deviations (Church, Gale, Hanks and Hindle 1991); 0 without any.
    pub fn t_score(&self) -> f64 {
        if self.inside == 0 { 0.0 } else { (self.inside as f64 - self.expected()) / (self.inside as f64).sqrt() }
    }

    /// Log ratio (Hardie 2014): log₂ of the rate in the part over the rate in the rest, where none in the rest counts
    /// as half an occurrence.
    pub fn log_ratio(&self) -> f64 {
        let outside = (self.total - self.inside) as f64;
        let (part, rest) = (self.part as f64, (self.whole - self.part) as f64);
        if self.inside == 0 || part == 0.0 || rest == 0.0 {
            return 0.0;
        }
        (self.inside as f64 / part / (outside.max(0.5) / rest)).log2()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the log-likelihood calculator by Rayson: 50 in 10,000 beside 30 in 20,000.
    #[test]
    fn measures_of_a_known_table() {
        let table = Table { inside: 50, part: 10_000, total: 80, whole: 30_000 };
        assert!((table.expected() - 26.667).abs() < 0.001);
        assert!((table.mutual_information() - 0.9069).abs() < 0.001);
        assert!((table.t_score() - 3.300).abs() < 0.001);
        assert!((table.log_ratio() - 1.737).abs() < 0.001);
        let by_hand = 2.0
            * (50.0 * (50.0_f64 / 26.6667).ln()
                + 9950.0 * (9950.0_f64 / 9973.3333).ln()
                + 30.0 * (30.0_f64 / 53.3333).ln()
                + 19970.0 * (19970.0_f64 / 19946.6667).ln());
        assert!((table.log_likelihood() - by_hand).abs() < 0.01, "{} {by_hand}", table.log_likelihood());
        let few = Table { inside: 10, part: 10_000, total: 80, whole: 30_000 };
        assert!(few.log_likelihood() < -10.0);
    }

    #[test]
    fn nothing_is_not_a_number() {
        for table in [
            Table { inside: 0, part: 0, total: 0, whole: 0 },
            Table { inside: 5, part: 5, total: 5, whole: 5 },
            Table { inside: 0, part: 10, total: 3, whole: 20 },
            Table { inside: 3, part: 10, total: 3, whole: 20 },
        ] {
            for value in [table.log_likelihood(), table.mutual_information(), table.t_score(), table.log_ratio()] {
                assert!(value.is_finite(), "{table:?} {value}");
            }
        }
    }
}
