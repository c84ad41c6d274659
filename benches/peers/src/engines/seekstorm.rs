//! SeekStorm with its Chinese tokenizer, through its library, as its README shows.
//!
//! One stored text field with the texts as they stand, `UnicodeAlphanumericZH`, Bm25f, Snappy and memory
//! mapping, which are the settings of its README; no stop words and no stemmer; no frequent words, since it
//! brings no list of Chinese ones, and hence no n-grams. As many shards as indexing threads, which is how
//! SeekStorm spreads its work; a search runs in all shards at once. A string is a `QueryType::Phrase`, with a
//! space at its end: without one, the query's last run of characters is looked for twice, whole and then in
//! words (`tokenizer.rs` of 4.0.1), so that nearly no phrase of more than one word is found.
//!
//! The library is asynchronous. It indexes in a runtime of its own, of which as many threads work at a time
//! as there are shards; `close` commits and waits for them.

use std::hint::black_box;
use std::path::Path;

use anyhow::{Error, Result, ensure};
use seekstorm::index::{
    AccessType, Close, Clustering, Document, DocumentCompression, FieldType, FileType, FrequentwordType, IndexArc,
    IndexDocument, IndexMetaObject, LexicalSimilarity, NgramSet, SchemaField, StemmerType, StopwordType, TokenizerType,
    create_index, open_index, version,
};
use seekstorm::search::{QueryRewriting, QueryType, ResultType, Search, SearchMode};
use seekstorm::vector::Inference;
use tokio::runtime::{Builder, Runtime};

use crate::corpus::Corpus;
use crate::engine::{Engine, HITS, Searcher};

/// Name of the only field.
const FIELD: &str = "text";

/// The engine.
pub struct SeekStorm;

impl Engine for SeekStorm {
    fn name(&self) -> &'static str {
        "seekstorm"
    }

    fn settings(&self) -> String {
        format!(
            "SeekStorm {}, UnicodeAlphanumericZH, Bm25f, Snappy; texts as they stand, stored; a shard for each thread, \
             searched in parallel",
            version()
        )
    }

    fn build(&self, corpus: &Corpus, folder: &Path, threads: usize) -> Result<()> {
        let field =
            SchemaField::new(FIELD.to_owned(), true, true, false, FieldType::Text, false, true, 1.0, false, false);
        runtime(threads)?.block_on(async {
            let index = create_index(folder, settings(), &vec![field], &Vec::new(), true, Some(threads))
                .await
                .map_err(Error::msg)?;
            for passage in corpus.passages() {
                let document = Document::from_iter([(FIELD.to_owned(), passage.text.as_str().into())]);
                index.index_document(document, FileType::None).await;
            }
            index.close().await;
            let indexed = index.read().await.committed_doc_count().await;
            ensure!(indexed == corpus.len(), "{indexed} of {} passages were indexed", corpus.len());
            Ok(())
        })
    }

    fn open(&self, folder: &Path, threads: usize) -> Result<Box<dyn Searcher>> {
        let runtime = runtime(threads)?;
        let index = runtime.block_on(open_index(folder)).map_err(Error::msg)?;
        Ok(Box::new(Open { runtime, index }))
    }
}

struct Open {
    runtime: Runtime,
    index: IndexArc,
}

impl Open {
    fn ask(&self, query: &str, hits: usize, kind: ResultType) -> u64 {
        let found = self.runtime.block_on(self.index.search(
            format!("{query} "),
            None,
            QueryType::Phrase,
            SearchMode::Lexical,
            false,
            0,
            hits,
            kind,
            false,
            Vec::new(),
            Vec::new(),
            Vec::new(),
            Vec::new(),
            QueryRewriting::SearchOnly,
        ));
        black_box(found).result_count_total as u64
    }
}

impl Searcher for Open {
    fn search(&self, query: &str) -> Result<u64> {
        Ok(self.ask(query, HITS, ResultType::TopkCount))
    }

    fn count(&self, query: &str) -> Result<u64> {
        Ok(self.ask(query, 0, ResultType::Count))
    }
}

fn settings() -> IndexMetaObject {
    IndexMetaObject {
        id: 0,
        name: "peers".to_owned(),
        lexical_similarity: LexicalSimilarity::Bm25f,
        tokenizer: TokenizerType::UnicodeAlphanumericZH,
        stemmer: StemmerType::None,
        stop_words: StopwordType::None,
        frequent_words: FrequentwordType::None,
        ngram_indexing: NgramSet::SingleTerm as u8,
        document_compression: DocumentCompression::Snappy,
        access_type: AccessType::Mmap,
        spelling_correction: None,
        query_completion: None,
        clustering: Clustering::None,
        inference: Inference::None,
        segment_number_bits: 11,
    }
}

fn runtime(threads: usize) -> Result<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(threads).enable_all().build()?)
}
