//! What each kind of channel does with its writes, seen through small runs.
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

mod common;

use common::*;
use langferry_core::*;

/// `a`, then `b`, over a state with one more channel `e`.
fn with(kind: ChannelKind, a: fn(&Seen) -> Out) -> Program {
    let mut builder = Builder::new();
    builder.channel("e", kind);
    builder
        .node("a", a)
        .loggers(&["b"])
        .edges(&[(START, "a"), ("a", "b")]);
    builder.compile()
}

fn last(program: &Program, input: &[(&str, Value)]) -> String {
    program.run(program.input(input)).last().unwrap().clone()
}

#[test]
fn a_last_value_keeps_its_value_and_is_absent_before() {
    let program = with(ChannelKind::LastValue, |s| {
        Ok(s.out(&[("e", Value::Int(1))]))
    });
    let lines = program.run(program.input(&[]));
    assert_eq!(lines[0], "task a {log: []} by branch:to:a");
    assert_eq!(lines.last().unwrap(), "finished {log: [b], e: 1}");
}

#[test]
fn a_reducer_without_initial_value_takes_the_first_write_as_it_is() {
    let program = with(ChannelKind::Reducer(ReducerId(1)), |s| {
        Ok(s.out(&[("e", list("a")), ("e", list("b"))]))
    });
    assert_eq!(last(&program, &[]), "finished {log: [b], e: [a b]}");
    let program = with(ChannelKind::Reducer(ReducerId(1)), |s| {
        Ok(s.out(&[("e", Value::Overwrite(vec!["raw".to_owned()]))]))
    });
    assert_eq!(
        last(&program, &[]),
        "finished {log: [b], e: Overwrite[raw]}"
    );
}

#[test]
fn an_ephemeral_value_lives_for_one_step() {
    let kind = ChannelKind::Ephemeral { guard: true };
    let program = with(kind, |s| Ok(s.out(&[("e", Value::Int(1))])));
    let lines = program.run(program.input(&[]));
    assert_eq!(
        lines[3..5],
        [
            "values {log: [], e: 1}",
            "task b {log: [], e: 1} by branch:to:b"
        ]
    );
    assert_eq!(lines.last().unwrap(), "finished {log: [b]}");
}

#[test]
fn a_guarded_ephemeral_value_refuses_two_writes_and_an_unguarded_one_keeps_the_last() {
    let twice: fn(&Seen) -> Out = |s| Ok(s.out(&[("e", Value::Int(1)), ("e", Value::Int(2))]));
    let guarded = with(ChannelKind::Ephemeral { guard: true }, twice);
    assert_eq!(
        last(&guarded, &[]),
        "failed InvalidUpdateError: At key 'e': EphemeralValue(guard=True) can receive only one \
         value per step. Use guard=False if you want to store any one of multiple values."
    );
    let free = with(ChannelKind::Ephemeral { guard: false }, twice);
    assert_eq!(free.run(free.input(&[]))[3], "values {log: [], e: 2}");
}

#[test]
fn a_router_does_not_see_an_ephemeral_value_of_the_step_before() {
    let mut builder = Builder::new();
    builder.channel("e", ChannelKind::Ephemeral { guard: true });
    let program = builder
        .loggers(&["a"])
        .branch("a", |s| {
            if s.text().contains("e:") {
                to(&["a"])
            } else {
                to(&[END])
            }
        })
        .edges(&[(START, "a")])
        .compile();
    assert_eq!(
        last(&program, &[("e", Value::Int(1))]),
        "finished {log: [a]}"
    );
}

#[test]
fn a_state_that_is_one_value_is_read_whole_and_only_when_present() {
    let mut graph = StateGraph::new();
    graph.add_channel(ROOT, ChannelKind::LastValue).unwrap();
    graph.add_node(NodeSpec::new("a", [ROOT])).unwrap();
    graph.add_edge(START, "a").unwrap();
    let graph = std::sync::Arc::new(graph.compile().unwrap());
    let root = graph.channel_id(ROOT).unwrap();
    let tasks = |input: Vec<(ChannelId, Value)>| {
        let graph = std::sync::Arc::clone(&graph);
        let mut run = Run::new(graph, Start::Input(input), None, Config::new(9));
        run.next(&mut Adder).calls.len()
    };
    assert_eq!(
        (tasks(vec![(root, Value::Int(1))]), tasks(Vec::new())),
        (1, 0)
    );
}
