//! Clauses: which of their values stand together, and which words lead to each.
//!
//! Values that something starts from (由1.3%提高到2.4%) and values that only describe a noun are passed over here.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::line::is_hidden;
use super::names::{self, Lead, Verb};
use super::sentence::{Sentence, Telling};
use super::things::{GROWTH_BEHIND, LIST_VERB, REACHES, is_led_by_estimate, is_no_item};
use super::values::Written;
use crate::text::pattern;

impl Sentence<'_> {
    /// Reads the values of a clause.
    pub(super) fn clause(&mut self, clause: Range<usize>, values: &[&Written]) {
        self.is_estimated |= is_led_by_estimate(self.line.text(clause.clone()));
        self.verb = None;
        let mut left = clause.start;
        let mut at = 0;
        while let Some(value) = values.get(at) {
            let end = values.get(at + 1).map_or(clause.end, |next| next.bytes.start);
            let behind = self.line.text(value.bytes.end..end).to_owned();
            let before = self.line.text(left..value.bytes.start).to_owned();
            let is_in_order = before.contains("分别");
            let listed_from = |at: usize| {
                let is_listed = |pair: &&[&Written]| self.is_listed(pair[0], pair[1], is_in_order);
                values.windows(2).skip(at).take_while(is_listed).count() + 1
            };
            let listed = listed_from(at);
            if STARTS.is_match(&before) {
                // 由1.3%提高到2.4%: only what it ends at.
                let next = at + listed;
                let between = |reached: &&&Written| values[next - 1].bytes.end..reached.bytes.start;
                let reached = values.get(next).filter(|reached| changes(self.line.text(between(reached))));
                if reached.is_some() {
                    let list = &values[next..next + listed_from(next)];
                    self.changed(&clause, left, value, list);
                    at = next + list.len();
                    left = list.last().map_or(left, |last| last.bytes.end);
                    continue;
                }
                if IS_START.is_match(&before) {
                    left = value.bytes.end;
                    at += 1;
                    continue;
                }
            }
            // 产值超过百亿元的企业: the value belongs to a name.
            if ATTRIBUTIVE.is_match(&behind) && !GROWTH_BEHIND.is_match(&behind) && !AIM_BEHIND.is_match(&behind) {
                at += 1;
                continue;
            }
            let list = &values[at..at + listed];
            self.values(&clause, left..value.bytes.start, list);
            at += listed;
            left = list.last().map_or(left, |last| last.bytes.end);
        }
    }

    /// Whether two values have nothing but 、 or 和 between them.
    fn is_listed(&self, a: &Written, b: &Written, is_in_order: bool) -> bool {
        let between = self.line.text(a.bytes.end..b.bytes.start);
        let is_bound = b.qualifiers.first().is_some_and(|word| REACHES.contains(&word.as_str()));
        let is_alike = is_in_order || a.unit == b.unit || a.counts && b.counts;
        !is_bound && is_alike && matches!(between, "" | "、" | "和" | "及" | "以及" | "与")
    }

    /// 由1.3%提高到2.4%: the values that it ends at, with the name before the first.
    fn changed(&mut self, clause: &Range<usize>, left: usize, first: &Written, list: &[&Written]) {
        let before = self.line.text(left..first.bytes.start);
        let until = left + STARTS.find(before).map_or(before.len(), |word| word.start());
        let lead = names::lead(&self.line.form, left..until);
        let end = list.last().map_or(first.bytes.end, |last| last.bytes.end);
        self.named(clause, left, Lead { verb: Some(Verb::Level), ..lead }, list, end);
    }

    fn values(&mut self, clause: &Range<usize>, left: Range<usize>, list: &[&Written]) {
        let text = self.line.text(left.clone());
        let first = list[0];
        let is_part = left.start > clause.start;
        if is_no_item(text, first) {
            return;
        }
        let mut lead = names::lead(&self.line.form, left.clone());
        if is_part && !lead.name.is_empty() && !text.starts_with(['、', '和', '并', '及', '与', '或', '其', '以'])
        {
            if let Some((name, until)) = self.repeated(text, clause, list) {
                let telling = Telling { clause, left: left.start, lead: &lead, list: &list[..1], until };
                self.emit(&telling, std::slice::from_ref(&name));
                self.names = vec![name];
                return;
            }
            // 5个产业园新增就业300人: the noun belongs to the value before.
            match LIST_VERB.find_iter(text).find(|verb| verb.start() > 0) {
                Some(verb) => {
                    let cut = names::lead(&self.line.form, left.start + verb.start()..left.end);
                    // 120个项目完成投资50亿元: of the projects.
                    if !names::is_general(self.line.text(cut.name.clone())) {
                        lead = cut;
                    }
                }
                None => return,
            }
        }
        let end = list.last().map_or(first.bytes.end, |last| last.bytes.end);
        self.named(clause, left.start, lead, list, end);
    }
}

/// What stands before a value that something starts from.
static STARTS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:由|从)[^,、]{0,14}$"));

/// Text that ends with nothing but where something starts.
static IS_START: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:由|从)(?:原来的?|上年的?|去年的?|最初的?|[\x01\x{80}\x{E000}]+的?|(?:19|20)\d\d年的?)?$")
});

static CHANGES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        "^[^,、]{{0,16}}?(?:{}|{}|增|降|升|减|扩展|发展|压|跃升|攀升|跃|改善|优化|调整|变)?(?:到|至|为)$",
        names::UP,
        names::DOWN
    ))
});

/// Whether a text leads from one value to the next: 增长到, also with a year in it (增长到2021年的).
fn changes(text: &str) -> bool {
    // Hiding a year hides what stands before it as well.
    let mut plain = String::new();
    for c in text.chars() {
        match (is_hidden(c), plain.ends_with('到')) {
            (true, true) => {}
            (true, false) => plain.push('到'),
            (false, _) => plain.push(c),
        }
    }
    CHANGES.is_match(plain.trim_end_matches('的'))
}

static ATTRIBUTIVE: LazyLock<Regex> = LazyLock::new(|| pattern("^(?:及?以[上下])?的|^及以[上下]"));

static AIM_BEHIND: LazyLock<Regex> = LazyLock::new(|| pattern("^的(?:预期|年度|增长)?(?:目标|要求)"));

#[cfg(test)]
mod tests {
    use crate::model::Part;
    use crate::targets::prose::tests::shown;

    #[test]
    fn only_what_a_change_ends_at_is_an_item() {
        assert_eq!(
            shown(Part::Review, "常住人口城镇化率由71.2%提高到78%，补贴标准分别从每月200元、260元提高到230元、300元。"),
            ["常住人口城镇化率 Level 78% 2025 完成"]
        );
        assert_eq!(
            shown(Part::Review, "五年间，用水量由2020年的3.1亿吨下降到2025年的2.8亿吨。"),
            ["用水量 Level 280000000吨 2025 完成"]
        );
    }
}
