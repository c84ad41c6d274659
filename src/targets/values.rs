//! Values: numbers in digits or Chinese numerals with a unit, and the words around them that bound them.
//!
//! Ranks, dates, durations and numbers that are part of a name have no unit here and are passed over.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::Value;
use crate::text::{numerals, pattern};

/// A value in a form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    /// Bytes of the number with its unit and the words that bound it.
    pub bytes: Range<usize>,
    /// Bytes of the number with its unit alone.
    pub number: Range<usize>,
    /// The value, not yet negative for a decline.
    pub value: Value,
    /// The unit without 万 and 亿.
    pub unit: String,
    /// Words that bound it: 约, 不低于, 左右.
    pub qualifiers: Vec<String>,
    /// Whether the unit counts things, which may be named behind it (5个产业园).
    pub counts: bool,
}

/// Units that measure.
const MEASURES: &str = "个工作日|小时|分钟|重量箱|吨标准煤|吨标煤|吨公里|人公里|个百分点|百分点|百分比|平方公里|平方千米|\
    平方米|立方米|千瓦时|千瓦小时|瓦小时|瓦时|瓦|千公顷|公顷|兆瓦|千瓦|公里|千米|海里|美元|港元|\
    欧元|日元|英镑|卢布|微克/立方米|毫克/升|件/万人|元/平方米|标准箱|标箱|teu|pflops|\
    eflops|p|kwh|公斤|千克|标准煤|毫米|℃|元|块|亩|吨|斤|担|桶|米|方|度|克|岁|倍|%|\
    ‰";

/// Units that count.
const COUNTS: &str = "人次|人|名|户次|户|家次|家|件次|件|项次|项|架次|辆次|艘次|台套|台|场次|场|个|所|处|座|只|\
    头|羽|尾|株|棵|套|部|辆|艘|架|枚|颗|口|眼|条|张|篇|册|本|份|宗|起|例|批次|次|列|栋|\
    幢|间|盏|对|支|门|位|万字|封|箱|包|盒|瓶|床|村|床位|团|队|站|校|班|节|期|天|辆车|笔|\
    单|票";

/// What a count's unit may be the first character of: then it is no unit.
const LONGER: [(&str, &str); 19] = [
    ("次", "全会中常代党"),
    ("人", "民口均大士才员家格工类"),
    ("个", "月工季世日"),
    ("元", "首旦"),
    ("部", "分门委队署"),
    ("台", "账湾阶"),
    ("条", "件例"),
    ("道", "路"),
    ("项", "目"),
    ("名", "单录牌"),
    ("家", "庭"),
    ("方", "面针"),
    ("场", "景馆"),
    ("期", "间"),
    ("天", "然"),
    ("米", "线高"),
    ("户", "籍"),
    ("度", "假"),
    ("克", "隆"),
];

const HAN: &str = "[一二三四五六七八九十百千万亿零〇两]+(?:点[一二三四五六七八九零〇]+)?";

static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    let digits = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.·•・]\d+)?";
    let number = format!("百分之(?:{HAN}|{digits})|{digits}|{HAN}");
    pattern(&format!(
        r"(?P<before>不低于|不少于|不超过|不高于|不突破|高于|低于|少于|超过|突破|超|近|约|达到约|接近|至少|将近|大约)?(?P<from>{number})(?:(?P<scale1>万亿|[万亿])?(?P<unit1>%|元|吨|公斤|斤|亩|人|个百分点)?(?:-|—|–|~|至|到)(?P<to>{number}))?(?P<more>多|余|来)?(?P<scale>万亿|千万|百万|[万亿])?(?P<more2>多|余)?(?:(?P<measure>{MEASURES})|(?P<count>{COUNTS}))?(?P<after>左右|以上|以下|以内|之内|上下)?"
    ))
});

/// The values of a form, in order.
pub(super) fn values(form: &str) -> Vec<Written> {
    let mut values: Vec<Written> = Vec::new();
    let mut at = 0;
    while let Some(found) = VALUE.captures_at(form, at) {
        let whole = found.get(0).map_or(at..at + 1, |whole| whole.range());
        at = whole.end.max(at + 1);
        if let Some(written) = written(form, &found) {
            values.push(written);
        }
    }
    values
}

fn written(form: &str, found: &Captures<'_>) -> Option<Written> {
    let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
    let (number, whole) = (found.name("from")?, found.get(0)?);
    let percent = number.as_str().starts_with("百分之");
    let (measure, count) = (part("measure"), part("count"));
    let unit = match (percent, measure, count) {
        (true, "" | "%", _) => "%",
        (_, "百分点", _) => "个百分点",
        (_, "", "") => shared_unit(form.get(whole.end()..)?)?,
        (_, "", count) => count,
        (_, measure, _) => measure,
    };
    let behind = form.get(whole.end()..).unwrap_or_default();
    let next = behind.chars().next();
    let is_longer = |&(short, longer): &(&str, &str)| {
        short == unit && part("after").is_empty() && next.is_some_and(|c| longer.contains(c))
    };
    if next == Some('级') {
        return None;
    }
    if unit == "天" || LONGER.iter().any(is_longer) {
        // 优良天数达到320天 is a value, 7天内 a term.
        if unit != "天" || next == Some('内') || next == Some('然') {
            return None;
        }
    }
    let before = form.get(..number.start()).unwrap_or_default();
    let last = before.chars().next_back();
    let is_part_of_name = last.is_some_and(|c| c.is_ascii_alphanumeric() || "第.+/-".contains(c));
    // 3岁以下 says of whom.
    if unit == "岁" && ["以上", "以下"].contains(&part("after")) {
        return None;
    }
    let is_rank = ["位", "名"].contains(&unit) && ['前', '居', '列'].iter().any(|c| last == Some(*c));
    if is_part_of_name || is_rank || before.ends_with("两个") {
        return None;
    }
    let is_han = |text: &str| text.chars().next().is_some_and(|c| !c.is_ascii_digit()) && !text.starts_with("百分之");
    let written = number.as_str();
    // 一个, 三处 and the like are words more than figures.
    let is_round = "百千万亿".contains(written) && !part("before").is_empty();
    if is_han(written) && written.chars().count() < 2 && part("scale").is_empty() && !is_round {
        return None;
    }
    // 千亿斤粮食产能: how large the thing is that follows.
    let says_size = written.chars().all(|c| "百千万亿".contains(c)) && part("before").is_empty();
    if count.is_empty() && says_size && next.is_some_and(|c| c.is_alphabetic()) {
        return None;
    }
    if !percent && is_han(written) && before.chars().next_back().is_some_and(|c| "几数十百千万".contains(c)) {
        return None;
    }
    // 八十亿千瓦: the last 千 belongs to the unit.
    let (written, unit) = match written.strip_suffix('千').filter(|_| unit.starts_with('瓦')) {
        Some(rest) => (rest, format!("千{unit}")),
        None => (written, unit.to_owned()),
    };
    let scale = part("scale");
    let (low, precision) = number_of(written, if part("to").is_empty() { scale } else { part("scale1") })?;
    let (high, precision) = match part("to") {
        "" => (low, precision),
        to => number_of(to, scale)?,
    };
    // 5至8万人 means 5万 to 8万.
    let low = if !part("to").is_empty() && part("scale1").is_empty() { low * scale_of(scale) } else { low };
    let more = format!("{}{}", part("more"), part("more2"));
    let qualifiers = [part("before"), &more, part("after")];
    let bytes = whole.range();
    let end = found.name("after").map_or(whole.end(), |after| after.start());
    Some(Written {
        number: number.start()..end,
        bytes,
        value: Value { low: low.min(high), high: high.max(low), precision },
        unit,
        qualifiers: qualifiers.into_iter().filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        counts: !count.is_empty(),
    })
}

/// The unit of a number that only the next one names: 分别提高1.2、0.8个百分点.
fn shared_unit(behind: &str) -> Option<&str> {
    static SHARED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(r"^[、和](?:\d+(?:\.\d+)?[、和]){{0,4}}\d+(?:\.\d+)?(?P<unit>{MEASURES}|人|件|家|个)"))
    });
    let unit = SHARED.captures(behind)?.name("unit")?.as_str();
    Some(if unit == "百分点" { "个百分点" } else { unit })
}

/// The number with its scale, and its last place.
fn number_of(written: &str, scale: &str) -> Option<(f64, f64)> {
    let written = written.strip_prefix("百分之").unwrap_or(written);
    let digits = if written.starts_with(|c: char| c.is_ascii_digit()) {
        written.replace(',', "").replace(['·', '•', '・'], ".")
    } else {
        return han(written, scale);
    };
    let value = digits.parse::<f64>().ok()? * scale_of(scale);
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    Some((value, 10f64.powi(-decimals) * scale_of(scale)))
}

/// A Chinese numeral: 一万七千四百亿 is 17400 of 亿.
fn han(written: &str, scale: &str) -> Option<(f64, f64)> {
    let parsed = |text: &str| numerals::amount(text).and_then(|amount| amount.parse::<f64>().ok());
    let ends = ["万亿", "亿", "万"].iter().find(|end| written.ends_with(**end));
    let split = ends.and_then(|end| Some((parsed(written.strip_suffix(*end)?)?, scale_of(end))));
    let round = || Some(scale_of(["万", "亿"].into_iter().find(|scale| *scale == written)?));
    let value = parsed(written).or_else(round).or_else(|| split.map(|(number, scale)| number * scale))?;
    // The last place that is said: 一万七千四百亿 is said to hundreds of 亿.
    let last = written.chars().next_back().map_or(1.0, |c| match c {
        '十' => 1e1,
        '百' => 1e2,
        '千' => 1e3,
        '万' => 1e4,
        '亿' => 1e8,
        _ => 1.0,
    });
    let decimals = written.split_once('点').map_or(0, |(_, decimals)| decimals.chars().count() as i32);
    Some((value * scale_of(scale), last * 10f64.powi(-decimals) * scale_of(scale)))
}

/// The factor that 万, 亿 and the like stand for.
pub(super) fn scale_of(scale: &str) -> f64 {
    match scale {
        "万" => 1e4,
        "百万" => 1e6,
        "千万" => 1e7,
        "亿" => 1e8,
        "万亿" => 1e12,
        _ => 1.0,
    }
}

static UNIT: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?P<scale>万亿|[万亿])?(?P<unit>{MEASURES}|{COUNTS})$")));

/// The scale and unit that a name or heading ends with (收入亿元).
pub(super) fn unit_at_end(form: &str) -> Option<(f64, String)> {
    let found = UNIT.captures(form)?;
    let unit = if &found["unit"] == "百分点" { "个百分点" } else { &found["unit"] };
    Some((scale_of(found.name("scale").map_or("", |scale| scale.as_str())), unit.to_owned()))
}

/// The scale and unit that are all of a cell.
pub(super) fn unit_of_cell(form: &str) -> Option<(f64, String)> {
    let found = UNIT.find(form)?;
    (found.start() == 0).then(|| unit_at_end(form)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(form: &str) -> Vec<String> {
        let shown = |w: Written| format!("{}..{} {} {}", w.value.low, w.value.high, w.unit, w.qualifiers.concat());
        values(form).into_iter().map(shown).collect()
    }

    #[test]
    fn numbers_of_every_form_are_read() {
        for (form, expected) in [
            ("收入1,200.5亿元", "120050000000..120050000000 元 "),
            ("增长19·5%左右", "19.5..19.5 % 左右"),
            ("不低于5%-6%", "5..6 % 不低于"),
            ("5至8万人", "50000..80000 人 "),
            ("增长百分之七点五", "7.5..7.5 % "),
            ("产值一万七千四百亿元", "1740000000000..1740000000000 元 "),
            ("近700多亿元", "70000000000..70000000000 元 近多"),
            ("提高0.3个百分点以上", "0.3..0.3 个百分点 以上"),
        ] {
            assert_eq!(shown(form), [expected], "{form}");
        }
    }

    #[test]
    fn ranks_dates_and_names_are_no_values() {
        for form in
            ["2025年3月15日", "第3位", "前10名", "5g基站", "3个月", "7天内", "三个方面", "14亿多人民", "两个70%"]
        {
            assert_eq!(shown(form), [""; 0], "{form}");
        }
    }
}
