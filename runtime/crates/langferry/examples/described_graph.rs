//! Builds graphs from descriptions and tells what they do: the tokio driver's part of tests that draw
//! graphs at random (`tests/compat/test_random_graphs.py` describes, runs and compares them).
//!
//! Reads one JSON object a line, a description and a case; writes one with the case's trace and with the
//! checkpoints that were made, as `[step, source, values]`.

use std::error::Error;
use std::io::{Write as _, stdin, stdout};
use std::sync::{Arc, Mutex, PoisonError};

use langferry::prelude::*;
use langferry::{By, Case, Checkpoint, CompiledGraph, Json, SavedThread, Saver, Shared};
use langferry_core::{Saved, Source, Write};
use serde::Deserialize;
use serde_json::json;

#[derive(Clone, Debug, Default, State)]
struct Drawn {
    n: Slot<Int>,
    #[state(reducer = langferry::operator::add)]
    total: Slot<Int>,
    #[state(reducer = langferry::operator::add)]
    log: Slot<Vec<String>>,
}

#[derive(Deserialize)]
struct Job {
    graph: Description,
    case: Case,
}

#[derive(Deserialize)]
struct Description {
    nodes: Vec<Node>,
    starts: Vec<String>,
    join: Option<Vec<String>>,
    before: Vec<String>,
    after: Vec<String>,
}

#[derive(Clone, Deserialize)]
struct Node {
    name: String,
    adds: i64,
    sets: bool,
    fails_from: Option<i64>,
    asks: usize,
    defer: bool,
    leads: Vec<String>,
    how: How,
    back: Option<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum How {
    Edges,
    Route,
    Send,
    Command,
    CommandSend,
}

/// From which total on nothing leads back.
const ENOUGH: i64 = 12;

impl Node {
    fn run(&self, state: &Drawn, context: &Context) -> NodeResult {
        let total = state.total.as_deref().cloned().unwrap_or_default();
        if self.fails_from.is_some_and(|from| total >= from) {
            return Err(Exception::value_error(self.name.as_str()));
        }
        let mut adds = Int::from(self.adds);
        for question in 0..self.asks {
            let answer = context.interrupt(format!("{} {question}", self.name))?;
            adds += Int::from_trace(&answer.to_trace()).map_err(Exception::unsupported)?;
        }
        let n = state.n.as_deref().cloned().unwrap_or_default();
        let mut update = Drawn::update()
            .total(adds)
            .log(vec![format!("{} {n}", self.name)]);
        if self.sets {
            update = update.n(n + Int::from(1));
        }
        Ok(match self.how {
            How::Command => Command::new()
                .update(update)
                .goto(self.leads.iter().map(Target::from).collect::<Vec<_>>())
                .into(),
            How::CommandSend => Command::new().update(update).goto(self.sends()).into(),
            _ => update.into(),
        })
    }

    fn route(&self, state: &Drawn) -> Vec<Target> {
        let total = state.total.as_deref().cloned().unwrap_or_default();
        match &self.back {
            Some(back) if total < ENOUGH => vec![back.into()],
            _ if self.leads.is_empty() => vec![END.into()],
            _ if self.how == How::Send => self.sends(),
            _ => self.leads.iter().map(Target::from).collect(),
        }
    }

    /// A packet for each node that this one leads to.
    fn sends(&self) -> Vec<Target> {
        let packet = |(at, name): (usize, &String)| {
            let arg = Drawn {
                n: Int::from(at).into(),
                ..Drawn::default()
            };
            Send::new(name, arg).into()
        };
        self.leads.iter().enumerate().map(packet).collect()
    }
}

fn built(graph: Description, saver: Made) -> Result<CompiledGraph, GraphError> {
    let mut builder = StateGraph::new::<Drawn>("described");
    for node in graph.nodes {
        let (name, defer, ends) = (node.name.clone(), node.defer, node.leads.clone());
        let spec = match (defer, NodeName::new(name.as_str()).ends(ends)) {
            (true, spec) => spec.deferred(),
            (false, spec) => spec,
        };
        let body = node.clone();
        builder.add_node(spec, move |state: &Drawn, context: &Context| {
            body.run(state, context)
        });
        match node.how {
            How::Edges => {
                for lead in &node.leads {
                    builder.add_edge(name.as_str(), lead.as_str());
                }
            }
            How::Route | How::Send => {
                let ends = [&node.leads[..], node.back.as_slice(), &[END.to_owned()]].concat();
                let router = move |state: &Drawn, _: &Context| Ok(node.route(state));
                builder.add_conditional_edges(name.as_str(), router, PathMap::targets(ends));
            }
            How::Command | How::CommandSend => {}
        }
    }
    for start in graph.starts {
        builder.add_edge(START, start);
    }
    if let Some(join) = graph.join {
        builder.add_node("joined", |state: &Drawn, _: &Context| {
            let seen = state.log()?.len();
            Ok(Drawn::update().log(vec![format!("joined {seen}")]).into())
        });
        builder.add_join(join, "joined");
    }
    builder.interrupt_before(graph.before);
    builder.interrupt_after(graph.after);
    builder.checkpointer(saver).compile()
}

/// Keeps threads, and what every checkpoint that was made of them holds.
#[derive(Clone, Default)]
struct Made {
    threads: MemorySaver,
    told: Arc<Mutex<Vec<Json>>>,
}

struct MadeThread {
    thread: Box<dyn SavedThread>,
    told: Arc<Mutex<Vec<Json>>>,
}

impl Saver for Made {
    fn open(
        &self,
        graph: &CompiledGraph,
        config: &RunConfig,
    ) -> Result<Box<dyn SavedThread>, Exception> {
        Ok(Box::new(MadeThread {
            thread: self.threads.open(graph, config)?,
            told: Arc::clone(&self.told),
        }))
    }
}

impl SavedThread for MadeThread {
    fn load(&mut self) -> Result<Option<Checkpoint<Shared>>, Exception> {
        self.thread.load()
    }

    fn begin(&mut self, input: &Input) {
        self.thread.begin(input);
    }

    fn put(&mut self, checkpoint: Checkpoint<Shared>) -> Result<(), Exception> {
        let mut made = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        made.push(told(&checkpoint));
        self.thread.put(checkpoint)
    }

    fn put_writes(&mut self, by: By, writes: Vec<Write<Shared>>) -> Result<(), Exception> {
        self.thread.put_writes(by, writes)
    }
}

fn told(checkpoint: &Checkpoint<Shared>) -> Json {
    let source = match checkpoint.source {
        Source::Input => "input",
        Source::Loop => "loop",
        Source::Update => "update",
        Source::Fork => "fork",
    };
    let channels = Drawn::channels();
    let mut values = serde_json::Map::new();
    for (channel, saved) in &checkpoint.values {
        if let (Some(spec), Saved::Value(value)) = (channels.get(channel.index()), saved) {
            values.insert(spec.name().to_owned(), value.encoded());
        }
    }
    json!([checkpoint.step, source, values])
}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for line in stdin().lines() {
        let job: Job = serde_json::from_str(&line?)?;
        let made = Made::default();
        let graph = built(job.graph, made.clone())?;
        let mut events = Vec::new();
        let recorded = runtime.block_on(graph.record(&job.case, |event| events.push(event)));
        recorded.map_err(|error| error.to_string())?;
        let told = made.told.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = json!({"events": events, "checkpoints": *told});
        writeln!(stdout(), "{answer}")?;
    }
    Ok(())
}
