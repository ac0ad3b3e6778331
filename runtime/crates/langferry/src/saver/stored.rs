//! Threads in LangGraph's own format: what both engines read and write.

#[cfg(feature = "sqlite")]
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use langferry_checkpoint::{Place, Setting, Store, StoreError, Thread, Values};
use langferry_core::{ChannelId, Checkpoint, NodeOutput, Write};
use langferry_pystd::{DateTime, Exception, Float, Value, repr, str_of};
use langferry_trace::{DecodeError, TraceValue as _};
use serde_json::{Map, json};

use crate::Json;
use crate::command::{Command, Resume};
use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::input::Input;
use crate::saver::{By, SavedThread, Saver};
use crate::state_value::Shared;
use crate::target::Target;
use crate::update::Update;

/// Keys of a config that say where a thread is rather than what it is about.
const PLACES: [&str; 6] = [
    "thread_id",
    "checkpoint_id",
    "checkpoint_ns",
    "checkpoint_map",
    "langgraph_step",
    "langgraph_node",
];

/// Keeps threads in LangGraph's own tables and format: a thread begun here goes on under LangGraph, and the
/// other way round.
#[derive(Clone)]
pub struct StoredSaver(Arc<dyn Store>);

impl StoredSaver {
    /// Keeps threads in `store`.
    #[must_use]
    pub fn new(store: impl Store + 'static) -> Self {
        StoredSaver(Arc::new(store))
    }

    /// Keeps threads in an SQLite file, which is made if there is none. LangGraph's `SqliteSaver` reads and
    /// writes the same.
    ///
    /// # Errors
    /// `OperationalError` when it cannot be opened or is no database.
    #[cfg(feature = "sqlite")]
    pub fn sqlite(path: impl AsRef<Path>) -> Result<Self, Exception> {
        let opened = langferry_checkpoint::Sqlite::open(path).map_err(raised)?;
        Ok(StoredSaver::new(opened))
    }

    /// The same, ending the process as a crash would once it has stored so many things. For tests.
    #[cfg(feature = "sqlite")]
    pub(crate) fn dying_after(self, stores: u64) -> Self {
        StoredSaver::new(langferry_checkpoint::DyingStore::new(self.0, stores))
    }
}

impl Saver for StoredSaver {
    fn open(
        &self,
        graph: &CompiledGraph,
        config: &RunConfig,
    ) -> Result<Box<dyn SavedThread>, Exception> {
        let store = Arc::clone(&self.0);
        Ok(Box::new(StoredThread::open(store, graph, config)))
    }

    fn delete(&self, config: &RunConfig) -> Result<(), Exception> {
        self.0.delete(&thread_id(config)).map_err(raised)
    }
}

fn thread_id(config: &RunConfig) -> String {
    config.get("thread_id").map(str_of).unwrap_or_default()
}

/// A thread of `graph` in a store.
struct StoredThread {
    thread: Thread,
    values: GraphValues,
}

impl StoredThread {
    fn open(store: Arc<dyn Store>, graph: &CompiledGraph, config: &RunConfig) -> Self {
        let place = Place {
            thread: thread_id(config),
            namespace: String::new(),
        };
        let setting = Setting {
            metadata: metadata(config),
            classes: graph.classes().clone(),
            ..Setting::default()
        };
        StoredThread {
            thread: Thread::new(store, Arc::clone(graph.core()), place, setting),
            values: GraphValues(graph.clone()),
        }
    }
}

impl SavedThread for StoredThread {
    fn load(&mut self) -> Result<Option<Checkpoint<Shared>>, Exception> {
        self.thread.load(&self.values).map_err(raised)
    }

    fn begin(&mut self, input: &Input) {
        if let Some(given) = given(input) {
            self.thread.take_input(given);
        }
    }

    fn put(&mut self, checkpoint: Checkpoint<Shared>) -> Result<(), Exception> {
        let now = now()?;
        self.thread
            .put(&self.values, &checkpoint, &now)
            .map_err(raised)
    }

    fn put_writes(&mut self, by: By, writes: Vec<Write<Shared>>) -> Result<(), Exception> {
        let values = &self.values;
        let stored = match by {
            By::Command => self.thread.put_command(values, &writes),
            By::Task { task, raised } => {
                let raised = raised.map(|raised| repr(&raised));
                self.thread
                    .put_writes(values, &task, &writes, raised.as_deref())
            }
        };
        stored.map_err(raised)
    }
}

/// What could not be stored or read, as what a run raises.
fn raised(error: StoreError) -> Exception {
    match error {
        StoreError::Database(reason) => Exception::new("OperationalError", reason),
        other => Exception::unsupported(format!("in a saver: {other}")),
    }
}

fn now() -> Result<String, Exception> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = Float::from(since.unwrap_or_default().as_secs_f64());
    Ok(DateTime::from_timestamp_utc(&seconds)?.isoformat())
}

/// What LangGraph keeps of a config with each checkpoint: its plain values.
fn metadata(config: &RunConfig) -> Map<String, Json> {
    let plain = config
        .all_configurable()
        .items()
        .filter_map(|(key, value)| {
            let kept = !PLACES.contains(&key.as_str()) && !key.starts_with("__");
            let value = match value {
                Value::Str(text) => text.replace('\0', "").into(),
                Value::Bool(_) | Value::Int(_) | Value::Float(_) => value.to_trace(),
                _ => return None,
            };
            kept.then(|| (key.clone(), value))
        });
    plain.collect()
}

/// An input as LangGraph stores it: as it was given.
fn given(input: &Input) -> Option<Json> {
    match input {
        Input::Continue => None,
        Input::Encoded(encoded) => Some(encoded.clone()),
        Input::Update(update) => Some(dict(update)),
        Input::Command(command) => Some(command_object(command)),
    }
}

fn dict(update: &Update) -> Json {
    let fields = update.writes();
    Json::Object(
        fields
            .map(|(name, value)| (name.to_owned(), value.encoded()))
            .collect(),
    )
}

fn command_object(command: &Command) -> Json {
    let update = match command.update.is_empty() {
        true => Json::Null,
        false => dict(&command.update),
    };
    let goto = command.goto.iter().map(|target| match target {
        Target::Node(name) => name.as_str().into(),
        Target::Key(key) => key.to_trace(),
        Target::Send(send) => json!({
            "$type": "object",
            "class": "langgraph.types.Send",
            "fields": { "node": send.node, "arg": send.arg.encoded() },
        }),
    });
    let resume = match &command.resume {
        None => Json::Null,
        Some(Resume::One(answer)) => answer.encoded(),
        Some(Resume::ById(answers)) => {
            let answers = answers.iter();
            Json::Object(
                answers
                    .map(|(id, answer)| (id.clone(), answer.encoded()))
                    .collect(),
            )
        }
    };
    json!({
        "$type": "object",
        "class": "langgraph.types.Command",
        "fields": {
            "graph": null,
            "update": update,
            "resume": resume,
            "goto": goto.collect::<Json>(),
        },
    })
}

/// The values of a graph's channels, by their types.
struct GraphValues(CompiledGraph);

impl Values for GraphValues {
    type Value = Shared;

    fn encode(&self, value: &Shared) -> Json {
        value.encoded()
    }

    fn held(&self, channel: ChannelId, encoded: &Json) -> Result<Shared, DecodeError> {
        (self.0.channel_spec(channel).decode)(encoded)
    }

    fn written(&self, channel: ChannelId, encoded: &Json) -> Result<Shared, DecodeError> {
        self.0.channel_spec(channel).decode(encoded)
    }

    fn any(&self, encoded: &Json) -> Result<Shared, DecodeError> {
        Ok(Arc::new(Value::from_trace(encoded)?))
    }

    fn input(&self, encoded: &Json) -> Result<NodeOutput<Shared>, DecodeError> {
        let writes = self.0.decode_input(encoded);
        let writes = writes.map_err(|error| DecodeError::new(error.message()))?;
        Ok(writes.into())
    }
}
