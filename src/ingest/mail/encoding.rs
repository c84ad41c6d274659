//! The transfer encodings of mail: base64 and quoted-printable (RFC 2045), and both in headers (RFC 2047).

/// Decodes base64. What is no digit is skipped.
pub fn base64(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for &byte in text {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            // Padding ends one run of digits; another may follow.
            b'=' => {
                count = 0;
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

/// Decodes quoted-printable. What is no code stands for itself.
pub fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'=' {
            bytes.push(byte);
            continue;
        }
        if let Some(code) = after.first_chunk::<2>().and_then(|digits| code(*digits)) {
            bytes.push(code);
            rest = after.get(2..).unwrap_or_default();
            continue;
        }
        // At a line's end, with white space or not, it joins the lines.
        let blank = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        match after.get(blank) {
            Some(b'\n') => rest = after.get(blank + 1..).unwrap_or_default(),
            None => rest = &[],
            Some(_) => bytes.push(b'='),
        }
    }
    bytes
}

/// The byte with these two hexadecimal digits.
pub fn code(digits: [u8; 2]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(digits[0])? << 4 | digit(digits[1])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transfer_encodings() {
        assert_eq!(
            base64("5pS/5b\r\nqc".as_bytes()),
            "政府".as_bytes()[..5].iter().copied().chain([0x9C]).collect::<Vec<u8>>()
        );
        assert_eq!(base64(b"YQ==YmM="), b"abc");
        assert_eq!(quoted_printable("=E6=94=BF= \r\n=e5=BA=9C a=b =".as_bytes()), "政府 a=b ".as_bytes());
    }
}
