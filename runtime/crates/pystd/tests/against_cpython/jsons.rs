//! `json`.

use langferry_pystd::{Int, Value, json, repr};

use crate::dynamic::a_value;
use crate::oracle::{Cases, Dice, rounds};

#[test]
fn writing() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(51);
    for _ in 0..rounds(500) {
        let value = a_value(dice, 3);
        let shown = crate::dynamic::code(&value);
        cases.add(format!("json.dumps({shown})"), json::dumps(&value));
        let options = json::Dumps {
            indent: [None, Some(0), Some(2), Some(4)][dice.below(4)],
            sort_keys: dice.below(2) == 0,
            ensure_ascii: dice.below(2) == 0,
            separators: (dice.below(3) == 0).then(|| (",".to_owned(), ":".to_owned())),
            default: None,
        };
        let call = format!(
            "json.dumps({shown}, indent={}, sort_keys={}, ensure_ascii={}, separators={})",
            options
                .indent
                .map_or("None".to_owned(), |indent| indent.to_string()),
            repr(&options.sort_keys),
            repr(&options.ensure_ascii),
            repr(&options.separators),
        );
        cases.add(call, json::dumps_with(&value, &options));
    }
    cases.check(0);
}

#[test]
fn failing() {
    let mut cases = Cases::default();
    for text in ["", "a\nb\n\nc", "\n", "ä\n𝄞"] {
        for at in -7..9 {
            let call = format!("str(json.JSONDecodeError('x', {}, {at}))", repr(&text));
            cases.value(call, json::failure("x", text, &Int::from(at)));
        }
    }
    cases.check(0);
}

#[test]
fn reading() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(52);
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"b\\n\"",
        "1",
        "-2.5",
        "1e5",
        "true",
        "null",
        " ",
        "\n",
        "\"",
        "\\u00e9",
        "nul",
        "NaN",
        "-Infinity",
        "01",
        ".5",
        "\"\\ud83d\\ude00\"",
        "\"\\x\"",
        "\t",
        "\"\\u12\"",
        "é",
    ];
    for round in 0..rounds(1200) {
        let text = if round % 2 == 0 {
            dice.text(&pieces, 8)
        } else {
            let text = match json::dumps(a_value(dice, 3)) {
                Ok(text) => text,
                Err(_) => continue,
            };
            let mut chars: Vec<char> = text.chars().collect();
            if dice.below(2) == 0 {
                let at = dice.below(chars.len());
                match dice.below(3) {
                    0 => drop(chars.remove(at)),
                    1 => chars.insert(at, ['"', ',', '}', ']', 'x', '\n', ' ', '0'][dice.below(8)]),
                    _ => chars.truncate(at),
                }
            }
            chars.into_iter().collect()
        };
        cases.add(format!("json.loads({})", repr(&text)), json::loads(&text));
    }
    cases.value(
        "json.loads('{\"a\": [1, 2.0, {\"b\": null}]}')",
        Value::Dict(
            [(
                "a".into(),
                Value::List(vec![
                    1.into(),
                    2.0.into(),
                    Value::Dict([("b".into(), Value::None)].into()),
                ]),
            )]
            .into(),
        ),
    );
    // texts cut within a surrogate pair
    cases.check(40);
}
