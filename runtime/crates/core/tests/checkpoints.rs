//! Checkpoints hold what upstream's do, version for version, and a new run goes on from any of them.
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

mod common;

use std::sync::Arc;

use common::*;
use langferry_core::*;

fn two() -> Program {
    Builder::new()
        .loggers(&["a", "b"])
        .edges(&[(START, "a"), ("a", "b")])
        .compile()
}

fn all(program: &Program) -> Vec<Checkpoint<Value>> {
    let interest = Interest {
        save: true,
        ..Interest::default()
    };
    let config = Config {
        interest,
        ..Config::new(9)
    };
    let input = program.input(&[("x", Value::Int(0))]);
    let mut run = Run::new(Arc::clone(&program.graph), input, None, config);
    let mut checkpoints = Vec::new();
    loop {
        let step = run.next(&mut Adder);
        for event in step.events {
            if let Event::Checkpoint(checkpoint) = event {
                checkpoints.push(*checkpoint);
            }
        }
        step.calls
            .into_iter()
            .for_each(|call| program.perform(&mut run, call));
        if step.outcome.is_some() {
            return checkpoints;
        }
    }
}

fn versions(program: &Program, versions: &[(ChannelId, u64)]) -> String {
    let mut named: Vec<String> = versions
        .iter()
        .map(|(id, version)| format!("{}={version}", program.graph.channel_name(*id)))
        .collect();
    named.sort();
    named.join(" ")
}

#[test]
fn versions_grow_as_upstreams_do() {
    let program = two();
    let checkpoints = all(&program);
    let told: Vec<(i64, String)> = checkpoints
        .iter()
        .map(|c| (c.step, versions(&program, &c.versions)))
        .collect();
    assert_eq!(
        told,
        [
            (-1, "__start__=1".to_owned()),
            (0, "__start__=2 branch:to:a=2 x=2".to_owned()),
            (
                1,
                "__start__=2 branch:to:a=3 branch:to:b=3 log=3 x=2".to_owned()
            ),
            (
                2,
                "__start__=2 branch:to:a=3 branch:to:b=4 log=4 x=2".to_owned()
            ),
        ]
    );
    let seen: Vec<String> = checkpoints[3]
        .versions_seen
        .iter()
        .map(|(node, seen)| {
            format!(
                "{}: {}",
                program.graph.node_name(*node),
                versions(&program, seen)
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            "__start__: __start__=1",
            "a: branch:to:a=2",
            "b: branch:to:b=3"
        ]
    );
    let updated: Vec<Vec<&str>> = checkpoints
        .iter()
        .map(|c| {
            c.updated
                .iter()
                .map(|id| program.graph.channel_name(*id))
                .collect()
        })
        .collect();
    assert_eq!(
        updated,
        [
            vec!["__start__"],
            vec!["x", "branch:to:a"],
            vec!["log", "branch:to:b"],
            vec!["log"]
        ]
    );
}

#[test]
fn a_new_run_goes_on_from_any_checkpoint() {
    let program = two();
    for checkpoint in all(&program) {
        let config = Thread::new().config;
        let step = checkpoint.step;
        let (lines, ..) = program.run_with(Start::Continue, Some(checkpoint), config);
        assert_eq!(
            lines.last().unwrap(),
            "finished {x: 0, log: [a b]}",
            "from step {step}"
        );
    }
}

#[test]
fn a_half_seen_join_and_pending_sends_survive() {
    let program = Builder::new()
        .loggers(&["a", "b", "c"])
        .node("w", |s| Ok(s.out(&[("log", list(&s.text()))])))
        .branch("a", |_| Ok(vec![send("w", "w1"), "b".into()]))
        .edges(&[(START, "a")])
        .join(&["a", "b"], "c")
        .compile();
    let mut expected = None;
    for checkpoint in all(&program) {
        let (lines, ..) = program.run_with(Start::Continue, Some(checkpoint), Thread::new().config);
        let last = lines.last().unwrap().clone();
        assert_eq!(*expected.get_or_insert(last.clone()), last);
    }
    assert_eq!(expected.unwrap(), "finished {x: 0, log: [a b w1 c]}");
}

#[test]
fn deferred_nodes_survive() {
    let program = Builder::new()
        .loggers(&["a", "b"])
        .deferred("d")
        .deferred("e")
        .edges(&[(START, "a"), ("a", "b"), ("a", "d")])
        .join(&["a", "b"], "e")
        .compile();
    for checkpoint in all(&program) {
        let (lines, ..) = program.run_with(Start::Continue, Some(checkpoint), Thread::new().config);
        assert_eq!(lines.last().unwrap(), "finished {x: 0, log: [a b d e]}");
    }
}

#[test]
fn each_turn_counts_its_own_steps_but_numbers_go_on() {
    let program = two();
    let mut thread = Thread::new();
    thread.config.recursion_limit = 3;
    for turn in 0..3 {
        let lines = program.run_on(&mut thread, program.input(&[("x", Value::Int(turn))]));
        assert!(lines.last().unwrap().starts_with("finished"));
    }
    assert_eq!(thread.checkpoint.unwrap().step, 10);
}

#[test]
fn a_tasks_writes_can_be_stored_as_it_finishes() {
    let program = two();
    let interest = Interest {
        task_writes: true,
        ..Interest::default()
    };
    let config = Config {
        interest,
        ..Config::new(9)
    };
    let (lines, ..) = program.run_with(program.input(&[]), None, config);
    assert_eq!(lines[0], "writes __start__ [Branch(NodeId(1))]");
    assert_eq!(
        lines[1],
        "writes a [Channel(ChannelId(1), List([\"a\"])), Branch(NodeId(2))]"
    );
}
