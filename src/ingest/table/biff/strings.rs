//! The shared strings of a BIFF workbook, whose characters take one or two bytes.

/// The UTF-16 units of characters of two bytes, or of one byte where the upper one is zero.
pub fn units(bytes: &[u8], is_wide: bool) -> Vec<u16> {
    if is_wide {
        bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
    } else {
        bytes.iter().map(|&byte| u16::from(byte)).collect()
    }
}

/// The strings that cells refer to, [MS-XLS] 2.5.293. They run on over the ends of records.
pub fn shared_strings(parts: &[&[u8]]) -> Vec<String> {
    let mut reader = Parts { current: &[], parts: parts.iter() };
    let mut strings = Vec::new();
    while let Some(string) = reader.string() {
        strings.push(string);
    }
    strings
}

/// The records that hold the strings, read on over their ends.
struct Parts<'a> {
    current: &'a [u8],
    parts: std::slice::Iter<'a, &'a [u8]>,
}

impl<'a> Parts<'a> {
    fn take(&mut self, most: usize) -> Option<&'a [u8]> {
        while self.current.is_empty() {
            self.current = self.parts.next()?;
        }
        let (taken, rest) = self.current.split_at(most.min(self.current.len()));
        self.current = rest;
        Some(taken)
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        let mut number = 0;
        for i in 0..bytes {
            number |= usize::from(*self.take(1)?.first()?) << (8 * i);
        }
        Some(number)
    }

    fn skip(&mut self, mut bytes: usize) {
        while bytes > 0 {
            let Some(skipped) = self.take(bytes) else { return };
            bytes -= skipped.len();
        }
    }

    fn string(&mut self) -> Option<String> {
        let mut left = self.number(2)?;
        let mut flags = self.number(1)?;
        let runs = if flags & 8 != 0 { self.number(2)? } else { 0 };
        let extension = if flags & 4 != 0 { self.number(4)? } else { 0 };
        let mut text: Vec<u16> = Vec::new();
        while left > 0 {
            // In a new record the characters begin with their flags again.
            if self.current.is_empty() {
                flags = self.number(1)?;
            }
            let is_wide = flags & 1 == 1;
            let taken = self.take(if is_wide { left * 2 } else { left })?;
            let found = units(taken, is_wide);
            // Half a character at a record's end is damage; it counts, so that this ends.
            left = left.saturating_sub(found.len().max(1));
            text.extend(found);
        }
        self.skip(runs * 4);
        self.skip(extension);
        Some(String::from_utf16_lossy(&text))
    }
}
