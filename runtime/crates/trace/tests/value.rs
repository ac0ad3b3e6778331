//! Values written into a trace come back, and wrong ones say where they are wrong.

use langferry_trace::{DecodeError, TraceValue};
use serde_json::json;

#[test]
fn containers_round_trip() {
    let value = vec![(true, Some("a".to_owned())), (false, None)];
    let encoded = value.to_trace();
    assert_eq!(
        encoded,
        json!([
            {"$type": "tuple", "items": [true, "a"]},
            {"$type": "tuple", "items": [false, null]}
        ])
    );
    assert_eq!(
        Vec::<(bool, Option<String>)>::from_trace(&encoded),
        Ok(value)
    );
}

#[test]
fn a_wrong_value_names_its_path_and_type() {
    let encoded = json!([{"$type": "tuple", "items": [true, 1.5]}]);
    let error: DecodeError = Vec::<(bool, String)>::from_trace(&encoded).unwrap_err();
    assert_eq!(error.to_string(), "0.1: expected str, got float");
    assert_eq!(error.path(), ["0", "1"]);
}

#[test]
fn a_list_is_not_a_tuple() {
    let error = <(bool,)>::from_trace(&json!([true])).unwrap_err();
    assert_eq!(error.to_string(), "expected tuple of 1, got list");
}
