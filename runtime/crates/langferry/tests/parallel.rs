//! Joins, a deferred node, conflicts and questions, against LangGraph's own traces.

mod support;

use langferry::prelude::*;
use langferry::{CompiledGraph, Json};
use serde_json::json;

#[derive(Clone, Debug, Default, State)]
struct Wide {
    mode: Slot<String>,
    value: Slot<Int>,
    #[state(reducer = langferry::operator::add)]
    log: Slot<Vec<String>>,
    #[state(reducer = langferry::operator::add)]
    total: Slot<Int>,
}

#[derive(Clone, Debug, Default, State)]
struct Narrow {
    mode: Slot<String>,
    private: Slot<String>,
}

#[derive(Clone, Debug, Default, State)]
struct Wanted {
    mode: Slot<String>,
}

fn first(_: &Wide, _: &Context) -> NodeResult {
    let mut update: Update = Wide::update()
        .log(vec!["first".into()])
        .total(1.into())
        .into();
    update.set("unknown", Int::from(1));
    Ok(update.into())
}

fn left(state: &Narrow, _: &Context) -> NodeResult {
    let keys = if state.private.is_set() {
        "['mode', 'private']"
    } else {
        "['mode']"
    };
    let mut update: Update = Wide::update()
        .log(vec![format!("left {keys}")])
        .total(10.into())
        .into();
    update.set("private", "l".to_owned());
    if state.mode()? == "conflict" {
        update.set("value", Int::from(1));
    }
    Ok(update.into())
}

fn right(state: &Wide, context: &Context) -> NodeResult {
    match state.mode()?.as_str() {
        "ask" => {
            let question = Dict::from([("sum".to_owned(), state.total()?.clone())]);
            let answer = str_of(&context.interrupt(question)?);
            let log = vec![format!("right was told {answer}")];
            return Ok(Wide::update().log(log).value(2.into()).into());
        }
        "both" => drop(context.interrupt("right?".to_owned())?),
        _ => {}
    }
    Ok(Wide::update()
        .log(vec!["right".into()])
        .value(2.into())
        .into())
}

fn third(state: &Wide, context: &Context) -> NodeResult {
    if state.mode()? == "both" {
        context.interrupt("third?".to_owned())?;
    }
    Ok(NodeOutput::none())
}

fn joined(state: &Wide, _: &Context) -> NodeResult {
    let log = vec![format!("joined at {}", state.total()?)];
    Ok(Wide::update().log(log).total(100.into()).into())
}

fn last(_: &Wide, _: &Context) -> NodeResult {
    Ok(Wide::update().log(vec!["last".into()]).into())
}

fn graph() -> Result<CompiledGraph, GraphError> {
    let mut graph = StateGraph::new::<Wide>("parallel");
    graph
        .input_schema::<Wanted>()
        .add_node("first", first)
        .add_node("left", left)
        .add_node("right", right)
        .add_node("third", third)
        .add_node("joined", joined)
        .add_node(NodeName::new("last").deferred(), last)
        .add_edge(START, "first")
        .add_edge("first", "right")
        .add_edge("first", "left")
        .add_edge("first", "third")
        .add_edge("first", "last")
        .add_join(["left", "right"], "joined")
        .add_edge("joined", END)
        .add_edge("last", END)
        .checkpointer(MemorySaver::new())
        .compile()
}

#[test]
fn traces_equal_langgraph() {
    let config = |case| match case {
        5 => json!({}),
        6 => json!({ "configurable": { "thread_id": "1" }, "recursion_limit": 2 }),
        7 => json!({ "configurable": { "thread_id": "1" }, "recursion_limit": 0 }),
        _ => json!({ "configurable": { "thread_id": "1" } }),
    };
    support::expect_recorded("parallel", config, || graph().unwrap());
}

#[test]
fn two_questions_are_answered_by_their_ids() {
    let graph = graph().unwrap();
    let config = RunConfig::thread("1");
    let input = Wanted {
        mode: "both".to_owned().into(),
    };
    let paused = graph.invoke_blocking(input, &config).unwrap();
    let asked: Vec<Json> = paused
        .interrupts()
        .iter()
        .map(|interrupt| interrupt.value.encoded())
        .collect();
    assert_eq!(asked, ["right?", "third?"]);
    let answers = paused
        .interrupts()
        .iter()
        .map(|interrupt| (interrupt.id.clone(), Value::from(true)));
    let done = graph
        .invoke_blocking(Command::resume_by_id(answers), &config)
        .unwrap();
    assert_eq!(done.get::<Int>("total"), Some(&Int::from(111)));
}
