//! Running a graph on the cases of recorded traces and comparing event by event.

use std::fs;
use std::path::Path;

use langferry::{Case, CompiledGraph, Json};
use serde_json::json;

/// Runs every case recorded in `tests/recorded/<program>` and expects LangGraph's events.
pub fn expect_recorded(
    program: &str,
    config: impl Fn(usize) -> Json,
    graph: impl Fn() -> CompiledGraph,
) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/recorded")
        .join(program);
    let count = fs::read_dir(&folder).unwrap().count();
    assert!(count > 0, "no traces in {}", folder.display());
    for position in 0..count {
        let text = fs::read_to_string(folder.join(format!("{position}.jsonl"))).unwrap();
        let expected: Vec<Json> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let case = case_of(&expected, config(position));
        let recorded = record(&graph(), &case);
        for (number, (expected, recorded)) in expected.iter().zip(&recorded).enumerate().skip(1) {
            assert_eq!(
                expected.to_string(),
                recorded.to_string(),
                "{program}, case {position}, event {number}"
            );
        }
        assert_eq!(expected.len(), recorded.len(), "{program}, case {position}");
    }
}

/// The events of a case.
pub fn record(graph: &CompiledGraph, case: &Case) -> Vec<Json> {
    let mut events = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let recorded = runtime.block_on(graph.record(case, |event| {
        events.push(serde_json::to_value(&event).unwrap());
    }));
    recorded.unwrap();
    events
}

fn case_of(events: &[Json], config: Json) -> Case {
    let starts = events.iter().filter(|event| event["event"] == "run_start");
    let runs: Vec<Json> = starts
        .map(|start| json!({ start["kind"].as_str().unwrap(): start["value"] }))
        .collect();
    let case = json!({
        "program": events[0]["program"],
        "case": events[0]["case"],
        "seed": null,
        "config": config,
        "runs": runs,
    });
    serde_json::from_value(case).unwrap()
}
