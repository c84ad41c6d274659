//! Chinese numerals as they stand in titles, session names and numbering: place value and digit by digit.
//!
//! Values up to 9999 suffice here (years, sessions, articles); larger amounts are not read.

/// The value of a numeral written in ASCII digits, digit by digit (二〇二五) or with place value (二十三).
///
/// Returns `None` for anything that is not wholly such a numeral, or is above 9999.
pub fn value(numeral: &str) -> Option<u32> {
    let chars: Vec<char> = numeral.chars().collect();
    if chars.is_empty() || chars.len() > 9 {
        return None;
    }
    let places = chars.iter().any(|c| matches!(c, '十' | '百' | '千' | '廿' | '卅'));
    let total = if places { with_places(&chars)? } else { digit_by_digit(&chars)? };
    (total <= 9_999).then_some(total)
}

/// The Chinese numeral with place value for 1 to 99, as plan and session names use it.
///
/// # Panics
/// If `number` is not in 1..=99.
pub fn name(number: u32) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    assert!((1..=99).contains(&number), "numeral names run from 1 to 99");
    let (tens, units) = (number / 10, number % 10);
    let mut name = String::new();
    if tens > 1 {
        name.push(DIGITS[tens as usize]);
    }
    if tens > 0 {
        name.push('十');
    }
    if units > 0 {
        name.push(DIGITS[units as usize]);
    }
    name
}

fn digit(c: char) -> Option<u32> {
    Some(match c {
        '0'..='9' => c as u32 - '0' as u32,
        '０'..='９' => c as u32 - '０' as u32,
        '〇' | '○' | '零' | '◯' | 'Ｏ' | 'О' => 0,
        '一' | '元' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn digit_by_digit(chars: &[char]) -> Option<u32> {
    chars.iter().try_fold(0u32, |total, &c| total.checked_mul(10)?.checked_add(digit(c)?))
}

fn with_places(chars: &[char]) -> Option<u32> {
    let mut total = 0;
    let mut pending: Option<u32> = None;
    let mut last_place = 10_000;
    for &c in chars {
        let (place, implied) = match c {
            '千' => (1_000, 1),
            '百' => (100, 1),
            '十' => (10, 1),
            '廿' => (10, 2),
            '卅' => (10, 3),
            _ => {
                let value = digit(c)?;
                match pending {
                    // 一百零三: the zero only holds the place.
                    None | Some(0) => pending = Some(value),
                    Some(_) => return None,
                }
                continue;
            }
        };
        if place >= last_place {
            return None;
        }
        last_place = place;
        total += pending.take().filter(|&value| value > 0).unwrap_or(implied) * place;
    }
    Some(total + pending.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_customary_forms() {
        for (numeral, expected) in [
            ("二〇二五", Some(2025)),
            ("二○二五", Some(2025)),
            ("2026", Some(2026)),
            ("１９９９", Some(1999)),
            ("十", Some(10)),
            ("十四", Some(14)),
            ("二十三", Some(23)),
            ("廿三", Some(23)),
            ("一百零三", Some(103)),
            ("一九五四", Some(1954)),
            ("三五四十", None),
            ("十十", None),
            ("", None),
            ("年", None),
            ("99999999999", None),
        ] {
            assert_eq!(value(numeral), expected, "{numeral}");
        }
    }

    #[test]
    fn names_read_back() {
        for number in 1..=99 {
            assert_eq!(value(&name(number)), Some(number));
        }
    }
}
