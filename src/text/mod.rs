//! Pure functions over text: the matching form, segmentation, lexicons, numerals, sentences, likeness, names.
//!
//! Nothing here reads files or knows the index.

pub mod fingerprint;
pub mod fold;
pub mod issuers;
pub mod lexicon;
pub mod numerals;
pub mod regions;
pub mod segment;
pub mod sentences;
pub mod sketch;
pub mod slots;
pub mod tags;

/// Compiles a pattern of this crate; one that does not compile is a defect that the tests find.
pub(crate) fn pattern(pattern: &str) -> regex::Regex {
    #[expect(clippy::unwrap_used, reason = "all patterns are literals, compiled by tests")]
    regex::Regex::new(pattern).unwrap()
}
