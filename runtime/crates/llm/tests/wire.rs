//! What is sent and made of the answers, against recordings of LangChain's own (`wire/record.py` makes them).
//!
//! Every case runs in a process of its own, since chat models read the environment.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test that cannot go on should stop

mod support;

use std::process::Command;

use langferry_llm::{
    Chain, ChatModel, Kwargs, Schema, StructuredModel, TextModel, Tool, azure_chat_openai,
    chat_anthropic, chat_google_generative_ai, chat_groq, chat_ollama, chat_openai,
    community_chat_ollama, community_ollama, init_chat_model, ollama_llm, openai_llm, wait,
};
use langferry_pystd::{Exception, Value};
use langferry_trace::TraceValue;
use serde_json::{Value as Json, json};
use support::Server;

fn main() {
    let cases: Vec<Json> = serde_json::from_str(include_str!("wire/cases.json")).unwrap();
    let recording: Vec<Json> = serde_json::from_str(include_str!("wire/recording.json")).unwrap();
    assert_eq!(cases.len(), recording.len(), "record.py has not been run");
    if let Ok(place) = std::env::var("CASE") {
        return play(&cases[place.parse::<usize>().unwrap()]);
    }
    let mut wrong = Vec::new();
    for (place, (case, expected)) in cases.iter().zip(&recording).enumerate() {
        let played = Command::new(std::env::current_exe().unwrap())
            .env_clear()
            .env("CASE", place.to_string())
            .output()
            .unwrap();
        let found: Json = serde_json::from_slice(&played.stdout).unwrap_or_else(
            |_| json!({"name": case["name"], "panic": String::from_utf8_lossy(&played.stderr)}),
        );
        // the fields of an answer count in their order, those of a request do not
        let (ends, ends_expected) = (told(&found), told(expected));
        if found["requests"] != expected["requests"] || ends != ends_expected {
            wrong.push(format!("{found}\n  expected {expected}"));
        }
    }
    println!("{} cases, {} differ", cases.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a case ends with as text, without the ids that were drawn.
fn told(outcome: &Json) -> String {
    let mut told = outcome.clone();
    let fields = told.as_object_mut().unwrap();
    fields.shift_remove("requests");
    fields.shift_remove("name");
    if let Some(classes) = fields.get_mut("error").and_then(Json::as_array_mut) {
        // the order of the bases of a class with several does not matter
        classes[1..].sort_by_key(Json::to_string);
    }
    without_drawn_ids(&mut told);
    told.to_string()
}

fn without_drawn_ids(value: &mut Json) {
    match value {
        Json::Array(items) => items.iter_mut().for_each(without_drawn_ids),
        Json::Object(fields) => {
            // Ollama gives a call no id
            if let Some(Json::String(id)) = fields.get_mut("id")
                && id.len() == 36
            {
                *id = "drawn".to_owned();
            }
            fields.values_mut().for_each(without_drawn_ids);
        }
        Json::String(id) if id.starts_with("lc_run--") => {
            assert_eq!(
                id.matches('-').count(),
                if id.ends_with("-0") { 7 } else { 6 }
            );
            *id = "drawn".to_owned();
        }
        _ => {}
    }
}

/// Runs one case anew, in the environment it asks for, and prints what came of it.
fn play(case: &Json) {
    let address = std::env::var("URL");
    let Ok(address) = address else {
        let case = case.clone();
        let server = Server::start(|url| match filled(&case, url).get("replies") {
            Some(replies) => replies.as_array().unwrap().clone(),
            None => Vec::new(),
        });
        let mut again = Command::new(std::env::current_exe().unwrap());
        again.env("URL", &server.url);
        if let Some(variables) = filled(&case, &server.url).get("env") {
            for (name, value) in variables.as_object().unwrap() {
                again.env(name, value.as_str().unwrap());
            }
        }
        let played = again.output().unwrap();
        let mut found: Json = serde_json::from_slice(&played.stdout)
            .unwrap_or_else(|_| json!({"panic": String::from_utf8_lossy(&played.stderr)}));
        found["name"] = case["name"].clone();
        found["requests"] = json!(server.requests());
        println!("{}", found.to_string().replace(&server.url, "$URL"));
        return;
    };
    let found = match outcome(&filled(case, &address)) {
        Ok(found) => found,
        Err(error) => {
            let classes = [error.class()].into_iter().chain(error.bases());
            // those of `requests` have whole names
            let classes: Vec<&str> = classes.filter_map(|name| name.rsplit('.').next()).collect();
            json!({"error": classes, "message": error.message()})
        }
    };
    println!("{found}");
}

fn filled(case: &Json, url: &str) -> Json {
    serde_json::from_str(&case.to_string().replace("$URL", url)).unwrap()
}

/// A model, with or without a form for its answers.
enum Model {
    Plain(ChatModel),
    Structured(Box<StructuredModel>),
    Retried(Chain),
    Text(TextModel),
}

fn outcome(case: &Json) -> Result<Json, Exception> {
    let class = case["model"][0].as_str().unwrap();
    let arguments = named(&case["model"][1]);
    let mut model = match class {
        "Ollama" => Model::Text(community_ollama(arguments)?),
        "OllamaLLM" => Model::Text(ollama_llm(arguments)?),
        "OpenAI" => Model::Text(openai_llm(arguments)?),
        class => Model::Plain(model(class, arguments)?),
    };
    for call in case["calls"].as_array().into_iter().flatten() {
        model = match model {
            asked if call[0] == "with_retry" => retried(asked, call),
            Model::Plain(plain) => called(&plain, call)?,
            Model::Text(text) if call[0] == "bind" => Model::Text(text.bind(named(&call[2]))),
            _ => panic!("{call}"),
        };
    }
    let input = value(&case["invoke"]);
    let answer = match &model {
        Model::Plain(model) => wait(model.invoke(input))?,
        Model::Structured(model) => wait(model.invoke(input))?,
        Model::Retried(model) => wait(model.invoke(input))?,
        Model::Text(model) => wait(model.invoke(input))?.into(),
    };
    Ok(json!({"result": answer.to_trace()}))
}

fn model(class: &str, arguments: Kwargs) -> Result<ChatModel, Exception> {
    match class {
        "ChatOpenAI" => chat_openai(arguments),
        "AzureChatOpenAI" => azure_chat_openai(arguments),
        "init_chat_model" => {
            let mut arguments = arguments;
            let model = arguments.pop("model")?.to::<String>()?;
            init_chat_model(&model, arguments)
        }
        "ChatAnthropic" => chat_anthropic(arguments),
        "ChatGoogleGenerativeAI" => chat_google_generative_ai(arguments),
        "ChatGroq" => chat_groq(arguments),
        "ChatOllama" => chat_ollama(arguments),
        "community ChatOllama" => community_chat_ollama(arguments),
        other => panic!("{other}"),
    }
}

fn retried(asked: Model, call: &Json) -> Model {
    let chain = match asked {
        Model::Plain(model) => Chain::from(model),
        Model::Structured(model) => Chain::from(*model),
        Model::Retried(chain) => chain,
        Model::Text(model) => Chain::from(model),
    };
    let attempts = call[2]["stop_after_attempt"].as_i64().unwrap();
    Model::Retried(chain.retrying(attempts, false, &["Exception"]))
}

fn called(model: &ChatModel, call: &Json) -> Result<Model, Exception> {
    let arguments = named(&call[2]);
    Ok(match call[0].as_str().unwrap() {
        "bind" => Model::Plain(model.bind(arguments)),
        "bind_tools" => {
            let tools = call[1][0].as_array().unwrap().iter().map(tool);
            Model::Plain(model.bind_tools(tools.collect::<Result<Vec<_>, _>>()?, arguments)?)
        }
        "with_structured_output" => {
            let form = form(&call[1][0])?;
            Model::Structured(Box::new(
                model.with_structured_output(Some(form), arguments)?,
            ))
        }
        other => panic!("{other}"),
    })
}

fn forms() -> Json {
    serde_json::from_str(include_str!("wire/forms.json")).unwrap()
}

/// The tool that `{"$tool": name}` names, or else a dict.
fn tool(given: &Json) -> Result<Value, Exception> {
    let Some(name) = given["$tool"].as_str() else {
        return Ok(value(given));
    };
    let own = &forms()["tools"][name];
    let description = own["description"].as_str().unwrap();
    let unused = |_| async { panic!("called") };
    Tool::new(name, description, value(&own["schema"]), unused).to_value()
}

/// The schema of the class that `{"$class": name}` names, or else of a dict.
fn form(given: &Json) -> Result<Schema, Exception> {
    let Some(name) = given["$class"].as_str() else {
        return Ok(value(given).into());
    };
    let own = &forms()["classes"][name];
    let schema = value(&own["schema"]);
    if own["typed"] == true {
        return Schema::of_typed_dict(schema);
    }
    let colours = [("red", "RED"), ("green", "GREEN")];
    let colours = colours.map(|(own, name)| (Value::from(own), name.to_owned()));
    Ok(Schema::of_class(own["class"].as_str().unwrap(), schema)
        .with_class("Step", "forms.Step")
        .with_enumeration("Colour", "forms.Colour", colours))
}

fn value(encoded: &Json) -> Value {
    Value::from_trace(encoded).unwrap()
}

fn named(encoded: &Json) -> Kwargs {
    let Json::Object(fields) = encoded else {
        return Kwargs::new();
    };
    fields
        .iter()
        .map(|(name, field)| (name.clone(), value(field)))
        .collect()
}
