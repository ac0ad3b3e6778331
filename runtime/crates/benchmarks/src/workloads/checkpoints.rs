//! Runs whose state is kept in memory.

use std::cell::Cell;
use std::error::Error;

use langferry::CompiledGraph;
use langferry::prelude::*;

use super::counter::{Counter, chain, loop_graph};
use super::{fan_out as fanned, messages, unlimited};
use crate::case::Case;

/// A thread of its own for every run.
fn fresh_threads() -> impl Fn() -> RunConfig {
    let next = Cell::new(0_i64);
    move || {
        next.set(next.get() + 1);
        unlimited().configurable("thread_id", next.get())
    }
}

fn counting(graph: CompiledGraph, steps: usize) -> Case {
    let threads = fresh_threads();
    Case::new(steps, "superstep", move || {
        let (graph, config) = (graph.clone(), threads());
        async move {
            let output = graph.invoke(Counter::at(0), &config).await?;
            Ok(output.get::<Int>("x") == Some(&Int::from(i64::try_from(steps).unwrap_or(0))))
        }
    })
}

pub fn looping(steps: usize) -> Result<Case, Box<dyn Error>> {
    let graph = loop_graph(steps)
        .checkpointer(MemorySaver::new())
        .compile()?;
    Ok(counting(graph, steps))
}

pub fn sequential(nodes: usize) -> Result<Case, Box<dyn Error>> {
    let graph = chain(nodes).checkpointer(MemorySaver::new()).compile()?;
    Ok(counting(graph, nodes))
}

pub fn fan_out(tasks: usize) -> Result<Case, Box<dyn Error>> {
    let graph = fanned::graph().checkpointer(MemorySaver::new()).compile()?;
    Ok(fanned::fanned(graph, tasks, fresh_threads()))
}

/// A history that grows from nothing, one message a superstep.
pub fn growth(steps: usize) -> Result<Case, Box<dyn Error>> {
    let graph = messages::graph(steps)?
        .checkpointer(MemorySaver::new())
        .compile()?;
    let config = unlimited().configurable("thread_id", "a");
    messages::on_history(move || graph.clone(), config, 0, steps)
}

/// Cycles of a question and its answer on one thread.
pub fn interrupt_and_resume(cycles: usize) -> Result<Case, Box<dyn Error>> {
    let mut graph = StateGraph::new::<Counter>("ask");
    graph.add_node("ask", |state: &Counter, context: &Context| {
        let answer = match context.interrupt("more?".to_owned())? {
            Value::Int(answer) => answer,
            other => return Err(Exception::type_error(format!("{other:?}"))),
        };
        Ok(Counter::update().x(state.x()?.clone() + answer).into())
    });
    graph.add_edge(START, "ask");
    let router = |_: &Counter, _: &Context| Ok(vec!["ask".into()]);
    graph.add_conditional_edges("ask", router, PathMap::any());
    let graph = graph.checkpointer(MemorySaver::new()).compile()?;
    let threads = fresh_threads();
    Ok(Case::new(cycles, "resume", move || {
        let (graph, config) = (graph.clone(), threads());
        async move {
            graph.invoke(Counter::at(0), &config).await?;
            let mut count = None;
            for _ in 0..cycles {
                let answer = Command::resume(Int::from(1));
                let output = graph.invoke(answer, &config).await?;
                count = output.get::<Int>("x").cloned();
            }
            Ok(count == Some(Int::from(i64::try_from(cycles).unwrap_or(0))))
        }
    }))
}
