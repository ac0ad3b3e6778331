//! The format-spec mini-language.

use langferry_pystd::{Float, Int, Value, format_spec, format_template, repr};

use crate::oracle::{Cases, Dice, rounds};

fn a_spec(dice: &mut Dice, kinds: &str) -> String {
    let maybe = |dice: &mut Dice, part: String| {
        if dice.below(3) == 0 {
            part
        } else {
            String::new()
        }
    };
    let kinds: Vec<char> = kinds.chars().collect();
    let fill =
        dice.pick(&["", "*", "x", "0", "é", "{"]).to_owned() + dice.pick(&["<", ">", "^", "="]);
    let width = dice.range(0, 20).to_string();
    let precision = format!(".{}", dice.range(0, 12));
    let kind = kinds[dice.below(kinds.len())].to_string();
    let mut spec = maybe(dice, fill);
    let sign = dice.pick(&["+", "-", " "]).to_owned();
    spec += &maybe(dice, sign);
    spec += if dice.below(12) == 0 { "z" } else { "" };
    spec += if dice.below(6) == 0 { "#" } else { "" };
    spec += if dice.below(4) == 0 { "0" } else { "" };
    spec += &maybe(dice, width);
    let grouping = dice.pick(&[",", "_"]).to_owned();
    spec += &maybe(dice, grouping);
    spec += &maybe(dice, precision);
    spec + &(if dice.below(4) > 0 {
        kind
    } else {
        String::new()
    })
}

#[test]
fn numbers() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(11);
    for _ in 0..rounds(2500) {
        let spec = a_spec(dice, "bcdeEfFgGnosxX%q");
        let int = match dice.below(3) {
            0 => Int::from(dice.range(-9, 200)),
            1 => Int::from(dice.range(-99_999_999, 99_999_999)),
            _ => Int::from(dice.bits()) * Int::from(dice.bits()),
        };
        cases.add(
            format!("format({int}, {})", repr(&spec)),
            format_spec(&int, &spec),
        );
        let double = match dice.below(5) {
            0 => [0.0, -0.0, 0.5, 1.0, 2.5, -0.001, 1e16, 123_456.789][dice.below(8)],
            1 => f64::from_bits(dice.bits()),
            2 => [f64::INFINITY, f64::NAN, f64::NEG_INFINITY, 99.995][dice.below(4)],
            _ => f64::from(i32::try_from(dice.range(-10_000_000, 10_000_000)).unwrap()) / 1000.0,
        };
        let shown = repr(&Float::from(double));
        let call = format!("format(float('{shown}'), {})", repr(&spec));
        cases.add(call, format_spec(&Float::from(double), &spec));
        let flag = dice.below(2) == 0;
        cases.add(
            format!("format({}, {})", repr(&flag), repr(&spec)),
            format_spec(&flag, &spec),
        );
    }
    cases.check(0);
}

#[test]
fn texts() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(12);
    for _ in 0..rounds(1000) {
        let spec = a_spec(dice, "sssssd");
        let text = dice.text(&["a", "bc", "é", "漢", " "], 6);
        cases.add(
            format!("format({}, {})", repr(&text), repr(&spec)),
            format_spec(&text, &spec),
        );
    }
    for spec in ["", "5", "s"] {
        cases.add(
            format!("format(None, {})", repr(spec)),
            format_spec(&(), spec),
        );
        cases.add(
            format!("format([1], {})", repr(spec)),
            format_spec(&vec![Int::from(1)], spec),
        );
    }
    cases.check(0);
}

#[test]
fn templates() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(13);
    let pieces = [
        "{}",
        "{0}",
        "{1}",
        "{name}",
        "{name!r}",
        "{:>8}",
        "{0:05d}",
        "{name:{width}}",
        "{{",
        "}}",
        " a ",
        "é",
        "{",
        "}",
        "{2}",
        "{other}",
        "{!s:<4}",
        "{name:.2}",
        "{name!x}",
        "{:{}}",
        "{0!r:^9}",
    ];
    let positional = [Value::from(42), Value::from("it's")];
    let named = [("name", Value::from("Ada")), ("width", Value::from(7))];
    for _ in 0..rounds(3000) {
        let count = dice.below(4);
        let template: String = (0..=count).map(|_| dice.pick(&pieces)).collect();
        cases.add(
            format!(
                "{}.format(42, \"it's\", name='Ada', width=7)",
                repr(&template)
            ),
            format_template(&template, &positional, &named),
        );
    }
    cases.check(100);
}
