//! A graph ready to run: the engine's graph with the functions and types behind its slots.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use langferry_checkpoint::codec::Classes;
use langferry_core::{self as core, BranchId, ChannelId, Names, NodeId};
use langferry_pystd::Exception;
use langferry_trace::DecodeError;

use crate::Json;
use crate::config::RunConfig;
use crate::driver::{Execution, block_on};
use crate::error::GraphError;
use crate::fields::EncodedFields;
use crate::input::Input;
use crate::node::{Node, NodeOutput, Router};
use crate::object_state::ObjectClass;
use crate::output::Output;
use crate::path_map::PathMap;
use crate::saver::Saver;
use crate::state::ChannelSpec;
use crate::state_value::Shared;
use crate::store::MemoryStore;
use crate::target::Target;

/// A graph ready to run. Clones are the same graph.
#[derive(Clone)]
pub struct CompiledGraph(Arc<Parts>, Option<Arc<dyn Saver>>, Option<Arc<Stops>>);

/// Where runs stop in place of where the program says; nowhere where it is to be as the program says.
struct Stops {
    before: core::Breakpoints,
    after: core::Breakpoints,
}

/// What the builder has gathered.
pub(crate) struct Parts {
    pub name: String,
    pub graph: Arc<core::Graph>,
    /// By [`NodeId`], but for the start node.
    pub nodes: Vec<Node>,
    /// The classes of what nodes are given, by the same.
    pub objects: Vec<Option<&'static ObjectClass>>,
    /// By [`BranchId`].
    pub routers: Vec<(Router, PathMap)>,
    /// By [`ChannelId`]: state channels come first.
    pub channels: Vec<ChannelSpec>,
    /// By `ReducerId`.
    pub reducers: Vec<ChannelSpec>,
    /// Where each channel is in `channels`.
    pub places: Names<&'static str, usize>,
    pub input: HashSet<&'static str>,
    /// How objects of the program's classes are stored.
    pub classes: Classes,
    pub interrupt_before: core::Breakpoints,
    pub interrupt_after: core::Breakpoints,
    /// Whether a node that is sent its input is shown the state.
    pub sees_state: bool,
    pub store: Option<MemoryStore>,
}

impl std::fmt::Debug for CompiledGraph {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("CompiledGraph").field(&self.0.name).finish()
    }
}

impl CompiledGraph {
    pub(crate) fn new(parts: Parts, saver: Option<Arc<dyn Saver>>) -> Self {
        CompiledGraph(Arc::new(parts), saver, None)
    }

    /// The same graph, keeping the state of every thread in `saver`.
    #[must_use]
    pub fn with_checkpointer(mut self, saver: impl Saver + 'static) -> Self {
        self.1 = Some(Arc::new(saver));
        self
    }

    /// The same graph, stopping before and after these nodes, `"*"` for all: as in LangGraph, in place of the
    /// program's own breakpoints where there are any here.
    ///
    /// # Errors
    /// When the graph has no such node.
    pub fn with_breakpoints<'a>(
        mut self,
        before: impl IntoIterator<Item = &'a str>,
        after: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, GraphError> {
        let (before, after) = (self.stops(before)?, self.stops(after)?);
        self.2 = Some(Arc::new(Stops { before, after }));
        Ok(self)
    }

    fn stops<'a>(
        &self,
        nodes: impl IntoIterator<Item = &'a str>,
    ) -> Result<core::Breakpoints, GraphError> {
        let nodes: Vec<&str> = nodes.into_iter().collect();
        match nodes.contains(&"*") {
            true => Ok(core::Breakpoints::All),
            false => Ok(core::Breakpoints::at(self.core(), nodes)?),
        }
    }

    /// The name it was built with.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Runs the graph to its end, or to its next interrupt.
    ///
    /// # Errors
    /// What a node, router or reducer raised, or LangGraph itself would raise.
    pub async fn invoke(
        &self,
        input: impl Into<Input>,
        config: &RunConfig,
    ) -> Result<Output, Exception> {
        let interest = core::Interest::default();
        let mut run = Execution::new(
            self,
            input.into(),
            config.clone(),
            interest,
            core::Output::Schema,
        )?;
        while run.next().await.is_some() {}
        run.finish()
    }

    /// [`CompiledGraph::invoke`] for callers outside an async runtime.
    ///
    /// # Errors
    /// As [`CompiledGraph::invoke`], and when no runtime can be started.
    pub fn invoke_blocking(
        &self,
        input: impl Into<Input>,
        config: &RunConfig,
    ) -> Result<Output, Exception> {
        block_on(self.invoke(input, config))?
    }

    pub(crate) fn sees_state(&self) -> bool {
        self.0.sees_state
    }

    pub(crate) fn store(&self) -> Option<&MemoryStore> {
        self.0.store.as_ref()
    }

    pub(crate) fn has_saver(&self) -> bool {
        self.1.is_some()
    }

    pub(crate) fn saver(&self) -> Option<&Arc<dyn Saver>> {
        self.1.as_ref()
    }

    /// Where a run stops: before these nodes, and after those.
    pub(crate) fn breakpoints(&self) -> (&core::Breakpoints, &core::Breakpoints) {
        let (before, after) = (&self.0.interrupt_before, &self.0.interrupt_after);
        let or = |given, own| match given {
            &core::Breakpoints::None => own,
            given => given,
        };
        match &self.2 {
            None => (before, after),
            Some(stops) => (or(&stops.before, before), or(&stops.after, after)),
        }
    }

    pub(crate) fn core(&self) -> &Arc<core::Graph> {
        &self.0.graph
    }

    pub(crate) fn reducers(&self) -> &[ChannelSpec] {
        &self.0.reducers
    }

    pub(crate) fn node(&self, node: NodeId) -> &Node {
        // the start node, slot 0, has no function and is never called
        &self.0.nodes[node.index() - 1]
    }

    /// The class LangGraph makes an object of for a node; None where it gives it a dict.
    pub(crate) fn object(&self, node: NodeId) -> Option<&'static ObjectClass> {
        self.0.objects[node.index() - 1]
    }

    pub(crate) fn router(&self, branch: BranchId) -> &(Router, PathMap) {
        &self.0.routers[branch.index()]
    }

    /// Whether the input schema has `channel`.
    pub(crate) fn takes(&self, channel: &str) -> bool {
        self.0.input.contains(channel)
    }

    /// The channel that is the whole state, where the state is a bare value.
    fn root(&self) -> Option<(ChannelId, &ChannelSpec)> {
        match self.0.places.len() {
            1 => self.channel(core::ROOT),
            _ => None,
        }
    }

    /// The channels a dict in the trace's encoding sets, as this graph's input.
    pub(crate) fn decode_input(
        &self,
        encoded: &Json,
    ) -> Result<Vec<(ChannelId, Shared)>, Exception> {
        let refused = |error: DecodeError| {
            Exception::unsupported(format!("the input of `{}`: {error}", self.0.name))
        };
        if let Some((id, spec)) = self.root() {
            return Ok(vec![(id, spec.decode(encoded).map_err(refused)?)]);
        }
        let fields = match encoded {
            Json::Object(fields) if !fields.contains_key("$type") => fields,
            _ => return Err(refused(DecodeError::expected("dict", encoded))),
        };
        let mut writes = Vec::with_capacity(fields.len());
        for (channel, value) in fields.iter().filter(|(channel, _)| self.takes(channel)) {
            if let Some((id, spec)) = self.channel(channel) {
                writes.push((id, spec.decode(value).map_err(refused)?));
            }
        }
        Ok(writes)
    }

    /// A node's output in slots; keys that are no channels are dropped, as LangGraph does.
    ///
    /// LangGraph tells of the writes of a task that is `alone` in its superstep after they are applied: what
    /// reducers do to the written objects is seen.
    pub(crate) fn settle(
        &self,
        output: NodeOutput,
        alone: bool,
        settled: &mut core::NodeOutput<Shared>,
    ) -> Result<(), Exception> {
        for (name, value) in output.writes {
            if let Some((id, spec)) = self.channel(&name) {
                let mut value = accept(spec, value)?;
                if alone {
                    value = spec.in_place(value);
                }
                settled.updates.push((id, value));
            }
        }
        for target in output.goto {
            settled.goto.push(self.settle_target(target)?);
        }
        Ok(())
    }

    pub(crate) fn settle_writes(
        &self,
        writes: impl IntoIterator<Item = (Cow<'static, str>, Shared)>,
    ) -> Result<Vec<(ChannelId, Shared)>, Exception> {
        let known = writes.into_iter().filter_map(|(name, value)| {
            let (id, spec) = self.channel(&name)?;
            Some(accept(spec, value).map(|value| (id, value)))
        });
        known.collect()
    }

    pub(crate) fn settle_goto(
        &self,
        targets: Vec<Target>,
    ) -> Result<Vec<core::Target<Shared>>, Exception> {
        let settled = targets.into_iter().map(|target| self.settle_target(target));
        settled.collect()
    }

    fn settle_target(&self, target: Target) -> Result<core::Target<Shared>, Exception> {
        match target {
            Target::Node(name) => Ok(self.0.graph.target(&name)),
            Target::Send(send) => Ok(core::Target::Send(send.into())),
            Target::Key(key) => {
                let key = langferry_pystd::repr(&key);
                Err(Exception::unsupported(format!("Command(goto={key})")))
            }
        }
    }

    pub(crate) fn channel(&self, name: &str) -> Option<(ChannelId, &ChannelSpec)> {
        /// So few are found sooner by name than by hash.
        const FEW: usize = 8;
        let channels = &self.0.channels;
        let place = match channels.len() {
            ..=FEW => channels.iter().position(|spec| spec.name == name)?,
            _ => *self.0.places.get(name)?,
        };
        // state channels have the first slots, in the order they were added
        Some((ChannelId(u32::try_from(place).ok()?), &channels[place]))
    }

    pub(crate) fn channel_spec(&self, channel: ChannelId) -> &ChannelSpec {
        &self.0.channels[channel.index()]
    }

    pub(crate) fn classes(&self) -> &Classes {
        &self.0.classes
    }

    pub(crate) fn channel_name(&self, channel: ChannelId) -> &'static str {
        self.0.channels[channel.index()].name
    }

    /// Channel values as an encoded dict; a bare state as it is.
    pub(crate) fn encode(&self, values: &[(ChannelId, Shared)]) -> Json {
        if self.root().is_some() {
            let value = values.first().map(|(_, value)| value.encoded());
            return value.unwrap_or_default();
        }
        let mut fields = EncodedFields::default();
        for (channel, value) in values {
            fields.put_encoded(self.channel_name(*channel), value.encoded());
        }
        fields.into_dict()
    }
}

/// A written `value` as the channel takes it.
fn accept(spec: &ChannelSpec, value: Shared) -> Result<Shared, Exception> {
    spec.accept(value).map_err(|error| {
        let channel = spec.name;
        Exception::unsupported(format!("a value for channel `{channel}`: {error}"))
    })
}
