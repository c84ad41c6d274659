//! The query as data: what a person typed, read into a tree of things to be found. No tantivy here.
//!
//! Reading is lenient: no input is an error. `tokens` and `parse` read, `fields` understands the values of fields,
//! `equivalents` knows other wordings of the same thing. How a tree is answered belongs to `search`.

mod equivalents;
mod fields;
mod parse;
mod tokens;

use crate::text::lexicon::Synonyms;

pub use self::equivalents::{Class, Equivalent, Guard};
pub use self::fields::{Field, part, part_name, years};

/// How a query is to be read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Nothing but `"…"` is an operator, and nothing is widened.
    pub literal: bool,
    /// Quotes and punctuation count as they stand.
    pub marks: bool,
    /// Classes of equivalence that are switched off.
    pub without: Vec<Class>,
    /// Words that the user says mean the same.
    pub synonyms: Synonyms,
}

/// A query: what was typed and how it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What was typed.
    pub text: String,
    /// What has to be found; `None` if nothing typed can be.
    pub root: Option<Node>,
    /// What could not be read as it looks, for a person.
    pub remarks: Vec<String>,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// All have to match.
    All(Vec<Node>),
    /// One has to match.
    Any(Vec<Node>),
    /// Must not match.
    Not(Box<Node>),
    /// A string.
    Text(Text),
    /// Strings near each other, in any order.
    Near {
        /// Matching forms, two or more.
        strings: Vec<String>,
        /// Most characters of the matching form between one and the next.
        within: u32,
    },
    /// Strings one after the other in a sentence.
    Sequence {
        /// Matching forms, two or more.
        pieces: Vec<String>,
        /// What stands between each and the next; one fewer than pieces.
        gaps: Vec<Gap>,
    },
    /// A regular expression over a passage's text.
    Regex(String),
    /// All inside one unit.
    Within(Scope, Box<Node>),
    /// A property of the report or passage.
    Field(Field),
    /// Counts more or less in the ranking.
    Weighted(Box<Node>, f32),
}

/// A string to be found.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Its matching form; not empty unless `verbatim` is set.
    pub form: String,
    /// What has to stand in the text, quotes and punctuation included.
    pub verbatim: Option<String>,
    /// Other wordings that count as well, under a number of their own.
    pub equivalents: Vec<Equivalent>,
}

/// What may stand between two pieces of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Anything inside the sentence, nothing included.
    Any,
    /// So many characters of the matching form.
    Exactly(u32),
}

/// A unit that a part of a query is confined to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// A sentence of a passage.
    Sentence,
    /// An item of a passage, or what stands before its first one.
    Item,
    /// A passage.
    Paragraph,
    /// The passages directly under one heading, with the heading.
    Section,
    /// A report.
    Report,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Scope; 5] = [Scope::Sentence, Scope::Item, Scope::Paragraph, Scope::Section, Scope::Report];

    /// The names in queries: English and Chinese.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Scope::Sentence => ("SENTENCE", "同句"),
            Scope::Item => ("ITEM", "同项"),
            Scope::Paragraph => ("PARAGRAPH", "同段"),
            Scope::Section => ("SECTION", "同节"),
            Scope::Report => ("REPORT", "同篇"),
        }
    }
}

impl Query {
    /// Reads a query with every operator and equivalence.
    pub fn parse(text: &str) -> Query {
        Query::read(text, &Reading::default())
    }

    /// Reads a query as asked.
    pub fn read(text: &str, reading: &Reading) -> Query {
        parse::read(text, reading)
    }

    /// The matching forms to be found, in the order typed; those that are excluded are not among them.
    pub fn strings(&self) -> Vec<&str> {
        let mut strings = Vec::new();
        if let Some(root) = &self.root {
            root.collect_strings(&mut strings);
        }
        strings
    }

    /// The fields of a query that is made of fields alone; `None` if it asks for anything else.
    pub fn fields(&self) -> Option<Vec<Field>> {
        let field = |node: &Node| match node {
            Node::Field(field) => Some(field.clone()),
            _ => None,
        };
        match self.root.as_ref()? {
            Node::All(nodes) => nodes.iter().map(field).collect(),
            node => Some(vec![field(node)?]),
        }
    }
}

impl Node {
    /// Whether it asks for nothing but properties of reports and passages.
    pub fn is_condition(&self) -> bool {
        match self {
            Node::Field(_) => true,
            Node::Not(node) | Node::Weighted(node, _) => node.is_condition(),
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().all(Node::is_condition),
            _ => false,
        }
    }

    /// The matching forms that a match may hold.
    pub fn collect_strings<'a>(&'a self, strings: &mut Vec<&'a str>) {
        match self {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| node.collect_strings(strings)),
            Node::Text(text) if text.form.is_empty() => {}
            Node::Text(text) => strings.push(&text.form),
            Node::Near { strings: pieces, .. } | Node::Sequence { pieces, .. } => {
                strings.extend(pieces.iter().map(String::as_str));
            }
            Node::Within(_, node) | Node::Weighted(node, _) => node.collect_strings(strings),
            Node::Not(_) | Node::Regex(_) | Node::Field(_) => {}
        }
    }

    /// The fields that every match has to have, whatever else holds.
    pub fn collect_fields(&self, fields: &mut Vec<Field>) {
        match self {
            Node::Field(field) => fields.push(field.clone()),
            Node::All(nodes) => nodes.iter().for_each(|node| node.collect_fields(fields)),
            _ => {}
        }
    }
}
