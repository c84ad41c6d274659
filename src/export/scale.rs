//! Axes: ticks at round numbers from zero, and which names of a row have room.
//!
//! No input gives a position that is not finite.

/// A scale from zero to a round number.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// The values at its ticks, from zero to the end of the scale.
    pub ticks: Vec<f64>,
    places: usize,
}

/// Values below this are drawn as zero: no count or rate of an archive is that small.
const SMALLEST: f64 = 1e-9;

/// Values beyond this are drawn at the end of the scale.
const LARGEST: f64 = 1e300;

/// Numbers from here on are written with a power of ten.
const LONG: f64 = 1e15;

impl Scale {
    /// The scale that has room for all values.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Scale {
        let mut largest: f64 = 0.0;
        let mut is_whole = true;
        for value in values {
            largest = largest.max(value);
            is_whole &= value.fract() == 0.0;
        }
        if largest < SMALLEST {
            largest = 1.0;
        }
        let largest = largest.min(LARGEST);
        let mut exponent = (largest / 5.0).log10().floor();
        let rough = largest / 5.0 / 10f64.powf(exponent);
        let mut digit = [1.0, 2.0, 5.0, 10.0].into_iter().find(|&digit| rough <= digit * 1.0001).unwrap_or(10.0);
        if digit == 10.0 {
            (digit, exponent) = (1.0, exponent + 1.0);
        }
        // What is counted has no halves.
        if is_whole && exponent < 0.0 {
            (digit, exponent) = (1.0, 0.0);
        }
        let step = digit * 10f64.powf(exponent);
        let steps = (largest / step - 1e-9).ceil().clamp(1.0, 10.0) as u32;
        let ticks = (0..=steps).map(|tick| f64::from(tick) * step).collect();
        Scale { ticks, places: (-exponent).max(0.0) as usize }
    }

    /// Where a value stands, from 0 to 1.
    pub fn position(&self, value: f64) -> f64 {
        let end = self.ticks.last().copied().unwrap_or(1.0);
        (value / end).clamp(0.0, 1.0)
    }

    /// How a tick is written.
    pub fn label(&self, tick: f64) -> String {
        number(tick, self.places)
    }
}

/// A number with at most so many decimal places, thousands set off.
pub fn number(value: f64, places: usize) -> String {
    if value.abs() >= LONG {
        return format!("{value:e}");
    }
    let fixed = format!("{value:.places$}");
    let (whole, decimals) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) && whole.len() > 4 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if decimals.is_empty() { grouped } else { format!("{grouped}.{decimals}") }
}

/// How many decimal places, at most two, tell what the values are.
pub fn places(values: impl IntoIterator<Item = f64>) -> usize {
    let needed = |value: f64| {
        let hundredths = (value * 100.0).round();
        if value.abs() >= LONG || hundredths % 100.0 == 0.0 { 0 } else { 1 + usize::from(hundredths % 10.0 != 0.0) }
    };
    values.into_iter().map(needed).max().unwrap_or(0)
}

/// A number with up to two decimal places, none that say nothing.
pub fn brief(value: f64) -> String {
    number(value, places([value]))
}

/// Which of the names in a row are written, so that none touches the next: every `n`-th, years at round years.
///
/// `room` is the distance between neighbours, `longest` the room that a name takes.
pub fn written(names: &[String], room: f64, longest: f64) -> Vec<usize> {
    let needed = if room > 0.0 { (longest / room).ceil() } else { f64::MAX };
    let every = [1, 2, 5].into_iter().chain((1..).map(|n| n * 10)).find(|&n| f64::from(n) >= needed.min(1e6));
    let every = every.unwrap_or(1) as usize;
    let years: Option<Vec<usize>> = names.iter().map(|name| year(name)).collect();
    match years {
        Some(years) if years.iter().any(|year| year.is_multiple_of(every)) => {
            let round = |(i, year): (usize, usize)| year.is_multiple_of(every).then_some(i);
            years.into_iter().enumerate().filter_map(round).collect()
        }
        _ => (0..names.len()).step_by(every).collect(),
    }
}

/// The year that a name is: 2025, 2025年.
fn year(name: &str) -> Option<usize> {
    let digits = name.strip_suffix('年').unwrap_or(name);
    digits.parse().ok().filter(|_| digits.chars().count() == 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_begin_at_zero() {
        for (largest, expected) in [
            (0.0, &[0.0, 1.0][..]),
            (1.0, &[0.0, 1.0]),
            (3.0, &[0.0, 1.0, 2.0, 3.0]),
            (7.0, &[0.0, 2.0, 4.0, 6.0, 8.0]),
            (23.0, &[0.0, 5.0, 10.0, 15.0, 20.0, 25.0]),
            (100.0, &[0.0, 20.0, 40.0, 60.0, 80.0, 100.0]),
            (101.0, &[0.0, 50.0, 100.0, 150.0]),
            (0.5, &[0.0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5]),
        ] {
            assert_eq!(Scale::of([largest]).ticks, expected, "{largest}");
        }
        let rate = Scale::of([0.034]);
        assert_eq!(rate.ticks.iter().map(|&tick| rate.label(tick)).collect::<Vec<_>>()[..2], ["0.00", "0.01"]);
    }

    #[test]
    fn every_value_has_a_position() {
        for value in [0.0, 5e-324, 1e-10, 0.1, 1.0, 1e15, 1e299, 1e305, f64::MAX] {
            let scale = Scale::of([value]);
            assert!(scale.ticks.iter().all(|tick| tick.is_finite()), "{value}: {scale:?}");
            assert!((2..=11).contains(&scale.ticks.len()), "{value}: {scale:?}");
            assert!((0.0..=1.0).contains(&scale.position(value)), "{value}");
            assert!(scale.label(value).chars().count() < 30, "{value}");
        }
        assert_eq!(Scale::of([]).position(0.0), 0.0);
    }

    #[test]
    fn thousands_are_set_off_in_long_numbers() {
        assert_eq!(number(1234.0, 0), "1234");
        assert_eq!(number(12345.6, 1), "12,345.6");
        assert_eq!(number(1_234_567.0, 0), "1,234,567");
        assert_eq!(number(2e300, 0), "2e300");
        assert_eq!([brief(3.0), brief(2.5), brief(0.126), brief(120_000.0)], ["3", "2.5", "0.13", "120,000"]);
        assert_eq!([places([1.0, 2.5]), places([0.129]), places([]), places([1e300, f64::MAX])], [1, 2, 0, 0]);
    }

    #[test]
    fn years_are_written_where_they_are_round() {
        let years: Vec<String> = (1954..=2025).map(|year: i32| year.to_string()).collect();
        let shown: Vec<&str> = written(&years, 10.0, 45.0).into_iter().map(|i| years[i].as_str()).collect();
        assert_eq!(shown[..2], ["1955", "1960"]);
        assert_eq!(shown.len(), 15);
        assert_eq!(written(&years, 100.0, 45.0).len(), 72);
        assert_eq!(written(&years[..1], 10.0, 45.0), [0]);
        let names: Vec<String> = ["甲区", "乙区", "丙区"].map(str::to_owned).to_vec();
        assert_eq!(written(&names, 10.0, 15.0), [0, 2]);
        assert_eq!(written(&names, 0.0, 15.0), [0]);
        assert!(written(&[], 10.0, 15.0).is_empty());
    }
}
