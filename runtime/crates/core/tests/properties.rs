//! Graphs, orders of finishing and ends drawn at random: neither order nor an end changes what comes out.
//!
//! What has failed once is printed, kept in a file and tried first from then on.
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

mod common;

use std::sync::Arc;

use common::described::{build, start};
use common::performed::How;
use common::*;
use langferry_core::*;
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use proptest::test_runner::FileFailurePersistence;

/// A graph in the language of `common::described`, and what its thread is given.
#[derive(Clone, Debug)]
struct Case {
    graph: Vec<String>,
    runs: Vec<String>,
}

const REGRESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/properties.regressions");

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn one_of(names: &[&'static str]) -> impl Strategy<Value = &'static str> + use<> {
    proptest::sample::select(names.to_vec())
}

/// Destinations: one or two nodes, or packets for them.
fn targets(names: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    let target = (one_of(names), prop::bool::weighted(0.3));
    let text = |(name, sent): (&str, bool)| format!("{}{name}", if sent { ">" } else { "" });
    prop::collection::vec(target.prop_map(text), 1..3).prop_map(|targets| targets.join(","))
}

/// A node and what leads on from it: edges go to later nodes only, routers and commands back until the
/// log is long enough.
fn node(names: &'static [&'static str], at: usize) -> impl Strategy<Value = Vec<String>> {
    let name = names[at];
    let traits = prop_oneof![
        4 => Just(String::new()),
        1 => Just(" ask=1".to_owned()),
        1 => Just(" ask=2".to_owned()),
        1 => Just(" none".to_owned()),
        1 => Just(" twice".to_owned()),
        1 => Just(" x".to_owned()),
        1 => (0..6).prop_map(|size| format!(" raise={size}")),
        1 => (1..7, targets(names)).prop_map(|(limit, to)| format!(" goto={limit}:{to}")),
    ];
    let deferred = prop::bool::weighted(0.15);
    let later = &names[at + 1..];
    let edges = subsequence(later.to_vec(), 0..=later.len().min(2));
    let route = prop::option::weighted(0.35, (1..7, prop::collection::vec(targets(names), 1..3)));
    (traits, deferred, edges, route).prop_map(move |(traits, deferred, edges, route)| {
        let defer = if deferred { " defer" } else { "" };
        let mut lines = vec![format!("node {name}{traits}{defer}")];
        lines.extend(edges.into_iter().map(|to| format!("edge {name} {to}")));
        let text = |(limit, choices): (i32, Vec<String>)| format!("{limit}:{}", choices.join("|"));
        lines.extend(route.map(|route| format!("route {name} {}", text(route))));
        lines
    })
}

fn graph(breakpoints: bool) -> impl Strategy<Value = Vec<String>> {
    (2..=NAMES.len()).prop_flat_map(move |count| {
        let names: &'static [&'static str] = &NAMES[..count];
        let nodes: Vec<_> = (0..count).map(|at| node(names, at).boxed()).collect();
        let starts = subsequence(names.to_vec(), 1..=2);
        let join = prop::option::weighted(0.4, subsequence(names.to_vec(), 2));
        let stop = || prop::option::weighted(0.2, one_of(names));
        (nodes, starts, join, stop(), stop()).prop_map(
            move |(nodes, starts, join, before, after)| {
                let mut lines: Vec<String> = nodes.into_iter().flatten().collect();
                let start = |to: &&str| format!("edge {START} {to}");
                lines.extend(starts.iter().map(start));
                if let Some(from) = join {
                    lines.push("node joined".to_owned());
                    lines.push(format!("join {} joined", from.join("+")));
                }
                if breakpoints {
                    lines.extend(before.map(|name| format!("before {name}")));
                    lines.extend(after.map(|name| format!("after {name}")));
                }
                lines.push("limit 15".to_owned());
                lines
            },
        )
    })
}

fn case(breakpoints: bool) -> impl Strategy<Value = Case> {
    let later = prop_oneof![
        3 => "answer [pqr]",
        1 => Just("continue".to_owned()),
        1 => Just("update u".to_owned()),
        1 => one_of(&NAMES[..2]).prop_map(|name| format!("goto {name}")),
    ];
    (graph(breakpoints), prop::collection::vec(later, 0..4)).prop_map(|(graph, later)| {
        let mut runs = vec!["input 1".to_owned()];
        runs.extend(later);
        Case { graph, runs }
    })
}

/// In which order calls are performed, and how.
#[derive(Clone, Copy)]
struct Schedule<'a> {
    choices: &'a [Index],
    /// The engine is told of each result at once, not of all of a batch.
    at_once: bool,
    /// After how many results the process ends.
    ends_after: Option<usize>,
}

const IN_ORDER: Schedule<'static> = Schedule {
    choices: &[],
    at_once: false,
    ends_after: None,
};

/// How far a run has come.
struct Came {
    lines: Vec<String>,
    /// How it ended; `None` if the process did before.
    outcome: Option<String>,
    thread: Thread,
}

fn run(program: &Program, mut thread: Thread, start: Start<Value>, how: Schedule<'_>) -> Came {
    let checkpoint = thread.checkpoint.clone();
    let graph = Arc::clone(&program.graph);
    let mut run = Run::new(graph, start, checkpoint, thread.config.clone());
    let (mut lines, mut calls, mut results) = (Vec::new(), Vec::new(), 0);
    let outcome = loop {
        let step = run.next(&mut Adder);
        for event in step.events {
            match event {
                Event::Checkpoint(checkpoint) => thread.checkpoint = Some(*checkpoint),
                event => lines.push(program.event(&event)),
            }
        }
        calls.extend(step.calls);
        if step.outcome.is_some() || how.ends_after.is_some_and(|after| results >= after) {
            break step.outcome;
        }
        assert!(!calls.is_empty(), "the run waits for nothing");
        while !calls.is_empty() {
            let chosen = how.choices.get(results % how.choices.len().max(1));
            let at = chosen.map_or(0, |chosen| chosen.index(calls.len()));
            program.perform(&mut run, calls.remove(at));
            results += 1;
            if how.at_once || how.ends_after == Some(results) {
                break;
            }
        }
    };
    if let Some(checkpoint) = &mut thread.checkpoint {
        checkpoint.pending = run.pending_writes();
    }
    thread.open = match &outcome {
        Some(Outcome::Interrupted { interrupts, .. }) => {
            interrupts.iter().map(|asked| asked.id.clone()).collect()
        }
        _ => Vec::new(),
    };
    let outcome = outcome.map(|outcome| program.outcome(&outcome));
    Came {
        lines,
        outcome,
        thread,
    }
}

/// All a checkpoint says that a later run builds on, but for what was there when one last went on.
fn kept(thread: &Thread) -> String {
    let checkpoint = thread.checkpoint.as_ref().unwrap();
    let Checkpoint {
        step,
        source,
        values,
        versions,
        versions_seen,
        updated,
        pending,
        ..
    } = checkpoint;
    let mut pending: Vec<String> = pending.iter().map(|kept| format!("{kept:?}")).collect();
    pending.sort();
    format!("{step} {source:?} {values:?} {versions:?} {versions_seen:?} {updated:?} {pending:?}")
}

fn twin(thread: &Thread) -> Thread {
    Thread {
        checkpoint: thread.checkpoint.clone(),
        config: thread.config.clone(),
        open: thread.open.clone(),
    }
}

fn built(case: &Case) -> (Program, Thread) {
    let lines: Vec<&str> = case.graph.iter().map(String::as_str).collect();
    build(&lines)
}

/// Answers are for one question: which task gets one that is for any depends on which asks first.
fn begun(program: &Program, thread: &Thread, given: &str) -> Start<Value> {
    match given.strip_prefix("answer ") {
        Some(_) if thread.open.is_empty() => Start::Continue,
        Some(answer) => start(program, thread, &format!("byid 0 {answer}")),
        None => start(program, thread, given),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(REGRESSIONS))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_order_of_results_gives_the_same(
        case in case(true),
        choices in prop::collection::vec(any::<Index>(), 1..20),
        at_once in any::<bool>(),
    ) {
        let (program, mut thread) = built(&case);
        for given in &case.runs {
            let expected = run(&program, twin(&thread), begun(&program, &thread, given), IN_ORDER);
            let failed = expected.outcome.as_ref().is_some_and(|how| how.starts_with("failed"));
            // how much a run that fails still takes in depends on when the engine is told
            let how = Schedule { choices: &choices, at_once: at_once && !failed, ends_after: None };
            let came = run(&program, twin(&thread), begun(&program, &thread, given), how);
            prop_assert_eq!(&came.lines, &expected.lines);
            prop_assert_eq!(&came.outcome, &expected.outcome);
            prop_assert_eq!(kept(&came.thread), kept(&expected.thread));
            thread = expected.thread;
        }
    }

    #[test]
    fn calls_performed_as_they_come_up_give_the_same(
        case in case(false),
        waits in prop::collection::vec(prop::bool::weighted(0.2), 1..20),
    ) {
        let (program, thread) = built(&case);
        let start = || begun(&program, &thread, &case.runs[0]);
        let config = Config {
            simple: true,
            interest: Interest::default(),
            ..thread.config.clone()
        };
        let outcome = |how| program.unwatched(config.clone(), start(), how).last().cloned();
        prop_assert_eq!(outcome(How::Performed(&waits)), outcome(How::HandedOut));
    }

    #[test]
    fn a_thread_that_ends_anywhere_goes_on_to_the_same_end(
        case in case(false),
        choices in prop::collection::vec(any::<Index>(), 1..20),
    ) {
        let (program, mut thread) = built(&case);
        for given in &case.runs {
            let expected = run(&program, twin(&thread), begun(&program, &thread, given), IN_ORDER);
            let how = expected.outcome.as_ref().unwrap();
            // a new run may take as many steps again
            prop_assume!(!how.contains("GraphRecursionError"));
            for ends_after in 1.. {
                let how = Schedule { choices: &choices, at_once: false, ends_after: Some(ends_after) };
                let came = run(&program, twin(&thread), begun(&program, &thread, given), how);
                if came.outcome.is_some() {
                    break;
                }
                let mut resumed = run(&program, came.thread, Start::Continue, IN_ORDER);
                if resumed.outcome != expected.outcome && given.starts_with("answer") {
                    // no task that has ended took the answer with it: the question is still open
                    prop_assert!(!resumed.thread.open.is_empty());
                    let again = begun(&program, &resumed.thread, given);
                    resumed = run(&program, resumed.thread, again, IN_ORDER);
                }
                prop_assert_eq!(&resumed.outcome, &expected.outcome, "after {}", ends_after);
                prop_assert_eq!(kept(&resumed.thread), kept(&expected.thread), "after {}", ends_after);
            }
            thread = expected.thread;
        }
    }
}
