//! What the builder refuses, and when.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use langferry::prelude::*;

#[derive(Clone, Debug, Default, State)]
struct Numbers {
    number: Slot<Int>,
}

#[derive(Clone, Debug, Default, State)]
struct Summed {
    #[state(reducer = langferry::operator::add)]
    number: Slot<Int>,
}

#[derive(Clone, Debug, Default, State)]
struct SummedToo {
    #[state(reducer = langferry::operator::add)]
    number: Slot<Int>,
}

#[derive(Clone, Debug, Default, State)]
struct Maximum {
    #[state(reducer = larger)]
    number: Slot<Int>,
}

fn larger(a: Int, b: Int) -> Result<Int, Exception> {
    Ok(if b > a { b } else { a })
}

fn nothing<S: State>(_: &S, _: &Context) -> NodeResult {
    Ok(NodeOutput::none())
}

fn mistake(graph: &mut StateGraph) -> String {
    graph.compile().unwrap_err().to_string()
}

#[test]
fn one_channel_has_one_reducer() {
    let mut graph = StateGraph::new::<Summed>("g");
    graph
        .add_node("a", nothing::<SummedToo>)
        .add_node("b", nothing::<Numbers>);
    assert!(graph.add_edge(START, "a").compile().is_ok());
    graph.add_node("c", nothing::<Maximum>);
    assert_eq!(
        mistake(&mut graph),
        "Channel 'number' already exists with a different type"
    );
}

#[test]
fn the_first_mistake_is_reported_in_langgraphs_words() {
    let mut graph = StateGraph::new::<Numbers>("g");
    graph
        .add_node("a", nothing::<Numbers>)
        .add_node("a", nothing::<Numbers>)
        .add_edge(END, "a");
    assert_eq!(mistake(&mut graph), "Node `a` already present.");
    let mut graph = StateGraph::new::<Numbers>("g");
    graph
        .add_node(NodeName::new("a").ends(["b"]), nothing::<Numbers>)
        .add_edge(START, "a");
    assert_eq!(mistake(&mut graph), "Found edge ending at unknown node `b`");
    let mut graph = StateGraph::new::<Numbers>("g");
    graph.add_node("a", nothing::<Numbers>).add_edge(START, "a");
    let route = |_: &Numbers, _: &Context| Ok(vec!["a".into()]);
    graph.add_conditional_edges("a", route, PathMap::targets(["z"]));
    assert!(mistake(&mut graph).ends_with("found unknown target 'z'"));
}

#[test]
fn a_subgraph_keeps_no_state_of_its_own() {
    let mut inner = StateGraph::new::<Numbers>("inner");
    inner
        .add_node("a", nothing::<Numbers>)
        .add_edge(START, "a")
        .checkpointer(MemorySaver::new());
    let mut graph = StateGraph::new::<Numbers>("g");
    graph
        .add_subgraph("inner", inner.compile().unwrap())
        .add_edge(START, "inner");
    let message = mistake(&mut graph);
    assert_eq!(
        message,
        "node `inner`: a subgraph with a checkpointer of its own is not supported"
    );
}

#[test]
fn a_node_that_is_sent_its_input_may_see_the_state() {
    let mut graph = StateGraph::new::<Numbers>("g");
    let sent = |_: &Numbers, _: &Context| {
        let three = Numbers {
            number: Int::from(3).into(),
        };
        Ok(vec![Send::new("seeing", three).into()])
    };
    graph
        .add_node("a", nothing::<Numbers>)
        .add_node(
            NodeName::new("seeing").seeing_state(),
            |state: &Numbers, context: &Context| {
                let seen = context.state()?.item("number")?;
                let sum = state.number()?.clone() + seen.to::<Int>().unwrap();
                Ok(Numbers::update().number(sum).into())
            },
        )
        .add_edge(START, "a")
        .add_conditional_edges("a", sent, PathMap::any());
    let output = graph.compile().unwrap();
    let given = Numbers {
        number: Int::from(4).into(),
    };
    let output = output
        .invoke_blocking(given, &RunConfig::default())
        .unwrap();
    assert_eq!(output.encoded().to_string(), r#"{"number":7}"#);
}

#[test]
fn other_nodes_do_not_see_the_state() {
    let mut graph = StateGraph::new::<Numbers>("g");
    graph
        .add_node("a", |_: &Numbers, context: &Context| -> NodeResult {
            context.state().map(|_| NodeOutput::none())
        })
        .add_edge(START, "a");
    let error = graph
        .compile()
        .unwrap()
        .invoke_blocking(Numbers::default(), &RunConfig::default())
        .unwrap_err();
    assert!(error.message().contains("not shown"));
}
