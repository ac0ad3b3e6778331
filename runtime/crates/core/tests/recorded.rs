//! Random small graphs tell the same as LangGraph 1.2.22 did (`recorded/record.py` made `cases.txt`).
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

mod common;

use common::described::{build, start};

/// As the recording has it: warnings are logs, and a failing step's results depend on timing.
fn comparable(mut lines: Vec<String>) -> Vec<String> {
    lines.retain(|line| !line.starts_with("warning"));
    let mut outcome = lines.pop().unwrap();
    if outcome.starts_with("finished") {
        outcome = "finished".to_owned();
    } else if let Some(asked) = outcome.strip_prefix("interrupted") {
        outcome = format!("interrupted {}", &asked[asked.rfind('(').unwrap()..]);
    } else if !outcome.contains("GraphRecursionError") {
        let last = lines.iter().rposition(|line| line.starts_with("task"));
        lines.truncate(last.map_or(0, |last| last + 1));
    }
    lines.push(outcome);
    lines
}

#[test]
fn the_engine_tells_what_langgraph_told() {
    let cases: Vec<&str> = include_str!("recorded/cases.txt")
        .split("case ")
        .skip(1)
        .collect();
    assert!(cases.len() > 100);
    let mut failed = Vec::new();
    for case in &cases {
        let (head, runs) = case.split_once("\nrun ").unwrap();
        let graph: Vec<&str> = head.lines().skip(1).collect();
        let (program, mut thread) = build(&graph);
        for run in runs.split("\nrun ") {
            let mut told = run.lines();
            let start = start(&program, &thread, told.next().unwrap());
            let told: Vec<&str> = told.map(str::trim_start).collect();
            let ours = comparable(program.run_on(&mut thread, start));
            if ours != told {
                let (theirs, ours) = (told.join("\n  "), ours.join("\n  "));
                failed.push(format!(
                    "{case}\nat run {run}\ntheirs:\n  {theirs}\nours:\n  {ours}"
                ));
                break;
            }
        }
    }
    let count = failed.len();
    assert!(
        count == 0,
        "{count} of {} differ; the first:\n{}",
        cases.len(),
        failed[0]
    );
}
