//! Reads scanned pages with programs that the user has installed: `pdftoppm` (poppler) and `tesseract`.
//!
//! Only where it was asked for. The programs see a copy in a temporary folder, never the archive.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use super::extract::{Extracted, lines_of};

/// What tesseract is to recognise: simplified Chinese.
const LANGUAGE: &str = "chi_sim";

/// Dots per inch of the pictures: tesseract's own advice.
const RESOLUTION: &str = "300";

/// Reads the pages of a PDF; `after_page` is called after each.
///
/// # Errors
/// A reason for a person: a program is missing, or nothing was recognised.
pub fn read(pdf: &[u8], max_text: u64, after_page: &mut dyn FnMut()) -> Result<Extracted, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("无法建立临时文件夹（{error}）"))?;
    let file = folder.path().join("scan.pdf");
    fs::write(&file, pdf).map_err(|error| format!("无法写入临时文件（{error}）"))?;
    let mut text = String::new();
    for page in 1.. {
        let Some(picture) = picture(&file, page)? else { break };
        let recognised = run(Command::new("tesseract").arg(&picture).args(["stdout", "-l", LANGUAGE]))?;
        let recognised = recognised.ok_or("tesseract 没有读出文字，或没有安装 chi_sim 语言包")?;
        fs::remove_file(picture).map_err(|error| format!("无法删除临时文件（{error}）"))?;
        for line in String::from_utf8_lossy(&recognised).lines() {
            text.push_str(&closed_up(line));
            text.push('\n');
        }
        if text.len() as u64 > max_text {
            return Err(format!("文字超过 {} MB 上限", max_text >> 20));
        }
        after_page();
    }
    if text.trim().is_empty() {
        return Err("没有文字层，文字识别也没有读出文字".to_owned());
    }
    Ok(Extracted { blocks: lines_of(&text, 0), text, ..Extracted::default() })
}

/// The picture of a page; `None` behind the last one.
fn picture(file: &Path, page: u32) -> Result<Option<std::path::PathBuf>, String> {
    let number = page.to_string();
    let stem = file.with_file_name(&number);
    let options = ["-r", RESOLUTION, "-gray", "-png", "-singlefile", "-f", &number, "-l", &number];
    let drawn = run(Command::new("pdftoppm").args(options).arg(file).arg(&stem))?;
    let picture = stem.with_extension("png");
    Ok(drawn.filter(|_| picture.is_file()).map(|_| picture))
}

/// What a program prints; `None` if it fails.
fn run(command: &mut Command) -> Result<Option<Vec<u8>>, String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().map_err(|error| {
        let program = command.get_program().to_string_lossy();
        match error.kind() {
            ErrorKind::NotFound => format!("文字识别需要 {program}，没有找到"),
            _ => format!("{program} 无法运行（{error}）"),
        }
    })?;
    Ok(output.status.success().then_some(output.stdout))
}

/// A line without the spaces that tesseract puts between Chinese characters.
fn closed_up(line: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let is_word = |c: &char| c.is_ascii_alphanumeric();
    let keeps = |(i, c): &(usize, &char)| {
        let around = || i.checked_sub(1).and_then(|before| chars.get(before)).zip(chars.get(i + 1));
        **c != ' ' || around().is_some_and(|(before, after)| is_word(before) && is_word(after))
    };
    chars.iter().enumerate().filter(keeps).map(|(_, c)| *c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_stay_between_words_only() {
        assert_eq!(closed_up("全 区 AI agent 达 26 个 ，"), "全区AI agent达26个，");
    }
}
