//! The Han characters that matching forms replace, as a table by character: see `src/text/fold.rs`.

use std::fs;

/// Where the characters stand, source and target.
const TABLE: &str = "src/text/variants.tsv";

/// The target of each character of the basic plane, two bytes: 0 where it stays as it is, 1 where source or target lie
/// elsewhere; and those pairs, four bytes a character.
pub fn tables() -> (Vec<u8>, Vec<u8>) {
    println!("cargo:rerun-if-changed={TABLE}");
    let text = fs::read_to_string(TABLE).unwrap_or_else(|error| panic!("{TABLE}: {error}"));
    let mut basic = vec![0u16; 0x1_0000];
    let mut others = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut chars = line.chars();
        let (Some(source), Some('\t'), Some(target)) = (chars.next(), chars.next(), chars.next()) else {
            panic!("{TABLE}: not a pair: {line}");
        };
        match (u16::try_from(source as u32), u16::try_from(target as u32)) {
            (Ok(source), Ok(target)) => basic[usize::from(source)] = target,
            (in_basic, _) => {
                others.extend([source, target].map(u32::from).into_iter().flat_map(u32::to_le_bytes));
                if let Ok(source) = in_basic {
                    basic[usize::from(source)] = 1;
                }
            }
        }
    }
    (basic.into_iter().flat_map(u16::to_le_bytes).collect(), others)
}
