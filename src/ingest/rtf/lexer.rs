//! RTF as tokens (RTF 1.9.1, "RTF Syntax").
//!
//! Borrows the bytes, every one of which is looked at once; what `\bin` claims is bounded by what is there.

/// A piece of RTF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// A control word with its parameter.
    Word(&'a [u8], Option<i32>),
    /// A control symbol: a backslash and this character.
    Symbol(u8),
    /// A byte of text, literal or as `\'xx`.
    Byte(u8),
    /// Binary data, left out.
    Binary,
}

/// Cuts RTF into tokens.
pub(super) struct Lexer<'a> {
    rest: &'a [u8],
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn bump(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    /// Steps over a prefix and returns it.
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, test: impl Fn(&u8) -> bool) -> &'a [u8] {
        let length = self.rest.iter().position(|byte| !test(byte)).unwrap_or(self.rest.len());
        self.take(length)
    }

    fn control(&mut self) -> Option<Token<'a>> {
        if self.rest.first()?.is_ascii_alphabetic() {
            return Some(self.word());
        }
        let byte = self.bump()?;
        match byte {
            b'\'' => {
                let digits =
                    self.rest.first_chunk::<2>().copied().map(|pair| pair.map(|digit| (digit as char).to_digit(16)));
                let Some([Some(high), Some(low)]) = digits else { return Some(Token::Symbol(byte)) };
                self.take(2);
                Some(Token::Byte((high * 16 + low) as u8))
            }
            b'{' | b'}' | b'\\' => Some(Token::Byte(byte)),
            b'\r' | b'\n' => Some(Token::Word(b"par", None)),
            b'\t' => Some(Token::Word(b"tab", None)),
            _ => Some(Token::Symbol(byte)),
        }
    }

    fn word(&mut self) -> Token<'a> {
        let name = self.take_while(u8::is_ascii_alphabetic);
        let sign = self.rest.first() == Some(&b'-') && self.rest.get(1).is_some_and(u8::is_ascii_digit);
        if sign {
            self.take(1);
        }
        let digits = self.take_while(u8::is_ascii_digit);
        let value =
            digits.iter().fold(0_i32, |value, digit| value.saturating_mul(10).saturating_add(i32::from(digit - b'0')));
        if self.rest.first() == Some(&b' ') {
            self.take(1);
        }
        let parameter = (!digits.is_empty()).then_some(if sign { -value } else { value });
        if name == b"bin" {
            self.take(usize::try_from(parameter.unwrap_or(0)).unwrap_or(0));
            return Token::Binary;
        }
        Token::Word(name, parameter)
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            return match self.bump()? {
                b'{' => Some(Token::Open),
                b'}' => Some(Token::Close),
                b'\\' => self.control(),
                // Line ends only break the source's lines; a zero byte is padding.
                b'\r' | b'\n' | 0 => continue,
                byte => Some(Token::Byte(byte)),
            };
        }
    }
}
