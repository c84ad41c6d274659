//! Numbers that Word puts before paragraphs of lists ([MS-DOC] PlfLst, PlfLfo): `一、`, `（二）`, `3.`.
//!
//! Lists that are damaged have no numbers; bullets are none either. Counting goes by the paragraphs in the order they are asked for.

use std::collections::HashMap;

use super::fib::{Fib, Table};
use crate::ingest::labels::Numerals;
use crate::ingest::le::{slice_at, u8_at, u16_at, u32_at};

/// Levels of a list.
const LEVELS: usize = 9;
/// Length of the fixed part of a list ([MS-DOC] LSTF).
const LIST: usize = 28;
/// Length of the fixed part of a level ([MS-DOC] LVLF).
const LEVEL: usize = 28;
/// Length of the fixed part of a list override ([MS-DOC] LFO).
const OVERRIDE: usize = 16;
/// Most UTF-16 units of a number's template ([MS-DOC] LVL needs far fewer).
const MAX_TEMPLATE: usize = 64;

/// A level of a list.
#[derive(Debug)]
struct Level {
    start: u32,
    /// [MS-OSHARED] MSONFC.
    format: u8,
    /// All numbers of the template in Arabic digits.
    is_legal: bool,
    /// Text of the number; units below 9 stand for the numbers of levels.
    template: Vec<u16>,
}

/// A use of a list, which may begin anew.
#[derive(Debug)]
struct Override {
    list: u32,
    starts: [Option<u32>; LEVELS],
}

/// The lists of a file and how far they have been counted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    levels: HashMap<u32, Vec<Level>>,
    overrides: Vec<Override>,
    /// Last number given at each level of a list.
    counts: HashMap<u32, [Option<u32>; LEVELS]>,
}

impl Lists {
    /// Reads the lists of a file.
    pub(super) fn read(fib: &Fib, tables: &[u8]) -> Self {
        let levels = read_lists(fib.table_and_rest(tables, Table::Lists)).unwrap_or_default();
        let overrides = read_overrides(fib.table(tables, Table::ListOverrides)).unwrap_or_default();
        Self { levels, overrides, counts: HashMap::new() }
    }

    /// The number of the next paragraph at a level of a list override (counted from 1); empty if it has none.
    pub(super) fn next(&mut self, number: u16, level: u8) -> String {
        let level = usize::from(level);
        let taken = usize::from(number).checked_sub(1).and_then(|number| self.overrides.get_mut(number));
        let Some(used) = taken.filter(|_| level < LEVELS) else { return String::new() };
        let Some(levels) = self.levels.get(&used.list) else { return String::new() };
        let counts = self.counts.entry(used.list).or_default();
        // A new beginning counts once.
        let restart = used.starts.get_mut(level).and_then(Option::take);
        let start = |level: usize| levels.get(level).map_or(1, |level| level.start);
        for (at, count) in counts.iter_mut().enumerate() {
            *count = match (*count, at.cmp(&level)) {
                (count, std::cmp::Ordering::Less) => Some(count.unwrap_or(start(at))),
                (_, std::cmp::Ordering::Greater) => None,
                (count, _) => restart.or(count.map(|count| count.saturating_add(1))).or(Some(start(at))),
            };
        }
        levels.get(level).map(|level| level.number(levels, counts)).unwrap_or_default()
    }
}

impl Level {
    fn number(&self, levels: &[Level], counts: &[Option<u32>; LEVELS]) -> String {
        // Bullets and levels without numbers ([MS-OSHARED] MSONFC 0x17, 0xFF).
        if matches!(self.format, 23 | 255) {
            return String::new();
        }
        let mut text = String::new();
        for unit in char::decode_utf16(self.template.iter().copied()).flatten() {
            let Some(&count) = counts.get(unit as usize) else {
                text.push(unit);
                continue;
            };
            let format = levels.get(unit as usize).filter(|_| !self.is_legal).map_or(0, |level| level.format);
            text.push_str(&notation(format).write(count.unwrap_or(1)));
        }
        text
    }
}

fn read_lists(bytes: &[u8]) -> Option<HashMap<u32, Vec<Level>>> {
    let count = usize::from(u16_at(bytes, 0)?);
    let mut rest = bytes.get(2 + count * LIST..)?;
    let mut lists = HashMap::new();
    for number in 0..count {
        let list = slice_at(bytes, 2 + number * LIST, LIST)?;
        let is_simple = u8_at(list, 26)? & 1 == 1;
        let mut levels = Vec::new();
        for _ in 0..if is_simple { 1 } else { LEVELS } {
            let Some((level, length)) = read_level(rest) else { return Some(lists) };
            levels.push(level);
            rest = rest.get(length..)?;
        }
        lists.insert(u32_at(list, 0)?, levels);
    }
    Some(lists)
}

/// A level and its length in bytes.
fn read_level(bytes: &[u8]) -> Option<(Level, usize)> {
    let modifiers = usize::from(u8_at(bytes, 24)?) + usize::from(u8_at(bytes, 25)?);
    let text = LEVEL + modifiers;
    let length = usize::from(u16_at(bytes, text)?);
    let template = slice_at(bytes, text + 2, length * 2)?;
    let template = template.chunks_exact(2).take(MAX_TEMPLATE).filter_map(|unit| u16_at(unit, 0)).collect();
    let level =
        Level { start: u32_at(bytes, 0)?, format: u8_at(bytes, 4)?, is_legal: u8_at(bytes, 5)? & 4 != 0, template };
    Some((level, text + 2 + length * 2))
}

fn read_overrides(bytes: &[u8]) -> Option<Vec<Override>> {
    let count = u32_at(bytes, 0)? as usize;
    let fixed = bytes.get(4..)?.chunks_exact(OVERRIDE).take(count);
    let mut rest = bytes.get(4 + fixed.len() * OVERRIDE..)?;
    let mut overrides = Vec::new();
    for entry in fixed {
        let starts = read_starts(u8_at(entry, 12)?, &mut rest).unwrap_or_default();
        overrides.push(Override { list: u32_at(entry, 0)?, starts });
    }
    Some(overrides)
}

/// The new beginnings of an override's levels, of which there are `count` ([MS-DOC] LFOData, LFOLVL).
fn read_starts(count: u8, rest: &mut &[u8]) -> Option<[Option<u32>; LEVELS]> {
    let mut starts = [None; LEVELS];
    *rest = rest.get(4..)?;
    for _ in 0..count {
        let (start, flags) = (u32_at(rest, 0)?, u8_at(rest, 4)?);
        *rest = rest.get(8..)?;
        let mut start = Some(start);
        if flags & 0x20 != 0 {
            let (level, length) = read_level(rest)?;
            start = Some(level.start);
            *rest = rest.get(length..)?;
        }
        if let Some(place) = starts.get_mut(usize::from(flags & 0x0F)).filter(|_| flags & 0x10 != 0) {
            *place = start;
        }
    }
    Some(starts)
}

/// The notation of a format code of [MS-OSHARED] MSONFC; those that Chinese files do not use are in Arabic figures.
fn notation(format: u8) -> Numerals {
    match format {
        1 => Numerals::Roman(true),
        2 => Numerals::Roman(false),
        3 => Numerals::Letters(true),
        4 => Numerals::Letters(false),
        10 => Numerals::ChineseDigits,
        11 | 33 | 35 | 37 | 39 => Numerals::Chinese,
        34 | 38 => Numerals::ChineseLegal,
        14 | 19 => Numerals::FullWidth,
        18 | 28 => Numerals::Circled,
        22 => Numerals::ArabicZero,
        26 => Numerals::FullStopped,
        27 => Numerals::Parenthesised,
        29 => Numerals::CircledChinese,
        30 => Numerals::Stems,
        31 => Numerals::Branches,
        _ => Numerals::Arabic,
    }
}
