//! The builder: a graph by names and typed functions.

use std::any::type_name;
use std::future::Future;
use std::sync::Arc;

use langferry_checkpoint::codec::{ClassKind, Classes};
use langferry_core::{self as core, BranchSpec, ChannelKind, Names, ReducerId};

use crate::compiled::{CompiledGraph, Parts};
use crate::context::Context;
use crate::error::GraphError;
use crate::node::{Function, Node, NodeResult, Router};
use crate::object_state::ObjectClass;
use crate::path_map::PathMap;
use crate::reduction::Reduction;
use crate::saver::Saver;
use crate::state::{ChannelSpec, State};
use crate::store::MemoryStore;
use crate::target::RouteResult;

/// A graph under construction.
///
/// Mistakes are reported by [`StateGraph::compile`], the first one first.
pub struct StateGraph {
    name: String,
    wiring: core::StateGraph,
    channels: Vec<ChannelSpec>,
    places: Names<&'static str, usize>,
    reducers: Vec<ChannelSpec>,
    object: Option<&'static ObjectClass>,
    state: Vec<&'static str>,
    input: Vec<&'static str>,
    nodes: Vec<Node>,
    objects: Vec<Option<&'static ObjectClass>>,
    routers: Vec<(Router, PathMap)>,
    saver: Option<Arc<dyn Saver>>,
    classes: Classes,
    mistake: Option<GraphError>,
    interrupt_before: Vec<String>,
    interrupt_after: Vec<String>,
    sees_state: bool,
    store: Option<MemoryStore>,
}

/// A node's name, with what else LangGraph may be told about the node.
#[derive(Clone, Debug)]
pub struct NodeName {
    name: String,
    deferred: bool,
    ends: Vec<String>,
    sees_state: bool,
}

impl NodeName {
    /// A node that runs when it is triggered.
    pub fn new(name: impl Into<String>) -> Self {
        NodeName {
            name: name.into(),
            deferred: false,
            ends: Vec::new(),
            sees_state: false,
        }
    }

    /// Shows it the channels, too, when what it runs on is sent to it: [`Context::state`].
    #[must_use]
    pub fn seeing_state(mut self) -> Self {
        self.sees_state = true;
        self
    }

    /// Runs it only when nothing else is left to run (`defer=True`).
    #[must_use]
    pub fn deferred(mut self) -> Self {
        self.deferred = true;
        self
    }

    /// The nodes its commands may go to, which must exist (`destinations=` or `Command[Literal[...]]`).
    #[must_use]
    pub fn ends<S: Into<String>>(mut self, ends: impl IntoIterator<Item = S>) -> Self {
        self.ends = ends.into_iter().map(Into::into).collect();
        self
    }
}

impl<S: Into<String>> From<S> for NodeName {
    fn from(name: S) -> Self {
        NodeName::new(name)
    }
}

impl StateGraph {
    /// An empty graph over the state `S`, which is its input and output schema too until another is named.
    #[must_use]
    #[allow(clippy::new_ret_no_self)]
    pub fn new<S: State>(name: impl Into<String>) -> Self {
        let mut graph = StateGraph {
            name: name.into(),
            wiring: core::StateGraph::new(),
            channels: Vec::new(),
            places: Names::default(),
            reducers: Vec::new(),
            state: Vec::new(),
            input: Vec::new(),
            nodes: Vec::new(),
            object: S::OBJECT,
            objects: Vec::new(),
            routers: Vec::new(),
            saver: None,
            classes: Classes::default(),
            mistake: None,
            interrupt_before: Vec::new(),
            interrupt_after: Vec::new(),
            sees_state: false,
            store: None,
        };
        graph.state = graph.add_schema::<S>();
        graph.input = graph.state.clone();
        graph.wiring.set_output(graph.state.iter().copied());
        graph
    }

    /// Takes input for the channels of `S` only.
    pub fn input_schema<S: State>(&mut self) -> &mut Self {
        self.input = self.add_schema::<S>();
        self
    }

    /// Gives the channels of `S` as output only.
    pub fn output_schema<S: State>(&mut self) -> &mut Self {
        let channels = self.add_schema::<S>();
        self.wiring.set_output(channels);
        self
    }

    /// Adds a function as a node.
    pub fn add_node<S: State>(
        &mut self,
        name: impl Into<NodeName>,
        node: impl Fn(&S, &Context) -> NodeResult + Send + Sync + 'static,
    ) -> &mut Self {
        let channels = self.add_schema::<S>();
        self.objects.push(S::OBJECT);
        self.push_node(name.into(), channels, Node::Function(Function::sync(node)))
    }

    /// Adds an `async` function as a node.
    pub fn add_async_node<S: State, F>(
        &mut self,
        name: impl Into<NodeName>,
        node: impl Fn(S, Context) -> F + Send + Sync + 'static,
    ) -> &mut Self
    where
        F: Future<Output = NodeResult> + Send + 'static,
    {
        let channels = self.add_schema::<S>();
        self.objects.push(S::OBJECT);
        self.push_node(
            name.into(),
            channels,
            Node::Function(Function::asynchronous(node)),
        )
    }

    /// Adds a graph as a node: it is given the state (or a `Send`'s argument), as the object that LangGraph makes of
    /// it if that is one, and its output is the update.
    ///
    /// Its supersteps are counted apart, against the same recursion limit.
    pub fn add_subgraph(&mut self, name: impl Into<NodeName>, graph: CompiledGraph) -> &mut Self {
        let name = name.into();
        if graph.has_saver() {
            self.fail(GraphError::SubgraphSaver {
                node: name.name.clone(),
            });
        }
        let channels = self.state.clone();
        self.objects.push(self.object);
        self.push_node(name, channels, Node::Graph(graph))
    }

    /// Goes from one node to the next, from `START`, or to `END`.
    pub fn add_edge(&mut self, from: impl Into<String>, to: impl Into<String>) -> &mut Self {
        let added = self.wiring.add_edge(from, to);
        self.check(added)
    }

    /// Goes on when all of `from` have run.
    pub fn add_join<S: Into<String>>(
        &mut self,
        from: impl IntoIterator<Item = S>,
        to: impl Into<String>,
    ) -> &mut Self {
        let added = self.wiring.add_join(from, to);
        self.check(added)
    }

    /// Lets `router` decide where to go after `from`.
    pub fn add_conditional_edges<S: State, R>(
        &mut self,
        from: impl Into<String>,
        router: R,
        path_map: PathMap,
    ) -> &mut Self
    where
        R: Fn(&S, &Context) -> RouteResult + Send + Sync + 'static,
    {
        let channels = self.add_schema::<S>();
        self.push_router(
            from.into(),
            type_name::<R>(),
            channels,
            Function::sync(router),
            path_map,
        )
    }

    /// Lets an `async` `router` decide where to go after `from`.
    pub fn add_async_conditional_edges<S: State, R, F>(
        &mut self,
        from: impl Into<String>,
        router: R,
        path_map: PathMap,
    ) -> &mut Self
    where
        R: Fn(S, Context) -> F + Send + Sync + 'static,
        F: Future<Output = RouteResult> + Send + 'static,
    {
        let channels = self.add_schema::<S>();
        let function = Function::asynchronous(router);
        self.push_router(from.into(), type_name::<R>(), channels, function, path_map)
    }

    /// Keeps the state of every thread in `saver`.
    pub fn checkpointer(&mut self, saver: impl Saver + 'static) -> &mut Self {
        self.saver = Some(Arc::new(saver));
        self
    }

    /// Lends nodes, routers and tools a `store`; graphs within this one use it, too.
    pub fn store(&mut self, store: MemoryStore) -> &mut Self {
        self.store = Some(store);
        self
    }

    /// Says how savers keep the objects of a class of the program: its module, and its name in there.
    pub fn stores(&mut self, module: &str, class: &str, kind: ClassKind) -> &mut Self {
        self.classes.add(module, class, kind);
        self
    }

    /// Stops before these nodes, once a run.
    pub fn interrupt_before<S: Into<String>>(
        &mut self,
        nodes: impl IntoIterator<Item = S>,
    ) -> &mut Self {
        self.interrupt_before = nodes.into_iter().map(Into::into).collect();
        self
    }

    /// Stops after these nodes.
    pub fn interrupt_after<S: Into<String>>(
        &mut self,
        nodes: impl IntoIterator<Item = S>,
    ) -> &mut Self {
        self.interrupt_after = nodes.into_iter().map(Into::into).collect();
        self
    }

    /// Checks the graph and makes it runnable.
    ///
    /// # Errors
    /// The first mistake made while building, then what LangGraph's own `compile` refuses.
    pub fn compile(&mut self) -> Result<CompiledGraph, GraphError> {
        if let Some(mistake) = &self.mistake {
            return Err(mistake.clone());
        }
        let graph = self.wiring.clone().compile()?;
        let at = |nodes: &[String]| {
            core::Breakpoints::at(&graph, nodes.iter().map(String::as_str))
                .map_err(GraphError::from)
        };
        let (interrupt_before, interrupt_after) =
            (at(&self.interrupt_before)?, at(&self.interrupt_after)?);
        let parts = Parts {
            name: self.name.clone(),
            graph: Arc::new(graph),
            nodes: self.nodes.clone(),
            objects: self.objects.clone(),
            routers: self.routers.clone(),
            channels: self.channels.clone(),
            reducers: self.reducers.clone(),
            places: self.places.clone(),
            input: self.input.iter().copied().collect(),
            classes: self.classes.clone(),
            interrupt_before,
            interrupt_after,
            sees_state: self.sees_state,
            store: self.store.clone(),
        };
        Ok(CompiledGraph::new(parts, self.saver.clone()))
    }

    fn add_schema<S: State>(&mut self) -> Vec<&'static str> {
        let specs = S::channels();
        let names = specs.iter().map(|spec| spec.name).collect();
        for spec in specs {
            if let Err(mistake) = self.add_channel(spec) {
                self.fail(mistake);
            }
        }
        names
    }

    fn add_channel(&mut self, spec: ChannelSpec) -> Result<(), GraphError> {
        let kind = match spec.reduction {
            None if spec.is_transient => ChannelKind::Ephemeral { guard: true },
            None => ChannelKind::LastValue,
            Some(Reduction { path, .. }) => {
                let same = |reducer: &ChannelSpec| {
                    reducer.name == spec.name
                        && reducer.reduction.is_some_and(|known| known.path == path)
                };
                let place = self
                    .reducers
                    .iter()
                    .position(same)
                    .unwrap_or(self.reducers.len());
                if place == self.reducers.len() {
                    self.reducers.push(spec.clone());
                }
                ChannelKind::Reducer(ReducerId(u32::try_from(place).unwrap_or(u32::MAX)))
            }
        };
        self.wiring.add_channel(spec.name, kind)?;
        if !self.places.contains_key(spec.name) {
            self.places.insert(spec.name, self.channels.len());
            self.channels.push(spec);
        }
        Ok(())
    }

    fn push_node(&mut self, name: NodeName, channels: Vec<&'static str>, node: Node) -> &mut Self {
        let mut spec = core::NodeSpec::new(name.name, channels);
        spec.defer = name.deferred;
        spec.ends = name.ends;
        self.sees_state |= name.sees_state;
        self.nodes.push(node);
        let added = self.wiring.add_node(spec);
        self.check(added)
    }

    fn push_router(
        &mut self,
        from: String,
        type_name: &str,
        channels: Vec<&'static str>,
        router: Router,
        path_map: PathMap,
    ) -> &mut Self {
        let branch = BranchSpec {
            name: router_name(type_name, self.routers.len()),
            input: channels.into_iter().map(str::to_owned).collect(),
            targets: path_map.destinations(),
        };
        self.routers.push((router, path_map));
        let added = self.wiring.add_branch(from, branch).map(|_| ());
        self.check(added)
    }

    fn check(&mut self, added: Result<(), core::GraphError>) -> &mut Self {
        if let Err(error) = added {
            self.fail(error.into());
        }
        self
    }

    fn fail(&mut self, mistake: GraphError) {
        self.mistake.get_or_insert(mistake);
    }
}

/// A router's name for LangGraph's messages: the function's, or a number for what has none.
fn router_name(type_name: &str, number: usize) -> String {
    let path = type_name.split('<').next().unwrap_or(type_name);
    match path.rsplit("::").next() {
        Some(name) if !type_name.contains("{{") => name.to_owned(),
        _ => format!("condition_{number}"),
    }
}
