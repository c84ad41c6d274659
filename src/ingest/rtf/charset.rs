//! Character sets of RTF runs: which encoding the bytes of a run are in.
//!
//! Fonts name their set; a font of the "ANSI" set is also used, by programs other than Word, for bytes in the code page of
//! the file, or in GBK without saying so. Only there the bytes themselves decide.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, WINDOWS_1252};

/// How the bytes of a run are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Charset {
    /// Western, or the file's own code page.
    #[default]
    Ansi,
    /// Pictures in place of characters.
    Symbol,
    /// A certain encoding.
    Named(&'static Encoding),
}

impl Charset {
    /// The set that `\fcharset` names (RTF 1.9.1, "Font Table").
    pub(super) fn of_font(number: i32) -> Self {
        match number {
            2 => Self::Symbol,
            128 => Self::Named(SHIFT_JIS),
            129 | 130 => Self::Named(EUC_KR),
            134 => Self::Named(GB18030),
            136 => Self::Named(BIG5),
            161 => Self::Named(encoding_rs::WINDOWS_1253),
            162 => Self::Named(encoding_rs::WINDOWS_1254),
            163 => Self::Named(encoding_rs::WINDOWS_1258),
            177 => Self::Named(encoding_rs::WINDOWS_1255),
            178 => Self::Named(encoding_rs::WINDOWS_1256),
            186 => Self::Named(encoding_rs::WINDOWS_1257),
            204 => Self::Named(encoding_rs::WINDOWS_1251),
            222 => Self::Named(encoding_rs::WINDOWS_874),
            238 => Self::Named(encoding_rs::WINDOWS_1250),
            _ => Self::Ansi,
        }
    }

    /// Whether it is an East Asian encoding.
    pub(super) fn is_wide(self) -> bool {
        matches!(self, Self::Named(encoding) if [GB18030, BIG5, SHIFT_JIS, EUC_KR].contains(&encoding))
    }

    /// The text of a run's bytes in a file of this code page.
    pub(super) fn decode(self, bytes: &[u8], code_page: Option<&'static Encoding>) -> String {
        let encoding = match (self, code_page) {
            (Self::Named(encoding), _) => encoding,
            // Letters and high bytes of symbol fonts are bullets, check marks and the like.
            (Self::Symbol, _) => {
                let is_text = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphabetic();
                return bytes.iter().copied().filter(is_text).map(char::from).collect();
            }
            (Self::Ansi, None) => return ansi(bytes, GB18030),
            (Self::Ansi, Some(encoding)) if encoding == WINDOWS_1252 => return ansi(bytes, GB18030),
            (Self::Ansi, Some(encoding)) if encoding == GB18030 || encoding == BIG5 => return ansi(bytes, encoding),
            (Self::Ansi, Some(encoding)) => encoding,
        };
        encoding.decode_without_bom_handling(bytes).0.into_owned()
    }
}

/// The encoding of a code page (`\ansicpg`, `\cpg`).
pub(super) fn code_page(number: i32) -> Option<&'static Encoding> {
    match number {
        936 | 10008 | 20936 | 51936 | 54936 => Some(GB18030),
        950 | 10002 => Some(BIG5),
        932 | 10001 => Some(SHIFT_JIS),
        949 | 10003 => Some(EUC_KR),
        65001 => Some(UTF_8),
        874 | 1250..=1258 => Encoding::for_label(format!("windows-{number}").as_bytes()),
        _ => None,
    }
}

/// Bytes in a font of the ANSI set: pairs that make a customary character are Chinese, single ones Western, such as
/// quotation marks and dots.
fn ansi(bytes: &[u8], chinese: &'static Encoding) -> String {
    let mut text = String::new();
    let mut rest = bytes;
    while let Some((&lead, follower)) = rest.split_first() {
        let is_trail = |trail: &u8| *trail >= 0xA1 || chinese == BIG5 && (0x40..0x7F).contains(trail);
        let is_pair = lead >= 0xA1 && follower.first().is_some_and(is_trail);
        let pair = rest.split_at_checked(2).filter(|_| is_pair).and_then(|(pair, rest)| {
            let character = chinese.decode_without_bom_handling_and_without_replacement(pair)?;
            Some((character, rest))
        });
        if let Some((character, after)) = pair {
            text.push_str(&character);
            rest = after;
        } else {
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(&[lead]).0);
            rest = follower;
        }
    }
    text
}
