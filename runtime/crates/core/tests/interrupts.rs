//! Interrupts, breakpoints and resuming. Expectations were recorded from LangGraph 1.2.22.
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

mod common;

use common::*;
use langferry_core::*;

fn resume(value: &str) -> Start<Value> {
    Start::Command(Command::resume(Value::Text(value.to_owned())))
}

fn by_id(answers: &[(&str, &str)]) -> Start<Value> {
    let answer = |(id, value): &(&str, &str)| (id.to_string(), Value::Text(value.to_string()));
    let resume = Some(Resume::ByInterrupt(answers.iter().map(answer).collect()));
    Start::Command(Command {
        resume,
        output: NodeOutput::default(),
    })
}

fn ask(name: &'static str, questions: usize) -> impl Fn(&Seen) -> Out {
    move |s| {
        let ask = |i| {
            s.interrupt(&format!("{name}{i}?"))
                .map(|answer| answer.to_string())
        };
        let answers: Vec<String> = (0..questions).map(ask).collect::<Result<_, _>>()?;
        Ok(s.out(&[("log", list(&format!("{name}={}", answers.join("/"))))]))
    }
}

/// `a` just logs, `q` asks twice, `r` once; then `end`.
fn questions() -> Program {
    Builder::new()
        .loggers(&["a"])
        .node("q", ask("q", 2))
        .node("r", ask("r", 1))
        .loggers(&["end"])
        .edges(&[(START, "a"), (START, "q"), (START, "r")])
        .join(&["a", "q", "r"], "end")
        .compile()
}

fn tail(lines: &[String]) -> Vec<&str> {
    let told = |line: &&str| !line.starts_with("task") && !line.starts_with("result");
    lines.iter().map(String::as_str).filter(told).collect()
}

#[test]
fn siblings_finish_and_the_last_values_show_their_writes() {
    let program = questions();
    let lines = program.run_on(&mut Thread::new(), program.input(&[("x", Value::Int(0))]));
    assert_eq!(
        lines,
        [
            "values {x: 0, log: []}",
            "task a {x: 0, log: []} by branch:to:a",
            "task q {x: 0, log: []} by branch:to:q",
            "task r {x: 0, log: []} by branch:to:r",
            "update a {log: [a]}",
            "result a {log: [a]}",
            "interrupt (q0?)",
            "values {x: 0, log: []} asked (q0?)",
            "result q {} asked (q0?)",
            "interrupt (r0?)",
            "values {x: 0, log: []} asked (r0?)",
            "result r {} asked (r0?)",
            "values {x: 0, log: [a]}",
            "interrupted {x: 0, log: [a]} (q0?, r0?)",
        ]
    );
}

#[test]
fn several_questions_must_be_answered_by_id_and_finished_tasks_do_not_run_again() {
    let program = questions();
    let mut thread = Thread::new();
    program.run_on(&mut thread, program.input(&[("x", Value::Int(0))]));
    let open = thread.open.clone();
    let refused = program.run_on(&mut thread, resume("v"));
    assert!(
        refused[0].starts_with("failed RuntimeError: When there are multiple pending interrupts")
    );

    let first = program.run_on(&mut thread, by_id(&[(&open[1], "R")]));
    assert_eq!(
        tail(&first),
        [
            "values {x: 0, log: []}",
            "update a {log: [a]} cached",
            "interrupt (q0?)",
            "values {x: 0, log: []} asked (q0?)",
            "update r {log: [r=R]}",
            "values {x: 0, log: [a r=R]}",
            "interrupted {x: 0, log: [a r=R]} (q0?)",
        ]
    );
    assert_eq!(
        thread.open,
        open[..1],
        "a question keeps its id until it is answered"
    );

    let second = program.run_on(&mut thread, resume("Q0"));
    assert_eq!(
        tail(&second)[1..],
        [
            "update a {log: [a]} cached",
            "update r {log: [r=R]} cached",
            "interrupt (q1?)",
            "values {x: 0, log: []} asked (q1?)",
            "values {x: 0, log: [a r=R]}",
            "interrupted {x: 0, log: [a r=R]} (q1?)",
        ]
    );
    assert_ne!(
        thread.open,
        open[..1],
        "the next question has an id of its own"
    );

    let third = program.run_on(&mut thread, resume("Q1"));
    assert_eq!(
        tail(&third)[3..],
        [
            "update q {log: [q=Q0/Q1]}",
            "values {x: 0, log: [a q=Q0/Q1 r=R]}",
            "update end {log: [end]}",
            "values {x: 0, log: [a q=Q0/Q1 r=R end]}",
            "finished {x: 0, log: [a q=Q0/Q1 r=R end]}",
        ]
    );
}

#[test]
fn both_questions_can_be_answered_at_once() {
    let program = questions();
    let mut thread = Thread::new();
    program.run_on(&mut thread, program.input(&[]));
    let open = thread.open.clone();
    let lines = program.run_on(&mut thread, by_id(&[(&open[0], "Q0"), (&open[1], "R")]));
    assert_eq!(lines.last().unwrap(), "interrupted {log: [a r=R]} (q1?)");
    let open = thread.open.clone();
    let lines = program.run_on(&mut thread, by_id(&[(&open[0], "Q1")]));
    assert_eq!(lines.last().unwrap(), "finished {log: [a q=Q0/Q1 r=R end]}");
}

/// Upstream stores the single answer with the checkpoint, so going on without input uses it again.
#[test]
fn the_last_single_answer_is_used_again_when_going_on_without_one() {
    let program = Builder::new()
        .node("q", ask("q", 2))
        .edges(&[(START, "q")])
        .compile();
    let mut thread = Thread::new();
    program.run_on(&mut thread, program.input(&[]));
    program.run_on(&mut thread, resume("Q0"));
    let lines = program.run_on(&mut thread, Start::Continue);
    assert_eq!(lines.last().unwrap(), "finished {log: [q=Q0/Q0]}");
}

#[test]
fn a_node_that_fails_after_its_answer_gets_it_again() {
    let tries = std::cell::Cell::new(0);
    let program = Builder::new()
        .loggers(&["a"])
        .node("f", move |s| {
            tries.set(tries.get() + 1);
            let answer = s.interrupt("f?")?;
            if tries.get() < 3 {
                return Err(raise("ValueError: bad"));
            }
            Ok(s.out(&[("log", list(&format!("f={answer}")))]))
        })
        .edges(&[(START, "a"), (START, "f")])
        .compile();
    let mut thread = Thread::new();
    program.run_on(&mut thread, program.input(&[]));
    let failed = program.run_on(&mut thread, resume("R"));
    assert_eq!(
        failed[3..],
        [
            "update a {log: [a]} cached",
            "update f None",
            "result f {} raised ValueError: bad",
            "failed ValueError: bad",
        ]
    );
    let lines = program.run_on(&mut thread, Start::Continue);
    assert_eq!(lines.last().unwrap(), "finished {log: [a f=R]}");
}

#[test]
fn a_router_may_ask() {
    let program = Builder::new()
        .loggers(&["a", "b"])
        .branch("a", |s| to(&[&s.interrupt("where?")?.to_string()]))
        .edges(&[(START, "a")])
        .compile();
    let mut thread = Thread::new();
    let lines = program.run_on(&mut thread, program.input(&[("x", Value::Int(0))]));
    assert_eq!(
        lines[2..],
        [
            "interrupt (where?)",
            "values {x: 0, log: []} asked (where?)",
            "result a {} asked (where?)",
            "values {x: 0, log: [a]}",
            "interrupted {x: 0, log: [a]} (where?)",
        ]
    );
    let lines = program.run_on(&mut thread, resume("b"));
    assert_eq!(lines[2], "update a {log: [a]}", "the node runs again");
    assert_eq!(lines.last().unwrap(), "finished {x: 0, log: [a b]}");
}

#[test]
fn breakpoints_stop_before_and_after_and_are_passed_when_going_on() {
    let program = Builder::new()
        .loggers(&["a", "b"])
        .edges(&[(START, "a"), ("a", "b")])
        .compile();
    let stop = |before: Option<&str>, after: Option<&str>| {
        let mut thread = Thread::new();
        thread.config.interrupt_before = Breakpoints::at(&program.graph, before).unwrap();
        thread.config.interrupt_after = Breakpoints::at(&program.graph, after).unwrap();
        thread
    };
    for mut thread in [stop(Some("b"), None), stop(None, Some("a"))] {
        let lines = program.run_on(&mut thread, program.input(&[("x", Value::Int(0))]));
        assert_eq!(
            lines[3..],
            [
                "result a {log: [a]}",
                "values {x: 0, log: [a]}",
                "interrupt ()",
                "interrupted {x: 0, log: [a]} ()",
            ]
        );
        let lines = program.run_on(&mut thread, Start::Continue);
        assert_eq!(
            lines,
            [
                "values {x: 0, log: [a]}",
                "task b {x: 0, log: [a]} by branch:to:b",
                "update b {log: [b]}",
                "result b {log: [b]}",
                "values {x: 0, log: [a b]}",
                "finished {x: 0, log: [a b]}",
            ]
        );
    }
    assert!(Breakpoints::at(&program.graph, ["nope"]).is_err());
}

#[test]
fn a_goto_at_a_breakpoint_adds_its_node_to_those_planned() {
    let program = Builder::new()
        .loggers(&["a", "b"])
        .edges(&[(START, "a"), ("a", "b")])
        .compile();
    let mut thread = Thread::new();
    thread.config.interrupt_before = Breakpoints::All;
    let lines = program.run_on(&mut thread, program.input(&[("x", Value::Int(0))]));
    assert_eq!(
        lines[1..],
        ["interrupt ()", "interrupted {x: 0, log: []} ()"]
    );
    program.run_on(&mut thread, Start::Continue);
    let lines = program.run_on(&mut thread, Start::Command(Command::goto("a")));
    assert_eq!(
        tail(&lines),
        [
            "values {x: 0, log: [a]}",
            "update a {log: [a]}",
            "update b {log: [b]}",
            "values {x: 0, log: [a a b]}",
            "interrupt ()",
            "interrupted {x: 0, log: [a a b]} ()",
        ]
    );
}

#[test]
fn a_command_on_a_finished_thread_updates_it_once() {
    let program = Builder::new()
        .loggers(&["a"])
        .edges(&[(START, "a")])
        .compile();
    let mut thread = Thread::new();
    program.run_on(&mut thread, program.input(&[("x", Value::Int(0))]));
    let log = program.graph.channel_id("log").unwrap();
    let update = Command {
        resume: None,
        output: vec![(log, list("u"))].into(),
    };
    let lines = program.run_on(&mut thread, Start::Command(update));
    assert_eq!(
        lines,
        ["values {x: 0, log: [a u]}", "finished {x: 0, log: [a u]}"]
    );
    let lines = program.run_on(&mut thread, program.input(&[("x", Value::Int(7))]));
    assert_eq!(lines[0], "values {x: 7, log: [a u]}");
    assert_eq!(lines.last().unwrap(), "finished {x: 7, log: [a u a]}");
}

/// Upstream applies such a command before the run and then gives it to the start node as well.
#[test]
fn a_command_on_a_new_thread_is_applied_twice() {
    let program = Builder::new()
        .loggers(&["a"])
        .edges(&[(START, "a")])
        .compile();
    let log = program.graph.channel_id("log").unwrap();
    let mut command = Command::goto("a");
    command.output.updates = vec![(log, list("u"))];
    assert_eq!(
        program.run(Start::Command(command)),
        [
            "values {log: [u u]}",
            "task a {log: [u u]} by branch:to:a",
            "update a {log: [a]}",
            "result a {log: [a]}",
            "values {log: [u u a]}",
            "finished {log: [u u a]}",
        ]
    );
}

#[test]
fn new_input_drops_what_was_open() {
    let program = questions();
    let mut thread = Thread::new();
    program.run_on(&mut thread, program.input(&[("x", Value::Int(0))]));
    let lines = program.run_on(&mut thread, program.input(&[("x", Value::Int(7))]));
    assert_eq!(
        lines.last().unwrap(),
        "interrupted {x: 7, log: [a]} (q0?, r0?)"
    );
}

#[test]
fn a_nested_run_leaves_the_interrupt_to_the_outer_one() {
    let program = Builder::new()
        .loggers(&["a"])
        .node("q", ask("q", 1))
        .edges(&[(START, "a"), (START, "q")])
        .compile();
    let answered = |parent| {
        let interest = Interest {
            values: true,
            updates: true,
            ..Interest::default()
        };
        let config = Config {
            interest,
            nested: true,
            parent,
            ..Config::new(9)
        };
        program.run_with(program.input(&[]), None, config).0
    };
    assert_eq!(
        answered(None)[..],
        [
            "update a {log: [a]}",
            "interrupt (q0?)",
            "values {log: []} asked (q0?)",
            "interrupted {log: []} (q0?)",
        ]
    );
    let lines = answered(Some(NullResume::new(Some(Value::Int(4)))));
    assert_eq!(lines.last().unwrap(), "finished {log: [a q=4]}");
}

#[test]
fn a_nested_run_takes_the_outer_runs_answers_by_id() {
    let program = Builder::new()
        .node("q", ask("q", 1))
        .edges(&[(START, "q")])
        .compile();
    let mut thread = Thread::new();
    thread.config.nested = true;
    program.run_on(&mut thread, program.input(&[]));
    thread
        .config
        .answers
        .insert(thread.open[0].clone(), Value::Int(3));
    let lines = program.run_on(&mut thread, Start::Continue);
    assert_eq!(lines.last().unwrap(), "finished {log: [q=3]}");
}

#[test]
fn an_interrupt_of_a_nested_run_keeps_its_id() {
    let program = Builder::new()
        .node("q", |_| {
            let asked = NewInterrupt {
                value: Value::Int(1),
                id: Some("inner".to_owned()),
            };
            Err(Failure::Interrupt(vec![asked]))
        })
        .edges(&[(START, "q")])
        .compile();
    let mut thread = Thread::new();
    program.run_on(&mut thread, program.input(&[]));
    assert_eq!(thread.open, ["inner"]);
}
