//! Nodes, routers and reducers that stay Python, in an embedded interpreter.
#![cfg(feature = "bridge")]
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use langferry::bridge::{Function, Module, Program as Python};
use langferry::prelude::*;
use langferry::{CompiledGraph, Json, StreamMode};
use serde_json::json;

static SOURCE: Python = Python::new(&[Module {
    name: "program",
    file: "program.py",
    is_package: false,
    source: r#"
import concurrent.futures
import contextvars
import dataclasses
import datetime
import enum
import random

from langgraph.types import Command, Send, interrupt


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass(frozen=True)
class Point:
    x: int
    y: float = 0.5


class NotFound(LookupError):
    pass


def echo(state):
    return {"any": state["any"], "not a channel": object}


def everything(state):
    return {"any": [
        None, True, 2**70, -5, 1.5, float("nan"), "é", b"\x00\xff", (1, [2]), {3, 1}, frozenset(["a"]),
        {1: "one"}, {"$type": "mine"}, datetime.datetime(2026, 11, 22, 1, 2, 3, 4),
        datetime.date(2026, 1, 2), datetime.time(3, 4), datetime.timedelta(1, 2, 3), Colour.RED, Point(1),
    ]}


def raise_own(state):
    raise NotFound("gone", 3)


class TextAccessor(str):
    __module__ = "langchain_core.messages.base"


def message_text(state):
    return {"any": TextAccessor("hello")}


def found_before_langgraph(state):
    import langgraph.types, pathlib, site, sys
    packages = sys.path.index(str(pathlib.Path(langgraph.types.__file__).parents[1]))
    return {"any": [folder for folder in site.getsitepackages() if folder in sys.path[:packages]]}


def no_encoding(state):
    return {"any": object}


def number(state):
    return 3


def wrong_type(state):
    return {"count": "three"}


def command(state):
    return Command(update=[("count", 2), ("any", "set")], goto=["ask", Send("note", {"any": 7})])


def leave(state):
    return Command(graph=Command.PARENT, update={"count": 5}, goto=Send("note", {"any": "left"}))


def raise_to_leave(state):
    from langgraph.errors import ParentCommand

    raise ParentCommand(Command(graph="", update={"count": 6}, goto="note"))


async def later(state, config):
    return {"any": config["configurable"]["thread_id"]}


def ask(state):
    try:
        # as `ToolNode` runs tools
        with concurrent.futures.ThreadPoolExecutor() as threads:
            own = contextvars.copy_context()
            answer = threads.submit(own.run, interrupt, {"count": state["count"]}).result()
    except ValueError:
        answer = None
    return {"any": answer}


def note(state):
    return {"log": [f"noted {state['any']}"]}


def route(state):
    return ["ask", Send("note", {"any": 1})] if state["count"] else None


def join(a, b):
    return a + ["|"] + b


def write(state, writer):
    from langgraph.config import get_stream_writer

    writer({"count": state["count"]})
    get_stream_writer()((1, "two"))
    return {"count": 0}


def lucky(state):
    return {"any": random.random()}
"#,
}]);

#[derive(Clone, Debug, Default, State)]
struct Program {
    count: Slot<Int>,
    any: Slot<Value>,
    #[state(reducer = join)]
    log: Slot<Vec<String>>,
}

fn join(a: Vec<String>, b: Vec<String>) -> Result<Vec<String>, Exception> {
    static JOIN: Function = Function::new(&SOURCE, "program", "join");
    JOIN.call(&[&a, &b])
}

fn node(name: &'static str) -> impl Fn(&Program, &Context) -> NodeResult {
    let function = Function::new(&SOURCE, "program", name).replaces(&["any"]);
    move |state, context| function.call_node(state, context)
}

fn one_node(name: &'static str) -> CompiledGraph {
    let mut graph = StateGraph::new::<Program>(name);
    graph.add_node(name, node(name)).add_edge(START, name);
    graph.compile().unwrap()
}

fn run(name: &'static str, input: Json) -> Result<Json, Exception> {
    let output = one_node(name).invoke_blocking(Input::Encoded(input), &RunConfig::thread("7"))?;
    Ok(output.encoded()["any"].clone())
}

#[test]
fn every_kind_of_value_crosses_the_border_both_ways() {
    let made = run("everything", json!({})).unwrap();
    let expected = json!([
        null, true, { "$type": "int", "value": "1180591620717411303424" }, -5, 1.5,
        { "$type": "float", "value": "nan" }, "é", { "$type": "bytes", "value": "AP8=" },
        { "$type": "tuple", "items": [1, [2]] }, { "$type": "set", "items": [1, 3] },
        { "$type": "frozenset", "items": ["a"] }, { "$type": "dict", "items": [[1, "one"]] },
        { "$type": "dict", "items": [["$type", "mine"]] },
        { "$type": "datetime", "value": "2026-11-22T01:02:03.000004" },
        { "$type": "date", "value": "2026-01-02" }, { "$type": "time", "value": "03:04:00" },
        { "$type": "timedelta", "days": 1, "seconds": 2, "microseconds": 3 },
        { "$type": "enum", "class": "program.Colour", "name": "RED" },
        { "$type": "object", "class": "program.Point", "fields": { "x": 1, "y": 0.5 } },
    ]);
    assert_eq!(made, expected);
    assert_eq!(run("echo", json!({ "any": made })).unwrap(), expected);
}

#[test]
fn exceptions_keep_their_class_bases_and_message() {
    let error = run("raise_own", json!({})).unwrap_err();
    assert_eq!(
        (error.class(), error.message()),
        ("NotFound", "('gone', 3)")
    );
    assert!(error.is("LookupError") && error.is("Exception") && !error.is("KeyError"));
    let error = run("echo", json!({})).unwrap_err();
    assert_eq!((error.class(), error.message()), ("KeyError", "'any'"));
}

#[test]
fn the_text_of_a_message_is_a_str() {
    assert_eq!(run("message_text", json!({})).unwrap(), json!("hello"));
}

#[test]
fn packages_of_the_installation_do_not_hide_those_of_the_environment() {
    let found = run("found_before_langgraph", json!({})).unwrap();
    assert_eq!(found, json!([]));
}

#[test]
fn a_result_that_is_no_update_is_refused_as_langgraph_does() {
    let error = run("number", json!({})).unwrap_err();
    assert_eq!(error.class(), "InvalidUpdateError");
    assert!(
        error.message().starts_with("Expected dict, got 3"),
        "{error}"
    );
    let error = run("no_encoding", json!({})).unwrap_err();
    assert!(error.message().contains("a builtins.type"), "{error}");
    let error = run("wrong_type", json!({})).unwrap_err();
    assert!(
        error.message().contains("count: expected int, got str"),
        "{error}"
    );
}

#[test]
fn an_async_function_sees_its_config() {
    assert_eq!(run("later", json!({})).unwrap(), "7");
}

#[test]
fn commands_sends_routers_reducers_and_interrupts() {
    let mut graph = StateGraph::new::<Program>("program");
    for name in ["command", "ask", "note"] {
        graph.add_node(name, node(name));
    }
    graph.add_edge(START, "command");
    graph.add_conditional_edges(
        "note",
        |state: &Program, context: &Context| {
            static ROUTE: Function = Function::new(&SOURCE, "program", "route");
            ROUTE.call_router(state, context)
        },
        PathMap::from([(Value::None, END), (Value::from("ask"), END)]),
    );
    let graph = graph.checkpointer(MemorySaver::new()).compile().unwrap();
    let config = RunConfig::thread(Int::from(1)).with_recursion_limit(3);
    let paused = graph.invoke_blocking(Program::default(), &config).unwrap();
    assert_eq!(
        paused.interrupts()[0].value.encoded(),
        json!({ "count": 2 })
    );
    let error = graph
        .invoke_blocking(Command::resume(Value::from("yes")), &config)
        .unwrap_err();
    // the router sends `note` again and again
    assert_eq!(error.class(), "GraphRecursionError");
    let log = graph.invoke_blocking(Input::Continue, &config).unwrap_err();
    assert_eq!(log.class(), "GraphRecursionError");
}

#[test]
fn a_command_for_the_graph_around_is_what_the_node_returns_that_is_the_graph() {
    let mut outer = StateGraph::new::<Program>("outer");
    outer
        .add_subgraph("inner", one_node("leave"))
        .add_node("note", node("note"))
        .add_edge(START, "inner");
    let outer = outer.compile().unwrap();
    let config = RunConfig::default();
    let output = outer.invoke_blocking(Program::default(), &config).unwrap();
    let output = output.encoded();
    assert_eq!(
        (&output["count"], &output["log"]),
        (&json!(5), &json!(["|", "noted left"]))
    );

    let alone = one_node("leave").invoke_blocking(Program::default(), &config);
    assert_eq!(alone.unwrap_err().class(), "ParentCommand");
}

#[test]
fn a_command_that_a_graph_within_a_function_raised_is_for_the_functions_node() {
    let mut graph = StateGraph::new::<Program>("program");
    graph
        .add_node("raise", node("raise_to_leave"))
        .add_node("note", node("note"))
        .add_edge(START, "raise");
    let input = Input::Encoded(json!({ "any": "raised" }));
    let output = graph
        .compile()
        .unwrap()
        .invoke_blocking(input, &RunConfig::default());
    let output = output.unwrap().encoded();
    assert_eq!(
        (&output["count"], &output["log"]),
        (&json!(6), &json!(["|", "noted raised"]))
    );
}

#[test]
fn what_a_function_writes_is_shown_to_who_watches() {
    let graph = one_node("write");
    let start = || langferry::Input::Encoded(json!({"count": 3, "any": null}));
    let mut chunks = Vec::new();
    graph
        .stream_blocking(
            start(),
            &RunConfig::default(),
            &[StreamMode::Custom],
            |chunk| chunks.push(chunk.data),
        )
        .unwrap();
    assert_eq!(
        chunks,
        [
            json!({"count": 3}),
            json!({"$type": "tuple", "items": [1, "two"]})
        ]
    );
    // where nobody watches, it is lost
    assert!(run("write", json!({"count": 3})).is_ok());
}

#[test]
fn the_seed_of_a_case_is_pythons_too() {
    let case =
        json!({ "program": "p", "case": "c", "seed": 5, "config": {}, "runs": [{ "input": {} }] });
    let case = serde_json::from_value(case).unwrap();
    let mut last = Json::Null;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let graph = one_node("lucky");
    let recorded = runtime.block_on(graph.record(&case, |event| {
        last = serde_json::to_value(event).unwrap();
    }));
    recorded.unwrap();
    // random.seed(5); random.random()
    assert_eq!(last["output"]["any"], 0.6229016948897019);
}
