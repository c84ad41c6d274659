//! The two engines behind one face: build an index of a corpus, open it, search it.

use std::hint::black_box;
use std::path::Path;

use anyhow::Result;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::QueryParser;
use tantivy::schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, Searcher, doc};
use tantivy_jieba::JiebaTokenizer;
use yinde::Manifest;
use yinde::archive::Archive;
use yinde::index::FORMAT;
use yinde::index::ledger::Ledger;
use yinde::index::writer::Writer;
use yinde::query::{Query, Reading};
use yinde::search::{Options, Relaxed};

use crate::corpus::Corpus;

/// Hits that a search returns beside the count.
const HITS: usize = 10;

/// An engine with an index open for searching.
pub trait Engine: Sized {
    /// Its name in the tables.
    const NAME: &'static str;

    /// Builds an index of the corpus in an empty folder; returns when nothing works on it any more.
    fn build(corpus: &Corpus, folder: &Path, threads: usize) -> Result<()>;

    /// Opens an index.
    fn open(folder: &Path) -> Result<Self>;

    /// Reads the query, finds the best ten hits and counts all passages that match.
    fn search(&self, query: &str) -> Result<u64>;
}

/// Yinde through its library.
pub struct Yinde {
    archive: Archive,
}

impl Engine for Yinde {
    const NAME: &'static str = "Yinde";

    fn build(corpus: &Corpus, folder: &Path, threads: usize) -> Result<()> {
        let writer = Writer::open(folder, threads, &[])?;
        for report in &corpus.reports {
            writer.add(0, report)?;
        }
        writer.commit(&Manifest { format: FORMAT, ..Manifest::default() }, &Ledger::default())?;
        Ok(())
    }

    fn open(folder: &Path) -> Result<Yinde> {
        Ok(Yinde { archive: Archive::open(folder)? })
    }

    fn search(&self, query: &str) -> Result<u64> {
        // What the peer does as well: strings, counts and ranked hits, nothing more.
        let options = Options { limit: HITS, collapse: false, relaxed: Relaxed::Never, ..Options::default() };
        let reading = Reading { literal: true, ..Reading::default() };
        let found = black_box(self.archive.search(&Query::read(query, &reading), &options)?);
        Ok(found.passages)
    }
}

/// Plain tantivy with tantivy-jieba, as its documentation shows.
pub struct Peer {
    searcher: Searcher,
    parser: QueryParser,
}

/// Name of the peer's tokenizer.
const TOKENIZER: &str = "jieba";

/// Name of the peer's only field.
const FIELD: &str = "text";

/// Memory that each of the peer's indexing threads may fill, in bytes: that of Yinde's writer.
const THREAD_BUDGET: usize = 160 << 20;

impl Engine for Peer {
    const NAME: &'static str = "tantivy-jieba";

    fn build(corpus: &Corpus, folder: &Path, threads: usize) -> Result<()> {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let mut schema = Schema::builder();
        let field = schema.add_text_field(FIELD, TextOptions::default().set_stored().set_indexing_options(indexing));
        let index = Index::create_in_dir(folder, schema.build())?;
        index.tokenizers().register(TOKENIZER, JiebaTokenizer::new());
        let mut writer = index.writer_with_num_threads(threads, THREAD_BUDGET * threads)?;
        for text in corpus.texts() {
            writer.add_document(doc!(field => text))?;
        }
        // The steps of Yinde's commit.
        writer.prepare_commit()?.commit()?;
        writer.garbage_collect_files().wait()?;
        writer.wait_merging_threads()?;
        Ok(())
    }

    fn open(folder: &Path) -> Result<Peer> {
        let index = Index::open_in_dir(folder)?;
        index.tokenizers().register(TOKENIZER, JiebaTokenizer::new());
        let field = index.schema().get_field(FIELD)?;
        let parser = QueryParser::for_index(&index, vec![field]);
        Ok(Peer { searcher: index.reader()?.searcher(), parser })
    }

    fn search(&self, query: &str) -> Result<u64> {
        let query = self.parser.parse_query(&quoted(query))?;
        let best = TopDocs::with_limit(HITS).order_by_score();
        let (count, _) = black_box(self.searcher.search(&query, &(Count, best))?);
        Ok(count as u64)
    }
}

/// A string as a phrase of tantivy's query language.
fn quoted(string: &str) -> String {
    format!("\"{}\"", string.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corpus() -> Result<Corpus> {
        let mut corpus = Corpus::default();
        for (report, text) in [("a", "推动产业社区建设，地区生产总值增长"), ("a", "“十五五”规划"), ("b", "产业")]
        {
            let line = serde_json::json!({
                "report": report, "source": report, "title": report, "kind": "其他", "role": "paragraph",
                "part": "other", "bytes": [[0, 1]], "text": text,
                "matching": yinde::text::fold::matching_form(text),
            });
            corpus.add(&line.to_string())?;
        }
        Ok(corpus)
    }

    fn counts<E: Engine>(queries: &[&str]) -> Result<Vec<u64>> {
        let folder = tempfile::tempdir()?;
        E::build(&corpus()?, folder.path(), 1)?;
        let engine = E::open(folder.path())?;
        queries.iter().map(|query| engine.search(query)).collect()
    }

    #[test]
    fn both_find_what_stands_there() -> Result<()> {
        let queries = ["产业", "产业社区", "十五五规划", "没有"];
        assert_eq!(counts::<Yinde>(&queries)?, [2, 1, 1, 0]);
        // The quote stands between the characters of the third.
        assert_eq!(counts::<Peer>(&queries)?, [2, 1, 0, 0]);
        Ok(())
    }

    #[test]
    fn no_string_is_too_odd_for_either() -> Result<()> {
        let tokenless = ["", " ", "\u{200b}"];
        assert_eq!(counts::<Yinde>(&tokenless)?, [0, 0, 0]);
        assert_eq!(counts::<Peer>(&tokenless)?, [0, 0, 0]);
        let odd = ["，", "。", "\"", "\\", "a\"b\\", "AND", "-", "*", "😀", "𠀀𠀁", "\u{1}"];
        assert_eq!(counts::<Yinde>(&odd)?.len(), odd.len());
        assert_eq!(counts::<Peer>(&odd)?.len(), odd.len());
        Ok(())
    }
}
