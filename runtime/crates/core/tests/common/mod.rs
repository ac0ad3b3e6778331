//! A tiny driver: nodes are closures, values print like Python's, and a run prints its events.
#![allow(dead_code)] // every test file uses a part of it

pub mod described;
pub mod performed;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use langferry_core::*;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Int(i64),
    Text(String),
    List(Vec<String>),
    Overwrite(Vec<String>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Int(number) => write!(f, "{number}"),
            Value::Text(text) => write!(f, "{text}"),
            Value::List(items) => write!(f, "[{}]", items.join(" ")),
            Value::Overwrite(items) => write!(f, "Overwrite[{}]", items.join(" ")),
        }
    }
}

pub fn list(item: &str) -> Value {
    Value::List(vec![item.to_owned()])
}

pub type Out = NodeResult<Value, String>;
pub type Routes = RouteResult<Value, String>;

/// What a node or router sees.
pub struct Seen {
    pub graph: Arc<Graph>,
    pub values: Vec<(String, Value)>,
    pub arg: Option<Value>,
    pub pad: Scratchpad<Value>,
}

impl Seen {
    pub fn int(&self, channel: &str) -> i64 {
        match self.values.iter().find(|(name, _)| name == channel) {
            Some((_, Value::Int(number))) => *number,
            other => panic!("{channel} is {other:?}"),
        }
    }

    pub fn text(&self) -> String {
        match &self.arg {
            Some(arg) => arg.to_string(),
            None => dict(
                self.values
                    .iter()
                    .map(|(name, value)| (name.as_str(), value)),
            ),
        }
    }

    pub fn out(&self, updates: &[(&str, Value)]) -> NodeOutput<Value> {
        let id = |name: &str| self.graph.channel_id(name).unwrap();
        updates
            .iter()
            .map(|(name, value)| (id(name), value.clone()))
            .collect::<Vec<_>>()
            .into()
    }

    pub fn interrupt(&self, question: &str) -> Result<Value, Failure<Value, String>> {
        self.pad
            .answer()
            .ok_or_else(|| Failure::interrupt(Value::Text(question.to_owned())))
    }
}

pub fn dict<'a>(items: impl Iterator<Item = (&'a str, &'a Value)>) -> String {
    let items: Vec<String> = items
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    format!("{{{}}}", items.join(", "))
}

type Node = Box<dyn Fn(&Seen) -> Out>;
type Router = Box<dyn Fn(&Seen) -> Routes>;

/// Adds lists; `Overwrite` as upstream; raises on the item "bad".
pub struct Adder;

impl Host for Adder {
    type Value = Value;
    type Error = String;

    fn reduce(&mut self, _: ReducerId, current: Value, update: Value) -> Result<Value, String> {
        match (current, update) {
            (_, Value::List(more)) if more == ["bad"] => Err("TypeError: bad item".to_owned()),
            (Value::List(mut items), Value::List(more)) => {
                items.extend(more);
                Ok(Value::List(items))
            }
            (current, update) => Err(format!("TypeError: {current} + {update}")),
        }
    }

    fn initial(&mut self, reducer: ReducerId) -> Option<Value> {
        (reducer == ReducerId(0)).then(|| Value::List(Vec::new()))
    }

    fn overwrite(&mut self, value: &Value) -> Option<Value> {
        match value {
            Value::Overwrite(items) => Some(Value::List(items.clone())),
            _ => None,
        }
    }
}

pub struct Builder {
    pub graph: StateGraph,
    channels: Vec<String>,
    nodes: HashMap<String, Node>,
    routers: Vec<Router>,
}

impl Builder {
    /// The state most tests use: `x` holds the last value, `log` adds lists.
    pub fn new() -> Self {
        let mut builder = Builder {
            graph: StateGraph::new(),
            channels: Vec::new(),
            nodes: HashMap::new(),
            routers: Vec::new(),
        };
        builder.channel("x", ChannelKind::LastValue);
        builder.channel("log", ChannelKind::Reducer(ReducerId(0)));
        builder
    }

    pub fn channel(&mut self, name: &str, kind: ChannelKind) {
        self.graph.add_channel(name, kind).unwrap();
        self.channels.push(name.to_owned());
    }

    pub fn add(&mut self, name: &str, defer: bool, run: impl Fn(&Seen) -> Out + 'static) {
        let spec = NodeSpec {
            defer,
            ..NodeSpec::new(name, self.channels.clone())
        };
        self.graph.add_node(spec).unwrap();
        self.nodes.insert(name.to_owned(), Box::new(run));
    }

    pub fn node(&mut self, name: &str, run: impl Fn(&Seen) -> Out + 'static) -> &mut Self {
        self.add(name, false, run);
        self
    }

    pub fn deferred(&mut self, name: &'static str) -> &mut Self {
        self.add(name, true, move |s| Ok(s.out(&[("log", list(name))])));
        self
    }

    /// Nodes that log their own names.
    pub fn loggers(&mut self, names: &[&'static str]) -> &mut Self {
        for &name in names {
            self.node(name, move |s| Ok(s.out(&[("log", list(name))])));
        }
        self
    }

    pub fn edges(&mut self, edges: &[(&str, &str)]) -> &mut Self {
        for (from, to) in edges {
            self.graph.add_edge(*from, *to).unwrap();
        }
        self
    }

    pub fn join(&mut self, from: &[&str], to: &str) -> &mut Self {
        self.graph.add_join(from.iter().copied(), to).unwrap();
        self
    }

    pub fn branch(&mut self, from: &str, run: impl Fn(&Seen) -> Routes + 'static) -> &mut Self {
        let name = format!("router{}", self.routers.len());
        let spec = BranchSpec {
            name,
            input: self.channels.clone(),
            targets: None,
        };
        self.graph.add_branch(from, spec).unwrap();
        self.routers.push(Box::new(run));
        self
    }

    pub fn compile(&mut self) -> Program {
        Program {
            graph: Arc::new(std::mem::take(&mut self.graph).compile().unwrap()),
            nodes: std::mem::take(&mut self.nodes),
            routers: std::mem::take(&mut self.routers),
        }
    }
}

pub struct Program {
    pub graph: Arc<Graph>,
    nodes: HashMap<String, Node>,
    routers: Vec<Router>,
}

/// A thread with a saver that keeps the last checkpoint.
pub struct Thread {
    pub checkpoint: Option<Checkpoint<Value>>,
    pub config: Config<Value>,
    /// Ids of the interrupts the last run stopped at.
    pub open: Vec<String>,
}

impl Thread {
    pub fn new() -> Self {
        let interest = Interest {
            save: true,
            ..Interest::STREAMS
        };
        let config = Config {
            interest,
            output: Output::State,
            ..Config::new(25)
        };
        Thread {
            checkpoint: None,
            config,
            open: Vec::new(),
        }
    }
}

impl Program {
    pub fn input(&self, updates: &[(&str, Value)]) -> Start<Value> {
        let id = |name: &str| self.graph.channel_id(name).unwrap();
        Start::Input(
            updates
                .iter()
                .map(|(name, value)| (id(name), value.clone()))
                .collect(),
        )
    }

    /// Runs without a saver.
    pub fn run(&self, start: Start<Value>) -> Vec<String> {
        let config = Config {
            interest: Interest::STREAMS,
            output: Output::State,
            ..Config::new(25)
        };
        self.run_with(start, None, config).0
    }

    /// Runs on a thread, which is left as a saver would have it.
    pub fn run_on(&self, thread: &mut Thread, start: Start<Value>) -> Vec<String> {
        let (lines, checkpoint, open) =
            self.run_with(start, thread.checkpoint.take(), thread.config.clone());
        thread.checkpoint = checkpoint;
        thread.open = open;
        lines
    }

    /// Runs and prints; performs the calls of a batch in planned order, all before the next `next`.
    pub fn run_with(
        &self,
        start: Start<Value>,
        checkpoint: Option<Checkpoint<Value>>,
        config: Config<Value>,
    ) -> (Vec<String>, Option<Checkpoint<Value>>, Vec<String>) {
        let mut saved = checkpoint.clone();
        let mut run = Run::new(Arc::clone(&self.graph), start, checkpoint, config);
        let mut lines = Vec::new();
        loop {
            let step = run.next(&mut Adder);
            for event in step.events {
                if let Event::Checkpoint(checkpoint) = event {
                    saved = Some(*checkpoint);
                } else {
                    lines.push(self.event(&event));
                }
            }
            for call in step.calls {
                self.perform(&mut run, call);
            }
            if let Some(outcome) = step.outcome {
                if let Some(saved) = &mut saved {
                    saved.pending = run.pending_writes();
                }
                let open = match &outcome {
                    Outcome::Interrupted { interrupts, .. } => interrupts
                        .iter()
                        .map(|interrupt| interrupt.id.clone())
                        .collect(),
                    _ => Vec::new(),
                };
                lines.push(self.outcome(&outcome));
                return (lines, saved, open);
            }
        }
    }

    pub fn perform(&self, run: &mut Run<Adder>, call: Call<Value>) {
        let accepted = match call {
            Call::Node {
                task,
                input,
                scratchpad,
                ..
            } => run.complete(task, self.call(task.node, input, scratchpad)),
            Call::Route {
                task,
                branch,
                input,
                scratchpad,
            } => run.routed(task, self.route(branch, input, scratchpad)),
        };
        assert!(accepted);
    }

    pub fn call(&self, node: NodeId, input: Input<Value>, pad: Scratchpad<Value>) -> Out {
        self.nodes[self.graph.node_name(node)](&self.seen(input, pad))
    }

    pub fn route(&self, branch: BranchId, input: Values<Value>, pad: Scratchpad<Value>) -> Routes {
        self.routers[branch.index()](&self.seen(Input::State(input), pad))
    }

    fn seen(&self, input: Input<Value>, pad: Scratchpad<Value>) -> Seen {
        let (values, arg) = match input {
            Input::State(values) => (self.named(&values), None),
            Input::Arg(arg) => (Vec::new(), Some(arg)),
        };
        Seen {
            graph: Arc::clone(&self.graph),
            values,
            arg,
            pad,
        }
    }

    fn named(&self, values: &[(ChannelId, Value)]) -> Vec<(String, Value)> {
        let name = |id: &ChannelId| self.graph.channel_name(*id).to_owned();
        values
            .iter()
            .map(|(id, value)| (name(id), value.clone()))
            .collect()
    }

    pub fn dict(&self, values: &[(ChannelId, Value)]) -> String {
        dict(
            values
                .iter()
                .map(|(id, value)| (self.graph.channel_name(*id), value)),
        )
    }

    pub fn event(&self, event: &Event<Value, String>) -> String {
        let node = |task: &TaskRef| self.graph.node_name(task.node);
        match event {
            Event::TaskStarted { task, input } => {
                let input = match input {
                    Input::State(values) => self.dict(values),
                    Input::Arg(arg) => arg.to_string(),
                };
                let triggers = self.graph.trigger_names(task).join("+");
                format!("task {} {input} by {triggers}", node(task))
            }
            Event::Update {
                task,
                update,
                cached,
            } => {
                let update = match update {
                    Update::Nothing => "None".to_owned(),
                    Update::One(values) => self.dict(values),
                    Update::Many(values) => {
                        let each = values.chunks(1).map(|one| self.dict(one));
                        format!("[{}]", each.collect::<Vec<_>>().join(", "))
                    }
                };
                format!(
                    "update {} {update}{}",
                    node(task),
                    if *cached { " cached" } else { "" }
                )
            }
            Event::Interrupted { interrupts, .. } => format!("interrupt ({})", values(interrupts)),
            Event::TaskFinished {
                task,
                writes,
                error,
                interrupts,
            } => {
                let error = error
                    .as_ref()
                    .map(|error| format!(" raised {}", raised(error)));
                let asked = match interrupts.as_slice() {
                    [] => String::new(),
                    interrupts => format!(" asked ({})", values(interrupts)),
                };
                let error = error.unwrap_or_default();
                format!("result {} {}{error}{asked}", node(task), self.dict(writes))
            }
            Event::Values {
                values: state,
                interrupts,
                ..
            } => {
                let asked = interrupts
                    .as_ref()
                    .map(|asked| format!(" asked ({})", values(asked)));
                format!("values {}{}", self.dict(state), asked.unwrap_or_default())
            }
            Event::Planned {
                step,
                tasks,
                values,
            } => {
                let tasks: Vec<&str> = tasks.iter().map(node).collect();
                format!("planned {step} {tasks:?} {}", self.dict(values))
            }
            Event::Checkpoint(checkpoint) => format!("checkpoint {}", checkpoint.step),
            Event::TaskWrites { task, writes } => format!("writes {} {writes:?}", node(task)),
            Event::Passed { step, .. } => format!("passed {step}"),
            Event::InputWrites { writes } => format!("input writes {}", writes.len()),
            Event::CommandWrites { writes } => format!("command writes {}", writes.len()),
            Event::Keep { task, writes } => format!("keep {} {writes:?}", node(task)),
            Event::Warning(text) => format!("warning {text}"),
        }
    }

    pub fn outcome(&self, outcome: &Outcome<Value, String>) -> String {
        match outcome {
            Outcome::Finished { values } => format!("finished {}", self.dict(values)),
            Outcome::Interrupted {
                values: state,
                interrupts,
                ..
            } => {
                format!("interrupted {} ({})", self.dict(state), values(interrupts))
            }
            Outcome::Failed(error) => format!("failed {}", raised(error)),
        }
    }
}

fn values(interrupts: &[Interrupt<Value>]) -> String {
    interrupts
        .iter()
        .map(|asked| asked.value.to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Class and first line of the message.
fn raised(error: &Error<String>) -> String {
    match error {
        Error::Engine(error) => {
            let text = error.to_string();
            format!(
                "{}: {}",
                error.class_name(),
                text.lines().next().unwrap_or_default()
            )
        }
        Error::Host(error) => error.clone(),
    }
}

pub fn raise(text: &str) -> Failure<Value, String> {
    Failure::Error(text.to_owned())
}

pub fn to(targets: &[&str]) -> Routes {
    Ok(targets.iter().map(|&target| target.into()).collect())
}

pub fn send(node: &str, arg: &str) -> Target<Value> {
    Send {
        node: node.to_owned(),
        arg: Value::Text(arg.to_owned()),
        timeout: None,
    }
    .into()
}
