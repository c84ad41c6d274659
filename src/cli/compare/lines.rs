//! What is said of a comparison on one line: for the terminal, the page and Markdown alike.
//!
//! Wording is found, nothing more: what was not found is 未见提及, and what was found is not yet done.

use yinde::comparison::{Amount, Comparison, Head, Mode, Place, Row, State};

use crate::cli::percent;

/// The states that a question has answers of, in the order they are listed.
pub fn states(mode: Mode) -> &'static [State] {
    match mode {
        Mode::Versions => &[State::Kept, State::Reworded, State::Dropped, State::New],
        Mode::PlanReview => &[State::Found, State::Partial, State::Unseen, State::New],
        Mode::Superior => &[State::Kept, State::Reworded, State::Partial, State::Unseen, State::New],
    }
}

/// The Chinese name of a state.
pub fn state_name(mode: Mode, state: State) -> &'static str {
    match (mode, state) {
        (Mode::Versions, State::Kept) => "未改",
        (Mode::Versions, State::Reworded) => "改写",
        (_, State::Kept) => "沿用",
        (_, State::Reworded) => "改写沿用",
        (_, State::Found) => "有对应",
        (_, State::Partial) => "部分提及",
        (_, State::Dropped) => "删去",
        (_, State::Unseen) => "未见提及",
        (Mode::Versions, State::New) => "新增",
        (Mode::PlanReview, State::New) => "部署未列",
        (Mode::Superior, State::New) => "自有内容",
    }
}

/// What a state means, for the legend.
pub fn state_meaning(mode: Mode, state: State) -> &'static str {
    match (mode, state) {
        (Mode::Versions, State::Kept) => "字句相同，标点可以不同",
        (Mode::Versions, State::Reworded) => "同一句话改了说法，删字加删除线，增字加下划线",
        (Mode::Versions, State::Dropped) => "后一份没有",
        (Mode::Versions, State::New) => "前一份没有",
        (Mode::PlanReview, State::Found) => "回顾里有说同一件事的句子，是否完成以原文为准",
        (Mode::PlanReview, State::Partial) => "回顾里提到其中一部分",
        (Mode::PlanReview, State::Unseen) => "按字词没有找到，不等于没有做",
        (Mode::PlanReview, State::New) => "回顾里讲了而部署里没有找到的",
        (Mode::Superior, State::Kept) => "与上级字句相同，地名、机构名可以不同",
        (Mode::Superior, State::Reworded) => "上级的句子改了说法，或写进了更长的句子",
        (Mode::Superior, State::Partial) => "只提到其中的说法",
        (Mode::Superior, State::Unseen) => "按字词没有找到，不等于没有部署",
        (Mode::Superior, State::New) => "上级报告里没有找到的",
        (_, _) => "",
    }
}

/// What the comparison is called.
pub fn title(comparison: &Comparison) -> String {
    let (a, b) = side_names(comparison);
    match comparison.mode {
        Mode::Versions => format!("逐句对照：{a} → {b}"),
        Mode::PlanReview => format!("部署与回顾对照：{a}部署 → {b}回顾"),
        Mode::Superior => format!("上下级报告对照：{a} → {b}"),
    }
}

/// Short names of both reports: their years, or, where these do not tell them apart, their issuers; for a superior and
/// its subordinate the issuers first.
pub fn side_names(comparison: &Comparison) -> (String, String) {
    let (a, b) = (&comparison.a, &comparison.b);
    let year = |head: &Head| head.year.map(|year| format!("{year}年"));
    let years = year(a).zip(year(b));
    let issuers = a.issuer.clone().zip(b.issuer.clone());
    let ways = if comparison.mode == Mode::Superior { [issuers, years] } else { [years, issuers] };
    let telling = ways.into_iter().flatten().find(|(a, b)| a != b);
    telling.unwrap_or_else(|| ("前一份".to_owned(), "后一份".to_owned()))
}

/// A report with its issuer.
pub fn head_line(head: &Head) -> String {
    let issuer = head.issuer.as_deref().map_or_else(String::new, |issuer| format!("，{issuer}"));
    format!("《{}》{issuer}（{}）", head.title, head.report)
}

/// The figure that says most, in one sentence.
pub fn summary_line(comparison: &Comparison) -> String {
    let (summary, mode) = (&comparison.summary, comparison.mode);
    let (of_a, of_b) = (summary.count.all_of_a(), summary.count.all_of_b());
    let parts: Vec<String> = states(mode)
        .iter()
        .map(|&state| {
            let of = if state == State::New { summary.count.of_b(state) } else { summary.count.of_a(state) };
            format!("{} {} 句", state_name(mode, state), of.sentences)
        })
        .collect();
    match mode {
        Mode::Versions => format!(
            "前一份 {} 句，后一份 {} 句：{}；移动 {} 处；后一份的文字有 {} 沿用前一份。",
            of_a.sentences,
            of_b.sentences,
            parts.join("，"),
            summary.count.moved,
            percent(summary.same_of_b)
        ),
        Mode::PlanReview => format!("部署 {} 句：{}。", of_a.sentences, parts.join("，")),
        Mode::Superior => format!("上级 {} 句：{}。", of_a.sentences, parts.join("，")),
    }
}

/// The share of an amount, by characters.
pub fn share(part: Amount, of: Amount) -> f32 {
    part.characters as f32 / of.characters.max(1) as f32
}

/// Where sentences stand: 第3段, or 第3、4段.
pub fn passages_line(places: &[Place]) -> String {
    let mut numbers: Vec<u32> = places.iter().map(|place| place.passage).collect();
    numbers.dedup();
    let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
    format!("第{}段", numbers.join("、"))
}

/// Where a sentence that moved stood, with the section if that is not the one that stands for its new one.
pub fn moved_line(comparison: &Comparison, row: &Row) -> Option<String> {
    let from = row.a.first().filter(|_| row.moved)?;
    let counterpart = comparison.sections.get(row.section).and_then(|pair| pair.a.as_ref());
    let section = from.section.last().filter(|section| Some(*section) != counterpart);
    let section = section.map_or_else(String::new, |heading| format!("“{heading}”"));
    Some(format!("移自{section}第{}段", from.passage))
}

/// Values that differ.
pub fn values_line(row: &Row) -> Option<String> {
    let values: Vec<String> = row.values.iter().map(|(before, after)| format!("{before} → {after}")).collect();
    (!values.is_empty()).then(|| format!("数值或名称：{}", values.join("，")))
}

/// Expressions that a task and what speaks of it have in common.
pub fn shared_line(row: &Row) -> Option<String> {
    (!row.shared.is_empty()).then(|| format!("共同的说法：{}", row.shared.join("、")))
}

/// A sentence of the other report that has much of one that is dropped or new.
pub fn near_line(place: &Place) -> String {
    format!("近似的话另见第{}段：{}", place.passage, place.text)
}

/// The headings of a pair of sections, or one of them where they are the same; `None` before any heading.
pub fn section_lines(a: Option<&str>, b: Option<&str>) -> Vec<(bool, String)> {
    match (a, b) {
        (Some(a), Some(b)) if a == b => vec![(false, b.to_owned())],
        (a, b) => a.map(|a| (true, a.to_owned())).into_iter().chain(b.map(|b| (false, b.to_owned()))).collect(),
    }
}
