//! `yinde index`: builds the index with a progress bar and reports what was done.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use yinde::archive::{self, BuildSummary, Progress};

use super::settings::Settings;
use super::terminal::Terminal;
use super::{Ending, write_json};

/// 建立（或重建）索引
///
/// 读文库里的 txt、md、html、docx、jsonl 和 zip，原文件只读不写。读不了的文件逐一列出原因，不影响其余。
#[derive(Args)]
pub struct Arguments {
    /// 文库文件夹（同 --archive）
    #[arg(value_name = "文件夹")]
    pub folders: Vec<PathBuf>,
}

/// Builds and reports. Some files unread is an incomplete ending.
pub fn run(settings: &Settings, json: bool, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let summary = build(settings)?;
    if json {
        write_json(out, &summary)?;
    } else {
        report(&summary, settings, out)?;
    }
    list_skipped(&summary, terminal);
    Ok(if summary.skipped.is_empty() { Ending::Found } else { Ending::Incomplete })
}

/// Builds the index with a progress bar on stderr.
pub fn build(settings: &Settings) -> anyhow::Result<BuildSummary> {
    let lexicon = settings.lexicon()?;
    let bar = ProgressBar::no_length();
    bar.set_style(ProgressStyle::with_template(
        "{prefix} {bar:30} {bytes}/{total_bytes}（{msg}） {bytes_per_sec} 剩余 {eta}",
    )?);
    bar.set_prefix("建立索引");
    let files = std::sync::atomic::AtomicU64::new(0);
    let total = std::sync::atomic::AtomicU64::new(0);
    let summary = archive::build(&settings.archives, &settings.index, &lexicon, &|progress| {
        use std::sync::atomic::Ordering::Relaxed;
        match progress {
            Progress::Listed { files, bytes } => {
                total.store(files, Relaxed);
                bar.set_length(bytes);
                bar.set_message(format!("0/{files} 个文件"));
            }
            Progress::Read(bytes) => {
                let done = files.fetch_add(1, Relaxed) + 1;
                bar.inc(bytes);
                bar.set_message(format!("{done}/{} 个文件", total.load(Relaxed)));
            }
            Progress::Finishing => bar.set_prefix("写入索引"),
        }
    });
    bar.finish_and_clear();
    Ok(summary?)
}

fn report(summary: &BuildSummary, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    writeln!(
        out,
        "已索引 {} 个文件（{:.1} MB）：{} 份报告，{} 段，{} 字",
        summary.files,
        megabytes(summary.bytes),
        summary.reports,
        summary.passages,
        summary.characters
    )?;
    writeln!(
        out,
        "用时 {:.2} 秒（{:.1} MB/秒，{:.0} 份/秒），索引 {:.1} MB：{}",
        summary.seconds.total,
        summary.mb_per_second,
        summary.reports_per_second,
        megabytes(summary.index_size),
        settings.index.display()
    )?;
    Ok(())
}

/// Lists on stderr what was not read.
pub fn list_skipped(summary: &BuildSummary, terminal: &Terminal) {
    if summary.skipped.is_empty() {
        return;
    }
    terminal.message("", &format!("未读 {} 个：", summary.skipped.len()));
    for skipped in &summary.skipped {
        terminal.message("  ", &format!("{}：{}", skipped.source, skipped.reason));
    }
}
