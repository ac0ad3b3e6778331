//! Error handlers: nodes that run in the step in which another node failed, on that node's input.

use crate::host::Host;
use crate::ids::{NodeId, TaskPath};
use crate::run::Run;
use crate::task::Phase;
use crate::write::Write;

impl<H: Host> Run<H> {
    /// Adds the task that handles a failed one's error.
    pub(crate) fn add_handler(&mut self, host: &mut H, failed: u32, handler: NodeId) -> u32 {
        let task = &self.tasks[failed as usize];
        let path = TaskPath::handler(task.at.node, task.at.path);
        let input = task.input.clone();
        self.add_task(host, handler, path, input, None)
    }

    /// Tasks that failed in an earlier run, in which their error was to be handled, are not run again:
    /// their handlers are. Upstream runs a handler again even if it has finished.
    pub(crate) fn resume_handlers(&mut self, host: &mut H) {
        if self.loaded.is_empty() || self.rerun {
            return;
        }
        for (index, at) in (0..).zip(self.tasks.iter().map(|task| task.at).collect::<Vec<_>>()) {
            let Some(handler) = self.graph.handler(at.node) else {
                continue;
            };
            let loaded = self.loaded.get(&(at.node, at.path));
            let has = |wanted: fn(&Write<H::Value>) -> bool| {
                loaded.is_some_and(|writes| writes.iter().any(wanted))
            };
            if has(|write| matches!(write, Write::ErrorSource(_)))
                && has(|write| matches!(write, Write::Error))
            {
                let task = &mut self.tasks[index as usize];
                task.writes.push(Write::Error);
                task.phase = Phase::Handled(None);
                self.add_handler(host, index, handler);
            }
        }
    }
}
