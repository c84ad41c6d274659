//! A draft as it is checked: the reports read from it, their sentences, and where these stand.
//!
//! A draft lives in memory only. Positions are characters of its extracted text, before clean-up.

use std::ops::Range;

use super::compare::Wording;
use crate::model::{Inferred, Kind, Metadata, Origin, Part, Passage, Report, Role};
use crate::text::sentences::sentences;
use crate::text::slots::PlaceNames;

/// A draft.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Its extracted text.
    pub text: String,
    /// What was read from it; the byte ranges of their passages are ranges of `text`.
    pub reports: Vec<Report>,
}

impl Draft {
    /// A text without line breaks as a draft of one paragraph.
    pub fn of_text(text: &str) -> Draft {
        let passage = Passage {
            role: Role::Paragraph,
            part: Part::Other,
            section: None,
            text: text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
            bytes: std::iter::once(0..text.len() as u64).collect(),
        };
        let metadata =
            Metadata::new(Inferred::new(String::new(), Origin::Inferred), Inferred::new(Kind::Other, Origin::Inferred));
        let (id, source) = (String::new(), String::new());
        let report =
            Report { id, source, place: 0, metadata, sections: Vec::new(), passages: vec![passage], own_id: false };
        Draft { text: text.to_owned(), reports: vec![report] }
    }

    /// What is known about it: the metadata of its first report.
    pub fn metadata(&self) -> Option<&Metadata> {
        self.reports.first().map(|report| &report.metadata)
    }
}

/// A passage of a draft, ready for comparing.
pub struct DraftPassage<'a> {
    /// The report it belongs to.
    pub report: &'a Report,
    /// The passage.
    pub passage: &'a Passage,
    /// Its characters.
    pub chars: Vec<char>,
    /// Its wording.
    pub wording: Wording,
    /// For each character, which character of the extracted text it is.
    offsets: Vec<usize>,
}

/// A stretch of a draft's passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Characters of the passage.
    pub chars: Range<usize>,
    /// Units of its wording.
    pub units: Range<usize>,
}

impl<'a> DraftPassage<'a> {
    /// The passages of a draft, in order.
    pub fn of(draft: &'a Draft, places: &PlaceNames) -> Vec<DraftPassage<'a>> {
        let extracted = Extracted::new(&draft.text);
        let passages =
            draft.reports.iter().flat_map(|report| report.passages.iter().map(move |passage| (report, passage)));
        passages
            .map(|(report, passage)| {
                let chars: Vec<char> = passage.text.chars().collect();
                let offsets = extracted.offsets(&chars, &passage.bytes);
                let wording = Wording::of(&passage.text, places);
                DraftPassage { report, passage, chars, wording, offsets }
            })
            .collect()
    }

    /// Its sentences, those without anything to compare apart.
    pub fn sentences(&self) -> Vec<Stretch> {
        let trimmed = |(start, end): (usize, usize)| {
            let blank = |c: &&char| c.is_whitespace();
            let leading = self.chars[start..end].iter().take_while(blank).count();
            let trailing = self.chars[start + leading..end].iter().rev().take_while(blank).count();
            self.stretch(start + leading, end - trailing)
        };
        sentences(&self.chars).into_iter().map(trimmed).filter(|stretch| self.has_words(stretch)).collect()
    }

    /// The stretch of some of its characters.
    pub fn stretch(&self, start: usize, end: usize) -> Stretch {
        Stretch { chars: start..end, units: self.wording.units_in(start, end) }
    }

    /// Whether a stretch is a wording: numbers alone, or a single character such as a cell's 是, are none.
    fn has_words(&self, stretch: &Stretch) -> bool {
        stretch.units.len() > 1 && self.chars[stretch.chars.clone()].iter().any(|c| c.is_alphabetic())
    }

    /// The text of a stretch.
    pub fn text(&self, stretch: &Stretch) -> String {
        self.chars[stretch.chars.clone()].iter().collect()
    }

    /// The matching form of a stretch, without marks at its ends.
    pub fn form(&self, stretch: &Stretch) -> &[char] {
        match self.wording.units.get(stretch.units.clone()) {
            Some([first, .., last]) => &self.wording.folded.chars[first.start as usize..last.end as usize],
            Some([only]) => &self.wording.folded.chars[only.start as usize..only.end as usize],
            _ => &[],
        }
    }

    /// Where characters of the passage stand in the extracted text.
    pub fn place(&self, chars: &Range<usize>) -> (usize, usize) {
        let at = |i: usize| self.offsets.get(i).copied();
        let start = at(chars.start).unwrap_or_default();
        let end = chars.end.checked_sub(1).and_then(at).map_or(start, |last| last + 1);
        (start, end.max(start))
    }
}

/// An extracted text with its characters and where they begin.
struct Extracted {
    chars: Vec<char>,
    begins: Vec<usize>,
}

/// What some sites leave in the place of white space; clean-up drops it.
const ESCAPE: &str = "<U+";

/// Length of an escape, in characters.
const ESCAPE_LENGTH: usize = 8;

impl Extracted {
    fn new(text: &str) -> Extracted {
        let (begins, chars) = text.char_indices().unzip();
        Extracted { chars, begins }
    }

    /// How many characters that clean-up drops stand before a character, if that follows them.
    fn dropped_before(&self, c: char, places: &[usize]) -> Option<usize> {
        let mut skipped = 0;
        while let Some(&place) = places.get(skipped) {
            let here = self.chars[place];
            if here == c {
                return Some(skipped);
            }
            let is_escape = ESCAPE.chars().eq(places[skipped..].iter().take(3).map(|&place| self.chars[place]));
            match here {
                _ if is_escape => skipped += ESCAPE_LENGTH,
                _ if here.is_whitespace() || matches!(here, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}') => {
                    skipped += 1;
                }
                _ => return None,
            }
        }
        None
    }

    /// For each character of a passage, which of the extracted characters it is.
    fn offsets(&self, passage: &[char], bytes: &[Range<u64>]) -> Vec<usize> {
        let number = |byte: u64| self.begins.partition_point(|&begin| (begin as u64) < byte);
        let pieces = bytes.iter().map(|range| number(range.start)..number(range.end));
        let places: Vec<usize> = pieces.flatten().filter(|&place| place < self.chars.len()).collect();
        let mut next = 0;
        passage
            .iter()
            .map(|&c| {
                if let Some(skipped) = self.dropped_before(c, &places[next.min(places.len())..]) {
                    next += skipped + 1;
                }
                // What stands nowhere, such as a boundary between cells, is put behind what does.
                places.get(next.saturating_sub(1)).copied().unwrap_or_default()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_found_where_they_stood() {
        let text = "标题\n  持续\n\n改善<U+00A0>生态。";
        let piece = |part: &str| {
            let start = text.find(part).expect("there") as u64;
            start..start + part.len() as u64
        };
        let passage: Vec<char> = "持续改善生态。".chars().collect();
        let offsets = Extracted::new(text).offsets(&passage, &[piece("持续"), piece("改善<U+00A0>生态。")]);
        let chars: Vec<char> = text.chars().collect();
        assert_eq!(offsets.iter().map(|&at| chars[at]).collect::<Vec<_>>(), passage);
        assert_eq!(offsets[..2], [5, 6]);
        let cells = Extracted::new("甲乙").offsets(&['甲', '\t', '乙'], &[0..3, 3..6]);
        assert_eq!(cells, [0, 0, 1]);
    }
}
