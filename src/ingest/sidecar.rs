//! What the user says of reports, in a file of their own (CSV or TOML): it overrides what was found.
//!
//! Read only where it is named; never looked for, never written beside the archive.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::decode;
use super::metadata::{self, FIELDS};

/// Values by field, as in [`crate::model::Metadata`].
pub type Fields = BTreeMap<String, String>;

/// The columns that say which report is meant.
const SOURCE: [&str; 2] = ["source", "来源"];
const PLACE: [&str; 2] = ["place", "序号"];

/// Columns that a person may keep beside the values.
const REMARKS: [&str; 5] = ["doubts", "存疑", "report", "编号", "备注"];

/// What is said of some reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sidecar {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// A source, or the beginning of sources with `*` behind it.
    source: String,
    /// Place among the reports of the source, from 1; all of them where it is missing.
    place: Option<u32>,
    fields: Fields,
}

impl Entry {
    fn is_about(&self, source: &str) -> bool {
        match self.source.strip_suffix('*') {
            Some(beginning) => source.starts_with(beginning),
            None => self.source == source,
        }
    }

    /// Whether it may speak of something in this file.
    fn may_be_in(&self, file: &str) -> bool {
        let own = self.source.split("!/").next().unwrap_or_default();
        self.is_about(file) || own == file || own.strip_suffix('*').is_some_and(|beginning| file.starts_with(beginning))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Toml {
    #[serde(default)]
    report: Vec<BTreeMap<String, toml::Value>>,
}

impl Sidecar {
    /// Reads a sidecar: TOML with `[[report]]` tables, or CSV with a header row, in any encoding.
    ///
    /// # Errors
    /// A reason for a person, with the line or entry that is meant.
    pub fn parse(bytes: &[u8]) -> Result<Sidecar, String> {
        let text = decode::decode(bytes).text;
        let is_toml = text.lines().any(|line| line.trim_start().starts_with("[[report]]"));
        let rows = if is_toml { toml_rows(&text)? } else { csv_rows(&text)? };
        let entries = rows.into_iter().map(|(place, row)| entry(row).map_err(|reason| format!("{place}{reason}")));
        Ok(Sidecar { entries: entries.collect::<Result<_, _>>()? })
    }

    /// What is said of the report at `place` (from 0) of a source; later entries win.
    pub fn of(&self, source: &str, place: u32) -> Fields {
        let about = |entry: &&Entry| entry.is_about(source) && entry.place.is_none_or(|number| number == place + 1);
        self.entries.iter().filter(about).flat_map(|entry| entry.fields.clone()).collect()
    }

    /// A hash of all that may be said of sources in a file; 0 for nothing.
    pub fn digest(&self, file: &str) -> u64 {
        let about: Vec<&Entry> = self.entries.iter().filter(|entry| entry.may_be_in(file)).collect();
        if about.is_empty() {
            return 0;
        }
        let hash = blake3::hash(format!("{about:?}").as_bytes());
        hash.as_bytes().iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
    }

    /// The sources that are named and are about none of these.
    pub fn unmatched<'a>(&self, sources: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
        let is_unmatched = |entry: &&Entry| !sources.clone().any(|source| entry.is_about(source));
        let mut unmatched: Vec<String> =
            self.entries.iter().filter(is_unmatched).map(|entry| entry.source.clone()).collect();
        unmatched.dedup();
        unmatched
    }
}

/// Rows with the place in the file, for messages.
type Rows = Vec<(String, BTreeMap<String, String>)>;

fn toml_rows(text: &str) -> Result<Rows, String> {
    let parsed: Toml = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    let value = |value: toml::Value| match value {
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    let row = |(i, row): (usize, BTreeMap<String, toml::Value>)| {
        (format!("第 {} 项：", i + 1), row.into_iter().map(|(key, v)| (key, value(v))).collect())
    };
    Ok(parsed.report.into_iter().enumerate().map(row).collect())
}

fn csv_rows(text: &str) -> Result<Rows, String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let bad = |error: csv::Error| format!("CSV 有误（{error}）");
    let header = reader.headers().map_err(bad)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(bad)?;
        let line = record.position().map_or(0, |position| position.line());
        let cells = header.iter().zip(record.iter()).filter(|(name, _)| !name.trim().is_empty());
        let row = cells.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect();
        rows.push((format!("第 {line} 行："), row));
    }
    Ok(rows)
}

fn entry(mut row: BTreeMap<String, String>) -> Result<Entry, String> {
    let mut take = |names: [&str; 2]| names.iter().find_map(|name| row.remove(*name)).filter(|v| !v.is_empty());
    let source = take(SOURCE).ok_or("没有写 source（来源）")?;
    let place = take(PLACE).map(|number| {
        let place = number.parse::<u32>().ok().filter(|place| *place > 0);
        place.ok_or_else(|| format!("序号“{number}”不是从 1 起的数字"))
    });
    let mut fields = Fields::new();
    for (name, value) in row {
        if value.is_empty() || REMARKS.contains(&name.as_str()) {
            continue;
        }
        let field = FIELDS.iter().find(|names| names.contains(&name.as_str())).map(|names| names[0]);
        let field = field.ok_or_else(|| format!("不认识的列“{name}”"))?;
        metadata::check(field, &value)?;
        fields.insert(field.to_owned(), value);
    }
    Ok(Entry { source, place: place.transpose()?, fields })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_and_toml_say_the_same() {
        let csv = "来源,序号,年份,类型,存疑\n省级/甲.txt,,2024,政府工作报告,年份\n包.zip!/乙.docx,2,2023,,\n";
        let toml = "[[report]]\nsource = \"省级/甲.txt\"\nyear = 2024\nkind = \"政府工作报告\"\n\n[[report]]\nsource = \"包.zip!/乙.docx\"\nplace = 2\nyear = \"2023\"\n";
        let sidecar = Sidecar::parse(csv.as_bytes()).expect("valid");
        assert_eq!(sidecar, Sidecar::parse(toml.as_bytes()).expect("valid"));
        assert_eq!(sidecar, Sidecar::parse(&encoding_rs::GBK.encode(csv).0).expect("valid in GBK"));
        assert_eq!(sidecar.of("省级/甲.txt", 7)["year"], "2024");
        assert!(sidecar.of("包.zip!/乙.docx", 0).is_empty());
        assert_eq!(sidecar.of("包.zip!/乙.docx", 1)["year"], "2023");
        assert_ne!(sidecar.digest("包.zip"), 0);
        assert_eq!(sidecar.digest("别的.zip"), 0);
    }

    #[test]
    fn a_pattern_speaks_of_a_folder_and_later_entries_win() {
        let sidecar = Sidecar::parse("source,level,year\n省级/*,省,\n省级/甲.txt,市,2020\n".as_bytes()).expect("valid");
        assert_eq!(sidecar.of("省级/乙.txt", 0)["level"], "省");
        assert_eq!(sidecar.of("省级/甲.txt", 0)["level"], "市");
        assert_ne!(sidecar.digest("省级/乙.txt"), 0);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, word) in [
            ("source,yaer\nx,2024\n", "yaer"),
            ("source,year\nx,二〇\n", "第 2 行"),
            ("source,kind\nx,报告\n", "报告"),
            ("year\n2024\n", "source"),
            ("source,place\nx,一\n", "序号"),
        ] {
            let error = Sidecar::parse(text.as_bytes()).expect_err("refused");
            assert!(error.contains(word), "{error}");
        }
    }
}
