//! Where sentences end and items begin in a passage.
//!
//! A sentence ends at 。！？ in any width and between the cells of a row. An item is an enumerated step of a
//! paragraph (一是…, 第一，, ①, （1）, ——): it runs to the next item or to the passage's end, and what
//! stands before the first item is a stretch of its own. Pure functions over the original text.

/// Whether a character ends a sentence.
pub fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '｡' | '．' | '\t')
}

/// Whether a full-width point or comma stands between digits and belongs to a number.
fn is_decimal_point(chars: &[char], at: usize) -> bool {
    let is_digit = |c: Option<&char>| c.is_some_and(|c| matches!(c, '0'..='9' | '０'..='９'));
    let between = at > 0 && is_digit(chars.get(at - 1)) && is_digit(chars.get(at + 1));
    matches!(chars[at], '．' | '，') && between
}

/// The sentences of a text as half-open ranges of its characters, closing marks and quotes included.
pub fn sentences(chars: &[char]) -> Vec<(usize, usize)> {
    let ends = |i: usize| ends_sentence(chars[i]) && !is_decimal_point(chars, i);
    let closes = |c: char| ends_sentence(c) || matches!(c, '”' | '’' | '」' | '』' | '）' | ')' | '》' | '…');
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut i = 0;
    while i < chars.len() {
        i += 1;
        if ends(i - 1) {
            while i < chars.len() && closes(chars[i]) {
                i += 1;
            }
            sentences.push((start, i));
            start = i;
        }
    }
    if start < chars.len() {
        sentences.push((start, chars.len()));
    }
    sentences
}

/// The clauses of a text as half-open ranges of its characters, without the marks between them.
///
/// A clause ends where a sentence does, and at ，；： and dashes; 、 joins what belongs together.
pub fn clauses(chars: &[char]) -> Vec<(usize, usize)> {
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let ends = |i: usize| match chars[i] {
        // 19:00 and 1,200 are one thing.
        ',' | ':' | '：' => !(i > 0 && at(i - 1).is_ascii_digit() && at(i + 1).is_ascii_digit()),
        '，' | '；' | ';' | '—' | '…' => !is_decimal_point(chars, i),
        c => ends_sentence(c) && !is_decimal_point(chars, i),
    };
    let mut clauses = Vec::new();
    let mut start = 0;
    for i in 0..=chars.len() {
        if i == chars.len() || ends(i) {
            let blank = |c: &char| c.is_whitespace();
            let leading = chars[start..i].iter().take_while(|c| blank(c)).count();
            let trailing = chars[start + leading..i].iter().rev().take_while(|c| blank(c)).count();
            if start + leading < i - trailing {
                clauses.push((start + leading, i - trailing));
            }
            start = i + 1;
        }
    }
    clauses
}

/// The first character of every item, ascending.
pub fn item_starts(chars: &[char]) -> Vec<usize> {
    let mut starts = Vec::new();
    // An enumerator stands at the beginning, after a mark, or after what a mark and a quote leave.
    let mut after_mark = true;
    let mut i = 0;
    while i < chars.len() {
        let length = if after_mark || is_circled(chars[i]) { enumerator(&chars[i..]) } else { 0 };
        if length > 0 {
            starts.push(i);
            i += length;
            after_mark = false;
            continue;
        }
        after_mark = is_mark(chars[i]) || (after_mark && (chars[i].is_whitespace() || chars[i] == '“'));
        i += 1;
    }
    starts
}

fn is_mark(c: char) -> bool {
    ends_sentence(c) || matches!(c, '，' | ',' | '；' | ';' | '：' | ':' | '、')
}

fn is_circled(c: char) -> bool {
    matches!(c, '①'..='⑳' | '㈠'..='㈩' | '⑴'..='⒇')
}

fn is_han_numeral(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
}

/// Length of the enumerator that the characters begin with; 0 for none.
pub fn enumerator(chars: &[char]) -> usize {
    let run = |from: usize, is: fn(char) -> bool| chars[from..].iter().take(3).take_while(|&&c| is(c)).count();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    match at(0) {
        '—' if at(1) == '—' => 2,
        c if is_circled(c) => 1,
        '第' => {
            let numerals = run(1, is_han_numeral);
            if numerals > 0 && matches!(at(1 + numerals), '，' | ',' | '、' | '：') { numerals + 2 } else { 0 }
        }
        '（' | '(' => {
            let (han, digits) = (run(1, is_han_numeral), run(1, |c| c.is_ascii_digit()));
            let numerals = han.max(digits);
            if numerals > 0 && matches!(at(1 + numerals), '）' | ')') { numerals + 2 } else { 0 }
        }
        c if c.is_ascii_digit() => {
            let digits = run(0, |c| c.is_ascii_digit());
            let closed = matches!(at(digits), '.' | '．' | '、') && !at(digits + 1).is_ascii_digit();
            if digits < 3 && closed { digits + 1 } else { 0 }
        }
        c if is_han_numeral(c) => {
            let numerals = run(0, is_han_numeral);
            if numerals < 3 && matches!(at(numerals), '是' | '要') { numerals + 1 } else { 0 }
        }
        _ => 0,
    }
}

/// What stands between such marks, as ranges of characters without them; of several opening ones the last counts.
pub fn quoted(chars: &[char], marks: &[(char, char)]) -> Vec<(usize, usize)> {
    let mut quoted = Vec::new();
    let mut open = None;
    for (at, c) in chars.iter().enumerate() {
        if marks.iter().any(|(opening, _)| opening == c) {
            open = Some(at + 1);
        } else if marks.iter().any(|(_, closing)| closing == c)
            && let Some(start) = open.take()
        {
            quoted.push((start, at));
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str, ranges: impl IntoIterator<Item = (usize, usize)>) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        ranges.into_iter().map(|(start, end)| chars[start..end].iter().collect()).collect()
    }

    #[test]
    fn sentences_end_at_stops_and_cells() {
        let text = "着眼“十五五”。开好局！”他说：增长5.2%；好\t甲乙";
        let chars: Vec<char> = text.chars().collect();
        assert_eq!(pieces(text, sentences(&chars)), ["着眼“十五五”。", "开好局！”", "他说：增长5.2%；好\t", "甲乙"]);
        assert!(sentences(&[]).is_empty());
        let decimal: Vec<char> = "增长１１．２％，共１３，０００元。好".chars().collect();
        assert_eq!(sentences(&decimal), [(0, 17), (17, 18)]);
        assert_eq!(clauses(&decimal).len(), 3);
    }

    #[test]
    fn clauses_end_at_commas_but_not_inside_numbers() {
        let text = "坚持稳中求进，以进促稳；增长1,200元、5%：到19:00 ——总量扩大。";
        let chars: Vec<char> = text.chars().collect();
        let expected = ["坚持稳中求进", "以进促稳", "增长1,200元、5%", "到19:00", "总量扩大"];
        assert_eq!(pieces(text, clauses(&chars)), expected);
        assert!(clauses(&[]).is_empty());
    }

    #[test]
    fn items_begin_at_enumerators_of_every_customary_style() {
        for (text, expected) in [
            ("抓好三件事：一是稳增长，二是促改革；三是惠民生。", &["一是", "二是", "三是"][..]),
            ("第一，坚持领导。第二，坚持为民。", &["第一", "第二"]),
            ("工作：①稳；②进", &["①稳", "②进"]),
            ("——经济总量扩大。", &["——"]),
            ("要求：（1）快；（2）好。(三)省", &["（1", "（2", "(三"]),
            ("1.稳增长。2.促改革。增长1.5%", &["1.", "2."]),
            ("统一是好事，第一产业增长，十一是", &["十一"]),
            ("增长19.5%。2025年", &[]),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let starts = item_starts(&chars).into_iter().map(|start| (start, (start + 2).min(chars.len())));
            assert_eq!(pieces(text, starts), expected, "{text}");
        }
    }
}
