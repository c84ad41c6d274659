//! `yinde first`: first and last use of an expression, and what stands around it year by year.

use std::io::Write;

use clap::Args;
use serde::Serialize;
use yinde::archive::Archive;
use yinde::export::{Column, Table};
use yinde::search::Tier;
use yinde::search::absent::Absence;
use yinde::search::coverage::{Coverage, Series};
use yinde::text::numerals::year_ranges;
use yinde::usage::first::{Before, Instance, Use, User, Year, first};
use yinde::usage::methods::OCCURRENCES;
use yinde::usage::{Kinds, Usage};

use super::PlaceOutput;
use crate::cli::asking::{Context, Counting, Export, Style, notes, print_left_out, print_methods, print_table};
use crate::cli::coverage::print_coverage;
use crate::cli::search::text::print_absence;
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, write_json};

/// 首见末见：最早、最近在哪份报告，历年次数，左右搭配的变化
///
/// “首见”只就本库而言：前一年的报告缺，就不能断言。评论与新闻、通知不计，除非用 --kind 指明类型。
#[derive(Args)]
pub struct Arguments {
    /// 要找的词语
    #[arg(value_name = "词语", required = true)]
    query: Vec<String>,
    /// 每年左右各列几种搭配 [默认：3]
    #[arg(short = 'n', long, value_name = "种数", default_value_t = 3)]
    limit: usize,
    /// 引文格式：gbt7714、bibtex、csl-json [默认：gbt7714]
    #[arg(long, value_name = "格式", default_value = "gbt7714")]
    cite: Style,
    #[command(flatten)]
    counting: Counting,
    #[command(flatten)]
    export: Export,
}

/// Looks the expression up.
pub fn run(arguments: &Arguments, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let &Context { archive, json, terminal, .. } = context;
    let text = arguments.query.join(" ");
    let counter = arguments.counting.counter(context, std::slice::from_ref(&text))?;
    let usage = counter.usage(&text, Kinds::Reports)?;
    let found = first(&usage)?;
    let methods = counter.methods(&usage, &[OCCURRENCES])?;
    let absence = absence(archive, &usage, &found, &counter.fields)?;
    if arguments.export.is_asked() {
        let mut table = years(&text, &found.years, usize::MAX);
        table.notes = notes(methods.as_ref());
        arguments.export.write(&table, terminal)?;
    } else if json {
        let output = Output {
            query: &text,
            first: found.first.as_ref().map(|first| InstanceOutput::of(first, arguments.cite)),
            last: found.last.as_ref().map(|last| InstanceOutput::of(last, arguments.cite)),
            users: found.users.iter().map(|user| UserOutput { certain: user.before.is_certain(), user }).collect(),
            years: found.years.iter().map(YearOutput::of).collect(),
            undated: found.undated,
            coverage: Coverage::of(&found.series),
            series: &found.series,
            left_out: &usage.left_out,
            absence: absence.as_ref(),
            methods: methods.as_ref(),
        };
        write_json(out, &output)?;
    } else {
        print(arguments, &text, &found, terminal, out)?;
        absence.iter().try_for_each(|absence| print_absence(absence, out))?;
        print_coverage(&Coverage::of(&found.series), out)?;
        print_left_out(&usage, out)?;
        print_methods(methods.as_ref(), out)?;
    }
    let is_found = found.first.is_some() || found.undated > 0;
    Ok(if is_found { Ending::Found } else { Ending::Nothing })
}

/// Why nothing was found, if nothing was.
fn absence(
    archive: &Archive,
    usage: &Usage,
    found: &Use,
    fields: &[yinde::query::Field],
) -> anyhow::Result<Option<Absence>> {
    let Some(asked) = usage.asked.as_ref().filter(|_| found.first.is_none() && found.undated == 0) else {
        return Ok(None);
    };
    let mut strings = Vec::new();
    asked.collect_strings(&mut strings);
    Ok(Some(Absence { coverage: Coverage::of(&found.series), ..archive.explain(&strings, fields)? }))
}

#[derive(Serialize)]
struct Output<'a> {
    query: &'a str,
    first: Option<InstanceOutput<'a>>,
    last: Option<InstanceOutput<'a>>,
    users: Vec<UserOutput<'a>>,
    years: Vec<YearOutput<'a>>,
    undated: u64,
    coverage: Coverage,
    series: &'a [Series],
    left_out: &'a std::collections::BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    absence: Option<&'a Absence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<&'a yinde::usage::methods::Methods>,
}

#[derive(Serialize)]
struct UserOutput<'a> {
    #[serde(flatten)]
    user: &'a User,
    /// Whether the year before has a report of the series, without the expression.
    certain: bool,
}

#[derive(Serialize)]
struct InstanceOutput<'a> {
    #[serde(flatten)]
    place: PlaceOutput<'a>,
    section: &'a [String],
    text: &'a str,
    span: (usize, usize),
    tier: &'static str,
    other_reports: u64,
    citation: String,
}

impl<'a> InstanceOutput<'a> {
    fn of(instance: &'a Instance, style: Style) -> InstanceOutput<'a> {
        InstanceOutput {
            place: PlaceOutput::of(&instance.at),
            section: &instance.at.section,
            text: &instance.at.passage.text,
            span: instance.at.span,
            tier: if instance.is_whole { Tier::Whole } else { Tier::Cross }.label(),
            other_reports: instance.others,
            citation: style.cite_at(&instance.at),
        }
    }
}

#[derive(Serialize)]
struct YearOutput<'a> {
    year: i64,
    occurrences: u64,
    whole: u64,
    left: Vec<VariantOutput<'a>>,
    right: Vec<VariantOutput<'a>>,
}

#[derive(Serialize)]
struct VariantOutput<'a> {
    text: &'a str,
    count: u64,
}

impl<'a> YearOutput<'a> {
    fn of(year: &'a Year) -> YearOutput<'a> {
        let variants = |variants: &'a [(String, u64)]| {
            variants.iter().map(|(text, count)| VariantOutput { text, count: *count }).collect()
        };
        YearOutput {
            year: year.year,
            occurrences: year.occurrences,
            whole: year.whole,
            left: variants(&year.left),
            right: variants(&year.right),
        }
    }
}

fn print(
    arguments: &Arguments,
    query: &str,
    found: &Use,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    match &found.first {
        Some(first) => {
            let of_first = found.users.iter().find(|user| is_user(user, first));
            let claim = of_first.map_or_else(String::new, |user| claim(user.first, &user.before));
            writeln!(out, "{}", terminal.bold(&claim))?;
            instance(first, arguments.cite, terminal, out)?;
        }
        None if found.undated > 0 => writeln!(out, "只见于年份不详的报告，{} 处", found.undated)?,
        None => writeln!(out, "“{query}”在本库从未出现")?,
    }
    if let Some(last) = found.last.as_ref().filter(|_| found.years.len() > 1) {
        let of_last = found.users.iter().find(|user| is_user(user, last));
        let range =
            if of_last.is_some_and(|user| user.is_open) { "所限范围内末见于" } else { "末见于本库" };
        writeln!(out, "{}", terminal.bold(&format!("{range} {}", last.year)))?;
        instance(last, arguments.cite, terminal, out)?;
    }
    print_users(&found.users, out)?;
    if !found.years.is_empty() {
        print_table(&years(query, &found.years, arguments.limit), terminal, out)?;
        writeln!(out)?;
    }
    if found.first.is_some() && found.undated > 0 {
        writeln!(out, "另有 {} 处在年份不详的报告里", found.undated)?;
    }
    Ok(())
}

/// Whether a use is of a series.
fn is_user(user: &User, instance: &Instance) -> bool {
    let kind = instance.at.header.metadata.kind.value.label();
    user.issuer == instance.issuer && user.kind == kind
}

/// What can be said of a first use.
fn claim(year: i64, before: &Before) -> String {
    match before {
        Before { is_open: true, .. } => format!("所限范围内首见于 {year}；更早的报告不在范围内，不能断言"),
        Before { known: None, .. } => format!("首见于本库 {year}；该系列自 {year} 起才有报告，不能断言"),
        Before { missing, .. } if !missing.is_empty() => {
            format!("首见于本库 {year}；{} 缺，不能断言", year_ranges(missing))
        }
        Before { known: Some(known), .. } => format!("首见于本库 {year}；{known} 年报告没有"),
    }
}

/// Series that are listed.
const MOST_USERS: usize = 12;

/// Series by series, where there are several.
fn print_users(users: &[User], out: &mut dyn Write) -> anyhow::Result<()> {
    if users.len() < 2 {
        return Ok(());
    }
    writeln!(out, "各系列：")?;
    for user in users.iter().take(MOST_USERS) {
        let issuer = if user.issuer.is_empty() { "单位不详" } else { &user.issuer };
        let claim = claim(user.first, &user.before);
        writeln!(out, "  {issuer} {}：{claim}；末见 {}，共 {} 处", user.kind, user.last, user.occurrences)?;
    }
    if users.len() > MOST_USERS {
        writeln!(out, "  另有 {} 个系列（--json 全部列出）", users.len() - MOST_USERS)?;
    }
    writeln!(out)?;
    Ok(())
}

fn instance(instance: &Instance, style: Style, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    let shown = yinde::search::snippet::snippet(&instance.at.passage.text, &[instance.at.span], SHOWN, 0);
    writeln!(out, "{}", terminal.marked(&shown.text, &shown.spans, 4))?;
    for line in style.cite_at(&instance.at).lines() {
        writeln!(out, "    {}", terminal.faint(line))?;
    }
    if !instance.is_whole {
        writeln!(
            out,
            "    {}",
            terminal.faint("这一处不是整词：或在更长的词里，或跨着两个词；整词的年份见下表“整词”一栏")
        )?;
    }
    if instance.others > 0 {
        writeln!(out, "    {}", terminal.faint(&format!("同年另有 {} 份报告", instance.others)))?;
    }
    writeln!(out)?;
    Ok(())
}

/// Characters of a passage that are shown.
const SHOWN: usize = 120;

/// The years with what stands around, at most so many variants a side.
fn years(query: &str, years: &[Year], limit: usize) -> Table {
    let variants = |variants: &[(String, u64)]| -> String {
        let shown: Vec<String> = variants.iter().take(limit).map(|(text, count)| format!("{text} {count}")).collect();
        shown.join("，")
    };
    let counts = ["次数", "整词"].map(Column::count);
    let columns = [vec![Column::text("年份")], counts.to_vec(), ["左邻", "右邻"].map(Column::text).to_vec()].concat();
    let mut table = Table::new(format!("“{query}”历年用法"), columns);
    for year in years {
        let (left, right) = (variants(&year.left), variants(&year.right));
        let (occurrences, whole) = (year.occurrences.into(), year.whole.into());
        table.row([year.year.to_string().into(), occurrences, whole, left.into(), right.into()]);
    }
    table
}
