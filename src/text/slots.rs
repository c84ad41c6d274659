//! Slots: the stretches of a wording that change from report to report while the wording stays. Numbers,
//! years, places and bodies.
//!
//! Found in a matching form, by shape and by a list of place names; no dictionary. `增长5.2%` and `增长6%`
//! are one wording with two values.

use std::collections::HashMap;

use super::regions::PROVINCES;

/// What a slot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlotKind {
    /// A number with its per cent sign or 万, 亿.
    Number,
    /// A year in four digits with 年.
    Year,
    /// A place, by its name or as it calls itself (全市, 我区).
    Place,
    /// A body, with its place (省政府, 望澜区政协, 国务院).
    Body,
}

/// A slot in a matching form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// What it holds.
    pub kind: SlotKind,
    /// First character of the form.
    pub start: usize,
    /// One after the last.
    pub end: usize,
}

/// The place names that are known.
pub struct PlaceNames {
    /// Names by their first character, longest first.
    names: HashMap<char, Vec<Vec<char>>>,
    /// One bit for each character of the basic plane: whether a slot may begin with it.
    beginnings: Vec<u64>,
}

/// Shorter names of places would be found in other words.
const SHORTEST_NAME: usize = 2;

impl PlaceNames {
    /// The provinces and the regions given, each also by its last place (云汀市望澜区, 望澜区).
    pub fn new<'a>(regions: impl IntoIterator<Item = &'a str>) -> PlaceNames {
        let mut names: HashMap<char, Vec<Vec<char>>> = HashMap::new();
        let provinces = PROVINCES.iter().flat_map(|&(short, full)| [short, full]);
        for name in provinces.chain(regions.into_iter().flat_map(super::issuers::regions)) {
            let name: Vec<char> = name.chars().collect();
            if name.len() >= SHORTEST_NAME {
                names.entry(name[0]).or_default().push(name);
            }
        }
        for of_character in names.values_mut() {
            of_character.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
            of_character.dedup();
        }
        let mut beginnings = vec![0; 1 << 10];
        let others = LEVELS
            .chars()
            .chain(OWN)
            .chain(['百', '第'])
            .chain('0'..='9')
            .chain(CENTRAL.iter().filter_map(|c| c.chars().next()));
        for c in names.keys().copied().chain(others) {
            let code = u32::from(c) as usize;
            if let Some(word) = beginnings.get_mut(code / 64) {
                *word |= 1 << (code % 64);
            }
        }
        PlaceNames { names, beginnings }
    }

    /// Whether a slot may begin with this character; those beyond the basic plane always may.
    fn may_begin(&self, c: char) -> bool {
        let code = u32::from(c) as usize;
        self.beginnings.get(code / 64).is_none_or(|word| word >> (code % 64) & 1 == 1)
    }

    /// Length of the longest name that the characters begin with.
    fn at(&self, chars: &[char]) -> usize {
        let known = self.names.get(&chars[0]).into_iter().flatten();
        known.map(Vec::as_slice).find(|name| chars.starts_with(name)).map_or(0, <[char]>::len)
    }
}

/// The slots of a matching form, in order; they do not overlap.
pub fn slots(form: &[char], places: &PlaceNames) -> Vec<Slot> {
    let mut slots = Vec::new();
    let mut at = 0;
    while at < form.len() {
        let rest = &form[at..];
        if !places.may_begin(rest[0]) {
            at += 1;
            continue;
        }
        let found = number(rest).or_else(|| body(rest, places)).or_else(|| place(rest, places));
        match found {
            Some((kind, length)) => {
                slots.push(Slot { kind, start: at, end: at + length });
                at += length;
            }
            None => at += 1,
        }
    }
    slots
}

/// Length of the run of digits, with `.` and `,` between them, that the characters begin with.
pub fn digits(chars: &[char]) -> usize {
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let mut length = 0;
    while digit(length) || length > 0 && matches!(chars.get(length), Some('.' | ',')) && digit(length + 1) {
        length += 1;
    }
    length
}

fn number(chars: &[char]) -> Option<(SlotKind, usize)> {
    let length = digits(chars);
    if length == 0 {
        return spelled_out(chars);
    }
    let after = chars.get(length).copied();
    if length == 4 && after == Some('年') {
        return Some((SlotKind::Year, 5));
    }
    let scale = chars[length..].iter().take(2).take_while(|c| matches!(c, '%' | '‰' | '万' | '亿')).count();
    Some((SlotKind::Number, length + scale))
}

/// What stands before the level of a place that calls itself so.
const OWN: [char; 2] = ['我', '全'];

/// Numbers in characters, where they are values: 百分之五点五, 第三届, 第五次.
fn spelled_out(chars: &[char]) -> Option<(SlotKind, usize)> {
    let numeral = |c: &&char| "〇零一二三四五六七八九十百".contains(**c);
    let run = |from: usize| chars.iter().skip(from).take_while(numeral).count();
    if chars.starts_with(&['百', '分', '之']) {
        let whole = run(3);
        let decimals = if chars.get(3 + whole) == Some(&'点') { run(4 + whole) } else { 0 };
        let length = 3 + whole + if decimals > 0 { 1 + decimals } else { 0 };
        return (whole > 0).then_some((SlotKind::Number, length));
    }
    let ordinal = if chars[0] == '第' { run(1) } else { 0 };
    let counted = matches!(chars.get(1 + ordinal), Some('届' | '次'));
    (ordinal > 0 && counted).then_some((SlotKind::Number, 1 + ordinal))
}

const LEVELS: &str = "国省市县区州盟旗镇乡";

fn place(chars: &[char], places: &PlaceNames) -> Option<(SlotKind, usize)> {
    let own = OWN.contains(&chars[0]) && chars.get(1).is_some_and(|&c| LEVELS.contains(c));
    let length = if own { 2 } else { places.at(chars) };
    (length > 0).then_some((SlotKind::Place, length))
}

/// What bodies are called behind the name or level of their place, longer ones first.
const BODIES: [&str; 16] = [
    "人民代表大会常务委员会",
    "人民代表大会",
    "人民检察院",
    "人大常委会",
    "政协常委会",
    "人民政府",
    "人民法院",
    "纪委监委",
    "检察院",
    "政府",
    "人大",
    "政协",
    "纪委",
    "法院",
    "委员会",
    "委",
];

/// Bodies without a place.
const CENTRAL: [&str; 3] = ["国务院", "党中央", "中共中央"];

fn body(chars: &[char], places: &PlaceNames) -> Option<(SlotKind, usize)> {
    let begins = |name: &str, chars: &[char]| name.chars().eq(chars.iter().take(name.chars().count()).copied());
    if let Some(central) = CENTRAL.iter().find(|central| begins(central, chars)) {
        return Some((SlotKind::Body, central.chars().count()));
    }
    let named = place(chars, places).map_or(0, |(_, length)| length);
    let length = if named == 0 && LEVELS.contains(chars[0]) { 1 } else { named };
    if length == 0 {
        return None;
    }
    let rest = &chars[length..];
    let body = BODIES.iter().find(|body| begins(body, rest))?;
    let of_body = body.chars().count();
    // 市委员 and 区委托 are no bodies.
    let goes_on = of_body == 1 && rest.get(1).is_some_and(|c| "员托派任".contains(*c));
    (!goes_on).then_some((SlotKind::Body, length + of_body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::matching_form;

    fn found(text: &str) -> Vec<(SlotKind, String)> {
        let places = PlaceNames::new(["云汀市望澜区", "全国"]);
        let form: Vec<char> = matching_form(text).chars().collect();
        slots(&form, &places).iter().map(|slot| (slot.kind, form[slot.start..slot.end].iter().collect())).collect()
    }

    #[test]
    fn numbers_years_places_and_bodies_are_slots() {
        use SlotKind::{Body, Number, Place, Year};
        for (text, expected) in [
            ("2025年增长５.2％", &[(Year, "2025年"), (Number, "5.2%")][..]),
            ("总量1,200.5亿元，20万人", &[(Number, "1,200.5亿"), (Number, "20万")]),
            ("望澜区和浙江省以及我市", &[(Place, "望澜区"), (Place, "浙江省"), (Place, "我市")]),
            ("市政府、云汀市望澜区政协、国务院", &[(Body, "市政府"), (Body, "云汀市望澜区政协"), (Body, "国务院")]),
            ("百分之五点五，第三届第五次会议", &[(Number, "百分之五点五"), (Number, "第三"), (Number, "第五")]),
            ("第一产业百分之", &[]),
            ("省委员、区委托管", &[]),
            ("高质量发展", &[]),
        ] {
            let expected: Vec<(SlotKind, String)> = expected.iter().map(|&(kind, text)| (kind, text.into())).collect();
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
