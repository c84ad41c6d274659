//! `yinde kwic`: every occurrence on a line, with what stands left and right.

use std::io::Write;

use clap::Args;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;
use yinde::Error;
use yinde::export::{Column, Table};
use yinde::search::Tier;
use yinde::usage::Kinds;
use yinde::usage::kwic::{self, Lines, Shown, Sort, Unit};
use yinde::usage::methods::OCCURRENCES;

use super::{PlaceOutput, place};
use crate::cli::asking::{Context, Counting, Export, Style, notes, print_methods};
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, write_json};

/// 逐处列出：词语居中，左右各显示若干字
///
/// 每处一行，处数与 yinde search 的“处”相同。写法和条件与 search 一样。
#[derive(Args)]
#[command(
    after_help = "排序：year 年份（默认），report 来源，left、right 左右邻字，left:2 从左边第 2 个字起，\n      left-word、right-word:3 按词"
)]
pub struct Arguments {
    /// 要找的词语
    #[arg(value_name = "词语", required = true)]
    query: Vec<String>,
    /// 左右各显示几个字 [默认：20]
    #[arg(short = 'w', long, value_name = "字数", default_value_t = 20, value_parser = clap::value_parser!(u16))]
    width: u16,
    /// 排序 [默认：year]
    #[arg(long, value_name = "方式", default_value = "year")]
    sort: String,
    /// 最多几行 [默认：文字 50 行，--json 和导出不限]
    #[arg(short = 'n', long, value_name = "行数")]
    limit: Option<usize>,
    /// 跳过前几行 [默认：0]
    #[arg(long, value_name = "行数", default_value_t = 0)]
    offset: usize,
    /// 随机抽取若干行
    #[arg(long, value_name = "行数")]
    random: Option<usize>,
    /// 随机数种子：种子相同，抽出的相同 [默认：1]
    #[arg(long, value_name = "数", default_value_t = 1)]
    seed: u64,
    /// 每行附引文：gbt7714、bibtex、csl-json
    #[arg(long, value_name = "格式")]
    cite: Option<Style>,
    #[command(flatten)]
    counting: Counting,
    #[command(flatten)]
    export: Export,
}

/// Widest context that is lined up, in characters; exports and JSON have as much as is asked for.
const WIDEST: u16 = 200;

/// Lines that are shown where nothing else is asked for.
const SHOWN: usize = 50;

#[derive(Serialize)]
struct LineOutput<'a> {
    left: &'a str,
    #[serde(rename = "match")]
    matched: &'a str,
    right: &'a str,
    tier: &'static str,
    #[serde(flatten)]
    place: PlaceOutput<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    citation: Option<String>,
}

/// Lines the occurrences up.
pub fn run(arguments: &Arguments, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let &Context { json, terminal, .. } = context;
    let sort = sort(&arguments.sort)?;
    let text = arguments.query.join(" ");
    let counter = arguments.counting.counter(context, std::slice::from_ref(&text))?;
    let usage = counter.usage(&text, Kinds::All)?;
    let mut lines = kwic::lines(&usage)?;
    let total = lines.len();
    if let Some(count) = arguments.random {
        lines.sample(count, arguments.seed)?;
    }
    lines.sort(sort)?;
    let methods = counter.methods(&usage, &[OCCURRENCES])?;
    if arguments.export.is_asked() {
        let mut table = table(arguments, &text, &lines)?;
        table.notes = notes(methods.as_ref());
        arguments.export.write(&table, terminal)?;
    } else if json {
        for line in lines.shown(arguments.offset, arguments.limit.unwrap_or(usize::MAX), arguments.width.into()) {
            write_line(&line?, arguments, out)?;
        }
        if let Some(methods) = &methods {
            write_json(out, &serde_json::json!({ "methods": methods }))?;
        }
    } else {
        print(arguments, &lines, total, terminal, out)?;
        print_methods(methods.as_ref(), out)?;
    }
    Ok(if total > 0 { Ending::Found } else { Ending::Nothing })
}

/// The order that a name asks for.
fn sort(name: &str) -> Result<Sort, Error> {
    let bad = || Error::BadOption {
        option: "--sort",
        value: name.to_owned(),
        expected: "可写：year、report、left、right、left-word、right-word，后四种可加 :2 从第 2 个起，至 :5".to_owned(),
    };
    let (name, from) = match name.split_once(':') {
        Some((name, from)) => (name, from.parse().ok().filter(|from| (1..=5).contains(from)).ok_or_else(bad)?),
        None => (name, 1),
    };
    match (name, from) {
        ("year", 1) => Ok(Sort::Year),
        ("report", 1) => Ok(Sort::Report),
        ("left", from) => Ok(Sort::Left(Unit::Character, from)),
        ("right", from) => Ok(Sort::Right(Unit::Character, from)),
        ("left-word", from) => Ok(Sort::Left(Unit::Word, from)),
        ("right-word", from) => Ok(Sort::Right(Unit::Word, from)),
        _ => Err(bad()),
    }
}

fn tier(line: &Shown) -> Tier {
    if line.is_whole { Tier::Whole } else { Tier::Cross }
}

fn write_line(line: &Shown, arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<()> {
    let output = LineOutput {
        left: &line.left,
        matched: &line.matched,
        right: &line.right,
        tier: tier(line).label(),
        place: PlaceOutput::of(&line.at),
        citation: arguments.cite.map(|style| style.cite_at(&line.at)),
    };
    write_json(out, &output)
}

fn print(
    arguments: &Arguments,
    lines: &Lines,
    total: usize,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let limit = arguments.limit.unwrap_or(SHOWN);
    let width = usize::from(arguments.width.min(WIDEST));
    // A Chinese character takes two columns.
    let columns = 2 * width;
    for line in lines.shown(arguments.offset, limit, width) {
        let line = line?;
        let space = |text: &str| " ".repeat(columns.saturating_sub(text.width()));
        let matched = terminal.marked(&line.matched, &[(0, line.matched.chars().count())], 0).replace('\n', "");
        let tier = if tier(&line) == Tier::Cross { "  [跨词]" } else { "" };
        let place = format!("{}{tier}", place(&line.at.header, line.at.number));
        let (left, right) = (&line.left, &line.right);
        writeln!(out, "{}{left}{matched}{right}{}  {}", space(left), space(right), terminal.faint(&place))?;
        if let Some(style) = arguments.cite {
            writeln!(out, "{}", style.cite_at(&line.at))?;
        }
    }
    let shown = lines.len().saturating_sub(arguments.offset).min(limit);
    match (total, arguments.random) {
        (0, _) => writeln!(out, "没有找到")?,
        (_, Some(_)) => writeln!(out, "共 {total} 处，随机抽取 {} 处，显示 {shown} 行", lines.len())?,
        (_, None) => writeln!(out, "共 {total} 处，显示 {shown} 行")?,
    }
    Ok(())
}

fn table(arguments: &Arguments, query: &str, lines: &Lines) -> Result<Table, Error> {
    let mut columns: Vec<Column> =
        ["左", "词语", "右", "跨词", "年份", "单位", "标题", "章节", "报告", "段", "来源"].map(Column::text).to_vec();
    columns.extend(arguments.cite.map(|_| Column::text("引文")));
    let mut table = Table::new(format!("“{query}”逐处列出"), columns);
    for line in lines.shown(arguments.offset, arguments.limit.unwrap_or(usize::MAX), arguments.width.into()) {
        let line = line?;
        let at = &line.at;
        let citation = arguments.cite.map(|style| style.cite_at(at));
        let mut row = vec![
            line.left.as_str().into(),
            line.matched.as_str().into(),
            line.right.as_str().into(),
            if line.is_whole { "" } else { "是" }.into(),
            at.year().map(|year| year.to_string()).into(),
            at.issuer().unwrap_or_default().into(),
            at.header.metadata.title.value.as_str().into(),
            at.section.join(" › ").into(),
            at.header.id.as_str().into(),
            at.number.to_string().into(),
            at.header.source.as_str().into(),
        ];
        row.extend(citation.map(Into::into));
        table.row(row);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_by_name() {
        assert_eq!(sort("left-word:3").ok(), Some(Sort::Left(Unit::Word, 3)));
        assert_eq!(sort("right").ok(), Some(Sort::Right(Unit::Character, 1)));
        for bad in ["left:0", "left:6", "year:2", "middle", ""] {
            assert!(sort(bad).is_err(), "{bad}");
        }
    }
}
