//! A comparison as Markdown: what the page shows, as lists that can be pasted into a mail or a note.

use std::fmt::{self, Display, Formatter};

use yinde::comparison::{Comparison, Row, SectionPair, State};
use yinde::wording::compare::Change;

use super::lines::{
    head_line, moved_line, near_line, passages_line, section_lines, shared_line, side_names, state_meaning, state_name,
    states, summary_line, title, values_line,
};
use crate::cli::markup::Plain;
use crate::cli::percent;

/// A comparison as Markdown.
pub struct Markdown<'a>(pub &'a Comparison);

impl Display for Markdown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let comparison = self.0;
        let (a, b) = side_names(comparison);
        writeln!(f, "# {}\n", Plain(&title(comparison)))?;
        for (side, head) in [(&a, &comparison.a), (&b, &comparison.b)] {
            writeln!(f, "- {}：{}", Plain(side), Plain(&head_line(head)))?;
        }
        writeln!(f, "\n**{}**\n", Plain(&summary_line(comparison)))?;
        for &state in states(comparison.mode) {
            writeln!(f, "- {}：{}", state_name(comparison.mode, state), state_meaning(comparison.mode, state))?;
        }
        writeln!(f, "- 改写处：<del>删</del> <ins>增</ins>\n")?;
        self.sections(f)?;
        let mut section = None;
        for (number, row) in comparison.rows.iter().enumerate() {
            if section != Some(row.section) {
                section = Some(row.section);
                if let Some(pair) = comparison.sections.get(row.section) {
                    writeln!(f, "\n## {}\n", self.pair(pair))?;
                }
            }
            self.row(f, number + 1, row)?;
        }
        Ok(())
    }
}

impl Markdown<'_> {
    fn sections(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (comparison, mode) = (self.0, self.0.mode);
        let names: Vec<&str> = states(mode).iter().map(|&state| state_name(mode, state)).collect();
        writeln!(f, "| 部分（句数） | {} |", names.join(" | "))?;
        writeln!(f, "|---|{}", "--:|".repeat(names.len()))?;
        let total = SectionPair {
            state: None,
            moved: false,
            depth: 0,
            a: Some("合计".to_owned()),
            b: Some("合计".to_owned()),
            count: comparison.summary.count.clone(),
        };
        let is_shown = |pair: &&SectionPair| !pair.count.is_empty();
        for pair in comparison.sections.iter().filter(is_shown).chain([&total]) {
            write!(f, "| {} |", self.pair(pair))?;
            for &state in states(mode) {
                let of = if state == State::New { pair.count.of_b(state) } else { pair.count.of_a(state) };
                write!(f, " {} |", of.sentences)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    /// The headings of a pair on one line.
    fn pair(&self, pair: &SectionPair) -> String {
        let (a, b) = side_names(self.0);
        let lines = section_lines(pair.a.as_deref(), pair.b.as_deref());
        let side = |is_first: bool| if is_first { format!("（仅{a}）") } else { format!("（仅{b}）") };
        let shown = match lines.as_slice() {
            [] => "（标题之前）".to_owned(),
            [(_, heading)] if pair.a.is_some() && pair.b.is_some() => Plain(heading).to_string(),
            [(is_first, heading)] => format!("{}{}", Plain(heading), Plain(&side(*is_first))),
            [(_, before), (_, after), ..] => format!("{} → {}", Plain(before), Plain(after)),
        };
        if pair.moved { format!("{shown}（移）") } else { shown }
    }

    fn row(&self, f: &mut Formatter<'_>, number: usize, row: &Row) -> fmt::Result {
        let (a, b) = side_names(self.0);
        write!(f, "- {number}　**{}**", state_name(self.0.mode, row.state))?;
        if row.state == State::Reworded {
            write!(f, " 相似 {}", percent(row.similarity))?;
        }
        let places = [(a, &row.a), (b, &row.b)].into_iter().filter(|(_, places)| !places.is_empty());
        let places: Vec<String> = places.map(|(side, places)| format!("{side} {}", passages_line(places))).collect();
        write!(f, "（{}）", Plain(&places.join("，")))?;
        if let Some(moved) = moved_line(self.0, row) {
            write!(f, "〔{}〕", Plain(&moved))?;
        }
        write!(f, "：")?;
        if row.diff.is_empty() {
            let text = if row.a.is_empty() || row.state == State::Kept { row.after() } else { row.before() };
            writeln!(f, "{}", Plain(&text))?;
            if matches!(row.state, State::Found | State::Partial) {
                for place in &row.b {
                    writeln!(f, "  - 第{}段：{}", place.passage, Plain(&place.text))?;
                }
            }
        } else {
            changed(f, row)?;
            writeln!(f)?;
        }
        let near = row.near.as_ref().map(near_line);
        for line in [values_line(row), shared_line(row), near].into_iter().flatten() {
            writeln!(f, "  - {}", Plain(&line))?;
        }
        Ok(())
    }
}

/// A diff in tags: the asterisks of Markdown do not work beside Chinese punctuation.
fn changed(f: &mut Formatter<'_>, row: &Row) -> fmt::Result {
    for (change, text) in &row.diff {
        match change {
            Change::Kept => write!(f, "{}", Plain(text))?,
            Change::Deleted => write!(f, "<del>{}</del>", Plain(text))?,
            Change::Inserted => write!(f, "<ins>{}</ins>", Plain(text))?,
        }
    }
    Ok(())
}
