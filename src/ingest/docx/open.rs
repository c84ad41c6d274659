//! What is open while a text of a Word file is read, and what its elements say of it.
//!
//! Elements of other namespaces that have the same names mean the same or stand where they say nothing.

use quick_xml::events::BytesStart;

use super::super::flow::Flow;
use super::super::xml::attribute;
use super::paragraph::{Paragraph, Run};
use super::styles::is_on;

/// What an open element of properties describes.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum Describing {
    /// Nothing: text may follow.
    #[default]
    Nothing,
    /// The paragraph.
    Paragraph,
    /// The mark at a paragraph's end.
    Mark,
    /// The run.
    Run,
}

/// A text that is read by itself: the body, a text box or a note.
#[derive(Default)]
pub struct Open {
    /// Depth of its element.
    pub depth: usize,
    /// Identifier of the note that it is.
    pub note: Option<String>,
    /// Its blocks.
    pub flow: Flow,
    /// Whether a paragraph is open.
    pub in_paragraph: bool,
    /// The open paragraph.
    pub paragraph: Paragraph,
    /// The open run.
    pub run: Run,
    /// What the open properties describe.
    pub describing: Describing,
    /// The open cell continues the one above or before it.
    pub continues: bool,
    /// A paragraph whose end is no end: its mark is deleted, or it is a drop cap.
    pub carried: Option<Paragraph>,
}

impl Open {
    /// Notes what an element says of the open paragraph, run or table.
    pub fn describe(&mut self, name: &str, element: &BytesStart) {
        let val = || attribute(element, "val");
        match (name, self.describing) {
            ("r", _) => self.run = Run::default(),
            ("pPr", _) => self.describing = Describing::Paragraph,
            ("rPr", Describing::Paragraph) => self.describing = Describing::Mark,
            ("rPr", Describing::Nothing) => self.describing = Describing::Run,
            ("pStyle", Describing::Paragraph) => self.paragraph.style = val(),
            ("outlineLvl", Describing::Paragraph) => self.paragraph.outline = val().and_then(|v| v.parse().ok()),
            ("numId", Describing::Paragraph) => self.paragraph.numbering = val(),
            ("ilvl", Describing::Paragraph) => self.paragraph.level = val().and_then(|v| v.parse().ok()),
            ("framePr", Describing::Paragraph) => {
                self.paragraph.runs_on = attribute(element, "dropCap").is_some_and(|cap| cap != "none");
            }
            ("rStyle", Describing::Run) => self.run.style = val(),
            ("b", Describing::Run) => self.run.bold = Some(is_on(val().as_deref())),
            ("vanish", Describing::Run) => self.run.hidden = Some(is_on(val().as_deref())),
            ("tbl", _) => self.flow.open_table(),
            ("tc", _) => {
                self.continues = false;
                self.flow.open_cell(1);
            }
            ("vMerge" | "hMerge", _) => self.continues |= val().is_none_or(|merge| merge == "continue"),
            _ => {}
        }
    }
}
