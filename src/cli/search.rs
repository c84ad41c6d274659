//! `yinde search`: one query or a batch, as text for people or JSON lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use yinde::Error;
use yinde::archive::Archive;
use yinde::model::Part;
use yinde::query::Query;
use yinde::search::filter::Filter;
use yinde::search::rank::Sort;
use yinde::search::{Hit, Options, Outcome, Tier};

use super::settings::Settings;
use super::terminal::{Terminal, snippet};
use super::{Ending, index, write_json};

/// 查找：一个或几个词语，同段都有才算
///
/// 逐字查找，引号、括号、书名号和全角半角、繁简不影响结果；空格隔开的几个词须在同一段。
/// 带空格的一串写在英文双引号里：yinde search '"AI agent"'。
#[derive(Args)]
pub struct Arguments {
    /// 要找的词语
    #[arg(value_name = "词语", required_unless_present = "batch")]
    query: Vec<String>,
    /// 最多显示几段 [默认：10]
    #[arg(short = 'n', long, value_name = "段数", default_value_t = 10)]
    limit: usize,
    /// 跳过前几段 [默认：0]
    #[arg(long, value_name = "段数", default_value_t = 0)]
    offset: usize,
    /// 只计数，不显示段落
    #[arg(long)]
    count: bool,
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
    /// 从文件逐行读词语（- 为标准输入），每行给一个结果
    #[arg(long, value_name = "文件", conflicts_with = "query")]
    batch: Option<PathBuf>,
    /// 排序：relevance 按相关程度，year 由早到晚，-year 由晚到早 [默认：relevance]
    #[arg(long, value_name = "方式", default_value = "relevance", allow_hyphen_values = true)]
    sort: SortArgument,
    /// 每份报告最多显示几段
    #[arg(long, value_name = "段数", value_parser = clap::value_parser!(u64).range(1..))]
    per_report: Option<u64>,
    /// 逐字结果之后，再给含有其中部分词语的段落
    #[arg(long)]
    relaxed: bool,
    /// 只按字面查找，不作任何放宽
    #[arg(long, conflicts_with = "relaxed")]
    literal: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum SortArgument {
    /// 按相关程度
    Relevance,
    /// 由早到晚
    Year,
    /// 由晚到早
    #[value(name = "-year")]
    YearDescending,
}

/// Builds the index if there is none, then searches.
pub fn run(
    arguments: &Arguments,
    settings: &Settings,
    json: bool,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let options = options(arguments)?;
    let archive = match settings.open(terminal) {
        Err(error) if matches!(error.downcast_ref(), Some(Error::IndexMissing { .. })) => {
            let summary = index::build(settings)?;
            index::list_skipped(&summary, terminal);
            settings.open(terminal)?
        }
        opened => opened?,
    };
    let search = Search { arguments, options, archive, json, terminal };
    match &arguments.batch {
        None => Ok(ending(search.one(&arguments.query.join(" "), out)?)),
        Some(path) => search.batch(path, out),
    }
}

fn ending(found: bool) -> Ending {
    if found { Ending::Found } else { Ending::Nothing }
}

fn options(arguments: &Arguments) -> Result<Options, Error> {
    let parts = arguments.part.iter().map(|name| {
        let expected = || "可写：回顾、问题、体会、要求、部署、结尾、附录、其他，或其英文名".to_owned();
        part(name).ok_or_else(|| Error::BadOption { option: "--part", value: name.clone(), expected: expected() })
    });
    Ok(Options {
        limit: if arguments.count { 0 } else { arguments.limit },
        offset: arguments.offset,
        filter: Filter {
            years: arguments.year.as_deref().map(years).transpose()?.unwrap_or_default(),
            kinds: arguments.kind.clone(),
            regions: arguments.region.clone(),
            parts: parts.collect::<Result<_, _>>()?,
        },
        sort: match arguments.sort {
            SortArgument::Relevance => Sort::Relevance,
            SortArgument::Year => Sort::Year,
            SortArgument::YearDescending => Sort::YearDescending,
        },
        per_report: arguments.per_report.map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
    })
}

/// The Chinese names of parts beside their labels.
const PART_NAMES: [(&str, Part); 9] = [
    ("回顾", Part::Review),
    ("问题", Part::Problems),
    ("体会", Part::Experience),
    ("要求", Part::Requirements),
    ("目标", Part::Requirements),
    ("部署", Part::Plan),
    ("结尾", Part::Closing),
    ("附录", Part::Appendix),
    ("其他", Part::Other),
];

fn part(name: &str) -> Option<Part> {
    let chinese = PART_NAMES.iter().find(|(chinese, _)| *chinese == name).map(|&(_, part)| part);
    chinese.or_else(|| Part::ALL.iter().copied().find(|part| part.label() == name))
}

/// Reads `2024`, `2020..2026`, `2020..`, `..2015` and lists of them.
fn years(text: &str) -> Result<Vec<RangeInclusive<i32>>, Error> {
    let bad = || Error::BadOption {
        option: "--year",
        value: text.to_owned(),
        expected: "写一个年份或一段年份，如 2024、2020..2026、2020..、..2015，几个之间用逗号".to_owned(),
    };
    let bound = |text: &str, open: i32| if text.is_empty() { Ok(open) } else { text.parse().map_err(|_| bad()) };
    let ranges = text.split([',', '，']).map(|range| {
        let range = range.trim().trim_end_matches('年');
        match range.split_once("..") {
            Some((from, to)) => Ok(bound(from, i32::MIN)?..=bound(to.trim_start_matches('='), i32::MAX)?),
            None => range.parse().map(|year| year..=year).map_err(|_| bad()),
        }
    });
    ranges.collect()
}

struct Search<'a> {
    arguments: &'a Arguments,
    options: Options,
    archive: Archive,
    json: bool,
    terminal: &'a Terminal,
}

impl Search<'_> {
    fn batch(&self, path: &Path, out: &mut dyn Write) -> anyhow::Result<Ending> {
        let mut input: Box<dyn BufRead> = if path.as_os_str() == "-" {
            Box::new(io::stdin().lock())
        } else {
            let unreadable = |error: io::Error| Error::Unreadable {
                source_name: path.display().to_string(),
                reason: format!("无法打开（{error}）"),
            };
            Box::new(BufReader::new(File::open(path).map_err(unreadable)?))
        };
        let mut found = false;
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line)? > 0 {
            let text = String::from_utf8_lossy(&line);
            found |= self.one(text.trim_end_matches(['\n', '\r']), out)?;
            line.clear();
        }
        Ok(ending(found))
    }

    /// Answers one query; says whether anything was found.
    fn one(&self, text: &str, out: &mut dyn Write) -> anyhow::Result<bool> {
        let query = Query::parse(text);
        let outcome = self.archive.search(&query, &self.options, self.arguments.relaxed)?;
        if query.strings.is_empty() && self.arguments.batch.is_none() {
            self.terminal.message("hint: ", "词语里没有可查的字；标点、括号和空格不算");
        }
        if self.json {
            write_json(out, &Output::new(&query, &outcome, self.arguments.count))?;
        } else {
            self.print(&query, &outcome, out)?;
        }
        Ok(outcome.passages > 0 || outcome.relaxed.is_some_and(|relaxed| relaxed > 0))
    }

    fn print(&self, query: &Query, outcome: &Outcome, out: &mut dyn Write) -> anyhow::Result<()> {
        for hit in &outcome.hits {
            self.print_hit(hit, out)?;
        }
        if self.arguments.batch.is_some() {
            write!(out, "{}：", query.text)?;
        }
        if outcome.passages == 0 {
            write!(out, "没有找到")?;
        } else {
            let cross = outcome.occurrences - outcome.whole;
            write!(
                out,
                "{} 段，{} 处（整词 {}，跨词 {cross}），见于 {} 份报告",
                outcome.passages, outcome.occurrences, outcome.whole, outcome.reports
            )?;
        }
        if let Some(relaxed) = outcome.relaxed {
            write!(out, "；另有 {relaxed} 段含其中部分词语")?;
        }
        writeln!(out, "；用时 {:.1} 毫秒", outcome.elapsed.as_secs_f64() * 1e3)?;
        Ok(())
    }

    fn print_hit(&self, hit: &Hit, out: &mut dyn Write) -> anyhow::Result<()> {
        const INDENT: usize = 4;
        let metadata = &hit.header.metadata;
        let year = metadata.year.as_ref().map_or_else(|| "年份不详".to_owned(), |year| format!("{}年", year.value));
        let issuer = metadata.issuer.as_ref().map_or("单位不详", |issuer| issuer.value.as_str());
        let tier = match hit.tier {
            Tier::Whole => "",
            Tier::Cross => "  [跨词]",
            Tier::Relaxed => "  [部分词语]",
        };
        let rank = format!("{:>2}. ", hit.rank);
        writeln!(out, "{rank}{}  {year}  {issuer}{tier}", self.terminal.bold(&metadata.title.value))?;
        if !hit.section.is_empty() {
            writeln!(out, "    {}", self.terminal.faint(&hit.section.join(" › ")))?;
        }
        let (text, spans) = snippet(&hit.passage.text, &hit.spans, 50, 160);
        writeln!(out, "{}", self.terminal.marked(&text, &spans, INDENT))?;
        let place = format!("出处：{}，第 {} 段（{}#{}）", hit.header.source, hit.number, hit.header.id, hit.number);
        writeln!(out, "    {}\n", self.terminal.faint(&place))?;
        Ok(())
    }
}

/// The JSON answer to one query.
#[derive(Serialize)]
struct Output<'a> {
    query: &'a str,
    matching: Matching<'a>,
    passages: u64,
    occurrences: u64,
    reports: u64,
    tiers: Tiers,
    #[serde(skip_serializing_if = "Option::is_none")]
    relaxed: Option<u64>,
    elapsed_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    hits: Option<Vec<HitOutput<'a>>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Matching<'a> {
    One(&'a str),
    More(&'a [String]),
}

#[derive(Serialize)]
struct Tiers {
    whole: u64,
    cross: u64,
}

#[derive(Serialize)]
struct HitOutput<'a> {
    rank: usize,
    score: f32,
    tier: &'a str,
    report: &'a str,
    passage: u32,
    title: &'a str,
    year: Option<i32>,
    kind: &'a str,
    issuer: Option<&'a str>,
    region: Option<&'a str>,
    part: &'a str,
    section: &'a [String],
    source: &'a str,
    text: &'a str,
    spans: &'a [(usize, usize)],
}

impl<'a> Output<'a> {
    fn new(query: &'a Query, outcome: &'a Outcome, count: bool) -> Output<'a> {
        Output {
            query: &query.text,
            matching: match query.strings.as_slice() {
                [] => Matching::One(""),
                [one] => Matching::One(one),
                more => Matching::More(more),
            },
            passages: outcome.passages,
            occurrences: outcome.occurrences,
            reports: outcome.reports,
            tiers: Tiers { whole: outcome.whole, cross: outcome.occurrences - outcome.whole },
            relaxed: outcome.relaxed,
            elapsed_ms: outcome.elapsed.as_secs_f64() * 1e3,
            hits: (!count).then(|| outcome.hits.iter().map(HitOutput::of).collect()),
        }
    }
}

impl<'a> HitOutput<'a> {
    fn of(hit: &'a Hit) -> HitOutput<'a> {
        let metadata = &hit.header.metadata;
        HitOutput {
            rank: hit.rank,
            score: hit.score,
            tier: hit.tier.label(),
            report: &hit.header.id,
            passage: hit.number,
            title: &metadata.title.value,
            year: metadata.year.as_ref().map(|year| year.value),
            kind: metadata.kind.value.label(),
            issuer: metadata.issuer.as_ref().map(|issuer| issuer.value.as_str()),
            region: metadata.region.as_ref().map(|region| region.value.as_str()),
            part: hit.passage.part.label(),
            section: &hit.section,
            source: &hit.header.source,
            text: &hit.passage.text,
            spans: &hit.spans,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_in_every_form() {
        assert_eq!(years("2024").expect("valid"), [2024..=2024]);
        assert_eq!(years("2020..2026").expect("valid"), [2020..=2026]);
        assert_eq!(years("..2015, 2024年").expect("valid"), [i32::MIN..=2015, 2024..=2024]);
        for bad in ["", "去年", "2020-2026", "..x"] {
            assert!(years(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn parts_by_either_name() {
        assert_eq!(part("部署"), Some(Part::Plan));
        assert_eq!(part("plan"), Some(Part::Plan));
        assert_eq!(part("计划"), None);
    }
}
