//! What routers and commands may return, against LangGraph's own traces.

mod support;

use langferry::prelude::*;
use langferry::{CompiledGraph, Json};

#[derive(Clone, Debug, Default, State)]
struct Talk {
    mode: Slot<String>,
    #[state(reducer = langferry::operator::add)]
    log: Slot<Vec<String>>,
    #[state(reducer = pair, no_initial)]
    note: Slot<Value>,
}

#[derive(Clone, Debug, Default, State)]
struct Note {
    text: Slot<String>,
}

fn pair(a: Value, b: Value) -> Result<Value, Exception> {
    Ok(Value::from(vec![a, b]))
}

fn start(state: &Talk, _: &Context) -> NodeResult {
    let mode = state.mode()?;
    match mode.as_str() {
        "commands" => {
            let mut three = Update::new();
            three.set("log", vec!["three".to_owned()]);
            let four = Talk::update().log(vec!["four".into()]);
            let x = Note {
                text: "x".to_owned().into(),
            };
            Ok(NodeOutput::from(vec![
                NodeOutput::from(
                    Command::new()
                        .update(Talk::update().log(vec!["one".into()]))
                        .goto("mapped"),
                ),
                Talk::update()
                    .log(vec!["two".into()])
                    .note(Value::from(Int::from(1)))
                    .into(),
                three.into(),
                Command::new()
                    .update(four)
                    .goto(vec![Send::new("note", x)])
                    .into(),
            ]))
        }
        "unknown command" => Ok(Command::new().goto("nowhere").into()),
        _ => Ok(Talk::update()
            .log(vec![mode.clone()])
            .note(Value::None)
            .into()),
    }
}

fn free(state: &Talk, _: &Context) -> RouteResult {
    let send = |text: &str| {
        Target::from(Send::new(
            "note",
            Note {
                text: text.to_owned().into(),
            },
        ))
    };
    let empty = || Dict::<String, Value>::new();
    Ok(match state.mode()?.as_str() {
        "none" => vec![None::<Target>.into()],
        "start" => vec![START.into()],
        "nowhere" => vec!["nowhere".into()],
        "several" => vec!["mapped".into(), send("b"), "mapped".into(), send("a")],
        "by name" => vec!["note".into()],
        "send to the end" => vec![Send::new(END, empty()).into()],
        "send to nowhere" => vec![Send::new("nowhere", empty()).into(), "mapped".into()],
        "commands" => vec![END.into()],
        _ => vec!["mapped".into()],
    })
}

fn mapped(state: &Talk, _: &Context) -> NodeResult {
    Ok(Talk::update()
        .log(vec![format!("mapped {}", state.log()?.len())])
        .into())
}

fn by_length(state: &Talk, _: &Context) -> RouteResult {
    if state.mode()? == "no key" {
        return Ok(vec!["absent".into()]);
    }
    Ok(vec![(state.log()?.len() > 3).into()])
}

fn note(state: &Note, _: &Context) -> NodeResult {
    let text = state.text()?;
    let log = vec![format!("note {text}")];
    Ok(Talk::update()
        .log(log)
        .note(Value::from(text.clone()))
        .into())
}

fn graph() -> Result<CompiledGraph, GraphError> {
    let mut graph = StateGraph::new::<Talk>("routing");
    graph.add_node("start", start);
    graph.add_node("mapped", mapped);
    graph.add_node("note", note);
    graph.add_edge(START, "start");
    graph.add_conditional_edges("start", free, PathMap::any());
    graph.add_conditional_edges(
        "mapped",
        by_length,
        PathMap::from([(true, END), (false, "mapped")]),
    );
    graph.compile()
}

#[test]
fn traces_equal_langgraph() {
    support::expect_recorded("routing", |_| Json::Null, || graph().unwrap());
}
