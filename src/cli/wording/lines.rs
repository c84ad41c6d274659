//! What is said of a check on one line: for the terminal and for the page alike.

use yinde::wording::Match;
use yinde::wording::agreement::{Difference, Disagreement, Said};
use yinde::wording::dropped::Dropped;
use yinde::wording::finding::{Check, Sentence, Verdict};

use super::{issued, percent};
use yinde::text::numerals::year_ranges;

/// The Chinese name of a verdict.
pub fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Verbatim => "原句已有",
        Verdict::Near => "相近",
        Verdict::Composed => "拼合",
        Verdict::New => "本库未见",
        Verdict::Formula => "套话",
    }
}

/// How many sentences are what, and the share of those said before.
pub fn summary_line(check: &Check) -> String {
    let s = &check.summary;
    let counted = s.sentences - s.formula;
    let known = counted - s.new;
    let share = if counted > 0 {
        format!("，已有表述占 {}", percent(known as f32 / counted as f32))
    } else {
        String::new()
    };
    format!(
        "共 {} 句：原句已有 {}，相近 {}，拼合 {}，本库未见 {}，套话 {}{share}",
        s.sentences, s.verbatim, s.near, s.composed, s.new, s.formula
    )
}

/// The verdict of a sentence with its similarity, and whether only marks differ.
pub fn verdict_line(sentence: &Sentence) -> String {
    let name = verdict_name(sentence.verdict);
    match sentence.verdict {
        Verdict::Near | Verdict::Composed => format!("{name} {}", percent(sentence.similarity)),
        Verdict::Verbatim if sentence.marks_differ => format!("{name}，标点有别"),
        _ => name.to_owned(),
    }
}

/// In which reports and years a sentence stands, and who said it first and last.
pub fn history_line(sentence: &Sentence) -> Option<String> {
    let (first, last) = (sentence.first.as_ref()?, sentence.last.as_ref()?);
    Some(format!(
        "见于 {} 份报告 {} 段：{}；最早 {}，最近 {}",
        sentence.reports,
        sentence.passages,
        year_ranges(&sentence.years),
        issued(first),
        issued(last)
    ))
}

/// The matches that are shown: of what is new only the closest.
pub fn shown(sentence: &Sentence) -> &[Match] {
    let most = if sentence.verdict == Verdict::New { 1 } else { usize::MAX };
    &sentence.matches[..sentence.matches.len().min(most)]
}

/// Values that differ between a source and the draft.
pub fn values_line(found: &Match) -> Option<String> {
    let values: Vec<String> = found.values.iter().map(|(before, after)| format!("{before} → {after}")).collect();
    (!values.is_empty()).then(|| format!("数值或名称不同：{}", values.join("，")))
}

/// Whether the same words stood there before, punctuation included.
pub fn is_unchanged(previous: &Match) -> bool {
    previous.verbatim && !previous.marks_differ
}

/// When superiors used an expression, and since when no more.
pub fn dropped_line(dropped: &Dropped) -> String {
    let (without, region) = (&dropped.without, if dropped.region.is_empty() { "上级" } else { &dropped.region });
    format!("{region}报告 {} 有，{} 起无（至 {}）", year_ranges(&dropped.years), without[0], without[without.len() - 1])
}

/// Where a figure is said.
pub fn said_line(said: &Said) -> String {
    match said {
        Said::Draft { text, start, .. } => format!("文稿第 {} 字“{text}”", start + 1),
        Said::Archive { text, header, passage, .. } => {
            format!("《{}》第 {passage} 段（{}#{passage}）“{text}”", header.metadata.title.value, header.id)
        }
    }
}

/// What two figures disagree about.
pub fn disagreement_line(disagreement: &Disagreement) -> String {
    let what = match disagreement.difference {
        Difference::Value => "数值不同",
        Difference::Qualifier => "左右、以上、预计等说法或小数位数不同",
    };
    format!("{}（{}年）{what}", disagreement.indicator, disagreement.year)
}
