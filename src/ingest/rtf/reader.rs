//! The machine that reads RTF: what each token does to the open groups and texts.
//!
//! Text is what stands in a group whose destination is text and that is neither hidden nor deleted. Unknown words change
//! nothing, and groups that may be ignored when unknown are.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::charset::{Charset, code_page};
use super::lexer::Token;
use super::story::Story;
use super::words::{Aside, Destination, aside, character, destination};
use crate::ingest::extract::{Extracted, one_line, too_large};
use crate::ingest::labels;

/// How deep groups may be nested; Word writes about twenty levels.
const MAX_DEPTH: usize = 1_000;

/// The properties of a group, which end with it.
#[derive(Debug, Clone, Copy)]
struct Group {
    destination: Destination,
    /// The text that ends with the group.
    aside: Option<Aside>,
    font: Option<i32>,
    /// Font of East Asian characters, and whether these follow.
    east_font: Option<i32>,
    is_east: bool,
    /// How many bytes stand beside a Unicode character for programs that cannot show it.
    fallback: i32,
    is_bold: bool,
    is_hidden: bool,
    is_deleted: bool,
    style: i32,
    /// Outline level from 0; 9 is body text.
    outline: Option<i32>,
    in_table: bool,
}

impl Group {
    const NEW: Self = Self {
        destination: Destination::Text,
        aside: None,
        font: None,
        east_font: None,
        is_east: false,
        fallback: 1,
        is_bold: false,
        is_hidden: false,
        is_deleted: false,
        style: 0,
        outline: None,
        in_table: false,
    };

    fn is_visible(&self) -> bool {
        !self.is_hidden && !self.is_deleted
    }
}

/// What has been read.
#[derive(Debug, Default)]
pub(super) struct Reader {
    groups: Vec<Group>,
    main: Story,
    /// The texts apart that are open, each inside the one before.
    asides: Vec<Story>,
    /// What stands in text boxes, to follow the main text.
    text_boxes: Story,
    title: Option<String>,
    /// Year, month and day.
    created: [i32; 3],
    code_page: Option<&'static Encoding>,
    fonts: HashMap<i32, Charset>,
    default_font: i32,
    /// The font that the font table is about.
    defined_font: i32,
    /// Levels, from 1, of heading styles.
    headings: HashMap<i32, u8>,
    /// The group that has just begun may be ignored.
    is_ignorable: bool,
    /// Bytes still to be left out after a Unicode character.
    fallback: i32,
}

impl Reader {
    /// Whether the outermost group has ended.
    pub(super) fn is_done(&self) -> bool {
        self.groups.is_empty()
    }

    /// Takes the next token.
    ///
    /// # Errors
    /// A reason for a person, if groups are nested absurdly deep.
    pub(super) fn token(&mut self, token: Token) -> Result<(), String> {
        let is_ignorable = std::mem::take(&mut self.is_ignorable);
        let is_fallback = self.fallback > 0;
        match token {
            Token::Byte(_) | Token::Symbol(_) | Token::Binary if is_fallback => self.fallback -= 1,
            Token::Word(word, _) if is_fallback && character(word).is_some() => self.fallback -= 1,
            Token::Open => return self.open(),
            Token::Close => self.close(),
            Token::Binary => {}
            Token::Byte(byte) => self.byte(byte),
            Token::Symbol(b'*') => self.is_ignorable = true,
            Token::Symbol(b'~') => self.character('\u{A0}'),
            Token::Symbol(b'_') => self.character('-'),
            Token::Symbol(_) => {}
            Token::Word(word, parameter) => {
                self.fallback = 0;
                self.word(word, parameter, is_ignorable);
            }
        }
        Ok(())
    }

    /// Ends all that is open and returns the document.
    ///
    /// # Errors
    /// A reason for a person, if the text is too large.
    pub(super) fn finish(mut self, max_text: u64) -> Result<Extracted, String> {
        // A truncated file leaves groups open.
        let heading = self.groups.first().and_then(|group| self.heading(group));
        while !self.asides.is_empty() && !self.groups.is_empty() {
            self.close();
        }
        self.main.end_paragraph(heading, false);
        self.main.append(&self.text_boxes.finish(None));
        let extracted = self.main.finish(None);
        if extracted.text.len() as u64 > max_text {
            return Err(too_large(max_text));
        }
        Ok(Extracted { title: self.title, date: date(self.created), ..extracted })
    }

    fn open(&mut self) -> Result<(), String> {
        if self.groups.len() >= MAX_DEPTH {
            return Err(format!("文件损坏（RTF 分组嵌套超过 {MAX_DEPTH} 层）"));
        }
        self.fallback = 0;
        let outer = self.groups.last().copied().unwrap_or(Group::NEW);
        self.groups.push(Group { aside: None, ..outer });
        if outer.destination == Destination::StyleSheet {
            self.open_aside(Aside::Style);
        }
        Ok(())
    }

    /// Begins a text apart, unless the group is one already.
    fn open_aside(&mut self, aside: Aside) {
        let Some(group) = self.groups.last_mut().filter(|group| group.aside.is_none()) else { return };
        group.destination = Destination::Text;
        group.aside = Some(aside);
        if aside != Aside::Label {
            let fallback = group.fallback;
            *group = Group { aside: group.aside, fallback, ..Group::NEW };
        }
        self.asides.push(Story::new(self.code_page));
    }

    fn close(&mut self) {
        self.fallback = 0;
        let Some(group) = self.groups.pop() else { return };
        let Some(aside) = group.aside else { return };
        let Some(text) = self.asides.pop().map(|story| story.finish(self.heading(&group))) else { return };
        let is_visible = self.groups.last().is_some_and(Group::is_visible);
        match aside {
            Aside::Title => self.title = Some(one_line(&text.text)).filter(|title| !title.is_empty()),
            Aside::Style => {
                let level = match group.outline {
                    Some(level) => heading_level(level),
                    None => named_level(&one_line(&text.text)),
                };
                self.headings.extend(level.map(|level| (group.style, level)));
            }
            Aside::TextBox if is_visible => self.text_boxes.append(&text),
            Aside::Label if is_visible => {
                let label = one_line(&text.text);
                // A bullet says nothing.
                let is_number = label.contains(char::is_alphanumeric);
                self.story().label = if is_number { labels::shown(&label).to_owned() } else { String::new() };
            }
            Aside::Note if is_visible => self.story().notes.push(text.text),
            Aside::TextBox | Aside::Label | Aside::Note => {}
        }
    }

    /// The innermost open text.
    fn story(&mut self) -> &mut Story {
        self.asides.last_mut().unwrap_or(&mut self.main)
    }

    /// The group that is open, if what stands in it is text.
    fn text_group(&self) -> Option<&Group> {
        self.groups.last().filter(|group| group.destination == Destination::Text && group.is_visible())
    }

    fn byte(&mut self, byte: u8) {
        let Some(&group) = self.text_group() else { return };
        let charset = self.charset(&group);
        self.story().byte(byte, charset, group.is_bold);
    }

    fn character(&mut self, character: char) {
        let Some(&group) = self.text_group() else { return };
        self.story().character(character, group.is_bold);
    }

    fn charset(&self, group: &Group) -> Charset {
        let of = |font| self.fonts.get(&font).copied().unwrap_or_default();
        let east = group.east_font.filter(|_| group.is_east).map(of).filter(|charset| charset.is_wide());
        east.unwrap_or_else(|| of(group.font.unwrap_or(self.default_font)))
    }

    fn heading(&self, group: &Group) -> Option<u8> {
        match group.outline {
            Some(level) => heading_level(level),
            None => self.headings.get(&group.style).copied(),
        }
    }

    fn word(&mut self, word: &[u8], parameter: Option<i32>, is_ignorable: bool) {
        let Some(group) = self.groups.last_mut() else { return };
        let apart = aside(word);
        let other = destination(word);
        match group.destination {
            Destination::Skip | Destination::StyleSheet => {}
            Destination::Ansi if word == b"ud" => group.destination = Destination::Text,
            Destination::Ansi => {}
            Destination::Shape if apart == Some(Aside::TextBox) => self.open_aside(Aside::TextBox),
            Destination::Shape if other == Some(Destination::Skip) => group.destination = Destination::Skip,
            Destination::Info if apart == Some(Aside::Title) => self.open_aside(Aside::Title),
            Destination::Info if other == Some(Destination::Created) => group.destination = Destination::Created,
            Destination::Shape | Destination::Info => {}
            Destination::Created => {
                let [year, month, day] = &mut self.created;
                let field = [(b"yr", year), (b"mo", month), (b"dy", day)].into_iter().find(|(name, _)| *name == word);
                field.into_iter().for_each(|(_, field)| *field = parameter.unwrap_or_default());
            }
            Destination::FontTable if is_ignorable => group.destination = Destination::Skip,
            Destination::FontTable => self.font_word(word, parameter),
            Destination::Text => match (apart, other) {
                (Some(apart), _) => self.open_aside(apart),
                (_, Some(other)) => group.destination = other,
                _ if is_ignorable => group.destination = Destination::Skip,
                _ => self.text_word(word, parameter),
            },
        }
    }

    fn font_word(&mut self, word: &[u8], parameter: Option<i32>) {
        let number = parameter.unwrap_or_default();
        match word {
            b"f" => self.defined_font = number,
            b"fcharset" => drop(self.fonts.insert(self.defined_font, Charset::of_font(number))),
            b"cpg" => {
                let named = code_page(number).map(|encoding| (self.defined_font, Charset::Named(encoding)));
                self.fonts.extend(named);
            }
            _ => {}
        }
    }

    /// A word that changes the text or its properties.
    fn text_word(&mut self, word: &[u8], parameter: Option<i32>) {
        let Some(group) = self.groups.last_mut() else { return };
        let number = parameter.unwrap_or_default();
        let is_on = parameter != Some(0);
        match word {
            b"ansicpg" => {
                self.code_page = code_page(number);
                let code_page = self.code_page;
                self.story().code_page = code_page;
            }
            b"deff" => self.default_font = number,
            b"f" => group.font = parameter,
            b"af" if group.is_east => group.east_font = parameter,
            b"dbch" => group.is_east = true,
            b"loch" | b"hich" | b"ltrch" | b"rtlch" => group.is_east = false,
            b"b" => group.is_bold = is_on,
            // LibreOffice's word for bold East Asian characters; elsewhere it is about Arabic and the like.
            b"ab" if group.is_east => group.is_bold = is_on,
            b"v" => group.is_hidden = is_on,
            // Text that was moved stands deleted where it was moved from.
            b"deleted" | b"mvf" => group.is_deleted = is_on,
            b"plain" => {
                let plain = Group::NEW;
                (group.font, group.east_font, group.is_east) = (plain.font, plain.east_font, plain.is_east);
                (group.is_bold, group.is_hidden, group.is_deleted) = (false, false, false);
            }
            b"pard" => (group.style, group.outline, group.in_table) = (0, None, false),
            b"s" => group.style = number,
            b"outlinelevel" => group.outline = parameter,
            b"intbl" => group.in_table = is_on,
            b"uc" => group.fallback = number.clamp(0, 255),
            b"u" => {
                self.fallback = group.fallback;
                // The parameter is a signed 16-bit number, though some programs write code points.
                let code = if number < 0 { number.saturating_add(0x1_0000) } else { number };
                let code = u32::try_from(code).unwrap_or_default();
                if let Some(&group) = self.text_group() {
                    self.story().unicode(code, group.is_bold);
                }
            }
            _ => self.break_word(word),
        }
    }

    /// A word that ends a paragraph, cell or row, or stands for a character.
    fn break_word(&mut self, word: &[u8]) {
        let Some(&group) = self.groups.last() else { return };
        let heading = self.heading(&group);
        match word {
            // A deleted or hidden mark joins its paragraph with the next.
            b"par" if !group.is_visible() => {}
            b"par" | b"sect" | b"page" | b"column" | b"nestcell" => {
                let in_table = group.in_table || word == b"nestcell";
                self.story().end_paragraph(heading, in_table);
            }
            b"cell" => self.story().end_cell(heading),
            b"row" => self.story().end_row(),
            _ => {
                if let Some(character) = character(word) {
                    self.character(character);
                }
            }
        }
    }
}

/// The heading level, from 1, of an outline level; body text has none.
fn heading_level(outline: i32) -> Option<u8> {
    u8::try_from(outline).ok().filter(|level| *level < 9).map(|level| level + 1)
}

/// The heading level that the name of a style tells.
fn named_level(name: &str) -> Option<u8> {
    let name = name.trim_end_matches(';').to_lowercase();
    let level = ["heading", "标题", "標題"].iter().find_map(|prefix| name.strip_prefix(prefix))?;
    level.trim().parse().ok().filter(|level| (1..=9).contains(level))
}

/// A date that a file can have.
fn date([year, month, day]: [i32; 3]) -> Option<String> {
    let is_date = (1980..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_date.then(|| format!("{year}-{month:02}-{day:02}"))
}
