//! Which tasks run when, and in which order their writes are applied.
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

mod common;

use common::*;
use langferry_core::*;

fn only<'a>(lines: &'a [String], kind: &str) -> Vec<&'a str> {
    lines
        .iter()
        .map(String::as_str)
        .filter(|line| line.starts_with(kind))
        .collect()
}

#[test]
fn sends_are_planned_before_nodes_but_applied_after_them() {
    let program = Builder::new()
        .loggers(&["z", "b", "after"])
        .node("w", |s| Ok(s.out(&[("log", list(&s.text()))])))
        .branch("z", |_| {
            Ok(vec![
                send("w", "w1"),
                "b".into(),
                send("w", "w2"),
                send("nope", ""),
                "unknown".into(),
                END.into(),
            ])
        })
        .edges(&[(START, "z"), ("w", "after")])
        .compile();
    let lines = program.run(program.input(&[("x", Value::Int(0))]));
    assert_eq!(
        lines[1..],
        [
            "task z {x: 0, log: []} by branch:to:z",
            "update z {log: [z]}",
            "result z {log: [z]}",
            "warning Task z with path ('__pregel_pull', 'z') wrote to unknown channel \
             branch:to:unknown, ignoring it.",
            "values {x: 0, log: [z]}",
            "warning Ignoring unknown node name nope in pending sends",
            "task w w1 by __pregel_push",
            "task w w2 by __pregel_push",
            "task b {x: 0, log: [z]} by branch:to:b",
            "update w {log: [w1]}",
            "result w {log: [w1]}",
            "update w {log: [w2]}",
            "result w {log: [w2]}",
            "update b {log: [b]}",
            "result b {log: [b]}",
            "values {x: 0, log: [z b w1 w2]}",
            "task after {x: 0, log: [z b w1 w2]} by branch:to:after",
            "update after {log: [after]}",
            "result after {log: [after]}",
            "values {x: 0, log: [z b w1 w2 after]}",
            "finished {x: 0, log: [z b w1 w2 after]}",
        ]
    );
}

#[test]
fn nodes_run_and_write_by_name_however_they_were_added() {
    let program = Builder::new()
        .loggers(&["c", "Z", "a"])
        .edges(&[(START, "c"), (START, "a"), (START, "Z")])
        .compile();
    let lines = program.run(program.input(&[]));
    assert_eq!(lines.last().unwrap(), "finished {log: [Z a c]}");
}

#[test]
fn a_join_waits_for_all_its_sources_and_starts_over_after_it_fired() {
    let program = Builder::new()
        .loggers(&["a", "b", "b2"])
        .node("c", |s| {
            let mut out = s.out(&[("log", list("c"))]);
            if s.text().matches('c').count() == 0 {
                out.goto = vec!["a".into(), "b".into()];
            }
            Ok(out)
        })
        .edges(&[(START, "a"), (START, "b"), ("b", "b2")])
        .join(&["a", "b2"], "c")
        .compile();
    let lines = program.run(program.input(&[]));
    assert_eq!(
        only(&lines, "task c"),
        [
            "task c {log: [a b b2]} by branch:to:c+join:a+b2:c",
            "task c {log: [a b b2 c a b b2]} by branch:to:c+join:a+b2:c",
        ]
    );
}

#[test]
fn a_router_sees_its_own_tasks_writes_only() {
    let seen = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let log = std::rc::Rc::clone(&seen);
    let program = Builder::new()
        .loggers(&["a", "b"])
        .branch("a", move |s| {
            log.borrow_mut().push(s.text());
            to(&[END])
        })
        .edges(&[(START, "a"), (START, "b")])
        .compile();
    let lines = program.run(program.input(&[("x", Value::Int(0))]));
    assert_eq!(*seen.borrow(), ["{x: 0, log: [a]}"]);
    assert_eq!(lines.last().unwrap(), "finished {x: 0, log: [a b]}");
}

#[test]
fn a_router_of_start_sees_the_input() {
    let program = Builder::new()
        .loggers(&["a", "b"])
        .branch(START, |s| to(&[if s.int("x") > 0 { "a" } else { "b" }]))
        .compile();
    let lines = program.run(program.input(&[("x", Value::Int(1))]));
    assert_eq!(lines.last().unwrap(), "finished {x: 1, log: [a]}");
}

#[test]
fn a_command_updates_and_goes() {
    let program = Builder::new()
        .node("a", |s| {
            let goto = vec!["nope".into(), END.into(), send("b", "9"), "c".into()];
            Ok(NodeOutput {
                goto,
                ..s.out(&[("x", Value::Int(1))])
            })
        })
        .node("b", |s| Ok(s.out(&[("log", list(&s.text()))])))
        .loggers(&["c"])
        .edges(&[(START, "a")])
        .compile();
    let lines = program.run(program.input(&[("log", list("i"))]));
    assert_eq!(
        lines[3..6],
        [
            "result a {x: 1}",
            "warning Task a with path ('__pregel_pull', 'a') wrote to unknown channel \
             branch:to:nope, ignoring it.",
            "values {x: 1, log: [i]}",
        ]
    );
    assert_eq!(lines.last().unwrap(), "finished {x: 1, log: [i c 9]}");
}

#[test]
fn a_deferred_node_runs_when_nothing_else_is_left() {
    let program = Builder::new()
        .loggers(&["a", "b", "c"])
        .deferred("d")
        .edges(&[
            (START, "a"),
            (START, "b"),
            ("b", "c"),
            ("a", "d"),
            ("c", "d"),
        ])
        .compile();
    let lines = program.run(program.input(&[]));
    assert_eq!(lines.last().unwrap(), "finished {log: [a b c d]}");
}

#[test]
fn a_deferred_join_waits_for_its_sources_and_for_the_end() {
    let program = Builder::new()
        .loggers(&["a", "b", "c"])
        .deferred("d")
        .edges(&[(START, "a"), (START, "b"), ("b", "c")])
        .join(&["a", "b"], "d")
        .compile();
    let lines = program.run(program.input(&[("x", Value::Int(0))]));
    assert_eq!(
        only(&lines, "task d"),
        ["task d {x: 0, log: [a b c]} by branch:to:d+join:a+b:d"]
    );
}

#[test]
fn pending_sends_do_not_hold_a_deferred_node_back() {
    let program = Builder::new()
        .node("a", |_| {
            Ok(NodeOutput {
                goto: vec![send("w", "w")],
                ..NodeOutput::default()
            })
        })
        .loggers(&["w"])
        .deferred("d")
        .edges(&[(START, "a"), ("a", "d"), ("w", "d")])
        .compile();
    let lines = program.run(program.input(&[("log", list("i"))]));
    assert_eq!(
        only(&lines, "update"),
        [
            "update a None",
            "update w {log: [w]}",
            "update d {log: [d]}",
            "update d {log: [d]}"
        ]
    );
}

#[test]
fn an_overwrite_bypasses_the_reducer_and_drops_later_writes() {
    let program = Builder::new()
        .loggers(&["a", "c"])
        .node("b", |s| {
            Ok(s.out(&[("log", Value::Overwrite(vec!["o".to_owned()]))]))
        })
        .edges(&[(START, "a"), (START, "b"), (START, "c")])
        .compile();
    let lines = program.run(program.input(&[("log", list("i"))]));
    assert_eq!(lines.last().unwrap(), "finished {log: [o]}");
}

#[test]
fn a_driver_may_take_each_task_to_its_last_router_before_the_next_task() {
    let program = Builder::new()
        .node("a", |_| Err(raise("ValueError: a")))
        .loggers(&["b"])
        .branch("b", |_| to(&["b"]))
        .branch("b", |_| to(&[END]))
        .edges(&[(START, "a"), (START, "b")])
        .compile();
    let graph = std::sync::Arc::clone(&program.graph);
    let mut run = Run::new(graph, program.input(&[]), None, Config::new(9));
    let mut order = Vec::new();
    for call in run.next(&mut Adder).calls {
        let mut calls = vec![call];
        while let Some(call) = calls.pop() {
            order.push(match &call {
                Call::Node { task, .. } => program.graph.node_name(task.node).to_owned(),
                Call::Route { branch, .. } => program.graph.branch_name(*branch).to_owned(),
            });
            program.perform(&mut run, call);
            calls.extend(run.follow_ups(&mut Adder));
        }
    }
    assert_eq!(order, ["a", "b", "router0", "router1"]);
    let outcome = run.next(&mut Adder).outcome;
    assert!(
        matches!(outcome, Some(Outcome::Failed(_))),
        "the failure waited for the siblings"
    );
}
