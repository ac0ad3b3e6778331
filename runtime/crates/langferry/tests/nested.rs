//! A graph as a node, `async` nodes and routers, against LangGraph's own traces.

mod support;

use std::time::Duration;

use langferry::CompiledGraph;
use langferry::prelude::*;
use serde_json::json;

#[derive(Clone, Debug, Default, State)]
struct Outer {
    words: Slot<Vec<String>>,
    #[state(reducer = langferry::operator::add)]
    lines: Slot<Vec<String>>,
    word: Slot<String>,
}

#[derive(Clone, Debug, Default, State)]
struct In {
    word: Slot<String>,
}

#[derive(Clone, Debug, Default, State)]
struct Out {
    lines: Slot<Vec<String>>,
}

#[derive(Clone, Debug, Default, State)]
struct Inner {
    lines: Slot<Vec<String>>,
    word: Slot<String>,
    #[state(reducer = langferry::operator::add)]
    count: Slot<Int>,
}

async fn shout(state: In, _: Context) -> NodeResult {
    let word = state.word()?;
    tokio::time::sleep(Duration::from_millis(word.len() as u64)).await;
    if word == "bad" {
        return Err(Exception::value_error("bad word"));
    }
    Ok(Inner::update()
        .word(format!("{word}!"))
        .count(1.into())
        .into())
}

async fn say(state: Inner, _: Context) -> NodeResult {
    Ok(Inner::update()
        .lines(vec![format!("{} {}", state.word()?, state.count()?)])
        .into())
}

async fn enough(state: Inner, _: Context) -> RouteResult {
    let next = if state.word()?.ends_with("!!!") {
        END
    } else {
        "shout"
    };
    Ok(vec![next.into()])
}

async fn spread(state: Outer, _: Context) -> RouteResult {
    let send = |word: &String| {
        let arg = Dict::from([
            ("word".to_owned(), Value::from(word.clone())),
            ("other".to_owned(), Value::from(Int::from(1))),
        ]);
        Send::new("speak", arg).into()
    };
    Ok(state.words()?.iter().map(send).collect())
}

async fn pick(state: Outer, _: Context) -> NodeResult {
    let word = state.words()?.first().cloned().unwrap_or_default();
    Ok(Outer::update().word(word).into())
}

fn inner() -> Result<CompiledGraph, GraphError> {
    let mut graph = StateGraph::new::<Inner>("inner");
    graph.input_schema::<In>().output_schema::<Out>();
    graph.add_async_node("shout", shout);
    graph.add_async_node("say", say);
    graph.add_edge(START, "shout");
    graph.add_edge("shout", "say");
    graph.add_async_conditional_edges("say", enough, PathMap::any());
    graph.compile()
}

fn graph() -> Result<CompiledGraph, GraphError> {
    let speak = inner()?;
    let mut graph = StateGraph::new::<Outer>("nested");
    graph.add_async_node("pick", pick);
    graph.add_subgraph("speak", speak.clone());
    graph.add_subgraph("again", speak);
    graph.add_async_conditional_edges(START, spread, PathMap::any());
    graph.add_edge("speak", "pick");
    graph.add_edge("pick", "again");
    graph.compile()
}

#[test]
fn traces_equal_langgraph() {
    let config = |case| {
        if case == 3 {
            json!({ "recursion_limit": 5 })
        } else {
            json!({})
        }
    };
    support::expect_recorded("nested", config, || graph().unwrap());
}

#[test]
fn an_interrupt_within_is_refused_by_name() {
    let mut inner = StateGraph::new::<In>("inner");
    inner.add_node("ask", |_: &In, context: &Context| {
        context.interrupt("?".to_owned())?;
        Ok(NodeOutput::none())
    });
    let inner = inner.add_edge(START, "ask").compile().unwrap();
    let mut outer = StateGraph::new::<In>("outer");
    let outer = outer
        .add_subgraph("inner", inner)
        .add_edge(START, "inner")
        .compile()
        .unwrap();
    let error = outer
        .invoke_blocking(In::default(), &RunConfig::default())
        .unwrap_err();
    assert_eq!(error.class(), "Unsupported");
    assert!(error.message().contains("a node of `outer`"), "{error}");
}
