//! `re`: generated patterns over generated texts.

use langferry_pystd::{Exception, PyRepr, re, repr};

use crate::oracle::{Cases, Dice, rounds};

fn a_pattern(dice: &mut Dice, depth: usize) -> String {
    let atoms = [
        "a",
        "b",
        "c",
        ".",
        "\\w",
        "\\d",
        "\\s",
        "\\W",
        "\\b",
        "^",
        "$",
        "[ab]",
        "[^a]",
        "[a-c]",
        "[\\w-]",
        "é",
        "\\.",
        "A",
        "\\B",
        "1",
        " ",
        "\\S",
        "[^\\s\\d]",
        "ı",
        "ſ",
        "(?i:A)",
        "\\Z",
        "\\n",
        "-",
        "[K-ſ]",
    ];
    let mut pattern = String::new();
    for _ in 0..=dice.below(3) {
        let atom = if depth > 0 && dice.below(3) == 0 {
            let inner = a_pattern(dice, depth - 1);
            let open = dice.pick(&["(", "(?:", "(", "(?=", "(?!", "(?>", "(?<=", "(?<!", "("]);
            let other = if dice.below(3) == 0 {
                format!("|{}", a_pattern(dice, depth - 1))
            } else {
                String::new()
            };
            format!("{open}{inner}{other})")
        } else if dice.below(14) == 0 {
            dice.pick(&["\\1", "\\2", "(?(1)a|b)"]).to_owned()
        } else {
            dice.pick(&atoms).to_owned()
        };
        let times = dice.pick(&[
            "", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}?", "*+", "?+",
            "{x",
        ]);
        pattern += &(atom + times);
    }
    pattern
}

fn shown(found: Result<Option<re::Match>, Exception>) -> Result<impl PyRepr, Exception> {
    Ok(match found? {
        Some(found) => Some((found.span(0)?, found.groups())),
        None => None,
    })
}

#[test]
fn generated_patterns() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(71);
    let pieces = [
        "a", "b", "c", "A", "1", " ", "é", "\n", "-", "ab", ".", "ſ", "K", "_",
    ];
    for _ in 0..rounds(1200) {
        let pattern = a_pattern(dice, 2);
        let text = dice.text(&pieces, 8);
        let (flags, names) = [
            (re::NONE, "0"),
            (re::IGNORECASE, "re.I"),
            (re::MULTILINE, "re.M"),
            (re::DOTALL | re::ASCII, "re.S | re.A"),
            (re::VERBOSE, "re.X"),
        ][dice.below(5)];
        let call = |function: &str, rest: &str| {
            format!(
                "re.{function}({}, {}{rest}, flags={names})",
                repr(&pattern),
                repr(&text)
            )
        };
        let groups = |function: &str| {
            format!(
                "(lambda m: m and (m.span(), list(m.groups())))({})",
                call(function, "")
            )
        };
        let one = re::compile(&pattern, flags);
        cases.add(
            groups("search"),
            one.clone().and_then(|p| shown(p.search(&text))),
        );
        cases.add(
            groups("match"),
            one.clone().and_then(|p| shown(p.match_(&text))),
        );
        cases.add(
            groups("fullmatch"),
            one.clone().and_then(|p| shown(p.fullmatch(&text))),
        );
        cases.add(
            call("findall", ""),
            one.clone().and_then(|p| p.findall(&text)),
        );
        cases.add(
            call("split", ""),
            one.clone().and_then(|p| p.split(&text, 0)),
        );
        cases.add(
            call("split", ", 2"),
            one.clone().and_then(|p| p.split(&text, 2)),
        );
        let with = dice.pick(&["x", "[\\g<0>]", "\\1", "\\n\\\\", "\\q"]);
        let substitute = format!(
            "re.subn({}, {}, {}, {}, {names})",
            repr(&pattern),
            repr(with),
            repr(&text),
            2
        );
        cases.add(substitute, one.and_then(|p| p.subn(with, &text, 2)));
    }
    cases.check(100);
}

#[test]
fn written_patterns() {
    let mut cases = Cases::default();
    let text =
        "Refund for order #48213, ORD-991 jane.doe@example.com\nUrgent: 2026-03-06 10:15 ünï_cödé";
    let patterns = [
        r"\b(?:order|ORD)[\s#-]*(\d{4,8})\b",
        r"[\w.+-]+@[\w-]+\.[\w.]+",
        r"[a-z]+",
        r"(?P<y>\d{4})-(?P<m>\d\d)",
        r"(?P<w>\w)(?P=w)?",
        r"(a)|(b)",
        r"^.*$",
        r"(?m)^.*$",
        r"(?s).*",
        r"(?i)REFUND",
        r"\w+(?= for)",
        r"(?<=#)\d+",
        r"(\w+)\s\1",
        r"[",
        r"(",
        r")",
        r"*",
        r"a**",
        r"(?P<1>a)",
        r"\8",
        r"[z-a]",
        r"a{3,2}",
        r"(?<=a+)b",
        r"\q",
        r"(?P<a>x)(?P<a>y)",
        r"(?x) \d+ # digits",
        r"\x41|\u00e9",
        r"\101",
        r"[]a]+",
        r"[^]a]+",
        r"[a\-z]+",
        r"a|",
        r"(?:)",
        r"(?#comment)a",
        r"(?a:\w+)",
        r"(?-i:a)",
        r"x(?i)",
        r"\N{DIGIT ONE}",
        r"(?P<n",
        r"(?Px)",
        r"(?",
        r"\",
        r"{",
        r"a{,}",
        r"a{1",
        r"x{2,3}y",
        r"(?(2)a)",
        r"(?P=q)",
        r"(?z)",
        r"(?<x",
        r"[\d-z]",
        r"[a",
        r"\0",
        r"\1(a)",
    ];
    for pattern in patterns {
        let (p, t) = (repr(pattern), repr(text));
        let compiled = re::compile(pattern, re::NONE);
        cases.add(
            format!("re.findall({p}, {t})"),
            compiled.clone().and_then(|c| c.findall(text)),
        );
        cases.add(
            format!("re.sub({p}, '<\\\\g<0>>', {t})"),
            compiled.clone().and_then(|c| c.sub(r"<\g<0>>", text, 0)),
        );
        cases.add(
            format!("[m.groupdict() for m in re.finditer({p}, {t}, re.I)]"),
            re::compile(pattern, re::IGNORECASE)
                .and_then(|c| c.finditer(text))
                .map(|found| found.iter().map(re::Match::groupdict).collect::<Vec<_>>()),
        );
    }
    for template in [
        r"\g<y>", r"\g<no>", r"\3", r"\g<3>", r"\g<", r"\g<>", r"\g<1a>", r"\07", r"\e", r"\.",
        r"\", r"\400", r"\g",
    ] {
        cases.add(
            format!("re.sub('(?P<y>b)(c)?', {}, 'abcb')", repr(template)),
            re::sub("(?P<y>b)(c)?", template, "abcb", 0, re::NONE),
        );
    }
    cases.value(format!("re.escape({})", repr(text)), re::escape(text));
    cases.check(6);
}
