//! Targets beside their results: items of one indicator over the years, and which later result answers which target.
//!
//! A group holds what is said of one place, indicator, measure and kind of unit. A target is linked to the result for
//! the same years that another, not earlier, report gives; one that is reached goes before one that is only expected,
//! and what is only expected is never shown as final nor judged.
//!
//! **Confidence** of a link is a product: 0.9 if the two names differ (an alias, 总额 left out), 0.8 if they are not
//! counted alike (规上, 人均, 累计, a place), 0.95 for each whose years are those of the part of the report rather than
//! said, 0.7 if either report gives other values for the same years; two aims for the same years are not judged. 1 means that all of it is said in the same
//! words.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Item, Measure, Status, Value};
use crate::text::fold::matching_form;

/// The report that an item stands in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ReportRef {
    /// Its identifier.
    pub report: String,
    /// The region it speaks of, or its issuer where it names none.
    pub place: String,
    /// The year whose tasks it sets, or, for one that sets none, the year it covers.
    pub year: i32,
}

/// Whether a target has been met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Verdict {
    /// It has.
    #[serde(rename = "达到")]
    Met,
    /// It has not.
    #[serde(rename = "未达到")]
    NotMet,
    /// Its words, or those of the result, do not say.
    #[serde(rename = "无法判断")]
    Unclear,
}

/// A target with the result that answers it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Link {
    /// Index of the target among the items given.
    pub target: usize,
    /// Index of the result.
    pub result: usize,
    /// Whether the result is reached rather than expected.
    pub is_final: bool,
    /// How certain it is that one answers the other, from 0 to 1; see the module's words.
    pub confidence: f64,
    /// Whether the target has been met.
    pub verdict: Verdict,
}

/// What is said of one indicator of one place over the years.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// The region or issuer; another place where the items name one (全国 in a province's report).
    pub place: String,
    /// The indicator, in the form by which it is grouped.
    pub key: String,
    /// What the values say.
    pub measure: Measure,
    /// The unit that values are compared in.
    pub unit: String,
    /// Indices of its items: by their last year, targets first, by the year of the report.
    pub items: Vec<usize>,
    /// Its targets that have a result.
    pub links: Vec<Link>,
}

/// The groups of items, by place, indicator, measure and unit.
pub fn link(items: &[(ReportRef, Item)]) -> Vec<Group> {
    let mut groups: BTreeMap<(String, String, Measure, &str), Vec<usize>> = BTreeMap::new();
    for (index, (report, item)) in items.iter().enumerate() {
        let nation = item.scope.iter().any(|scope| scope == NATION);
        let place = if nation { NATION.to_owned() } else { report.place.clone() };
        let unit = if item.value.is_none() && item.measure == Measure::Growth { "%" } else { family(&item.unit).0 };
        groups.entry((place, item.key.clone(), item.measure, unit)).or_default().push(index);
    }
    let group = |((place, key, measure, unit), mut own): ((String, String, Measure, &str), Vec<usize>)| {
        own.sort_by_key(|&index| {
            let (report, item) = &items[index];
            (item.period.map(|period| period.years.to), item.status, report.year, index)
        });
        let links = own.iter().filter_map(|&target| answer(items, &own, target)).collect();
        Group { place, key, measure, unit: unit.to_owned(), items: own, links }
    };
    groups.into_iter().map(group).collect()
}

/// Scope of what is counted in the whole country.
const NATION: &str = "全国";

/// The result that answers a target best.
fn answer(items: &[(ReportRef, Item)], group: &[usize], target: usize) -> Option<Link> {
    let (aimed, aim) = &items[target];
    if aim.status != Status::Target {
        return None;
    }
    let answers = |&&index: &&usize| {
        let (report, item) = &items[index];
        // What five years add up to is no answer to one of them.
        let same_years = aim.period.zip(item.period).is_some_and(|(a, b)| a.years == b.years);
        let later = report.report != aimed.report && report.year >= aimed.year;
        item.status != Status::Target && item.value.is_some() && same_years && later && same_span(aim, item)
    };
    let candidates: Vec<usize> = group.iter().filter(answers).copied().collect();
    let rank = |&index: &usize| {
        let (report, item) = &items[index];
        // Reached before expected, certain before uncertain, the first report to say it before later ones.
        (item.status == Status::Done, confidence(aim, item), -report.year)
    };
    let better = |a: &usize, b: &usize| rank(a).partial_cmp(&rank(b)).unwrap_or(Ordering::Equal).then(b.cmp(a));
    let result = candidates.iter().copied().max_by(better)?;
    let (source, found) = &items[result];
    let differs = |&index: &usize| {
        let (report, item) = &items[index];
        report.report == source.report && item.status == found.status && !is_same(item, found)
    };
    // 五年5000万人 beside 今年1000万人: of two aims for the same years one is likely for others.
    let rivals = |&index: &usize| {
        let (report, item) = &items[index];
        let same_years = item.period.map(|period| period.years) == aim.period.map(|period| period.years);
        report.report == aimed.report
            && item.status == Status::Target
            && same_years
            && item.value.is_some()
            && !is_same(item, aim)
    };
    let has_rival = aim.value.is_some() && group.iter().any(rivals);
    let doubt = if candidates.iter().any(differs) || has_rival { OTHER_VALUE } else { 1.0 };
    let is_final = found.status == Status::Done;
    Some(Link {
        target,
        result,
        is_final,
        confidence: confidence(aim, found) * doubt,
        verdict: if is_final && !has_rival { verdict(aim, found) } else { Verdict::Unclear },
    })
}

const OTHER_NAME: f64 = 0.9;
const OTHER_COUNT: f64 = 0.8;
const UNSAID: f64 = 0.95;
const OTHER_VALUE: f64 = 0.7;

fn confidence(aim: &Item, result: &Item) -> f64 {
    let mut confidence = 1.0;
    if matching_form(&aim.indicator) != matching_form(&result.indicator) {
        confidence *= OTHER_NAME;
    }
    if counted(aim) != counted(result) {
        confidence *= OTHER_COUNT;
    }
    if let (Some(a), Some(b)) = (aim.period, result.period) {
        for period in [a, b] {
            confidence *= if period.is_said { 1.0 } else { UNSAID };
        }
    }
    confidence
}

/// How an item is counted. That it is counted in the report's own place is left unsaid as often as not.
fn counted(item: &Item) -> Vec<&str> {
    let mut counted: Vec<&str> = item.scope.iter().map(String::as_str).filter(|scope| !is_own_place(scope)).collect();
    counted.sort_unstable();
    counted
}

fn is_own_place(scope: &str) -> bool {
    scope.starts_with('全') && scope != NATION
}

/// Whether two items speak of means, or parts of a year, or neither: a mean is no answer to a single year.
fn same_span(a: &Item, b: &Item) -> bool {
    let span = |item: &Item| -> Vec<String> {
        let is_span = |scope: &&String| scope.as_str() == "年均" || scope.contains(['月', '季', '半']);
        item.scope.iter().filter(is_span).cloned().collect()
    };
    span(a) == span(b)
}

fn is_same(a: &Item, b: &Item) -> bool {
    let (Some((a, _)), Some((b, _))) = (in_family(a), in_family(b)) else { return false };
    (a.low - b.low).abs() <= a.precision.max(b.precision)
}

/// A value in the unit of its family, and that unit's name.
fn in_family(item: &Item) -> Option<(Value, &str)> {
    let value = item.value?;
    let (unit, factor) = family(&item.unit);
    let Value { low, high, precision } = value;
    Some((Value { low: low * factor, high: high * factor, precision: precision * factor }, unit))
}

/// The unit that a unit is compared in, and how many of it one is.
fn family(unit: &str) -> (&str, f64) {
    match unit {
        "吨" => ("公斤", 1000.0),
        "千克" => ("公斤", 1.0),
        "斤" => ("公斤", 0.5),
        "担" => ("公斤", 50.0),
        "公顷" => ("亩", 15.0),
        "千公顷" => ("亩", 15_000.0),
        "平方公里" | "平方千米" => ("亩", 1500.0),
        "千米" => ("公里", 1.0),
        "米" => ("公里", 0.001),
        "兆瓦" => ("千瓦", 1000.0),
        "千瓦小时" | "度" | "kwh" => ("千瓦时", 1.0),
        "吨标煤" => ("吨标准煤", 1.0),
        "标箱" | "teu" => ("标准箱", 1.0),
        "名" => ("人", 1.0),
        _ => (unit, 1.0),
    }
}

/// Units of growth, in points, that 左右 allows for.
const ABOUT_POINTS: f64 = 0.5;

/// Share of a level that 左右 allows for.
const ABOUT_SHARE: f64 = 0.05;

const UPPER: [&str; 9] = ["以内", "以下", "之内", "不超过", "低于", "不高于", "不突破", "控制在", "少于"];
const ABOUT: [&str; 6] = ["左右", "上下", "约", "大约", "近", "接近"];
const LOWER: [&str; 9] = ["以上", "不低于", "不少于", "至少", "超过", "突破", "高于", "超", "多"];

/// Indicators of which less is better.
const LESS_IS_BETTER: [&str; 8] = ["失业率", "能耗", "排放", "浓度", "死亡", "事故", "赤字", "二氧化碳"];

fn verdict(aim: &Item, result: &Item) -> Verdict {
    let (Some((aimed, _)), Some((reached, _))) = (in_family(aim), in_family(result)) else { return Verdict::Unclear };
    let says = |item: &Item, words: &[&str]| item.qualifiers.iter().any(|word| words.contains(&word.as_str()));
    let rounding = aimed.precision.min(reached.precision) * 0.5;
    let is_rate = ["%", "个百分点"].contains(&aim.unit.as_str());
    let about = if is_rate { ABOUT_POINTS } else { aimed.low.abs() * ABOUT_SHARE };
    let is_about = says(aim, &ABOUT) && !says(aim, &LOWER);
    let slack = if is_about { about } else { rounding };
    // Prices are to rise neither more nor less.
    if aim.key.contains("价格") && !says(aim, &UPPER) {
        let is_near = (reached.low - aimed.low).abs() <= about;
        return if is_near { Verdict::Met } else { Verdict::Unclear };
    }
    let is_less_better = says(aim, &UPPER) || LESS_IS_BETTER.iter().any(|word| aim.key.contains(word));
    let is_met = if is_less_better && !says(aim, &LOWER) {
        reached.high <= aimed.high + slack
    } else if is_less_better && aimed.low < 0.0 {
        // 能耗降低3%以上: a decline at least as large.
        reached.low <= aimed.high + slack
    } else {
        reached.low >= aimed.low - slack
    };
    // A result that is only bounded from the other side says nothing; nor does 左右 next to the mark.
    let is_open = (!is_met && says(result, &LOWER)) || (is_less_better && says(result, &LOWER) && aimed.low >= 0.0);
    let is_rough = says(result, &ABOUT) && (reached.low - aimed.low).abs() <= about && !is_about;
    match (is_open || is_rough, is_met) {
        (true, _) => Verdict::Unclear,
        (false, true) => Verdict::Met,
        (false, false) => Verdict::NotMet,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Part, Passage, Role, Years};
    use crate::targets::{ReportYears, read};

    /// Items of reports of one district: year, part, text.
    fn items(reports: &[(i32, Part, &str)]) -> Vec<(ReportRef, Item)> {
        let mut items = Vec::new();
        for &(year, part, text) in reports {
            let passage =
                Passage { role: Role::Paragraph, part, section: None, text: text.to_owned(), bytes: Vec::new() };
            let one = |year| Some(Years { from: year, to: year });
            let years = ReportYears { year: Some(year), covers: one(year - 1), plans: one(year), is_plan: false };
            let report = ReportRef { report: format!("r{year}"), place: "望澜区".to_owned(), year };
            items.extend(read(&years, &[passage]).into_iter().map(|item| (report.clone(), item)));
        }
        items
    }

    fn shown(reports: &[(i32, Part, &str)]) -> Vec<String> {
        let items = items(reports);
        let shown = |group: &Group, link: &Link| {
            let written = |index: usize| format!("{}{}", items[index].1.written, items[index].1.qualifiers.concat());
            let verdict = match link.verdict {
                Verdict::Met => "达到",
                Verdict::NotMet => "未达到",
                Verdict::Unclear => "无法判断",
            };
            let state = if link.is_final { "" } else { "预计" };
            let (target, result) = (written(link.target), written(link.result));
            format!("{} {target}→{state}{result} {verdict} {:.2}", group.key, link.confidence)
        };
        link(&items)
            .iter()
            .flat_map(|group| group.links.iter().map(|link| shown(group, link)).collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn a_target_stands_beside_the_result_that_the_next_report_gives() {
        let aims = "主要预期目标是：地区生产总值增长5.5%左右，城镇新增就业1.2万人以上，城镇登记失业率控制在3.5%以内。";
        let results = "去年，GDP增长5.2%，城镇新增就业11800人，城镇登记失业率3.1%。";
        let expected = [
            "地区生产总值 5.5%左右→5.2% 达到 0.85",
            "城镇新增就业 1.2万人以上→11800人 未达到 0.95",
            "城镇登记失业率 3.5%控制在以内→3.1% 达到 0.95",
        ];
        let mut links = shown(&[(2030, Part::Requirements, aims), (2031, Part::Review, results)]);
        links.sort();
        let mut sorted = expected.to_vec();
        sorted.sort_unstable();
        assert_eq!(links, sorted);
    }

    #[test]
    fn what_is_only_expected_is_not_final_and_gives_way_to_what_is_reached() {
        let aim = (2030, Part::Requirements, "地区生产总值增长6%。");
        let expected = (2031, Part::Review, "预计地区生产总值增长6.1%。");
        let reached = (2032, Part::Review, "2030年，地区生产总值增长5.8%。");
        assert_eq!(shown(&[aim, expected]), ["地区生产总值 6%→预计6.1% 无法判断 0.90"]);
        assert_eq!(shown(&[aim, expected, reached]), ["地区生产总值 6%→5.8% 未达到 0.95"]);
    }

    #[test]
    fn years_means_and_places_are_not_mixed() {
        let aims = (2026, Part::Requirements, "到2030年，地区生产总值年均增长6%。");
        let single = (2031, Part::Review, "2030年，地区生产总值增长6.5%。");
        let nation = (2031, Part::Review, "2030年，全国地区生产总值年均增长5%。");
        assert!(shown(&[aims, single]).is_empty());
        assert!(shown(&[aims, nation]).is_empty());
        let other_year = (2028, Part::Review, "粮食产量1.2万吨。");
        assert!(shown(&[(2026, Part::Plan, "粮食产量1.1万吨。"), other_year]).is_empty());
    }

    #[test]
    fn units_of_one_kind_are_compared() {
        let aim = (2030, Part::Plan, "粮食产量稳定在2400万斤以上。");
        assert_eq!(
            shown(&[aim, (2031, Part::Review, "去年，粮食产量1.25万吨。")]),
            ["粮食产量 2400万斤稳定在以上→1.25万吨 达到 0.95"]
        );
    }

    /// An aim for five years and one for the next, both without years of their own, were both judged by one result.
    #[test]
    fn two_aims_for_the_same_years_are_not_judged() {
        let aims = (2030, Part::Requirements, "城镇新增就业5万人以上。城镇新增就业1万人以上。");
        let result = (2031, Part::Review, "去年，城镇新增就业1.2万人。");
        let expected = ["城镇新增就业 5万人以上→1.2万人 无法判断 0.66", "城镇新增就业 1万人以上→1.2万人 无法判断 0.66"];
        assert_eq!(shown(&[aims, result]), expected);
    }

    #[test]
    fn words_are_linked_but_not_judged() {
        let aims = (2030, Part::Requirements, "地区生产总值增长5%，居民收入与经济增长同步。");
        let result = (2031, Part::Review, "去年，居民人均可支配收入增长5.1%。");
        assert_eq!(shown(&[aims, result]), ["居民人均可支配收入 与经济增长同步与经济增长同步→5.1% 无法判断 0.68"]);
    }
}
