//! What commands that count share: conditions, how a query is read, exports, the methods note, citations.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use yinde::Error;
use yinde::archive::Archive;
use yinde::citation::{self, Place};
use yinde::export::{Table, csv, markdown, text, xlsx};
use yinde::query::{self, Class, Field, Query, Reading};
use yinde::usage::located::Located;
use yinde::usage::methods::{Asked, Methods};
use yinde::usage::{Kinds, Usage};

use super::settings::Settings;
use super::terminal::Terminal;

/// What a command works with.
pub struct Context<'a> {
    /// The index.
    pub archive: &'a Archive,
    /// Archive, index and lexicon, as resolved.
    pub settings: &'a Settings,
    /// Whether the answer is JSON.
    pub json: bool,
    /// The terminal.
    pub terminal: &'a Terminal,
}

/// Conditions that passages have to meet.
#[derive(Args)]
pub struct Conditions {
    /// 年份，如 2024、2020..2026、..2015，可用逗号隔开几个
    #[arg(long, value_name = "年份")]
    year: Option<String>,
    /// 类型，写出一部分即可，如 政府、法院；可写多次
    #[arg(long, value_name = "类型")]
    kind: Vec<String>,
    /// 地区，写出一部分即可；中央为 全国；可写多次
    #[arg(long, value_name = "地区")]
    region: Vec<String>,
    /// 部分：回顾 review、问题 problems、体会 experience、要求 requirements、部署 plan、结尾 closing、附录 appendix、其他 other
    #[arg(long, value_name = "部分")]
    part: Vec<String>,
}

impl Conditions {
    /// The fields asked for.
    pub fn fields(&self) -> Result<Vec<Field>, Error> {
        let mut fields = Vec::new();
        if let Some(years) = &self.year {
            let half_width = |c: char| {
                if ('０'..='９').contains(&c) { char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c) } else { c }
            };
            let bad = || Error::BadOption {
                option: "--year",
                value: years.clone(),
                expected: "写一个年份或一段年份，如 2024、2020..2026、2020..、..2015，几个之间用逗号".to_owned(),
            };
            fields.push(Field::Year(query::years(&years.chars().map(half_width).collect::<String>()).ok_or_else(bad)?));
        }
        let parts = self.part.iter().map(|name| {
            let expected = "可写：回顾、问题、体会、要求、部署、结尾、附录、其他，或其英文名".to_owned();
            query::part(name).ok_or_else(|| Error::BadOption { option: "--part", value: name.clone(), expected })
        });
        let parts: Vec<_> = parts.collect::<Result<_, _>>()?;
        fields.extend((!parts.is_empty()).then_some(Field::Part(parts)));
        fields.extend((!self.kind.is_empty()).then(|| Field::Kind(self.kind.clone())));
        fields.extend((!self.region.is_empty()).then(|| Field::Region(self.region.clone())));
        Ok(fields)
    }
}

/// How a query that is counted is read.
#[derive(Args)]
pub struct Counting {
    #[command(flatten)]
    conditions: Conditions,
    /// 等同说法（日期、百分数、五年规划等）也计入；不写则只逐字计数
    #[arg(long)]
    widen: bool,
    /// 只按字面：除英文双引号外没有运算符
    #[arg(long, conflicts_with = "widen")]
    pub literal: bool,
    /// 引号和标点也须一致
    #[arg(long)]
    marks: bool,
    /// 附口径说明：文库、词表、命令、条件、范围和分母
    #[arg(long)]
    methods: bool,
}

/// Queries being counted.
pub struct Counter<'a> {
    context: &'a Context<'a>,
    reading: Reading,
    /// Conditions given beside the queries.
    pub fields: Vec<Field>,
    asked: Asked,
    methods: bool,
}

impl Counting {
    /// Makes the counting of some queries ready.
    pub fn counter<'a>(&self, context: &'a Context<'a>, queries: &[String]) -> anyhow::Result<Counter<'a>> {
        let without = if self.widen { Vec::new() } else { Class::ALL.to_vec() };
        let synonyms = if self.widen { context.settings.lexicon()?.synonyms } else { Vec::new() };
        let reading = Reading { literal: self.literal, marks: self.marks, without, synonyms };
        let fields = self.conditions.fields()?;
        let asked = Asked {
            command: command_line(),
            queries: queries.to_vec(),
            conditions: fields.clone(),
            equivalents: if self.widen { Class::ALL.to_vec() } else { Vec::new() },
            counted: Vec::new(),
        };
        Ok(Counter { context, reading, fields, asked, methods: self.methods })
    }
}

impl<'a> Counter<'a> {
    /// Reads a query and looks it up; what could not be read as it looks is told on stderr.
    ///
    /// # Errors
    /// If nothing in it can be looked for.
    pub fn usage(&self, text: &str, kinds: Kinds) -> Result<Usage<'a>, Error> {
        let usage = self.among(text, kinds)?;
        if usage.asked.is_none() {
            return Err(Error::NothingAsked { query: text.to_owned() });
        }
        Ok(usage)
    }

    /// Reads a query, which may be conditions alone or nothing, and looks it up.
    pub fn among(&self, text: &str, kinds: Kinds) -> Result<Usage<'a>, Error> {
        let query = self.query(text);
        let terminal = self.context.terminal;
        query.remarks.iter().for_each(|remark| terminal.message("hint: ", remark));
        if query.root.is_none() && !text.trim().is_empty() {
            return Err(Error::NothingAsked { query: text.to_owned() });
        }
        let usage = self.context.archive.usage(&query, &self.fields, kinds)?;
        if usage.reports.iter().all(Vec::is_empty) {
            terminal.message("hint: ", "没有符合条件的报告；有哪些类型、地区、年份见 yinde stats");
        }
        Ok(usage)
    }

    /// Reads a query.
    pub fn query(&self, text: &str) -> Query {
        Query::read(text, &self.reading)
    }

    /// How a count comes about, if that is asked for; `counted` says what was counted, and how.
    pub fn methods(&self, usage: &Usage, counted: &[&str]) -> Result<Option<Methods>, Error> {
        let counted = counted.iter().map(|line| (*line).to_owned()).collect();
        self.methods.then(|| Methods::of(usage, &Asked { counted, ..self.asked.clone() })).transpose()
    }
}

/// The lines of a methods note, if there is one.
pub fn notes(methods: Option<&Methods>) -> Vec<String> {
    methods.map(Methods::lines).unwrap_or_default()
}

/// What was typed, quoted where a shell needs it.
pub fn command_line() -> String {
    let quoted = |argument: String| {
        let is_plain = |c: char| c.is_alphanumeric() || "-_=./:,+#~".contains(c);
        if !argument.is_empty() && argument.chars().all(is_plain) {
            argument
        } else {
            format!("'{}'", argument.replace('\'', "'\\''"))
        }
    };
    let arguments = std::env::args_os().skip(1).map(|argument| quoted(argument.to_string_lossy().into_owned()));
    std::iter::once("yinde".to_owned()).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// Spreadsheets that a table is written to.
#[derive(Args)]
pub struct Sheets {
    /// 写成 CSV 文件
    #[arg(long, value_name = "文件")]
    csv: Option<PathBuf>,
    /// 写成 Excel 文件
    #[arg(long, value_name = "文件")]
    xlsx: Option<PathBuf>,
}

impl Sheets {
    /// Whether any is asked for.
    pub fn is_asked(&self) -> bool {
        self.csv.is_some() || self.xlsx.is_some()
    }

    /// Writes those asked for.
    pub fn write(&self, table: &Table, terminal: &Terminal) -> Result<(), Error> {
        if let Some(path) = &self.csv {
            write_file(path, &csv(table), terminal)?;
            // CSV has no place for notes.
            if !table.notes.is_empty() {
                let beside = path.with_extension("口径说明.txt");
                write_file(&beside, (table.notes.join("\n") + "\n").as_bytes(), terminal)?;
            }
        }
        if let Some(path) = &self.xlsx {
            let unwritable = |reason: String| Error::Unwritable { path: path.clone(), reason };
            write_file(path, &xlsx(table).map_err(|error| unwritable(error.to_string()))?, terminal)?;
        }
        Ok(())
    }
}

/// Files that a table is written to.
#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    sheets: Sheets,
    /// 写成 Markdown 文件
    #[arg(long, value_name = "文件")]
    md: Option<PathBuf>,
}

impl Export {
    /// Whether any file is asked for.
    pub fn is_asked(&self) -> bool {
        self.sheets.is_asked() || self.md.is_some()
    }

    /// Writes the files asked for.
    pub fn write(&self, table: &Table, terminal: &Terminal) -> Result<(), Error> {
        self.sheets.write(table, terminal)?;
        match &self.md {
            Some(path) => write_file(path, markdown(table).as_bytes(), terminal),
            None => Ok(()),
        }
    }
}

/// Writes a file asked for, and says so.
pub fn write_file(path: &Path, bytes: &[u8], terminal: &Terminal) -> Result<(), Error> {
    let unwritable = |error: std::io::Error| Error::Unwritable { path: path.to_owned(), reason: error.to_string() };
    fs::write(path, bytes).map_err(unwritable)?;
    terminal.message("已写入：", &path.display().to_string());
    Ok(())
}

/// Prints a table for people.
pub fn print_table(table: &Table, terminal: &Terminal, out: &mut dyn Write) -> anyhow::Result<()> {
    for line in text(table, terminal.width) {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Prints a methods note for people, if there is one.
pub fn print_methods(methods: Option<&Methods>, out: &mut dyn Write) -> anyhow::Result<()> {
    let Some(methods) = methods else { return Ok(()) };
    writeln!(out, "\n口径说明")?;
    for line in methods.lines() {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// What was left out for its kind, for people.
pub fn print_left_out(usage: &Usage, out: &mut dyn Write) -> anyhow::Result<()> {
    if !usage.left_out.is_empty() {
        let kinds: Vec<String> = usage.left_out.iter().map(|(kind, reports)| format!("{kind} {reports} 份")).collect();
        writeln!(out, "未计{}；要计入，用 --kind 指明类型", kinds.join("、"))?;
    }
    Ok(())
}

/// A way of writing citations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Style {
    /// GB/T 7714
    #[value(name = "gbt7714")]
    GbT7714,
    /// BibTeX
    Bibtex,
    /// CSL-JSON
    CslJson,
}

impl Style {
    fn style(self) -> citation::Style {
        match self {
            Style::GbT7714 => citation::Style::GbT7714,
            Style::Bibtex => citation::Style::BibTex,
            Style::CslJson => citation::Style::CslJson,
        }
    }

    /// The citation of a passage.
    pub fn cite(self, header: &yinde::Header, section: &[String], passage: u32) -> String {
        let place = Place { section: section.to_vec(), passage };
        citation::cite(&header.metadata, &header.id, &header.source, Some(&place), self.style())
    }

    /// The citation of a report.
    pub fn cite_report(self, header: &yinde::Header) -> String {
        citation::cite(&header.metadata, &header.id, &header.source, None, self.style())
    }

    /// The citation of an occurrence.
    pub fn cite_at(self, at: &Located) -> String {
        self.cite(&at.header, &at.section, at.number)
    }
}
