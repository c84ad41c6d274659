//! The main document and the notes of a Word file: paragraphs, headings, table rows.
//!
//! One pass without recursion; nesting that is too deep for sense is read as if it were not there, so time stays
//! linear. What styles and numberings say belongs to `styles` and `numbering`.

use std::collections::HashMap;
use std::mem::take;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::extract::{BlockKind, Extracted, too_large};
use super::super::flow::Content;
use super::super::xml::{attribute, content, next};
use super::numbering::Numbering;
use super::open::{Describing, Open};
use super::paragraph::{Run, symbol};
use super::styles::{Styles, is_on};

/// How deep text boxes may stand in text boxes.
const MAX_BOXES: usize = 8;

/// Notes by kind (`footnote`, `endnote`) and identifier; each is taken where it is first referred to.
pub type Notes = HashMap<&'static str, HashMap<String, Content>>;

/// Reads one part of a Word file.
pub struct Story<'a> {
    styles: &'a Styles,
    numbering: Numbering,
    notes: Notes,
    /// The element of a note, where notes are read.
    note: &'static str,
    collected: HashMap<String, Content>,
    depth: usize,
    /// Depth of the element whose content is no text.
    skipped: Option<usize>,
    /// Depths of the open `w:sdt`.
    controls: Vec<usize>,
    in_text: bool,
    /// Open texts; the last one is being read.
    open: Vec<Open>,
    extracted: Extracted,
    max_text: u64,
}

impl<'a> Story<'a> {
    fn new(styles: &'a Styles, max_text: u64) -> Self {
        Story {
            styles,
            numbering: Numbering::default(),
            notes: Notes::default(),
            note: "",
            collected: HashMap::new(),
            depth: 0,
            skipped: None,
            controls: Vec::new(),
            in_text: false,
            open: vec![Open::default()],
            extracted: Extracted::default(),
            max_text,
        }
    }

    /// Reads the main document.
    ///
    /// # Errors
    /// A reason for a person, if it is damaged or its text longer than `max_text` bytes.
    pub fn body(
        xml: &str,
        styles: &'a Styles,
        numbering: Numbering,
        notes: Notes,
        max_text: u64,
    ) -> Result<Extracted, String> {
        let mut story = Story { numbering, notes, ..Story::new(styles, max_text) };
        story.read(xml)?;
        Ok(story.extracted)
    }

    /// Reads the notes of a part by their identifiers.
    ///
    /// # Errors
    /// A reason for a person, if it is damaged.
    pub fn notes(
        xml: &str,
        styles: &'a Styles,
        element: &'static str,
        max_text: u64,
    ) -> Result<HashMap<String, Content>, String> {
        let mut story = Story { note: element, ..Story::new(styles, max_text) };
        story.read(xml)?;
        Ok(story.collected)
    }

    fn read(&mut self, xml: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(xml);
        loop {
            match next(&mut reader)? {
                Event::Eof => break,
                Event::Start(element) => self.open(&element),
                Event::Empty(element) => {
                    self.open(&element);
                    self.close(element.local_name().as_ref())?;
                }
                Event::End(element) => self.close(element.local_name().as_ref())?,
                event => {
                    if let (true, None, Some(text)) = (self.in_text, self.skipped, content(&event)) {
                        // A line break in the XML is none in the text.
                        self.text(&text.replace(['\n', '\r', '\t'], " "));
                    }
                }
            }
        }
        // A document that is cut off has lost its last ends.
        while self.open.len() > 1 {
            self.close_text();
        }
        self.end_paragraph();
        let last = self.open.pop().map(|open| self.blocks_of(open)).unwrap_or_default();
        self.deliver(last)
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.paragraph.push(text, &open.run, self.styles);
            open.in_paragraph = true;
        }
    }

    fn open(&mut self, element: &BytesStart) {
        self.depth += 1;
        let name = element.local_name();
        let name = name.as_ref();
        let boxes = self.open.len();
        let Some(open) = self.open.last_mut().filter(|_| self.skipped.is_none()) else { return };
        match name {
            name if is_skipped(name) => {
                self.skipped = Some(self.depth);
                // A deletion in the properties of a paragraph's mark joins it with the next one.
                open.paragraph.runs_on |= name == "del" && open.describing == Describing::Mark;
            }
            "t" => self.in_text = true,
            "sdt" => self.controls.push(self.depth),
            "docPartGallery" if attribute(element, "val").is_some_and(|v| v.starts_with("Table of ")) => {
                self.skipped = self.controls.last().copied();
            }
            // `txBody` is a text box of DrawingML.
            "txbxContent" | "txBody" if boxes <= MAX_BOXES => self.open_text(None),
            name if name == self.note => {
                if attribute(element, "type").is_none_or(|kind| kind == "normal") {
                    self.open_text(attribute(element, "id"));
                }
            }
            "footnoteReference" | "endnoteReference" => self.refer(name, element),
            "p" => {
                self.end_paragraph();
                self.open.last_mut().into_iter().for_each(|open| open.in_paragraph = true);
            }
            "tab" | "ptab" if open.describing == Describing::Nothing => self.text(" "),
            "br" | "cr" => self.text("\n"),
            "noBreakHyphen" => self.text("-"),
            "sym" => self.text(&symbol(element)),
            _ => open.describe(name, element),
        }
    }

    fn refer(&mut self, name: &str, element: &BytesStart) {
        let kind = name.strip_suffix("Reference").unwrap_or(name);
        let id = attribute(element, "id").unwrap_or_default();
        let note = self.notes.get_mut(kind).and_then(|notes| notes.remove(&id)).unwrap_or_default();
        let Some(open) = self.open.last_mut() else { return };
        open.flow.wait(note);
        // A mark that the author typed stands in the same run.
        if attribute(element, "customMarkFollows").is_some_and(|v| is_on(Some(&v))) {
            open.run.hidden = Some(true);
        }
    }

    fn close(&mut self, name: &str) -> Result<(), String> {
        let depth = self.depth;
        self.depth = depth.saturating_sub(1);
        if self.controls.last() == Some(&depth) {
            self.controls.pop();
        }
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
            "t" => self.in_text = false,
            "p" => self.end_paragraph(),
            "pPr" => open.describing = Describing::Nothing,
            "rPr" if open.describing == Describing::Mark => open.describing = Describing::Paragraph,
            "rPr" => open.describing = Describing::Nothing,
            "tc" => open.flow.close_cell(std::mem::take(&mut open.continues)),
            "tr" => open.flow.close_row(),
            "tbl" => open.flow.close_table(),
            _ => {}
        }
        match self.open.as_mut_slice() {
            [body] if matches!(name, "p" | "tr" | "tbl") => {
                let blocks = body.flow.finished(body.in_paragraph || body.carried.is_some());
                self.deliver(blocks)
            }
            _ => Ok(()),
        }
    }

    fn open_text(&mut self, note: Option<String>) {
        self.open.push(Open { depth: self.depth, note, ..Open::default() });
    }

    /// Ends a text box or note: its blocks wait in the text around it.
    fn close_text(&mut self) {
        self.end_paragraph();
        let Some(mut closed) = self.open.pop() else { return };
        let note = closed.note.take();
        let blocks = self.blocks_of(closed);
        match (note, self.open.last_mut()) {
            (Some(id), _) => {
                let texts = blocks.into_iter().map(|(_, text)| (BlockKind::Note, text)).collect();
                self.collected.entry(id).or_insert(texts);
            }
            (None, Some(around)) => around.flow.wait(blocks),
            (None, None) => {}
        }
    }

    fn blocks_of(&mut self, mut open: Open) -> Content {
        if let Some(carried) = open.carried.take() {
            open.flow.place(carried.blocks(self.styles, &mut self.numbering));
        }
        open.flow.into_blocks()
    }

    fn end_paragraph(&mut self) {
        let Some(open) = self.open.last_mut() else { return };
        let mut paragraph = take(&mut open.paragraph);
        open.run = Run::default();
        open.describing = Describing::Nothing;
        if !take(&mut open.in_paragraph) {
            return;
        }
        if let Some(carried) = open.carried.take() {
            paragraph.put_before(carried);
        }
        if paragraph.runs_on {
            open.carried = Some(paragraph);
        } else {
            open.flow.place(paragraph.blocks(self.styles, &mut self.numbering));
        }
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

/// Elements whose content is no text: tracked deletions, former properties, field codes, fallback copies, phonetic
/// guides, settings of sections.
fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "del"
            | "moveFrom"
            | "delText"
            | "instrText"
            | "delInstrText"
            | "Fallback"
            | "rt"
            | "sectPr"
            | "pPrChange"
            | "rPrChange"
            | "tblPrChange"
            | "tblPrExChange"
            | "trPrChange"
            | "tcPrChange"
            | "numberingChange"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLES: &str = r#"<w:styles><w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
        <w:style w:styleId="3"><w:name w:val="toc 1"/></w:style><w:style w:styleId="4"><w:name w:val="粗"/><w:rPr><w:b/></w:rPr></w:style>
        <w:style w:type="character" w:styleId="5"><w:name w:val="隐"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"#;
    const NUMBERING: &str = r#"<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="2"/><w:lvlText w:val="%1、"/></w:lvl>
        <w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;

    fn read(body: &str) -> Result<Vec<(BlockKind, String)>, String> {
        let styles = Styles::read(STYLES);
        let notes = r#"<w:footnotes><w:footnote w:id="1"><w:p><w:r><w:footnoteRef/><w:t>注一</w:t></w:r></w:p><w:p><w:r><w:t>注一续</w:t></w:r></w:p></w:footnote></w:footnotes>"#;
        let notes = Notes::from([("footnote", Story::notes(notes, &styles, "footnote", 1 << 20)?)]);
        let xml = format!("<w:document><w:body>{body}</w:body></w:document>");
        let extracted = Story::body(&xml, &styles, Numbering::read(NUMBERING), notes, 1 << 20)?;
        let text = |range: std::ops::Range<usize>| extracted.text.get(range).unwrap_or_default().to_owned();
        Ok(extracted.blocks.iter().map(|block| (block.kind, text(block.range.clone()))).collect())
    }

    fn texts(body: &str) -> Vec<String> {
        read(body).expect("well-formed").into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn headings_numbers_rows_and_bold() {
        let found = read(
            r#"<w:p><w:pPr><w:pStyle w:val="2"/></w:pPr><w:r><w:t>回顾</w:t></w:r></w:p>
            <w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>要点</w:t></w:r><w:r><w:t>：&lt;甲&#62;<![CDATA[&乙]]></w:t></w:r></w:p>
            <w:p><w:pPr><w:pStyle w:val="4"/></w:pPr><w:r><w:t>全粗</w:t></w:r><w:r><w:rPr><w:b w:val="1"/></w:rPr><w:t>也粗</w:t></w:r></w:p>
            <w:p><w:pPr><w:pStyle w:val="4"/></w:pPr><w:r><w:rPr><w:b w:val="0"/></w:rPr><w:t>不粗</w:t></w:r></w:p>
            <w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>二级</w:t><w:br/><w:t>另行</w:t></w:r></w:p>
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>指标</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>目标</w:t></w:r></w:p><w:p><w:r><w:t>值</w:t></w:r></w:p></w:tc></w:tr>
            <w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p><w:r><w:t>余</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>6%</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"#,
        );
        let expected = [
            (BlockKind::Heading(1), "一、回顾"),
            (BlockKind::Paragraph, "要点：<甲>&乙"),
            (BlockKind::Bold, "全粗也粗"),
            (BlockKind::Paragraph, "不粗"),
            (BlockKind::Heading(2), "二级"),
            (BlockKind::Heading(2), "另行"),
            (BlockKind::Row, "指标\t目标 值"),
            (BlockKind::Row, "\t6%"),
        ];
        assert_eq!(found, Ok(expected.map(|(kind, text)| (kind, text.to_owned())).to_vec()));
    }

    #[test]
    fn what_is_no_text() {
        let body = r#"<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:r><w:t>目录项</w:t></w:r></w:p></w:sdtContent></w:sdt>
            <w:p><w:pPr><w:pStyle w:val="3"/></w:pPr><w:r><w:t>一、回顾 3</w:t></w:r></w:p>
            <w:p><w:r><w:t>留</w:t></w:r><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom><w:ins><w:r><w:t>增</w:t></w:r></w:ins>
            <w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:rPr><w:rStyle w:val="5"/></w:rPr><w:t>隐</w:t></w:r><w:r><w:instrText>PAGE</w:instrText><w:softHyphen/></w:r>
            <w:r><w:ruby><w:rt><w:r><w:t>zhù</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>注</w:t></w:r></w:rubyBase></w:ruby><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>"#;
        assert_eq!(texts(body), ["留增注✓"]);
    }

    #[test]
    fn boxes_and_notes_do_not_interrupt() {
        let body = r#"<w:p><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></mc:Choice>
            <mc:Fallback><w:p><w:r><w:t>框</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r><w:r><w:footnoteReference w:customMarkFollows="1" w:id="1"/><w:t>*</w:t></w:r><w:r><w:t>后</w:t></w:r></w:p>
            <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>上</w:t></w:r></w:p><w:p><w:r><w:t>下</w:t></w:r></w:p>"#;
        assert_eq!(texts(body), ["前后", "框", "注一", "注一续", "上下"]);
    }

    #[test]
    fn damage_is_a_reason_and_depth_is_none() {
        assert!(read("<a><b></a>").is_err());
        let deep = |name: &str| {
            let (open, close) = (format!("<w:{name}>"), format!("</w:{name}>"));
            format!("{}<w:p><w:r><w:t>底</w:t></w:r></w:p>{}", open.repeat(200_000), close.repeat(200_000))
        };
        for name in ["tbl", "txbxContent", "p", "sdt", "ins", "tc"] {
            assert_eq!(texts(&deep(name)), ["底"], "{name}");
        }
        assert!(texts(&deep("del")).is_empty());
    }
}
