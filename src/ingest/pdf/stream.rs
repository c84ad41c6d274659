//! Bounded decoding of PDF streams.
//!
//! Invariant: no stream unfolds to more than its limit. The streams that `hayro_syntax` unfolds by itself
//! (object and cross-reference streams) are measured in the raw file before it sees them.

use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::Filter;
use hayro_syntax::object::Stream;

use crate::ingest::extract::too_large;

/// Streams of unusual filters (LZW, or Flate behind ASCII85) are unfolded by the library, without a limit.
/// This many raw bytes unfold to no more than a few hundred megabytes.
const MAX_UNMEASURED: usize = 256 << 10;

/// What is left of the bytes that a document may unfold to.
pub struct Budget {
    left: u64,
    limit: u64,
}

impl Budget {
    /// A budget of `limit` bytes.
    pub fn new(limit: u64) -> Self {
        Self { left: limit, limit }
    }

    /// Takes from the budget.
    ///
    /// # Errors
    /// A reason for a person, if nothing is left.
    pub fn take(&mut self, bytes: usize) -> Result<(), String> {
        self.left = self.left.checked_sub(bytes as u64).ok_or_else(|| too_large(self.limit))?;
        Ok(())
    }
}

/// The content of a stream; empty if it cannot be decoded.
///
/// # Errors
/// A reason for a person, if it is too large.
pub fn decode(stream: &Stream, budget: &mut Budget) -> Result<Vec<u8>, String> {
    let filters = stream.filters();
    let has_parameters = stream.dict().contains_key("DecodeParms") || stream.dict().contains_key("DP");
    let data = match filters.as_slice() {
        [] => stream.raw_data().into_owned(),
        [Filter::FlateDecode] if !has_parameters => inflate(&stream.raw_data(), budget.left)?,
        filters => {
            let unfolding =
                |f: &&Filter| matches!(f, Filter::FlateDecode | Filter::LzwDecode | Filter::RunLengthDecode);
            if filters.iter().filter(unfolding).count() > 1 || stream.raw_data().len() > MAX_UNMEASURED {
                return Err("PDF 的压缩方式过于特殊，不能安全解压".to_owned());
            }
            stream.decoded_data().unwrap_or_default().into_owned()
        }
    };
    budget.take(data.len())?;
    Ok(data)
}

/// Inflates what can be inflated: damaged data gives what stands before the damage.
fn inflate(data: &[u8], limit: u64) -> Result<Vec<u8>, String> {
    let mut content = Vec::new();
    // Errors end the data; what came before them is kept.
    let _ = ZlibDecoder::new(data).take(limit + 1).read_to_end(&mut content);
    if content.is_empty() {
        let _ = DeflateDecoder::new(data).take(limit + 1).read_to_end(&mut content);
    }
    if content.len() as u64 > limit { Err(too_large(limit)) } else { Ok(content) }
}

/// How many bytes before the keyword `stream` its dictionary may take.
const MAX_DICTIONARY: usize = 4096;

/// Checks that the object and cross-reference streams of a file do not unfold beyond measure.
///
/// # Errors
/// A reason for a person, if they do or cannot be measured.
pub fn check_structure(file: &[u8]) -> Result<(), String> {
    let limit = (64 << 20) + 20 * file.len() as u64;
    let encrypted = contains(file, b"/Encrypt");
    let mut left = limit;
    let mut at = 0;
    let mut last = 0;
    while let Some(found) = find(file.get(at..).unwrap_or_default(), b"stream") {
        let start = at + found;
        at = start + b"stream".len();
        let before = file.get(last.max(start.saturating_sub(MAX_DICTIONARY))..start).unwrap_or_default();
        last = at;
        let dictionary = before.get(rfind(before, b"obj").unwrap_or(0)..).unwrap_or_default();
        if !dictionary.trim_ascii_end().ends_with(b">>") || !is_structural(dictionary) {
            continue;
        }
        let data = file.get(at..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let filters: usize = [&b"/Fl"[..], b"/RunL", b"/RL"].iter().map(|name| count(dictionary, name)).sum();
        let is_short = || contains(data.get(..MAX_UNMEASURED).unwrap_or(data), b"endstream");
        if filters > 1 || contains(dictionary, b"/LZW") || encrypted && !is_short() {
            return Err("PDF 的压缩方式过于特殊，不能安全解压".to_owned());
        }
        left = left.checked_sub(inflated_length(data, left)).ok_or_else(|| too_large(limit))?;
    }
    Ok(())
}

/// Whether a dictionary may be that of an object stream (it has `First`) or a cross-reference stream (it
/// has `W`). Names may be written with escapes (`#`): such dictionaries are looked at as well.
fn is_structural(dictionary: &[u8]) -> bool {
    contains(dictionary, b"/First")
        || contains(dictionary, b"#")
        || dictionary.windows(3).any(|at| at.starts_with(b"/W") && !at.get(2).is_some_and(u8::is_ascii_alphanumeric))
}

/// How long the data becomes, or just above the limit.
fn inflated_length(data: &[u8], limit: u64) -> u64 {
    let mut decoder = ZlibDecoder::new(data).take(limit + 1);
    let mut buffer = [0; 16 << 10];
    let mut length = 0;
    while let Ok(read @ 1..) = decoder.read(&mut buffer) {
        length += read as u64;
    }
    length
}

fn find(data: &[u8], needle: &[u8]) -> Option<usize> {
    data.windows(needle.len()).position(|at| at == needle)
}

fn rfind(data: &[u8], needle: &[u8]) -> Option<usize> {
    data.windows(needle.len()).rposition(|at| at == needle)
}

fn contains(data: &[u8], needle: &[u8]) -> bool {
    find(data, needle).is_some()
}

fn count(data: &[u8], needle: &[u8]) -> usize {
    data.windows(needle.len()).filter(|at| *at == needle).count()
}
