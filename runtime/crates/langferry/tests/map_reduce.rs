//! `examples/map_reduce` as a generated crate has it, against LangGraph's own traces.

mod support;

use std::cmp::Ordering;

use langferry::prelude::*;
use langferry::{CompiledGraph, Json};

const STOP_WORDS: [&str; 10] = [
    "the", "a", "an", "and", "of", "to", "in", "is", "it", "that",
];
const CHUNK_SIZE: usize = 12;

fn merge_counts(
    left: Dict<String, Int>,
    right: Dict<String, Int>,
) -> Result<Dict<String, Int>, Exception> {
    let mut merged = left;
    for (word, count) in right.items() {
        let sum = merged.get(word).cloned().unwrap_or(Int::from(0)) + count;
        merged.insert(word.clone(), sum);
    }
    Ok(merged)
}

fn longer(a: String, b: String) -> Result<String, Exception> {
    Ok(if len(&b) > len(&a) { b } else { a })
}

#[derive(Clone, Debug, Default, State)]
struct OverallState {
    documents: Slot<Vec<String>>,
    top: Slot<Int>,
    #[state(reducer = merge_counts)]
    counts: Slot<Dict<String, Int>>,
    #[state(reducer = langferry::operator::add)]
    lengths: Slot<Vec<Int>>,
    #[state(reducer = longer)]
    longest: Slot<String>,
    summary: Slot<String>,
}

#[derive(Clone, Debug, Default, State)]
struct ChunkState {
    document: Slot<Int>,
    words: Slot<Vec<String>>,
}

fn plan(state: &OverallState, _: &Context) -> NodeResult {
    if state.documents()?.is_empty() {
        return Err(Exception::value_error("no documents to summarise"));
    }
    Ok(OverallState::update().lengths(Vec::new()).into())
}

fn split(state: &OverallState, _: &Context) -> RouteResult {
    let mut sends = Vec::new();
    for (number, document) in state.documents()?.iter().enumerate() {
        for words in str_::split(document).chunks(CHUNK_SIZE) {
            let chunk = ChunkState {
                document: Int::from(number).into(),
                words: words.to_vec().into(),
            };
            sends.push(Send::new("count_words", chunk).into());
        }
    }
    Ok(sends)
}

fn count_words(chunk: &ChunkState, _: &Context) -> NodeResult {
    let kept: Vec<String> = chunk
        .words()?
        .iter()
        .map(|word| str_::lower(&str_::strip_chars(word, ".,;:!?\"'()")))
        .filter(|word| !word.is_empty() && !STOP_WORDS.contains(&word.as_str()))
        .collect();
    let mut counts = Dict::new();
    for word in &kept {
        let sum = counts.get(word).cloned().unwrap_or(Int::from(0)) + 1;
        counts.insert(word.clone(), sum);
    }
    let longest = max_by_key_or(kept.iter().cloned(), |word| Ok(len(word)), String::new())?;
    let update = OverallState::update()
        .counts(counts)
        .lengths(vec![len(&kept)])
        .longest(longest);
    Ok(update.into())
}

fn summarise(state: &OverallState, _: &Context) -> NodeResult {
    let mut ranked: Vec<(String, Int)> = state
        .counts()?
        .items()
        .map(|(word, count)| (word.clone(), count.clone()))
        .collect();
    ranked.sort_by(|a, b| {
        (-&a.1, &a.0)
            .partial_cmp(&(-&b.1, &b.0))
            .unwrap_or(Ordering::Equal)
    });
    let top = list::slice(&ranked, ..state.top()?.clone());
    let total = sum(state.lengths()?.iter().cloned())?;
    let mut parts = Vec::new();
    for (word, count) in top {
        let share = format_spec(&ops::true_div(&count, &total)?, ".1%")?;
        parts.push(format!("{word} x{count} ({share})"));
    }
    let summary = format!(
        "{} words in {} chunks: {}; longest {}",
        format_spec(&total, ",")?,
        len(state.lengths()?),
        str_::join(", ", parts),
        repr(state.longest()?)
    );
    Ok(OverallState::update().summary(summary).into())
}

fn graph() -> Result<CompiledGraph, GraphError> {
    let mut graph = StateGraph::new::<OverallState>("map_reduce");
    graph.add_node("plan", plan);
    graph.add_node("count_words", count_words);
    graph.add_node("summarise", summarise);
    graph.add_edge(START, "plan");
    graph.add_conditional_edges("plan", split, PathMap::targets(["count_words"]));
    graph.add_edge("count_words", "summarise");
    graph.add_edge("summarise", END);
    graph.compile()
}

#[test]
fn traces_equal_langgraph() {
    support::expect_recorded("map_reduce", |_| Json::Null, || graph().unwrap());
}
