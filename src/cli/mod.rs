//! The command line: arguments, settings and terminal output. `clap` and printing live only here.
//!
//! stdout is data, stderr is progress and messages. Exit codes: 0 found or done, 1 nothing found, 2 error
//! (or files that were not read); a broken pipe is 0.

mod analyze;
mod asking;
mod bench;
mod compare;
mod coverage;
mod dump;
mod extract;
mod generate;
mod help;
mod index;
mod lexicon;
mod markup;
mod search;
mod settings;
mod show;
mod stats;
mod targets;
mod terminal;
mod terms;
mod usage;
mod wording;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use yinde::Error;
use yinde::archive::{Archive, View};
use yinde::index::lexicon_name;

use self::asking::Context;
use self::settings::{Common, Settings};
use self::terminal::Terminal;

/// 引得：在多年工作报告的文库里逐字查找、计数、引用。
#[derive(Parser)]
#[command(
    name = "yinde",
    version,
    disable_version_flag = true,
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
#[command(after_help = "先试一试：yinde search 十五五\n每个命令的用法：yinde 命令 --help")]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// The commands; what each does stands at its arguments.
#[derive(Subcommand)]
enum Command {
    Index(index::Arguments),
    Search(search::Arguments),
    Kwic(usage::kwic::Arguments),
    Trend(usage::trend::Arguments),
    First(usage::first::Arguments),
    Collocates(usage::collocates::Arguments),
    Terms(terms::Arguments),
    Compare(compare::Arguments),
    Targets(targets::Arguments),
    Check(wording::check::Arguments),
    Quote(wording::quote::Arguments),
    Similar(wording::similar::Arguments),
    Align(wording::align::Arguments),
    Analyze(analyze::Arguments),
    Lexicon(lexicon::Arguments),
    Show(show::Arguments),
    Stats(stats::Arguments),
    /// 逐段输出全部内容（每段一行 JSON）
    Dump,
    Extract(extract::Arguments),
    Generate(generate::Arguments),
    Bench(bench::Arguments),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Found,
    Nothing,
    Incomplete,
}

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    let terminal = Terminal::detect();
    let matches = help::in_chinese(Arguments::command()).try_get_matches();
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => return print_usage(&error, &terminal),
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let ending = execute(arguments, &terminal, &mut out).and_then(|ending| {
        out.flush()?;
        Ok(ending)
    });
    match ending {
        Ok(Ending::Found) => ExitCode::SUCCESS,
        Ok(Ending::Nothing) => ExitCode::from(1),
        Ok(Ending::Incomplete) => ExitCode::from(2),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            print_error(&error, &terminal);
            ExitCode::from(2)
        }
    }
}

fn execute(arguments: Arguments, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let json = arguments.common.json;
    let mut settings = Settings::resolve(arguments.common)?;
    match arguments.command {
        Command::Index(arguments) => {
            settings.add_archives(arguments.folders);
            index::run(&arguments.options, &settings, json, terminal, out)
        }
        Command::Search(arguments) => search::run(&arguments, &settings, json, terminal, out),
        Command::Kwic(arguments) => {
            within(&settings, json, terminal, |context| usage::kwic::run(&arguments, context, out))
        }
        Command::Trend(arguments) => {
            within(&settings, json, terminal, |context| usage::trend::run(&arguments, context, out))
        }
        Command::First(arguments) => {
            within(&settings, json, terminal, |context| usage::first::run(&arguments, context, out))
        }
        Command::Collocates(arguments) => {
            within(&settings, json, terminal, |context| usage::collocates::run(&arguments, context, out))
        }
        Command::Terms(arguments) => within(&settings, json, terminal, |context| terms::run(&arguments, context, out)),
        Command::Compare(arguments) => {
            within(&settings, json, terminal, |context| compare::run(&arguments, context, out))
        }
        Command::Targets(arguments) => {
            within(&settings, json, terminal, |context| targets::run(&arguments, context, out))
        }
        Command::Check(arguments) => {
            within(&settings, json, terminal, |context| wording::check::run(&arguments, context, out))
        }
        Command::Quote(arguments) => {
            within(&settings, json, terminal, |context| wording::quote::run(&arguments, context, out))
        }
        Command::Similar(arguments) => {
            within(&settings, json, terminal, |context| wording::similar::run(&arguments, context, out))
        }
        Command::Align(arguments) => {
            within(&settings, json, terminal, |context| wording::align::run(&arguments, context, out))
        }
        Command::Analyze(arguments) => analyze::run(&arguments, &settings, json, out),
        Command::Lexicon(arguments) => lexicon::run(&arguments, &settings, json, terminal, out),
        Command::Show(arguments) => {
            // A copy can be looked at, too.
            settings.view = View::All;
            within(&settings, json, terminal, |context| show::run(&arguments, context, out))
        }
        Command::Stats(arguments) => stats::run(&arguments, &settings.open(terminal)?, json, out),
        Command::Dump => {
            settings.view = View::All;
            dump::run(&settings.open(terminal)?, out)
        }
        Command::Generate(arguments) => generate::run(&arguments, &settings.open(terminal)?, out),
        Command::Bench(arguments) => {
            settings.add_archives(arguments.folders);
            bench::run(&arguments.options, &settings, json, terminal, out)
        }
        Command::Extract(arguments) => extract::run(&arguments, &settings, terminal, out),
    }
}

/// Runs a command over the archive that the settings name.
fn within(
    settings: &Settings,
    json: bool,
    terminal: &Terminal,
    run: impl FnOnce(&Context) -> anyhow::Result<Ending>,
) -> anyhow::Result<Ending> {
    run(&Context { archive: &settings.open(terminal)?, settings, json, terminal })
}

/// Prints help, which was asked for, to stdout, or what is wrong with the arguments to stderr.
fn print_usage(error: &clap::Error, terminal: &Terminal) -> ExitCode {
    match help::mistake(error) {
        Some((what, next)) => {
            terminal.message("错误：", &what);
            terminal.message("hint: ", &next);
            ExitCode::from(2)
        }
        None => {
            // A closed stdout is a broken pipe.
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { 2 } else { 0 })
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.map(io::Error::kind).or(json) == Some(io::ErrorKind::BrokenPipe)
    })
}

fn print_error(error: &anyhow::Error, terminal: &Terminal) {
    let hint = error.downcast_ref::<Error>().map(Error::hint);
    terminal.message("错误：", &error.to_string());
    if let Some(hint) = hint {
        terminal.message("hint: ", &hint);
    }
}

/// A share as a whole per cent.
fn percent(share: f32) -> String {
    // What is not the same is never shown as 100 %.
    let percent = if share < 1.0 { (share * 100.0).floor() } else { 100.0 };
    format!("{percent}%")
}

/// Writes a value as one JSON line.
fn write_json(out: &mut dyn Write, value: &impl serde::Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)?;
    Ok(())
}

impl Settings {
    /// Opens the index that the settings name.
    fn open(&self, terminal: &Terminal) -> anyhow::Result<Archive> {
        let archive = Archive::open_with(&self.index, self.view)?;
        let built_from = &archive.manifest().archives;
        let named: Vec<String> = self.archives.iter().map(|path| path.display().to_string()).collect();
        if self.archives_given && *built_from != named {
            terminal.message(
                "hint: ",
                &format!("索引是从 {} 建立的；要换文库，用 yinde index 更新", built_from.join("、")),
            );
        }
        let lexicon = self.lexicon()?;
        if self.lexicon.is_some() && lexicon_name(&lexicon.words) != archive.manifest().lexicon {
            terminal.message(
                "hint: ",
                "索引分词所用的词表与现在的不同；逐字查找不受影响，要更新分词用 yinde lexicon apply",
            );
        }
        Ok(archive)
    }
}
