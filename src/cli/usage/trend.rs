//! `yinde trend`: how often expressions are used, by year, kind, region or issuer.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use yinde::Error;
use yinde::export::chart::{self, Bar, Bars, Chart, Series};
use yinde::export::{Cell, Column, Table};
use yinde::query::Query;
use yinde::search::groups::{By, Key};
use yinde::usage::methods::OCCURRENCES;
use yinde::usage::trend::{Counts, Row, Trend, trend};
use yinde::usage::{Kinds, Usage};

use crate::cli::asking::{Context, Counting, Export, notes, print_left_out, print_methods, print_table, write_file};
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, write_json};

/// 词频变化：按年份（或类型、地区、单位）计次数、每万字次数、见于多少报告
///
/// 没有报告的年份是空缺，不是零。评论与新闻、通知不计，除非用 --kind 指明类型。
#[derive(Args)]
pub struct Arguments {
    /// 要比较的词语，可写几个；一个词语里有空格时用引号括起
    #[arg(value_name = "词语", required = true)]
    queries: Vec<String>,
    /// 按什么分：year 年份，kind 类型，region 地区，issuer 单位 [默认：year]
    #[arg(long, value_name = "项目", default_value = "year")]
    by: ByArgument,
    #[command(flatten)]
    counting: Counting,
    #[command(flatten)]
    export: Export,
    /// 画成 SVG 图
    #[arg(long, value_name = "文件")]
    svg: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum ByArgument {
    /// 年份
    #[value(alias = "年份")]
    Year,
    /// 类型
    #[value(alias = "类型")]
    Kind,
    /// 地区
    #[value(alias = "地区")]
    Region,
    /// 单位
    #[value(alias = "单位")]
    Issuer,
}

impl ByArgument {
    fn by(self) -> By {
        match self {
            ByArgument::Year => By::Year,
            ByArgument::Kind => By::Kind,
            ByArgument::Region => By::Region,
            ByArgument::Issuer => By::Issuer,
        }
    }
}

/// How rates come about.
const RATE: &str =
    "每万字：出现处数除以匹配形字数，分子分母都不含附录；占报告：含有的报告数除以报告总数。没有报告的年份为空缺。";

/// One query with what was counted.
struct Counted<'a> {
    query: &'a str,
    usage: Usage<'a>,
    trend: Trend,
}

/// Counts the queries.
pub fn run(arguments: &Arguments, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let &Context { json, terminal, .. } = context;
    // 改革 地区:全国: a condition by itself is one for every query.
    let is_condition = |text: &&String| {
        let query = Query::parse(text);
        !arguments.counting.literal && query.root.is_some_and(|root| root.is_condition())
    };
    let (conditions, queries): (Vec<&String>, Vec<&String>) = arguments.queries.iter().partition(is_condition);
    if queries.is_empty() {
        return Err(Error::NothingAsked { query: arguments.queries.join(" ") }.into());
    }
    let queries: Vec<String> = queries.into_iter().cloned().collect();
    let conditions: String = conditions.iter().map(|condition| format!(" {condition}")).collect();
    let counter = arguments.counting.counter(context, &asked(&queries, &conditions))?;
    let mut counted = Vec::new();
    for query in &queries {
        let text = if conditions.is_empty() { query.clone() } else { format!("({query}){conditions}") };
        let usage = counter.usage(&text, Kinds::Reports)?;
        let trend = trend(&usage, arguments.by.by())?;
        counted.push(Counted { query, usage, trend });
    }
    let methods = match counted.first() {
        Some(first) => {
            let differs = counted.iter().any(|one| one.usage.looked_through != first.usage.looked_through);
            let range = differs.then_some("各词语所限范围不同，下面的范围是第一个词语的。");
            counter.methods(&first.usage, &[&[OCCURRENCES, RATE][..], range.as_slice()].concat())?
        }
        None => None,
    };
    let notes = notes(methods.as_ref());
    if let Some(path) = &arguments.svg {
        write_file(path, drawing(&counted, arguments.by.by(), &notes).as_bytes(), terminal)?;
    }
    if arguments.export.is_asked() {
        let mut table = table(&counted, arguments.by.by(), None);
        table.notes = notes;
        arguments.export.write(&table, terminal)?;
    } else if json {
        for one in &counted {
            write_json(out, &Output { methods: methods.as_ref(), ..Output::of(one) })?;
        }
    } else if arguments.svg.is_none() {
        print(&counted, arguments.by.by(), terminal, out)?;
        print_methods(methods.as_ref(), out)?;
    }
    let found = counted.iter().any(|one| one.trend.total.passages > 0);
    Ok(if found { Ending::Found } else { Ending::Nothing })
}

/// What a methods note says was asked: the queries, and what holds for all of them.
fn asked(queries: &[String], conditions: &str) -> Vec<String> {
    queries.iter().map(|query| format!("{query}{conditions}")).collect()
}

#[derive(Serialize)]
struct Output<'a> {
    query: &'a str,
    by: &'static str,
    rows: Vec<RowOutput>,
    total: RowOutput,
    left_out: &'a std::collections::BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<&'a yinde::usage::methods::Methods>,
}

/// Numbers of a group; those of a year without reports are null.
#[derive(Serialize)]
struct RowOutput {
    key: Option<String>,
    occurrences: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_appendix: Option<u64>,
    passages: Option<u64>,
    reports: Option<u64>,
    reports_total: u64,
    characters: Option<u64>,
    per_10k: Option<f64>,
    share: Option<f64>,
}

impl RowOutput {
    fn new(key: Option<String>, counts: Option<&Counts>) -> RowOutput {
        RowOutput {
            key,
            occurrences: counts.map(|counts| counts.occurrences),
            in_appendix: counts.map(|counts| counts.in_appendix).filter(|&count| count > 0),
            passages: counts.map(|counts| counts.passages),
            reports: counts.map(|counts| counts.reports),
            reports_total: counts.map_or(0, |counts| counts.reports_total),
            characters: counts.map(|counts| counts.characters),
            per_10k: counts.and_then(Counts::per_10k).map(|rate| (rate * 1e4).round() / 1e4),
            share: counts.and_then(Counts::share).map(|share| (share * 1e4).round() / 1e4),
        }
    }
}

impl<'a> Output<'a> {
    fn of(counted: &'a Counted) -> Output<'a> {
        let key = |row: &Row| match &row.key {
            Key::Unknown => None,
            key => Some(shown(key)),
        };
        let rows = counted.trend.rows.iter().map(|row| RowOutput::new(key(row), row.counts.as_ref())).collect();
        Output {
            query: counted.query,
            by: counted.trend.by.label(),
            rows,
            total: RowOutput::new(None, Some(&counted.trend.total)),
            left_out: &counted.usage.left_out,
            methods: None,
        }
    }
}

/// What a group is called.
fn shown(key: &Key) -> String {
    match key {
        Key::Year(year) => year.to_string(),
        Key::Name(name) => name.clone(),
        Key::Unknown => "不详".to_owned(),
    }
}

/// The groups of all queries, in order.
fn keys(counted: &[Counted]) -> Vec<Key> {
    let mut keys: Vec<Key> = counted.iter().flat_map(|one| one.trend.rows.iter().map(|row| row.key.clone())).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn counts_at(trend: &Trend, key: &Key) -> Option<Counts> {
    trend.rows.iter().find(|row| row.key == *key).and_then(|row| row.counts)
}

/// The table; with `bars`, each query's rate is drawn in so many columns.
fn table(counted: &[Counted], by: By, bars: Option<usize>) -> Table {
    let several = counted.len() > 1;
    let mut columns = vec![Column::text(by.name())];
    for one in counted {
        let name = |what: &str| if several { format!("{} {what}", one.query) } else { what.to_owned() };
        columns.push(Column::count(name("次数")));
        columns.push(Column::decimal(name("每万字"), 2));
        columns.extend(bars.map(|_| Column::fixed("")));
        // Side by side on a terminal there is room for little.
        let all = bars.is_none() || !several;
        columns.extend(all.then(|| Column::count(name("段数"))));
        columns.push(Column::count(name("报告数")));
        columns.extend(all.then(|| Column::count(name("报告总数"))));
        columns.extend(all.then(|| Column::share(name("占报告"))));
        if bars.is_none() {
            columns.extend(["其中附录", "字数（不含附录）"].map(|what| Column::count(name(what))));
        }
    }
    let queries: Vec<&str> = counted.iter().map(|one| one.query).collect();
    let mut table = Table::new(format!("“{}”的用量", queries.join("”“")), columns);
    let most = counted.iter().flat_map(|one| one.trend.rows.iter()).filter_map(|row| row.counts?.per_10k());
    let most = most.fold(0.0, f64::max);
    for key in keys(counted) {
        let mut row: Vec<Cell> = vec![shown(&key).into()];
        for one in counted {
            let counts = counts_at(&one.trend, &key);
            row.push(counts.map(|counts| counts.occurrences).into());
            row.push(counts.and_then(|counts| counts.per_10k()).into());
            if let Some(width) = bars {
                row.push(bar(counts, most, width).into());
            }
            let all = bars.is_none() || !several;
            row.extend(all.then(|| counts.map(|counts| counts.passages).into()));
            row.push(counts.map(|counts| counts.reports).into());
            row.extend(all.then(|| counts.map(|counts| counts.reports_total).into()));
            row.extend(all.then(|| counts.and_then(|counts| counts.share()).into()));
            if bars.is_none() {
                row.push(counts.map(|counts| counts.in_appendix).into());
                row.push(counts.map(|counts| counts.characters).into());
            }
        }
        table.row(row);
    }
    table
}

/// A bar in eighths of a column; a year without reports is said to be one.
fn bar(counts: Option<Counts>, most: f64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let Some(counts) = counts else { return "无报告".to_owned() };
    let rate = counts.per_10k().unwrap_or(0.0);
    let eighths = if most > 0.0 { (rate / most * (width * 8) as f64).round() as usize } else { 0 };
    // What is there is seen.
    let eighths = if rate > 0.0 { eighths.max(1) } else { eighths };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

fn print(counted: &[Counted], by: By, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    let width = if counted.len() > 1 { 10 } else { 30 };
    print_table(&table(counted, by, Some(width)), terminal, out)?;
    writeln!(out)?;
    for one in counted {
        let total = one.trend.total;
        let rate = total.per_10k().map_or_else(String::new, |rate| format!("，每万字 {rate:.2} 次"));
        let (query, occurrences, passages) = (one.query, total.occurrences, total.passages);
        let (reports, of) = (total.reports, total.reports_total);
        writeln!(out, "{query}：{occurrences} 次，{passages} 段，{of} 份报告里有 {reports} 份{rate}")?;
    }
    match counted.first() {
        Some(first) => print_left_out(&first.usage, out),
        None => Ok(()),
    }
}

/// A line chart over years, bars over names.
fn drawing(counted: &[Counted], by: By, notes: &[String]) -> String {
    let queries: Vec<&str> = counted.iter().map(|one| one.query).collect();
    let title = format!("“{}”每万字出现次数", queries.join("”“"));
    let dated = |key: &Key| by != By::Year || matches!(key, Key::Year(_));
    let keys: Vec<Key> = keys(counted).into_iter().filter(dated).collect();
    let rate = |one: &Counted, key: &Key| counts_at(&one.trend, key).and_then(|counts| counts.per_10k());
    let unit = "每万字次数".to_owned();
    if by == By::Year {
        let series = |one: &Counted| Series {
            name: one.query.to_owned(),
            points: keys.iter().map(|key| rate(one, key)).collect(),
        };
        return chart::svg(&Chart {
            title,
            subtitle: String::new(),
            x: keys.iter().map(shown).collect(),
            series: counted.iter().map(series).collect(),
            unit,
            notes: notes.to_vec(),
        });
    }
    let mut bars: Vec<Bar> = Vec::new();
    for one in counted {
        let name = |key: &Key| if counted.len() > 1 { format!("{} {}", shown(key), one.query) } else { shown(key) };
        bars.extend(keys.iter().map(|key| Bar { name: name(key), value: rate(one, key) }));
    }
    bars.sort_by(|a, b| b.value.unwrap_or(-1.0).total_cmp(&a.value.unwrap_or(-1.0)));
    chart::bars(&Bars { title, subtitle: format!("按{}", by.name()), bars, unit, notes: notes.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_show_what_is_there_and_what_is_missing() {
        let counts = |occurrences| Some(Counts { occurrences, characters: 10_000, ..Counts::default() });
        assert_eq!(bar(counts(8), 8.0, 2), "██");
        assert_eq!(bar(counts(3), 8.0, 2), "▊");
        assert_eq!(bar(counts(1), 1e6, 2), "▏");
        assert_eq!(bar(counts(0), 8.0, 2), "");
        assert_eq!(bar(None, 8.0, 2), "无报告");
    }
}
