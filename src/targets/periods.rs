//! Which years a text speaks of: named years, 去年 and 今年, plans by their number, stretches (五年来, 今后三年).
//!
//! A year that something is compared with (比2020年) or starts from (由2020年的) is no year that is spoken of; it is
//! told apart here.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::ReportYears;
use crate::model::{Part, Years};
use crate::text::{numerals, pattern};

/// A time that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Time {
    /// Bytes of the form.
    pub bytes: Range<usize>,
    /// The years.
    pub years: Years,
    /// The part of the year that is meant, as the text has it (上半年).
    pub within: Option<String>,
    /// Whether it is only what something is compared with or starts from.
    pub is_base: bool,
}

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    let numeral = "[一二三四五六七八九十两]{1,3}";
    let year = r"(?:19|20)\d\d|[一二][九〇○零][一二三四五六七八九〇○零]{2}";
    pattern(&format!(
        r"(?P<first>{year})年?(?:-|—|——|~|至|到)(?P<last>{year})年|(?P<year>{year})年|[“”《]?(?P<plan>{numeral})五[”]?(?:规划|计划)?(?P<planend>期末|时期末|时期|期间|以来|末|五年|收官|[,，、])|第(?P<nth>{numeral})个五年(?:规划|计划)?(?:期末|时期|期间)|(?P<back>过去的?|近|这|最近|上一届的?)(?P<backn>{numeral})年|(?P<backn2>{numeral})年(?:来|间)|(?P<alone>[三四五])年|(?P<ahead>今后|未来|再用|力争用)(?P<aheadn>{numeral})年|(?P<word>去年|上年|前年|今年|本年|当年|明年)|本(?P<century>世纪末)|(?P<within>(?:前|头)?[一二三四1-4][个]?季度|上半年|下半年|\d+(?:-|—|至|到)\d+月份?|\d+月(?:份|末|底)|十[一二]月末)"
    ))
});

/// Finds the years that texts speak of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar<'a> {
    /// The report's years.
    pub report: &'a ReportYears,
    /// The part of the report that is read.
    pub part: Part,
}

impl Calendar<'_> {
    /// The last year that the report looks back on.
    pub fn last_covered(&self) -> Option<i32> {
        self.report.covers.map(|covers| covers.to).or(self.report.year.map(|year| year - 1))
    }

    /// Whether the part speaks of the years ahead.
    fn is_ahead(&self) -> bool {
        self.report.is_plan || matches!(self.part, Part::Requirements | Part::Plan)
    }

    /// The year that the part speaks of where it names none.
    pub fn default_year(&self) -> Option<i32> {
        if self.report.is_plan {
            return self.report.plans.map(|plans| plans.to).or(self.report.year);
        }
        if self.is_ahead() { self.report.year } else { self.last_covered() }
    }

    /// The several years that the part speaks of, if it does.
    pub fn span(&self) -> Option<Years> {
        let span = if self.is_ahead() { self.report.plans } else { self.report.covers };
        span.filter(|years| years.from < years.to)
    }

    /// The times that a form names, in order.
    pub fn times(&self, form: &str) -> Vec<Time> {
        let time = |found: regex::Captures<'_>| {
            let bytes = found.get(0)?.range();
            let before = form.get(..bytes.start).unwrap_or_default();
            let behind = form.get(bytes.end..).unwrap_or_default();
            // 从1953年至1980年 is a stretch, not where something starts.
            let is_range = found.name("first").is_some();
            let is_base = !is_range && is_compared(before) || behind.starts_with("同期") || behind.starts_with("相比");
            // 十年来最低 says how rare a value is.
            if found.name("backn2").is_some() && behind.starts_with(['最', '首', '新', '未', '的']) {
                return None;
            }
            if found.name("alone").is_some() && !is_alone(before, behind) {
                return None;
            }
            let since = behind.starts_with("以来") || behind.starts_with('起') || behind.starts_with("以后");
            let within = found.name("within").map(|within| within.as_str().to_owned());
            let years = self.years(&found, since)?;
            Some(Time { bytes, years, within, is_base: is_base && !since })
        };
        TIME.captures_iter(form).filter_map(time).collect()
    }

    fn years(&self, found: &regex::Captures<'_>, since: bool) -> Option<Years> {
        let number = |name: &str| found.name(name).and_then(|numeral| year_of(numeral.as_str()));
        let year = self.report.year;
        let ordered = |from: i32, to: i32| (from <= to).then_some(Years { from, to });
        if let (Some(first), Some(last)) = (number("first"), number("last")) {
            return ordered(first, last);
        }
        if let Some(named) = number("year") {
            let to = if since { self.last_covered()?.max(named) } else { named };
            return ordered(named, to);
        }
        if let Some(plan) = number("plan").or(number("nth")) {
            // The first plan began in 1953; the third only in 1966.
            let from = if plan < 3 { 1953 + 5 * (plan - 1) } else { 1956 + 5 * (plan - 1) };
            let is_end = found.name("planend").is_some_and(|end| end.as_str().ends_with('末'));
            let is_plan = (1..=25).contains(&plan);
            return is_plan.then_some(Years { from: if is_end { from + 4 } else { from }, to: from + 4 });
        }
        if let Some(years) = number("backn").or(number("backn2")) {
            let covers = self.report.covers.filter(|covers| covers.from < covers.to);
            let to = self.last_covered()?;
            return covers.filter(|_| years == 5).or(ordered(to - years.min(200) + 1, to));
        }
        if let Some(years) = number("alone") {
            let plan = self.span().filter(|span| span.to - span.from + 1 == years);
            let ahead = || ordered(year?, year? + years - 1);
            let back = || ordered(self.last_covered()? - years + 1, self.last_covered()?);
            return plan.or_else(|| if self.is_ahead() { ahead() } else { back() });
        }
        if let Some(years) = number("aheadn") {
            return ordered(year?, year? + years.min(200) - 1);
        }
        let one = |year: i32| Some(Years { from: year, to: year });
        match found.name("word").map(|word| word.as_str()) {
            Some("去年" | "上年") => return one(year? - 1),
            Some("前年") => return one(year? - 2),
            Some("明年") => return one(year? + 1),
            Some("今年" | "本年") => return one(year?),
            Some(_) => return one(self.last_covered()?),
            None => {}
        }
        if found.name("century").is_some() {
            return year.filter(|year| (1900..=2000).contains(year)).and(one(2000));
        }
        // A part of a year is one of the year that is spoken of: the reader puts it in.
        Some(Years { from: 0, to: 0 })
    }
}

fn year_of(numeral: &str) -> Option<i32> {
    let plain: String = numeral.chars().map(|c| if c == '○' { '〇' } else { c }).collect();
    numerals::value(&plain).and_then(|value| i32::try_from(value).ok())
}

/// Whether 五年 stands alone at the beginning of a clause, for all of it: 五年新增, 五年累计.
fn is_alone(before: &str, behind: &str) -> bool {
    let begins = before.chars().next_back().is_none_or(|c| "。,;:!?、(".contains(c));
    let adds_up = ["累计", "共计", "合计"].iter().any(|word| behind.starts_with(word));
    (begins || adds_up)
        && !behind.starts_with([
            '级', '制', '期', '前', '后', '内', '以', '左', '的', '计', '规', '行', '一', '多', '之', '时', '上',
        ])
}

/// Whether what stands before a time makes it one that something is compared with or starts from.
fn is_compared(before: &str) -> bool {
    let before = before.trim_end_matches(['“', '"']);
    ["比", "较", "同", "与", "从", "由", "于", "相当于", "和", "自", "在上年", "高出"].iter().any(|word| {
        before.ends_with(word)
            && !["对比", "占比", "同比", "环比", "共同", "不同"].iter().any(|end| before.ends_with(end))
    })
}

/// The year that something is compared with, by how many years it lies before another.
pub(super) fn base_of(times: &[Time], within: &Range<usize>) -> Option<i32> {
    times.iter().rfind(|time| time.is_base && within.contains(&time.bytes.start)).map(|time| time.years.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(form: &str) -> Vec<String> {
        let report = ReportYears {
            year: Some(2023),
            covers: Some(Years { from: 2018, to: 2022 }),
            plans: Some(Years { from: 2023, to: 2023 }),
            is_plan: false,
        };
        let times = Calendar { report: &report, part: Part::Review }.times(form).into_iter();
        times.map(|time| format!("{}{}", time.years, if time.is_base { "比" } else { "" })).collect()
    }

    #[test]
    fn years_are_told_by_name_by_plan_and_from_the_report() {
        for (form, expected) in [
            ("到2030年", "2030"),
            ("从2021年至2025年", "2021-2025"),
            ("2021—2025年", "2021-2025"),
            ("“十四五”期间", "2021-2025"),
            ("十五五末", "2030"),
            ("第八个五年计划期间", "1991-1995"),
            ("五年来", "2018-2022"),
            ("五年新增就业", "2018-2022"),
            ("近三年", "2020-2022"),
            ("今后五年", "2023-2027"),
            ("去年", "2022"),
            ("今年", "2023"),
            ("比2020年", "2020比"),
            ("一九九〇年", "1990"),
            ("2021年以来", "2021-2022"),
        ] {
            assert_eq!(shown(form), [expected], "{form}");
        }
        assert!(shown("本世纪末").is_empty());
    }
}
