//! The sections of a report: its headings, and the numbered phrases that begin paragraphs as headings do
//! （（一）稳住茶业。…… 一是修好水渠。……）.
//!
//! Invariant: a section's parent has a smaller number than the section.

use crate::model::{MISSING_HEADING, Passage, Role, Section};
use crate::text::sentences::{enumerator, sentences};

/// Longest phrase, in characters, that begins a paragraph as a heading.
const LONGEST: usize = 45;

/// A section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its heading, enumerator included.
    pub heading: String,
    /// The section it stands in.
    pub parent: usize,
    /// How deep it stands; 0 is the report itself.
    pub depth: u32,
    /// Index of the passage that begins with it, if it is no heading of its own.
    pub begins: Option<usize>,
}

/// The sections of a report.
#[derive(Debug, Clone)]
pub struct Outline {
    /// The first is the report itself and has no heading.
    pub nodes: Vec<Node>,
    of_passage: Vec<usize>,
}

impl Outline {
    /// The outline of a report.
    pub fn of(sections: &[Section], passages: &[Passage]) -> Outline {
        let mut nodes = vec![Node { heading: String::new(), parent: 0, depth: 0, begins: None }];
        for (number, section) in sections.iter().enumerate() {
            // Parents always come first, so a damaged chain cannot loop.
            let parent = section.parent.map(|parent| parent as usize).filter(|&parent| parent < number);
            let parent = parent.map_or(0, |parent| parent + 1);
            let heading = section.heading.clone().unwrap_or_else(|| MISSING_HEADING.to_owned());
            nodes.push(Node { heading, parent, depth: nodes[parent].depth + 1, begins: None });
        }
        let mut outline = Outline { nodes, of_passage: Vec::with_capacity(passages.len()) };
        let mut formal = 0;
        let mut bracketed = None;
        for passage in passages {
            let section = passage.section.map(|section| section as usize + 1);
            let section = section.filter(|&section| section <= sections.len()).unwrap_or(0);
            if section != formal {
                (formal, bracketed) = (section, None);
            }
            let begun = if passage.role == Role::Paragraph { beginning(&passage.text) } else { None };
            let node = match begun {
                Some((heading, true)) => {
                    bracketed = Some(outline.add(heading, formal));
                    bracketed
                }
                Some((heading, false)) => Some(outline.add(heading, bracketed.unwrap_or(formal))),
                None => bracketed,
            };
            outline.of_passage.push(node.unwrap_or(formal));
        }
        outline
    }

    fn add(&mut self, heading: String, parent: usize) -> usize {
        let (depth, begins) = (self.nodes[parent].depth + 1, Some(self.of_passage.len()));
        self.nodes.push(Node { heading, parent, depth, begins });
        self.nodes.len() - 1
    }

    /// The section of a passage.
    pub fn section_of(&self, passage: usize) -> usize {
        self.of_passage.get(passage).copied().unwrap_or(0)
    }

    /// The headings down to a section.
    pub fn path(&self, section: usize) -> Vec<String> {
        let mut path: Vec<String> = self.upwards(section).map(|node| self.nodes[node].heading.clone()).collect();
        path.pop();
        path.reverse();
        path
    }

    /// A section and those it stands in, the report itself last.
    pub fn upwards(&self, section: usize) -> impl Iterator<Item = usize> {
        let above = |&node: &usize| (node > 0).then(|| self.nodes[node].parent);
        std::iter::successors(Some(section), above)
    }
}

/// The numbered phrase that a paragraph begins with as with a heading, and whether it governs those that follow:
/// （一） does, 一是 and ① are items of one paragraph each.
fn beginning(text: &str) -> Option<(String, bool)> {
    let chars: Vec<char> = text.chars().collect();
    let length = enumerator(&chars);
    let (_, end) = *sentences(&chars).first()?;
    if length == 0 || end >= chars.len() || end > LONGEST || end <= length {
        return None;
    }
    let governs = matches!(chars[0], '（' | '(') && !chars[1].is_ascii_digit();
    // A dash begins points of a list, which have no number to be known by.
    let heading: String = chars[..end].iter().collect();
    let heading = heading.trim_end_matches(['。', '；', '.', '！', '：']);
    (chars[0] != '—').then(|| (heading.to_owned(), governs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Part;

    #[test]
    fn numbered_phrases_begin_sections() {
        let paragraph = |section: u32, text: &str| Passage {
            role: Role::Paragraph,
            part: Part::Plan,
            section: Some(section),
            text: text.to_owned(),
            bytes: Vec::new(),
        };
        let section = |heading: &str| Section { heading: Some(heading.to_owned()), parent: None, passage: None };
        let sections = [section("一、任务"), section("二、结语")];
        let passages = [
            paragraph(0, "今年任务很重。"),
            paragraph(0, "（一）稳住茶业。改造茶园两千亩。"),
            paragraph(0, "补种茶苗。"),
            paragraph(0, "一是修好水渠。全长六公里。"),
            paragraph(0, "（二）办好夜校。"),
            paragraph(1, "让我们一起努力。"),
        ];
        let outline = Outline::of(&sections, &passages);
        let paths: Vec<String> =
            (0..passages.len()).map(|passage| outline.path(outline.section_of(passage)).join(" › ")).collect();
        let expected = [
            "一、任务",
            "一、任务 › （一）稳住茶业",
            "一、任务 › （一）稳住茶业",
            "一、任务 › （一）稳住茶业 › 一是修好水渠",
            "一、任务 › （一）稳住茶业",
            "二、结语",
        ];
        assert_eq!(paths, expected);
    }
}
