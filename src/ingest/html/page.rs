//! What of a page is shown, and how much text stands where.
//!
//! Menus and the like are told by the names that sites give them, but only if they hold little text: a name
//! alone never hides an article.

use super::tokens::decode;
use super::tree::{Data, Tree, is_block, parse};

/// What an element holds, hidden parts left out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Measure {
    /// Han characters outside links.
    pub han: usize,
    /// Han characters of links.
    pub linked: usize,
    /// Han characters outside links in pieces of text that read like sentences.
    pub sentences: usize,
    /// Number of links.
    pub links: usize,
    /// Number of blocks and line breaks.
    pub breaks: usize,
    /// Number of tables.
    pub tables: usize,
}

/// A page: its elements, which of them are shown and what they hold.
pub struct Page<'a> {
    /// The elements.
    pub tree: Tree<'a>,
    /// For each node whether it is hidden.
    pub hidden: Vec<bool>,
    /// For each node what it holds.
    pub measures: Vec<Measure>,
}

impl<'a> Page<'a> {
    /// Reads a page.
    pub fn new(source: &'a str) -> Self {
        let tree = parse(source);
        let hidden =
            tree.nodes.iter().map(|node| matches!(node.data, Data::Element(..)) && is_never_shown(node)).collect();
        let mut page = Page { measures: Vec::new(), hidden, tree };
        page.measure();
        let furniture: Vec<bool> = (0..page.tree.nodes.len()).map(|node| page.is_furniture(node)).collect();
        page.hidden.iter_mut().zip(furniture).for_each(|(hidden, furniture)| *hidden |= furniture);
        page.measure();
        page
    }

    /// Passes `hidden` on to what stands below, and measures what is shown.
    fn measure(&mut self) {
        let nodes = &self.tree.nodes;
        let mut in_link = vec![false; nodes.len()];
        self.measures = vec![Measure::default(); nodes.len()];
        for (i, node) in nodes.iter().enumerate().skip(1) {
            self.hidden[i] |= self.hidden[node.parent];
            in_link[i] = in_link[node.parent] || node.name() == "a";
            if self.hidden[i] {
                continue;
            }
            let measure = &mut self.measures[i];
            match node.data {
                Data::Text(text) => {
                    let text = decode(text);
                    let han = han_count(&text);
                    if in_link[i] {
                        measure.linked = han;
                    } else {
                        measure.han = han;
                        measure.sentences = if text.contains(['，', '。', '；', ',']) { han } else { 0 };
                    }
                }
                Data::Element(name, _) => {
                    measure.links = usize::from(name == "a");
                    measure.breaks = usize::from(name == "br" || is_block(name));
                    measure.tables = usize::from(name == "table");
                }
            }
        }
        for i in (1..nodes.len()).rev() {
            let below = self.measures[i];
            let above = &mut self.measures[nodes[i].parent];
            above.han += below.han;
            above.linked += below.linked;
            above.sentences += below.sentences;
            above.links += below.links;
            above.breaks += below.breaks;
            above.tables += below.tables;
        }
    }

    /// Whether an element is a menu, a share button or the like.
    fn is_furniture(&self, node: usize) -> bool {
        let measure = self.measures[node];
        let is_small = measure.han * 3 < self.measures[0].han;
        if matches!(self.tree.nodes[node].name(), "nav" | "footer" | "aside") {
            return is_small;
        }
        is_small
            && (measure.han <= MAX_FURNITURE || measure.linked >= measure.han)
            && self.names(node).iter().any(|name| name.split(['-', '_']).any(|word| FURNITURE.contains(&word)))
    }

    /// The class names and the identifier of an element, in lower case.
    pub fn names(&self, node: usize) -> Vec<String> {
        let node = &self.tree.nodes[node];
        let values = [node.attribute("id"), node.attribute("class")];
        values.iter().flatten().flat_map(|value| value.split_ascii_whitespace()).map(str::to_ascii_lowercase).collect()
    }

    /// The text of a node and all below it, whether shown or not.
    pub fn text(&self, node: usize) -> String {
        let texts = self.tree.subtree(node).filter_map(|i| match self.tree.nodes[i].data {
            Data::Text(text) => Some(decode(text)),
            Data::Element(..) => None,
        });
        texts.collect()
    }
}

/// Most Han characters outside links of an element that is hidden for its name.
const MAX_FURNITURE: usize = 100;

/// Words in the names of what surrounds an article.
const FURNITURE: [&str; 32] = [
    "nav",
    "navbar",
    "navbox",
    "navigation",
    "navdocuments",
    "breadcrumb",
    "breadcrumbs",
    "crumb",
    "crumbs",
    "share",
    "bdshare",
    "bdsharebuttonbox",
    "bshare",
    "sharebox",
    "sidebar",
    "footer",
    "copyright",
    "toc",
    "related",
    "relate",
    "relatednews",
    "reldocuments",
    "recommend",
    "pagination",
    "pager",
    "editsection",
    "catlinks",
    "printfooter",
    "qrcode",
    "noprint",
    "toolbar",
    "hatnote",
];

/// Whether browsers do not show an element, or only as something to operate.
fn is_never_shown(node: &super::tree::Node) -> bool {
    const KINDS: [&str; 20] = [
        "script", "style", "title", "textarea", "iframe", "noembed", "noframes", "noscript", "template", "svg",
        "select", "option", "button", "video", "audio", "canvas", "del", "rt", "rp", "xmp",
    ];
    let style = || node.attribute("style").unwrap_or_default().replace(char::is_whitespace, "").to_ascii_lowercase();
    // LibreOffice writes the headers and footers of the printed page like this.
    let is_margin =
        || node.name() == "div" && node.attribute("title").is_some_and(|title| title == "header" || title == "footer");
    KINDS.contains(&node.name())
        || is_margin()
        || node.attribute("hidden").is_some()
        || node.attribute("aria-hidden").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        || ["display:none", "mso-hide:all"].iter().any(|rule| style().contains(rule))
}

/// Number of Han characters.
pub fn han_count(text: &str) -> usize {
    text.chars().filter(|c| matches!(c, '\u{3400}'..='\u{9FFF}')).count()
}
