//! The header lines of a message or of one of its parts.

use encoding_rs::Encoding;

use super::encoding::{base64, code, quoted_printable};
use crate::ingest::decode;
use crate::ingest::extract::one_line;

/// Most bytes of headers that are looked at.
const MAX_HEADERS: usize = 1 << 20;

/// Header lines: names in lower case, values on one line.
pub struct Headers(Vec<(String, Vec<u8>)>);

impl Headers {
    /// Parts a message's headers from its body.
    pub fn split(bytes: &[u8]) -> (Headers, &[u8]) {
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        let mut rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let before = rest.len();
        while !rest.is_empty() && before - rest.len() < MAX_HEADERS {
            let end = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |end| end + 1);
            let (line, after) = rest.split_at(end);
            let text = line.trim_ascii_end();
            if text.is_empty() {
                return (Headers(headers), after);
            }
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                if let Some((_, value)) = headers.last_mut() {
                    value.push(b' ');
                    value.extend(text.trim_ascii());
                }
            } else if let Some(colon) = text.iter().position(|&byte| byte == b':') {
                let (name, value) = text.split_at(colon);
                let value = value.get(1..).unwrap_or_default().trim_ascii();
                headers.push((String::from_utf8_lossy(name).trim().to_ascii_lowercase(), value.to_vec()));
            } else if !text.starts_with(b"From ") {
                // No header line: the blank line before the body is missing.
                return (Headers(headers), rest);
            }
            rest = after;
        }
        (Headers(headers), rest)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn raw(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_slice())
    }

    /// The value of a header as it stands.
    pub fn get(&self, name: &str) -> Option<String> {
        self.raw(name).map(decode::decode_name)
    }

    /// The value of a header that people write.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| words(&value))
    }

    /// A parameter of a header, such as the name of a file.
    pub fn parameter(&self, header: &str, name: &str) -> Option<String> {
        let value = self.get(header)?;
        let (mut plain, mut coded) = (None, Vec::new());
        for (key, value) in parameters(&value) {
            let Some(rest) = key.strip_prefix(name) else { continue };
            if rest.is_empty() {
                plain = plain.or(Some(words(&value)));
            } else if rest.starts_with('*') {
                coded.push((rest.to_owned(), value));
            }
        }
        // RFC 2231: `name*=charset'language'…`, in pieces `name*0*=…; name*1=…` if it is long.
        coded.sort_by_key(|(rest, _)| rest.trim_matches('*').parse::<u32>().unwrap_or(0));
        let mut bytes = Vec::new();
        let mut charset = String::new();
        for (i, (rest, value)) in coded.iter().enumerate() {
            let mut value = value.as_str();
            if rest.ends_with('*') {
                if i == 0
                    && let Some((label, after)) = value.split_once('\'')
                {
                    charset = label.to_owned();
                    value = after.split_once('\'').map_or(after, |(_, value)| value);
                }
                bytes.extend(percent_decoded(value));
            } else {
                bytes.extend(value.bytes());
            }
        }
        if coded.is_empty() { plain } else { Some(decoded(&charset, &bytes)) }
    }
}

/// The parameters behind a value: `value; name=text; name="text"`.
fn parameters(value: &str) -> Vec<(String, String)> {
    let mut parameters = Vec::new();
    let mut rest = value.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_matches(|c: char| c.is_whitespace() || c == ';').to_ascii_lowercase();
        let after = after.trim_start();
        let mut text = String::new();
        if let Some(quoted) = after.strip_prefix('"') {
            let mut characters = quoted.chars();
            while let Some(c) = characters.next().filter(|&c| c != '"') {
                text.extend(if c == '\\' { characters.next() } else { Some(c) });
            }
            rest = characters.as_str().split_once(';').map_or("", |(_, rest)| rest);
        } else {
            let (bare, behind) = after.split_once(';').unwrap_or((after, ""));
            text.push_str(bare.trim());
            rest = behind;
        }
        parameters.push((name, text));
    }
    parameters
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.first_chunk::<2>().filter(|_| byte == b'%').and_then(|digits| code(*digits));
        bytes.push(code.unwrap_or(byte));
        rest = if code.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    bytes
}

/// Decodes bytes of a header: by the charset it names, or by their content if that fails.
fn decoded(charset: &str, bytes: &[u8]) -> String {
    let encoding = Encoding::for_label(charset.as_bytes());
    let text = encoding.and_then(|encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes));
    text.map_or_else(|| decode::decode_name(bytes), |text| text.into_owned())
}

/// Decodes the words of a header that stand in another encoding: `=?gb2312?B?…?=` (RFC 2047).
fn words(value: &str) -> String {
    let mut text = String::new();
    // A character may be split between words of the same charset, so bytes are gathered.
    let mut gathered: Option<(String, Vec<u8>)> = None;
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("=?") {
        let mut fields = after.splitn(3, '?');
        let word = fields.next().zip(fields.next()).zip(fields.next().and_then(|last| last.split_once("?=")));
        let Some(((charset, kind), (content, behind))) = word else { break };
        let charset = charset.split('*').next().unwrap_or_default();
        let bytes = match kind {
            "B" | "b" => base64(content.as_bytes()),
            _ => quoted_printable(content.replace('_', " ").as_bytes()),
        };
        rest = behind;
        match &mut gathered {
            Some((label, so_far)) if label.eq_ignore_ascii_case(charset) && before.trim().is_empty() => {
                so_far.extend(bytes)
            }
            _ => {
                let is_between = gathered.is_some() && before.trim().is_empty();
                text.extend(gathered.take().map(|(label, bytes)| decoded(&label, &bytes)));
                text.push_str(if is_between { "" } else { before });
                gathered = Some((charset.to_owned(), bytes));
            }
        }
    }
    text.extend(gathered.map(|(label, bytes)| decoded(&label, &bytes)));
    text.push_str(rest);
    one_line(&text)
}

/// The day of a date such as `Sat, 18 Jan 2025 09:30:00 +0800`.
pub fn date(value: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut words = value.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let day: u32 = words.find_map(|word| word.parse().ok())?;
    let month = words.next()?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|name| month.starts_with(name))? + 1;
    let year: u32 = words.next()?.parse().ok()?;
    let year = if year < 70 {
        year + 2000
    } else if year < 100 {
        year + 1900
    } else {
        year
    };
    ((1..=31).contains(&day) && (1900..2200).contains(&year)).then(|| format!("{year}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_unfolded_and_decoded() {
        let source = "Subject: =?gb2312?B?1f64rg==?=\r\n =?GB2312?Q?=B9=A4=D7=F7?= report\r\nDate: Sat, 18 Jan 2025 09:30:00 +0800\r\n\
                      Content-Disposition: attachment; filename*0*=UTF-8''%E6%8A; filename*1*=%A5.txt\r\n\
                      Content-Type: text/plain; name=\"=?utf-8?B?5oql?=\"; charset=gbk\r\n\r\nbody";
        let (headers, body) = Headers::split(source.as_bytes());
        assert_eq!(headers.text("subject").as_deref(), Some("政府工作 report"));
        assert_eq!(headers.get("date").and_then(|value| date(&value)).as_deref(), Some("2025-01-18"));
        assert_eq!(headers.parameter("content-disposition", "filename").as_deref(), Some("报.txt"));
        assert_eq!(headers.parameter("content-type", "name").as_deref(), Some("报"));
        assert_eq!(headers.parameter("content-type", "charset").as_deref(), Some("gbk"));
        assert_eq!(body, b"body");
    }

    #[test]
    fn a_part_without_headers_is_all_body() {
        assert_eq!(Headers::split(b"\r\nNote: text").1, b"Note: text");
        assert_eq!(Headers::split(b"\nplain text").1, b"plain text");
    }
}
