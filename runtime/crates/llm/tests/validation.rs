//! Objects made of what are no plain JSON values: as pydantic takes them, or refused with a code.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use langferry_llm::Schema;
use langferry_pystd::json::loads;
use langferry_pystd::{Exception, Value};

fn made(given: &[(&str, Value)]) -> Result<Value, Exception> {
    let json = r##"{"title": "Card", "type": "object", "properties": {
        "suit": {"$ref": "#/$defs/Suit"}, "side": {"enum": ["up", "down"], "type": "string", "default": "up"},
        "back": {"const": "blue", "type": "string", "default": "blue"}},
        "required": ["suit"], "$defs": {"Suit": {"enum": ["hearts", "clubs"], "type": "string"}}}"##;
    let suits = [("hearts", "HEARTS"), ("clubs", "CLUBS")];
    let suits = suits.map(|(own, name)| (Value::from(own), name.to_owned()));
    let schema =
        Schema::of_class("cards.Card", loads(json)?).with_enumeration("Suit", "cards.Suit", suits);
    let given = given
        .iter()
        .map(|(name, value)| ((*name).into(), value.clone()));
    schema.instance(Value::Dict(given.collect()))
}

fn member(class: &str) -> Value {
    Value::Enum {
        class: class.to_owned(),
        name: "CLUBS".to_owned(),
    }
}

#[test]
fn a_member_is_taken_as_it_is() {
    let by_value = made(&[("suit", "clubs".into())]).unwrap();
    assert_eq!(by_value.attr("suit").unwrap(), member("cards.Suit"));
    assert_eq!(made(&[("suit", member("cards.Suit"))]).unwrap(), by_value);
}

#[test]
fn members_of_others_are_not_guessed_at() {
    for given in [
        &[("suit", member("other.Suit"))] as &[_],
        &[("suit", "clubs".into()), ("side", member("cards.Suit"))],
        &[("suit", "clubs".into()), ("back", member("cards.Suit"))],
    ] {
        assert!(made(given).unwrap_err().is("Unsupported"), "{given:?}");
    }
}
