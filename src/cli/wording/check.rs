//! `yinde check`: a draft beside the archive, for people, programs, or as a page to mail.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use yinde::Error;
use yinde::model::Role;
use yinde::search::coverage::Coverage;
use yinde::wording::Match;
use yinde::wording::agreement::Disagreement;
use yinde::wording::check::{Options, Order};
use yinde::wording::dropped::Dropped;
use yinde::wording::finding::{Check, Sentence, Verdict};

use super::html::{OPENING, Page};
use super::json::CheckOutput;
use super::lines::{
    disagreement_line, dropped_line, history_line, is_unchanged, said_line, shown, summary_line, values_line,
    verdict_line,
};
use super::{filter, issued, percent, place, read};
use crate::cli::asking::Context;
use crate::cli::coverage::print_coverage;
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, write_json};

/// 核对文稿：逐句查文库里的已有表述
///
/// 读 txt、md、html、docx 或标准输入（-）。文稿只在内存里读，不保存、不记录、不入索引。
#[derive(Args)]
pub struct Arguments {
    /// 文稿，- 为标准输入
    #[arg(value_name = "文稿")]
    draft: String,
    /// 只与这一年之前的报告比较
    #[arg(long, value_name = "年份")]
    before: Option<i32>,
    /// 文稿的单位，用来找它上一次的报告 [默认：文稿自己写明的]
    #[arg(long, value_name = "单位")]
    issuer: Option<String>,
    /// 只与这些报告比较，写法同查找的条件，如 "地区:全国 年份:2020.."
    #[arg(long = "in", value_name = "条件")]
    within: Option<String>,
    /// 查过时提法时所对照的上级单位，可写多次 [默认：文稿地区的上级和中央]
    #[arg(long, value_name = "单位")]
    superior: Vec<String>,
    /// 出处的次序：similarity 按相似度，authority 上级在前 [默认：similarity]
    #[arg(long, value_name = "方式", default_value = "similarity")]
    order: OrderArgument,
    /// 每句最多列几个出处 [默认：3]
    #[arg(short = 'n', long, value_name = "个数", default_value_t = 3)]
    limit: usize,
    /// 另存为网页：左边文稿，右边出处，可用邮件发送
    #[arg(long, value_name = "文件")]
    html: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum OrderArgument {
    /// 按相似度
    Similarity,
    /// 上级在前
    Authority,
}

/// Checks the draft.
pub fn run(arguments: &Arguments, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let &Context { archive, json, terminal, .. } = context;
    let draft = read(&arguments.draft)?;
    let options = Options {
        before: arguments.before,
        issuer: arguments.issuer.clone(),
        filter: filter(arguments.within.as_deref())?,
        superiors: arguments.superior.clone(),
        order: match arguments.order {
            OrderArgument::Similarity => Order::Similarity,
            OrderArgument::Authority => Order::Authority,
        },
        limit: arguments.limit,
    };
    let check = archive.check(&draft, &options)?;
    let coverage = archive.coverage(&options.compared())?;
    if coverage.reports == 0 {
        terminal.message("hint: ", "没有符合条件的报告，每句都会是“本库未见”；检查 --in 和 --before");
    }
    if arguments.issuer.is_some() && check.previous.is_none() {
        terminal.message("hint: ", "没有找到这个单位更早的报告，未与上一次的说法比较");
    }
    if let Some(path) = &arguments.html {
        let page = Page { check: &check, draft: &draft, coverage: &coverage }.to_string();
        write_page(path, &page)?;
    }
    if json {
        write_json(out, &CheckOutput::new(&check, &coverage))?;
    } else {
        print(&check, &coverage, terminal, out)?;
    }
    Ok(Ending::Found)
}

/// Writes the page; of existing files only an older page is replaced.
fn write_page(path: &Path, page: &str) -> Result<(), Error> {
    let unwritable = |reason: String| Error::Unwritable { path: path.to_owned(), reason };
    if path.exists() && !fs::read(path).is_ok_and(|old| old.starts_with(OPENING.as_bytes())) {
        return Err(unwritable("已有同名文件，而且不是核对的网页，没有覆盖".to_owned()));
    }
    fs::write(path, page).map_err(|error| unwritable(error.to_string()))
}

/// Expressions and figures of the lists that are printed.
const MOST_LISTED: usize = 20;

/// Prints the summary, then the sentences, then what else was found.
fn print(check: &Check, coverage: &Coverage, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    let summary = &check.summary;
    writeln!(out, "{}", terminal.bold(&summary_line(check)))?;
    writeln!(out, "其中 {} 处连续 12 字以上与文库相同；套话不计入比例", check.runs.len())?;
    print_coverage(coverage, out)?;
    if let Some((title, year)) = &check.previous {
        writeln!(out, "上一次报告：{year}年《{title}》")?;
    }
    for (number, sentence) in check.sentences.iter().enumerate() {
        if sentence.verdict != Verdict::Formula {
            print_sentence(number + 1, sentence, terminal, out)?;
        }
    }
    if summary.formula > 0 {
        writeln!(out, "\n另有套话 {} 句", summary.formula)?;
    }
    print_dropped(&check.dropped, terminal, out)?;
    print_disagreements(&check.disagreements, terminal, out)
}

fn print_sentence(number: usize, sentence: &Sentence, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    let role = if matches!(sentence.role, Role::Title | Role::Heading) { "（标题）" } else { "" };
    writeln!(out, "\n{number:>3} [{}]{role}", terminal.bold(&verdict_line(sentence)))?;
    writeln!(out, "{}", terminal.marked(&sentence.text, &[], 4))?;
    for found in shown(sentence) {
        print_match(found, sentence.verdict, terminal, out)?;
    }
    if let Some(history) = history_line(sentence) {
        writeln!(out, "      {history}")?;
    }
    if let Some(previous) = &sentence.previous {
        let wording = if is_unchanged(previous) { "未改".to_owned() } else { terminal.changes(&previous.diff) };
        writeln!(out, "      上一次（{}）：{wording}", issued(previous))?;
    }
    Ok(())
}

fn print_match(found: &Match, verdict: Verdict, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    let closest = if verdict == Verdict::New { "最接近 " } else { "" };
    let share = if found.verbatim { String::new() } else { format!("{closest}{} ", percent(found.similarity)) };
    writeln!(out, "    · {share}{}", terminal.faint(&place(found)))?;
    if found.marks_differ || !found.verbatim || found.piece.is_some() {
        writeln!(out, "{}", indented(&terminal.changes(&found.diff), 6))?;
    }
    if let Some(values) = values_line(found) {
        writeln!(out, "      {values}")?;
    }
    Ok(())
}

/// Text behind so many columns.
fn indented(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns))
}

fn print_dropped(dropped: &[Dropped], terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    if dropped.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", terminal.bold(&format!("上级用过、后来不再用的提法 {} 处（仅供查对）", dropped.len())))?;
    for dropped in dropped.iter().take(MOST_LISTED) {
        writeln!(out, "  {}：{}", dropped.text, dropped_line(dropped))?;
        writeln!(out, "    {}", terminal.faint(&format!("最近：{}", place(&dropped.last))))?;
    }
    if dropped.len() > MOST_LISTED {
        writeln!(out, "  另有 {} 处，见 --json 或 --html", dropped.len() - MOST_LISTED)?;
    }
    Ok(())
}

fn print_disagreements(found: &[Disagreement], terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", terminal.bold(&format!("数字不一致 {} 处", found.len())))?;
    for disagreement in found {
        writeln!(out, "  {}", disagreement_line(disagreement))?;
        writeln!(out, "    {}", said_line(&disagreement.here))?;
        writeln!(out, "    {}", said_line(&disagreement.there))?;
    }
    Ok(())
}
