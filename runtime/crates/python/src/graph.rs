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
    pub bubble_up: Py<PyAny>,
    pub engine_error: Py<PyAny>,
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
            bubble_up: get("bubble_up")?,
            engine_error: get("engine_error")?,
            new_checkpoint_id: face.getattr("new_checkpoint_id")?.extract()?,
        })
    }
}

/// A graph ready to run.
///
/// Args:
///     face: What the values exchanged with the graph look like.
///     channels: Per key of the state: name, reducer or `None`, initial value factory or `None`.
///     nodes: Per node: name, keys read, whether it is deferred, `run`, `arun`, class or `None`,
///         managed values.
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
    /// By channel slot: the channel leads to a deferred node.
    deferred: Vec<bool>,
}

/// How writes to a channel are folded, and what it starts with.
pub(crate) struct Reducer {
    pub fold: Py<PyAny>,
    pub initial: Option<Py<PyAny>>,
}

type ManagedSpec = Vec<(Py<PyString>, Py<PyAny>)>;
type ChannelSpec = (String, Option<Py<PyAny>>, Option<Py<PyAny>>);
type NodeSpec = (
    String,
    Vec<String>,
    bool,
    Py<PyAny>,
    Py<PyAny>,
    Option<Py<PyAny>>,
    ManagedSpec,
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
        let mut reducers = Vec::new();
        for (name, fold, initial) in channels {
            let kind = match fold {
                None => core::ChannelKind::LastValue,
                Some(fold) => {
                    let slot = u32::try_from(reducers.len()).unwrap_or(u32::MAX);
                    reducers.push(Reducer { fold, initial });
                    core::ChannelKind::Reducer(core::ReducerId(slot))
                }
            };
            builder.add_channel(name, kind).map_err(|e| refused(&e))?;
        }
        let mut bodies = vec![None];
        let mut deferred_nodes = HashSet::new();
        for (name, reads, defer, run, arun, build, managed) in nodes {
            if defer {
                deferred_nodes.insert(name.clone());
            }
            let mut spec = core::NodeSpec::new(name, reads);
            spec.defer = defer;
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
            reducers,
            nodes: bodies,
            routers,
            channel_names: graph.channel_names().map(interned).collect(),
            node_names: graph.node_names().map(interned).collect(),
            state: state.unbind(),
            state_keys: PyTuple::new(py, &names)?.unbind(),
            root: names == ["__root__"],
            deferred: graph
                .channel_names()
                .map(|name| leads_to(name, &deferred_nodes))
                .collect(),
            core: Arc::new(graph),
        })
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
    /// Whether a channel waits for the end of the run before it triggers its node.
    pub(crate) fn is_deferred(&self, channel: core::ChannelId) -> bool {
        self.deferred[channel.index()]
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
