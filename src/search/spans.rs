//! Where a query's matches stand in a text: what a hit shows as marked.
//!
//! Works on the text alone, as only shown hits need it.

use regex::Regex;

use super::passage::{character_ranges, near_in, sequence_in};
use super::places::Place;
use crate::query::{Equivalent, Node, Text};
use crate::text::fold::{Folded, MARK, fold, fold_keeping_marks};
use crate::text::sentences::ends_sentence;

/// Where a node's matches stand in a text, as ranges of its characters, ascending, each once.
///
/// Of strings near each other or in sequence, those that make up a match; of a sentence or item search, every
/// occurrence of what it asks for.
pub fn spans(text: &str, node: &Node) -> Vec<(usize, usize)> {
    let mut finder = Finder { text, folded: fold(text), spans: Vec::new() };
    finder.add(node);
    finder.spans.sort_unstable();
    finder.spans.dedup();
    finder.spans
}

struct Finder<'a> {
    text: &'a str,
    folded: Folded,
    spans: Vec<(usize, usize)>,
}

impl Finder<'_> {
    fn add(&mut self, node: &Node) {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| self.add(node)),
            Node::Within(_, node) | Node::Weighted(node, _) => self.add(node),
            Node::Near { strings, within } => {
                let places = self.places_of_each(strings);
                self.add_places(near_in(strings, &slices(&places), *within));
            }
            Node::Sequence { pieces, gaps } => {
                let places = self.places_of_each(pieces);
                self.add_places(sequence_in(&slices(&places), gaps, &self.sentence_starts()));
            }
            Node::Text(Text { form, verbatim: None, equivalents }) => {
                let literal = self.places(form);
                self.add_places([literal]);
                equivalents.iter().for_each(|equivalent| self.add_equivalent(equivalent));
            }
            Node::Text(Text { verbatim: Some(verbatim), .. }) => {
                let verbatim: Vec<char> = verbatim.chars().collect();
                let kept = fold_keeping_marks(self.text);
                self.spans.extend(kept.find_all(&verbatim).map(|start| kept.origin_of(start, verbatim.len())));
            }
            Node::Regex(pattern) => {
                let Ok(pattern) = Regex::new(pattern) else { return };
                let found = pattern.find_iter(self.text).filter(|found| !found.is_empty());
                self.spans.extend(character_ranges(self.text, found.map(|found| found.range())));
            }
            Node::Not(_) | Node::Field(_) => {}
        }
    }

    fn add_equivalent(&mut self, equivalent: &Equivalent) {
        let ranges = match equivalent.pattern.as_deref().map(Regex::new) {
            None => self.places(&equivalent.form).iter().map(|p| (p.start as usize, p.end as usize)).collect(),
            Some(Ok(pattern)) => {
                let form = self.folded.text();
                character_ranges(&form, pattern.find_iter(&form).map(|found| found.range()))
            }
            Some(Err(_)) => Vec::new(),
        };
        let allowed =
            ranges.into_iter().filter(|&(start, end)| equivalent.guard.allows(&self.folded.chars, start, end));
        self.spans.extend(allowed.map(|(start, end)| self.folded.origin_of(start, end - start)));
    }

    fn places(&self, string: &str) -> Vec<Place> {
        let chars: Vec<char> = string.chars().collect();
        let place = |start: usize| {
            let (start, end) = (start as u32, (start + chars.len()) as u32);
            Place { doc: 0, start, end, starts: true, ends: true }
        };
        self.folded.find_all(&chars).map(place).collect()
    }

    fn places_of_each(&self, strings: &[String]) -> Vec<Vec<Place>> {
        strings.iter().map(|string| self.places(string)).collect()
    }

    fn add_places(&mut self, found: impl IntoIterator<Item = Vec<Place>>) {
        let range = |place: Place| self.folded.origin_of(place.start as usize, (place.end - place.start) as usize);
        self.spans.extend(found.into_iter().flatten().map(range));
    }

    /// Where sentences begin in the matching form, the first apart: behind each mark that ends one.
    fn sentence_starts(&self) -> Vec<u32> {
        let original: Vec<char> = self.text.chars().collect();
        let ends = |&(from, to): &(u32, u32)| original[from as usize..to as usize].iter().any(|&c| ends_sentence(c));
        let marks = (1u32..).zip(self.folded.chars.iter().zip(&self.folded.origins));
        marks.filter(|(_, (c, origin))| **c == MARK && ends(origin)).map(|(after, _)| after).collect()
    }
}

fn slices(places: &[Vec<Place>]) -> Vec<&[Place]> {
    places.iter().map(Vec::as_slice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    #[test]
    fn spans_are_true_matches_in_the_original() {
        let marked = |query: &str, text: &str| -> Vec<String> {
            let chars: Vec<char> = text.chars().collect();
            let root = Query::parse(query).root.expect("something");
            spans(text, &root).into_iter().map(|(start, end)| chars[start..end].iter().collect()).collect()
        };
        assert_eq!(marked("十五五规划", "谋划“十五五”规划。"), ["十五五”规划"]);
        assert_eq!(marked("5%", "增长百分之五，不是百分之五十"), ["百分之五"]);
        assert_eq!(marked("二十届三中全会", "党的二十届二中、三中全会"), ["二十届二中、三中全会"]);
        assert_eq!(marked("/增[长加]\\d+/", "增加12个，增长5%"), ["增加12", "增长5"]);
        assert_eq!(marked("marks:on “十五”", "“十五”和“十五五”"), ["“十五”"]);
        assert_eq!(marked("以*为抓手 -发展", "以人为本，以改革为抓手，发展。以民"), ["以", "为抓手"]);
        assert_eq!(marked("\"改革 开放\"~2", "改革和开放，要紧的是改革这件大事与开放"), ["改革", "开放"]);
    }
}
