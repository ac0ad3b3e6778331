//! The low-level builder: nodes that subscribe to channels, without edges.

use std::collections::HashMap;

use crate::graph::{ChannelKind, Graph, Node, Slot, TASKS, deltas};
use crate::graph_error::GraphError;
use crate::ids::{ChannelId, NodeId};
use crate::names::Names;

/// A node to add: what triggers it and what it reads.
#[derive(Clone, Debug)]
pub struct Subscriber {
    /// Its name.
    pub name: String,
    /// Channels whose updates make it run.
    pub triggers: Vec<String>,
    /// Channels it reads.
    pub reads: Vec<String>,
    /// It reads one channel, as a bare value, and does not run without it.
    pub bare: bool,
    /// As [`NodeSpec::handler`](crate::NodeSpec::handler).
    pub handler: Option<String>,
    /// As [`NodeSpec::cached`](crate::NodeSpec::cached).
    pub cached: bool,
}

/// A graph of channels and the nodes that subscribe to them.
#[derive(Clone, Debug, Default)]
pub struct SubscribedGraph {
    /// All channels.
    pub channels: Vec<(String, ChannelKind)>,
    /// All nodes.
    pub nodes: Vec<Subscriber>,
    /// The channels that are the output of a run.
    pub output: Vec<String>,
    /// The channels that streams show.
    pub shown: Vec<String>,
}

impl SubscribedGraph {
    /// Turns names into slots.
    ///
    /// # Errors
    /// When a node names a channel that does not exist.
    pub fn compile(self) -> Result<Graph, GraphError> {
        let mut slots: Vec<Slot> = Vec::new();
        let mut names: Vec<String> = Vec::new();
        for (name, kind) in self.channels {
            slots.push(Slot::State(kind));
            names.push(name);
        }
        // the input is written to channels, so the start node's own is there only by its slot
        let start = ChannelId(slot(slots.len()));
        slots.push(Slot::Start);
        names.push(String::new());
        let tasks = ChannelId(slot(slots.len()));
        slots.push(Slot::Tasks);
        names.push(TASKS.to_owned());
        let ids: Names<String, ChannelId> =
            names.iter().cloned().zip((0..).map(ChannelId)).collect();
        let find = |reader: &str, wanted: &[String]| -> Result<Vec<ChannelId>, GraphError> {
            let one = |name: &String| {
                ids.get(name)
                    .copied()
                    .ok_or_else(|| GraphError::UnknownChannel {
                        reader: reader.to_owned(),
                        channel: name.clone(),
                    })
            };
            wanted.iter().map(one).collect()
        };
        let mut nodes = vec![Node {
            name: String::new(),
            input: Vec::new(),
            root: false,
            schema: 0,
            triggers: vec![start],
            consumes: false,
            edges: Vec::new(),
            joins: Vec::new(),
            branches: Vec::new(),
            handler: None,
            cached: false,
            rank: 0,
        }];
        let mut handlers = vec![None];
        let mut schemas: HashMap<(Vec<ChannelId>, bool), u32> = HashMap::new();
        for node in self.nodes {
            let input = find(&node.name, &node.reads)?;
            let next = slot(schemas.len() + 1);
            let schema = *schemas.entry((input.clone(), node.bare)).or_insert(next);
            let mut triggers = find(&node.name, &node.triggers)?;
            triggers.sort_by(|a, b| names[a.index()].cmp(&names[b.index()]));
            triggers.dedup();
            nodes.push(Node {
                name: node.name,
                input,
                root: node.bare,
                schema,
                consumes: triggers.iter().any(|id| slots[id.index()].is_consumed()),
                triggers,
                edges: Vec::new(),
                joins: Vec::new(),
                branches: Vec::new(),
                handler: None,
                cached: node.cached,
                rank: 0,
            });
            handlers.push(node.handler);
        }
        let node_ids: HashMap<String, NodeId, _> = nodes
            .iter()
            .map(|node| node.name.clone())
            .zip((0..).map(NodeId))
            .collect();
        for (node, handler) in nodes.iter_mut().zip(handlers) {
            node.handler = handler.and_then(|name| node_ids.get(&name).copied());
        }
        let mut by_name: Vec<usize> = (0..nodes.len()).collect();
        by_name.sort_by(|&a, &b| nodes[a].name.cmp(&nodes[b].name));
        for (rank, index) in by_name.into_iter().enumerate() {
            nodes[index].rank = slot(rank);
        }
        let mut triggered = vec![Vec::new(); slots.len()];
        for (index, node) in nodes.iter().enumerate() {
            for trigger in &node.triggers {
                triggered[trigger.index()].push(NodeId(slot(index)));
            }
        }
        Ok(Graph {
            output: find("the output", &self.output)?,
            state: find("the stream", &self.shown)?,
            node_ids,
            entry: vec![start; nodes.len()],
            channel_ids: ids,
            channel_names: names,
            deltas: deltas(&slots),
            slots,
            nodes,
            branches: Vec::new(),
            triggered,
            start,
            tasks,
            subscribed: true,
        })
    }
}

fn slot(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
