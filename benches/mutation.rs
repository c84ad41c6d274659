//! Reads mutated files, to find inputs that make a reader panic, hang or take too much memory.
//!
//! `cargo bench --bench mutation -- FOLDER COUNT [SEED]` takes the files of FOLDER in turn and changes each a little
//! differently COUNT times in all: bits, bytes, numbers, pieces cut, copied or moved; of zips also the members before
//! they are packed again. Each input has [`LONGEST`] to be read; memory is limited from outside (`ulimit -v`). An
//! input that fails is kept in the temporary folder and named, and the program ends with 1. Without arguments it
//! reads the sample archive a few times, so that `cargo bench` stays short.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, reason = "a bench prints and may panic")]

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs, process};

use yinde::ingest::format::Format;
use yinde::ingest::{self, Reading, Sink, Skipped};
use yinde::model::Report;

/// Longest time that one input may take.
const LONGEST: Duration = Duration::from_secs(10);

/// Inputs in a run without arguments.
const FEW: usize = 200;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let folder = arguments.first().map_or(sample, PathBuf::from);
    let count = arguments.get(1).map_or(FEW, |count| count.parse().expect("a number of inputs"));
    let seed = arguments.get(2).map_or(1, |seed| seed.parse().expect("a seed"));
    let files = files(&folder);
    let mut random = Random(seed);
    let mut table: BTreeMap<String, Line> = BTreeMap::new();
    for i in 0..count {
        let (name, bytes) = &files[i % files.len()];
        let input = mutated(bytes, &mut random);
        let start = Instant::now();
        let mut found = Found::default();
        let read = AssertUnwindSafe(|| ingest::read(name, &input, &Reading::default(), &mut found));
        let panicked = catch_unwind(read).is_err();
        let time = start.elapsed();
        if panicked || time > LONGEST {
            let kept = env::temp_dir().join(format!("mutation-{seed}-{i}.bin"));
            fs::write(&kept, &input).expect("kept");
            eprintln!("{name}: {} in {time:?}: {}", if panicked { "panic" } else { "slow" }, kept.display());
            process::exit(1);
        }
        let ending = name.rsplit('.').next().unwrap_or_default().to_owned();
        table.entry(ending).or_default().add(found.reports > 0, time);
    }
    println!("| format | inputs | with reports | slowest ms |\n|---|---:|---:|---:|");
    for (format, line) in table {
        println!("| {format} | {} | {} | {:.0} |", line.inputs, line.read, line.slowest.as_secs_f64() * 1e3);
    }
}

#[derive(Default)]
struct Line {
    inputs: u64,
    read: u64,
    slowest: Duration,
}

impl Line {
    fn add(&mut self, read: bool, time: Duration) {
        self.inputs += 1;
        self.read += u64::from(read);
        self.slowest = self.slowest.max(time);
    }
}

#[derive(Default)]
struct Found {
    reports: u64,
}

impl Sink for Found {
    fn report(&mut self, _report: Report, _format: Format) {
        self.reports += 1;
    }

    fn skipped(&mut self, _skipped: Skipped) {}

    fn extracted(&mut self, _source: &str, _format: Format, _text: &str) {}
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let found = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let files: Vec<_> = found
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().display().to_string(), fs::read(entry.path()).expect("read")))
        .collect();
    assert!(!files.is_empty(), "no files in {}", folder.display());
    files
}

/// The generator xorshift64* (Vigna 2016).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit.max(1)
    }
}

fn mutated(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let is_inside = bytes.starts_with(b"PK\x03\x04") && random.below(4) > 0;
    let packed = if is_inside { with_mutated_member(bytes, random) } else { None };
    packed.unwrap_or_else(|| changed(bytes.to_vec(), random))
}

/// A zip of which one member was changed before packing.
fn with_mutated_member(bytes: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let chosen = random.below(zip.len());
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for i in 0..zip.len() {
        let mut member = zip.by_index(i).ok()?;
        let mut content = Vec::new();
        member.read_to_end(&mut content).ok()?;
        let name = member.name().ok()?.into_owned();
        packed.start_file(name, options).ok()?;
        let content = if i == chosen { changed(content, random) } else { content };
        packed.write_all(&content).ok()?;
    }
    Some(packed.finish().ok()?.into_inner())
}

/// A few random changes.
fn changed(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.below(8) {
        let length = bytes.len();
        if length == 0 {
            return bytes;
        }
        let at = random.below(length);
        let piece = random.below(64.min(length - at)) + 1;
        match random.below(8) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.below(256) as u8,
            2 => bytes[at] = [0, 0xFF, 0x7F, 0x80, b'<', b'>', b'{', b'\\'][random.below(8)],
            3 => drop(bytes.drain(at..at + piece)),
            4 => {
                let copy = bytes[at..at + piece].to_vec();
                let to = random.below(length);
                bytes.splice(to..to, copy);
            }
            5 => {
                let copy = bytes[at..at + piece].to_vec();
                let to = random.below(length - piece + 1);
                bytes[to..to + piece].copy_from_slice(&copy);
            }
            6 => {
                let number = [0_u32, 1, u32::MAX, i32::MAX as u32, 0x10000][random.below(5)].to_le_bytes();
                let end = (at + 4).min(length);
                bytes[at..end].copy_from_slice(&number[..end - at]);
            }
            _ if random.below(8) == 0 => bytes.truncate(at),
            _ => {}
        }
    }
    bytes
}
