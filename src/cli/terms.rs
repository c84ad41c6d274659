//! `yinde terms`: key terms of some passages, new expressions of a year, and dropped ones.

use std::collections::HashSet;
use std::io::Write;

use clap::Args;
use serde::Serialize;
use yinde::Error;
use yinde::archive::Archive;
use yinde::export::{Column, Table};
use yinde::query::Query;
use yinde::terms::{Direction, Options, Term, key_terms, novelty};
use yinde::usage::{Kinds, Usage};

use super::asking::{Context, Counting, Export, Style, notes, print_left_out, print_methods, print_table};
use super::usage::PlaceOutput;
use super::wording::meant;
use super::{Ending, write_json};

/// 关键词语：比其余报告多用了哪些；哪一年的新提法，不再用的提法
///
/// 不写 --new、--gone 时，与其余报告相比，列出符合条件的段落特别多用的词语。评论与新闻、通知不计，除非指明类型。
#[derive(Args)]
#[command(
    after_help = "例：\n  yinde terms 年份:2024 单位:国务院      2024 年国务院的报告与其余报告相比\n  yinde terms --new 2024 单位:国务院     只在国务院的报告里比：2024 年首次出现的提法"
)]
pub struct Arguments {
    /// 条件（或词语）：哪些段落，写法同 search
    #[arg(value_name = "条件")]
    query: Vec<String>,
    /// 一份报告（编号、来源文件名或标题的一部分）
    #[arg(long, value_name = "报告", conflicts_with_all = ["new", "gone"])]
    report: Option<String>,
    /// 这一年的新提法：以前的报告里逐字没有的说法；条件之外的不比
    #[arg(long, value_name = "年份", conflicts_with = "gone")]
    new: Option<i32>,
    /// 到这一年不再用的提法：前十年里有、这一年起逐字没有的说法
    #[arg(long, value_name = "年份")]
    gone: Option<i32>,
    /// 最少出现几次 [默认：关键词语 3，新提法 1]
    #[arg(long, value_name = "次数")]
    min: Option<u64>,
    /// 最多列几个 [默认：30]
    #[arg(short = 'n', long, value_name = "个数", default_value_t = 30)]
    limit: usize,
    /// 附引文：gbt7714、bibtex、csl-json
    #[arg(long, value_name = "格式")]
    cite: Option<Style>,
    #[command(flatten)]
    counting: Counting,
    #[command(flatten)]
    export: Export,
}

/// Least occurrences of a key term.
const LEAST: u64 = 3;

/// How candidates are counted.
const HOW_COUNTED: &str = "候选：正文和标题中同一分句内相邻的一至六词（二至十二字，按索引所存的分词），不含数目和届次，不以虚词、人名、地名开头结尾。";

/// How key terms come about.
const HOW_KEY: &str = "关键词语：与其余报告相比的对数似然比 G²（Dunning 1993）不小于 10.83（0.1%），对数比为效应量（Hardie 2014）；\
                       四分之三以上的用处在更长说法里的片段不列。";

/// How new and dropped terms come about.
const HOW_NEW: &str = "新提法：所写条件之内以前各年报告逐字没有；不再用的提法：前十年有而这一年起逐字没有；次数、报告数按逐字计。按使用次数（标题、段首句加权）、\
                       报告数的平方根、左右邻词的熵和词性排序；四分之三以上的用处在更长说法里的片段不列。";

/// Finds the terms.
pub fn run(arguments: &Arguments, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let &Context { archive, json, terminal, .. } = context;
    let text = arguments.query.join(" ");
    let queries: Vec<String> = if text.is_empty() { Vec::new() } else { vec![text.clone()] };
    let counter = arguments.counting.counter(context, &queries)?;
    let year = arguments.new.map(|year| (year, Direction::New));
    let year = year.or(arguments.gone.map(|year| (year, Direction::Gone)));
    let mut counted = vec![HOW_COUNTED.to_owned()];
    let (usage, terms) = match year {
        Some((year, direction)) => {
            let usage = counter.among(&text, Kinds::Reports)?;
            let mut conditions = counter.fields.clone();
            counter.query(&text).root.iter().for_each(|root| root.collect_fields(&mut conditions));
            let options = Options { least: arguments.min.unwrap_or(1), limit: arguments.limit };
            let Some(terms) = novelty(&usage, year, direction, &conditions, options)? else {
                terminal.message("hint: ", &nothing_beside(year, direction));
                return Ok(Ending::Nothing);
            };
            counted.push(HOW_NEW.to_owned());
            (usage, terms)
        }
        None => {
            if text.is_empty() && counter.fields.is_empty() && arguments.report.is_none() {
                return Err(Error::Incomplete { missing: "没有写明要看哪些报告的词语", expected: ASK }.into());
            }
            let options = Options { least: arguments.min.unwrap_or(LEAST), limit: arguments.limit };
            let asked = counter.among(&text, Kinds::Reports)?;
            let target = target(arguments, archive, &asked)?;
            let usage = archive.usage(&Query::parse(""), &[], Kinds::Reports)?;
            let mut terms = key_terms(&usage, |segment, doc| target.contains(&(segment, doc)), options)?;
            // What was asked for is no news.
            let mut strings = Vec::new();
            asked.asked.iter().for_each(|asked| asked.collect_strings(&mut strings));
            terms.retain(|term| !strings.contains(&term.text.as_str()));
            counted.push(format!("对象：符合条件的 {} 段；与其余各段相比。", target.len()));
            counted.push(HOW_KEY.to_owned());
            (usage, terms)
        }
    };
    let counted: Vec<&str> = counted.iter().map(String::as_str).collect();
    let methods = counter.methods(&usage, &counted)?;
    let table = table(arguments, year.map(|(_, direction)| direction), &terms);
    if arguments.export.is_asked() {
        let notes = notes(methods.as_ref());
        arguments.export.write(&Table { notes, ..table }, terminal)?;
    } else if json {
        let outputs: Vec<TermOutput> = terms.iter().map(|term| TermOutput::of(term, arguments.cite)).collect();
        match &methods {
            None => write_json(out, &outputs)?,
            Some(methods) => write_json(out, &serde_json::json!({ "terms": outputs, "methods": methods }))?,
        }
    } else {
        if terms.is_empty() {
            writeln!(out, "没有符合条件的词语")?;
        } else {
            print_table(&table, terminal, out)?;
        }
        print_left_out(&usage, out)?;
        print_methods(methods.as_ref(), out)?;
    }
    Ok(if terms.is_empty() { Ending::Nothing } else { Ending::Found })
}

/// What to write where nothing is asked.
const ASK: &str = "写明与其余相比的是哪些报告，如 年份:2024、单位:国务院，或用 --report、--new、--gone";

/// What to say where there is no report to compare with.
fn nothing_beside(year: i32, direction: Direction) -> String {
    let there = "有哪些年份见 yinde stats --coverage";
    match direction {
        Direction::New => format!("要有 {year} 年和更早的报告才能比出新提法；{there}"),
        Direction::Gone => format!("要有 {year} 年起的报告和此前十年内的报告才能比出不再用的提法；{there}"),
    }
}

/// The passages whose terms are asked for.
fn target(arguments: &Arguments, archive: &Archive, usage: &Usage) -> anyhow::Result<HashSet<(usize, u32)>> {
    let of_report = match &arguments.report {
        Some(report) => Some(archive.report(report)?.place()),
        None => None,
    };
    let matching = usage.matching.iter().enumerate();
    let all = matching.flat_map(|(segment, found)| found.iter().map(move |found| (segment, found.doc)));
    let is_asked = |&(segment, doc): &(usize, u32)| {
        of_report.as_ref().is_none_or(|(of, docs)| *of == segment && docs.contains(&doc))
    };
    Ok(all.filter(is_asked).collect())
}

#[derive(Serialize)]
struct TermOutput<'a> {
    term: &'a str,
    count: u64,
    total: u64,
    score: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reports: Option<u64>,
    first: Option<FirstOutput<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    series: Vec<SeriesOutput<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<NearestOutput<'a>>,
}

#[derive(Serialize)]
struct FirstOutput<'a> {
    #[serde(flatten)]
    place: PlaceOutput<'a>,
    text: &'a str,
    span: (usize, usize),
    #[serde(skip_serializing_if = "Option::is_none")]
    citation: Option<String>,
}

#[derive(Serialize)]
struct SeriesOutput<'a> {
    issuer: &'a str,
    kind: &'a str,
}

#[derive(Serialize)]
struct NearestOutput<'a> {
    text: String,
    similarity: f32,
    report: &'a str,
    passage: u32,
    year: Option<i32>,
}

impl<'a> TermOutput<'a> {
    fn of(term: &'a Term, style: Option<Style>) -> TermOutput<'a> {
        TermOutput {
            term: &term.text,
            count: term.count,
            total: term.uses,
            score: (term.score * 1e3).round() / 1e3,
            log_ratio: term.table.map(|table| (table.log_ratio() * 1e3).round() / 1e3),
            reports: term.table.is_none().then_some(term.reports),
            first: term.first.as_ref().map(|at| FirstOutput {
                place: PlaceOutput::of(at),
                text: &at.passage.text,
                span: at.span,
                citation: style.map(|style| style.cite_at(at)),
            }),
            series: term.series.iter().map(|(issuer, kind)| SeriesOutput { issuer, kind }).collect(),
            nearest: term.nearest.as_ref().map(|found| NearestOutput {
                text: meant(found),
                similarity: found.similarity,
                report: &found.header.id,
                passage: found.passage,
                year: found.header.metadata.year.as_ref().map(|year| year.value),
            }),
        }
    }
}

fn table(arguments: &Arguments, direction: Option<Direction>, terms: &[Term]) -> Table {
    let (title, counts, last) = match direction {
        None => ("关键词语", vec![Column::decimal("对数似然比", 1), Column::decimal("对数比", 2)], None),
        Some(Direction::New) => ("新提法", vec![Column::count("报告数")], Some("以前最近的说法")),
        Some(Direction::Gone) => ("不再用的提法", vec![Column::count("报告数")], Some("以后最近的说法")),
    };
    let all = if direction.is_some() { "历年" } else { "全部" };
    let mut columns = vec![Column::fixed("词语"), Column::count("次数"), Column::count(all)];
    columns.extend(counts);
    columns.extend([Column::text("年份"), Column::text("单位"), Column::fixed("段")]);
    columns.extend(last.map(Column::text));
    columns.extend(arguments.cite.map(|_| Column::text("引文")));
    let mut table = Table::new(title, columns);
    for term in terms {
        let mut row = vec![term.text.as_str().into(), term.count.into(), term.uses.into()];
        match term.table {
            Some(counts) => row.extend([counts.log_likelihood().into(), counts.log_ratio().into()]),
            None => row.push(term.reports.into()),
        }
        let at = term.first.as_ref();
        row.push(at.and_then(|at| at.year()).map(|year| year.to_string()).into());
        row.push(at.and_then(|at| at.issuer()).into());
        row.push(at.map(|at| format!("{}#{}", at.header.id, at.number)).into());
        if last.is_some() {
            let dated = term.nearest.as_ref().and_then(|found| found.header.metadata.year.as_ref().zip(Some(found)));
            let nearest = dated.map(|(year, found)| format!("{} {}", year.value, meant(found)));
            row.push(nearest.unwrap_or_default().into());
        }
        row.extend(arguments.cite.map(|style| at.map(|at| style.cite_at(at)).into()));
        table.row(row);
    }
    table
}
