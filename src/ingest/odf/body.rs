//! The body of an OpenDocument text: paragraphs, headings, table rows, notes.
//!
//! Text boxes and notes never interrupt the paragraph that they stand in. Tracked deletions, comments, generated
//! tables of contents and what is hidden are not text.

use std::mem::take;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::extract::{BlockKind, Extracted, too_large};
use super::super::flow::{Content, Flow};
use super::super::labels;
use super::super::xml::{attribute, content, next};
use super::lists::Lists;
use super::styles::{Style, Styles};

/// How deep text boxes and notes may stand in each other; deeper ones are read as part of the text around them.
const MAX_OPEN: usize = 8;

/// Most spaces that one element stands for.
const MAX_SPACES: usize = 64;

/// How characters look.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    bold: bool,
    hidden: bool,
}

impl Look {
    /// As a style changes it.
    fn with(self, style: Option<&Style>) -> Self {
        let Some(style) = style else { return self };
        Look { bold: style.bold.unwrap_or(self.bold), hidden: style.hidden.unwrap_or(self.hidden) }
    }
}

/// The open paragraph.
#[derive(Debug, Default)]
struct Paragraph {
    text: String,
    label: String,
    heading: Option<u8>,
    /// Whether a character is not bold.
    plain: bool,
    look: Look,
    /// Looks of the open spans with their depths.
    spans: Vec<(usize, Look)>,
}

/// A text that is read by itself: the body, a text box or a note.
#[derive(Default)]
struct Open {
    depth: usize,
    is_note: bool,
    flow: Flow,
    paragraph: Option<Paragraph>,
    /// Cells to come that the last one spans.
    spanned: usize,
}

/// Reads the body of a document.
pub struct Body<'a> {
    styles: &'a Styles,
    lists: Lists,
    depth: usize,
    /// Whether the body has begun; before it are styles, headers and footers.
    begun: bool,
    /// Depth of the element whose content is no text.
    skipped: Option<usize>,
    /// Open texts; the last one is being read.
    open: Vec<Open>,
    extracted: Extracted,
    max_text: u64,
}

impl<'a> Body<'a> {
    /// Reads the body of a content part or flat document.
    ///
    /// # Errors
    /// A reason for a person, if it is damaged or its text longer than `max_text` bytes.
    pub fn read(xml: &str, styles: &'a Styles, max_text: u64) -> Result<Extracted, String> {
        let mut body = Body {
            styles,
            lists: Lists::default(),
            depth: 0,
            begun: false,
            skipped: None,
            open: vec![Open::default()],
            extracted: Extracted::default(),
            max_text,
        };
        let mut reader = Reader::from_str(xml);
        loop {
            match next(&mut reader)? {
                Event::Eof => break,
                Event::Start(element) => body.open(&element),
                Event::Empty(element) => {
                    body.open(&element);
                    body.close(element.local_name().as_ref())?;
                }
                Event::End(element) => body.close(element.local_name().as_ref())?,
                event => {
                    if let (None, Some(text)) = (body.skipped, content(&event)) {
                        body.paragraph().into_iter().for_each(|paragraph| paragraph.push(&text));
                    }
                }
            }
        }
        // A document that is cut off has lost its last ends.
        while body.open.len() > 1 {
            body.close_text();
        }
        body.end_paragraph();
        let last = body.open.pop().map(|open| open.flow.into_blocks()).unwrap_or_default();
        body.deliver(last)?;
        Ok(body.extracted)
    }

    fn paragraph(&mut self) -> Option<&mut Paragraph> {
        self.open.last_mut()?.paragraph.as_mut()
    }

    fn open(&mut self, element: &BytesStart) {
        self.depth += 1;
        let name = element.local_name();
        let name = name.as_ref();
        if !self.begun {
            self.begun = name == "body";
            return;
        }
        let deep = self.open.len() > MAX_OPEN;
        let Some(open) = self.open.last_mut().filter(|_| self.skipped.is_none()) else { return };
        let count = |name: &str| attribute(element, name).and_then(|count| count.parse::<usize>().ok()).unwrap_or(1);
        match name {
            name if is_skipped(name) => self.skipped = Some(self.depth),
            // Of a drawing; a field is called `text:title`.
            "title" | "desc" if element.name().as_ref().starts_with("svg:") => self.skipped = Some(self.depth),
            "section" if attribute(element, "display").is_some_and(|display| display == "none") => {
                self.skipped = Some(self.depth);
            }
            "p" | "h" => self.open_paragraph(name == "h", element),
            "note-body" if !deep => self.open.push(Open { depth: self.depth, is_note: true, ..Open::default() }),
            name if is_box(name) && !deep => self.open.push(Open { depth: self.depth, ..Open::default() }),
            "span" | "a" => self.open_span(element),
            "s" => self.push(&" ".repeat(count("c").min(MAX_SPACES))),
            "tab" => self.push(" "),
            "line-break" => self.push("\n"),
            "list" => self.lists.open(element),
            "list-item" => self.lists.open_item(element),
            "table" => open.flow.open_table(),
            "table-cell" => {
                open.spanned = count("number-columns-spanned").saturating_sub(1);
                open.flow.open_cell(count("number-columns-repeated"));
            }
            "covered-table-cell" if open.spanned > 0 => {
                open.spanned = open.spanned.saturating_sub(count("number-columns-repeated"));
                self.skipped = Some(self.depth);
            }
            "covered-table-cell" => open.flow.open_cell(count("number-columns-repeated")),
            _ => {}
        }
    }

    /// Appends text that no white space is taken from.
    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraph().filter(|paragraph| !paragraph.look().hidden) {
            paragraph.text.push_str(text);
        }
    }

    fn open_paragraph(&mut self, heading: bool, element: &BytesStart) {
        self.end_paragraph();
        let styles = self.styles;
        let style = attribute(element, "style-name").and_then(|name| styles.paragraph(&name));
        let level = || attribute(element, "outline-level").and_then(|level| level.parse::<u8>().ok()).unwrap_or(1);
        let heading = heading.then(|| level().max(1));
        let mut label = self.lists.label(style.and_then(|style| style.list.as_deref()), styles);
        if let (Some(level), true) = (heading, label.is_empty()) {
            label = self.lists.heading_label(level, styles);
        }
        let label = labels::shown(&label).to_owned();
        let look = Look::default().with(style);
        if let Some(open) = self.open.last_mut() {
            open.paragraph = Some(Paragraph { label, heading, look, ..Paragraph::default() });
        }
    }

    fn open_span(&mut self, element: &BytesStart) {
        let (depth, styles) = (self.depth, self.styles);
        let Some(paragraph) = self.paragraph() else { return };
        let Some(name) = attribute(element, "style-name") else { return };
        let look = paragraph.look().with(styles.text(&name));
        paragraph.spans.push((depth, look));
    }

    fn close(&mut self, name: &str) -> Result<(), String> {
        let depth = self.depth;
        self.depth = depth.saturating_sub(1);
        if let Some(skipped) = self.skipped {
            if depth <= skipped {
                self.skipped = None;
            }
            return Ok(());
        }
        if self.open.len() > 1 && self.open.last().is_some_and(|open| open.depth == depth) {
            self.close_text();
            return Ok(());
        }
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        match name {
            "p" | "h" => self.end_paragraph(),
            "span" | "a" => {
                if let Some(spans) = open.paragraph.as_mut().map(|paragraph| &mut paragraph.spans) {
                    spans.pop_if(|&mut (opened, _)| opened == depth);
                }
            }
            "list" => self.lists.close(),
            "table-cell" | "covered-table-cell" => open.flow.close_cell(name != "table-cell"),
            "table-row" => open.flow.close_row(),
            "table" => open.flow.close_table(),
            _ => {}
        }
        match self.open.as_mut_slice() {
            [body] if matches!(name, "p" | "h" | "table-row" | "table") => {
                let blocks = body.flow.finished(body.paragraph.is_some());
                self.deliver(blocks)
            }
            _ => Ok(()),
        }
    }

    fn end_paragraph(&mut self) {
        let Some(open) = self.open.last_mut() else { return };
        if let Some(paragraph) = open.paragraph.take() {
            open.flow.place(paragraph.into_blocks());
        }
    }

    /// Ends a text box or note: its blocks wait in the text around it.
    fn close_text(&mut self) {
        self.end_paragraph();
        let Some(closed) = self.open.pop() else { return };
        let mut blocks = closed.flow.into_blocks();
        if closed.is_note {
            blocks.iter_mut().for_each(|(kind, _)| *kind = BlockKind::Note);
        }
        self.open.last_mut().into_iter().for_each(|around| around.flow.wait(take(&mut blocks)));
    }

    fn deliver(&mut self, blocks: Content) -> Result<(), String> {
        for (kind, text) in blocks {
            self.extracted.push(kind, &text);
        }
        if self.extracted.text.len() as u64 > self.max_text {
            return Err(too_large(self.max_text));
        }
        Ok(())
    }
}

impl Paragraph {
    fn look(&self) -> Look {
        self.spans.last().map_or(self.look, |&(_, look)| look)
    }

    /// Appends character data: any white space counts as one space (OpenDocument 1.3 part 3, 6.1.2).
    fn push(&mut self, text: &str) {
        let look = self.look();
        if look.hidden {
            return;
        }
        self.plain |= !look.bold && !text.trim().is_empty();
        for char in text.chars() {
            match char {
                ' ' | '\t' | '\r' | '\n' if self.text.ends_with(' ') => {}
                ' ' | '\t' | '\r' | '\n' => self.text.push(' '),
                char => self.text.push(char),
            }
        }
    }

    /// One block for each line that a manual break ends.
    fn into_blocks(self) -> Content {
        let kind = match self.heading {
            Some(level) => BlockKind::Heading(level),
            None if !self.plain => BlockKind::Bold,
            None => BlockKind::Paragraph,
        };
        let mut blocks = Content::new();
        for line in self.text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
            let label = if blocks.is_empty() { self.label.as_str() } else { "" };
            blocks.push((kind, format!("{label}{line}")));
        }
        blocks
    }
}

/// Elements whose content is no text: tracked deletions, comments, marks of notes, generated indexes, phonetic guides,
/// numbers written out for readers without lists, page numbers, descriptions and data of pictures.
fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "tracked-changes"
            | "annotation"
            | "note-citation"
            | "table-of-content"
            | "illustration-index"
            | "table-index"
            | "object-index"
            | "user-index"
            | "alphabetical-index"
            | "bibliography"
            | "ruby-text"
            | "number"
            | "page-number"
            | "hidden-text"
            | "notes"
            | "binary-data"
            | "object"
            | "forms"
            | "script"
            | "event-listeners"
    )
}

/// Text boxes and shapes, which hold paragraphs of their own.
fn is_box(name: &str) -> bool {
    matches!(
        name,
        "text-box"
            | "custom-shape"
            | "rect"
            | "ellipse"
            | "circle"
            | "line"
            | "polyline"
            | "polygon"
            | "regular-polygon"
            | "path"
            | "connector"
            | "caption"
            | "measure"
    )
}
