//! Values in the encoding of the trace.

use langferry_pystd::{Date, DateTime, Dict, Float, Int, Set, TimeDelta, Value};
use langferry_trace::TraceValue;
use serde_json::{Value as Json, json};

/// The encoding, and that it decodes to what encodes the same.
fn there_and_back<T: TraceValue>(value: &T) -> Json {
    let encoded = value.to_trace();
    let again = T::from_trace(&encoded).map(|decoded| decoded.to_trace());
    assert_eq!(again.as_ref(), Ok(&encoded));
    assert_eq!(
        Value::from_trace(&encoded).map(|value| value.to_trace()),
        Ok(encoded.clone())
    );
    encoded
}

#[test]
fn numbers_keep_their_type() {
    assert_eq!(there_and_back(&Int::from(3)), json!(3));
    assert_eq!(there_and_back(&Int::from(i64::MIN)), json!(i64::MIN));
    let big = Int::from(1u128 << 64);
    assert_eq!(
        there_and_back(&big),
        json!({"$type": "int", "value": "18446744073709551616"})
    );
    assert_eq!(there_and_back(&Float::from(3)).to_string(), "3");
    assert_eq!(there_and_back(&Float::from(3.0)).to_string(), "3.0");
    assert_eq!(
        there_and_back(&Float::from(f64::NAN)),
        json!({"$type": "float", "value": "nan"})
    );
    assert!(Int::from_trace(&json!(1.0)).is_err());
}

#[test]
fn dicts_keep_their_order_and_their_keys() {
    let names: Dict<String, Int> = Dict::from([("b".into(), 1.into()), ("a".into(), 2.into())]);
    assert_eq!(there_and_back(&names).to_string(), r#"{"b":1,"a":2}"#);
    let numbers: Dict<Int, bool> = Dict::from([(1.into(), true)]);
    assert_eq!(
        there_and_back(&numbers),
        json!({"$type": "dict", "items": [[1, true]]})
    );
    let disguised: Dict<String, Int> = Dict::from([("$type".into(), 1.into())]);
    assert_eq!(
        there_and_back(&disguised),
        json!({"$type": "dict", "items": [["$type", 1]]})
    );
}

#[test]
fn sets_are_in_the_order_of_their_text() {
    let set: Set<Int> = [10, 9, 1].into_iter().map(Int::from).collect();
    assert_eq!(
        there_and_back(&set),
        json!({"$type": "set", "items": [1, 10, 9]})
    );
}

#[test]
fn dates_are_iso_text() {
    let date = Date::new(2026, 3, 6).unwrap();
    assert_eq!(
        there_and_back(&date),
        json!({"$type": "date", "value": "2026-03-06"})
    );
    let at = DateTime::new(2026, 3, 6, 10, 15, 0, 7).unwrap();
    assert_eq!(
        there_and_back(&at),
        json!({"$type": "datetime", "value": "2026-03-06T10:15:00.000007"})
    );
    let delta = TimeDelta::hours(-1).unwrap();
    assert_eq!(
        there_and_back(&delta),
        json!({"$type": "timedelta", "days": -1, "seconds": 82800, "microseconds": 0})
    );
}

#[test]
fn objects_of_unknown_classes_survive() {
    let record = Value::Record {
        class: "shop.Item".into(),
        fields: Dict::from([("price".into(), Value::Tuple(vec![1.into(), Value::None]))]),
    };
    let encoded = there_and_back(&record);
    assert_eq!(encoded["class"], "shop.Item");
    assert_eq!(
        encoded["fields"]["price"],
        json!({"$type": "tuple", "items": [1, null]})
    );
    let member = Value::Enum {
        class: "shop.Colour".into(),
        name: "RED".into(),
    };
    assert_eq!(there_and_back(&member)["name"], "RED");
}

#[test]
fn a_wrong_value_says_where() {
    let error = Dict::<String, Vec<Int>>::from_trace(&json!({"a": [1, "x"]})).unwrap_err();
    assert_eq!(error.to_string(), "a.1: expected int, got str");
}
