//! `strftime`, in the C locale.

use super::{Date, DateTime, Time};
use crate::Exception;

pub(super) const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Date {
    /// `x.strftime(format)`
    ///
    /// # Errors
    /// Unsupported for a directive that depends on the platform.
    pub fn strftime(&self, format: &str) -> Result<String, Exception> {
        strftime(*self, Time::of_day(0), format)
    }
}

impl Time {
    /// `x.strftime(format)`
    ///
    /// # Errors
    /// Unsupported for a directive that depends on the platform.
    pub fn strftime(&self, format: &str) -> Result<String, Exception> {
        strftime(Date::new(1900, 1, 1)?, *self, format)
    }
}

impl DateTime {
    /// `x.strftime(format)`
    ///
    /// # Errors
    /// Unsupported for a directive that depends on the platform.
    pub fn strftime(&self, format: &str) -> Result<String, Exception> {
        strftime(self.date(), self.timetz(), format)
    }
}

fn name_of<'a>(names: &[&'a str], number: i64) -> &'a str {
    usize::try_from(number)
        .ok()
        .and_then(|at| names.get(at))
        .copied()
        .unwrap_or_default()
}

/// The directives whose padding the C library leaves out behind a `-`.
const PADDED: &str = "YmdeHkIlMSyCjwuUWGgV";

fn without_padding(text: &str) -> &str {
    let digits = text.trim_start_matches(['0', ' ']);
    if digits.is_empty() { "0" } else { digits }
}

fn strftime(date: Date, time: Time, format: &str) -> Result<String, Exception> {
    let (year, month, day) = date.parts();
    let (hour, minute, second, micro) = time.parts();
    let weekday = (date.ordinal() + 6) % 7;
    let weekday_name = name_of(&WEEKDAYS, weekday);
    let month_name = name_of(&MONTHS, month - 1);
    let (iso_year, iso_week, _) = date.isocalendar();
    let twelve = (hour + 11) % 12 + 1;
    let half = if hour < 12 { "AM" } else { "PM" };
    let clock = format!("{hour:02}:{minute:02}:{second:02}");

    let text_of = |directive: char| -> Option<String> {
        Some(match directive {
            'Y' => year.to_string(),
            'm' => format!("{month:02}"),
            'd' => format!("{day:02}"),
            'e' => format!("{day:2}"),
            'H' => format!("{hour:02}"),
            'k' => format!("{hour:2}"),
            'I' => format!("{twelve:02}"),
            'l' => format!("{twelve:2}"),
            'M' => format!("{minute:02}"),
            'S' => format!("{second:02}"),
            'f' => format!("{micro:06}"),
            'p' => half.into(),
            'P' => half.to_lowercase(),
            'y' => format!("{:02}", year % 100),
            'C' => format!("{:02}", year / 100),
            'a' => weekday_name[..3].into(),
            'A' => weekday_name.into(),
            'b' | 'h' => month_name[..3].into(),
            'B' => month_name.into(),
            'j' => format!("{:03}", date.day_of_year()),
            'w' => ((weekday + 1) % 7).to_string(),
            'u' => (weekday + 1).to_string(),
            'U' => format!("{:02}", (date.day_of_year() + 6 - (weekday + 1) % 7) / 7),
            'W' => format!("{:02}", (date.day_of_year() + 6 - weekday) / 7),
            'G' => iso_year.to_string(),
            'g' => format!("{:02}", iso_year.clamped() % 100),
            'V' => format!("{:02}", iso_week.clamped()),
            'D' | 'x' => format!("{month:02}/{day:02}/{:02}", year % 100),
            'F' => format!("{year}-{month:02}-{day:02}"),
            'T' | 'X' => clock.clone(),
            'R' => format!("{hour:02}:{minute:02}"),
            'r' => format!("{twelve:02}:{minute:02}:{second:02} {half}"),
            'c' => {
                format!(
                    "{} {} {day:2} {clock} {year}",
                    &weekday_name[..3],
                    &month_name[..3]
                )
            }
            'z' => time.tzinfo().map(|zone| zone.text("")).unwrap_or_default(),
            'Z' => time.tzinfo().map(|zone| zone.name()).unwrap_or_default(),
            'n' => "\n".into(),
            't' => "\t".into(),
            '%' => "%".into(),
            _ => return None,
        })
    };
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let Some(directive) = chars.next() else {
            out.push('%');
            break;
        };
        let unpadded = directive == '-';
        let wanted = if unpadded {
            chars.next()
        } else {
            Some(directive)
        };
        let known = wanted.filter(|found| !unpadded || PADDED.contains(*found));
        let Some(text) = known.and_then(text_of) else {
            let written: String = [Some(directive), wanted.filter(|_| unpadded)]
                .into_iter()
                .flatten()
                .collect();
            let what = format!("the directive %{written} of strftime");
            return Err(Exception::unsupported(what));
        };
        out.push_str(if unpadded {
            without_padding(&text)
        } else {
            &text
        });
    }
    Ok(out)
}
