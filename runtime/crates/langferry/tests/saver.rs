//! Threads in a saver.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use langferry::prelude::*;
use langferry::{By, Checkpoint, CompiledGraph, SavedThread, Saver, Shared, Write};

#[derive(Clone, Debug, Default, State)]
struct Count {
    #[state(reducer = langferry::operator::add)]
    count: Slot<Int>,
}

fn graph(saver: impl Saver + 'static) -> CompiledGraph {
    let mut graph = StateGraph::new::<Count>("count");
    graph.add_node("one", |_: &Count, _: &Context| {
        Ok(Count::update().count(1.into()).into())
    });
    graph
        .add_edge(START, "one")
        .checkpointer(saver)
        .compile()
        .unwrap()
}

fn count(graph: &CompiledGraph, thread: Value) -> Int {
    let output = graph
        .invoke_blocking(Count::default(), &RunConfig::thread(thread))
        .unwrap();
    output.get::<Int>("count").unwrap().clone()
}

#[test]
fn threads_are_apart_and_go_on() {
    let graph = graph(MemorySaver::new());
    assert_eq!(count(&graph, "a".into()), 1);
    assert_eq!(count(&graph, "a".into()), 2);
    assert_eq!(count(&graph, "b".into()), 1);
    // as keys of a Python dict, `1` and `"1"` differ
    assert_eq!(count(&graph, "1".into()), 1);
    assert_eq!(count(&graph, Int::from(1).into()), 1);
}

#[test]
fn a_thread_needs_an_id() {
    let graph = graph(MemorySaver::new());
    let error = graph
        .invoke_blocking(Count::default(), &RunConfig::default())
        .unwrap_err();
    assert_eq!(error.class(), "ValueError");
    let config = RunConfig::default().configurable("user", "u");
    let error = graph
        .invoke_blocking(Count::default(), &config)
        .unwrap_err();
    assert_eq!(
        (error.class(), error.message()),
        ("KeyError", "'thread_id'")
    );
}

#[test]
fn the_last_checkpoint_of_a_run_without_steps_is_kept() {
    let mut graph = StateGraph::new::<Count>("count");
    graph.add_node("one", |_: &Count, _: &Context| Ok(NodeOutput::none()));
    let end = |_: &Count, _: &Context| Ok(vec![END.into()]);
    graph.add_conditional_edges(START, end, PathMap::any());
    let graph = graph.checkpointer(MemorySaver::new()).compile().unwrap();
    let config = RunConfig::thread("a");
    for expected in [2, 4] {
        let input = Count {
            count: Int::from(2).into(),
        };
        let output = graph.invoke_blocking(input, &config).unwrap();
        assert_eq!(output.get::<Int>("count"), Some(&Int::from(expected)));
    }
}

struct Full;

impl Saver for Full {
    fn open(&self, _: &CompiledGraph, _: &RunConfig) -> Result<Box<dyn SavedThread>, Exception> {
        Ok(Box::new(Full))
    }
}

impl SavedThread for Full {
    fn load(&mut self) -> Result<Option<Checkpoint<Shared>>, Exception> {
        Ok(None)
    }

    fn put(&mut self, checkpoint: Checkpoint<Shared>) -> Result<(), Exception> {
        let step = checkpoint.step;
        Err(Exception::new(
            "OSError",
            format!("no room for step {step}"),
        ))
    }

    fn put_writes(&mut self, _: By, _: Vec<Write<Shared>>) -> Result<(), Exception> {
        Ok(())
    }
}

#[test]
fn a_saver_that_fails_fails_the_run() {
    let error = graph(Full)
        .invoke_blocking(Count::default(), &RunConfig::thread("a"))
        .unwrap_err();
    assert_eq!(error.message(), "no room for step -1");
}
