//! The body of passages: their words in order, and which passages hold which words and pairs of characters.
//!
//! A component of each segment of our own (tantivy's `SegmentPlugin`), written with the segment and merged with it, so
//! it appears and disappears with the same commit. What makes literal search exact:
//!
//! Words partition the matching form, so two neighbouring characters stand either inside one word or on both sides of
//! a boundary. A word that is a single character or Han throughout is a *term*: the documents that hold it. Any other
//! word is a *run* (letters, digits), of which each character and each pair is a term. Every pair across a boundary is
//! a term as well, marks apart. Hence every neighbouring pair of characters is in exactly one posting, whatever the
//! dictionary was: a passage holds a pair if and only if it holds the pair's term or a word that holds the pair, and
//! how often follows from frequencies alone.
//!
//! Between which words a pair stands is told as well (`variants`), so that a string of several words is counted from
//! the postings of a pair at one of its boundaries, as far as the two words there reach.
//!
//! Where longer strings stand is told by the words in order ([`Body::form`]), which are the matching form itself: they
//! take the place of positions in the postings, with word boundaries, marks and items, and less room. With the little
//! that a text says beyond its form (`residue`) they are the text, too, which therefore is not kept a second time.
//! What ranking asks of each document stands in its `card`.

mod card;
mod collect;
mod encode;
mod form;
mod merge;
mod pair_numbers;
mod pairs;
mod postings;
mod reader;
mod residue;
mod sequence;
mod variants;
mod varint;
mod vocabulary;

#[cfg(test)]
mod tests;

use std::any::Any;
use std::io;
use std::sync::Arc;

use tantivy::directory::{TerminatingWrite, WritePtr};
use tantivy::index::{Segment, SegmentComponent};
use tantivy::indexer::doc_id_mapping::{DocIdMapping, MappingType};
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, Schema, Value};
use tantivy::{
    DocId, PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin, TantivyDocument, TantivyError,
};

pub use self::card::{Card, Standing};
use self::collect::Collector;
use self::encode::Files;
pub use self::form::{Form, ITEM, SENTENCE_END, WORD};
pub use self::pairs::Holders;
pub use self::postings::Term;
pub use self::reader::{Body, Token};
pub use self::variants::{Variant, Variants};
use crate::index::backlog::Backlog;
use crate::text::fingerprint::fingerprint;
use crate::text::fold::Folded;
use crate::text::segment::Segmenter;

/// Endings of the files' names: of words, postings and passages, of the table of pairs, of the cards.
pub const EXTENSIONS: [&str; 3] = [BODY, PAIRS, CARDS];

const BODY: &str = "body";
const PAIRS: &str = "pairs";
const CARDS: &str = "cards";

fn component(extension: &str) -> SegmentComponent {
    SegmentComponent::Custom(extension.to_owned())
}

/// Opens the files of a segment's body for writing.
fn create(segment: &Segment) -> tantivy::Result<Files<WritePtr>> {
    let open = |extension: &str| segment.open_write(component(extension));
    Ok(Files { body: open(BODY)?, pairs: open(PAIRS)?, cards: open(CARDS)? })
}

fn close(files: Files<WritePtr>) -> io::Result<()> {
    [files.body, files.pairs, files.cards].into_iter().try_for_each(TerminatingWrite::terminate)
}

/// A document on its way to the index: its card and its fingerprint; of a passage its form, too, and what stands beside
/// its words.
pub fn document(card: Card, passage: Option<(&Standing, &str, &Folded)>) -> Vec<u8> {
    let mut bytes = card.to_bytes().to_vec();
    let fingerprint = passage.map_or(0, |(_, _, folded)| fingerprint(&folded.chars));
    bytes.extend(fingerprint.to_le_bytes());
    if let Some((standing, text, folded)) = passage {
        let original: Vec<char> = text.chars().collect();
        bytes.reserve(folded.chars.len() * 4 + 64);
        Form::of(&original, folded).write(&mut bytes);
        standing.write(&mut bytes);
        residue::write(&original, folded, &mut bytes);
    }
    bytes
}

/// Writes the body of every segment.
pub struct BodyPlugin {
    /// The field that brings what [`document`] makes of documents.
    pub document: Field,
    /// Finds the words.
    pub segmenter: Arc<Segmenter>,
    /// Is told of what was taken.
    pub backlog: Arc<Backlog>,
}

impl SegmentPlugin for BodyPlugin {
    fn extensions(&self) -> &[&str] {
        &EXTENSIONS
    }

    fn create_writer(&self, _: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        let (document, backlog) = (self.document, self.backlog.clone());
        Ok(Box::new(BodyWriter { document, backlog, collector: Collector::new(self.segmenter.clone()) }))
    }

    fn merge(&self, context: PluginMergeContext) -> tantivy::Result<()> {
        if context.doc_id_mapping.mapping_type() == MappingType::Shuffled {
            return Err(TantivyError::InvalidArgument("passages keep their order".to_owned()));
        }
        close(merge::merge(context.readers, create(context.target_segment)?)?)?;
        Ok(())
    }
}

struct BodyWriter {
    document: Field,
    backlog: Arc<Backlog>,
    collector: Collector,
}

impl PluginWriter for BodyWriter {
    fn add_document(&mut self, _: DocId, document: &dyn ErasedDocument, _: &Schema) -> tantivy::Result<()> {
        let document = document.as_any().downcast_ref::<TantivyDocument>();
        let value = document.and_then(|document| document.get_first(self.document));
        let bytes = value.and_then(|value| value.as_leaf().and_then(|leaf| leaf.as_custom()));
        let bytes = bytes.unwrap_or_default();
        self.collector.add(bytes);
        self.backlog.shrink(bytes.len());
        Ok(())
    }

    fn serialize(self: Box<Self>, segment: &Segment, _: Option<&DocIdMapping>) -> tantivy::Result<()> {
        close(self.collector.write(create(segment)?)?)?;
        Ok(())
    }

    fn mem_usage(&self) -> usize {
        self.collector.memory()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
