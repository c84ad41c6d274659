//! Opens an index for reading: segments with their terms, columns and stored records.
//!
//! A [`Snapshot`] does not change while it is used; later commits are seen by opening another.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::Value;
use tantivy::store::StoreReader;
use tantivy::{DocId, Index, InvertedIndexReader, SegmentReader, TantivyDocument, TantivyError};

use super::record::{Header, PassageRecord};
use super::schema::Fields;
use super::words::WordMap;
use super::{FORMAT, Manifest, failure, open_directory};
use crate::error::Error;
use crate::model::{Passage, Role};

/// Blocks of the document store kept decompressed per segment.
const STORE_CACHE_BLOCKS: usize = 16;

/// An index as it was at one commit.
pub struct Snapshot {
    path: PathBuf,
    /// What the commit says about itself.
    pub manifest: Manifest,
    /// The segments, in the index's order.
    pub segments: Vec<Segment>,
}

impl Snapshot {
    /// Opens the index at `path`.
    ///
    /// # Errors
    /// If there is none, it is of another format, or it is damaged.
    pub fn open(path: &Path) -> Result<Snapshot, Error> {
        if !path.join("meta.json").is_file() {
            return Err(Error::IndexMissing { path: path.to_owned() });
        }
        let failed = |source: TantivyError| failure(path, source);
        let index = Index::open(open_directory(path)?).map_err(failed)?;
        let meta = index.load_metas().map_err(failed)?;
        let payload = meta.payload.unwrap_or_default();
        let format = |found| Error::IndexFormat { path: path.to_owned(), expected: FORMAT, found };
        let manifest: Manifest = serde_json::from_str(&payload).map_err(|_| format(0))?;
        let (schema, fields) = Fields::schema();
        if manifest.format != FORMAT || index.schema() != schema {
            return Err(format(manifest.format));
        }
        let segments = index
            .searchable_segments()
            .and_then(|segments| {
                segments.iter().map(|s| Segment::open(SegmentReader::open(s)?, &fields)).collect::<Result<_, _>>()
            })
            .map_err(failed)?;
        Ok(Snapshot { path: path.to_owned(), manifest, segments })
    }

    /// Wraps a failure to read this index.
    pub fn failure(&self, source: impl Into<TantivyError>) -> Error {
        failure(&self.path, source)
    }
}

/// One open segment.
pub struct Segment {
    /// Terms and postings of the body.
    pub body: Arc<InvertedIndexReader>,
    /// Which word terms hold which characters.
    pub words: WordMap,
    /// Number of terms per passage, rounded.
    pub lengths: FieldNormReader,
    /// 0 for a header, else the passage's number from 1.
    pub ordinal: Column<u64>,
    /// The report's year, where known.
    pub year: Column<i64>,
    /// Kind label; absent in an empty segment, as are the other names.
    pub kind: Option<StrColumn>,
    /// Region name.
    pub region: Option<StrColumn>,
    /// Part label.
    pub part: Option<StrColumn>,
    /// Report identifier.
    pub report: Option<StrColumn>,
    /// Title of the report.
    pub title: Option<StrColumn>,
    /// Issuer.
    pub issuer: Option<StrColumn>,
    /// The source.
    pub source: Option<StrColumn>,
    /// Fingerprint of the passage's matching form.
    pub fingerprint: Column<u64>,
    headers: OnceLock<Vec<DocId>>,
    role: Column<u64>,
    parent: Column<u64>,
    fields: Fields,
    store: StoreReader,
    reader: SegmentReader,
}

impl Segment {
    fn open(reader: SegmentReader, fields: &Fields) -> tantivy::Result<Segment> {
        let fast = reader.fast_fields();
        let empty = || Column::build_empty_column(reader.max_doc());
        Ok(Segment {
            body: reader.inverted_index(fields.body)?,
            words: WordMap::open(&reader)?,
            lengths: reader.get_fieldnorms_reader(fields.body)?,
            ordinal: fast.u64("ordinal")?,
            role: fast.column_opt("role")?.unwrap_or_else(empty),
            parent: fast.column_opt("parent")?.unwrap_or_else(empty),
            year: fast.column_opt("year")?.unwrap_or_else(|| Column::build_empty_column(reader.max_doc())),
            kind: fast.str("kind")?,
            region: fast.str("region")?,
            part: fast.str("part")?,
            report: fast.str("report")?,
            title: fast.str("title")?,
            issuer: fast.str("issuer")?,
            source: fast.str("source")?,
            fingerprint: fast.column_opt("fingerprint")?.unwrap_or_else(empty),
            headers: OnceLock::new(),
            fields: fields.clone(),
            store: reader.get_store_reader(STORE_CACHE_BLOCKS)?,
            reader,
        })
    }

    /// One more than the highest document number.
    pub fn max_doc(&self) -> DocId {
        self.reader.max_doc()
    }

    /// Whether a document is live.
    pub fn is_live(&self, doc: DocId) -> bool {
        !self.reader.is_deleted(doc)
    }

    /// Whether a document is the header of a report rather than a passage.
    pub fn is_header(&self, doc: DocId) -> bool {
        self.ordinal.first(doc) == Some(0)
    }

    /// The live header documents, ascending.
    pub fn headers(&self) -> impl Iterator<Item = DocId> + '_ {
        let all = || self.reader.doc_ids_alive().filter(|&doc| self.is_header(doc)).collect();
        self.headers.get_or_init(all).iter().copied()
    }

    /// The header document of the report that `doc` belongs to.
    pub fn header_of(&self, doc: DocId) -> DocId {
        doc - self.ordinal.first(doc).unwrap_or(0) as DocId
    }

    /// The stored header at `doc`.
    ///
    /// # Errors
    /// If the store is damaged.
    pub fn header(&self, doc: DocId) -> tantivy::Result<Header> {
        self.record(&self.store.get(doc)?)
    }

    /// The stored passage at `doc`.
    ///
    /// # Errors
    /// If the store is damaged.
    pub fn passage(&self, doc: DocId) -> tantivy::Result<Passage> {
        let document: TantivyDocument = self.store.get(doc)?;
        let record: PassageRecord = self.record(&document)?;
        Ok(record.with_text(self.body_of(&document)))
    }

    /// The text of the passage at `doc`; empty for a header.
    ///
    /// # Errors
    /// If the store is damaged.
    pub fn text(&self, doc: DocId) -> tantivy::Result<String> {
        Ok(self.body_of(&self.store.get(doc)?))
    }

    fn body_of(&self, document: &TantivyDocument) -> String {
        document.get_first(self.fields.body).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    }

    /// The role of the passage at `doc`; `None` for a header.
    pub fn role(&self, doc: DocId) -> Option<Role> {
        self.role.first(doc).and_then(|role| Role::ALL.get(role as usize)).copied()
    }

    /// The heading or title passage that `doc` stands under.
    pub fn heading_of(&self, doc: DocId) -> Option<DocId> {
        let distance = self.parent.first(doc).unwrap_or(0) as DocId;
        (distance > 0).then(|| doc.checked_sub(distance)).flatten()
    }

    /// The live documents that are passages, ascending.
    pub fn passages(&self) -> impl Iterator<Item = DocId> + '_ {
        self.reader.doc_ids_alive().filter(|&doc| !self.is_header(doc))
    }

    /// The identifier of the report that `doc` belongs to.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn report_of(&self, doc: DocId) -> tantivy::Result<String> {
        Ok(name_of(&self.report, doc)?.unwrap_or_default())
    }

    /// The region of the report that `doc` belongs to.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn region_of(&self, doc: DocId) -> tantivy::Result<Option<String>> {
        name_of(&self.region, doc)
    }

    /// The issuer of the report that `doc` belongs to.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn issuer_of(&self, doc: DocId) -> tantivy::Result<Option<String>> {
        name_of(&self.issuer, doc)
    }

    /// The names of all regions.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn regions(&self) -> tantivy::Result<Vec<String>> {
        names_in(self.region.as_ref())
    }

    /// The header document of the report with this identifier.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn find_report(&self, id: &str) -> tantivy::Result<Option<DocId>> {
        use tantivy::{DocSet, TERMINATED};
        let terms = self.reader.inverted_index(self.fields.report)?;
        let term = tantivy::Term::from_field_text(self.fields.report, id);
        let Some(mut postings) = terms.read_postings(&term, tantivy::schema::IndexRecordOption::Basic)? else {
            return Ok(None);
        };
        while postings.doc() != TERMINATED {
            if self.is_live(postings.doc()) {
                return Ok(Some(self.header_of(postings.doc())));
            }
            postings.advance();
        }
        Ok(None)
    }

    fn record<T: serde::de::DeserializeOwned>(&self, document: &TantivyDocument) -> tantivy::Result<T> {
        let bytes = document.get_first(self.fields.record).and_then(|value| value.as_bytes()).unwrap_or_default();
        let damaged = |error: postcard::Error| io::Error::new(io::ErrorKind::InvalidData, error);
        Ok(postcard::from_bytes(bytes).map_err(damaged)?)
    }
}

/// The names in a column, by ordinal.
///
/// # Errors
/// If the index is damaged.
pub fn names_in(column: Option<&StrColumn>) -> tantivy::Result<Vec<String>> {
    let Some(column) = column else { return Ok(Vec::new()) };
    let name = |ordinal| {
        let mut name = String::new();
        column.ord_to_str(ordinal, &mut name)?;
        Ok(name)
    };
    (0..column.num_terms() as u64).map(name).collect()
}

/// A document's value in a column of names.
fn name_of(column: &Option<StrColumn>, doc: DocId) -> tantivy::Result<Option<String>> {
    let Some(column) = column else { return Ok(None) };
    let Some(ordinal) = column.ords().first(doc) else { return Ok(None) };
    let mut name = String::new();
    column.ord_to_str(ordinal, &mut name)?;
    Ok(Some(name))
}
