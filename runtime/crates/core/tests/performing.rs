//! Supersteps that a driver performs on the way, and what makes one of the general kind of them.
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

mod common;

use common::performed::How;
use common::*;
use langferry_core::*;

const AT_ONCE: How<'static> = How::Performed(&[false]);

fn lines(program: &Program, how: How<'_>) -> Vec<String> {
    let config = Config {
        simple: true,
        output: Output::State,
        ..Config::new(25)
    };
    program.unwatched(config, program.input(&[]), how)
}

/// `a`, then a packet for each item to `w`.
fn spreading(items: &'static [&'static str], worker: fn(&Seen) -> Out) -> Program {
    Builder::new()
        .loggers(&["a"])
        .node("w", worker)
        .edges(&[(START, "a")])
        .branch("a", |_| {
            Ok(items.iter().map(|item| send("w", item)).collect())
        })
        .compile()
}

fn log(seen: &Seen) -> Out {
    let item = seen.text();
    Ok(seen.out(&[("log", list(&item))]))
}

#[test]
fn lone_tasks_and_packets_are_performed_in_planned_order() {
    let lines = lines(&spreading(&["1", "2", "3"], log), AT_ONCE);
    assert_eq!(
        lines,
        ["a", "router0", "w", "w", "w", "finished {log: [a 1 2 3]}"]
    );
}

#[test]
fn what_waits_keeps_its_place() {
    let program = spreading(&["1", "2", "3"], log);
    let lines = lines(&program, How::Performed(&[false, true, false, true, false]));
    assert_eq!(
        lines,
        [
            "a",
            "router0 waits",
            "w",
            "w waits",
            "w",
            "finished {log: [a 1 2 3]}"
        ]
    );
}

#[test]
fn packets_beside_one_that_fails_are_performed_and_the_first_failure_counts() {
    let worker = |seen: &Seen| match &*seen.text() {
        "1" => log(seen),
        item => Err(raise(&format!("ValueError: {item}"))),
    };
    let lines = lines(&spreading(&["1", "2", "3", "1"], worker), AT_ONCE);
    assert_eq!(
        lines,
        ["a", "router0", "w", "w", "w", "w", "failed ValueError: 2"]
    );
}

#[test]
fn a_question_shows_what_the_others_wrote() {
    let worker = |seen: &Seen| {
        if seen.text() == "2" {
            seen.interrupt("2?")?;
        }
        log(seen)
    };
    let lines = lines(&spreading(&["1", "2", "3"], worker), AT_ONCE);
    assert_eq!(lines.last().unwrap(), "interrupted {log: [a 1 3]} (2?)");
}

#[test]
fn a_router_that_fails_fails_the_run() {
    let program = Builder::new()
        .loggers(&["a"])
        .branch("a", |_| to(&[START]))
        .edges(&[(START, "a")])
        .compile();
    let (performed, handed_out) = (lines(&program, AT_ONCE), lines(&program, How::HandedOut));
    assert_eq!(performed.last(), handed_out.last());
    assert_eq!(performed[..2], ["a", "router0"]);
}

#[test]
fn a_warning_names_the_task() {
    let worker = |seen: &Seen| {
        Ok(NodeOutput {
            goto: vec!["nowhere".into()],
            ..NodeOutput::default()
        })
        .inspect(|_| drop(seen.text()))
    };
    let program = spreading(&["1", "2"], worker);
    let told = |lines: Vec<String>| -> Vec<String> {
        let is_told = |line: &String| line.contains("nowhere");
        lines.into_iter().filter(is_told).collect()
    };
    let performed = told(lines(&program, AT_ONCE));
    assert_eq!(performed, told(lines(&program, How::HandedOut)));
    assert_eq!(performed.len(), 2);
}

#[test]
fn nodes_side_by_side_and_packets_that_are_routed_are_handed_out() {
    let program = Builder::new()
        .loggers(&["a", "b", "w"])
        .edges(&[(START, "a"), (START, "b")])
        .branch("a", |_| Ok(vec![send("w", "1"), send("w", "2")]))
        .branch("w", |_| to(&[END]))
        .compile();
    let lines = lines(&program, AT_ONCE);
    let handed_out = [
        "a is handed out",
        "b is handed out",
        "router0 is handed out",
        "w is handed out",
        "w is handed out",
        "router1 is handed out",
        "router1 is handed out",
        "finished {log: [a b w w]}",
    ];
    assert_eq!(lines, handed_out);
}

#[test]
fn a_limit_is_a_limit() {
    let program = Builder::new()
        .loggers(&["a"])
        .edges(&[(START, "a"), ("a", "a")])
        .compile();
    let config = Config {
        simple: true,
        ..Config::new(3)
    };
    let lines = program.unwatched(config, program.input(&[]), AT_ONCE);
    assert_eq!(lines[..3], ["a", "a", "a"]);
    assert!(lines[3].contains("GraphRecursionError"), "{}", lines[3]);
}
