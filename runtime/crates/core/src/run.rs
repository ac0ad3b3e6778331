//! The state machine that a driver steps: one run of a graph.

// Signatures (bodies follow in the next commit):
//
// pub struct Run<H: Host> { .. }
// impl<H: Host> Run<H> {
//     pub fn new(graph: Arc<Graph>, start: Start<H::Value>, checkpoint: Option<Checkpoint<H::Value>>,
//                config: Config<H::Value>) -> Self;
//     /// Does everything that can be done without the driver.
//     pub fn next(&mut self, host: &mut H) -> Step<H::Value, H::Error>;
//     /// Takes a node's result; `false` when the task is not waiting for one (late after a failure).
//     pub fn complete(&mut self, task: TaskRef, result: NodeResult<H::Value, H::Error>) -> bool;
//     /// Takes a router's result, path map already applied.
//     pub fn routed(&mut self, task: TaskRef, result: RouteResult<H::Value, H::Error>) -> bool;
//     /// Writes of the unfinished step, to be stored in the last checkpoint when the run ends.
//     pub fn pending_writes(&self) -> Vec<PendingWrites<H::Value>>;
//     pub fn graph(&self) -> &Arc<Graph>;
//     pub fn stats(&self) -> Stats;
// }
