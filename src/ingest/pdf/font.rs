//! Fonts: from the bytes of a shown string to characters and widths.
//!
//! Invariant: every code gives a character, U+FFFD if it cannot be mapped. The order of trust is the font's
//! own `ToUnicode` map, then its encoding, then its character collection (Adobe-GB1 and the like).

use std::collections::HashMap;
use std::rc::Rc;

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};
use hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode, load_embedded};
use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream, String as PdfString};

use super::names;
use super::stream::{Budget, decode};

/// Most fonts that are kept; files with more read some of them again.
const MAX_FONTS: usize = 64;

/// Fonts and predefined maps that were read before.
#[derive(Default)]
pub struct Fonts {
    fonts: HashMap<ObjectIdentifier, Rc<Font>>,
    predefined: HashMap<Vec<u8>, Option<Rc<CMap>>>,
}

impl Fonts {
    /// The font that a dictionary describes.
    ///
    /// # Errors
    /// A reason for a person, if its maps are too large.
    pub fn get(&mut self, dict: &Dict, budget: &mut Budget) -> Result<Rc<Font>, String> {
        let id = dict.obj_id();
        if let Some(font) = id.and_then(|id| self.fonts.get(&id)) {
            return Ok(font.clone());
        }
        let font = Rc::new(Font::new(dict, self, budget)?);
        if let Some(id) = id {
            if self.fonts.len() >= MAX_FONTS {
                self.fonts.clear();
            }
            self.fonts.insert(id, font.clone());
        }
        Ok(font)
    }

    /// A map that PDF readers are expected to know (ISO 32000-1, 9.7.5.2).
    fn predefined(&mut self, name: &[u8]) -> Option<Rc<CMap>> {
        if let Some(map) = self.predefined.get(name) {
            return map.clone();
        }
        let map = match CMapName::from_bytes(name) {
            CMapName::IdentityH => Some(CMap::identity_h()),
            CMapName::IdentityV => Some(CMap::identity_v()),
            CMapName::Custom(_) => return None,
            known => load_embedded(known).and_then(|data| CMap::parse(data, load_embedded)),
        };
        let map = map.map(Rc::new);
        self.predefined.insert(name.to_vec(), map.clone());
        map
    }
}

/// A font, as far as reading needs it.
pub struct Font {
    to_unicode: Option<CMap>,
    encoding: FontEncoding,
    widths: Widths,
    /// Its name says that it is bold, or a sans serif type that Chinese documents use as such.
    pub bold: bool,
}

/// How codes become characters.
enum FontEncoding {
    /// One byte a character.
    Simple(Box<[char; 256]>),
    /// One to four bytes a character identifier (CID).
    Composite {
        codes: Rc<CMap>,
        /// The codes are UTF-16, or at least two bytes long.
        wide: bool,
        utf16: bool,
        /// From character identifiers to characters.
        collection: Option<Rc<CMap>>,
    },
}

/// A shown code.
pub struct Shown {
    /// Its characters.
    pub text: BfString,
    /// Its width, for a font size of 1.
    pub width: f64,
    /// It is the one-byte code 32, which word spacing widens.
    pub is_space: bool,
}

impl Font {
    fn new(dict: &Dict, fonts: &mut Fonts, budget: &mut Budget) -> Result<Self, String> {
        let bold = dict.get::<Name>("BaseFont").is_some_and(|name| is_bold(name.as_ref()));
        let to_unicode = match dict.get::<Stream>("ToUnicode") {
            Some(stream) => {
                let data = decode(&stream, budget)?;
                CMap::parse(&data, load_embedded)
            }
            None => None,
        };
        let descendant = dict.get::<Array>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict>().next());
        let (encoding, widths) = match descendant {
            Some(descendant) => (composite(dict, &descendant, fonts, budget)?, Widths::composite(&descendant)),
            None => (FontEncoding::Simple(simple(dict)), Widths::simple(dict)),
        };
        Ok(Self { to_unicode, encoding, widths, bold })
    }

    /// Whether lines run from top to bottom.
    pub fn is_vertical(&self) -> bool {
        match &self.encoding {
            FontEncoding::Simple(_) => false,
            FontEncoding::Composite { codes, .. } => codes.metadata().writing_mode == Some(WritingMode::Vertical),
        }
    }

    /// Takes the next code from a string.
    pub fn next(&self, bytes: &mut &[u8]) -> Option<Shown> {
        let first = *bytes.first()?;
        let (code, length, cid) = match &self.encoding {
            FontEncoding::Simple(_) => (u32::from(first), 1, u32::from(first)),
            FontEncoding::Composite { codes, wide, .. } => split(codes, *wide, bytes),
        };
        *bytes = bytes.get(length..).unwrap_or_default();
        let text = self.text(code, cid);
        Some(Shown { text, width: self.widths.get(cid), is_space: length == 1 && first == b' ' })
    }

    fn text(&self, code: u32, cid: u32) -> BfString {
        let mapped = self.to_unicode.as_ref().and_then(|map| map.lookup_bf_string(code));
        if let Some(text) = mapped.filter(|text| !matches!(text, BfString::Char('\0' | '\u{FFFD}'))) {
            return text;
        }
        let c = match &self.encoding {
            FontEncoding::Simple(table) => table.get(code as usize).copied(),
            FontEncoding::Composite { utf16: true, .. } => from_utf16(code),
            FontEncoding::Composite { collection, .. } => {
                return collection
                    .as_ref()
                    .and_then(|map| map.lookup_bf_string(cid))
                    .unwrap_or(BfString::Char('\u{FFFD}'));
            }
        };
        BfString::Char(c.unwrap_or('\u{FFFD}'))
    }
}

/// Whether a font's name says that it is bold: in so many words or as 黑体, which may be written in GBK.
fn is_bold(name: &[u8]) -> bool {
    let has = |part: &str| name.windows(part.len()).any(|at| at == part.as_bytes());
    let is_black = ["Hei", "hei", "黑"].iter().any(|part| has(part)) || name.windows(2).any(|at| at == b"\xBA\xDA");
    ["Bold", "bold", "Black", "Heavy"].iter().any(|part| has(part)) || is_black && !has("YaHei")
}

fn from_utf16(code: u32) -> Option<char> {
    let units = [(code >> 16) as u16, code as u16];
    let units = if code > 0xFFFF { &units[..] } else { units.get(1..).unwrap_or_default() };
    char::decode_utf16(units.iter().copied()).next()?.ok()
}

/// The code at the start of some bytes, its length and its character identifier.
fn split(codes: &CMap, wide: bool, bytes: &[u8]) -> (u32, usize, u32) {
    let shortest = if wide { 2 } else { 1 };
    for length in shortest..=4.min(bytes.len()) {
        let code = big_endian(bytes, length);
        if let Some(cid) = codes.lookup_cid_code(code, length as u8) {
            return (code, length, cid);
        }
    }
    // All multi-byte encodings that are not wide mark the first byte by its high bit.
    let length = if wide || bytes.first().is_some_and(|first| *first > 0x80) { 2.min(bytes.len()) } else { 1 };
    (big_endian(bytes, length), length, 0)
}

fn big_endian(bytes: &[u8], length: usize) -> u32 {
    bytes.iter().take(length).fold(0, |code, byte| code << 8 | u32::from(*byte))
}

fn composite(dict: &Dict, descendant: &Dict, fonts: &mut Fonts, budget: &mut Budget) -> Result<FontEncoding, String> {
    let name = dict.get::<Name>("Encoding");
    let name = name.as_ref().map_or(&b"Identity-H"[..], |name| name.as_ref());
    let codes = match dict.get::<Stream>("Encoding") {
        Some(stream) => {
            let data = decode(&stream, budget)?;
            CMap::parse(&data, load_embedded).map(Rc::new)
        }
        None => fonts.predefined(name),
    };
    let ends = |part: &[u8]| name.windows(part.len()).any(|at| at == part);
    let to_unicode = dict.get::<Name>("ToUnicode").is_some();
    let utf16 = codes.is_some() && (ends(b"UCS2") || ends(b"UTF16")) || to_unicode;
    let identity = dict.get::<Stream>("Encoding").is_none() && name.starts_with(b"Identity");
    let own = codes.as_ref().filter(|_| !identity).and_then(|map| map.metadata().character_collection.clone());
    let family = own.map(|own| own.family).filter(|family| family.ucs2_cmap().is_some());
    let family = family.or_else(|| {
        let info = descendant.get::<Dict>("CIDSystemInfo")?;
        let (registry, ordering) = (info.get::<PdfString>("Registry")?, info.get::<PdfString>("Ordering")?);
        Some(CidFamily::from_registry_ordering(&registry, &ordering))
    });
    let collection = family.and_then(|family| family.ucs2_cmap()).and_then(|name| fonts.predefined(name.to_bytes()));
    let wide = utf16 || identity || codes.is_none();
    let codes = codes.or_else(|| fonts.predefined(b"Identity-H")).ok_or("PDF 的字体编码无法读取")?;
    Ok(FontEncoding::Composite { codes, wide, utf16, collection })
}

/// The characters of a font with one-byte codes (ISO 32000-1, 9.6.6).
fn simple(dict: &Dict) -> Box<[char; 256]> {
    let encoding = dict.get::<Object>("Encoding");
    let (base, differences) = match encoding {
        Some(Object::Name(name)) => (Some(name), None),
        Some(Object::Dict(dict)) => (dict.get::<Name>("BaseEncoding"), dict.get::<Array>("Differences")),
        _ => (None, None),
    };
    let base = base.as_ref().map(|name| name.as_str().to_owned());
    let mut table = Box::new(['\u{FFFD}'; 256]);
    if base.is_some() || differences.is_some() || !is_symbolic(dict) {
        let encoding = if base.as_deref() == Some("MacRomanEncoding") { MACINTOSH } else { WINDOWS_1252 };
        for (code, c) in (0..=u8::MAX).zip(table.iter_mut()) {
            *c = decode_byte(encoding, code);
        }
    }
    let mut code = 0;
    for item in differences.iter().flat_map(|items| items.iter::<Object>()) {
        match item {
            Object::Number(number) => code = usize::try_from(number.as_i64()).unwrap_or(usize::MAX),
            Object::Name(name) => {
                if let Some(c) = table.get_mut(code) {
                    *c = names::character(name.as_str()).unwrap_or('\u{FFFD}');
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    table
}

fn decode_byte(encoding: &'static Encoding, byte: u8) -> char {
    encoding.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or('\u{FFFD}')
}

/// An embedded TrueType font whose codes have a meaning of their own.
fn is_symbolic(dict: &Dict) -> bool {
    const SYMBOLIC: i32 = 4;
    let Some(descriptor) = dict.get::<Dict>("FontDescriptor") else { return false };
    descriptor.get::<i32>("Flags").unwrap_or(0) & SYMBOLIC != 0 && descriptor.contains_key("FontFile2")
}

/// Widths by character identifier or code, for a font size of 1.
struct Widths {
    /// First, last, width; ascending.
    ranges: Vec<(u32, u32, f32)>,
    default: f32,
}

impl Widths {
    fn get(&self, cid: u32) -> f64 {
        let after = self.ranges.partition_point(|(first, ..)| *first <= cid);
        let found = after.checked_sub(1).and_then(|at| self.ranges.get(at)).filter(|(_, last, _)| cid <= *last);
        f64::from(found.map_or(self.default, |(.., width)| *width))
    }

    /// Of a font with one-byte codes.
    fn simple(dict: &Dict) -> Self {
        let scale = match dict.get::<Array>("FontMatrix").and_then(|matrix| matrix.iter::<f32>().next()) {
            Some(scale) if dict.get::<Name>("Subtype").is_some_and(|name| name.as_str() == "Type3") => scale,
            _ => 0.001,
        };
        let first = dict.get::<u32>("FirstChar").unwrap_or(0);
        let widths = dict.get::<Array>("Widths");
        let widths = widths.iter().flat_map(|widths| widths.iter::<f32>()).take(256);
        let ranges: Vec<_> = widths
            .zip(0..)
            .map(|(width, i)| (first.saturating_add(i), first.saturating_add(i), width * scale))
            .collect();
        let missing = dict.get::<Dict>("FontDescriptor").and_then(|descriptor| descriptor.get::<f32>("MissingWidth"));
        // The standard fonts may do without widths; this is about their average.
        let default = if ranges.is_empty() { 0.55 } else { missing.unwrap_or(0.0) * 0.001 };
        Self { ranges, default }
    }

    /// Of a font with character identifiers: `first [w w …]` or `first last w` (ISO 32000-1, 9.7.4.3).
    fn composite(descendant: &Dict) -> Self {
        let default = descendant.get::<f32>("DW").unwrap_or(1000.0) * 0.001;
        let mut ranges = Vec::new();
        let mut numbers: Vec<f32> = Vec::new();
        let items = descendant.get::<Array>("W");
        for item in items.iter().flat_map(|items| items.iter::<Object>()) {
            match (item, numbers.as_slice()) {
                (Object::Array(widths), [first]) => {
                    let first = *first as u32;
                    let widths = widths.iter::<f32>().zip(0..);
                    ranges.extend(
                        widths.map(|(width, i)| (first.saturating_add(i), first.saturating_add(i), width * 0.001)),
                    );
                    numbers.clear();
                }
                (Object::Number(width), [first, last]) => {
                    ranges.push((*first as u32, *last as u32, width.as_f32() * 0.001));
                    numbers.clear();
                }
                (Object::Number(number), _) => numbers.push(number.as_f32()),
                _ => numbers.clear(),
            }
        }
        ranges.sort_by_key(|(first, ..)| *first);
        Self { ranges, default }
    }
}
