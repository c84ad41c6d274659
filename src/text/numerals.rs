//! Chinese numerals: those of titles, session names and numbering, and whole or decimal amounts.
//!
//! [`value`] reads up to 9999, which suffices for years, sessions and articles, also digit by digit;
//! [`amount`] and [`han_amount`] turn amounts below 10¹² into ASCII decimals and back.

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

/// An amount with place value and possibly decimals (三万五千, 五点二) as an ASCII decimal.
///
/// Returns `None` for anything that is not wholly such an amount.
pub fn amount(numeral: &str) -> Option<String> {
    let (whole, decimals) = match numeral.split_once('点') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (numeral, None),
    };
    let mut text = whole_amount(whole)?.to_string();
    if let Some(decimals) = decimals {
        text.push('.');
        for c in decimals.chars() {
            text.push(char::from_digit(digit(c).filter(|_| !c.is_ascii_digit())?, 10)?);
        }
    }
    (!text.ends_with('.')).then_some(text)
}

fn whole_amount(numeral: &str) -> Option<u64> {
    let mut rest = numeral;
    let mut total = 0;
    for (place, size) in [('亿', 100_000_000), ('万', 10_000)] {
        if let Some((above, below)) = rest.split_once(place) {
            total += below_ten_thousand(above)? * size;
            rest = below;
        }
    }
    if rest.is_empty() && total > 0 { Some(total) } else { Some(total + below_ten_thousand(rest)?) }
}

fn below_ten_thousand(numeral: &str) -> Option<u64> {
    let chars: Vec<char> = numeral.chars().collect();
    let han = !chars.is_empty() && chars.iter().all(|&c| !c.is_ascii_digit() && c != '元');
    let lone = chars.len() == 1 || chars.iter().any(|c| matches!(c, '十' | '百' | '千'));
    // 零五百 after 万 only holds a place; 二〇二五 is no amount.
    let led = if chars.len() > 1 { chars.strip_prefix(&['零'][..]).unwrap_or(&chars) } else { &chars };
    if !han || !(lone || led.len() == 1) {
        return None;
    }
    if led.len() == 1 && chars.len() == 1 && led[0] != '十' && led[0] != '百' && led[0] != '千' {
        return digit(led[0]).map(u64::from);
    }
    with_places(led).map(u64::from)
}

/// An ASCII decimal (35000, 5.2) as a Chinese amount with place value; `None` from 10¹² on, or if it is none.
pub fn han_amount(decimal: &str) -> Option<String> {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let (whole, decimals) = match decimal.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (decimal, None),
    };
    let digits = |text: &str| -> Option<Vec<usize>> {
        text.chars().map(|c| c.to_digit(10).map(|digit| digit as usize)).collect()
    };
    let whole = digits(whole).filter(|digits| !digits.is_empty() && digits.len() <= 12)?;
    let mut text = String::new();
    let mut zero = false;
    for (i, &digit) in whole.iter().enumerate() {
        let place = whole.len() - 1 - i;
        if digit == 0 {
            zero = true;
        } else {
            if zero && !text.is_empty() {
                text.push('零');
            }
            zero = false;
            text.push(DIGITS[digit]);
            text.extend(['十', '百', '千'].get((place % 4).wrapping_sub(1)));
        }
        let group_counts = whole[i.saturating_sub(3)..=i].iter().any(|&digit| digit > 0);
        if place % 4 == 0 && place > 0 && group_counts {
            text.push(if place == 8 { '亿' } else { '万' });
        }
    }
    if text.is_empty() {
        text.push('零');
    }
    // 一十五 is said 十五.
    let mut text = text.strip_prefix("一十").map_or(text.clone(), |rest| format!("十{rest}"));
    if let Some(decimals) = decimals {
        text.push('点');
        text.extend(digits(decimals).filter(|digits| !digits.is_empty())?.into_iter().map(|digit| DIGITS[digit]));
    }
    Some(text)
}

/// Ascending years, runs drawn together: 1961–1963、1965.
pub fn year_ranges<Y: Copy + Into<i64>>(years: &[Y]) -> String {
    let years: Vec<i64> = years.iter().map(|&year| year.into()).collect();
    let runs = years.chunk_by(|a, b| a + 1 == *b);
    let shown: Vec<String> = runs
        .map(|run| match run {
            [first, .., last] => format!("{first}–{last}"),
            _ => run[0].to_string(),
        })
        .collect();
    shown.join("、")
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

    #[test]
    fn amounts_read_and_written() {
        for (han, decimal) in [
            ("五", "5"),
            ("十", "10"),
            ("十五", "15"),
            ("三十一", "31"),
            ("一百零三", "103"),
            ("三百五十", "350"),
            ("三万五千", "35000"),
            ("一万零五", "10005"),
            ("二亿三千万", "230000000"),
            ("五点二", "5.2"),
            ("零点五", "0.5"),
            ("十二点零三", "12.03"),
        ] {
            assert_eq!(amount(han).as_deref(), Some(decimal), "{han}");
            assert_eq!(han_amount(decimal).as_deref(), Some(han), "{decimal}");
        }
        for none in ["", "点五", "五点", "二〇二五", "一二", "5", "元", "十十", "万", "五点十"] {
            assert_eq!(amount(none), None, "{none}");
        }
        for none in ["", ".5", "5.", "a", "1000000000000"] {
            assert_eq!(han_amount(none), None, "{none}");
        }
    }

    proptest::proptest! {
        #[test]
        fn amounts_survive_the_way_there_and_back(value in 0u64..1_000_000_000_000) {
            let han = han_amount(&value.to_string()).expect("below the limit");
            proptest::prop_assert_eq!(amount(&han), Some(value.to_string()), "{}", han);
        }
    }

    #[test]
    fn years_in_runs() {
        assert_eq!(year_ranges(&[1961i64, 1962, 1963, 1965, 2020]), "1961–1963、1965、2020");
        assert_eq!(year_ranges::<i32>(&[]), "");
    }
}
