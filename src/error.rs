//! What can go wrong, said so that the reader knows what happened, to what, and what to do next.
//!
//! `Display` is what happened, in Chinese; [`Error::hint`] is the next step. A file that cannot be
//! read during indexing is no error here but a [`Skipped`](crate::model::Skipped) entry.

use std::io;
use std::path::PathBuf;

/// A failure of the library.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no index at the path.
    #[error("没有找到索引：{}", path.display())]
    IndexMissing {
        /// The index folder.
        path: PathBuf,
    },
    /// The index was written in another format.
    #[error("索引格式不符：{}（索引为第 {found} 版，本程序为第 {expected} 版）", path.display())]
    IndexFormat {
        /// The index folder.
        path: PathBuf,
        /// The version of this program.
        expected: u32,
        /// The version found; 0 if it says none.
        found: u32,
    },
    /// Another process is writing the index.
    #[error("索引正由另一个进程写入：{}", path.display())]
    IndexLocked {
        /// The index folder.
        path: PathBuf,
    },
    /// The index folder holds something that is not an index.
    #[error("文件夹不是引得的索引，不敢在其中写入：{}", path.display())]
    NotAnIndex {
        /// The folder.
        path: PathBuf,
    },
    /// The system refused to read or write the index.
    #[error("索引读写失败：{}（{source}）", path.display())]
    IndexIo {
        /// The index folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The index is damaged, or was used in a way it cannot be.
    #[error("索引无法使用：{}（{source}）", path.display())]
    IndexDamaged {
        /// The index folder.
        path: PathBuf,
        /// What the engine says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An archive folder does not exist or cannot be listed.
    #[error("无法读取文库：{}（{source}）", path.display())]
    Archive {
        /// The folder or file given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A folder cannot be followed.
    #[error("无法监视 {}：{reason}", path.display())]
    Unwatchable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// What the user wrote about reports cannot be understood.
    #[error("附注文件有误：{}（{reason}）", path.display())]
    BadSidecar {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The archive holds no file, though the index knows of some.
    #[error("文库里一个文件也没有，索引保持原样：{}", path.display())]
    ArchiveEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A file or folder asked for cannot be written.
    #[error("无法写入 {}：{reason}", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// Why, for a person.
        reason: String,
    },
    /// A query in which nothing can be looked for, or conditions alone.
    #[error("没有可查的词语：{query}")]
    NothingAsked {
        /// The query.
        query: String,
    },
    /// A command needs more than was given.
    #[error("{missing}")]
    Incomplete {
        /// What is missing.
        missing: &'static str,
        /// What to write.
        expected: &'static str,
    },
    /// A benchmark came to no figures.
    #[error("测速没有完成：{reason}")]
    Benchmark {
        /// Why, for a person.
        reason: String,
        /// What to do next.
        next: String,
    },
    /// An issuer has no reports of one kind in both years.
    #[error("“{issuer}”没有同一类型的 {} 年和 {} 年两份报告", years.0, years.1)]
    NoSuchPair {
        /// The name given.
        issuer: String,
        /// The years.
        years: (i32, i32),
    },
    /// A single file asked for could not be read.
    #[error("无法读取 {source_name}：{reason}")]
    Unreadable {
        /// The file or zip member.
        source_name: String,
        /// Why, for a person.
        reason: String,
    },
    /// No report has the identifier.
    #[error("没有这份报告：{id}")]
    NoSuchReport {
        /// What was asked for.
        id: String,
    },
    /// More than one report answers to the abbreviated identifier.
    #[error("“{id}”对应不止一份报告：{}", candidates.join("、"))]
    AmbiguousReport {
        /// What was asked for.
        id: String,
        /// Some of the reports it may mean.
        candidates: Vec<String>,
    },
    /// No report is of an issuer called so.
    #[error("没有这个单位的报告：{name}")]
    NoSuchIssuer {
        /// The name asked for.
        name: String,
    },
    /// A report has fewer passages.
    #[error("报告 {id} 没有第 {passage} 段（共 {passages} 段）")]
    NoSuchPassage {
        /// The report.
        id: String,
        /// The number asked for.
        passage: u32,
        /// How many there are.
        passages: u32,
    },
    /// An option's value cannot be understood.
    #[error("选项 {option} 的值“{value}”无法理解")]
    BadOption {
        /// The option, such as `--year`.
        option: &'static str,
        /// The value given.
        value: String,
        /// What would be understood.
        expected: String,
    },
    /// A configuration file cannot be understood.
    #[error("配置文件有误：{}（{reason}）", path.display())]
    BadConfiguration {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A user's lexicon cannot be read.
    #[error("无法读取词表：{}（{reason}）", path.display())]
    BadLexicon {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl Error {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Error::IndexMissing { .. } => "先建立索引：yinde index 文库文件夹 --index 索引文件夹".to_owned(),
            Error::IndexFormat { .. } => "重新建立即可，原文件不受影响：yinde index".to_owned(),
            Error::IndexLocked { .. } => "等另一个 yinde index 结束后再试".to_owned(),
            Error::NotAnIndex { .. } => "用 --index 指定一个空文件夹或新文件夹".to_owned(),
            Error::IndexIo { .. } => "检查磁盘空间和文件夹权限后重试；索引可随时用 yinde index 重建".to_owned(),
            Error::IndexDamaged { .. } => "索引可能已损坏，用 yinde index --rebuild 重建；原文件不受影响".to_owned(),
            Error::Archive { .. } => "用 --archive 指定存放报告的文件夹，并检查其读取权限".to_owned(),
            Error::ArchiveEmpty { .. } => "检查存放文库的磁盘是否接好；确实删空了就用 yinde index --rebuild".to_owned(),
            Error::Unwatchable { .. } => {
                "检查文件夹是否存在；文件夹太多时可提高系统的监视上限，或改为定时运行 yinde index".to_owned()
            }
            Error::BadSidecar { .. } => {
                "附注是 CSV（首行为列名）或 TOML（[[report]]）；yinde stats --write-sidecar 文件 可写出一份样子".to_owned()
            }
            Error::Unreadable { .. } => "确认文件存在、未加密，是文本、Word、WPS、PDF、OFD、网页、表格、邮件或 zip".to_owned(),
            Error::Unwritable { .. } => "检查文件夹是否存在、能否写入，或换一个文件名".to_owned(),
            Error::NoSuchReport { .. } => "报告编号见 yinde search 的结果，也可写来源文件名的一部分".to_owned(),
            Error::AmbiguousReport { .. } => "写出完整的报告编号".to_owned(),
            Error::NothingAsked { .. } => "写出要查的字词；标点、括号、空格和条件（如 年份:2024）本身不能查".to_owned(),
            Error::Incomplete { expected, .. } => (*expected).to_owned(),
            Error::Benchmark { next, .. } => next.clone(),
            Error::NoSuchPair { .. } => "各单位各类报告有哪些年份见 yinde stats --coverage；也可直接写两份报告的编号".to_owned(),
            Error::NoSuchIssuer { .. } => {
                "单位可写全称、简称或其中一部分（至少两个字）；有哪些单位见 yinde dump".to_owned()
            }
            Error::NoSuchPassage { .. } => "不写 #段号 可看全文".to_owned(),
            Error::BadOption { expected, .. } => expected.clone(),
            Error::BadConfiguration { .. } => "可用的键：archive、index、lexicon、sidecar（路径相对于配置文件）、ocr 和 [limits] 下的 file_mb、text_mb、seconds".to_owned(),
            Error::BadLexicon { .. } => "词表是 UTF-8 文本，每行一个词，或“甲 = 乙”表示同义".to_owned(),
        }
    }
}
