//! `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`

use crate::{Exception, unicode};

#[derive(Clone, Debug, Default)]
pub(super) struct Spec {
    pub(super) fill: Option<char>,
    pub(super) align: Option<char>,
    pub(super) sign: Option<char>,
    pub(super) no_negative_zero: bool,
    pub(super) alternate: bool,
    pub(super) zero_padded: bool,
    pub(super) width: Option<usize>,
    pub(super) grouping: Option<char>,
    pub(super) precision: Option<usize>,
    pub(super) kind: Option<char>,
}

impl Spec {
    /// # Errors
    /// `ValueError`, as a value of type `class` words it.
    pub(super) fn parse(text: &str, class: &str) -> Result<Self, Exception> {
        let mut spec = Self::default();
        let chars: Vec<char> = text.chars().collect();
        let mut at = 0;
        let is_align = |at: usize| chars.get(at).is_some_and(|c| "<>=^".contains(*c));
        if is_align(1) {
            (spec.fill, spec.align, at) = (Some(chars[0]), Some(chars[1]), 2);
        } else if is_align(0) {
            (spec.align, at) = (Some(chars[0]), 1);
        }
        let mut take = |wanted: &str| {
            let found = chars.get(at).copied().filter(|c| wanted.contains(*c));
            at += usize::from(found.is_some());
            found
        };
        spec.sign = take("+- ");
        spec.no_negative_zero = take("z").is_some();
        spec.alternate = take("#").is_some();
        if spec.fill.is_none() && take("0").is_some() {
            spec.zero_padded = true;
        }
        spec.width = number(&chars, &mut at)?;
        let mut take = |wanted: &str| {
            let found = chars.get(at).copied().filter(|c| wanted.contains(*c));
            at += usize::from(found.is_some());
            found
        };
        let comma = take(",");
        let underscore = take("_");
        spec.grouping = comma.or(underscore);
        if comma.is_some() && (underscore.is_some() || take("_").is_some())
            || (underscore.is_some() && take(",").is_some())
        {
            return Err(Exception::value_error("Cannot specify both ',' and '_'."));
        }
        if let Some(again) = spec.grouping
            && chars.get(at) == Some(&again)
        {
            return Err(Exception::value_error(format!(
                "Cannot specify '{again}' with '{again}'."
            )));
        }
        if chars.get(at) == Some(&'.') {
            at += 1;
            let Some(precision) = number(&chars, &mut at)? else {
                return Err(Exception::value_error("Format specifier missing precision"));
            };
            spec.precision = Some(precision);
        }
        match &chars[at..] {
            [] => {}
            [kind] => spec.kind = Some(*kind),
            _ => {
                return Err(Exception::value_error(format!(
                    "Invalid format specifier '{text}' for object of type '{class}'"
                )));
            }
        }
        let default = if class == "str" { Some('s') } else { None };
        if let (Some(grouping), Some(kind)) = (spec.grouping, spec.kind.or(default)) {
            let allowed = if grouping == ',' {
                "defgEG%F"
            } else {
                "defgEG%FboxX"
            };
            if !allowed.contains(kind) {
                return Err(Exception::value_error(if kind.is_ascii_graphic() {
                    format!("Cannot specify '{grouping}' with '{kind}'.")
                } else {
                    format!("Cannot specify '{grouping}' with '\\x{:x}'.", kind as u32)
                }));
            }
        }
        Ok(spec)
    }

    /// # Errors
    /// `ValueError` for what only numbers have.
    pub(super) fn only_for_text(&self) -> Result<(), Exception> {
        if let Some(kind) = self.kind.filter(|&kind| kind != 's') {
            return Err(unknown_code(kind, "str"));
        }
        let wrong = if self.sign == Some(' ') {
            "Space not allowed in string format specifier"
        } else if self.sign.is_some() {
            "Sign not allowed in string format specifier"
        } else if self.no_negative_zero {
            "Negative zero coercion (z) not allowed in string format specifier"
        } else if self.alternate {
            "Alternate form (#) not allowed in string format specifier"
        } else if self.align == Some('=') {
            "'=' alignment not allowed in string format specifier"
        } else {
            return Ok(());
        };
        Err(Exception::value_error(wrong))
    }

    pub(super) fn fill_char(&self) -> char {
        self.fill
            .unwrap_or(if self.zero_padded { '0' } else { ' ' })
    }

    /// `text` filled up to the width.
    pub(super) fn pad(&self, text: &str, default_align: char) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        let left = match self.align.unwrap_or(default_align) {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        let fill =
            |times: usize| -> String { std::iter::repeat_n(self.fill_char(), times).collect() };
        format!("{}{text}{}", fill(left), fill(missing - left))
    }
}

fn number(chars: &[char], at: &mut usize) -> Result<Option<usize>, Exception> {
    let start = *at;
    let mut value: usize = 0;
    while let Some(digit) = chars.get(*at).and_then(|&c| unicode::decimal_value(c)) {
        value = value
            .checked_mul(10)
            .and_then(|value| value.checked_add(usize::try_from(digit).ok()?))
            .filter(|&value| isize::try_from(value).is_ok())
            .ok_or_else(|| Exception::value_error("Too many decimal digits in format string"))?;
        *at += 1;
    }
    Ok((*at > start).then_some(value))
}

pub(super) fn unknown_code(kind: char, class: &str) -> Exception {
    let shown = if kind > ' ' && kind < '\u{80}' {
        kind.to_string()
    } else {
        format!("\\x{:x}", kind as u32)
    };
    Exception::value_error(format!(
        "Unknown format code '{shown}' for object of type '{class}'"
    ))
}
