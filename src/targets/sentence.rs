//! A sentence while it is read: what it names, when it is, and which items it has given so far.
//!
//! Plain data. `prose` walks through it, `clauses` finds values, `naming` what they are of, `told` what is said of them.

use std::ops::Range;

use super::Item;
use super::line::Line;
use super::names::Lead;
use super::periods::{Calendar, Time};
use super::values::Written;
use crate::model::{Part, Years};

/// What is known of the time while a passage is read.
#[derive(Debug, Clone, Default)]
pub(super) struct Spoken {
    pub years: Option<Years>,
    pub within: Option<String>,
}

/// A sentence while it is read.
pub(super) struct Sentence<'a> {
    pub calendar: Calendar<'a>,
    pub passage: usize,
    pub part: Part,
    pub chars: &'a [char],
    /// The sentence without the times that it names.
    pub line: Line,
    pub times: Vec<Time>,
    pub before: Spoken,
    /// Whether 预计 stands before all that follows.
    pub is_estimated: bool,
    pub names: Vec<Name>,
    /// The place that was said last.
    pub place: Option<String>,
    /// Whether 五年累计 stands before all that follows.
    pub is_sum: bool,
    /// All that a clause has named, for 分别 in the next one.
    pub listed: Vec<Name>,
    /// The verb whose object stood behind the last value: 建成1家医院、4家诊所.
    pub verb: Option<Name>,
    pub items: Vec<Item>,
}

/// An indicator that a sentence speaks of.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub shown: String,
    /// First character in the passage.
    pub start: usize,
    /// Places and ways of counting said before the name.
    pub scope: Vec<String>,
}

impl Name {
    pub fn of(item: &Item) -> Name {
        Name { shown: item.indicator.clone(), start: item.chars.start, scope: Vec::new() }
    }
}

/// Values in a clause with what leads to them.
pub(super) struct Telling<'a> {
    /// Bytes of the clause.
    pub clause: &'a Range<usize>,
    /// Where what leads to the values begins.
    pub left: usize,
    /// What leads to them.
    pub lead: &'a Lead,
    /// The values, with nothing but 、 between them.
    pub list: &'a [&'a Written],
    /// Where they end, with the thing that is counted.
    pub until: usize,
}
