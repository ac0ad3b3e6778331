//! A graph as a node of another.

use std::borrow::Cow;

use langferry_core as core;

use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::driver::Execution;
use crate::input::Input;
use crate::node::{ForParent, Given, NodeOutput, NodeResult, Pending};
use crate::state_value::Shared;

/// Runs `inner` on the input of a task of `outer`; its output is the task's.
pub(crate) fn call(
    inner: CompiledGraph,
    outer: &CompiledGraph,
    given: Given<'_>,
    config: RunConfig,
) -> Pending<NodeResult> {
    let start = start(&inner, outer, given);
    let outer = outer.name().to_owned();
    Box::pin(async move {
        let mut run = Execution::nested(&inner, start?, config, outer);
        while run.next().await.is_some() {}
        let named = |(channel, value): (core::ChannelId, Shared)| {
            (Cow::Borrowed(inner.channel_name(channel)), value)
        };
        match run.finish() {
            Ok(output) => Ok(NodeOutput {
                writes: output.into_values().into_iter().map(named).collect(),
                goto: Vec::new(),
            }),
            Err(raised) => match raised.payload().and_then(|x| x.downcast_ref::<ForParent>()) {
                Some(ForParent(output)) => Ok(output.clone()),
                None => Err(raised),
            },
        }
    })
}

fn start(
    inner: &CompiledGraph,
    outer: &CompiledGraph,
    given: Given<'_>,
) -> Result<core::Start<Shared>, langferry_pystd::Exception> {
    match given.input {
        core::Input::Arg(arg) => Input::Encoded(arg.encoded()).start(inner),
        core::Input::State(values) => {
            let named = values
                .into_vec()
                .into_iter()
                .map(|(channel, value)| (Cow::Borrowed(outer.channel_name(channel)), value));
            let taken = named.filter(|(channel, _)| inner.takes(channel));
            Ok(core::Start::Input(inner.settle_writes(taken)?))
        }
    }
}
