//! The codec against what LangGraph's own serialiser wrote and read: see `codec/record.py`.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use langferry_checkpoint::codec::{ClassKind, Classes, EXTENSION, Typed, decode, encode};
use serde_json::{Value as Json, json};

/// The classes of the recorded program.
fn classes() -> Classes {
    let mut classes = Classes::default();
    classes.add("__main__", "Point", ClassKind::Keywords);
    classes.add("__main__", "Model", ClassKind::Pydantic);
    classes.add("__main__", "Outer", ClassKind::Pydantic);
    classes
}

fn lines() -> impl Iterator<Item = Json> {
    let recording = include_str!("codec/recording.jsonl");
    recording
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

fn stored(line: &Json) -> Typed {
    let digits = line["data"].as_str().unwrap();
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    Typed {
        kind: line["kind"].as_str().unwrap().to_owned(),
        data: (0..digits.len()).step_by(2).map(byte).collect(),
    }
}

#[test]
fn values_are_stored_byte_for_byte() {
    let mut compared = 0;
    for line in lines() {
        if let Some(value) = line.get("value") {
            let found = encode(value, &classes()).map_err(|error| format!("{value}: {error}"));
            assert_eq!(found, Ok(stored(&line)), "{value}");
            compared += 1;
        }
    }
    assert!(compared > 400, "only {compared} values were compared");
}

#[test]
fn values_are_read_as_langgraph_reads_them() {
    let mut compared = 0;
    for line in lines() {
        if let Some(read) = line.get("read") {
            let found = decode(&stored(&line), &mut classes()).unwrap();
            assert_eq!(&found, read, "{}", line["data"]);
            compared += 1;
        }
    }
    assert!(compared > 400, "only {compared} values were compared");
}

/// Nothing needs to be known of what is only carried.
#[test]
fn what_was_read_is_stored_unchanged() {
    let mut unread = 0;
    for line in lines().filter(|line| line.get("changed").is_none()) {
        let mut classes = Classes::default();
        let value = decode(&stored(&line), &mut classes).unwrap();
        assert_eq!(encode(&value, &classes), Ok(stored(&line)), "{value}");
        unread += usize::from(value.to_string().contains(EXTENSION));
    }
    assert!(
        unread >= 5,
        "only {unread} values with extensions that are carried"
    );
}

#[test]
fn what_cannot_be_stored_is_refused() {
    let refused = |value: Json| encode(&value, &Classes::default()).unwrap_err().to_string();
    assert_eq!(
        refused(json!({ "a": [{ "$type": "int", "value": "18446744073709551616" }] })),
        "a.0: an int of more than 64 bits is not stored"
    );
    let key = json!({ "$type": "date", "value": "2026-01-02" });
    assert_eq!(
        refused(json!({ "$type": "dict", "items": [[key, 1]] })),
        "a key that is a date is not kept"
    );
    assert_eq!(
        refused(json!({ "x": { "$type": "object", "class": "app.Thing", "fields": {} } })),
        "x: how objects of the class app.Thing are stored is not known"
    );
    assert_eq!(
        refused(json!({ "$type": "enum", "class": "app.Colour", "name": "RED" })),
        "a member of the enum app.Colour is stored by its value, which is not known here"
    );
    let deep = (0..300).fold(Json::Null, |inner, _| json!([inner]));
    assert!(refused(deep).ends_with("nested too deeply to be stored"));
}

#[test]
fn bytes_that_lie_are_refused() {
    let refused = |data: &[u8]| {
        let kind = "msgpack".to_owned();
        let data = data.to_vec();
        let mut classes = Classes::default();
        decode(&Typed { kind, data }, &mut classes)
            .unwrap_err()
            .to_string()
    };
    let ends = "the bytes end within a value";
    for data in [
        &b"\xdd\xff\xff\xff\xff"[..],
        b"\xdf\xff\xff\xff\xff\x01",
        b"\xc6\xff\xff\xff\xff",
        b"\xd8",
        b"",
    ] {
        assert!(refused(data).ends_with(ends), "{data:?}: {}", refused(data));
    }
    assert_eq!(refused(b"\xc0\xc0"), "bytes after the end of a value");
    assert_eq!(refused(b"\xc1"), "no msgpack");
    assert_eq!(refused(b"\xa1\xff"), "a text that is no UTF-8");
    assert!(refused(&[0x91; 5000]).ends_with("nested too deeply to be read"));
    let kind = "pickle".to_owned();
    let data = Vec::new();
    let error = decode(&Typed { kind, data }, &mut Classes::default()).unwrap_err();
    assert_eq!(error.to_string(), "values stored as pickle are not read");
}

#[test]
fn long_values_come_back() {
    for value in [
        json!(vec![Json::Null; 70_000]),
        json!("x".repeat(70_000)),
        (0..70_000).map(|n| (n.to_string(), Json::Null)).collect(),
    ] {
        let stored = encode(&value, &Classes::default()).unwrap();
        assert!(stored.data.len() > 70_000);
        assert!(decode(&stored, &mut Classes::default()).unwrap() == value);
    }
}

/// The bytes are what LangGraph 1.2.22 stored for `class A(str, Enum)` and `class N(Enum)` of `__main__`.
#[test]
fn members_of_known_enums_are_stored_by_value() {
    use langferry_pystd::enums::{Kind, define};

    let names = ["X".to_owned()];
    define("__main__.A", Kind::Text, &names, &["x".into()]);
    define("__main__.N", Kind::Plain, &names, &[1_i64.into()]);
    let member = |class: &str| json!([{ "$type": "enum", "class": class, "name": "X" }]);
    let recorded = [
        (
            "__main__.A",
            b"\x91\xc7\x0e\x00\x93\xa8__main__\xa1A\xa1x".as_slice(),
        ),
        (
            "__main__.N",
            b"\x91\xc7\r\x00\x93\xa8__main__\xa1N\x01".as_slice(),
        ),
    ];
    for (class, bytes) in recorded {
        let stored = encode(&member(class), &classes()).unwrap();
        assert_eq!(stored.data, bytes, "{class}");
        assert_eq!(decode(&stored, &mut classes()).unwrap(), member(class));
    }
    assert!(encode(&member("__main__.Unknown"), &classes()).is_err());
}
