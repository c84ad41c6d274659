//! What a search prints for people: hits, totals, facets, and what to say when there is nothing.

use std::collections::BTreeMap;
use std::io::Write;

use yinde::query;
use yinde::search::absent::Absence;
use yinde::search::snippet::snippet;
use yinde::search::{Hit, Outcome, Tier};

use crate::cli::asking::Style;
use crate::cli::coverage::commonest;
use crate::cli::terminal::Terminal;

/// Columns before the text of a hit.
const INDENT: usize = 4;

/// Characters of a passage that are shown.
const SHOWN: usize = 160;

pub fn print_hit(
    hit: &Hit,
    context: usize,
    cite: Option<Style>,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let metadata = &hit.header.metadata;
    let year = metadata.year.as_ref().map_or_else(|| "年份不详".to_owned(), |year| format!("{}年", year.value));
    let issuer = metadata.issuer.as_ref().map_or("单位不详", |issuer| issuer.value.as_str());
    let tier = match hit.tier {
        Tier::Whole => "",
        Tier::Cross => "  [跨词]",
        Tier::Relaxed => "  [部分词语]",
    };
    let similar = hit.similar.as_ref().filter(|similar| similar.count > 1).map_or_else(String::new, |similar| {
        let years = match (similar.first, similar.last) {
            (Some(first), Some(last)) if first == last => format!("，{first}"),
            (Some(first), Some(last)) => format!("，{first}–{last}"),
            _ => String::new(),
        };
        format!("  ×{}{years}", similar.count)
    });
    let rank = format!("{:>2}. ", hit.rank);
    writeln!(out, "{rank}{}  {year}  {issuer}{tier}{similar}", terminal.bold(&metadata.title.value))?;
    if !hit.section.is_empty() {
        writeln!(out, "    {}", terminal.faint(&hit.section.join(" › ")))?;
    }
    let shown = snippet(&hit.passage.text, &hit.spans, SHOWN, context);
    writeln!(out, "{}", terminal.marked(&shown.text, &shown.spans, INDENT))?;
    let copies =
        if hit.copies.is_empty() { String::new() } else { format!("，另有副本 {} 份", hit.copies.len()) };
    let place =
        format!("出处：{}，第 {} 段（{}#{}）{copies}", hit.header.source, hit.number, hit.header.id, hit.number);
    writeln!(out, "    {}", terminal.faint(&place))?;
    if let Some(style) = cite {
        writeln!(out, "{}", style.cite(&hit.header, &hit.section, hit.number))?;
    }
    writeln!(out)?;
    Ok(())
}

pub fn print_totals(outcome: &Outcome, out: &mut dyn Write) -> anyhow::Result<()> {
    if outcome.passages == 0 {
        write!(out, "没有找到")?;
    } else {
        let cross = outcome.occurrences - outcome.whole;
        write!(
            out,
            "{} 段，{} 处（整词 {}，跨词 {cross}），见于 {} 份报告",
            outcome.passages, outcome.occurrences, outcome.whole, outcome.reports
        )?;
    }
    if let Some(relaxed) = outcome.relaxed {
        write!(out, "；另有 {relaxed} 段含其中部分词语")?;
    }
    writeln!(out, "；用时 {:.1} 毫秒", outcome.elapsed.as_secs_f64() * 1e3)?;
    Ok(())
}

/// What equivalent wordings add, if any were found.
pub fn print_widened(outcome: &Outcome, out: &mut dyn Write) -> anyhow::Result<()> {
    if outcome.widened.is_empty() {
        return Ok(());
    }
    let literal = outcome.literal;
    writeln!(out, "其中逐字 {} 段，{} 处；等同说法（--literal 可关）：", literal.passages, literal.occurrences)?;
    for widened in &outcome.widened {
        let (class, count) = (widened.class.name(), widened.count);
        writeln!(
            out,
            "  {} = {}（{class}）：{} 段，{} 处",
            widened.from, widened.to, count.passages, count.occurrences
        )?;
    }
    Ok(())
}

/// The commonest values of each property.
pub fn print_facets(outcome: &Outcome, out: &mut dyn Write) -> anyhow::Result<()> {
    if outcome.passages == 0 {
        return Ok(());
    }
    let facets = &outcome.facets;
    let named = |(part, count): (&String, &u64)| {
        (query::part(part).map_or(part.clone(), |p| query::part_name(p).to_owned()), *count)
    };
    let named_parts: BTreeMap<String, u64> = facets.part.iter().map(named).collect();
    for (name, counts) in [
        ("年份", &facets.year),
        ("类型", &facets.kind),
        ("地区", &facets.region),
        ("单位", &facets.issuer),
        ("部分", &named_parts),
    ] {
        writeln!(out, "{name}（段）：{}", commonest(counts))?;
    }
    Ok(())
}

/// Why nothing was found, what was looked through apart.
pub fn print_absence(absence: &Absence, out: &mut dyn Write) -> anyhow::Result<()> {
    // One part that is there all the same was kept out by the rest of the query.
    if absence.parts.len() > 1 || absence.parts.iter().any(|part| part.passages > 0) {
        let parts: Vec<String> =
            absence.parts.iter().map(|part| format!("{} {} 段", part.text, part.passages)).collect();
        writeln!(out, "单独查（不限条件）：{}", parts.join("，"))?;
    }
    if !absence.nearest.is_empty() {
        let nearest: Vec<String> = absence.nearest.iter().map(|n| format!("{} {} 处", n.text, n.occurrences)).collect();
        writeln!(out, "相近的说法：{}", nearest.join("，"))?;
    }
    for own in &absence.self_names {
        writeln!(out, "{}自称“{}”：{} 处", own.issuer, own.text, own.occurrences)?;
    }
    Ok(())
}
