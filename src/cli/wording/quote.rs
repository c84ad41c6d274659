//! `yinde quote`: whether a quotation stands in the archive, exactly.

use std::io::Write;

use clap::Args;
use yinde::Error;
use yinde::text::fold::matching_form;
use yinde::text::numerals::year_ranges;
use yinde::wording::quote::{Quotation, Tolerance, Verdict};

use super::json::QuoteOutput;
use super::{filter, meant, percent, place};
use crate::cli::asking::{Context, Style};
use crate::cli::coverage::print_coverage;
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, write_json};

/// 核对引文：这句话文库里有没有，一字不差
///
/// 引号、全角半角、繁简不同不算错，但会指出。文库没有收录原文时，只能说“不能判定”。
#[derive(Args)]
pub struct Arguments {
    /// 引文
    #[arg(value_name = "引文", required = true)]
    text: Vec<String>,
    /// 只在这些报告里核对，写法同查找的条件，如 "单位:国务院 年份:2024"
    #[arg(long = "in", value_name = "条件")]
    within: Option<String>,
    /// 最多列几个出处 [默认：3]
    #[arg(short = 'n', long, value_name = "个数", default_value_t = 3)]
    limit: usize,
    /// 每处附引文：gbt7714、bibtex、csl-json
    #[arg(long, value_name = "格式")]
    cite: Option<Style>,
}

/// Looks the quotation up. Found is only what stands there exactly.
pub fn run(arguments: &Arguments, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let &Context { archive, json, terminal, .. } = context;
    let text = arguments.text.join(" ");
    if !matching_form(&text).chars().any(char::is_alphanumeric) {
        let expected = "写出要核对的文字，如 yinde quote 因地制宜发展新质生产力".to_owned();
        return Err(Error::BadOption { option: "引文", value: text, expected }.into());
    }
    let quotation = archive.quote(&text, &filter(arguments.within.as_deref())?, arguments.limit)?;
    if json {
        write_json(out, &QuoteOutput::new(&text, &quotation, arguments.cite))?;
    } else {
        print(&quotation, arguments.cite, terminal, out)?;
    }
    Ok(if quotation.verdict == Verdict::Exact { Ending::Found } else { Ending::Nothing })
}

fn print(quotation: &Quotation, cite: Option<Style>, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    let answer = match quotation.verdict {
        Verdict::Exact => "是，文库里有这句话",
        Verdict::Differs => "不是原文，文库里相近的文字与它不同",
        Verdict::Absent => "没有，所指的报告里没有这句话，也没有相近的文字",
        Verdict::Undetermined => "未收录原文，不能判定",
    };
    writeln!(out, "{}", terminal.bold(answer))?;
    if quotation.verdict == Verdict::Exact {
        writeln!(
            out,
            "见于 {} 份报告 {} 段：{}",
            quotation.reports,
            quotation.passages,
            year_ranges(&quotation.years)
        )?;
    }
    if !quotation.tolerated.is_empty() {
        let names: Vec<&str> = quotation.tolerated.iter().map(|&tolerance| name(tolerance)).collect();
        writeln!(out, "与出处有别：{}", names.join("、"))?;
    }
    for found in &quotation.matches {
        writeln!(out, "  · {}", terminal.faint(&place(found)))?;
        if found.verbatim {
            writeln!(out, "    {}", meant(found))?;
        } else {
            writeln!(out, "    最接近 {}：{}", percent(found.similarity), terminal.changes(&found.diff))?;
        }
        if let Some(style) = cite {
            writeln!(out, "{}", style.cite(&found.header, &found.section, found.passage))?;
        }
    }
    print_coverage(&quotation.coverage, out)
}

fn name(tolerance: Tolerance) -> &'static str {
    match tolerance {
        Tolerance::Quotes => "引号、括号或书名号",
        Tolerance::Punctuation => "标点",
        Tolerance::Width => "全角半角或大小写",
        Tolerance::Traditional => "繁体或异体字",
        Tolerance::Space => "空格",
    }
}
