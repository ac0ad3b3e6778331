//! The builder refuses what LangGraph refuses, with its words, and names slots as it does.
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

use langferry_core::*;

fn node(name: &str) -> NodeSpec {
    NodeSpec::new(name, Vec::<String>::new())
}

fn graph(nodes: &[&str]) -> StateGraph {
    let mut graph = StateGraph::new();
    graph.add_channel("x", ChannelKind::LastValue).unwrap();
    nodes
        .iter()
        .for_each(|name| graph.add_node(node(name)).unwrap());
    graph
}

fn branch(name: &str, targets: Option<&[&str]>) -> BranchSpec {
    let targets = targets.map(|targets| targets.iter().map(ToString::to_string).collect());
    BranchSpec {
        name: name.to_owned(),
        input: vec!["x".to_owned()],
        targets,
    }
}

#[track_caller]
fn refused<T>(result: Result<T, GraphError>, message: &str) {
    match result {
        Ok(_) => panic!("accepted, expected: {message}"),
        Err(error) => {
            assert_eq!(error.to_string(), message);
            assert_eq!(error.class_name(), "ValueError");
        }
    }
}

#[test]
fn node_names() {
    let mut graph = graph(&["a"]);
    refused(graph.add_node(node("a")), "Node `a` already present.");
    refused(graph.add_node(node(START)), "Node `__start__` is reserved.");
    refused(graph.add_node(node(END)), "Node `__end__` is reserved.");
    for (name, character) in [("a:b", ':'), ("a|b", '|'), ("a:|b", '|')] {
        let message =
            format!("'{character}' is a reserved character and is not allowed in the node names.");
        refused(graph.add_node(node(name)), &message);
    }
    graph.add_node(node("__interrupt__")).unwrap();
    graph.add_edge(START, "a").unwrap();
    refused(graph.compile(), "Node name '__interrupt__' is reserved");
}

#[test]
fn channels() {
    let mut graph = graph(&["a"]);
    let reducer = ChannelKind::Reducer(ReducerId(0));
    graph.add_channel("log", reducer).unwrap();
    graph.add_channel("log", ChannelKind::LastValue).unwrap();
    refused(
        graph.add_channel("x", reducer),
        "Channel 'x' already exists with a different type",
    );
    refused(
        graph.add_channel("__resume__", reducer),
        "Channel name '__resume__' is reserved",
    );
    graph.add_node(NodeSpec::new("b", ["nope"])).unwrap();
    graph.add_edge(START, "a").unwrap();
    refused(
        graph.compile(),
        "Node b reads channel 'nope' not in known channels",
    );
}

#[test]
fn edges() {
    let mut graph = graph(&["a"]);
    refused(graph.add_edge(END, "a"), "END cannot be a start node");
    refused(graph.add_edge("a", START), "START cannot be an end node");
    refused(
        graph.add_join(["a", "nope"], "a"),
        "Need to add_node `nope` first",
    );
    refused(
        graph.add_join(["a"], "nope"),
        "Need to add_node `nope` first",
    );
    refused(graph.add_join([END], "a"), "END cannot be a start node");
    refused(graph.add_join(["a"], START), "START cannot be an end node");
}

#[test]
fn whole_graphs() {
    let compiled = |edges: &[(&str, &str)]| {
        let mut graph = graph(&["a"]);
        edges
            .iter()
            .for_each(|(from, to)| graph.add_edge(*from, *to).unwrap());
        graph.compile()
    };
    refused(
        compiled(&[("a", END)]),
        "Graph must have an entrypoint: add at least one edge from START to another node",
    );
    refused(
        compiled(&[(START, "a"), ("nope", "a")]),
        "Found edge starting at unknown node 'nope'",
    );
    refused(
        compiled(&[(START, "nope")]),
        "Found edge ending at unknown node `nope`",
    );
    assert!(compiled(&[(START, "a"), (START, "a")]).is_ok());
}

#[test]
fn branches() {
    let mut graph = graph(&["a"]);
    graph.add_branch("a", branch("route", None)).unwrap();
    refused(
        graph.add_branch("a", branch("route", None)),
        "Branch with name `route` already exists for node `a`",
    );
    graph
        .add_branch(START, branch("route", Some(&["a", END, "nope"])))
        .unwrap();
    refused(
        graph.compile(),
        "At '__start__' node, 'route' branch found unknown target 'nope'",
    );
}

#[test]
fn commands_may_only_end_at_known_nodes() {
    let mut graph = graph(&[]);
    graph
        .add_node(NodeSpec {
            ends: vec!["nope".to_owned()],
            ..node("a")
        })
        .unwrap();
    graph.add_edge(START, "a").unwrap();
    refused(graph.compile(), "Found edge ending at unknown node `nope`");
}

#[test]
fn slots_have_upstreams_names_and_order() {
    let mut graph = graph(&["b", "a"]);
    graph.add_edge(START, "b").unwrap();
    graph.add_join(["b", "a"], "a").unwrap();
    let graph = graph.compile().unwrap();
    assert_eq!(
        graph.channel_names().collect::<Vec<_>>(),
        [
            "x",
            START,
            "__pregel_tasks",
            "branch:to:b",
            "branch:to:a",
            "join:b+a:a"
        ]
    );
    assert_eq!(graph.node_names().collect::<Vec<_>>(), [START, "b", "a"]);
    let at = |path| TaskRef {
        step: 1,
        index: 0,
        node: graph.node_id("a").unwrap(),
        path,
    };
    assert_eq!(
        graph.trigger_names(&at(TaskPath::Pull)),
        ["branch:to:a", "join:b+a:a"]
    );
    assert_eq!(
        graph.trigger_names(&at(TaskPath::Push(0))),
        ["__pregel_push"]
    );
}
