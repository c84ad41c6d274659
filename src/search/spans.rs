//! Where a query's matches stand in a text: what a hit shows as marked.
//!
//! Works on the text alone, as only shown hits need it.

use regex::Regex;

use super::passage::characters;
use crate::query::{Node, Text};
use crate::text::fold::{Folded, fold, fold_keeping_marks};

/// Where a node's matches stand in a text, as ranges of its characters: what a hit shows as marked.
///
/// In a sentence or item search every occurrence of the strings is shown.
pub fn spans(text: &str, node: &Node) -> Vec<(usize, usize)> {
    let folded = fold(text);
    let mut spans = Vec::new();
    collect_spans(text, &folded, node, &mut spans);
    spans.sort_unstable();
    spans.dedup();
    spans
}

fn collect_spans(text: &str, folded: &Folded, node: &Node, spans: &mut Vec<(usize, usize)>) {
    let mut add_all = |string: &str, guard: &dyn Fn(usize, usize) -> bool| {
        let chars: Vec<char> = string.chars().collect();
        let found = folded.find_all(&chars).filter(|&start| guard(start, start + chars.len()));
        spans.extend(found.map(|start| folded.origin_of(start, chars.len())));
    };
    match node {
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| collect_spans(text, folded, node, spans)),
        Node::Within(_, node) | Node::Weighted(node, _) => collect_spans(text, folded, node, spans),
        Node::Near { strings, .. } | Node::Sequence { pieces: strings, .. } => {
            strings.iter().for_each(|string| add_all(string, &|_, _| true));
        }
        Node::Text(Text { form, verbatim: None, equivalents }) => {
            add_all(form, &|_, _| true);
            for equivalent in equivalents.iter().filter(|equivalent| equivalent.pattern.is_none()) {
                add_all(&equivalent.form, &|start, end| equivalent.guard.allows(&folded.chars, start, end));
            }
            let form = folded.text();
            let patterns = equivalents.iter().filter_map(|equivalent| equivalent.pattern.as_deref());
            for pattern in patterns.filter_map(|pattern| Regex::new(pattern).ok()) {
                spans.extend(pattern.find_iter(&form).map(|found| {
                    let start = characters(&form, found.start()) as usize;
                    folded.origin_of(start, found.as_str().chars().count())
                }));
            }
        }
        Node::Text(Text { verbatim: Some(verbatim), .. }) => {
            let verbatim: Vec<char> = verbatim.chars().collect();
            let kept = fold_keeping_marks(text);
            spans.extend(kept.find_all(&verbatim).map(|start| kept.origin_of(start, verbatim.len())));
        }
        Node::Regex(pattern) => {
            let Ok(pattern) = Regex::new(pattern) else { return };
            spans.extend(pattern.find_iter(text).filter(|found| !found.is_empty()).map(|found| {
                let start = characters(text, found.start()) as usize;
                (start, start + found.as_str().chars().count())
            }));
        }
        Node::Not(_) | Node::Field(_) => {}
    }
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
        assert_eq!(marked("以*为抓手 -发展", "以改革为抓手，发展"), ["以", "为抓手"]);
    }
}
