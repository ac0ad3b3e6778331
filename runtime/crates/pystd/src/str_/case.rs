//! Upper and lower case, as Unicode and CPython have them.

use crate::unicode;

/// `s.lower()`
pub fn lower(s: &str) -> String {
    if s.is_ascii() {
        return s.to_ascii_lowercase();
    }
    let chars: Vec<char> = s.chars().collect();
    let mut out = String::with_capacity(s.len());
    for at in 0..chars.len() {
        unicode::push_lower(&chars, at, &mut out);
    }
    out
}

/// `s.upper()`
pub fn upper(s: &str) -> String {
    mapped(s, unicode::push_upper)
}

/// `s.casefold()`
pub fn casefold(s: &str) -> String {
    mapped(s, unicode::push_folded)
}

fn mapped(s: &str, push: fn(char, &mut String)) -> String {
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        push(c, &mut out);
    }
    out
}

/// `s.title()`
pub fn title(s: &str) -> String {
    let chars: Vec<char> = s.chars().collect();
    let mut out = String::with_capacity(s.len());
    let mut within_word = false;
    for (at, &c) in chars.iter().enumerate() {
        if within_word {
            unicode::push_lower(&chars, at, &mut out);
        } else {
            unicode::push_title(c, &mut out);
        }
        within_word = unicode::is_cased(c);
    }
    out
}

/// `s.capitalize()`
pub fn capitalize(s: &str) -> String {
    let chars: Vec<char> = s.chars().collect();
    let mut out = String::with_capacity(s.len());
    for (at, &c) in chars.iter().enumerate() {
        if at == 0 {
            unicode::push_title(c, &mut out);
        } else {
            unicode::push_lower(&chars, at, &mut out);
        }
    }
    out
}

/// `s.swapcase()`
pub fn swapcase(s: &str) -> String {
    let chars: Vec<char> = s.chars().collect();
    let mut out = String::with_capacity(s.len());
    for (at, &c) in chars.iter().enumerate() {
        if unicode::is_upper(c) {
            unicode::push_lower(&chars, at, &mut out);
        } else if unicode::is_lower(c) {
            unicode::push_upper(c, &mut out);
        } else {
            out.push(c);
        }
    }
    out
}
