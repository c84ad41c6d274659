//! Figures of a report: which indicator has which value, in which year, and how firmly it is said.
//!
//! Read from clauses (`地区生产总值增长5.5%左右`) and from table rows, by shape. What cannot be told with some
//! certainty is left out: figures of several indicators at once (分别), of periods (年均, 五年来), shares of plans.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Part, Passage, Role};
use crate::text::fold::fold;
use crate::text::pattern;
use crate::text::sentences::{clauses, sentences};

/// What a value says of its indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// How large it is.
    Level,
    /// By how much it changes within a year.
    Growth,
}

/// A figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The indicator, in its matching form.
    pub indicator: String,
    /// What the value says.
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

/// Names of one indicator that differ; the first stands for all.
const SAME: [&[&str]; 3] = [
    &["地区生产总值", "国内生产总值", "生产总值", "gdp", "地区生产总值gdp", "国内生产总值gdp"],
    &["一般公共预算收入", "地方一般公共预算收入", "地方财政收入"],
    &["规上工业增加值", "规模以上工业增加值"],
];

const VERBS: &str = "同比增长|同比下降|增长|上涨|下降|提高到|提高|降低到|降低|降到|降至|减少|上升|增加到|增加|增至|升至|达到|达|完成|实现|突破|超过|控制在|保持在|稳定在|为";
const UNITS: &str = "个百分点|百分点|%|‰|元|美元|人次|人|户|公里|平方公里|平方米|亩|公顷|吨标准煤|吨|立方米|千瓦时|千瓦|家|件|台|辆|所|座|岁|张|套|斤|公斤";

/// A clause: what comes before the number, the number, its unit, what comes behind.
static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^(?P<subject>.*?)(?P<verb>{VERBS})?(?P<status>预计|预期|力争|确保|计划)?(?P<before>约|近|超过|超|不低于|不超过|高于|低于)?(?P<number>\d[\d,]*(?:\.\d+)?)(?P<scale>万亿|[万亿])?(?P<unit>{UNITS})(?P<after>左右|以上|以内|以下|上下|多|余)?"
    ))
});

static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:19|20)\d\d(?:年)"));

/// What stands before an indicator and is no part of its name.
static LEADING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(?:\d{4}年底?|去年|上年|今年|全年|年末|当年|预计|预期|力争|确保|其中|坚持|实现|完成|推动|努力|使|以及|和|",
        r"[我全](?:国|省|市|县|区|州|镇|乡)|主要预期目标(?:是|为)?|目标(?:是|为)?|一是|二是|三是|",
        r"\d+[.、]|[一二三四五六七八九十]+、)+"
    ))
});

/// What stands behind an indicator and is no part of its name.
static TRAILING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:预计|预期|力争|确保|同比|总量|总额|比上年|较上年|比去年|均|都|也|已|将|要|继续|计划|全年|的)+$")
});

/// Subjects about which nothing can be said: several at once, periods, shares of a plan, other comparisons.
static UNCERTAIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "分别|年均|累计|平均|目标|年度|以来|五年|三年|十年|两年|期间|十[一二三四五]五|第.位|排名|增速|高于|低于|[一二三四]季度|上半年|月|占|比重|每|从",
    )
});

/// Reads a report's figures.
struct Reader {
    year: Option<i32>,
    figures: Vec<Figure>,
}

/// The figures of a report that sets the tasks of `year`.
pub fn figures(passages: &[Passage], year: Option<i32>) -> Vec<Figure> {
    let mut reader = Reader { year, figures: Vec::new() };
    let mut header: Option<Vec<String>> = None;
    for (number, passage) in passages.iter().enumerate() {
        if passage.role == Role::Row {
            let cells: Vec<String> = passage.text.split('\t').map(str::to_owned).collect();
            match &header {
                Some(header) => reader.row(number, header, &cells),
                None => header = Some(cells),
            }
        } else {
            header = None;
            if matches!(passage.role, Role::Paragraph | Role::Heading) {
                reader.paragraph(number, passage);
            }
        }
    }
    reader.figures
}

impl Reader {
    fn paragraph(&mut self, number: usize, passage: &Passage) {
        let chars: Vec<char> = passage.text.chars().collect();
        for (start, end) in sentences(&chars) {
            let mut indicator: Option<String> = None;
            let mut year = self.year_of(passage.part);
            let is_target = matches!(passage.part, Part::Requirements | Part::Plan);
            for (from, to) in clauses(&chars[start..end]) {
                let (from, to) = (start + from, start + to);
                let text: String = chars[from..to].iter().collect();
                year = if ELSEWHERE.is_match(&text) { None } else { self.year_in(&text).unwrap_or(year) };
                for (from, part) in parts(&text, from) {
                    indicator = self.clause(number, from, &part, indicator, (year, is_target));
                }
            }
        }
    }

    /// Reads one clause; gives back the indicator it speaks of.
    fn clause(
        &mut self,
        passage: usize,
        from: usize,
        text: &str,
        last: Option<String>,
        (year, is_target): (Option<i32>, bool),
    ) -> Option<String> {
        let folded = fold(text);
        let form = folded.text();
        let found = FIGURE.captures(&form)?;
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        let (subject, verb) = (part("subject"), part("verb"));
        if UNCERTAIN.is_match(subject) {
            return None;
        }
        let named = indicator_of(subject);
        // ，增长5%: of what the clause before spoke of, if a verb says what it does.
        let measured = measure(verb, part("unit"))?;
        let goes_on = named.is_empty() && measured == Measure::Growth;
        let indicator = if goes_on { last } else { Some(named).filter(|name| is_telling(name)) };
        let indicator = indicator?;
        let whole = found.get(0).map_or(0, |whole| whole.as_str().chars().count());
        let (_, end) = folded.origin_of(0, whole.max(1));
        let status = status(&form, part("status"));
        // What a plan says of a year that is over is no aim.
        let is_target = is_target && year.zip(self.year).is_none_or(|(year, own)| year >= own);
        let exceeds = if ["突破", "超过"].contains(&verb) { verb } else { "" };
        if let Some(year) = year {
            self.figures.push(Figure {
                value: value(part("number"), part("scale"))? * if is_decline(verb) { -1.0 } else { 1.0 },
                precision: precision(part("number"), part("scale")),
                indicator: indicator.clone(),
                measure: measured,
                unit: part("unit").to_owned(),
                qualifier: format!("{exceeds}{}{}", part("before"), part("after")),
                is_target: is_target || is_aim(&status),
                status,
                year,
                passage,
                chars: from..from + end,
            });
        }
        Some(indicator)
    }

    /// Reads a row of a table whose first row is `header`.
    fn row(&mut self, passage: usize, header: &[String], cells: &[String]) {
        let Some(name) = cells.first() else { return };
        let name_form = fold(name).text();
        let unit_in_name = pattern_unit(&name_form);
        let named = name_form.split(['(', '（']).next().unwrap_or_default();
        let indicator = indicator_of(named.trim_end_matches(['%']).trim_end_matches("增长").trim_end_matches("增速"));
        if !is_telling(&indicator) || UNCERTAIN.is_match(&indicator) {
            return;
        }
        let unit_cell = cells.iter().skip(1).map(|cell| fold(cell).text()).find_map(|cell| as_unit(&cell));
        let mut at = name.chars().count() + 1;
        for (column, cell) in cells.iter().enumerate().skip(1) {
            let from = at;
            at += cell.chars().count() + 1;
            let heading = header.get(column).map(|heading| fold(heading).text()).unwrap_or_default();
            let Some(year) = self.year_in(&heading).unwrap_or(self.year) else { continue };
            let form = fold(cell).text();
            let Some(found) = CELL.captures(&form) else { continue };
            let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
            let unit = Some(part("unit").to_owned()).filter(|unit| !unit.is_empty());
            let scaled = unit.map(|unit| (part("scale").to_owned(), unit));
            let of_heading = pattern_unit(&heading);
            let Some((scale, unit)) = scaled.or(of_heading).or(unit_cell.clone()).or(unit_in_name.clone()) else {
                continue;
            };
            let is_growth = heading.contains('增') || name_form.contains("增长") || name_form.contains("增速");
            let measure = if is_growth && unit == "%" { Measure::Growth } else { Measure::Level };
            let Some(value) = value(part("number"), &scale) else { continue };
            let status = status(&heading, "");
            self.figures.push(Figure {
                indicator: indicator.clone(),
                measure,
                value: if part("sign") == "-" { -value } else { value },
                precision: precision(part("number"), &scale),
                unit,
                qualifier: part("after").to_owned(),
                is_target: is_aim(&status),
                status,
                year,
                passage,
                chars: from..from + cell.chars().count(),
            });
        }
    }

    /// The year that a part of the report speaks of where it names none.
    fn year_of(&self, part: Part) -> Option<i32> {
        match part {
            Part::Review => self.year.map(|year| year - 1),
            Part::Requirements | Part::Plan => self.year,
            _ => None,
        }
    }

    /// The year that a text names: `Some(None)` if it names a period.
    fn year_in(&self, text: &str) -> Option<Option<i32>> {
        let form = fold(text).text();
        if PERIOD.is_match(&form) {
            return Some(None);
        }
        let mut named = YEAR.find_iter(&form);
        if let Some(first) = named.next() {
            let one = named.next().is_none()
                && !form.contains("年以来")
                && !form.get(..first.start()).is_some_and(|before| before.ends_with('到'));
            return Some(first.as_str().get(..4).and_then(|year| year.parse().ok()).filter(|_| one));
        }
        if form.contains("去年") {
            return Some(self.year.map(|year| year - 1));
        }
        if form.contains("今年") {
            return Some(self.year);
        }
        None
    }
}

static PERIOD: LazyLock<Regex> =
    LazyLock::new(|| pattern("五年来|[三四五]年|十[一二三四五六]五|期末|年均|季度|半年|月"));

/// A clause that says of which other place the sentence goes on to speak.
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\p{Han}{1,6}[市县区州镇乡]$"));

/// A cell that holds a figure.
static CELL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^(?P<sign>[-+])?(?P<number>\d[\d,]*(?:\.\d+)?)(?P<scale>万亿|[万亿])?(?P<unit>{UNITS})?(?P<after>左右|以上|以内|以下)?$"
    ))
});

static UNIT: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?P<scale>万亿|[万亿])?(?P<unit>{UNITS})$")));

/// The unit that a name or heading ends with, as in 收入亿元.
fn pattern_unit(form: &str) -> Option<(String, String)> {
    let found = UNIT.captures(form)?;
    Some((found.name("scale").map_or("", |s| s.as_str()).to_owned(), found["unit"].to_owned()))
}

/// A unit that is all of a cell.
fn as_unit(form: &str) -> Option<(String, String)> {
    pattern_unit(form).filter(|(scale, unit)| format!("{scale}{unit}") == form)
}

/// The parts of a clause between 、, with where they begin, if each but the first begins with a verb:
/// `收入120亿元、增长5%`.
fn parts(text: &str, from: usize) -> Vec<(usize, String)> {
    static CONTINUES: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("、(?:{VERBS})")));
    let mut parts = Vec::new();
    let mut start = 0;
    for found in CONTINUES.find_iter(text) {
        parts.push((start, found.start()));
        start = found.start() + '、'.len_utf8();
    }
    parts.push((start, text.len()));
    let part = |(start, end): (usize, usize)| {
        let before = text.get(..start).unwrap_or_default();
        (from + before.chars().count(), text.get(start..end).unwrap_or_default().to_owned())
    };
    parts.into_iter().map(part).collect()
}

/// The name of an indicator without what stands around it.
fn indicator_of(subject: &str) -> String {
    let subject = subject.rsplit(['。', '、']).next().unwrap_or_default();
    let subject = LEADING.replace(subject, "");
    let name = TRAILING.replace(&subject, "").into_owned();
    let known = SAME.iter().find(|names| names.contains(&name.as_str()));
    known.map_or(name, |names| names[0].to_owned())
}

/// Whether a name can be that of one indicator: 总投资 and 新增 say nothing without what stands elsewhere.
fn is_telling(name: &str) -> bool {
    const VAGUE: [&str; 12] =
        ["总投资", "新增", "净增", "总量", "总数", "总面积", "总产值", "总规模", "总里程", "为全", "其中", "投资额"];
    (3..=20).contains(&name.chars().count()) && !VAGUE.iter().any(|vague| name.starts_with(vague))
}

fn is_decline(verb: &str) -> bool {
    ["下降", "降低", "减少"].iter().any(|decline| verb.ends_with(decline))
}

/// What a value with this verb and unit says; `None` where that is uncertain.
fn measure(verb: &str, unit: &str) -> Option<Measure> {
    let changes =
        ["增长", "上涨", "下降", "提高", "降低", "减少", "上升", "增加"].iter().any(|change| verb.ends_with(change));
    match (changes, unit) {
        (true, "%") => Some(Measure::Growth),
        // By how many units something rose is neither its level nor its rate.
        (true, _) => None,
        (false, _) => Some(Measure::Level),
    }
}

fn status(text: &str, said: &str) -> String {
    let known = ["预计", "预期", "力争", "确保", "目标"];
    if said.is_empty() {
        known.iter().find(|status| text.contains(**status)).map_or("", |status| status).to_owned()
    } else {
        said.to_owned()
    }
}

fn is_aim(status: &str) -> bool {
    ["预期", "力争", "确保", "目标"].contains(&status)
}

fn scale_of(scale: &str) -> f64 {
    match scale {
        "万" => 1e4,
        "亿" => 1e8,
        "万亿" => 1e12,
        _ => 1.0,
    }
}

fn value(number: &str, scale: &str) -> Option<f64> {
    Some(number.replace(',', "").parse::<f64>().ok()? * scale_of(scale))
}

fn precision(number: &str, scale: &str) -> f64 {
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    10f64.powi(-decimals) * scale_of(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(role: Role, part: Part, text: &str) -> Passage {
        Passage { role, part, section: None, text: text.to_owned(), bytes: Vec::new() }
    }

    fn shown(passages: &[Passage]) -> Vec<String> {
        let shown = |f: &Figure| {
            format!("{} {:?} {}{} {}{} {}", f.indicator, f.measure, f.value, f.unit, f.qualifier, f.status, f.year)
        };
        figures(passages, Some(2026)).iter().map(shown).collect()
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
            "地区生产总值 Growth 5% 以上 2026",
            "城镇新增就业 Level 12000人  2026",
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
            "地区生产总值 Level 126000000000元 目标 2026",
            "地区生产总值 Growth 5.5%  2025",
            "地区生产总值 Growth 5% 左右目标 2026",
        ];
        assert_eq!(shown(&passages), expected);
    }

    #[test]
    fn figures_of_other_periods_and_places_are_left_out() {
        let text = "前三季度，地区生产总值增长4%。南岸区，地区生产总值增长8%。地区生产总值上涨9%。";
        let passages = [passage(Role::Paragraph, Part::Review, text)];
        assert_eq!(shown(&passages), ["地区生产总值 Growth 9%  2025"]);
        let plan = [passage(Role::Paragraph, Part::Plan, "2025年，城镇新增就业13万人。")];
        assert!(!figures(&plan, Some(2026))[0].is_target);
    }
}
