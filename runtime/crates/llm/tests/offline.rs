//! Prompts, parsers and tools, against recordings of LangChain's own (`offline/record.py` makes them).
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use langferry::messages;
use langferry_llm::{
    ChatPromptTemplate, Kwargs, PromptTemplate, Schema, Tool, ToolErrors, ToolNode,
    json_format_instructions, json_output, messages_placeholder, pydantic_format_instructions,
    pydantic_output, text_output, tools_condition, wait,
};
use langferry_pystd::{Exception, Value, ops, str_of};
use langferry_trace::TraceValue;
use serde_json::{Value as Json, json};

#[test]
fn every_case_is_as_recorded() {
    let cases: Vec<Json> = serde_json::from_str(include_str!("offline/recording.json")).unwrap();
    assert!(cases.len() > 200);
    let mut wrong = Vec::new();
    for case in &cases {
        let kind = case["kind"].as_str().unwrap();
        let found = match outcome(kind, &value(&case["given"])) {
            Ok(result) => json!({"result": result.to_trace()}),
            Err(error) => json!({"error": error.class(), "message": error.message()}),
        };
        let mut expected = case.clone();
        let fields = expected.as_object_mut().unwrap();
        fields.shift_remove("kind");
        fields.shift_remove("given");
        // as text, since the order of fields counts
        let (left, right) = (found.to_string(), expected.to_string());
        if left != right {
            let given = &case["given"];
            wrong.push(format!("{kind} {given}\n  {found}\n  expected {expected}"));
        }
    }
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} differ:\n{}", wrong.join("\n"));
}

fn outcome(kind: &str, given: &Value) -> Result<Value, Exception> {
    Ok(match kind {
        "template" => {
            let template = PromptTemplate::from_template(&str_of(&given.item(0)?))?;
            template.invoke(given.item(1)?)?.into()
        }
        "prompt" => {
            let parts = given.item(0)?.iter()?.map(part);
            let prompt = ChatPromptTemplate::from_messages(parts.collect::<Result<Vec<_>, _>>()?)?;
            prompt.invoke(given.item(1)?)?.into()
        }
        "json" => json_output(given)?,
        "pydantic" => pydantic_output(given, &step())?,
        "text" => text_output(&message(given)?)?.into(),
        "instructions" => pydantic_format_instructions(given)?.into(),
        "json instructions" => json_format_instructions(Some(given))?.into(),
        "shown" => {
            let message = message(given)?;
            vec![messages::text(&message)?, messages::pretty_repr(&message)?].into()
        }
        "tools" => {
            let node = ToolNode::new(tools()).handling(match given.item(0)? {
                Value::Bool(true) => ToolErrors::Tell,
                Value::Bool(false) => ToolErrors::Raise,
                Value::Str(text) if text != "default" => ToolErrors::Say(text),
                _ => ToolErrors::WrongArguments,
            });
            let messages = messages::from_input(given.item(1)?)?;
            wait(node.invoke(&messages))?.into()
        }
        "condition" => tools_condition(&messages::from_input(given.clone())?)?.into(),
        other => panic!("{other}"),
    })
}

fn value(encoded: &Json) -> Value {
    Value::from_trace(encoded).unwrap()
}

fn message(given: &Value) -> Result<Value, Exception> {
    Ok(messages::from_input(vec![given.clone()].into())?.remove(0))
}

/// A list stands for the tuple a program writes.
fn part(given: Value) -> Result<Value, Exception> {
    match given {
        Value::List(pair) => Ok(Value::Tuple(pair)),
        Value::Dict(placeholder) if placeholder.contains_key(&Value::from("$placeholder")) => {
            let given = placeholder.item(&Value::from("$placeholder"))?;
            let mut arguments = Kwargs::new();
            for pair in given.item(1)?.call("items", &[])?.iter()? {
                arguments.insert(str_of(&pair.item(0)?), pair.item(1)?);
            }
            Ok(messages_placeholder(&str_of(&given.item(0)?), arguments))
        }
        other => Ok(other),
    }
}

fn forms() -> Json {
    serde_json::from_str(include_str!("wire/forms.json")).unwrap()
}

fn step() -> Schema {
    Schema::of_class("forms.Step", value(&forms()["classes"]["Step"]["schema"]))
}

/// The tools of `wire/forms.py`.
fn tools() -> Vec<Tool> {
    let forms = forms();
    let schema = |name: &str| Schema::from(value(&forms["tools"][name]["schema"]));
    vec![
        Tool::new("add", "", schema("add"), |arguments| async move {
            ops::add(arguments.item("a")?, arguments.item("b")?)
        }),
        Tool::new("search", "", schema("search"), |arguments| async move {
            Ok(format!("found {}", str_of(arguments.item("query")?)).into())
        }),
        Tool::new(
            "plan",
            "",
            schema("plan").with_class("Step", "forms.Step"),
            |arguments| async move {
                let first = vec![arguments.item("step")?.attr("text")?];
                ops::add(&Value::List(first), arguments.item("tags")?)
            },
        ),
        Tool::new("fail", "", schema("fail"), |arguments| async move {
            let why = arguments.item("why")?.clone();
            Err(Exception::raise("ValueError", [why]))
        }),
    ]
}
