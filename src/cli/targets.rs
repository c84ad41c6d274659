//! `yinde targets`: numeric targets beside their results, year by year.

use std::io::Write;

use clap::Args;
use serde::Serialize;
use yinde::archive::{Figures, Stated, figures};
use yinde::export::{Cell, Column, Table};
use yinde::targets::{Group, Link, Measure, Nature, Status, Verdict};
use yinde::usage::Kinds;

use super::asking::{Context, Counting, Export, Style, notes, print_left_out, print_methods, print_table};
use super::terminal::Terminal;
use super::usage::place;
use super::{Ending, percent, write_json};

/// 目标与结果：报告里的数字指标，各年目标与后来的结果并列
///
/// 写条件（或词语），只看符合的报告和段落；不写则看全部报告。“预计”不当作最终结果；能否判断、有多可信都标明。
/// 数字由程序读出，引用前请看原文。
#[derive(Args)]
pub struct Arguments {
    /// 条件或词语，写法同 search，如 地区:全国 年份:2020..2025
    #[arg(value_name = "条件")]
    query: Vec<String>,
    /// 只看名称里含有这些字的指标
    #[arg(long, value_name = "指标")]
    indicator: Option<String>,
    /// 逐项列出全部数字，不作对照
    #[arg(long)]
    items: bool,
    /// 文字最多列几个指标，或几项 [默认：20]
    #[arg(short = 'n', long, value_name = "个数", default_value_t = 20)]
    limit: usize,
    /// 附引文：gbt7714、bibtex、csl-json
    #[arg(long, value_name = "格式")]
    cite: Option<Style>,
    #[command(flatten)]
    counting: Counting,
    #[command(flatten)]
    export: Export,
}

/// How figures come about.
const HOW: &str = "数字由程序按句式从正文和表格读出，指标、数值、单位须同在一处；目标与结果按地区、指标、口径、单位、年份相配，可信为各项依据之积，\
                   程序未见过的句子上精确率和召回率均约 0.97，引用前请核对原文。";

/// Reads and links the figures.
pub fn run(arguments: &Arguments, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let &Context { json, terminal, .. } = context;
    let text = arguments.query.join(" ");
    let queries: Vec<String> = if text.is_empty() { Vec::new() } else { vec![text.clone()] };
    let counter = arguments.counting.counter(context, &queries)?;
    let usage = counter.among(&text, Kinds::Reports)?;
    let found = figures(&usage)?;
    let is_asked = |group: &Group| {
        let named =
            |name: &str| group.key.contains(name) || group.items.iter().any(|&item| has_name(&found, item, name));
        arguments.indicator.as_deref().is_none_or(named)
    };
    let groups: Vec<&Group> = found.groups.iter().filter(|group| is_asked(group)).collect();
    let mut numbers: Vec<usize> = groups.iter().flat_map(|group| group.items.iter().copied()).collect();
    numbers.sort_unstable();
    let view = View { found: &found, groups, numbers, cite: arguments.cite };
    let methods = counter.methods(&usage, &[HOW])?;
    let table = || if arguments.items { view.items(usize::MAX) } else { view.links() };
    if arguments.export.is_asked() {
        let notes = notes(methods.as_ref());
        arguments.export.write(&Table { notes, ..table() }, terminal)?;
    } else if json {
        write_json(out, &Output::of(&view, methods.as_ref()))?;
    } else {
        if arguments.items {
            print_table(&view.items(arguments.limit), terminal, out)?;
        } else {
            view.print(arguments.limit, terminal, out)?;
        }
        view.print_totals(out)?;
        print_left_out(&usage, out)?;
        print_methods(methods.as_ref(), out)?;
    }
    Ok(if view.numbers.is_empty() { Ending::Nothing } else { Ending::Found })
}

fn has_name(found: &Figures, item: usize, name: &str) -> bool {
    found.items[item].item.indicator.contains(name)
}

/// What is shown.
struct View<'a> {
    found: &'a Figures,
    groups: Vec<&'a Group>,
    /// The items of these groups, in reading order.
    numbers: Vec<usize>,
    cite: Option<Style>,
}

impl View<'_> {
    fn stated(&self, item: usize) -> &Stated {
        &self.found.items[item]
    }

    fn issuer(&self, item: usize) -> &str {
        let metadata = &self.found.reports[self.stated(item).report].metadata;
        metadata.issuer.as_ref().map_or("单位不详", |issuer| issuer.value.as_str())
    }

    /// Year, issuer and place, on one line.
    fn place(&self, item: usize) -> String {
        let stated = self.stated(item);
        place(&self.found.reports[stated.report], stated.item.passage as u32 + 1)
    }

    fn citation(&self, item: usize, style: Style) -> String {
        let stated = self.stated(item);
        style.cite(&self.found.reports[stated.report], &stated.section, stated.item.passage as u32 + 1)
    }

    /// The indicators whose targets have results, those with most of them first.
    fn print(&self, limit: usize, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
        let mut linked: Vec<&Group> = self.groups.iter().copied().filter(|group| !group.links.is_empty()).collect();
        linked.sort_by_key(|group| std::cmp::Reverse(group.links.len()));
        for group in linked.iter().take(limit) {
            writeln!(out, "{}", terminal.bold(&format!("{}  {}", group.place, group_name(group))))?;
            for link in &group.links {
                let (target, result) = (&self.stated(link.target).item, &self.stated(link.result).item);
                let judged = if link.is_final { verdict_name(link.verdict) } else { "结果为预计，不作判断" };
                writeln!(
                    out,
                    "  {}  目标 {} → {} {}  {judged}，可信 {}",
                    years(target),
                    target.written,
                    result.status.label(),
                    result.written,
                    percent(link.confidence as f32)
                )?;
                for item in [link.target, link.result] {
                    let quote = terminal.faint(&format!("“{}”（{}）", self.stated(item).quote, self.place(item)));
                    writeln!(out, "      {quote}")?;
                    if let Some(style) = self.cite {
                        writeln!(out, "      {}", self.citation(item, style))?;
                    }
                }
            }
            writeln!(out)?;
        }
        if linked.len() > limit {
            writeln!(out, "另有 {} 个指标有对照（-n 可多列）", linked.len() - limit)?;
        }
        Ok(())
    }

    fn print_totals(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let of = |status: Status| self.numbers.iter().filter(|&&item| self.stated(item).item.status == status).count();
        let links: usize = self.groups.iter().map(|group| group.links.len()).sum();
        writeln!(
            out,
            "读出 {} 项：目标 {}，预计 {}，完成 {}；目标与结果对照 {links} 对",
            self.numbers.len(),
            of(Status::Target),
            of(Status::Estimated),
            of(Status::Done)
        )?;
        Ok(())
    }

    /// The targets with their results.
    fn links(&self) -> Table {
        let mut columns = ["地区", "指标", "年份", "目标", "目标原文", "目标出处"].map(Column::text).to_vec();
        columns.extend(["结果", "状态", "结果原文", "结果出处", "判断"].map(Column::text));
        columns.push(Column::share("可信"));
        columns.extend(self.cite.map(|_| Column::text("目标引文")));
        columns.extend(self.cite.map(|_| Column::text("结果引文")));
        let mut table = Table::new("目标与结果", columns);
        for group in &self.groups {
            for link in &group.links {
                let (target, result) = (self.stated(link.target), self.stated(link.result));
                let judged = if link.is_final { verdict_name(link.verdict) } else { "" };
                let mut row: Vec<Cell> = vec![
                    group.place.as_str().into(),
                    group_name(group).into(),
                    years(&target.item).into(),
                    target.item.written.as_str().into(),
                    target.quote.as_str().into(),
                    self.place(link.target).into(),
                    result.item.written.as_str().into(),
                    result.item.status.label().into(),
                    result.quote.as_str().into(),
                    self.place(link.result).into(),
                    judged.into(),
                    link.confidence.into(),
                ];
                row.extend(self.cite.map(|style| self.citation(link.target, style).into()));
                row.extend(self.cite.map(|style| self.citation(link.result, style).into()));
                table.row(row);
            }
        }
        table
    }

    /// The items, at most so many.
    fn items(&self, limit: usize) -> Table {
        let names = ["指标", "数值", "限定", "年份", "状态", "口径", "性质", "报告年份", "单位", "段", "原文"];
        let fixed = |name: &str| if name == "段" { Column::fixed(name) } else { Column::text(name) };
        let mut columns = names.map(fixed).to_vec();
        columns.extend(self.cite.map(|_| Column::text("引文")));
        let mut table = Table::new("目标与结果各项", columns);
        for &number in self.numbers.iter().take(limit) {
            let stated = self.stated(number);
            let (item, header) = (&stated.item, &self.found.reports[stated.report]);
            let mut row: Vec<Cell> = vec![
                item.indicator.as_str().into(),
                item.written.as_str().into(),
                item.qualifiers.join("、").into(),
                years(item).into(),
                item.status.label().into(),
                item.scope.join("、").into(),
                item.nature.map(nature_name).into(),
                header.metadata.year.as_ref().map(|year| year.value.to_string()).into(),
                self.issuer(number).into(),
                format!("{}#{}", header.id, item.passage + 1).into(),
                stated.quote.as_str().into(),
            ];
            row.extend(self.cite.map(|style| self.citation(number, style).into()));
            table.row(row);
        }
        table
    }
}

fn group_name(group: &Group) -> String {
    let measure = match group.measure {
        Measure::Level => "",
        Measure::Growth => "增速",
        Measure::Share => "占比",
        Measure::Change => "增减",
    };
    format!("{}{}", group.key, if measure.is_empty() { String::new() } else { format!("（{measure}）") })
}

fn years(item: &yinde::targets::Item) -> String {
    item.period.map_or_else(|| "年份不详".to_owned(), |period| period.years.to_string())
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "达到",
        Verdict::NotMet => "未达到",
        Verdict::Unclear => "无法判断",
    }
}

fn nature_name(nature: Nature) -> &'static str {
    match nature {
        Nature::Expected => "预期性",
        Nature::Binding => "约束性",
    }
}

/// The answer: items in reading order, and groups that name them by their numbers.
#[derive(Serialize)]
struct Output<'a> {
    items: Vec<ItemOutput<'a>>,
    groups: Vec<GroupOutput<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<&'a yinde::usage::methods::Methods>,
}

#[derive(Serialize)]
struct ItemOutput<'a> {
    report: &'a str,
    passage: usize,
    start: usize,
    end: usize,
    title: &'a str,
    year: Option<i32>,
    issuer: Option<&'a str>,
    source: &'a str,
    indicator: &'a str,
    key: &'a str,
    measure: Measure,
    value: &'a str,
    low: Option<f64>,
    high: Option<f64>,
    unit: &'a str,
    qualifier: &'a [String],
    year_from: Option<i32>,
    year_to: Option<i32>,
    status: Status,
    scope: &'a [String],
    nature: Option<Nature>,
    quote: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    citation: Option<String>,
}

#[derive(Serialize)]
struct GroupOutput<'a> {
    place: &'a str,
    indicator: &'a str,
    measure: Measure,
    unit: &'a str,
    items: Vec<usize>,
    links: Vec<Link>,
}

impl<'a> Output<'a> {
    fn of(view: &'a View, methods: Option<&'a yinde::usage::methods::Methods>) -> Output<'a> {
        let number = |item: &usize| view.numbers.binary_search(item).unwrap_or_default();
        let group = |group: &&'a Group| GroupOutput {
            place: &group.place,
            indicator: &group.key,
            measure: group.measure,
            unit: &group.unit,
            items: group.items.iter().map(number).collect(),
            links: group
                .links
                .iter()
                .map(|link| Link { target: number(&link.target), result: number(&link.result), ..link.clone() })
                .collect(),
        };
        Output {
            items: view.numbers.iter().map(|&item| ItemOutput::of(view, item)).collect(),
            groups: view.groups.iter().map(group).collect(),
            methods,
        }
    }
}

impl<'a> ItemOutput<'a> {
    fn of(view: &'a View, number: usize) -> ItemOutput<'a> {
        let stated = view.stated(number);
        let (item, header) = (&stated.item, &view.found.reports[stated.report]);
        let metadata = &header.metadata;
        ItemOutput {
            report: &header.id,
            passage: item.passage + 1,
            start: item.chars.start,
            end: item.chars.end,
            title: &metadata.title.value,
            year: metadata.year.as_ref().map(|year| year.value),
            issuer: metadata.issuer.as_ref().map(|issuer| issuer.value.as_str()),
            source: &header.source,
            indicator: &item.indicator,
            key: &item.key,
            measure: item.measure,
            value: &item.written,
            low: item.value.map(|value| value.low),
            high: item.value.map(|value| value.high),
            unit: &item.unit,
            qualifier: &item.qualifiers,
            year_from: item.period.map(|period| period.years.from),
            year_to: item.period.map(|period| period.years.to),
            status: item.status,
            scope: &item.scope,
            nature: item.nature,
            quote: &stated.quote,
            citation: view.cite.map(|style| view.citation(number, style)),
        }
    }
}
