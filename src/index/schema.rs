//! The fields of the index and the names they have on disk.
//!
//! One tantivy document per passage, preceded by one header document per report. The documents of a
//! report are always contiguous and in order, so what is true of a report stands at its header alone; what is true of a
//! passage is kept by [`super::body`].

use tantivy::schema::{FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions};

/// What the engine is told of the type of documents; see [`super::body`].
const DOCUMENT: &str = "document";

/// The fields of the index; all but the first two are at headers only.
#[derive(Debug, Clone)]
pub struct Fields {
    /// What the document is, for [`super::body`].
    pub document: Field,
    /// Key of the file; see [`super::ledger::key_of_file`].
    pub file: Field,
    /// The report's identifier.
    pub report: Field,
    /// The report's year.
    pub year: Field,
    /// Kind label.
    pub kind: Field,
    /// Region name.
    pub region: Field,
    /// Title of the report.
    pub title: Field,
    /// Issuer.
    pub issuer: Field,
    /// The source.
    pub source: Field,
    /// Header record; see [`super::record`].
    pub record: Field,
    /// 1, whose posting list thus finds the headers.
    pub header: Field,
    /// Key of the report; see [`super::ledger::key_of_report`].
    pub key: Field,
}

impl Fields {
    /// The schema with its fields.
    pub fn schema() -> (Schema, Fields) {
        let mut builder = Schema::builder();
        let exact = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic);
        let listed = NumericOptions::default().set_indexed();
        let filter = TextOptions::default().set_fast("raw");
        let fields = Fields {
            document: builder.add_custom_field("document", DOCUMENT, serde_json::Value::Null),
            file: builder.add_u64_field("file", listed.clone()),
            report: builder.add_text_field("report", filter.clone().set_indexing_options(exact)),
            year: builder.add_i64_field("year", FAST),
            kind: builder.add_text_field("kind", filter.clone()),
            region: builder.add_text_field("region", filter.clone()),
            title: builder.add_text_field("title", filter.clone()),
            issuer: builder.add_text_field("issuer", filter.clone()),
            source: builder.add_text_field("source", filter),
            record: builder.add_bytes_field("record", STORED),
            header: builder.add_u64_field("header", listed),
            key: builder.add_u64_field("key", FAST),
        };
        (builder.build(), fields)
    }
}
