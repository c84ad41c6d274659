//! Figures for comparing a draft with itself and the archive: the items of which one value of one year is certain.
//!
//! Left out are periods, means, parts of a year, shares and changes, and names that say too little. Whatever is left is
//! compared by `wording::agreement`.

use std::ops::Range;

use super::keys;
use super::names;
use super::{Item, Measure, ReportYears, Status, read};
use crate::model::Passage;

/// A figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The indicator, in the form by which it is grouped.
    pub indicator: String,
    /// What the value says: its level, or its growth within a year.
    pub measure: Measure,
    /// The value in the unit without 万 and 亿; negative for a decline.
    pub value: f64,
    /// Last decimal place of the value as written, as a power of ten of the same unit.
    pub precision: f64,
    /// The unit.
    pub unit: String,
    /// 左右, 以上, 以内 and the like; 约, 超 and the like; empty for an exact figure.
    pub qualifier: String,
    /// 预计, 力争 and the like; empty where none is said.
    pub status: String,
    /// Whether it is aimed at rather than reached.
    pub is_target: bool,
    /// The year it holds for.
    pub year: i32,
    /// Number of the passage, from 0.
    pub passage: usize,
    /// Characters of the passage: from the indicator, or the clause, to the end of the figure.
    pub chars: Range<usize>,
}

/// The figures of a report.
pub fn figures(years: &ReportYears, passages: &[Passage]) -> Vec<Figure> {
    read(years, passages).into_iter().filter_map(figure).collect()
}

/// Beginnings of names that say nothing without what stands elsewhere.
const VAGUE: [&str; 10] = ["总投资", "新增", "净增", "总量", "总数", "总面积", "总产值", "总规模", "总里程", "投资额"];

/// Words that say how firm a value is, rather than what it is.
const FIRMNESS: [&str; 3] = ["力争", "确保", "争取"];

fn figure(item: Item) -> Option<Figure> {
    let value = item.value.filter(|value| value.low == value.high)?;
    let years = item.period?.years;
    let is_annual = item.scope.iter().all(|scope| ["规上", "限上", "人均"].contains(&scope.as_str()) || is_own(scope));
    let is_certain = matches!(item.measure, Measure::Level | Measure::Growth) && years.from == years.to && is_annual;
    let is_vague = VAGUE.iter().any(|vague| item.indicator.starts_with(vague));
    // What is counted in passing (惠及企业) is said of many things under one name.
    let says_whose = names::is_plain(&item.indicator) && !names::is_general(&item.indicator);
    let is_plain = says_whose || keys::is_known(&item.key);
    if !is_certain || !is_plain || is_vague || item.unit == "倍" || !(3..=20).contains(&item.key.chars().count()) {
        return None;
    }
    let (firm, bounds): (Vec<String>, Vec<String>) =
        item.qualifiers.into_iter().partition(|word| FIRMNESS.contains(&word.as_str()));
    let status = if item.status == Status::Estimated { "预计".to_owned() } else { firm.concat() };
    Some(Figure {
        indicator: item.key,
        measure: item.measure,
        value: value.low,
        precision: value.precision,
        unit: item.unit,
        qualifier: bounds.concat(),
        status,
        is_target: item.status == Status::Target,
        year: years.to,
        passage: item.passage,
        chars: item.chars,
    })
}

/// Whether a scope is the report's own place.
fn is_own(scope: &str) -> bool {
    scope.starts_with('全')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Part, Role, Years};

    fn passage(role: Role, part: Part, text: &str) -> Passage {
        Passage { role, part, section: None, text: text.to_owned(), bytes: Vec::new() }
    }

    fn years() -> ReportYears {
        let one = |year| Some(Years { from: year, to: year });
        ReportYears { year: Some(2026), covers: one(2025), plans: one(2026), is_plan: false }
    }

    fn shown(passages: &[Passage]) -> Vec<String> {
        let shown = |f: &Figure| {
            let aim = if f.is_target { "目标" } else { "" };
            let value = format!("{} {:?} {}{}", f.indicator, f.measure, f.value, f.unit);
            format!("{value} {}{} {}{aim}", f.qualifier, f.status, f.year)
        };
        figures(&years(), passages).iter().map(shown).collect()
    }

    #[test]
    fn figures_are_read_from_clauses() {
        let review = "去年，全区地区生产总值预计增长5.5%左右，一般公共预算收入完成120.5亿元、增长3.2%，\
                      社会消费品零售总额下降1%；过去五年，研发投入年均增长8%。";
        let plan = "主要预期目标是：GDP增长5%以上，城镇新增就业1.2万人，居民收入增长与经济增长同步。";
        let passages = [passage(Role::Paragraph, Part::Review, review), passage(Role::Paragraph, Part::Plan, plan)];
        let expected = [
            "地区生产总值 Growth 5.5% 左右预计 2025",
            "一般公共预算收入 Level 12050000000元  2025",
            "一般公共预算收入 Growth 3.2%  2025",
            "社会消费品零售 Growth -1%  2025",
            "地区生产总值 Growth 5% 以上 2026目标",
            "城镇新增就业 Level 12000人  2026目标",
        ];
        assert_eq!(shown(&passages), expected);
    }

    #[test]
    fn figures_are_read_from_rows() {
        let rows = [
            "指标\t单位\t2025年实际\t2026年目标",
            "地区生产总值\t亿元\t1,200.5\t1260",
            "地区生产总值增长\t%\t5.5\t5左右",
        ];
        let passages: Vec<Passage> = rows.iter().map(|row| passage(Role::Row, Part::Appendix, row)).collect();
        let expected = [
            "地区生产总值 Level 120050000000元  2025",
            "地区生产总值 Level 126000000000元  2026目标",
            "地区生产总值 Growth 5.5%  2025",
            "地区生产总值 Growth 5% 左右 2026目标",
        ];
        assert_eq!(shown(&passages), expected);
    }

    #[test]
    fn figures_of_other_periods_and_places_are_left_out() {
        let text = "前三季度，地区生产总值增长4%。南岸区，地区生产总值增长8%。地区生产总值上涨9%。";
        let passages = [passage(Role::Paragraph, Part::Review, text)];
        assert_eq!(shown(&passages), ["地区生产总值 Growth 9%  2025"]);
        let plan = [passage(Role::Paragraph, Part::Plan, "2025年，城镇新增就业13万人。")];
        assert!(!figures(&years(), &plan)[0].is_target);
    }
}
