//! Changes to a thread from outside a run: each makes one checkpoint.

use crate::begin::Begun;
use crate::call::NodeOutput;
use crate::checkpoint::Source;
use crate::host::Host;
use crate::ids::{ChannelId, NodeId, TaskPath, TaskRef};
use crate::run::{Failed, Run};
use crate::scratchpad::{NullResume, Scratchpad};
use crate::state::{Applied, State};
use crate::task::{Phase, Task, TaskInput};

impl<H: Host> Run<H> {
    /// Makes a superstep of updates in the name of nodes: they have returned, their routers are to be
    /// called. What earlier runs left pending on the checkpoint plays no part.
    pub(crate) fn update(
        &mut self,
        state: Box<State<H::Value>>,
        updates: Vec<(NodeId, NodeOutput<H::Value>)>,
    ) -> Begun {
        self.forget_pending();
        self.state = Some(state);
        for (index, (node, mut output)) in (0..).zip(updates) {
            self.tasks.push(Task {
                at: TaskRef {
                    step: self.step,
                    index,
                    node,
                    path: TaskPath::Update(index),
                },
                input: TaskInput::Start(NodeOutput::default()),
                pad: Scratchpad::new(Vec::new(), NullResume::new(None)),
                timeout: None,
                writes: Vec::new(),
                routed: 0,
                phase: Phase::Answered,
            });
            let writes = &mut self.tasks[index as usize].writes;
            self.graph.write_output(node, &mut output, writes);
            self.arrived.push(index);
            self.unsettled += 1;
        }
        Begun::Update
    }

    /// Takes input in without running anything.
    pub(crate) fn receive(
        &mut self,
        host: &mut H,
        mut state: Box<State<H::Value>>,
        input: Vec<(ChannelId, H::Value)>,
    ) -> Result<Begun, Failed<H>> {
        let (input, writes) = self.taken_in(host, input.into())?;
        if !self.found {
            self.deltas.begin_by_update();
        }
        self.note_received(host, &writes);
        let tasks = vec![Applied { task: None, writes }];
        let updated = state.apply(&self.graph, host, input, tasks, &mut self.events)?;
        self.state = Some(state);
        self.update_only = true;
        self.updated = Some(updated);
        self.put_checkpoint(host, Source::Input)?;
        Ok(Begun::Done)
    }

    /// Ends the thread: what its finished tasks wrote is applied, all other tasks are dropped.
    pub(crate) fn clear(
        &mut self,
        host: &mut H,
        mut state: Box<State<H::Value>>,
    ) -> Result<Begun, Failed<H>> {
        let mut updated = Vec::new();
        if self.found {
            self.updated = None;
            self.state = Some(state);
            self.find_tasks(host)?;
            self.restore_finished();
            if !self.input_writes.is_empty()
                && let Some(mut state) = self.state.take()
            {
                updated = self.apply_input_writes(host, &mut state)?;
                self.state = Some(state);
            }
            updated.extend(self.apply_tasks(host)?);
        } else {
            state.apply(&self.graph, host, None, Vec::new(), &mut self.events)?;
            self.state = Some(state);
        }
        self.forget_pending();
        self.updated = Some(updated);
        self.put_checkpoint(host, Source::Update)?;
        Ok(Begun::Done)
    }

    /// Applies the writes the tasks have by now, and ends the step for all of them.
    pub(crate) fn apply_tasks(&mut self, host: &mut H) -> Result<Vec<ChannelId>, Failed<H>> {
        let mut order: Vec<u32> = (0..).take(self.tasks.len()).collect();
        self.sort_for_apply(&mut order);
        let task = |&index: &u32| {
            let task = &self.tasks[index as usize];
            Applied {
                task: Some((task.at.node, task.at.path)),
                writes: task.writes.clone(),
            }
        };
        let tasks = order.iter().map(task).collect();
        self.apply(host, tasks)
    }

    fn forget_pending(&mut self) {
        self.update_only = true;
        self.updated = None;
        self.loaded.clear();
        self.loaded_called.clear();
        self.input_writes.clear();
        self.tasks.clear();
        if !self.found {
            self.deltas.begin_by_update();
            // upstream counts from -1, whether that checkpoint exists or not
            self.step = 0;
        }
    }
}
