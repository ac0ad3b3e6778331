//! A superstep costs what it touches: unrelated nodes and channels add nothing.
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

mod common;

use std::sync::Arc;

use common::*;
use langferry_core::*;

/// `a` and `b` take turns for ever, beside `idle` nodes and channels nobody touches.
fn program(idle: usize) -> Program {
    let mut builder = Builder::new();
    builder
        .loggers(&["a", "b"])
        .edges(&[(START, "a"), ("a", "b"), ("b", "a")]);
    for index in 0..idle {
        let channel = format!("c{index}");
        builder
            .graph
            .add_channel(&channel, ChannelKind::LastValue)
            .unwrap();
        let node = NodeSpec::new(format!("n{index}"), [channel]);
        builder
            .graph
            .add_node(NodeSpec {
                defer: index % 2 == 0,
                ..node
            })
            .unwrap();
    }
    builder.graph.set_output(["x", "log"]);
    builder.compile()
}

fn stats(program: &Program, input: &[(&str, Value)], steps: u64) -> Stats {
    let config = Config {
        interest: Interest::STREAMS,
        ..Config::new(1000)
    };
    let mut run = Run::new(
        Arc::clone(&program.graph),
        program.input(input),
        None,
        config,
    );
    while run.stats().steps < steps {
        let calls = run.next(&mut Adder).calls;
        calls
            .into_iter()
            .for_each(|call| program.perform(&mut run, call));
    }
    run.stats()
}

#[test]
fn idle_nodes_and_channels_cost_nothing() {
    let work = |idle: usize| {
        let program = program(idle);
        // the first look at a new thread goes over all nodes, later steps must not
        let (from, to) = (stats(&program, &[], 2), stats(&program, &[], 22));
        Stats {
            steps: to.steps - from.steps,
            tasks: to.tasks - from.tasks,
            nodes_considered: to.nodes_considered - from.nodes_considered,
            channels_touched: to.channels_touched - from.channels_touched,
            values_read: to.values_read - from.values_read,
        }
    };
    let small = work(0);
    assert_eq!(small, work(2000));
    assert_eq!((small.tasks, small.nodes_considered), (20, 20));
    assert_eq!(
        small.channels_touched, 60,
        "the log, the next entry, the last entry"
    );
}

#[test]
fn a_send_costs_the_same_among_few_and_many() {
    let work = |sends: usize| {
        let program = Builder::new()
            .branch(START, move |_| {
                Ok((0..sends).map(|_| send("w", "")).collect())
            })
            .node("w", |_| Ok(NodeOutput::default()))
            .compile();
        stats(&program, &[], 2)
    };
    let (few, many) = (work(1), work(1000));
    assert_eq!((few.tasks, many.tasks), (2, 1001));
    assert_eq!(few.channels_touched, many.channels_touched);
    assert_eq!(few.values_read, many.values_read);
}

#[test]
fn nobody_reads_what_nobody_asked_for() {
    let program = program(0);
    let config = Config::new(4);
    let mut run = Run::new(Arc::clone(&program.graph), program.input(&[]), None, config);
    loop {
        let step = run.next(&mut Adder);
        assert!(step.events.is_empty());
        step.calls
            .into_iter()
            .for_each(|call| program.perform(&mut run, call));
        if step.outcome.is_some() {
            break;
        }
    }
    assert_eq!(
        run.stats().values_read,
        2 * run.stats().steps,
        "the inputs of the nodes alone"
    );
}
