//! Splitting into parts.

use crate::{Exception, Int, unicode};

/// `s.split()`
pub fn split(s: &str) -> Vec<String> {
    s.split(unicode::is_space)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `s.split(None, maxsplit)`
pub fn split_max(s: &str, maxsplit: impl Into<Int>) -> Vec<String> {
    let limit = limit(maxsplit);
    let mut words = Vec::new();
    let mut rest = s.trim_start_matches(unicode::is_space);
    while !rest.is_empty() {
        if words.len() == limit {
            words.push(rest.to_owned());
            break;
        }
        let end = rest.find(unicode::is_space).unwrap_or(rest.len());
        words.push(rest[..end].to_owned());
        rest = rest[end..].trim_start_matches(unicode::is_space);
    }
    words
}

/// `s.rsplit(None, maxsplit)`
pub fn rsplit_max(s: &str, maxsplit: impl Into<Int>) -> Vec<String> {
    let limit = limit(maxsplit);
    let mut words = Vec::new();
    let mut rest = s.trim_end_matches(unicode::is_space);
    while !rest.is_empty() {
        if words.len() == limit {
            words.push(rest.to_owned());
            break;
        }
        let start = rest
            .char_indices()
            .rev()
            .find(|&(_, c)| unicode::is_space(c))
            .map_or(0, |(at, c)| at + c.len_utf8());
        words.push(rest[start..].to_owned());
        rest = rest[..start].trim_end_matches(unicode::is_space);
    }
    words.reverse();
    words
}

/// `s.split(separator)`
///
/// # Errors
/// `ValueError` when the separator is empty.
pub fn split_on(s: &str, separator: &str) -> Result<Vec<String>, Exception> {
    split_on_max(s, separator, -1)
}

/// `s.split(separator, maxsplit)`
///
/// # Errors
/// `ValueError` when the separator is empty.
pub fn split_on_max(
    s: &str,
    separator: &str,
    maxsplit: impl Into<Int>,
) -> Result<Vec<String>, Exception> {
    not_empty(separator)?;
    let parts = limit(maxsplit).saturating_add(1);
    Ok(s.splitn(parts, separator).map(str::to_owned).collect())
}

/// `s.rsplit(separator, maxsplit)`
///
/// # Errors
/// `ValueError` when the separator is empty.
pub fn rsplit_on_max(
    s: &str,
    separator: &str,
    maxsplit: impl Into<Int>,
) -> Result<Vec<String>, Exception> {
    not_empty(separator)?;
    let parts = limit(maxsplit).saturating_add(1);
    let mut parts: Vec<String> = s.rsplitn(parts, separator).map(str::to_owned).collect();
    parts.reverse();
    Ok(parts)
}

/// How often to split; a negative number means as often as possible.
fn limit(maxsplit: impl Into<Int>) -> usize {
    let maxsplit = maxsplit.into();
    if maxsplit.is_negative() {
        usize::MAX
    } else {
        maxsplit.count()
    }
}

fn not_empty(separator: &str) -> Result<(), Exception> {
    if separator.is_empty() {
        Err(Exception::value_error("empty separator"))
    } else {
        Ok(())
    }
}

/// `s.splitlines(keepends)`
pub fn splitlines(s: &str, keepends: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = s;
    while !rest.is_empty() {
        let end = rest.find(is_line_break).unwrap_or(rest.len());
        let tail = &rest[end..];
        let ending = match tail.chars().next() {
            Some('\r') if tail[1..].starts_with('\n') => 2,
            Some(c) => c.len_utf8(),
            None => 0,
        };
        lines.push(rest[..if keepends { end + ending } else { end }].to_owned());
        rest = &rest[end + ending..];
    }
    lines
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// `s.partition(separator)`
///
/// # Errors
/// `ValueError` when the separator is empty.
pub fn partition(s: &str, separator: &str) -> Result<(String, String, String), Exception> {
    not_empty(separator)?;
    Ok(match s.split_once(separator) {
        Some((before, after)) => (before.to_owned(), separator.to_owned(), after.to_owned()),
        None => (s.to_owned(), String::new(), String::new()),
    })
}

/// `s.rpartition(separator)`
///
/// # Errors
/// `ValueError` when the separator is empty.
pub fn rpartition(s: &str, separator: &str) -> Result<(String, String, String), Exception> {
    not_empty(separator)?;
    Ok(match s.rsplit_once(separator) {
        Some((before, after)) => (before.to_owned(), separator.to_owned(), after.to_owned()),
        None => (String::new(), String::new(), s.to_owned()),
    })
}
