//! What CPython's `str` knows about characters: classes and case.

mod tables;

use tables::*;

fn has(c: char, flag: u16) -> bool {
    let code = c as u32;
    let after = FLAGS.partition_point(|&(start, _, _)| start <= code);
    after > 0 && FLAGS[after - 1].1 >= code && FLAGS[after - 1].2 & flag != 0
}

macro_rules! classes {
    ($($name:ident $flag:ident)+) => {$(
        pub(crate) fn $name(c: char) -> bool {
            has(c, $flag)
        }
    )+};
}

classes! {
    is_alpha ALPHA
    is_decimal DECIMAL
    is_digit DIGIT
    is_numeric NUMERIC
    is_space SPACE
    is_printable PRINTABLE
    is_lower LOWER
    is_upper UPPER
    is_title TITLE
    is_cased CASED
    is_identifier_start IDENTIFIER_START
    is_identifier_part IDENTIFIER_PART
}

/// What `\w` matches, the underscore left out.
pub(crate) fn is_alnum(c: char) -> bool {
    has(c, ALPHA | DECIMAL | DIGIT | NUMERIC)
}

/// The value of a decimal digit of any script.
pub(crate) fn decimal_value(c: char) -> Option<u32> {
    if !is_decimal(c) {
        return None;
    }
    let code = c as u32;
    let after = ZEROS.partition_point(|&zero| zero <= code);
    ZEROS.get(after.checked_sub(1)?).map(|zero| code - zero)
}

fn push_mapped(table: &[(char, &str)], c: char, out: &mut String) {
    match table.binary_search_by_key(&c, |&(from, _)| from) {
        Ok(at) => out.push_str(table[at].1),
        Err(_) => out.push(c),
    }
}

pub(crate) fn push_upper(c: char, out: &mut String) {
    push_mapped(UPPER_OF, c, out);
}

pub(crate) fn push_title(c: char, out: &mut String) {
    push_mapped(TITLE_OF, c, out);
}

pub(crate) fn push_folded(c: char, out: &mut String) {
    push_mapped(FOLDED, c, out);
}

/// Lowers `chars[at]`; a sigma at the end of a word has a form of its own.
pub(crate) fn push_lower(chars: &[char], at: usize, out: &mut String) {
    if chars[at] == 'Σ' && is_final_sigma(chars, at) {
        out.push('ς');
    } else {
        push_mapped(LOWER_OF, chars[at], out);
    }
}

fn is_final_sigma(chars: &[char], at: usize) -> bool {
    let relevant = |c: &&char| !has(**c, CASE_IGNORABLE);
    let cased = |c: &char| is_cased(*c);
    chars[..at].iter().rev().find(relevant).is_some_and(cased)
        && !chars[at + 1..].iter().find(relevant).is_some_and(cased)
}

/// The single small letter a character becomes, if it becomes a single one.
pub(crate) fn simple_lower(c: char) -> char {
    single(LOWER_OF, c)
}

/// The single capital a character becomes, if it becomes a single one.
pub(crate) fn simple_upper(c: char) -> char {
    single(UPPER_OF, c)
}

fn single(table: &[(char, &str)], c: char) -> char {
    let Ok(at) = table.binary_search_by_key(&c, |&(from, _)| from) else {
        return c;
    };
    let mut mapped = table[at].1.chars();
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// The capitals a character becomes, if it changes.
pub(crate) fn upper_of(c: char) -> Option<&'static str> {
    UPPER_OF
        .binary_search_by_key(&c, |&(from, _)| from)
        .ok()
        .map(|at| UPPER_OF[at].1)
}
