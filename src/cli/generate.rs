//! `yinde generate`: writes made-up reports of a given size, for benchmarks. How sizes are typed stands here, too.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use yinde::Error;
use yinde::archive::{Archive, generator_model};
use yinde::bench::corpus;

use super::Ending;

/// 按种子生成任意大小的仿报告文本，供测速用
///
/// 词汇和句法学自已建索引的文库（默认为样本文库）；同一文库、种子和大小，每次生成的内容相同。
#[derive(Args)]
pub struct Arguments {
    /// 写到哪个文件夹（须为空或不存在）
    #[arg(value_name = "文件夹")]
    folder: PathBuf,
    /// 大小，如 20MB、1GB [默认：20MB]
    #[arg(long, value_name = "大小", default_value = "20MB")]
    size: String,
    /// 种子 [默认：1]
    #[arg(long, value_name = "整数", default_value_t = 1)]
    seed: u64,
}

/// Generates the files.
pub fn run(arguments: &Arguments, archive: &Archive, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let size = bytes(&arguments.size)?;
    let refuse = |reason: String| Error::Unwritable { path: arguments.folder.clone(), reason };
    if fs::read_dir(&arguments.folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(refuse("文件夹不是空的".to_owned()).into());
    }
    let model = generator_model(archive)?;
    let written = corpus::write(&model, arguments.seed, size, &arguments.folder);
    let written = written.map_err(|error| refuse(error.to_string()))?;
    let megabytes = written.bytes as f64 / 1e6;
    writeln!(out, "已生成 {} 个文件，{megabytes:.1} MB：{}", written.files, arguments.folder.display())?;
    Ok(Ending::Found)
}

/// The largest size that can be asked for: more is a slip of the keys.
const MOST: u64 = 1_000_000_000_000;

/// Reads `20MB`, `1GB`, `500KB` or a number of bytes.
///
/// # Errors
/// If it is none of these, nothing, or more than 1000 GB.
pub fn bytes(text: &str) -> Result<u64, Error> {
    let bad = || Error::BadOption {
        option: "--size",
        value: text.to_owned(),
        expected: "写数字加单位，如 20MB、1GB；不能为 0，至多 1000GB".to_owned(),
    };
    let upper = text.trim().to_uppercase();
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("", 1)];
    let (number, unit) =
        units.iter().find_map(|(unit, factor)| Some((upper.strip_suffix(unit)?, *factor))).ok_or_else(bad)?;
    let number: u64 = number.trim().parse().map_err(|_| bad())?;
    number.checked_mul(unit).filter(|size| (1..=MOST).contains(size)).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_with_units() {
        assert_eq!(bytes("20MB").expect("valid"), 20_000_000);
        assert_eq!(bytes("1gb").expect("valid"), 1_000_000_000);
        assert_eq!(bytes("7").expect("valid"), 7);
        for nonsense in ["大", "", "MB", "-1MB", "0", "0GB", "1001GB", "99999999999999GB"] {
            assert!(bytes(nonsense).is_err(), "{nonsense}");
        }
    }
}
