//! A graph as a node, `async` nodes and routers, against LangGraph's own traces.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

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

/// A graph whose node runs `inner` on its own input and adds what that gives.
fn calling(inner: CompiledGraph, limit: Option<u64>) -> CompiledGraph {
    let inner = Ok(inner);
    let mut outer = StateGraph::new::<Outer>("outer");
    outer.add_node("call", move |state: &Outer, context: &Context| {
        let input = Dict::from([
            ("word".to_owned(), Value::from(state.word()?.clone())),
            ("other".to_owned(), Value::None),
        ]);
        NodeOutput::of(context.invoke(&inner, input.into(), limit)?)
    });
    outer.add_edge(START, "call").compile().unwrap()
}

fn called(
    node: fn(&Inner, &Context) -> NodeResult,
    limit: Option<u64>,
) -> Result<serde_json::Value, Exception> {
    let mut inner = StateGraph::new::<Inner>("inner");
    inner.input_schema::<In>().output_schema::<Out>();
    inner.add_node("node", node);
    inner.add_edge(START, "node").add_edge("node", "node");
    let input = Input::Encoded(json!({ "word": "a" }));
    let outer = calling(inner.compile().unwrap(), limit);
    let output = outer.invoke_blocking(input, &RunConfig::default().with_recursion_limit(40))?;
    Ok(output.encoded())
}

fn going_on(state: &Inner, _: &Context) -> NodeResult {
    let (word, line) = (format!("{}!", state.word()?), state.word()?.clone());
    Ok(match line.len() {
        30 => Command::new().update(Inner::update().lines(vec![line])),
        _ => Command::new().update(Inner::update().word(word)),
    }
    .into())
}

#[test]
fn a_node_runs_a_graph_with_the_config_of_its_run() {
    // the graph goes on until its limit, which is the run's unless it is given one
    let message = |limit| called(going_on, limit).unwrap_err().message().to_owned();
    assert!(message(None).contains("limit of 40"), "{}", message(None));
    assert!(
        message(Some(7)).contains("limit of 7"),
        "{}",
        message(Some(7))
    );
}

#[test]
fn a_graph_that_a_node_runs_cannot_ask() {
    let error = called(
        |_, context| {
            context
                .interrupt("?".to_owned())
                .map(|_| NodeOutput::none())
        },
        None,
    );
    let error = error.unwrap_err();
    assert_eq!(error.class(), "Unsupported");
    assert!(
        error.message().contains("`inner`, which a node runs"),
        "{error}"
    );
}

#[test]
fn what_a_graph_gives_the_node_that_runs_it() {
    let mut inner = StateGraph::new::<Inner>("inner");
    inner.input_schema::<In>().output_schema::<Out>();
    inner.add_node("say", |state: &Inner, _: &Context| {
        Ok(Inner::update()
            .lines(vec![state.word()?.clone()])
            .count(1.into())
            .into())
    });
    let inner = inner.add_edge(START, "say").compile().unwrap();
    let input = Input::Encoded(json!({ "word": "a", "lines": ["b"] }));
    let output = calling(inner, None)
        .invoke_blocking(input, &RunConfig::default())
        .unwrap();
    assert_eq!(
        output.encoded(),
        json!({ "lines": ["b", "a"], "word": "a" })
    );
}
