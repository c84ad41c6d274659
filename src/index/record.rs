//! The stored record of a report: its header.
//!
//! Encoded with postcard. Changing a struct here changes [`super::FORMAT`].

use serde::{Deserialize, Serialize};

use crate::model::{Metadata, Report, Section};

/// What is stored once per report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Identifier of the report.
    pub id: String,
    /// Key of the file it was found in; see [`super::ledger::key_of_file`].
    pub file: u64,
    /// The source it was found in.
    pub source: String,
    /// Its place among the reports of the source, from 0.
    pub place: u32,
    /// What is known about it.
    pub metadata: Metadata,
    /// Its headings.
    pub sections: Vec<Section>,
    /// How many passages follow.
    pub passages: u32,
    /// Characters of their texts.
    pub characters: u64,
}

impl Header {
    /// The header of a report, which was found in a file with this key.
    pub fn of(file: u64, report: &Report) -> Header {
        Header {
            id: report.id.clone(),
            file,
            source: report.source.clone(),
            place: report.place,
            metadata: report.metadata.clone(),
            sections: report.sections.clone(),
            passages: report.passages.len() as u32,
            characters: report.characters(),
        }
    }
}
