//! The libraries' agents, against recordings of LangChain's own (`agents/record_agents.py` makes them).
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

mod support;

use futures_util::StreamExt as _;
use langferry::messages::from_input;
use langferry::{RunConfig, StateGraph, StreamMode, Update};
use langferry_llm::{
    Agent, Prompt, Schema, Tool, chat_openai, create_agent, create_react_agent, kwargs,
};
use langferry_pystd::{Exception, Value, ops, str_of};
use langferry_trace::TraceValue;
use serde_json::{Value as Json, json};
use support::Server;

#[tokio::test]
async fn every_case_is_as_recorded() {
    let cases: Vec<Json> = serde_json::from_str(include_str!("agents/cases.json")).unwrap();
    let recording: Vec<Json> = serde_json::from_str(include_str!("agents/recording.json")).unwrap();
    assert_eq!(
        cases.len(),
        recording.len(),
        "record_agents.py has not been run"
    );
    let mut wrong = Vec::new();
    for (case, mut expected) in cases.iter().zip(recording) {
        let server = Server::start(|_| case["replies"].as_array().unwrap().clone());
        let shown = match shown(case, &server.url).await {
            Ok(shown) => shown,
            Err(error) => vec![raised(&error)],
        };
        let bodies = server
            .requests()
            .into_iter()
            .map(|request| request["body"].clone());
        let bodies: Vec<Json> = bodies.collect();
        let mut found = json!({"name": case["name"], "requests": bodies, "shown": shown});
        for outcome in [&mut found, &mut expected] {
            without_drawn_ids(outcome);
            // tools that run at the same time are shown as they end
            let shown = outcome["shown"].as_array_mut().unwrap();
            for together in shown.chunk_by_mut(|a, b| a[0] == "updates" && b[0] == "updates") {
                together.sort_by_key(Json::to_string);
            }
        }
        // the fields of a message count in their order, those of a request do not
        let (left, right) = (found["shown"].to_string(), expected["shown"].to_string());
        if found != expected || left != right {
            wrong.push(format!("{found}\n  expected {expected}"));
        }
    }
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} differ:\n{}", wrong.join("\n"));
}

fn raised(error: &Exception) -> Json {
    json!(["error", [error.class(), error.message()]])
}

async fn shown(case: &Json, url: &str) -> Result<Vec<Json>, Exception> {
    let graph = agent(case, url)?.compile().unwrap();
    let mut input = Update::new();
    let messages = Value::from_trace(&case["messages"]).unwrap();
    input.set("messages", from_input(messages)?);
    let config = match case["limit"].as_u64() {
        Some(limit) => RunConfig::default().with_recursion_limit(limit),
        None => RunConfig::default(),
    };
    let modes = [StreamMode::Values, StreamMode::Updates];
    let chunks: Vec<_> = graph.stream(input, &config, &modes).collect().await;
    Ok(chunks
        .into_iter()
        .map(|chunk| match chunk {
            Ok(chunk) => json!([chunk.mode, chunk.data]),
            Err(error) => raised(&error),
        })
        .collect())
}

fn agent(case: &Json, url: &str) -> Result<StateGraph, Exception> {
    let model = chat_openai(kwargs([
        ("model", "gpt-4o".into()),
        ("api_key", "k".into()),
        ("base_url", format!("{url}/v1").into()),
        ("max_retries", 0_i64.into()),
    ]))?;
    let tools = case["tools"].as_array().unwrap().iter();
    let tools = tools.map(|name| tool(name.as_str().unwrap()));
    let forms = forms();
    let arguments = Agent {
        prompt: match case["prompt"].as_str() {
            Some(prompt) => Prompt::system(prompt)?,
            None => Prompt::None,
        },
        name: case["given"].as_str().map(str::to_owned),
        response_format: case["form"].as_str().map(|form| {
            let schema = Value::from_trace(&forms["classes"][form]["schema"]).unwrap();
            Schema::of_class(&format!("forms.{form}"), schema)
        }),
    };
    match case["agent"].as_str().unwrap() {
        "create_agent" => create_agent(&model, tools, arguments),
        _ => create_react_agent(&model, tools, arguments),
    }
}

fn forms() -> Json {
    serde_json::from_str(include_str!("wire/forms.json")).unwrap()
}

/// A tool of `wire/forms.py`, or the one that ends a conversation.
fn tool(name: &str) -> Tool {
    let forms = forms();
    let own = &forms["tools"][name];
    let schema = Value::from_trace(&own["schema"]).unwrap_or_default();
    let description = own["description"].as_str().unwrap_or_default();
    match name {
        "add" => Tool::new(name, description, schema, |arguments| async move {
            ops::add(arguments.item("a")?, arguments.item("b")?)
        }),
        "fail" => Tool::new(name, description, schema, |arguments| async move {
            let why = arguments.item("why")?.clone();
            Err(Exception::raise("ValueError", [why]))
        }),
        _ => {
            let schema = json!({
                "description": "Ends.",
                "properties": {"a": {"title": "A", "type": "integer"}},
                "required": ["a"],
                "title": "last",
                "type": "object",
            });
            let schema = Value::from_trace(&schema).unwrap();
            let last = Tool::new(name, "Ends.", schema, |arguments| async move {
                Ok(format!("last {}", str_of(arguments.item("a")?)).into())
            });
            last.returning_directly()
        }
    }
}

fn without_drawn_ids(value: &mut Json) {
    match value {
        Json::Array(items) => items.iter_mut().for_each(without_drawn_ids),
        Json::Object(fields) => {
            // LangGraph draws an id in the message that has been shown: it may have one by then, or not
            let is_answer = fields.contains_key("tool_call_id");
            match fields.get_mut("id") {
                Some(id @ Json::Null) if is_answer => *id = "drawn".into(),
                Some(Json::String(id)) if id.len() == 36 || id.starts_with("lc_run--") => {
                    *id = "drawn".to_owned();
                }
                _ => {}
            }
            fields.values_mut().for_each(without_drawn_ids);
        }
        _ => {}
    }
}
