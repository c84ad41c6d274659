//! Other wordings of the same thing: dates, percentages, numbers, plans, congresses, plenums, sessions.
//!
//! Works on matching forms. Every rule says which stretch of a form it understands and what else that may
//! be called; what would change the meaning is left out: single Han numerals outside dates, percentages and
//! units, 十五 with 15 or with 十五五, anything about 一公里. A [`Guard`] keeps 5% from being found in
//! 百分之五十. What is found by an equivalent is always counted apart from what is found literally.

mod meetings;
mod numbers;

use std::collections::HashSet;

use regex::{Captures, Regex};

use crate::text::lexicon::Synonyms;

/// A class of equivalence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// 二〇二六年 = 2026年, 一月 = 1月.
    Date,
    /// 百分之五 = 5%.
    Percent,
    /// 三十一条 = 31条.
    Number,
    /// 十五五 = 第十五个五年规划.
    Plan,
    /// 党的二十大 = 中国共产党第二十次全国代表大会.
    Congress,
    /// 二十届三中全会 = 第二十届中央委员会第三次全体会议.
    Plenum,
    /// 二十届二中、三中全会 answers 二十届三中全会.
    Enumeration,
    /// 十四届人大三次会议 = 第十四届人民代表大会第三次会议.
    Session,
    /// The user's own.
    Synonym,
}

impl Class {
    /// Every class.
    pub const ALL: [Class; 9] = [
        Class::Date,
        Class::Percent,
        Class::Number,
        Class::Plan,
        Class::Congress,
        Class::Plenum,
        Class::Enumeration,
        Class::Session,
        Class::Synonym,
    ];

    /// The name in options and JSON.
    pub fn label(self) -> &'static str {
        ["date", "percent", "number", "plan", "congress", "plenum", "enumeration", "session", "synonym"][self as usize]
    }

    /// The name shown to people.
    pub fn name(self) -> &'static str {
        ["日期", "百分数", "数目", "五年规划", "党代会", "中央全会", "并称", "届次会议", "同义词"][self as usize]
    }
}

/// Another wording of a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equivalent {
    /// Why it counts.
    pub class: Class,
    /// The stretch of the query's form that is worded otherwise.
    pub from: String,
    /// The other wording of the stretch.
    pub to: String,
    /// The whole matching form to find. For an enumeration, a string that every match ends with.
    pub form: String,
    /// What may not stand beside an occurrence.
    pub guard: Guard,
    /// For an enumeration, the regular expression over the matching form that its matches satisfy.
    pub pattern: Option<String>,
}

/// Which neighbours would make an occurrence part of another number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guard {
    /// Not after an ASCII digit, the point or comma of a number, or the dash of a range.
    pub no_digit_before: bool,
    /// Not after a Han numeral.
    pub no_han_before: bool,
    /// Not before a Han numeral or the point of one.
    pub no_han_after: bool,
}

impl Guard {
    /// Whether there is anything to look at.
    pub fn is_open(self) -> bool {
        self == Guard::default()
    }

    /// Whether an occurrence at `start..end` of a form may stand there.
    pub fn allows(self, form: &[char], start: usize, end: usize) -> bool {
        let before = start.checked_sub(1).map(|i| form[i]);
        let after = form.get(end).copied();
        // 9月 in 1-9月 is the end of a range.
        let in_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '~');
        !(self.no_digit_before && before.is_some_and(in_number)
            || self.no_han_before && before.is_some_and(is_han_numeral)
            || self.no_han_after && after.is_some_and(|c| is_han_numeral(c) || c == '点'))
    }
}

fn is_han_numeral(c: char) -> bool {
    "〇○零一二三四五六七八九十百千万亿两".contains(c)
}

/// The Han numerals of place value and digits, for character classes of the rules.
const HAN: &str = "零〇○一二三四五六七八九十百千";

/// A stretch of a form, in bytes, with its other wordings.
struct Rewrite {
    class: Class,
    from: usize,
    to: usize,
    wordings: Vec<Wording>,
}

struct Wording {
    text: String,
    guard: Guard,
    /// For an enumeration: the expression that the wording has to satisfy.
    pattern: Option<String>,
}

impl Wording {
    /// A wording that must not be the tail of a longer number.
    fn new(text: impl Into<String>) -> Wording {
        let text = text.into();
        let first = text.chars().next().unwrap_or_default();
        let guard = Guard {
            no_digit_before: first.is_ascii_digit(),
            no_han_before: is_han_numeral(first),
            // 一亿 in 一亿五千万 is only its beginning.
            no_han_after: text.ends_with(['百', '千', '万', '亿']),
        };
        Wording { text, guard, pattern: None }
    }

    fn not_before_han(self) -> Wording {
        Wording { guard: Guard { no_han_after: true, ..self.guard }, ..self }
    }
}

/// Adds what a rule understands of a form. `wordings` is given the match and the character before it; nothing
/// comes of a match for which it has none.
fn apply(
    rewrites: &mut Vec<Rewrite>,
    form: &str,
    class: Class,
    rule: &Regex,
    wordings: impl Fn(&Captures, Option<char>) -> Option<Vec<Wording>>,
) {
    for captures in rule.captures_iter(form) {
        let Some(whole) = captures.get(0) else { continue };
        let before = form.get(..whole.start()).and_then(|before| before.chars().next_back());
        let mut wordings = wordings(&captures, before).unwrap_or_default();
        wordings.retain(|wording| wording.text != whole.as_str());
        if !wordings.is_empty() {
            rewrites.push(Rewrite { class, from: whole.start(), to: whole.end(), wordings });
        }
    }
}

/// What a group of a match holds.
fn group<'a>(captures: &'a Captures, name: &str) -> Option<&'a str> {
    captures.name(name).map(|found| found.as_str())
}

/// Most other wordings of one string.
const MOST: usize = 48;

/// The other wordings of a matching form, without the classes switched off.
pub(super) fn of(form: &str, without: &[Class], synonyms: &Synonyms) -> Vec<Equivalent> {
    let mut rewrites = synonyms_in(form, synonyms);
    if form.chars().any(|c| c.is_ascii_digit() || is_han_numeral(c)) {
        rewrites.extend(numbers::rewrites(form));
        rewrites.extend(meetings::rewrites(form));
    }
    // A class that is off leaves its stretches alone, to other classes as well.
    let mut rewrites = disjoint(rewrites);
    rewrites.retain(|rewrite| !without.contains(&rewrite.class));
    let mut equivalents = combined(form, &rewrites);
    prune(form, &mut equivalents);
    equivalents.truncate(MOST);
    equivalents
}

fn synonyms_in(form: &str, synonyms: &Synonyms) -> Vec<Rewrite> {
    let mut rewrites = Vec::new();
    for group in synonyms {
        for word in group {
            for (from, _) in form.match_indices(word.as_str()) {
                let others = group.iter().filter(|other| *other != word);
                let wordings = others
                    .map(|other| Wording { text: other.clone(), guard: Guard::default(), pattern: None })
                    .collect();
                rewrites.push(Rewrite { class: Class::Synonym, from, to: from + word.len(), wordings });
            }
        }
    }
    rewrites
}

/// Of rewrites that overlap the leftmost, and of those the longest; of the same stretch all.
fn disjoint(mut rewrites: Vec<Rewrite>) -> Vec<Rewrite> {
    rewrites.sort_by_key(|rewrite| (rewrite.from, usize::MAX - rewrite.to));
    let mut kept: Vec<Rewrite> = Vec::new();
    for rewrite in rewrites {
        if kept.last().is_none_or(|last| rewrite.from >= last.to || (rewrite.from, rewrite.to) == (last.from, last.to))
        {
            kept.push(rewrite);
        }
    }
    kept
}

/// Every way to word a form otherwise in one or more of the stretches.
fn combined(form: &str, rewrites: &[Rewrite]) -> Vec<Equivalent> {
    /// A form up to some stretch, with what was changed in it.
    #[derive(Clone)]
    struct Partial<'a> {
        text: String,
        changes: Vec<(&'a Rewrite, &'a Wording)>,
    }
    let mut partials = vec![Partial { text: String::new(), changes: Vec::new() }];
    let mut at = 0;
    let mut i = 0;
    while i < rewrites.len() {
        let (from, to) = (rewrites[i].from, rewrites[i].to);
        let same = rewrites[i..].iter().take_while(|rewrite| (rewrite.from, rewrite.to) == (from, to)).count();
        let mut next = Vec::new();
        for partial in &partials {
            let before = form.get(at..from).unwrap_or_default();
            let unchanged = format!("{}{before}{}", partial.text, form.get(from..to).unwrap_or_default());
            next.push(Partial { text: unchanged, changes: partial.changes.clone() });
            for rewrite in &rewrites[i..i + same] {
                for wording in &rewrite.wordings {
                    let mut changes = partial.changes.clone();
                    changes.push((rewrite, wording));
                    next.push(Partial { text: format!("{}{before}{}", partial.text, wording.text), changes });
                }
            }
        }
        // One change of each stretch comes before combinations of several.
        next.sort_by_key(|partial| partial.changes.len());
        next.truncate(MOST * 2);
        partials = next;
        at = to;
        i += same;
    }
    let tail = form.get(at..).unwrap_or_default();
    let equivalent = |partial: Partial| {
        let (first, wording) = *partial.changes.first()?;
        let (last, last_wording) = *partial.changes.last()?;
        let whole = format!("{}{tail}", partial.text);
        // An enumeration stands for itself; combined with other changes it is left out.
        let pattern = match &wording.pattern {
            Some(pattern) if partial.changes.len() == 1 => {
                let before = form.get(..first.from).unwrap_or_default();
                let after = form.get(first.to..).unwrap_or_default();
                Some(format!("{}{pattern}{}", regex::escape(before), regex::escape(after)))
            }
            None if partial.changes.iter().all(|(_, wording)| wording.pattern.is_none()) => None,
            _ => return None,
        };
        let guard = Guard {
            no_han_after: last.to == form.len() && last_wording.guard.no_han_after,
            ..if first.from == 0 { wording.guard } else { Guard::default() }
        };
        let stretch = form.get(first.from..first.to).unwrap_or_default().to_owned();
        let (from, to, form) = match partial.changes.as_slice() {
            [_] if pattern.is_some() => {
                let shown = stretch.replace('届', "届…").replace("中全会", "中…全会");
                (stretch, shown, format!("{}{tail}", wording.text))
            }
            [_] => (stretch, wording.text.clone(), whole),
            _ => (form.to_owned(), whole.clone(), whole),
        };
        Some(Equivalent { class: first.class, from, to, form, guard, pattern })
    };
    partials.into_iter().filter_map(equivalent).collect()
}

/// Drops wordings in which the form itself or another wording is found anyway.
fn prune(form: &str, equivalents: &mut Vec<Equivalent>) {
    let plain: Vec<(String, Guard)> = equivalents
        .iter()
        .filter(|equivalent| equivalent.pattern.is_none())
        .map(|equivalent| (equivalent.form.clone(), equivalent.guard))
        .collect();
    let mut seen = HashSet::new();
    equivalents.retain(|equivalent| {
        let longer = &equivalent.form;
        // A guard looks at one side: what begins alike is guarded alike.
        let holds = |(shorter, guard): &(String, Guard)| {
            let guarded_alike =
                !guard.no_han_after && *guard == equivalent.guard && longer.starts_with(shorter.as_str());
            shorter != longer && (guarded_alike || guard.is_open() && longer.contains(shorter.as_str()))
        };
        let is_new = !longer.contains(form) && !plain.iter().any(holds) && seen.insert(longer.clone());
        equivalent.pattern.is_some() || is_new
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn forms(form: &str) -> Vec<String> {
        let mut forms: Vec<String> = of(form, &[], &Vec::new())
            .into_iter()
            .filter(|equivalent| equivalent.pattern.is_none())
            .map(|equivalent| equivalent.form)
            .collect();
        forms.sort();
        forms
    }

    #[test]
    fn what_means_the_same() {
        for (form, expected) in [
            ("2026年", &["二〇二六年", "二○二六年", "二零二六年"][..]),
            ("二〇二六年", &["2026年", "二○二六年", "二零二六年"]),
            ("一九九八年工作", &["1998年工作"]),
            ("2026年1月18日", &["二〇二六年一月十八日", "二○二六年一月十八日", "二零二六年一月十八日"]),
            ("三月", &["3月"]),
            ("增长5.2%", &["增长百分之五点二"]),
            ("百分之五", &["5%"]),
            ("三十一条", &["31条"]),
            ("第31条", &["第三十一条"]),
            ("十五条", &["15条"]),
            ("三亿元", &["3亿元"]),
            ("十五五", &["第十五个五年规划"]),
            ("十五五规划", &["第十五个五年规划"]),
            ("十五五时期", &["第十五个五年规划时期"]),
            ("九五计划", &["第九个五年计划"]),
            ("第十五个五年规划", &["十五五", "第15个五年规划"]),
            ("第十个五年计划", &["十五计划", "第10个五年计划"]),
            (
                "十四届全国人大三次会议",
                &[
                    "14届全国人大三次会议",
                    "全国人大十四届三次会议",
                    "全国人民代表大会十四届三次会议",
                    "十四届全国人大第三次会议",
                    "十四届全国人民代表大会三次会议",
                    "十四届全国人民代表大会第三次会议",
                ],
            ),
            ("二十届三中全会", &["第二十届中央委员会第三次全体会议"]),
        ] {
            let mut got = forms(form);
            // Numbers in another script are checked on their own above.
            if form.contains('届') {
                got.retain(|form| !form.contains("14届") && !form.contains("20届"));
            }
            let mut expected: Vec<&str> = expected.iter().copied().filter(|e| !e.contains("14届")).collect();
            if form.starts_with("第十") {
                got.retain(|form| !form.contains("第1"));
                expected.retain(|form| !form.contains("第1"));
            }
            expected.sort_unstable();
            assert_eq!(got, expected, "{form}");
        }
        assert!(forms("党的二十大").contains(&"中国共产党第二十次全国代表大会".to_owned()));
        assert!(forms("中国共产党第二十次全国代表大会").contains(&"党的二十大".to_owned()));
        assert!(forms("第十四届人民代表大会第三次会议").contains(&"十四届人大三次会议".to_owned()));
    }

    #[test]
    fn what_does_not() {
        for form in [
            "一带一路",
            "三农",
            "两个维护",
            "十五",
            "15",
            "国民生产总值",
            "两会",
            "最后一公里",
            "1公里",
            "十大",
            "三大",
            "五一",
            "三五成群",
            "百分之",
            "一个",
            "三条",
            "九五",
            "发展",
            "2.5",
            "统一月度",
        ] {
            assert_eq!(forms(form), Vec::<String>::new(), "{form}");
        }
    }

    #[test]
    fn enumerations_answer_a_plenum() {
        let pattern = |form: &str| {
            let found = of(form, &[], &Vec::new()).into_iter().find(|e| e.class == Class::Enumeration);
            regex::Regex::new(&found.expect("one").pattern.expect("an expression")).expect("valid")
        };
        let third = pattern("二十届三中全会");
        for text in
            ["二十届二中。三中全会", "二十届三中。四中全会", "二十届二中全会和三中全会", "二十届一中二中三中全会"]
        {
            assert!(third.is_match(text), "{text}");
        }
        for text in ["二十届三中全会", "二十届二中。四中全会", "十九届二中全会。二十届三中全会", "二十届二中全会"]
        {
            assert!(!third.is_match(text), "{text}");
        }
        assert!(pattern("党的二十届二中全会精神").is_match("党的二十届二中。三中全会精神"));
        assert!(pattern("二中全会").is_match("二十届二中。三中全会"));
        let tenth = of("十届三中全会", &[], &Vec::new()).into_iter().find(|e| e.class == Class::Enumeration);
        assert!(tenth.is_some_and(|tenth| tenth.guard.no_han_before));
    }

    #[test]
    fn guards_keep_numbers_whole() {
        let only = |form: &str| of(form, &[], &Vec::new()).remove(0);
        let allows = |equivalent: &Equivalent, text: &str| {
            let (chars, form): (Vec<char>, Vec<char>) = (text.chars().collect(), equivalent.form.chars().collect());
            let start = chars.windows(form.len()).position(|window| window == form).expect("there");
            equivalent.guard.allows(&chars, start, start + form.len())
        };
        assert!(allows(&only("5%"), "增长百分之五左右") && !allows(&only("5%"), "增长百分之五十"));
        assert!(!allows(&only("5%"), "增长百分之五点二"));
        assert!(allows(&only("百分之五"), "增长5%") && !allows(&only("百分之五"), "增长15%"));
        assert!(!allows(&only("百分之五"), "增长1.5%") && !allows(&only("31条"), "一百三十一条"));
        assert!(!allows(&only("二月"), "12月") && !allows(&only("九月"), "1-9月"));
        assert!(allows(&only("1亿"), "一亿人") && !allows(&only("1亿"), "一亿五千万"));
    }

    #[test]
    fn synonyms_and_classes_switched_off() {
        let synonyms = vec![vec!["数字经济".to_owned(), "数智经济".to_owned()]];
        let found = of("发展数字经济", &[], &synonyms);
        assert_eq!((found[0].form.as_str(), found[0].class), ("发展数智经济", Class::Synonym));
        assert!(of("发展数字经济", &[Class::Synonym], &synonyms).is_empty());
        assert!(of("2026年", &[Class::Date], &Vec::new()).is_empty());
        // What belongs to a class that is off does not fall to another one: 十五期 is no 15期.
        assert!(of("十五期间", &[Class::Plan], &Vec::new()).is_empty());
    }

    proptest! {
        #[test]
        fn never_the_form_itself_and_never_too_many(form in "[0-9一二三四五六七八九十〇百千万亿年月日届中大全会次党的第个规划计人%点条]{0,24}") {
            let found = of(&form, &[], &Vec::new());
            prop_assert!(found.len() <= MOST);
            for equivalent in found {
                prop_assert!(!equivalent.form.is_empty());
                prop_assert!(equivalent.pattern.is_some() || !equivalent.form.contains(&form));
                if let Some(pattern) = equivalent.pattern {
                    prop_assert!(regex::Regex::new(&pattern).is_ok());
                }
            }
        }
    }
}
