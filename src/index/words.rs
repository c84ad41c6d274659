//! The word map of a segment: which of its word terms hold a given pair of characters, or a character.
//!
//! A segment component of our own, written after the term dictionary and derived from it, so it is
//! durable with the segment, exact for it, and needs no dictionary when a query comes.
//!
//! File, all integers little endian: `u32` number of keys; for each key, sorted, `u32` left character,
//! `u32` right character (0 for the map of single characters), `u32` offset of its list in the lists that
//! follow; a closing `u32` length of the lists; the lists; all words one after the other in UTF-8. A list
//! is pairs of a varint (distance of the word's place among the words, in bytes, from the one before) and
//! a byte (place of the pair in the word × 16 + length of the word, in characters).

use std::any::Any;
use std::collections::BTreeMap;
use std::io::{self, Write};

use tantivy::directory::{CompositeFile, OwnedBytes, TerminatingWrite};
use tantivy::index::{Segment, SegmentComponent, SegmentReader};
use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;
use tantivy::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};

use super::tokens::SEAM;

const EXTENSION: &str = "words";

fn component() -> SegmentComponent {
    SegmentComponent::Custom(EXTENSION.to_owned())
}

/// Writes the word map of every segment.
pub struct WordMapPlugin {
    /// The field whose word terms are mapped.
    pub field: Field,
}

impl SegmentPlugin for WordMapPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(&self, _: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(WordMapWriter { field: self.field }))
    }

    fn merge(&self, context: PluginMergeContext) -> tantivy::Result<()> {
        write_map(context.target_segment, self.field)
    }
}

struct WordMapWriter {
    field: Field,
}

impl PluginWriter for WordMapWriter {
    fn serialize(self: Box<Self>, segment: &Segment, _: Option<&DocIdMapping>) -> tantivy::Result<()> {
        write_map(segment, self.field)
    }

    fn mem_usage(&self) -> usize {
        0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// A word that holds what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// Where the word stands among the map's words, in bytes.
    at: u32,
    /// Where the pair or character stands in the word, in characters.
    pub place: usize,
    /// Length of the word, in characters.
    pub len: usize,
}

type Key = (u32, u32);

/// The lists and words of a map that is being made.
#[derive(Default)]
struct Lists {
    lists: BTreeMap<Key, Vec<Holder>>,
    words: String,
}

impl Lists {
    fn add(&mut self, word: &str) {
        let chars: Vec<u32> = word.chars().map(u32::from).collect();
        for (place, &left) in chars.iter().enumerate() {
            let holder = Holder { at: self.words.len() as u32, place, len: chars.len() };
            self.lists.entry((left, 0)).or_default().push(holder);
            if let Some(&right) = chars.get(place + 1) {
                self.lists.entry((left, right)).or_default().push(holder);
            }
        }
        self.words.push_str(word);
    }

    fn encode(&self) -> Vec<u8> {
        let mut data = Vec::new();
        let mut file = (self.lists.len() as u32).to_le_bytes().to_vec();
        for (&(left, right), holders) in &self.lists {
            file.extend([left, right, data.len() as u32].into_iter().flat_map(u32::to_le_bytes));
            let mut last = 0;
            for holder in holders {
                write_varint(&mut data, holder.at - last);
                data.push((holder.place * 16 + holder.len) as u8);
                last = holder.at;
            }
        }
        file.extend((data.len() as u32).to_le_bytes());
        file.extend(data);
        file.extend(self.words.as_bytes());
        file
    }
}

/// Derives the map from the term dictionary that the segment has already on disk.
fn write_map(segment: &Segment, field: Field) -> tantivy::Result<()> {
    let terms = CompositeFile::open(&segment.open_read(SegmentComponent::Terms)?)?;
    let mut lists = Lists::default();
    if let Some(slice) = terms.open_read(field) {
        let dictionary = TermDictionary::open(slice)?;
        let mut stream = dictionary.range().gt([SEAM as u8 + 1]).into_stream()?;
        while stream.advance() {
            lists.add(&String::from_utf8_lossy(stream.key()));
        }
    }
    let mut write = segment.open_write(component())?;
    write.write_all(&lists.encode())?;
    write.terminate()?;
    Ok(())
}

fn write_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// The word map of an open segment; the file stays memory-mapped.
pub struct WordMap {
    file: OwnedBytes,
    keys: usize,
}

const KEY_BYTES: usize = 12;

impl WordMap {
    /// Opens the map of a segment.
    ///
    /// # Errors
    /// If the file is missing or too short for what it says it holds.
    pub fn open(segment: &SegmentReader) -> io::Result<WordMap> {
        let file = segment.open_read(component()).map_err(io::Error::other)?.read_bytes()?;
        let map = WordMap { keys: 0, file };
        let keys = map.u32_at(0)? as usize;
        let map = WordMap { keys, ..map };
        if map.file.len() < map.words_start()? {
            return Err(damaged());
        }
        Ok(map)
    }

    /// The words that hold `left` directly followed by `right`, once for each place in them.
    ///
    /// # Errors
    /// If the map is damaged.
    pub fn holding_pair(&self, left: char, right: char) -> io::Result<Vec<Holder>> {
        self.list((u32::from(left), u32::from(right)))
    }

    /// The words that hold `char`, once for each place in them.
    ///
    /// # Errors
    /// If the map is damaged.
    pub fn holding(&self, char: char) -> io::Result<Vec<Holder>> {
        self.list((u32::from(char), 0))
    }

    /// The word of a holder, in UTF-8.
    ///
    /// # Errors
    /// If the map is damaged.
    pub fn word(&self, holder: Holder) -> io::Result<&str> {
        let words = self.file.get(self.words_start()?..).ok_or_else(damaged)?;
        let rest = words.get(holder.at as usize..).ok_or_else(damaged)?;
        // Four bytes a character at most; the cut may fall into the next word.
        let rest = rest.get(..holder.len * 4).unwrap_or(rest);
        let valid = match std::str::from_utf8(rest) {
            Ok(text) => text,
            Err(error) => rest.get(..error.valid_up_to()).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default(),
        };
        let end = valid.char_indices().nth(holder.len).map_or(valid.len(), |(end, _)| end);
        valid.get(..end).ok_or_else(damaged)
    }

    fn words_start(&self) -> io::Result<usize> {
        let lists = self.u32_at(self.data_start() - 4)?;
        Ok(self.data_start() + lists as usize)
    }

    fn list(&self, key: Key) -> io::Result<Vec<Holder>> {
        let (mut low, mut high) = (0, self.keys);
        while low < high {
            let middle = (low + high) / 2;
            let at = 4 + middle * KEY_BYTES;
            let found = (self.u32_at(at)?, self.u32_at(at + 4)?);
            match found.cmp(&key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    let start = self.u32_at(at + 8)? as usize;
                    // The next key's offset; behind the last key stands the length of the data.
                    let next = if middle + 1 < self.keys { at + KEY_BYTES + 8 } else { at + KEY_BYTES };
                    return self.decode(start, self.u32_at(next)? as usize);
                }
            }
        }
        Ok(Vec::new())
    }

    fn decode(&self, start: usize, end: usize) -> io::Result<Vec<Holder>> {
        let base = self.data_start();
        let mut data = self.file.get(base + start..base + end).ok_or_else(damaged)?;
        let mut holders = Vec::with_capacity(data.len() / 2);
        let mut at = 0u32;
        while !data.is_empty() {
            let (mut distance, mut shift) = (0u32, 0);
            loop {
                let (&byte, rest) = data.split_first().ok_or_else(damaged)?;
                data = rest;
                distance |= u32::from(byte & 0x7F) << shift;
                shift += 7;
                if byte < 0x80 {
                    break;
                }
                if shift > 28 {
                    return Err(damaged());
                }
            }
            let (&shape, rest) = data.split_first().ok_or_else(damaged)?;
            data = rest;
            at = at.checked_add(distance).ok_or_else(damaged)?;
            holders.push(Holder { at, place: usize::from(shape >> 4), len: usize::from(shape & 15) });
        }
        Ok(holders)
    }

    fn data_start(&self) -> usize {
        4 + self.keys * KEY_BYTES + 4
    }

    fn u32_at(&self, at: usize) -> io::Result<u32> {
        let bytes = self.file.get(at..at + 4).ok_or_else(damaged)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the word map of a segment is damaged")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map_of(words: &[&str]) -> WordMap {
        let mut lists = Lists::default();
        words.iter().for_each(|word| lists.add(word));
        WordMap { keys: lists.lists.len(), file: OwnedBytes::new(lists.encode()) }
    }

    fn words(map: &WordMap, holders: Vec<Holder>) -> Vec<(String, usize)> {
        holders.into_iter().map(|h| (map.word(h).expect("intact").to_owned(), h.place)).collect()
    }

    #[test]
    fn finds_every_holder_with_its_place() {
        let map = map_of(&["人人", "人民", "人民代表大会", "政协委员"]);
        let of_pair = words(&map, map.holding_pair('人', '民').expect("intact"));
        assert_eq!(of_pair, [("人民".to_owned(), 0), ("人民代表大会".to_owned(), 0)]);
        assert_eq!(map.holding('人').expect("intact").len(), 4);
        assert_eq!(words(&map, map.holding('员').expect("intact")), [("政协委员".to_owned(), 3)]);
        assert!(map.holding_pair('协', '政').expect("intact").is_empty());
    }

    #[test]
    fn a_truncated_map_is_an_error_not_a_panic() {
        let map = map_of(&["人民", "政协"]);
        for len in 0..map.file.len() {
            let cut = WordMap { file: map.file.slice(0..len), keys: map.keys };
            let _ = cut.holding_pair('人', '民');
            for holder in cut.holding('协').unwrap_or_default() {
                let _ = cut.word(holder);
            }
        }
    }
}
