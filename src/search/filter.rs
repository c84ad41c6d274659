//! Filters by metadata: which documents of a segment a search may return.

use std::ops::RangeInclusive;

use tantivy::DocId;
use tantivy::columnar::StrColumn;

use crate::index::reader::Segment;
use crate::model::Part;

/// What a passage's report and part have to be. Empty lists let everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Years, as ranges; one has to hold the report's year.
    pub years: Vec<RangeInclusive<i32>>,
    /// Strings, one of which the kind's label has to contain.
    pub kinds: Vec<String>,
    /// Strings, one of which the region's name has to contain.
    pub regions: Vec<String>,
    /// Parts, one of which the passage has to stand in.
    pub parts: Vec<Part>,
}

impl Filter {
    /// The filter made ready for one segment.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of_segment<'a>(&'a self, segment: &'a Segment) -> tantivy::Result<SegmentFilter<'a>> {
        let contains = |wanted: &'a [String]| move |name: &str| wanted.iter().any(|w| name.contains(w.as_str()));
        Ok(SegmentFilter {
            years: &self.years,
            segment,
            names: [
                NameFilter::new(&segment.kind, self.kinds.is_empty(), contains(&self.kinds))?,
                NameFilter::new(&segment.region, self.regions.is_empty(), contains(&self.regions))?,
                NameFilter::new(&segment.part, self.parts.is_empty(), |name| {
                    self.parts.iter().any(|part| part.label() == name)
                })?,
            ]
            .into_iter()
            .flatten()
            .collect(),
        })
    }
}

/// A [`Filter`] made ready for one segment.
pub struct SegmentFilter<'a> {
    years: &'a [RangeInclusive<i32>],
    segment: &'a Segment,
    names: Vec<NameFilter<'a>>,
}

impl SegmentFilter<'_> {
    /// Whether a document passes.
    pub fn accepts(&self, doc: DocId) -> bool {
        self.accepts_year(doc) && self.names.iter().all(|name| name.accepts(doc))
    }

    fn accepts_year(&self, doc: DocId) -> bool {
        let year = || self.segment.year.first(doc).and_then(|year| i32::try_from(year).ok());
        self.years.is_empty() || year().is_some_and(|year| self.years.iter().any(|range| range.contains(&year)))
    }
}

/// The values of a column that pass, by ordinal.
struct NameFilter<'a> {
    column: Option<&'a StrColumn>,
    accepted: Vec<bool>,
}

impl<'a> NameFilter<'a> {
    fn new(
        column: &'a Option<StrColumn>,
        unrestricted: bool,
        accepts: impl Fn(&str) -> bool,
    ) -> tantivy::Result<Option<NameFilter<'a>>> {
        if unrestricted {
            return Ok(None);
        }
        let mut accepted = Vec::new();
        if let Some(column) = column {
            let mut name = String::new();
            for ordinal in 0..column.num_terms() as u64 {
                name.clear();
                column.ord_to_str(ordinal, &mut name)?;
                accepted.push(accepts(&name));
            }
        }
        Ok(Some(NameFilter { column: column.as_ref(), accepted }))
    }

    fn accepts(&self, doc: DocId) -> bool {
        let ordinal = self.column.and_then(|column| column.ords().first(doc));
        ordinal.and_then(|ordinal| self.accepted.get(ordinal as usize)).copied().unwrap_or(false)
    }
}
