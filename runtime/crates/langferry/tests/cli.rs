//! The command line of a generated program.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use std::ffi::OsString;
use std::process::ExitCode;

use langferry::cli;
use langferry::prelude::*;
use langferry::{CompiledGraph, Json};
use serde_json::json;

#[derive(Clone, Debug, Default, State)]
struct Halves {
    n: Slot<Int>,
}

fn halve(state: &Halves, context: &Context) -> NodeResult {
    let n = state.n()?;
    if *n == 1 {
        return Err(Exception::value_error("odd"));
    }
    if *n == 0 {
        context.interrupt("which?".to_owned())?;
    }
    let divisor = context
        .config()
        .get("divisor")
        .cloned()
        .unwrap_or(Value::from(Int::from(2)));
    Ok(Halves::update()
        .n(ops::floor_div(n, &divisor.to::<Int>()?)?)
        .into())
}

fn graph() -> Result<CompiledGraph, GraphError> {
    let mut graph = StateGraph::new::<Halves>("halves");
    graph
        .add_node("halve", halve)
        .add_edge(START, "halve")
        .compile()
}

fn run(arguments: &[&str]) -> (ExitCode, String, String) {
    let arguments = std::iter::once("halves").chain(arguments.iter().copied());
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let code = cli::run(
        graph(),
        arguments.map(OsString::from),
        &mut out,
        &mut errors,
    );
    (
        code,
        String::from_utf8(out).unwrap(),
        String::from_utf8(errors).unwrap(),
    )
}

#[test]
fn run_prints_the_output() {
    assert_eq!(
        run(&["run", "--input", r#"{"n": 8}"#]),
        (ExitCode::SUCCESS, "{\"n\":4}\n".into(), String::new())
    );
    let config = r#"{"configurable": {"divisor": 4}, "recursion_limit": 5}"#;
    assert_eq!(
        run(&["run", "--input", r#"{"n": 8}"#, "--config", config]).1,
        "{\"n\":2}\n"
    );
    let (code, out, _) = run(&["run", "--input", r#"{"n": 0}"#]);
    assert_eq!(code, ExitCode::SUCCESS);
    let shown: Json = serde_json::from_str(&out).unwrap();
    assert_eq!(shown["__interrupt__"][0]["value"], "which?");
}

#[test]
fn what_the_program_raises_is_exit_code_one() {
    let (code, out, errors) = run(&["run", "--input", r#"{"n": 1}"#]);
    assert_eq!(
        (code, out.as_str(), errors.as_str()),
        (ExitCode::from(1), "", "ValueError: odd\n")
    );
}

#[test]
fn mistakes_of_the_caller_are_exit_code_two() {
    for arguments in [
        &["walk"][..],
        &["run"],
        &["run", "--input", "{"],
        &["run", "--input", "@/no/such/file"],
        &[
            "run",
            "--input",
            "{}",
            "--config",
            r#"{"recursion_limit": "x"}"#,
        ],
        &["run", "--input", "{}", "--config", r#"{"tags": []}"#],
        &["trace", "--case", "/no/such/file"],
        &["stream", "--input", "{}", "--mode", "messages"],
    ] {
        let (code, out, errors) = run(arguments);
        assert_eq!(
            (code, out.as_str()),
            (ExitCode::from(2), ""),
            "{arguments:?}: {errors}"
        );
        assert!(
            !errors.is_empty() && !errors.contains('\u{1b}'),
            "{arguments:?}: {errors}"
        );
    }
    let error = GraphError::SubgraphSaver { node: "x".into() };
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let arguments = ["halves", "run", "--input", "{}"].map(OsString::from);
    assert_eq!(
        cli::run(Err(error), arguments, &mut out, &mut errors),
        ExitCode::from(2)
    );
}

#[test]
fn help_is_no_mistake() {
    let (code, out, errors) = run(&["--help"]);
    assert_eq!((code, errors.as_str()), (ExitCode::SUCCESS, ""));
    assert!(out.contains("Exit codes: 0"), "{out}");
}

#[test]
fn stream_prints_a_line_a_chunk() {
    let (_, out, _) = run(&["stream", "--input", r#"{"n": 8}"#]);
    assert_eq!(out, "{\"halve\":{\"n\":4}}\n");
    let (_, out, _) = run(&[
        "stream",
        "--input",
        r#"{"n": 8}"#,
        "--mode",
        "values,updates",
    ]);
    assert_eq!(
        out,
        "[\"values\",{\"n\":8}]\n[\"updates\",{\"halve\":{\"n\":4}}]\n[\"values\",{\"n\":4}]\n"
    );
}

#[test]
fn trace_writes_a_file_and_goes_on_after_a_failed_run() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (case, trace) = (folder.join("case.json"), folder.join("trace.jsonl"));
    let runs = json!([{ "input": { "n": 1 } }, { "input": { "n": 2 } }]);
    let text = json!({ "program": "p", "case": "c", "seed": null, "config": {}, "runs": runs });
    std::fs::write(&case, text.to_string()).unwrap();
    let (case, path) = (case.to_str().unwrap(), trace.to_str().unwrap());
    let done = run(&["trace", "--case", case, "--out", path]);
    assert_eq!(done, (ExitCode::SUCCESS, String::new(), String::new()));
    let lines = std::fs::read_to_string(trace).unwrap();
    let ends: Vec<Json> = lines
        .lines()
        .map(|line| serde_json::from_str::<Json>(line).unwrap())
        .filter(|event| event["event"] == "run_end")
        .collect();
    assert_eq!(
        ends[0]["error"],
        json!({ "type": "ValueError", "message": "odd" })
    );
    assert_eq!(ends[1]["output"], json!({ "n": 1 }));
}
