//! `yinde align`: a draft beside the latest reports of its superiors.

use std::io::Write;

use clap::Args;
use yinde::wording::align::{Aligned, Alignment, State};

use super::json::AlignOutput;
use super::{percent, place, read};
use crate::cli::asking::Context;
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, write_json};

/// 对标：上级最近报告的提法，文稿里有没有
///
/// 逐条对照上级单位最近一次报告的提法：文稿里相同、有改动或没有；再列出文稿里没有上级出处的提法。
#[derive(Args)]
pub struct Arguments {
    /// 文稿，- 为标准输入
    #[arg(value_name = "文稿")]
    draft: String,
    /// 上级单位，可写几个，如 国务院 省政府
    #[arg(long, value_name = "单位", required = true, num_args = 1..)]
    to: Vec<String>,
    /// 只看这一年之前的报告
    #[arg(long, value_name = "年份")]
    before: Option<i32>,
    /// 每类最多列几条 [默认：20]
    #[arg(short = 'n', long, value_name = "条数", default_value_t = 20)]
    limit: usize,
}

/// Aligns the draft.
pub fn run(arguments: &Arguments, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let &Context { archive, json, terminal, .. } = context;
    let alignment = archive.align(&read(&arguments.draft)?, &arguments.to, arguments.before)?;
    if json {
        write_json(out, &AlignOutput::new(&alignment))?;
    } else {
        print(&alignment, arguments.limit, terminal, out)?;
    }
    Ok(Ending::Found)
}

fn print(alignment: &Alignment, limit: usize, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    for (issuer, title, year) in &alignment.superiors {
        writeln!(out, "对照：{year}年 {issuer}《{title}》")?;
    }
    let of = |state: State| -> Vec<&Aligned> {
        alignment.formulations.iter().filter(|aligned| aligned.state == state).collect()
    };
    let (same, altered, missing) = (of(State::Same), of(State::Altered), of(State::Missing));
    let summary = format!(
        "上级提法 {} 条：相同 {}，有改动 {}，文稿没有 {}；文稿提法没有上级出处 {} 条",
        alignment.formulations.len(),
        same.len(),
        altered.len(),
        missing.len(),
        alignment.unsourced.len()
    );
    writeln!(out, "{}", terminal.bold(&summary))?;
    for (heading, formulations) in [("有改动", &altered), ("文稿没有", &missing), ("相同", &same)] {
        print_heading(heading, formulations.len(), limit, terminal, out)?;
        for aligned in formulations.iter().take(limit) {
            print_aligned(aligned, terminal, out)?;
        }
    }
    print_heading("文稿提法没有上级出处", alignment.unsourced.len(), limit, terminal, out)?;
    for unsourced in alignment.unsourced.iter().take(limit) {
        writeln!(out, "  {}", unsourced.text)?;
    }
    Ok(())
}

fn print_heading(
    heading: &str,
    count: usize,
    limit: usize,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if count > 0 {
        let shown =
            if count > limit { format!("（{count} 条，列 {limit} 条）") } else { format!("（{count} 条）") };
        writeln!(out, "\n{}{shown}", terminal.bold(heading))?;
    }
    Ok(())
}

fn print_aligned(aligned: &Aligned, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    match aligned.state {
        State::Altered => {
            let diff = terminal.changes(&aligned.source.diff);
            writeln!(out, "  {diff}（相似 {}）", percent(aligned.similarity))?;
        }
        State::Same | State::Missing => writeln!(out, "  {}（{} 份报告用过）", aligned.text, aligned.reports)?,
    }
    writeln!(out, "    {}", terminal.faint(&place(&aligned.source)))?;
    Ok(())
}
