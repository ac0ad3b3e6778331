//! Measures what a superstep costs: a loop of nodes that do nothing.
//!
//! `cargo run --release --example noop_sequence` prints nanoseconds a node.

use std::io::{Write as _, stdout};
use std::time::Instant;

use langferry::CompiledGraph;
use langferry::prelude::*;

const NODES: u32 = 3_000;
const RUNS: u32 = 20;

#[derive(Clone, Debug, Default, State)]
struct Messages {
    #[state(reducer = langferry::operator::add)]
    messages: Slot<Vec<Value>>,
}

fn sequence() -> Result<CompiledGraph, GraphError> {
    let mut graph = StateGraph::new::<Messages>("sequence");
    let mut previous = START.to_owned();
    for number in 0..NODES {
        let name = format!("node_{number}");
        graph.add_node(name.as_str(), |_: &Messages, _: &Context| {
            Ok(NodeOutput::none())
        });
        graph.add_edge(previous, name.as_str());
        previous = name;
    }
    graph.add_edge(previous, END).compile()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let graph = sequence()?;
    let input = || Messages {
        messages: Vec::new().into(),
    };
    let mut best = u128::MAX;
    for _ in 0..RUNS {
        let began = Instant::now();
        graph.invoke_blocking(input(), &RunConfig::default())?;
        best = best.min(began.elapsed().as_nanos());
    }
    writeln!(stdout(), "{} ns a node", best / u128::from(NODES))?;
    Ok(())
}
