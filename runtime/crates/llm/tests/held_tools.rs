//! Tools that are held elsewhere answer next to those that are known, in the order of all names.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use langferry::messages::construct;
use langferry_llm::{Tool, ToolNode, held_tools, kwargs, wait};
use langferry_pystd::{Exception, Value, str_of};
use langferry_trace::TraceValue;
use serde_json::json;

/// What the tools of these names answer calls of `known` and `held`.
fn answered(names: &[&str], given: Value) -> Result<Vec<String>, Exception> {
    let schema = Value::from_trace(&json!({"properties": {}})).unwrap();
    let known = Tool::new("known", "", schema, |_| async { Ok("here".into()) });
    let names = names.iter().map(|&name| Value::from(name)).collect();
    let tools = held_tools(vec![known], Value::List(names), move |_, _| {
        Ok(given.clone())
    })?;
    let calls = ["known", "held", "other"];
    let calls =
        calls.map(|name| json!({"name": name, "args": {}, "id": name, "type": "tool_call"}));
    let calls = Value::from_trace(&calls.as_slice().into()).unwrap();
    let asked = kwargs([("content", "".into()), ("tool_calls", calls)]);
    let asked = construct("AIMessage", asked)?;
    let answers = wait(ToolNode::new(tools).invoke(&[asked]))?;
    let content = |answer: &Value| Ok(str_of(&answer.attr("content")?));
    answers.iter().map(content).collect()
}

#[test]
fn each_answers_its_own_calls() {
    let given = kwargs([("content", "there".into()), ("tool_call_id", "held".into())]);
    let given = construct("ToolMessage", given).unwrap();
    let answers = answered(&["held", "known"], given).unwrap();
    assert_eq!(answers[..2], ["here", "there"]);
    let lacking = "Error: other is not a valid tool, try one of [held, known].";
    assert_eq!(answers[2], lacking);
}

#[test]
fn what_is_no_answer_is_refused() {
    let error = answered(&["held", "known"], "there".into()).unwrap_err();
    assert_eq!(error.message(), "not supported: a str as a tool's answer");
}

#[test]
fn a_known_tool_must_be_among_the_names() {
    let error = answered(&["held"], Value::None).unwrap_err();
    assert_eq!(
        error.message(),
        "not supported: the tool known is not there"
    );
}
