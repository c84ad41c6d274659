//! The facade that every face of the program uses: build an index of an archive, search it, read from it.
//!
//! Joins `ingest`, `index` and `search`, which do not know each other. Never writes into an archive.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::generate::Model;
use crate::index::reader::{Segment, Snapshot};
use crate::index::record::Header;
use crate::index::writer::Writer;
use crate::index::{DocId, FORMAT, Manifest, lexicon_name};
use crate::ingest::sources::{self, SourceFile};
use crate::ingest::{self, Sink, Skipped};
use crate::model::{Passage, Report, Role};
use crate::query::{Field, Query};
use crate::search::absent::{self, Coverage};
use crate::search::{self, Options, Outcome};
use crate::suggest::{Suggester, Suggestion};
use crate::text::fold::fold;
use crate::text::lexicon::Lexicon;
use crate::text::segment::Segmenter;
use crate::wording::align::{self, Alignment};
use crate::wording::check;
use crate::wording::draft::Draft;
use crate::wording::finding::Check;
use crate::wording::quote::{self, Quotation};
use crate::wording::versions::{self, Version};

/// Files larger than this, in bytes, are not read.
const MAX_FILE: u64 = 1 << 30;

/// How far a build has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The archive has been listed.
    Listed {
        /// Files to read.
        files: u64,
        /// Their bytes.
        bytes: u64,
    },
    /// A file of so many bytes has been dealt with.
    Read(u64),
    /// All files have been read; the index is being written out.
    Finishing,
}

/// What a build did. Sizes in bytes, times in seconds.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct BuildSummary {
    /// Files found.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Characters of all passages.
    pub characters: u64,
    /// Reports indexed.
    pub reports: u64,
    /// Passages indexed.
    pub passages: u64,
    /// Files and members that were not read.
    pub skipped: Vec<Skipped>,
    /// Time by stage.
    pub seconds: Stages,
    /// Megabytes (10⁶ bytes) of files a second, over the whole run.
    pub mb_per_second: f64,
    /// Reports a second, over the whole run.
    pub reports_per_second: f64,
    /// Threads that read, and that index.
    pub threads: usize,
    /// Highest memory use of the process, where the system tells.
    pub peak_memory: Option<u64>,
    /// Size of the index on disk.
    pub index_size: u64,
}

/// Time by stage, in seconds. `read` and `add` are summed over threads.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub struct Stages {
    /// Listing the files and opening the index.
    pub list: f64,
    /// Reading, cleaning and understanding.
    pub read: f64,
    /// Handing over to the indexing threads, waiting for them included.
    pub add: f64,
    /// Writing out and committing.
    pub commit: f64,
    /// The whole run.
    pub total: f64,
}

/// Indexes archive folders, replacing what the index held. A lexicon's words are known to the segmentation.
///
/// # Errors
/// If a folder does not exist or the index cannot be written. Files that cannot be read are listed in the summary.
pub fn build(
    archives: &[PathBuf],
    index: &Path,
    lexicon: &Lexicon,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<BuildSummary, Error> {
    let start = Instant::now();
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    for archive in archives {
        let (found, unlisted) = sources::list(archive)?;
        let prefix = if archives.len() > 1 { folder_name(archive) } else { String::new() };
        files.extend(found.into_iter().map(|file| SourceFile { name: format!("{prefix}{}", file.name), ..file }));
        skipped.extend(unlisted);
    }
    let bytes = files.iter().map(|file| file.size).sum();
    progress(Progress::Listed { files: files.len() as u64, bytes });
    let threads = threads();
    let writer = Writer::replace(index, threads, &lexicon.words)?;
    let list = start.elapsed();
    let run =
        Run { writer: &writer, counts: Counts::default(), skipped: Mutex::new(skipped), failed: Mutex::new(None) };
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if run.has_failed() {
                        break;
                    }
                    run.read(file);
                    progress(Progress::Read(file.size));
                }
            });
        }
    });
    progress(Progress::Finishing);
    let Run { counts, skipped, failed, .. } = run;
    if let Some(error) = into_inner(failed) {
        return Err(error);
    }
    let mut skipped = into_inner(skipped);
    skipped.sort_by(|a, b| a.source.cmp(&b.source));
    let committing = Instant::now();
    writer.commit(&Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        archives: archives.iter().map(|path| path.display().to_string()).collect(),
        skipped: skipped.len() as u64,
        lexicon: lexicon_name(&lexicon.words),
    })?;
    let total = start.elapsed().as_secs_f64();
    let reports = counts.reports.into_inner();
    Ok(BuildSummary {
        files: files.len() as u64,
        bytes,
        characters: counts.characters.into_inner(),
        reports,
        passages: counts.passages.into_inner(),
        skipped,
        seconds: Stages {
            list: list.as_secs_f64(),
            read: Duration::from_nanos(counts.read_nanos.into_inner()).as_secs_f64(),
            add: Duration::from_nanos(counts.add_nanos.into_inner()).as_secs_f64(),
            commit: committing.elapsed().as_secs_f64(),
            total,
        },
        mb_per_second: bytes as f64 / 1e6 / total,
        reports_per_second: reports as f64 / total,
        threads,
        peak_memory: peak_memory(),
        index_size: folder_size(index),
    })
}

/// Segments what an index holds anew, with this lexicon, without reading the sources again.
///
/// Readers see the old state until it is done. What a literal search finds does not change.
///
/// # Errors
/// If there is no index, or it cannot be read or written.
pub fn resegment(index: &Path, lexicon: &Lexicon) -> Result<u64, Error> {
    let archive = Archive::open(index)?;
    let writer = Writer::replace(index, threads(), &lexicon.words)?;
    let reports = archive.reports()?;
    for stored in &reports {
        let passages =
            stored.passages().map(|passage| passage.map(|(_, passage)| passage)).collect::<Result<_, _>>()?;
        let Header { id, source, place, metadata, sections, .. } = stored.header.clone();
        writer.add(&Report { id, source, place, metadata, sections, passages })?;
    }
    writer.commit(&Manifest { lexicon: lexicon_name(&lexicon.words), ..archive.manifest().clone() })?;
    Ok(reports.len() as u64)
}

fn threads() -> usize {
    thread::available_parallelism().map_or(1, |n| n.get())
}

fn folder_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| format!("{}/", name.to_string_lossy()))
}

fn into_inner<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Highest resident memory of this process in bytes, as Linux tells it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}

fn folder_size(path: &Path) -> u64 {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).filter(|m| m.is_file()).map(|m| m.len()).sum()
}

/// One build as its threads see it.
struct Run<'a> {
    writer: &'a Writer,
    counts: Counts,
    skipped: Mutex<Vec<Skipped>>,
    failed: Mutex<Option<Error>>,
}

#[derive(Default)]
struct Counts {
    reports: AtomicU64,
    passages: AtomicU64,
    characters: AtomicU64,
    read_nanos: AtomicU64,
    add_nanos: AtomicU64,
}

impl Run<'_> {
    fn has_failed(&self) -> bool {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn read(&self, file: &SourceFile) {
        let start = Instant::now();
        let mut sink = IndexSink { run: self, adding: Duration::ZERO };
        match load(file) {
            Err(reason) => sink.skipped(Skipped { source: file.name.clone(), reason }),
            Ok(bytes) => {
                let read = AssertUnwindSafe(|| ingest::read(&file.name, &bytes, &mut sink));
                if catch_unwind(read).is_err() {
                    let reason = "读取时程序出错，请报告此文件".to_owned();
                    sink.skipped(Skipped { source: file.name.clone(), reason });
                }
            }
        }
        let adding = sink.adding;
        self.counts.add_nanos.fetch_add(adding.as_nanos() as u64, Ordering::Relaxed);
        self.counts.read_nanos.fetch_add((start.elapsed() - adding).as_nanos() as u64, Ordering::Relaxed);
    }
}

fn load(file: &SourceFile) -> Result<Vec<u8>, String> {
    if file.size > MAX_FILE {
        return Err(format!("文件超过 {} MB 上限", MAX_FILE >> 20));
    }
    fs::read(&file.path).map_err(|error| format!("无法打开（{error}）"))
}

/// Hands reports over to the index.
struct IndexSink<'a> {
    run: &'a Run<'a>,
    adding: Duration,
}

impl Sink for IndexSink<'_> {
    fn report(&mut self, report: Report) {
        let start = Instant::now();
        let counts = &self.run.counts;
        counts.reports.fetch_add(1, Ordering::Relaxed);
        counts.passages.fetch_add(report.passages.len() as u64, Ordering::Relaxed);
        counts.characters.fetch_add(report.characters(), Ordering::Relaxed);
        if let Err(error) = self.run.writer.add(&report) {
            *self.run.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
        self.adding += start.elapsed();
    }

    fn skipped(&mut self, skipped: Skipped) {
        self.run.skipped.lock().unwrap_or_else(PoisonError::into_inner).push(skipped);
    }
}

/// An index open for reading.
pub struct Archive {
    snapshot: Snapshot,
}

/// A report in the index: its header and where its passages are.
pub struct Stored<'a> {
    /// What is known about it.
    pub header: Header,
    segment: &'a Segment,
    doc: DocId,
    archive: &'a Archive,
}

impl Stored<'_> {
    /// Its passages in order, each with its number from 1.
    pub fn passages(&self) -> impl Iterator<Item = Result<(u32, Passage), Error>> + '_ {
        (1..=self.header.passages).map(|number| Ok((number, self.passage(number)?)))
    }

    /// One passage by its number from 1.
    ///
    /// # Errors
    /// If there is none of this number, or the index is damaged.
    pub fn passage(&self, number: u32) -> Result<Passage, Error> {
        if number == 0 || number > self.header.passages {
            let (id, passages) = (self.header.id.clone(), self.header.passages);
            return Err(Error::NoSuchPassage { id, passage: number, passages });
        }
        self.segment.passage(self.doc + number).map_err(|source| self.archive.snapshot.failure(source))
    }
}

/// Candidates named when an abbreviated identifier is ambiguous.
const MAX_CANDIDATES: usize = 5;

impl Archive {
    /// Opens an index. No dictionary is loaded.
    ///
    /// # Errors
    /// If there is none, it is of another format, or it is damaged.
    pub fn open(index: &Path) -> Result<Archive, Error> {
        Ok(Archive { snapshot: Snapshot::open(index)? })
    }

    /// What the index says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.snapshot.manifest
    }

    /// Searches.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn search(&self, query: &Query, options: &Options) -> Result<Outcome, Error> {
        search::search(&self.snapshot, query, options)
    }

    /// For every sentence and clause of a draft, the closest earlier wording.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn check(&self, draft: &Draft, options: &check::Options) -> Result<Check, Error> {
        check::check(&self.snapshot, draft, options)
    }

    /// Whether a quotation is exactly in the archive, or in the reports that `filter` lets through.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn quote(&self, text: &str, filter: &[Field], limit: usize) -> Result<Quotation, Error> {
        quote::quote(&self.snapshot, text, filter, limit)
    }

    /// The versions of a passage over the years: of the same series, or of all reports.
    ///
    /// # Errors
    /// If there is no such report or passage, or the index is damaged.
    pub fn versions(&self, report: &str, number: u32, everywhere: bool) -> Result<Vec<Version>, Error> {
        let stored = self.report(report)?;
        stored.passage(number)?;
        let segment = self.snapshot.segments.iter().position(|segment| std::ptr::eq(segment, stored.segment));
        let place = (segment.unwrap_or_default(), stored.doc + number);
        versions::versions(&self.snapshot, &stored.header.metadata, place, everywhere)
    }

    /// The formulations of issuers' latest reports before a year beside a draft.
    ///
    /// # Errors
    /// If no report of these issuers is there, or the index is damaged.
    pub fn align(&self, draft: &Draft, issuers: &[String], before: Option<i32>) -> Result<Alignment, Error> {
        align::align(&self.snapshot, draft, issuers, before)
    }

    /// The reports that a filter lets through, and what is missing between them.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn coverage(&self, filter: &[Field]) -> Result<Coverage, Error> {
        absent::coverage(&self.snapshot, filter).map_err(|source| self.snapshot.failure(source))
    }

    /// All reports, by source and place in it.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn reports(&self) -> Result<Vec<Stored<'_>>, Error> {
        let mut reports = Vec::new();
        for segment in &self.snapshot.segments {
            for doc in segment.headers() {
                reports.push(self.stored(segment, doc)?);
            }
        }
        reports.sort_by(|a, b| (&a.header.source, a.header.place).cmp(&(&b.header.source, b.header.place)));
        Ok(reports)
    }

    fn stored<'a>(&'a self, segment: &'a Segment, doc: DocId) -> Result<Stored<'a>, Error> {
        let header = segment.header(doc).map_err(|source| self.snapshot.failure(source))?;
        Ok(Stored { header, segment, doc, archive: self })
    }

    /// A report by its identifier, the beginning of it, or part of its source's name or title.
    ///
    /// # Errors
    /// If there is none or more than one, or the index is damaged.
    pub fn report(&self, id: &str) -> Result<Stored<'_>, Error> {
        for segment in &self.snapshot.segments {
            if let Some(doc) = segment.find_report(id).map_err(|source| self.snapshot.failure(source))? {
                return self.stored(segment, doc);
            }
        }
        let answers = |header: &Header| {
            header.id.starts_with(id) || header.source.contains(id) || header.metadata.title.value.contains(id)
        };
        let mut found: Vec<Stored> = self.reports()?.into_iter().filter(|report| answers(&report.header)).collect();
        match found.len() {
            0 => Err(Error::NoSuchReport { id: id.to_owned() }),
            1 => Ok(found.swap_remove(0)),
            _ => {
                let name = |report: &Stored| format!("{}（{}）", report.header.id, report.header.source);
                let candidates = found.iter().take(MAX_CANDIDATES).map(name).collect();
                Err(Error::AmbiguousReport { id: id.to_owned(), candidates })
            }
        }
    }
}

/// Learns a generator's model from the running text of an archive.
///
/// # Errors
/// If the index is damaged.
pub fn generator_model(archive: &Archive) -> Result<Model, Error> {
    let mut texts = Vec::new();
    for report in archive.reports()? {
        for passage in report.passages() {
            let (_, passage) = passage?;
            texts.extend((passage.role == Role::Paragraph).then_some(passage.text));
        }
    }
    Ok(Model::learn(texts.iter().map(String::as_str), &Segmenter::new()))
}

/// Proposes words for a lexicon, beside those it has, from an archive's passages.
///
/// # Errors
/// If the index is damaged.
pub fn suggest(archive: &Archive, lexicon: &Lexicon, least: u64, most: usize) -> Result<Vec<Suggestion>, Error> {
    let segmenter = Segmenter::with_words(&lexicon.words);
    let mut suggester = Suggester::default();
    for report in archive.reports()? {
        for passage in report.passages() {
            let (_, passage) = passage?;
            let folded = fold(&passage.text);
            suggester.add(&passage.text, &folded, &segmenter.word_ends(&folded));
        }
    }
    Ok(suggester.suggest(least, most))
}

/// What was read from one source.
#[derive(Debug, Default)]
pub struct Extract {
    /// Texts by source, before clean-up.
    pub texts: Vec<(String, String)>,
    /// Reports.
    pub reports: Vec<Report>,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

impl Sink for Extract {
    fn report(&mut self, report: Report) {
        self.reports.push(report);
    }

    fn skipped(&mut self, skipped: Skipped) {
        self.skipped.push(skipped);
    }

    fn extracted(&mut self, source: &str, text: &str) {
        self.texts.push((source.to_owned(), text.to_owned()));
    }
}

/// Reads one file, or one zip member named as `a.zip!/b.docx`, without an index.
///
/// # Errors
/// If the file cannot be opened, or the zip has no such member.
pub fn extract(source: &str) -> Result<Extract, Error> {
    let (path, member) = match source.split_once("!/") {
        Some((path, _)) if !Path::new(source).exists() => (path, Some(source)),
        _ => (source, None),
    };
    let unreadable = |reason: String| Error::Unreadable { source_name: source.to_owned(), reason };
    let size = fs::metadata(path).map_err(|error| unreadable(format!("无法打开（{error}）")))?.len();
    let file = SourceFile { path: PathBuf::from(path), name: path.to_owned(), size };
    let bytes = load(&file).map_err(unreadable)?;
    let mut extract = Extract::default();
    ingest::read(&file.name, &bytes, &mut extract);
    if let Some(member) = member {
        extract.texts.retain(|(name, _)| name == member);
        extract.reports.retain(|report| report.source == member);
        extract.skipped.retain(|skipped| skipped.source == member);
        if extract.texts.is_empty() && extract.skipped.is_empty() {
            return Err(Error::Unreadable {
                source_name: source.to_owned(),
                reason: "压缩包内没有这个文件".to_owned(),
            });
        }
    }
    Ok(extract)
}

/// Reads a draft from a file, with the readers of the archive. Nothing of it is kept.
///
/// # Errors
/// If it cannot be read, holds no text, or holds several files.
pub fn read_draft(path: &str) -> Result<Draft, Error> {
    let unreadable = |reason: String| Error::Unreadable { source_name: path.to_owned(), reason };
    let size = fs::metadata(path).map_err(|error| unreadable(format!("无法打开（{error}）")))?.len();
    let file = SourceFile { path: PathBuf::from(path), name: path.to_owned(), size };
    draft(path, &load(&file).map_err(unreadable)?)
}

/// Reads a draft, which is called `name`, from its bytes.
///
/// # Errors
/// If it cannot be read, holds no text, or holds several files.
pub fn draft(name: &str, bytes: &[u8]) -> Result<Draft, Error> {
    let unreadable = |reason: &str| Error::Unreadable { source_name: name.to_owned(), reason: reason.to_owned() };
    // Decoded first, so that positions are those of the text and not of bytes in some encoding.
    let text = ingest::plain_text(bytes);
    let mut extract = Extract::default();
    ingest::read(name, text.as_ref().map_or(bytes, |text| text.as_bytes()), &mut extract);
    match (extract.texts.len(), extract.skipped.first()) {
        (1, None) => {
            let (_, text) = extract.texts.swap_remove(0);
            Ok(Draft { text, reports: extract.reports })
        }
        (0, Some(skipped)) => Err(unreadable(&skipped.reason)),
        _ => Err(unreadable("一次只能读一份文稿")),
    }
}
