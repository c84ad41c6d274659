//! Content streams: the glyphs that a page shows, with where they stand.
//!
//! Invariant: the work is bounded by the document's budget: every form costs something each time it is drawn.
//! Knows nothing of lines and paragraphs.

use std::rc::Rc;

use hayro_cmap::BfString;
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};
use hayro_syntax::page::{Page, Resources, Rotation};

use super::font::{Font, Fonts};
use super::matrix::Matrix;
use super::names;
use super::page::{Content, Glyph};
use super::paths::Paths;
use super::stream::{Budget, decode};

/// How deep forms may stand in forms.
const MAX_FORMS: usize = 12;

/// What drawing a form costs beyond its bytes.
const FORM_COST: usize = 4 << 10;

/// Most glyphs of a page.
const MAX_GLYPHS: usize = 500_000;

/// How many graphics states may be saved.
const MAX_SAVED: usize = 512;

/// Reads a page.
///
/// # Errors
/// A reason for a person, if it is too large.
pub fn read(page: &Page, fonts: &mut Fonts, budget: &mut Budget) -> Result<Content, String> {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let crop = page.intersected_crop_box();
    let turned = match page.rotation() {
        Rotation::None => Matrix::IDENTITY,
        Rotation::Horizontal => Matrix([0.0, -1.0, 1.0, 0.0, 0.0, height]),
        Rotation::Flipped => Matrix([-1.0, 0.0, 0.0, -1.0, width, height]),
        Rotation::FlippedHorizontal => Matrix([0.0, 1.0, -1.0, 0.0, width, 0.0]),
    };
    let base = Matrix::translation(-crop.x0, -crop.y0).then(turned);
    let content = page_content(page, budget)?;
    let mut reader = Reader {
        fonts,
        budget,
        content: Content { glyphs: Vec::new(), rules: Vec::new(), width, height },
        paths: Paths::default(),
        after_space: false,
        marks: Vec::new(),
    };
    reader.run(&content, page.resources(), base, 0)?;
    reader.content.rules = reader.paths.rules;
    Ok(reader.content)
}

fn page_content(page: &Page, budget: &mut Budget) -> Result<Vec<u8>, String> {
    if let Some(stream) = page.raw().get::<Stream>("Contents") {
        return decode(&stream, budget);
    }
    let mut content = Vec::new();
    let parts = page.raw().get::<Array>("Contents");
    for part in parts.iter().flat_map(|parts| parts.iter::<Stream>()) {
        content.extend(decode(&part, budget)?);
        content.push(b'\n');
    }
    Ok(content)
}

/// The parts of the graphics state that text needs (ISO 32000-1, 9.3).
#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    char_spacing: f64,
    word_spacing: f64,
    scaling: f64,
    leading: f64,
    rise: f64,
    stroked: bool,
}

struct Reader<'r> {
    fonts: &'r mut Fonts,
    budget: &'r mut Budget,
    content: Content,
    paths: Paths,
    after_space: bool,
    /// For each open marked content, whether it is an artifact.
    marks: Vec<bool>,
}

impl Reader<'_> {
    fn run(&mut self, content: &[u8], resources: &Resources, matrix: Matrix, depth: usize) -> Result<(), String> {
        let mut state = State {
            matrix,
            font: None,
            size: 0.0,
            char_spacing: 0.0,
            word_spacing: 0.0,
            scaling: 1.0,
            leading: 0.0,
            rise: 0.0,
            stroked: false,
        };
        let mut saved = Vec::new();
        let (mut text, mut line) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let marks = self.marks.len();
        let mut ops = TypedIter::new(content);
        while let Some(op) = ops.next() {
            match op {
                Op::SaveState(_) if saved.len() < MAX_SAVED => saved.push(state.clone()),
                Op::RestoreState(_) => state = saved.pop().unwrap_or(state),
                Op::Transform(m) => state.matrix = numbers([&m.0, &m.1, &m.2, &m.3, &m.4, &m.5]).then(state.matrix),
                Op::BeginText(_) => (text, line) = (Matrix::IDENTITY, Matrix::IDENTITY),
                Op::TextFont(font) => {
                    let dict = resources.get_font(font.0);
                    state.font = dict.map(|dict| self.fonts.get(&dict, self.budget)).transpose()?;
                    state.size = font.1.as_f64();
                }
                Op::CharacterSpacing(value) => state.char_spacing = value.0.as_f64(),
                Op::WordSpacing(value) => state.word_spacing = value.0.as_f64(),
                Op::HorizontalScaling(value) => state.scaling = value.0.as_f64() / 100.0,
                Op::TextLeading(value) => state.leading = value.0.as_f64(),
                Op::TextRise(value) => state.rise = value.0.as_f64(),
                Op::TextRenderingMode(value) => state.stroked = value.0.as_i64() == 2,
                Op::SetTextMatrix(m) => {
                    line = numbers([&m.0, &m.1, &m.2, &m.3, &m.4, &m.5]);
                    text = line;
                }
                Op::NextLine(by) => {
                    line = Matrix::translation(by.0.as_f64(), by.1.as_f64()).then(line);
                    text = line;
                }
                Op::NextLineAndSetLeading(by) => {
                    state.leading = -by.1.as_f64();
                    line = Matrix::translation(by.0.as_f64(), by.1.as_f64()).then(line);
                    text = line;
                }
                Op::NextLineUsingLeading(_) => {
                    line = Matrix::translation(0.0, -state.leading).then(line);
                    text = line;
                }
                Op::ShowText(shown) => self.show(shown.0, &state, &mut text)?,
                Op::NextLineAndShowText(shown) => {
                    line = Matrix::translation(0.0, -state.leading).then(line);
                    text = line;
                    self.show(shown.0, &state, &mut text)?;
                }
                Op::ShowTextWithParameters(shown) => {
                    state.word_spacing = shown.0.as_f64();
                    state.char_spacing = shown.1.as_f64();
                    line = Matrix::translation(0.0, -state.leading).then(line);
                    text = line;
                    self.show(shown.2, &state, &mut text)?;
                }
                Op::ShowTexts(items) => {
                    for item in items.0.iter::<Object>() {
                        match item {
                            Object::String(shown) => self.show(&shown, &state, &mut text)?,
                            Object::Number(by) => text = state.advance(-by.as_f64() / 1000.0 * state.size).then(text),
                            _ => {}
                        }
                    }
                }
                Op::BeginMarkedContent(mark) => self.mark(mark.0.as_str() == "Artifact"),
                Op::BeginMarkedContentWithProperties(mark) => self.mark(mark.0.as_str() == "Artifact"),
                Op::EndMarkedContent(_) if self.marks.len() > marks => {
                    self.marks.pop();
                }
                Op::XObject(name) if depth < MAX_FORMS => {
                    if let Some(form) = resources.get_x_object(name.0).filter(is_form) {
                        self.form(&form, resources, state.matrix, depth)?;
                    }
                }
                op => self.draw(&op, state.matrix),
            }
        }
        self.marks.truncate(marks);
        Ok(())
    }

    /// Path construction and painting (ISO 32000-1, 8.5).
    fn draw(&mut self, op: &Op, matrix: Matrix) {
        match op {
            Op::MoveTo(to) => self.paths.begin(matrix.point(to.0.as_f64(), to.1.as_f64())),
            Op::LineTo(to) => self.paths.line(matrix.point(to.0.as_f64(), to.1.as_f64())),
            Op::CubicTo(to) => self.paths.begin(matrix.point(to.4.as_f64(), to.5.as_f64())),
            Op::ClosePath(_) => self.paths.close(),
            Op::RectPath(rect) => {
                let (x, y, width, height) = (rect.0.as_f64(), rect.1.as_f64(), rect.2.as_f64(), rect.3.as_f64());
                self.paths.begin(matrix.point(x, y));
                for (x, y) in [(x + width, y), (x + width, y + height), (x, y + height)] {
                    self.paths.line(matrix.point(x, y));
                }
                self.paths.close();
            }
            Op::StrokePath(_) | Op::FillAndStrokeNonZero(_) | Op::FillAndStrokeEvenOdd(_) => {
                self.paths.paint(true, false)
            }
            Op::CloseAndStrokePath(_) | Op::CloseFillAndStrokeNonZero(_) | Op::CloseFillAndStrokeEvenOdd(_) => {
                self.paths.close();
                self.paths.paint(true, false);
            }
            Op::FillPathNonZero(_) | Op::FillPathNonZeroCompatibility(_) | Op::FillPathEvenOdd(_) => {
                self.paths.paint(false, true);
            }
            Op::EndPath(_) => self.paths.paint(false, false),
            _ => {}
        }
    }

    fn mark(&mut self, artifact: bool) {
        if self.marks.len() < MAX_SAVED {
            self.marks.push(artifact);
        }
    }

    fn form(&mut self, form: &Stream, outer: &Resources, matrix: Matrix, depth: usize) -> Result<(), String> {
        self.budget.take(FORM_COST)?;
        let content = decode(form, self.budget)?;
        let own = form.dict().get::<Dict>("Resources").map(Resources::new);
        let placed = form.dict().get::<[f64; 6]>("Matrix").map_or(matrix, |own| Matrix(own).then(matrix));
        self.run(&content, own.as_ref().unwrap_or(outer), placed, depth + 1)
    }

    fn show(&mut self, mut bytes: &[u8], state: &State, text: &mut Matrix) -> Result<(), String> {
        let Some(font) = state.font.clone() else { return Ok(()) };
        while let Some(shown) = font.next(&mut bytes) {
            let whole = Matrix([state.size * state.scaling, 0.0, 0.0, state.size, 0.0, state.rise])
                .then(*text)
                .then(state.matrix);
            let spacing = state.char_spacing + if shown.is_space { state.word_spacing } else { 0.0 };
            let width = if font.is_vertical() { 1.0 } else { shown.width };
            let end = if font.is_vertical() { (0.0, -width) } else { (width, 0.0) };
            self.place(&shown.text, whole, end, font.bold || state.stroked);
            *text = state.advance(width * state.size + spacing).then(*text);
            if self.content.glyphs.len() > MAX_GLYPHS {
                return Err("PDF 的一页上文字过多".to_owned());
            }
        }
        Ok(())
    }

    /// Adds the characters of a glyph that runs from the origin to `end`.
    fn place(&mut self, text: &BfString, whole: Matrix, end: (f64, f64), bold: bool) {
        let start = whole.point(0.0, 0.0);
        let end = whole.point(end.0, end.1);
        let (dx, dy) = (end.0 - start.0, end.1 - start.1);
        let (up_x, up_y) = (whole.0[2], whole.0[3]);
        let direction = if dx.abs() >= 10.0 * dy.abs() {
            if dx < 0.0 { 2 } else { 0 }
        } else if dy.abs() >= 10.0 * dx.abs() {
            if dy < 0.0 { 3 } else { 1 }
        } else {
            // Slanting text is a watermark.
            return;
        };
        let (width, height) = (self.content.width, self.content.height);
        let turned = |(x, y): (f64, f64)| match direction {
            0 => (x, y),
            1 => (y, width - x),
            2 => (width - x, height - y),
            _ => (height - y, x),
        };
        let (x, y) = turned(start);
        let mut buffer = [0; 4];
        let text = match text {
            // Fonts draw two dashes in one.
            BfString::Char('⸺') => "——",
            BfString::Char(c) => &*c.encode_utf8(&mut buffer),
            BfString::String(text) => text,
        };
        let count = text.chars().count().max(1) as f64;
        let glyph = Glyph {
            c: ' ',
            x,
            y,
            width: dx.abs().max(dy.abs()) / count,
            size: up_x.hypot(up_y),
            bold,
            after_space: false,
            artifact: self.marks.contains(&true),
            direction,
        };
        let on_page = (-glyph.size..width + glyph.size).contains(&start.0)
            && (-glyph.size..height + glyph.size).contains(&start.1);
        if !on_page || !glyph.width.is_finite() || !glyph.size.is_finite() || glyph.size <= 0.0 {
            return;
        }
        for (i, c) in text.chars().enumerate() {
            if c.is_whitespace() || c.is_control() {
                self.after_space = true;
            } else if !is_ignorable(c) {
                let x = glyph.x + i as f64 * glyph.width;
                let after_space = std::mem::take(&mut self.after_space);
                self.content.glyphs.push(Glyph { c: names::unified(c), x, after_space, ..glyph });
            }
        }
    }
}

impl State {
    /// Moves along the line.
    fn advance(&self, by: f64) -> Matrix {
        if self.font.as_ref().is_some_and(|font| font.is_vertical()) {
            Matrix::translation(0.0, -by)
        } else {
            Matrix::translation(by * self.scaling, 0.0)
        }
    }
}

fn is_form(stream: &Stream) -> bool {
    stream.dict().get::<Name>("Subtype").is_some_and(|name| name.as_str() == "Form")
}

/// Characters without a shape: soft hyphens, zero-width spaces and joiners, direction marks.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

fn numbers(six: [&Number; 6]) -> Matrix {
    Matrix(six.map(Number::as_f64))
}
