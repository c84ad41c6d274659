//! `yinde generate`: writes made-up reports of a given size, for benchmarks.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use yinde::Error;
use yinde::archive::{Archive, generator_model};
use yinde::generate::Generator;

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

/// Files of one folder.
const FILES_PER_FOLDER: usize = 1_000;

/// Generates the files.
pub fn run(arguments: &Arguments, archive: &Archive, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let size = bytes(&arguments.size)?;
    let refuse = |reason: String| Error::Unwritable { path: arguments.folder.clone(), reason };
    if fs::read_dir(&arguments.folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(refuse("文件夹不是空的".to_owned()).into());
    }
    let model = generator_model(archive)?;
    let mut generator = Generator::new(&model, arguments.seed);
    let (mut files, mut written) = (0, 0);
    while written < size {
        let report = generator.report();
        let folder = arguments.folder.join(format!("{:04}", files / FILES_PER_FOLDER));
        let write = || {
            fs::create_dir_all(&folder)?;
            fs::write(folder.join(format!("{:06}{}.txt", files, report.name)), &report.text)
        };
        write().map_err(|error| refuse(error.to_string()))?;
        files += 1;
        written += report.text.len() as u64;
    }
    writeln!(out, "已生成 {files} 个文件，{:.1} MB：{}", written as f64 / 1e6, arguments.folder.display())?;
    Ok(Ending::Found)
}

/// Reads `20MB`, `1GB`, `500KB` or a number of bytes.
fn bytes(text: &str) -> Result<u64, Error> {
    let bad = || Error::BadOption {
        option: "--size",
        value: text.to_owned(),
        expected: "写数字加单位，如 20MB、1GB".to_owned(),
    };
    let upper = text.trim().to_uppercase();
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("", 1)];
    let (number, unit) =
        units.iter().find_map(|(unit, factor)| Some((upper.strip_suffix(unit)?, *factor))).ok_or_else(bad)?;
    let number: u64 = number.trim().parse().map_err(|_| bad())?;
    number.checked_mul(unit).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_with_units() {
        assert_eq!(bytes("20MB").expect("valid"), 20_000_000);
        assert_eq!(bytes("1gb").expect("valid"), 1_000_000_000);
        assert_eq!(bytes("7").expect("valid"), 7);
        assert!(bytes("大").is_err() && bytes("99999999999999GB").is_err());
    }
}
