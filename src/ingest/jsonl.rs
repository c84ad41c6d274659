//! JSONL: one report a line, with `text` and, if there, `id`, `title` and any metadata.
//!
//! The text of a string stands escaped in the file; [`unescape`] keeps the way back byte by byte.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// One line of a JSONL file.
pub struct Line {
    /// The report's own identifier.
    pub id: Option<String>,
    /// Its title, with the byte offset in the file's text for each byte of it.
    pub title: Option<(String, Vec<usize>)>,
    /// Its text, likewise.
    pub text: (String, Vec<usize>),
    /// The other fields that are strings, numbers or booleans.
    pub fields: BTreeMap<String, String>,
}

/// Whether a text looks like JSONL of reports: its first line is an object with a text.
pub fn is_jsonl(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    first.trim_start().starts_with('{') && parse(first, 0).is_ok()
}

/// Reads one line, which stands at byte `at` of the file's text.
///
/// # Errors
/// A reason for a person.
pub fn parse(line: &str, at: usize) -> Result<Line, String> {
    let object: BTreeMap<String, &RawValue> =
        serde_json::from_str(line).map_err(|error| format!("不是 JSON 对象（{error}）"))?;
    let string = |raw: &RawValue| -> Option<(String, Vec<usize>)> {
        let raw = raw.get();
        let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
        let offset = at + (raw.as_ptr() as usize - line.as_ptr() as usize) + 1;
        unescape(inner, offset)
    };
    let text = ["text", "content", "正文", "内容"].iter().find_map(|key| string(object.get(*key)?));
    let title = ["title", "标题", "题名"].iter().find_map(|key| string(object.get(*key)?));
    let scalar = |raw: &RawValue| match serde_json::from_str(raw.get()).ok()? {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(value) => Some(value.to_string()),
        _ => None,
    };
    let id = object.get("id").and_then(|raw| scalar(raw)).filter(|id| !id.is_empty());
    let is_other = |key: &str| !matches!(key, "text" | "content" | "正文" | "内容");
    let fields =
        object.iter().filter(|(key, _)| is_other(key)).filter_map(|(key, raw)| Some((key.clone(), scalar(raw)?)));
    Ok(Line { id, title, text: text.ok_or("没有 text 字段")?, fields: fields.collect() })
}

/// The text of a JSON string's inside, with the offset of the source for each byte, and one for the end.
fn unescape(raw: &str, offset: usize) -> Option<(String, Vec<usize>)> {
    let mut text = String::with_capacity(raw.len());
    let mut offsets = Vec::with_capacity(raw.len() + 1);
    let mut chars = raw.char_indices();
    while let Some((at, c)) = chars.next() {
        let char = match c {
            '\\' => match chars.next()?.1 {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => unicode_escape(&mut chars)?,
                other => other,
            },
            other => other,
        };
        text.push(char);
        offsets.resize(text.len(), offset + at);
    }
    offsets.push(offset + raw.len());
    Some((text, offsets))
}

/// The character of a `\u` escape, whose `\u` has been read; a lone surrogate is U+FFFD.
fn unicode_escape(chars: &mut std::str::CharIndices) -> Option<char> {
    let mut unit = || u32::from_str_radix(&chars.by_ref().take(4).map(|(_, c)| c).collect::<String>(), 16).ok();
    let first = unit()?;
    if !(0xD800..0xDC00).contains(&first) {
        return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    let mut ahead = chars.clone();
    let follows = ahead.next().is_some_and(|(_, c)| c == '\\') && ahead.next().is_some_and(|(_, c)| c == 'u');
    let digits: String = ahead.by_ref().take(4).map(|(_, c)| c).collect();
    match u32::from_str_radix(&digits, 16) {
        Ok(second) if follows && (0xDC00..0xE000).contains(&second) => {
            *chars = ahead;
            char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        }
        _ => Some(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_the_way_back() {
        let line = r#"{"id": 7, "title": "某\u4e00", "text": "甲\n\"乙\" 😀 \ud83d\ude00", "year": 2024, "tags": []}"#;
        let parsed = parse(line, 100).expect("well-formed");
        assert_eq!(parsed.id.as_deref(), Some("7"));
        assert_eq!(parsed.title.as_ref().map(|t| t.0.as_str()), Some("某一"));
        let (text, offsets) = &parsed.text;
        assert_eq!(text, "甲\n\"乙\" 😀 😀");
        assert_eq!(offsets.len(), text.len() + 1);
        let at = text.find('乙').expect("there");
        assert!(line[offsets[at] - 100..].starts_with('乙'));
        assert!(line[offsets[text.len()] - 100..].starts_with('"'));
        assert_eq!(parsed.fields.get("year").map(String::as_str), Some("2024"));
    }

    #[test]
    fn what_is_no_report_is_refused() {
        for line in ["[1]", "{\"title\": \"无正文\"}", "{", "", "{\"text\": 3}"] {
            assert!(parse(line, 0).is_err(), "{line}");
        }
    }
}
