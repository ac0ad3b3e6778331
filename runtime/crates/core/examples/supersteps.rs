//! The engine alone at work, for `build_support/instructions.py` to count its instructions.
//!
//! `supersteps CASE RUNS` does the runs of a case, each of a hundred supersteps or tasks; without arguments
//! it prints the cases' names.

use std::error::Error;
use std::io::{Write as _, stdout};
use std::sync::Arc;

use langferry_core::{
    BranchId, BranchSpec, Call, ChannelId, ChannelKind, Config, END, Graph, GraphError, Host,
    Input, Interest, NodeOutput, NodeSpec, Outcome, Performed, Performer, ReducerId, Run, START,
    Scratchpad, Send, Start, StateGraph, Step, Target, TaskRef, Values,
};

/// How many supersteps or tasks a run has.
const UNITS: i64 = 100;
/// The only channel.
const TOTAL: ChannelId = ChannelId(0);

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
    /// Whether the calls of lone tasks are performed as they come up.
    performs: bool,
}

const CASES: [Case; 9] = [
    Case {
        name: "chain",
        graph: chain,
        interest: UNWATCHED,
        performs: false,
    },
    Case {
        name: "loop",
        graph: looping,
        interest: UNWATCHED,
        performs: false,
    },
    Case {
        name: "loop-streamed",
        graph: looping,
        interest: Interest::STREAMS,
        performs: false,
    },
    Case {
        name: "loop-saved",
        graph: looping,
        interest: SAVED,
        performs: false,
    },
    Case {
        name: "chain-performed",
        graph: chain,
        interest: UNWATCHED,
        performs: true,
    },
    Case {
        name: "loop-performed",
        graph: looping,
        interest: UNWATCHED,
        performs: true,
    },
    Case {
        name: "sends",
        graph: sends,
        interest: UNWATCHED,
        performs: false,
    },
    Case {
        name: "sends-performed",
        graph: sends,
        interest: UNWATCHED,
        performs: true,
    },
    Case {
        name: "edges",
        graph: edges,
        interest: UNWATCHED,
        performs: false,
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
        if run(&graph, case)? != UNITS {
            return Err("a wrong result".into());
        }
    }
    Ok(())
}

/// Performs calls as they come up: every node adds one to the total.
struct Adds;

impl Performer<Numbers> for Adds {
    fn node(
        &mut self,
        _: TaskRef,
        _: bool,
        _: Input<i64>,
        _: Scratchpad<i64>,
        output: &mut NodeOutput<i64>,
    ) -> Performed<i64, String> {
        output.updates.push((TOTAL, 1));
        Some(Ok(()))
    }

    fn route(
        &mut self,
        _: TaskRef,
        _: BranchId,
        input: Values<i64>,
        _: Scratchpad<i64>,
        targets: &mut Vec<Target<i64>>,
    ) -> Performed<i64, String> {
        targets.extend(route(input[0].1));
        Some(Ok(()))
    }
}

/// The total at the end of a run in which every node adds one to it.
fn run(graph: &Arc<Graph>, case: &Case) -> Result<i64, Box<dyn Error>> {
    let config = Config {
        interest: case.interest,
        simple: case.performs,
        ..Config::new(10_000)
    };
    let input = Start::Input(vec![(TOTAL, 0)]);
    let mut run = Run::new(Arc::clone(graph), input, None, config);
    loop {
        let mut step = Step::default();
        match case.performs {
            true => run.next_performing(&mut Numbers, &mut step, &mut Adds),
            false => run.next_into(&mut Numbers, &mut step),
        }
        for call in step.calls {
            match call {
                Call::Node { task, .. } => run.complete(task, Ok(vec![(TOTAL, 1)].into())),
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
