//! One whole number that nodes count up: chains and loops.

use std::error::Error;

use futures_util::StreamExt as _;
use langferry::prelude::*;
use langferry::{CompiledGraph, StreamMode};

use super::unlimited;
use crate::case::Case;

#[derive(Clone, Debug, Default, State)]
pub struct Counter {
    pub x: Slot<Int>,
}

impl Counter {
    pub fn at(x: i64) -> Self {
        Counter {
            x: Int::from(x).into(),
        }
    }
}

pub fn count(state: &Counter, _: &Context) -> NodeResult {
    Ok(Counter::update().x(state.x()? + 1).into())
}

#[allow(clippy::unused_async)] // a node that never waits is what is measured
pub async fn count_async(state: Counter, context: Context) -> NodeResult {
    count(&state, &context)
}

/// A chain of `nodes` nodes.
pub fn chain(nodes: usize) -> StateGraph {
    let mut graph = StateGraph::new::<Counter>("chain");
    let mut previous = START.to_owned();
    for number in 0..nodes {
        let name = format!("n{number}");
        graph.add_node(name.as_str(), count);
        graph.add_edge(previous, name.as_str());
        previous = name;
    }
    graph.add_edge(previous, END);
    graph
}

pub fn chain_async(nodes: usize) -> StateGraph {
    let mut graph = StateGraph::new::<Counter>("chain");
    let mut previous = START.to_owned();
    for number in 0..nodes {
        let name = format!("n{number}");
        graph.add_async_node(name.as_str(), count_async);
        graph.add_edge(previous, name.as_str());
        previous = name;
    }
    graph.add_edge(previous, END);
    graph
}

/// Goes back to `step` until the count is `steps`.
pub fn until(
    steps: usize,
) -> impl Fn(&Counter, &Context) -> RouteResult + core::marker::Send + Sync + 'static {
    let steps = Int::from(i64::try_from(steps).unwrap_or(i64::MAX));
    move |state, _| {
        let next = if *state.x()? >= steps { END } else { "step" };
        Ok(vec![next.into()])
    }
}

/// One node and a router back to it.
pub fn loop_graph(steps: usize) -> StateGraph {
    let mut graph = StateGraph::new::<Counter>("loop");
    graph.add_node("step", count);
    graph.add_edge(START, "step");
    graph.add_conditional_edges("step", until(steps), PathMap::any());
    graph
}

/// Runs `graph` from nought to `steps`.
fn counting(graph: CompiledGraph, steps: usize) -> Case {
    let config = unlimited();
    Case::new(steps, "superstep", move || {
        let (graph, config) = (graph.clone(), config.clone());
        async move {
            let output = graph.invoke(Counter::at(0), &config).await?;
            Ok(output.get::<Int>("x") == Some(&Int::from(i64::try_from(steps).unwrap_or(0))))
        }
    })
}

pub fn sequential(nodes: usize) -> Result<Case, Box<dyn Error>> {
    Ok(counting(chain(nodes).compile()?, nodes))
}

pub fn sequential_async(nodes: usize) -> Result<Case, Box<dyn Error>> {
    Ok(counting(chain_async(nodes).compile()?, nodes))
}

pub fn looping(steps: usize) -> Result<Case, Box<dyn Error>> {
    Ok(counting(loop_graph(steps).compile()?, steps))
}

pub fn looping_async(steps: usize) -> Result<Case, Box<dyn Error>> {
    let mut graph = StateGraph::new::<Counter>("loop");
    graph.add_async_node("step", count_async);
    graph.add_edge(START, "step");
    graph.add_conditional_edges("step", until(steps), PathMap::any());
    Ok(counting(graph.compile()?, steps))
}

/// A node that routes itself.
pub fn looping_by_command(steps: usize) -> Result<Case, Box<dyn Error>> {
    let last = Int::from(i64::try_from(steps)?);
    let mut graph = StateGraph::new::<Counter>("loop");
    let step = move |state: &Counter, _: &Context| {
        let x = state.x()? + 1;
        let next = if x < last { "step" } else { END };
        Ok(Command::new()
            .update(Counter::update().x(x))
            .goto(next)
            .into())
    };
    graph.add_node(NodeName::new("step").ends(["step", END]), step);
    graph.add_edge(START, "step");
    Ok(counting(graph.compile()?, steps))
}

/// A node that reads the run's configuration.
pub fn looping_with_config(steps: usize) -> Result<Case, Box<dyn Error>> {
    let mut graph = StateGraph::new::<Counter>("loop");
    graph.add_node("step", |state: &Counter, context: &Context| {
        let by = match context.config().get("by") {
            Some(Value::Int(by)) => by.clone(),
            _ => Int::from(0),
        };
        Ok(Counter::update().x(state.x()?.clone() + by).into())
    });
    graph.add_edge(START, "step");
    graph.add_conditional_edges("step", until(steps), PathMap::any());
    let graph = graph.compile()?;
    let config = unlimited().configurable("by", 1);
    Ok(Case::new(steps, "superstep", move || {
        let (graph, config) = (graph.clone(), config.clone());
        async move {
            let output = graph.invoke(Counter::at(0), &config).await?;
            Ok(output.get::<Int>("x") == Some(&Int::from(i64::try_from(steps).unwrap_or(0))))
        }
    }))
}

fn streamed(steps: usize, mode: StreamMode) -> Result<Case, Box<dyn Error>> {
    let graph = loop_graph(steps).compile()?;
    let config = unlimited();
    Ok(Case::new(steps, "superstep", move || {
        let mut chunks = graph.stream(Counter::at(0), &config, &[mode]);
        async move {
            let mut seen = 0;
            while let Some(chunk) = chunks.next().await {
                chunk?;
                seen += 1;
            }
            Ok(seen >= steps)
        }
    }))
}

pub fn stream_values(steps: usize) -> Result<Case, Box<dyn Error>> {
    streamed(steps, StreamMode::Values)
}

pub fn stream_updates(steps: usize) -> Result<Case, Box<dyn Error>> {
    streamed(steps, StreamMode::Updates)
}

pub fn stream_tasks(steps: usize) -> Result<Case, Box<dyn Error>> {
    streamed(steps, StreamMode::Tasks)
}
