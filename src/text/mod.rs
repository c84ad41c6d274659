//! Pure functions over text: the matching form, segmentation, lexicons, numerals, sentences, likeness.
//!
//! Nothing here reads files or knows the index.

pub mod fingerprint;
pub mod fold;
pub mod issuers;
pub mod lexicon;
pub mod numerals;
pub mod segment;
pub mod sentences;
