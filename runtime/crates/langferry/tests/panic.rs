//! What nodes, routers and reducers throw as panics.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use langferry::CompiledGraph;
use langferry::prelude::*;

#[derive(Clone, Debug, Default, State)]
struct Numbers {
    big: Slot<Int>,
    #[state(reducer = halve)]
    half: Slot<Float>,
}

fn halve(_: Float, update: Float) -> Result<Float, Exception> {
    Ok(&Int::parse("9".repeat(400).as_str())? * &update)
}

fn start(_: &Numbers, _: &Context) -> NodeResult {
    Ok(NodeOutput::none())
}

fn multiply(state: &Numbers, _: &Context) -> NodeResult {
    Ok(Numbers::update().half(state.big()? * 0.5).into())
}

async fn multiply_later(state: Numbers, context: Context) -> NodeResult {
    multiply(&state, &context)
}

fn write(_: &Numbers, _: &Context) -> NodeResult {
    Ok(Numbers::update().half(Float::from(0.5)).into())
}

fn break_down(_: &Numbers, _: &Context) -> NodeResult {
    let items: Vec<u8> = Vec::new();
    let _ = items[1];
    Ok(NodeOutput::none())
}

fn route(state: &Numbers, _: &Context) -> RouteResult {
    Ok(vec![(state.big()? * 0.5 > 1.0).into()])
}

fn graph(build: impl FnOnce(&mut StateGraph)) -> CompiledGraph {
    let mut graph = StateGraph::new::<Numbers>("numbers");
    build(&mut graph);
    graph.add_edge(START, "node");
    graph.compile().unwrap()
}

fn raised(graph: &CompiledGraph) -> Exception {
    let input = Numbers {
        big: Int::parse("9".repeat(400).as_str()).unwrap().into(),
        ..Numbers::default()
    };
    graph
        .invoke_blocking(input, &RunConfig::default())
        .unwrap_err()
}

#[test]
fn an_exception_thrown_by_an_operator_is_raised() {
    let graphs = [
        graph(|graph| {
            graph.add_node("node", multiply);
        }),
        graph(|graph| {
            graph.add_async_node("node", multiply_later);
        }),
        graph(|graph| {
            graph.add_node("node", write);
        }),
        graph(|graph| {
            graph
                .add_node("node", start)
                .add_conditional_edges("node", route, PathMap::any());
        }),
    ];
    for graph in graphs {
        let error = raised(&graph);
        assert_eq!(error.class(), "OverflowError");
        assert_eq!(error.message(), "int too large to convert to float");
    }
}

#[test]
fn any_other_panic_is_a_panic_of_the_node() {
    let error = raised(&graph(|graph| {
        graph.add_node("node", break_down);
    }));
    assert_eq!(error.class(), "Panic");
    assert!(
        error
            .message()
            .starts_with("`node` panicked: index out of bounds"),
        "{error}"
    );
    assert!(!error.is("Exception"));
}
