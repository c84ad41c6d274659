//! Party congresses, plenums and sessions in their short and full names.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Class, Guard, HAN, Rewrite, Wording, apply, group};
use crate::text::numerals;

struct Rules {
    congress: Regex,
    congress_in_full: Regex,
    plenum: Regex,
    plenum_in_full: Regex,
    sessions: [Regex; 3],
}

/// What the names of the Party begin with.
const PARTY: [&str; 3] = ["中国共产党", "党的", "中共"];

static RULES: LazyLock<Option<Rules>> = LazyLock::new(|| {
    let rule = |pattern: String| Regex::new(&pattern).ok();
    let party = "(?P<party>中国共产党|党的|中共)?";
    let (n, m) = (format!("(?P<n>[{HAN}]+)"), format!("(?P<m>[{HAN}]+)"));
    let body = "(?P<body>人民代表大会|人大|政协)(?P<standing>常务委员会|常委会)?";
    let scope = "(?P<scope>全国|[省市区县州])?";
    Some(Rules {
        congress: rule(format!("{party}{n}大"))?,
        congress_in_full: rule(format!("{party}第{n}次全国代表大会"))?,
        plenum: rule(format!("{party}(?:第?{n}届)?(?P<m>[一二三四五六七八九])中全会"))?,
        plenum_in_full: rule(format!("{party}第?{n}届中央委员会第?{m}次全体会议"))?,
        sessions: [
            rule(format!("第?{n}届{scope}{body}第?{m}次(?:全体)?会议"))?,
            rule(format!("{scope}{body}第?{n}届第?{m}次(?:全体)?会议"))?,
            rule(format!("(?P<body>政协)第?{n}届(?P<scope>全国)委员会第?{m}次(?:全体)?会议"))?,
        ],
    })
});

/// The stretches of a form that these rules understand.
pub(super) fn rewrites(form: &str) -> Vec<Rewrite> {
    let Some(rules) = &*RULES else { return Vec::new() };
    let mut rewrites = Vec::new();
    apply(&mut rewrites, form, Class::Congress, &rules.congress, congress);
    apply(&mut rewrites, form, Class::Congress, &rules.congress_in_full, congress_in_full);
    apply(&mut rewrites, form, Class::Plenum, &rules.plenum, plenum);
    apply(&mut rewrites, form, Class::Plenum, &rules.plenum_in_full, plenum);
    apply(&mut rewrites, form, Class::Enumeration, &rules.plenum, enumeration);
    for rule in &rules.sessions {
        apply(&mut rewrites, form, Class::Session, rule, session);
    }
    rewrites
}

/// The numeral of this group, if it is one below 100.
fn numeral<'a>(captures: &'a Captures, name: &str) -> Option<(&'a str, u32)> {
    let numeral = group(captures, name)?;
    numerals::value(numeral).filter(|value| (1..100).contains(value)).map(|value| (numeral, value))
}

/// 党的二十大; without 党的 only from the eleventh on (十大品牌, 三大攻坚战).
fn congress(captures: &Captures, _: Option<char>) -> Option<Vec<Wording>> {
    let (n, value) = numeral(captures, "n")?;
    if group(captures, "party").is_none() {
        return (value > 10).then(|| in_full(n).collect());
    }
    Some(short(n).chain(in_full(n)).collect())
}

fn congress_in_full(captures: &Captures, _: Option<char>) -> Option<Vec<Wording>> {
    let (n, _) = numeral(captures, "n")?;
    Some(short(n).chain(in_full(n)).collect())
}

fn short(n: &str) -> impl Iterator<Item = Wording> {
    ["党的", "中共"].into_iter().map(move |party| Wording::new(format!("{party}{n}大")))
}

fn in_full(n: &str) -> impl Iterator<Item = Wording> {
    PARTY.into_iter().map(move |party| Wording::new(format!("{party}第{n}次全国代表大会")))
}

/// Both names of a plenum. Without the Party before it, what stands before it may be any of its names.
fn plenum(captures: &Captures, _: Option<char>) -> Option<Vec<Wording>> {
    let ((n, _), (m, value)) = (numeral(captures, "n")?, numeral(captures, "m")?);
    let (short, full) = (format!("{n}届{m}中全会"), format!("第{n}届中央委员会第{m}次全体会议"));
    let short = (value < 10).then_some(short);
    Some(match group(captures, "party") {
        None => short.into_iter().chain([full]).map(Wording::new).collect(),
        Some(_) => {
            let names: Vec<String> = short.into_iter().chain([full]).collect();
            PARTY
                .iter()
                .flat_map(|party| names.iter().map(move |name| Wording::new(format!("{party}{name}"))))
                .collect()
        }
    })
}

/// 二十届二中、三中全会: several plenums named together.
fn enumeration(captures: &Captures, _: Option<char>) -> Option<Vec<Wording>> {
    let m = group(captures, "m")?;
    let before = match group(captures, "n") {
        Some(n) => format!("{}{n}届", group(captures, "party").unwrap_or_default()),
        None => String::new(),
    };
    let other = "[一二三四五六七八九]中";
    let (link, named) = ("[。和与及、]?", format!("{other}(?:全会)?"));
    // Named with others before it, or with others after it, or both; not alone.
    let preceded = format!("(?:{named}{link})+{m}中(?:(?:全会)?{link}{other})*全会");
    let followed = format!("{m}中(?:{link}{other})+全会");
    let alone = before.is_empty();
    let pattern = if alone { format!("(?:{followed})") } else { format!("{before}(?:{preceded}|{followed})") };
    // 十届 in 二十届 is another one.
    let guard = Wording::new(if before.is_empty() { m } else { before.as_str() }).guard;
    Some(vec![Wording {
        text: "中全会".to_owned(),
        guard: Guard { no_han_after: false, ..guard },
        pattern: Some(pattern),
    }])
}

fn session(captures: &Captures, _: Option<char>) -> Option<Vec<Wording>> {
    let ((n, _), (m, _)) = (numeral(captures, "n")?, numeral(captures, "m")?);
    let scope = group(captures, "scope").unwrap_or_default();
    let mut names = Vec::new();
    if group(captures, "body")? == "政协" && group(captures, "standing").is_none() {
        names.extend([format!("{n}届{scope}政协{m}次会议"), format!("{scope}政协{n}届{m}次会议")]);
        if !scope.is_empty() {
            names.push(format!("政协第{n}届{scope}委员会第{m}次会议"));
        }
    } else {
        let standing: &[&str] = match group(captures, "standing") {
            Some(_) => &["常委会", "常务委员会"],
            None => &[""],
        };
        let bodies: &[&str] =
            if group(captures, "body")? == "政协" { &["政协"] } else { &["人大", "人民代表大会"] };
        for body in bodies.iter().flat_map(|body| standing.iter().map(move |standing| format!("{body}{standing}"))) {
            names.extend([format!("{n}届{scope}{body}{m}次会议"), format!("{n}届{scope}{body}第{m}次会议")]);
            names.push(format!("{scope}{body}{n}届{m}次会议"));
        }
    }
    Some(names.into_iter().map(Wording::new).collect())
}
