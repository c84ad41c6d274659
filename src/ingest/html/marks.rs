//! What single elements of a page mean: bold text, notes and their marks, layout rows.

use super::page::Page;
use super::tree::{is_cell, is_heading};

/// Most nodes and characters of an element that may be a note's mark.
const MAX_MARK: usize = 8;

/// A row with a cell of more lines and Han characters than one of these pairs only lays out the page.
const LAYOUT: [(usize, usize); 2] = [(3, 60), (2, 300)];

impl Page<'_> {
    /// Whether an element makes what it holds bold.
    pub fn is_bold(&self, node: usize) -> bool {
        let node = &self.tree.nodes[node];
        let by_style = || {
            let style =
                node.attribute("style").unwrap_or_default().replace(char::is_whitespace, "").to_ascii_lowercase();
            let weight = style.split_once("font-weight:").map_or("", |(_, weight)| weight);
            ["bold", "600", "700", "800", "900"].iter().any(|bold| weight.starts_with(bold))
        };
        matches!(node.name(), "b" | "strong") || by_style()
    }

    /// Whether an element holds footnotes, by the names that wikis and word processors give them.
    pub fn is_notes(&self, node: usize) -> bool {
        let is_numbered = |name: &str, prefix| {
            name.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
        };
        self.names(node).iter().any(|name| {
            matches!(name.as_str(), "references" | "reflist" | "footnotes" | "endnotes" | "msofootnotetext")
                || ["ftn", "edn", "sdfootnote", "sdendnote"].iter().any(|prefix| is_numbered(name, prefix))
                || name.starts_with("cite_note")
        })
    }

    /// Whether an element is the mark of a note, such as `<sup>[1]</sup>`, or a link back to one.
    pub fn is_reference_mark(&self, node: usize) -> bool {
        let name = self.tree.nodes[node].name();
        if !matches!(name, "sup" | "a") || self.tree.subtree(node).len() > MAX_MARK {
            return false;
        }
        let mark = self.text(node);
        let mark = mark.trim();
        if mark.is_empty() || mark.chars().count() > MAX_MARK {
            return false;
        }
        let is_bracketed = mark.starts_with(['[', '［', '〔', '【']) && mark.ends_with([']', '］', '〕', '】']);
        let is_circled = mark.chars().all(|c| matches!(c, '\u{2460}'..='\u{2473}'));
        let is_number = mark.chars().all(|c| c.is_ascii_digit());
        // `href="#…"`, or the whole address of the saved page with it.
        let leads_to_note = || {
            let links = self.tree.subtree(node).filter_map(|i| self.tree.nodes[i].attribute("href"));
            links
                .filter_map(|target| Some(target.split_once('#')?.1.to_ascii_lowercase()))
                .any(|anchor| ["ftn", "edn", "cite", "note", "ref", "fn"].iter().any(|word| anchor.contains(word)))
        };
        match name {
            "sup" => is_bracketed || is_circled || is_number && leads_to_note(),
            _ => (is_bracketed || is_circled || is_number || matches!(mark, "↑" | "^")) && leads_to_note(),
        }
    }

    /// Whether a table's row only lays out the page: it has one cell, or holds paragraphs or further tables.
    pub fn is_layout_row(&self, row: usize) -> bool {
        let mut cells = 0;
        for cell in self.tree.children(row) {
            if !is_cell(self.tree.nodes[cell].name()) {
                // Stray text between cells would have no place in a row.
                if !self.hidden[cell] && !self.text(cell).trim().is_empty() {
                    return true;
                }
                continue;
            }
            cells += 1;
            let measure = self.measures[cell];
            // The cell itself counts as a block.
            let lines = measure.breaks.saturating_sub(1);
            if measure.tables > 0 || LAYOUT.iter().any(|&(most, han)| lines > most && measure.han >= han) {
                return true;
            }
            if self.tree.children(cell).any(|child| is_heading(self.tree.nodes[child].name())) {
                return true;
            }
        }
        cells < 2
    }
}
