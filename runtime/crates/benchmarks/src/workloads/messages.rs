//! A history of messages that grows.

use std::error::Error;
use std::sync::Arc;

use langferry::CompiledGraph;
use langferry::messages::add_messages;
use langferry::prelude::*;
use serde_json::json;

use super::unlimited;
use crate::case::Case;

#[derive(Clone, Debug, Default, State)]
pub struct Chat {
    #[state(reducer = add_messages)]
    messages: Slot<Vec<Value>>,
    n: Slot<Int>,
}

/// A message as Python's `HumanMessage` or `AIMessage` is encoded.
fn message(class: &str, id: &str, number: usize) -> Result<Value, Box<dyn Error>> {
    let kind = if class == "AIMessage" { "ai" } else { "human" };
    let text = format!("{number} {}", "lorem ipsum dolor sit ".repeat(9));
    let encoded = json!({
        "$type": "object",
        "class": format!("langchain_core.messages.{kind}.{class}"),
        "fields": { "content": text, "type": kind, "id": id },
    });
    Ok(Value::from_trace(&encoded)?)
}

fn history(length: usize) -> Result<Vec<Value>, Box<dyn Error>> {
    let class = |i: usize| {
        if i.is_multiple_of(2) {
            "HumanMessage"
        } else {
            "AIMessage"
        }
    };
    (0..length)
        .map(|i| message(class(i), &format!("m{i}"), i))
        .collect()
}

/// Appends one message a superstep, `steps` times.
pub fn graph(steps: usize) -> Result<StateGraph, Box<dyn Error>> {
    let answers: Vec<Value> = (0..steps)
        .map(|i| message("AIMessage", &format!("a{i}"), i))
        .collect::<Result<_, _>>()?;
    let answers = Arc::new(answers);
    let last = Int::from(i64::try_from(steps)?);
    let mut graph = StateGraph::new::<Chat>("chat");
    graph.add_node("step", move |state: &Chat, _: &Context| {
        let n = state.n()?;
        let answer = answers[usize::try_from(n.to_i64().unwrap_or(0)).unwrap_or(0)].clone();
        Ok(Chat::update().messages(vec![answer]).n(n + 1).into())
    });
    graph.add_edge(START, "step");
    let router = move |state: &Chat, _: &Context| {
        let next = if *state.n()? >= last { END } else { "step" };
        Ok(vec![next.into()])
    };
    graph.add_conditional_edges("step", router, PathMap::any());
    Ok(graph)
}

/// Runs `graph` on a history of `length` messages.
pub fn on_history(
    graph: impl Fn() -> CompiledGraph + 'static,
    config: RunConfig,
    length: usize,
    steps: usize,
) -> Result<Case, Box<dyn Error>> {
    let history = history(length)?;
    Ok(Case::new(steps, "superstep", move || {
        let (graph, config) = (graph(), config.clone());
        let input = Chat {
            messages: history.clone().into(),
            n: Int::from(0).into(),
        };
        async move {
            let output = graph.invoke(input, &config).await?;
            let messages = output.get::<Vec<Value>>("messages");
            Ok(messages.is_some_and(|messages| messages.len() == length + steps))
        }
    }))
}

pub fn appended(length: usize) -> Result<Case, Box<dyn Error>> {
    let graph = graph(50)?.compile()?;
    on_history(move || graph.clone(), unlimited(), length, 50)
}

pub fn appended_and_saved(length: usize) -> Result<Case, Box<dyn Error>> {
    let graph = graph(20)?.checkpointer(MemorySaver::new()).compile()?;
    let config = unlimited().configurable("thread_id", "a");
    on_history(move || graph.clone(), config, length, 20)
}
