//! Takes a query apart: operators, and terms with what they carry.
//!
//! Operators count only where they cannot be part of a pasted term: `-`, `(` and `/` at a term's start, quotes and
//! parentheses around a whole one, words such as OR by themselves. Everything else is a bare term. What the
//! pieces mean together belongs to `parse`.

use super::Scope;
use super::fields::{self, Field};

/// A piece of a query before it is given a meaning.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Or,
    And,
    Not,
    /// `...` between two terms.
    Then,
    Group(Vec<char>),
    Scoped(Scope, Vec<char>),
    Quoted(Vec<char>),
    /// Quoted strings near each other.
    Near(Vec<char>, u32),
    Regex(String),
    Field(Field),
    Marks(bool),
    Bare(Vec<char>),
    /// `^2` after a term.
    Weight(f32),
}

/// Most tokens of a query or group; what comes after them is left out, with a remark.
pub(super) const MOST_TOKENS: usize = 256;

/// Takes queries apart.
pub(super) struct Tokenizer<'a> {
    /// Whether quotes count as they stand: then only `"…"` is an operator.
    pub marks: bool,
    /// What cannot be read as it looks, for a person.
    pub remarks: &'a mut Vec<String>,
}

impl Tokenizer<'_> {
    /// The tokens of a query; groups may hold groups to this depth.
    pub fn tokens(&mut self, chars: &[char], depth: usize) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut i = 0;
        while i < chars.len() {
            if tokens.len() >= MOST_TOKENS {
                self.remarks.push(format!("词语太多，只用了前面的 {MOST_TOKENS} 个"));
                break;
            }
            let c = chars[i];
            if c.is_whitespace() {
                i += 1;
            } else if c == '|' {
                tokens.push(Token::Or);
                i += 1;
            } else if c == '-' && chars.get(i + 1).is_some_and(|&next| !next.is_whitespace() && next != '-') {
                tokens.push(Token::Not);
                i += 1;
            } else {
                let (token, end) = self.term(chars, i, depth);
                tokens.push(token);
                i = end;
                if let Some((weight, end)) = weight_at(chars, i) {
                    tokens.push(Token::Weight(weight));
                    i = end;
                }
            }
        }
        tokens
    }

    /// The term that begins at `start`, and where it ends.
    fn term(&mut self, chars: &[char], start: usize, depth: usize) -> (Token, usize) {
        if let Some(end) = quotation(chars, start).filter(|_| !self.marks || chars[start] == '"') {
            let inner = chars[start + 1..end - 1].to_vec();
            return match distance_at(chars, end) {
                Some((within, end)) => (Token::Near(inner, within), end),
                None => (Token::Quoted(inner), end),
            };
        }
        if let Some(end) = group(chars, start).filter(|_| depth > 0) {
            return (Token::Group(chars[start + 1..end - 1].to_vec()), end);
        }
        if let Some((scope, open, end)) = scope_at(chars, start).filter(|_| depth > 0) {
            return (Token::Scoped(scope, chars[open + 1..end - 1].to_vec()), end);
        }
        if let Some((pattern, end)) = self.regex(chars, start) {
            return (Token::Regex(pattern), end);
        }
        match field_at(chars, start) {
            Some((Some(token), end)) => return (token, end),
            Some((None, end)) => {
                let typed: String = chars[start..end].iter().collect();
                self.remarks.push(format!("“{typed}”的值无法理解，按文字查找"));
            }
            None => {}
        }
        let mut end = bare_end(chars, start);
        let word: String = chars[start..end].iter().collect();
        let token = match word.as_str() {
            "OR" => Token::Or,
            "AND" => Token::And,
            "NOT" => Token::Not,
            "..." | "…" | "……" => Token::Then,
            _ => {
                if let Some(at) = (start + 1..end).rev().find(|&at| chars[at] == '^' && weight_at(chars, at).is_some())
                {
                    end = at;
                }
                Token::Bare(chars[start..end].to_vec())
            }
        };
        (token, end)
    }

    /// `/…/` at the start of a term, if it is a valid expression.
    fn regex(&mut self, chars: &[char], start: usize) -> Option<(String, usize)> {
        let end = (chars[start] == '/')
            .then(|| {
                (start + 2..chars.len()).find(|&i| chars[i] == '/' && chars[i - 1] != '\\' && ends_term(chars, i + 1))
            })
            .flatten()?;
        let pattern: String = chars[start + 1..end].iter().collect();
        match regex::Regex::new(&pattern) {
            Ok(_) => Some((pattern, end + 1)),
            Err(_) => {
                self.remarks.push(format!("“/{pattern}/”不是有效的正则表达式，按文字查找"));
                None
            }
        }
    }
}

/// Whether a term may end before position `i`.
fn ends_term(chars: &[char], i: usize) -> bool {
    chars.get(i).is_none_or(|c| c.is_whitespace() || matches!(c, '|' | ')' | '~' | '^'))
}

/// Where a bare term that begins at `start` ends.
fn bare_end(chars: &[char], start: usize) -> usize {
    (start + 1..chars.len()).find(|&i| chars[i].is_whitespace() || chars[i] == '|').unwrap_or(chars.len())
}

/// The end of a quotation that begins at `start` and is a whole term.
pub(super) fn quotation(chars: &[char], start: usize) -> Option<usize> {
    let closing = match chars.get(start)? {
        '"' => '"',
        '“' => '”',
        '「' => '」',
        _ => return None,
    };
    let end = (start + 1..chars.len()).find(|&i| chars[i] == closing)? + 1;
    ends_term(chars, end).then_some(end)
}

/// The end of a parenthesis that begins at `start` and is a whole term.
fn group(chars: &[char], start: usize) -> Option<usize> {
    balanced(chars, start, '(', ')')
}

/// A scope's name with its parenthesis: the scope, where the parenthesis opens, and its end.
fn scope_at(chars: &[char], start: usize) -> Option<(Scope, usize, usize)> {
    Scope::ALL.into_iter().find_map(|scope| {
        let (english, chinese) = scope.names();
        [english, chinese].into_iter().find_map(|name| {
            let open = start + name.chars().count();
            let named = name.chars().eq(chars.get(start..open)?.iter().copied());
            let end = group(chars, open).or_else(|| wide_group(chars, open)).filter(|_| named)?;
            Some((scope, open, end))
        })
    })
}

/// As [`group`] in full width, which only a scope's name makes an operator.
fn wide_group(chars: &[char], start: usize) -> Option<usize> {
    balanced(chars, start, '（', '）')
}

fn balanced(chars: &[char], start: usize, open: char, close: char) -> Option<usize> {
    if chars.get(start) != Some(&open) {
        return None;
    }
    let mut depth = 0usize;
    let mut quoted = false;
    for (i, &c) in chars.iter().enumerate().skip(start) {
        if c == '"' {
            quoted = !quoted;
        } else if c == open && !quoted {
            depth += 1;
        } else if c == close && !quoted {
            depth -= 1;
            if depth == 0 {
                return ends_term(chars, i + 1).then_some(i + 1);
            }
        }
    }
    None
}

/// `~n` at position `i`.
fn distance_at(chars: &[char], i: usize) -> Option<(u32, usize)> {
    let (digits, end) = digits_after(chars, i, '~')?;
    Some((digits.parse().ok()?, end))
}

/// `^n` or `^n.n` at position `i`.
fn weight_at(chars: &[char], i: usize) -> Option<(f32, usize)> {
    let (digits, end) = digits_after(chars, i, '^')?;
    let weight: f32 = digits.parse().ok()?;
    weight.is_finite().then_some((weight, end))
}

fn digits_after(chars: &[char], i: usize, sign: char) -> Option<(String, usize)> {
    if chars.get(i) != Some(&sign) {
        return None;
    }
    let digits: String =
        chars[i + 1..].iter().take(6).take_while(|c| c.is_ascii_digit() || (sign == '^' && **c == '.')).collect();
    let end = i + 1 + digits.len();
    (!digits.is_empty() && ends_term(chars, end)).then_some((digits, end))
}

/// `name:value` at the start of a term, and where it ends; no token if the value makes no sense.
fn field_at(chars: &[char], start: usize) -> Option<(Option<Token>, usize)> {
    let value_at = |from: usize| -> (String, usize) {
        let quoted = quotation(chars, from);
        let end = quoted.unwrap_or_else(|| {
            let stops = |&i: &usize| chars[i].is_whitespace() || matches!(chars[i], '|' | ')');
            (from..chars.len()).find(stops).unwrap_or(chars.len())
        });
        let inside = if quoted.is_some() { from + 1..end - 1 } else { from..end };
        (chars[inside].iter().collect(), end)
    };
    for name in ["marks:", "标点:"] {
        let length = name.chars().count();
        if chars.len() > start + length && name.chars().eq(chars[start..start + length].iter().copied()) {
            let (value, end) = value_at(start + length);
            let on = ["on", "开"].contains(&value.as_str());
            if on || ["off", "关"].contains(&value.as_str()) {
                return Some((Some(Token::Marks(on)), end));
            }
        }
    }
    let (length, name) = fields::name_at(&chars[start..])?;
    let (value, end) = value_at(start + length);
    Some((fields::field(name, &value).map(Token::Field), end))
}
