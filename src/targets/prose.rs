//! Items of running text: clause by clause, with the indicator and the time that clauses before have named.
//!
//! A clause without a name of its own goes on about the indicator before it (，增长5%). Several names before several
//! values are told in order (分别). What stands in brackets is read by itself. What a value is of belongs to `naming`,
//! what is said of it to `told`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::line::{Line, is_hidden, ranges};
use super::names::{self, Verb};
use super::periods::{Calendar, Time};
use super::sentence::{Name, Sentence, Spoken};
use super::things::{SEPARATOR, is_led_by_estimate, nature};
use super::values::{Written, values};
use super::{Item, ReportYears, Status};
use crate::model::{Part, Passage};
use crate::text::pattern;
use crate::text::sentences::{item_starts, sentences};

/// The time that a passage leaves to those behind it.
#[derive(Debug, Default)]
pub(super) struct Topic {
    spoken: Spoken,
    /// Whether what follows is still part of what the passage announces: 到2030年实现以下目标：.
    is_open: bool,
}

/// Reads the items of a paragraph or heading.
pub(super) fn read(years: &ReportYears, number: usize, passage: &Passage, topic: &mut Topic, items: &mut Vec<Item>) {
    let chars: Vec<char> = passage.text.chars().collect();
    let goes_on = topic.is_open && item_starts(&chars).first() == Some(&0);
    topic.is_open = goes_on || passage.text.ends_with(['：', ':']);
    // 主要目标是： alone speaks of the years of the passage before.
    let announces = topic.is_open && chars.len() <= LONGEST_ANNOUNCEMENT;
    if !goes_on && !announces {
        topic.spoken = Spoken::default();
    }
    let mut spoken = topic.spoken.clone();
    for (start, end) in sentences(&chars) {
        if !chars[start..end].iter().any(|&c| is_figure(c) || matches!(c, '年' | '五' | '世')) {
            continue;
        }
        let text: String = chars[start..end].iter().collect();
        let mut sentence = Sentence::new(years, number, passage.part, &chars, Line::new(&text, start), &spoken);
        // Most sentences hold no figure, but many a year.
        if text.chars().any(is_figure) {
            sentence.read();
        }
        spoken = sentence.topic();
        items.append(&mut sentence.items);
    }
    if !goes_on {
        topic.spoken = spoken;
    }
}

/// Whether a character may be part of a value.
fn is_figure(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９' | '百' | '千' | '万' | '亿' | '十' | '倍' | '萬' | '億')
}

/// What stands around a year and belongs to it.
static BEFORE_TIME: LazyLock<Regex> =
    LazyLock::new(|| pattern("(?:连续|截至|截止|截止到|到|至|从|自|在|于|早在|力争到)$"));
static AFTER_TIME: LazyLock<Regex> =
    LazyLock::new(|| pattern("^(?:年?底|年?末|以来|起|初|时期|期间|期末|期内|内|里|时|全年|前后|五年|度|内|”)+"));

static BRACKETS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\([^()]{0,80}\)"));

static BOUNDARY: LazyLock<Regex> = LazyLock::new(|| pattern(r"[,;:。!?…\t｡]|——"));

impl<'a> Sentence<'a> {
    fn new(
        years: &'a ReportYears,
        passage: usize,
        part: Part,
        chars: &'a [char],
        line: Line,
        before: &Spoken,
    ) -> Sentence<'a> {
        let calendar = Calendar { report: years, part };
        let mut times = calendar.times(&line.form);
        let around = |time: &Time| {
            let before = line.form.get(..time.bytes.start).unwrap_or_default();
            let behind = line.form.get(time.bytes.end..).unwrap_or_default();
            let start = BEFORE_TIME.find(before).map_or(time.bytes.start, |word| word.start());
            start..time.bytes.end + AFTER_TIME.find(behind).map_or(0, |word| word.end())
        };
        let brackets: Vec<Range<usize>> = BRACKETS.find_iter(&line.form).map(|found| found.range()).collect();
        let is_aside = |time: &Time| brackets.iter().any(|inner| inner.contains(&time.bytes.start));
        times.retain(|time| !is_aside(time));
        let hidden: Vec<Range<usize>> = times.iter().filter(|time| !time.is_base).map(around).collect();
        let line = line.without(&hidden);
        Sentence {
            calendar,
            passage,
            part,
            chars,
            line,
            times,
            before: before.clone(),
            is_estimated: false,
            names: Vec::new(),
            place: None,
            is_sum: false,
            listed: Vec::new(),
            verb: None,
            items: Vec::new(),
        }
    }

    fn read(&mut self) {
        let whole = self.line.clone();
        let brackets: Vec<Range<usize>> = BRACKETS.find_iter(&whole.form).map(|found| found.range()).collect();
        self.line = whole.without(&brackets);
        self.clauses(0..whole.form.len(), &whole.form);
        self.line = whole;
        for inner in brackets {
            self.names.clear();
            self.clauses(inner.start + 1..inner.end.saturating_sub(1), "");
        }
        self.items.sort_by_key(|item| (item.chars.start, item.chars.end));
    }

    /// The time that the sentence names at its beginning, for the sentences behind it.
    fn topic(&self) -> Spoken {
        // A part of a year is spoken of in its own sentence only.
        let whole = |time: &&Time| !time.is_base && time.within.is_none();
        let first = |time: &Time| self.line.text(0..time.bytes.start).chars().count() <= OPENING;
        let named = |time: &&Time| whole(time) && first(time) && self.leads(time);
        match self.times.iter().find(named) {
            Some(time) => self.resolved(time),
            None => self.before.clone(),
        }
    }

    /// Reads the clauses of a range of the line; `all` is the text with brackets, for what they say of a value.
    fn clauses(&mut self, range: Range<usize>, all: &str) {
        let inside = |value: &Written| range.start <= value.bytes.start && value.bytes.end <= range.end;
        let values: Vec<Written> = values(&self.line.form).into_iter().filter(inside).collect();
        let mut ends: Vec<Range<usize>> = BOUNDARY
            .find_iter(self.line.text(range.clone()))
            .map(|found| range.start + found.start()..range.start + found.end())
            .filter(|end| !values.iter().any(|value| value.bytes.contains(&end.start)))
            .collect();
        ends.push(range.end..range.end);
        let mut start = range.start;
        let mut words: Vec<Item> = Vec::new();
        for end in ends {
            let clause = start..end.start.max(start);
            let own: Vec<&Written> = values.iter().filter(|value| clause.contains(&value.bytes.start)).collect();
            start = end.end;
            if own.is_empty() {
                words.extend(self.words(&clause));
                self.without_value(&clause);
                continue;
            }
            let nature = nature(all.get(clause.clone()).unwrap_or_default());
            let known = self.items.len();
            self.clause(clause, &own);
            let named = self.items.iter().skip(known);
            self.listed = named.map(Name::of).collect();
            for item in self.items.iter_mut().skip(known) {
                item.nature = nature;
            }
        }
        // Words alone are a target only among figures that are.
        if self.items.iter().any(|item| item.status == Status::Target) {
            self.items.append(&mut words);
        }
    }

    /// What a clause without a value does to those behind it.
    fn without_value(&mut self, clause: &Range<usize>) {
        self.listed.clear();
        static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                "^(?:同比|环比|比|较|居|位居|列|位列|排|创|高于|低于|快于|好于|优于|实现|连续|总量|增速|增幅|按|其中|扣除|均|稳居|继续|首次|为|达到|超额)|^.{0,2}$",
            )
        });
        let text = self.line.text(clause.clone());
        self.is_estimated |= is_led_by_estimate(text);
        let plain: String = text.chars().filter(|c| !is_hidden(*c)).collect();
        self.is_sum |= plain.ends_with("累计");
        if ELSEWHERE.is_match(&plain) {
            self.place = Some(plain);
            self.names.clear();
            return;
        }
        if COMMENT.is_match(plain.trim()) {
            return;
        }
        self.names.clear();
        // 城镇居民收入和农村居民收入，分别增长…: named before the clause with the values.
        let lead = names::lead(&self.line.form, clause.clone());
        let all_end = |ranges: &[Range<usize>], own: &str| {
            ranges.iter().all(|range| own.get(range.clone()).is_some_and(names::is_plain))
        };
        let own = self.line.text(lead.name.clone());
        let several = ranges(own, &SEPARATOR);
        // 覆盖面逐步扩大，达到12%: what changes is what the value is of.
        let changes = matches!(lead.verb, Some(Verb::Up | Verb::Down)) && own.chars().count() <= LONGEST_CHANGING;
        if changes || lead.verb.is_none() && names::is_plain(own) {
            let count = if all_end(&several, own) { several.len() } else { 1 };
            self.names = self.split(&lead, count);
            self.names.retain(|name| names::is_telling(&name.shown));
        }
    }
}

/// Longer passages that end with a colon, in characters, say themselves what they speak of.
const LONGEST_ANNOUNCEMENT: usize = 24;

/// Longer subjects of a clause without a value, in characters, are no names of what its verb changes.
const LONGEST_CHANGING: usize = 12;

/// A clause that says of which place the sentence goes on to speak.
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\p{Han}{1,6}[市县区州镇乡]$"));

/// A time that stands behind more characters than these does not hold for the sentences behind.
const OPENING: usize = 8;

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::Role;
    use crate::model::Years;

    /// The items that a report of 2026 on 2025 holds in a part, as indicator, measure, value, qualifiers, years,
    /// status and scope.
    pub(in crate::targets) fn shown(part: Part, text: &str) -> Vec<String> {
        let one = |year| Some(Years { from: year, to: year });
        let years = ReportYears { year: Some(2026), covers: one(2025), plans: one(2026), is_plan: false };
        shown_of(&years, part, text)
    }

    pub(in crate::targets) fn shown_of(years: &ReportYears, part: Part, text: &str) -> Vec<String> {
        let passage = Passage { role: Role::Paragraph, part, section: None, text: text.to_owned(), bytes: Vec::new() };
        let mut items = Vec::new();
        read(years, 0, &passage, &mut Topic::default(), &mut items);
        let shown = |item: Item| {
            let value = item.value.map_or(String::new(), |value| {
                let range = if value.low < value.high {
                    format!("{}~{}", value.low, value.high)
                } else {
                    value.low.to_string()
                };
                format!("{range}{}", item.unit)
            });
            let years = item.period.map_or(String::new(), |period| period.years.to_string());
            let words = [item.indicator, format!("{:?}", item.measure), value, item.qualifiers.concat(), years];
            let rest = [item.status.label().to_owned(), item.scope.join("、")];
            words.into_iter().chain(rest).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
        };
        items.into_iter().map(shown).collect()
    }

    #[test]
    fn clauses_go_on_about_the_indicator_before_them() {
        assert_eq!(
            shown(
                Part::Review,
                "一般公共预算收入34.1亿元，增长5.2%、达到历史新高；外贸出口比上年下降3%，占全市比重提高到8.5%。"
            ),
            [
                "一般公共预算收入 Level 3410000000元 2025 完成",
                "一般公共预算收入 Growth 5.2% 2025 完成",
                "外贸出口 Growth -3% 2025 完成",
                "外贸出口占全市比重 Share 8.5% 2025 完成",
            ]
        );
        assert_eq!(
            shown(Part::Review, "进场交易额30亿元，居全市第3位，增长12%。"),
            ["进场交易额 Level 3000000000元 2025 完成", "进场交易额 Growth 12% 2025 完成"]
        );
        assert_eq!(shown(Part::Review, "城市面貌焕然一新，增长12%。"), [""; 0]);
    }

    #[test]
    fn brackets_are_read_by_themselves() {
        assert_eq!(
            shown(Part::Review, "职工医保参保人数（不含退休人员2.1万人）8.6万人。"),
            ["职工医保参保人数 Level 86000人 2025 完成", "不含退休人员 Level 21000人 2025 完成"]
        );
    }

    #[test]
    fn a_year_holds_until_another_is_named_and_within_a_clause_for_that_clause() {
        assert_eq!(
            shown(Part::Review, "2024年，植树造林320亩。清理河道12公里；获得2023年度市级奖励6项，改造管网9公里。"),
            [
                "植树造林 Level 320亩 2024 完成",
                "清理河道 Level 12公里 2024 完成",
                "获得市级奖励 Level 6项 2023 完成",
                "改造管网 Level 9公里 2024 完成",
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "[甲增长占比到由从分别均年5%亿元万人个（）“”、，。；：的为0-9.第十四五约左右以上累计]{0,60}") {
            let _ = shown(Part::Plan, &text);
            let _ = shown(Part::Review, &text);
        }
    }
}
