//! A column of names: the kinds, regions, titles … that the documents of a segment have, by number.
//!
//! The dictionary of a column reads a name by going through those before it. So all names are read in one go where many
//! are wanted, and kept.

use std::io;
use std::sync::OnceLock;

use tantivy::DocId;
use tantivy::columnar::StrColumn;

/// The names of a segment's documents; in an empty segment there are none.
pub struct Names {
    column: Option<StrColumn>,
    all: OnceLock<Vec<String>>,
}

impl Names {
    pub(super) fn of_column(column: Option<StrColumn>) -> Names {
        Names { column, all: OnceLock::new() }
    }

    /// The number of a document's name, if it has one.
    pub fn number(&self, doc: DocId) -> Option<u64> {
        self.column.as_ref()?.ords().first(doc)
    }

    /// All names by number, which is their order.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn all(&self) -> io::Result<&[String]> {
        if let Some(known) = self.all.get() {
            return Ok(known);
        }
        let mut names = Vec::new();
        if let Some(column) = &self.column {
            let mut stream = column.dictionary().stream()?;
            while stream.advance() {
                names.push(String::from_utf8_lossy(stream.key()).into_owned());
            }
        }
        Ok(self.all.get_or_init(|| names))
    }

    /// The name of a document, if it has one.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn of(&self, doc: DocId) -> io::Result<Option<String>> {
        let (Some(column), Some(number)) = (&self.column, self.number(doc)) else { return Ok(None) };
        if let Some(known) = self.all.get() {
            return Ok(known.get(number as usize).cloned());
        }
        let mut name = String::new();
        column.ord_to_str(number, &mut name)?;
        Ok(Some(name))
    }
}
