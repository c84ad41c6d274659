//! Automatic numbering of a Word file: `numbering.xml` and the counters that run through the document.
//!
//! Labels are short whatever the file says. Which paragraphs are numbered belongs to `body` and `styles`.

use std::collections::{HashMap, HashSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::labels::Numerals;
use super::super::xml::attribute;

/// Levels of a numbering, by ECMA-376 17.9.
const LEVELS: usize = 9;

/// Longest label pattern (in characters) that is written out.
const MAX_PATTERN: usize = 64;

/// One level of a numbering.
#[derive(Debug, Clone)]
struct Level {
    start: u32,
    numerals: Numerals,
    /// Text with `%1` … `%9` for the numbers of the levels.
    pattern: String,
    /// A mark and no number.
    bullet: bool,
    /// All numbers in Arabic figures.
    legal: bool,
    /// Whether it starts anew after a higher level.
    restarts: bool,
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Level {
            start: 1,
            numerals: Numerals::default(),
            pattern: String::new(),
            bullet: false,
            legal: false,
            restarts: true,
            style: None,
        }
    }
}

#[derive(Debug, Default)]
struct Abstract {
    levels: [Option<Level>; LEVELS],
    /// The numbering style that defines it in its stead.
    link: Option<String>,
}

/// A numbering that paragraphs refer to: an abstract one with changes.
#[derive(Debug, Default)]
struct Instance {
    abstract_id: String,
    starts: [Option<u32>; LEVELS],
    levels: [Option<Level>; LEVELS],
}

/// The numberings of a file and where they have got to.
#[derive(Debug, Default)]
pub struct Numbering {
    abstracts: HashMap<String, Abstract>,
    instances: HashMap<String, Instance>,
    /// Last number of each level, by abstract numbering: its instances count on together.
    counters: HashMap<String, [Option<u32>; LEVELS]>,
    /// Levels of instances whose own start has been used.
    started: HashSet<(String, usize)>,
}

impl Numbering {
    /// Reads `numbering.xml`. What follows a damaged place is left out.
    pub fn read(xml: &str) -> Self {
        let mut numbering = Numbering::default();
        let mut place = Place::default();
        let mut reader = Reader::from_str(xml);
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Eof => break,
                Event::Start(element) | Event::Empty(element) => numbering.note(element, &mut place),
                _ => {}
            }
        }
        numbering
    }

    fn note(&mut self, element: &BytesStart, place: &mut Place) {
        let val = || attribute(element, "val");
        let number = || val().and_then(|value| value.parse::<u32>().ok());
        match element.local_name().as_ref() {
            "abstractNum" => *place = Place::abstract_num(attribute(element, "abstractNumId").unwrap_or_default()),
            "num" => *place = Place::num(attribute(element, "numId").unwrap_or_default()),
            "lvl" | "lvlOverride" => {
                place.level = attribute(element, "ilvl").and_then(|level| level.parse().ok()).unwrap_or(LEVELS);
            }
            "abstractNumId" => {
                self.instances.entry(place.id.clone()).or_default().abstract_id = val().unwrap_or_default()
            }
            "startOverride" => {
                let instance = self.instances.entry(place.id.clone()).or_default();
                if let Some(start) = instance.starts.get_mut(place.level) {
                    *start = number();
                }
            }
            "numStyleLink" => self.abstracts.entry(place.id.clone()).or_default().link = val(),
            name => {
                let Some(level) = self.level(place) else { return };
                match name {
                    "start" => level.start = number().unwrap_or(1),
                    "numFmt" => {
                        let format = val().unwrap_or_default();
                        level.bullet = format == "bullet";
                        level.numerals = numerals(&format).unwrap_or(level.numerals);
                    }
                    "lvlText" => level.pattern = val().unwrap_or_default().chars().take(MAX_PATTERN).collect(),
                    "isLgl" => level.legal = true,
                    "lvlRestart" => level.restarts = number() != Some(0),
                    "pStyle" => level.style = val(),
                    _ => {}
                }
            }
        }
    }

    fn level(&mut self, place: &Place) -> Option<&mut Level> {
        let levels = if place.instance {
            &mut self.instances.get_mut(&place.id)?.levels
        } else {
            &mut self.abstracts.entry(place.id.clone()).or_default().levels
        };
        Some(levels.get_mut(place.level)?.get_or_insert_default())
    }

    /// The numbering style that stands for a numbering, if one does.
    pub fn link(&self, id: &str) -> Option<&str> {
        self.abstracts.get(&self.instances.get(id)?.abstract_id)?.link.as_deref()
    }

    /// The level of a numbering that is bound to a paragraph style.
    pub fn level_of_style(&self, id: &str, style: &str) -> Option<usize> {
        let levels = &self.abstracts.get(&self.instances.get(id)?.abstract_id)?.levels;
        levels.iter().position(|level| level.as_ref().is_some_and(|level| level.style.as_deref() == Some(style)))
    }

    /// Counts a paragraph and gives its label, such as `（一）`; an empty one for bullets and unknown numberings.
    pub fn next(&mut self, id: &str, at: usize) -> String {
        let Some(instance) = self.instances.get(id) else { return String::new() };
        let Some(base) = self.abstracts.get(&instance.abstract_id) else { return String::new() };
        let level = |i: usize| instance.levels.get(i)?.as_ref().or(base.levels.get(i)?.as_ref());
        let start = |i: usize| {
            let own = instance.starts.get(i).copied().flatten();
            own.or(level(i).map(|level| level.start)).unwrap_or(1)
        };
        let Some(current) = level(at) else { return String::new() };
        let counters = self.counters.entry(instance.abstract_id.clone()).or_default();
        let restarted =
            instance.starts.get(at).copied().flatten().is_some() && self.started.insert((id.to_owned(), at));
        for (i, counter) in counters.iter_mut().enumerate() {
            match i.cmp(&at) {
                std::cmp::Ordering::Less => *counter = counter.or_else(|| Some(start(i))),
                std::cmp::Ordering::Equal => {
                    *counter = Some(match *counter {
                        Some(last) if !restarted => last.saturating_add(1),
                        _ => start(i),
                    });
                }
                std::cmp::Ordering::Greater if level(i).is_none_or(|level| level.restarts) => *counter = None,
                std::cmp::Ordering::Greater => {}
            }
        }
        let number = |i: usize| {
            let numerals =
                if current.legal { Numerals::Arabic } else { level(i).map_or(Numerals::Arabic, |l| l.numerals) };
            numerals.write(counters.get(i).copied().flatten().unwrap_or(1))
        };
        if current.bullet { String::new() } else { write(&current.pattern, number) }
    }
}

/// Where the reader of `numbering.xml` stands.
#[derive(Debug, Default)]
struct Place {
    id: String,
    /// In a `w:num`, else in a `w:abstractNum`.
    instance: bool,
    level: usize,
}

impl Place {
    fn abstract_num(id: String) -> Self {
        Place { id, instance: false, level: LEVELS }
    }

    fn num(id: String) -> Self {
        Place { id, instance: true, level: LEVELS }
    }
}

/// Fills a pattern such as `第%1章`.
fn write(pattern: &str, number: impl Fn(usize) -> String) -> String {
    let mut label = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(char) = chars.next() {
        let level = chars.peek().and_then(|next| next.to_digit(10)).filter(|digit| char == '%' && *digit > 0);
        match level {
            Some(level) => {
                label.push_str(&number(level as usize - 1));
                chars.next();
            }
            None => label.push(char),
        }
    }
    label.trim().to_owned()
}

/// The numerals of a `w:numFmt` (ECMA-376 17.18.59); `None` for one that stands elsewhere (`custom`).
fn numerals(format: &str) -> Option<Numerals> {
    Some(match format {
        "custom" => return None,
        "none" => Numerals::Hidden,
        "decimalZero" => Numerals::ArabicZero,
        "decimalFullWidth" | "decimalFullWidth2" => Numerals::FullWidth,
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "koreanCounting" => Numerals::Chinese,
        "ideographEnclosedCircle" => Numerals::CircledChinese,
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" | "koreanDigital2" => {
            Numerals::ChineseDigits
        }
        "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" => Numerals::ChineseLegal,
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Numerals::Circled,
        "decimalEnclosedParen" => Numerals::Parenthesised,
        "decimalEnclosedFullstop" => Numerals::FullStopped,
        "ideographTraditional" => Numerals::Stems,
        "ideographZodiac" => Numerals::Branches,
        "upperRoman" => Numerals::Roman(true),
        "lowerRoman" => Numerals::Roman(false),
        "upperLetter" => Numerals::Letters(true),
        "lowerLetter" => Numerals::Letters(false),
        _ => Numerals::Arabic,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = r#"<w:numbering>
        <w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="2"/><w:lvlText w:val="%1、"/></w:lvl>
        <w:lvl w:ilvl="1"><w:numFmt w:val="japaneseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
        <w:lvl w:ilvl="2"><w:isLgl/><w:lvlText w:val="%1.%3"/></w:lvl>
        <w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl></w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
        </w:numbering>"#;

    #[test]
    fn levels_count_and_start_anew() {
        let mut numbering = Numbering::read(XML);
        let labels: Vec<String> =
            [("1", 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1), ("1", 2), ("1", 3), ("2", 0), ("2", 0), ("9", 0)]
                .into_iter()
                .map(|(id, level)| numbering.next(id, level))
                .collect();
        assert_eq!(labels, ["一、", "（一）", "（二）", "二、", "（一）", "2.1", "", "五、", "六、", ""]);
        assert_eq!(numbering.level_of_style("1", "2"), Some(0));
    }

    #[test]
    fn labels_stay_short() {
        let xml = XML.replace("%1、", &"%1".repeat(10_000));
        assert!(Numbering::read(&xml).next("1", 0).chars().count() <= 10 * MAX_PATTERN);
        assert_eq!(Numbering::read(XML).next("1", usize::MAX), "");
    }
}
