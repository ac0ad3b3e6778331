//! `strptime`, in the C locale.

use super::strftime::{MONTHS, WEEKDAYS};
use super::{Date, DateTime, Time, TimeDelta, TimeZone};
use crate::{Exception, Int, repr, unicode};

impl DateTime {
    /// `datetime.strptime(text, format)`
    ///
    /// # Errors
    /// `ValueError` when the text does not fit; unsupported for directives that are not common.
    pub fn strptime(text: &str, format: &str) -> Result<Self, Exception> {
        let directives = directives(format)?;
        let mut read = Read::default();
        let chars: Vec<char> = text.chars().collect();
        let mismatch = || {
            Exception::value_error(format!(
                "time data {} does not match format {}",
                repr(text),
                repr(format)
            ))
        };
        let end = matches(&directives, &chars, 0, &mut read).ok_or_else(mismatch)?;
        if end < chars.len() {
            let rest: String = chars[end..].iter().collect();
            return Err(Exception::value_error(format!(
                "unconverted data remains: {rest}"
            )));
        }
        read.finish()
    }
}

enum Part {
    Literal(char),
    Spaces,
    Directive(char),
}

fn directives(format: &str) -> Result<Vec<Part>, Exception> {
    let mut parts = Vec::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if unicode::is_space(c) {
            while chars.next_if(|&c| unicode::is_space(c)).is_some() {}
            parts.push(Part::Spaces);
        } else if c == '%' {
            match chars.next() {
                Some('%') => parts.push(Part::Literal('%')),
                Some(d) if "YmdHIMSfpyaAbBjzwu".contains(d) => parts.push(Part::Directive(d)),
                Some(other) => {
                    return Err(Exception::unsupported(format!(
                        "the directive %{other} of strptime"
                    )));
                }
                None => {
                    return Err(Exception::value_error(format!(
                        "stray %% in format '{format}'"
                    )));
                }
            }
        } else {
            parts.push(Part::Literal(c));
        }
    }
    Ok(parts)
}

#[derive(Clone, Default)]
struct Read {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: i64,
    twelve_hour: Option<i64>,
    afternoon: bool,
    minute: i64,
    second: i64,
    micro: i64,
    offset_seconds: Option<i64>,
}

/// The longest prefix each directive may take, tried as CPython's regular expression tries them.
fn matches(parts: &[Part], text: &[char], at: usize, read: &mut Read) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else {
        return Some(at);
    };
    match part {
        Part::Literal(c) => {
            let same = text.get(at).is_some_and(|&own| {
                own == *c || unicode::simple_lower(own) == unicode::simple_lower(*c)
            });
            if same {
                matches(rest, text, at + 1, read)
            } else {
                None
            }
        }
        Part::Spaces => {
            let spaces = text[at..]
                .iter()
                .take_while(|&&c| unicode::is_space(c))
                .count();
            (1..=spaces)
                .rev()
                .find_map(|count| matches(rest, text, at + count, read))
        }
        Part::Directive(directive) => {
            candidates(*directive, &text[at..])
                .into_iter()
                .find_map(|(len, value)| {
                    let mut attempt = read.clone();
                    attempt.set(*directive, value);
                    let end = matches(rest, text, at + len, &mut attempt)?;
                    *read = attempt;
                    Some(end)
                })
        }
    }
}

#[derive(Clone, Copy)]
enum Found {
    Number(i64),
    Offset(i64),
}

/// What the directive can match here, the preferred first: length and value.
fn candidates(directive: char, text: &[char]) -> Vec<(usize, Found)> {
    let (longest, shortest, bounds) = match directive {
        'Y' => (4, 4, 0..=9999),
        'm' => (2, 1, 1..=12),
        'd' => (2, 1, 1..=31),
        'H' => (2, 1, 0..=23),
        'I' => (2, 1, 1..=12),
        'M' => (2, 1, 0..=59),
        'S' => (2, 1, 0..=61),
        'y' => (2, 2, 0..=99),
        'j' => (3, 1, 1..=366),
        'w' => (1, 1, 0..=6),
        'u' => (1, 1, 1..=7),
        'f' => return fraction(text),
        'z' => return zone(text),
        'a' => return names(&WEEKDAYS.map(|name| &name[..3]), text),
        'A' => return names(&WEEKDAYS, text),
        'b' => return names(&MONTHS.map(|name| &name[..3]), text),
        'B' => return names(&MONTHS, text),
        _ => return names(&["am", "pm"], text),
    };
    (shortest..=longest)
        .rev()
        .filter_map(|len| {
            let value = number(text.get(..len)?)?;
            bounds
                .contains(&value)
                .then_some((len, Found::Number(value)))
        })
        .collect()
}

fn number(text: &[char]) -> Option<i64> {
    text.iter()
        .try_fold(0i64, |sum, &c| Some(sum * 10 + i64::from(c.to_digit(10)?)))
}

fn fraction(text: &[char]) -> Vec<(usize, Found)> {
    (1..=6usize)
        .rev()
        .filter_map(|len| {
            let value = number(text.get(..len)?)?;
            let scale = 10i64.pow(u32::try_from(6 - len).ok()?);
            Some((len, Found::Number(value * scale)))
        })
        .collect()
}

fn names(names: &[&str], text: &[char]) -> Vec<(usize, Found)> {
    let mut found: Vec<(usize, Found)> = names
        .iter()
        .zip(0i64..)
        .filter_map(|(name, number)| {
            let len = name.len();
            let own: String = text.get(..len)?.iter().collect();
            own.eq_ignore_ascii_case(name)
                .then_some((len, Found::Number(number)))
        })
        .collect();
    found.sort_by_key(|&(len, _)| std::cmp::Reverse(len));
    found
}

/// `Z`, `+HHMM`, `+HH:MM`, with seconds if given.
fn zone(text: &[char]) -> Vec<(usize, Found)> {
    if text.first().is_some_and(|c| matches!(c, 'Z' | 'z')) {
        return vec![(1, Found::Offset(0))];
    }
    let read = |count: usize, colon: bool| -> Option<(usize, Found)> {
        let negative = match text.first()? {
            '+' => false,
            '-' => true,
            _ => return None,
        };
        let mut at = 1;
        let mut seconds = 0;
        for (index, unit) in [3600, 60, 1].into_iter().take(count).enumerate() {
            if index > 0 && colon {
                if text.get(at) != Some(&':') {
                    return None;
                }
                at += 1;
            }
            let value = number(text.get(at..at + 2)?)?;
            if index > 0 && value > 59 {
                return None;
            }
            seconds += value * unit;
            at += 2;
        }
        let seconds = if negative { -seconds } else { seconds };
        Some((at, Found::Offset(seconds)))
    };
    [(3, true), (3, false), (2, true), (2, false)]
        .into_iter()
        .filter_map(|(count, colon)| read(count, colon))
        .collect()
}

impl Read {
    fn set(&mut self, directive: char, found: Found) {
        let value = match found {
            Found::Number(value) => value,
            Found::Offset(seconds) => {
                self.offset_seconds = Some(seconds);
                return;
            }
        };
        match directive {
            'Y' => self.year = Some(value),
            'y' => {
                self.year = Some(if value <= 68 {
                    2000 + value
                } else {
                    1900 + value
                })
            }
            'm' => self.month = Some(value),
            'b' | 'B' => self.month = Some(value + 1),
            'd' => self.day = Some(value),
            'j' => self.day_of_year = Some(value),
            'H' => self.hour = value,
            'I' => self.twelve_hour = Some(value),
            'p' => self.afternoon = value == 1,
            'M' => self.minute = value,
            'S' => self.second = value,
            'f' => self.micro = value,
            // a weekday alone does not change the date
            _ => {}
        }
    }

    fn finish(self) -> Result<DateTime, Exception> {
        let hour = match self.twelve_hour {
            Some(twelve) => twelve % 12 + if self.afternoon { 12 } else { 0 },
            None => self.hour,
        };
        // 29 February without a year is a date of a leap year to CPython, and then none of 1900
        let year = self.year.unwrap_or(1900);
        let date = match (self.day_of_year, self.month, self.day) {
            (Some(day), None, None) => {
                let first = Date::new(year, 1, 1)?;
                Date::from_ordinal(first.to_ordinal() + Int::new(day - 1))?
            }
            (_, month, day) => Date::new(year, month.unwrap_or(1), day.unwrap_or(1))?,
        };
        let offset =
            |seconds| TimeZone::offset(&TimeDelta::from_micros(i128::from(seconds) * 1_000_000));
        let zone = self.offset_seconds.map(offset).transpose()?;
        let time = Time::new(hour, self.minute, self.second, self.micro)?;
        Ok(DateTime::combine(&date, &time.with_zone(zone)))
    }
}
