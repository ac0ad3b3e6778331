//! Finding, counting and replacing.

use crate::{Exception, Int, Slice};

/// The position in characters of a position in bytes.
fn characters(s: &str, byte: Option<usize>) -> Int {
    byte.map_or(Int::new(-1), |byte| s[..byte].chars().count().into())
}

/// `s.find(sub)`
pub fn find(s: &str, sub: &str) -> Int {
    characters(s, s.find(sub))
}

/// `s.rfind(sub)`
pub fn rfind(s: &str, sub: &str) -> Int {
    characters(s, s.rfind(sub))
}

/// The part of `s` to search and the characters before it; none when it starts beyond the end.
fn part(s: &str, within: Slice) -> Option<(usize, String)> {
    let chars: Vec<char> = s.chars().collect();
    let (start, range) = within.search_range(chars.len());
    (start <= chars.len()).then(|| (start, chars[range].iter().collect()))
}

/// `s.find(sub, a, b)`
pub fn find_in(s: &str, sub: &str, within: impl Into<Slice>) -> Int {
    shifted(part(s, within.into()), |text| find(text, sub))
}

/// `s.rfind(sub, a, b)`
pub fn rfind_in(s: &str, sub: &str, within: impl Into<Slice>) -> Int {
    shifted(part(s, within.into()), |text| rfind(text, sub))
}

fn shifted(part: Option<(usize, String)>, search: impl Fn(&str) -> Int) -> Int {
    match part.map(|(start, text)| (start, search(&text))) {
        Some((start, at)) if !at.is_negative() => at + Int::from(start),
        _ => Int::new(-1),
    }
}

/// `s.index(sub)`
///
/// # Errors
/// `ValueError`
pub fn index(s: &str, sub: &str) -> Result<Int, Exception> {
    found(find(s, sub))
}

/// `s.rindex(sub)`
///
/// # Errors
/// `ValueError`
pub fn rindex(s: &str, sub: &str) -> Result<Int, Exception> {
    found(rfind(s, sub))
}

fn found(at: Int) -> Result<Int, Exception> {
    if at.is_negative() {
        Err(Exception::value_error("substring not found"))
    } else {
        Ok(at)
    }
}

/// `s.count(sub)`
pub fn count(s: &str, sub: &str) -> Int {
    if sub.is_empty() {
        (s.chars().count() + 1).into()
    } else {
        s.matches(sub).count().into()
    }
}

/// `s.count(sub, a, b)`
pub fn count_in(s: &str, sub: &str, within: impl Into<Slice>) -> Int {
    part(s, within.into()).map_or(Int::ZERO, |(_, text)| count(&text, sub))
}

/// `s.startswith(prefix)`
pub fn startswith(s: &str, prefix: &str) -> bool {
    s.starts_with(prefix)
}

/// `s.startswith((prefix, …))`
pub fn startswith_any<T: AsRef<str>>(s: &str, prefixes: &[T]) -> bool {
    prefixes.iter().any(|prefix| s.starts_with(prefix.as_ref()))
}

/// `s.endswith(suffix)`
pub fn endswith(s: &str, suffix: &str) -> bool {
    s.ends_with(suffix)
}

/// `s.endswith((suffix, …))`
pub fn endswith_any<T: AsRef<str>>(s: &str, suffixes: &[T]) -> bool {
    suffixes.iter().any(|suffix| s.ends_with(suffix.as_ref()))
}

/// `s.replace(old, new)`
pub fn replace(s: &str, old: &str, new: &str) -> String {
    s.replace(old, new)
}

/// `s.replace(old, new, count)`
pub fn replace_max(s: &str, old: &str, new: &str, count: impl Into<Int>) -> String {
    let count = count.into();
    if count.is_negative() {
        s.replace(old, new)
    } else {
        s.replacen(old, new, count.count())
    }
}
