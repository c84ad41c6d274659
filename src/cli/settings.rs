//! Where the archive and the index are: flags before environment before `yinde.toml` before defaults.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;
use yinde::Error;
use yinde::archive::View;
use yinde::ingest::sidecar::Sidecar;
use yinde::ingest::{Limits, Reading};
use yinde::text::lexicon::Lexicon;

/// Options that every command takes.
#[derive(Args)]
pub struct Common {
    /// 文库文件夹，可写多次 [默认：./corpus，或环境变量 YINDE_ARCHIVE]
    #[arg(long, global = true, value_name = "文件夹", hide_default_value = true, help_heading = "通用选项")]
    archive: Vec<PathBuf>,
    /// 索引文件夹 [默认：./index，或环境变量 YINDE_INDEX]
    #[arg(long, global = true, value_name = "文件夹", help_heading = "通用选项")]
    index: Option<PathBuf>,
    /// 用户词表 [默认：无，或环境变量 YINDE_LEXICON]
    #[arg(long, global = true, value_name = "文件", help_heading = "通用选项")]
    lexicon: Option<PathBuf>,
    /// 附注文件：由人写明的报告信息，优先于程序所得 [默认：无，或环境变量 YINDE_SIDECAR]
    #[arg(long, global = true, value_name = "文件", help_heading = "通用选项")]
    sidecar: Option<PathBuf>,
    /// 同一报告的副本是否一并计数 [默认：main，只计一份]
    #[arg(
        long,
        global = true,
        value_name = "main|all",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "通用选项"
    )]
    copies: Option<Copies>,
    /// 输出 JSON
    #[arg(long, global = true, help_heading = "通用选项")]
    pub json: bool,
}

/// Which reports count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Copies {
    /// 每份报告一次
    Main,
    /// 副本也算
    All,
}

/// Archive and index, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Archive folders.
    pub archives: Vec<PathBuf>,
    /// Whether the archives were named on the command line.
    pub archives_given: bool,
    /// Index folder.
    pub index: PathBuf,
    /// The user's lexicon, if there is one.
    pub lexicon: Option<PathBuf>,
    /// What the user says of reports, if anything.
    pub sidecar: Option<PathBuf>,
    /// Whether scanned pages are recognised.
    pub ocr: bool,
    /// How much of files is read.
    pub limits: Limits,
    /// Which reports are shown.
    pub view: View,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Configuration {
    archive: Option<OneOrMore>,
    index: Option<PathBuf>,
    lexicon: Option<PathBuf>,
    sidecar: Option<PathBuf>,
    ocr: Option<bool>,
    #[serde(default)]
    limits: LimitsInFile,
}

/// Limits as a configuration gives them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsInFile {
    file_mb: Option<u64>,
    text_mb: Option<u64>,
    seconds: Option<u64>,
}

impl LimitsInFile {
    fn resolved(self) -> Limits {
        let limits = Limits::default();
        let bytes = |megabytes: Option<u64>, default: u64| megabytes.map_or(default, |n| n.saturating_mul(1 << 20));
        Limits {
            file: bytes(self.file_mb, limits.file),
            text: bytes(self.text_mb, limits.text),
            seconds: self.seconds.unwrap_or(limits.seconds),
            ..limits
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(PathBuf),
    More(Vec<PathBuf>),
}

const FILE: &str = "yinde.toml";

impl Settings {
    /// Resolves the settings of this process.
    pub fn resolve(common: Common) -> Result<Settings, Error> {
        let folder = env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let configuration = configuration(&folder)?;
        let archives_given = !common.archive.is_empty();
        let of_environment = || env::var_os("YINDE_ARCHIVE").map(|value| env::split_paths(&value).collect::<Vec<_>>());
        let archives = Some(common.archive).filter(|_| archives_given).or_else(of_environment);
        let of_file = configuration.archive.map(|archive| match archive {
            OneOrMore::One(path) => vec![path],
            OneOrMore::More(paths) => paths,
        });
        let index = common.index.or_else(|| env::var_os("YINDE_INDEX").map(PathBuf::from));
        Ok(Settings {
            archives: archives.or(of_file).unwrap_or_else(|| vec![PathBuf::from("corpus")]),
            archives_given,
            index: index.or(configuration.index).unwrap_or_else(|| PathBuf::from("index")),
            lexicon: common
                .lexicon
                .or_else(|| env::var_os("YINDE_LEXICON").map(PathBuf::from))
                .or(configuration.lexicon),
            sidecar: common
                .sidecar
                .or_else(|| env::var_os("YINDE_SIDECAR").map(PathBuf::from))
                .or(configuration.sidecar),
            ocr: configuration.ocr.unwrap_or(false),
            limits: configuration.limits.resolved(),
            view: if common.copies == Some(Copies::All) { View::All } else { View::Main },
        })
    }

    /// Reads the user's lexicon; an empty one where none is named.
    pub fn lexicon(&self) -> Result<Lexicon, Error> {
        let Some(path) = &self.lexicon else { return Ok(Lexicon::default()) };
        let unreadable = |reason: String| Error::BadLexicon { path: path.clone(), reason };
        let bytes = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_| unreadable("不是 UTF-8 文字".to_owned()))?;
        Ok(Lexicon::parse(&text))
    }

    /// How sources are read: within the limits, with what the user says of them.
    pub fn reading(&self) -> Result<Reading, Error> {
        let plain = Reading { limits: self.limits, ocr: self.ocr, ..Reading::default() };
        let Some(path) = &self.sidecar else { return Ok(plain) };
        let bad = |reason: String| Error::BadSidecar { path: path.clone(), reason };
        let bytes = fs::read(path).map_err(|error| bad(error.to_string()))?;
        Ok(Reading { sidecar: Sidecar::parse(&bytes).map_err(bad)?, ..plain })
    }

    /// Adds archive folders named as arguments; they take the place of defaults.
    pub fn add_archives(&mut self, folders: Vec<PathBuf>) {
        if folders.is_empty() {
            return;
        }
        if !self.archives_given {
            self.archives.clear();
        }
        self.archives_given = true;
        self.archives.extend(folders);
    }
}

/// The nearest configuration file in a folder or above it, its paths made relative to it.
fn configuration(folder: &Path) -> Result<Configuration, Error> {
    let Some(path) = folder.ancestors().map(|above| above.join(FILE)).find(|path| path.is_file()) else {
        return Ok(Configuration::default());
    };
    let bad = |reason: String| Error::BadConfiguration { path: path.clone(), reason };
    let text = fs::read_to_string(&path).map_err(|error| bad(error.to_string()))?;
    let mut configuration: Configuration = toml::from_str(&text).map_err(|error| bad(error.message().to_owned()))?;
    let base = path.parent().unwrap_or(folder);
    let beside = |given: &mut PathBuf| *given = base.join(&*given);
    match &mut configuration.archive {
        Some(OneOrMore::One(archive)) => beside(archive),
        Some(OneOrMore::More(archives)) => archives.iter_mut().for_each(beside),
        None => {}
    }
    configuration.index.iter_mut().for_each(beside);
    configuration.lexicon.iter_mut().for_each(beside);
    configuration.sidecar.iter_mut().for_each(beside);
    Ok(configuration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_above_counts_and_its_paths_are_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let below = folder.path().join("a/b");
        fs::create_dir_all(&below).expect("made");
        fs::write(folder.path().join(FILE), "archive = [\"甲\", \"乙\"]\nindex = \"idx\"\n").expect("written");
        let found = configuration(&below).expect("valid");
        assert_eq!(found.index, Some(folder.path().join("idx")));
        assert!(matches!(found.archive, Some(OneOrMore::More(paths)) if paths[1] == folder.path().join("乙")));
    }

    #[test]
    fn a_mistaken_configuration_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(FILE), "archiv = \"x\"\n").expect("written");
        assert!(matches!(configuration(folder.path()), Err(Error::BadConfiguration { .. })));
    }
}
