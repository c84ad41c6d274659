//! The stored records: the header of a report and what is kept with each passage beside its text.
//!
//! Encoded with postcard. Changing a struct here changes [`super::FORMAT`].

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::model::{Metadata, Part, Passage, Report, Role, Section};

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

/// What is stored with a passage, its text apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassageRecord {
    /// What the passage is.
    pub role: Role,
    /// What the part of the report it stands in does.
    pub part: Part,
    /// The section it stands under.
    pub section: Option<u32>,
    /// Where it stands in its source.
    pub bytes: Vec<Range<u64>>,
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

impl PassageRecord {
    /// The record of a passage.
    pub fn of(passage: &Passage) -> PassageRecord {
        PassageRecord { role: passage.role, part: passage.part, section: passage.section, bytes: passage.bytes.clone() }
    }

    /// The passage again, with its text.
    pub fn with_text(self, text: String) -> Passage {
        Passage { role: self.role, part: self.part, section: self.section, text, bytes: self.bytes }
    }
}
