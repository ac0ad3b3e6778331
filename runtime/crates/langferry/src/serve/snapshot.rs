//! Where a thread stands, as LangGraph's `get_state` tells it.

use std::time::Duration;

use langferry_core::{Inspection, Interrupt, Source, TaskName, Write, Writer};
use langferry_names::task_id;
use langferry_pystd::Exception;
use serde_json::{Map, json};
use uuid::Uuid;

use crate::Json;
use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::error::exception;
use crate::host::StateHost;
use crate::serve::moment;
use crate::serve::wire::plain;
use crate::state_value::Shared;
use crate::stream::{encode_interrupts, fold};

/// The newest checkpoint of a thread.
pub(super) struct Snapshot {
    id: String,
    step: i64,
    source: &'static str,
    values: Json,
    tasks: Vec<PlannedTask>,
}

struct PlannedTask {
    id: String,
    name: String,
    finished: bool,
    failed: bool,
    interrupts: Vec<Interrupt<Shared>>,
    result: Json,
}

impl Snapshot {
    /// Where the thread `id` stands; `None` if nothing is kept of it.
    pub(super) fn of(graph: &CompiledGraph, id: &str) -> Result<Option<Self>, Exception> {
        let Some(saver) = graph.saver() else {
            return Ok(None);
        };
        let Some(checkpoint) = saver.open(graph, &RunConfig::thread(id))?.load()? else {
            return Ok(None);
        };
        let (id, step, pending) = (
            checkpoint.id.clone(),
            checkpoint.step,
            checkpoint.pending.clone(),
        );
        let source = match checkpoint.source {
            Source::Input => "input",
            Source::Loop => "loop",
            Source::Update => "update",
            Source::Fork => "fork",
        };
        let core = graph.core();
        let mut host = StateHost::new(graph.clone(), true);
        let found = Inspection::of(core.clone(), &mut host, checkpoint, true)
            .map_err(|error| exception(&error))?;
        let tasks = found.tasks.iter().map(|planned| {
            let task = planned.task;
            let own = pending
                .iter()
                .find(|pending| pending.writer == Writer::Task(task.node, task.path));
            let writes = own.map(|own| own.writes.as_slice()).unwrap_or_default();
            let interrupts = writes.iter().filter_map(|write| match write {
                Write::Interrupt(interrupts) => Some(interrupts.clone()),
                _ => None,
            });
            let written = writes.iter().filter_map(|write| match write {
                Write::Channel(channel, value) => Some((*channel, value.clone())),
                _ => None,
            });
            PlannedTask {
                id: task_id(&TaskName::new(core, &id, &task), ""),
                name: core.node_name(task.node).to_owned(),
                finished: planned.finished,
                failed: writes.iter().any(|write| matches!(write, Write::Error)),
                interrupts: interrupts.flatten().collect(),
                result: match planned.finished {
                    true => fold(graph, &written.collect::<Vec<_>>()),
                    false => Json::Null,
                },
            }
        });
        let tasks = tasks.collect();
        Ok(Some(Snapshot {
            values: graph.encode(&found.values),
            tasks,
            id,
            step,
            source,
        }))
    }

    pub(super) fn values(&self) -> Result<Json, Exception> {
        plain(&self.values)
    }

    /// Whether there is something to go on with.
    pub(super) fn is_stopped(&self) -> bool {
        self.tasks.iter().any(|task| !task.finished)
    }

    /// When it was made, which its id tells.
    pub(super) fn created_at(&self) -> String {
        let stamp = Uuid::parse_str(&self.id).ok();
        let stamp = stamp
            .and_then(|id| id.get_timestamp())
            .map(|at| at.to_unix());
        let (seconds, nanoseconds) = stamp.unwrap_or_default();
        moment(Duration::new(seconds, nanoseconds)).unwrap_or_default()
    }
}

/// The questions of each task that waits for answers.
pub(super) fn told_interrupts(snapshot: &Snapshot) -> Result<Json, Exception> {
    let waiting = snapshot.tasks.iter();
    let waiting = waiting.filter(|task| !task.interrupts.is_empty());
    let told = waiting.map(|task| Ok((task.id.clone(), interrupts(task)?)));
    Ok(Json::Object(told.collect::<Result<_, Exception>>()?))
}

fn interrupts(task: &PlannedTask) -> Result<Json, Exception> {
    plain(&encode_interrupts(&task.interrupts))
}

/// The state of the thread `id`, of which the last run failed with `error`, as the server tells it.
pub(super) fn told_state(
    id: &str,
    snapshot: Option<&Snapshot>,
    error: Option<String>,
) -> Result<Json, Exception> {
    let Some(snapshot) = snapshot else {
        return Ok(json!({
            "values": {},
            "next": [],
            "tasks": [],
            "checkpoint": { "thread_id": id, "checkpoint_ns": "", "checkpoint_id": null },
            "parent_checkpoint": null,
            "metadata": {},
            "created_at": null,
            "interrupts": [],
        }));
    };
    let waiting = snapshot.tasks.iter().filter(|task| !task.finished);
    let next: Vec<&str> = waiting.map(|task| task.name.as_str()).collect();
    // a checkpoint holds no text of what was raised by a task
    let raised = error.unwrap_or_else(|| "raised under an earlier process".to_owned());
    let (mut tasks, mut asked) = (Vec::new(), Vec::new());
    for task in &snapshot.tasks {
        let open = interrupts(task)?;
        asked.extend(open.as_array().into_iter().flatten().cloned());
        tasks.push(json!({
            "id": task.id,
            "name": task.name,
            "path": [],
            "error": task.failed.then_some(&raised),
            "interrupts": open,
            "checkpoint": null,
            "state": null,
            "result": plain(&task.result)?,
        }));
    }
    let metadata = Map::from_iter([
        ("source".to_owned(), snapshot.source.into()),
        ("step".to_owned(), snapshot.step.into()),
        ("parents".to_owned(), json!({})),
    ]);
    Ok(json!({
        "values": snapshot.values()?,
        "next": next,
        "tasks": tasks,
        "checkpoint": { "thread_id": id, "checkpoint_ns": "", "checkpoint_id": snapshot.id },
        "parent_checkpoint": null,
        "metadata": metadata,
        "created_at": snapshot.created_at(),
        "interrupts": asked,
    }))
}
