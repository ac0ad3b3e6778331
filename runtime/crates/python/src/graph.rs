//! A compiled graph together with the Python objects its nodes and routers are.

use std::collections::HashSet;
use std::sync::Arc;

use langferry_core as core;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

/// A node or router: how to call it, what to build its input with.
pub(crate) struct Body {
    /// `run(input, scope)`.
    pub run: Py<PyAny>,
    /// `arun(input, scope)`, a coroutine function.
    pub arun: Py<PyAny>,
    /// The class the state is given as, when it is not a dict.
    pub build: Option<Py<PyAny>>,
    /// Keys whose values the run knows: `(name, at)` with `at(step, stop)`.
    pub managed: Vec<(Py<PyString>, Py<PyAny>)>,
}

/// A router: its body and how to read its answer.
pub(crate) struct Router {
    pub body: Body,
    /// `targets(answer)`.
    pub targets: Py<PyAny>,
    /// The router also sees keys its node returned that are not in its schema.
    pub passthrough: bool,
}

/// What the values exchanged with a graph look like.
pub(crate) struct Face {
    pub read_output: Py<PyAny>,
    pub send: Py<PyAny>,
    pub overwrite: Py<PyAny>,
    pub interrupt_error: Py<PyAny>,
    /// The class that has a task start over.
    pub start_over: Py<PyAny>,
    /// `as_failure(raised, node)`: the exception a node failed with if it raised something that is no
    /// `Exception`; `None` if that is not the node's.
    pub as_failure: Py<PyAny>,
    pub bubble_up: Py<PyAny>,
    /// `refuses_answer(exception)`: whether it says that the answer to a question does not fit.
    pub refuses_answer: Py<PyAny>,
    /// The class that carries a command to an outer graph.
    pub parent_command: Py<PyAny>,
    /// `take_command(exception, namespace, node)`: the command, if it is for the graph of the node.
    pub take_command: Py<PyAny>,
    pub engine_error: Py<PyAny>,
    /// `stable(channel, write)`: a write to a delta channel as it is stored and applied.
    pub stable: Py<PyAny>,
    /// The face itself, to be asked for what few programs need.
    own: Py<PyAny>,
    /// `new_checkpoint_id(step, saves)`, or `None`.
    pub new_checkpoint_id: Option<Py<PyAny>>,
}

impl Face {
    fn new(face: &Bound<'_, PyAny>) -> PyResult<Self> {
        let get = |name: &str| Ok::<_, PyErr>(face.getattr(name)?.unbind());
        Ok(Face {
            read_output: get("read_output")?,
            send: get("send_type")?,
            overwrite: get("overwrite_type")?,
            interrupt_error: get("interrupt_error")?,
            start_over: get("start_over")?,
            as_failure: get("as_failure")?,
            bubble_up: get("bubble_up")?,
            refuses_answer: get("refuses_answer")?,
            parent_command: get("parent_command")?,
            take_command: get("take_command")?,
            engine_error: get("engine_error")?,
            stable: get("stable")?,
            own: face.clone().unbind(),
            new_checkpoint_id: face.getattr("new_checkpoint_id")?.extract()?,
        })
    }
}

impl Face {
    /// What wraps the whole value of a delta channel; `None` for a face without such channels.
    ///
    /// To import it costs, so this is asked only where a saver has stored something.
    pub(crate) fn snapshot_type<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.own.bind(py).getattr("snapshot_type")
    }
}

/// A graph ready to run.
///
/// Args:
///     face: What the values exchanged with the graph look like.
///     channels: Per key of the state: name, reducer or `None`, initial value factory or `None`,
///         channel object or `None`.
///     nodes: Per node: name, keys read, whether it is deferred, `run`, `arun`, class or `None`,
///         managed values, the node that handles its failures, whether its results are kept.
///     edges: Pairs of names.
///     joins: Pairs of source names and target name.
///     branches: Per branch: node, name, keys read, `run`, `arun`, class or `None`, managed values,
///         `targets`, whether keys pass through.
///     outputs: Keys of the output schema.
///
/// Raises:
///     ValueError: If the graph is not complete.
#[pyclass(module = "langferry._engine", frozen)]
pub(crate) struct Graph {
    pub core: Arc<core::Graph>,
    pub face: Face,
    pub reducers: Vec<Reducer>,
    /// By node slot; the start node has none.
    pub nodes: Vec<Option<Body>>,
    /// By branch slot.
    pub routers: Vec<Router>,
    /// By channel slot.
    pub channel_names: Vec<Py<PyString>>,
    /// By node slot.
    pub node_names: Vec<Py<PyString>>,
    /// State channels by name, as node results are looked up.
    pub state: Py<PyDict>,
    /// Names of the state channels, and of managed values, for results that are not dicts.
    pub state_keys: Py<PyTuple>,
    pub root: bool,
    /// What streams show is one channel's bare value, and not a dict.
    pub bare_state: bool,
    /// Channels of Python's own kind, as they are before any run.
    pub hosted: Vec<Py<PyAny>>,
    /// Says what a channel does not keep.
    pub missing: Py<PyAny>,
    /// By channel slot: the channel leads to a deferred node.
    deferred: Vec<bool>,
    /// Channels whose values are not for savers.
    untracked: HashSet<core::ChannelId>,
    /// Names of the channels that a checkpoint may imply without holding them.
    replayed: Vec<String>,
}

/// How writes to a channel are folded, and what it starts with.
pub(crate) struct Reducer {
    pub fold: Py<PyAny>,
    pub initial: Option<Py<PyAny>>,
}

type ManagedSpec = Vec<(Py<PyString>, Py<PyAny>)>;
type ChannelSpec = (
    String,
    Option<Py<PyAny>>,
    Option<Py<PyAny>>,
    Option<Py<PyAny>>,
);
type SubscriberSpec = (
    String,
    Vec<String>,
    Vec<String>,
    bool,
    Py<PyAny>,
    Py<PyAny>,
    ManagedSpec,
    Option<String>,
    bool,
);
type NodeSpec = (
    String,
    Vec<String>,
    bool,
    Py<PyAny>,
    Py<PyAny>,
    Option<Py<PyAny>>,
    ManagedSpec,
    Option<String>,
    bool,
);
type BranchSpec = (
    String,
    String,
    Vec<String>,
    Py<PyAny>,
    Py<PyAny>,
    Option<Py<PyAny>>,
    ManagedSpec,
    Py<PyAny>,
    bool,
);

fn refused(error: &core::GraphError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

#[pymethods]
impl Graph {
    #[new]
    #[pyo3(signature = (face, *, channels, nodes, edges, joins, branches, outputs))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments in Python")]
    fn new(
        py: Python<'_>,
        face: &Bound<'_, PyAny>,
        channels: Vec<ChannelSpec>,
        nodes: Vec<NodeSpec>,
        edges: Vec<(String, String)>,
        joins: Vec<(Vec<String>, String)>,
        branches: Vec<BranchSpec>,
        outputs: Vec<String>,
    ) -> PyResult<Self> {
        let mut builder = core::StateGraph::new();
        let mut kinds = Kinds::new(face)?;
        for spec in channels {
            let (name, kind) = kinds.add(py, spec)?;
            builder.add_channel(name, kind).map_err(|e| refused(&e))?;
        }
        let mut bodies = vec![None];
        let mut deferred_nodes = HashSet::new();
        for (name, reads, defer, run, arun, build, managed, handler, cached) in nodes {
            if defer {
                deferred_nodes.insert(name.clone());
            }
            let mut spec = core::NodeSpec::new(name, reads);
            spec.defer = defer;
            spec.handler = handler;
            spec.cached = cached;
            builder.add_node(spec).map_err(|e| refused(&e))?;
            bodies.push(Some(Body {
                run,
                arun,
                build,
                managed,
            }));
        }
        for (from, to) in edges {
            builder.add_edge(from, to).map_err(|e| refused(&e))?;
        }
        for (from, to) in joins {
            builder.add_join(from, to).map_err(|e| refused(&e))?;
        }
        let mut routers = Vec::new();
        for (node, name, input, run, arun, build, managed, targets, passthrough) in branches {
            let spec = core::BranchSpec {
                name,
                input,
                targets: None,
            };
            builder.add_branch(node, spec).map_err(|e| refused(&e))?;
            let body = Body {
                run,
                arun,
                build,
                managed,
            };
            routers.push(Router {
                body,
                targets,
                passthrough,
            });
        }
        builder.set_output(outputs);
        let graph = builder.compile().map_err(|e| refused(&e))?;

        let state = PyDict::new(py);
        let names: Vec<&str> = graph
            .state_channels()
            .iter()
            .map(|&channel| graph.channel_name(channel))
            .collect();
        for (slot, name) in names.iter().enumerate() {
            state.set_item(PyString::intern(py, name), slot)?;
        }
        let interned = |name: &str| PyString::intern(py, name).unbind();
        Ok(Graph {
            face: Face::new(face)?,
            untracked: kinds.untracked_in(&graph),
            replayed: kinds.replayed,
            reducers: kinds.reducers,
            hosted: kinds.hosted,
            missing: face.getattr("missing")?.unbind(),
            nodes: bodies,
            routers,
            channel_names: graph.channel_names().map(interned).collect(),
            node_names: graph.node_names().map(interned).collect(),
            state: state.unbind(),
            state_keys: PyTuple::new(py, &names)?.unbind(),
            root: names == ["__root__"],
            bare_state: names == ["__root__"],
            deferred: graph
                .channel_names()
                .map(|name| leads_to(name, &deferred_nodes))
                .collect(),
            core: Arc::new(graph),
        })
    }

    /// Names of the channels that a checkpoint may imply without holding them.
    #[getter]
    fn replayed(&self) -> Vec<String> {
        self.replayed.clone()
    }

    /// Names of the channels that checkpoints hold as the writes made to them.
    #[getter]
    fn deltas(&self) -> Vec<&str> {
        let channels = self.core.delta_channels();
        channels.map(|id| self.core.channel_name(id)).collect()
    }

    /// Whether there are channels that checkpoints hold as the writes made to them.
    #[getter]
    fn has_deltas(&self) -> bool {
        self.core.has_deltas()
    }

    /// A graph whose nodes subscribe to channels.
    ///
    /// Args:
    ///     face: What the values exchanged with the graph look like.
    ///     channels: As for a new graph.
    ///     nodes: Per node: name, triggers, channels read, whether it reads one as a bare value,
    ///         `run`, `arun`, managed values, the node that handles its failures, whether its
    ///         results are kept.
    ///     outputs: The channels that are the output.
    ///     shown: The channels that streams show, and whether they are one as a bare value.
    #[staticmethod]
    fn subscribed(
        py: Python<'_>,
        face: &Bound<'_, PyAny>,
        channels: Vec<ChannelSpec>,
        nodes: Vec<SubscriberSpec>,
        outputs: Vec<String>,
        shown: (Vec<String>, bool),
    ) -> PyResult<Self> {
        let mut kinds = Kinds::new(face)?;
        let channels = channels.into_iter().map(|spec| kinds.add(py, spec));
        let channels = channels.collect::<PyResult<_>>()?;
        let mut bodies = vec![None];
        let mut subscribers = Vec::new();
        for (name, triggers, reads, bare, run, arun, managed, handler, cached) in nodes {
            subscribers.push(core::Subscriber {
                name,
                triggers,
                reads,
                bare,
                handler,
                cached,
            });
            bodies.push(Some(Body {
                run,
                arun,
                build: None,
                managed,
            }));
        }
        let graph = core::SubscribedGraph {
            channels,
            nodes: subscribers,
            output: outputs,
            shown: shown.0,
        };
        let graph = graph.compile().map_err(|e| refused(&e))?;
        let state = PyDict::new(py);
        let deferred = vec![false; graph.channel_names().len()];
        let mut names = Vec::new();
        for (slot, name) in graph.channel_names().enumerate() {
            if !name.is_empty() && name != "__pregel_tasks" {
                state.set_item(PyString::intern(py, name), slot)?;
                names.push(name.to_owned());
            }
        }
        let interned = |name: &str| PyString::intern(py, name).unbind();
        Ok(Graph {
            face: Face::new(face)?,
            untracked: kinds.untracked_in(&graph),
            replayed: kinds.replayed,
            reducers: kinds.reducers,
            hosted: kinds.hosted,
            missing: face.getattr("missing")?.unbind(),
            nodes: bodies,
            routers: Vec::new(),
            channel_names: graph.channel_names().map(interned).collect(),
            node_names: graph.node_names().map(interned).collect(),
            state: state.unbind(),
            state_keys: PyTuple::new(py, &names)?.unbind(),
            // whatever a node returns is read by the face
            root: true,
            bare_state: shown.1,
            deferred,
            core: Arc::new(graph),
        })
    }
}

/// The tables that channel kinds point into, and what a face's classes say of channel objects.
struct Kinds<'py> {
    reducers: Vec<Reducer>,
    hosted: Vec<Py<PyAny>>,
    replayed: Vec<String>,
    untracked: Vec<String>,
    delta_type: Bound<'py, PyAny>,
    replayed_types: Bound<'py, PyAny>,
    untracked_type: Bound<'py, PyAny>,
}

impl<'py> Kinds<'py> {
    fn new(face: &Bound<'py, PyAny>) -> PyResult<Self> {
        Ok(Kinds {
            reducers: Vec::new(),
            hosted: Vec::new(),
            replayed: Vec::new(),
            untracked: Vec::new(),
            delta_type: face.getattr("delta_type")?,
            replayed_types: face.getattr("replayed_types")?,
            untracked_type: face.getattr("untracked_type")?,
        })
    }

    fn add(
        &mut self,
        py: Python<'py>,
        (name, fold, initial, channel): ChannelSpec,
    ) -> PyResult<(String, core::ChannelKind)> {
        let next = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let kind = match (channel, fold) {
            (Some(object), _) => {
                let channel = core::HostedId(next(self.hosted.len()));
                let bound = object.bind(py);
                if bound.is_instance(&self.replayed_types)? {
                    self.replayed.push(name.clone());
                }
                if bound.is_instance(&self.untracked_type)? {
                    self.untracked.push(name.clone());
                }
                let kind = if bound.is_instance(&self.delta_type)? {
                    let snapshot_frequency = bound.getattr("snapshot_frequency")?.extract()?;
                    core::ChannelKind::Delta {
                        channel,
                        snapshot_frequency,
                    }
                } else {
                    core::ChannelKind::Hosted(channel)
                };
                self.hosted.push(object);
                kind
            }
            (None, Some(fold)) => {
                self.replayed.push(name.clone());
                self.reducers.push(Reducer { fold, initial });
                core::ChannelKind::Reducer(core::ReducerId(next(self.reducers.len() - 1)))
            }
            (None, None) => core::ChannelKind::LastValue,
        };
        Ok((name, kind))
    }

    fn untracked_in(&self, graph: &core::Graph) -> HashSet<core::ChannelId> {
        let names = self.untracked.iter();
        names.filter_map(|name| graph.channel_id(name)).collect()
    }
}

/// Whether a hidden channel triggers one of `nodes`, whose names cannot contain a colon.
fn leads_to(channel: &str, nodes: &HashSet<String>) -> bool {
    let hidden = channel.starts_with("branch:to:") || channel.starts_with("join:");
    hidden
        && channel
            .rsplit(':')
            .next()
            .is_some_and(|node| nodes.contains(node))
}

impl Graph {
    /// Whether a channel's values are kept from savers.
    pub(crate) fn is_untracked(&self, channel: core::ChannelId) -> bool {
        self.untracked.contains(&channel)
    }

    /// Whether there is anything that is kept from savers.
    pub(crate) fn has_untracked(&self) -> bool {
        !self.untracked.is_empty()
    }

    /// Whether a channel waits for the end of the run before it triggers its node.
    pub(crate) fn is_deferred(&self, channel: core::ChannelId) -> bool {
        self.deferred[channel.index()]
    }

    /// The exception for an error the engine found itself.
    pub(crate) fn engine_error(&self, py: Python<'_>, error: &core::EngineError) -> PyErr {
        let make = self.face.engine_error.bind(py);
        match make.call1((error.class_name(), error.to_string())) {
            Ok(exception) => PyErr::from_value(exception),
            Err(error) => error,
        }
    }

    pub(crate) fn channel_name<'a, 'py>(
        &'a self,
        py: Python<'py>,
        channel: core::ChannelId,
    ) -> &'a Bound<'py, PyString> {
        self.channel_names[channel.index()].bind(py)
    }

    pub(crate) fn node_name<'a, 'py>(
        &'a self,
        py: Python<'py>,
        node: core::NodeId,
    ) -> &'a Bound<'py, PyString> {
        self.node_names[node.index()].bind(py)
    }
}
