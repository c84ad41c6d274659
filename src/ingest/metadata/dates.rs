//! Years, stretches of years and dates as reports write them, and numbers that fix a year.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::Years;
use crate::text::{numerals, pattern};

/// The first year of the five-year plan that a text names: the third began in 1966.
pub(super) fn five_year_plan(text: &str) -> Option<i32> {
    let found = FIVE_YEAR_PLAN.captures(text)?;
    match numerals::value(found.get(1).or(found.get(2))?.as_str())? {
        1 => Some(1953),
        2 => Some(1958),
        number @ 3..=60 => Some(1966 + 5 * (number as i32 - 3)),
        _ => None,
    }
}

/// A year of four digits, with or without 年.
pub(super) fn year_of(text: &str) -> Option<i32> {
    let year = numerals::value(text.trim().trim_end_matches(['年', '度']))?;
    is_year(year).then_some(year as i32)
}

/// A year or a stretch of years such as 2021-2025.
pub(super) fn stretch_of(text: &str) -> Option<Years> {
    let mut ends = text.split(['-', '—', '–', '~', '～', '至']).filter(|end| !end.trim().is_empty());
    let from = year_of(ends.next()?)?;
    let to = ends.next().map_or(Some(from), year_of)?;
    if ends.next().is_some() { None } else { years_between(from, to) }
}

pub(super) fn years_between(from: i32, to: i32) -> Option<Years> {
    (from <= to).then_some(Years { from, to })
}

/// Whether a text is a date as it is kept: `2025-01-18`, `2025-01` or `2025`.
pub(super) fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let in_range = |part: Option<&str>, most: u32| {
        part.is_none_or(|part| part.len() == 2 && part.parse().is_ok_and(|n: u32| (1..=most).contains(&n)))
    };
    let year = parts.next().is_some_and(|year| year.len() == 4 && year_of(year).is_some());
    year && in_range(parts.next(), 12) && in_range(parts.next(), 31) && parts.next().is_none()
}

pub(super) static STRETCH: LazyLock<Regex> =
    LazyLock::new(|| pattern("([0-9〇零一二三四五六七八九]{4})年?[-~。至到]([0-9〇零一二三四五六七八九]{4})年?"));
pub(super) static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "([0-9〇○零一二三四五六七八九]{4})年(?:([0-9元一二三四五六七八九十]{1,3})月(?:([0-9一二三四五六七八九十]{1,3})日)?)|((?:19|20)[0-9]{2})[.\\-/]([0-9]{1,2})[.\\-/]([0-9]{1,2})",
    )
});
pub(super) static DATE_OF_SESSION: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!("(?:{}).{{0,4}}在.{{2,40}}(会议|大会)上", DATE.as_str())));
static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern("([0-9〇○零一二三四五六七八九]{4})(?:年|度|$|[^0-9%.,年])"));
pub(super) static PARTY_CONGRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "共产党第([一二三四五六七八九十]{1,3})次全国代表大会|(?:^|[^0-9〇一二三四五六七八九十年])([一二三四五六七八九十]{1,3})大$",
    )
});
pub(super) static PEOPLES_CONGRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern("第([一二三四五六七八九十]{1,3})届全国人民代表大会(?:常务委员会)?第([一二三四五六七八九十]{1,3})次会议")
});
static FIVE_YEAR_PLAN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "第([一二三四五六七八九十]{1,3})个五年(?:规划|计划)|(?:^|[^一二三四五六七八九十])([一二三四五六七八九]|十[一二三四五六七八九]?|二十[一二三四]?)五(?:规划|计划|发展|时期|.{0,24}(?:规划|纲要))",
    )
});

pub(super) fn is_year(year: u32) -> bool {
    (1900..=2099).contains(&year)
}

/// The years that a text names.
pub(super) fn years(text: &str) -> Vec<i32> {
    YEAR.captures_iter(text)
        .filter_map(|found| numerals::value(found.get(1)?.as_str()))
        .filter(|y| is_year(*y))
        .map(|year| year as i32)
        .collect()
}
