//! Values of unknown type: every operator on every pair of types.

use langferry_pystd::{
    Bytes, Date, Dict, FromValue, Int, Set, TimeDelta, Truthy, Value, float, int, ops, repr,
    sorted, str_of,
};

use crate::oracle::{Cases, Dice, rounds};

/// The value as Python code; `repr` is that but for what is not finite.
pub fn code(value: &Value) -> String {
    let shown = repr(value)
        .replace("nan", "math.nan")
        .replace("inf", "math.inf")
        .replace("datetime.date", "date")
        .replace("datetime.timedelta", "timedelta");
    format!("({shown})")
}

pub fn a_value(dice: &mut Dice, depth: usize) -> Value {
    let text = |dice: &mut Dice| dice.text(&["a", "é", "\"", "\n", "x", "😀", "\u{7f}", "1"], 4);
    let items = |dice: &mut Dice| -> Vec<Value> {
        (0..dice.below(4))
            .map(|_| a_value(dice, depth - 1))
            .collect()
    };
    match dice.below(if depth == 0 { 7 } else { 12 }) {
        0 => Value::None,
        1 => (dice.below(2) == 0).into(),
        2 => dice.range(-3, 3).into(),
        3 => (Int::from(dice.bits()) * Int::from(dice.bits())).into(),
        4 => [0.0, 1.0, -2.5, 1e22, f64::INFINITY][dice.below(5)].into(),
        5 | 6 => text(dice).into(),
        7 | 8 => Value::List(items(dice)),
        9 => Value::Tuple(items(dice)),
        _ => {
            let keys = |dice: &mut Dice| match dice.below(5) {
                0 => Value::from(dice.range(0, 3)),
                _ => text(dice).into(),
            };
            Value::Dict(
                (0..dice.below(4))
                    .map(|_| (keys(dice), a_value(dice, depth - 1)))
                    .collect(),
            )
        }
    }
}

fn any_value(dice: &mut Dice) -> Value {
    match dice.below(8) {
        0 => Value::Bytes(Bytes(vec![97, 0, 39])),
        1 => Value::Set(Set::from([
            Value::from(1),
            Value::from(i64::try_from(dice.below(2)).unwrap()),
        ])),
        2 => Date::new(2020, dice.range(1, 12), 5).unwrap().into(),
        3 => TimeDelta::hours(dice.range(-50, 50)).unwrap().into(),
        _ => a_value(dice, 2),
    }
}

#[test]
fn operators() {
    let mut cases = Cases::default();
    let dice = &mut Dice::new(61);
    for _ in 0..rounds(700) {
        let (a, b) = (any_value(dice), any_value(dice));
        let (x, y) = (code(&a), code(&b));
        cases.value(x.clone(), &a);
        cases.value(format!("str({x})"), str_of(&a));
        cases.value(format!("bool({x})"), a.truthy());
        cases.value(format!("{x} == {y}"), a == b);
        cases.add(format!("{x} + {y}"), ops::add(&a, &b));
        cases.add(format!("{x} - {y}"), ops::sub(&a, &b));
        cases.add(format!("{x} / {y}"), ops::true_div(&a, &b));
        cases.add(format!("{x} // {y}"), ops::floor_div(&a, &b));
        if !matches!(a, Value::Str(_) | Value::Bytes(_)) {
            cases.add(format!("{x} % {y}"), ops::rem(&a, &b));
        }
        let huge = |value: &Value| matches!(value, Value::Int(n) if n.abs() > Int::from(1000));
        if !huge(&a) && !huge(&b) {
            cases.add(format!("{x} * {y}"), ops::mul(&a, &b));
        }
        cases.add(format!("{x} | {y}"), ops::or(&a, &b));
        cases.add(format!("{x} & {y}"), ops::and(&a, &b));
        cases.add(format!("-{x}"), ops::neg(&a));
        cases.add(format!("{x} < {y}"), ops::lt(&a, &b));
        cases.add(format!("{x} >= {y}"), ops::ge(&a, &b));
        cases.add(format!("len({x})"), a.len());
        cases.add(format!("{x}[{y}]"), a.item(&b));
        cases.add(format!("{y} in {x}"), a.contains(&b));
        cases.add(format!("{x}[1:]"), a.slice(1..));
        cases.add(format!("int({x})"), int(&a));
        cases.add(format!("float({x})"), float(&a));
        cases.add(format!("{x}.upper()"), a.call("upper", &[]));
        cases.add(format!("{x}.get('a')"), a.call("get", &["a".into()]));
        cases.add(
            format!("{x}.strip({y})"),
            a.call("strip", std::slice::from_ref(&b)),
        );
        cases.add(
            format!("list({x})"),
            a.iter().map(|items| items.collect::<Vec<_>>()),
        );
        cases.add(
            format!("sorted([{x}, {y}])"),
            sorted([a.clone(), b.clone()], false),
        );
    }
    // iterating over sets, and methods given arguments of other types
    cases.check(4000);
}

#[test]
fn turning_into_what_it_has_to_be() {
    let value = Value::Dict(Dict::from([(
        "scores".into(),
        Value::List(vec![1.into(), "x".into()]),
    )]));
    let error = Dict::<String, Vec<Int>>::from_value(&value).unwrap_err();
    assert_eq!(error.class(), "TypeError");
    assert_eq!(error.message(), "at ['scores'][1]: expected int, got str");
    let again: Dict<String, Vec<Value>> = value.to().unwrap();
    assert_eq!(Value::from(again), value);
}
