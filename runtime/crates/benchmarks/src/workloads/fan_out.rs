//! Many tasks in one superstep.

use std::error::Error;

use langferry::CompiledGraph;
use langferry::prelude::*;

use super::unlimited;
use crate::case::Case;

#[derive(Clone, Debug, Default, State)]
pub struct Work {
    items: Slot<Vec<Int>>,
    #[state(reducer = langferry::operator::add)]
    out: Slot<Vec<Int>>,
}

#[derive(Clone, Debug, Default, State)]
struct Item {
    i: Slot<Int>,
}

fn spread(state: &Work, _: &Context) -> RouteResult {
    let item = |i: &Int| {
        Send::new(
            "work",
            Item {
                i: i.clone().into(),
            },
        )
        .into()
    };
    Ok(state.items()?.iter().map(item).collect())
}

fn work(item: &Item, _: &Context) -> NodeResult {
    Ok(Work::update().out(vec![item.i()? * 2]).into())
}

#[allow(clippy::unused_async)] // a node that never waits is what is measured
async fn work_async(item: Item, context: Context) -> NodeResult {
    work(&item, &context)
}

pub fn graph() -> StateGraph {
    let mut graph = StateGraph::new::<Work>("fan out");
    graph.add_node("work", work);
    graph.add_conditional_edges(START, spread, PathMap::targets(["work"]));
    graph.add_edge("work", END);
    graph
}

/// Runs `graph` on `tasks` items.
pub fn fanned(
    graph: CompiledGraph,
    tasks: usize,
    config: impl Fn() -> RunConfig + 'static,
) -> Case {
    let items: Vec<Int> = (0..).take(tasks).map(|i: i64| Int::from(i)).collect();
    Case::new(tasks, "task", move || {
        let (graph, config) = (graph.clone(), config());
        let items = items.clone();
        async move {
            let input = Work {
                items: items.into(),
                out: Vec::new().into(),
            };
            let output = graph.invoke(input, &config).await?;
            let out = output.get::<Vec<Int>>("out");
            Ok(out.is_some_and(|out| {
                out.iter()
                    .zip(0..)
                    .all(|(found, i): (_, i64)| *found == 2 * i)
                    && out.len() == tasks
            }))
        }
    })
}

pub fn send(tasks: usize) -> Result<Case, Box<dyn Error>> {
    Ok(fanned(graph().compile()?, tasks, unlimited))
}

pub fn send_async(tasks: usize) -> Result<Case, Box<dyn Error>> {
    let mut graph = StateGraph::new::<Work>("fan out");
    graph.add_async_node("work", work_async);
    graph.add_conditional_edges(START, spread, PathMap::targets(["work"]));
    graph.add_edge("work", END);
    Ok(fanned(graph.compile()?, tasks, unlimited))
}

#[derive(Clone, Debug, Default, State)]
struct Rounds {
    x: Slot<Int>,
    #[state(reducer = langferry::operator::add)]
    out: Slot<Int>,
}

/// Nodes side by side, wired by edges and joined, five rounds of them.
pub fn fixed(nodes: usize) -> Result<Case, Box<dyn Error>> {
    const ROUNDS: i64 = 5;
    let mut graph = StateGraph::new::<Rounds>("rounds");
    graph.add_node("head", |state: &Rounds, _: &Context| {
        Ok(Rounds::update().x(state.x()? + 1).into())
    });
    graph.add_edge(START, "head");
    let names: Vec<String> = (0..nodes).map(|number| format!("w{number}")).collect();
    for name in &names {
        graph.add_node(name.as_str(), |_: &Rounds, _: &Context| {
            Ok(Rounds::update().out(Int::from(1)).into())
        });
        graph.add_edge("head", name.as_str());
    }
    graph.add_node("join", |_: &Rounds, _: &Context| {
        Ok(Rounds::update().out(Int::from(0)).into())
    });
    graph.add_join(names, "join");
    let router = |state: &Rounds, _: &Context| {
        let next = if *state.x()? >= ROUNDS { END } else { "head" };
        Ok(vec![next.into()])
    };
    graph.add_conditional_edges("join", router, PathMap::any());
    let graph = graph.compile()?;
    let want = i64::try_from(nodes)? * ROUNDS;
    let config = unlimited();
    Ok(Case::new(nodes * 5, "task", move || {
        let (graph, config) = (graph.clone(), config.clone());
        async move {
            let input = Rounds {
                x: Int::from(0).into(),
                out: Int::from(0).into(),
            };
            let output = graph.invoke(input, &config).await?;
            Ok(output.get::<Int>("out") == Some(&Int::from(want)))
        }
    }))
}
