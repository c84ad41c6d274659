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
//! Where longer strings stand is told by the words in order ([`Body::form`]), which are the matching form itself: they
//! take the place of positions in the postings, with word boundaries, marks and items, and less room. With the little
//! that a text says beyond its form (`residue`) they are the text, too, which therefore is not kept a second time.

mod collect;
mod encode;
mod form;
mod merge;
mod postings;
mod reader;
mod residue;
mod varint;

#[cfg(test)]
mod tests;

use std::any::Any;
use std::sync::Arc;

use tantivy::directory::TerminatingWrite;
use tantivy::index::{Segment, SegmentComponent};
use tantivy::indexer::doc_id_mapping::{DocIdMapping, MappingType};
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, Schema, Value};
use tantivy::{
    DocId, PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin, TantivyDocument, TantivyError,
};

use self::collect::Collector;
pub use self::form::{Form, ITEM, SENTENCE_END, WORD};
pub use self::reader::{Body, Holders, Term, Token};
use crate::index::backlog::Backlog;
use crate::text::fold::Folded;
use crate::text::segment::Segmenter;

/// Ending of the files' names.
pub const EXTENSION: &str = "body";

fn component() -> SegmentComponent {
    SegmentComponent::Custom(EXTENSION.to_owned())
}

/// A passage on its way to the index: its form and its residue.
pub fn passage(text: &str, folded: &Folded) -> Vec<u8> {
    let original: Vec<char> = text.chars().collect();
    let mut bytes = Vec::with_capacity(folded.chars.len() * 4 + 64);
    Form::of(&original, folded).write(&mut bytes);
    residue::write(&original, folded, &mut bytes);
    bytes
}

/// Writes the body of every segment.
pub struct BodyPlugin {
    /// The field that brings what [`passage`] makes of texts.
    pub passage: Field,
    /// Finds the words.
    pub segmenter: Arc<Segmenter>,
    /// Is told of what was taken.
    pub backlog: Arc<Backlog>,
}

impl SegmentPlugin for BodyPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(&self, _: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        let (passage, backlog) = (self.passage, self.backlog.clone());
        Ok(Box::new(BodyWriter { passage, backlog, collector: Collector::new(self.segmenter.clone()) }))
    }

    fn merge(&self, context: PluginMergeContext) -> tantivy::Result<()> {
        if context.doc_id_mapping.mapping_type() == MappingType::Shuffled {
            return Err(TantivyError::InvalidArgument("passages keep their order".to_owned()));
        }
        let out = context.target_segment.open_write(component())?;
        merge::merge(context.readers, out)?.terminate()?;
        Ok(())
    }
}

struct BodyWriter {
    passage: Field,
    backlog: Arc<Backlog>,
    collector: Collector,
}

impl PluginWriter for BodyWriter {
    fn add_document(&mut self, _: DocId, document: &dyn ErasedDocument, _: &Schema) -> tantivy::Result<()> {
        let document = document.as_any().downcast_ref::<TantivyDocument>();
        let passage = document.and_then(|document| document.get_first(self.passage));
        let bytes = passage.and_then(|value| value.as_leaf().and_then(|leaf| leaf.as_custom()));
        let bytes = bytes.unwrap_or_default();
        self.collector.add(bytes);
        self.backlog.shrink(bytes.len());
        Ok(())
    }

    fn serialize(self: Box<Self>, segment: &Segment, _: Option<&DocIdMapping>) -> tantivy::Result<()> {
        self.collector.write(segment.open_write(component())?)?.terminate()?;
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
