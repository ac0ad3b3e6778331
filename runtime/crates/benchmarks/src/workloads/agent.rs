//! A model that calls a tool, both plain functions.

use std::error::Error;

use langferry::prelude::*;

use super::unlimited;
use crate::case::Case;

#[derive(Clone, Debug, Default, PartialEq, Record)]
struct Message {
    role: String,
    content: String,
    call: Slot<String>,
}

#[derive(Clone, Debug, Default, State)]
struct Chat {
    #[state(reducer = langferry::operator::add)]
    messages: Slot<Vec<Message>>,
}

fn message(role: &str, content: String, call: Slot<String>) -> Message {
    Message {
        role: role.to_owned(),
        content,
        call,
    }
}

/// Calls the tool `calls` times, then answers.
pub fn react(calls: usize) -> Result<Case, Box<dyn Error>> {
    let mut graph = StateGraph::new::<Chat>("react");
    graph.add_node("model", move |state: &Chat, _: &Context| {
        let asked = state.messages()?;
        let done = asked
            .iter()
            .filter(|message| message.role == "tool")
            .count();
        let answer = if done < calls {
            message("ai", String::new(), format!("q{done}").into())
        } else {
            message("ai", "answer ".repeat(20), Slot::empty())
        };
        Ok(Chat::update().messages(vec![answer]).into())
    });
    graph.add_node("tools", |state: &Chat, _: &Context| {
        let last = state.messages()?.last();
        let call = last.and_then(|message| message.call.as_deref());
        let found = format!("result for {} ", call.map_or("", String::as_str)).repeat(10);
        Ok(Chat::update()
            .messages(vec![message("tool", found, Slot::empty())])
            .into())
    });
    graph.add_edge(START, "model");
    let router = |state: &Chat, _: &Context| {
        let last = state.messages()?.last();
        let calls = last.is_some_and(|message| message.call.is_set());
        Ok(vec![if calls { "tools" } else { END }.into()])
    };
    graph.add_conditional_edges("model", router, PathMap::any());
    graph.add_edge("tools", "model");
    let graph = graph.compile()?;
    let config = unlimited();
    Ok(Case::new(calls, "tool call (2 supersteps)", move || {
        let (graph, config) = (graph.clone(), config.clone());
        async move {
            let input = Chat {
                messages: vec![message("user", "hi".to_owned(), Slot::empty())].into(),
            };
            let output = graph.invoke(input, &config).await?;
            let messages = output.get::<Vec<Message>>("messages");
            Ok(messages.is_some_and(|messages| messages.len() == 2 * calls + 2))
        }
    }))
}
