//! Members of a program's enums, some of which are texts as well.

use langferry_pystd::enums::{Kind, by_name, by_value, define, is_member};
use langferry_pystd::{Dict, Exception, Truthy, Value, format_spec, json, ops, repr, str_of};

fn members(class: &str, kind: Kind) -> Vec<Value> {
    define(
        class,
        kind,
        &["LOW".into(), "HIGH".into(), "NONE".into()],
        &["low".into(), "high".into(), "".into()],
    )
}

#[test]
fn what_a_plain_member_is() {
    let all = members("m.Plain", Kind::Plain);
    let low = &all[0];
    assert_eq!(str_of(low), "Plain.LOW");
    assert_eq!(repr(low), "<Plain.LOW: 'low'>");
    assert_eq!(low.attr("value").unwrap(), "low".into());
    assert_eq!(low.attr("name").unwrap(), "LOW".into());
    assert_ne!(*low, Value::from("low"));
    assert!(all[2].truthy());
    assert!(!low.is_instance("str"));
    assert_eq!(
        json::dumps(low).unwrap_err().message(),
        "Object of type Plain is not JSON serializable"
    );
    assert_eq!(low.len().unwrap_err().class(), "TypeError");
}

#[test]
fn what_a_text_member_is() {
    let all = members("m.Text", Kind::Text);
    let low = &all[0];
    assert_eq!(str_of(low), "Text.LOW");
    assert_eq!(format_spec(low, "").unwrap(), "Text.LOW");
    assert_eq!(repr(low), "<Text.LOW: 'low'>");
    assert_eq!(*low, Value::from("low"));
    assert_eq!(Value::from("low"), *low);
    assert_ne!(*low, all[1]);
    assert!(!all[2].truthy());
    assert!(low.is_instance("str"));
    assert_eq!(json::dumps(low).unwrap(), "\"low\"");
    assert_eq!(low.len().unwrap(), 3_i64);
    assert_eq!(low.call("upper", &[]).unwrap(), "LOW".into());
    assert_eq!(low.item(0).unwrap(), "l".into());
    assert_eq!(ops::add(low, &Value::from("er")).unwrap(), "lower".into());
    assert_eq!(ops::add(&Value::from("be"), low).unwrap(), "below".into());
    assert!(ops::lt(&all[1], low).unwrap());
    assert!(low.contains("ow").unwrap());
    assert!(Value::from("a low one").contains(low).unwrap());
    assert!(Value::from(vec![Value::from("low")]).contains(low).unwrap());
}

#[test]
fn a_text_member_is_found_as_a_key() {
    let all = members("m.Key", Kind::Text);
    let mut counted: Dict<Value, Value> = Dict::new();
    counted.insert(all[0].clone(), 1);
    let whole = Value::Dict(counted);
    assert_eq!(whole.item("low").unwrap(), Value::from(1));
    assert_eq!(json::dumps(&whole).unwrap(), "{\"low\": 1}");
    assert_eq!(repr(&whole), "{<Key.LOW: 'low'>: 1}");
}

#[test]
fn a_shown_member_is_shown_as_its_text() {
    let all = members("m.Shown", Kind::Shown);
    assert_eq!(str_of(&all[0]), "low");
    assert_eq!(repr(&all[0]), "<Shown.LOW: 'low'>");
}

#[test]
fn members_are_looked_up() {
    let all = members("m.Found", Kind::Plain);
    assert_eq!(by_value(&all, "m.Found", &"high".into()).unwrap(), all[1]);
    assert_eq!(by_value(&all, "m.Found", &all[1]).unwrap(), all[1]);
    let error = by_value(&all, "m.Found", &"no".into()).unwrap_err();
    assert_eq!(error.message(), "'no' is not a valid Found");
    assert_eq!(by_name(&all, &"HIGH".into()).unwrap(), all[1]);
    assert_eq!(by_name(&all, &"no".into()).unwrap_err().class(), "KeyError");
    assert!(is_member(&all[1], &all[1]));
    assert!(!is_member(&"high".into(), &all[1]));
}

#[test]
fn a_member_is_never_taken_for_a_text_of_that_type() {
    let all = members("m.Kept", Kind::Text);
    let error: Exception = all[0].to::<String>().unwrap_err();
    assert_eq!(error.class(), "Unsupported");
    let error = Value::from(all).to::<Vec<String>>().unwrap_err();
    assert_eq!(error.class(), "Unsupported");
}
