//! Brings an index up to date with its archive: reads what is new or changed, drops what is gone, finds copies.
//!
//! What was read before is known from the index's ledger. Everything becomes visible in one commit, so that a run
//! that is stopped at any moment leaves the index as it was. Sources are only read.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::copies;
use super::load::{self, Event};
use crate::error::Error;
use crate::index::ledger::{FileRecord, Ledger, ReportRecord, key_of_file, key_of_report};
use crate::index::reader::{self, View};
use crate::index::writer::Writer;
use crate::index::{FORMAT, Manifest, lexicon_name};
use crate::ingest::format::Format;
use crate::ingest::sources::{self, SourceFile};
use crate::ingest::{self, Reading, Skipped};
use crate::model::Report;
use crate::text::fold::matching_form;
use crate::text::lexicon::Lexicon;

/// What is to be indexed, where and how.
#[derive(Debug, Clone)]
pub struct Order {
    /// The archive folders.
    pub archives: Vec<PathBuf>,
    /// The index folder.
    pub index: PathBuf,
    /// Words that the segmentation is to know.
    pub lexicon: Lexicon,
    /// How files are read.
    pub reading: Reading,
    /// Whether everything is read again.
    pub rebuild: bool,
}

impl Order {
    /// An order without anything special.
    pub fn new(archives: Vec<PathBuf>, index: PathBuf) -> Order {
        Order { archives, index, lexicon: Lexicon::default(), reading: Reading::default(), rebuild: false }
    }

    /// What the ledger says of how files were read.
    fn manner(&self) -> String {
        format!("{} {:?} {}", ingest::VERSION, self.reading.limits, self.reading.ocr)
    }
}

/// How far a run has come.
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

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It is new and was read.
    Read,
    /// It is as it was.
    Unchanged,
    /// It has changed and was read again.
    Updated,
    /// It stands elsewhere, and was read again.
    Moved,
    /// It is gone.
    Removed,
    /// Nothing of it could be read.
    Skipped,
}

/// What a run did. Sizes in bytes, times in seconds.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Summary {
    /// Files found.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files by what became of them, and by format.
    pub fates: BTreeMap<Fate, BTreeMap<String, u64>>,
    /// Reports that were read.
    pub reports: u64,
    /// Their passages.
    pub passages: u64,
    /// Their characters.
    pub characters: u64,
    /// Reports that the index holds now.
    pub indexed: u64,
    /// How many of these are copies of others and set aside.
    pub copies: u64,
    /// Files and parts of files that are not read, in this run or before.
    pub skipped: Vec<Skipped>,
    /// Why everything was read again, if it was.
    pub rebuilt: Option<&'static str>,
    /// Time by stage.
    pub seconds: Stages,
    /// Megabytes (10⁶ bytes) of files that were read, a second, over the whole run.
    pub mb_per_second: f64,
    /// Reports that were read, a second, over the whole run.
    pub reports_per_second: f64,
    /// Threads that read, and that index.
    pub threads: usize,
    /// Highest memory use of the process, where the system tells.
    pub peak_memory: Option<u64>,
    /// Size of the index on disk.
    pub index_size: u64,
}

impl Summary {
    /// How many files met a fate.
    pub fn count(&self, fate: Fate) -> u64 {
        self.fates.get(&fate).map_or(0, |formats| formats.values().sum())
    }
}

/// Time by stage, in seconds. `read` and `add` are summed over threads.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub struct Stages {
    /// Listing the files and finding out what has changed.
    pub list: f64,
    /// Reading, cleaning and understanding.
    pub read: f64,
    /// Handing over to the indexing threads, waiting for them included.
    pub add: f64,
    /// Finding copies, writing out and committing.
    pub commit: f64,
    /// The whole run.
    pub total: f64,
}

/// Times younger than this before a reading say nothing: a file may change again within what a clock tells apart.
const UNCERTAIN: u64 = 2_000_000_000;

/// Brings an index up to date.
///
/// # Errors
/// If a folder does not exist or the index cannot be written. Files that cannot be read are listed in the summary.
pub fn update(order: &Order, progress: &(dyn Fn(Progress) + Sync)) -> Result<Summary, Error> {
    let start = Instant::now();
    let listing = Listing::of(order)?;
    loop {
        let mut known = Known::of(order);
        let is_done = known.archives == order.shown_archives() && Plan::new(order, &listing, &known).is_empty();
        let mut reports = Vec::new();
        if !is_done {
            match known.reports(order) {
                Ok(found) => reports = found,
                Err(_) => known = Known::nothing(DAMAGED),
            }
        }
        let plan = Plan::new(order, &listing, &known);
        let (files, bytes) = plan.size();
        progress(Progress::Listed { files, bytes });
        let run = Run::new(order, plan, reports, start);
        if is_done {
            return Ok(run.nothing_to_do(&listing, &known));
        }
        let writer = Writer::open(&order.index, threads(), &order.lexicon.words)?;
        // Another process may have changed the index before this one became its writer.
        if Known::of(order).state == known.state || known.rebuilt == Some(DAMAGED) {
            return run.carry_out(writer, &listing, &known, progress);
        }
    }
}

impl Order {
    fn shown_archives(&self) -> Vec<String> {
        self.archives.iter().map(|path| path.display().to_string()).collect()
    }
}

/// The files of the archive as they are.
struct Listing {
    files: Vec<SourceFile>,
    /// What could not be listed.
    skipped: Vec<Skipped>,
}

impl Listing {
    fn of(order: &Order) -> Result<Listing, Error> {
        let (mut files, mut skipped) = (Vec::new(), Vec::new());
        let prefixes = prefixes(&order.archives);
        for (archive, prefix) in order.archives.iter().zip(&prefixes) {
            let (found, unlisted) = sources::list(archive)?;
            files.extend(found.into_iter().map(|file| SourceFile { name: format!("{prefix}{}", file.name), ..file }));
            skipped.extend(unlisted.into_iter().map(|s| Skipped { source: format!("{prefix}{}", s.source), ..s }));
        }
        // Names that are not text may look alike.
        let mut seen: HashMap<String, usize> = HashMap::new();
        for file in &mut files {
            let times = seen.entry(file.name.clone()).or_default();
            *times += 1;
            if *times > 1 {
                file.name = format!("{}#{times}", file.name);
            }
        }
        Ok(Listing { files, skipped })
    }

    /// Whether a file that was not found may still be there, in a folder that could not be listed.
    fn may_hold(&self, name: &str) -> bool {
        self.skipped.iter().any(|s| name.strip_prefix(&s.source).is_some_and(|r| r.is_empty() || r.starts_with('/')))
    }
}

/// What stands before the names of each archive's files: nothing for one, else its folder's name, numbered where
/// two have the same.
fn prefixes(archives: &[PathBuf]) -> Vec<String> {
    if archives.len() == 1 {
        return vec![String::new()];
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut prefix = |path: &PathBuf| {
        let full = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let name = full.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let times = seen.entry(name.clone()).or_default();
        *times += 1;
        if *times > 1 { format!("{name}#{times}/") } else { format!("{name}/") }
    };
    archives.iter().map(&mut prefix).collect()
}

/// What the index knows of the archive.
#[derive(Default)]
struct Known {
    files: HashMap<String, FileRecord>,
    archives: Vec<String>,
    /// The manifest it was read from, if what it says can be gone on from.
    state: Option<Manifest>,
    /// Why it cannot.
    rebuilt: Option<&'static str>,
}

const DAMAGED: &str = "索引已损坏";

impl Known {
    /// Nothing, for this reason.
    fn nothing(reason: &'static str) -> Known {
        Known { rebuilt: Some(reason), ..Known::default() }
    }

    /// Nothing where there is no index, or one that cannot be gone on from.
    fn of(order: &Order) -> Known {
        let manifest = match reader::manifest(&order.index) {
            Ok(manifest) => manifest,
            Err(Error::IndexMissing { .. }) => return Known::default(),
            Err(Error::IndexFormat { .. }) => return Known::nothing("索引是另一版本的程序建立的"),
            Err(_) => return Known::nothing(DAMAGED),
        };
        if order.rebuild {
            return Known::nothing("按要求重建");
        }
        if manifest.lexicon != lexicon_name(&order.lexicon.words) {
            return Known::nothing("用户词表已变");
        }
        if manifest.reading != order.manner() {
            return Known::nothing("读取方式或限额已变");
        }
        // What cannot be searched cannot be gone on from either.
        if reader::Snapshot::open(&order.index, View::Main).is_err() {
            return Known::nothing(DAMAGED);
        }
        match reader::files(&order.index, &manifest) {
            Ok(files) => Known {
                files: files.into_iter().map(|file| (file.name.clone(), file)).collect(),
                archives: manifest.archives.clone(),
                state: Some(manifest),
                rebuilt: None,
            },
            Err(_) => Known::nothing(DAMAGED),
        }
    }

    /// The reports that the index holds.
    fn reports(&self, order: &Order) -> Result<Vec<ReportRecord>, Error> {
        match &self.state {
            Some(manifest) => Ok(reader::ledger(&order.index, manifest)?.reports),
            None => Ok(Vec::new()),
        }
    }
}

/// A file to be looked into.
struct Task<'a> {
    file: &'a SourceFile,
    sidecar: u64,
    /// Its record, if its bytes alone decide whether it is read again.
    same: Option<&'a FileRecord>,
    /// Whether the index may hold reports of it.
    known: bool,
}

/// What a run has to do.
struct Plan<'a> {
    tasks: Vec<Task<'a>>,
    /// Records of files that stay as they are.
    kept: Vec<FileRecord>,
    removed: Vec<FileRecord>,
}

impl<'a> Plan<'a> {
    fn new(order: &Order, listing: &'a Listing, known: &'a Known) -> Plan<'a> {
        let mut plan = Plan { tasks: Vec::new(), kept: Vec::new(), removed: Vec::new() };
        let mut there = HashSet::new();
        for file in &listing.files {
            there.insert(file.name.as_str());
            let sidecar = order.reading.sidecar.digest(&file.name);
            let record = known.files.get(&file.name);
            let same = record.filter(|record| record.sidecar == sidecar && !record.hash.is_empty());
            let is_certain = |record: &&FileRecord| {
                let same = record.size == file.size && record.modified == file.modified && file.modified > 0;
                same && record.read > record.modified.saturating_add(UNCERTAIN)
            };
            match same.filter(is_certain) {
                Some(record) => plan.kept.push(record.clone()),
                None => {
                    plan.tasks.push(Task { file, sidecar, same, known: record.is_some() });
                }
            }
        }
        for record in known.files.values().filter(|record| !there.contains(record.name.as_str())) {
            if listing.may_hold(&record.name) {
                plan.kept.push(record.clone());
            } else {
                plan.removed.push(record.clone());
            }
        }
        plan
    }

    fn is_empty(&self) -> bool {
        self.tasks.is_empty() && self.removed.is_empty()
    }

    /// How many files are looked into, and their bytes.
    fn size(&self) -> (u64, u64) {
        (self.tasks.len() as u64, self.tasks.iter().map(|task| task.file.size).sum())
    }
}

/// One run as its threads see it.
struct Run<'a> {
    order: &'a Order,
    plan: Plan<'a>,
    /// The reports that the index holds already.
    reports: Vec<ReportRecord>,
    start: Instant,
    counts: Counts,
    found: Mutex<Found>,
    failed: Mutex<Option<Error>>,
}

#[derive(Default)]
struct Counts {
    reports: AtomicU64,
    passages: AtomicU64,
    characters: AtomicU64,
    bytes: AtomicU64,
    read_nanos: AtomicU64,
    add_nanos: AtomicU64,
}

/// What the threads found.
#[derive(Default)]
struct Found {
    /// Records of files that were looked into, by name; whether they were read.
    files: BTreeMap<String, (FileRecord, bool)>,
    reports: Vec<ReportRecord>,
}

impl<'a> Run<'a> {
    fn new(order: &'a Order, plan: Plan<'a>, reports: Vec<ReportRecord>, start: Instant) -> Run<'a> {
        let (found, failed) = (Mutex::default(), Mutex::default());
        Run { order, plan, reports, start, counts: Counts::default(), found, failed }
    }

    fn nothing_to_do(&self, listing: &Listing, known: &Known) -> Summary {
        let (indexed, copies) = known.state.as_ref().map_or((0, 0), |manifest| (manifest.reports, manifest.copies));
        let mut summary = self.summary(listing, &self.plan.kept, indexed, copies, known.rebuilt);
        summary.seconds.list = summary.seconds.total;
        self.tally(&mut summary, &BTreeMap::new(), known);
        summary
    }

    fn carry_out(
        &self,
        writer: Writer,
        listing: &Listing,
        known: &Known,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Summary, Error> {
        let list = self.start.elapsed();
        if known.state.is_none() {
            writer.remove_all()?;
        }
        for record in &self.plan.removed {
            writer.remove_file(key_of_file(&record.name));
        }
        self.read_all(&writer, progress);
        progress(Progress::Finishing);
        if let Some(error) = lock(&self.failed).take() {
            return Err(error);
        }
        let committing = Instant::now();
        let found = std::mem::take(&mut *lock(&self.found));
        let ledger = self.ledger(&found);
        let (indexed, copies) = (ledger.reports.len() as u64, count_copies(&ledger));
        let mut summary = self.summary(listing, &ledger.files, indexed, copies, known.rebuilt);
        writer.commit(
            &Manifest {
                format: FORMAT,
                version: env!("CARGO_PKG_VERSION").to_owned(),
                archives: self.order.shown_archives(),
                skipped: summary.skipped.len() as u64,
                lexicon: lexicon_name(&self.order.lexicon.words),
                reading: self.order.manner(),
                reports: indexed,
                copies,
                ..Manifest::default()
            },
            &ledger,
        )?;
        self.tally(&mut summary, &found.files, known);
        let total = self.start.elapsed().as_secs_f64();
        let seconds = |nanos: &AtomicU64| Duration::from_nanos(nanos.load(Ordering::Relaxed)).as_secs_f64();
        summary.seconds = Stages {
            list: list.as_secs_f64(),
            read: seconds(&self.counts.read_nanos),
            add: seconds(&self.counts.add_nanos),
            commit: committing.elapsed().as_secs_f64(),
            total,
        };
        summary.mb_per_second = self.counts.bytes.load(Ordering::Relaxed) as f64 / 1e6 / total;
        summary.reports_per_second = summary.reports as f64 / total;
        summary.index_size = folder_size(&self.order.index);
        summary.peak_memory = peak_memory();
        Ok(summary)
    }

    /// What the index will know: of what stays and of what was found.
    fn ledger(&self, found: &Found) -> Ledger {
        let unread = found.files.values().filter(|(_, read)| !read).map(|(record, _)| record);
        let stays: HashSet<u64> = self.plan.kept.iter().chain(unread).map(|record| key_of_file(&record.name)).collect();
        let kept = self.reports.iter().filter(|report| stays.contains(&report.file));
        let mut reports: Vec<ReportRecord> = kept.chain(&found.reports).cloned().collect();
        reports.sort_by(|a, b| (&a.source, a.place).cmp(&(&b.source, b.place)));
        let mut files = self.plan.kept.clone();
        files.extend(found.files.values().map(|(record, _)| record.clone()));
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let copies = copies::find(&reports);
        Ledger { files, reports, copies }
    }

    fn summary(
        &self,
        listing: &Listing,
        files: &[FileRecord],
        indexed: u64,
        copies: u64,
        rebuilt: Option<&'static str>,
    ) -> Summary {
        let mut skipped = listing.skipped.clone();
        skipped.extend(files.iter().flat_map(|file| file.skipped.iter().cloned()));
        skipped.sort_by(|a, b| a.source.cmp(&b.source));
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Summary {
            files: listing.files.len() as u64,
            bytes: listing.files.iter().map(|file| file.size).sum(),
            reports: count(&self.counts.reports),
            passages: count(&self.counts.passages),
            characters: count(&self.counts.characters),
            indexed,
            copies,
            skipped,
            rebuilt,
            seconds: Stages { total: self.start.elapsed().as_secs_f64(), ..Stages::default() },
            threads: threads(),
            peak_memory: peak_memory(),
            index_size: folder_size(&self.order.index),
            ..Summary::default()
        }
    }

    /// Counts files by fate and format.
    fn tally(&self, summary: &mut Summary, found: &BTreeMap<String, (FileRecord, bool)>, known: &Known) {
        let mut count = |fate: Fate, format: &str| {
            *summary.fates.entry(fate).or_default().entry(format.to_owned()).or_default() += 1;
        };
        let mut gone: HashMap<&[u8], usize> = HashMap::new();
        for record in &self.plan.removed {
            *gone.entry(&record.hash).or_default() += 1;
        }
        for record in &self.plan.kept {
            count(if is_unread(record) { Fate::Skipped } else { Fate::Unchanged }, &record.format);
        }
        for (record, read) in found.values() {
            let mut was_elsewhere =
                || gone.get_mut(record.hash.as_slice()).filter(|n| **n > 0).map(|n| *n -= 1).is_some();
            let fate = match known.files.contains_key(&record.name) {
                _ if is_unread(record) => Fate::Skipped,
                _ if !read => Fate::Unchanged,
                true => Fate::Updated,
                false if !record.hash.is_empty() && was_elsewhere() => Fate::Moved,
                false => Fate::Read,
            };
            count(fate, &record.format);
        }
        for record in &self.plan.removed {
            if let Some(n) = gone.get_mut(record.hash.as_slice()).filter(|n| **n > 0) {
                *n -= 1;
                count(Fate::Removed, &record.format);
            }
        }
    }

    fn read_all(&self, writer: &Writer, progress: &(dyn Fn(Progress) + Sync)) {
        let next = AtomicUsize::new(0);
        let reading = Arc::new(self.order.reading.clone());
        thread::scope(|scope| {
            for _ in 0..threads() {
                scope.spawn(|| {
                    while let Some(task) = self.plan.tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if self.has_failed() {
                            break;
                        }
                        self.look_into(task, &reading, writer);
                        progress(Progress::Read(task.file.size));
                    }
                });
            }
        });
    }

    fn has_failed(&self) -> bool {
        lock(&self.failed).is_some()
    }

    /// Reads a file, unless its bytes turn out to be those that were read before.
    fn look_into(&self, task: &Task, reading: &Arc<Reading>, writer: &Writer) {
        let start = Instant::now();
        let record = FileRecord {
            name: task.file.name.clone(),
            size: task.file.size,
            modified: task.file.modified,
            read: sources::nanoseconds(SystemTime::now()).unwrap_or(0),
            hash: Vec::new(),
            format: String::new(),
            sidecar: task.sidecar,
            skipped: Vec::new(),
        };
        let mut file = FileRun { run: self, writer, record, reports: Vec::new(), adding: Duration::ZERO };
        let key = key_of_file(&task.file.name);
        match load::open(task.file, &self.order.reading.limits) {
            Ok(opened) if task.same.is_some_and(|same| same.hash == opened.hash) => {
                let FileRecord { name, size, modified, read, .. } = file.record.clone();
                file.record = FileRecord { name, size, modified, read, ..task.same.cloned().unwrap_or(file.record) };
                lock(&self.found).files.insert(file.record.name.clone(), (file.record, false));
                return;
            }
            opened => {
                if task.known {
                    writer.remove_file(key);
                }
                match opened {
                    Err(reason) => file.take(Event::Skipped(Skipped { source: task.file.name.clone(), reason })),
                    Ok(opened) => {
                        file.record.hash = opened.hash.clone();
                        load::read(task.file, opened, reading, &mut |event| file.take(event));
                    }
                }
            }
        }
        self.counts.bytes.fetch_add(task.file.size, Ordering::Relaxed);
        self.counts.add_nanos.fetch_add(file.adding.as_nanos() as u64, Ordering::Relaxed);
        self.counts.read_nanos.fetch_add((start.elapsed() - file.adding).as_nanos() as u64, Ordering::Relaxed);
        file.finish();
    }
}

/// One file while it is read.
struct FileRun<'a> {
    run: &'a Run<'a>,
    writer: &'a Writer,
    record: FileRecord,
    reports: Vec<ReportRecord>,
    adding: Duration,
}

impl FileRun<'_> {
    fn take(&mut self, event: Event) {
        match event {
            Event::Report(report, format) => self.add(&report, format),
            Event::Extracted(format) if self.record.format.is_empty() => self.record.format = format.label().to_owned(),
            Event::Skipped(skipped) => self.record.skipped.push(skipped),
            Event::Extracted(_) | Event::Alive | Event::Done | Event::Panicked => {}
        }
    }

    fn add(&mut self, report: &Report, format: Format) {
        let start = Instant::now();
        let counts = &self.run.counts;
        counts.reports.fetch_add(1, Ordering::Relaxed);
        counts.passages.fetch_add(report.passages.len() as u64, Ordering::Relaxed);
        counts.characters.fetch_add(report.characters(), Ordering::Relaxed);
        let file = key_of_file(&self.record.name);
        match self.writer.add(file, report) {
            Err(error) => *lock(&self.run.failed) = Some(error),
            Ok(sketch) => self.reports.push(ReportRecord {
                file,
                key: key_of_report(&report.source, report.place),
                id: report.id.clone(),
                source: report.source.clone(),
                place: report.place,
                format: format.label().to_owned(),
                title: key_of_report(&matching_form(&report.metadata.title.value), 0),
                kind: report.metadata.kind.value,
                year: report.metadata.year.as_ref().map(|year| year.value),
                region: report.metadata.region.as_ref().map(|region| region.value.clone()),
                doubts: report.metadata.doubts.len() as u32,
                sketch,
            }),
        }
        self.adding += start.elapsed();
    }

    /// Keeps what is known of the file.
    fn finish(mut self) {
        let ending = || self.record.name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        if self.reports.iter().any(|report| report.source != self.record.name) {
            self.record.format = PACKED.to_owned();
        } else if self.record.format.is_empty() {
            self.record.format = ending().filter(|ending| ending.len() <= 5).unwrap_or_default();
        }
        let mut found = lock(&self.run.found);
        found.reports.append(&mut self.reports);
        found.files.insert(self.record.name.clone(), (self.record, true));
    }
}

/// What a file is called that holds other sources.
const PACKED: &str = "zip";

/// Whether nothing of a file could be read.
fn is_unread(record: &FileRecord) -> bool {
    record.skipped.iter().any(|skipped| skipped.source == record.name)
}

fn count_copies(ledger: &Ledger) -> u64 {
    ledger.copies.iter().filter(|copy| copy.main.is_some()).count() as u64
}

pub(super) fn threads() -> usize {
    thread::available_parallelism().map_or(1, |n| n.get())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
