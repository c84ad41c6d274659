//! Makes the dictionary's automaton out of the dictionary of jieba-rs, and the table of Han variants.
//!
//! The dictionary is that of the version of jieba-rs which this crate's lock file names; it is read where
//! cargo keeps it and nothing of it is copied into this repository. Invariant: what is written depends on the
//! dictionary alone. Finding the dictionary belongs to `source`, numbering its characters to `alphabet`, the form of the
//! automaton to `automaton`; `src/text/segment/dictionary.rs` reads it.

#![allow(clippy::print_stdout, reason = "cargo reads it")]

mod alphabet;
mod automaton;
mod source;
mod variants;

use std::path::{Path, PathBuf};
use std::{env, fs};

use automaton::Automaton;

/// A line of the dictionary.
struct Entry {
    word: Vec<char>,
    frequency: u64,
}

fn main() {
    println!("cargo:rerun-if-changed=build");
    let dictionary = source::dictionary();
    // For the tests, which take their words from it.
    println!("cargo:rustc-env=YINDE_DICTIONARY={}", dictionary.display());
    let text = fs::read_to_string(&dictionary).unwrap_or_else(|error| panic!("{}: {error}", dictionary.display()));
    let entries = entries(&text);
    let total: u64 = entries.iter().map(|entry| entry.frequency).sum();
    let automaton = Automaton::of(&entries);
    let directory = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    write(&directory, "codes.bin", automaton.alphabet.codes.iter().flat_map(|code| code.to_le_bytes()));
    write(&directory, "checks.bin", automaton.checks.iter().flat_map(|check| check.to_le_bytes()));
    write(&directory, "nodes.bin", automaton.nodes.iter().flat_map(|node| node.to_le_bytes()));
    write(&directory, "frequencies.bin", automaton.frequencies.iter().flat_map(|f| f.to_le_bytes()));
    let (basic, others) = variants::tables();
    write(&directory, "variants.bin", basic.into_iter());
    write(&directory, "other_variants.bin", others.into_iter());
    let constants = format!(
        "/// The code of every character that ends a stretch of characters to look up.\n\
         pub const SEPARATOR: u16 = {};\n\
         /// What the frequencies of all words come to.\n\
         pub const TOTAL: u64 = {total};\n",
        automaton.alphabet.separator
    );
    write(&directory, "constants.rs", constants.bytes());
}

/// The entries of a dictionary, as jieba-rs reads them: `word frequency tag` a line.
fn entries(text: &str) -> Vec<Entry> {
    text.lines()
        .filter_map(|line| {
            let mut fields = line.split_ascii_whitespace();
            let word = fields.next()?.chars().collect();
            let frequency = fields.next().map_or(0, |field| field.parse().expect("a frequency is a whole number"));
            Some(Entry { word, frequency })
        })
        .collect()
}

fn write(directory: &Path, name: &str, bytes: impl Iterator<Item = u8>) {
    let path = directory.join(name);
    fs::write(&path, bytes.collect::<Vec<u8>>()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
