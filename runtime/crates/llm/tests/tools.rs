//! What `tool.invoke(text)` gives the function.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use langferry_llm::{Tool, ToolRuntime, wait};
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
