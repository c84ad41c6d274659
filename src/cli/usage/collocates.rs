//! `yinde collocates`: the words that stand near an expression.

use std::io::Write;

use clap::{Args, ValueEnum};
use serde::Serialize;
use yinde::export::{Column, Table};
use yinde::usage::Kinds;
use yinde::usage::collocates::{Collocate, Collocates, Measure, Options, Window, collocates};
use yinde::usage::methods::OCCURRENCES;

use crate::cli::asking::{Context, Counting, Export, notes, print_left_out, print_methods, print_table};
use crate::cli::{Ending, write_json};

/// 搭配词：词语左右常出现哪些词
///
/// 按分词计（含用户词表），标点不算；评论与新闻、通知不计，除非用 --kind 指明类型。
#[derive(Args)]
pub struct Arguments {
    /// 要找的词语
    #[arg(value_name = "词语", required = true)]
    query: Vec<String>,
    /// 左右各看几个词，不出句子 [默认：5]
    #[arg(short = 'w', long, value_name = "词数", default_value_t = 5, conflicts_with = "sentence")]
    window: usize,
    /// 看整句
    #[arg(long)]
    sentence: bool,
    /// 排序：ll 对数似然比，mi 互信息，t 检验值，count 次数 [默认：ll]
    #[arg(long, value_name = "方式", default_value = "ll")]
    sort: MeasureArgument,
    /// 最少共现几次 [默认：3]
    #[arg(long, value_name = "次数", default_value_t = 3)]
    min: u64,
    /// 词最短几个字 [默认：2]
    #[arg(long, value_name = "字数", default_value_t = 2)]
    min_length: usize,
    /// 最多列几个词 [默认：30]
    #[arg(short = 'n', long, value_name = "词数", default_value_t = 30)]
    limit: usize,
    #[command(flatten)]
    counting: Counting,
    #[command(flatten)]
    export: Export,
}

#[derive(Clone, Copy, ValueEnum)]
enum MeasureArgument {
    /// 对数似然比
    #[value(name = "ll")]
    LogLikelihood,
    /// 互信息
    #[value(name = "mi")]
    MutualInformation,
    /// t 检验值
    #[value(name = "t")]
    TScore,
    /// 次数
    Count,
}

#[derive(Serialize)]
struct Output<'a> {
    query: &'a str,
    occurrences: u64,
    in_windows: u64,
    words: u64,
    collocates: Vec<CollocateOutput<'a>>,
    left_out: &'a std::collections::BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<&'a yinde::usage::methods::Methods>,
}

#[derive(Serialize)]
struct CollocateOutput<'a> {
    word: &'a str,
    count: u64,
    left: u64,
    right: u64,
    total: u64,
    expected: f64,
    log_likelihood: f64,
    mutual_information: f64,
    t_score: f64,
}

/// Finds the collocates.
pub fn run(arguments: &Arguments, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let &Context { json, terminal, .. } = context;
    let text = arguments.query.join(" ");
    let counter = arguments.counting.counter(context, std::slice::from_ref(&text))?;
    let usage = counter.usage(&text, Kinds::Reports)?;
    let options = Options {
        window: if arguments.sentence { Window::Sentence } else { Window::Words(arguments.window) },
        measure: match arguments.sort {
            MeasureArgument::LogLikelihood => Measure::LogLikelihood,
            MeasureArgument::MutualInformation => Measure::MutualInformation,
            MeasureArgument::TScore => Measure::TScore,
            MeasureArgument::Count => Measure::Count,
        },
        least: arguments.min,
        shortest: arguments.min_length,
    };
    let mut found = collocates(&usage, options)?;
    found.collocates.truncate(arguments.limit);
    let methods = counter.methods(&usage, &[OCCURRENCES, &how(options)])?;
    if arguments.export.is_asked() {
        let mut table = table(&text, &found);
        table.notes = notes(methods.as_ref());
        arguments.export.write(&table, terminal)?;
    } else if json {
        let output = Output {
            query: &text,
            occurrences: found.occurrences,
            in_windows: found.in_windows,
            words: found.words,
            collocates: found.collocates.iter().map(CollocateOutput::of).collect(),
            left_out: &usage.left_out,
            methods: methods.as_ref(),
        };
        write_json(out, &output)?;
    } else {
        print_table(&table(&text, &found), terminal, out)?;
        let Collocates { occurrences, in_windows, words, .. } = found;
        writeln!(out, "\n{text}：{occurrences} 处，左右共 {in_windows} 词；全部 {words} 词")?;
        print_left_out(&usage, out)?;
        print_methods(methods.as_ref(), out)?;
    }
    Ok(if found.collocates.is_empty() { Ending::Nothing } else { Ending::Found })
}

/// How collocates come about.
fn how(options: Options) -> String {
    let window = match options.window {
        Window::Words(words) => format!("左右各 {words} 词，不出句子"),
        Window::Sentence => "同一句".to_owned(),
    };
    format!(
        "搭配：{window}；按索引所存的分词，标点不算词，几处窗口重叠的词只计一次，词语本身不计。2×2 表：窗口内与其余的该词与他词；\
         对数似然比 G²（Dunning 1993），互信息 log₂(观察/期望)（Church、Hanks 1990），t 值 (观察−期望)/√观察。\
         共现不少于 {} 次，词不短于 {} 字。",
        options.least, options.shortest
    )
}

impl<'a> CollocateOutput<'a> {
    fn of(collocate: &'a Collocate) -> CollocateOutput<'a> {
        let table = collocate.table;
        let rounded = |value: f64| (value * 1e3).round() / 1e3;
        CollocateOutput {
            word: &collocate.word,
            count: table.inside,
            left: collocate.sides.0,
            right: collocate.sides.1,
            total: table.total,
            expected: rounded(table.expected()),
            log_likelihood: rounded(table.log_likelihood()),
            mutual_information: rounded(table.mutual_information()),
            t_score: rounded(table.t_score()),
        }
    }
}

fn table(query: &str, found: &Collocates) -> Table {
    let columns = [
        Column::text("词"),
        Column::count("共现"),
        Column::count("左"),
        Column::count("右"),
        Column::count("全部"),
        Column::decimal("期望", 1),
        Column::decimal("对数似然比", 1),
        Column::decimal("互信息", 2),
        Column::decimal("t 值", 2),
    ];
    let mut table = Table::new(format!("“{query}”的搭配词"), columns);
    for Collocate { word, sides, table: counts } in &found.collocates {
        table.row([
            word.as_str().into(),
            counts.inside.into(),
            sides.0.into(),
            sides.1.into(),
            counts.total.into(),
            counts.expected().into(),
            counts.log_likelihood().into(),
            counts.mutual_information().into(),
            counts.t_score().into(),
        ]);
    }
    table
}
