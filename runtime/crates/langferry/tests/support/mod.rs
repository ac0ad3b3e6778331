//! Running a graph on the cases of recorded traces and comparing event by event.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

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
    let traces = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let count = traces
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .count();
    assert!(count > 0, "no traces in {}", folder.display());
    for position in 0..count {
        let text = fs::read_to_string(folder.join(format!("{position}.jsonl"))).unwrap();
        let expected: Vec<Json> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let case = case_of(&expected, config(position));
        let recorded: Vec<Json> = record(&graph(), &case).into_iter().map(grouped).collect();
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

/// The event as a reader compares it: LangGraph's stream shows the writes of one channel together.
fn grouped(mut event: Json) -> Json {
    if let Some(writes) = event.get_mut("writes").and_then(Json::as_array_mut) {
        let first = |channel: &Json| writes.iter().position(|write| write[0] == *channel);
        let places: Vec<_> = writes.iter().map(|write| first(&write[0])).collect();
        let mut order: Vec<usize> = (0..writes.len()).collect();
        order.sort_by_key(|&place| places[place]);
        *writes = order
            .into_iter()
            .map(|place| writes[place].clone())
            .collect();
    }
    event
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
