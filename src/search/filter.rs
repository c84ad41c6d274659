//! Fields of a query: which documents of a segment have the properties asked for.

use std::ops::RangeInclusive;

use tantivy::DocId;

use super::literal;
use crate::index::names::Names;
use crate::index::reader::Segment;
use crate::model::{Part, Role};
use crate::query::Field;
use crate::text::fold::matching_form;
use crate::text::issuers;

/// A [`Field`] made ready for one segment.
pub enum Predicate<'a> {
    /// The report's year lies in one of the ranges.
    Year(&'a Segment, &'a [RangeInclusive<i32>]),
    /// The column's value is one of those accepted, by number.
    Name(&'a Names, Vec<bool>),
    /// The passage stands in one of the parts.
    Part(&'a Segment, &'a [Part]),
    /// One of these headings stands above.
    Under(&'a Segment, Vec<DocId>),
}

impl<'a> Predicate<'a> {
    /// Makes a field ready.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(field: &'a Field, segment: &'a Segment) -> tantivy::Result<Predicate<'a>> {
        let contains = |wanted: &'a [String]| move |name: &str| wanted.iter().any(|w| name.contains(w.as_str()));
        let folds_to = |wanted: &'a [String]| {
            move |name: &str| {
                let form = matching_form(name);
                wanted.iter().any(|w| form.contains(w.as_str()))
            }
        };
        Ok(match field {
            Field::Year(ranges) => Predicate::Year(segment, ranges),
            Field::Kind(wanted) => Predicate::name(&segment.kind, contains(wanted))?,
            Field::Region(wanted) => Predicate::name(&segment.region, contains(wanted))?,
            Field::Source(wanted) => Predicate::name(&segment.source, contains(wanted))?,
            Field::Title(wanted) => Predicate::name(&segment.title, folds_to(wanted))?,
            Field::Part(parts) => Predicate::Part(segment, parts),
            Field::Issuer(wanted) => {
                Predicate::name(&segment.issuer, |name| wanted.iter().any(|wanted| issuers::is_called(name, wanted)))?
            }
            Field::Section(wanted) => {
                let mut headings = Vec::new();
                for form in wanted {
                    let found = literal::find(segment, form)?.into_iter().map(|m| m.doc);
                    headings.extend(found.filter(|&doc| segment.role(doc) == Some(Role::Heading)));
                }
                headings.sort_unstable();
                Predicate::Under(segment, headings)
            }
        })
    }

    fn name(names: &'a Names, accepts: impl Fn(&str) -> bool) -> tantivy::Result<Predicate<'a>> {
        let accepted = names.all()?.iter().map(|name| accepts(name)).collect();
        Ok(Predicate::Name(names, accepted))
    }

    /// Whether a document has the property.
    pub fn accepts(&self, doc: DocId) -> bool {
        match self {
            Predicate::Year(segment, ranges) => {
                segment.year_of(doc).is_some_and(|year| ranges.iter().any(|range| range.contains(&year)))
            }
            Predicate::Name(names, accepted) => {
                names.number(doc).and_then(|number| accepted.get(number as usize)).copied().unwrap_or(false)
            }
            Predicate::Part(segment, parts) => segment.part(doc).is_some_and(|part| parts.contains(&part)),
            Predicate::Under(segment, headings) => {
                let above = std::iter::successors(segment.heading_of(doc), |&doc| segment.heading_of(doc));
                !headings.is_empty() && above.into_iter().any(|heading| headings.binary_search(&heading).is_ok())
            }
        }
    }
}

/// The predicates of several fields; all have to accept.
///
/// # Errors
/// If the index is damaged.
pub fn predicates<'a>(fields: &'a [Field], segment: &'a Segment) -> tantivy::Result<Vec<Predicate<'a>>> {
    fields.iter().map(|field| Predicate::of(field, segment)).collect()
}
