//! What web clients send and make of the answers, against recordings of Python's own (`web/record.py` makes them).
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

#[path = "support/exact.rs"]
mod exact;

use exact::Exact;
use langferry_llm::requests::{Response, request};
use langferry_llm::{
    Kwargs, Tool, ToolRuntime, tavily_client, tavily_search, tavily_search_results, wait,
};
use langferry_pystd::{Exception, Value, repr};
use langferry_trace::TraceValue;
use serde_json::{Value as Json, json};

#[test]
fn every_case_is_as_recorded() {
    let cases: Vec<Json> = serde_json::from_str(include_str!("web/cases.json")).unwrap();
    let recording: Vec<Json> = serde_json::from_str(include_str!("web/recording.json")).unwrap();
    assert_eq!(cases.len(), recording.len(), "record.py has not been run");
    let mut wrong = Vec::new();
    for (case, expected) in cases.iter().zip(&recording) {
        let replies = case["replies"].as_array().unwrap().clone();
        let server = Exact::start(replies);
        let filled = case.to_string().replace("$URL", &server.url);
        let mut found = match outcome(&serde_json::from_str(&filled).unwrap()) {
            Ok(result) => json!({"result": result}),
            Err(error) => json!({
                "error": classes(&error), "message": error.message(), "repr": repr(&error),
            }),
        };
        found["name"] = case["name"].clone();
        found["requests"] = json!(server.requests());
        let found = found.to_string().replace(&server.url, "$URL");
        let found = comparable(serde_json::from_str(&found).unwrap(), case);
        let expected = comparable(expected.clone(), case);
        if found != expected {
            wrong.push(format!("{found}\n  expected {expected}"));
        }
    }
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} differ:\n{}", wrong.join("\n"));
}

/// An outcome without what is not the same in any two runs, and without what tells which library asks.
fn comparable(mut outcome: Json, case: &Json) -> String {
    for request in outcome["requests"].as_array_mut().unwrap() {
        if case["awaited"] == true {
            let headers = request["headers"].as_object_mut().unwrap();
            headers.retain(|name, _| name != "user-agent" && !name.starts_with("accept"));
        }
    }
    if let Some(names) = outcome.get_mut("error").and_then(Json::as_array_mut) {
        // the order of the bases of a class with several does not matter
        names[1..].sort_by_key(Json::to_string);
    }
    outcome.sort_all_objects();
    without_ports(&outcome.to_string())
}

fn without_ports(text: &str) -> String {
    let mut parts = text.split("port=");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out += "port=";
        out += part.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    out
}

fn classes(error: &Exception) -> Vec<String> {
    let all = [error.qualified_class()].into_iter().chain(error.bases());
    let python = |name: &str| match name {
        "ToolException" => "langchain_core.tools.base.ToolException".to_owned(),
        "JSONDecodeError" => "json.decoder.JSONDecodeError".to_owned(),
        name => name.to_owned(),
    };
    all.map(python).collect()
}

fn outcome(case: &Json) -> Result<Json, Exception> {
    let text = |name: &str| case[name].as_str().unwrap();
    match text("do") {
        "requests" => {
            let asked = request(text("method"), text("url"), named(&case["arguments"]));
            shown(&wait(asked)?, &case["shown"])
        }
        "client" => {
            let client = tavily_client(named(&case["made"]))?;
            let arguments = named(&case["arguments"]);
            let found = match text("method") {
                "search" => wait(client.search(arguments))?,
                _ => wait(client.extract(arguments))?,
            };
            Ok(found.to_trace())
        }
        "results" => used(&tavily_search_results(named(&case["made"]))?, case),
        _ => used(&tavily_search(named(&case["made"]))?, case),
    }
}

fn used(tool: &Tool, case: &Json) -> Result<Json, Exception> {
    if case["told"] == true {
        let function = tool.to_value()?;
        return Ok(json!({"type": "function", "function": function.to_trace()}));
    }
    let run = ToolRuntime::default();
    let run = if case["awaited"] == true {
        run.awaited()
    } else {
        run
    };
    let found = wait(tool.run(&value(&case["input"]), &run))?;
    if !matches!(found, Value::Record { .. }) {
        return Ok(found.to_trace());
    }
    let mut told = json!({});
    for name in ["content", "artifact", "status", "name", "tool_call_id"] {
        told[name] = found.attr(name)?.to_trace();
    }
    Ok(told)
}

fn shown(response: &Response, names: &Json) -> Result<Json, Exception> {
    let mut seen = json!({});
    for name in names.as_array().unwrap() {
        let name = name.as_str().unwrap();
        seen[name] = match name {
            "status_code" => json!(response.status_code().to_string().parse::<u16>().unwrap()),
            "ok" => response.ok().into(),
            "reason" => response.reason().into(),
            "url" => response.url().into(),
            "text" => response.text()?.into(),
            "json" => response.json()?.to_trace(),
            "raise_for_status" => {
                response.raise_for_status()?;
                Json::Null
            }
            name => {
                let header = name.strip_prefix("header ").unwrap();
                response.headers().get(header).into()
            }
        };
    }
    Ok(seen)
}

fn named(arguments: &Json) -> Kwargs {
    let items = arguments.as_object().unwrap().iter();
    items
        .map(|(name, given)| (name.clone(), value(given)))
        .collect()
}

fn value(given: &Json) -> Value {
    match given {
        Json::Object(fields) if fields.contains_key("$tuple") => Value::Tuple(
            fields["$tuple"]
                .as_array()
                .unwrap()
                .iter()
                .map(value)
                .collect(),
        ),
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::String(text) if text == "$NAN" => Value::Float(f64::NAN),
        Json::Object(fields) => {
            let items = fields.iter();
            Value::Dict(
                items
                    .map(|(name, item)| (name.into(), value(item)))
                    .collect(),
            )
        }
        plain => Value::from_trace(plain).unwrap(),
    }
}
