//! `yinde similar`: how one passage was worded over the years.

use std::io::Write;

use clap::Args;
use yinde::Error;
use yinde::wording::versions::Version;

use super::json::ChainOutput;
use super::{percent, place};
use crate::cli::asking::{Context, Style};
use crate::cli::show::reference;
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, write_json};

/// 一段话历年的说法
///
/// 从这一段出发，在同一单位同类报告里逐年往前、往后找说的是同一件事的段落，标出每次的增删。
#[derive(Args)]
pub struct Arguments {
    /// 报告编号（或其开头、来源文件名、标题的一部分）和段号，如 3f2a#12
    #[arg(value_name = "报告#段号")]
    passage: String,
    /// 不限同一单位，在全部报告里找
    #[arg(long)]
    all: bool,
    /// 每次附引文：gbt7714、bibtex、csl-json
    #[arg(long, value_name = "格式")]
    cite: Option<Style>,
}

/// Prints the chain.
pub fn run(arguments: &Arguments, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let &Context { archive, json, terminal, .. } = context;
    let (id, number) = reference(&arguments.passage)?;
    let number = number.ok_or_else(|| Error::BadOption {
        option: "报告#段号",
        value: arguments.passage.clone(),
        expected: "写明段号，如 3f2a#12；段号见 yinde search 和 yinde show".to_owned(),
    })?;
    let versions = archive.versions(id, number, arguments.all)?;
    if json {
        write_json(out, &ChainOutput::new(&versions, arguments.cite))?;
    } else {
        print(&versions, arguments.cite, terminal, out)?;
    }
    Ok(if versions.len() > 1 { Ending::Found } else { Ending::Nothing })
}

fn print(versions: &[Version], cite: Option<Style>, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    for (i, version) in versions.iter().enumerate() {
        let found = &version.passage;
        let asked_for = if version.is_asked_for { "  ←所问的一段" } else { "" };
        writeln!(out, "{}{}{asked_for}", if i > 0 { "\n" } else { "" }, terminal.faint(&place(found)))?;
        if i == 0 {
            writeln!(out, "{}", found.text)?;
        } else if found.verbatim {
            writeln!(out, "与上一次相同")?;
        } else {
            writeln!(out, "与上一次相似 {}：{}", percent(found.similarity), terminal.changes(&found.diff))?;
        }
        if let Some(style) = cite {
            writeln!(out, "{}", style.cite(&found.header, &found.section, found.passage))?;
        }
    }
    if versions.len() == 1 {
        writeln!(out, "\n其他年份没有相近的段落；用 --all 可在全部报告里找")?;
    }
    Ok(())
}
