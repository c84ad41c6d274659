//! Dates, percentages, numbers and five-year plans in their other wordings.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Class, HAN, Rewrite, Wording, apply, group};
use crate::text::numerals;

/// Units before which even a single Han numeral is a quantity, 一 apart (最后一公里).
const UNITS: &str = "亿元|万元|元|亿美元|万美元|美元|平方公里|平方米|立方米|公里|千米|米|亿吨|万吨|吨|公斤|万亩|亩|公顷|\
                     千瓦时|万千瓦|千瓦|亿千瓦|个百分点";

/// Words before which a numeral from ten on is a number.
const MEASURES: &str = "多|余|条|个|项|家|名|位|次|件|起|户|人|所|座|处|台|套|辆|场|期|届|岁|天|周年|年|倍|级|类|种|\
                        批|组|支|艘|架|枚|篇|章|节|款|世纪|省|市|县|区|镇|乡|村|门|笔|宗|对|万|亿|%";

struct Rules {
    date: Regex,
    month: Regex,
    percent: Regex,
    number: Regex,
    plan: Regex,
    plan_in_full: Regex,
}

static RULES: LazyLock<Option<Rules>> = LazyLock::new(|| {
    let rule = |pattern: &str| Regex::new(pattern).ok();
    let digits = "〇○零一二三四五六七八九";
    let day = format!("(?:(?P<month>[0-9]{{1,2}}|[{HAN}]{{1,3}})月(?:(?P<day>[0-9]{{1,2}}|[{HAN}]{{1,3}})日)?)?");
    Some(Rules {
        date: rule(&format!("(?P<year>[12][0-9]{{3}}|[一二][{digits}]{{3}})年{day}"))?,
        month: rule(&format!("(?P<month>[0-9]{{1,2}}|[{HAN}]+)月(?:(?P<day>[0-9]{{1,2}}|[{HAN}]+)日)?"))?,
        percent: rule(&format!(
            "(?P<part>[百千])分之(?P<han>[{HAN}点]+)|(?P<decimal>[0-9]+(?:\\.[0-9]+)?)(?P<sign>[%‰])"
        ))?,
        number: rule(&format!(
            "(?P<han>[{HAN}万亿点]+)(?P<han_of>{UNITS}|{MEASURES})|(?P<decimal>[0-9]+(?:\\.[0-9]+)?)(?P<of>{UNITS}|{MEASURES})"
        ))?,
        plan: rule("(?P<n>[一二三四五六七八九]|二?十[一二三四五六七八九]?)五(?P<of>规划|计划|时期|期间)?")?,
        plan_in_full: rule("第(?P<n>[一二三四五六七八九十]+)个五年(?P<of>规划|计划)")?,
    })
});

/// The stretches of a form that these rules understand.
pub(super) fn rewrites(form: &str) -> Vec<Rewrite> {
    let Some(rules) = &*RULES else { return Vec::new() };
    let mut rewrites = Vec::new();
    apply(&mut rewrites, form, Class::Date, &rules.date, date);
    apply(&mut rewrites, form, Class::Date, &rules.month, month);
    apply(&mut rewrites, form, Class::Percent, &rules.percent, percent);
    apply(&mut rewrites, form, Class::Number, &rules.number, number);
    apply(&mut rewrites, form, Class::Plan, &rules.plan, plan);
    apply(&mut rewrites, form, Class::Plan, &rules.plan_in_full, plan_in_full);
    rewrites
}

/// Whether a numeral would go on to the left of a match.
fn goes_on(before: Option<char>) -> bool {
    before.is_some_and(|c| c.is_ascii_digit() || super::is_han_numeral(c) || matches!(c, '.' | ',' | '-' | '~' | '点'))
}

/// A date in digits and with each way to write a Han zero, the one given left out.
fn date(captures: &Captures, before: Option<char>) -> Option<Vec<Wording>> {
    if goes_on(before) {
        return None;
    }
    let year = numerals::value(group(captures, "year")?)?;
    let (month, day) = match group(captures, "month") {
        None => (None, None),
        Some(month) => (
            Some(small(month, 12)?),
            group(captures, "day").map(|day| small(day, 31)).map_or(Some(None), |day| day.map(Some))?,
        ),
    };
    let mut wordings = vec![written(year, month, day, None)?];
    for zero in ['〇', '○', '零'] {
        wordings.push(written(year, month, day, Some(zero))?);
    }
    wordings.dedup();
    Some(wordings.into_iter().map(Wording::new).collect())
}

/// A date: in digits, or in Han numerals with this zero.
fn written(year: u32, month: Option<u32>, day: Option<u32>, zero: Option<char>) -> Option<String> {
    let small = |value: u32| match zero {
        None => Some(value.to_string()),
        Some(_) => numerals::han_amount(&value.to_string()),
    };
    let mut text: String = match zero {
        None => year.to_string(),
        Some(zero) => {
            let digit =
                |c: char| if c == '0' { Some(zero) } else { numerals::han_amount(&c.to_string())?.chars().next() };
            year.to_string().chars().map(digit).collect::<Option<_>>()?
        }
    };
    text.push('年');
    for (value, unit) in [(month, '月'), (day, '日')] {
        if let Some(value) = value {
            text += &small(value)?;
            text.push(unit);
        }
    }
    Some(text)
}

/// A number of a month or day, in either script.
fn small(numeral: &str, most: u32) -> Option<u32> {
    let value =
        numeral.parse().ok().or_else(|| numerals::amount(numeral).and_then(|decimal| decimal.parse::<u32>().ok()))?;
    (1..=most).contains(&value).then_some(value)
}

fn month(captures: &Captures, before: Option<char>) -> Option<Vec<Wording>> {
    // 统一月度 is no January.
    if goes_on(before) || before.is_some_and(|c| c == '统' || c == '唯' || c == '个') {
        return None;
    }
    let month = group(captures, "month")?;
    let digits = month.starts_with(|c: char| c.is_ascii_digit());
    let write = |value: u32| if digits { numerals::han_amount(&value.to_string()) } else { Some(value.to_string()) };
    let mut wording = format!("{}月", write(small(month, 12)?)?);
    if let Some(day) = group(captures, "day") {
        wording += &format!("{}日", write(small(day, 31)?)?);
    }
    Some(vec![Wording::new(wording)])
}

fn percent(captures: &Captures, before: Option<char>) -> Option<Vec<Wording>> {
    if let Some(han) = group(captures, "han") {
        let sign = if group(captures, "part")? == "百" { '%' } else { '‰' };
        let decimal = if han == "百" { "100".to_owned() } else { numerals::amount(han)? };
        return Some(vec![Wording::new(format!("{decimal}{sign}"))]);
    }
    if goes_on(before) {
        return None;
    }
    let decimal = group(captures, "decimal")?;
    let part = if group(captures, "sign")? == "%" { '百' } else { '千' };
    let han = numerals::han_amount(decimal)?;
    let hundred = (decimal == "100").then(|| Wording::new(format!("{part}分之百")).not_before_han());
    Some([Wording::new(format!("{part}分之{han}")).not_before_han()].into_iter().chain(hundred).collect())
}

fn number(captures: &Captures, before: Option<char>) -> Option<Vec<Wording>> {
    if goes_on(before) || before == Some('之') {
        return None;
    }
    if let Some(han) = group(captures, "han") {
        let of = group(captures, "han_of")?;
        // 三亿元 is 3亿元; nobody writes 300000000元.
        if let Some((amount, large)) = ['万', '亿'].iter().find_map(|large| Some((han.strip_suffix(*large)?, large)))
        {
            return Some(vec![Wording::new(format!("{}{large}{of}", numerals::amount(amount)?))]);
        }
        // 百家争鸣, 千米: a numeral of one place alone is a word.
        let decimal = numerals::amount(han).filter(|_| !["百", "千"].contains(&han))?;
        counts(&decimal, of).then_some(())?;
        let mut wordings = vec![format!("{decimal}{of}")];
        // 三万五千 is 35000, 35,000 and 3.5万.
        if let Ok(value) = decimal.parse::<u64>() {
            if value >= 10_000 && value.is_multiple_of(100) {
                let tenths = format!("{}.{:02}", value / 10_000, value % 10_000 / 100);
                wordings.push(format!("{}万{of}", tenths.trim_end_matches('0').trim_end_matches('.')));
            }
            if value >= 1_000 {
                wordings.push(format!("{}{of}", with_commas(value)));
            }
        }
        return Some(wordings.into_iter().map(Wording::new).collect());
    }
    let (decimal, of) = (group(captures, "decimal")?, group(captures, "of")?);
    let is_year = of == "年" && decimal.len() == 4;
    (counts(decimal, of) && of != "%" && !is_year && !decimal.starts_with("00")).then_some(())?;
    let two = (decimal == "2" && of.starts_with(['万', '亿'])).then(|| Wording::new(format!("两{of}")));
    Some([Wording::new(format!("{}{of}", numerals::han_amount(decimal)?))].into_iter().chain(two).collect())
}

/// Whether a number before a unit or measure word is a quantity in either script.
fn counts(decimal: &str, of: &str) -> bool {
    let single = decimal.len() == 1;
    let is_unit = UNITS.split('|').any(|unit| unit == of) || matches!(of, "万" | "亿");
    let is_large = of.starts_with(['万', '亿']) || of == "个百分点";
    if single { is_unit && (decimal != "1" || is_large) } else { of != "%" }
}

fn with_commas(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// 十五五: the short name of a plan. 十五 and 二十五 are numbers unless something says otherwise.
fn plan(captures: &Captures, before: Option<char>) -> Option<Vec<Wording>> {
    if goes_on(before) {
        return None;
    }
    let n = group(captures, "n")?;
    let value = numerals::value(n)?;
    let of = group(captures, "of").unwrap_or_default();
    if (value <= 10 || value == 20) && of.is_empty() {
        return None;
    }
    let kind = if value <= 10 { "计划" } else { "规划" };
    let (kind, rest) = if of == "时期" || of == "期间" {
        (kind, of)
    } else if of.is_empty() {
        (kind, "")
    } else {
        (of, "")
    };
    Some(vec![Wording::new(format!("第{n}个五年{kind}{rest}"))])
}

fn plan_in_full(captures: &Captures, _: Option<char>) -> Option<Vec<Wording>> {
    let (n, of) = (group(captures, "n")?, group(captures, "of")?);
    let value = numerals::value(n)?;
    let short = if value <= 10 || value == 20 { format!("{n}五{of}") } else { format!("{n}五") };
    let with_kind = (value > 10 && value != 20).then(|| Wording::new(format!("{n}五{of}")));
    Some([Wording::new(short)].into_iter().chain(with_kind).collect())
}
