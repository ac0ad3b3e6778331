//! `datetime`.

use langferry_pystd::{
    Date, DateTime, DeltaParts, Float, Int, Replace, Time, TimeDelta, TimeZone, abs, ops, repr,
    str_of,
};

use crate::oracle::{Cases, Dice, rounds};

fn a_datetime(dice: &mut Dice) -> DateTime {
    let year = if dice.below(4) == 0 {
        [1, 9999, 1900, 2000][dice.below(4)]
    } else {
        dice.range(1000, 2100)
    };
    let micro = if dice.below(2) == 0 {
        0
    } else {
        dice.range(0, 999_999)
    };
    let at = DateTime::new(
        year,
        dice.range(1, 12),
        dice.range(1, 28),
        dice.range(0, 23),
        dice.range(0, 59),
        dice.range(0, 59),
        micro,
    );
    let zone = match dice.below(4) {
        0 => Some(TimeZone::utc()),
        1 => TimeZone::offset(&TimeDelta::seconds(dice.range(-86_399, 86_399)).unwrap()).ok(),
        _ => None,
    };
    at.unwrap().with_zone(zone)
}

fn a_delta(dice: &mut Dice) -> TimeDelta {
    match dice.below(3) {
        0 => TimeDelta::days(dice.range(-400_000, 400_000)),
        1 => TimeDelta::seconds(dice.range(-100_000, 100_000)),
        _ => TimeDelta::microseconds(dice.range(-9_000_000, 9_000_000)),
    }
    .unwrap()
}

#[test]
fn arithmetic_and_parts() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(41);
    for _ in 0..rounds(400) {
        let (a, b) = (a_datetime(dice), a_datetime(dice));
        let (d, e) = (a_delta(dice), a_delta(dice));
        let (x, y, u, v) = (repr(&a), repr(&b), repr(&d), repr(&e));
        cases.value(x.clone(), a);
        cases.value(format!("str({x})"), str_of(&a));
        cases.value(format!("str({u})"), str_of(&d));
        cases.value(u.clone(), d);
        cases.add(format!("{x} + {u}"), ops::add(&a, &d));
        cases.add(format!("{x} - {u}"), ops::sub(&a, &d));
        cases.add(format!("{x} - {y}"), ops::sub(&a, &b));
        cases.add(format!("{x} < {y}"), ops::lt(&a, &b));
        cases.value(format!("{x} == {y}"), a == b);
        let (date, other) = (a.date(), b.date());
        let (f, g) = (repr(&date), repr(&other));
        cases.add(format!("{f} + {u}"), ops::add(&date, &d));
        cases.add(format!("{f} - {u}"), ops::sub(&date, &d));
        cases.add(format!("{f} - {g}"), ops::sub(&date, &other));
        cases.value(format!("{f}.weekday()"), date.weekday());
        cases.value(format!("tuple({f}.isocalendar())"), date.isocalendar());
        cases.value(format!("{f}.toordinal()"), date.to_ordinal());
        cases.value(format!("date.fromordinal({f}.toordinal())"), date);
        cases.value(format!("{x}.isoformat()"), a.isoformat());
        cases.value(format!("{x}.time()"), a.time());
        cases.value(format!("{x}.timetz()"), a.timetz());
        cases.add(format!("{u} + {v}"), ops::add(&d, &e));
        cases.add(format!("{u} - {v}"), ops::sub(&d, &e));
        cases.add(format!("{u} / {v}"), ops::true_div(&d, &e));
        cases.add(format!("{u} // {v}"), ops::floor_div(&d, &e));
        cases.add(format!("{u} % {v}"), ops::rem(&d, &e));
        let n = Int::from(dice.range(-7, 7));
        cases.add(format!("{u} * {n}"), ops::mul(&d, &n));
        cases.add(format!("{u} / {n}"), ops::true_div(&d, &n));
        cases.add(format!("{u} // {n}"), ops::floor_div(&d, &n));
        cases.value(format!("abs({u})"), abs(&d));
        cases.value(format!("{u}.total_seconds()"), d.total_seconds());
        cases.value(format!("{u} < {v}"), d < e);
        let with = Replace {
            day: Some(dice.range(1, 31).into()),
            month: Some(2.into()),
            ..Replace::default()
        };
        let day = with.day.clone().unwrap();
        cases.add(format!("{x}.replace(day={day}, month=2)"), a.replace(with));
        if a.tzinfo().is_some() {
            cases.add(format!("{x}.timestamp()"), a.timestamp());
            let zone =
                TimeZone::offset(&TimeDelta::minutes(dice.range(-700, 700)).unwrap()).unwrap();
            cases.add(
                format!("{x}.astimezone({})", repr(&zone)),
                a.astimezone(&zone),
            );
        }
        let hours = f64::from(i32::try_from(dice.range(-100_000, 100_000)).unwrap()) / 7.0;
        let seconds = f64::from(i32::try_from(dice.range(-100_000, 100_000)).unwrap()) / 3.0;
        cases.add(
            format!("timedelta(days=1, hours={hours:?}, seconds={seconds:?})"),
            TimeDelta::new(DeltaParts {
                days: 1.into(),
                hours: hours.into(),
                seconds: seconds.into(),
                ..DeltaParts::default()
            }),
        );
        cases.add(
            format!("DT.fromtimestamp({seconds:?}, timezone.utc)"),
            DateTime::from_timestamp_utc(&Float::from(seconds)),
        );
    }
    cases.add("timedelta(days=10**9)", TimeDelta::days(1_000_000_000));
    cases.add("date(2021, 2, 29)", Date::new(2021, 2, 29));
    cases.add("date(0, 1, 1)", Date::new(0, 1, 1));
    cases.add("date(2021, 13, 1)", Date::new(2021, 13, 1));
    cases.add("time(24, 0)", Time::new(24, 0, 0, 0));
    cases.check(0);
}

const DIRECTIVES: [&str; 54] = [
    "%Y", "%m", "%d", "%H", "%I", "%M", "%S", "%f", "%p", "%y", "%a", "%A", "%b", "%B", "%j", "%w",
    "%U", "%W", "%G", "%V", "%u", "%z", "%Z", "%x", "%X", "%c", "%D", "%F", "%T", "%R", "%e", "%%",
    "-", " é ", "%-Y", "%-m", "%-d", "%-e", "%-H", "%-k", "%-I", "%-l", "%-M", "%-S", "%-y", "%-C",
    "%-j", "%-w", "%-u", "%-U", "%-W", "%-G", "%-g", "%-V",
];

#[test]
fn strftime() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(42);
    for _ in 0..rounds(600) {
        let a = a_datetime(dice);
        let format = dice.text(&DIRECTIVES, 5);
        let f = repr(&format);
        cases.add(format!("{}.strftime({f})", repr(&a)), a.strftime(&format));
        cases.add(
            format!("{}.strftime({f})", repr(&a.date())),
            a.date().strftime(&format),
        );
    }
    cases.check(0);
}

#[test]
fn reading() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(43);
    let pieces = [
        "2021", "-", "01", "31", "T", ":", "12", "W", "5", " ", "Z", "+", "00", ".", "123456", "7",
        "99", "é", ",",
    ];
    for round in 0..rounds(1500) {
        let text = match round % 4 {
            0 => dice.text(&pieces, 9),
            1 => {
                let a = a_datetime(dice).isoformat();
                let cut = dice.below(a.len() + 1);
                if dice.below(3) == 0 {
                    a
                } else {
                    a[..cut].to_owned() + dice.pick(&pieces)
                }
            }
            2 => {
                let formats = [
                    "%Y%m%dT%H%M%S",
                    "%Y-W%V-%u",
                    "%YW%V%u",
                    "%Y-%m-%d %H",
                    "%Y%m%d",
                    "%G-W%V-%uT%H:%M",
                    "%YW%V",
                    "%Y-%m-%dx%H%M",
                    "%G-W%V-%H:%M",
                ];
                a_datetime(dice).strftime(dice.pick(&formats)).unwrap()
            }
            _ => {
                let mut text: Vec<char> = a_datetime(dice).isoformat().chars().collect();
                let at = dice.below(text.len());
                text[at] = ['0', '9', ':', '-', 'T', 'x', '+', '.'][dice.below(8)];
                text.into_iter().collect()
            }
        };
        let s = repr(&text);
        cases.add(
            format!("DT.fromisoformat({s})"),
            DateTime::from_isoformat(&text),
        );
        cases.add(
            format!("date.fromisoformat({s})"),
            Date::from_isoformat(&text),
        );
        cases.add(
            format!("time.fromisoformat({s})"),
            Time::from_isoformat(&text),
        );
    }
    for text in [
        "soon",
        "",
        "2026-03-06T10:15:00",
        "2026-03-06",
        "2026-3-6",
        "2026-02-30T00:00",
        "2026-03-06T24:00",
    ] {
        let s = repr(text);
        cases.add(
            format!("DT.fromisoformat({s})"),
            DateTime::from_isoformat(text),
        );
        cases.add(
            format!("date.fromisoformat({s})"),
            Date::from_isoformat(text),
        );
    }
    cases.check(0);
}

#[test]
fn strptime() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(44);
    let directives = [
        "%Y", "%m", "%d", "%H", "%I", "%M", "%S", "%f", "%p", "%y", "%a", "%A", "%b", "%B", "%z",
        " ", "-", "/", ":", "%%",
    ];
    for _ in 0..rounds(800) {
        let mut used: Vec<&str> = Vec::new();
        for _ in 0..dice.below(7) {
            let next = dice.pick(&directives);
            // a directive may occur once, and names exclude their short forms
            let same: &[&str] = match next {
                "%Y" | "%y" => &["%Y", "%y"],
                "%b" | "%B" | "%m" => &["%b", "%B", "%m"],
                "%a" | "%A" => &["%a", "%A"],
                "%H" | "%I" => &["%H", "%I"],
                _ => std::slice::from_ref(match directives.iter().find(|d| **d == next) {
                    Some(found) => found,
                    None => continue,
                }),
            };
            if !next.starts_with('%') || !used.iter().any(|known| same.contains(known)) {
                used.push(next);
            }
        }
        let format = used.concat();
        let mut text = a_datetime(dice).strftime(&format).unwrap();
        match dice.below(5) {
            0 => text.push('9'),
            1 => text = text.to_uppercase(),
            2 => text = text.replace('0', ""),
            _ => {}
        }
        let call = format!("DT.strptime({}, {})", repr(&text), repr(&format));
        cases.add(call, DateTime::strptime(&text, &format));
    }
    cases.check(0);
}
