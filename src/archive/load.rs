//! Reads one file of an archive in a thread of its own, so that neither a panic nor a file that takes too long
//! stops a run.
//!
//! A thread that takes too long is left behind: it ends before the next report or member, or with the process.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::ingest::format::{self, Format};
use crate::ingest::sources::SourceFile;
use crate::ingest::{self, Limits, Reading, Sink, Skipped};
use crate::model::Report;

/// Larger JSONL files are read in pieces of about this size.
const PIECE: u64 = 8 << 20;

/// Larger zips are read member by member from the file.
const LARGE_ZIP: u64 = 64 << 20;

/// So many bytes of a file may take the longest time; a larger one may take more.
const PORTION: u64 = 64 << 20;

/// Reports that may wait to be taken.
const WAITING: usize = 16;

/// Stack of the reading thread: deeply nested files are the reason. Only what is used is taken from memory.
const STACK: usize = 64 << 20;

/// Threads that read, and that index.
pub(super) fn threads() -> usize {
    thread::available_parallelism().map_or(1, |n| n.get())
}

/// Something found in a file.
pub enum Event {
    /// A report.
    Report(Box<Report>, Format),
    /// A part that could not be read.
    Skipped(Skipped),
    /// It took too long; the rest of it was not read.
    TimedOut(Skipped),
    /// Text of this format was extracted.
    Extracted(Format),
    /// Reading goes on.
    Alive,
    /// The reader panicked.
    Panicked,
    /// There is nothing more.
    Done,
}

/// A file that has been opened and hashed.
pub struct Opened {
    /// Hash of its bytes.
    pub hash: Vec<u8>,
    content: Content,
}

enum Content {
    Bytes(Vec<u8>),
    /// Lines of JSONL, to be read in pieces.
    Lines,
    /// Members of a zip, to be read one by one.
    Zip,
}

/// Why a file is not read, for a person.
pub enum Refused {
    /// It is larger than is read.
    TooLarge(String),
    /// The system does not let it be read, now.
    Unreadable(String),
}

/// Opens a file and hashes what is in it.
///
/// # Errors
/// If it cannot be opened or is too large.
pub fn open(file: &SourceFile, limits: &Limits) -> Result<Opened, Refused> {
    let cannot = |error: io::Error| Refused::Unreadable(format!("无法打开（{error}）"));
    let too_large = || Refused::TooLarge(format!("文件超过 {} MB 上限", limits.file >> 20));
    let content = if file.size > PIECE && begins_with_jsonl(&file.path).map_err(cannot)? {
        Content::Lines
    } else if file.size > LARGE_ZIP && begins_with(&file.path, b"PK\x03\x04").map_err(cannot)? {
        Content::Zip
    } else if file.size > limits.file {
        return Err(too_large());
    } else {
        let bytes = read_whole(&file.path, limits.file).map_err(cannot)?;
        if bytes.len() as u64 > limits.file {
            return Err(too_large());
        }
        let hash = blake3::hash(&bytes).as_bytes()[..16].to_vec();
        return Ok(Opened { hash, content: Content::Bytes(bytes) });
    };
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(&file.path).map_err(cannot)?).map_err(cannot)?;
    Ok(Opened { hash: hasher.finalize().as_bytes()[..16].to_vec(), content })
}

/// Reads at most a little more than `limit` bytes: a file may grow while it is read.
pub(super) fn read_whole(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn begins_with(path: &Path, magic: &[u8]) -> io::Result<bool> {
    let mut head = vec![0; magic.len()];
    let read = File::open(path)?.read(&mut head)?;
    Ok(head.get(..read) == Some(magic))
}

fn begins_with_jsonl(path: &Path) -> io::Result<bool> {
    let mut line = Vec::new();
    BufReader::new(File::open(path)?).take(PIECE).read_until(b'\n', &mut line)?;
    Ok(format::is_jsonl_line(&line))
}

/// Reads an opened file; `take` gets what is found, in no particular order between reports of a JSONL file.
pub fn read(file: &SourceFile, opened: Opened, reading: &Arc<Reading>, take: &mut dyn FnMut(Event)) {
    let (sender, receiver) = sync_channel(WAITING);
    let seconds = reading.limits.seconds;
    let whole = Duration::from_secs(seconds.saturating_mul(1 + file.size / PORTION));
    let mut deadline = Instant::now() + whole;
    let is_wanted = Arc::new(AtomicBool::new(true));
    let listening = Arc::clone(&is_wanted);
    let (file, reading) = (file.clone(), Arc::clone(reading));
    let name = file.name.clone();
    let work = move || {
        let read = AssertUnwindSafe(|| {
            let sender = Sender { sender: &sender, listening: &listening };
            produce(&file, opened.content, &reading, sender);
        });
        let end = if catch_unwind(read).is_ok() { Event::Done } else { Event::Panicked };
        // Nobody may be listening any more.
        let _ = sender.send(end);
    };
    let skip = |take: &mut dyn FnMut(Event), reason: String| {
        take(Event::Skipped(Skipped { source: name.clone(), reason }));
    };
    if let Err(error) = thread::Builder::new().stack_size(STACK).spawn(work) {
        return skip(take, format!("无法开始读取（{error}）"));
    }
    loop {
        let left = deadline.saturating_duration_since(Instant::now()).min(Duration::from_secs(seconds));
        match receiver.recv_timeout(left) {
            Ok(Event::Done) => return,
            Ok(Event::Alive) => deadline = Instant::now() + whole,
            Ok(Event::Panicked) | Err(RecvTimeoutError::Disconnected) => {
                return skip(take, "读取时程序出错，请报告此文件".to_owned());
            }
            Err(RecvTimeoutError::Timeout) => {
                is_wanted.store(false, Ordering::Relaxed);
                let reason = format!("读取超过 {seconds} 秒，其余未读");
                return take(Event::TimedOut(Skipped { source: name.clone(), reason }));
            }
            Ok(event) => take(event),
        }
    }
}

fn produce(file: &SourceFile, content: Content, reading: &Reading, mut sink: Sender) {
    let failed = |sink: &mut Sender, error: io::Error| {
        sink.skipped(Skipped { source: file.name.clone(), reason: format!("读取失败（{error}）") });
    };
    match content {
        Content::Bytes(bytes) => ingest::read(&file.name, &bytes, reading, &mut sink),
        Content::Zip => {
            if let Err(error) = ingest::read_zip_file(&file.name, &file.path, reading, &mut sink) {
                failed(&mut sink, error);
            }
        }
        Content::Lines => {
            if let Err(error) = read_lines(file, reading, sink) {
                failed(&mut sink, error);
            }
        }
    }
}

/// Reads JSONL in pieces of whole lines, on all cores.
fn read_lines(file: &SourceFile, reading: &Reading, sender: Sender) -> io::Result<()> {
    let pieces =
        Mutex::new(Pieces { input: BufReader::new(File::open(&file.path)?), start: 0, line: 0, too_long: None });
    let next = || pieces.lock().unwrap_or_else(PoisonError::into_inner).next(reading.limits.text);
    let work = || -> io::Result<()> {
        let mut sink = sender;
        while let Some(piece) = next()? {
            match piece.bytes {
                Some(bytes) => ingest::read_lines(&file.name, &bytes, piece.start, piece.line, reading, &mut sink),
                None => sink.skipped(Skipped {
                    source: format!("{}:{}", file.name, piece.line + 1),
                    reason: format!("第 {} 行超过 {} MB 上限", piece.line + 1, reading.limits.text >> 20),
                }),
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads()).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// The pieces of a file, one after the other.
struct Pieces {
    input: BufReader<File>,
    start: u64,
    line: usize,
    /// A line that was too long, still to be told of.
    too_long: Option<Piece>,
}

/// Whole lines.
struct Piece {
    /// Missing for a line that is too long.
    bytes: Option<Vec<u8>>,
    /// Where it begins, in bytes.
    start: u64,
    /// How many lines stand before it.
    line: usize,
}

impl Pieces {
    fn next(&mut self, longest: u64) -> io::Result<Option<Piece>> {
        if let Some(piece) = self.too_long.take() {
            return Ok(Some(piece));
        }
        let (start, line) = (self.start, self.line);
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < PIECE {
            let before = bytes.len();
            let read = (&mut self.input).take(longest + 1).read_until(b'\n', &mut bytes)? as u64;
            if read > longest {
                bytes.truncate(before);
                self.too_long = Some(Piece { bytes: None, start: self.start, line: self.line });
                self.start += skip_line(&mut self.input)?;
            }
            self.start += read;
            self.line += usize::from(read > 0);
            if read == 0 || read > longest {
                break;
            }
        }
        if bytes.is_empty() {
            return Ok(self.too_long.take());
        }
        Ok(Some(Piece { bytes: Some(bytes), start, line }))
    }
}

/// Passes over the rest of a line; how many bytes that were.
fn skip_line(input: &mut BufReader<File>) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|&b| b == b'\n').map(|at| at + 1);
        let length = end.unwrap_or(buffer.len());
        input.consume(length);
        skipped += length as u64;
        if end.is_some() || length == 0 {
            return Ok(skipped);
        }
    }
}

/// Hands everything over; when nobody listens any more, it is lost.
#[derive(Clone, Copy)]
struct Sender<'a> {
    sender: &'a SyncSender<Event>,
    listening: &'a AtomicBool,
}

impl Sink for Sender<'_> {
    fn report(&mut self, report: Report, format: Format) {
        let _ = self.sender.send(Event::Report(Box::new(report), format));
    }

    fn skipped(&mut self, skipped: Skipped) {
        let _ = self.sender.send(Event::Skipped(skipped));
    }

    fn extracted(&mut self, _source: &str, format: Format, _text: &str) {
        let _ = self.sender.send(Event::Extracted(format));
    }

    fn is_wanted(&self) -> bool {
        self.listening.load(Ordering::Relaxed)
    }

    fn alive(&mut self) {
        let _ = self.sender.send(Event::Alive);
    }
}
