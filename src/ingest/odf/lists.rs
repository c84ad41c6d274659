//! Automatic numbers of list items and headings in an OpenDocument text.
//!
//! Lists of one style count on where the file says so, and else begin anew; lists too deep for the format have no
//! numbers.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::super::xml::attribute;
use super::styles::{LEVELS, OUTLINE, Styles};

/// Last number of each level; `None` before the first.
type Counters = [Option<u32>; LEVELS];

/// The lists that are open and where each list style has got to.
#[derive(Debug, Default)]
pub struct Lists {
    /// Style of each open list; the first ones only, deeper lists are counted.
    open: Vec<Option<String>>,
    too_deep: usize,
    /// The item that has begun and not yet shown its number: its own start, if it has one.
    pending: Option<Option<u32>>,
    counters: HashMap<String, Counters>,
}

impl Lists {
    /// Begins a list.
    pub fn open(&mut self, element: &BytesStart) {
        if self.open.len() >= LEVELS {
            self.too_deep += 1;
            return;
        }
        let style = attribute(element, "style-name").or_else(|| self.open.last().cloned().flatten());
        let continues = attribute(element, "continue-numbering").is_some_and(|value| value == "true")
            || attribute(element, "continue-list").is_some();
        if let (Some(style), false) = (&style, continues) {
            let level = self.open.len();
            self.counters.entry(style.clone()).or_default().iter_mut().skip(level).for_each(|number| *number = None);
        }
        self.open.push(style);
        self.pending = None;
    }

    /// Ends a list.
    pub fn close(&mut self) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else {
            self.open.pop();
        }
        self.pending = None;
    }

    /// Begins an item.
    pub fn open_item(&mut self, element: &BytesStart) {
        self.pending = Some(attribute(element, "start-value").and_then(|value| value.parse().ok()));
    }

    /// The number of a paragraph, whose own style may tell the list style: the first one of an item has one.
    pub fn label(&mut self, paragraph_list: Option<&str>, styles: &Styles) -> String {
        let Some(start) = self.pending.take().filter(|_| self.too_deep == 0) else { return String::new() };
        let style = self.open.last().cloned().flatten();
        let Some(style) = style.as_deref().or(paragraph_list) else { return String::new() };
        let level = self.open.len().saturating_sub(1);
        count(&mut self.counters, style, level, start, styles)
    }

    /// The number of a heading that stands in no list; levels count from 1.
    pub fn heading_label(&mut self, level: u8, styles: &Styles) -> String {
        if !self.open.is_empty() {
            return String::new();
        }
        count(&mut self.counters, OUTLINE, usize::from(level.saturating_sub(1)), None, styles)
    }
}

fn count(
    counters: &mut HashMap<String, Counters>,
    style: &str,
    level: usize,
    start: Option<u32>,
    styles: &Styles,
) -> String {
    let Some(levels) = styles.list(style) else { return String::new() };
    let first = |i: usize| levels.get(i).and_then(Option::as_ref).map_or(1, |level| level.start);
    let counters = counters.entry(style.to_owned()).or_default();
    for (i, number) in counters.iter_mut().enumerate() {
        match i.cmp(&level) {
            std::cmp::Ordering::Less => *number = number.or_else(|| Some(first(i))),
            std::cmp::Ordering::Equal => {
                *number = start.or(number.map(|last| last.saturating_add(1))).or_else(|| Some(first(i)));
            }
            std::cmp::Ordering::Greater => *number = None,
        }
    }
    let numbers: Vec<u32> = counters.iter().take(level + 1).map(|number| number.unwrap_or(1)).collect();
    levels.get(level).and_then(Option::as_ref).map(|level| level.label(levels, &numbers)).unwrap_or_default()
}
