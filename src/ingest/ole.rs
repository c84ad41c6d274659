//! OLE compound files ([MS-CFB]): the streams in the root storage, by name.
//!
//! Borrows the file. A stream is never longer than the file, whatever its chain or its size claims, so a cycle ends and
//! memory stays bounded; a truncated file yields what is there. What the streams mean belongs to the reader.

use super::le::{slice_at, slice_within, u8_at, u16_at, u32_at, u64_at};

/// First bytes of every compound file ([MS-CFB] header).
const SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// Largest number that names a sector ([MS-CFB] sector numbers); the greater ones end or mark chains.
const MAX_SECTOR: u32 = 0xFFFF_FFFA;
/// No directory entry ([MS-CFB] directory entry).
const NO_ENTRY: u32 = 0xFFFF_FFFF;
/// Length of a directory entry ([MS-CFB] directory entry).
const ENTRY_LENGTH: usize = 128;
/// Length of a sector of the mini stream ([MS-CFB] header).
const MINI_SECTOR: usize = 64;
/// Streams shorter than this lie in the mini stream ([MS-CFB] header).
const MINI_CUTOFF: u64 = 4096;
/// Sector numbers of the allocation table that the header holds ([MS-CFB] header).
const HEADER_DIFAT: usize = 109;

/// An opened compound file.
pub(super) struct Ole<'a> {
    bytes: &'a [u8],
    sector_length: usize,
    /// The sector that follows each sector.
    next: Vec<u32>,
    directory: Vec<u8>,
}

/// A stream's or storage's directory entry.
struct Entry<'a> {
    name: &'a [u8],
    is_stream: bool,
    left: u32,
    right: u32,
    child: u32,
    first_sector: u32,
    length: u64,
}

impl<'a> Ole<'a> {
    /// Opens a file; `None` if it is no compound file or has no directory.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(SIGNATURE) {
            return None;
        }
        let sector_length = match u16_at(bytes, 0x1E)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut ole = Self { bytes, sector_length, next: Vec::new(), directory: Vec::new() };
        ole.next = ole.allocation_table()?;
        ole.directory = ole.chain(u32_at(bytes, 0x30)?, u64::MAX);
        ole.entry(0).is_some().then_some(ole)
    }

    /// Whether the root storage has an entry (stream or storage) of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The content of a stream in the root storage.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.find(name).filter(|entry| entry.is_stream)?;
        if entry.length >= MINI_CUTOFF {
            return Some(self.chain(entry.first_sector, entry.length));
        }
        self.mini_chain(entry.first_sector, entry.length as usize)
    }

    fn sector_count(&self) -> usize {
        self.bytes.len() / self.sector_length
    }

    /// A sector; the last one of a truncated file may be short.
    fn sector(&self, number: u32) -> &'a [u8] {
        let start = (number as usize).saturating_add(1).saturating_mul(self.sector_length);
        slice_within(self.bytes, start, self.sector_length)
    }

    /// The allocation table, no longer than the file has sectors.
    fn allocation_table(&self) -> Option<Vec<u32>> {
        let mut table = Vec::new();
        let mut take = |sectors: &[u8]| {
            for number in integers(sectors).filter(|&number| number <= MAX_SECTOR) {
                if table.len() > self.sector_count() {
                    return;
                }
                table.extend(integers(self.sector(number)));
            }
        };
        take(slice_at(self.bytes, 0x4C, HEADER_DIFAT * 4)?);
        let mut number = u32_at(self.bytes, 0x44)?;
        for _ in 0..self.sector_count() {
            if number > MAX_SECTOR {
                break;
            }
            let Some((sectors, follower)) = self.sector(number).split_last_chunk::<4>() else { break };
            take(sectors);
            number = u32::from_le_bytes(*follower);
        }
        Some(table)
    }

    /// The bytes of a chain of sectors, at most `length` and never more than the file has.
    fn chain(&self, first: u32, length: u64) -> Vec<u8> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let mut content = Vec::new();
        let mut number = first;
        for _ in 0..self.sector_count() {
            if number > MAX_SECTOR || content.len() >= length {
                break;
            }
            content.extend_from_slice(self.sector(number));
            number = self.next.get(number as usize).copied().unwrap_or(u32::MAX);
        }
        content.truncate(length);
        content
    }

    /// The bytes of a chain of the mini stream, which the root entry holds ([MS-CFB] mini FAT).
    fn mini_chain(&self, first: u32, length: usize) -> Option<Vec<u8>> {
        let root = self.entry(0)?;
        let mini_stream = self.chain(root.first_sector, root.length);
        let mini_next: Vec<u32> = integers(&self.chain(u32_at(self.bytes, 0x3C)?, u64::MAX)).collect();
        let mut content = Vec::new();
        let mut number = first;
        while number <= MAX_SECTOR && content.len() < length {
            let sector = slice_within(&mini_stream, (number as usize).saturating_mul(MINI_SECTOR), MINI_SECTOR);
            if sector.is_empty() {
                break;
            }
            content.extend_from_slice(sector);
            number = mini_next.get(number as usize).copied().unwrap_or(u32::MAX);
        }
        content.truncate(length);
        Some(content)
    }

    fn entry(&self, number: u32) -> Option<Entry<'_>> {
        let entry = slice_at(&self.directory, (number as usize).checked_mul(ENTRY_LENGTH)?, ENTRY_LENGTH)?;
        let name_length = usize::from(u16_at(entry, 0x40)?).saturating_sub(2).min(62);
        let mut length = u64_at(entry, 0x78)?;
        if self.sector_length == 512 {
            // Version 3 may leave garbage in the upper half ([MS-CFB] directory entry).
            length &= u64::from(u32::MAX);
        }
        Some(Entry {
            name: slice_at(entry, 0, name_length)?,
            is_stream: u8_at(entry, 0x42)? == 2,
            left: u32_at(entry, 0x44)?,
            right: u32_at(entry, 0x48)?,
            child: u32_at(entry, 0x4C)?,
            first_sector: u32_at(entry, 0x74)?,
            length,
        })
    }

    /// Searches the children of the root, not those of embedded objects, which may be called the same.
    fn find(&self, name: &str) -> Option<Entry<'_>> {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut seen = vec![false; self.directory.len() / ENTRY_LENGTH];
        let mut open = vec![self.entry(0)?.child];
        while let Some(number) = open.pop() {
            if number == NO_ENTRY || seen.get(number as usize).copied().unwrap_or(true) {
                continue;
            }
            *seen.get_mut(number as usize)? = true;
            let entry = self.entry(number)?;
            if entry.name == name {
                return Some(entry);
            }
            open.extend([entry.left, entry.right]);
        }
        None
    }
}

fn integers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|chunk| u32_at(chunk, 0))
}
