//! `yinde search`: one query or a batch. `text` prints for people, `json` for programs, `explain` says how a
//! query was read.

mod explain;
mod json;
pub mod text;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use yinde::Error;
use yinde::archive::Archive;
use yinde::query::{Class, Query, Reading};
use yinde::search::rank::Sort;
use yinde::search::{Options, Outcome, Relaxed};
use yinde::usage::Kinds;
use yinde::usage::methods::{Asked, Methods, OCCURRENCES};

use self::json::Output;
use super::asking::{Conditions, Style, command_line, print_methods};
use super::coverage::print_coverage;
use super::settings::Settings;
use super::terminal::Terminal;
use super::{Ending, index, write_json};

/// 查找：词语、句式、正则，按年份、类型等筛选
///
/// 逐字查找，引号、括号、书名号和全角半角、繁简不影响结果。空格表示同一段里都要有；粘贴来的文字不会出错。
#[derive(Args)]
#[command(after_help = SYNTAX)]
pub struct Arguments {
    /// 要找的词语
    #[arg(value_name = "词语", required_unless_present = "batch")]
    query: Vec<String>,
    /// 最多显示几段 [默认：10]
    #[arg(short = 'n', long, value_name = "段数", default_value_t = 10)]
    limit: usize,
    /// 跳过前几段 [默认：0]
    #[arg(long, value_name = "段数", default_value_t = 0)]
    offset: usize,
    /// 只计数，不显示段落
    #[arg(long)]
    count: bool,
    #[command(flatten)]
    conditions: Conditions,
    /// 从文件逐行读词语（- 为标准输入），每行给一个结果
    #[arg(long, value_name = "文件", conflicts_with = "query")]
    batch: Option<PathBuf>,
    /// 排序：relevance 按相关程度，year 由早到晚，-year 由晚到早 [默认：relevance]
    #[arg(long, value_name = "方式", default_value = "relevance", allow_hyphen_values = true)]
    sort: SortArgument,
    /// 每份报告最多显示几段
    #[arg(long, value_name = "段数", value_parser = clap::value_parser!(u64).range(1..))]
    per_report: Option<u64>,
    /// 结果够了也再给含有其中部分词语的段落（不够时自动给）
    #[arg(long)]
    relaxed: bool,
    /// 只按字面查找：除英文双引号外没有运算符，不作等同和放宽
    #[arg(long, conflicts_with = "relaxed")]
    literal: bool,
    /// 引号和标点也须一致：“十五”不是十五大
    #[arg(long)]
    marks: bool,
    /// 不用某类等同说法，可写多次：date 日期、percent 百分数、number 数目、plan 五年规划、congress 党代会、
    /// plenum 中央全会、enumeration 并称、session 届次会议、synonym 同义词，或 all 全部
    #[arg(long, value_name = "类别", value_delimiter = ',')]
    no_widen: Vec<String>,
    /// 大同小异的段落逐一显示，不合并
    #[arg(long)]
    no_collapse: bool,
    /// 长段落里，匹配的句子前后各多显示几句 [默认：0]
    #[arg(long, value_name = "句数", default_value_t = 0)]
    context: usize,
    /// 每段附引文：gbt7714、bibtex、csl-json
    #[arg(long, value_name = "格式")]
    cite: Option<Style>,
    /// 附口径说明：文库、词表、命令、条件、范围
    #[arg(long)]
    methods: bool,
    /// 说明词语怎样理解、各部分找到多少
    #[arg(long)]
    explain: bool,
}

const SYNTAX: &str = "\
写法：
  甲 乙                  同一段里都有         甲 | 乙，甲 OR 乙      有一个即可
  甲 -乙，甲 NOT 乙      有甲没有乙           (甲 | 乙) 丙           括号
  \"AI agent\"，“甲”      照原样，不作等同     \"甲 乙\"~10            相距不超过 10 字
  以*为抓手，甲 ... 乙   同一句里先后出现     十?五                  ? 为任意一字
  同句(甲 乙)            同句、同项、同段、同节、同篇（SENTENCE ITEM PARAGRAPH SECTION REPORT）
  /增长\\d+%/             正则表达式           甲^2 乙                甲的分量加倍
  年份:2021..2025        年份 类型 地区 单位 标题 章节 部分 来源（year kind region issuer title section part source）
  标点:开                同 --marks";

#[derive(Clone, Copy, ValueEnum)]
enum SortArgument {
    /// 按相关程度
    Relevance,
    /// 由早到晚
    Year,
    /// 由晚到早
    #[value(name = "-year")]
    YearDescending,
}

/// Builds the index if there is none, then searches.
pub fn run(
    arguments: &Arguments,
    settings: &Settings,
    json: bool,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let options = options(arguments)?;
    let lexicon = settings.lexicon()?;
    let without = classes(&arguments.no_widen)?;
    let reading = Reading { literal: arguments.literal, marks: arguments.marks, without, synonyms: lexicon.synonyms };
    let archive = match settings.open(terminal) {
        Err(error) if matches!(error.downcast_ref(), Some(Error::IndexMissing { .. })) => {
            let summary = index::update(settings, false)?;
            index::list_skipped(&summary, terminal);
            settings.open(terminal)?
        }
        opened => opened?,
    };
    let search = Search { arguments, options, reading, archive, json, terminal };
    match &arguments.batch {
        None => Ok(ending(search.one(&arguments.query.join(" "), out)?)),
        Some(path) => search.batch(path, out),
    }
}

fn ending(found: bool) -> Ending {
    if found { Ending::Found } else { Ending::Nothing }
}

fn options(arguments: &Arguments) -> Result<Options, Error> {
    Ok(Options {
        limit: if arguments.count { 0 } else { arguments.limit },
        offset: arguments.offset,
        filter: arguments.conditions.fields()?,
        sort: match arguments.sort {
            SortArgument::Relevance => Sort::Relevance,
            SortArgument::Year => Sort::Year,
            SortArgument::YearDescending => Sort::YearDescending,
        },
        per_report: arguments.per_report.map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
        collapse: !arguments.no_collapse,
        relaxed: match (arguments.literal, arguments.relaxed) {
            (true, _) => Relaxed::Never,
            (false, true) => Relaxed::Always,
            (false, false) => Relaxed::WhenFew,
        },
    })
}

/// The classes of equivalence with these names.
fn classes(names: &[String]) -> Result<Vec<Class>, Error> {
    let mut classes = Vec::new();
    for name in names {
        if name == "all" || name == "全部" {
            classes.extend(Class::ALL);
            continue;
        }
        let class = Class::ALL.into_iter().find(|class| class.label() == name || class.name() == name);
        let labels = || Class::ALL.map(|class| format!("{} {}", class.label(), class.name())).join("、");
        classes.push(class.ok_or_else(|| Error::BadOption {
            option: "--no-widen",
            value: name.clone(),
            expected: format!("可写：{}，或 all", labels()),
        })?);
    }
    Ok(classes)
}

struct Search<'a> {
    arguments: &'a Arguments,
    options: Options,
    reading: Reading,
    archive: Archive,
    json: bool,
    terminal: &'a Terminal,
}

impl Search<'_> {
    fn batch(&self, path: &Path, out: &mut dyn Write) -> anyhow::Result<Ending> {
        let mut input: Box<dyn BufRead> = if path.as_os_str() == "-" {
            Box::new(io::stdin().lock())
        } else {
            let unreadable = |error: io::Error| Error::Unreadable {
                source_name: path.display().to_string(),
                reason: format!("无法打开（{error}）"),
            };
            Box::new(BufReader::new(File::open(path).map_err(unreadable)?))
        };
        let mut found = false;
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line)? > 0 {
            let text = String::from_utf8_lossy(&line);
            found |= self.one(text.trim_end_matches(['\n', '\r']), out)?;
            line.clear();
        }
        Ok(ending(found))
    }

    /// Answers one query; says whether anything was found, which relaxed hits count as only where asked for.
    fn one(&self, text: &str, out: &mut dyn Write) -> anyhow::Result<bool> {
        let query = Query::read(text, &self.reading);
        let outcome = self.archive.search(&query, &self.options)?;
        for remark in &query.remarks {
            self.terminal.message("hint: ", remark);
        }
        if query.root.is_none() && self.arguments.batch.is_none() {
            self.terminal.message("hint: ", "词语里没有可查的字；标点、括号和空格不算");
        }
        let methods = self.arguments.methods.then(|| self.methods(&query)).transpose()?;
        if self.json {
            let Arguments { count, cite, .. } = self.arguments;
            write_json(out, &Output::new(&query, &outcome, *count, *cite, methods.as_ref()))?;
        } else {
            self.print(&query, &outcome, out)?;
            print_methods(methods.as_ref(), out)?;
        }
        Ok(outcome.passages > 0 || (self.arguments.relaxed && outcome.relaxed.is_some_and(|relaxed| relaxed > 0)))
    }

    /// How the counts come about.
    fn methods(&self, query: &Query) -> Result<Methods, Error> {
        let usage = self.archive.usage(query, &self.options.filter, Kinds::All)?;
        let is_counted = |class: &Class| !self.reading.literal && !self.reading.without.contains(class);
        let asked = Asked {
            command: command_line(),
            queries: vec![query.text.clone()],
            conditions: self.options.filter.clone(),
            equivalents: Class::ALL.into_iter().filter(is_counted).collect(),
            counted: vec![OCCURRENCES.to_owned(), "等同说法若计入，含在总数里，另列逐字之数。".to_owned()],
        };
        Methods::of(&usage, &asked)
    }

    fn print(&self, query: &Query, outcome: &Outcome, out: &mut dyn Write) -> anyhow::Result<()> {
        if self.arguments.explain {
            explain::print(query, outcome, out)?;
        }
        for hit in &outcome.hits {
            text::print_hit(hit, self.arguments.context, self.arguments.cite, self.terminal, out)?;
        }
        if self.arguments.batch.is_some() {
            write!(out, "{}：", query.text)?;
        }
        text::print_totals(outcome, out)?;
        if self.arguments.batch.is_none() {
            text::print_widened(outcome, out)?;
            text::print_facets(outcome, out)?;
            if let Some(absence) = &outcome.absence {
                text::print_absence(absence, out)?;
                print_coverage(&absence.coverage, out)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_by_either_name() {
        let names = |names: &[&str]| classes(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(names(&["date", "五年规划"]).expect("known"), [Class::Date, Class::Plan]);
        assert_eq!(names(&["all"]).expect("known"), Class::ALL);
        assert!(names(&["dates"]).is_err());
    }
}
