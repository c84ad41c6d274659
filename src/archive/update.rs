//! Brings an index up to date with its archive: reads what is new or changed, drops what is gone, finds copies.
//!
//! What was read before is known from the index's ledger. Everything becomes visible in one commit, so that a run
//! that is stopped at any moment leaves the index as it was. Sources are only read.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::copies;
use super::load::{self, Event, Refused, threads};
use super::order::Order;
use super::plan::{DAMAGED, Known, Listing, Plan, Task, is_unread};
use super::summary::{Fate, Fates, Progress, Stages, Summary, folder_size, peak_memory};
use crate::error::Error;
use crate::index::ledger::{FileRecord, Ledger, ReportRecord, key_of_file, key_of_report};
use crate::index::writer::Writer;
use crate::index::{FORMAT, Manifest, lexicon_name};
use crate::ingest::Reading;
use crate::ingest::format::Format;
use crate::ingest::sources;
use crate::model::{Metadata, Origin, Report, Skipped};
use crate::text::fold::matching_form;

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
        // A disk that is not there looks like a folder from which everything was deleted.
        let stays = known.state.is_some() && !listing.skipped.is_empty();
        if listing.files.is_empty() && !stays && !order.rebuild && Known::holds_reports(order) {
            return Err(Error::ArchiveEmpty { path: order.archives.first().cloned().unwrap_or_default() });
        }
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
        let mut run = Run::new(order, plan, reports, start);
        if is_done {
            return Ok(run.nothing_to_do(&listing, &known));
        }
        let writer = Writer::open(&order.index, threads(), &order.lexicon.words)?;
        // Another process may have changed the index before this one became its writer.
        if known.is_current(order) {
            return run.carry_out(writer, &listing, &known, progress);
        }
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
    /// Records of files that were looked into; whether they were read.
    files: Vec<(FileRecord, bool)>,
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
        summary.fates = self.fates(&[], known);
        summary
    }

    fn carry_out(
        &mut self,
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
        let fates = self.fates(&found.files, known);
        let ledger = self.ledger(found);
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
        let sources = ledger.reports.iter().map(|report| report.source.as_str());
        summary.unmatched = self.order.reading.sidecar.unmatched(sources);
        summary.fates = fates;
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
    fn ledger(&mut self, found: Found) -> Ledger {
        let unread = found.files.iter().filter(|(_, read)| !read).map(|(record, _)| record);
        let stays: HashSet<u64> = self.plan.kept.iter().chain(unread).map(|record| key_of_file(&record.name)).collect();
        let mut reports = std::mem::take(&mut self.reports);
        reports.retain(|report| stays.contains(&report.file));
        reports.extend(found.reports);
        reports.sort_by(|a, b| (&a.source, a.place).cmp(&(&b.source, b.place)));
        let mut files: Vec<FileRecord> = found.files.into_iter().map(|(record, _)| record).collect();
        files.append(&mut self.plan.kept);
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
    fn fates(&self, found: &[(FileRecord, bool)], known: &Known) -> Fates {
        let mut fates = Fates::new();
        let mut count = |fate: Fate, format: &str| {
            *fates.entry(fate).or_default().entry(format.to_owned()).or_default() += 1;
        };
        let mut gone: HashMap<&[u8], usize> = HashMap::new();
        for record in &self.plan.removed {
            *gone.entry(&record.hash).or_default() += 1;
        }
        for record in &self.plan.kept {
            count(if is_unread(record) { Fate::Skipped } else { Fate::Unchanged }, &record.format);
        }
        for (record, read) in found {
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
        fates
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
            stamp: task.file.stamp,
            read: sources::nanoseconds(SystemTime::now()).unwrap_or(0),
            hash: Vec::new(),
            format: String::new(),
            sidecar: task.sidecar,
            reports: 0,
            skipped: Vec::new(),
        };
        let mut file = FileRun { run: self, writer, record, reports: Vec::new(), unlisted: 0, adding: Duration::ZERO };
        let key = key_of_file(&task.file.name);
        match load::open(task.file, &self.order.reading.limits) {
            Ok(opened) if task.same.is_some_and(|same| same.hash == opened.hash) => {
                let FileRecord { name, size, stamp, read, .. } = file.record.clone();
                file.record = FileRecord { name, size, stamp, read, ..task.same.cloned().unwrap_or(file.record) };
                return file.stays();
            }
            // What was read of it before is not lost because it cannot be read just now.
            Err(Refused::Unreadable(reason)) if task.known.is_some_and(|known| known.reports > 0) => {
                let before = task.known.cloned().unwrap_or(file.record);
                let skipped =
                    vec![Skipped { source: before.name.clone(), reason: format!("{reason}，沿用上次读到的") }];
                file.record = FileRecord { hash: Vec::new(), skipped, ..before };
                return file.stays();
            }
            opened => {
                if task.known.is_some() {
                    writer.remove_file(key);
                }
                match opened {
                    Err(Refused::TooLarge(reason) | Refused::Unreadable(reason)) => {
                        file.take(Event::Skipped(Skipped { source: task.file.name.clone(), reason }));
                    }
                    Ok(opened) => {
                        file.record.hash = opened.hash.clone();
                        load::read(task.file, opened, reading, &mut |event| file.take(event));
                        self.counts.bytes.fetch_add(task.file.size, Ordering::Relaxed);
                    }
                }
            }
        }
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
    /// Parts that could not be read and are too many to be listed.
    unlisted: u64,
    adding: Duration,
}

impl FileRun<'_> {
    fn take(&mut self, event: Event) {
        match event {
            Event::Report(report, format) => self.add(&report, format),
            Event::Extracted(format) if self.record.format.is_empty() => self.record.format = format.label().to_owned(),
            Event::Skipped(skipped) if self.record.skipped.len() < MOST_SKIPPED => self.record.skipped.push(skipped),
            Event::Skipped(_) => self.unlisted += 1,
            Event::TimedOut(skipped) => {
                // Not known by its hash, it is tried again by the next run.
                self.record.hash.clear();
                self.record.skipped.push(skipped);
            }
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
                own_id: report.own_id,
                fidelity: format.fidelity(),
                title: title_hash(&report.metadata),
                kind: report.metadata.kind.value,
                year: report.metadata.year.as_ref().map(|year| year.value),
                region: report.metadata.region.as_ref().map(|region| region.value.clone()),
                doubts: report.metadata.doubts.len() as u32,
                sketch,
            }),
        }
        self.adding += start.elapsed();
    }

    /// Keeps what was known of the file.
    fn stays(self) {
        lock(&self.run.found).files.push((self.record, false));
    }

    /// Keeps what is known of the file.
    fn finish(mut self) {
        self.record.reports = self.reports.len() as u64;
        if self.unlisted > 0 {
            let (source, reason) = (self.record.name.clone(), format!("另有 {} 处未读，不一一列出", self.unlisted));
            self.record.skipped.push(Skipped { source, reason });
        }
        let ending = || self.record.name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        if self.reports.iter().any(|report| report.source != self.record.name) {
            self.record.format = PACKED.to_owned();
        } else if self.record.format.is_empty() {
            self.record.format = ending().filter(|ending| ending.len() <= 5).unwrap_or_default();
        }
        let mut found = lock(&self.run.found);
        found.reports.append(&mut self.reports);
        found.files.push((self.record, true));
    }
}

/// What a file is called that holds other sources.
const PACKED: &str = "zip";

/// Parts of a file that could not be read, as far as they are listed.
const MOST_SKIPPED: usize = 100;

/// A hash of a report's title; 0 where it is but the file's name.
fn title_hash(metadata: &Metadata) -> u64 {
    match metadata.title.origin {
        Origin::Filename => 0,
        _ => key_of_report(&matching_form(&metadata.title.value), 0),
    }
}

fn count_copies(ledger: &Ledger) -> u64 {
    ledger.copies.iter().filter(|copy| copy.main.is_some()).count() as u64
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
