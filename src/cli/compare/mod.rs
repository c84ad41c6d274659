//! `yinde compare`: two reports side by side. `html` and `markdown` make pages, `lines` says what all faces say.

mod html;
mod lines;
mod markdown;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use yinde::Error;
use yinde::archive::{Archive, Stored};
use yinde::comparison::{Comparison, Mode, Place, Row, State};
use yinde::export::{Column, Table};
use yinde::text::issuers::is_called;
use yinde::usage::methods::{Asked, Methods};

use self::html::Page;
use self::lines::{head_line, moved_line, near_line, passages_line, section_lines, state_name, summary_line, title};
use self::markdown::Markdown;
use super::asking::{Context, Sheets, command_line, notes, print_methods, write_file};
use super::terminal::Terminal;
use super::{Ending, write_json};

/// 两份报告逐句对照
///
/// 写两份报告；或写单位和年份，比较同一单位两年的报告，或去年的部署和今年的回顾。
#[derive(Args)]
#[command(
    after_help = "例：\n  yinde compare 3f2a 9c1b\n  yinde compare --issuer 国务院 --years 2024,2025 --html 对照.html\n  yinde compare --issuer 国务院 --plan-of 2024 --review-of 2025\n  yinde compare --superior 上级报告 下级报告"
)]
pub struct Arguments {
    /// 两份报告（编号或其开头、来源文件名、标题的一部分），较早的在前
    #[arg(value_name = "报告", num_args = 0..=2)]
    reports: Vec<String>,
    /// 单位，与 --years 或 --plan-of、--review-of 合用
    #[arg(long, value_name = "单位", conflicts_with = "reports")]
    issuer: Option<String>,
    /// 两个年份，如 2025,2026
    #[arg(long, value_name = "年份", value_delimiter = ',', num_args = 1..=2, requires = "issuer")]
    years: Vec<i32>,
    /// 哪一年报告的部署
    #[arg(long, value_name = "年份", requires_all = ["issuer", "review_of"], conflicts_with = "years")]
    plan_of: Option<i32>,
    /// 与哪一年报告的回顾对照
    #[arg(long, value_name = "年份", requires_all = ["issuer", "plan_of"])]
    review_of: Option<i32>,
    /// 前一份是上级报告：看下级报告写了其中哪些
    #[arg(long, conflicts_with = "issuer")]
    superior: bool,
    /// 类型，写出一部分即可；一个单位一年有几份报告时用
    #[arg(long, value_name = "类型", requires = "issuer")]
    kind: Option<String>,
    /// 未改的句子也列出
    #[arg(long)]
    all: bool,
    /// 写成网页，可转发、打印
    #[arg(long, value_name = "文件")]
    html: Option<PathBuf>,
    /// 写成 Markdown 文件
    #[arg(long, value_name = "文件")]
    md: Option<PathBuf>,
    #[command(flatten)]
    sheets: Sheets,
    /// 附口径说明：文库、命令、句子怎样切分和比较
    #[arg(long)]
    methods: bool,
}

/// Compares the reports.
pub fn run(arguments: &Arguments, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let &Context { archive, json, terminal, .. } = context;
    let (a, b, mode) = asked(arguments, archive)?;
    let comparison = archive.compare(&a, &b, mode)?;
    if let Some(path) = &arguments.html {
        write_file(path, Page(&comparison).to_string().as_bytes(), terminal)?;
    }
    if let Some(path) = &arguments.md {
        write_file(path, Markdown(&comparison).to_string().as_bytes(), terminal)?;
    }
    let methods = arguments.methods.then(|| methods(archive, &a, &b)).transpose()?;
    let mut table = table(&comparison);
    table.notes.extend(notes(methods.as_ref()));
    arguments.sheets.write(&table, terminal)?;
    if json {
        write_json(out, &Output { comparison: &comparison, methods: methods.as_ref() })?;
    } else if arguments.html.is_none() && arguments.md.is_none() && !arguments.sheets.is_asked() {
        print(&comparison, arguments.all, terminal, out)?;
        print_methods(methods.as_ref(), out)?;
    }
    Ok(Ending::Found)
}

#[derive(Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    comparison: &'a Comparison,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<&'a Methods>,
}

/// How a comparison comes about.
const HOW: &str = "比较：正文和表格按句号、分号和“一是”“二是”切成句，不计标题、附录和套话；两份的句子按字词相似一一相配，相似度为两句共有部分占平均长度的比例\
                   （标点、全角半角、繁简不论，数字和地名单位名各算一个单位）；换了位置的不算删去。";

/// How a comparison of two reports comes about.
fn methods(archive: &Archive, a: &Stored, b: &Stored) -> Result<Methods, Error> {
    let asked = Asked { command: command_line(), counted: vec![HOW.to_owned()], ..Asked::default() };
    Methods::of(&archive.usage_of(&[a, b]), &asked)
}

/// The two reports, and what is asked of them.
fn asked<'a>(arguments: &Arguments, archive: &'a Archive) -> Result<(Stored<'a>, Stored<'a>, Mode), Error> {
    let mode = match (arguments.superior, arguments.plan_of) {
        (true, _) => Mode::Superior,
        (false, Some(_)) => Mode::PlanReview,
        (false, None) => Mode::Versions,
    };
    let years = match arguments.years.as_slice() {
        &[a, b] => Some((a, b)),
        _ => arguments.plan_of.zip(arguments.review_of),
    };
    match (arguments.reports.as_slice(), &arguments.issuer, years) {
        ([a, b], ..) => Ok((archive.report(a)?, archive.report(b)?, mode)),
        (_, Some(issuer), Some(years)) => {
            let (a, b) = of_years(archive, issuer, years, arguments.kind.as_deref())?;
            Ok((a, b, mode))
        }
        _ => Err(Error::Incomplete {
            missing: "没有写明比较哪两份报告",
            expected: "写两份报告，或 --issuer 单位 --years 2025,2026，或 --issuer 单位 --plan-of 2025 --review-of 2026",
        }),
    }
}

/// The reports of one kind that an issuer gave in two years.
fn of_years<'a>(
    archive: &'a Archive,
    issuer: &str,
    years: (i32, i32),
    kind: Option<&str>,
) -> Result<(Stored<'a>, Stored<'a>), Error> {
    let is_asked = |report: &Stored, year: i32| {
        let metadata = &report.header.metadata;
        let is_issuer = metadata.issuer.as_ref().is_some_and(|of| is_called(&of.value, issuer));
        let is_kind = kind.is_none_or(|kind| metadata.kind.value.label().contains(kind));
        is_issuer && is_kind && metadata.year.as_ref().is_some_and(|of| of.value == year)
    };
    let series = |report: &Stored| {
        let metadata = &report.header.metadata;
        (metadata.issuer.as_ref().map(|issuer| issuer.value.clone()), metadata.kind.value)
    };
    let of_year = |year: i32| -> Result<Vec<Stored<'a>>, Error> {
        Ok(archive.reports()?.into_iter().filter(|report| is_asked(report, year)).collect())
    };
    let (mut first, mut second) = (of_year(years.0)?, of_year(years.1)?);
    // Of several kinds, those that both years have.
    let both: Vec<_> = first.iter().map(series).filter(|of| second.iter().any(|b| series(b) == *of)).collect();
    first.retain(|report| both.contains(&series(report)));
    second.retain(|report| both.contains(&series(report)));
    match (first.len(), second.len()) {
        (1, 1) => Ok((first.swap_remove(0), second.swap_remove(0))),
        (0, _) | (_, 0) => Err(Error::NoSuchPair { issuer: issuer.to_owned(), years }),
        _ => {
            let name = |report: &Stored| format!("{}（{}）", report.header.id, report.header.source);
            let candidates = first.iter().chain(&second).map(name).collect();
            Err(Error::AmbiguousReport { id: format!("{issuer} {}、{}", years.0, years.1), candidates })
        }
    }
}

fn print(comparison: &Comparison, all: bool, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "{}", terminal.bold(&title(comparison)))?;
    for head in [&comparison.a, &comparison.b] {
        writeln!(out, "{}", terminal.faint(&head_line(head)))?;
    }
    writeln!(out, "{}", summary_line(comparison))?;
    let mut section = None;
    for row in &comparison.rows {
        if row.state == State::Kept && !row.moved && !all {
            continue;
        }
        if section != Some(row.section) {
            section = Some(row.section);
            writeln!(out)?;
            if let Some(pair) = comparison.sections.get(row.section) {
                for (is_old, heading) in section_lines(pair.a.as_deref(), pair.b.as_deref()) {
                    let old = if is_old { "（前）" } else { "" };
                    writeln!(out, "{}", terminal.bold(&format!("{old}{heading}")))?;
                }
            }
        }
        print_row(comparison, row, terminal, out)?;
    }
    Ok(())
}

fn print_row(comparison: &Comparison, row: &Row, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    let moved = moved_line(comparison, row).map_or_else(String::new, |line| format!("，{line}"));
    let place = match (row.a.as_slice(), row.b.as_slice()) {
        (a, []) => format!("前{}", passages_line(a)),
        ([], b) => format!("后{}", passages_line(b)),
        (a, b) => format!("前{}，后{}", passages_line(a), passages_line(b)),
    };
    let name = state_name(comparison.mode, row.state);
    let text = |places: &[Place]| places.iter().map(|place| place.text.as_str()).collect::<Vec<_>>().join(" ");
    write!(out, "  [{name}] {}  ", terminal.faint(&format!("{place}{moved}")))?;
    match row.state {
        State::Found | State::Partial => {
            writeln!(out, "{}", text(&row.a))?;
            writeln!(out, "      → {}", text(&row.b))?;
        }
        _ if !row.diff.is_empty() => writeln!(out, "{}", terminal.changes(&row.diff))?,
        _ if row.b.is_empty() => writeln!(out, "{}", text(&row.a))?,
        _ => writeln!(out, "{}", text(&row.b))?,
    }
    if let Some(near) = &row.near {
        writeln!(out, "      {}", terminal.faint(&near_line(near)))?;
    }
    Ok(())
}

fn table(comparison: &Comparison) -> Table {
    let columns = ["状态", "移动", "前一份段", "前一份", "后一份段", "后一份"].map(Column::text).to_vec();
    let mut table = Table::new(title(comparison), [columns, vec![Column::share("相似")]].concat());
    let numbers = |places: &[Place]| -> String {
        let numbers: Vec<String> = places.iter().map(|place| place.passage.to_string()).collect();
        numbers.join("、")
    };
    let text = |places: &[Place]| places.iter().map(|place| place.text.as_str()).collect::<Vec<_>>().join(" ");
    for row in &comparison.rows {
        let similarity = (!row.a.is_empty() && !row.b.is_empty()).then_some(f64::from(row.similarity));
        table.row([
            state_name(comparison.mode, row.state).into(),
            if row.moved { "是" } else { "" }.into(),
            numbers(&row.a).into(),
            text(&row.a).into(),
            numbers(&row.b).into(),
            text(&row.b).into(),
            similarity.into(),
        ]);
    }
    table.note(summary_line(comparison));
    table
}

#[cfg(test)]
mod tests;
