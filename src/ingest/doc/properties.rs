//! Title and date of a file from its summary information ([MS-OLEPS] PropertySetStream).

use encoding_rs::{Encoding, GBK, UTF_8, WINDOWS_1252};

use crate::ingest::le::{slice_within, u16_at, u32_at, u64_at};

/// [MS-OLEPS] CODEPAGE_PROPERTY_IDENTIFIER.
const CODE_PAGE: u32 = 1;
/// [MS-OLEPS] PIDSI_TITLE.
const TITLE: u32 = 2;
/// [MS-OLEPS] PIDSI_CREATE_DTM.
const CREATED: u32 = 12;
/// Most bytes of a title.
const MAX_TITLE: usize = 1024;
/// Most properties that are looked at.
const MAX_PROPERTIES: usize = 256;

/// Title and date, as `2025-01-18`.
pub(super) fn read(stream: &[u8]) -> (Option<String>, Option<String>) {
    let Some(set) = u32_at(stream, 0x2C).and_then(|at| stream.get(at as usize..)) else { return (None, None) };
    (title(set), property(set, CREATED, 0x40).and_then(|value| date(u64_at(value, 0)?)))
}

/// The value of a property of a type.
fn property(set: &[u8], identifier: u32, kind: u16) -> Option<&[u8]> {
    let count = (u32_at(set, 4)? as usize).min(MAX_PROPERTIES);
    let entry = (0..count).map(|number| 8 + number * 8).find(|&at| u32_at(set, at) == Some(identifier))?;
    let value = set.get(u32_at(set, entry + 4)? as usize..)?;
    (u16_at(value, 0)? == kind).then(|| value.get(4..)).flatten()
}

fn title(set: &[u8]) -> Option<String> {
    let code_page = property(set, CODE_PAGE, 0x02).and_then(|value| u16_at(value, 0));
    let value = property(set, TITLE, 0x1E)?;
    let bytes = slice_within(value, 4, (u32_at(value, 0)? as usize).min(MAX_TITLE));
    let title = if code_page == Some(1200) {
        let units: Vec<u16> =
            bytes.chunks_exact(2).filter_map(|unit| u16_at(unit, 0)).take_while(|&u| u != 0).collect();
        String::from_utf16_lossy(&units)
    } else {
        let bytes = bytes.split(|&byte| byte == 0).next()?;
        encoding(code_page).decode_without_bom_handling(bytes).0.into_owned()
    };
    Some(title.trim().to_owned()).filter(|title| !title.is_empty() && !title.contains(char::REPLACEMENT_CHARACTER))
}

fn encoding(code_page: Option<u16>) -> &'static Encoding {
    match code_page {
        Some(936 | 54936) | None => GBK,
        Some(950) => encoding_rs::BIG5,
        Some(932) => encoding_rs::SHIFT_JIS,
        Some(949) => encoding_rs::EUC_KR,
        Some(65001) => UTF_8,
        _ => WINDOWS_1252,
    }
}

/// The date of a `FILETIME`, in 100 ns since 1601, if it is one that a file can have.
fn date(time: u64) -> Option<String> {
    /// Days from 0000-03-01 to 1601-01-01.
    const EPOCH: u64 = 584_694;
    let days = time / 10_000_000 / 86_400 + EPOCH;
    // Years that begin in March have their leap day at the end.
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + u64::from(month <= 2);
    (1980..2100).contains(&year).then(|| format!("{year}-{month:02}-{day:02}"))
}
