//! Charts as plain data: lines over years, bars over names.
//!
//! A place without a report is `None`, which is drawn as a gap and never as zero. Readable without colour: every
//! series has a dash pattern, a marker and a label of its own at its end. Drawn here rather than by a crate, because
//! none of plotters 0.3, poloto 19, charts-rs 2.3 and kuva 0.6 sets labels at the ends of lines or marks gaps on the
//! axis.

pub use super::bars::bars;
pub use super::lines::svg;

/// A line chart. Values below zero are drawn at zero; those that are not finite count as `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chart {
    /// What it shows, on one line.
    pub title: String,
    /// What stands below the title; may be empty.
    pub subtitle: String,
    /// The names of the places on the horizontal axis, such as years, in order.
    pub x: Vec<String>,
    /// The lines. Up to eight are told apart at a glance.
    pub series: Vec<Series>,
    /// What the vertical axis measures, such as `每万字次数`.
    pub unit: String,
    /// How the values were found, a paragraph each.
    pub notes: Vec<String>,
}

/// A line of a chart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Its value at each place of the horizontal axis; `None` where there is no report.
    pub points: Vec<Option<f64>>,
}

impl Series {
    /// The value at a place, if there is one that can be drawn.
    pub(super) fn at(&self, place: usize) -> Option<f64> {
        drawable(self.points.get(place).copied().flatten())
    }
}

/// Horizontal bars, for names that are long or many. Values are drawn as those of a [`Chart`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bars {
    /// What they show, on one line.
    pub title: String,
    /// What stands below the title; may be empty.
    pub subtitle: String,
    /// The bars from top to bottom.
    pub bars: Vec<Bar>,
    /// What their length measures.
    pub unit: String,
    /// How the values were found, a paragraph each.
    pub notes: Vec<String>,
}

/// A bar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bar {
    /// What it stands for.
    pub name: String,
    /// Its length; `None` where there is no report.
    pub value: Option<f64>,
}

/// The value if it can be drawn, not below zero.
pub(super) fn drawable(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite()).map(|value| value.max(0.0))
}
