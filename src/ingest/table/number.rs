//! Numbers and dates of cells as people see them.
//!
//! A number format is read as far as Chinese tables use them: places, grouping, percent signs, units in quotes
//! ([ECMA-376] part 1, 18.8.31). What it does beyond that leaves a number plain.

use calamine::{ExcelDateTime, ExcelDateTimeType};

/// More decimal places than these are not shown by any spreadsheet.
const MAX_PLACES: usize = 30;

/// Shows a number by its format, which may be one of dates; dates count from 1904 in some files.
pub fn shown(value: f64, format: &str, is_1904: bool) -> String {
    if is_date(format) {
        return moment(value, format, is_1904);
    }
    let sections: Vec<&str> = format.split(';').collect();
    let by_format = match sections.get(1) {
        Some(negative) if value < 0.0 => by_section(-value, negative),
        _ => by_section(value, sections.first().copied().unwrap_or_default()),
    };
    by_format.unwrap_or_else(|| plain(value))
}

/// A number without a format: the fifteen digits that spreadsheets keep.
pub fn plain(value: f64) -> String {
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    let shown = rounded.to_string();
    // Very large and very small ones stay short.
    if shown.len() > 24 { format!("{rounded:e}") } else { shown }
}

fn by_section(value: f64, section: &str) -> Option<String> {
    let (mut before, mut after) = (String::new(), String::new());
    let mut digits = String::new();
    let mut is_percent = false;
    let mut characters = section.chars();
    while let Some(c) = characters.next() {
        let is_behind = !after.is_empty();
        let aside = if digits.is_empty() { &mut before } else { &mut after };
        match c {
            '0' | '#' | '?' | '.' | ',' if !is_behind => digits.push(c),
            '0' | '#' | '?' | '/' | 'E' | 'e' | '@' => return None,
            '"' => aside.extend(characters.by_ref().take_while(|&c| c != '"')),
            '\\' => aside.extend(characters.next()),
            // Room of a character's width, and fill.
            '_' | '*' => drop(characters.next()),
            '[' => {
                let inside: String = characters.by_ref().take_while(|&c| c != ']').collect();
                if inside.starts_with(['<', '>', '=']) {
                    return None;
                }
                // `[$¥-804]` is a sign and a language; others are colours.
                let sign = inside.strip_prefix('$').map(|sign| sign.split('-').next().unwrap_or_default());
                aside.push_str(sign.unwrap_or_default());
            }
            '%' => {
                is_percent = true;
                aside.push('%');
            }
            c if c.is_ascii_alphabetic() => return None,
            c => aside.push(c),
        }
    }
    if !digits.contains(['0', '#', '?']) || digits.ends_with(',') {
        return None;
    }
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
    let optional = digits.split_once('.').map_or(0, |(_, places)| places.matches('#').count());
    let value = if is_percent { value * 100.0 } else { value };
    let mut number = format!("{:.*}", places.min(MAX_PLACES), plain(value).parse::<f64>().unwrap_or(value));
    for _ in 0..optional {
        if number.ends_with('0') {
            number.pop();
        }
    }
    let number = number.trim_end_matches('.');
    let number = if digits.contains(',') { grouped(number) } else { number.to_owned() };
    Some(format!("{before}{number}{after}").trim().to_owned())
}

/// Parts the whole digits of a number in threes.
fn grouped(number: &str) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let digits = whole.trim_start_matches('-').len();
    let mut grouped = String::new();
    let mut left = digits;
    for c in whole.chars() {
        if c.is_ascii_digit() {
            if left < digits && left % 3 == 0 {
                grouped.push(',');
            }
            left -= 1;
        }
        grouped.push(c);
    }
    grouped + rest
}

/// Whether a format shows dates or times: it has letters for parts of them outside quotes and brackets.
pub fn is_date(format: &str) -> bool {
    let letters = letters(format);
    !letters.eq_ignore_ascii_case("general")
        && !letters.eq_ignore_ascii_case("standard")
        && letters.contains(['y', 'm', 'd', 'h', 's'])
}

/// The letters of a format that stand for parts of a date, in lower case.
fn letters(format: &str) -> String {
    let mut letters = String::new();
    let mut characters = format.chars();
    while let Some(c) = characters.next() {
        match c {
            ';' => break,
            '"' => drop(characters.by_ref().find(|&c| c == '"')),
            '\\' | '_' | '*' => drop(characters.next()),
            '[' => {
                let inside: String = characters.by_ref().take_while(|&c| c != ']').collect();
                if inside.chars().all(|c| matches!(c, 'h' | 'm' | 's' | 'H' | 'M' | 'S')) {
                    letters.push_str(&inside);
                }
            }
            c if c.is_ascii_alphabetic() => letters.push(c.to_ascii_lowercase()),
            _ => {}
        }
    }
    letters
}

/// A date and time by its format: the parts that it names, in Chinese if it is.
fn moment(value: f64, format: &str, is_1904: bool) -> String {
    let (year, month, day, hour, minute, second, _) =
        ExcelDateTime::new(value, ExcelDateTimeType::DateTime, is_1904).to_ymd_hms_milli();
    let letters = letters(format);
    let (has_year, has_day, has_hour) = (letters.contains('y'), letters.contains('d'), letters.contains('h'));
    let time = || {
        let seconds = if letters.contains('s') { format!(":{second:02}") } else { String::new() };
        format!("{hour:02}:{minute:02}{seconds}")
    };
    if !has_year && !has_day && (has_hour || letters.contains('s')) {
        return time();
    }
    let has_month = letters.replace("am", "").contains('m');
    let date = match (format.contains('年') || format.contains('月'), has_year, has_month, has_day) {
        (_, true, false, false) => format!("{year}"),
        (true, true, _, true) => format!("{year}年{month}月{day}日"),
        (true, true, _, false) => format!("{year}年{month}月"),
        (true, false, _, true) => format!("{month}月{day}日"),
        (false, true, _, false) => format!("{year}-{month:02}"),
        (false, false, _, true) => format!("{month:02}-{day:02}"),
        (_, false, _, false) => format!("{month}月"),
        (false, true, _, true) => format!("{year}-{month:02}-{day:02}"),
    };
    if has_hour && (hour, minute, second) != (0, 0, 0) { format!("{date} {}", time()) } else { date }
}

/// The format with a number that is built in ([ECMA-376] part 1, 18.8.30, the Chinese ones among them).
pub fn built_in(id: u16) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 | 37 | 38 => "#,##0",
        4 | 39 | 40 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        14 | 15 | 30 => "yyyy-m-d",
        16 => "m-d",
        17 => "yyyy-m",
        18 | 20 => "h:mm",
        19 | 21 | 45..=47 => "h:mm:ss",
        22 => "yyyy-m-d h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy年m月",
        28 | 29 | 51 | 53 | 54 | 58 => "m月d日",
        31 => "yyyy年m月d日",
        32..=35 | 55 | 56 => "h时mm分",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_see_them() {
        for (value, format, expected) in [
            (2025.0, "General", "2025"),
            (2025.0, "", "2025"),
            (0.1 + 0.2, "", "0.3"),
            (0.0531, "0.0%", "5.3%"),
            (0.0531, "0.00%", "5.31%"),
            (1_234_567.891, "#,##0.00", "1,234,567.89"),
            (-1234.0, "#,##0;-#,##0", "-1,234"),
            (-1234.0, "#,##0_);[Red](#,##0)", "(1,234)"),
            (12.0, "0.0\"万元\"", "12.0万元"),
            (12.5, "[$¥-804]#,##0.00", "¥12.50"),
            (12.0, "0.##", "12"),
            (12.0, "@", "12"),
            (1.5, "# ?/?", "1.5"),
            (45_675.0, "yyyy-mm-dd", "2025-01-18"),
            (45_675.0, "yyyy\"年\"m\"月\"d\"日\"", "2025年1月18日"),
            (45_675.0, "yyyy\"年\"m\"月\";@", "2025年1月"),
            (45_675.0, "mm-dd-yy", "2025-01-18"),
            (45_675.395_833_333, "yyyy/m/d h:mm", "2025-01-18 09:30"),
            (0.395_833_333_3, "h:mm", "09:30"),
        ] {
            assert_eq!(shown(value, format, false), expected, "{format}");
        }
        assert_eq!(plain(f64::NAN), "NaN");
        assert_eq!(plain(1e300), "1e300");
    }
}
