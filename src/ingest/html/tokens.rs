//! HTML source to tags and text, as slices of the source.
//!
//! Every input is read in linear time, and text is dropped only where a browser drops it too: in comments,
//! scripts and styles. What the tags mean is `tree`'s business.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use quick_xml::escape::resolve_html5_entity;

/// A piece of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// A start tag with its attributes as they stand.
    Start(&'a str, &'a str),
    /// An end tag.
    End(&'a str),
    /// Text with its entities.
    Text(&'a str),
}

/// Elements whose content is no markup.
const RAW: [&str; 8] = ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];

/// The tokens of a source.
pub struct Tokens<'a> {
    rest: &'a str,
    /// Length of the content of a raw element that comes next.
    raw: usize,
    /// Raw elements that nothing ends any more: looked for once only.
    unclosed: Vec<String>,
    /// A quote stands open to the end of the source, so quotes are no longer paired.
    lone_quote: bool,
}

/// Splits a source into tokens.
pub fn tokens(source: &str) -> Tokens<'_> {
    Tokens { rest: source, raw: 0, unclosed: Vec::new(), lone_quote: false }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let raw = std::mem::take(&mut self.raw);
        if raw > 0 {
            return Some(Token::Text(self.take(raw)));
        }
        while !self.rest.is_empty() {
            let Some(markup) = self.rest.strip_prefix('<') else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                return Some(Token::Text(self.take(end)));
            };
            match markup.bytes().next() {
                Some(b'!') if markup.starts_with("!--") => self.skip_comment(),
                Some(b'!' | b'?') => self.skip_past('>'),
                Some(b'/') if markup.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) => {
                    let (name, _) = self.tag(2);
                    return Some(Token::End(name));
                }
                Some(b'/') => self.skip_past('>'),
                Some(first) if first.is_ascii_alphabetic() => {
                    let (name, attributes) = self.tag(1);
                    if RAW.iter().any(|raw| name.eq_ignore_ascii_case(raw)) {
                        let Some(length) = self.raw_length(name) else { continue };
                        self.raw = length;
                    }
                    return Some(Token::Start(name, attributes));
                }
                _ => {
                    // A `<` that opens nothing is text.
                    let end = markup.find('<').map_or(self.rest.len(), |next| next + 1);
                    return Some(Token::Text(self.take(end)));
                }
            }
        }
        None
    }
}

impl<'a> Tokens<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn skip_past(&mut self, end: char) {
        self.rest = self.rest.split_once(end).map_or("", |(_, rest)| rest);
    }

    /// A comment that nothing ends is a tag that went wrong: only the tag is dropped.
    fn skip_comment(&mut self) {
        let body = self.rest.get(4..).unwrap_or_default();
        if let Some(rest) = body.strip_prefix('>').or_else(|| body.strip_prefix("->")) {
            self.rest = rest;
        } else if self.unclosed.iter().any(|name| name == "!--") {
            self.skip_past('>');
        } else if let Some((_, rest)) = body.split_once("-->") {
            self.rest = rest;
        } else {
            self.unclosed.push("!--".to_owned());
            self.skip_past('>');
        }
    }

    /// The name and attributes of the tag at hand, whose name stands at `from`.
    fn tag(&mut self, from: usize) -> (&'a str, &'a str) {
        let end = self.tag_end();
        let whole = self.take(end);
        let inner = whole.get(from..).unwrap_or_default();
        let inner = inner.strip_suffix('>').unwrap_or(inner);
        inner.split_once(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or((inner, ""))
    }

    /// Where the tag at hand ends: behind the first `>` that stands in no quoted value.
    fn tag_end(&mut self) -> usize {
        let mut quote = None;
        let mut after_equals = false;
        let pairs_quotes = !self.lone_quote;
        for (i, byte) in self.rest.bytes().enumerate() {
            match (quote, byte) {
                (Some(open), _) if byte == open => quote = None,
                (Some(_), _) => {}
                (None, b'>') => return i + 1,
                (None, b'"' | b'\'') if after_equals && pairs_quotes => quote = Some(byte),
                (None, _) => {}
            }
            after_equals = byte == b'=' || after_equals && byte.is_ascii_whitespace();
        }
        self.lone_quote |= quote.is_some();
        self.rest.find('>').map_or(self.rest.len(), |end| end + 1)
    }

    /// Length of the content of a raw element. Without an end tag a script or style has the whole rest, while the
    /// tag of another is a mistake.
    fn raw_length(&mut self, name: &str) -> Option<usize> {
        let swallows = name.eq_ignore_ascii_case("script") || name.eq_ignore_ascii_case("style");
        let is_known = self.unclosed.iter().any(|known| known.eq_ignore_ascii_case(name));
        let closes = |(at, _): &(usize, &str)| {
            self.rest.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        };
        match if is_known { None } else { self.rest.match_indices("</").find(closes) } {
            Some((at, _)) => Some(at),
            None if swallows => Some(self.rest.len()),
            None => {
                if !is_known {
                    self.unclosed.push(name.to_ascii_lowercase());
                }
                None
            }
        }
    }
}

/// The value of an attribute of a start tag, entities decoded.
pub fn attribute<'a>(attributes: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let is_gap = |c: char| c.is_ascii_whitespace() || c == '/';
    let mut rest = attributes.trim_start_matches(is_gap);
    while !rest.is_empty() {
        // The first character belongs to the name even if it is `=`.
        let name_end = rest.char_indices().skip(1).find(|&(_, c)| is_gap(c) || c == '=').map_or(rest.len(), |(i, _)| i);
        let (found, after) = rest.split_at(name_end);
        let after = after.trim_ascii_start();
        let mut value = "";
        rest = after;
        if let Some(after) = after.strip_prefix('=').map(str::trim_ascii_start) {
            let quoted =
                |quote| after.strip_prefix(quote).map(|inner: &'a str| inner.split_once(quote).unwrap_or((inner, "")));
            let bare = || after.split_at(after.find(|c: char| c.is_ascii_whitespace()).unwrap_or(after.len()));
            (value, rest) = quoted('"').or_else(|| quoted('\'')).unwrap_or_else(bare);
        }
        if found.eq_ignore_ascii_case(name) {
            return Some(decode(value));
        }
        rest = rest.trim_start_matches(is_gap);
    }
    None
}

/// Replaces the entities of a text.
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        rest = after;
        match entity(after) {
            Some((characters, length)) => {
                decoded.push_str(&characters);
                rest = after.get(length..).unwrap_or_default();
            }
            None => decoded.push('&'),
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Longest name of an entity, in bytes, in the HTML standard's list.
const MAX_NAME: usize = 31;

/// The characters of the entity that a text behind `&` begins with, and its length.
fn entity(text: &str) -> Option<(Cow<'static, str>, usize)> {
    if let Some(number) = text.strip_prefix('#') {
        let (digits, radix) = number.strip_prefix(['x', 'X']).map_or((number, 10), |digits| (digits, 16));
        let length = digits.chars().take_while(|c| c.is_digit(radix)).count();
        let end = text.len() - digits.len() + length;
        let character = character(u32::from_str_radix(digits.get(..length)?, radix).ok()?);
        return Some((Cow::Owned(character), end + usize::from(text.as_bytes().get(end) == Some(&b';'))));
    }
    let length = text.bytes().take(MAX_NAME).take_while(u8::is_ascii_alphanumeric).count();
    let name = text.get(..length)?;
    if text.as_bytes().get(length) == Some(&b';') {
        return Some((Cow::Borrowed(resolve_html5_entity(name)?), length + 1));
    }
    // The semicolon may be missing behind a few old names.
    let old =
        ["nbsp", "amp", "quot", "lt", "gt", "middot", "copy", "times"].iter().find(|old| name.starts_with(**old))?;
    Some((Cow::Borrowed(resolve_html5_entity(old)?), old.len()))
}

fn character(code: u32) -> String {
    match u8::try_from(code) {
        // The standard reads these numbers as Windows-1252.
        Ok(byte @ 0x80..=0x9F) => WINDOWS_1252.decode_without_bom_handling(&[byte]).0.into_owned(),
        Ok(0) => char::REPLACEMENT_CHARACTER.to_string(),
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_text_and_what_is_dropped() {
        let source =
            "<!DOCTYPE html><!--# include x --><P class='a>b'>3 < 5<br/>好<script>if (a</b) '<p>'</SCRIPT>完</p x>";
        let found: Vec<Token> = tokens(source).collect();
        let expected = [
            Token::Start("P", "class='a>b'"),
            Token::Text("3 "),
            Token::Text("< 5"),
            Token::Start("br", ""),
            Token::Text("好"),
            Token::Start("script", ""),
            Token::Text("if (a</b) '<p>'"),
            Token::End("SCRIPT"),
            Token::Text("完"),
            Token::End("p"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_broken_tag_loses_no_text() {
        for source in ["<a href=\"x>文字<b>黑", "<!-- 文字><p>文字<b>黑", "<title>文字<b>黑", "<textarea><p>文字<b>黑"]
        {
            let found: Vec<Token> = tokens(source).collect();
            assert!(found.contains(&Token::Text("文字")), "{source}");
            assert_eq!(found.last(), Some(&Token::Text("黑")), "{source}");
        }
    }

    #[test]
    fn attributes_and_entities() {
        let attributes = " ID = zoom class=\"a b\" title='\"甲&amp;乙\"' hidden";
        let value = |name| attribute(attributes, name).map(Cow::into_owned);
        assert_eq!(value("id").as_deref(), Some("zoom"));
        assert_eq!(value("class").as_deref(), Some("a b"));
        assert_eq!(value("title").as_deref(), Some("\"甲&乙\""));
        assert_eq!(value("hidden").as_deref(), Some(""));
        assert_eq!(value("style"), None);
        assert_eq!(decode("&#x4e00;&#12288;&#150;&nbsp;R&D&nbspA&unknown;&"), "一　–\u{a0}R&D\u{a0}A&unknown;&");
    }

    #[test]
    fn bombs_take_linear_time() {
        for piece in ["<a href=\"", "<!--", "<title>", "</", "<", "&", "<textarea>", "<a b='"] {
            let bomb = piece.repeat(200_000);
            assert!(tokens(&bomb).count() <= bomb.len());
            decode(&bomb);
            attribute(&bomb, "none");
        }
    }
}
