//! How runs fail: what is told before, which error it is, and what a second attempt does.
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

mod common;

use common::*;
use langferry_core::*;

#[test]
fn results_in_hand_are_told_in_planned_order_before_the_run_fails() {
    let program = Builder::new()
        .loggers(&["a", "c"])
        .node("b", |_| Err(raise("ValueError: boom")))
        .edges(&[(START, "a"), (START, "b"), (START, "c")])
        .compile();
    assert_eq!(
        program.run(program.input(&[("x", Value::Int(1))]))[4..],
        [
            "update a {log: [a]}",
            "result a {log: [a]}",
            "result b {} raised ValueError: boom",
            "update c {log: [c]}",
            "result c {log: [c]}",
            "failed ValueError: boom",
        ]
    );
}

#[test]
fn a_driver_that_asks_at_once_fails_without_the_slower_tasks() {
    let program = Builder::new()
        .loggers(&["b"])
        .node("a", |_| Err(raise("ValueError: boom")))
        .edges(&[(START, "a"), (START, "b")])
        .compile();
    let config = Config {
        interest: Interest::STREAMS,
        ..Config::new(9)
    };
    let graph = std::sync::Arc::clone(&program.graph);
    let mut run = Run::new(graph, program.input(&[]), None, config);
    let mut calls = run.next(&mut Adder).calls.into_iter();
    program.perform(&mut run, calls.next().unwrap());
    let step = run.next(&mut Adder);
    assert_eq!(step.events.len(), 1);
    assert!(matches!(step.outcome, Some(Outcome::Failed(_))));
    let Some(Call::Node { task, .. }) = calls.next() else {
        panic!("b was not called")
    };
    assert!(
        !run.complete(task, Ok(NodeOutput::default())),
        "a late result is refused"
    );
    let over = run.next(&mut Adder);
    assert!(over.events.is_empty() && over.calls.is_empty() && over.outcome.is_none());
}

#[test]
fn a_failing_router_leaves_its_nodes_writes_and_counts_as_finished_later() {
    let program = Builder::new()
        .loggers(&["a"])
        .branch("a", |_| Err(raise("KeyError: 'route'")))
        .edges(&[(START, "a")])
        .compile();
    let mut thread = Thread::new();
    let first = program.run_on(&mut thread, program.input(&[("x", Value::Int(1))]));
    assert_eq!(
        first,
        [
            "values {x: 1, log: []}",
            "task a {x: 1, log: []} by branch:to:a",
            "update a {log: [a]}",
            "result a {log: [a]} raised KeyError: 'route'",
            "failed KeyError: 'route'",
        ]
    );
    assert_eq!(
        program.run_on(&mut thread, Start::Continue),
        [
            "values {x: 1, log: []}",
            "task a {x: 1, log: []} by branch:to:a",
            "update a {log: [a]} cached",
            "values {x: 1, log: [a]}",
            "finished {x: 1, log: [a]}",
        ]
    );
}

#[test]
fn two_writers_of_a_last_value_fail_the_step_on_every_attempt() {
    let write = |x| move |s: &Seen| Ok(s.out(&[("x", Value::Int(x))]));
    let program = Builder::new()
        .node("a", write(1))
        .node("b", write(2))
        .edges(&[(START, "a"), (START, "b")])
        .compile();
    let mut thread = Thread::new();
    let error = "failed InvalidUpdateError: At key 'x': Can receive only one value per step. Use \
                 an Annotated key to handle multiple values.";
    let first = program.run_on(&mut thread, program.input(&[("x", Value::Int(0))]));
    assert_eq!(first[6..], ["result b {x: 2}", error]);
    let second = program.run_on(&mut thread, Start::Continue);
    assert_eq!(
        second[3..],
        ["update a {x: 1} cached", "update b {x: 2} cached", error]
    );
}

#[test]
fn a_router_cannot_read_a_channel_its_node_wrote_twice() {
    let program = Builder::new()
        .node("a", |s| {
            Ok(s.out(&[("x", Value::Int(1)), ("x", Value::Int(2))]))
        })
        .branch("a", |_| to(&[END]))
        .edges(&[(START, "a")])
        .compile();
    let lines = program.run(program.input(&[]));
    let error = "InvalidUpdateError: At key 'x': Can receive only one value per step. Use an \
                 Annotated key to handle multiple values.";
    assert_eq!(
        lines[1..],
        [
            "update a [{x: 1}, {x: 2}]".to_owned(),
            format!("result a {{x: 1, x: 2}} raised {error}"),
            format!("failed {error}"),
        ]
    );
}

#[test]
fn a_reducer_that_raises_fails_the_run_after_the_results_are_told() {
    let program = Builder::new()
        .node("a", |s| Ok(s.out(&[("log", list("bad"))])))
        .edges(&[(START, "a")])
        .compile();
    assert_eq!(
        program.run(program.input(&[]))[1..],
        [
            "update a {log: [bad]}",
            "result a {log: [bad]}",
            "failed TypeError: bad item"
        ]
    );
}

#[test]
fn two_overwrites_in_one_step_are_refused() {
    let over = |s: &Seen| Ok(s.out(&[("log", Value::Overwrite(Vec::new()))]));
    let program = Builder::new()
        .node("a", over)
        .node("b", over)
        .edges(&[(START, "a"), (START, "b")])
        .compile();
    assert_eq!(
        program.run(program.input(&[])).last().unwrap(),
        "failed InvalidUpdateError: Can receive only one Overwrite value per super-step."
    );
}

#[test]
fn routers_cannot_go_to_start_nor_send_to_end() {
    let program = |targets: fn() -> Routes| {
        Builder::new()
            .loggers(&["a"])
            .branch("a", move |_| targets())
            .edges(&[(START, "a")])
            .compile()
    };
    let start = program(|| to(&["a", START]));
    assert_eq!(
        start.run(start.input(&[])).last().unwrap(),
        "failed ValueError: Branch did not return a valid destination"
    );
    let end = program(|| Ok(vec![send(END, "")]));
    assert_eq!(
        end.run(end.input(&[]))[1..],
        [
            "update a {log: [a]}",
            "result a {log: [a]} raised InvalidUpdateError: Cannot send a packet to the END node",
            "failed InvalidUpdateError: Cannot send a packet to the END node",
        ]
    );
}

#[test]
fn a_failing_router_of_start_is_told_by_the_outcome_alone() {
    let program = Builder::new()
        .loggers(&["a"])
        .branch(START, |_| Err(raise("ValueError: start router")))
        .compile();
    assert_eq!(
        program.run(program.input(&[("x", Value::Int(0))])),
        ["failed ValueError: start router"]
    );
}

#[test]
fn the_recursion_limit_counts_supersteps_and_needs_one_to_spare() {
    let once = Builder::new()
        .loggers(&["a"])
        .edges(&[(START, "a"), ("a", END)])
        .compile();
    let ended = |program: &Program, limit| {
        let mut config = Thread::new().config;
        config.recursion_limit = limit;
        program
            .run_with(program.input(&[("x", Value::Int(0))]), None, config)
            .0
    };
    let reached = |limit| {
        format!(
            "failed GraphRecursionError: Recursion limit of {limit} reached without hitting a stop \
             condition. You can increase the limit by setting the `recursion_limit` config key."
        )
    };
    assert_eq!(
        ended(&once, 1)[4..],
        ["values {x: 0, log: [a]}".to_owned(), reached(1)]
    );
    assert_eq!(ended(&once, 2).last().unwrap(), "finished {x: 0, log: [a]}");
    let forever = Builder::new()
        .loggers(&["a"])
        .edges(&[(START, "a"), ("a", "a")])
        .compile();
    let lines = ended(&forever, 3);
    assert_eq!(
        lines[lines.len() - 2..],
        ["values {x: 0, log: [a a a]}".to_owned(), reached(3)]
    );
    assert_eq!(
        ended(&once, 0),
        ["failed ValueError: recursion_limit must be at least 1"]
    );
}

#[test]
fn a_run_needs_input() {
    let program = Builder::new()
        .loggers(&["a"])
        .edges(&[(START, "a")])
        .compile();
    let nothing = Command {
        resume: None,
        output: NodeOutput::default(),
    };
    assert_eq!(
        program.run(Start::Continue),
        ["failed EmptyInputError: Received no input for __start__"]
    );
    assert_eq!(
        program.run(Start::Command(nothing)),
        [
            "failed UnboundLocalError: cannot access local variable 'resume_is_map' where it is not \
          associated with a value"
        ]
    );
    assert_eq!(
        program.run(Start::Command(Command::resume(Value::Int(1)))),
        ["failed RuntimeError: Cannot use Command(resume=...) without checkpointer"]
    );
}

#[test]
fn what_concerns_an_outer_graph_waits_for_the_siblings_and_is_not_told() {
    let program = Builder::new()
        .node("a", |_| {
            Err(Failure::BubbleUp("ParentCommand: up".to_owned()))
        })
        .loggers(&["b"])
        .edges(&[(START, "a"), (START, "b")])
        .compile();
    assert_eq!(
        program.run(program.input(&[]))[2..],
        [
            "update b {log: [b]}",
            "result b {log: [b]}",
            "failed ParentCommand: up"
        ]
    );
}
