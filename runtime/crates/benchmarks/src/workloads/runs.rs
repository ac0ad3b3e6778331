//! Many runs, and what one costs before its first superstep.

use std::error::Error;
use std::time::Duration;

use futures_util::future::join_all;
use langferry::CompiledGraph;
use langferry::prelude::*;

use super::counter::{Counter, chain, chain_async};
use super::unlimited;
use crate::case::Case;

fn at_once(graph: CompiledGraph, runs: usize) -> Case {
    let config = unlimited();
    Case::new(runs, "graph run", move || {
        let (graph, config) = (graph.clone(), config.clone());
        async move {
            let all = (0..runs).map(|_| graph.invoke(Counter::at(0), &config));
            let mut right = true;
            for output in join_all(all).await {
                right &= output?.get::<Int>("x") == Some(&Int::from(3));
            }
            Ok(right)
        }
    })
}

pub fn concurrent(runs: usize) -> Result<Case, Box<dyn Error>> {
    Ok(at_once(chain_async(3).compile()?, runs))
}

/// The same, and each node waits as one that asks a model would.
pub fn concurrent_waiting(runs: usize) -> Result<Case, Box<dyn Error>> {
    let mut graph = StateGraph::new::<Counter>("waiting");
    let mut previous = START;
    for name in ["a", "b", "c"] {
        graph.add_async_node(name, |state: Counter, _: Context| async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            Ok(Counter::update().x(state.x()? + 1).into())
        });
        graph.add_edge(previous, name);
        previous = name;
    }
    graph.add_edge(previous, END);
    Ok(at_once(graph.compile()?, runs))
}

/// 200 runs of one node, one after the other.
pub fn small(_: usize) -> Result<Case, Box<dyn Error>> {
    let graph = chain(1).compile()?;
    let config = unlimited();
    Ok(Case::new(200, "invoke", move || {
        let (graph, config) = (graph.clone(), config.clone());
        async move {
            let mut right = true;
            for _ in 0..200 {
                let output = graph.invoke(Counter::at(0), &config).await?;
                right &= output.get::<Int>("x") == Some(&Int::from(1));
            }
            Ok(right)
        }
    }))
}

/// Builds and compiles a chain.
pub fn compile(nodes: usize) -> Result<Case, Box<dyn Error>> {
    Ok(Case::new(nodes, "node", move || async move {
        let compiled = chain(nodes).compile();
        compiled
            .map(|graph| graph.name() == "chain")
            .map_err(|error| Exception::value_error(error.to_string()))
    }))
}
