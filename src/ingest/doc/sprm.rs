//! Property modifiers ([MS-DOC] "Single Property Modifiers"): what a `grpprl` changes of characters and paragraphs, as far as text needs it.
//!
//! Reads any bytes: a modifier that is cut off ends the sequence, unknown ones are stepped over by their size.

use crate::ingest::le::{slice_at, u8_at, u16_at, u32_at};

/// `sprmTDefTable`, whose length has two bytes ([MS-DOC] Sprm).
const T_DEF_TABLE: u16 = 0xD608;
/// `sprmPChgTabs`, which may be longer than its length can say ([MS-DOC] Sprm).
const P_CHG_TABS: u16 = 0xC615;
/// `sprmPHugePapx`: the modifiers lie in the data stream ([MS-DOC] PrcData).
const P_HUGE_PAPX: u16 = 0x6646;

/// A character property that may follow or oppose its style ([MS-DOC] ToggleOperand).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Toggle {
    /// As the style says.
    #[default]
    Style,
    /// The opposite of what the style says.
    NotStyle,
    Off,
    On,
}

impl Toggle {
    fn of(operand: u8) -> Self {
        match operand {
            0x00 => Self::Off,
            0x80 => Self::Style,
            0x81 => Self::NotStyle,
            _ => Self::On,
        }
    }

    /// The property's value where the style has `style`.
    pub(super) fn resolve(self, style: bool) -> bool {
        match self {
            Self::Style => style,
            Self::NotStyle => !style,
            Self::Off => false,
            Self::On => true,
        }
    }
}

/// What is said of characters.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CharacterProperties {
    pub(super) bold: Toggle,
    pub(super) hidden: Toggle,
    /// Deleted under tracked changes.
    pub(super) deleted: bool,
    /// Control characters stand for pictures, references and the like.
    pub(super) special: bool,
    /// Character style.
    pub(super) style: u16,
    /// The character that a symbol stands for.
    pub(super) symbol: Option<u16>,
}

impl CharacterProperties {
    /// Applies a sequence of modifiers.
    pub(super) fn apply(&mut self, grpprl: &[u8]) {
        for (code, operand) in modifiers(grpprl) {
            let first = u8_at(operand, 0).unwrap_or_default();
            match code {
                0x0800 => self.deleted = first != 0,                           // sprmCFRMarkDel
                0x0855 => self.special = first != 0,                           // sprmCFSpec
                0x0835 => self.bold = Toggle::of(first),                       // sprmCFBold
                0x083C => self.hidden = Toggle::of(first),                     // sprmCFVanish
                0x4A30 => self.style = u16_at(operand, 0).unwrap_or_default(), // sprmCIstd
                0x2A33 => (self.bold, self.hidden) = Default::default(),       // sprmCPlain
                0x6A09 => self.symbol = u16_at(operand, 2),                    // sprmCSymbol
                _ => {}
            }
        }
    }
}

/// What is said of a paragraph.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ParagraphProperties {
    pub(super) style: u16,
    /// Outline level from 0; 9 is body text.
    pub(super) outline: Option<u8>,
    pub(super) in_table: bool,
    /// Ends a table row.
    pub(super) ends_row: bool,
    /// Number, from 1, of the list override that it is in; 0 is none.
    pub(super) list: Option<u16>,
    pub(super) list_level: Option<u8>,
}

impl ParagraphProperties {
    /// Applies a sequence of modifiers; `data` is the data stream, of which no more than `budget` bytes are read.
    pub(super) fn apply(&mut self, grpprl: &[u8], data: &[u8], budget: &mut usize) {
        for (code, operand) in modifiers(grpprl) {
            if code == P_HUGE_PAPX {
                let huge = u32_at(operand, 0).and_then(|at| {
                    let length = u16_at(data, at as usize)?;
                    slice_at(data, (at as usize).checked_add(2)?, usize::from(length))
                });
                if let Some(huge) = huge.filter(|huge| huge.len() <= *budget) {
                    *budget -= huge.len();
                    modifiers(huge).for_each(|(code, operand)| self.apply_one(code, operand));
                }
            } else {
                self.apply_one(code, operand);
            }
        }
    }

    fn apply_one(&mut self, code: u16, operand: &[u8]) {
        let first = u8_at(operand, 0).unwrap_or_default();
        match code {
            0x4600 => self.style = u16_at(operand, 0).unwrap_or_default(), // sprmPIstd
            0x2416 => self.in_table = first != 0,                          // sprmPFInTable
            0x6649 => self.in_table = u32_at(operand, 0) != Some(0),       // sprmPItap
            0x2417 => self.ends_row = first != 0,                          // sprmPFTtp
            0x2640 => self.outline = Some(first),                          // sprmPOutLvl
            0x460B => self.list = u16_at(operand, 0),                      // sprmPIlfo
            0x260A => self.list_level = Some(first),                       // sprmPIlvl
            _ => {}
        }
    }
}

/// The modifiers of a sequence: code and operand.
fn modifiers(mut grpprl: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let code = u16_at(grpprl, 0)?;
        let (start, length) = operand_place(code, grpprl)?;
        let operand = slice_at(grpprl, start, length)?;
        grpprl = grpprl.get(start + length..)?;
        Some((code, operand))
    })
}

/// Where the operand of the first modifier begins and how long it is ([MS-DOC] Sprm, `spra`).
fn operand_place(code: u16, grpprl: &[u8]) -> Option<(usize, usize)> {
    let place = match code >> 13 {
        0 | 1 => (2, 1),
        2 | 4 | 5 => (2, 2),
        3 => (2, 4),
        7 => (2, 3),
        _ if code == T_DEF_TABLE => (4, usize::from(u16_at(grpprl, 2)?).saturating_sub(1)),
        _ => match usize::from(u8_at(grpprl, 2)?) {
            255 if code == P_CHG_TABS => {
                let deleted = usize::from(u8_at(grpprl, 3)?) * 4;
                let added = usize::from(u8_at(grpprl, 4 + deleted)?) * 3;
                (3, 2 + deleted + added)
            }
            length => (3, length),
        },
    };
    Some(place)
}

/// The modifier that a piece's `Prm0` abbreviates, for those that matter ([MS-DOC] Prm0).
pub(super) fn abbreviated(number: u8) -> Option<u16> {
    match number {
        0x18 => Some(0x2416),
        0x19 => Some(0x2417),
        0x41 => Some(0x0800),
        0x55 => Some(0x0835),
        0x5C => Some(0x083C),
        _ => None,
    }
}
