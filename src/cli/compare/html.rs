//! The page of a comparison: both reports side by side, sentence by sentence, with a summary before them. One file
//! without scripts or outside assets, so that it can be mailed and printed; nothing is said by colour alone.

use std::fmt::{self, Display, Formatter};

use yinde::comparison::{Comparison, Count, Mode, Place, Row, SectionPair, State};
use yinde::wording::compare::Change;

use super::lines::{
    head_line, moved_line, near_line, passages_line, section_lines, share, shared_line, side_names, state_meaning,
    state_name, states, summary_line, title, values_line,
};
use crate::cli::markup::Escaped;
use crate::cli::percent;

/// A page about a comparison.
pub struct Page<'a>(pub &'a Comparison);

const STYLE: &str = include_str!("page.css");

impl Display for Page<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let comparison = self.0;
        let title = title(comparison);
        writeln!(f, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">")?;
        writeln!(f, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        writeln!(f, "<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>", Escaped(&title))?;
        self.header(f, &title)?;
        self.sections(f)?;
        writeln!(f, "<main>")?;
        let mut section = None;
        for (number, row) in comparison.rows.iter().enumerate() {
            if section != Some(row.section) {
                let is_again = comparison.rows[..number].iter().any(|earlier| earlier.section == row.section);
                self.heading(f, row.section, is_again)?;
                section = Some(row.section);
            }
            self.row(f, number + 1, row)?;
        }
        writeln!(f, "</main>\n</body>\n</html>")
    }
}

impl Page<'_> {
    fn header(&self, f: &mut Formatter<'_>, title: &str) -> fmt::Result {
        let (comparison, mode) = (self.0, self.0.mode);
        let (a, b) = side_names(comparison);
        writeln!(f, "<header>\n<h1>{}</h1>\n<table class=\"heads\">", Escaped(title))?;
        for (side, head) in [(&a, &comparison.a), (&b, &comparison.b)] {
            writeln!(f, "<tr><th>{}</th><td>{}</td></tr>", Escaped(side), Escaped(&head_line(head)))?;
        }
        writeln!(f, "</table>\n<p class=\"summary\">{}</p>", Escaped(&summary_line(comparison)))?;
        let count = &comparison.summary.count;
        let bars = [(&a, false), (&b, true)];
        for (side, is_second) in bars.into_iter().filter(|(_, is_second)| !is_second || mode == Mode::Versions) {
            self.bar(f, side, count, is_second)?;
        }
        writeln!(f, "<dl class=\"legend\">")?;
        for &state in states(mode) {
            let (name, meaning) = (state_name(mode, state), state_meaning(mode, state));
            writeln!(f, "<div><dt class=\"{}\">{name}</dt><dd>{meaning}</dd></div>", state.label())?;
        }
        if mode == Mode::Versions {
            writeln!(f, "<div><dt class=\"moved\">移</dt><dd>换了位置，不算删去</dd></div>")?;
        }
        write!(f, "</dl>\n<p class=\"note\">句在句号、分号和“一是”“二是”处断开，不计标题、附件和开头结尾的套话；")?;
        writeln!(f, "段号从报告的标题起数。</p>\n</header>")
    }

    /// The shares of states in a report, by characters, as a bar with their figures below.
    fn bar(&self, f: &mut Formatter<'_>, side: &str, count: &Count, is_second: bool) -> fmt::Result {
        let mode = self.0.mode;
        let all = if is_second { count.all_of_b() } else { count.all_of_a() };
        let of = |state: State| if is_second { count.of_b(state) } else { count.of_a(state) };
        let shown = || states(mode).iter().map(|&state| (state, of(state))).filter(|(_, amount)| amount.sentences > 0);
        writeln!(f, "<div class=\"share\"><b>{}</b>\n<div class=\"bar\">", Escaped(side))?;
        for (state, amount) in shown() {
            let width = share(amount, all) * 100.0;
            writeln!(f, "<span class=\"{}\" style=\"width:{width:.2}%\"></span>", state.label())?;
        }
        writeln!(f, "</div>\n<p>")?;
        for (state, amount) in shown() {
            let (name, percent) = (state_name(mode, state), percent(share(amount, all)));
            writeln!(f, "<span>{name} {} 句 {} 字 {percent}</span>", amount.sentences, amount.characters)?;
        }
        writeln!(f, "</p></div>")
    }

    /// A table of the sections with their figures.
    fn sections(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (comparison, mode) = (self.0, self.0.mode);
        writeln!(f, "<table class=\"sections\">\n<caption>各部分（句数）</caption>\n<thead><tr><th>部分</th>")?;
        for &state in states(mode) {
            writeln!(f, "<th>{}</th>", state_name(mode, state))?;
        }
        writeln!(f, "</tr></thead>\n<tbody>")?;
        for (number, pair) in comparison.sections.iter().enumerate() {
            let first = comparison.rows.iter().position(|row| row.section == number);
            let holds_more = comparison.sections.get(number + 1).is_some_and(|next| next.depth > pair.depth);
            let is_named = pair.a.is_some() || pair.b.is_some();
            if first.is_none() && !(holds_more && is_named) {
                continue;
            }
            write!(f, "<tr><td style=\"padding-left:{}em\">", pair.depth.saturating_sub(1).min(4))?;
            match first {
                Some(first) => write!(f, "<a href=\"#r{}\">{}</a>", first + 1, self.pair(pair))?,
                None => write!(f, "{}", self.pair(pair))?,
            }
            writeln!(f, "</td>")?;
            for &state in states(mode) {
                let of = if state == State::New { pair.count.of_b(state) } else { pair.count.of_a(state) };
                let shown = if of.sentences == 0 { String::new() } else { of.sentences.to_string() };
                writeln!(f, "<td class=\"figure\">{shown}</td>")?;
            }
            writeln!(f, "</tr>")?;
        }
        writeln!(f, "</tbody></table>")
    }

    /// The headings of a pair, with what became of them.
    fn pair(&self, pair: &SectionPair) -> String {
        let (a, b) = side_names(self.0);
        let lines = section_lines(pair.a.as_deref(), pair.b.as_deref());
        let is_one = lines.len() == 1;
        let mut shown: Vec<String> = Vec::new();
        for (is_first, heading) in &lines {
            let only = is_one && pair.a.is_none() != pair.b.is_none();
            let side = if *is_first { &a } else { &b };
            let side = if is_one && !only { String::new() } else { format!("<small>{}</small> ", Escaped(side)) };
            shown.push(format!("{side}{}", Escaped(heading)));
        }
        if shown.is_empty() {
            shown.push("（标题之前）".to_owned());
        }
        let moved = if pair.moved { " <small class=\"tag\">移</small>" } else { "" };
        format!("{}{moved}", shown.join("<br>"))
    }

    fn heading(&self, f: &mut Formatter<'_>, section: usize, is_again: bool) -> fmt::Result {
        let Some(pair) = self.0.sections.get(section) else { return Ok(()) };
        let again = if is_again { " <small>（续）</small>" } else { "" };
        writeln!(f, "<h2>{}{again}</h2>", self.pair(pair))
    }

    fn row(&self, f: &mut Formatter<'_>, number: usize, row: &Row) -> fmt::Result {
        let mode = self.0.mode;
        let (class, name) = (row.state.label(), state_name(mode, row.state));
        write!(f, "<section class=\"row {class}\" id=\"r{number}\"><p class=\"state\">")?;
        write!(f, "<a href=\"#r{number}\">{number}</a> <b class=\"{class}\">{name}</b>")?;
        if row.state == State::Reworded {
            write!(f, " <small>相似 {}</small>", percent(row.similarity))?;
        }
        if let Some(moved) = moved_line(self.0, row) {
            write!(f, " <small class=\"tag\">{}</small>", Escaped(&moved))?;
        }
        writeln!(f, "</p>")?;
        if row.state == State::Kept && row.diff.is_empty() {
            self.kept(f, row)?;
        } else {
            self.cell(f, row, false)?;
            self.cell(f, row, true)?;
        }
        writeln!(f, "</section>")
    }

    /// Words that both reports have, shown once.
    fn kept(&self, f: &mut Formatter<'_>, row: &Row) -> fmt::Result {
        let (a, b) = side_names(self.0);
        let (from, to) = (passages_line(&row.a), passages_line(&row.b));
        let place = format!("{a} {from}，{b} {to}");
        writeln!(f, "<div class=\"both\"><p>{}</p>", Escaped(&row.after()))?;
        writeln!(f, "<p class=\"place\">{}</p></div>", Escaped(&place))
    }

    /// What one report has in a row.
    fn cell(&self, f: &mut Formatter<'_>, row: &Row, is_second: bool) -> fmt::Result {
        let (a, b) = side_names(self.0);
        let (side, places, side_class) = if is_second { (b, &row.b, "b") } else { (a, &row.a, "a") };
        writeln!(f, "<div class=\"{side_class}\">")?;
        if places.is_empty() {
            let absent = if row.state == State::Unseen { "未见提及" } else { "无" };
            writeln!(f, "<p class=\"absent\"><small>{}</small> {absent}</p>", Escaped(&side))?;
            if let Some(near) = &row.near {
                writeln!(f, "<p class=\"place\">{}</p>", Escaped(&near_line(near)))?;
            }
        } else if row.diff.is_empty() {
            for place in places {
                writeln!(f, "<p>{}</p>", Escaped(&place.text))?;
                writeln!(f, "<p class=\"place\">{}</p>", Escaped(&place_line(&side, place)))?;
            }
        } else {
            write!(f, "<p>")?;
            changed(f, row, is_second)?;
            writeln!(f, "</p>\n<p class=\"place\">{} {}</p>", Escaped(&side), passages_line(places))?;
        }
        if is_second {
            for line in [values_line(row), shared_line(row)].into_iter().flatten() {
                writeln!(f, "<p class=\"extra\">{}</p>", Escaped(&line))?;
            }
        }
        writeln!(f, "</div>")
    }
}

fn place_line(side: &str, place: &Place) -> String {
    format!("{side} 第{}段", place.passage)
}

/// One side of a diff: what is deleted stands on the first, what is inserted on the second.
fn changed(f: &mut Formatter<'_>, row: &Row, is_second: bool) -> fmt::Result {
    for (change, text) in &row.diff {
        match (change, is_second) {
            (Change::Kept, _) => write!(f, "{}", Escaped(text))?,
            (Change::Deleted, false) => write!(f, "<del>{}</del>", Escaped(text))?,
            (Change::Inserted, true) => write!(f, "<ins>{}</ins>", Escaped(text))?,
            (Change::Deleted, true) | (Change::Inserted, false) => {}
        }
    }
    Ok(())
}
