//! The matching form: the string in which queries and passages are compared.
//!
//! Invariant: every character of the form knows the characters of the original it stands for, so a
//! match can always be shown in the source's own words. Pure functions; no dictionary, no index.
//! Segmentation of the form belongs to `segment`, boundary marks at the ends of a query to `query`.
//!
//! The five steps, in order:
//! 1. full-width ASCII to half-width, ASCII to lower case, Han variants to simplified (`variants.tsv`);
//! 2. zero-width characters dropped; white space dropped, except one space between ASCII letters or digits;
//! 3. quotes, brackets, title marks and middle dots dropped (a dot directly between digits is `.`);
//! 4. `.` `,` between digits, single dashes between ASCII letters or digits and `% ‰ ℃ + ~ /` kept;
//!    every other punctuation character, and the tab between cells, is a mark, and a run of marks is one `。`;
//! 5. everything else is itself.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// The one character that stands for a run of boundary marks in a matching form.
pub const MARK: char = '。';

/// A matching form with its way back to the original.
///
/// All vectors have one element per character of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    /// The characters of the matching form.
    pub chars: Vec<char>,
    /// For each, the half-open range of original characters (not bytes) it stands for.
    pub origins: Vec<(u32, u32)>,
    /// For each, whether a quote, bracket or middle dot was dropped directly before it.
    pub breaks: Vec<bool>,
}

impl Folded {
    /// The form as a string.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// The start of every occurrence of `needle`, overlapping ones included, in characters of the form.
    pub fn find_all<'a>(&'a self, needle: &'a [char]) -> impl Iterator<Item = usize> + 'a {
        let windows = if needle.is_empty() { 1 } else { needle.len() };
        self.chars.windows(windows).enumerate().filter(move |(_, window)| *window == needle).map(|(start, _)| start)
    }

    /// The half-open range of the form that stands for characters `from..to` of the original.
    pub fn range_of(&self, from: usize, to: usize) -> (usize, usize) {
        let start = self.origins.partition_point(|&(_, end)| end as usize <= from);
        let end = self.origins.partition_point(|&(first, _)| (first as usize) < to);
        (start, end.max(start))
    }

    /// The original characters that `len` characters of the form from `start` stand for.
    ///
    /// # Panics
    /// If the range is empty or not inside the form.
    pub fn origin_of(&self, start: usize, len: usize) -> (usize, usize) {
        let (first, _) = self.origins[start];
        let (_, last) = self.origins[start + len - 1];
        (first as usize, last as usize)
    }
}

/// The matching form of `text`.
pub fn matching_form(text: &str) -> String {
    fold(text).text()
}

/// The matching form of `text`, with the way back.
pub fn fold(text: &str) -> Folded {
    let spaced = without_white_space(text);
    resolve_marks(&without_transparent(&spaced))
}

/// The Han characters of a text's matching form; whatever else stands between them is a mark.
///
/// For scanning much text: a stretch of Han characters stands in the matching form where it stands here.
pub fn han_form(text: &str) -> Vec<char> {
    let mut form = Vec::with_capacity(text.len() / 3);
    for original in text.chars() {
        let (char, class) = classify(original);
        let is_dropped = matches!(class, Class::Ignored | Class::White | Class::Transparent | Class::MiddleDot);
        if is_basic_han(char) {
            form.push(char);
        } else if !is_dropped && form.last() != Some(&MARK) {
            form.push(MARK);
        }
    }
    form
}

fn is_basic_han(char: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&char)
}

/// The text after steps 1 and 2 alone: width, case, variants and white space folded, quotes, brackets and
/// punctuation as they stand. What `marks:on` compares.
pub fn fold_keeping_marks(text: &str) -> Folded {
    let units = without_white_space(text);
    Folded {
        chars: units.iter().map(|unit| unit.char).collect(),
        origins: units.iter().map(|unit| (unit.at, unit.at + 1)).collect(),
        breaks: vec![false; units.len()],
    }
}

/// A regular expression for the original texts whose [`fold_keeping_marks`] is `form`.
///
/// It finds in a text what folding the text would find, without folding it.
pub fn pattern_keeping_marks(form: &[char]) -> String {
    const IGNORED: &str = r"\p{Cf}\x{180B}-\x{180D}\x{180F}\x{FE00}-\x{FE0F}\x{E0100}-\x{E01EF}";
    const WHITE: &str = r"[\p{White_Space}--\t]";
    let mut pattern = String::new();
    for (i, &c) in form.iter().enumerate() {
        let before = i.checked_sub(1).map(|before| form[before]);
        let is_alphanumeric = |c: char| matches!(c, '0'..='9' | 'a'..='z');
        match before {
            None => {}
            // A space between two of these would have been kept.
            Some(before) if is_alphanumeric(before) && is_alphanumeric(c) => pattern += &format!("[{IGNORED}]*"),
            Some(_) => pattern += &format!("[{WHITE}{IGNORED}]*"),
        }
        if c == ' ' {
            pattern += WHITE;
            continue;
        }
        let originals: String = originals(c).into_iter().map(|c| regex::escape(&c.to_string())).collect();
        pattern += &format!("(?:[{originals}])");
    }
    pattern
}

/// The characters that step 1 makes this one.
fn originals(folded: char) -> Vec<char> {
    let mut originals = vec![folded];
    originals.extend(folded.is_ascii_lowercase().then(|| folded.to_ascii_uppercase()));
    let full_width = |c: &char| ('!'..='~').contains(c).then(|| char::from_u32(*c as u32 + 0xFEE0)).flatten();
    originals.extend(originals.iter().filter_map(full_width).collect::<Vec<_>>());
    let code = u16::try_from(folded as u32).unwrap_or(NONE);
    let basic = (0u32..).zip(BASIC).filter(|&(_, &target)| code > ELSEWHERE && u16::from_le_bytes(target) == code);
    originals.extend(basic.filter_map(|(source, _)| char::from_u32(source)));
    originals.extend(OTHERS.iter().filter(|&(_, &target)| target == folded).map(|(&source, _)| source));
    originals
}

/// What a character is to the five steps, after step 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Letter,
    White,
    Ignored,
    Transparent,
    MiddleDot,
    Point,
    Dash,
    Mark,
    Plain,
}

impl Class {
    fn is_alphanumeric(self) -> bool {
        matches!(self, Class::Digit | Class::Letter)
    }
}

#[derive(Clone, Copy)]
struct Unit {
    char: char,
    class: Class,
    /// Index of the original character.
    at: u32,
    /// Something transparent was dropped directly before.
    breaks: bool,
}

/// Steps 1 and 2.
fn without_white_space(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::with_capacity(text.len() / 3 + 8);
    let mut space = false;
    for (at, original) in text.chars().enumerate() {
        let (char, class) = classify(original);
        match class {
            Class::Ignored => {}
            Class::White => space = true,
            _ => {
                let at = at as u32;
                let between_words = class.is_alphanumeric() && units.last().is_some_and(|u| u.class.is_alphanumeric());
                if space && between_words {
                    units.push(Unit { char: ' ', class: Class::Plain, at: at - 1, breaks: false });
                }
                space = false;
                units.push(Unit { char, class, at, breaks: false });
            }
        }
    }
    units
}

/// Step 3.
fn without_transparent(units: &[Unit]) -> Vec<Unit> {
    let is_digit = |i: usize| units.get(i).is_some_and(|u| u.class == Class::Digit);
    let mut kept = Vec::with_capacity(units.len());
    let mut breaks = false;
    for (i, unit) in units.iter().enumerate() {
        match unit.class {
            Class::MiddleDot if i > 0 && is_digit(i - 1) && is_digit(i + 1) => {
                kept.push(Unit { char: '.', class: Class::Plain, ..*unit });
            }
            Class::Transparent | Class::MiddleDot => breaks = true,
            _ => {
                kept.push(Unit { breaks, ..*unit });
                breaks = false;
            }
        }
    }
    kept
}

/// Steps 4 and 5.
fn resolve_marks(units: &[Unit]) -> Folded {
    let is = |i: usize, test: fn(Class) -> bool| units.get(i).is_some_and(|u| test(u.class));
    let mut folded = Folded {
        chars: Vec::with_capacity(units.len()),
        origins: Vec::with_capacity(units.len()),
        breaks: Vec::with_capacity(units.len()),
    };
    for (i, unit) in units.iter().enumerate() {
        let between = |test: fn(Class) -> bool| i > 0 && is(i - 1, test) && is(i + 1, test);
        let char = match unit.class {
            Class::Point if between(|class| class == Class::Digit) => unit.char,
            Class::Dash if between(Class::is_alphanumeric) => '-',
            Class::Point | Class::Dash | Class::Mark => MARK,
            _ => unit.char,
        };
        let origin = (unit.at, unit.at + 1);
        // A literal `。` cannot reach this point: it is of class Mark.
        if char == MARK && folded.chars.last() == Some(&MARK) {
            if let Some(last) = folded.origins.last_mut() {
                last.1 = origin.1;
            }
            continue;
        }
        folded.chars.push(char);
        folded.origins.push(origin);
        folded.breaks.push(unit.breaks);
    }
    folded
}

/// Step 1 and the class that the later steps see.
fn classify(original: char) -> (char, Class) {
    if is_basic_han(original) {
        return (simplified(original), Class::Plain);
    }
    let char = match original {
        '\u{FF01}'..='\u{FF5E}' => half_width(original),
        'A'..='Z' => original.to_ascii_lowercase(),
        _ => simplified(original),
    };
    (char, class_of(char))
}

fn half_width(full: char) -> char {
    char::from_u32(full as u32 - 0xFEE0).map_or(full, |half| half.to_ascii_lowercase())
}

fn class_of(char: char) -> Class {
    match char {
        '0'..='9' => Class::Digit,
        'a'..='z' => Class::Letter,
        '\t' => Class::Mark,
        '“' | '”' | '‘' | '’' | '"' | '\'' | '「' | '」' | '『' | '』' | '《' | '》' | '〈' | '〉' | '(' | ')'
        | '[' | ']' | '【' | '】' | '〔' | '〕' | '{' | '}' => Class::Transparent,
        '·' | '•' | '・' | '∙' => Class::MiddleDot,
        '.' | ',' => Class::Point,
        '-' | '–' | '—' => Class::Dash,
        '%' | '‰' | '℃' | '+' | '~' | '/' => Class::Plain,
        // The commonest of category P, without asking for it.
        '。' | '、' | ';' | ':' | '!' | '?' | '…' => Class::Mark,
        '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => Class::Ignored,
        _ if char.is_whitespace() => Class::White,
        _ if char.general_category() == GeneralCategory::Format => Class::Ignored,
        _ if char.general_category_group() == GeneralCategoryGroup::Punctuation => Class::Mark,
        _ => Class::Plain,
    }
}

/// The target of each character of the basic plane, [`NONE`], or [`ELSEWHERE`]; made at build time.
const BASIC: &[[u8; 2]] = include_bytes!(concat!(env!("OUT_DIR"), "/variants.bin")).as_chunks().0;

/// The characters that step 1 replaces and that are not of the basic plane, or whose targets are not.
static OTHERS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let chars = include_bytes!(concat!(env!("OUT_DIR"), "/other_variants.bin")).as_chunks().0;
    let pair = |pair: &[[u8; 4]; 2]| {
        let [source, target] = pair.map(u32::from_le_bytes).map(char::from_u32);
        Some((source?, target?))
    };
    chars.as_chunks().0.iter().filter_map(pair).collect()
});

/// A character that stays as it is.
const NONE: u16 = 0;

/// A character whose target is not of the basic plane.
const ELSEWHERE: u16 = 1;

fn basic_target(code: u16) -> u16 {
    u16::from_le_bytes(BASIC[usize::from(code)])
}

/// The simplified character that a traditional, variant, compatibility or radical one folds to.
pub fn simplified(char: char) -> char {
    match u16::try_from(char as u32).map_or(ELSEWHERE, basic_target) {
        NONE => char,
        ELSEWHERE => OTHERS.get(&char).copied().unwrap_or(char),
        target => char::from_u32(u32::from(target)).unwrap_or(char),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_cases() {
        for (text, expected) in [
            ("“十五五”规划", "十五五规划"),
            ("９·５％", "9.5%"),
            ("AI  agent", "ai agent"),
            ("2026 年", "2026年"),
            ("19：00", "19。00"),
            ("！”、", "。"),
            ("2021—2025年", "2021-2025年"),
            ("1.2。", "1.2。"),
            ("（一）", "一"),
            ("《》", ""),
            ("底蘊", "底蕴"),
            ("三“重”一·大", "三重一大"),
            ("a——b", "a。b"),
            ("增长\t5%", "增长。5%"),
            ("２０２１～２０２５", "2021~2025"),
            ("\u{200b}一\u{feff}二", "一二"),
            ("1,000,000元", "1,000,000元"),
            ("AI “agent”", "aiagent"),
            ("⼈⺠", "人民"),
        ] {
            assert_eq!(matching_form(text), expected, "{text}");
        }
    }

    #[test]
    fn origins_lead_back_to_the_source() {
        let text = "着眼“十五五”规划！”、好";
        let folded = fold(text);
        let needle: Vec<char> = "十五五规划".chars().collect();
        let start = folded.find_all(&needle).next().expect("found");
        let (from, to) = folded.origin_of(start, needle.len());
        let shown: String = text.chars().skip(from).take(to - from).collect();
        assert_eq!(shown, "十五五”规划");
        let mark = folded.chars.iter().position(|&c| c == MARK).expect("a mark");
        assert_eq!(folded.origins[mark], (9, 12));
        assert!(folded.breaks[2] && folded.breaks[5] && !folded.breaks[3]);
    }

    #[test]
    fn overlapping_occurrences_are_all_found() {
        let folded = fold("人人人人");
        assert_eq!(folded.find_all(&['人', '人']).count(), 3);
        assert_eq!(folded.find_all(&[]).count(), 0);
        assert_eq!(fold("").find_all(&['人']).count(), 0);
    }

    #[test]
    fn the_table_follows_opencc_and_unicode() {
        for (source, target) in [
            ('蘊', '蕴'),
            ('著', '着'),
            ('乾', '干'),
            ('發', '发'),
            ('髮', '发'),
            ('裏', '里'),
            ('臺', '台'),
            ('拚', '拼'),
            ('㑮', '𫝈'),
            ('\u{2F00}', '一'),
            ('\u{2ED1}', '长'),
            ('\u{F90A}', '金'),
        ] {
            assert_eq!(simplified(source), target, "{source}");
        }
        let rows: Vec<(char, char)> = include_str!("variants.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                let chars: Vec<char> = line.chars().collect();
                assert!(chars.len() == 3 && chars[1] == '\t', "{line}");
                (chars[0], chars[2])
            })
            .collect();
        assert!(rows.len() > 5_000);
        assert!(rows.windows(2).all(|pair| pair[0].0 < pair[1].0), "sorted, each source once");
        assert!(rows.iter().all(|(source, target)| source != target && simplified(*source) == *target));
    }

    proptest::proptest! {
        #[test]
        fn han_stands_where_it_stands_in_the_matching_form(text in "[蘊蕴发发髮展，,“”·a-cA-CＡ0-2 ２\t\u{200b}。℃]{0,40}") {
            let runs = |form: &[char]| -> Vec<String> {
                form.split(|c| !is_basic_han(*c)).filter(|run| !run.is_empty()).map(String::from_iter).collect()
            };
            proptest::prop_assert_eq!(runs(&han_form(&text)), runs(&fold(&text).chars));
        }

        #[test]
        fn the_pattern_finds_what_folding_finds(
            text in "[蘊蕴发發髮展，,“”a-cA-CＡ0-2 ２\t\u{200b}。]{0,30}",
            part in "[蘊蕴发發展，,“”a-cＡ0-2 \t。]{1,4}",
        ) {
            let form = fold_keeping_marks(&part).chars;
            if !form.is_empty() {
                let pattern = regex::Regex::new(&pattern_keeping_marks(&form)).expect("valid");
                let folded = fold_keeping_marks(&text);
                let found = folded.find_all(&form).next().map(|at| folded.origins[at].0 as usize);
                let matched = pattern.find(&text).map(|found| text[..found.start()].chars().count());
                proptest::prop_assert_eq!(found, matched);
            }
        }
    }
}
