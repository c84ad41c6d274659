//! The fields of the index and the names they have on disk.
//!
//! One tantivy document per passage, preceded by one header document per report. The documents of a
//! report are always contiguous and in order, so relations inside it are kept as distances.

use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};

/// What the engine is told of the type of passages; see [`super::body`].
const PASSAGE: &str = "passage";

/// The fields of the index.
#[derive(Debug, Clone)]
pub struct Fields {
    /// The passage's text and form, for [`super::body`].
    pub passage: Field,
    /// The report's identifier.
    pub report: Field,
    /// Position of the role in [`crate::model::Role::ALL`].
    pub role: Field,
    /// Distance back to the document of the heading the passage stands under; 0 for none.
    pub parent: Field,
    /// The report's year.
    pub year: Field,
    /// Kind label.
    pub kind: Field,
    /// Region name.
    pub region: Field,
    /// Part label.
    pub part: Field,
    /// Title of the report.
    pub title: Field,
    /// Issuer.
    pub issuer: Field,
    /// The source.
    pub source: Field,
    /// Fingerprint of the matching form; see [`crate::text::fingerprint`].
    pub fingerprint: Field,
    /// Characters of the matching form; at a header, those of all its passages.
    pub characters: Field,
    /// Header or passage record; see [`super::record`].
    pub record: Field,
    /// Key of the file, at every document; see [`super::ledger::key_of_file`].
    pub file: Field,
    /// 1 at headers only, which its posting list thus finds.
    pub header: Field,
    /// Key of the report, at headers only; see [`super::ledger::key_of_report`].
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
        let filter = TextOptions::default().set_fast("raw");
        let fields = Fields {
            passage: builder.add_custom_field("passage", PASSAGE, serde_json::Value::Null),
            report: builder.add_text_field("report", filter.clone().set_indexing_options(exact)),
            role: builder.add_u64_field("role", FAST),
            parent: builder.add_u64_field("parent", FAST),
            year: builder.add_i64_field("year", FAST),
            kind: builder.add_text_field("kind", filter.clone()),
            region: builder.add_text_field("region", filter.clone()),
            part: builder.add_text_field("part", filter.clone()),
            title: builder.add_text_field("title", filter.clone()),
            issuer: builder.add_text_field("issuer", filter.clone()),
            source: builder.add_text_field("source", filter),
            fingerprint: builder.add_u64_field("fingerprint", FAST),
            characters: builder.add_u64_field("characters", FAST),
            record: builder.add_bytes_field("record", STORED),
            file: builder.add_u64_field("file", INDEXED),
            header: builder.add_u64_field("header", INDEXED),
            key: builder.add_u64_field("key", FAST),
        };
        (builder.build(), fields)
    }
}
