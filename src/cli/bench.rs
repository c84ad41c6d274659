//! `yinde bench`: runs the benchmark with a spinner and prints its figures, as tables or JSON.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use yinde::Error;
use yinde::bench::figures::{Corpus, Origin, Quantiles};
use yinde::bench::program::Program;
use yinde::bench::queries::Class;
use yinde::bench::{self, Figures, Plan, Step, Subject};
use yinde::export::{Cell, Column, Table};

use super::asking::print_table;
use super::generate::bytes;
use super::settings::Settings;
use super::terminal::Terminal;
use super::{Ending, write_json};

/// 测速：建索引多快、查询多快，答案是否与逐段扫描一致
///
/// 不写文件夹，就测按种子生成的仿报告（环境变量和 yinde.toml 里的文库不算）：同一版本、种子和大小，在任何机器上内容都相同，可以互相比较。
/// 词汇和句法学自程序自带的样本文库，不用词表和附注。写文件夹，就测自己的文库，只读不写。
/// 语料和索引都放在系统的临时文件夹（可用环境变量 TMPDIR 指定），用后删去；--index 不起作用，已有的索引不动。
///
/// 每次建索引都在新进程里，取用时居中的一次。查询从文库里随机抽取，逐条与扫描核对；只按字面，各给出十段。
#[derive(Args)]
pub struct Arguments {
    /// 用自己的文库测（同 --archive）；不写则测生成的仿报告
    #[arg(value_name = "文件夹")]
    pub folders: Vec<PathBuf>,
    #[command(flatten)]
    pub options: Options,
}

#[derive(Args)]
pub struct Options {
    /// 生成多少仿报告，如 20MB、1GB [默认：100MB]
    #[arg(long, value_name = "大小", conflicts_with_all = ["folders", "archive"])]
    size: Option<String>,
    /// 种子，决定仿报告的内容和抽取哪些查询 [默认：1]
    #[arg(long, value_name = "整数", default_value_t = 1)]
    seed: u64,
    /// 建几次索引 [默认：3]
    #[arg(long, value_name = "次数", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=99))]
    runs: u16,
}

/// The size of the corpus where none is asked for.
const SIZE: &str = "100MB";

/// Runs the benchmark over the archives that were named, or over a made-up corpus.
pub fn run(
    options: &Options,
    settings: &Settings,
    json: bool,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let subject = if settings.archives_given {
        Subject::Folders(settings.archives.clone())
    } else {
        Subject::Generated { size: bytes(options.size.as_deref().unwrap_or(SIZE))? }
    };
    let path = std::env::current_exe().map_err(|error| Error::Benchmark {
        reason: format!("找不到程序自身（{error}）"),
        next: "用完整路径运行程序再试".to_owned(),
    })?;
    let plan = Plan {
        program: Program { path, options: passed_on(settings), apart: None },
        subject,
        runs: usize::from(options.runs),
        seed: options.seed,
        view: settings.view,
    };
    let spinner = ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{spinner} {msg}（{elapsed}）")?);
    spinner.enable_steady_tick(Duration::from_millis(200));
    let figures = bench::run(&plan, &|step| spinner.set_message(told(step, plan.runs)));
    spinner.finish_and_clear();
    let figures = figures?;
    if json {
        write_json(out, &figures)?;
    } else {
        print(&figures, terminal, out)?;
    }
    Ok(Ending::Found)
}

/// The settings that the program is to be run with; those of `yinde.toml` it finds by itself.
fn passed_on(settings: &Settings) -> Vec<OsString> {
    let option = |name: &str, path: &Option<PathBuf>| -> Vec<OsString> {
        path.iter().flat_map(|path| [OsString::from(name), path.clone().into_os_string()]).collect()
    };
    [option("--lexicon", &settings.lexicon), option("--sidecar", &settings.sidecar)].concat()
}

fn told(step: Step, runs: usize) -> String {
    match step {
        Step::Generating => "生成仿报告".to_owned(),
        Step::Building(run) => format!("建立索引，第 {run} 次，共 {runs} 次"),
        Step::Scanning => "抽取查询，逐段扫描以备核对".to_owned(),
        Step::Asking => "查询".to_owned(),
        Step::Starting => "新进程查询".to_owned(),
    }
}

fn print(figures: &Figures, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    if figures.profile == "debug" {
        terminal.message("hint: ", "程序是调试版，用时没有意义；用 cargo build --release 编译后再测");
    }
    writeln!(out, "引得 {} 测速", figures.version)?;
    writeln!(out, "语料：{}", origin(&figures.corpus))?;
    writeln!(out, "机器：{}\n", machine(figures))?;
    print_table(&indexing(figures), terminal, out)?;
    writeln!(out)?;
    print_table(&querying(figures), terminal, out)?;
    let checked = figures.queries_checked;
    writeln!(out, "\n{checked} 条查询（种子 {}）的段数、处数都与逐段扫描相符", figures.seed)?;
    Ok(())
}

fn origin(corpus: &Corpus) -> String {
    let megabytes = corpus.file_bytes as f64 / 1e6;
    let files = format!("{} 个文件，{megabytes:.1} MB", corpus.files);
    let unread = if corpus.skipped > 0 { format!("（未读 {} 个）", corpus.skipped) } else { String::new() };
    let copies = if corpus.copies > 0 { format!("（副本 {} 份）", corpus.copies) } else { String::new() };
    let held = format!("{} 份报告{copies}，{} 段，{} 字", corpus.reports, corpus.passages, corpus.characters);
    match &corpus.origin {
        Origin::Generated { seed, blake3, .. } => {
            let digest: String = blake3.chars().take(16).collect();
            format!("仿报告，种子 {seed}，{files}，{held}；内容指纹 {digest}")
        }
        Origin::Folders { folders } => format!("{}，{files}{unread}，{held}", folders.join("、")),
    }
}

fn machine(figures: &Figures) -> String {
    let machine = &figures.machine;
    let memory = machine.memory_bytes.map(|bytes| format!("，内存 {:.0} GB", bytes as f64 / 1e9)).unwrap_or_default();
    let cpu = machine.cpu.as_deref().unwrap_or("处理器型号不详");
    format!("{cpu}，{} 核{memory}，{} {}", machine.cores, machine.os, machine.arch)
}

fn indexing(figures: &Figures) -> Table {
    let mut table = Table::new("", [Column::text("项目"), Column::fixed("数值"), Column::text("说明")]);
    let mut row = |name: &str, value: String, note: String| table.row([name.into(), value.into(), Cell::Text(note)]);
    let runs: Vec<String> = figures.run_seconds.iter().map(|seconds| format!("{seconds:.2}")).collect();
    let of_runs = match figures.runs {
        1 => "一次".to_owned(),
        count => format!("{count} 次中用时居中的一次；各次 {} 秒", runs.join("、")),
    };
    let stages = figures.stage_seconds;
    let seconds = |seconds: f64| format!("{seconds:.2} 秒");
    row("建索引", format!("{:.2} MB/秒", figures.mb_per_second), of_runs);
    row("", format!("{:.0} 字/秒", figures.characters_per_second), String::new());
    row("", format!("{:.1} 份/秒", figures.reports_per_second), String::new());
    row("全程", seconds(stages.total), format!("{} 个线程；以下为各阶段", figures.threads));
    row("列文件", seconds(stages.list), String::new());
    row("读文件", seconds(stages.read), "各线程合计".to_owned());
    row("交给索引", seconds(stages.add), "各线程合计，含等待".to_owned());
    row("写入提交", seconds(stages.commit), String::new());
    let peak = figures.peak_memory_bytes.map_or("不详".to_owned(), |bytes| format!("{:.0} MB", bytes as f64 / 1e6));
    row("内存最高", peak, "建索引的进程".to_owned());
    let sizes = (figures.index_bytes as f64 / 1e6, figures.corpus.text_bytes as f64 / 1e6);
    row("索引/文字", format!("{:.2} 倍", figures.index_ratio), format!("{:.1} MB / {:.1} MB", sizes.0, sizes.1));
    row("冷启动", milliseconds(figures.cold_start_ms), "新进程查一条，从启动到结束，11 条居中".to_owned());
    let query = figures.query_ms;
    row("查询 p50", milliseconds(query.p50), "索引已打开，计数并给出十段".to_owned());
    row("查询 p95", milliseconds(query.p95), String::new());
    row("查询 p99", milliseconds(query.p99), String::new());
    let throughput = figures.queries_per_second;
    row("逐条查询", format!("{:.0} 条/秒", throughput.one_at_a_time), String::new());
    row("同时查询", format!("{:.0} 条/秒", throughput.all_threads), format!("{} 个线程", throughput.threads));
    table
}

fn milliseconds(value: f64) -> String {
    format!("{value:.2} 毫秒")
}

fn querying(figures: &Figures) -> Table {
    let columns = [
        Column::text("查询（毫秒）"),
        Column::count("条数"),
        Column::count("段数居中"),
        Column::decimal("p50", 2),
        Column::decimal("p95", 2),
        Column::decimal("p99", 2),
    ];
    let mut table = Table::new("", columns);
    for class in &figures.query_classes {
        let Quantiles { p50, p95, p99 } = class.query_ms;
        let counts = [class.queries.into(), class.median_passages.into()];
        let times = if class.queries > 0 { [p50, p95, p99].map(Cell::from) } else { [const { Cell::Empty }; 3] };
        table.row([&[name(class.class).into()][..], &counts, &times].concat());
    }
    table
}

fn name(class: Class) -> &'static str {
    match class {
        Class::CommonWord => "常用双字词",
        Class::String => "任意 2～8 字",
        Class::LongString => "任意 9～20 字",
        Class::BothStrings => "同段两个字串",
        Class::Punctuated => "带标点的一截",
        Class::Filtered => "限年份和类型",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_the_archive_are_passed_on() {
        let lexicon = Some(PathBuf::from("词表.txt"));
        let plain = Settings {
            archives: Vec::new(),
            archives_given: true,
            index: PathBuf::from("index"),
            lexicon,
            sidecar: None,
            ocr: false,
            limits: yinde::ingest::Limits::default(),
            view: yinde::archive::View::Main,
        };
        assert_eq!(passed_on(&plain), ["--lexicon", "词表.txt"]);
        assert!(told(Step::Building(2), 3).contains("第 2 次"));
    }
}
