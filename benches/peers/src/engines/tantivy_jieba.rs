//! Plain tantivy with tantivy-jieba, as its documentation shows: what a Rust programmer gets who follows it.
//!
//! One text field, stored, indexed with frequencies and positions through `JiebaTokenizer::new()`; one
//! document a passage, its text as it stands; strings searched as quoted phrases through tantivy's own
//! `QueryParser`. It stands on the same tantivy and the same jieba-rs as Yinde, with the same threads, the
//! same memory for each and the steps of the same commit, so that the difference is what Yinde does on top.
//! The tokenizer's defaults are HMM and search mode, which adds the words inside words.

use std::hint::black_box;
use std::path::Path;

use anyhow::Result;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::QueryParser;
use tantivy::schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, doc};

use crate::corpus::Corpus;
use crate::engine::{Engine, HITS, Searcher, THREAD_BUDGET};

/// Name of the tokenizer.
const TOKENIZER: &str = "jieba";

/// Name of the only field.
const FIELD: &str = "text";

/// The engine.
pub struct TantivyJieba;

impl Engine for TantivyJieba {
    fn name(&self) -> &'static str {
        "tantivy-jieba"
    }

    fn settings(&self) -> String {
        format!("{}, tantivy-jieba at its defaults; texts as they stand, stored", tantivy::version_string())
    }

    fn build(&self, corpus: &Corpus, folder: &Path, threads: usize) -> Result<()> {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let mut schema = Schema::builder();
        let field = schema.add_text_field(FIELD, TextOptions::default().set_stored().set_indexing_options(indexing));
        let index = Index::create_in_dir(folder, schema.build())?;
        index.tokenizers().register(TOKENIZER, tantivy_jieba::JiebaTokenizer::new());
        let mut writer = index.writer_with_num_threads(threads, THREAD_BUDGET * threads)?;
        for passage in corpus.passages() {
            writer.add_document(doc!(field => passage.text.as_str()))?;
        }
        writer.prepare_commit()?.commit()?;
        writer.garbage_collect_files().wait()?;
        writer.wait_merging_threads()?;
        Ok(())
    }

    fn open(&self, folder: &Path, _threads: usize) -> Result<Box<dyn Searcher>> {
        let index = Index::open_in_dir(folder)?;
        index.tokenizers().register(TOKENIZER, tantivy_jieba::JiebaTokenizer::new());
        let field = index.schema().get_field(FIELD)?;
        let parser = QueryParser::for_index(&index, vec![field]);
        Ok(Box::new(Open { searcher: index.reader()?.searcher(), parser }))
    }
}

struct Open {
    searcher: tantivy::Searcher,
    parser: QueryParser,
}

impl Searcher for Open {
    fn search(&self, query: &str) -> Result<u64> {
        let query = self.parser.parse_query(&quoted(query))?;
        let best = TopDocs::with_limit(HITS).order_by_score();
        let (count, _) = black_box(self.searcher.search(&query, &(Count, best))?);
        Ok(count as u64)
    }

    fn count(&self, query: &str) -> Result<u64> {
        let query = self.parser.parse_query(&quoted(query))?;
        Ok(self.searcher.search(&query, &Count)? as u64)
    }
}

/// A string as a phrase of tantivy's query language.
fn quoted(string: &str) -> String {
    format!("\"{}\"", string.replace('\\', "\\\\").replace('"', "\\\""))
}
