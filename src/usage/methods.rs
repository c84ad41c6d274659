//! The methods note (口径说明): how a count came about, ready to paste into a paper.
//!
//! Says nothing that changes from one run to the next: the same archive, program and question give the same note.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Usage;
use crate::error::Error;
use crate::index::FORMAT;
use crate::index::reader::View;
use crate::query::{Class, Field};
use crate::search::coverage::Series;
use crate::text::numerals::year_ranges;

/// What was counted where, and how.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Methods {
    /// Program and version.
    pub program: String,
    /// Version of the index's format.
    pub format: u32,
    /// Hash over the contents of the archive's files, whatever they are called: equal for equal archives.
    pub fingerprint: String,
    /// How many files the archive has.
    pub files: u64,
    /// How many could not be read, in whole or part.
    pub skipped: u64,
    /// Hash of the user's words that segmentation knows; empty for none.
    pub lexicon: String,
    /// What was typed.
    pub command: String,
    /// The queries.
    pub queries: Vec<String>,
    /// Conditions given beside the queries.
    pub conditions: Vec<String>,
    /// Classes of equivalent wordings that count as well; empty for literal counting.
    pub equivalents: Vec<&'static str>,
    /// What was counted, and how.
    pub counted: Vec<String>,
    /// Copies of reports in the index, and whether they count.
    pub copies: Copies,
    /// Reports left out for their kind.
    pub left_out: BTreeMap<String, u64>,
    /// Reports looked through.
    pub reports: u64,
    /// Characters of matching form looked through, appendices included.
    pub characters: u64,
    /// Characters in appendices.
    pub in_appendix: u64,
    /// The series looked through, those of most years first.
    pub series: Vec<Covered>,
}

/// What becomes of copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Copies {
    /// How many there are.
    pub found: u64,
    /// Whether they count.
    pub counted: bool,
}

/// A series with the years it has and lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Covered {
    /// The series.
    #[serde(flatten)]
    pub series: Series,
    /// Years between its first and last without a report.
    pub missing: Vec<i64>,
}

/// What was asked, as typed.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The command line.
    pub command: String,
    /// The queries.
    pub queries: Vec<String>,
    /// Conditions given beside them.
    pub conditions: Vec<Field>,
    /// Classes of equivalent wordings that count as well.
    pub equivalents: Vec<Class>,
    /// What was counted, and how, for people.
    pub counted: Vec<String>,
}

/// How occurrences are counted.
pub const OCCURRENCES: &str =
    "计数：逐字匹配（全角半角、繁简、引号括号不论），交叠的也计；次数为出现处数，段数为含有的段落数。";

impl Methods {
    /// How what a usage counts, or reads, comes about.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(usage: &Usage, asked: &Asked) -> Result<Methods, Error> {
        let snapshot = usage.snapshot;
        let manifest = &snapshot.manifest;
        let files = snapshot.files()?;
        let mut hashes: Vec<&[u8]> = files.iter().map(|file| file.hash.as_slice()).collect();
        hashes.sort_unstable();
        let fingerprint = blake3::hash(&hashes.concat()).to_hex().chars().take(FINGERPRINT).collect();
        let series = usage.series()?;
        let (mut characters, mut in_appendix) = (0, 0);
        for (number, segment) in usage.segments() {
            let appendix = Usage::in_appendix(segment).map_err(|source| snapshot.failure(source))?;
            for &doc in &usage.looked_through[number] {
                let of_passage = u64::from(segment.characters(doc));
                characters += of_passage;
                in_appendix += if appendix(doc) { of_passage } else { 0 };
            }
        }
        let shown = |field: &Field| format!("{}:{}", field.names().1, field.value());
        let covered = |series: Series| Covered { missing: series.missing(), series };
        Ok(Methods {
            program: format!("yinde {}", env!("CARGO_PKG_VERSION")),
            format: FORMAT,
            fingerprint,
            files: files.len() as u64,
            skipped: manifest.skipped,
            lexicon: manifest.lexicon.clone(),
            command: asked.command.clone(),
            queries: asked.queries.clone(),
            conditions: asked.conditions.iter().map(shown).collect(),
            equivalents: asked.equivalents.iter().map(|class| class.name()).collect(),
            counted: asked.counted.clone(),
            copies: Copies { found: manifest.copies, counted: snapshot.view == View::All },
            left_out: usage.left_out.clone(),
            reports: series.iter().map(|series| series.reports).sum(),
            characters,
            in_appendix,
            series: series.into_iter().map(covered).collect(),
        })
    }

    /// The note, a sentence or two a line.
    pub fn lines(&self) -> Vec<String> {
        let lexicon = if self.lexicon.is_empty() { "无" } else { &self.lexicon };
        let mut lines = vec![
            format!("程序：{}（索引格式 {}）；用户词表：{lexicon}。", self.program, self.format),
            format!("文库：{} 个文件，内容指纹 {}；未能读全的 {} 处。", self.files, self.fingerprint, self.skipped),
            format!("命令：{}", self.command),
        ];
        if !self.queries.is_empty() {
            lines.push(format!("检索词：{}。", self.queries.join("；")));
        }
        let conditions = if self.conditions.is_empty() { "无".to_owned() } else { self.conditions.join("，") };
        let equivalents = if self.equivalents.is_empty() {
            "不计，只逐字计数".to_owned()
        } else {
            format!("计入（{}）", self.equivalents.join("、"))
        };
        lines.push(format!("另加条件：{conditions}。等同说法：{equivalents}。"));
        lines.extend(self.counted.iter().cloned());
        let copies = if self.copies.counted { "一并计入" } else { "不计" };
        lines.push(format!("副本：同一报告的副本 {} 份，{copies}。", self.copies.found));
        if !self.left_out.is_empty() {
            let kinds: Vec<String> =
                self.left_out.iter().map(|(kind, reports)| format!("{kind} {reports} 份")).collect();
            lines.push(format!("未计：{}（不是报告；指明类型则计）。", kinds.join("，")));
        }
        lines.push(format!(
            "范围：{} 份报告，{} 字（匹配形字数，已去网页杂项；其中附录 {} 字）。",
            self.reports, self.characters, self.in_appendix
        ));
        let several: Vec<&Covered> = self.series.iter().filter(|covered| covered.series.reports > 1).collect();
        lines.extend(several.iter().take(SHOWN).map(|covered| covered.line()));
        let single = self.series.len() - several.len();
        let more = several.len().saturating_sub(SHOWN);
        if single + more > 0 {
            lines.push(format!(
                "此外 {} 个系列，其中 {single} 个各只有 1 份报告；全部见 yinde stats --coverage。",
                single + more
            ));
        }
        lines
    }
}

/// Characters of the fingerprint: 64 bits, enough to tell archives apart.
const FINGERPRINT: usize = 16;

/// Series that the note names.
const SHOWN: usize = 12;

impl Covered {
    fn line(&self) -> String {
        let issuer = if self.series.issuer.is_empty() { "单位不详" } else { &self.series.issuer };
        let years = match (self.series.years.first(), self.series.years.last()) {
            (Some(first), Some(last)) if first == last => format!("{first} 年"),
            (Some(first), Some(last)) => format!("{first}–{last} 年"),
            _ => "年份不详".to_owned(),
        };
        let missing = match self.missing.as_slice() {
            missing @ [_, ..] if self.series.is_annual() => format!("，缺 {}", year_ranges(missing)),
            _ => String::new(),
        };
        format!("系列：{issuer} {}，{} 份，{years}{missing}。", self.series.kind, self.series.reports)
    }
}
