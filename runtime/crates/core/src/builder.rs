//! The builder: a graph by names, checked and compiled to slots.

use std::collections::{HashMap, HashSet};

use crate::graph::{Branch, ChannelKind, END, Graph, Node, ROOT, START, Slot, TASKS, deltas};
use crate::graph_error::GraphError;
use crate::ids::{BranchId, ChannelId, NodeId};
use crate::names::Names;

/// Channel and node names LangGraph keeps for itself.
const RESERVED: [&str; 24] = [
    "langsmith:hidden",
    "__input__",
    "__interrupt__",
    "__resume__",
    "__error__",
    "__error_source_node__",
    "__no_writes__",
    "__snapshot_bumps__",
    "__pregel_send",
    "__pregel_read",
    "__pregel_checkpointer",
    "__pregel_stream",
    "checkpoint_map",
    "__pregel_resuming",
    "__pregel_replay_state",
    "__pregel_task_id",
    "checkpoint_id",
    "checkpoint_ns",
    "__pregel_timed_attempt_observer",
    "__pregel_resume_map",
    "__pregel_strict_resume",
    "__pregel_stream_messages_v2",
    "__pregel_push",
    "__pregel_pull",
];

/// A node to add.
#[derive(Clone, Debug)]
pub struct NodeSpec {
    /// Its name.
    pub name: String,
    /// Channels it reads, in schema order. `["__root__"]` alone means the bare value.
    pub input: Vec<String>,
    /// Run only when nothing else is left to run.
    pub defer: bool,
    /// Nodes its `Command`s may go to, for validation only.
    pub ends: Vec<String>,
    /// The node that runs, in the same step and on the same input, when this one fails. A handler's own
    /// failures are not handled.
    pub handler: Option<String>,
    /// The driver keeps what the node's tasks write ([`Event::Keep`](crate::Event::Keep)), to give it
    /// back with [`Run::recall`](crate::Run::recall).
    pub cached: bool,
}

impl NodeSpec {
    /// A node that reads the given channels.
    pub fn new<S: Into<String>>(
        name: impl Into<String>,
        input: impl IntoIterator<Item = S>,
    ) -> Self {
        NodeSpec {
            name: name.into(),
            input: input.into_iter().map(Into::into).collect(),
            defer: false,
            ends: Vec::new(),
            handler: None,
            cached: false,
        }
    }
}

/// A conditional edge to add. The driver applies its path map; the engine only checks the targets.
#[derive(Clone, Debug)]
pub struct BranchSpec {
    /// Its name, unique among the branches of a node (upstream: the router's name).
    pub name: String,
    /// Channels the router reads, in schema order.
    pub input: Vec<String>,
    /// The values of the path map, or `None` when any node may be named.
    pub targets: Option<Vec<String>>,
}

/// A graph under construction, by names.
///
/// Every method checks what upstream's method of that name checks; [`StateGraph::compile`] the rest.
#[derive(Clone, Debug, Default)]
pub struct StateGraph {
    channels: Vec<(String, ChannelKind)>,
    kinds: HashMap<String, ChannelKind>,
    nodes: Vec<NodeSpec>,
    edges: Vec<(String, String)>,
    joins: Vec<(Vec<String>, String)>,
    branches: Vec<(String, BranchSpec)>,
    output: Option<Vec<String>>,
    node_names: HashSet<String>,
    edge_set: HashSet<(String, String)>,
}

impl StateGraph {
    /// An empty graph.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a state channel. Adding it again as `LastValue` changes nothing, as in upstream.
    ///
    /// # Errors
    /// When the name is reserved or taken by a channel of another kind.
    pub fn add_channel(
        &mut self,
        name: impl Into<String>,
        kind: ChannelKind,
    ) -> Result<(), GraphError> {
        let name = name.into();
        if RESERVED.contains(&name.as_str())
            || name == START
            || name == TASKS
            || name == "configurable"
        {
            return Err(GraphError::ReservedChannel { channel: name });
        }
        match self.kinds.get(&name) {
            Some(&known) if known != kind && kind != ChannelKind::LastValue => {
                Err(GraphError::ChannelKindDiffers { channel: name })
            }
            Some(_) => Ok(()),
            None => {
                self.kinds.insert(name.clone(), kind);
                self.channels.push((name, kind));
                Ok(())
            }
        }
    }

    /// Adds a node.
    ///
    /// # Errors
    /// When the name is taken, reserved or contains `|` or `:`.
    pub fn add_node(&mut self, node: NodeSpec) -> Result<(), GraphError> {
        let name = &node.name;
        if self.node_names.contains(name) {
            return Err(GraphError::DuplicateNode { node: node.name });
        }
        if name == START || name == END {
            return Err(GraphError::ReservedNode { node: node.name });
        }
        if let Some(character) = ['|', ':'].into_iter().find(|&c| name.contains(c)) {
            return Err(GraphError::ReservedCharacter { character });
        }
        self.node_names.insert(node.name.clone());
        self.nodes.push(node);
        Ok(())
    }

    /// Adds an edge between two nodes, or from [`START`], or to [`END`].
    ///
    /// # Errors
    /// When it starts at [`END`] or ends at [`START`]; unknown nodes are found by `compile`.
    pub fn add_edge(
        &mut self,
        from: impl Into<String>,
        to: impl Into<String>,
    ) -> Result<(), GraphError> {
        let edge = (from.into(), to.into());
        if edge.0 == END {
            return Err(GraphError::EndAsSource);
        }
        if edge.1 == START {
            return Err(GraphError::StartAsTarget);
        }
        if self.edge_set.insert(edge.clone()) {
            self.edges.push(edge);
        }
        Ok(())
    }

    /// Adds an edge that waits for all its sources (`add_edge([a, b], c)`).
    ///
    /// # Errors
    /// When a source or the target is not a node yet.
    pub fn add_join<S: Into<String>>(
        &mut self,
        from: impl IntoIterator<Item = S>,
        to: impl Into<String>,
    ) -> Result<(), GraphError> {
        let from: Vec<String> = from.into_iter().map(Into::into).collect();
        let to = to.into();
        for source in &from {
            if source == END {
                return Err(GraphError::EndAsSource);
            }
            if !self.node_names.contains(source) {
                return Err(GraphError::AddNodeFirst {
                    node: source.clone(),
                });
            }
        }
        if to == START {
            return Err(GraphError::StartAsTarget);
        }
        if to != END && !self.node_names.contains(&to) {
            return Err(GraphError::AddNodeFirst { node: to });
        }
        let join = (from, to);
        if !self.joins.contains(&join) {
            self.joins.push(join);
        }
        Ok(())
    }

    /// Adds a conditional edge. Branches are numbered in the order of this call, over all nodes.
    ///
    /// # Errors
    /// When the node already has a branch of that name.
    pub fn add_branch(
        &mut self,
        from: impl Into<String>,
        branch: BranchSpec,
    ) -> Result<BranchId, GraphError> {
        let from = from.into();
        if self
            .branches
            .iter()
            .any(|(node, known)| *node == from && known.name == branch.name)
        {
            return Err(GraphError::DuplicateBranch {
                branch: branch.name,
                node: from,
            });
        }
        self.branches.push((from, branch));
        Ok(BranchId(slot(self.branches.len() - 1)))
    }

    /// Sets the channels of the output schema; without it all state channels are output.
    pub fn set_output<S: Into<String>>(&mut self, channels: impl IntoIterator<Item = S>) {
        self.output = Some(channels.into_iter().map(Into::into).collect());
    }

    fn validate(&self) -> Result<(), GraphError> {
        let joined = self
            .joins
            .iter()
            .flat_map(|(from, to)| from.iter().map(move |start| (start, to)));
        let edges: Vec<(&String, &String)> = self
            .edges
            .iter()
            .map(|(from, to)| (from, to))
            .chain(joined)
            .collect();
        let known = |name: &String| self.node_names.contains(name);

        let sources = edges
            .iter()
            .map(|(from, _)| *from)
            .chain(self.branches.iter().map(|b| &b.0));
        let mut entered = false;
        for source in sources {
            entered |= source == START;
            if source != START && !known(source) {
                return Err(GraphError::UnknownSource {
                    node: source.clone(),
                });
            }
        }
        if !entered {
            return Err(GraphError::NoEntryPoint);
        }
        for (node, branch) in &self.branches {
            for target in branch.targets.iter().flatten() {
                if target != END && !known(target) {
                    return Err(GraphError::UnknownBranchTarget {
                        node: node.clone(),
                        branch: branch.name.clone(),
                        target: target.clone(),
                    });
                }
            }
        }
        let ends = self
            .nodes
            .iter()
            .flat_map(|node| node.ends.iter().chain(&node.handler));
        for target in edges.iter().map(|(_, to)| *to).chain(ends) {
            if target != END && !known(target) {
                return Err(GraphError::UnknownTarget {
                    node: target.clone(),
                });
            }
        }
        match self
            .nodes
            .iter()
            .find(|node| RESERVED.contains(&node.name.as_str()))
        {
            Some(node) => Err(GraphError::ReservedNodeName {
                node: node.name.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Checks the whole graph and turns names into slots.
    ///
    /// # Errors
    /// As upstream's `StateGraph.compile`: unknown nodes or channels, no entry point.
    pub fn compile(self) -> Result<Graph, GraphError> {
        self.validate()?;
        let mut draft = Draft::new(&self)?;
        for (from, to) in &self.edges {
            if let Some(to) = draft.node(to) {
                let from = draft.source(from);
                draft.nodes[from].edges.push(to);
            }
        }
        for (sources, to) in &self.joins {
            draft.add_join(sources, to, &self.nodes);
        }
        for (index, (node, branch)) in self.branches.iter().enumerate() {
            let input = draft.channels(&branch.name, &branch.input)?;
            let node = draft.source(node);
            draft.nodes[node].branches.push(BranchId(slot(index)));
            draft.branches.push(Branch {
                name: branch.name.clone(),
                input,
            });
        }
        draft.finish(&self)
    }
}

fn slot(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// The compiled graph in the making.
struct Draft {
    slots: Vec<Slot>,
    channel_names: Vec<String>,
    channel_ids: Names<String, ChannelId>,
    nodes: Vec<Node>,
    node_ids: Names<String, NodeId>,
    branches: Vec<Branch>,
    entry: Vec<ChannelId>,
    tasks: ChannelId,
}

impl Draft {
    fn new(graph: &StateGraph) -> Result<Self, GraphError> {
        let mut draft = Draft {
            slots: Vec::new(),
            channel_names: Vec::new(),
            channel_ids: Names::default(),
            nodes: Vec::new(),
            node_ids: Names::default(),
            branches: Vec::new(),
            entry: Vec::new(),
            tasks: ChannelId(0),
        };
        for (name, kind) in &graph.channels {
            draft.add_channel(name.clone(), Slot::State(*kind));
        }
        let start = draft.add_channel(START.to_owned(), Slot::Start);
        draft.tasks = draft.add_channel(TASKS.to_owned(), Slot::Tasks);
        draft.add_node(START, start, Vec::new(), 0);
        let mut schemas: HashMap<Vec<ChannelId>, u32> = HashMap::new();
        for spec in &graph.nodes {
            let input = draft.channels(&spec.name, &spec.input)?;
            let next = slot(schemas.len());
            let schema = *schemas.entry(input.clone()).or_insert(next);
            let branch = Slot::Branch {
                deferred: spec.defer,
            };
            let entry = draft.add_channel(format!("branch:to:{}", spec.name), branch);
            draft.add_node(&spec.name, entry, input, schema);
        }
        for (node, spec) in draft.nodes[1..].iter_mut().zip(&graph.nodes) {
            let handler = spec.handler.as_ref();
            node.handler = handler.and_then(|name| draft.node_ids.get(name).copied());
            node.cached = spec.cached;
        }
        Ok(draft)
    }

    fn add_channel(&mut self, name: String, kind: Slot) -> ChannelId {
        let id = ChannelId(slot(self.slots.len()));
        self.slots.push(kind);
        self.channel_ids.insert(name.clone(), id);
        self.channel_names.push(name);
        id
    }

    fn add_node(&mut self, name: &str, entry: ChannelId, input: Vec<ChannelId>, schema: u32) {
        self.node_ids
            .insert(name.to_owned(), NodeId(slot(self.nodes.len())));
        self.entry.push(entry);
        let root = matches!(input[..], [only] if self.channel_names[only.index()] == ROOT);
        self.nodes.push(Node {
            name: name.to_owned(),
            input,
            root,
            schema,
            triggers: vec![entry],
            consumes: false,
            edges: Vec::new(),
            joins: Vec::new(),
            branches: Vec::new(),
            handler: None,
            cached: false,
            rank: 0,
        });
    }

    fn add_join(&mut self, sources: &[String], to: &str, specs: &[NodeSpec]) {
        let Some(target) = self.node(to) else { return };
        let names: HashSet<&String> = sources.iter().collect();
        // specs lacks the start node, which cannot be the target of a join
        let deferred = specs[target.index() - 1].defer;
        let kind = Slot::Join {
            names: names.len(),
            deferred,
        };
        let channel = self.add_channel(format!("join:{}:{to}", sources.join("+")), kind);
        self.nodes[target.index()].triggers.push(channel);
        for source in names {
            let source = self.source(source);
            self.nodes[source].joins.push(channel);
        }
    }

    fn node(&self, name: &str) -> Option<NodeId> {
        self.node_ids.get(name).copied()
    }

    /// The index of an edge's source, which `validate` has checked.
    fn source(&self, name: &str) -> usize {
        self.node(name).unwrap_or(NodeId::START).index()
    }

    fn channels(&self, reader: &str, names: &[String]) -> Result<Vec<ChannelId>, GraphError> {
        let find = |name: &String| {
            self.channel_ids
                .get(name)
                .copied()
                .ok_or_else(|| GraphError::UnknownChannel {
                    reader: reader.to_owned(),
                    channel: name.clone(),
                })
        };
        names.iter().map(find).collect()
    }

    fn finish(mut self, graph: &StateGraph) -> Result<Graph, GraphError> {
        let state: Vec<ChannelId> = (0..graph.channels.len())
            .map(|i| ChannelId(slot(i)))
            .collect();
        let output = match &graph.output {
            Some(names) => self.channels("the output schema", names)?,
            None => state.clone(),
        };
        let mut triggered = vec![Vec::new(); self.slots.len()];
        for (index, node) in self.nodes.iter_mut().enumerate() {
            node.triggers
                .sort_by(|a, b| self.channel_names[a.index()].cmp(&self.channel_names[b.index()]));
            for trigger in &node.triggers {
                triggered[trigger.index()].push(NodeId(slot(index)));
                node.consumes |= self.slots[trigger.index()].is_consumed();
            }
        }
        let mut by_name: Vec<usize> = (0..self.nodes.len()).collect();
        by_name.sort_by(|&a, &b| self.nodes[a].name.cmp(&self.nodes[b].name));
        for (rank, index) in by_name.into_iter().enumerate() {
            self.nodes[index].rank = slot(rank);
        }
        Ok(Graph {
            start: self.entry[0],
            deltas: deltas(&self.slots),
            slots: self.slots,
            channel_names: self.channel_names,
            channel_ids: self.channel_ids,
            nodes: self.nodes,
            node_ids: self.node_ids,
            branches: self.branches,
            triggered,
            state,
            output,
            tasks: self.tasks,
            entry: self.entry,
            subscribed: false,
        })
    }
}
