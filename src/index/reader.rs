//! Opens an index for reading: segments with their terms, columns and stored records.
//!
//! A [`Snapshot`] does not change while it is used; later commits are seen by opening another. Copies are as
//! if they were not there unless they are asked for.

use std::collections::HashMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tantivy::columnar::Column;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::store::StoreReader;
use tantivy::{DocId, DocSet, Index, SegmentReader, TERMINATED, TantivyDocument, TantivyError};

use super::body::{Body, Form, Term};
use super::headers::{Headers, InOrder};
use super::ledger::{self, Copies, CopyRecord, FileRecord, Ledger, TWIN_MARK, twin_id};
use super::names::Names;
use super::record::Header;
use super::schema::Fields;
use super::{FORMAT, Manifest, failure, open_directory};
use crate::error::Error;
use crate::model::{Part, Passage, Role};
use crate::text::issuers;

/// Blocks of the document store kept decompressed per segment.
const STORE_CACHE_BLOCKS: usize = 64;

/// Which reports a snapshot shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// Each report once.
    #[default]
    Main,
    /// Copies, too.
    All,
}

/// An index as it was at one commit.
pub struct Snapshot {
    path: PathBuf,
    /// What the commit says about itself.
    pub manifest: Manifest,
    /// Which reports it shows.
    pub view: View,
    /// The segments, in the index's order.
    pub segments: Vec<Segment>,
    copies: Copies,
    fuller: OnceLock<HashMap<String, String>>,
}

impl Snapshot {
    /// Opens the index at `path`.
    ///
    /// # Errors
    /// If there is none, it is of another format, or it is damaged.
    pub fn open(path: &Path, view: View) -> Result<Snapshot, Error> {
        // A commit may remove files of the one before while they are being opened: then the new one is there.
        let mut attempts = 0;
        loop {
            match Snapshot::open_once(path, view) {
                Err(Error::IndexDamaged { .. } | Error::IndexIo { .. }) if attempts < OPEN_AGAIN => attempts += 1,
                opened => return opened,
            }
        }
    }

    fn open_once(path: &Path, view: View) -> Result<Snapshot, Error> {
        let failed = |source: TantivyError| failure(path, source);
        let (index, manifest) = open_index(path)?;
        let (_, fields) = Fields::schema();
        let copies = Copies::new(ledger::read(path, &manifest.ledger.copies).map_err(|source| failed(source.into()))?);
        let open = |meta: &_| Segment::open(SegmentReader::open(meta)?, &fields, &copies, view);
        let segments = index
            .searchable_segments()
            .and_then(|segments| segments.iter().map(open).collect::<Result<_, _>>())
            .map_err(failed)?;
        Ok(Snapshot { path: path.to_owned(), manifest, view, segments, copies, fuller: OnceLock::new() })
    }

    /// Whether the report with this header is a copy of another.
    pub fn is_copy(&self, segment: &Segment, header: DocId) -> bool {
        segment.key_of(header).and_then(|key| self.copies.get(key)?.main).is_some()
    }

    /// The report that the one with this header is a copy of, if it is one.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn main_of(&self, segment: &Segment, header: DocId) -> tantivy::Result<Option<Header>> {
        let main = segment.key_of(header).and_then(|key| self.copies.get(key)?.main);
        Ok(self.headers_with(main.as_slice())?.pop())
    }

    /// The reports that are copies of the one with this header, whether shown or not, by source and place.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn copies_of(&self, segment: &Segment, header: DocId) -> tantivy::Result<Vec<Header>> {
        let Some(key) = segment.key_of(header).filter(|_| !self.copies.is_empty()) else { return Ok(Vec::new()) };
        self.headers_with(&self.copies.copies_of(key))
    }

    fn headers_with(&self, keys: &[u64]) -> tantivy::Result<Vec<Header>> {
        let mut headers = Vec::with_capacity(keys.len());
        for segment in self.segments.iter().filter(|_| !keys.is_empty()) {
            let is_asked = |&doc: &DocId| segment.key_of(doc).is_some_and(|key| keys.contains(&key));
            for &doc in
                segment.raw_headers.all().iter().filter(|doc| is_asked(doc) && !segment.reader.is_deleted(**doc))
            {
                headers.push(segment.header(doc)?);
            }
        }
        headers.sort_by(|a: &Header, b| (&a.source, a.place).cmp(&(&b.source, b.place)));
        Ok(headers)
    }

    /// The issuer of the report that a passage belongs to, by the fullest name that the index has for it; empty where
    /// it is not known.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn issuer_of(&self, segment: &Segment, doc: DocId) -> tantivy::Result<String> {
        Ok(self.fullest(segment.issuer_of(doc)?.unwrap_or_default()))
    }

    /// The fullest name that the index has for an issuer.
    pub fn fullest(&self, issuer: String) -> String {
        let fuller = self.fuller.get_or_init(|| {
            let columns = self.segments.iter().map(|segment| segment.issuer.all().unwrap_or_default());
            let mut names: Vec<&str> = columns.flatten().map(String::as_str).collect();
            names.sort_unstable();
            names.dedup();
            issuers::fullest(names.into_iter())
        });
        fuller.get(&issuer).cloned().unwrap_or(issuer)
    }

    /// The files that its ledger names.
    ///
    /// # Errors
    /// If the ledger is missing or damaged.
    pub fn files(&self) -> Result<Vec<FileRecord>, Error> {
        files(&self.path, &self.manifest)
    }

    /// Wraps a failure to read this index.
    pub fn failure(&self, source: impl Into<TantivyError>) -> Error {
        failure(&self.path, source)
    }
}

/// How often opening is tried again when files vanish under it.
const OPEN_AGAIN: usize = 3;

/// Opens the index and reads what its last commit says of itself.
fn open_index(path: &Path) -> Result<(Index, Manifest), Error> {
    if !path.join("meta.json").is_file() {
        return Err(Error::IndexMissing { path: path.to_owned() });
    }
    let failed = |source: TantivyError| failure(path, source);
    let index = Index::open(open_directory(path)?).map_err(failed)?;
    let meta = index.load_metas().map_err(failed)?;
    let format = |found| Error::IndexFormat { path: path.to_owned(), expected: FORMAT, found };
    // Without a payload nothing was ever committed.
    let payload = meta.payload.ok_or_else(|| Error::IndexMissing { path: path.to_owned() })?;
    let payload: serde_json::Value = serde_json::from_str(&payload).map_err(|_| format(0))?;
    let found = payload.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0) as u32;
    if found != FORMAT || index.schema() != Fields::schema().0 {
        return Err(format(found));
    }
    Ok((index, serde_json::from_value(payload).map_err(|_| format(found))?))
}

/// What the last commit of the index at `path` says of itself, without opening what it holds.
///
/// # Errors
/// If there is no index, it is of another format, or it is damaged.
pub fn manifest(path: &Path) -> Result<Manifest, Error> {
    open_index(path).map(|(_, manifest)| manifest)
}

/// The files of the ledger that a commit names.
///
/// # Errors
/// If they are missing or damaged.
pub fn files(path: &Path, manifest: &Manifest) -> Result<Vec<FileRecord>, Error> {
    ledger::read(path, &manifest.ledger.files).map_err(|source| failure(path, source))
}

/// The ledger that a commit names.
///
/// # Errors
/// If a part is missing or damaged.
pub fn ledger(path: &Path, manifest: &Manifest) -> Result<Ledger, Error> {
    let failed = |source: io::Error| failure(path, source);
    let names = &manifest.ledger;
    Ok(Ledger {
        files: files(path, manifest)?,
        reports: ledger::read(path, &names.reports).map_err(failed)?,
        copies: ledger::read(path, &names.copies).map_err(failed)?,
    })
}

/// One open segment.
pub struct Segment {
    /// The words of passages, which passages hold which, and what is known of each at a glance.
    pub body: Body,
    /// Kind label.
    pub kind: Names,
    /// Region name.
    pub region: Names,
    /// Report identifier.
    pub report: Names,
    /// Title of the report.
    pub title: Names,
    /// Issuer.
    pub issuer: Names,
    /// The source.
    pub source: Names,
    year: Column<i64>,
    /// All headers, deleted and hidden ones included.
    raw_headers: Headers,
    headers: OnceLock<Vec<DocId>>,
    live_docs: OnceLock<u32>,
    live_characters: OnceLock<u64>,
    key: Column<u64>,
    /// One bit a document: whether it belongs to a copy that the view does not show. Empty where there are none.
    hidden: Vec<u64>,
    /// Numbers of reports that share an identifier, by header.
    twins: HashMap<DocId, u32>,
    fields: Fields,
    store: StoreReader,
    reader: SegmentReader,
}

impl Segment {
    fn open(reader: SegmentReader, fields: &Fields, copies: &Copies, view: View) -> tantivy::Result<Segment> {
        let fast = reader.fast_fields();
        let headers = Headers::of(listed_headers(&reader, fields)?, reader.max_doc());
        let names = |field: &str| Ok::<_, TantivyError>(Names::of_column(fast.str(field)?, &headers));
        let mut segment = Segment {
            body: Body::open(&reader)?,
            kind: names("kind")?,
            region: names("region")?,
            report: names("report")?,
            title: names("title")?,
            issuer: names("issuer")?,
            source: names("source")?,
            year: fast.column_opt("year")?.unwrap_or_else(|| Column::build_empty_column(reader.max_doc())),
            raw_headers: headers,
            headers: OnceLock::new(),
            live_docs: OnceLock::new(),
            live_characters: OnceLock::new(),
            key: fast.column_opt("key")?.unwrap_or_else(|| Column::build_empty_column(reader.max_doc())),
            hidden: Vec::new(),
            twins: HashMap::new(),
            fields: fields.clone(),
            store: reader.get_store_reader(STORE_CACHE_BLOCKS)?,
            reader,
        };
        if !copies.is_empty() {
            segment.set_copies(copies, view);
        }
        Ok(segment)
    }

    fn set_copies(&mut self, copies: &Copies, view: View) {
        let found: Vec<(DocId, CopyRecord)> =
            self.raw_headers.all().iter().filter_map(|&doc| Some((doc, copies.get(self.key_of(doc)?)?))).collect();
        for (doc, copy) in found {
            if copy.twin > 0 {
                self.twins.insert(doc, copy.twin);
            }
            if view == View::Main && copy.main.is_some() {
                self.hidden.resize(self.max_doc().div_ceil(64) as usize, 0);
                for doc in doc..=doc + self.passages_of(doc) {
                    self.hidden[doc as usize / 64] |= 1 << (doc % 64);
                }
            }
        }
    }

    fn is_hidden(&self, doc: DocId) -> bool {
        self.hidden.get(doc as usize / 64).is_some_and(|bits| bits >> (doc % 64) & 1 == 1)
    }

    /// The key of the report whose header is `header`.
    pub fn key_of(&self, header: DocId) -> Option<u64> {
        self.key.first(header)
    }

    /// How many passages follow a header.
    pub fn passages_of(&self, header: DocId) -> u32 {
        self.report_at(header).end - header - 1
    }

    /// One more than the highest document number.
    pub fn max_doc(&self) -> DocId {
        self.reader.max_doc()
    }

    /// Documents that the view shows, headers included.
    pub fn live_docs(&self) -> u32 {
        if self.is_whole() {
            return self.reader.num_docs();
        }
        *self.live_docs.get_or_init(|| self.headers().map(|header| self.passages_of(header) + 1).sum())
    }

    /// Whether every document is shown.
    pub fn is_whole(&self) -> bool {
        self.hidden.is_empty() && !self.reader.has_deletes()
    }

    /// Characters of the matching forms that the view shows.
    pub fn live_characters(&self) -> u64 {
        let others = || {
            let headers = self.raw_headers.all().iter().filter(|&&header| !self.is_live(header));
            headers.map(|&header| u64::from(self.characters(header))).sum()
        };
        let live = || self.body.characters().saturating_sub(if self.is_whole() { 0 } else { others() });
        *self.live_characters.get_or_init(live)
    }

    /// How many of the documents that the view shows hold a term.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn live_frequency(&self, term: Term) -> io::Result<u64> {
        if self.is_whole() {
            return Ok(u64::from(term.count));
        }
        let mut live = 0;
        self.body
            .for_each_block(term, |docs, _| live += docs.iter().filter(|&&doc| self.is_live(doc)).count() as u64)?;
        Ok(live)
    }

    /// Whether a document is neither deleted nor hidden.
    pub fn is_live(&self, doc: DocId) -> bool {
        !self.reader.is_deleted(doc) && !self.is_hidden(doc)
    }

    /// Whether a document is the header of a report rather than a passage.
    pub fn is_header(&self, doc: DocId) -> bool {
        self.raw_headers.all().binary_search(&doc).is_ok()
    }

    /// The live header documents, ascending.
    pub fn headers(&self) -> impl Iterator<Item = DocId> + '_ {
        let live = || self.raw_headers.all().iter().copied().filter(|&doc| self.is_live(doc)).collect();
        self.headers.get_or_init(live).iter().copied()
    }

    /// The header document of the report that `doc` belongs to.
    pub fn header_of(&self, doc: DocId) -> DocId {
        self.report_at(doc).start
    }

    /// Finds the reports of documents that ascend.
    pub fn reports_in_order(&self) -> InOrder<'_> {
        self.raw_headers.in_order()
    }

    /// The documents of the report that `doc` belongs to: its header and its passages.
    pub fn report_at(&self, doc: DocId) -> Range<DocId> {
        self.raw_headers.report_at(doc)
    }

    /// The stored header at `doc`.
    ///
    /// # Errors
    /// If the store is damaged.
    pub fn header(&self, doc: DocId) -> tantivy::Result<Header> {
        let header = self.stored_header(doc)?;
        Ok(Header { id: self.with_twin(header.id, doc), ..header })
    }

    /// The header at `doc` as it was written: other reports may have its identifier.
    ///
    /// # Errors
    /// If the store is damaged.
    pub fn stored_header(&self, doc: DocId) -> tantivy::Result<Header> {
        let document: TantivyDocument = self.store.get(doc)?;
        let record = document.get_first(self.fields.record).and_then(|value| value.as_bytes()).unwrap_or_default();
        let damaged = |error: postcard::Error| io::Error::new(io::ErrorKind::InvalidData, error);
        Ok(postcard::from_bytes(record).map_err(damaged)?)
    }

    /// A report's own identifier, told apart from those of reports that would have the same.
    fn with_twin(&self, id: String, header: DocId) -> String {
        match self.twins.get(&header) {
            Some(&number) => twin_id(&id, number),
            None => id,
        }
    }

    /// The passage at `doc`.
    ///
    /// # Errors
    /// If the index is damaged, or this is a header.
    pub fn passage(&self, doc: DocId) -> tantivy::Result<Passage> {
        let card = self.body.card(doc);
        let (Some(role), Some(part)) = (card.role(), card.part()) else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a passage is missing").into());
        };
        let (standing, text) = self.body.text(doc)?;
        Ok(Passage { role, part, section: standing.section, text, bytes: standing.bytes })
    }

    /// The text of the passage at `doc`.
    ///
    /// # Errors
    /// If the index is damaged, or this is a header.
    pub fn text(&self, doc: DocId) -> io::Result<String> {
        self.body.text(doc).map(|(_, text)| text)
    }

    /// The matching form of the passage at `doc`; empty for a header.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn form(&self, doc: DocId) -> io::Result<Form> {
        let mut form = Form::default();
        self.body.form(doc, &mut form)?;
        Ok(form)
    }

    /// Characters of the matching form of the passage at `doc`; of a header, those of all its passages.
    pub fn characters(&self, doc: DocId) -> u32 {
        self.body.card(doc).characters()
    }

    /// The role of the passage at `doc`; `None` for a header.
    pub fn role(&self, doc: DocId) -> Option<Role> {
        self.body.card(doc).role()
    }

    /// The part of the report that the passage at `doc` stands in; `None` for a header.
    pub fn part(&self, doc: DocId) -> Option<Part> {
        self.body.card(doc).part()
    }

    /// The heading or title passage that `doc` stands under.
    pub fn heading_of(&self, doc: DocId) -> Option<DocId> {
        self.body.card(doc).heading_of(doc)
    }

    /// The year of the report that `doc` belongs to, where it is known.
    pub fn year_of(&self, doc: DocId) -> Option<i32> {
        self.year_of_report(self.header_of(doc))
    }

    /// The year of the report with a header, where it is known.
    pub fn year_of_report(&self, header: DocId) -> Option<i32> {
        self.year.first(header).and_then(|year| i32::try_from(year).ok())
    }

    /// The live documents that are passages, ascending.
    pub fn passages(&self) -> impl Iterator<Item = DocId> + '_ {
        let headers = self.raw_headers.all();
        let ends = headers.iter().skip(1).copied().chain([self.max_doc()]);
        let reports = headers.iter().zip(ends);
        reports.flat_map(|(&header, end)| header + 1..end).filter(|&doc| self.is_live(doc))
    }

    /// The identifier of the report that `doc` belongs to.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn report_of(&self, doc: DocId) -> tantivy::Result<String> {
        Ok(self.with_twin(self.report.of(doc)?.unwrap_or_default(), self.header_of(doc)))
    }

    /// What orders the report of `doc` among those of the segment as its identifier would.
    pub fn order_of_report(&self, doc: DocId) -> (Option<u64>, Option<String>) {
        let twin = self.twins.get(&self.header_of(doc)).map(u32::to_string);
        (self.report.number(doc), twin)
    }

    /// The region of the report that `doc` belongs to.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn region_of(&self, doc: DocId) -> tantivy::Result<Option<String>> {
        Ok(self.region.of(doc)?)
    }

    /// The issuer of the report that `doc` belongs to.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn issuer_of(&self, doc: DocId) -> tantivy::Result<Option<String>> {
        Ok(self.issuer.of(doc)?)
    }

    /// The kind of the report that `doc` belongs to.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn kind_of(&self, doc: DocId) -> tantivy::Result<Option<String>> {
        Ok(self.kind.of(doc)?)
    }

    /// The source of the report that `doc` belongs to.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn source_of(&self, doc: DocId) -> tantivy::Result<Option<String>> {
        Ok(self.source.of(doc)?)
    }

    /// The names of all regions.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn regions(&self) -> tantivy::Result<Vec<String>> {
        Ok(self.region.all()?.to_vec())
    }

    /// The header document of the report with this identifier.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn find_report(&self, id: &str) -> tantivy::Result<Option<DocId>> {
        let base = id.rsplit_once(TWIN_MARK).map(|(base, _)| base);
        let terms = self.reader.inverted_index(self.fields.report)?;
        for stored in [Some(id), base].into_iter().flatten() {
            let term = tantivy::Term::from_field_text(self.fields.report, stored);
            let Some(mut postings) = terms.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                if self.is_live(doc) && self.report_of(doc)? == id {
                    return Ok(Some(self.header_of(doc)));
                }
                postings.advance();
            }
        }
        Ok(None)
    }
}

/// All headers of a segment, deleted ones included, ascending.
fn listed_headers(reader: &SegmentReader, fields: &Fields) -> tantivy::Result<Vec<DocId>> {
    let term = tantivy::Term::from_field_u64(fields.header, 1);
    let terms = reader.inverted_index(fields.header)?;
    let mut headers = Vec::new();
    if let Some(mut postings) = terms.read_postings(&term, IndexRecordOption::Basic)? {
        while postings.doc() != TERMINATED {
            headers.push(postings.doc());
            postings.advance();
        }
    }
    Ok(headers)
}
