//! The methods of `str`.

use crate::{Bytes, Exception, Int, PyRepr, Slice, slice, unicode};

mod case;
mod class;
mod search;
mod split;

pub use case::{capitalize, casefold, lower, swapcase, title, upper};
pub use class::{
    isalnum, isalpha, isascii, isdecimal, isdigit, isidentifier, islower, isnumeric, isprintable,
    isspace, istitle, isupper,
};
pub use search::{
    count, count_in, endswith, endswith_any, find, find_in, index, replace, replace_max, rfind,
    rfind_in, rindex, startswith, startswith_any,
};
pub use split::{
    partition, rpartition, rsplit_max, rsplit_on_max, split, split_max, split_on, split_on_max,
    splitlines,
};

/// `s[index]`
///
/// # Errors
/// `IndexError`
pub fn item(s: &str, index: impl Into<Int>) -> Result<String, Exception> {
    let message = "string index out of range";
    if s.is_ascii() {
        let at = slice::checked_offset(&index.into(), s.len(), message)?;
        return Ok(s[at..=at].to_owned());
    }
    let chars: Vec<char> = s.chars().collect();
    slice::checked_offset(&index.into(), chars.len(), message).map(|at| chars[at].to_string())
}

/// `s[a:b:c]`
pub fn slice(s: &str, slice: impl Into<Slice>) -> String {
    let slice = slice.into();
    let chars: Vec<char> = s.chars().collect();
    match slice.range(chars.len()) {
        Some(range) => chars[range].iter().collect(),
        None => slice
            .positions(chars.len())
            .into_iter()
            .map(|at| chars[at])
            .collect(),
    }
}

/// The characters of `s`, each a string.
pub fn chars(s: &str) -> Vec<String> {
    s.chars().map(String::from).collect()
}

/// `s * times`
///
/// # Errors
/// `MemoryError` when the result cannot be held.
pub fn repeat(s: &str, times: impl Into<Int>) -> Result<String, Exception> {
    let times = times.into().count();
    match s.len().checked_mul(times) {
        Some(len) if isize::try_from(len).is_ok() => Ok(s.repeat(times)),
        _ => Err(Exception::raise("MemoryError", [])),
    }
}

/// `s.strip()`
pub fn strip(s: &str) -> String {
    s.trim_matches(unicode::is_space).to_owned()
}

/// `s.lstrip()`
pub fn lstrip(s: &str) -> String {
    s.trim_start_matches(unicode::is_space).to_owned()
}

/// `s.rstrip()`
pub fn rstrip(s: &str) -> String {
    s.trim_end_matches(unicode::is_space).to_owned()
}

/// `s.strip(chars)`
pub fn strip_chars(s: &str, chars: &str) -> String {
    s.trim_matches(|c| chars.contains(c)).to_owned()
}

/// `s.lstrip(chars)`
pub fn lstrip_chars(s: &str, chars: &str) -> String {
    s.trim_start_matches(|c| chars.contains(c)).to_owned()
}

/// `s.rstrip(chars)`
pub fn rstrip_chars(s: &str, chars: &str) -> String {
    s.trim_end_matches(|c| chars.contains(c)).to_owned()
}

/// `separator.join(items)`
pub fn join<T: AsRef<str>>(separator: &str, items: impl IntoIterator<Item = T>) -> String {
    let mut joined = String::new();
    for (number, item) in items.into_iter().enumerate() {
        if number > 0 {
            joined.push_str(separator);
        }
        joined.push_str(item.as_ref());
    }
    joined
}

/// How many characters `s` lacks to be `width` wide.
fn missing(s: &str, width: impl Into<Int>) -> usize {
    width.into().count().saturating_sub(s.chars().count())
}

fn fill_char(fill: &str) -> Result<char, Exception> {
    let mut chars = fill.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(Exception::type_error(
            "The fill character must be exactly one character long",
        )),
    }
}

fn filled(fill: char, times: usize) -> String {
    std::iter::repeat_n(fill, times).collect()
}

/// `s.ljust(width, fill)`
///
/// # Errors
/// `TypeError` when `fill` is not one character.
pub fn ljust(s: &str, width: impl Into<Int>, fill: &str) -> Result<String, Exception> {
    Ok(format!(
        "{s}{}",
        filled(fill_char(fill)?, missing(s, width))
    ))
}

/// `s.rjust(width, fill)`
///
/// # Errors
/// `TypeError` when `fill` is not one character.
pub fn rjust(s: &str, width: impl Into<Int>, fill: &str) -> Result<String, Exception> {
    Ok(format!(
        "{}{s}",
        filled(fill_char(fill)?, missing(s, width))
    ))
}

/// `s.center(width, fill)`
///
/// # Errors
/// `TypeError` when `fill` is not one character.
pub fn center(s: &str, width: impl Into<Int>, fill: &str) -> Result<String, Exception> {
    let (fill, width) = (fill_char(fill)?, width.into().count());
    let missing = missing(s, width);
    // the odd one goes left only when the width is odd too
    let left = missing / 2 + (missing & width & 1);
    Ok(format!(
        "{}{s}{}",
        filled(fill, left),
        filled(fill, missing - left)
    ))
}

/// `s.zfill(width)`
pub fn zfill(s: &str, width: impl Into<Int>) -> String {
    let zeros = filled('0', missing(s, width));
    match s.strip_prefix(['+', '-']) {
        Some(rest) => format!("{}{zeros}{rest}", &s[..1]),
        None => format!("{zeros}{s}"),
    }
}

/// `s.removeprefix(prefix)`
pub fn removeprefix(s: &str, prefix: &str) -> String {
    s.strip_prefix(prefix).unwrap_or(s).to_owned()
}

/// `s.removesuffix(suffix)`
pub fn removesuffix(s: &str, suffix: &str) -> String {
    s.strip_suffix(suffix).unwrap_or(s).to_owned()
}

/// `s.expandtabs(size)`
pub fn expandtabs(s: &str, size: impl Into<Int>) -> String {
    let size = size.into().count();
    let mut out = String::new();
    let mut column = 0;
    for c in s.chars() {
        match c {
            '\t' if size > 0 => {
                let spaces = size - column % size;
                out.push_str(&filled(' ', spaces));
                column += spaces;
            }
            '\t' => {}
            _ => {
                out.push(c);
                column = if matches!(c, '\n' | '\r') {
                    0
                } else {
                    column + 1
                };
            }
        }
    }
    out
}

/// `s.encode()`
pub fn encode(s: &str) -> Bytes {
    s.as_bytes().into()
}

/// `bytes.decode()`
///
/// # Errors
/// `UnicodeDecodeError`; its message names only what was not UTF-8.
pub fn decode(bytes: &Bytes) -> Result<String, Exception> {
    String::from_utf8(bytes.0.clone()).map_err(|_| {
        Exception::unsupported(format!("decoding {}, which is not UTF-8", bytes.py_repr()))
    })
}

/// `chr(code)`
///
/// # Errors
/// `ValueError` beyond Unicode; unsupported for a surrogate, which no Rust string holds.
pub fn chr(code: &Int) -> Result<String, Exception> {
    let number = code
        .to_i64()
        .and_then(|code| u32::try_from(code).ok())
        .filter(|&code| code < 0x11_0000);
    let Some(number) = number else {
        return Err(Exception::value_error("chr() arg not in range(0x110000)"));
    };
    char::from_u32(number)
        .map(String::from)
        .ok_or_else(|| Exception::unsupported(format!("the surrogate chr({number:#x})")))
}

/// `ord(s)`
///
/// # Errors
/// `TypeError` unless `s` is one character.
pub fn ord(s: &str) -> Result<Int, Exception> {
    let mut chars = s.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => Ok(i64::from(u32::from(only)).into()),
        _ => Err(Exception::type_error(format!(
            "ord() expected a character, but string of length {} found",
            s.chars().count()
        ))),
    }
}
