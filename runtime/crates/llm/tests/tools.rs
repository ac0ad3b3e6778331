//! What functions of tools are given: the text of `tool.invoke(text)`, and what runs know.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use langferry::messages::construct;
use langferry_llm::{Filled, Tool, ToolNode, ToolRuntime, kwargs, wait};
use langferry_pystd::{Value, str_of};
use langferry_trace::TraceValue;
use serde_json::{Value as Json, json};

/// What a tool with these arguments is called with, or why it is not.
fn given(properties: &Json, required: &[&str], text: &str) -> Result<String, String> {
    let schema = json!({"properties": properties, "required": required});
    let schema = Value::from_trace(&schema).unwrap();
    let echo = Tool::new("echo", "", schema, |arguments| async move {
        let items = arguments.into_iter();
        Ok(Value::Dict(
            items.map(|(name, value)| (name.into(), value)).collect(),
        ))
    });
    let answer = wait(echo.run(&Value::from(text), &ToolRuntime::default()));
    answer
        .map(|x| str_of(&x))
        .map_err(|error| error.message().to_owned())
}

#[test]
fn a_text_is_the_first_argument_as_it_was_given() {
    let two = json!({"b": {"type": "string"}, "a": {"type": "string", "default": ""}});
    assert_eq!(given(&two, &["b"], "5").unwrap(), "{'b': '5'}");
    assert_eq!(given(&json!({}), &[], "5").unwrap(), "{}");
}

#[test]
fn a_text_for_arguments_of_another_kind_is_refused() {
    let refused = "not supported: the input of the tool echo";
    for (kind, text) in [("integer", "5"), ("integer", "five"), ("array", "5")] {
        assert_eq!(
            given(&json!({"n": {"type": kind}}), &["n"], text).unwrap_err(),
            refused
        );
    }
    let two = json!({"a": {"type": "string"}, "b": {"type": "string"}});
    assert_eq!(given(&two, &["a", "b"], "5").unwrap_err(), refused);
}

/// The first answer of a node to a call of a tool that gives back its argument `x`, which runs give.
fn filled(kind: Filled, state: &Json) -> Result<String, String> {
    let schema = Value::from_trace(&json!({"properties": {}})).unwrap();
    let echo = Tool::new("echo", "", schema, |mut arguments| async move {
        Ok(arguments.pop("x").unwrap_or_default())
    });
    let calls = json!([{"name": "echo", "args": {"x": "forged"}, "id": "c", "type": "tool_call"}]);
    let asked = construct(
        "AIMessage",
        kwargs([
            ("content", "".into()),
            ("tool_calls", Value::from_trace(&calls).unwrap()),
        ]),
    );
    let run = ToolRuntime::default().with_state(Value::from_trace(state).unwrap());
    let node = ToolNode::new([echo.filling("x", kind)]).within(run);
    let answers = wait(node.invoke(&[asked.unwrap()]));
    answers
        .map(|answers| str_of(&answers[0].attr("content").unwrap()))
        .map_err(|error| error.message().to_owned())
}

#[test]
fn runs_give_what_models_are_not_asked_for() {
    let state = json!({"a": "b"});
    let field = |name: &str| Filled::Field(name.to_owned());
    assert_eq!(filled(Filled::ToolCallId, &state).unwrap(), "c");
    assert_eq!(
        filled(Filled::State(vec![]), &state).unwrap(),
        "{\"a\": \"b\"}"
    );
    assert_eq!(filled(field("a"), &state).unwrap(), "b");
    assert_eq!(filled(field("z"), &state).unwrap_err(), "'z'");
    assert_eq!(
        filled(Filled::FieldIfThere("z".to_owned()), &state).unwrap(),
        "null"
    );
}

#[test]
fn a_state_that_lacks_a_key_is_told_to_the_model() {
    let answer = filled(Filled::State(vec!["z".to_owned()]), &json!({"a": 1})).unwrap();
    assert!(answer.starts_with("Error invoking tool 'echo'"), "{answer}");
}
