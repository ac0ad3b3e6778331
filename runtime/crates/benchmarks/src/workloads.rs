//! The workloads, by the names `benchmarks/workloads.py` gives the same graphs in Python.

mod agent;
mod checkpoints;
mod counter;
mod fan_out;
mod messages;
mod runs;
mod subgraphs;
mod wide;

use crate::case::Build;

/// The workload of that name.
pub fn find(name: &str) -> Option<Build> {
    let build: Build = match name {
        "sequential" => counter::sequential,
        "sequential_async" => counter::sequential_async,
        "loop" => counter::looping,
        "loop_async" => counter::looping_async,
        "loop_command" => counter::looping_by_command,
        "loop_config" => counter::looping_with_config,
        "fanout_send" => fan_out::send,
        "fanout_send_async" => fan_out::send_async,
        "fanout_static" => fan_out::fixed,
        "fanout_subgraph" => subgraphs::fan_out,
        "subgraph_loop" => subgraphs::looping,
        "wide_state" => wide::state,
        "wide_state_ckpt" => wide::state_saved,
        "messages" => messages::appended,
        "messages_ckpt" => messages::appended_and_saved,
        "react_plain" => agent::react,
        "ckpt_memory_sync" | "ckpt_memory_async" => checkpoints::looping,
        "ckpt_sequential_memory" => checkpoints::sequential,
        "ckpt_fanout_memory" => checkpoints::fan_out,
        "growth_memory" => checkpoints::growth,
        "interrupt_resume_memory" => checkpoints::interrupt_and_resume,
        "stream_values" => counter::stream_values,
        "stream_updates" => counter::stream_updates,
        "stream_tasks" => counter::stream_tasks,
        "concurrent" => runs::concurrent,
        "concurrent_io" => runs::concurrent_waiting,
        "invoke_small" => runs::small,
        "compile" => runs::compile,
        _ => return None,
    };
    Some(build)
}

/// A configuration without a limit that matters.
fn unlimited() -> langferry::prelude::RunConfig {
    langferry::prelude::RunConfig::default().with_recursion_limit(1_000_000_000)
}
