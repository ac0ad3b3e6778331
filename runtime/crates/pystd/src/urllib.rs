//! Python's `urllib.parse`: text in addresses.

use std::fmt::Write;

/// `urllib.parse.quote(text, safe)`
#[must_use]
pub fn quote(text: &str, safe: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for byte in text.bytes() {
        let is_kept = byte.is_ascii_alphanumeric()
            || b"_.-~".contains(&byte)
            || (byte.is_ascii() && safe.as_bytes().contains(&byte));
        if is_kept {
            quoted.push(char::from(byte));
        } else {
            let _ = write!(quoted, "%{byte:02X}");
        }
    }
    quoted
}

/// `urllib.parse.quote_plus(text, safe)`
#[must_use]
pub fn quote_plus(text: &str, safe: &str) -> String {
    if !text.contains(' ') {
        return quote(text, safe);
    }
    quote(text, &format!("{safe} ")).replace(' ', "+")
}

/// `urllib.parse.unquote(text)`
#[must_use]
pub fn unquote(text: &str) -> String {
    let mut unquoted = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        // what is not ASCII parts what is decoded as one
        let end = rest.find(|c: char| !c.is_ascii()).unwrap_or(rest.len());
        unquoted.push_str(&String::from_utf8_lossy(&bytes_of(&rest[..end])));
        let after = rest[end..]
            .find(|c: char| c.is_ascii())
            .map_or(rest.len(), |length| end + length);
        unquoted.push_str(&rest[end..after]);
        rest = &rest[after..];
    }
    unquoted
}

/// `urllib.parse.unquote_plus(text)`
#[must_use]
pub fn unquote_plus(text: &str) -> String {
    unquote(&text.replace('+', " "))
}

/// What `%` and two digits stand for, and all else as it is.
fn bytes_of(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let number = match after {
            [high, low, ..] if first == b'%' => digit(*high).zip(digit(*low)),
            _ => None,
        };
        match number {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    bytes
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}
