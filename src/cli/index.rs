//! `yinde index`: brings the index up to date with a progress bar and reports what was done.

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use yinde::archive::{self, Fate, Order, Progress, Summary};

use super::settings::Settings;
use super::terminal::Terminal;
use super::{Ending, write_json};

/// 建立或更新索引
///
/// 只读新增和改动过的文件；删去的从索引中移出，移动过的保持原编号。原文件只读不写。
/// 读不了的文件逐一列出原因，不影响其余。随时可以中断，索引保持上次完成时的样子。
///
/// 一个文件默认最多读 256 MB、展开为 32 MB 文字，一份报告或每 64 MB 最多用 120 秒；可在 yinde.toml 的 [limits] 下改：
/// file_mb、text_mb、seconds。
#[derive(Args)]
pub struct Arguments {
    /// 文库文件夹（同 --archive）
    #[arg(value_name = "文件夹")]
    pub folders: Vec<PathBuf>,
    #[command(flatten)]
    pub options: Options,
}

#[derive(Args)]
pub struct Options {
    /// 全部重读
    #[arg(long)]
    rebuild: bool,
    /// 用已安装的 pdftoppm 和 tesseract（chi_sim）识别没有文字层的 PDF；常用时在 yinde.toml 写 ocr = true
    #[arg(long)]
    ocr: bool,
    /// 监视文件夹，有变化就更新，直到按 Ctrl-C
    #[arg(long)]
    watch: bool,
}

/// Updates and reports. Some files unread is an incomplete ending.
pub fn run(
    options: &Options,
    settings: &Settings,
    json: bool,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let settings = &Settings { ocr: settings.ocr || options.ocr, ..settings.clone() };
    if options.watch {
        return watch(options, settings, json, terminal, out);
    }
    let summary = update(settings, options.rebuild)?;
    show(&summary, settings, json, terminal, out)?;
    Ok(if summary.skipped.is_empty() { Ending::Found } else { Ending::Incomplete })
}

/// Brings the index up to date with a progress bar on stderr.
pub fn update(settings: &Settings, rebuild: bool) -> anyhow::Result<Summary> {
    let bar = Bar::new()?;
    let summary = archive::update(&order(settings, rebuild)?, &|progress| bar.show(progress));
    bar.bar.finish_and_clear();
    Ok(summary?)
}

fn watch(
    options: &Options,
    settings: &Settings,
    json: bool,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let bar = Bar::new()?;
    let mut ending = Ok(Ending::Found);
    let mut is_first = true;
    let mut each = |updated: Result<Summary, yinde::Error>| {
        bar.bar.finish_and_clear();
        let shown = match updated {
            // Nothing new, nothing to tell.
            Ok(summary) if !is_first && !summary.has_changes() => Ok(()),
            Ok(summary) => show(&summary, settings, json, terminal, out).and_then(|()| Ok(out.flush()?)),
            Err(error) => {
                terminal.message("错误：", &error.to_string());
                terminal.message("hint: ", &error.hint());
                Ok(())
            }
        };
        is_first = false;
        let goes_on = shown.is_ok();
        ending = shown.map(|()| Ending::Found);
        goes_on
    };
    archive::watch(&order(settings, options.rebuild)?, &|progress| bar.show(progress), &mut each)?;
    ending
}

fn order(settings: &Settings, rebuild: bool) -> anyhow::Result<Order> {
    Ok(Order {
        archives: settings.archives.clone(),
        index: settings.index.clone(),
        lexicon: settings.lexicon()?,
        reading: settings.reading()?,
        rebuild,
    })
}

/// The progress bar, by bytes.
struct Bar {
    bar: ProgressBar,
    done: AtomicU64,
    total: AtomicU64,
}

impl Bar {
    fn new() -> anyhow::Result<Bar> {
        let bar = ProgressBar::no_length();
        bar.set_style(ProgressStyle::with_template(
            "{prefix} {bar:30} {bytes}/{total_bytes}（{msg}） {bytes_per_sec} 剩余 {eta}",
        )?);
        Ok(Bar { bar, done: AtomicU64::new(0), total: AtomicU64::new(0) })
    }

    fn show(&self, progress: Progress) {
        match progress {
            Progress::Listed { files, bytes } => {
                self.done.store(0, Ordering::Relaxed);
                self.total.store(files, Ordering::Relaxed);
                self.bar.reset();
                self.bar.set_prefix("建立索引");
                self.bar.set_length(bytes);
                self.bar.set_message(format!("0/{files} 个文件"));
            }
            Progress::Read(bytes) => {
                let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
                self.bar.inc(bytes);
                self.bar.set_message(format!("{done}/{} 个文件", self.total.load(Ordering::Relaxed)));
            }
            Progress::Finishing => self.bar.set_prefix("写入索引"),
        }
    }
}

fn show(
    summary: &Summary,
    settings: &Settings,
    json: bool,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if json {
        write_json(out, summary)?;
    } else {
        report(summary, settings, out)?;
    }
    list_skipped(summary, terminal);
    for source in &summary.unmatched {
        terminal.message("附注里的来源不在文库中：", source);
    }
    Ok(())
}

const FATES: [(Fate, &str); 6] = [
    (Fate::Read, "新读"),
    (Fate::Unchanged, "未变"),
    (Fate::Updated, "更新"),
    (Fate::Moved, "移动"),
    (Fate::Removed, "移出"),
    (Fate::Skipped, "未读"),
];

fn report(summary: &Summary, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    if let Some(reason) = summary.rebuilt {
        writeln!(out, "{reason}，全部重读")?;
    }
    writeln!(out, "{} 个文件（{:.1} MB）：", summary.files, megabytes(summary.bytes))?;
    for (fate, label) in FATES {
        let Some(formats) = summary.fates.get(&fate) else { continue };
        let by_format: Vec<String> = formats.iter().map(|(format, count)| format!("{format} {count}")).collect();
        writeln!(out, "  {label} {}（{}）", summary.count(fate), by_format.join("，"))?;
    }
    if summary.reports > 0 {
        writeln!(out, "读出 {} 份报告，{} 段，{} 字", summary.reports, summary.passages, summary.characters)?;
    }
    let copies = if summary.copies > 0 {
        format!("，其中 {} 份是副本，不计数（--copies all 可计入）", summary.copies)
    } else {
        String::new()
    };
    writeln!(out, "库中共 {} 份报告{copies}", summary.indexed)?;
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
pub fn list_skipped(summary: &Summary, terminal: &Terminal) {
    if summary.skipped.is_empty() {
        return;
    }
    terminal.message("", &format!("未读 {} 个：", summary.skipped.len()));
    for skipped in &summary.skipped {
        terminal.message("  ", &format!("{}：{}", skipped.source, skipped.reason));
    }
}
