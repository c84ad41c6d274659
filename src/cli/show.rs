//! `yinde show`: a report, or one passage of it, with where it stands.

use std::io::Write;

use clap::Args;
use serde::Serialize;
use yinde::Error;
use yinde::archive::Stored;
use yinde::model::{Metadata, Passage, Role, section_path};

use super::asking::{Context, Style};
use super::terminal::Terminal;
use super::{Ending, write_json};

/// 看一份报告，或其中一段
#[derive(Args)]
pub struct Arguments {
    /// 报告编号（或其开头、来源文件名、标题的一部分），可加 #段号
    #[arg(value_name = "报告[#段号]")]
    report: String,
    /// 只输出引文：gbt7714、bibtex、csl-json
    #[arg(long, value_name = "格式")]
    cite: Option<Style>,
}

/// Prints the report or passage asked for.
pub fn run(arguments: &Arguments, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let &Context { archive, json, terminal, .. } = context;
    let (id, number) = reference(&arguments.report)?;
    let report = archive.report(id)?;
    if let Some(style) = arguments.cite {
        let citation = match number {
            Some(number) => {
                let section = section_path(&report.header.sections, report.passage(number)?.section);
                style.cite(&report.header, &section, number)
            }
            None => style.cite_report(&report.header),
        };
        writeln!(out, "{citation}")?;
        return Ok(Ending::Found);
    }
    let passages: Vec<(u32, Passage)> = match number {
        Some(number) => vec![(number, report.passage(number)?)],
        None => report.passages().collect::<Result<_, _>>()?,
    };
    if json {
        write_json(out, &Output::new(&report, &passages)?)?;
    } else {
        print(&report, &passages, number.is_some(), terminal, out)?;
    }
    Ok(Ending::Found)
}

/// Splits `REPORT#PASSAGE`.
pub fn reference(text: &str) -> Result<(&str, Option<u32>), Error> {
    let Some((id, number)) = text.rsplit_once('#') else { return Ok((text, None)) };
    let bad = || Error::BadOption {
        option: "报告#段号",
        value: text.to_owned(),
        expected: "写报告编号和段号，如 3f2a#12；段号是数字".to_owned(),
    };
    if id.is_empty() {
        return Err(bad());
    }
    Ok((id, Some(number.parse().map_err(|_| bad())?)))
}

fn print(
    report: &Stored,
    passages: &[(u32, Passage)],
    single: bool,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let header = &report.header;
    let metadata = &header.metadata;
    writeln!(out, "{}", terminal.bold(&metadata.title.value))?;
    let year = metadata.year.as_ref().map(|year| format!("{}年", year.value));
    let values = [
        year.as_deref(),
        Some(metadata.kind.value.label()),
        metadata.issuer.as_ref().map(|issuer| issuer.value.as_str()),
        metadata.session.as_ref().map(|session| session.value.as_str()),
        metadata.speaker.as_ref().map(|speaker| speaker.value.as_str()),
        metadata.delivered.as_ref().map(|date| date.value.as_str()),
    ];
    writeln!(out, "{}", values.into_iter().flatten().collect::<Vec<_>>().join("  "))?;
    writeln!(
        out,
        "{}",
        terminal.faint(&format!("来源：{}（{}，共 {} 段）", header.source, header.id, header.passages))
    )?;
    let main = report.copy_of()?;
    let others = main.iter().map(|main| ("副本，主本", main.clone()));
    for (label, other) in others.chain(report.copies()?.into_iter().map(|copy| ("副本", copy))) {
        writeln!(out, "{}", terminal.faint(&format!("{label}：{}（{}）", other.source, other.id)))?;
    }
    for doubt in &metadata.doubts {
        writeln!(out, "{}", terminal.faint(&format!("存疑：{}", doubt.reason)))?;
    }
    writeln!(out)?;
    for (number, passage) in passages {
        if single {
            let path = section_path(&header.sections, passage.section);
            if !path.is_empty() {
                writeln!(out, "{}", path.join(" › "))?;
            }
        }
        let text = terminal.marked(&passage.text, &[], 6);
        let text = text.get(6..).unwrap_or_default();
        let text =
            if matches!(passage.role, Role::Title | Role::Heading) { terminal.bold(text) } else { text.to_owned() };
        writeln!(out, "{number:>5} {text}")?;
        if single {
            let ranges: Vec<String> = passage.bytes.iter().map(|r| format!("{}–{}", r.start, r.end)).collect();
            writeln!(out, "      {}", terminal.faint(&format!("字节 {}", ranges.join("、"))))?;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct Output<'a> {
    report: &'a str,
    source: &'a str,
    metadata: &'a Metadata,
    copy_of: Option<String>,
    copies: Vec<CopyOutput>,
    passages: Vec<PassageOutput<'a>>,
}

#[derive(Serialize)]
struct CopyOutput {
    report: String,
    source: String,
}

#[derive(Serialize)]
struct PassageOutput<'a> {
    passage: u32,
    role: &'a str,
    part: &'a str,
    section: Vec<String>,
    text: &'a str,
    bytes: Vec<(u64, u64)>,
}

impl<'a> Output<'a> {
    fn new(report: &'a Stored, passages: &'a [(u32, Passage)]) -> Result<Output<'a>, Error> {
        let header = &report.header;
        let passage_output = |(number, passage): &'a (u32, Passage)| PassageOutput {
            passage: *number,
            role: passage.role.label(),
            part: passage.part.label(),
            section: section_path(&header.sections, passage.section),
            text: &passage.text,
            bytes: passage.bytes.iter().map(|range| (range.start, range.end)).collect(),
        };
        let copies = report.copies()?.into_iter().map(|copy| CopyOutput { report: copy.id, source: copy.source });
        Ok(Output {
            report: &header.id,
            source: &header.source,
            metadata: &header.metadata,
            copy_of: report.copy_of()?.map(|main| main.id),
            copies: copies.collect(),
            passages: passages.iter().map(passage_output).collect(),
        })
    }
}
