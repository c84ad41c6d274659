//! `yinde lexicon`: proposals for the user's lexicon, and segmenting the index anew with it.

use std::io::Write;

use clap::{Args, Subcommand};
use yinde::archive;

use super::settings::Settings;
use super::terminal::Terminal;
use super::{Ending, write_json};

/// 用户词表：推荐新词，按词表重新分词
///
/// 词表是文本文件，每行一个词，或“甲 = 乙”表示同义；# 后是说明。用 --lexicon 或 yinde.toml 的 lexicon 指定。
/// 词表只影响整词与跨词之分和排序，同义词另外计数；逐字查找的结果不变。
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 从文库推荐可加入词表的词：引号里的口号，常连用的说法
    Suggest(Suggest),
    /// 按词表给索引重新分词，不重读文库
    Apply,
}

#[derive(Args)]
struct Suggest {
    /// 最多推荐几个 [默认：50]
    #[arg(short = 'n', long, value_name = "个数", default_value_t = 50)]
    limit: usize,
    /// 至少出现几次 [默认：10]
    #[arg(long, value_name = "次数", default_value_t = 10)]
    least: u64,
}

/// Runs a subcommand.
pub fn run(
    arguments: &Arguments,
    settings: &Settings,
    json: bool,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    match &arguments.command {
        Command::Suggest(suggest) => {
            let lexicon = settings.lexicon()?;
            let found = archive::suggest(&settings.open(terminal)?, &lexicon, suggest.least, suggest.limit)?;
            for suggestion in &found {
                if json {
                    write_json(out, suggestion)?;
                } else {
                    let (word, count, quoted) = (&suggestion.word, suggestion.occurrences, suggestion.quoted);
                    writeln!(out, "{word}  # {count} 次，引号中 {quoted} 次")?;
                }
            }
            Ok(if found.is_empty() { Ending::Nothing } else { Ending::Found })
        }
        Command::Apply => {
            let lexicon = settings.lexicon()?;
            let reports = archive::resegment(&settings.index, &lexicon)?;
            let words = lexicon.words.len();
            if json {
                write_json(out, &serde_json::json!({"reports": reports, "words": words}))?;
            } else {
                writeln!(out, "已按 {words} 个词给 {reports} 份报告重新分词：{}", settings.index.display())?;
            }
            Ok(Ending::Found)
        }
    }
}
