//! The elements of an article to blocks.
//!
//! All text that is shown goes into a block, except reference marks, lists of links beside the article and what
//! such lists are headed with.

use super::line::{Line, Role};
use super::page::{Measure, Page};
use super::tokens::decode;
use super::tree::{Data, is_block, is_cell, is_heading};
use crate::ingest::extract::{BlockKind, Extracted, one_line};

/// What ends with an element.
enum Closing {
    Block,
    Heading,
    Preformatted,
    Notes,
    Bold,
    Link,
}

/// Appends the blocks of these elements.
pub fn walk(page: &Page, elements: &[usize], extracted: &mut Extracted) {
    let sentences = elements.iter().map(|&node| page.measures[node].sentences).sum::<usize>();
    let mut walk = Walk {
        page,
        extracted,
        line: Line::default(),
        closings: Vec::new(),
        heading: None,
        preformatted: 0,
        notes: 0,
        bold: 0,
        links: 0,
        after_label: false,
        has_article: sentences >= MIN_SENTENCES,
    };
    for &element in elements {
        walk.element(element);
        walk.flush();
    }
}

/// Least Han characters in sentences of a page that is no mere list of links.
const MIN_SENTENCES: usize = 50;

struct Walk<'p, 'a> {
    page: &'p Page<'a>,
    extracted: &'p mut Extracted,
    line: Line,
    /// The first node behind each open element, innermost last, and what ends there.
    closings: Vec<(usize, Closing)>,
    heading: Option<u8>,
    preformatted: usize,
    notes: usize,
    bold: usize,
    links: usize,
    /// The last block headed a list of links.
    after_label: bool,
    has_article: bool,
}

impl Walk<'_, '_> {
    fn element(&mut self, element: usize) {
        let end = self.page.tree.nodes[element].end;
        let mut i = element;
        while i < end {
            self.close_until(i);
            i = self.node(i);
        }
        self.close_until(usize::MAX);
    }

    /// Ends the elements that end before this node.
    fn close_until(&mut self, node: usize) {
        while let Some((_, closing)) = self.closings.pop_if(|(end, _)| *end <= node) {
            match closing {
                Closing::Bold => self.bold -= 1,
                Closing::Link => self.links -= 1,
                _ => self.flush(),
            }
            match closing {
                Closing::Heading => self.heading = None,
                Closing::Preformatted => self.preformatted -= 1,
                Closing::Notes => self.notes -= 1,
                Closing::Block | Closing::Bold | Closing::Link => {}
            }
        }
    }

    /// Reads a node and says which is next.
    fn node(&mut self, i: usize) -> usize {
        let node = &self.page.tree.nodes[i];
        let name = match node.data {
            Data::Text(_) if self.page.hidden[i] => return node.end,
            Data::Text(text) => {
                self.text(&decode(text));
                return node.end;
            }
            Data::Element(name, _) => name,
        };
        if self.page.hidden[i]
            || self.page.is_reference_mark(i)
            || self.has_article && is_link_list(name, self.page.measures[i])
        {
            return node.end;
        }
        match name {
            "br" | "hr" => self.flush(),
            "tr" if !self.page.is_layout_row(i) => {
                self.flush();
                self.row(i);
                return node.end;
            }
            "a" => self.open(node.end, Closing::Link),
            _ if is_block(name) => self.block(i, name),
            _ => {}
        }
        if self.page.is_bold(i) {
            self.open(node.end, Closing::Bold);
        }
        i + 1
    }

    fn block(&mut self, i: usize, name: &str) {
        self.flush();
        let end = self.page.tree.nodes[i].end;
        let closing = match name {
            _ if self.page.is_notes(i) => Closing::Notes,
            _ if is_heading(name) => Closing::Heading,
            "pre" => Closing::Preformatted,
            _ => Closing::Block,
        };
        if matches!(closing, Closing::Heading) {
            self.heading = name.trim_start_matches('h').parse().ok();
        }
        self.open(end, closing);
    }

    fn open(&mut self, end: usize, closing: Closing) {
        match closing {
            Closing::Preformatted => self.preformatted += 1,
            Closing::Notes => self.notes += 1,
            Closing::Bold => self.bold += 1,
            Closing::Link => self.links += 1,
            Closing::Block | Closing::Heading => {}
        }
        self.closings.push((end, closing));
    }

    fn row(&mut self, row: usize) {
        let cells = self.page.tree.children(row).filter(|&cell| is_cell(self.page.tree.nodes[cell].name()));
        let cells: Vec<String> = cells.filter(|&cell| !self.page.hidden[cell]).map(|cell| self.cell(cell)).collect();
        self.extracted.push(BlockKind::Row, &cells.join("\t"));
    }

    /// The text of a cell, its lines joined by spaces.
    fn cell(&self, cell: usize) -> String {
        let mut line = Line::default();
        let mut ends = Vec::new();
        let mut i = cell;
        while i < self.page.tree.nodes[cell].end {
            let node = &self.page.tree.nodes[i];
            while ends.pop_if(|end| *end <= i).is_some() {
                line.part();
            }
            if self.page.hidden[i] || self.page.is_reference_mark(i) {
                i = node.end;
                continue;
            }
            i += 1;
            match node.data {
                Data::Text(text) => line.append(&decode(text), false, false),
                Data::Element(name, _) if name == "br" || is_block(name) => {
                    line.part();
                    ends.push(node.end);
                }
                Data::Element(..) => {}
            }
        }
        one_line(&line.text)
    }

    fn text(&mut self, text: &str) {
        if self.preformatted == 0 {
            return self.line.append(text, self.bold > 0, self.links > 0);
        }
        for line in text.split_inclusive('\n') {
            self.line.append(line, self.bold > 0, self.links > 0);
            if line.ends_with('\n') {
                self.flush();
            }
        }
    }

    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = line.content();
        match line.role(self.after_label) {
            Role::Empty | Role::Furniture => return,
            Role::Label => self.after_label = true,
            Role::Text => self.after_label = false,
        }
        if self.after_label {
            return;
        }
        let kind = match self.heading {
            _ if self.notes > 0 => BlockKind::Note,
            Some(level) => BlockKind::Heading(level),
            None if self.preformatted > 0 => BlockKind::Line,
            None if !line.has_plain => BlockKind::Bold,
            None => BlockKind::Paragraph,
        };
        self.extracted.push(kind, &text);
    }
}

/// Whether an element only lists links to other pages.
fn is_link_list(name: &str, measure: Measure) -> bool {
    let holds = matches!(name, "ul" | "ol" | "dl" | "div" | "table" | "td" | "section");
    holds && measure.links >= 3 && measure.linked > 0 && measure.linked >= measure.han * 4
}
