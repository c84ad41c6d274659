//! What ranking asks of a document, in eight bytes, and what else is kept of each document in a fixed place.
//!
//! The file of cards holds groups of 64 documents, the last one filled up: their cards, their fingerprints, the places
//! of their passages. So what is asked of many documents lies close together, and the file can be written as it comes.

use std::fmt;
use std::io::{self, Write};
use std::ops::Range;

use tantivy::DocId;
use tantivy::directory::OwnedBytes;

use super::encode::PLACE;
use super::varint::{self, damaged};
use crate::model::{Part, Role};

/// What is known of a document at a glance: four numbers in eight bytes.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Card(u64);

/// Width of a card in bytes.
pub const CARD: usize = 8;

/// Bits of characters and of the distance; four more each are for the role and the part.
const BITS: u32 = 28;

const MOST: u32 = (1 << BITS) - 1;

// Zero is for none.
const _: () = assert!(Role::ALL.len() < 16 && Part::ALL.len() < 16);

impl Card {
    /// The card of a header: the characters of all its passages.
    pub fn of_header(characters: u32) -> Card {
        Card(u64::from(characters.min(MOST)))
    }

    /// The card of a passage: characters of its matching form, what it is, what the part of the report it stands in does,
    /// and the distance back to the document of the heading it stands under, 0 for none. A number that is too large for
    /// its bits is the largest that is not.
    pub fn of_passage(characters: u32, role: Role, part: Part, heading: u32) -> Card {
        let (role, part) = (role as u32 + 1, part as u32 + 1);
        let numbers = [characters.min(MOST) | role << BITS, heading.min(MOST) | part << BITS];
        Card(u64::from(numbers[0]) | u64::from(numbers[1]) << 32)
    }

    /// Characters of the matching form; at a header, those of all its passages.
    pub fn characters(self) -> u32 {
        self.0 as u32 & MOST
    }

    /// What the passage is; a header is nothing.
    pub fn role(self) -> Option<Role> {
        Role::ALL.get((self.0 as u32 >> BITS).wrapping_sub(1) as usize).copied()
    }

    /// What the part of the report it stands in does; a header stands in none.
    pub fn part(self) -> Option<Part> {
        Part::ALL.get(self.part_number().wrapping_sub(1)).copied()
    }

    /// A number for the part, less than [`Card::PARTS`]: its place in [`Part::ALL`] from 1, or 0 for none.
    pub fn part_number(self) -> usize {
        (self.0 >> (32 + BITS)) as usize
    }

    /// How many numbers there are for parts.
    pub const PARTS: usize = 16;

    /// The document of the heading that the document with this card stands under.
    pub fn heading_of(self, doc: DocId) -> Option<DocId> {
        let distance = (self.0 >> 32) as u32 & MOST;
        (distance > 0).then(|| doc.checked_sub(distance)).flatten()
    }

    /// As bytes.
    pub fn to_bytes(self) -> [u8; CARD] {
        self.0.to_le_bytes()
    }

    /// What [`Card::to_bytes`] wrote; codes that stand for nothing are none.
    pub fn of_bytes(bytes: [u8; CARD]) -> Card {
        Card(u64::from_le_bytes(bytes))
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = self.heading_of(DocId::MAX).map(|heading| DocId::MAX - heading);
        f.debug_tuple("Card").field(&self.characters()).field(&self.role()).field(&self.part()).field(&heading).finish()
    }
}

/// Documents of a group.
const GROUP: usize = 64;
/// Width of a fingerprint.
const FINGERPRINT: usize = 8;
/// Where the fingerprints of a group begin.
const FINGERPRINTS: usize = GROUP * CARD;
/// Where the places of a group begin.
const PLACES: usize = FINGERPRINTS + GROUP * FINGERPRINT;
/// Bytes of a group.
const GROUP_BYTES: usize = PLACES + GROUP * PLACE;

/// A file of cards that is being written.
pub struct Writer<W> {
    out: W,
    group: Vec<u8>,
    documents: u32,
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    pub fn new(out: W) -> Writer<W> {
        Writer { out, group: vec![0; GROUP_BYTES], documents: 0 }
    }

    /// Adds the next document.
    pub fn add(&mut self, card: Card, fingerprint: u64, place: u64) -> io::Result<()> {
        let at = self.documents as usize % GROUP;
        if at == 0 && self.documents > 0 {
            self.out.write_all(&self.group)?;
        }
        self.group[at * CARD..][..CARD].copy_from_slice(&card.to_bytes());
        self.group[FINGERPRINTS + at * FINGERPRINT..][..FINGERPRINT].copy_from_slice(&fingerprint.to_le_bytes());
        self.group[PLACES + at * PLACE..][..PLACE].copy_from_slice(&place.to_le_bytes()[..PLACE]);
        self.documents += 1;
        Ok(())
    }

    /// Writes what is left; gives back what was written to and the number of documents.
    pub fn finish(mut self) -> io::Result<(W, u32)> {
        if self.documents > 0 {
            self.out.write_all(&self.group)?;
        }
        Ok((self.out, self.documents))
    }
}

/// A file of cards as it is read.
pub struct Cards {
    file: OwnedBytes,
    documents: u32,
}

impl Cards {
    /// A file of so many documents.
    ///
    /// # Errors
    /// If it is damaged.
    pub fn of(file: OwnedBytes, documents: u32) -> io::Result<Cards> {
        let is_whole = file.len() == (documents as usize).div_ceil(GROUP) * GROUP_BYTES;
        if is_whole { Ok(Cards { file, documents }) } else { Err(damaged()) }
    }

    /// How many documents there are.
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// The card of a document; of one that is not there, nothing.
    pub fn card(&self, doc: DocId) -> Card {
        self.bytes(doc, 0).map(Card::of_bytes).unwrap_or_default()
    }

    /// The fingerprint of a document's matching form; see [`crate::text::fingerprint`].
    pub fn fingerprint(&self, doc: DocId) -> u64 {
        self.bytes(doc, FINGERPRINTS).map(u64::from_le_bytes).unwrap_or_default()
    }

    /// Where the passage of a document begins.
    pub fn place(&self, doc: DocId) -> io::Result<usize> {
        let [a, b, c, d, e] = self.bytes(doc, PLACES).ok_or_else(damaged)?;
        Ok(u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]) as usize)
    }

    /// What is kept of a document in the part of its group that begins at `start`.
    fn bytes<const WIDTH: usize>(&self, doc: DocId, start: usize) -> Option<[u8; WIDTH]> {
        let (group, at) = (doc as usize / GROUP, doc as usize % GROUP);
        self.file.get(group * GROUP_BYTES + start + at * WIDTH..)?.first_chunk().copied()
    }
}

/// Where a passage stands in its report and its source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// The section it stands under.
    pub section: Option<u32>,
    /// Its ranges of bytes in the source.
    pub bytes: Vec<Range<u64>>,
}

impl Standing {
    /// Appends the section (one more than its number, 0 for none), the number of ranges, and the start and length of
    /// each.
    pub fn write(&self, out: &mut Vec<u8>) {
        varint::write(out, self.section.map_or(0, |section| u64::from(section) + 1));
        varint::write(out, self.bytes.len() as u64);
        for range in &self.bytes {
            varint::write(out, range.start);
            varint::write(out, range.end.saturating_sub(range.start));
        }
    }

    /// Reads what [`Standing::write`] wrote.
    ///
    /// # Errors
    /// If it is damaged.
    pub fn read(reader: &mut varint::Reader) -> io::Result<Standing> {
        let section = reader.varint()?.checked_sub(1);
        let section = section.map(|section| u32::try_from(section).map_err(|_| damaged())).transpose()?;
        let mut bytes = Vec::new();
        for _ in 0..reader.varint()? {
            let start = reader.varint()?;
            bytes.push(start..start.checked_add(reader.varint()?).ok_or_else(damaged)?);
        }
        Ok(Standing { section, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_and_standings_come_back() {
        let passage = Card::of_passage(812, Role::Row, Part::Other, 7);
        let again = Card::of_bytes(passage.to_bytes());
        assert_eq!((again.characters(), again.role(), again.part()), (812, Some(Role::Row), Some(Part::Other)));
        assert_eq!((again.heading_of(9), again.heading_of(6)), (Some(2), None));
        let longest = Card::of_passage(u32::MAX, Role::Title, Part::Review, u32::MAX);
        assert_eq!(
            (longest.characters(), longest.role(), longest.part()),
            (MOST, Some(Role::Title), Some(Part::Review))
        );
        assert_eq!(longest.heading_of(MOST + 1), Some(1));
        let header = Card::of_header(99);
        assert_eq!((header.characters(), header.role(), header.part(), header.heading_of(5)), (99, None, None, None));
        assert_eq!(Card::of_bytes([0xFF; CARD]).role(), None);
        for standing in [
            Standing::default(),
            Standing { section: Some(0), bytes: vec![0..7, u64::MAX..u64::MAX] },
            Standing { section: Some(u32::MAX), bytes: vec![3..3, 0..1] },
        ] {
            let mut bytes = Vec::new();
            standing.write(&mut bytes);
            assert_eq!(Standing::read(&mut varint::Reader::new(&bytes)).expect("intact"), standing);
            assert!((0..bytes.len()).all(|end| Standing::read(&mut varint::Reader::new(&bytes[..end])).is_err()));
        }
    }

    #[test]
    fn what_is_kept_of_documents_comes_back() {
        for documents in [0, 1, 63, 64, 65, 200u32] {
            let card = |doc: u32| Card::of_header(doc * 3);
            let mut writer = Writer::new(Vec::new());
            for doc in 0..documents {
                writer.add(card(doc), u64::MAX - u64::from(doc), u64::from(doc) << 30).expect("written");
            }
            let (file, counted) = writer.finish().expect("written");
            assert!(Cards::of(OwnedBytes::new(file[..file.len() / 2].to_vec()), counted).is_err() || documents == 0);
            let cards = Cards::of(OwnedBytes::new(file), counted).expect("whole");
            assert_eq!(cards.documents(), documents);
            for doc in 0..documents {
                assert_eq!((cards.card(doc), cards.fingerprint(doc)), (card(doc), u64::MAX - u64::from(doc)));
                assert_eq!(cards.place(doc).expect("there"), (doc as usize) << 30);
            }
            assert_eq!(cards.card(documents + 64), Card::default());
        }
    }
}
