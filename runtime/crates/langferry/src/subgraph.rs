//! A graph as a node of another, and one that a node runs.

use std::borrow::Cow;
use std::sync::Arc;

use langferry_core as core;
use langferry_pystd::{Exception, Value};
use langferry_trace::TraceValue;

use crate::Json;
use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::driver::Execution;
use crate::input::Input;
use crate::node::{ForCaller, ForParent, Given, NodeOutput, NodeResult, Pending};
use crate::object_state::ObjectClass;
use crate::state_value::Shared;
use crate::store::MemoryStore;
use crate::waiting::wait;

/// Runs `inner` on the input of a task of `outer`; its output is the task's.
pub(crate) fn call(
    inner: CompiledGraph,
    outer: &CompiledGraph,
    object: Option<&'static ObjectClass>,
    given: Given<'_>,
    config: RunConfig,
    store: Option<MemoryStore>,
) -> Pending<NodeResult> {
    let start = start(&inner, outer, object, given);
    let place = format!("a graph that is a node of `{}`", outer.name());
    Box::pin(async move {
        let mut run = Execution::nested(&inner, start?, config, store, place);
        while run.next().await.is_some() {}
        let named = |(channel, value): (core::ChannelId, Shared)| {
            (Cow::Borrowed(inner.channel_name(channel)), value)
        };
        match run.finish() {
            Ok(output) => Ok(NodeOutput {
                writes: output.into_values().into_iter().map(named).collect(),
                goto: Vec::new(),
            }),
            Err(raised) => match left_for_parent(&raised) {
                Some(output) => Ok(output.clone()),
                None => Err(raised),
            },
        }
    })
}

/// Runs `inner` for a node that has called it, as LangGraph does where nothing but an input is given: with the
/// caller's config and store, without a thread of its own.
pub(crate) fn run_by_node(
    inner: &CompiledGraph,
    input: Input,
    config: RunConfig,
    store: Option<MemoryStore>,
) -> Result<Value, Exception> {
    let place = format!("the graph `{}`, which a node runs", inner.name());
    let mut run = Execution::nested(inner, input.start(inner)?, config, store, place);
    wait(async { while run.next().await.is_some() {} });
    let output = run.finish().map_err(for_caller)?;
    Value::from_trace(&output.encoded()).map_err(Exception::unsupported)
}

/// The output that a graph leaves to the one around it.
fn left_for_parent(raised: &Exception) -> Option<&NodeOutput> {
    let ForParent(output) = raised.payload()?.downcast_ref()?;
    Some(output)
}

fn for_caller(raised: Exception) -> Exception {
    match left_for_parent(&raised) {
        Some(output) => Exception::parent_command(Arc::new(ForCaller(output.clone()))),
        None => raised,
    }
}

fn start(
    inner: &CompiledGraph,
    outer: &CompiledGraph,
    object: Option<&'static ObjectClass>,
    given: Given<'_>,
) -> Result<core::Start<Shared>, Exception> {
    match (given.input, object) {
        (core::Input::Arg(arg), _) => Input::Encoded(arg.encoded()).start(inner),
        (core::Input::State(values), Some(class)) => {
            let fields = class.handed_on(&outer.encode(&values));
            let named = fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value));
            Input::Encoded(Json::Object(named.collect())).start(inner)
        }
        (core::Input::State(values), None) => {
            let named = values
                .into_vec()
                .into_iter()
                .map(|(channel, value)| (Cow::Borrowed(outer.channel_name(channel)), value));
            let taken = named.filter(|(channel, _)| inner.takes(channel));
            Ok(core::Start::Input(inner.settle_writes(taken)?))
        }
    }
}
