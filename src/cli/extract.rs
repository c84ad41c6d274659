//! `yinde extract`: the text that was read from one file, before clean-up.

use std::io::Write;

use clap::Args;
use yinde::archive;

use super::Ending;
use super::settings::Settings;
use super::terminal::Terminal;

/// 看程序从一个文件里读到了什么
///
/// 除纯文本和 JSONL 外，段落的出处（字节）就是这里输出的字节位置。压缩包内的文件写作 甲.zip!/乙.docx。
#[derive(Args)]
pub struct Arguments {
    /// 文件，或压缩包内的文件
    #[arg(value_name = "文件")]
    file: String,
}

/// Prints the text; several members of a zip are told apart by a line before each.
pub fn run(
    arguments: &Arguments,
    settings: &Settings,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let extract = archive::extract(&arguments.file, &settings.reading()?)?;
    for (i, (source, text)) in extract.texts.iter().enumerate() {
        if extract.texts.len() > 1 {
            writeln!(out, "{}==> {source} <==", if i > 0 { "\n" } else { "" })?;
        }
        writeln!(out, "{text}")?;
    }
    for skipped in &extract.skipped {
        terminal.message("未读 ", &format!("{}：{}", skipped.source, skipped.reason));
    }
    Ok(if extract.skipped.is_empty() { Ending::Found } else { Ending::Incomplete })
}
