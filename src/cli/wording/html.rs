//! The page of a check: the draft on the left, its sources on the right. One file without scripts or outside
//! assets, so that it can be mailed; on narrow screens sources stand below the paragraph they belong to.

use std::fmt::{self, Display, Formatter};

use yinde::model::Role;
use yinde::search::coverage::Coverage;
use yinde::wording::Match;
use yinde::wording::compare::Change;
use yinde::wording::draft::Draft;
use yinde::wording::finding::{Check, Sentence, Verdict};

use super::lines::{
    disagreement_line, dropped_line, history_line, is_unchanged, said_line, shown, summary_line, values_line,
    verdict_line, verdict_name,
};
use super::{issued, meant, percent, place};
use crate::cli::markup::Escaped;

/// A page about a check.
pub struct Page<'a> {
    /// The check.
    pub check: &'a Check,
    /// The draft that was checked.
    pub draft: &'a Draft,
    /// What it was compared with.
    pub coverage: &'a Coverage,
}

/// What every page begins with.
pub const OPENING: &str = "<!DOCTYPE html>\n<!-- 引得文稿核对 -->\n";

const STYLE: &str = include_str!("page.css");

impl Display for Page<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let title = self.draft.metadata().map_or("文稿", |metadata| metadata.title.value.as_str());
        writeln!(f, "{OPENING}<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">")?;
        writeln!(f, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        writeln!(f, "<title>文稿核对：{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>", Escaped(title))?;
        self.header(f, title)?;
        let mut sentences = self.check.sentences.iter().enumerate().peekable();
        writeln!(f, "<main>")?;
        while let Some((first, sentence)) = sentences.next() {
            let mut of_passage = vec![(first, sentence)];
            while let Some(next) = sentences.next_if(|(_, next)| next.passage == sentence.passage) {
                of_passage.push(next);
            }
            passage(f, &of_passage)?;
        }
        writeln!(f, "</main>")?;
        self.dropped(f)?;
        self.figures(f)?;
        writeln!(f, "</body>\n</html>")
    }
}

impl Page<'_> {
    fn header(&self, f: &mut Formatter<'_>, title: &str) -> fmt::Result {
        writeln!(f, "<header>\n<h1>文稿核对：{}</h1>", Escaped(title))?;
        writeln!(f, "<p class=\"summary\">{}</p>", Escaped(&summary_line(self.check)))?;
        let years = self.coverage.years.map_or_else(String::new, |(first, last)| format!("，{first}–{last} 年"));
        write!(f, "<p>查找范围：{} 份报告{years}。“本库未见”只是说这些报告里没有。", self.coverage.reports)?;
        if let Some((title, year)) = &self.check.previous {
            write!(f, "上一次报告：{year}年《{}》。", Escaped(title))?;
        }
        write!(f, "</p>\n<p class=\"legend\">")?;
        for verdict in [Verdict::Verbatim, Verdict::Near, Verdict::Composed, Verdict::New, Verdict::Formula] {
            write!(f, "<span class=\"{}\">{}</span> ", verdict.label(), verdict_name(verdict))?;
        }
        writeln!(f, "<del>删</del> <ins>增</ins></p>\n</header>")
    }

    fn dropped(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.check.dropped.is_empty() {
            return Ok(());
        }
        writeln!(f, "<section class=\"list\">\n<h2>上级用过、后来不再用的提法（仅供查对）</h2>\n<ul>")?;
        for dropped in &self.check.dropped {
            write!(f, "<li><b>{}</b>：{}", Escaped(&dropped.text), Escaped(&dropped_line(dropped)))?;
            writeln!(f, "<br><small>最近：{}</small></li>", Escaped(&place(&dropped.last)))?;
        }
        writeln!(f, "</ul>\n</section>")
    }

    fn figures(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.check.disagreements.is_empty() {
            return Ok(());
        }
        writeln!(f, "<section class=\"list\">\n<h2>数字不一致</h2>\n<ul>")?;
        for disagreement in &self.check.disagreements {
            write!(f, "<li><b>{}</b>", Escaped(&disagreement_line(disagreement)))?;
            write!(f, "<br>{}", Escaped(&said_line(&disagreement.here)))?;
            writeln!(f, "<br>{}</li>", Escaped(&said_line(&disagreement.there)))?;
        }
        writeln!(f, "</ul>\n</section>")
    }
}

/// A paragraph of the draft and beside it the sources of its sentences.
fn passage(f: &mut Formatter<'_>, sentences: &[(usize, &Sentence)]) -> fmt::Result {
    let is_heading = matches!(sentences[0].1.role, Role::Title | Role::Heading);
    let tag = if is_heading { "h2" } else { "p" };
    write!(f, "<section class=\"row\">\n<div class=\"draft\"><{tag}>")?;
    for (number, sentence) in sentences {
        let (number, verdict) = (number + 1, sentence.verdict.label());
        write!(f, "<a class=\"{verdict}\" id=\"d{number}\" href=\"#s{number}\">")?;
        write!(f, "{}<sup>{number}</sup></a>", Escaped(&sentence.text))?;
    }
    writeln!(f, "</{tag}></div>\n<div class=\"sources\">")?;
    for (number, sentence) in sentences.iter().filter(|(_, sentence)| sentence.verdict != Verdict::Formula) {
        card(f, number + 1, sentence)?;
    }
    writeln!(f, "</div>\n</section>")
}

/// The sources of a sentence.
fn card(f: &mut Formatter<'_>, number: usize, sentence: &Sentence) -> fmt::Result {
    let verdict = sentence.verdict.label();
    write!(f, "<article id=\"s{number}\"><h3><a href=\"#d{number}\">{number}</a> ")?;
    writeln!(f, "<span class=\"{verdict}\">{}</span></h3>", Escaped(&verdict_line(sentence)))?;
    for found in shown(sentence) {
        source(f, found, sentence.verdict)?;
    }
    if let Some(history) = history_line(sentence) {
        writeln!(f, "<p class=\"history\">{}</p>", Escaped(&history))?;
    }
    if let Some(previous) = &sentence.previous {
        write!(f, "<p class=\"history\">上一次（{}）：", Escaped(&issued(previous)))?;
        if is_unchanged(previous) {
            write!(f, "未改")?
        } else {
            diff(f, previous)?
        }
        writeln!(f, "</p>")?;
    }
    writeln!(f, "</article>")
}

fn source(f: &mut Formatter<'_>, found: &Match, verdict: Verdict) -> fmt::Result {
    write!(f, "<div class=\"source\"><p>")?;
    if found.verbatim && !found.marks_differ {
        write!(f, "{}", Escaped(&meant(found)))?;
    } else {
        diff(f, found)?;
    }
    writeln!(f, "</p>")?;
    if let Some(values) = values_line(found) {
        writeln!(f, "<p class=\"values\">{}</p>", Escaped(&values))?;
    }
    let closest = if verdict == Verdict::New { "最接近，" } else { "" };
    let share =
        if found.verbatim { String::new() } else { format!("{closest}相似 {}　", percent(found.similarity)) };
    writeln!(f, "<p class=\"place\">{share}{}</p></div>", Escaped(&place(found)))
}

fn diff(f: &mut Formatter<'_>, found: &Match) -> fmt::Result {
    for (change, text) in &found.diff {
        match change {
            Change::Kept => write!(f, "{}", Escaped(text))?,
            Change::Deleted => write!(f, "<del>{}</del>", Escaped(text))?,
            Change::Inserted => write!(f, "<ins>{}</ins>", Escaped(text))?,
        }
    }
    Ok(())
}
