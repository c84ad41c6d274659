//! The sources of an archive: which files there are, and what their places say.

use std::ffi::OsStr;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use walkdir::WalkDir;

use super::decode;
use super::extract::one_line;
use super::metadata::Surroundings;
use crate::error::Error;
use crate::model::{Part, Passage, Role, Skipped, Stamp};

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name in the archive: relative to the folder, with `/` between parts.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// What the system says of its state.
    pub stamp: Stamp,
}

/// The files below a folder (or the file itself), sorted by name, and what could not be listed. Nothing below `apart`
/// is listed: the index may stand in the archive.
///
/// # Errors
/// If the folder does not exist.
pub fn list(root: &Path, apart: Option<&Path>) -> Result<(Vec<SourceFile>, Vec<Skipped>), Error> {
    let failed = |source| Error::Archive { path: root.to_owned(), source };
    let is_file = fs::metadata(root).map_err(failed)?.is_file();
    let base = if is_file { root.parent().unwrap_or(root) } else { root };
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    let walk = WalkDir::new(root).follow_links(true).sort_by_file_name();
    let is_apart = |entry: &walkdir::DirEntry| {
        apart
            .is_some_and(|apart| entry.file_type().is_dir() && fs::canonicalize(entry.path()).is_ok_and(|p| p == apart))
    };
    let visible = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !is_hidden(&entry.file_name().to_string_lossy()) && !is_apart(entry)
    };
    for entry in walk.into_iter().filter_entry(visible) {
        let name_of = |path: &Path| {
            let relative = path.strip_prefix(base).unwrap_or(path);
            // Names need not be UTF-8: old archives have them in GBK.
            let part = |part: &OsStr| decode::decode_name(part.as_encoded_bytes());
            relative.iter().map(part).collect::<Vec<_>>().join("/")
        };
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let metadata = entry.metadata().ok();
                let size = metadata.as_ref().map_or(0, fs::Metadata::len);
                let stamp = metadata.map(|metadata| stamp(&metadata)).unwrap_or_default();
                files.push(SourceFile { name: name_of(entry.path()), path: entry.into_path(), size, stamp });
            }
            Ok(_) => {}
            Err(error) => skipped.push(Skipped {
                source: error.path().map_or_else(|| root.display().to_string(), name_of),
                reason: if error.loop_ancestor().is_some() {
                    "链接成环".to_owned()
                } else {
                    format!("无法列出（{error}）")
                },
            }),
        }
    }
    Ok((files, skipped))
}

fn stamp(metadata: &fs::Metadata) -> Stamp {
    let modified = metadata.modified().ok().and_then(nanoseconds).unwrap_or(0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let changed = metadata.ctime() as u64 * 1_000_000_000 + metadata.ctime_nsec() as u64;
        Stamp { modified, changed, number: metadata.ino() }
    }
    #[cfg(not(unix))]
    Stamp { modified, ..Stamp::default() }
}

/// Nanoseconds since 1970.
pub fn nanoseconds(time: SystemTime) -> Option<u64> {
    time.duration_since(UNIX_EPOCH).ok()?.as_nanos().try_into().ok()
}

/// Whether a name is that of a hidden or temporary file, or stands below a hidden folder.
pub fn is_hidden(name: &str) -> bool {
    let hidden = |part: &str| {
        part.starts_with('.') && part != "." && part != ".."
            || part.starts_with("~$")
            || part == "__MACOSX"
            || part == "Thumbs.db"
    };
    name.split('/').any(hidden)
}

/// What a source's name says of the reports in it.
pub(super) fn surroundings(name: &str) -> Surroundings<'_> {
    let mut parts: Vec<&str> = name.split(['/', '!']).filter(|part| !part.is_empty()).collect();
    let stem = parts.pop().map_or(name, without_ending);
    Surroundings { stem, folders: parts.into_iter().map(without_ending).collect(), ..Surroundings::default() }
}

fn without_ending(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 5 && ending.is_ascii() => stem,
        _ => name,
    }
}

/// The identifier of the report at a place of a source with this content: twelve hexadecimal digits of a hash.
pub(super) fn report_id(content: &[u8], place: usize) -> String {
    let content = blake3::hash(content);
    let hash = blake3::hash(format!("{}\n{place}", content.to_hex()).as_bytes());
    hash.to_hex().chars().take(12).collect()
}

/// A title that stands beside the text, as a passage.
pub(super) fn title_passage(title: &str, bytes: Vec<Range<u64>>) -> Passage {
    let text = one_line(title);
    Passage { role: Role::Title, part: Part::Other, section: None, text, bytes }
}
