//! Literal search: exactly the passages of a segment whose matching form holds a string, and how often.
//!
//! The foundation of every count. Strings are counted from the terms that agree with them (`covers`); of strings with
//! marks the words of all passages that hold the pieces between the marks are read.

use super::covers;
pub use super::covers::Match;
use super::places;
use crate::index::reader::Segment;
use crate::text::fold::MARK;

/// The live documents of a segment that hold `string`, ascending.
///
/// `string` is a matching form and not empty.
///
/// # Errors
/// If the index is damaged.
pub fn find(segment: &Segment, string: &str) -> tantivy::Result<Vec<Match>> {
    let chars: Vec<char> = string.chars().collect();
    if chars.contains(&MARK) {
        let mut candidates = places::candidates(segment, &chars, None)?;
        candidates.retain(|&doc| segment.is_live(doc));
        return Ok(covers::read(segment, &chars, &candidates)?);
    }
    Ok(covers::count(segment, &chars)?)
}
