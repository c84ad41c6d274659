//! Yinde (引得): exact full-text search over archives of Chinese work reports.
//!
//! The recall of grep with the precision of segmentation: a literal search returns exactly the passages
//! that hold a string and counts exactly its occurrences, whatever the dictionary; word boundaries rank.
//!
//! ```
//! use yinde::archive::{self, Archive, Order};
//! use yinde::query::Query;
//! use yinde::search::Options;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let (files, index) = (folder.path().join("files"), folder.path().join("index"));
//! std::fs::create_dir(&files)?;
//! std::fs::write(files.join("报告.txt"), "某区政府工作报告\n\n谋划好“十五五”规划，推动产业社区建设。\n")?;
//!
//! archive::update(&Order::new(vec![files], index.clone()), &|_| ())?;
//! let archive = Archive::open(&index)?;
//! let found = archive.search(&Query::parse("十五五规划"), &Options::default())?;
//! assert_eq!((found.passages, found.occurrences), (1, 1));
//! assert_eq!(found.hits[0].spans, [(4, 10)]);
//! # Ok(())
//! # }
//! ```

#![cfg_attr(test, allow(clippy::string_slice, reason = "a test may panic"))]

pub mod archive;
pub mod bench;
pub mod citation;
pub mod comparison;
pub mod error;
pub mod export;
pub mod generate;
pub mod index;
pub mod ingest;
pub mod model;
pub mod query;
pub mod search;
pub mod suggest;
pub mod targets;
pub mod terms;
pub mod text;
pub mod usage;
pub mod wording;

pub use error::Error;
pub use index::Manifest;
pub use index::record::Header;
