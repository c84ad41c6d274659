//! Help and usage mistakes in Chinese: clap's own words replaced.

use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, ArgAction, Command};

const TEMPLATE: &str = "{before-help}{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// The command with Chinese headings, usage lines and help flags, its subcommands included.
pub fn in_chinese(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let subcommands: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut command = dress(command, &name)
        .override_usage(format!("{name} [选项] 命令"))
        .subcommand_help_heading("命令")
        .disable_version_flag(true)
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help("显示版本")
                .help_heading("选项"),
        );
    for subcommand in subcommands {
        command = command.mut_subcommand(&subcommand, |sub| dress(sub, &format!("{name} {subcommand}")));
    }
    command
}

fn dress(command: Command, path: &str) -> Command {
    let positionals: String = command
        .get_positionals()
        .map(|arg| {
            let value = arg.get_value_names().and_then(|names| names.first()).map_or("参数", |name| name.as_str());
            let several = if matches!(arg.get_action(), ArgAction::Append) { "…" } else { "" };
            if arg.is_required_set() { format!(" {value}{several}") } else { format!(" [{value}]{several}") }
        })
        .collect();
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示用法").help_heading("选项");
    command
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            let takes_value = arg.get_action().takes_values();
            let arg = if takes_value { arg.hide_default_value(true).hide_possible_values(true) } else { arg };
            if arg.get_help_heading().is_none() { arg.help_heading(heading) } else { arg }
        })
        .disable_help_flag(true)
        .arg(help)
        .help_template(TEMPLATE)
        .override_usage(format!("{path} [选项]{positionals}"))
}

/// What is wrong with the arguments, and what to do next. `None` for help and version, which are no mistakes.
pub fn mistake(error: &clap::Error) -> Option<(String, String)> {
    let named = |kind: ContextKind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = named(ContextKind::InvalidArg);
    let value = named(ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            return None;
        }
        ErrorKind::UnknownArgument => format!("没有这个选项：{argument}"),
        ErrorKind::InvalidSubcommand => format!("没有这个命令：{}", named(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "没有写命令".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("缺少参数：{argument}"),
        ErrorKind::ArgumentConflict => format!("不能同时使用：{argument} 和 {}", named(ContextKind::PriorArg)),
        ErrorKind::InvalidValue if value.is_empty() => format!("选项 {argument} 缺少值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("选项 {argument} 的值“{value}”无法理解"),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("选项 {argument} 的值的个数不对")
        }
        ErrorKind::InvalidUtf8 => "参数不是有效的 UTF-8 文字".to_owned(),
        _ => error.to_string(),
    };
    let valid = named(ContextKind::ValidValue);
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .map(named)
        .find(|name| !name.is_empty());
    let next = match suggested {
        Some(name) => format!("是不是 {name}？用法见 --help"),
        None if !valid.is_empty() => format!("可写：{valid}"),
        None if error.kind() == ErrorKind::UnknownArgument => {
            "要查以 - 开头的词语，先写 --，如 yinde search -- -词；用法见 --help".to_owned()
        }
        None => "用法见 yinde --help".to_owned(),
    };
    Some((what, next))
}

#[cfg(test)]
mod tests {
    use super::super::Arguments;
    use super::*;
    use clap::CommandFactory;

    fn error(arguments: &[&str]) -> clap::Error {
        in_chinese(Arguments::command()).try_get_matches_from(arguments).expect_err("no such use")
    }

    #[test]
    fn mistakes_are_told_in_chinese() {
        for (arguments, expected) in [
            (&["yinde", "search", "--bogus"][..], "没有这个选项：--bogus"),
            (&["yinde", "serch"], "没有这个命令：serch"),
            (&["yinde", "search"], "缺少参数"),
            (&["yinde", "search", "a", "-n", "x"], "的值“x”无法理解"),
            (&["yinde", "search", "a", "--sort", "x"], "的值“x”无法理解"),
            (&["yinde", "search", "a", "--batch", "b"], "不能同时使用"),
        ] {
            let (what, next) = mistake(&error(arguments)).expect("a mistake");
            assert!(what.contains(expected) && !next.is_empty(), "{what} / {next}");
        }
    }

    #[test]
    fn help_has_no_english_headings() {
        for arguments in [&["yinde", "--help"][..], &["yinde", "search", "--help"], &["yinde", "index", "-h"]] {
            let help = error(arguments).to_string();
            for english in ["Usage", "Options", "Arguments", "Commands", "Print", "default", "Possible"] {
                assert!(!help.contains(english), "{help}");
            }
            assert!(help.contains("用法：yinde") && help.contains("显示用法"), "{help}");
        }
    }
}
