//! Tags to a tree, leniently: end tags may be missing, crossed or superfluous.
//!
//! The nodes stand in one list in document order, each with the end of its part of the list, so nothing
//! here or elsewhere recurses however deep elements stand. Every input takes linear time and room, which
//! the standard's own algorithm does not: it searches the open elements again for each tag, and re-opens
//! unclosed formatting in each paragraph.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use super::tokens::{Token, attribute, tokens};

/// What a node is.
#[derive(Debug, Clone, Copy)]
pub enum Data<'a> {
    /// An element: its name in lower case, and its attributes as they stand.
    Element(&'static str, &'a str),
    /// Text with its entities.
    Text(&'a str),
}

/// A node of the tree.
#[derive(Debug)]
pub struct Node<'a> {
    /// What it is.
    pub data: Data<'a>,
    /// The node that holds it.
    pub parent: usize,
    /// The first node behind its descendants.
    pub end: usize,
}

impl<'a> Node<'a> {
    /// The name of an element; empty for text.
    pub fn name(&self) -> &'static str {
        match self.data {
            Data::Element(name, _) => name,
            Data::Text(_) => "",
        }
    }

    /// An attribute of an element.
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        match self.data {
            Data::Element(_, attributes) => attribute(attributes, name),
            Data::Text(_) => None,
        }
    }
}

/// A document.
pub struct Tree<'a> {
    /// Its nodes in document order; the first holds all others.
    pub nodes: Vec<Node<'a>>,
}

impl Tree<'_> {
    /// The nodes directly below one.
    pub fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        let end = self.nodes[node].end;
        let first = Some(node + 1).filter(|&child| child < end);
        std::iter::successors(first, move |&child| Some(self.nodes[child].end).filter(|&next| next < end))
    }

    /// A node and all below it.
    pub fn subtree(&self, node: usize) -> Range<usize> {
        node..self.nodes[node].end
    }
}

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 45] = [
    "p",
    "div",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "nav",
    "aside",
    "blockquote",
    "center",
    "pre",
    "form",
    "fieldset",
    "figure",
    "figcaption",
    "address",
    "details",
    "summary",
    "dir",
    "menu",
    "legend",
    "hgroup",
    "option",
    "marquee",
];

/// Elements without content.
const VOID: [&str; 18] = [
    "br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "param", "source", "track", "wbr",
    "frame", "bgsound", "basefont", "keygen",
];

/// The other elements that are told apart.
const INLINE: [&str; 36] = [
    "a", "b", "strong", "i", "em", "u", "s", "font", "span", "sup", "sub", "small", "big", "label", "script", "style",
    "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "template", "svg", "select", "button",
    "video", "audio", "canvas", "del", "rt", "rp", "time", "nobr", "abbr",
];

/// Elements that only frame a document. Their tags are left out of the tree, since saved pages repeat and misplace them.
const FRAMES: [&str; 4] = ["html", "head", "body", "frameset"];

/// Whether an element stands on lines of its own.
pub fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

/// Whether an element is a heading.
pub fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Whether an element is a table's cell.
pub fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th" | "caption")
}

/// The name of an element in lower case; all unknown ones are `custom`.
fn known(name: &str) -> &'static str {
    static KNOWN: LazyLock<HashSet<&str>> =
        LazyLock::new(|| BLOCKS.iter().chain(&VOID).chain(&INLINE).chain(&FRAMES).copied().collect());
    KNOWN.get(name.to_ascii_lowercase().as_str()).copied().unwrap_or("custom")
}

/// Reads a source.
pub fn parse(source: &str) -> Tree<'_> {
    let root = Node { data: Data::Element("custom", ""), parent: 0, end: 0 };
    let mut builder = Builder { nodes: vec![root], ..Builder::default() };
    for token in tokens(source) {
        match token {
            Token::Text(text) => builder.add(Data::Text(text)),
            // Names with a colon are Word's own.
            Token::Start(name, _) | Token::End(name) if name.contains(':') => {}
            Token::Start(name, attributes) => builder.start(known(name), attributes),
            Token::End(name) => builder.end(known(name)),
        }
    }
    builder.close_to(0);
    let length = builder.nodes.len();
    builder.nodes[0].end = length;
    Tree { nodes: builder.nodes }
}

#[derive(Default)]
struct Builder<'a> {
    nodes: Vec<Node<'a>>,
    /// The open elements, innermost last.
    open: Vec<usize>,
    /// For each name the places of its elements in `open`, so that no tag needs a search.
    places: HashMap<&'static str, Vec<usize>>,
    /// The places of blocks in `open`.
    blocks: Vec<usize>,
    /// For the place of a block the inline elements around it that were ended inside it.
    pending: HashMap<usize, Vec<&'static str>>,
    /// The places of tables and cells in `open`: end tags inside do not reach beyond.
    scopes: Vec<usize>,
}

impl<'a> Builder<'a> {
    fn add(&mut self, data: Data<'a>) {
        let parent = self.open.last().copied().unwrap_or(0);
        let end = self.nodes.len() + 1;
        self.nodes.push(Node { data, parent, end });
    }

    fn start(&mut self, name: &'static str, attributes: &'a str) {
        if FRAMES.contains(&name) {
            return;
        }
        self.close_implied(name);
        let node = self.nodes.len();
        self.add(Data::Element(name, attributes));
        if VOID.contains(&name) {
            return;
        }
        let place = self.open.len();
        self.open.push(node);
        self.places.entry(name).or_default().push(place);
        if is_block(name) {
            self.blocks.push(place);
        }
        if is_scope(name) {
            self.scopes.push(place);
        }
    }

    /// Closes what a start tag ends without an end tag.
    fn close_implied(&mut self, name: &'static str) {
        match name {
            "td" | "th" | "caption" => self.close_cell(),
            "tr" => self.close_row(),
            "thead" | "tbody" | "tfoot" => self.close_row_group(),
            "li" => self.close_item(&["li"], &["ul", "ol", "menu", "dir"]),
            "dt" | "dd" => self.close_item(&["dt", "dd"], &["dl"]),
            "a" => self.close_inline("a"),
            "option" => self.close_inline("option"),
            _ => {}
        }
        if is_block(name) && name != "table" && !is_scope(name) {
            self.close_item(&["p"], &[]);
        }
        if is_heading(name) && self.open.last().is_some_and(|&node| is_heading(self.nodes[node].name())) {
            self.close_to(self.open.len() - 1);
        }
    }

    fn end(&mut self, name: &'static str) {
        match name {
            "td" | "th" | "caption" => self.close_cell(),
            "tr" => self.close_row(),
            "thead" | "tbody" | "tfoot" => self.close_row_group(),
            "table" => {
                if let Some(place) = self.last("table") {
                    self.close_to(place);
                }
            }
            "br" => self.start("br", ""),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.close_item(&["h1", "h2", "h3", "h4", "h5", "h6"], &[]),
            // A paragraph's end that ends nothing still parts what stands around it.
            "p" if self.last("p").is_none_or(|place| place < self.scope()) => self.start("br", ""),
            name if is_block(name) => self.close_item(&[name], &[]),
            name => self.close_inline(name),
        }
    }

    fn last(&self, name: &str) -> Option<usize> {
        self.places.get(name)?.last().copied()
    }

    /// Where the innermost table or cell begins.
    fn scope(&self) -> usize {
        self.scopes.last().map_or(0, |place| place + 1)
    }

    /// Closes the innermost of these elements, if it stands within the scope and within the innermost of these lists.
    fn close_item(&mut self, names: &[&str], lists: &[&str]) {
        let place = names.iter().filter_map(|name| self.last(name)).max();
        let list = lists.iter().filter_map(|name| self.last(name)).max();
        if let Some(place) = place.filter(|&place| place >= self.scope() && list.is_none_or(|list| place > list)) {
            self.close_to(place);
        }
    }

    /// Closes an inline element. One that stands around the innermost block is closed together with that block.
    fn close_inline(&mut self, name: &'static str) {
        let Some(place) = self.last(name) else { return };
        match self.blocks.last() {
            Some(&block) if block > place => self.pending.entry(block).or_default().push(name),
            _ => self.close_to(place),
        }
    }

    fn close_cell(&mut self) {
        if let Some(&place) = self.scopes.last().filter(|place| is_cell(self.nodes[self.open[**place]].name())) {
            self.close_to(place);
        }
    }

    fn close_row(&mut self) {
        self.close_cell();
        self.close_item(&["tr"], &[]);
    }

    fn close_row_group(&mut self) {
        self.close_row();
        self.close_item(&["thead", "tbody", "tfoot"], &[]);
    }

    /// Closes the open elements down to this place.
    fn close_to(&mut self, place: usize) {
        while self.open.len() > place {
            let Some(node) = self.open.pop() else { return };
            self.nodes[node].end = self.nodes.len();
            let here = self.open.len();
            for places in [self.places.get_mut(self.nodes[node].name()), Some(&mut self.blocks), Some(&mut self.scopes)]
            {
                places.and_then(|places| places.pop_if(|last| *last == here));
            }
            for name in self.pending.remove(&here).unwrap_or_default() {
                let block = self.blocks.last().map_or(0, |block| block + 1);
                let Some(inline) = self.last(name).filter(|inline| *inline >= block) else { continue };
                // Above `place`, this same loop closes it.
                if inline < place {
                    self.close_to(inline);
                }
            }
        }
    }
}

fn is_scope(name: &str) -> bool {
    name == "table" || is_cell(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as nested brackets.
    fn shape(source: &str) -> String {
        let tree = parse(source);
        let mut shape = String::new();
        let mut ends: Vec<usize> = Vec::new();
        for (i, node) in tree.nodes.iter().enumerate().skip(1) {
            while ends.last().is_some_and(|end| *end <= i) {
                ends.pop();
                shape.push(')');
            }
            match node.data {
                Data::Text(text) => shape.push_str(text),
                Data::Element(name, _) => {
                    shape.push_str(name);
                    shape.push('(');
                    ends.push(node.end);
                }
            }
        }
        shape + &")".repeat(ends.len())
    }

    #[test]
    fn missing_and_crossed_end_tags() {
        for (source, expected) in [
            ("<p>甲<p>乙", "p(甲)p(乙)"),
            ("<div><p>甲<div>乙</div></div>丙", "div(p(甲)div(乙))丙"),
            ("<ul><li>甲<ul><li>乙</ul><li>丙</ul>", "ul(li(甲ul(li(乙)))li(丙))"),
            ("<table><tr><td>甲<td>乙<tr><td>丙</table>丁", "table(tr(td(甲)td(乙))tr(td(丙)))丁"),
            ("<div><table><tr><td>甲</div>乙</td></tr></table>丙</div>", "div(table(tr(td(甲乙)))丙)"),
            ("<b><i>甲</b>乙</i>丙", "b(i(甲))乙丙"),
            ("<div><b><p>甲</b>乙</p>丙</div>", "div(b(p(甲乙))丙)"),
            ("<b><i><p>甲</i></b></p>乙", "b(i(p(甲)))乙"),
            ("甲</div></p>乙<BODY>丙<o:p></o:p>", "甲br()乙丙"),
            ("<h2>甲</h3>乙", "h2(甲)乙"),
        ] {
            assert_eq!(shape(source), expected, "{source}");
        }
    }

    #[test]
    fn bombs_take_linear_time_and_room() {
        for piece in
            ["<div>", "<b>", "<b><div></b>", "<table><tr><td>", "<font><p>", "<i><table></i>", "<ul><li>", "</b><a>"]
        {
            let bomb = piece.repeat(100_000) + "</b></div></p>";
            assert!(parse(&bomb).nodes.len() < 500_000);
        }
    }
}
