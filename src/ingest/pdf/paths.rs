//! Drawn paths, as far as they are rules: straight lines along the page, and thin bars.

use super::page::Rule;

/// Bars are at most this thick.
const MAX_BAR: f64 = 3.0;

/// Shorter lines are no rules.
const MIN_LENGTH: f64 = 6.0;

/// Most points of a path, and most rules of a page.
const MAX_POINTS: usize = 20_000;

/// The path under construction and the rules that were painted.
#[derive(Default)]
pub struct Paths {
    subpaths: Vec<Vec<(f64, f64)>>,
    points: usize,
    /// In the order of painting, in the page's coordinates.
    pub rules: Vec<Rule>,
}

impl Paths {
    /// Begins a part of the path.
    pub fn begin(&mut self, point: (f64, f64)) {
        if self.points < MAX_POINTS {
            self.points += 1;
            self.subpaths.push(vec![point]);
        }
    }

    /// Draws a line to a point.
    pub fn line(&mut self, point: (f64, f64)) {
        if let Some(subpath) = self.subpaths.last_mut().filter(|_| self.points < MAX_POINTS) {
            self.points += 1;
            subpath.push(point);
        }
    }

    /// Returns to where the part began.
    pub fn close(&mut self) {
        if let Some(first) = self.subpaths.last().and_then(|subpath| subpath.first()).copied() {
            self.line(first);
        }
    }

    /// Paints the path's lines, its area, or neither.
    pub fn paint(&mut self, stroked: bool, filled: bool) {
        self.points = 0;
        for subpath in std::mem::take(&mut self.subpaths) {
            if self.rules.len() >= MAX_POINTS {
                return;
            }
            if stroked {
                let lines = subpath.windows(2).filter_map(|ends| bar(ends, MAX_BAR / 2.0));
                self.rules.extend(lines);
            } else if filled {
                self.rules.extend(bar(&subpath, MAX_BAR));
            }
        }
    }
}

/// The rule that some points enclose, if they lie along one.
fn bar(points: &[(f64, f64)], thickness: f64) -> Option<Rule> {
    let range = |values: &dyn Fn(&(f64, f64)) -> f64| {
        let start = points.iter().map(values).fold(f64::INFINITY, f64::min);
        (start, points.iter().map(values).fold(f64::NEG_INFINITY, f64::max))
    };
    let ((left, right), (bottom, top)) = (range(&|point| point.0), range(&|point| point.1));
    let (width, height) = (right - left, top - bottom);
    if height <= thickness && width >= MIN_LENGTH {
        Some(Rule { vertical: false, at: (bottom + top) / 2.0, start: left, end: right })
    } else if width <= thickness && height >= MIN_LENGTH {
        Some(Rule { vertical: true, at: (left + right) / 2.0, start: bottom, end: top })
    } else {
        None
    }
}
