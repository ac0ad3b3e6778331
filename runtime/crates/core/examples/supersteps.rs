//! The engine alone at work, for `build_support/instructions.py` to count its instructions.
//!
//! `supersteps CASE RUNS` does the runs of a case, each of a hundred supersteps or tasks; without arguments
//! it prints the cases' names.

use std::error::Error;
use std::io::{Write as _, stdout};
use std::sync::Arc;

use langferry_core::{
    BranchSpec, Call, ChannelKind, Config, END, Graph, GraphError, Host, Interest, NodeSpec,
    Outcome, ReducerId, Run, START, Send, Start, StateGraph, Target,
};

/// How many supersteps or tasks a run has.
const UNITS: i64 = 100;

const UNWATCHED: Interest = Interest {
    values: false,
    result: false,
    updates: false,
    tasks: false,
    planned: false,
    save: false,
    task_writes: false,
};
const SAVED: Interest = Interest {
    save: true,
    task_writes: true,
    ..UNWATCHED
};

/// What is run, and who watches it.
struct Case {
    name: &'static str,
    graph: fn() -> Result<Graph, GraphError>,
    interest: Interest,
}

const CASES: [Case; 6] = [
    Case {
        name: "chain",
        graph: chain,
        interest: UNWATCHED,
    },
    Case {
        name: "loop",
        graph: looping,
        interest: UNWATCHED,
    },
    Case {
        name: "loop-streamed",
        graph: looping,
        interest: Interest::STREAMS,
    },
    Case {
        name: "loop-saved",
        graph: looping,
        interest: SAVED,
    },
    Case {
        name: "sends",
        graph: sends,
        interest: UNWATCHED,
    },
    Case {
        name: "edges",
        graph: edges,
        interest: UNWATCHED,
    },
];

/// Values are whole numbers; the only reducer adds.
struct Numbers;

impl Host for Numbers {
    type Value = i64;
    type Error = String;

    fn reduce(&mut self, _: ReducerId, current: i64, update: i64) -> Result<i64, String> {
        Ok(current + update)
    }

    fn initial(&mut self, _: ReducerId) -> Option<i64> {
        Some(0)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, runs] = arguments.as_slice() else {
        for case in CASES {
            writeln!(stdout(), "{}", case.name)?;
        }
        return Ok(());
    };
    let case = CASES.iter().find(|case| case.name == name);
    let case = case.ok_or("no such case")?;
    let graph = Arc::new((case.graph)()?);
    for _ in 0..runs.parse()? {
        if run(&graph, case.interest)? != UNITS {
            return Err("a wrong result".into());
        }
    }
    Ok(())
}

/// The total at the end of a run in which every node adds one to it.
fn run(graph: &Arc<Graph>, interest: Interest) -> Result<i64, Box<dyn Error>> {
    let total = graph.channel_id("total").ok_or("no total")?;
    let config = Config {
        interest,
        ..Config::new(10_000)
    };
    let input = Start::Input(vec![(total, 0)]);
    let mut run = Run::new(Arc::clone(graph), input, None, config);
    loop {
        let step = run.next(&mut Numbers);
        for call in step.calls {
            match call {
                Call::Node { task, .. } => run.complete(task, Ok(vec![(total, 1)].into())),
                Call::Route { task, input, .. } => run.routed(task, Ok(route(input[0].1))),
            };
        }
        match step.outcome {
            None => {}
            Some(Outcome::Finished { values }) => return Ok(values[0].1),
            Some(_) => return Err("the run did not finish".into()),
        }
    }
}

/// The only router: all sends at the start of a run, then one step after the other.
fn route(total: i64) -> Vec<Target<i64>> {
    match total {
        0 => {
            let send = |_| Send {
                node: "step".to_owned(),
                arg: 0,
                timeout: None,
            };
            (0..UNITS).map(|place| send(place).into()).collect()
        }
        1..UNITS => vec!["step".into()],
        _ => vec![END.into()],
    }
}

fn graph_of_total() -> Result<StateGraph, GraphError> {
    let mut graph = StateGraph::new();
    graph.add_channel("total", ChannelKind::Reducer(ReducerId(0)))?;
    Ok(graph)
}

fn branch() -> BranchSpec {
    BranchSpec {
        name: "route".to_owned(),
        input: vec!["total".to_owned()],
        targets: Some(vec!["step".to_owned(), END.to_owned()]),
    }
}

/// One node after the other.
fn chain() -> Result<Graph, GraphError> {
    let mut graph = graph_of_total()?;
    let mut previous = START.to_owned();
    for place in 0..UNITS {
        let name = format!("step {place}");
        graph.add_node(NodeSpec::new(&name, ["total"]))?;
        graph.add_edge(previous, &name)?;
        previous = name;
    }
    graph.add_edge(previous, END)?;
    graph.compile()
}

/// One node that a router goes back to.
fn looping() -> Result<Graph, GraphError> {
    let mut graph = graph_of_total()?;
    graph.add_node(NodeSpec::new("step", ["total"]))?;
    graph.add_edge(START, "step")?;
    graph.add_branch("step", branch())?;
    graph.compile()
}

/// One superstep of packets for one node.
fn sends() -> Result<Graph, GraphError> {
    let mut graph = graph_of_total()?;
    graph.add_node(NodeSpec::new("step", ["total"]))?;
    graph.add_branch(START, branch())?;
    graph.compile()
}

/// One superstep of many nodes, and one that waits for them all.
fn edges() -> Result<Graph, GraphError> {
    let mut graph = graph_of_total()?;
    let names: Vec<String> = (1..UNITS).map(|place| format!("step {place}")).collect();
    for name in &names {
        graph.add_node(NodeSpec::new(name, ["total"]))?;
        graph.add_edge(START, name)?;
    }
    graph.add_node(NodeSpec::new("last", ["total"]))?;
    graph.add_join(names, "last")?;
    graph.compile()
}
