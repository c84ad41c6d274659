//! Numeric targets and results of a report: which indicator has which value, in which year, and how firmly it is said.
//!
//! Read by shape from clauses (`地区生产总值增长5.5%左右`) and from table rows; no dictionary of indicators. An item
//! is an indicator with a clear name, a value and a unit, wherever it stands: what a plan says of its years is a
//! target, what is said of years that are over a result. Invariant: an item's `chars` are a stretch of its passage
//! that holds the value, and the indicator unless a clause before names it.
//!
//! No items are: ranks (第3位, 前10名), dates and terms (仅用6天), shares of a plan that are fulfilled (完成预算的103%),
//! comparisons with another place or measure (高于全国2.1个百分点, 是上年的2.3倍), starting values (由1.3%提高到2.4%: only
//! 2.4%), values that only qualify a noun (产值超过百亿元的企业), numbers of meetings and documents, numerals of one
//! character (三处), numbers without a unit (增加1753万), what is counted as a subject or behind a preposition (9家企业
//! 上榜, 在5个城市试点). A comparison with the year before (比上年提高0.3个百分点, 增加5亿元) is an item that says by how
//! much its indicator changed. People and cases (审结案件120件, 起诉35人) are results like others.
//!
//! How items stand together over the years belongs to `link`, what the wording check compares to `figures`.

mod clauses;
mod figures;
mod keys;
mod line;
mod link;
mod names;
mod naming;
mod periods;
mod prose;
mod sentence;
mod table;
mod things;
mod told;
mod values;

use std::ops::Range;

use serde::Serialize;

pub use figures::{Figure, figures};
pub use link::{Group, Link, ReportRef, Verdict, link};

use crate::model::{Kind, Metadata, Passage, Role, Years};

/// What a value says of its indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// How large it is.
    Level,
    /// By how many per cent, or times, it changes.
    Growth,
    /// Which share it has (占…比重).
    Share,
    /// By how many units or percentage points it changes.
    Change,
}

/// How firm a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Status {
    /// Aimed at.
    #[serde(rename = "目标")]
    Target,
    /// Expected for a year whose figures are not final.
    #[serde(rename = "预计")]
    Estimated,
    /// Reached.
    #[serde(rename = "完成")]
    Done,
}

impl Status {
    /// The name that is shown.
    pub fn label(self) -> &'static str {
        match self {
            Status::Target => "目标",
            Status::Estimated => "预计",
            Status::Done => "完成",
        }
    }
}

/// How binding a target is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Nature {
    /// 预期性.
    #[serde(rename = "预期性")]
    Expected,
    /// 约束性.
    #[serde(rename = "约束性")]
    Binding,
}

/// A value, or a range of values, in the unit without 万 and 亿; negative for a decline.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Value {
    /// The lower end.
    pub low: f64,
    /// The upper end; the lower one again for a single value.
    pub high: f64,
    /// Last decimal place as written, as a power of ten of the same unit.
    pub precision: f64,
}

/// The years that a value holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The first and the last; the same for a single year.
    pub years: Years,
    /// Whether the text says so, rather than the part of the report it stands in.
    pub is_said: bool,
}

/// An indicator with its value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// The indicator as the report calls it, without what stands around its name.
    pub indicator: String,
    /// The name by which items of one indicator are grouped; see [`key`].
    pub key: String,
    /// What the value says.
    pub measure: Measure,
    /// The value; `None` where it is said in words (与经济增长同步).
    pub value: Option<Value>,
    /// The value as written, with its unit.
    pub written: String,
    /// The unit without 万 and 亿; empty for words.
    pub unit: String,
    /// 左右, 以上, 力争, 不低于 and the like in the order of the text; for words, the words.
    pub qualifiers: Vec<String>,
    /// The years it holds for, where they are known.
    pub period: Option<Period>,
    /// How firm it is.
    pub status: Status,
    /// Where and how it is counted: 全区, 规上, 人均, 累计, 年均, 上半年 and the like.
    pub scope: Vec<String>,
    /// How binding it is said to be.
    pub nature: Option<Nature>,
    /// Number of the passage, from 0.
    pub passage: usize,
    /// Characters of the passage: from the indicator, or the clause, to the end of the value.
    pub chars: Range<usize>,
}

/// The years of a report, as [`Metadata`] has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReportYears {
    /// The year whose tasks it sets, or, for one that sets none, the year it covers.
    pub year: Option<i32>,
    /// The years that it looks back on.
    pub covers: Option<Years>,
    /// The years whose tasks it sets.
    pub plans: Option<Years>,
    /// Whether it is a plan, all of which speaks of the years ahead.
    pub is_plan: bool,
}

impl From<&Metadata> for ReportYears {
    fn from(metadata: &Metadata) -> ReportYears {
        ReportYears {
            year: metadata.year.as_ref().map(|year| year.value),
            covers: metadata.covers.as_ref().map(|years| years.value),
            plans: metadata.plans.as_ref().map(|years| years.value),
            is_plan: matches!(metadata.kind.value, Kind::Plan | Kind::PartyPlenum),
        }
    }
}

/// The items of a report, in reading order.
pub fn read(years: &ReportYears, passages: &[Passage]) -> Vec<Item> {
    let mut items = Vec::new();
    let mut table: Option<table::Table> = None;
    let mut topic = prose::Topic::default();
    for (number, passage) in passages.iter().enumerate() {
        if passage.role == Role::Row {
            match &table {
                Some(table) => table.row(number, passage, &mut items),
                // A single cell is what the table is called.
                None if !passage.text.contains('\t') => {}
                None => table = Some(table::Table::new(years, &passage.text)),
            }
            continue;
        }
        table = None;
        if matches!(passage.role, Role::Paragraph | Role::Heading) {
            prose::read(years, number, passage, &mut topic, &mut items);
        }
    }
    items
}

/// The name under which items of an indicator are grouped: its matching form without 规模以上, 地方, 总额 and other
/// words that reports add or leave out, the customary alias instead of the others (GDP, 生产总值).
pub fn key(indicator: &str) -> String {
    keys::key(indicator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Part;

    #[test]
    fn what_a_passage_announces_holds_for_the_points_that_follow() {
        let passage = |text: &str| Passage {
            role: Role::Paragraph,
            part: Part::Requirements,
            section: None,
            text: text.to_owned(),
            bytes: Vec::new(),
        };
        let passages = [
            passage("到2030年，望澜要更上一层楼。"),
            passage("主要目标是："),
            passage("——常住人口达到46万人。"),
            passage("——高新技术企业突破280家。"),
            passage("今年要开工12个项目。"),
        ];
        let one = |year| Some(Years { from: year, to: year });
        let years = ReportYears { year: Some(2026), covers: one(2025), plans: one(2026), is_plan: false };
        let shown = |item: Item| {
            let year = item.period.map_or(0, |period| period.years.to);
            (item.indicator, year, item.passage)
        };
        let expected =
            [("常住人口".to_owned(), 2030, 2), ("高新技术企业".to_owned(), 2030, 3), ("开工项目".to_owned(), 2026, 4)];
        assert_eq!(read(&years, &passages).into_iter().map(shown).collect::<Vec<_>>(), expected);
        assert!(read(&ReportYears::default(), &[]).is_empty());
    }
}
