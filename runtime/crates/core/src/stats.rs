//! Counters of the engine's own work, to keep its cost honest.

/// How much the engine has touched so far. Work inside the driver is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Supersteps completed.
    pub steps: u64,
    /// Tasks planned.
    pub tasks: u64,
    /// Nodes looked at to find the tasks of a step.
    pub nodes_considered: u64,
    /// Channels updated, consumed, cleared or finished.
    pub channels_touched: u64,
    /// Channel values read for inputs and events.
    pub values_read: u64,
}
