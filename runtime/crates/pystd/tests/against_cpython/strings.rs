//! The methods of `str`.

use langferry_pystd::{Int, PyRepr, Slice, contains, len, ops, repr, str_};

use crate::oracle::{Cases, Dice, rounds};

const PIECES: [&str; 36] = [
    "a", "B", "c", "é", "ß", "İ", "Σ", "σ", "ǆ", "ǅ", "ŉ", "ﬁ", " ", "\t", "\n", "\r", "\r\n",
    "\u{1c}", "\u{85}", "\u{a0}", "\u{2028}", "1", "²", "½", "٣", "漢", "四", "-", "'", "\"", "\\",
    "\u{0}", "\u{301}", "😀", "ab", "word",
];

type Method = fn(&str) -> String;
type Test = fn(&str) -> bool;

#[test]
fn conversions_and_tests() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(21);
    let methods: [(&str, Method); 9] = [
        ("lower", str_::lower),
        ("upper", str_::upper),
        ("title", str_::title),
        ("capitalize", str_::capitalize),
        ("casefold", str_::casefold),
        ("swapcase", str_::swapcase),
        ("strip", str_::strip),
        ("lstrip", str_::lstrip),
        ("rstrip", str_::rstrip),
    ];
    let tests: [(&str, Test); 12] = [
        ("isalpha", str_::isalpha),
        ("isalnum", str_::isalnum),
        ("isdigit", str_::isdigit),
        ("isdecimal", str_::isdecimal),
        ("isnumeric", str_::isnumeric),
        ("isspace", str_::isspace),
        ("isupper", str_::isupper),
        ("islower", str_::islower),
        ("istitle", str_::istitle),
        ("isidentifier", str_::isidentifier),
        ("isprintable", str_::isprintable),
        ("isascii", str_::isascii),
    ];
    let mut texts: Vec<String> = (0..rounds(300)).map(|_| dice.text(&PIECES, 8)).collect();
    for code in (0..0x11_0000u32).step_by(997).chain((0..0x600).step_by(3)) {
        texts.extend(char::from_u32(code).map(|c| c.to_string()));
    }
    for text in texts {
        let shown = repr(&text);
        cases.value(shown.clone(), &text);
        cases.value(format!("len({shown})"), len(&text));
        for (name, method) in methods {
            cases.value(format!("{shown}.{name}()"), method(&text));
        }
        for (name, test) in tests {
            cases.value(format!("{shown}.{name}()"), test(&text));
        }
    }
    cases.check(0);
}

#[test]
fn parts() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(22);
    for _ in 0..rounds(500) {
        let text = dice.text(&PIECES, 12);
        let short = dice.text(&["a", "b", " ", "é", "ab", "-", "1"], 2);
        let other = dice.text(&PIECES, 3);
        let count = dice.range(-2, 4);
        let (s, t, o) = (repr(&text), repr(&short), repr(&other));
        let mut value = |code: String, value: &dyn PyRepr| cases.value(code, value);
        value(format!("{s}.split()"), &str_::split(&text));
        value(
            format!("{s}.split(None, {count})"),
            &str_::split_max(&text, count),
        );
        value(
            format!("{s}.rsplit(None, {count})"),
            &str_::rsplit_max(&text, count),
        );
        value(format!("{s}.splitlines()"), &str_::splitlines(&text, false));
        value(
            format!("{s}.splitlines(True)"),
            &str_::splitlines(&text, true),
        );
        value(
            format!("{s}.replace({t}, {o})"),
            &str_::replace(&text, &short, &other),
        );
        value(
            format!("{s}.replace({t}, {o}, {count})"),
            &str_::replace_max(&text, &short, &other, count),
        );
        value(format!("{s}.find({t})"), &str_::find(&text, &short));
        value(format!("{s}.rfind({t})"), &str_::rfind(&text, &short));
        value(format!("{s}.count({t})"), &str_::count(&text, &short));
        value(format!("{t} in {s}"), &contains(&text, &short));
        value(
            format!("{s}.startswith({t})"),
            &str_::startswith(&text, &short),
        );
        value(
            format!("{s}.endswith(({t}, {o}))"),
            &str_::endswith_any(&text, &[&short, &other]),
        );
        value(format!("{s}.strip({t})"), &str_::strip_chars(&text, &short));
        value(
            format!("{s}.lstrip({t})"),
            &str_::lstrip_chars(&text, &short),
        );
        value(
            format!("{s}.rstrip({t})"),
            &str_::rstrip_chars(&text, &short),
        );
        value(
            format!("{s}.removeprefix({t})"),
            &str_::removeprefix(&text, &short),
        );
        value(
            format!("{s}.removesuffix({t})"),
            &str_::removesuffix(&text, &short),
        );
        value(format!("{s}.encode()"), &str_::encode(&text));
        value(format!("{s} < {o}"), &(text < other));
        let width = dice.range(-1, 15);
        value(format!("{s}.zfill({width})"), &str_::zfill(&text, width));
        value(
            format!("{s}.expandtabs({width})"),
            &str_::expandtabs(&text, width),
        );
        let (from, to) = (dice.range(-8, 12), dice.range(-8, 12));
        value(
            format!("{s}.find({t}, {from}, {to})"),
            &str_::find_in(&text, &short, from..to),
        );
        value(
            format!("{s}.find({t}, {from})"),
            &str_::find_in(&text, &short, from..),
        );
        value(
            format!("{s}.rfind({t}, {from}, {to})"),
            &str_::rfind_in(&text, &short, from..to),
        );
        value(
            format!("{s}.count({t}, {from}, {to})"),
            &str_::count_in(&text, &short, from..to),
        );
        cases.add(format!("{s}.split({t})"), str_::split_on(&text, &short));
        cases.add(
            format!("{s}.split({t}, {count})"),
            str_::split_on_max(&text, &short, count),
        );
        cases.add(
            format!("{s}.rsplit({t}, {count})"),
            str_::rsplit_on_max(&text, &short, count),
        );
        cases.add(format!("{s}.index({t})"), str_::index(&text, &short));
        cases.add(
            format!("{s}.partition({t})"),
            str_::partition(&text, &short),
        );
        cases.add(
            format!("{s}.rpartition({t})"),
            str_::rpartition(&text, &short),
        );
        cases.add(
            format!("{s}.center({width}, {t})"),
            str_::center(&text, width, &short),
        );
        cases.add(
            format!("{s}.ljust({width})"),
            str_::ljust(&text, width, " "),
        );
        cases.add(
            format!("{s}.rjust({width}, '*')"),
            str_::rjust(&text, width, "*"),
        );
        cases.add(format!("{s}[{from}]"), str_::item(&text, from));
        cases.value(format!("{s}[{from}:{to}]"), str_::slice(&text, from..to));
        cases.value(format!("{s}[:{to}]"), str_::slice(&text, ..to));
        let step = dice.range(-3, 3);
        let slice = Slice::new(Some(from.into()), None, Some(step.into()));
        cases.add(
            format!("{s}[{from}::{step}]"),
            slice.map(|slice| str_::slice(&text, slice)),
        );
        cases.add(format!("{s} * {count}"), str_::repeat(&text, count));
        cases.add(format!("{s} + {o}"), ops::add(&text, &other));
        cases.value(
            format!("{t}.join([{s}, {o}])"),
            str_::join(&short, [&text, &other]),
        );
    }
    for code in [-1, 0, 65, 0x1_f600, 0x11_0000] {
        cases.add(
            format!("chr({code})"),
            langferry_pystd::chr(&Int::from(code)),
        );
    }
    for text in ["", "a", "é", "ab"] {
        cases.add(format!("ord({})", repr(text)), langferry_pystd::ord(text));
    }
    cases.check(0);
}
