//! Items of table rows: the header says which years, units and kinds of values the columns hold.
//!
//! A table of a plan has its indicators in rows, years and 年均 in columns, and a column that says 预期性 or 约束性.

use std::sync::LazyLock;

use regex::Regex;

use super::keys;
use super::names;
use super::periods::Calendar;
use super::things::nature;
use super::values::{unit_at_end, unit_of_cell, values};
use super::{Item, Measure, Period, ReportYears, Status, Value};
use crate::model::{Part, Passage, Years};
use crate::text::fold::fold_keeping_marks;
use crate::text::pattern;

/// A table whose header has been read.
pub(super) struct Table<'a> {
    calendar: Calendar<'a>,
    columns: Vec<Column>,
    /// The years of its columns, from the first to the last.
    years: Option<Years>,
}

/// What the first cell of a row says.
struct Said<'a> {
    name: &'a str,
    /// Whether it says 增长.
    grows: bool,
    /// Whether it says 降低.
    falls: bool,
    /// Whether it says 累计.
    is_sum: bool,
}

/// What a header says of a column.
struct Column {
    text: String,
    years: Option<Years>,
}

static CELL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(?P<bracket>[\[〔【(])?(?P<before>≥|≤|>|<|不低于|不超过|不少于|高于|低于|超过|突破|达到|超|约)?(?P<sign>[-−+])?",
        r"(?P<number>\d[\d,.]*(?:[-~—][\d,.]+)?)(?P<scale>万亿|[万亿])?(?P<unit>[^\d\[\]〔〕【】()左以上下]{1,6})?(?P<after>左右|以上|以内|以下)?[\]〕】)]?$"
    ))
});

static NUMBERING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:\(?[\d一二三四五六七八九十]+[.、)]|[#*]|其中[:：]?)+"));

fn form_of(text: &str) -> String {
    fold_keeping_marks(text).chars.iter().collect()
}

impl<'a> Table<'a> {
    /// The table that begins with this row.
    pub fn new(report: &'a ReportYears, header: &str) -> Table<'a> {
        static BARE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^((?:19|20)\d\d)(?:$|\D)"));
        let calendar = Calendar { report, part: Part::Other };
        let column = |cell: &str| {
            let text = form_of(cell);
            let named = calendar.times(&text).into_iter().rfind(|time| !time.is_base).map(|time| time.years);
            let bare = || {
                let year = BARE.captures(&text)?.get(1)?.as_str().parse().ok()?;
                Some(Years { from: year, to: year })
            };
            Column { years: named.or_else(bare), text }
        };
        let columns: Vec<Column> = header.split('\t').map(column).collect();
        let named = columns.iter().filter_map(|column| column.years);
        let years = named.reduce(|a, b| Years { from: a.from.min(b.from), to: a.to.max(b.to) });
        Table { calendar, columns, years }
    }

    /// Reads the items of a row.
    pub fn row(&self, number: usize, passage: &Passage, items: &mut Vec<Item>) {
        let cells: Vec<&str> = passage.text.split('\t').collect();
        let Some(name_at) = self.name_column(&cells) else { return };
        let Some(cell) = cells.get(name_at) else { return };
        let form = form_of(cell);
        let plain = NUMBERING.replace(&form, "").into_owned();
        let of_name = unit_at_end(plain.trim_end_matches([')', '）'])).filter(|_| plain.ends_with([')', '）']));
        let mut shown = names::tidy(NUMBERING.replace(cell, "").trim());
        let grows = ["增长率", "增长速度", "增长", "增速", "增幅", "涨幅"];
        let growth = grows.iter().find(|end| shown.ends_with(**end) && shown.chars().count() > end.chars().count() + 1);
        if let Some(end) = growth {
            shown = shown.strip_suffix(*end).unwrap_or_default().to_owned();
        }
        let is_growth = growth.is_some();
        let falls = ["累计降低", "累计下降", "降低", "下降", "减少"].iter().find(|end| shown.ends_with(**end)).copied();
        let is_sum = falls.is_some_and(|end| end.starts_with("累计"));
        if let Some(end) = falls {
            shown = shown.strip_suffix(end).unwrap_or_default().to_owned();
        }
        let said = Said { name: &shown.clone(), grows: is_growth, falls: falls.is_some(), is_sum };
        if !names::is_telling(&shown) {
            return;
        }
        let of_cell = cells.iter().enumerate().filter(|(at, _)| *at != name_at);
        let of_cell = of_cell.map(|(_, cell)| form_of(cell)).find_map(|cell| unit_of_cell(&cell));
        let nature = cells.iter().find_map(|cell| nature(cell));
        let mut at = 0;
        for (column, cell) in cells.iter().enumerate() {
            let from = at;
            at += cell.chars().count() + 1;
            if column == name_at {
                continue;
            }
            let unit = of_cell.clone().or(of_name.clone());
            let Some(mut item) = self.value(column, cell, unit, &said) else { continue };
            item.nature = nature;
            item.passage = number;
            item.chars = from..from + cell.chars().count();
            items.push(item);
        }
    }

    /// The column that names the indicators.
    fn name_column(&self, cells: &[&str]) -> Option<usize> {
        let named = |column: &Column| ["指标", "项目", "名称"].iter().any(|word| column.text.starts_with(word));
        let is_name = |cell: &&str| {
            let form = form_of(cell);
            form.chars().filter(|c| c.is_alphabetic()).count() >= 2 && unit_of_cell(&form).is_none()
        };
        let of_header = self.columns.iter().position(named).filter(|at| cells.get(*at).is_some_and(is_name));
        of_header.or_else(|| cells.iter().position(is_name))
    }

    fn value(&self, column: usize, cell: &str, unit: Option<(f64, String)>, said: &Said<'_>) -> Option<Item> {
        let heading = self.columns.get(column)?;
        let form = form_of(cell);
        let found = CELL.captures(&form)?;
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        let name = said.name;
        let compares = ["增", "±", "比上年", "较上年", "同比"].iter().any(|word| heading.text.contains(word));
        let grows = compares || said.grows || said.falls;
        let own = unit_of_cell(&format!("{}{}", part("scale"), part("unit")));
        let percent = || heading.text.contains('%').then(|| (1.0, "%".to_owned()));
        // 年均增速 of what is counted in 亿元 is one in per cent.
        let rate = || (heading.text.contains("增") || heading.text.contains("年均")).then(|| (1.0, "%".to_owned()));
        let (scale, unit) = own
            .or_else(percent)
            .or_else(|| unit_at_end(heading.text.trim_end_matches([')', '）'])))
            .or_else(rate)
            .or(unit)?;
        let read = values(&format!("{}{unit}", part("number"))).into_iter().next()?;
        let is_mean = heading.text.contains("年均");
        let is_sum = !part("bracket").is_empty() || said.is_sum || heading.text.contains("累计") && !is_mean;
        let span = self.years.filter(|years| (is_mean || is_sum) && years.from < years.to);
        let span = span.map(|years| Years { from: years.from + 1, to: years.to });
        let own = |years: Years| span.filter(|span| span.to == years.to).unwrap_or(years);
        let years = heading
            .years
            .map(own)
            .or_else(|| span.or(self.calendar.default_year().map(|year| Years { from: year, to: year })));
        let period = years.map(|years| Period { years, is_said: heading.years.is_some() });
        let rate_unit = unit == "%" || unit == "‰";
        let measure = match () {
            () if (grows || is_mean) && rate_unit => Measure::Growth,
            () if compares => Measure::Change,
            () if rate_unit && (name.contains("比重") || name.contains('占')) => Measure::Share,
            () => Measure::Level,
        };
        let is_negative = !(part("sign").is_empty() || part("sign") == "+");
        // 能耗降低13.5% is a decline, as is one of -13.5%.
        let sign = if is_negative || said.falls && measure != Measure::Level { -1.0 } else { 1.0 };
        let (low, high) = (read.value.low * scale * sign, read.value.high * scale * sign);
        let mut scope = names::counted(name);
        scope.extend(is_mean.then(|| "年均".to_owned()));
        scope.extend(is_sum.then(|| "累计".to_owned()));
        let before = match part("before") {
            "≥" => "不低于",
            "≤" => "不超过",
            ">" => "高于",
            "<" => "低于",
            word => word,
        };
        let qualifiers = [before, part("after")].into_iter().filter(|word| !word.is_empty()).map(str::to_owned);
        Some(Item {
            indicator: name.to_owned(),
            key: keys::key(name),
            measure,
            value: Some(Value { low: low.min(high), high: high.max(low), precision: read.value.precision * scale }),
            written: cell.to_owned(),
            unit,
            qualifiers: qualifiers.collect(),
            status: self.status(&heading.text, years),
            period,
            scope,
            nature: None,
            passage: 0,
            chars: 0..0,
        })
    }

    fn status(&self, heading: &str, years: Option<Years>) -> Status {
        let says = |words: &[&str]| words.iter().any(|word| heading.contains(word));
        let is_ahead = years.zip(self.calendar.last_covered()).is_some_and(|(years, last)| years.to > last);
        if says(&["预计"]) {
            Status::Estimated
        } else if says(&["实际", "完成", "现状", "实绩"]) {
            Status::Done
        } else if says(&["目标", "规划", "预期", "计划"]) || is_ahead {
            Status::Target
        } else {
            Status::Done
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Role;
    use crate::targets::read;

    use super::*;

    fn shown(rows: &[&str], years: ReportYears) -> Vec<String> {
        let row = |text: &&str| Passage {
            role: Role::Row,
            part: Part::Appendix,
            section: None,
            text: (*text).to_owned(),
            bytes: Vec::new(),
        };
        let passages: Vec<Passage> = rows.iter().map(row).collect();
        let shown = |item: Item| {
            let value = item.value.map_or(0.0, |value| value.low);
            let years = item.period.map_or(String::new(), |period| period.years.to_string());
            let nature = item
                .nature
                .map_or("", |nature| if nature == crate::targets::Nature::Binding { "约束" } else { "预期" });
            format!(
                "{} {:?} {value:.1}{} {years} {} {} {nature}",
                item.indicator,
                item.measure,
                item.unit,
                item.status.label(),
                item.scope.join("、")
            )
        };
        read(&years, &passages).into_iter().map(shown).collect()
    }

    #[test]
    fn a_table_of_a_plan_holds_levels_growth_and_how_binding_they_are() {
        let years =
            ReportYears { year: Some(2021), covers: None, plans: Some(Years { from: 2021, to: 2025 }), is_plan: true };
        let rows = [
            "指标\t单位\t2020年\t2025年\t年均增速\t属性",
            "1.地区生产总值\t亿元\t260\t370\t6左右\t预期性",
            "单位地区生产总值能耗降低\t%\t—\t—\t[13.5]\t约束性",
        ];
        let expected = [
            "地区生产总值 Level 26000000000.0元 2020 完成  预期",
            "地区生产总值 Level 37000000000.0元 2025 目标  预期",
            "地区生产总值 Growth 6.0% 2021-2025 目标 年均 预期",
            "单位地区生产总值能耗 Growth -13.5% 2021-2025 目标 年均、累计 约束",
        ];
        assert_eq!(shown(&rows, years), expected);
    }

    #[test]
    fn a_table_of_a_communique_says_units_in_names_and_headings() {
        let years =
            ReportYears { year: Some(2024), covers: Some(Years { from: 2024, to: 2024 }), plans: None, is_plan: false };
        let rows = ["指 标\t绝对数（亿元）\t比上年增长（%）", "其中：批发业\t36.2\t-1.5"];
        let expected = ["批发业 Level 3620000000.0元 2024 完成  ", "批发业 Growth -1.5% 2024 完成  "];
        assert_eq!(shown(&rows, years), expected);
    }
}
