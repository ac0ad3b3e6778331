//! What follows a backslash in a pattern.

use super::parse::{Parser, class_of};
use super::syntax::Class;
use crate::Exception;

pub(super) enum Escape {
    Char(char),
    Class(Class, bool),
    Group(usize),
    Start,
    End,
    Boundary,
    NoBoundary,
}

/// Reads what follows a backslash just taken.
pub(super) fn read_escape(parser: &mut Parser, in_set: bool) -> Result<Escape, Exception> {
    let start = parser.at - 1;
    let Some(c) = parser.peek() else {
        return Err(parser.error("bad escape (end of pattern)", start));
    };
    parser.at += 1;
    if let Some((class, negated)) = class_of(c) {
        return Ok(Escape::Class(class, negated));
    }
    match c {
        'A' if !in_set => Ok(Escape::Start),
        'Z' if !in_set => Ok(Escape::End),
        'b' if !in_set => Ok(Escape::Boundary),
        'B' if !in_set => Ok(Escape::NoBoundary),
        'b' => Ok(Escape::Char('\u{8}')),
        'a' => Ok(Escape::Char('\u{7}')),
        'f' => Ok(Escape::Char('\u{c}')),
        'n' => Ok(Escape::Char('\n')),
        'r' => Ok(Escape::Char('\r')),
        't' => Ok(Escape::Char('\t')),
        'v' => Ok(Escape::Char('\u{b}')),
        'x' => code(parser, start, 2),
        'u' => code(parser, start, 4),
        'U' => code(parser, start, 8),
        'N' => Err(Exception::unsupported(
            "a character by its name in a regular expression",
        )),
        '0'..='9' => number(parser, c, start, in_set),
        _ if c.is_ascii_alphabetic() => Err(parser.error(&format!("bad escape \\{c}"), start)),
        _ => Ok(Escape::Char(c)),
    }
}

fn code(parser: &mut Parser, start: usize, len: usize) -> Result<Escape, Exception> {
    let mut digits = String::new();
    while let Some(c) = parser
        .peek()
        .filter(|c| c.is_ascii_hexdigit() && digits.len() < len)
    {
        digits.push(c);
        parser.at += 1;
    }
    let shown: String = parser.chars[start..parser.at].iter().collect();
    if digits.len() < len {
        return Err(parser.error(&format!("incomplete escape {shown}"), start));
    }
    match u32::from_str_radix(&digits, 16) {
        Ok(code) if code > 0x10_ffff => Err(parser.error(&format!("bad escape {shown}"), start)),
        Ok(code) => char::from_u32(code)
            .map(Escape::Char)
            .ok_or_else(|| Exception::unsupported(format!("the surrogate {shown}"))),
        Err(_) => Err(parser.error(&format!("bad escape {shown}"), start)),
    }
}

/// An octal number, or the number of a group.
fn number(
    parser: &mut Parser,
    first: char,
    start: usize,
    in_set: bool,
) -> Result<Escape, Exception> {
    let is_octal = |c: char| ('0'..='7').contains(&c);
    let octal = |parser: &mut Parser, digits: &str| {
        let value = u32::from_str_radix(digits, 8).unwrap_or(u32::MAX);
        if value > 0o377 {
            let message = format!("octal escape value \\{digits} outside of range 0-0o377");
            return Err(parser.error(&message, start));
        }
        Ok(Escape::Char(char::from_u32(value).unwrap_or_default()))
    };
    let mut digits = String::from(first);
    if first == '0' || in_set {
        if !is_octal(first) {
            return Err(parser.error(&format!("bad escape \\{first}"), start));
        }
        while let Some(c) = parser.peek().filter(|&c| is_octal(c) && digits.len() < 3) {
            digits.push(c);
            parser.at += 1;
        }
        return octal(parser, &digits);
    }
    if let Some(second) = parser.peek().filter(char::is_ascii_digit) {
        digits.push(second);
        parser.at += 1;
        let third = parser.peek().filter(|&c| is_octal(c));
        if let (true, true, Some(third)) = (is_octal(first), is_octal(second), third) {
            digits.push(third);
            parser.at += 1;
            return octal(parser, &digits);
        }
    }
    let group: usize = digits.parse().unwrap_or(usize::MAX);
    if group > parser.groups {
        return Err(parser.error(&format!("invalid group reference {group}"), start + 1));
    }
    parser.check_closed(group, start)?;
    Ok(Escape::Group(group))
}
