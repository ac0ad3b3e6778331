//! What drivers hand over: results of nodes and routers.

use crate::call::{Call, NodeOutput, NodeResult, RouteResult, Target};
use crate::error::Failure;
use crate::host::Host;
use crate::ids::TaskRef;
use crate::run::{Run, Stage};
use crate::task::Phase;
use crate::write::Write;

impl<H: Host> Run<H> {
    /// Takes a node's result. `false` when the task waits for none: it is of an earlier step, has its
    /// result, or the run is over (a late result after a failure is ignored).
    pub fn complete(&mut self, task: TaskRef, result: NodeResult<H::Value, H::Error>) -> bool {
        self.complete_with(task, |output| {
            *output = result?;
            Ok(())
        })
    }

    /// [`Run::complete`] with an output that `fill` makes of an empty one, whose room is used again.
    pub fn complete_with(
        &mut self,
        task: TaskRef,
        fill: impl FnOnce(&mut NodeOutput<H::Value>) -> Result<(), Failure<H::Value, H::Error>>,
    ) -> bool {
        if !self.awaits(task, |phase| matches!(phase, Phase::AwaitingNode)) {
            return false;
        }
        let mut output = std::mem::take(&mut self.spare_output);
        let phase = match fill(&mut output) {
            Ok(()) => {
                let writes = &mut self.tasks[task.index as usize].writes;
                self.graph.write_output(task.node, &mut output, writes);
                Phase::Answered
            }
            Err(failure) => Phase::Stopped(failure),
        };
        output.clear();
        self.spare_output = output;
        self.arrive(task, phase)
    }

    /// Takes, in place of a node's result, what the driver has kept of an earlier task of the node on the
    /// same input ([`Event::Keep`]). The node's routers are not called. `false` as for [`Run::complete`].
    pub fn recall(&mut self, task: TaskRef, writes: Vec<Write<H::Value>>) -> bool {
        self.awaits(task, |phase| matches!(phase, Phase::AwaitingNode))
            && self.arrive(task, Phase::Recalled(writes))
    }

    /// The routers to call for the results handed over since, without ending the batch: failures and
    /// finished tasks are left to the next [`Run::next`].
    ///
    /// For drivers that take a task from its node to its last router before they start the next task, so
    /// that side effects come in the order of a sequential program.
    pub fn follow_ups(&mut self, host: &mut H) -> Vec<Call<H::Value>> {
        if matches!(self.stage, Stage::Execute) {
            self.execute(host);
        }
        std::mem::take(&mut self.calls)
    }

    /// Takes a router's result, the branch's path map already applied. `false` as for
    /// [`Run::complete`].
    pub fn routed(&mut self, task: TaskRef, result: RouteResult<H::Value, H::Error>) -> bool {
        self.routed_with(task, |targets| {
            *targets = result?;
            Ok(())
        })
    }

    /// [`Run::routed`] with targets that `fill` puts into an empty vector, whose room is used again.
    pub fn routed_with(
        &mut self,
        task: TaskRef,
        fill: impl FnOnce(&mut Vec<Target<H::Value>>) -> Result<(), Failure<H::Value, H::Error>>,
    ) -> bool {
        if !self.awaits(task, |phase| matches!(phase, Phase::AwaitingRoute)) {
            return false;
        }
        let mut targets = std::mem::take(&mut self.spare_output.goto);
        let written = fill(&mut targets).and_then(|()| {
            let task = &mut self.tasks[task.index as usize];
            let written = self.graph.write_targets(&mut targets, &mut task.writes);
            task.routed += usize::from(written.is_ok());
            written.map_err(Failure::Engine)
        });
        targets.clear();
        self.spare_output.goto = targets;
        let phase = match written {
            Ok(()) => Phase::Answered,
            Err(failure) => Phase::Stopped(failure),
        };
        self.arrive(task, phase)
    }

    fn awaits(&self, at: TaskRef, awaited: fn(&Phase<H::Value, H::Error>) -> bool) -> bool {
        let task = self.tasks.get(at.index as usize);
        !matches!(self.stage, Stage::Over)
            && task.is_some_and(|task| task.at == at && awaited(&task.phase))
    }

    fn arrive(&mut self, at: TaskRef, phase: Phase<H::Value, H::Error>) -> bool {
        self.tasks[at.index as usize].phase = phase;
        self.arrived.push(at.index);
        true
    }
}
