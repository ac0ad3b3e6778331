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

    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let text = match chars.next() {
            Some('Y') => year.to_string(),
            Some('m') => format!("{month:02}"),
            Some('d') => format!("{day:02}"),
            Some('e') => format!("{day:2}"),
            Some('H') => format!("{hour:02}"),
            Some('k') => format!("{hour:2}"),
            Some('I') => format!("{twelve:02}"),
            Some('l') => format!("{twelve:2}"),
            Some('M') => format!("{minute:02}"),
            Some('S') => format!("{second:02}"),
            Some('f') => format!("{micro:06}"),
            Some('p') => half.into(),
            Some('P') => half.to_lowercase(),
            Some('y') => format!("{:02}", year % 100),
            Some('C') => format!("{:02}", year / 100),
            Some('a') => weekday_name[..3].into(),
            Some('A') => weekday_name.into(),
            Some('b' | 'h') => month_name[..3].into(),
            Some('B') => month_name.into(),
            Some('j') => format!("{:03}", date.day_of_year()),
            Some('w') => ((weekday + 1) % 7).to_string(),
            Some('u') => (weekday + 1).to_string(),
            Some('U') => format!("{:02}", (date.day_of_year() + 6 - (weekday + 1) % 7) / 7),
            Some('W') => format!("{:02}", (date.day_of_year() + 6 - weekday) / 7),
            Some('G') => iso_year.to_string(),
            Some('g') => format!("{:02}", iso_year.clamped() % 100),
            Some('V') => format!("{:02}", iso_week.clamped()),
            Some('D' | 'x') => format!("{month:02}/{day:02}/{:02}", year % 100),
            Some('F') => format!("{year}-{month:02}-{day:02}"),
            Some('T' | 'X') => clock.clone(),
            Some('R') => format!("{hour:02}:{minute:02}"),
            Some('r') => format!("{twelve:02}:{minute:02}:{second:02} {half}"),
            Some('c') => {
                format!(
                    "{} {} {day:2} {clock} {year}",
                    &weekday_name[..3],
                    &month_name[..3]
                )
            }
            Some('z') => time.tzinfo().map(|zone| zone.text("")).unwrap_or_default(),
            Some('Z') => time.tzinfo().map(|zone| zone.name()).unwrap_or_default(),
            Some('n') => "\n".into(),
            Some('t') => "\t".into(),
            Some('%') => "%".into(),
            Some(other) => {
                let what = format!("the directive %{other} of strftime");
                return Err(Exception::unsupported(what));
            }
            None => "%".into(),
        };
        out.push_str(&text);
    }
    Ok(out)
}
