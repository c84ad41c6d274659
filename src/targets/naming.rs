//! What a value is of: the name before it, the thing behind it, or what the sentence has named before.
//!
//! Several names before several values are told apart here, and get the ends that only the last of them says
//! (粮食、油料产量).

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::line::ranges;
use super::names::{self, Lead, Verb};
use super::sentence::{Name, Sentence, Telling};
use super::things::{BARE, GROWTH_BEHIND, LIST_VERB, LIST_VERB_END, LOOSE_COUNTS, PROJECT, REACHES, SEPARATOR, noun};
use super::values::Written;
use crate::text::pattern;

impl Sentence<'_> {
    /// 建成1家医院、4家诊所: the second object has the verb of the first. Gives its name and where it ends.
    pub(super) fn repeated(&self, text: &str, clause: &Range<usize>, list: &[&Written]) -> Option<(Name, usize)> {
        let (verb, value) = (self.verb.as_ref()?, list[0]);
        let behind = self.line.text(value.bytes.end..clause.end);
        let noun = noun(behind).filter(|_| text.ends_with(['、', '和']) && value.counts)?;
        let until = value.bytes.end + noun.len();
        let shown = format!("{}{}", verb.shown, self.line.shown(&(value.bytes.end..until), self.chars));
        Some((Name { shown: names::tidy(&shown), ..verb.clone() }, until))
    }

    /// Reads values with what leads to them; `end` is where they end.
    pub(super) fn named(&mut self, clause: &Range<usize>, left: usize, lead: Lead, list: &[&Written], end: usize) {
        let mut lead = lead;
        let behind = self.line.text(end..clause.end).to_owned();
        if GROWTH_BEHIND.is_match(&behind) {
            lead.verb = Some(Verb::Up);
        } else if lead.verb.is_none() && list[0].qualifiers.first().is_some_and(|word| REACHES.contains(&word.as_str()))
        {
            lead.verb = Some(Verb::Level);
        }
        let own = self.line.text(lead.name.clone()).to_owned();
        let behind_noun = noun(&behind);
        let is_short = list[0].counts && (2..=4).contains(&own.chars().count()) && !names::is_plain(&own);
        let as_verb = (is_short && behind_noun.is_some()).then_some(0);
        let verb_at = LIST_VERB_END.find(&own).map(|verb| verb.start()).or(as_verb);
        let said_tail = self.line.text(lead.tail.clone());
        let completes = own.is_empty() && said_tail.ends_with("完成") && lead.verb == Some(Verb::Level);
        let noun = if verb_at.is_some() || completes { behind_noun } else { None };
        let is_of_noun = match list[0].unit.as_str() {
            // 80%以上行政村 says how many villages, 120万吨乙烯项目 how large a project is.
            "%" => !GROWTH_BEHIND.is_match(&behind) && behind_noun.is_some(),
            _ => !list[0].counts && behind_noun.is_some_and(|noun| PROJECT.is_match(noun)),
        };
        if is_of_noun {
            return;
        }
        let mut until = end;
        let names = if let Some(noun) = noun {
            let noun_end = end + noun.len();
            until = noun_end;
            let shown = format!(
                "{}{}",
                self.line.shown(&if completes { lead.tail.clone() } else { lead.name.clone() }, self.chars),
                self.line.shown(&(end..noun_end), self.chars)
            );
            let verb = self.line.shown(&lead.name, self.chars);
            self.verb =
                Some(Name { shown: verb, ..self.name(String::new(), &lead) }).filter(|verb| !verb.shown.is_empty());
            vec![self.name(shown, &lead)]
        } else if let Some(name) = self.of_carried(&own, &lead) {
            vec![name]
        } else if own.is_empty() || names::tidy(&own).is_empty() {
            self.carried(&lead, list)
        } else {
            let is_bare = verb_at == Some(0) && !BARE.is_match(&own);
            let is_noun_uncertain = list[0].counts
                && LOOSE_COUNTS.contains(&list[0].unit.as_str())
                && verb_at.is_none()
                && LIST_VERB.find(&own).is_none_or(|verb| verb.start() > 0)
                && behind_noun.is_some();
            if is_bare || is_noun_uncertain {
                self.names.clear();
                return;
            }
            let is_apart = list.windows(2).all(|pair| pair[0].bytes.end < pair[1].bytes.start);
            self.split(&lead, if is_apart { list.len() } else { 1 })
        };
        let names: Vec<Name> = names.into_iter().filter(|name| names::is_telling(&name.shown)).collect();
        if names.is_empty() {
            self.names.clear();
            return;
        }
        let telling = Telling { clause, left, lead: &lead, list, until };
        self.emit(&telling, &names);
        self.names = names;
    }

    fn name(&self, shown: String, lead: &Lead) -> Name {
        let head = self.line.text(lead.head.clone());
        let start = if lead.name.is_empty() { lead.tail.start } else { lead.name.start };
        let mut scope = names::places(head);
        scope.extend(names::counted(head));
        Name {
            shown: names::tidy(&shown).replace("实现", "").replace("已", ""),
            start: self.line.chars(&(start..start + 1)).start,
            scope,
        }
    }

    /// The indicators of the clause before, if the values go on about them.
    fn carried(&self, lead: &Lead, list: &[&Written]) -> Vec<Name> {
        if list.len() > 1 && self.names.len() != list.len() {
            // The last that the sentence named, each with a value of its own.
            let mut named: Vec<Name> = Vec::new();
            for item in self.items.iter().rev() {
                if named.len() < list.len() && named.iter().all(|name| name.shown != item.indicator) {
                    named.push(Name::of(item));
                }
            }
            named.reverse();
            return if self.listed.len() == list.len() { self.listed.clone() } else { named };
        }
        let goes_on = lead.verb.is_some() || list.len() > 1;
        let is_change = matches!(lead.verb, Some(Verb::Up | Verb::Down));
        if !goes_on {
            return Vec::new();
        }
        // 经营主体净增98万户、达到920万户: the second is no increase.
        let whole = |name: &Name| {
            let shown = ["新增", "净增"].iter().fold(name.shown.as_str(), |shown, word| {
                shown.strip_prefix(word).or(shown.strip_suffix(word)).unwrap_or(shown)
            });
            Name { shown: if is_change { name.shown.clone() } else { shown.to_owned() }, ..name.clone() }
        };
        self.names.iter().map(whole).collect()
    }

    /// 占全部出口比重, 增速: said of the indicator of the clause before.
    fn of_carried(&self, own: &str, lead: &Lead) -> Option<Name> {
        static OF: LazyLock<Regex> =
            LazyLock::new(|| pattern("^(?:占[^地用].*|占|占比|比重|所占比重|增速|增幅|涨幅|降幅|增长率)$"));
        let [name] = self.names.as_slice() else { return None };
        let shown = format!("{}{}", name.shown, names::tidy(&self.line.shown(&lead.name, self.chars)));
        OF.is_match(own).then(|| Name { shown, ..name.clone() })
    }

    /// The names before several values, or before 均; otherwise the one name.
    pub(super) fn split(&self, lead: &Lead, values: usize) -> Vec<Name> {
        let own = self.line.text(lead.name.clone());
        let tail = self.line.text(lead.tail.clone());
        let one = || vec![self.name(self.line.shown(&lead.name, self.chars), lead)];
        let each = tail.contains('均') && !tail.contains("年均") || tail.contains("双双") || tail.contains('都');
        if values < 2 && !each {
            return self.last_of_list(lead).map_or_else(one, |name| vec![name]);
        }
        // A、B分别新增: each of them goes with the verb.
        let (own, verb) = own.split_once("分别").unwrap_or((own, ""));
        let narrow = ranges(own, &LISTED);
        let wide = ranges(own, &SEPARATOR);
        let ranges = if values > 1 && narrow.len() == values { narrow } else { wide };
        let at = |range: &Range<usize>| lead.name.start + range.start..lead.name.start + range.end;
        let mut names: Vec<Name> = ranges
            .iter()
            .map(|range| Name {
                shown: names::tidy(&format!("{}{verb}", self.line.shown(&at(range), self.chars))),
                start: self.line.chars(&at(range)).start,
                ..self.name(String::new(), lead)
            })
            .collect();
        if names.len() == 1
            && values == 2
            && let Some(pair) = town_and_country(&names[0])
        {
            names = pair;
        }
        share_ends(&mut names);
        let fits = if values > 1 { names.len() == values } else { names.len() > 1 };
        let all_told = names.iter().all(|name| names::is_telling(&name.shown));
        // 案件4件35人: one name for values of several units.
        if fits && all_told { names } else { one() }
    }

    /// Of a long list of what was done (坚持…、…、粮食产量), the last if it is plainly an indicator.
    fn last_of_list(&self, lead: &Lead) -> Option<Name> {
        let own = self.line.text(lead.name.clone());
        let at = own.rfind('、')? + '、'.len_utf8();
        let last = own.get(at..)?;
        let is_plain =
            names::is_plain(last) && !last.contains('等') && last.chars().count() >= 4 && own.chars().count() > 14;
        let range = lead.name.start + at..lead.name.end;
        is_plain.then(|| Name {
            start: self.line.chars(&range).start,
            ..self.name(self.line.shown(&range, self.chars), lead)
        })
    }
}

static LISTED: LazyLock<Regex> = LazyLock::new(|| pattern("、"));

/// 城乡居民收入 with two values is that of the towns and that of the country.
fn town_and_country(name: &Name) -> Option<Vec<Name>> {
    let rest = name.shown.strip_prefix("城乡")?;
    let of = |place: &str| Name { shown: format!("{place}{rest}"), ..name.clone() };
    Some(vec![of("城镇"), of("农村")])
}

/// Gives to names of a list what only the last or the first says: 粮食、油料产量; 高技术产品、机电产品出口.
fn share_ends(names: &mut [Name]) {
    static END: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?:居民)?(?:人均)?(?:{})$", names::ENDS)));
    static KIND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            "^(?:案件|住院|门诊|保险|产品|企业|居民|人口|行业|工业|产业|货运|客运|货物|旅客|运输|消费|投资|用地|医疗|养老)",
        )
    });
    let Some((last, others)) = names.split_last_mut() else { return };
    // 刑事、治安案件立案数: names of one length with the kind behind them.
    let length = others.first().map_or(0, |name| name.shown.chars().count());
    let rest: String = last.shown.chars().skip(length).collect();
    if length > 0 && others.iter().all(|name| name.shown.chars().count() == length) && KIND.is_match(&rest) {
        for name in others {
            name.shown += &rest;
        }
        return;
    }
    let Some(end) = END.find(&last.shown).map(|end| end.as_str().to_owned()) else { return };
    // The whole last name as an end would say nothing of which.
    if end.chars().count() >= last.shown.chars().count() {
        return;
    }
    for name in others.iter_mut().filter(|name| !names::is_plain(&name.shown)) {
        name.shown += &end;
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Part;
    use crate::targets::prose::tests::shown;

    #[test]
    fn several_names_and_values_are_told_in_order() {
        assert_eq!(
            shown(Part::Review, "粮食、蔬菜产量分别达到3.2万吨和5万吨，分别增长1%、2.5%。"),
            [
                "粮食产量 Level 32000吨 2025 完成",
                "粮食产量 Growth 1% 2025 完成",
                "蔬菜产量 Level 50000吨 2025 完成",
                "蔬菜产量 Growth 2.5% 2025 完成",
            ]
        );
        assert_eq!(
            shown(Part::Review, "城乡居民人均可支配收入分别增长5%、6%。"),
            ["城镇居民人均可支配收入 Growth 5% 2025 完成 人均", "农村居民人均可支配收入 Growth 6% 2025 完成 人均",]
        );
        assert_eq!(
            shown(Part::Review, "刑事、治安案件立案数分别下降8%、3%。"),
            ["刑事案件立案数 Growth -8% 2025 完成", "治安案件立案数 Growth -3% 2025 完成"]
        );
        // Two values in one unit and no second name: nothing is certain.
        assert_eq!(shown(Part::Review, "财政收入分别增长5%、6%。"), [""; 0]);
    }

    #[test]
    fn each_of_several_names_has_what_is_said_of_all() {
        assert_eq!(
            shown(Part::Review, "存款余额和贷款余额均突破900亿元。"),
            ["存款余额 Level 90000000000元 突破 2025 完成", "贷款余额 Level 90000000000元 突破 2025 完成"]
        );
    }

    #[test]
    fn what_is_counted_may_stand_behind_the_value() {
        assert_eq!(
            shown(Part::Plan, "新增120家科技型企业，建成3个口袋公园、2个文化广场。"),
            [
                "新增科技型企业 Level 120家 2026 目标",
                "建成口袋公园 Level 3个 2026 目标",
                "建成文化广场 Level 2个 2026 目标",
            ]
        );
        assert_eq!(shown(Part::Plan, "在5个街道开展试点，开工20万吨级码头项目。"), [""; 0]);
    }

    #[test]
    fn one_name_has_values_of_several_units() {
        assert_eq!(
            shown(Part::Review, "审结集资诈骗案件4件35人。"),
            ["审结集资诈骗案件 Level 4件 2025 完成", "审结集资诈骗案件 Level 35人 2025 完成"]
        );
    }
}
