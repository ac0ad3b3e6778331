//! What the derives make of structs.

use langferry::prelude::*;
use langferry::{ChannelSpec, Json};
use serde_json::json;

#[derive(Clone, Debug, Default, PartialEq, State)]
struct Everything {
    #[state(rename = "type")]
    r#type: Slot<String>,
    #[state(reducer = langferry::operator::add)]
    log: Slot<Vec<String>>,
    #[state(reducer = keep, no_initial)]
    kept: Slot<Kind>,
    update_: Slot<Option<Int>>,
}

#[derive(Clone, Debug, PartialEq, Record)]
#[record(dataclass, class = "program.Kind")]
struct Kind {
    #[record(rename = "self")]
    own: Float,
    late: Slot<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Record)]
struct Line {
    item: Slot<String>,
    clone: Int,
}

fn keep(current: Kind, _: Kind) -> Result<Kind, Exception> {
    Ok(current)
}

fn decode<T: TraceValue>(encoded: Json) -> Result<T, String> {
    T::from_trace(&encoded).map_err(|error| error.to_string())
}

#[test]
fn fields_are_channels_in_order() {
    let names: Vec<String> = Everything::channels()
        .iter()
        .map(|spec: &ChannelSpec| spec.name().to_owned())
        .collect();
    assert_eq!(names, ["type", "log", "kept", "update_"]);
}

#[test]
fn a_reducers_channel_may_start_with_another_value_than_its_types_default() {
    #[derive(Clone, Debug, Default, PartialEq, State)]
    struct Open {
        #[state(reducer = langferry::operator::add, initial = Value::List(Default::default()))]
        items: Slot<Value>,
        #[state(reducer = langferry::operator::add)]
        nothing: Slot<Value>,
    }
    let run = |input: Json| {
        let mut graph = StateGraph::new::<Open>("open");
        graph.add_node("one", |_: &Open, _: &Context| Ok(Update::new().into()));
        graph.add_edge(START, "one");
        let graph = graph.compile().unwrap();
        graph.invoke_blocking(Input::Encoded(input), &RunConfig::thread("7"))
    };
    let output = run(json!({ "items": [1] })).unwrap().encoded();
    assert_eq!(output, json!({ "items": [1], "nothing": null }));
    let error = run(json!({ "nothing": [1] })).unwrap_err();
    assert_eq!(
        error.message(),
        "unsupported operand type(s) for +: 'NoneType' and 'list'"
    );
}

#[test]
fn a_transient_channel_holds_a_value_for_one_superstep() {
    #[derive(Clone, Debug, Default, PartialEq, State)]
    struct Fleeting {
        #[state(transient)]
        word: Slot<String>,
        seen: Slot<Vec<bool>>,
    }
    fn look(state: &Fleeting, _: &Context) -> NodeResult {
        let mut seen = state.seen().cloned().unwrap_or_default();
        seen.push(state.word().is_ok());
        Ok(Fleeting::update().seen(seen).into())
    }
    let mut graph = StateGraph::new::<Fleeting>("fleeting");
    graph.add_node("one", look);
    graph.add_node("two", look);
    graph.add_edge(START, "one");
    graph.add_edge("one", "two");
    let graph = graph.compile().unwrap();
    let input = Input::Encoded(json!({ "word": "a" }));
    let output = graph.invoke_blocking(input, &RunConfig::thread("7"));
    assert_eq!(output.unwrap().encoded(), json!({ "seen": [true, false] }));
}

#[test]
fn schemas_may_declare_a_channel_as_different_types() {
    #[derive(Clone, Debug, Default, PartialEq, State)]
    struct Told {
        info: Slot<Option<Int>>,
    }
    #[derive(Clone, Debug, Default, PartialEq, State)]
    struct Sure {
        info: Slot<Int>,
    }
    let run = |input: Json| {
        let mut graph = StateGraph::new::<Told>("told");
        graph.output_schema::<Sure>();
        graph.add_node("one", |state: &Sure, _: &Context| {
            Ok(Sure::update().info(state.info()?.clone()).into())
        });
        graph.add_edge(START, "one");
        let graph = graph.compile().unwrap();
        graph.invoke_blocking(Input::Encoded(input), &RunConfig::thread("7"))
    };
    let output = run(json!({ "info": 3 })).unwrap().encoded();
    assert_eq!(output, json!({ "info": 3 }));
    let error = run(json!({ "info": null })).unwrap_err();
    assert!(error.message().contains("info"), "{error}");
}

#[test]
fn absent_keys_raise_what_python_raises() {
    let state = Everything::default();
    let error = state.r#type().unwrap_err();
    assert_eq!((error.class(), error.message()), ("KeyError", "'type'"));
    let kind: Kind =
        decode(json!({ "$type": "object", "class": "program.Kind", "fields": { "self": 1 } }))
            .unwrap();
    let error = kind.late().unwrap_err();
    assert_eq!(error.class(), "AttributeError");
    assert_eq!(error.message(), "'Kind' object has no attribute 'late'");
}

#[test]
fn a_state_is_a_dict_of_its_present_keys() {
    let state = Everything {
        r#type: "a".to_owned().into(),
        update_: None.into(),
        ..Everything::default()
    };
    assert_eq!(
        state.to_trace().to_string(),
        r#"{"type":"a","update_":null}"#
    );
    assert_eq!(decode::<Everything>(state.to_trace()).unwrap(), state);
    assert_eq!(
        decode::<Everything>(json!({ "other": 1 })).unwrap(),
        Everything::default()
    );
    assert_eq!(
        decode::<Everything>(json!({ "log": ["a", 1] })).unwrap_err(),
        "log.1: expected str, got int"
    );
    assert_eq!(
        decode::<Everything>(json!([])).unwrap_err(),
        "expected dict, got list"
    );
}

#[test]
fn records_refuse_what_they_could_not_keep() {
    let line = decode::<Line>(json!({ "clone": 1, "item": "x" })).unwrap();
    assert_eq!(line.item().unwrap(), "x");
    assert_eq!(decode::<Line>(json!({})).unwrap_err(), "clone: missing");
    assert_eq!(
        decode::<Line>(json!({ "clone": 1, "more": 2 })).unwrap_err(),
        "more: `Line` has no field `more`"
    );
    let other = json!({ "$type": "object", "class": "program.Other", "fields": {} });
    assert_eq!(
        decode::<Kind>(other).unwrap_err(),
        "expected program.Kind, got object"
    );
}

#[test]
fn a_float_given_as_an_int_stays_one() {
    let encoded = json!({ "$type": "object", "class": "program.Kind", "fields": { "self": 3 } });
    assert_eq!(
        decode::<Kind>(encoded.clone())
            .unwrap()
            .to_trace()
            .to_string(),
        encoded.to_string()
    );
}

#[test]
fn an_update_is_a_dict_in_the_order_of_its_keys() {
    let state = Everything {
        log: vec!["a".to_owned()].into(),
        ..Everything::default()
    };
    let update: Update = Everything::update()
        .update_(None)
        .spread(&state)
        .r#type("t".into())
        .update_(Some(1.into()))
        .into();
    let written: Vec<String> = update
        .writes()
        .map(|(channel, value)| format!("{channel}={}", value.encoded()))
        .collect();
    assert_eq!(written, ["update_=1", r#"log=["a"]"#, r#"type="t""#]);
}

#[test]
fn a_slot_shares_until_it_is_changed() {
    let mut ours = Slot::new(vec![1]);
    let theirs = ours.clone();
    ours.get_mut("k").unwrap().push(2);
    assert_eq!(
        (
            ours.as_deref().unwrap().len(),
            theirs.as_deref().unwrap().len()
        ),
        (2, 1)
    );
    assert_eq!(ours.take(), Some(vec![1, 2]));
    assert!(!ours.is_set());
    assert_eq!(ours.get_mut("k").unwrap_err().message(), "'k'");
}

#[test]
fn dicts_are_typed_ones_where_their_keys_are_those_declared_and_in_that_order() {
    let value = |json: Json| Value::from_trace(&json).expect("a value");
    let typed = |json| langferry::objects::typed::<Vec<Line>>(&value(json));
    let lines = typed(json!([{"item": "a", "clone": 1}, {"clone": 2}])).expect("lines");
    assert_eq!(lines[1].clone, Int::from(2));
    for other in [
        json!([{"clone": 1, "item": "a"}]),
        json!([{"item": "a", "clone": 1, "more": 2}]),
        json!([{"item": "a"}]),
        json!([{"clone": "1"}]),
        json!({"clone": 1}),
        json!(null),
    ] {
        let refused = typed(other.clone()).expect_err("what it is not");
        assert_eq!(refused.class(), "Unsupported", "{other}");
    }
    let maybe = langferry::objects::typed::<Option<Line>>(&Value::None);
    assert_eq!(maybe.expect("nothing"), None);
}
