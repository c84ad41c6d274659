//! Bytes to text: the encoding of a Chinese text file, and the way back from text to bytes.
//!
//! Declared charsets lie, so the content decides: byte order mark, strict UTF-8, UTF-16 by the look of
//! its characters, then `chardetng` without a hint (a `cn` hint would turn all Big5 into GBK).

use std::cell::Cell;
use std::ops::Range;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// A decoded file with the way back to its bytes.
#[derive(Debug)]
pub struct Decoded {
    /// The text, with the file's own line breaks.
    pub text: String,
    encoding: &'static Encoding,
    /// Start of each line: byte offset in `text` and in the file.
    lines: Vec<(usize, usize)>,
    /// The offsets translated last. The next ones mostly stand a little further on in the same line, which
    /// need not be measured from its beginning again.
    last: Cell<Option<(usize, usize)>>,
}

/// Decodes a text file.
pub fn decode(bytes: &[u8]) -> Decoded {
    decode_part(bytes, 0)
}

/// Decodes whole lines of a text file that stand at byte `start` of it.
pub fn decode_part(bytes: &[u8], start: usize) -> Decoded {
    let (encoding, bom) = Encoding::for_bom(bytes).unwrap_or_else(|| (guess(bytes), 0));
    let body = &bytes[bom..];
    let mut decoded =
        Decoded { text: String::with_capacity(body.len() * 3 / 2), encoding, lines: Vec::new(), last: Cell::default() };
    let mut at = start + bom;
    // Decoded line by line, so that a damaged character shifts nothing beyond its line.
    for line in split_lines(body, encoding) {
        decoded.lines.push((decoded.text.len(), at));
        let (text, _) = encoding.decode_without_bom_handling(line);
        decoded.text.push_str(&text);
        at += line.len();
    }
    decoded.lines.push((decoded.text.len(), at));
    decoded
}

impl Decoded {
    /// The bytes of the file that a range of the text (in bytes) was decoded from.
    pub fn source_range(&self, range: Range<usize>) -> Range<u64> {
        if range.is_empty() {
            let at = self.source_offset(range.start);
            return at..at;
        }
        self.source_offset(range.start)..self.source_offset(range.end)
    }

    fn source_offset(&self, offset: usize) -> u64 {
        let line = self.lines.partition_point(|&(text, _)| text <= offset).saturating_sub(1);
        let Some(&(line_text, line_source)) = self.lines.get(line) else { return offset as u64 };
        let end = self.lines.get(line + 1).map_or(line_source, |&(_, source)| source);
        let in_line = |last: &(usize, usize)| (line_text..=offset).contains(&last.0);
        let known = self.last.get().filter(in_line).unwrap_or((line_text, line_source));
        let before = self.text.get(known.0..offset).unwrap_or_default();
        let length = if self.encoding == UTF_8 {
            before.len()
        } else if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            before.encode_utf16().count() * 2
        } else {
            self.encoding.encode(before).0.len()
        };
        // Characters that do not encode back (damaged bytes) may overshoot; the line's end is the limit.
        let source = (known.1 + length).min(end);
        self.last.set(Some((offset, source)));
        source as u64
    }
}

fn split_lines<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Vec<&'a [u8]> {
    // In UTF-8, GB18030 and Big5 the byte 0x0A is always a line feed.
    let wide: Option<[u8; 2]> = match encoding {
        e if e == UTF_16LE => Some([0x0A, 0]),
        e if e == UTF_16BE => Some([0, 0x0A]),
        _ => None,
    };
    match wide {
        None => bytes.split_inclusive(|&b| b == b'\n').collect(),
        Some(feed) => {
            let mut lines = Vec::new();
            let mut start = 0;
            for (i, unit) in bytes.chunks(2).enumerate() {
                if unit == feed {
                    lines.push(&bytes[start..i * 2 + 2]);
                    start = i * 2 + 2;
                }
            }
            lines.push(&bytes[start..]);
            lines
        }
    }
}

/// Bytes that tell an encoding.
const SAMPLE: usize = 65_536;

fn guess(bytes: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0')) {
        return UTF_8;
    }
    if let Some(encoding) = wide_encoding(bytes) {
        return encoding;
    }
    if is_nearly(UTF_8, bytes) {
        return UTF_8;
    }
    // Reading more of a long file would take longer than all the rest of indexing it.
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let (sample, rest) = bytes[first..].split_at(SAMPLE.min(bytes.len() - first));
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, rest.is_empty());
    let encoding = detector.guess(None, Utf8Detection::Allow);
    // The detector gives an encoding up at the first damaged character.
    let chinese = encoding == GBK || encoding == BIG5;
    if encoding == GBK || !chinese && is_nearly(GB18030, bytes) { GB18030 } else { encoding }
}

/// Whether a text is in this encoding with a few damaged characters: of those beyond ASCII most are customary in
/// Chinese text, and at most one in twenty is damaged.
fn is_nearly(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    let sample = bytes.get(..bytes.len().min(SAMPLE)).unwrap_or(bytes);
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let count = |test: fn(char) -> bool| text.chars().filter(|c| !c.is_ascii()).filter(|&c| test(c)).count();
    let damaged = count(|c| c == char::REPLACEMENT_CHARACTER);
    let customary = count(|c| u16::try_from(c as u32).is_ok_and(is_customary));
    let length = count(|_| true);
    damaged * 20 <= length && customary * 10 >= length * 9
}

/// UTF-16 without a mark: whichever byte order gives almost only characters of Chinese text.
fn wide_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.len() < 2 || bytes.len() % 2 == 1 {
        return None;
    }
    let sample = &bytes[..bytes.len().min(4_096)];
    let share = |order: fn([u8; 2]) -> u16| {
        let units = sample.chunks_exact(2).map(|pair| order([pair[0], pair[1]]));
        units.filter(|&unit| is_customary(unit)).count() as f64 / (sample.len() / 2) as f64
    };
    let (little, big) = (share(u16::from_le_bytes), share(u16::from_be_bytes));
    if little.max(big) < 0.9 {
        None
    } else if little >= big {
        Some(UTF_16LE)
    } else {
        Some(UTF_16BE)
    }
}

fn is_customary(unit: u16) -> bool {
    matches!(unit, 0x09 | 0x0A | 0x0D | 0x20..=0x7E | 0x2010..=0x203B | 0x3000..=0x3020 | 0x4E00..=0x9FFF | 0xFF01..=0xFF5E)
}

/// Decodes a name (of a zip member) that declares no encoding.
pub fn decode_name(bytes: &[u8]) -> String {
    guess(bytes).decode_without_bom_handling(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn encodings_are_told_and_offsets_lead_back() {
        let text = "政府工作报告\r\n\r\n　　发展是第一要务，2026年要有新作为。\n完";
        let traditional = "政府工作報告\n\n發展是第一要務，要有新作為，推動經濟社會持續健康發展。\n完";
        let cases: Vec<(&str, Vec<u8>)> = vec![
            (text, text.as_bytes().to_vec()),
            (text, [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat()),
            (text, GB18030.encode(text).0.into_owned()),
            (text, utf16(text, u16::to_le_bytes)),
            (text, utf16(text, u16::to_be_bytes)),
            (text, [b"\xFF\xFE".as_slice(), &utf16(text, u16::to_le_bytes)].concat()),
            (traditional, encoding_rs::BIG5.encode(traditional).0.into_owned()),
        ];
        for (text, bytes) in cases {
            let decoded = decode(&bytes);
            assert_eq!(decoded.text, text);
            for needle in ["工作", "展是第", "完"] {
                let start = text.find(needle).expect("there");
                let range = decoded.source_range(start..start + needle.len());
                let slice = &bytes[range.start as usize..range.end as usize];
                let back = decoded.encoding.decode_without_bom_handling(slice).0;
                assert_eq!(back, needle, "{}", decoded.encoding.name());
            }
        }
    }

    #[test]
    fn damaged_bytes_do_not_shift_later_lines() {
        let mut bytes = GB18030.encode(&"全面深化改革开放，推动经济社会发展。".repeat(3)).0.into_owned();
        bytes.extend(b"\xFF\xFF\n");
        bytes.extend(GB18030.encode("第二行好，发展改革").0.iter());
        let decoded = decode(&bytes);
        let start = decoded.text.find("第二行").expect("there");
        let range = decoded.source_range(start..start + 9);
        assert_eq!(GB18030.decode(&bytes[range.start as usize..range.end as usize]).0, "第二行");
    }
}
