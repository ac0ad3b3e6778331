//! Threads in an SQLite file. That LangGraph reads the same ones is proven by `migrate validate
//! --kill-and-resume`; this is about one process after the other.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use langferry::prelude::*;
use langferry::{CompiledGraph, Json, cli};

#[derive(Clone, Debug, Default, State)]
struct Talk {
    #[state(reducer = langferry::operator::add)]
    said: Slot<Vec<String>>,
    mood: Slot<Value>,
}

fn greet(_: &Talk, _: &Context) -> NodeResult {
    Ok(Talk::update().said(vec!["hello".to_owned()]).into())
}

fn ask(_: &Talk, context: &Context) -> NodeResult {
    let name = context.interrupt("who?".to_owned())?.to::<String>()?;
    let again = context.interrupt("really?".to_owned())?.to::<String>()?;
    Ok(Talk::update().said(vec![name, again]).into())
}

/// A graph as a new process has it.
fn graph() -> CompiledGraph {
    let mut graph = StateGraph::new::<Talk>("talk");
    graph
        .add_node("greet", greet)
        .add_node("ask", ask)
        .add_edge(START, "greet")
        .add_edge("greet", "ask")
        .compile()
        .unwrap()
}

fn kept(file: &Path) -> CompiledGraph {
    graph().with_checkpointer(StoredSaver::sqlite(file).unwrap())
}

/// A file that is not there yet, in a directory of its own.
fn new_file(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("langferry-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("threads.db");
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(file.with_extension(end));
    }
    file
}

fn said(output: &langferry::Output) -> Vec<String> {
    output.get::<Vec<String>>("said").unwrap().clone()
}

#[test]
fn each_run_goes_on_where_the_last_process_stopped() {
    let file = new_file("runs");
    let config = RunConfig::thread("a");
    let output = kept(&file)
        .invoke_blocking(Talk::default(), &config)
        .unwrap();
    assert_eq!(output.interrupts()[0].value.encoded(), "who?");
    let answer = Command::resume("Ada".to_owned());
    let output = kept(&file).invoke_blocking(answer, &config).unwrap();
    assert_eq!(output.interrupts()[0].value.encoded(), "really?");
    let id = output.interrupts()[0].id.clone();
    let answer = Command::resume_by_id([(id, "yes".to_owned())]);
    let output = kept(&file).invoke_blocking(answer, &config).unwrap();
    assert_eq!(said(&output), ["hello", "Ada", "yes"]);
    // the thread is at its end, and others know nothing of it
    let output = kept(&file)
        .invoke_blocking(Input::Continue, &config)
        .unwrap();
    assert_eq!(said(&output), ["hello", "Ada", "yes"]);
    let other = kept(&file).invoke_blocking(Input::Continue, &RunConfig::thread("b"));
    assert_eq!(other.unwrap_err().class(), "EmptyInputError");
}

/// In a database, unlike in a dict, `1` and `"1"` are the same thread.
#[test]
fn threads_are_known_by_text() {
    let file = new_file("text");
    let begun = kept(&file).invoke_blocking(Talk::default(), &RunConfig::thread("1"));
    assert_eq!(begun.unwrap().interrupts().len(), 1);
    let config = RunConfig::thread(Int::from(1));
    let output = kept(&file)
        .invoke_blocking(Input::Continue, &config)
        .unwrap();
    assert_eq!(output.interrupts()[0].value.encoded(), "who?");
}

#[test]
fn what_cannot_be_stored_is_refused_before_anything_is() {
    let file = new_file("refused");
    let config = RunConfig::thread("a");
    let input = Talk {
        mood: Value::Enum {
            class: "app.Mood".to_owned(),
            name: "GOOD".to_owned(),
        }
        .into(),
        ..Talk::default()
    };
    let error = kept(&file).invoke_blocking(input, &config).unwrap_err();
    assert_eq!(error.class(), "Unsupported");
    assert!(
        error.message().contains("channel_values.__start__.mood"),
        "{}",
        error.message()
    );
    let again = kept(&file).invoke_blocking(Input::Continue, &config);
    assert_eq!(again.unwrap_err().class(), "EmptyInputError");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let file = new_file("none");
    std::fs::write(
        &file,
        "no database, but long enough to be taken for one".repeat(100),
    )
    .unwrap();
    let error = StoredSaver::sqlite(&file).err().unwrap();
    assert_eq!(error.class(), "OperationalError");
}

#[test]
fn the_command_line_keeps_threads() {
    let file = new_file("cli");
    let run = |arguments: &[&str]| {
        let file = file.to_str().unwrap();
        let fixed = ["talk", "run", "--checkpoint-db", file, "--thread", "7"];
        let arguments = fixed.iter().chain(arguments).map(OsString::from);
        let (mut out, mut errors) = (Vec::new(), Vec::new());
        let code = cli::run(Ok(graph()), arguments, &mut out, &mut errors);
        assert_eq!(String::from_utf8(errors).unwrap(), "");
        assert_eq!(code, ExitCode::SUCCESS);
        serde_json::from_slice::<Json>(&out).unwrap()
    };
    assert_eq!(run(&["--input", "{}"])["__interrupt__"][0]["value"], "who?");
    let asked = run(&["--resume", r#""Ada""#]);
    let id = asked["__interrupt__"][0]["id"].as_str().unwrap();
    let done = run(&["--resume", &serde_json::json!({ id: "yes" }).to_string()]);
    assert_eq!(done["said"], serde_json::json!(["hello", "Ada", "yes"]));
}
