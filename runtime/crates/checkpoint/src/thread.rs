//! One thread in a store, as a run goes on from it and adds to it.

use std::sync::Arc;

use langferry_core::{
    ChannelId, Checkpoint, Graph, PendingWrites, Saved, Source, TaskName, TaskRef, Write, Writer,
};
use langferry_names::channels::{BRANCH, TASKS, index_of};
use langferry_names::{task_id, tasks};
use langferry_trace::DecodeError;
use serde_json::{Map, Value as Json, json};

use crate::codec::{self, Classes, CodecError};
use crate::store::{Place, Put, Row, Store, StoreError, StoredWrite};
use crate::values::Values;
use crate::versions::Versions;
use crate::writes;

/// The version of LangGraph's format of checkpoints.
const FORMAT: u64 = 4;

/// What a run says of the checkpoints it stores.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// Ids of the checkpoints of the graphs that this one runs in, by their namespaces.
    pub parents: Map<String, Json>,
    /// More metadata: plain values of the run's config.
    pub metadata: Map<String, Json>,
    /// Classes whose objects the state holds.
    pub classes: Classes,
}

/// One thread in a store, while one run of one graph goes on.
pub struct Thread {
    store: Arc<dyn Store>,
    graph: Arc<Graph>,
    place: Place,
    setting: Setting,
    versions: Versions,
    newest: Option<String>,
    /// The input as it was given, which stands in the checkpoint before the first superstep.
    input: Json,
}

impl Thread {
    /// A place in `store` that has not been looked at.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, graph: Arc<Graph>, place: Place, setting: Setting) -> Self {
        Thread {
            store,
            graph,
            place,
            setting,
            versions: Versions::new(),
            newest: None,
            input: Json::Null,
        }
    }

    /// Where in the store it is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What a new input is, in the trace's encoding, for the checkpoint that holds it.
    pub fn take_input(&mut self, input: Json) {
        self.input = input;
    }

    /// The newest checkpoint, with what was written on it.
    ///
    /// # Errors
    /// When it cannot be read, or holds what this graph could not have stored.
    pub fn load<V: Values>(
        &mut self,
        values: &V,
    ) -> Result<Option<Checkpoint<V::Value>>, StoreError> {
        match self.store.get(&self.place, None)? {
            Some(row) => self.read(values, &row).map(Some),
            None => Ok(None),
        }
    }

    fn read<V: Values>(
        &mut self,
        values: &V,
        row: &Row,
    ) -> Result<Checkpoint<V::Value>, StoreError> {
        let foreign = |reason: &str| StoreError::Foreign(format!("a checkpoint {reason}"));
        let stored = codec::decode(&row.put.checkpoint, &mut self.setting.classes)?;
        let dict = |name: &str| {
            let dict = stored.get(name).and_then(Json::as_object);
            dict.ok_or_else(|| foreign(&format!("without {name}")))
        };
        let metadata: Json = serde_json::from_str(&row.put.metadata)
            .map_err(|_| foreign("whose metadata is no JSON"))?;
        let graph = Arc::clone(&self.graph);
        let counted =
            self.versions
                .read(&graph, dict("channel_versions")?, dict("versions_seen")?)?;
        let held = dict("channel_values")?;
        if let Some(input) = held.get(langferry_core::START) {
            self.input = input.clone();
        }
        let mut found = Vec::new();
        for (name, value) in held {
            // as in LangGraph, what the graph has no channel for is left behind
            if let Some(channel) = graph.channel_id(name) {
                let saved = self.held(values, channel, value);
                let saved = saved.map_err(|error| foreign_value(&error.within(name)))?;
                found.push((channel, saved));
            }
        }
        let updated = stored.get("updated_channels").and_then(Json::as_array);
        let updated = updated.into_iter().flatten().filter_map(Json::as_str);
        let mut updated: Vec<ChannelId> =
            updated.filter_map(|name| graph.channel_id(name)).collect();
        updated.sort_unstable();
        self.newest = Some(row.put.id.clone());
        let step = metadata.get("step").and_then(Json::as_i64).unwrap_or(-1);
        let packets = held.get(TASKS).and_then(Json::as_array);
        let sent = writes::sent_to(&graph, packets.map(Vec::as_slice).unwrap_or_default());
        Ok(Checkpoint {
            id: row.put.id.clone(),
            step,
            source: match metadata.get("source").and_then(Json::as_str) {
                Some("input") => Source::Input,
                Some("update") => Source::Update,
                Some("fork") => Source::Fork,
                _ => Source::Loop,
            },
            values: found,
            versions: counted.versions,
            versions_seen: counted.seen,
            called: counted.called,
            interrupt_seen: counted.interrupt_seen,
            resumed_at: None,
            updated,
            counters: Vec::new(),
            pending: self.pending(values, row, step, &sent)?,
        })
    }

    fn held<V: Values>(
        &self,
        values: &V,
        channel: ChannelId,
        stored: &Json,
    ) -> Result<Saved<V::Value>, DecodeError> {
        let graph = &self.graph;
        let name = graph.channel_name(channel);
        if channel == graph.start_channel() {
            return Ok(Saved::Input(values.input(stored)?));
        }
        if name == TASKS {
            let packets = stored.as_array().map(Vec::as_slice).unwrap_or_default();
            let packets = packets
                .iter()
                .map(|packet| writes::send_from_json(values, packet));
            return Ok(Saved::Sends(packets.collect::<Result<_, _>>()?));
        }
        if !graph.is_hidden(channel) {
            return Ok(Saved::Value(values.held(channel, stored)?));
        }
        let (held, finished) = match stored.as_array().map(Vec::as_slice) {
            Some([held, finished]) if graph.is_deferred(channel) => {
                (held, finished.as_bool().unwrap_or(false))
            }
            _ => (stored, false),
        };
        if name.starts_with(BRANCH) {
            return Ok(Saved::Branch { finished });
        }
        let names = held.get("items").and_then(Json::as_array);
        let names = names.ok_or_else(|| DecodeError::expected("set", held))?;
        let nodes = names
            .iter()
            .filter_map(|name| graph.node_id(name.as_str()?));
        let mut seen: Vec<_> = nodes.collect();
        seen.sort_unstable();
        Ok(Saved::Join { seen, finished })
    }

    fn pending<V: Values>(
        &mut self,
        values: &V,
        row: &Row,
        step: i64,
        sent: &[Option<langferry_core::NodeId>],
    ) -> Result<Vec<PendingWrites<V::Value>>, StoreError> {
        let mut pending: Vec<PendingWrites<V::Value>> = Vec::new();
        if row.writes.is_empty() {
            return Ok(pending);
        }
        let graph = Arc::clone(&self.graph);
        let namespace = &self.place.namespace;
        let known = tasks::writers(&graph, namespace, &row.put.id, step + 1, sent);
        for write in &row.writes {
            let value = codec::decode(&write.value, &mut self.setting.classes)?;
            let commands = write.task == tasks::COMMAND;
            let writer = match known.get(&write.task) {
                _ if commands => Writer::Input,
                Some(writer) => writer.clone(),
                // what is not a task of the graph itself was called by one
                None => Writer::Called(write.task.clone()),
            };
            let read = writes::from_stored(&graph, values, &write.channel, &value, commands);
            let read = read.map_err(|error| foreign_value(&error))?;
            match pending.iter_mut().find(|pending| pending.writer == writer) {
                Some(pending) => pending.writes.push(read),
                None => pending.push(PendingWrites {
                    writer,
                    writes: vec![read],
                }),
            }
        }
        Ok(pending)
    }

    /// Stores a checkpoint of the run.
    ///
    /// # Errors
    /// When a value in it has no form in LangGraph's format (then nothing is written), or the database
    /// says no.
    pub fn put<V: Values>(
        &mut self,
        values: &V,
        made: &Checkpoint<V::Value>,
        now: &str,
    ) -> Result<(), StoreError> {
        let graph = Arc::clone(&self.graph);
        let mut held = Map::new();
        for (channel, saved) in &made.values {
            let value = self.stored(values, *channel, saved)?;
            held.insert(graph.channel_name(*channel).to_owned(), value);
        }
        let (versions, seen) = self.versions.write(&graph, made);
        let mut updated: Vec<&str> = made
            .updated
            .iter()
            .map(|&id| graph.channel_name(id))
            .collect();
        updated.sort_unstable();
        let is_loop = made.source == Source::Loop;
        let updated = (!updated.is_empty() || is_loop).then_some(updated);
        let stored = json!({
            "v": FORMAT,
            "ts": now,
            "id": made.id,
            "channel_values": held,
            "channel_versions": versions,
            "versions_seen": seen,
            "updated_channels": updated,
        });
        let mut metadata = Map::from_iter([
            ("source".to_owned(), source_name(made.source).into()),
            ("step".to_owned(), made.step.into()),
            ("parents".to_owned(), self.setting.parents.clone().into()),
        ]);
        for (key, value) in &self.setting.metadata {
            metadata.entry(key).or_insert_with(|| value.clone());
        }
        let put = Put {
            id: made.id.clone(),
            parent: self.newest.clone(),
            checkpoint: codec::encode(&stored, &self.setting.classes)?,
            metadata: json_text(&metadata.into())?,
        };
        self.store.put(&self.place, &put)?;
        self.newest = Some(put.id);
        Ok(())
    }

    fn stored<V: Values>(
        &self,
        values: &V,
        channel: ChannelId,
        saved: &Saved<V::Value>,
    ) -> Result<Json, StoreError> {
        let graph = &self.graph;
        let deferred = |value: Json, finished: bool| match graph.is_deferred(channel) {
            true => json!([value, finished]),
            false => value,
        };
        Ok(match saved {
            Saved::Value(value) => values.encode(value),
            Saved::Input(_) => self.input.clone(),
            Saved::Branch { finished } => deferred(Json::Null, *finished),
            Saved::Join { seen, finished } => {
                let names: Vec<&str> = seen.iter().map(|&node| graph.node_name(node)).collect();
                deferred(json!({ "$type": "set", "items": names }), *finished)
            }
            Saved::Sends(sends) => {
                let sends = sends.iter().map(|send| writes::send_to_json(values, send));
                sends.collect()
            }
            Saved::Snapshot(_) | Saved::History { .. } => {
                let name = graph.channel_name(channel);
                let reason = format!("the delta channel {name} is not stored outside Python");
                return Err(StoreError::Value(CodecError::new(reason)));
            }
        })
    }

    /// Stores what a task wrote on the newest checkpoint. `raised` is what it raised, as `repr` shows it.
    ///
    /// # Errors
    /// As for [`Thread::put`].
    pub fn put_writes<V: Values>(
        &self,
        values: &V,
        task: &TaskRef,
        writes: &[Write<V::Value>],
        raised: Option<&str>,
    ) -> Result<(), StoreError> {
        let Some(newest) = &self.newest else {
            return Ok(());
        };
        let name = TaskName::new(&self.graph, newest, task);
        let id = task_id(&name, &self.place.namespace);
        let path = tasks::path_text(&self.graph, task);
        let writes = writes::to_stored(&self.graph, values, writes, raised);
        self.put_named(newest, &id, &path, &writes)
    }

    /// Stores what commands given as input wrote on the newest checkpoint.
    ///
    /// # Errors
    /// As for [`Thread::put`].
    pub fn put_command<V: Values>(
        &self,
        values: &V,
        writes: &[Write<V::Value>],
    ) -> Result<(), StoreError> {
        let Some(newest) = &self.newest else {
            return Ok(());
        };
        let writes = writes::command_to_stored(&self.graph, values, writes);
        self.put_named(newest, tasks::COMMAND, "", &writes)
    }

    fn put_named(
        &self,
        checkpoint: &str,
        task: &str,
        path: &str,
        writes: &[(String, Json)],
    ) -> Result<(), StoreError> {
        let stored = writes.iter().enumerate().map(|(place, (channel, value))| {
            let value = codec::encode(value, &self.setting.classes);
            Ok(StoredWrite {
                task: task.to_owned(),
                path: path.to_owned(),
                index: index_of(channel, place),
                channel: channel.clone(),
                value: value.map_err(|error| error.within(channel))?,
            })
        });
        let stored: Vec<_> = stored.collect::<Result<_, CodecError>>()?;
        self.store.put_writes(&self.place, checkpoint, &stored)
    }
}

fn foreign_value(error: &DecodeError) -> StoreError {
    StoreError::Foreign(format!("a stored value does not fit this graph: {error}"))
}

fn source_name(source: Source) -> &'static str {
    match source {
        Source::Input => "input",
        Source::Loop => "loop",
        Source::Update => "update",
        Source::Fork => "fork",
    }
}

/// JSON as Python writes it, without escapes.
fn json_text(value: &Json) -> Result<String, StoreError> {
    use langferry_pystd::{Value, json};
    use langferry_trace::TraceValue as _;

    let options = json::Dumps {
        ensure_ascii: false,
        ..json::Dumps::default()
    };
    let text = Value::from_trace(value)
        .map_err(|error| error.to_string())
        .and_then(|value| json::dumps_with(value, &options).map_err(|e| e.message().to_owned()));
    text.map_err(|reason| StoreError::Foreign(format!("metadata: {reason}")))
}
