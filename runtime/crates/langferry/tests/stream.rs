//! Stream modes, as callers see them.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use futures_util::StreamExt as _;
use langferry::prelude::*;
use langferry::{Chunk, CompiledGraph, StreamMode, TraceValue};
use serde_json::json;

#[derive(Clone, Debug, Default, State)]
struct Steps {
    n: Slot<Int>,
    #[state(reducer = langferry::operator::add)]
    log: Slot<Vec<String>>,
}

#[derive(Clone, Debug, Default, State)]
struct Shown {
    n: Slot<Int>,
}

fn work(state: &Steps, context: &Context) -> NodeResult {
    let n = state.n()?;
    if *n >= 2 {
        return Err(Exception::value_error("too far"));
    }
    if *n == 1 {
        context.interrupt(n.clone())?;
    }
    let one = Command::new().update(Steps::update().n(n + 1).log(vec!["a".into()]));
    let two = Command::new()
        .update(Steps::update().log(vec!["b".into()]))
        .goto("work");
    Ok(NodeOutput::from(vec![one, two]))
}

fn graph() -> CompiledGraph {
    let mut graph = StateGraph::new::<Steps>("steps");
    graph
        .output_schema::<Shown>()
        .add_node("work", work)
        .add_edge(START, "work");
    graph.checkpointer(MemorySaver::new()).compile().unwrap()
}

fn data(chunks: &[Chunk], mode: StreamMode) -> Vec<String> {
    let of_mode = chunks.iter().filter(|chunk| chunk.mode == mode);
    of_mode.map(|chunk| chunk.data.to_string()).collect()
}

#[tokio::test]
async fn every_mode_shows_its_chunks_and_the_exception_comes_last() {
    let graph = graph();
    let config = RunConfig::thread("t");
    let modes = [StreamMode::Values, StreamMode::Updates, StreamMode::Tasks];
    let input = Steps {
        n: Int::from(0).into(),
        ..Steps::default()
    };
    let chunks: Vec<_> = graph.stream(input, &config, &modes).collect().await;
    let chunks: Vec<Chunk> = chunks.into_iter().collect::<Result<_, _>>().unwrap();
    assert_eq!(
        data(&chunks, StreamMode::Updates)[0],
        r#"{"work":[{"n":1},{"log":["a"]},{"log":["b"]}]}"#
    );
    assert!(
        data(&chunks, StreamMode::Updates)[1].starts_with(r#"{"__interrupt__":[{"value":1,"id":""#)
    );
    let values = data(&chunks, StreamMode::Values);
    // all channels, though the output schema has one
    assert_eq!(
        values[..2],
        [r#"{"n":0,"log":[]}"#, r#"{"n":1,"log":["a","b"]}"#]
    );
    let tasks = data(&chunks, StreamMode::Tasks);
    assert_eq!(
        tasks[0],
        r#"{"name":"work","input":{"n":0,"log":[]},"triggers":["branch:to:work"]}"#
    );
    assert_eq!(
        tasks[1],
        r#"{"name":"work","error":null,"result":{"n":1,"log":{"$writes":[["a"],["b"]]}},"interrupts":[]}"#
    );
    let answer = Command::resume(Value::from(true));
    let rest: Vec<_> = graph
        .stream(answer, &config, &[StreamMode::Updates])
        .collect()
        .await;
    let error = rest.last().unwrap().as_ref().unwrap_err();
    assert_eq!((rest.len(), error.message()), (2, "too far"));
}

#[test]
fn the_output_schema_is_what_invoke_returns() {
    let input = Steps {
        n: Int::from(0).into(),
        ..Steps::default()
    };
    let output = graph()
        .invoke_blocking(input, &RunConfig::thread("t"))
        .unwrap();
    assert_eq!(output.encoded(), json!({ "n": 1 }));
    assert_eq!(output.state::<Shown>().unwrap().n().unwrap(), &Int::from(1));
}

#[tokio::test(start_paused = true)]
async fn async_nodes_of_a_step_wait_together() {
    let mut graph = StateGraph::new::<Steps>("sleepers");
    for name in ["a", "b", "c"] {
        graph.add_async_node(name, |_: Steps, _: Context| async move {
            tokio::time::sleep(std::time::Duration::from_secs(10)).await;
            Ok(Steps::update().log(vec!["slept".into()]).into())
        });
        graph.add_edge(START, name);
    }
    let graph = graph.compile().unwrap();
    let before = tokio::time::Instant::now();
    let output = graph
        .invoke(Steps::default(), &RunConfig::default())
        .await
        .unwrap();
    assert_eq!(output.get::<Vec<String>>("log").unwrap().len(), 3);
    assert!(before.elapsed() < std::time::Duration::from_secs(11));
}

#[derive(Clone, Debug, Default, State)]
struct Picky {
    #[state(reducer = refuse)]
    log: Slot<Vec<String>>,
    #[state(reducer = langferry::messages::add_messages)]
    messages: Slot<Vec<Value>>,
}

fn refuse(log: Vec<String>, update: Vec<String>) -> Result<Vec<String>, Exception> {
    match update.is_empty() {
        true => Ok(log),
        false => Err(Exception::value_error("refused")),
    }
}

fn log(_: &Picky, _: &Context) -> NodeResult {
    Ok(Picky::update().log(vec!["a".into()]).into())
}

fn message(_: &Picky, _: &Context) -> NodeResult {
    let fields = json!({
        "content": "hi", "additional_kwargs": {}, "response_metadata": {}, "type": "human",
        "name": null, "id": null,
    });
    let class = "langchain_core.messages.human.HumanMessage";
    let encoded = json!({"$type": "object", "class": class, "fields": fields});
    let message = Value::from_trace(&encoded).map_err(Exception::unsupported)?;
    Ok(Picky::update().messages(vec![message]).into())
}

type PickyNode = fn(&Picky, &Context) -> NodeResult;

/// The `updates` chunks of a graph in which the nodes run side by side.
async fn updates(nodes: &[(&str, PickyNode)]) -> Vec<langferry::Json> {
    let mut graph = StateGraph::new::<Picky>("picky");
    for (name, node) in nodes {
        graph
            .add_node(name.to_string(), *node)
            .add_edge(START, name.to_string());
    }
    let graph = graph.compile().unwrap();
    let chunks = graph.stream(
        Picky::default(),
        &RunConfig::default(),
        &[StreamMode::Updates],
    );
    let chunks: Vec<_> = chunks.collect().await;
    chunks
        .into_iter()
        .filter_map(Result::ok)
        .map(|chunk| chunk.data)
        .collect()
}

#[tokio::test]
async fn writes_that_cannot_be_applied_are_told_of_where_several_tasks_run() {
    assert!(updates(&[("log", log)]).await.is_empty());
    assert_eq!(
        updates(&[("log", log), ("message", message)]).await.len(),
        2
    );
}

#[tokio::test]
async fn a_message_of_a_task_that_is_alone_is_shown_with_its_id() {
    let id = |chunk: &langferry::Json| chunk["message"]["messages"][0]["fields"]["id"].clone();
    let alone = updates(&[("message", message)]).await;
    assert!(id(&alone[0]).is_string());
    let several = updates(&[("message", message), ("log", |_, _| Ok(NodeOutput::none()))]).await;
    assert!(
        several
            .iter()
            .any(|chunk| chunk.get("message").is_some() && id(chunk).is_null())
    );
}

/// Writes twice and asks somebody between: once before it waits, once after.
async fn writing(state: Steps, context: Context) -> NodeResult {
    let n = state.n()?.clone();
    context.write(&n);
    tokio::task::yield_now().await;
    context.write(&Value::from("waited"));
    Ok(Steps::update().n(n + 1).into())
}

fn over(state: &Steps, context: &Context) -> RouteResult {
    context.write(&vec![state.n()?.clone()]);
    Ok(vec![if *state.n()? < 2 { "work" } else { END }.into()])
}

fn writers() -> CompiledGraph {
    let mut graph = StateGraph::new::<Steps>("writers");
    graph
        .add_async_node("work", writing)
        .add_edge(START, "work")
        .add_conditional_edges("work", over, PathMap::any());
    graph.compile().unwrap()
}

async fn watched(graph: &CompiledGraph, modes: &[StreamMode]) -> Vec<String> {
    let input = Steps {
        n: Int::from(0).into(),
        ..Steps::default()
    };
    let chunks = graph.stream(input, &RunConfig::default(), modes);
    chunks
        .map(|chunk| chunk.unwrap())
        .map(|chunk| format!("{:?} {}", chunk.mode, chunk.data))
        .collect()
        .await
}

#[tokio::test]
async fn what_nodes_and_routers_write_is_shown_where_it_was_written() {
    let graph = writers();
    let custom = ["0", r#""waited""#, "[1]", "1", r#""waited""#, "[2]"];
    let custom: Vec<String> = custom.iter().map(|data| format!("Custom {data}")).collect();
    assert_eq!(watched(&graph, &[StreamMode::Custom]).await, custom);
    let both = watched(&graph, &[StreamMode::Custom, StreamMode::Updates]).await;
    let updated = |n| format!(r#"Updates {{"work":{{"n":{n}}}}}"#);
    let mut expected = custom;
    expected.insert(3, updated(1));
    expected.push(updated(2));
    assert_eq!(both, expected);
}

#[tokio::test]
async fn what_a_graph_within_another_writes_is_lost() {
    let mut outer = StateGraph::new::<Steps>("outer");
    outer
        .add_subgraph("inner", writers())
        .add_edge(START, "inner");
    let outer = outer.compile().unwrap();
    assert_eq!(
        watched(&outer, &[StreamMode::Custom]).await,
        Vec::<String>::new()
    );
    assert_eq!(watched(&outer, &[StreamMode::Updates]).await.len(), 1);
}
