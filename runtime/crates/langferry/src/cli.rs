//! The command line of a generated program: run, stream, trace and serve its graph.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal as _, Read as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use langferry_pystd::Exception;
use serde::Serialize;

use crate::Json;
use crate::command::Command as RunCommand;
use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::driver::block_on;
use crate::error::GraphError;
use crate::input::Input;
#[cfg(feature = "sqlite")]
use crate::saver::StoredSaver;
use crate::stream::{StreamMode, encode_interrupts};
use crate::trace::Case;

/// Runs the graph of this program.
#[derive(Parser)]
#[command(
    arg_required_else_help = true,
    after_help = "Exit codes: 0 done or waiting for an answer, 1 the program raised, 2 it could not be run."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the graph and print its output as JSON
    Run(Start),
    /// Run the graph and print what happens, one JSON line a chunk
    Stream {
        #[command(flatten)]
        start: Start,
        /// What to print; may be given more than once
        #[arg(long, value_enum, default_values = ["updates"], value_delimiter = ',')]
        mode: Vec<StreamMode>,
    },
    /// Run a case and write its trace as JSON lines
    Trace {
        /// The case: a JSON file with program, case, config and runs
        #[arg(long, value_name = "FILE")]
        case: PathBuf,
        /// Where to write the trace [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        keep: Keep,
    },
    /// Answer HTTP requests as LangGraph's server does; WITHOUT AUTHENTICATION: whoever reaches the port may run
    /// the graph and read all threads
    ///
    /// `langgraph_sdk` and `RemoteGraph` are clients for it. Of two runs of one thread, the later one waits for
    /// the earlier one, as with the multitask_strategy "enqueue"; one that asks for "reject" is refused with
    /// status 409. Ctrl-C and SIGTERM end the server once the supersteps that run have ended, after 10 seconds
    /// at the latest. What else it has of LangGraph's API, and what not: docs/serve.md of langferry.
    #[cfg(feature = "serve")]
    Serve {
        /// The address to listen at; others than this machine's own make it public
        #[arg(long, default_value = "127.0.0.1")]
        host: String,
        /// The port to listen at; 0 for any that is free
        #[arg(long, default_value_t = 2024)]
        port: u16,
        #[command(flatten)]
        keep: Keep,
    },
}

#[derive(clap::Args)]
struct Start {
    /// The input: JSON, @FILE to read it from a file, or - for standard input; null to go on with a thread
    #[arg(
        long,
        value_name = "JSON",
        required_unless_present = "resume",
        conflicts_with = "resume"
    )]
    input: Option<String>,
    /// The answer to what the thread stopped at, in the same ways; with several open questions a dict by
    /// their ids
    #[arg(long, value_name = "JSON")]
    resume: Option<String>,
    /// The run's config, in the same ways: {"recursion_limit": …, "configurable": {…}}
    #[arg(long, value_name = "JSON")]
    config: Option<String>,
    /// The thread to begin or to go on with, in place of the config's "thread_id"
    #[arg(long, value_name = "ID")]
    thread: Option<String>,
    #[command(flatten)]
    keep: Keep,
}

/// Where threads are kept, other than where the program says.
#[derive(clap::Args)]
struct Keep {
    /// Keep threads in this SQLite file, in LangGraph's format: its SqliteSaver goes on with them
    #[cfg(feature = "sqlite")]
    #[arg(long, value_name = "FILE")]
    checkpoint_db: Option<PathBuf>,
    /// End the process as a crash would once so many things have been stored
    #[cfg(feature = "sqlite")]
    #[arg(long, value_name = "N", hide = true, requires = "checkpoint_db")]
    dies_after: Option<u64>,
}

/// Why a command did not succeed.
enum Failure {
    /// The program raised: exit code 1.
    Raised(Exception),
    /// It could not be run: exit code 2.
    CouldNotRun(String),
}

impl From<Exception> for Failure {
    fn from(error: Exception) -> Self {
        Failure::Raised(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::CouldNotRun(error.to_string())
    }
}

/// Runs the command line of the process on `graph`.
pub fn main(graph: Result<CompiledGraph, GraphError>) -> ExitCode {
    run(
        graph,
        std::env::args_os(),
        // not locked: what nodes print goes there, too
        &mut io::stdout(),
        &mut io::stderr(),
    )
}

/// Runs a command line, program name first.
pub fn run(
    graph: Result<CompiledGraph, GraphError>,
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    errors: &mut dyn Write,
) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        // help goes to standard output with code 0, mistakes to standard error with code 2
        Err(message) => {
            let shown = if message.use_stderr() {
                write!(
                    errors,
                    "{}",
                    styled(&message.render(), io::stderr().is_terminal())
                )
            } else {
                write!(
                    out,
                    "{}",
                    styled(&message.render(), io::stdout().is_terminal())
                )
            };
            return match (shown, message.use_stderr()) {
                (Ok(()), false) => ExitCode::SUCCESS,
                _ => ExitCode::from(2),
            };
        }
    };
    let done = match graph {
        Ok(graph) => perform(&graph, arguments.command, out),
        Err(error) => Err(Failure::CouldNotRun(error.to_string())),
    };
    let (code, class, message) = match done {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Raised(error)) => (1, error.class().to_owned(), error.message().to_owned()),
        Err(Failure::CouldNotRun(message)) => (2, "error".to_owned(), message),
    };
    let class = if io::stderr().is_terminal() {
        format!("\u{1b}[1;31m{class}\u{1b}[0m")
    } else {
        class
    };
    // there is nowhere left to report that standard error is gone
    let _ = if message.is_empty() {
        writeln!(errors, "{class}")
    } else {
        writeln!(errors, "{class}: {message}")
    };
    ExitCode::from(code)
}

fn styled(text: &clap::builder::StyledStr, colour: bool) -> String {
    if colour {
        text.ansi().to_string()
    } else {
        text.to_string()
    }
}

fn perform(graph: &CompiledGraph, command: Command, out: &mut dyn Write) -> Result<(), Failure> {
    match command {
        Command::Run(start) => {
            let (input, config) = start.read()?;
            let graph = start.keep.graph(graph)?;
            let output = graph.invoke_blocking(input, &config)?;
            let mut shown = output.encoded();
            if let (Json::Object(fields), false) = (&mut shown, output.interrupts().is_empty()) {
                fields.insert(
                    "__interrupt__".into(),
                    encode_interrupts(output.interrupts()),
                );
            }
            print_line(out, &shown)
        }
        Command::Stream { start, mode } => {
            let (input, config) = start.read()?;
            let graph = start.keep.graph(graph)?;
            let mut printed = Ok(());
            graph.stream_blocking(input, &config, &mode, |chunk| {
                let shown = if mode.len() == 1 {
                    chunk.data
                } else {
                    serde_json::json!([chunk.mode, chunk.data])
                };
                if printed.is_ok() {
                    printed = print_line(out, &shown);
                }
            })?;
            printed
        }
        Command::Trace {
            case,
            out: path,
            keep,
        } => {
            let graph = &keep.graph(graph)?;
            let text = fs::read_to_string(&case)
                .map_err(|error| Failure::CouldNotRun(format!("{}: {error}", case.display())))?;
            let case: Case = serde_json::from_str(&text)
                .map_err(|error| Failure::CouldNotRun(format!("{}: {error}", case.display())))?;
            match path {
                None => record(graph, &case, out),
                Some(path) => {
                    let file = File::create(&path).map_err(|error| {
                        Failure::CouldNotRun(format!("{}: {error}", path.display()))
                    })?;
                    record(graph, &case, &mut BufWriter::new(file))
                }
            }
        }
        #[cfg(feature = "serve")]
        Command::Serve { host, port, keep } => {
            let graph = &keep.graph(graph)?;
            crate::serve::serve(graph, &host, port, out)
                .map_err(|error| Failure::CouldNotRun(format!("{host}:{port}: {error}")))
        }
    }
}

fn record(graph: &CompiledGraph, case: &Case, out: &mut dyn Write) -> Result<(), Failure> {
    let mut written = Ok(());
    let recorded = block_on(graph.record(case, |event| {
        if written.is_ok() {
            written = print_line(out, &event);
        }
    }))?;
    recorded.map_err(|error| Failure::CouldNotRun(error.to_string()))?;
    written?;
    Ok(out.flush()?)
}

fn print_line(out: &mut dyn Write, value: &impl Serialize) -> Result<(), Failure> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

impl Start {
    fn read(&self) -> Result<(Input, RunConfig), Failure> {
        let input = match (&self.resume, &self.input) {
            (Some(answer), _) => {
                let answer = RunCommand::answering(&read_json("--resume", answer)?);
                Input::Command(
                    answer.map_err(|error| Failure::CouldNotRun(format!("--resume: {error}")))?,
                )
            }
            (None, None) => Input::Continue,
            (None, Some(given)) => match read_json("--input", given)? {
                Json::Null => Input::Continue,
                encoded => Input::Encoded(encoded),
            },
        };
        let mut config = match &self.config {
            None => RunConfig::default(),
            Some(given) => RunConfig::decode(&read_json("--config", given)?)
                .map_err(|error| Failure::CouldNotRun(format!("--config: {error}")))?,
        };
        if let Some(thread) = &self.thread {
            config = config.configurable("thread_id", thread.clone());
        }
        Ok((input, config))
    }
}

impl Keep {
    /// The graph with the saver that was asked for.
    #[cfg(feature = "sqlite")]
    fn graph(&self, graph: &CompiledGraph) -> Result<CompiledGraph, Failure> {
        let Some(path) = &self.checkpoint_db else {
            return Ok(graph.clone());
        };
        let saver = StoredSaver::sqlite(path);
        let saver = saver.map_err(|error| Failure::CouldNotRun(error.message().to_owned()))?;
        Ok(match self.dies_after {
            None => graph.clone().with_checkpointer(saver),
            Some(stores) => graph.clone().with_checkpointer(saver.dying_after(stores)),
        })
    }

    #[cfg(not(feature = "sqlite"))]
    #[allow(clippy::unnecessary_wraps, reason = "opening a saver can fail")]
    fn graph(&self, graph: &CompiledGraph) -> Result<CompiledGraph, Failure> {
        Ok(graph.clone())
    }
}

fn read_json(option: &str, given: &str) -> Result<Json, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::CouldNotRun(format!("{option}: {error}"));
    let text = match given.strip_prefix('@') {
        Some(path) => {
            fs::read_to_string(path).map_err(|error| wrong(&format!("{path}: {error}")))?
        }
        None if given == "-" => {
            let mut text = String::new();
            io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| wrong(&error))?;
            text
        }
        None => given.to_owned(),
    };
    serde_json::from_str(&text).map_err(|error| wrong(&error))
}
