//! Graphs as nodes of other graphs.

use std::error::Error;

use langferry::prelude::*;

use super::counter::{Counter, chain};
use super::unlimited;
use crate::case::Case;

/// A loop whose node is a graph of two nodes.
pub fn looping(calls: usize) -> Result<Case, Box<dyn Error>> {
    let last = Int::from(i64::try_from(2 * calls)?);
    let want = last.clone();
    let mut graph = StateGraph::new::<Counter>("outer");
    graph.add_subgraph("sub", chain(2).compile()?);
    graph.add_edge(START, "sub");
    let router = move |state: &Counter, _: &Context| {
        let next = if *state.x()? >= last { END } else { "sub" };
        Ok(vec![next.into()])
    };
    graph.add_conditional_edges("sub", router, PathMap::any());
    let graph = graph.compile()?;
    let config = unlimited();
    Ok(Case::new(calls, "subgraph call", move || {
        let (graph, config, want) = (graph.clone(), config.clone(), want.clone());
        async move {
            let output = graph.invoke(Counter::at(0), &config).await?;
            Ok(output.get::<Int>("x") == Some(&want))
        }
    }))
}

#[derive(Clone, Debug, Default, State)]
struct Overall {
    subjects: Slot<Vec<String>>,
    #[state(reducer = langferry::operator::add)]
    jokes: Slot<Vec<String>>,
}

#[derive(Clone, Debug, Default, State)]
struct Joke {
    subject: Slot<String>,
    jokes: Slot<Vec<String>>,
}

#[derive(Clone, Debug, Default, State)]
struct Subject {
    subject: Slot<String>,
}

#[derive(Clone, Debug, Default, State)]
struct Jokes {
    jokes: Slot<Vec<String>>,
}

fn edit(state: &Subject, _: &Context) -> NodeResult {
    let subject = format!("{} - hohoho", state.subject()?);
    Ok(Joke::update().subject(subject).into())
}

fn generate(state: &Subject, _: &Context) -> NodeResult {
    let joke = format!("Joke about {}", state.subject()?);
    Ok(Joke::update().jokes(vec![joke]).into())
}

fn bump(state: &Jokes, _: &Context) -> NodeResult {
    let joke = format!("{} a", state.jokes()?[0]);
    Ok(Joke::update().jokes(vec![joke]).into())
}

fn enough(state: &Jokes, _: &Context) -> RouteResult {
    let ready = state.jokes()?[0].ends_with(&" a".repeat(10));
    Ok(vec![if ready { END } else { "bump" }.into()])
}

fn spread(state: &Overall, _: &Context) -> RouteResult {
    let send = |subject: &String| {
        let subject = Subject {
            subject: subject.clone().into(),
        };
        Send::new("generate_joke", subject).into()
    };
    Ok(state.subjects()?.iter().map(send).collect())
}

/// A task per subject, each a graph of twelve supersteps.
pub fn fan_out(tasks: usize) -> Result<Case, Box<dyn Error>> {
    let mut inner = StateGraph::new::<Joke>("joke");
    inner.input_schema::<Subject>().output_schema::<Jokes>();
    inner.add_node("edit", edit);
    inner.add_node("generate", generate);
    inner.add_node("bump", bump);
    inner.add_edge(START, "edit");
    inner.add_edge("edit", "generate");
    inner.add_edge("generate", "bump");
    inner.add_conditional_edges("bump", enough, PathMap::any());
    let mut graph = StateGraph::new::<Overall>("jokes");
    graph.add_subgraph("generate_joke", inner.compile()?);
    graph.add_conditional_edges(START, spread, PathMap::targets(["generate_joke"]));
    graph.add_edge("generate_joke", END);
    let graph = graph.compile()?;
    let subjects: Vec<String> = (0..tasks).map(|i| format!("{i:04}").repeat(250)).collect();
    let config = unlimited();
    Ok(Case::new(tasks * 12, "sub-superstep", move || {
        let (graph, config, subjects) = (graph.clone(), config.clone(), subjects.clone());
        async move {
            let input = Overall {
                subjects: subjects.into(),
                ..Overall::default()
            };
            let output = graph.invoke(input, &config).await?;
            let jokes = output.get::<Vec<String>>("jokes");
            Ok(jokes
                .is_some_and(|jokes| jokes.len() == tasks && jokes[0].ends_with(&" a".repeat(10))))
        }
    }))
}
