//! What the benches share: made-up reports from the sample archive, seed 1, and an index of them.

#![allow(dead_code, reason = "each bench uses its part")]

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use yinde::archive::{self, Archive, Order, generator_model};
use yinde::generate::{Generated, Generator};

/// The sample archive, indexed.
pub fn corpus() -> (TempDir, Archive) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    indexed(&folder)
}

/// An index of a folder.
pub fn indexed(folder: &Path) -> (TempDir, Archive) {
    let index = tempfile::tempdir().expect("a folder");
    archive::update(&Order::new(vec![folder.to_owned()], index.path().to_owned()), &|_| ()).expect("built");
    let archive = Archive::open(index.path()).expect("opened");
    (index, archive)
}

/// Reports of so many bytes in all.
pub fn reports(bytes: usize) -> Vec<Generated> {
    let (_index, archive) = corpus();
    let model = generator_model(&archive).expect("learned");
    let mut generator = Generator::new(&model, 1);
    let mut written = 0;
    let mut reports = Vec::new();
    while written < bytes {
        let report = generator.report();
        written += report.text.len();
        reports.push(report);
    }
    reports
}

/// The reports as files.
pub fn files(reports: &[Generated]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("files");
    fs::create_dir(&path).expect("made");
    for (i, report) in reports.iter().enumerate() {
        fs::write(path.join(format!("{i:06}{}.txt", report.name)), &report.text).expect("written");
    }
    (folder, path)
}
