//! A run's configuration, as cases and callers give it.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use langferry::prelude::*;
use serde_json::json;

#[test]
fn a_case_gives_limit_and_configurable() {
    let config = json!({ "recursion_limit": 3, "configurable": { "thread_id": "t", "n": 1 } });
    let config = RunConfig::decode(&config).unwrap();
    assert_eq!(config.recursion_limit(), 3);
    assert_eq!(config.get("thread_id"), Some(&Value::from("t")));
    assert_eq!(config.get("n"), Some(&Value::from(Int::from(1))));
    assert_eq!(
        RunConfig::decode(&json!({ "recursion_limit": -1 }))
            .unwrap()
            .recursion_limit(),
        0
    );
}

#[test]
fn nothing_is_the_default() {
    let config = RunConfig::decode(&json!(null)).unwrap();
    assert_eq!(config.recursion_limit(), 10_007);
    assert_eq!(config.get("thread_id"), None);
}

#[test]
fn what_would_be_ignored_is_refused() {
    let refused = |config| RunConfig::decode(&config).unwrap_err().to_string();
    assert_eq!(
        refused(json!({ "tags": [] })),
        "tags: not a key of a run's config"
    );
    assert_eq!(
        refused(json!({ "recursion_limit": "3" })),
        "recursion_limit: expected int, got str"
    );
    assert_eq!(refused(json!([])), "expected dict, got list");
}
