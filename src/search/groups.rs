//! Groups of passages by a property of their reports.

use tantivy::DocId;

use crate::index::names::Names;
use crate::index::reader::Segment;

/// A property that passages are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The year.
    Year,
    /// The kind.
    Kind,
    /// The region.
    Region,
    /// The issuer.
    Issuer,
}

impl By {
    /// The name used in output.
    pub fn label(self) -> &'static str {
        match self {
            By::Year => "year",
            By::Kind => "kind",
            By::Region => "region",
            By::Issuer => "issuer",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            By::Year => "年份",
            By::Kind => "类型",
            By::Region => "地区",
            By::Issuer => "单位",
        }
    }
}

/// A group; what has no value comes last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A year.
    Year(i64),
    /// A kind, region or issuer.
    Name(String),
    /// The value is not known.
    Unknown,
}

/// The groups of one segment, by numbers that hold for it alone.
pub struct Groups<'a> {
    segment: &'a Segment,
    names: Option<(&'a Names, &'a [String])>,
    by: By,
}

impl<'a> Groups<'a> {
    /// Makes a segment's groups ready.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(segment: &'a Segment, by: By) -> tantivy::Result<Groups<'a>> {
        let column = match by {
            By::Year => None,
            By::Kind => Some(&segment.kind),
            By::Region => Some(&segment.region),
            By::Issuer => Some(&segment.issuer),
        };
        let names = column.map(|column| Ok::<_, tantivy::TantivyError>((column, column.all()?)));
        Ok(Groups { segment, names: names.transpose()?, by })
    }

    /// The number of a passage's group; `None` where the value is not known.
    pub fn number(&self, doc: DocId) -> Option<i64> {
        match (&self.names, self.by) {
            (_, By::Year) => self.segment.year_of(doc).map(i64::from),
            (Some((names, _)), _) => names.number(doc).map(|number| number as i64),
            (None, _) => None,
        }
    }

    /// The group with a number.
    pub fn key(&self, number: Option<i64>) -> Key {
        match (number, &self.names) {
            (None, _) => Key::Unknown,
            (Some(year), None) => Key::Year(year),
            (Some(ordinal), Some((_, names))) => {
                names.get(ordinal as usize).map_or(Key::Unknown, |name| Key::Name(name.clone()))
            }
        }
    }
}
