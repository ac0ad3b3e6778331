//! Which task a stored id belongs to, and by which path savers sort it.

use std::collections::HashMap;

use langferry_core::{Graph, NodeId, TaskName, TaskPath, TaskRef, Writer};

use crate::ids::task_id;

/// The writer under which savers store what a command given as input wrote.
pub const COMMAND: &str = "00000000-0000-0000-0000-000000000000";

/// Every task that can be planned on a checkpoint, by its id, given the nodes that were sent to.
#[must_use]
pub fn writers(
    graph: &Graph,
    namespace: &str,
    checkpoint_id: &str,
    step: i64,
    sent: &[Option<NodeId>],
) -> HashMap<String, Writer> {
    let nodes = graph.node_names().filter_map(|name| graph.node_id(name));
    let pulled = nodes.map(|node| (node, TaskPath::Pull));
    let pushed = (0..)
        .zip(sent)
        .filter_map(|(at, &node)| Some((node?, TaskPath::Push(at))));
    let mut writers = HashMap::new();
    let mut add = |node, path| {
        let task = TaskRef {
            step,
            index: 0,
            node,
            path,
        };
        let id = task_id(&TaskName::new(graph, checkpoint_id, &task), namespace);
        writers.insert(id, Writer::Task(node, path));
    };
    for (node, path) in pulled.chain(pushed) {
        add(node, path);
        if let Some(handler) = graph.handler(node) {
            add(handler, TaskPath::handler(node, path));
        }
    }
    writers
}

/// A task's path as savers sort it.
#[must_use]
pub fn path_text(graph: &Graph, task: &TaskRef) -> String {
    match task.path {
        TaskPath::Pull => format!("~__pregel_pull, {}", graph.node_name(task.node)),
        TaskPath::Push(index) => format!("~__pregel_push, {index:010}, {:010}", 0),
        TaskPath::Update(index) => format!("~__interrupt__, {index:010}"),
        TaskPath::Handler { failed, push } => {
            let path = push.map_or(TaskPath::Pull, TaskPath::Push);
            let failed = TaskRef {
                node: failed,
                path,
                ..*task
            };
            let failed = path_text(graph, &failed);
            format!("{failed}, node_error_handler, {:010}", 0)
        }
    }
}
