//! What stands on a page before anything is made of it: characters and lines at their places. Plain data.

/// A character at its place. Coordinates are turned so that its line runs along `x`, and lines follow
/// each other down `y`.
#[derive(Debug, Clone, Copy)]
pub struct Glyph {
    /// The character; U+FFFD if the font does not tell.
    pub c: char,
    /// Where it begins.
    pub x: f64,
    /// Its base line.
    pub y: f64,
    /// How wide it is.
    pub width: f64,
    /// The size of its type.
    pub size: f64,
    /// By the name of its font, or drawn with thick lines.
    pub bold: bool,
    /// White space stood before it.
    pub after_space: bool,
    /// It is marked as no part of the text, such as a page number.
    pub artifact: bool,
    /// Which way its line runs on the page: right, up, left, down.
    pub direction: usize,
}

/// A page's glyphs and size.
pub struct Content {
    /// In the order of drawing.
    pub glyphs: Vec<Glyph>,
    /// Lines and thin bars, in the page's coordinates.
    pub rules: Vec<Rule>,
    /// As displayed.
    pub width: f64,
    /// As displayed.
    pub height: f64,
}

/// A straight line of a page, or a thin bar.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// It runs from top to bottom.
    pub vertical: bool,
    /// Where it stands: its x if it is vertical, else its y.
    pub at: f64,
    /// Where it begins.
    pub start: f64,
    /// Where it ends.
    pub end: f64,
}
