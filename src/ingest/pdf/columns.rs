//! Columns of a sheet in reading order.
//!
//! A sheet is cut at its gutters: vertical strips without text that run through several rows, with text that
//! fills the columns on both sides. What spans a gutter (titles) parts the sheet into what is above and below.
//! The narrow or ragged columns of tables are not cut: their rows stay together.

use super::rows::Segment;

/// The narrowest gutter, in type sizes.
const GUTTER: f64 = 0.7;

/// The narrowest column, in type sizes.
const MIN_WIDTH: f64 = 8.0;

/// How much of a column its lines fill at least, on average.
const MIN_FILL: f64 = 0.6;

/// The fewest lines of a column.
const MIN_LINES: usize = 5;

/// How much work a sheet's columns may take: rows times segments of the parts that are searched.
const MAX_WORK: usize = 2_000_000;

/// Cuts a sheet into columns. `known` holds the middles of the gutters that were found before, which count
/// even if little text is left beside them.
pub fn columns(segments: Vec<Segment>, known: &mut Vec<f64>) -> Vec<Vec<Segment>> {
    let mut columns = Vec::new();
    let mut work = MAX_WORK;
    // Parts of the sheet yet to be read, the next one last.
    let mut parts = vec![segments];
    while let Some(segments) = parts.pop() {
        if segments.is_empty() {
            continue;
        }
        let Some(mut band) = find_band(&segments, known, &mut work) else {
            columns.push(segments);
            continue;
        };
        band.gutters.sort_by(|a, b| a.0.total_cmp(&b.0));
        for gutter in &band.gutters {
            let middle = (gutter.0 + gutter.1) / 2.0;
            if !is_known(known, *gutter) {
                known.push(middle);
            }
        }
        let mut above = segments;
        let mut inside = above.split_off(band.start);
        let below = inside.split_off(band.end - band.start);
        let mut cut: Vec<Vec<Segment>> = vec![Vec::new(); band.gutters.len() + 1];
        for segment in inside {
            let column = band.gutters.iter().filter(|gutter| segment.x0 >= gutter.1).count();
            if let Some(column) = cut.get_mut(column) {
                column.push(segment);
            }
        }
        parts.push(below);
        parts.extend(cut.into_iter().rev());
        parts.push(above);
    }
    columns
}

/// A strip without text: its left and right end.
type Gutter = (f64, f64);

/// Consecutive segments that stand in columns.
struct Band {
    start: usize,
    end: usize,
    gutters: Vec<Gutter>,
    score: f64,
}

fn is_known(known: &[f64], gutter: Gutter) -> bool {
    known.iter().any(|middle| (gutter.0..gutter.1).contains(middle))
}

/// The band with the most text in the most columns.
fn find_band(segments: &[Segment], known: &[f64], work: &mut usize) -> Option<Band> {
    let rows: Vec<&[Segment]> = segments.chunk_by(|a, b| a.row == b.row).collect();
    *work = work.checked_sub(rows.len() * segments.len())?;
    let width = GUTTER * median_size(segments);
    let mut best: Option<Band> = None;
    let mut from = 0;
    for start in 0..rows.len() {
        let mut gutters = vec![(f64::NEG_INFINITY, f64::INFINITY)];
        let mut to = from;
        for row in rows.iter().skip(start) {
            let mut narrowed = gutters.clone();
            for segment in *row {
                narrowed = without(&narrowed, segment, width);
            }
            if narrowed.len() < gutters.len() {
                consider(&mut best, segments, from..to, &gutters, known);
            }
            // Only the strips outside are left.
            if narrowed.len() < 3 && to > from && gutters.len() >= 3 {
                gutters = narrowed;
                break;
            }
            gutters = narrowed;
            to += row.len();
        }
        consider(&mut best, segments, from..to, &gutters, known);
        from += rows.get(start).map_or(0, |row| row.len());
    }
    best
}

fn median_size(segments: &[Segment]) -> f64 {
    let mut sizes: Vec<f64> = segments.iter().map(|segment| segment.size).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or_default()
}

/// Strips, of at least some width, without what a segment covers.
fn without(strips: &[Gutter], segment: &Segment, width: f64) -> Vec<Gutter> {
    let parts = |&(left, right): &Gutter| {
        let before = (left, right.min(segment.x0));
        let after = (left.max(segment.x1), right);
        if before == (left, right) || after == (left, right) {
            [Some((left, right)), None]
        } else {
            [Some(before), Some(after)]
        }
    };
    strips.iter().flat_map(parts).flatten().filter(|(left, right)| right - left >= width).collect()
}

/// Keeps a band if it is one and better than the best.
fn consider(
    best: &mut Option<Band>,
    segments: &[Segment],
    range: std::ops::Range<usize>,
    strips: &[Gutter],
    known: &[f64],
) {
    let inner: Vec<Gutter> =
        strips.iter().copied().filter(|(left, right)| left.is_finite() && right.is_finite()).collect();
    let Some(inside) = segments.get(range.clone()).filter(|_| !inner.is_empty()) else { return };
    let familiar: Vec<Gutter> = inner.iter().copied().filter(|gutter| is_known(known, *gutter)).collect();
    let gutters = if familiar.is_empty() { inner } else { familiar };
    let text: f64 = inside.iter().map(|segment| segment.x1 - segment.x0).sum();
    let score = text * gutters.len() as f64;
    if best.as_ref().is_some_and(|best| best.score >= score) {
        return;
    }
    let trusted = gutters.iter().all(|gutter| is_known(known, *gutter));
    if trusted || are_columns(inside, &gutters) {
        *best = Some(Band { start: range.start, end: range.end, gutters, score });
    }
}

/// Whether text fills all columns between gutters.
fn are_columns(segments: &[Segment], gutters: &[Gutter]) -> bool {
    let ends = gutters.iter().map(|gutter| gutter.0).chain([f64::INFINITY]);
    let starts = [f64::NEG_INFINITY].into_iter().chain(gutters.iter().map(|gutter| gutter.1));
    starts.zip(ends).all(|(start, end)| {
        let inside = || segments.iter().filter(|segment| segment.x0 >= start && segment.x1 <= end);
        let left = inside().map(|segment| segment.x0).fold(f64::INFINITY, f64::min);
        let right = inside().map(|segment| segment.x1).fold(f64::NEG_INFINITY, f64::max);
        let count = inside().count();
        let size = inside().map(|segment| segment.size).sum::<f64>() / count.max(1) as f64;
        let mut rows: Vec<usize> = inside().map(|segment| segment.row).collect();
        rows.dedup();
        let text: f64 = inside().map(|segment| segment.x1 - segment.x0).sum();
        let width = right - left;
        rows.len() >= MIN_LINES && width >= MIN_WIDTH * size && text >= MIN_FILL * width * rows.len() as f64
    })
}
