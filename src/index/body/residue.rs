//! What a text says beyond its matching form: the marks as they were written, what was dropped, what was replaced.
//!
//! Together with the form it gives the text back, character for character, so the text itself is not kept: reading a
//! passage takes no more than its words. First, for each mark of the form, how it was written; then exceptions, each
//! with the number of characters of the form since the one before: something dropped before a character (or at the
//! end), or a character written otherwise. What is common has a code of one byte.

use std::io;

use super::form::Form;
use super::varint::{self, Reader, damaged};
use crate::text::fold::{Folded, MARK};

/// Marks by their codes.
const MARKS: [&str; 16] = ["，", "。", "、", "；", "：", "！", "？", "\t", ".", ",", ":", ";", "——", "…", "……", "—"];

/// Dropped characters by their codes.
const DROPPED: [char; 20] = [
    '“', '”', '（', '）', '《', '》', ' ', '\u{3000}', '(', ')', '·', '‘', '’', '"', '【', '】', '〔', '〕', '\u{a0}',
    '\n',
];

/// Code of a mark, or of what was dropped, that is spelled out.
const SPELLED: u8 = 255;

/// Code of a character that was written otherwise.
const REPLACED: u8 = 254;

/// Appends the residue of a text.
pub fn write(text: &[char], folded: &Folded, out: &mut Vec<u8>) {
    let original = |(from, to): (u32, u32)| &text[from as usize..to as usize];
    for (_, &origin) in folded.chars.iter().zip(&folded.origins).filter(|(c, _)| **c == MARK) {
        let mark = String::from_iter(original(origin));
        match MARKS.iter().position(|known| *known == mark) {
            Some(code) => out.push(code as u8),
            None => {
                out.push(SPELLED);
                write_string(&mark, out);
            }
        }
    }
    let (mut reached, mut last) = (0, 0);
    let end = (text.len() as u32, text.len() as u32);
    for (at, &(from, to)) in folded.origins.iter().chain([&end]).enumerate() {
        let mut exception = |code: u8, spelled: Option<&[char]>| {
            varint::write(out, (at - last) as u64);
            last = at;
            out.push(code);
            if let Some(spelled) = spelled {
                write_string(&String::from_iter(spelled), out);
            }
        };
        let dropped = original((reached, from));
        let code = DROPPED.iter().position(|known| dropped == [*known]);
        match code {
            Some(code) => exception(code as u8, None),
            None if dropped.is_empty() => {}
            None => exception(SPELLED, Some(dropped)),
        }
        if let Some(&c) = folded.chars.get(at)
            && c != MARK
            && original((from, to)) != [c]
        {
            exception(REPLACED, Some(original((from, to))));
        }
        reached = to;
    }
}

/// The text of a form and its residue.
///
/// # Errors
/// If the residue is damaged.
pub fn text(form: &Form, residue: &[u8]) -> io::Result<String> {
    let marks = form.chars.iter().filter(|c| **c == MARK).count();
    let mut exceptions = Reader::new(residue);
    for _ in 0..marks {
        read_mark(&mut exceptions)?;
    }
    let mut marks = Reader::new(residue);
    let mut text = String::with_capacity(form.chars.len() * 3 + residue.len());
    let mut at = 0;
    let mut next = exceptions.varint_or_end()?;
    loop {
        let mut is_replaced = false;
        while next == Some(at) {
            match exceptions.byte()? {
                REPLACED => {
                    text.push_str(exceptions.string()?);
                    is_replaced = true;
                }
                SPELLED => text.push_str(exceptions.string()?),
                code => text.push(*DROPPED.get(usize::from(code)).ok_or_else(damaged)?),
            }
            next = exceptions.varint_or_end()?.map(|more| at + more);
        }
        match form.chars.get(at as usize) {
            None => break,
            Some(_) if is_replaced => {}
            Some(&MARK) => text.push_str(read_mark(&mut marks)?),
            Some(&c) => text.push(c),
        }
        at += 1;
    }
    Ok(text)
}

fn write_string(string: &str, out: &mut Vec<u8>) {
    varint::write(out, string.len() as u64);
    out.extend(string.as_bytes());
}

fn read_mark<'a>(reader: &mut Reader<'a>) -> io::Result<&'a str> {
    match reader.byte()? {
        SPELLED => reader.string(),
        code => MARKS.get(usize::from(code)).copied().ok_or_else(damaged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;
    use proptest::prelude::*;

    fn round_trip(text: &str) -> (String, usize) {
        let chars: Vec<char> = text.chars().collect();
        let folded = fold(text);
        let form = Form::of(&chars, &folded);
        let mut residue = Vec::new();
        write(&chars, &folded, &mut residue);
        (super::text(&form, &residue).expect("intact"), residue.len())
    }

    #[test]
    fn common_text_takes_a_byte_a_mark_and_two_a_quote() {
        let text = "坚持“三农”工作重中之重，全面推进乡村振兴。";
        assert_eq!(round_trip(text), (text.to_owned(), 2 + 2 * 2));
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "[蘊蕴人民发髮A-Ca-cＡ０1２.,，。！、；“”（）《》·•— \t\u{3000}\u{200b}\u{fe00}\n𠮷]{0,40}") {
            prop_assert_eq!(&round_trip(&text).0, &text);
        }

        #[test]
        fn any_text_comes_back(text in "\\PC{0,60}") {
            prop_assert_eq!(&round_trip(&text).0, &text);
        }

        #[test]
        fn no_residue_makes_it_panic(text in "[人民，。a1]{0,20}", residue in proptest::collection::vec(any::<u8>(), 0..40)) {
            let chars: Vec<char> = text.chars().collect();
            let _ = super::text(&Form::of(&chars, &fold(&text)), &residue);
        }
    }
}
