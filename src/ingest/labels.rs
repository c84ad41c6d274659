//! The labels that word processors put before numbered paragraphs: 一、, （二）, ①.
//!
//! Labels in Latin letters and figures (1., a)) are layout and left out; reports are cited by the Chinese ones.
//! Every numeral is short whatever the number; numbers beyond a notation's reach are written in Arabic figures.
//! Which notation a file asks for belongs to the readers.

const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const LEGAL: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES: &str = "子丑寅卯辰巳午未申酉戌亥";

/// A label as it stands in the text.
pub fn shown(label: &str) -> &str {
    let label = label.trim();
    if label.is_ascii() { "" } else { label }
}

/// A way to write numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numerals {
    /// 1, 2, 3
    #[default]
    Arabic,
    /// 01, 02, 03
    ArabicZero,
    /// １, ２, ３
    FullWidth,
    /// 一, 十, 一百零一
    Chinese,
    /// 一, 二, 一〇
    ChineseDigits,
    /// 壹, 贰, 壹拾
    ChineseLegal,
    /// ①, ②
    Circled,
    /// ㊀, ㊁
    CircledChinese,
    /// ⑴, ⑵
    Parenthesised,
    /// ⒈, ⒉
    FullStopped,
    /// 甲, 乙
    Stems,
    /// 子, 丑
    Branches,
    /// i, ii, iii; the flag asks for capitals
    Roman(bool),
    /// a, b, c; the flag asks for capitals
    Letters(bool),
    /// Nothing at all.
    Hidden,
}

impl Numerals {
    /// Writes a number.
    pub fn write(self, number: u32) -> String {
        let in_range = match self {
            Numerals::Circled => char_at(number, 20, '①').or(char_at(number.wrapping_sub(20), 15, '㉑')),
            Numerals::CircledChinese => char_at(number, 10, '㊀'),
            Numerals::Parenthesised => char_at(number, 20, '⑴'),
            Numerals::FullStopped => char_at(number, 20, '⒈'),
            Numerals::Stems => nth(STEMS, number),
            Numerals::Branches => nth(BRANCHES, number),
            Numerals::ArabicZero => Some(format!("{number:02}")),
            Numerals::FullWidth => {
                Some(number.to_string().chars().filter_map(|c| char::from_u32(c as u32 + 0xFEE0)).collect())
            }
            Numerals::Chinese => chinese(number, &DIGITS, ["", "十", "百", "千"], "零"),
            Numerals::ChineseLegal => chinese(number, &LEGAL, ["", "拾", "佰", "仟"], "零"),
            Numerals::ChineseDigits => {
                Some(number.to_string().bytes().filter_map(|b| DIGITS.get(usize::from(b - b'0'))).copied().collect())
            }
            Numerals::Roman(capital) => roman(number).map(|text| if capital { text.to_uppercase() } else { text }),
            Numerals::Letters(capital) => letters(number, if capital { b'A' } else { b'a' }),
            Numerals::Hidden => Some(String::new()),
            Numerals::Arabic => None,
        };
        in_range.unwrap_or_else(|| number.to_string())
    }
}

/// The `number`th of `count` characters that follow each other from `first`.
fn char_at(number: u32, count: u32, first: char) -> Option<String> {
    let offset = number.checked_sub(1).filter(|&offset| offset < count)?;
    char::from_u32(first as u32 + offset).map(String::from)
}

fn nth(characters: &str, number: u32) -> Option<String> {
    characters.chars().nth(number.checked_sub(1)? as usize).map(String::from)
}

/// A number below ten thousand; 十 and not 一十 at its head, unless in legal figures.
fn chinese(number: u32, digits: &[&str; 10], units: [&str; 4], zero: &str) -> Option<String> {
    if number >= 10_000 {
        return None;
    }
    let mut text = String::new();
    let mut gap = false;
    for (power, unit) in [1_000, 100, 10, 1].into_iter().zip(units.iter().rev()) {
        let digit = number / power % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push_str(zero);
            gap = false;
        }
        let bare_ten = text.is_empty() && digit == 1 && *unit == "十";
        if !bare_ten {
            text.push_str(digits[digit as usize]);
        }
        text.push_str(unit);
    }
    Some(if number == 0 { zero.to_owned() } else { text })
}

fn roman(number: u32) -> Option<String> {
    const VALUES: [(u32, &str); 13] = [
        (1_000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..4_000).contains(&number) {
        return None;
    }
    let mut rest = number;
    let mut text = String::new();
    for (value, letters) in VALUES {
        while rest >= value {
            text.push_str(letters);
            rest -= value;
        }
    }
    Some(text)
}

/// a … z, then aa, bb … as word processors do.
fn letters(number: u32, first: u8) -> Option<String> {
    let offset = number.checked_sub(1).filter(|&offset| offset < 26 * 4)?;
    let letter = char::from(first + (offset % 26) as u8);
    Some(std::iter::repeat_n(letter, (offset / 26 + 1) as usize).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_written_as_word_processors_do() {
        let cases = [
            (Numerals::Chinese, 1, "一"),
            (Numerals::Chinese, 10, "十"),
            (Numerals::Chinese, 21, "二十一"),
            (Numerals::Chinese, 101, "一百零一"),
            (Numerals::Chinese, 110, "一百一十"),
            (Numerals::Chinese, 3_005, "三千零五"),
            (Numerals::Chinese, 10_000, "10000"),
            (Numerals::ChineseDigits, 10, "一〇"),
            (Numerals::ChineseLegal, 12, "壹拾贰"),
            (Numerals::Circled, 20, "⑳"),
            (Numerals::Circled, 21, "㉑"),
            (Numerals::Circled, 36, "36"),
            (Numerals::Circled, 0, "0"),
            (Numerals::Roman(true), 1_994, "MCMXCIV"),
            (Numerals::Roman(false), u32::MAX, "4294967295"),
            (Numerals::Letters(false), 28, "bb"),
            (Numerals::Letters(true), u32::MAX, "4294967295"),
            (Numerals::FullWidth, 12, "１２"),
            (Numerals::Stems, 3, "丙"),
            (Numerals::Hidden, 3, ""),
        ];
        for (numerals, number, expected) in cases {
            assert_eq!(numerals.write(number), expected);
        }
    }
}
