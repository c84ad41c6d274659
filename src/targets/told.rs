//! What is said of a value: what it measures, for which years, how firmly, and in which scope.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::keys;
use super::line::is_hidden;
use super::names::{self, Verb};
use super::periods::{Time, base_of};
use super::sentence::{Name, Sentence, Spoken, Telling};
use super::things::{DAYS, NO_INDICATOR, RATIO, STOCK, TERMS, WORK, is_flow};
use super::values::Written;
use super::{Item, Measure, Period, Status, Value};
use crate::model::{Part, Years};
use crate::text::pattern;

/// Which value is of which name.
fn pairs<'a>(names: &'a [Name], list: &'a [&'a Written]) -> Vec<(&'a Name, &'a Written)> {
    if names.len() == list.len() {
        names.iter().zip(list.iter().copied()).collect()
    } else if let [value] = list {
        names.iter().map(|name| (name, *value)).collect()
    } else if list.windows(2).any(|pair| pair[0].unit == pair[1].unit) {
        // Two values in one unit are not of one indicator.
        Vec::new()
    } else {
        list.iter().filter_map(|value| names.first().map(|name| (name, *value))).collect()
    }
}

impl Sentence<'_> {
    /// Adds the items of values whose names are known.
    pub(super) fn emit(&mut self, telling: &Telling<'_>, names: &[Name]) {
        for (name, value) in pairs(names, telling.list) {
            let item = self.item(telling, name, value);
            self.items.extend(item);
        }
    }

    /// The item of a name and a value; `None` if that is none after all.
    fn item(&mut self, telling: &Telling<'_>, name: &Name, value: &Written) -> Option<Item> {
        let Telling { clause, left, lead, list, until } = telling;
        let said = self.line.text(clause.start..list[0].bytes.start).to_owned();
        let tail = self.line.text(*left..list[0].bytes.start).to_owned();
        let is_share = value.unit == "%" && self.line.text(lead.tail.clone()).ends_with('占');
        let told = measure(lead.verb, &value.unit, &name.shown)?;
        let (measure, sign) = if is_share { (Measure::Share, 1.0) } else { told };
        // 优良天数 is counted in days; 仅用6天 is a term.
        let is_term = TERMS.contains(&value.unit.as_str()) && !DAYS.is_match(&name.shown);
        if is_term || NO_INDICATOR.is_match(&name.shown) {
            return None;
        }
        let mut scope = self.scope(name, &tail);
        let (period, within) = self.period(telling, value, measure, (&name.shown, &scope));
        scope.extend(within);
        // 五年累计完成…，治理…: all that follows adds up.
        let is_long = period.is_some_and(|period| period.is_said && period.years.from < period.years.to);
        self.is_sum |= is_long && scope.iter().any(|word| word == "累计");
        let status = self.status(&said, &period);
        let aims = AIMS.find_iter(&said).filter(|_| status == Status::Target);
        let mut qualifiers: Vec<String> = aims.map(|found| found.as_str().to_owned()).collect();
        qualifiers.extend(BOUNDS.find_iter(&tail_of(&tail)).map(|found| found.as_str().to_owned()));
        qualifiers.extend(value.qualifiers.clone());
        qualifiers.dedup();
        let end = if list.len() == 1 { *until } else { value.bytes.end };
        let end = self.line.chars(&(value.bytes.start..end)).end;
        let Value { low, high, precision } = value.value;
        let (low, high) = if sign < 0.0 { (-high, -low) } else { (low, high) };
        let indicator = name.shown.replace("累计", "");
        Some(Item {
            key: keys::key(&indicator),
            indicator,
            measure,
            value: Some(Value { low, high, precision }),
            written: self.line.shown(&value.number, self.chars),
            unit: value.unit.clone(),
            qualifiers,
            period,
            status,
            scope,
            nature: None,
            passage: self.passage,
            chars: name.start.min(end)..end,
        })
    }

    /// Where and how a value is counted; a place holds until another is named.
    fn scope(&mut self, name: &Name, tail: &str) -> Vec<String> {
        let places = names::places(&name.scope.concat());
        let place = self.place.clone().filter(|_| places.is_empty());
        self.place = places.into_iter().next_back().or(self.place.take());
        let sum = self.is_sum.then(|| "累计".to_owned());
        let counted = names::counted(&name.shown).into_iter().chain(names::counted(tail)).chain(sum);
        let mut scope: Vec<String> = Vec::new();
        for word in name.scope.iter().cloned().chain(place).chain(counted) {
            if !scope.contains(&word) {
                scope.push(word);
            }
        }
        scope
    }

    /// The years that a value holds for, and the part of them.
    fn period(
        &self,
        telling: &Telling<'_>,
        value: &Written,
        measure: Measure,
        (name, scope): (&str, &[String]),
    ) -> (Option<Period>, Option<String>) {
        let (clause, at) = (telling.clause, value.number.start);
        // A year within a clause (获得2021年度奖励) holds for that clause, one at its beginning for those behind as well.
        let holds = |time: &&Time| {
            let before = time.bytes.start < at && !time.is_base;
            before && (clause.contains(&time.bytes.start) || self.leads(time))
        };
        let spoken = self.times.iter().rfind(holds);
        let spoken = spoken.map(|time| self.resolved(time));
        let is = |word: &str| scope.iter().any(|known| known == word);
        let is_mean = is("年均");
        let said = spoken.unwrap_or_else(|| self.before.clone());
        let changes = matches!(measure, Measure::Growth | Measure::Change);
        // What is done in a year adds up over several, what stands at its end does not.
        let is_work = WORK.contains(&value.unit.as_str());
        let flows = changes || is("累计") || is_mean || is_work || is_flow(name);
        let stands = !changes
            && !is_mean
            && !is("累计")
            && (RATIO.is_match(name)
                || !is_flow(name) && (telling.lead.verb == Some(Verb::Level) || STOCK.is_match(name)));
        let span = self.calendar.span();
        let default = || {
            let year = self.calendar.default_year()?;
            let years = span.filter(|span| flows && span.to == year || is_mean && span.from < span.to);
            Some(years.unwrap_or(Years { from: year, to: year }))
        };
        // 2020年达到…，年均增长6%: the mean is one of the years that the report plans for.
        let whole = |years: Years| span.filter(|span| is_mean && span.to == years.to).unwrap_or(years);
        let is_said = said.years.is_some();
        let Some(mut years) = said.years.map(whole).or_else(default) else { return (None, said.within) };
        if let Some(base) = base_of(&self.times, &(clause.start..at)).filter(|_| changes)
            && base + 1 < years.to
        {
            years.from = base + 1;
        }
        // 五年来…增加到: the value is that of the last year.
        if stands {
            years.from = years.to;
        }
        (Some(Period { years, is_said }), said.within)
    }

    /// Whether a time stands at the beginning of its clause, or is all that its clause says.
    pub(super) fn leads(&self, time: &Time) -> bool {
        let before = self.line.text(0..time.bytes.start);
        let clause = before.rsplit([',', ';', ':', '。', '—']).next().unwrap_or_default();
        let behind = self.line.text(time.bytes.end..self.line.form.len()).trim_start_matches(is_hidden);
        names::leads_only(clause) || behind.starts_with([',', ';', ':'])
    }

    /// A time with what it leaves to the context: 上半年 is one of the year that was spoken of.
    pub(super) fn resolved(&self, time: &Time) -> Spoken {
        if time.within.is_none() {
            return Spoken { years: Some(time.years), within: None };
        }
        let whole = |other: &&Time| !other.is_base && other.within.is_none() && other.bytes.start < time.bytes.start;
        let years = self.times.iter().rfind(whole).map(|other| other.years).or(self.before.years);
        let default = || self.calendar.default_year().map(|year| Years { from: year, to: year });
        Spoken { years: years.or_else(default), within: time.within.clone() }
    }

    fn status(&self, said: &str, period: &Option<Period>) -> Status {
        let year = self.calendar.report.year;
        let last = self.calendar.last_covered();
        let to = period.map(|period| period.years.to);
        let is_ahead = to.zip(last).is_some_and(|(to, last)| to > last);
        let plans = self.calendar.report.is_plan || matches!(self.part, Part::Requirements | Part::Plan);
        if (self.is_estimated && !(plans && AIM.is_match(said))) || ESTIMATE.is_match(said) {
            return Status::Estimated;
        }
        if plans {
            let is_past = to.zip(year).is_some_and(|(to, year)| to < year) || REACHED.is_match(said);
            return if is_past { Status::Done } else { Status::Target };
        }
        let is_said = period.is_some_and(|period| period.is_said) && self.part != Part::Review;
        if is_ahead && (is_said && !REACHED.is_match(said) || AIM.is_match(said)) {
            return Status::Target;
        }
        Status::Done
    }

    /// A target that a clause says in words: 居民收入与经济增长同步.
    pub(super) fn words(&self, clause: &Range<usize>) -> Option<Item> {
        static WORDS: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"^(?P<name>\p{Han}{3,16}?)(?:的?(?:实际)?增长|增速)?(?P<words>(?:继续)?(?:与|和|同)\p{Han}{2,14}(?:保持)?(?:基本)?同步|(?:保持)?基本(?:平衡|稳定|同步)|保持稳定|稳步增长|稳定增长)$",
            )
        });
        if !self.calendar.report.is_plan && !matches!(self.part, Part::Requirements | Part::Plan) {
            return None;
        }
        let text = self.line.text(clause.clone());
        let lead_in = names::lead(&self.line.form, clause.start..clause.end).head;
        let from = lead_in.end;
        let found = WORDS.captures(self.line.text(from..clause.end))?;
        let (name, words) = (found.name("name")?, found.name("words")?);
        let at = |part: regex::Match<'_>| from + part.start()..from + part.end();
        let shown = names::tidy(&self.line.shown(&at(name), self.chars));
        let written = self.line.shown(&at(words), self.chars);
        let is_growth = written.contains("增") || written.contains("同步");
        let years = self.times.iter().rfind(|time| !time.is_base && time.bytes.start < clause.end);
        let years = years.map(|time| self.resolved(time)).unwrap_or_else(|| self.before.clone()).years;
        let is_said = years.is_some();
        let years = years.or_else(|| self.calendar.default_year().map(|year| Years { from: year, to: year }));
        let period = years.map(|years| Period { years, is_said });
        names::is_telling(&shown).then(|| Item {
            key: keys::key(&shown),
            indicator: shown,
            measure: if is_growth { Measure::Growth } else { Measure::Level },
            value: None,
            qualifiers: vec![written.clone()],
            written,
            unit: String::new(),
            status: self.status(text, &period),
            period,
            scope: names::counted(name.as_str()),
            nature: None,
            passage: self.passage,
            chars: self.line.chars(&(from..from + words.end())),
        })
    }
}

static ESTIMATE: LazyLock<Regex> = LazyLock::new(|| pattern("预计|预测|估计|初步核算|初步统计|初步测算"));
static AIM: LazyLock<Regex> = LazyLock::new(|| pattern("预期|力争|确保|目标|争取|计划|拟|将|要|努力|规划|安排"));
static AIMS: LazyLock<Regex> = LazyLock::new(|| pattern("力争|确保|争取"));
static REACHED: LazyLock<Regex> = LazyLock::new(|| pattern("已经|已|目前|现有|过去|以来|累计完成|现在"));
static BOUNDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern("首次突破|至少|突破|超过|超|不低于|不少于|不超过|不高于|接近|近$|约$|控制在|保持在|稳定在")
});

/// The end of what leads to a value, where words may bound it.
fn tail_of(text: &str) -> String {
    let count = text.chars().count();
    text.chars().skip(count.saturating_sub(7)).collect()
}

/// What a value says, and its sign; `None` where that is uncertain.
fn measure(verb: Option<Verb>, unit: &str, name: &str) -> Option<(Measure, f64)> {
    static RATE: LazyLock<Regex> = LazyLock::new(|| pattern("(?:增速|增幅|涨幅|增长率|增长速度|增长幅度)$"));
    static SHARE: LazyLock<Regex> = LazyLock::new(|| pattern(r"占[^地用].*|占比$|比重$|所占比例$|占$"));
    let sign = if verb == Some(Verb::Down) { -1.0 } else { 1.0 };
    let changes = matches!(verb, Some(Verb::Up | Verb::Down));
    match unit {
        "个百分点" => changes.then_some((Measure::Change, sign)),
        "倍" => changes.then_some((Measure::Growth, sign)),
        "%" | "‰" if changes => Some((Measure::Growth, sign)),
        "%" if name.ends_with("降幅") => Some((Measure::Growth, -1.0)),
        "%" if RATE.is_match(name) => Some((Measure::Growth, 1.0)),
        "%" if SHARE.is_match(name) => Some((Measure::Share, 1.0)),
        _ if changes => Some((Measure::Change, sign)),
        _ => Some((Measure::Level, 1.0)),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Part, Years};
    use crate::targets::ReportYears;
    use crate::targets::prose::tests::{shown, shown_of};

    #[test]
    fn plans_aim_reviews_report_and_what_is_expected_is_not_final() {
        assert_eq!(
            shown(Part::Plan, "地区生产总值增长5%—6%，力争固定资产投资增长8%以上。2025年，新开工项目40个。"),
            [
                "地区生产总值 Growth 5~6% 2026 目标",
                "固定资产投资 Growth 8% 力争以上 2026 目标",
                "新开工项目 Level 40个 2025 完成",
            ]
        );
        assert_eq!(
            shown(Part::Review, "预计地区生产总值增长5.5%，服务业增加值增长6%。税收收入预计增长3%，新增专利900件。"),
            [
                "地区生产总值 Growth 5.5% 2025 预计",
                "服务业增加值 Growth 6% 2025 预计",
                "税收收入 Growth 3% 2025 预计",
                "新增专利 Level 900件 2025 完成",
            ]
        );
        assert_eq!(
            shown(Part::Other, "到2030年，研发经费投入强度达到3.6%。"),
            ["研发经费投入强度 Level 3.6% 2030 目标"]
        );
    }

    #[test]
    fn periods_are_told_by_the_report() {
        let years = |from, to| Some(Years { from, to });
        let report =
            ReportYears { year: Some(2027), covers: years(2022, 2026), plans: years(2027, 2031), is_plan: false };
        assert_eq!(
            shown_of(&report, Part::Review, "五年来，新增就业5万人，地区生产总值年均增长6%，常住人口达到48万人。"),
            [
                "新增就业 Level 50000人 2022-2026 完成",
                "地区生产总值 Growth 6% 2022-2026 完成 年均",
                "常住人口 Level 480000人 2026 完成",
            ]
        );
        assert_eq!(
            shown_of(
                &report,
                Part::Review,
                "五年累计，能耗强度下降14%，改造管网60公里。单位产值用水量比2020年下降20%。"
            ),
            [
                "能耗强度 Growth -14% 2022-2026 完成 累计",
                "改造管网 Level 60公里 2022-2026 完成 累计",
                "单位产值用水量 Growth -20% 2021-2026 完成",
            ]
        );
        assert_eq!(
            shown_of(&report, Part::Plan, "今后五年，新建学校12所。今年，新建学校3所。"),
            ["新建学校 Level 12所 2027-2031 目标", "新建学校 Level 3所 2027 目标"]
        );
    }

    #[test]
    fn scopes_are_said_before_the_name_or_in_it() {
        assert_eq!(
            shown(Part::Review, "上半年，全区规模以上工业增加值增长7%。南岸区，实际利用外资累计2亿美元。"),
            [
                "规模以上工业增加值 Growth 7% 2025 完成 全区、规上、上半年",
                "实际利用外资 Level 200000000美元 2025 完成 南岸区、累计",
            ]
        );
    }

    #[test]
    fn what_a_value_says_is_told_by_verb_and_unit() {
        assert_eq!(
            shown(
                Part::Review,
                "居民消费价格涨幅2%左右，森林覆盖率提高0.6个百分点，粮食产量增加800吨，机构数增长1.5倍，重大项目投资占40%。"
            ),
            [
                "居民消费价格涨幅 Growth 2% 左右 2025 完成",
                "森林覆盖率 Change 0.6个百分点 2025 完成",
                "粮食产量 Change 800吨 2025 完成",
                "机构数 Growth 1.5倍 2025 完成",
                "重大项目投资 Share 40% 2025 完成",
            ]
        );
    }

    #[test]
    fn words_are_a_target_among_figures_only() {
        assert_eq!(
            shown(Part::Requirements, "地区生产总值增长5%左右，居民收入增长与经济增长同步。"),
            ["地区生产总值 Growth 5% 左右 2026 目标", "居民收入 Growth 与经济增长同步 2026 目标"]
        );
        assert_eq!(shown(Part::Requirements, "居民收入增长与经济增长同步。"), [""; 0]);
    }
}
