//! The sentences of a report that are compared, ready for comparing.
//!
//! Invariant: sentences do not overlap and come in reading order; what of the running text stands in none is
//! enumerators, white space, formulas and marks.

use std::ops::Range;

use super::outline::Outline;
use super::{Mode, Place, Side};
use crate::model::{Part, Passage, Role};
use crate::text::sentences::{clauses, enumerator, item_starts, sentences};
use crate::text::slots::PlaceNames;
use crate::wording::compare::{Unit, Wording};
use crate::wording::formulas::is_formula;

/// A sentence.
#[derive(Debug)]
pub struct Piece {
    /// Index of its passage.
    pub passage: usize,
    /// Its characters, without an enumerator.
    pub chars: Range<usize>,
    /// Its units in the passage's wording.
    pub units: Range<usize>,
    /// Number of its section in the outline.
    pub section: usize,
    /// What the part of the report does that it stands in.
    pub stance: Stance,
    /// What it begins: there topics are named.
    pub opens: Opens,
}

/// What a sentence begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// A section, as its heading.
    Section,
    /// A passage.
    Passage,
    /// Nothing.
    Nothing,
}

/// What a part of a report does, as far as its sentences have another tense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    /// Looks back.
    Back,
    /// Looks forward.
    Forward,
    /// Neither, or not known.
    Neither,
}

impl From<Part> for Stance {
    fn from(part: Part) -> Stance {
        match part {
            Part::Review | Part::Problems | Part::Experience => Stance::Back,
            Part::Requirements | Part::Plan => Stance::Forward,
            Part::Closing | Part::Appendix | Part::Other => Stance::Neither,
        }
    }
}

impl Stance {
    /// Whether one looks back and the other forward.
    pub fn is_opposite(self, other: Stance) -> bool {
        matches!((self, other), (Stance::Back, Stance::Forward) | (Stance::Forward, Stance::Back))
    }
}

/// A report's sentences with what they are cut from.
pub struct Text<'a> {
    report: &'a str,
    passages: &'a [Passage],
    /// The wording of each passage; empty for those left out.
    pub wordings: Vec<Wording>,
    /// The sections.
    pub outline: Outline,
    /// The sentences.
    pub pieces: Vec<Piece>,
}

impl Mode {
    /// The parts of the first report whose sentences are compared; empty for all.
    pub(super) fn parts_of_a(self) -> &'static [Part] {
        match self {
            Mode::Versions => &[],
            Mode::PlanReview | Mode::Superior => &[Part::Requirements, Part::Plan],
        }
    }

    /// Those of the second.
    pub(super) fn parts_of_b(self) -> &'static [Part] {
        match self {
            Mode::Versions => &[],
            Mode::PlanReview => &[Part::Review],
            Mode::Superior => &[Part::Requirements, Part::Plan],
        }
    }
}

impl<'a> Text<'a> {
    /// The sentences of a report that stand in some parts; in all, if it has none of these.
    pub fn of(side: &Side<'a>, parts: &[Part], names: &PlaceNames) -> Text<'a> {
        Text::with(side, parts, &[Role::Paragraph, Role::Row], names)
    }

    /// The same with the headings, which speak of tasks as sentences do.
    pub fn with_headings(side: &Side<'a>, parts: &[Part], names: &PlaceNames) -> Text<'a> {
        Text::with(side, parts, &[Role::Paragraph, Role::Row, Role::Heading], names)
    }

    fn with(side: &Side<'a>, parts: &[Part], roles: &[Role], names: &PlaceNames) -> Text<'a> {
        let has_parts = side.passages.iter().any(|passage| parts.contains(&passage.part));
        let is_taken = |passage: &Passage| {
            let is_part = if has_parts { parts.contains(&passage.part) } else { passage.part != Part::Appendix };
            is_part && roles.contains(&passage.role)
        };
        let outline = Outline::of(side.sections, side.passages);
        let mut wordings = Vec::with_capacity(side.passages.len());
        let mut pieces = Vec::new();
        for (number, passage) in side.passages.iter().enumerate() {
            if !is_taken(passage) {
                wordings.push(Wording::default());
                continue;
            }
            let wording = Wording::of(&passage.text, names);
            let chars: Vec<char> = passage.text.chars().collect();
            let section = outline.section_of(number);
            let begins_section = outline.nodes[section].begins == Some(number);
            let mut opens = if begins_section { Opens::Section } else { Opens::Passage };
            for chars in stretches(&chars, passage.role) {
                let units = wording.units_in(chars.start, chars.end);
                if says_something(&wording, &units) {
                    pieces.push(Piece { passage: number, chars, units, section, stance: passage.part.into(), opens });
                    opens = Opens::Nothing;
                }
            }
            wordings.push(wording);
        }
        Text { report: side.report, passages: side.passages, wordings, outline, pieces }
    }

    /// Whether a sentence is a heading.
    pub fn is_heading(&self, piece: usize) -> bool {
        self.passages[self.pieces[piece].passage].role == Role::Heading
    }

    /// The units of a sentence.
    pub fn units(&self, piece: usize) -> &[Unit] {
        let piece = &self.pieces[piece];
        &self.wordings[piece.passage].units[piece.units.clone()]
    }

    /// The matching form of a sentence.
    pub fn form(&self, piece: usize) -> &[char] {
        let wording = &self.wordings[self.pieces[piece].passage];
        let (Some(first), Some(last)) = (self.units(piece).first(), self.units(piece).last()) else { return &[] };
        &wording.folded.chars[first.start as usize..last.end as usize]
    }

    /// The clauses of a sentence, as ranges of its units.
    pub fn clauses(&self, piece: usize) -> Vec<Range<usize>> {
        let of = &self.pieces[piece];
        let chars: Vec<char> = self.text(piece).chars().collect();
        let wording = &self.wordings[of.passage];
        let units = |(start, end): (usize, usize)| {
            let units = wording.units_in(of.chars.start + start, of.chars.start + end);
            units.start.saturating_sub(of.units.start)..units.end.saturating_sub(of.units.start)
        };
        clauses(&chars).into_iter().map(units).filter(|clause| !clause.is_empty()).collect()
    }

    /// The symbols of a sentence's units: its words whatever the values.
    pub fn symbols(&self, piece: usize) -> Vec<u32> {
        self.units(piece).iter().map(|unit| unit.symbol).collect()
    }

    /// The text that some units of a sentence stand for.
    pub fn text_of_units(&self, piece: usize, units: Range<usize>) -> String {
        let of = &self.pieces[piece];
        let units = of.units.start + units.start..of.units.start + units.end;
        let (start, end) = self.wordings[of.passage].origin(units).unwrap_or_default();
        self.passages[of.passage].text.chars().skip(start).take(end - start).collect()
    }

    /// The text of a sentence.
    pub fn text(&self, piece: usize) -> String {
        let Piece { passage, chars, .. } = &self.pieces[piece];
        self.passages[*passage].text.chars().skip(chars.start).take(chars.len()).collect()
    }

    /// Where a sentence stands.
    pub fn place(&self, piece: usize) -> Place {
        let of = &self.pieces[piece];
        Place {
            report: self.report.to_owned(),
            passage: of.passage as u32 + 1,
            chars: of.chars.clone(),
            text: self.text(piece),
            section: self.outline.path(of.section),
        }
    }
}

/// Whether units are more than nothing and no formula.
fn says_something(wording: &Wording, units: &Range<usize>) -> bool {
    let units = &wording.units[units.clone()];
    let (Some(first), Some(last)) = (units.first(), units.last()) else { return false };
    !is_formula(&wording.folded.chars[first.start as usize..last.end as usize])
}

/// The stretches of a passage that are sentences: cut at the ends of sentences, at semicolons and before items.
fn stretches(chars: &[char], role: Role) -> Vec<Range<usize>> {
    if role == Role::Row {
        return trimmed(chars, 0..chars.len()).into_iter().collect();
    }
    let mut cuts: Vec<usize> = sentences(chars).into_iter().map(|(_, end)| end).collect();
    cuts.extend(item_starts(chars));
    cuts.extend(chars.iter().enumerate().filter(|(_, c)| matches!(c, '；' | ';')).map(|(at, _)| at + 1));
    cuts.sort_unstable();
    let mut start = 0;
    let mut stretches = Vec::new();
    for end in cuts {
        stretches.extend(trimmed(chars, start..end));
        start = end;
    }
    stretches
}

/// A stretch without white space around it and the enumerator it begins with.
fn trimmed(chars: &[char], stretch: Range<usize>) -> Option<Range<usize>> {
    let blank = |c: &char| c.is_whitespace();
    let skip = |from: usize| from + chars[from..stretch.end].iter().take_while(|c| blank(c)).count();
    let start = skip(stretch.start);
    let start = skip((start + enumerator(&chars[start..stretch.end])).min(stretch.end));
    let end = stretch.end - chars[start..stretch.end].iter().rev().take_while(|c| blank(c)).count();
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, role: Role) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        stretches(&chars, role).into_iter().map(|range| chars[range].iter().collect()).collect()
    }

    #[test]
    fn sentences_are_cut_at_semicolons_and_items_and_lose_their_enumerators() {
        let text = "（一）稳住茶业。抓好三件事：一是修渠，二是补苗；三是开市。 ——办好夜校！";
        let expected = ["稳住茶业。", "抓好三件事：", "修渠，", "补苗；", "开市。", "办好夜校！"];
        assert_eq!(cut(text, Role::Paragraph), expected);
        assert_eq!(cut("茶园\t亩\t3；4", Role::Row), ["茶园\t亩\t3；4"]);
        assert_eq!(cut("一是", Role::Paragraph), [""; 0]);
        assert_eq!(cut("", Role::Paragraph), [""; 0]);
    }
}
