//! Fields of a query: their names in both languages and what their values mean.

use std::ops::RangeInclusive;

use crate::model::{Kind, Part};
use crate::text::fold::matching_form;

/// A property that a report or passage has to have. Of several values one suffices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// The report's year lies in one of the ranges.
    Year(Vec<RangeInclusive<i32>>),
    /// The kind's label contains one of the strings.
    Kind(Vec<String>),
    /// The region's name contains one of the strings.
    Region(Vec<String>),
    /// The issuer contains one of the strings, or is called so.
    Issuer(Vec<String>),
    /// The passage stands in one of the parts.
    Part(Vec<Part>),
    /// The matching form of the report's title contains one of these.
    Title(Vec<String>),
    /// The matching form of a heading above the passage contains one of these.
    Section(Vec<String>),
    /// The source contains one of the strings.
    Source(Vec<String>),
}

/// The names of fields: English, Chinese, and whether a full-width colon may follow.
const NAMES: [(&str, &str, bool); 8] = [
    ("year", "年份", true),
    ("kind", "类型", true),
    ("part", "部分", true),
    ("region", "地区", false),
    ("issuer", "单位", false),
    ("title", "标题", false),
    ("section", "章节", false),
    ("source", "来源", false),
];

impl Field {
    /// The English and Chinese name.
    pub fn names(&self) -> (&'static str, &'static str) {
        let place = match self {
            Field::Year(_) => 0,
            Field::Kind(_) => 1,
            Field::Part(_) => 2,
            Field::Region(_) => 3,
            Field::Issuer(_) => 4,
            Field::Title(_) => 5,
            Field::Section(_) => 6,
            Field::Source(_) => 7,
        };
        (NAMES[place].0, NAMES[place].1)
    }

    /// The value as it can be typed.
    pub fn value(&self) -> String {
        match self {
            Field::Year(ranges) => ranges.iter().map(shown_range).collect::<Vec<_>>().join(","),
            Field::Part(parts) => parts.iter().map(|part| part.label()).collect::<Vec<_>>().join(","),
            Field::Kind(values)
            | Field::Region(values)
            | Field::Issuer(values)
            | Field::Title(values)
            | Field::Section(values)
            | Field::Source(values) => values.join(","),
        }
    }
}

fn shown_range(range: &RangeInclusive<i32>) -> String {
    let bound = |bound: i32| if matches!(bound, i32::MIN | i32::MAX) { String::new() } else { bound.to_string() };
    match (range.start(), range.end()) {
        (start, end) if start == end => start.to_string(),
        (&start, &end) => format!("{}..{}", bound(start), bound(end)),
    }
}

/// The length in characters of a field's name and colon at the start of a term, and the English name.
pub(super) fn name_at(chars: &[char]) -> Option<(usize, &'static str)> {
    NAMES.iter().find_map(|&(english, chinese, wide)| {
        [english, chinese].into_iter().find_map(|name| {
            let length = name.chars().count();
            let begins = name.chars().eq(chars.iter().take(length).map(char::to_ascii_lowercase));
            let colon = chars.get(length).is_some_and(|&c| c == ':' || (wide && c == '：'));
            (begins && colon).then_some((length + 1, english))
        })
    })
}

/// What `name:value` asks for; `None` where the value makes no sense, so that it is text.
pub(super) fn field(name: &str, value: &str) -> Option<Field> {
    let values: Vec<String> =
        value.split([',', '，']).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect();
    if values.is_empty() {
        return None;
    }
    let forms = || -> Option<Vec<String>> {
        let forms: Vec<String> = values.iter().map(|v| matching_form(v)).filter(|form| !form.is_empty()).collect();
        (!forms.is_empty()).then_some(forms)
    };
    Some(match name {
        "year" => Field::Year(years(value)?),
        "kind" => {
            let known = |value: &String| Kind::ALL.iter().any(|kind| kind.label().contains(value.as_str()));
            Field::Kind(values.iter().all(known).then_some(values)?)
        }
        "part" => Field::Part(values.iter().map(|value| part(value)).collect::<Option<_>>()?),
        "region" => Field::Region(values),
        "issuer" => Field::Issuer(values),
        "title" => Field::Title(forms()?),
        "section" => Field::Section(forms()?),
        "source" => Field::Source(values),
        _ => return None,
    })
}

/// The Chinese names of parts beside their labels.
const PART_NAMES: [(&str, Part); 9] = [
    ("回顾", Part::Review),
    ("问题", Part::Problems),
    ("体会", Part::Experience),
    ("要求", Part::Requirements),
    ("目标", Part::Requirements),
    ("部署", Part::Plan),
    ("结尾", Part::Closing),
    ("附录", Part::Appendix),
    ("其他", Part::Other),
];

/// The part of this name, in either language.
pub fn part(name: &str) -> Option<Part> {
    let chinese = PART_NAMES.iter().find(|(chinese, _)| *chinese == name).map(|&(_, part)| part);
    chinese.or_else(|| Part::ALL.iter().copied().find(|part| part.label() == name))
}

/// The Chinese name of a part.
pub fn part_name(part: Part) -> &'static str {
    PART_NAMES.iter().find(|(_, named)| *named == part).map_or(part.label(), |(chinese, _)| chinese)
}

/// Reads `2024`, `2020..2026`, `2020-2026`, `2020..`, `..2015` and lists of them; `None` for anything else.
pub fn years(text: &str) -> Option<Vec<RangeInclusive<i32>>> {
    let year = |text: &str| text.trim().trim_end_matches('年').parse::<i32>().ok().filter(|year| *year >= 0);
    let bound = |text: &str, open: i32| if text.trim().is_empty() { Some(open) } else { year(text) };
    let range = |range: &str| {
        if let Some(year) = year(range) {
            return Some(year..=year);
        }
        let (from, to) = match range.split_once("..") {
            Some((from, to)) => (bound(from, i32::MIN)?, bound(to.trim_start_matches('='), i32::MAX)?),
            None => {
                let (from, to) = range.split_once(['-', '–', '—', '~', '～', '至'])?;
                (year(from)?, year(to)?)
            }
        };
        (from <= to && (from, to) != (i32::MIN, i32::MAX)).then_some(from..=to)
    };
    text.split([',', '，', '、']).map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_in_every_form() {
        assert_eq!(years("2024"), Some(vec![2024..=2024]));
        assert_eq!(years("2020..2026"), Some(vec![2020..=2026]));
        assert_eq!(years("2020-2026年"), Some(vec![2020..=2026]));
        assert_eq!(years("2020.."), Some(vec![2020..=i32::MAX]));
        assert_eq!(years("..2015, 2024年"), Some(vec![i32::MIN..=2015, 2024..=2024]));
        for bad in ["", "去年", "..", "..x", "2026..2020", "-5"] {
            assert_eq!(years(bad), None, "{bad}");
        }
    }

    #[test]
    fn parts_by_either_name() {
        assert_eq!(part("部署"), Some(Part::Plan));
        assert_eq!(part("plan"), Some(Part::Plan));
        assert_eq!(part("计划"), None);
    }

    #[test]
    fn values_that_make_no_sense_are_no_field() {
        let name = |text: &str| name_at(&text.chars().collect::<Vec<_>>());
        assert_eq!(name("年份：2024"), Some((3, "year")));
        assert_eq!(name("Year:2024"), Some((5, "year")));
        assert_eq!(name("单位：亿元"), None);
        assert_eq!(name("单位:亿元"), Some((3, "issuer")));
        assert!(field("kind", "政府,法院").is_some() && field("kind", "不存在").is_none());
        assert!(field("year", "去年").is_none() && field("title", "《》").is_none());
    }

    #[test]
    fn values_are_shown_as_they_can_be_typed() {
        for (name, value) in [("year", "2020..,..1999,2004"), ("part", "plan"), ("kind", "政府,法院")] {
            let read = field(name, value).expect("a field");
            assert_eq!((read.names().0, read.value().as_str()), (name, value));
        }
    }
}
