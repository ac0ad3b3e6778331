//! Python's ISO texts of dates and times, taken apart and put together.

/// Year, month and day.
pub(super) fn date_parts(iso: &str) -> Option<[i64; 3]> {
    let mut parts = iso.split('-').map(|part| part.parse().ok());
    let found = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(found)
}

/// A date's text.
pub(super) fn date_text([year, month, day]: [i64; 3]) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// A time of day, with its distance from UTC if that is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Time {
    /// Hour, minute, second, microsecond.
    pub parts: [i64; 4],
    /// As a timedelta has it: days, seconds, microseconds, of which only the days are negative.
    pub offset: Option<[i64; 3]>,
}

const DAY: i64 = 86_400;

impl Time {
    pub(super) fn parse(iso: &str) -> Option<Self> {
        let zone = iso.find(['+', '-']);
        let (time, zone) = iso.split_at(zone.unwrap_or(iso.len()));
        let offset = match zone.chars().next() {
            None => None,
            Some(sign) => {
                let [hour, minute, second, micro] = clock(&zone[1..])?;
                let whole = (hour * 60 + minute) * 60 + second;
                let micros = whole * 1_000_000 + micro;
                let micros = if sign == '-' { -micros } else { micros };
                let (seconds, micros) =
                    (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
                Some([seconds.div_euclid(DAY), seconds.rem_euclid(DAY), micros])
            }
        };
        Some(Time {
            parts: clock(time)?,
            offset,
        })
    }

    pub(super) fn text(&self) -> String {
        let [hour, minute, second, micro] = self.parts;
        let mut text = format!("{hour:02}:{minute:02}:{second:02}");
        if micro != 0 {
            text += &format!(".{micro:06}");
        }
        let Some([days, seconds, micros]) = self.offset else {
            return text;
        };
        let whole = (days * DAY + seconds) * 1_000_000 + micros;
        let (sign, whole) = if whole < 0 {
            ('-', -whole)
        } else {
            ('+', whole)
        };
        let (seconds, micros) = (whole / 1_000_000, whole % 1_000_000);
        text += &format!("{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
        if seconds % 60 != 0 || micros != 0 {
            text += &format!(":{:02}", seconds % 60);
        }
        if micros != 0 {
            text += &format!(".{micros:06}");
        }
        text
    }
}

/// `HH:MM[:SS[.ffffff]]`.
fn clock(text: &str) -> Option<[i64; 4]> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':').map(|part| part.parse().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let micro = format!("{fraction:0<6}").parse().ok()?;
    parts
        .next()
        .is_none()
        .then_some([hour, minute, second, micro])
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn a_time_is_its_text() {
        for text in [
            "01:02:03",
            "23:59:59.000001",
            "00:00:00+00:00",
            "12:30:00-03:30",
            "12:30:00+05:45:30.000100",
        ] {
            assert_eq!(
                Time::parse(text).map(|time| time.text()).as_deref(),
                Some(text)
            );
        }
        let west = Time::parse("12:00:00-01:00").and_then(|time| time.offset);
        assert_eq!(west, Some([-1, 82_800, 0]));
    }
}
