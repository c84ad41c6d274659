//! Text of reports inside pages: what HTML or Markdown would read as its own is written out.

use std::fmt::{self, Display, Formatter, Write};

/// Text in an HTML page, between tags or in an attribute.
pub struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Text in a line of Markdown; tabs and line breaks become spaces.
pub struct Plain<'a>(pub &'a str);

impl Display for Plain<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '<' | '>' | '#' | '|' | '&' | '!' => write!(f, "\\{c}")?,
                '\t' | '\n' | '\r' => f.write_char(' ')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        assert_eq!(Escaped("<b>\"甲&乙\"").to_string(), "&lt;b&gt;&quot;甲&amp;乙&quot;");
        assert_eq!(Plain("**甲**|<乙>\t~丙~").to_string(), r"\*\*甲\*\*\|\<乙\> \~丙\~");
    }
}
