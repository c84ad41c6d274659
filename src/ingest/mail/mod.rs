//! Saved mail (eml) and saved web pages (mht): the body and the attachments of a MIME message.
//!
//! Invariant: each byte of a message is looked at a bounded number of times, and parts are nested no deeper
//! than [`MAX_NESTING`]. Texts are decoded by their content, since declared charsets lie; attachments are
//! handed to the caller as they are. RFC 5322, 2045 to 2047, 2231, 2557.

mod encoding;
mod header;

use std::borrow::Cow;

use self::encoding::{base64, quoted_printable};
use self::header::{Headers, date};
use crate::ingest::decode;

/// A message.
#[derive(Debug, Default)]
pub struct Mail {
    /// Whether it is a saved page rather than a message.
    pub is_page: bool,
    /// Its subject.
    pub subject: Option<String>,
    /// The day it was sent, such as `2025-01-18`.
    pub date: Option<String>,
    /// Its body.
    pub body: Body,
    /// Names and contents of its attachments; for a saved page those of its pictures and styles are left out.
    pub attachments: Vec<(String, Vec<u8>)>,
}

/// The body of a message.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Body {
    /// There is none.
    #[default]
    None,
    /// Plain text.
    Text(String),
    /// An HTML page.
    Html(String),
}

/// How deep parts may be nested.
const MAX_NESTING: usize = 8;

/// Most parts of a message that are looked at.
const MAX_PARTS: usize = 10_000;

/// Whether a file begins like a message: with header lines, of which one must be told from the lines of a report.
pub fn is_mail(head: &[u8]) -> bool {
    const SURE: [&str; 5] = ["mime-version", "message-id", "received", "return-path", "x-mailer"];
    const USUAL: [&str; 6] = ["from", "to", "subject", "date", "content-type", "snapshot-content-location"];
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let (mut sure, mut usual) = (0, 0);
    for line in head.trim_ascii_start().split(|&byte| byte == b'\n').take(200) {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            // Only the line of a mailbox may stand before the headers.
            if line.starts_with(b"From ") && sure + usual == 0 {
                continue;
            }
            return false;
        };
        let name = line.get(..colon).unwrap_or_default().to_ascii_lowercase();
        if !name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
            return false;
        }
        sure += usize::from(SURE.iter().any(|known| known.as_bytes() == name));
        usual += usize::from(USUAL.iter().any(|known| known.as_bytes() == name));
    }
    sure > 0 && usual > 0 || usual >= 3
}

/// Reads a message, or a saved page.
///
/// # Errors
/// A reason for a person.
pub fn eml(bytes: &[u8]) -> Result<Mail, String> {
    let (headers, body) = Headers::split(bytes.trim_ascii_start());
    if headers.is_empty() {
        return Err("不是邮件，没有邮件头".to_owned());
    }
    let mut reader = Reader { mail: Mail::default(), parts: 0 };
    reader.part(&headers, body, 0, Frame::Mixed);
    let mut mail = reader.mail;
    let kind = headers.get("content-type").unwrap_or_default().to_ascii_lowercase();
    mail.is_page = kind.starts_with("multipart/related");
    mail.subject = headers.text("subject").filter(|subject| !subject.is_empty());
    mail.date = headers.get("date").and_then(|value| date(&value));
    if mail.body == Body::None && mail.attachments.is_empty() {
        return Err("邮件没有正文".to_owned());
    }
    Ok(mail)
}

/// What a part stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Mixed,
    /// The same content in several forms.
    Alternative,
    /// A page and what it shows.
    Related,
}

struct Reader {
    mail: Mail,
    parts: usize,
}

impl Reader {
    fn part(&mut self, headers: &Headers, body: &[u8], depth: usize, frame: Frame) {
        self.parts += 1;
        if self.parts > MAX_PARTS || depth > MAX_NESTING {
            return;
        }
        let kind = headers.get("content-type").unwrap_or_default();
        let media = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if let Some(boundary) =
            headers.parameter("content-type", "boundary").filter(|_| media.starts_with("multipart/"))
        {
            let frame = match media.as_str() {
                "multipart/alternative" => Frame::Alternative,
                "multipart/related" => Frame::Related,
                _ => Frame::Mixed,
            };
            for part in parts(body, boundary.as_bytes()) {
                let (headers, body) = Headers::split(part);
                self.part(&headers, body, depth + 1, frame);
            }
            return;
        }
        let content =
            match headers.get("content-transfer-encoding").unwrap_or_default().trim().to_ascii_lowercase().as_str() {
                "base64" => Cow::Owned(base64(body)),
                "quoted-printable" => Cow::Owned(quoted_printable(body)),
                _ => Cow::Borrowed(body),
            };
        let name =
            headers.parameter("content-disposition", "filename").or_else(|| headers.parameter("content-type", "name"));
        let is_attachment = headers
            .get("content-disposition")
            .is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("attachment"));
        match media.as_str() {
            _ if is_attachment => self.attach(name, &media, &content),
            "text/html" | "application/xhtml+xml" if frame == Frame::Related || name.is_none() => {
                self.html(&content, frame)
            }
            "" | "text/plain" if name.is_none() => self.text(&content, frame),
            // Pictures and styles of a page.
            _ if frame == Frame::Related && (name.is_none() || media.starts_with("image/")) => {}
            _ => self.attach(name, &media, &content),
        }
    }

    fn html(&mut self, content: &[u8], frame: Frame) {
        let html = decode::decode(content).text;
        match &mut self.mail.body {
            // A saved page may consist of frames; the largest holds the article.
            Body::Html(body) if frame == Frame::Related && html.len() <= body.len() => {}
            Body::Html(body) if frame == Frame::Mixed => body.push_str(&html),
            Body::Text(_) if frame == Frame::Mixed => self.attach(None, "text/html", content),
            body => *body = Body::Html(html),
        }
    }

    fn text(&mut self, content: &[u8], frame: Frame) {
        let text = decode::decode(content).text;
        match &mut self.mail.body {
            Body::None => self.mail.body = Body::Text(text),
            Body::Text(body) if frame != Frame::Alternative => {
                body.push('\n');
                body.push_str(&text);
            }
            Body::Html(_) if frame == Frame::Mixed => self.attach(None, "text/plain", content),
            _ => {}
        }
    }

    fn attach(&mut self, name: Option<String>, media: &str, content: &[u8]) {
        let ending = match media {
            "message/rfc822" => "eml",
            "text/html" => "html",
            "text/plain" => "txt",
            "application/pdf" => "pdf",
            _ => "bin",
        };
        let name = name.unwrap_or_else(|| format!("附件{}.{ending}", self.mail.attachments.len() + 1));
        // A name is no path.
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        if !content.trim_ascii().is_empty() {
            self.mail.attachments.push((name, content.to_vec()));
        }
    }
}

/// The parts between the boundaries of a multipart body. The last one may lack its end.
fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut start = None;
    let mut at = 0;
    // The line break before a boundary belongs to it.
    let whole = |part: &'a [u8]| part.strip_suffix(b"\n").map_or(part, |part| part.strip_suffix(b"\r").unwrap_or(part));
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        let rest = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary)).map(<[u8]>::trim_ascii_end);
        if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest == b"--") {
            if let Some(start) = start {
                parts.extend(body.get(start..at).map(whole));
            }
            start = rest.is_empty().then_some(at + line.len());
        }
        at += line.len();
    }
    if let Some(start) = start {
        parts.extend(body.get(start..));
    }
    parts
}

#[cfg(test)]
mod tests;
