//! Literal search: exactly the passages of a segment whose matching form holds a string, and how often.
//!
//! The foundation of every count. Strings without marks are counted from the terms that agree with them
//! (`covers`); strings with marks need to know where everything stands (`places`).

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
        return Ok(places::count(&places::find(segment, string, None)?));
    }
    Ok(covers::count(segment, &chars)?)
}
