//! Stream modes show what LangGraph 1.2.22 shows, in its order. Expectations were recorded from it.
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

mod common;

use common::*;
use langferry_core::*;

#[test]
fn the_first_values_follow_the_input_and_every_step_tells_tasks_updates_results_values() {
    let program = Builder::new()
        .loggers(&["a", "b"])
        .edges(&[(START, "a"), ("a", "b")])
        .compile();
    assert_eq!(
        program.run(program.input(&[("x", Value::Int(0))])),
        [
            "values {x: 0, log: []}",
            "task a {x: 0, log: []} by branch:to:a",
            "update a {log: [a]}",
            "result a {log: [a]}",
            "values {x: 0, log: [a]}",
            "task b {x: 0, log: [a]} by branch:to:b",
            "update b {log: [b]}",
            "result b {log: [b]}",
            "values {x: 0, log: [a b]}",
            "finished {x: 0, log: [a b]}",
        ]
    );
}

#[test]
fn a_task_without_writes_updates_none_and_makes_no_values() {
    let program = Builder::new()
        .node("a", |_| Ok(NodeOutput::default()))
        .edges(&[(START, "a")])
        .compile();
    assert_eq!(
        program.run(program.input(&[])),
        [
            "task a {log: []} by branch:to:a",
            "update a None",
            "result a {}",
            "finished {log: []}"
        ]
    );
}

#[test]
fn a_channel_written_twice_turns_the_update_into_a_list() {
    let program = Builder::new()
        .node("a", |s| {
            Ok(s.out(&[("log", list("1")), ("log", list("2")), ("x", Value::Int(5))]))
        })
        .edges(&[(START, "a")])
        .compile();
    assert_eq!(
        program.run(program.input(&[("x", Value::Int(0))]))[1..],
        [
            "task a {x: 0, log: []} by branch:to:a",
            "update a [{log: [1]}, {log: [2]}, {x: 5}]",
            "result a {log: [1], log: [2], x: 5}",
            "values {x: 5, log: [1 2]}",
            "finished {x: 5, log: [1 2]}",
        ]
    );
}

#[test]
fn checkpoints_are_told_with_the_tasks_planned_on_them() {
    let program = Builder::new()
        .loggers(&["a", "b"])
        .edges(&[(START, "a"), ("a", "b")])
        .compile();
    let mut thread = Thread::new();
    thread.config.interest = Interest {
        save: true,
        planned: true,
        ..Interest::default()
    };
    assert_eq!(
        program.run_on(&mut thread, program.input(&[("x", Value::Int(0))])),
        [
            "planned -1 [\"__start__\"] {log: []}",
            "planned 0 [\"a\"] {x: 0, log: []}",
            "planned 1 [\"b\"] {x: 0, log: [a]}",
            "planned 2 [] {x: 0, log: [a b]}",
            "finished {x: 0, log: [a b]}",
        ]
    );
}

#[test]
fn results_are_told_in_planned_order_or_as_they_arrive() {
    let program = Builder::new()
        .loggers(&["a", "b"])
        .edges(&[(START, "a"), (START, "b")])
        .compile();
    let told = |order| {
        let interest = Interest {
            updates: true,
            ..Interest::default()
        };
        let config = Config {
            interest,
            order,
            output: Output::State,
            ..Config::new(9)
        };
        let graph = std::sync::Arc::clone(&program.graph);
        let mut run = Run::new(graph, program.input(&[]), None, config);
        let mut calls = run.next(&mut Adder).calls;
        let mut told: Vec<Vec<String>> = Vec::new();
        while let Some(call) = calls.pop() {
            program.perform(&mut run, call);
            told.push(
                run.next(&mut Adder)
                    .events
                    .iter()
                    .map(|e| program.event(e))
                    .collect(),
            );
        }
        told
    };
    let none: Vec<String> = Vec::new();
    let (a, b) = (
        "update a {log: [a]}".to_owned(),
        "update b {log: [b]}".to_owned(),
    );
    assert_eq!(told(Order::Planned), [none, vec![a.clone(), b.clone()]]);
    assert_eq!(told(Order::Arrival), [vec![b], vec![a]]);
}

#[test]
fn only_channels_of_the_output_are_shown() {
    let mut builder = Builder::new();
    builder.loggers(&["a"]).edges(&[(START, "a")]);
    builder.graph.set_output(["x"]);
    let program = builder.compile();
    let mut config = Thread::new().config;
    config.output = Output::Schema;
    assert_eq!(
        program
            .run_with(program.input(&[("x", Value::Int(0))]), None, config)
            .0,
        [
            "values {x: 0}",
            "task a {x: 0, log: []} by branch:to:a",
            "update a None",
            "result a {log: [a]}",
            "finished {x: 0}",
        ]
    );
}
