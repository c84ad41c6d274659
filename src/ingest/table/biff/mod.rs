//! Workbooks of Excel 5 to 2003 (xls): the cells of the BIFF records in the `Workbook` stream ([MS-XLS]).
//!
//! Own reader, since others make room for the whole area that a sheet's outermost cells span. Every loop here
//! ends with the bytes that are there.

mod strings;

use std::collections::HashMap;

use encoding_rs::{BIG5, Encoding, GBK, WINDOWS_1252};

use self::strings::{shared_strings, units};
use super::number::{built_in, plain, shown};
use super::sheet::Sheets;
use crate::ingest::ole::Ole;

/// Record types, [MS-XLS] 2.3.2.
mod record {
    pub const FORMULA: u16 = 0x0006;
    pub const EOF: u16 = 0x000A;
    pub const DATE_1904: u16 = 0x0022;
    pub const FILE_PASS: u16 = 0x002F;
    pub const CONTINUE: u16 = 0x003C;
    pub const CODE_PAGE: u16 = 0x0042;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const MUL_RK: u16 = 0x00BD;
    pub const RSTRING: u16 = 0x00D6;
    pub const XF: u16 = 0x00E0;
    pub const SST: u16 = 0x00FC;
    pub const LABEL_SST: u16 = 0x00FD;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOL_ERR: u16 = 0x0205;
    pub const STRING: u16 = 0x0207;
    pub const RK: u16 = 0x027E;
    pub const FORMAT: u16 = 0x041E;
    pub const BOF: u16 = 0x0809;
}

/// Names that the stream of a workbook has.
const STREAMS: [&str; 2] = ["Workbook", "Book"];

/// Whether an OLE file holds a workbook.
pub fn is_workbook(bytes: &[u8]) -> bool {
    Ole::open(bytes).is_some_and(|ole| STREAMS.iter().any(|name| ole.has(name)))
}

/// Reads the sheets of a workbook.
///
/// # Errors
/// A reason for a person.
pub fn read(bytes: &[u8], sheets: &mut Sheets) -> Result<(), String> {
    let ole = Ole::open(bytes);
    let workbook = ole.and_then(|ole| STREAMS.iter().find_map(|name| ole.stream(name)));
    let workbook = workbook.ok_or("文件损坏（没有工作簿）")?;
    let globals = Globals::read(&workbook)?;
    // A stretch of the stream belongs to one sheet, however often it is referred to.
    let mut starts: Vec<usize> = globals.sheets.iter().map(|(start, _)| *start).collect();
    starts.sort_unstable();
    for (start, name) in &globals.sheets {
        let next = starts.partition_point(|other| other <= start);
        let end = starts.get(next).copied().unwrap_or(workbook.len()).min(workbook.len());
        sheets.begin(name);
        read_sheet(workbook.get(*start..end).unwrap_or_default(), &globals, sheets)?;
    }
    Ok(())
}

/// A record.
#[derive(Clone, Copy)]
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

impl<'a> Record<'a> {
    fn u16(&self, at: usize) -> Option<u16> {
        Some(u16::from_le_bytes(self.data.get(at..at + 2)?.try_into().ok()?))
    }

    fn u32(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.data.get(at..at + 4)?.try_into().ok()?))
    }

    fn f64(&self, at: usize) -> Option<f64> {
        Some(f64::from_le_bytes(self.data.get(at..at + 8)?.try_into().ok()?))
    }

    fn from(&self, at: usize) -> &'a [u8] {
        self.data.get(at..).unwrap_or_default()
    }
}

fn records(mut stream: &[u8]) -> impl Iterator<Item = Record<'_>> {
    std::iter::from_fn(move || {
        let (header, rest) = stream.split_first_chunk::<4>()?;
        let [kind_low, kind_high, length_low, length_high] = *header;
        let length = usize::from(u16::from_le_bytes([length_low, length_high]));
        let (data, rest) = rest.split_at(length.min(rest.len()));
        stream = rest;
        Some(Record { kind: u16::from_le_bytes([kind_low, kind_high]), data })
    })
}

/// What holds for all sheets.
struct Globals {
    /// Strings are in Unicode (from Excel 97).
    is_unicode: bool,
    is_1904: bool,
    encoding: &'static Encoding,
    /// Where in the stream each sheet begins, and its name.
    sheets: Vec<(usize, String)>,
    strings: Vec<String>,
    formats: HashMap<u16, String>,
    /// For each cell style the number of its format.
    styles: Vec<u16>,
}

impl Globals {
    fn read(stream: &[u8]) -> Result<Self, String> {
        let mut globals = Globals {
            is_unicode: true,
            is_1904: false,
            encoding: GBK,
            sheets: Vec::new(),
            strings: Vec::new(),
            formats: HashMap::new(),
            styles: Vec::new(),
        };
        let mut table: Vec<&[u8]> = Vec::new();
        let mut last = 0;
        for record in records(stream) {
            match record.kind {
                record::BOF => globals.is_unicode = record.u16(0).is_none_or(|version| version >= 0x0600),
                record::FILE_PASS => return Err("文件已加密".to_owned()),
                record::DATE_1904 => globals.is_1904 = record.u16(0) == Some(1),
                record::CODE_PAGE => globals.encoding = encoding(record.u16(0)),
                record::BOUND_SHEET => {
                    let start = record.u32(0).map_or(usize::MAX, |start| start as usize);
                    globals.sheets.push((start, globals.short_string(record.from(6))));
                }
                record::FORMAT => {
                    let string = record.from(2);
                    let format = if globals.is_unicode { globals.string(string) } else { globals.short_string(string) };
                    globals.formats.insert(record.u16(0).unwrap_or(0), format);
                }
                record::XF => globals.styles.push(record.u16(2).unwrap_or(0)),
                record::SST => table = vec![record.from(8)],
                record::CONTINUE if last == record::SST => table.push(record.data),
                record::EOF => break,
                _ => {}
            }
            if record.kind != record::CONTINUE {
                last = record.kind;
            }
        }
        globals.strings = shared_strings(&table);
        globals.sheets.sort_by_key(|(start, _)| *start);
        globals.sheets.dedup_by_key(|(start, _)| *start);
        Ok(globals)
    }

    /// A string whose length takes two bytes.
    fn string(&self, bytes: &[u8]) -> String {
        let (length, rest) = bytes.split_first_chunk::<2>().unwrap_or((&[0, 0], bytes));
        self.characters(usize::from(u16::from_le_bytes(*length)), rest)
    }

    /// A string whose length takes one byte.
    fn short_string(&self, bytes: &[u8]) -> String {
        let (length, rest) = bytes.split_first().unwrap_or((&0, bytes));
        self.characters(usize::from(*length), rest)
    }

    fn characters(&self, length: usize, bytes: &[u8]) -> String {
        if !self.is_unicode {
            return self.encoding.decode_without_bom_handling(bytes.get(..length).unwrap_or(bytes)).0.into_owned();
        }
        let (flags, rest) = bytes.split_first().unwrap_or((&0, bytes));
        let is_wide = flags & 1 == 1;
        let size = if is_wide { length * 2 } else { length };
        String::from_utf16_lossy(&units(rest.get(..size).unwrap_or(rest), is_wide))
    }

    /// A number of a cell with this style.
    fn shown(&self, value: f64, style: Option<u16>) -> String {
        let format = style.and_then(|style| self.styles.get(usize::from(style))).copied().unwrap_or(0);
        let code = self.formats.get(&format).map_or_else(|| built_in(format), String::as_str);
        shown(value, code, self.is_1904)
    }
}

/// The encoding with a Windows code page's number.
fn encoding(code_page: Option<u16>) -> &'static Encoding {
    match code_page {
        Some(950) => BIG5,
        Some(1252 | 437 | 0x8001) => WINDOWS_1252,
        _ => GBK,
    }
}

fn read_sheet(stream: &[u8], globals: &Globals, sheets: &mut Sheets) -> Result<(), String> {
    let mut depth = 0;
    // A formula whose result is a text is followed by it.
    let mut awaiting = None;
    for record in records(stream) {
        let place = record.u16(0).zip(record.u16(2)).map(|(row, column)| (u32::from(row), u32::from(column)));
        let (row, column) = place.unwrap_or_default();
        let style = record.u16(4);
        match record.kind {
            // Charts stand inside sheets.
            record::BOF => depth += 1,
            record::EOF if depth <= 1 => break,
            record::EOF => depth -= 1,
            _ if depth > 1 => {}
            record::LABEL_SST => {
                let string = record.u32(6).and_then(|index| globals.strings.get(index as usize));
                sheets.push(row, column, string.map_or("", String::as_str))?;
            }
            record::LABEL | record::RSTRING => sheets.push(row, column, &globals.string(record.from(6)))?,
            record::NUMBER => {
                let value = record.f64(6).map(|value| globals.shown(value, style));
                sheets.push(row, column, &value.unwrap_or_default())?;
            }
            record::RK => {
                let value = record.u32(6).map(|value| globals.shown(compressed(value), style));
                sheets.push(row, column, &value.unwrap_or_default())?;
            }
            record::MUL_RK => {
                // The last two bytes hold the last column.
                let cells = record.data.get(4..record.data.len().saturating_sub(2)).unwrap_or_default();
                for (i, cell) in cells.chunks_exact(6).enumerate() {
                    let cell = Record { kind: record.kind, data: cell };
                    let value = cell.u32(2).map(|value| globals.shown(compressed(value), cell.u16(0)));
                    sheets.push(row, column + i as u32, &value.unwrap_or_default())?;
                }
            }
            record::FORMULA => match record.data.get(6..14) {
                Some(&[0, .., 0xFF, 0xFF]) => awaiting = place,
                Some(&[1, _, value, .., 0xFF, 0xFF]) => sheets.push(row, column, truth(value))?,
                Some(&[_, .., 0xFF, 0xFF]) | None => {}
                Some(_) => {
                    let value = record.f64(6).map(|value| globals.shown(value, style));
                    sheets.push(row, column, &value.unwrap_or_default())?;
                }
            },
            record::STRING => {
                if let Some((row, column)) = awaiting.take() {
                    sheets.push(row, column, &globals.string(record.data))?;
                }
            }
            record::BOOL_ERR => {
                if let Some([value, 0]) = record.data.get(6..8) {
                    sheets.push(row, column, truth(*value))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn truth(value: u8) -> &'static str {
    if value == 0 { "FALSE" } else { "TRUE" }
}

/// A number in four bytes, [MS-XLS] 2.5.217.
fn compressed(number: u32) -> f64 {
    let value = if number & 2 == 0 {
        f64::from_bits(u64::from(number & !3) << 32)
    } else {
        f64::from(number.cast_signed() >> 2)
    };
    let value = if number & 1 == 0 { value } else { value / 100.0 };
    // A division may leave a trace in the last digit.
    plain(value).parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use std::io::Cursor;

    use cfb::CompoundFile;

    use super::*;
    use crate::ingest::table::{Table, xlsx};

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes(), &(data.len() as u16).to_le_bytes(), data].concat()
    }

    fn cell(row: u16, column: u16, style: u16, value: &[u8]) -> Vec<u8> {
        [&row.to_le_bytes(), &column.to_le_bytes(), &style.to_le_bytes(), value].concat()
    }

    /// A workbook of one sheet.
    fn workbook(globals: &[Vec<u8>], cells: &[Vec<u8>]) -> Vec<u8> {
        let bof = record(record::BOF, &[0, 6, 5, 0]);
        let end = record(record::EOF, &[]);
        let globals = globals.concat();
        let name = [1, 1, 0x68, 0x88];
        let start = (bof.len() + globals.len() + 4 + 6 + name.len() + end.len()) as u32;
        let sheet = record(record::BOUND_SHEET, &[&start.to_le_bytes()[..], &[0, 0], &name].concat());
        let stream = [bof.clone(), globals, sheet, end.clone(), bof, cells.concat(), end].concat();
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).expect("in memory");
        file.create_stream("Workbook").expect("in memory").write_all(&stream).expect("in memory");
        file.into_inner().into_inner()
    }

    #[test]
    fn cells_of_every_kind() {
        // The second string runs on in the next record, in one byte a character.
        let strings =
            [&[2, 0, 0, 0, 2, 0, 0, 0][..], &[2, 0, 1, 0x07, 0x63, 0x07, 0x68], &[4, 0, 1, 0x70, 0x65]].concat();
        let globals = [
            record(record::FORMAT, &[&[164, 0, 4, 0, 0][..], b"0.0%"].concat()),
            record(record::XF, &[0, 0, 0, 0]),
            record(record::XF, &[0, 0, 164, 0]),
            record(record::SST, &strings),
            record(record::CONTINUE, &[0, b'a', b'b', b'c']),
        ];
        let rk = |value: u32, style: u8| [&[style, 0][..], &value.to_le_bytes()].concat();
        let cells = [
            record(record::LABEL_SST, &cell(0, 0, 0, &[0; 4])),
            record(record::LABEL_SST, &cell(0, 9, 0, &[1, 0, 0, 0])),
            record(record::NUMBER, &cell(1, 0, 1, &0.053f64.to_le_bytes())),
            record(
                record::MUL_RK,
                &[&[1, 0, 1, 0][..], &rk(2025 << 2 | 2, 0), &rk(1234 << 2 | 3, 0), &[2, 0]].concat(),
            ),
            record(record::FORMULA, &cell(65_535, 0, 0, &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF])),
            record(record::STRING, &[1, 0, 1, 0x8C, 0x54]),
            record(record::BOOL_ERR, &cell(65_535, 255, 0, &[1, 0])),
        ];
        let Ok(Table::Rows(extracted)) = xlsx(&workbook(&globals, &cells), 1 << 20) else { panic!("rows") };
        assert_eq!(extracted.text, "指标\t\t\t数abc\n5.3%\t2025\t12.34\n和\t\t\t\tTRUE");
    }

    #[test]
    fn damage_and_locks_are_told() {
        let locked = workbook(&[record(record::FILE_PASS, &[0; 6])], &[]);
        assert_eq!(xlsx(&locked, 1 << 20).expect_err("locked"), "文件已加密");
        assert!(
            xlsx(&workbook(&[record(record::SST, &[0; 11])], &[record(record::LABEL_SST, &[0; 5])]), 1 << 20).is_err()
        );
    }
}
