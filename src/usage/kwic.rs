//! Keyword in context: every occurrence as a line, with what stands left and right of it.
//!
//! Lines are places until they are shown, so a hundred thousand of them take little room; texts are read for the
//! lines that are asked for, and for sorting by context.

use std::cmp::Ordering;
use std::rc::Rc;

use super::Usage;
use super::located::{self, Located};
use crate::error::Error;
use crate::index::{DocId, TantivyError};
use crate::query::{Node, Text};
use crate::search::groups::{By, Groups, Key};
use crate::search::parallel;
use crate::search::places::{Place, of_documents};
use crate::search::spans::spans;
use crate::search::words::{Token, Words};
use crate::text::fingerprint::mix;
use crate::text::fold::{Folded, MARK, fold};

/// The order of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// By year, then as in the report; undated ones last.
    Year,
    /// By source, as in the archive.
    Report,
    /// By the characters before the match, from this one on, counted outwards from 1.
    Left(Unit, usize),
    /// By the characters behind the match, likewise.
    Right(Unit, usize),
}

/// What context is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Characters; marks and white space do not count.
    Character,
    /// Words of the passage's own segmentation.
    Word,
}

/// Characters or words that are compared.
const COMPARED: usize = 5;

/// One occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    segment: usize,
    place: Place,
    /// How many lines of the same passage stand before it.
    number: u32,
}

/// An occurrence with its text.
pub struct Shown {
    /// What stands before it in the passage, at most as many characters as asked for.
    pub left: String,
    /// What matches.
    pub matched: String,
    /// What stands behind it.
    pub right: String,
    /// Whether it starts and ends on word boundaries.
    pub is_whole: bool,
    /// Where it stands.
    pub at: Located,
}

/// The occurrences of a usage, in order.
pub struct Lines<'a> {
    usage: &'a Usage<'a>,
    lines: Vec<Line>,
}

/// Lines up every occurrence of what is asked for.
///
/// # Errors
/// If the index is damaged.
pub fn lines<'a>(usage: &'a Usage<'a>) -> Result<Lines<'a>, Error> {
    let mut lines = Vec::new();
    for (segment, places) in usage.places()?.iter().enumerate() {
        for of_passage in of_documents(places) {
            lines.extend((0..).zip(of_passage).map(|(number, &place)| Line { segment, place, number }));
        }
    }
    Ok(Lines { usage, lines })
}

impl Lines<'_> {
    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Keeps `count` lines chosen at random: the same ones for the same archive and seed, whatever order its index has.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn sample(&mut self, count: usize, seed: u64) -> Result<(), Error> {
        self.sort(Sort::Report)?;
        // The least of as many random numbers as there are lines.
        let number = |at: usize| mix(mix(seed) ^ at as u64);
        let mut drawn: Vec<usize> = (0..self.lines.len()).collect();
        drawn.sort_by_cached_key(|&at| number(at));
        drawn.truncate(count);
        drawn.sort_unstable();
        self.lines = drawn.into_iter().map(|at| self.lines[at]).collect();
        Ok(())
    }

    /// Sorts the lines; equal ones by year, source and place.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn sort(&mut self, sort: Sort) -> Result<(), Error> {
        let failure = |source| self.usage.snapshot.failure(source);
        let standing = self.standings().map_err(failure)?;
        let contexts = match sort {
            Sort::Left(unit, from) | Sort::Right(unit, from) => {
                let words = if unit == Unit::Word { Some(self.usage.words().map_err(failure)?) } else { None };
                let is_left = matches!(sort, Sort::Left(..));
                parallel::map(&self.lines, |line| self.context(line, is_left, from, words.as_ref())).map_err(failure)?
            }
            Sort::Year | Sort::Report => vec![String::new(); self.lines.len()],
        };
        let by_standing = |a: usize, b: usize| -> Ordering {
            let (a, b) = (&standing[a], &standing[b]);
            let by_source = (&a.report, a.place).cmp(&(&b.report, b.place));
            if sort == Sort::Report { by_source } else { a.year.cmp(&b.year).then(by_source) }
        };
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        order.sort_by(|&a, &b| contexts[a].cmp(&contexts[b]).then_with(|| by_standing(a, b)));
        self.lines = order.into_iter().map(|at| self.lines[at]).collect();
        Ok(())
    }

    /// The lines from `offset` on, at most `limit`, with up to `width` characters on either side.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn shown(&self, offset: usize, limit: usize, width: usize) -> impl Iterator<Item = Result<Shown, Error>> {
        let mut opened: Option<Opened> = None;
        let read = move |line: &Line| {
            // Lines of one passage often follow each other.
            let known = opened.take().filter(|opened| opened.place == (line.segment, line.place.doc));
            let current =
                known.map_or_else(|| self.open(line), Ok).map_err(|source| self.usage.snapshot.failure(source))?;
            let shown = current.shown(line, width);
            opened = Some(current);
            Ok(shown)
        };
        self.lines.iter().skip(offset).take(limit).map(read)
    }

    fn open(&self, line: &Line) -> Result<Opened, TantivyError> {
        let (number, doc) = (line.segment, line.place.doc);
        let at = Located::read(self.usage.snapshot, number, doc, (0, 0))?;
        let looks_at_marks = self.usage.asked.as_ref().filter(|asked| looks_at_marks(asked));
        let mut originals = looks_at_marks.map(|asked| spans(&at.passage.text, asked)).unwrap_or_default();
        let matching = &self.usage.matching[number];
        let occurrences =
            matching.binary_search_by_key(&doc, |found| found.doc).map_or(0, |at| matching[at].occurrences as usize);
        // Where one is found twice, nobody knows which is which.
        if originals.len() != occurrences {
            originals.clear();
        }
        Ok(Opened {
            place: (number, doc),
            folded: fold(&at.passage.text),
            chars: at.passage.text.chars().collect(),
            originals,
            at,
        })
    }

    /// What decides between lines of equal context.
    fn standings(&self) -> Result<Vec<Standing>, TantivyError> {
        let mut standings: Vec<Standing> = Vec::with_capacity(self.lines.len());
        let mut last: Option<(usize, DocId, ReportPlace)> = None;
        for of_segment in self.lines.chunk_by(|a, b| a.segment == b.segment) {
            let number = of_segment[0].segment;
            let segment = &self.usage.snapshot.segments[number];
            let groups = Groups::of(segment, By::Year)?;
            for line in of_segment {
                let doc = line.place.doc;
                let header = segment.header_of(doc);
                // Lines of one report follow each other.
                let report = match &last {
                    Some((of, known, report)) if (*of, *known) == (number, header) => Rc::clone(report),
                    _ => {
                        let header = segment.header(header)?;
                        Rc::new((header.source, header.place))
                    }
                };
                last = Some((number, header, Rc::clone(&report)));
                let year = groups.key(groups.number(doc));
                standings.push(Standing { year, report, place: (doc - header, line.place.start) });
            }
        }
        Ok(standings)
    }

    /// What a line is sorted by: up to [`COMPARED`] characters or words, outwards from the match.
    fn context(&self, line: &Line, is_left: bool, from: usize, words: Option<&Words>) -> Result<String, TantivyError> {
        let segment = &self.usage.snapshot.segments[line.segment];
        let place = line.place;
        let units: Vec<String> = match words {
            None => {
                let form = segment.form(place.doc)?.chars;
                let (start, end) = (place.start as usize, place.end as usize);
                let of = |chars: &mut dyn Iterator<Item = char>| -> Vec<String> {
                    let counting = chars.filter(|c| *c != MARK && !c.is_whitespace());
                    counting.skip(from - 1).take(COMPARED).map(String::from).collect()
                };
                if is_left {
                    of(&mut form[..start].iter().rev().copied())
                } else {
                    of(&mut form[end..].iter().copied())
                }
            }
            Some(words) => {
                let placed = words.passage(line.segment, place.doc);
                let word = |token: &crate::search::words::Placed| match token.token {
                    Token::Word(id) => Some(words.vocabulary.word(id).to_owned()),
                    _ => None,
                };
                let left = placed.iter().rev().filter(|token| token.end <= place.start).filter_map(word);
                let right = placed.iter().filter(|token| token.start >= place.end).filter_map(word);
                let of = |words: &mut dyn Iterator<Item = String>| words.skip(from - 1).take(COMPARED).collect();
                if is_left { of(&mut { left }) } else { of(&mut { right }) }
            }
        };
        Ok(units.join("\u{1}"))
    }
}

/// A source, and a report's place in it.
type ReportPlace = Rc<(String, u32)>;

/// A passage whose lines are being shown.
struct Opened {
    place: (usize, DocId),
    at: Located,
    folded: Folded,
    chars: Vec<char>,
    /// What matches in the text itself, for queries that look at quotes and punctuation, which the matching form lacks.
    originals: Vec<(usize, usize)>,
}

impl Opened {
    fn shown(&self, line: &Line, width: usize) -> Shown {
        let place = line.place;
        let of_form = || located::in_text(&self.folded, (place.start, place.end));
        let (start, end) = self.originals.get(line.number as usize).copied().unwrap_or_else(of_form);
        let text = |from: usize, to: usize| -> String {
            self.chars[from..to].iter().map(|&c| if c == '\t' { ' ' } else { c }).collect()
        };
        Shown {
            left: text(start.saturating_sub(width), start),
            matched: text(start, end),
            right: text(end, end.saturating_add(width).min(self.chars.len())),
            is_whole: place.starts && place.ends,
            at: Located { span: (start, end), ..self.at.clone() },
        }
    }
}

/// Where a line stands in the archive: whatever the index's order is.
struct Standing {
    year: Key,
    report: ReportPlace,
    /// The passage's number, and the place in it.
    place: (u32, u32),
}

/// Whether a query looks at quotes and punctuation as they stand.
fn looks_at_marks(node: &Node) -> bool {
    match node {
        Node::Regex(_) | Node::Text(Text { verbatim: Some(_), .. }) => true,
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(looks_at_marks),
        Node::Within(_, node) | Node::Weighted(node, _) => looks_at_marks(node),
        _ => false,
    }
}
