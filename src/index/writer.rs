//! Writes reports into an index.
//!
//! Invariant: readers see the old state until the one commit at the end, which holds passages and ledger. The
//! documents of a report are added as one batch, which keeps them contiguous within a segment.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::{Directory, DirectoryLock, INDEX_WRITER_LOCK};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, UserOperation};
use tantivy::schema::Schema;
use tantivy::{Index, TantivyDocument, TantivyError, Term};

use super::backlog::Backlog;
use super::body::{self, BodyPlugin, Card, Standing};
use super::ledger::{self, Ledger, key_of_report};
use super::record::Header;
use super::schema::Fields;
use super::{Manifest, failure, open_directory};
use crate::error::Error;
use crate::model::{Passage, Report, Role};
use crate::text::fold::fold;
use crate::text::segment::Segmenter;
use crate::text::sketch::{Sketch, Sketcher};

/// Memory that each indexing thread may fill before it writes a segment, in bytes; writing takes nearly as much again.
const THREAD_BUDGET: usize = 96 << 20;

/// Segments with more documents are not put together: that would take time and memory that grow with the archive, and
/// save little where postings are long anyway.
const LARGE: usize = 500_000;

/// Segments that are being put together at the same time: each takes memory for its vocabulary.
const MERGES: usize = 1;

/// Changes the content of an index, as its only writer.
pub struct Writer {
    path: PathBuf,
    fields: Fields,
    backlog: Arc<Backlog>,
    inner: tantivy::IndexWriter,
}

impl Writer {
    /// Opens or makes the index at `path` in order to change what it holds, with `threads` indexing threads and
    /// a user's words added to the segmentation. An index of another format, or one that is damaged, is begun anew.
    ///
    /// # Errors
    /// If another process is writing it, the folder holds something else, or it cannot be written.
    pub fn open(path: &Path, threads: usize, words: &[String]) -> Result<Writer, Error> {
        let failed = |source: TantivyError| failure(path, source);
        prepare_folder(path)?;
        let (schema, fields) = Fields::schema();
        if path.join("meta.json").exists() && !can_be_continued(path, &schema) {
            let _lock = lock_for_writing(path)?;
            remove_index_files(path).map_err(|source| failure(path, source))?;
        }
        let (segmenter, backlog) = (Arc::new(Segmenter::with_words(words)), Arc::new(Backlog::default()));
        let plugin = BodyPlugin { document: fields.document, segmenter, backlog: backlog.clone() };
        let index = Index::builder()
            .schema(schema)
            .register_plugin(Arc::new(plugin))
            .open_or_create(open_directory(path)?)
            .map_err(failed)?;
        let options = IndexWriterOptions::builder()
            .memory_budget_per_thread(THREAD_BUDGET)
            .num_worker_threads(threads)
            .num_merge_threads(MERGES)
            .build();
        let inner: tantivy::IndexWriter = index.writer_with_options(options).map_err(failed)?;
        let mut policy = LogMergePolicy::default();
        policy.set_max_docs_before_merge(LARGE);
        inner.set_merge_policy(Box::new(policy));
        // What a run left behind that was stopped may have the names that this one is going to use.
        inner.garbage_collect_files().wait().map_err(failed)?;
        Ok(Writer { path: path.to_owned(), fields, backlog, inner })
    }

    /// Removes everything that the index holds.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn remove_all(&self) -> Result<(), Error> {
        self.inner.delete_all_documents().map_err(|source| failure(&self.path, source))?;
        Ok(())
    }

    /// Removes the reports of a file that were there before.
    pub fn remove_file(&self, file: u64) {
        self.inner.delete_term(Term::from_field_u64(self.fields.file, file));
    }

    /// Adds a report found in a file with this key. Waits when the indexing threads are behind.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn add(&self, file: u64, report: &Report) -> Result<Sketch, Error> {
        let made = documents(&self.fields, file, report).map_err(|source| failure(&self.path, source))?;
        let Documents { documents, bytes, sketch } = made;
        self.backlog.grow(bytes);
        self.inner
            .run(documents.into_iter().map(UserOperation::Add).collect::<Vec<_>>())
            .map_err(|source| failure(&self.path, source))?;
        Ok(sketch)
    }

    /// Makes everything visible that was added and removed, together with the ledger.
    ///
    /// # Errors
    /// If the index cannot be written; it then stays as it was.
    pub fn commit(mut self, manifest: &Manifest, ledger: &Ledger) -> Result<(), Error> {
        let finish = || -> Result<(), TantivyError> {
            let names = ledger.write(&self.path)?;
            let manifest = Manifest { ledger: names, ..manifest.clone() };
            let mut commit = self.inner.prepare_commit()?;
            commit.set_payload(&serde_json::to_string(&manifest)?);
            commit.commit()?;
            ledger::clear(&self.path, &manifest.ledger)?;
            self.inner.garbage_collect_files().wait()?;
            self.inner.wait_merging_threads()?;
            share(&self.path)?;
            Ok(())
        };
        finish().map_err(|source| failure(&self.path, source))
    }
}

/// The engine keeps its lists for its user alone. Whoever may read the index's other files may read them, too.
fn share(path: &Path) -> std::io::Result<()> {
    let others = fs::read_dir(path)?.flatten().find(|entry| entry.path().extension().is_some_and(|e| e == "store"));
    let Some(others) = others else { return Ok(()) };
    let permissions = others.metadata()?.permissions();
    for name in ["meta.json", MANAGED] {
        fs::set_permissions(path.join(name), permissions.clone())?;
    }
    Ok(())
}

/// Takes the engine's lock, which an index that cannot be opened needs before its files are removed.
fn lock_for_writing(path: &Path) -> Result<DirectoryLock, Error> {
    let locked = open_directory(path)?.acquire_lock(&INDEX_WRITER_LOCK);
    locked.map_err(|source| failure(path, TantivyError::LockFailure(source, None)))
}

/// Makes the folder; refuses one that holds something other than an index.
fn prepare_folder(path: &Path) -> Result<(), Error> {
    let failed = |source: std::io::Error| failure(path, source);
    fs::create_dir_all(path).map_err(failed)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| !name.starts_with("README"));
    // The engine lists its files from the first one on: without the list they are somebody else's.
    let is_index = names.iter().any(|name| name == MANAGED) && names.iter().all(|name| is_index_file(name));
    if names.is_empty() || is_index { Ok(()) } else { Err(Error::NotAnIndex { path: path.to_owned() }) }
}

/// The engine's list of its own files.
const MANAGED: &str = ".managed.json";

/// Whether there is an index of this format with this schema.
fn can_be_continued(path: &Path, schema: &Schema) -> bool {
    let index = || Index::open(open_directory(path).ok()?).ok();
    index().is_some_and(|index| index.schema() == *schema && index.load_metas().is_ok())
}

fn is_index_file(name: &str) -> bool {
    const EXTENSIONS: [&str; 10] =
        ["store", "fast", "idx", "pos", "term", "fieldnorm", "words", "del", "lock", ledger::EXTENSION];
    let extension = Path::new(name).extension().and_then(|e| e.to_str());
    let is_known = |e: &str| EXTENSIONS.contains(&e) || body::EXTENSIONS.contains(&e);
    // Files that were being written when a build was killed begin with .tmp.
    matches!(name, "meta.json" | MANAGED) || name.starts_with(".tmp") || extension.is_some_and(is_known)
}

fn remove_index_files(path: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if is_index_file(&entry.file_name().to_string_lossy()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// The documents of a report.
struct Documents {
    /// Its header, then its passages.
    documents: Vec<TantivyDocument>,
    /// Bytes of what they are for the body.
    bytes: usize,
    sketch: Sketch,
}

fn documents(fields: &Fields, file: u64, report: &Report) -> tantivy::Result<Documents> {
    let mut documents = vec![TantivyDocument::new()];
    let (mut sketcher, mut bytes, mut characters) = (Sketcher::default(), 0, 0);
    for (i, passage) in report.passages.iter().enumerate() {
        let Passage { role, part, section, text, bytes: ranges } = passage;
        let folded = fold(text);
        sketcher.add(&folded.chars);
        let heading = parent_of(report, i).map_or(0, |parent| (i - parent) as u32);
        let card = Card::of_passage(folded.chars.len() as u32, *role, *part, heading);
        characters += folded.chars.len() as u32;
        let standing = Standing { section: *section, bytes: ranges.clone() };
        let of_passage = body::document(card, Some((&standing, text, &folded)));
        bytes += of_passage.len();
        let mut document = TantivyDocument::new();
        document.add_u64(fields.file, file);
        document.add_custom(fields.document, &of_passage);
        documents.push(document);
    }
    add_header(fields, file, report, characters, &mut documents[0])?;
    Ok(Documents { documents, bytes, sketch: sketcher.finish() })
}

/// Says what is true of a report at its header; `characters` are those of its passages' forms.
fn add_header(
    fields: &Fields,
    file: u64,
    report: &Report,
    characters: u32,
    header: &mut TantivyDocument,
) -> tantivy::Result<()> {
    let encode = |error: postcard::Error| TantivyError::InternalError(error.to_string());
    header.add_custom(fields.document, &body::document(Card::of_header(characters), None));
    header.add_text(fields.report, &report.id);
    header.add_u64(fields.file, file);
    header.add_u64(fields.header, 1);
    header.add_u64(fields.key, key_of_report(&report.source, report.place));
    header.add_bytes(fields.record, &postcard::to_stdvec(&Header::of(file, report)).map_err(encode)?);
    let metadata = &report.metadata;
    if let Some(year) = &metadata.year {
        header.add_i64(fields.year, year.value.into());
    }
    header.add_text(fields.kind, metadata.kind.value.label());
    if let Some(region) = &metadata.region {
        header.add_text(fields.region, &region.value);
    }
    header.add_text(fields.title, &metadata.title.value);
    if let Some(issuer) = &metadata.issuer {
        header.add_text(fields.issuer, &issuer.value);
    }
    header.add_text(fields.source, &report.source);
    Ok(())
}

/// The passage of the nearest heading that passage `i` stands under, or of the report's title.
fn parent_of(report: &Report, i: usize) -> Option<usize> {
    let mut section = report.passages[i].section;
    while let Some(current) = section.and_then(|s| report.sections.get(s as usize)) {
        if let Some(passage) = current.passage {
            return Some(passage as usize).filter(|&passage| passage < i);
        }
        section = current.parent.filter(|&parent| Some(parent) < section);
    }
    report.passages[..i].iter().position(|passage| passage.role == Role::Title)
}
