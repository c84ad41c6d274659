//! Numbers as bytes: seven bits a byte, the least significant first; and fixed widths, little endian.
//!
//! What is read comes from a file that may be damaged: too few bytes are an error, never a panic.

use std::io;

/// What is said of a body that does not hold what it says it holds.
pub fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the body of a segment is damaged")
}

/// Appends a number.
pub fn write(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends the `width` lowest bytes of a number.
pub fn write_fixed(out: &mut Vec<u8>, value: u64, width: usize) {
    out.extend_from_slice(&value.to_le_bytes()[..width]);
}

/// The number in `width` bytes (at most eight) from `at` on.
pub fn fixed(bytes: &[u8], at: usize, width: usize) -> io::Result<u64> {
    let found = at.checked_add(width).and_then(|end| bytes.get(at..end)).ok_or_else(damaged)?;
    let mut value = [0; 8];
    value[..width].copy_from_slice(found);
    Ok(u64::from_le_bytes(value))
}

/// Reads on and on from some bytes.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Begins at the first byte.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    /// What was not read.
    pub fn rest(self) -> &'a [u8] {
        self.rest
    }

    /// One byte.
    pub fn byte(&mut self) -> io::Result<u8> {
        let (&byte, rest) = self.rest.split_first().ok_or_else(damaged)?;
        self.rest = rest;
        Ok(byte)
    }

    /// A number written by [`write`].
    pub fn varint(&mut self) -> io::Result<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(damaged())
    }

    /// A number that has to fit in 32 bits.
    pub fn varint32(&mut self) -> io::Result<u32> {
        u32::try_from(self.varint()?).map_err(|_| damaged())
    }

    /// A number written by [`write`], if anything is left.
    pub fn varint_or_end(&mut self) -> io::Result<Option<u64>> {
        if self.rest.is_empty() { Ok(None) } else { self.varint().map(Some) }
    }

    /// A length in bytes, and so many bytes of UTF-8.
    pub fn string(&mut self) -> io::Result<&'a str> {
        let length = usize::try_from(self.varint()?).map_err(|_| damaged())?;
        std::str::from_utf8(self.take(length)?).map_err(|_| damaged())
    }

    /// So many bytes.
    pub fn take(&mut self, count: usize) -> io::Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(damaged)?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_and_short_bytes_are_errors() {
        let mut bytes = Vec::new();
        let values = [0, 1, 127, 128, 16_384, u64::from(u32::MAX), u64::MAX];
        values.iter().for_each(|&value| write(&mut bytes, value));
        let mut reader = Reader::new(&bytes);
        for value in values {
            assert_eq!(reader.varint().expect("there"), value);
        }
        assert!(reader.byte().is_err() && reader.take(1).is_err());
        assert!(Reader::new(&[0x80; 12]).varint().is_err());
        write_fixed(&mut bytes, 0x1_0203, 3);
        assert_eq!(fixed(&bytes, bytes.len() - 3, 3).expect("there"), 0x1_0203);
        assert!(fixed(&bytes, bytes.len() - 2, 3).is_err() && fixed(&bytes, usize::MAX, 3).is_err());
    }
}
