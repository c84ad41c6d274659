//! The engines, each in its own file with its settings and the reasons for them.

mod ripgrep;
#[cfg(feature = "seekstorm")]
mod seekstorm;
mod sqlite;
mod sqlite_characters;
mod sqlite_trigram;
mod tantivy_jieba;
pub mod yinde;

use crate::engine::Engine;

/// All engines in the order of the tables, Yinde first.
pub fn all() -> Vec<Box<dyn Engine>> {
    vec![
        Box::new(yinde::Yinde),
        Box::new(tantivy_jieba::TantivyJieba),
        Box::new(sqlite_characters::SqliteCharacters),
        Box::new(sqlite_trigram::SqliteTrigram),
        #[cfg(feature = "seekstorm")]
        Box::new(seekstorm::SeekStorm),
        Box::new(ripgrep::Ripgrep),
    ]
}

#[cfg(test)]
mod tests {
    use anyhow::Result;

    use super::*;
    use crate::corpus::{Corpus, Line};

    /// Three passages with everything that parts engines from a scan: quotes, marks, digits, a string across words.
    fn corpus() -> Corpus {
        let mut corpus = Corpus::default();
        for (report, text) in
            [("a", "推动产业社区建设，地区生产总值增长；12025年，AI agent"), ("a", "“十五五”规划"), ("b", "产业。业主")]
        {
            corpus.add(Line {
                report: report.to_owned(),
                source: report.to_owned(),
                title: report.to_owned(),
                kind: "其他".to_owned(),
                year: None,
                issuer: None,
                region: None,
                role: "paragraph".to_owned(),
                part: "other".to_owned(),
                bytes: vec![(0, 1)],
                text: text.to_owned(),
                matching: yinde::matching_form(text),
            });
        }
        corpus
    }

    fn counts(engine: &dyn Engine, queries: &[&str]) -> Result<Vec<u64>> {
        let folder = tempfile::tempdir()?;
        engine.build(&corpus(), folder.path(), 1)?;
        let searcher = engine.open(folder.path(), 1)?;
        queries.iter().map(|query| searcher.search(query)).collect()
    }

    #[test]
    fn names_tell_engines_apart() {
        let mut names: Vec<&str> = all().iter().map(|engine| engine.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all().len());
    }

    #[test]
    fn exact_engines_count_what_a_scan_counts() -> Result<()> {
        let queries =
            ["产业", "业", "产业社区", "产总值", "十五五规划", "2025年", "业业", "业。业", "ai agent", "没有"];
        let corpus = corpus();
        let scan: Vec<u64> = queries
            .iter()
            .map(|&query| corpus.passages().filter(|passage| passage.matching.contains(query)).count() as u64)
            .collect();
        for engine in all() {
            if ["tantivy-jieba", "seekstorm"].contains(&engine.name()) || engine.missing().is_some() {
                continue;
            }
            assert_eq!(counts(engine.as_ref(), &queries)?, scan, "{}", engine.name());
        }
        Ok(())
    }

    #[test]
    fn engines_of_words_find_words() -> Result<()> {
        // The quote stands between the characters of the third.
        let queries = ["产业", "产业社区", "十五五规划", "没有"];
        assert_eq!(counts(&tantivy_jieba::TantivyJieba, &queries)?, [2, 1, 0, 0]);
        #[cfg(feature = "seekstorm")]
        assert_eq!(counts(&seekstorm::SeekStorm, &["产业", "没有"])?, [2, 0]);
        Ok(())
    }

    #[test]
    fn no_string_is_too_odd() -> Result<()> {
        let odd = ["", " ", "\u{200b}", "，", "。", "\"", "\\", "a\"b\\", "AND", "-", "*", "😀", "𠀀𠀁", "\u{1}"];
        for engine in all() {
            if engine.name() != "seekstorm" && engine.missing().is_none() {
                assert_eq!(counts(engine.as_ref(), &odd)?.len(), odd.len(), "{}", engine.name());
            }
        }
        Ok(())
    }
}
