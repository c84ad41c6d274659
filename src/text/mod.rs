//! Pure functions over text: the matching form, segmentation, the built-in lexicon, numerals.
//!
//! Nothing here reads files or knows the index.

pub mod fold;
pub mod lexicon;
pub mod numerals;
pub mod segment;
