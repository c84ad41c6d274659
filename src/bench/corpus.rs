//! The corpus of a benchmark: made-up reports in a folder.
//!
//! Invariant: the same version, seed and size give the same bytes on every machine, those that `yinde generate` gives
//! over the sample archive; the digest says so. How reports are made up belongs to `generate`.

use std::fs;
use std::io;
use std::path::Path;

use super::sample;
use crate::archive::{self, Archive, Order, generator_model};
use crate::error::Error;
use crate::generate::{Generator, Model};

/// Files of one folder.
const FILES_PER_FOLDER: u64 = 1_000;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Files, a report each.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// BLAKE3 digest of their bytes, one file after the other, in hexadecimal.
    pub blake3: String,
}

/// Writes made-up reports into a folder until they have `size` bytes.
///
/// # Errors
/// If the system refuses to write.
pub fn write(model: &Model, seed: u64, size: u64, folder: &Path) -> io::Result<Written> {
    let mut generator = Generator::new(model, seed);
    let mut hasher = blake3::Hasher::new();
    let (mut files, mut bytes) = (0, 0);
    while bytes < size {
        let report = generator.report();
        let below = folder.join(format!("{:04}", files / FILES_PER_FOLDER));
        fs::create_dir_all(&below)?;
        fs::write(below.join(format!("{files:06}{}.txt", report.name)), &report.text)?;
        hasher.update(report.text.as_bytes());
        files += 1;
        bytes += report.text.len() as u64;
    }
    Ok(Written { files, bytes, blake3: hasher.finalize().to_hex().to_string() })
}

/// Learns from the sample archive, in a folder of its own that may be removed afterwards.
///
/// # Errors
/// If the folder cannot be written.
pub fn sample_model(folder: &Path) -> Result<Model, Error> {
    let files = folder.join("files");
    let unwritable = |error: io::Error| Error::Unwritable { path: files.clone(), reason: error.to_string() };
    for (name, content) in sample::files() {
        let path = files.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&files)).map_err(unwritable)?;
        fs::write(&path, content).map_err(unwritable)?;
    }
    let index = folder.join("index");
    archive::update(&Order::new(vec![files.clone()], index.clone()), &|_| ())?;
    generator_model(&Archive::open(&index)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_is_told_by_its_seed_and_size() {
        let place = tempfile::tempdir().expect("a folder");
        let model = sample_model(&place.path().join("sample")).expect("learned");
        let write = |name: &str, seed| write(&model, seed, 60_000, &place.path().join(name)).expect("written");
        let (first, again, other) = (write("a", 1), write("b", 1), write("c", 2));
        assert_eq!(first, again);
        assert_ne!(first.blake3, other.blake3);
        assert!(first.files > 1 && (60_000..120_000).contains(&first.bytes), "{first:?}");
    }
}
