//! The query as data: what a person typed, read into strings to be found. No tantivy here.
//!
//! Reading is lenient: no input is an error. A term is what stands between white space; `"…"` around a
//! whole term keeps spaces and the marks at its ends; every other quote is transparent.

use crate::text::fold::{MARK, matching_form};

/// A query: every string has to be found in a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What was typed.
    pub text: String,
    /// The matching form of each string; never empty strings.
    pub strings: Vec<String>,
}

impl Query {
    /// Reads a query.
    pub fn parse(text: &str) -> Query {
        let strings = terms(text)
            .into_iter()
            .map(|term| match term {
                Term::Bare(term) => matching_form(&term).trim_matches(MARK).to_owned(),
                Term::Quoted(term) => matching_form(&term),
            })
            .filter(|form| !form.is_empty())
            .collect();
        Query { text: text.to_owned(), strings }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Term {
    Bare(String),
    Quoted(String),
}

fn terms(text: &str) -> Vec<Term> {
    let chars: Vec<char> = text.chars().collect();
    let ends_term = |i: usize| chars.get(i).is_none_or(|c| c.is_whitespace());
    let mut terms = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        if chars[i].is_whitespace() {
            i += 1;
            continue;
        }
        let next_quote = (i + 1..chars.len()).find(|&j| chars[j] == '"');
        let closing = next_quote.filter(|&j| chars[i] == '"' && ends_term(j + 1));
        let end = match closing {
            Some(closing) => {
                terms.push(Term::Quoted(chars[i + 1..closing].iter().collect()));
                closing + 1
            }
            None => {
                let end = (i..chars.len()).find(|&j| ends_term(j)).unwrap_or(chars.len());
                terms.push(Term::Bare(chars[i..end].iter().collect()));
                end
            }
        };
        i = end;
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn strings_are_what_stands_between_spaces() {
        for (text, expected) in [
            ("十五五", &["十五五"][..]),
            ("十五五 产业社区", &["十五五", "产业社区"]),
            ("十五五　产业社区", &["十五五", "产业社区"]),
            ("“十五五”规划", &["十五五规划"]),
            ("发展，", &["发展"]),
            ("发展,推动", &["发展。推动"]),
            ("\"发展，\"", &["发展。"]),
            ("\"AI agent\" 算力", &["ai agent", "算力"]),
            ("\"不成对", &["不成对"]),
            ("一\"二 三\"四", &["一二", "三四"]),
            ("\"十五五\"规划 和 \"产业\"", &["十五五规划", "和", "产业"]),
            ("4+1 (一) 1+7+N", &["4+1", "一", "1+7+n"]),
            ("《》 ，", &[]),
            ("\"\"", &[]),
            ("", &[]),
        ] {
            assert_eq!(Query::parse(text).strings, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_an_error(text in "\\PC{0,60}") {
            for form in Query::parse(&text).strings {
                prop_assert!(!form.is_empty());
            }
        }
    }
}
