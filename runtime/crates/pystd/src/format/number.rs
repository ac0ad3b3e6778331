//! Formatting of numbers.

use super::spec::{Spec, unknown_code};
use crate::{Exception, Int, float};

/// # Errors
/// `ValueError`, `OverflowError`
pub(super) fn format_int(value: &Int, spec: &Spec, class: &str) -> Result<String, Exception> {
    if let Some(kind) = spec.kind.filter(|kind| !"bcdnoxX".contains(*kind)) {
        return Err(unknown_code(kind, class));
    }
    if spec.precision.is_some() {
        return Err(Exception::value_error(
            "Precision not allowed in integer format specifier",
        ));
    }
    if spec.no_negative_zero {
        return Err(Exception::value_error(
            "Negative zero coercion (z) not allowed in integer format specifier",
        ));
    }
    let magnitude = value.abs();
    let (prefix, digits, group) = match spec.kind {
        Some('b') => ("0b", magnitude.to_base(2), 4),
        Some('o') => ("0o", magnitude.to_base(8), 4),
        Some('x') => ("0x", magnitude.to_base(16), 4),
        Some('X') => ("0X", magnitude.to_base(16).to_uppercase(), 4),
        Some('c') => return format_char(value, spec),
        _ => ("", magnitude.to_string(), 3),
    };
    let prefix = if spec.alternate { prefix } else { "" };
    Ok(assemble(
        spec,
        value.is_negative(),
        prefix,
        &digits,
        "",
        group,
    ))
}

fn format_char(value: &Int, spec: &Spec) -> Result<String, Exception> {
    if spec.sign.is_some() {
        return Err(Exception::value_error(
            "Sign not allowed with integer format specifier 'c'",
        ));
    }
    if spec.alternate {
        return Err(Exception::value_error(
            "Alternate form (#) not allowed with integer format specifier 'c'",
        ));
    }
    if value.to_i64().is_none() {
        return Err(Exception::overflow_error(
            "Python int too large to convert to C long",
        ));
    }
    let in_range = value
        .to_i64()
        .is_some_and(|code| (0..0x11_0000).contains(&code));
    if !in_range {
        return Err(Exception::overflow_error("%c arg not in range(0x110000)"));
    }
    Ok(assemble(spec, false, "", &crate::chr(value)?, "", 3))
}

/// # Errors
/// `ValueError`
pub(super) fn format_float(value: f64, spec: &Spec, class: &str) -> Result<String, Exception> {
    let kind = spec.kind;
    let precision = spec.precision;
    if !matches!(
        kind,
        None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%')
    ) {
        return Err(unknown_code(kind.unwrap_or_default(), class));
    }
    if precision.is_some_and(|precision| precision > 65_535) {
        return Err(Exception::unsupported(format!(
            "a precision of {}",
            precision.unwrap_or(0)
        )));
    }
    let upper = matches!(kind, Some('E' | 'F' | 'G'));
    let scaled = if kind == Some('%') {
        value * 100.0
    } else {
        value
    };
    let mut text = if scaled.is_nan() {
        "nan".into()
    } else if scaled.is_infinite() {
        "inf".into()
    } else {
        let magnitude = scaled.abs();
        match kind {
            Some('e' | 'E') => exponential(magnitude, precision.unwrap_or(6), spec.alternate),
            Some('f' | 'F' | '%') => fixed(magnitude, precision.unwrap_or(6), spec.alternate),
            Some(_) => general(magnitude, precision.unwrap_or(6), spec.alternate, false),
            None => match precision {
                None if spec.alternate => with_point(&float::repr(magnitude)),
                None => float::repr(magnitude),
                Some(precision) => general(magnitude, precision, spec.alternate, true),
            },
        }
    };
    if upper {
        text = text.to_uppercase();
    }
    let is_zero = text
        .split(['e', 'E'])
        .next()
        .is_some_and(|mantissa| mantissa.chars().all(|c| matches!(c, '0' | '.')));
    let negative =
        scaled.is_sign_negative() && !scaled.is_nan() && !(spec.no_negative_zero && is_zero);
    let at = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (whole, mut rest) = (text[..at].to_owned(), text[at..].to_owned());
    if kind == Some('%') {
        rest.push('%');
    }
    Ok(assemble(spec, negative, "", &whole, &rest, 3))
}

fn fixed(value: f64, precision: usize, alternate: bool) -> String {
    let text = format!("{value:.precision$}");
    if alternate && precision == 0 {
        text + "."
    } else {
        text
    }
}

fn exponential(value: f64, precision: usize, alternate: bool) -> String {
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let point = if alternate && precision == 0 { "." } else { "" };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}{point}e{sign}{:02}", exponent.abs())
}

/// `g`; as the default type with a precision, it keeps one digit after the point.
fn general(value: f64, precision: usize, alternate: bool, default: bool) -> String {
    let precision = precision.max(1);
    let rounded = format!("{value:.*e}", precision - 1);
    let exponent: i64 = rounded
        .split_once('e')
        .and_then(|(_, e)| e.parse().ok())
        .unwrap_or(0);
    let limit = i64::try_from(precision).unwrap_or(i64::MAX);
    // the default type turns to exponents one digit earlier, to have room for ".0"
    let scientific = exponent < -4 || exponent >= if default { limit - 1 } else { limit };
    if scientific && !(default && exponent >= -4 && exponent < limit - 1) {
        let text = exponential(value, precision - 1, alternate);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
        let mantissa = if alternate {
            mantissa
        } else {
            without_zeros(mantissa)
        };
        return format!("{mantissa}e{exponent}");
    }
    let decimals = usize::try_from(limit - 1 - exponent).unwrap_or(0);
    let text = fixed(value, decimals, alternate);
    let text = if alternate {
        text.as_str()
    } else {
        without_zeros(&text)
    };
    if default && !text.contains('.') {
        format!("{text}.0")
    } else {
        text.to_owned()
    }
}

fn without_zeros(text: &str) -> &str {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

/// Sign, prefix, grouped digits and the rest, filled up to the width.
fn assemble(
    spec: &Spec,
    negative: bool,
    prefix: &str,
    whole: &str,
    rest: &str,
    group: usize,
) -> String {
    let sign = match (negative, spec.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    };
    let inner = spec.align == Some('=') || (spec.align.is_none() && spec.zero_padded);
    let zeros = inner && spec.fill_char() == '0';
    let head = sign.len() + prefix.len();
    let width = spec.width.unwrap_or(0);
    let numeric = whole.bytes().all(|byte| byte.is_ascii_hexdigit());
    let grouped = match spec.grouping.filter(|_| numeric && !whole.is_empty()) {
        Some(separator) => {
            let least = if zeros {
                width.saturating_sub(head + rest.chars().count())
            } else {
                0
            };
            group_digits(whole, separator, group, least)
        }
        None => whole.to_owned(),
    };
    if !inner {
        return spec.pad(&format!("{sign}{prefix}{grouped}{rest}"), '>');
    }
    let missing = width.saturating_sub(head + grouped.chars().count() + rest.chars().count());
    let filling: String = std::iter::repeat_n(spec.fill_char(), missing).collect();
    format!("{sign}{prefix}{filling}{grouped}{rest}")
}

/// Digits in groups, with leading zeros up to at least a width.
fn group_digits(digits: &str, separator: char, group: usize, least: usize) -> String {
    let mut reversed = String::new();
    let mut count = 0;
    let mut source = digits.chars().rev();
    loop {
        let next = source.next();
        if next.is_none() && reversed.len() >= least {
            break;
        }
        if count > 0 && count % group == 0 {
            reversed.push(separator);
        }
        reversed.push(next.unwrap_or('0'));
        count += 1;
    }
    reversed.chars().rev().collect()
}

/// The text with a point, should it have none.
fn with_point(text: &str) -> String {
    match text.split_once('e') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.e{exponent}"),
        _ => text.to_owned(),
    }
}
