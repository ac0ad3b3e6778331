//! The state machine that a driver steps: one run of a graph.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use crate::begin::Begun;
use crate::call::{Call, NodeOutput, NodeResult, RouteResult, Target};
use crate::called::CalledTask;
use crate::checkpoint::{Checkpoint, CheckpointId, Source};
use crate::config::{Breakpoints, Config, Outcome, Output, Start, Step, Stop};
use crate::delta::{Deltas, LastCheckpoint};
use crate::error::{Error, Failure};
use crate::event::{Event, Interest, Order};
use crate::graph::Graph;
use crate::host::Host;
use crate::ids::{ChannelId, NodeId, TaskPath, TaskRef};
use crate::scratchpad::{NullResume, Scratchpad};
use crate::state::{Applied, State};
use crate::stats::Stats;
use crate::task::{Phase, Task};
use crate::values::Values;
use crate::write::{Interrupt, PendingWrites, Write, Writer};

pub(crate) type Failed<H> = Error<<H as Host>::Error>;
/// The outcome, once the run is over.
pub(crate) type Ended<H> = Option<Outcome<<H as Host>::Value, <H as Host>::Error>>;
pub(crate) type PlannedTask<H> = Task<<H as Host>::Value, <H as Host>::Error>;

/// What mode `values` showed last.
pub(crate) enum Shown<V> {
    Nothing,
    /// The state as it still is.
    AsItIs,
    Values(Vec<(ChannelId, V)>),
}

/// What `next` does when it is called again.
pub(crate) enum Stage<V> {
    Begin(Box<(Start<V>, Option<Checkpoint<V>>)>),
    Plan,
    Execute,
    Over,
}

/// One run of a graph, from input (or a checkpoint) to its outcome.
///
/// **Failure.** When a node, router or reducer raises, the run fails. Upstream cancels the tasks still
/// running, and its streams show the results that came in before it noticed. Here that moment is the
/// call of [`Run::next`]: all results handed over before it are recorded and told, in planned order,
/// and the run fails with the first failure in planned order. A driver that waits for all calls of the
/// step before it calls `next` is deterministic; one that calls `next` at once stops soonest.
///
/// A node whose router raises has already written: its `updates` chunk is told, then its result with
/// both writes and error, and a resumed run treats it as finished. All this is upstream's behaviour.
///
/// **Interrupts** do not stop the other tasks of the step. Their writes are kept as
/// [pending writes](Run::pending_writes), and they are not run again when the run is resumed.
pub struct Run<H: Host> {
    pub(crate) graph: Arc<Graph>,
    pub(crate) config: Config<H::Value>,
    pub(crate) stage: Stage<H::Value>,
    pub(crate) state: Option<Box<State<H::Value>>>,
    pub(crate) checkpoint_id: CheckpointId,
    pub(crate) step: i64,
    pub(crate) stop: i64,
    pub(crate) output: Vec<ChannelId>,
    pub(crate) in_output: Vec<bool>,
    pub(crate) shown: Shown<H::Value>,
    /// Whether the output channels change only by updates that are shown, once that is known.
    pub(crate) settles: Option<bool>,
    /// Channels updated by the last step; `None` when that is not known.
    pub(crate) updated: Option<Vec<ChannelId>>,
    pub(crate) tasks: Vec<PlannedTask<H>>,
    /// Tasks whose node is to be called next.
    pub(crate) ready: VecDeque<u32>,
    /// Tasks with a result that `next` has not looked at.
    pub(crate) arrived: Vec<u32>,
    pub(crate) unsettled: usize,
    /// In planned order: tasks before this one have been told.
    pub(crate) told: usize,
    /// Tasks that tasks of this step have called.
    pub(crate) called: Vec<CalledTask<H::Value>>,
    pub(crate) called_running: usize,
    /// Writes of called tasks of this step by an earlier run, by id, as long as they were not called again.
    pub(crate) loaded_called: HashMap<String, Vec<Write<H::Value>>>,
    pub(crate) failed: bool,
    /// A task of the step was settled by something else than an end.
    pub(crate) halted: bool,
    /// Nobody is told of tasks that end.
    pub(crate) silent: bool,
    /// Writes of tasks of this step by an earlier run.
    pub(crate) loaded: HashMap<(NodeId, TaskPath), Vec<Write<H::Value>>>,
    /// Writes of all tasks of the step while they are applied, in case that fails.
    pub(crate) kept: Vec<PendingWrites<H::Value>>,
    /// Writes of `Command`s given as input on this checkpoint.
    pub(crate) input_writes: Vec<Write<H::Value>>,
    pub(crate) null: NullResume<H::Value>,
    /// `null` holds what this run was resumed with.
    pub(crate) answered: bool,
    pub(crate) resume_map: HashMap<String, H::Value>,
    pub(crate) deltas: Deltas<H::Value>,
    /// The run started from a checkpoint.
    pub(crate) found: bool,
    /// A `Command` was written on the checkpoint the run started from.
    pub(crate) commanded: bool,
    /// With everything told at the end: the step and source of a checkpoint nobody was told of.
    passed: Option<(i64, Source)>,
    /// That checkpoint, where the state has gone on from it.
    last: Option<LastCheckpoint<H::Value>>,
    /// The run is no run but an update from outside: over after one step.
    pub(crate) update_only: bool,
    /// Tasks that finished in an earlier run are run again in this step.
    pub(crate) rerun: bool,
    pub(crate) events: Vec<Event<H::Value, H::Error>>,
    pub(crate) calls: Vec<Call<H::Value>>,
    // What follows holds nothing between calls but room that is used again.
    pub(crate) candidates: Vec<NodeId>,
    /// What the nodes of each schema read, while a step is planned.
    pub(crate) read: Vec<(u32, Values<H::Value>)>,
    applied: Vec<Applied<H::Value>>,
    order: Vec<u32>,
    pub(crate) taken: Vec<u32>,
    pub(crate) spare_writes: Vec<Vec<Write<H::Value>>>,
    pub(crate) spare_pads: Vec<Scratchpad<H::Value>>,
    spare_output: NodeOutput<H::Value>,
}

impl<H: Host> Run<H> {
    /// A run that has not begun; nothing happens before the first [`Run::next`].
    #[must_use]
    pub fn new(
        graph: Arc<Graph>,
        start: Start<H::Value>,
        checkpoint: Option<Checkpoint<H::Value>>,
        config: Config<H::Value>,
    ) -> Self {
        let output = match &config.output {
            Output::Schema => graph.output.clone(),
            Output::State => graph.state.clone(),
            Output::Channels(channels) => channels.clone(),
        };
        let mut in_output = vec![false; graph.slots.len()];
        for channel in &output {
            in_output[channel.index()] = true;
        }
        Run {
            null: config
                .parent
                .clone()
                .unwrap_or_else(|| NullResume::new(None)),
            stage: Stage::Begin(Box::new((start, checkpoint))),
            state: None,
            checkpoint_id: CheckpointId::new(0, Some(String::new())),
            step: -1,
            stop: 0,
            output,
            in_output,
            shown: Shown::Nothing,
            settles: None,
            updated: None,
            tasks: Vec::new(),
            ready: VecDeque::new(),
            arrived: Vec::new(),
            unsettled: 0,
            told: 0,
            called: Vec::new(),
            called_running: 0,
            loaded_called: HashMap::new(),
            failed: false,
            halted: false,
            silent: config.interest == Interest::default() && !graph.has_cached(),
            loaded: HashMap::new(),
            kept: Vec::new(),
            input_writes: Vec::new(),
            answered: false,
            resume_map: config.answers.clone(),
            deltas: Deltas::new(&graph, config.deltas),
            found: false,
            commanded: false,
            passed: None,
            last: None,
            update_only: false,
            rerun: config.replay.rerun,
            config,
            graph,
            events: Vec::new(),
            calls: Vec::new(),
            candidates: Vec::new(),
            read: Vec::new(),
            applied: Vec::new(),
            order: Vec::new(),
            taken: Vec::new(),
            spare_writes: Vec::new(),
            spare_pads: Vec::new(),
            spare_output: NodeOutput::default(),
        }
    }

    /// Does everything that can be done without the driver.
    ///
    /// Returns when it has calls to perform, when it waits for results of earlier calls (then the step
    /// has no calls) or when the run is over (then it has an outcome). It never fails itself: errors
    /// are the outcome [`Outcome::Failed`].
    pub fn next(&mut self, host: &mut H) -> Step<H::Value, H::Error> {
        let mut step = Step::default();
        self.next_into(host, &mut step);
        step
    }

    /// [`Run::next`] into a step that is used again. What it still holds is dropped.
    pub fn next_into(&mut self, host: &mut H, step: &mut Step<H::Value, H::Error>) {
        step.events.clear();
        step.calls.clear();
        step.outcome = match self.advance(host) {
            Ok(outcome) => outcome,
            Err(error) => Some(self.over(Outcome::Failed(error))),
        };
        std::mem::swap(&mut self.events, &mut step.events);
        std::mem::swap(&mut self.calls, &mut step.calls);
    }

    fn advance(&mut self, host: &mut H) -> Result<Ended<H>, Arc<Failed<H>>> {
        loop {
            match std::mem::replace(&mut self.stage, Stage::Over) {
                Stage::Begin(given) => {
                    let (start, checkpoint) = *given;
                    self.stage = match self.begin(host, start, checkpoint).map_err(Arc::new)? {
                        Begun::Run => Stage::Plan,
                        Begun::Update => Stage::Execute,
                        Begun::Done => return Ok(Some(self.finished())),
                    };
                }
                Stage::Plan => {
                    if let Some(outcome) = self.plan(host).map_err(Arc::new)? {
                        return Ok(Some(outcome));
                    }
                    self.stage = Stage::Execute;
                }
                Stage::Execute => {
                    self.execute(host);
                    if self.failed {
                        self.tell_settled();
                        let error = self.first_error(false).or_else(|| self.first_error(true));
                        if let Some(error) = error {
                            return Err(error);
                        }
                    }
                    if self.unsettled > 0 || self.awaits_called() {
                        self.stage = Stage::Execute;
                        return Ok(None);
                    }
                    if let Some(outcome) = self.finish_step(host)? {
                        return Ok(Some(outcome));
                    }
                    self.stage = Stage::Plan;
                }
                Stage::Over => return Ok(None),
            }
        }
    }

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
                self.write_output(task.index, &mut output);
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
            self.write_targets(task.index, &mut targets)
                .map_err(Failure::Engine)
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

    /// Lets go of the last step's tasks, and with them of what they raised. For a run that is over.
    pub fn release(&mut self) {
        self.tasks.clear();
    }

    /// Writes of the step that did not complete. When a run ends, a saver puts them
    /// into the last checkpoint it was given, or else into the one the run started from.
    ///
    /// With [`Config::at_exit`], those that an earlier run left there are not among them.
    #[must_use]
    pub fn pending_writes(&self) -> Vec<PendingWrites<H::Value>> {
        if !self.kept.is_empty() {
            return self.kept.clone();
        }
        let mut pending = Vec::new();
        let mut keep = |writer, writes: Vec<Write<H::Value>>| {
            if !writes.is_empty() {
                pending.push(PendingWrites { writer, writes });
            }
        };
        if self.commanded || !self.config.at_exit {
            keep(Writer::Input, self.input_writes.clone());
        }
        if !self.loaded.is_empty() && !self.config.at_exit {
            let wrote = |task: &&PlannedTask<H>| !task.recorded().is_empty();
            let rewritten: HashSet<_> = self.tasks.iter().filter(wrote).map(Task::key).collect();
            let mut loaded: Vec<_> = self
                .loaded
                .iter()
                .filter(|(key, _)| !rewritten.contains(key))
                .collect();
            loaded.sort_by_key(|(key, _)| **key);
            for (&(node, path), writes) in loaded {
                keep(Writer::Task(node, path), writes.clone());
            }
        }
        for task in &self.tasks {
            keep(Writer::Task(task.at.node, task.at.path), task.recorded());
        }
        pending.extend(self.pending_called());
        pending
    }

    /// The channels that hold a value, changed by writes that count for this reading only.
    ///
    /// # Errors
    /// When the writes cannot come together, or a reducer raises.
    pub fn read(
        &mut self,
        host: &mut H,
        channels: &[ChannelId],
        writes: Vec<(ChannelId, H::Value)>,
    ) -> Result<Vec<(ChannelId, H::Value)>, Failed<H>> {
        let Some(state) = &mut self.state else {
            return Ok(Vec::new());
        };
        if writes.is_empty() {
            return Ok(state.read(channels));
        }
        let writes: Vec<_> = writes
            .into_iter()
            .map(|(channel, value)| Write::Channel(channel, value))
            .collect();
        let values = state.read_fresh(&self.graph, host, channels, &writes)?;
        Ok(values.into_vec())
    }

    /// Whether the answer of `Command(resume=value)` still waits for a question.
    #[must_use]
    pub fn answer_is_open(&self) -> bool {
        self.null.is_open()
    }

    /// The id of the newest checkpoint; empty before the run has begun.
    #[must_use]
    pub fn checkpoint_id(&self) -> &str {
        self.checkpoint_id.as_str()
    }

    /// The superstep the run is in or comes to next.
    #[must_use]
    pub fn step(&self) -> i64 {
        self.step
    }

    /// How many supersteps the run may still take before its limit, as LangGraph's `RemainingSteps` counts them.
    #[must_use]
    pub fn remaining_steps(&self) -> i64 {
        self.stop - self.step
    }

    /// The graph being run.
    #[must_use]
    pub fn graph(&self) -> &Arc<Graph> {
        &self.graph
    }

    /// What the engine has touched so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.state
            .as_ref()
            .map(|state| state.stats)
            .unwrap_or_default()
    }

    pub(crate) fn over(
        &mut self,
        outcome: Outcome<H::Value, H::Error>,
    ) -> Outcome<H::Value, H::Error> {
        self.stage = Stage::Over;
        self.calls.clear();
        outcome
    }

    /// The first failure in planned order, of the kind that bubbles up or of the other.
    fn first_error(&self, bubbles: bool) -> Option<Arc<Failed<H>>> {
        self.tasks.iter().find_map(|task| match &task.phase {
            Phase::Failed(error) if !bubbles => Some(Arc::clone(error)),
            Phase::BubbledUp(error) if bubbles => Some(Arc::clone(error)),
            _ => None,
        })
    }

    /// The output channels that hold a value.
    pub(crate) fn read_output(&mut self) -> Vec<(ChannelId, H::Value)> {
        self.state
            .as_mut()
            .map(|state| state.read(&self.output))
            .unwrap_or_default()
    }

    pub(crate) fn shows(&self, updated: &[ChannelId]) -> bool {
        updated
            .iter()
            .any(|channel| self.in_output[channel.index()])
    }

    /// Ends a superstep in which all tasks are settled, unless it is to be stopped here.
    fn finish_step(&mut self, host: &mut H) -> Result<Ended<H>, Arc<Failed<H>>> {
        if self.halted {
            for bubbles in [true, false] {
                if let Some(error) = self.first_error(bubbles) {
                    return Err(error);
                }
            }
        }
        let stopped = |task: &PlannedTask<H>| matches!(task.phase, Phase::Interrupted(_));
        if self.called_asks() || self.halted && self.tasks.iter().any(stopped) {
            let interrupts = self.tasks.iter().filter_map(|task| match &task.phase {
                Phase::Interrupted(interrupts) => Some(interrupts.clone()),
                _ => None,
            });
            let interrupts = interrupts.flatten().collect();
            return self
                .interrupt(host, interrupts, Stop::Question)
                .map(Some)
                .map_err(Arc::new);
        }
        let mut nodes = Vec::new();
        if self.config.interrupt_after != Breakpoints::None {
            nodes.extend(self.tasks.iter().map(|task| task.at.node));
        }
        self.note_superstep(host);
        if self.config.interest.save {
            self.kept = self.pending_writes();
        }
        let updated = self.apply_all(host).map_err(Arc::new)?;
        if self.shows(&updated) {
            self.tell_values(None);
        }
        self.updated = Some(updated);
        self.kept.clear();
        self.loaded.clear();
        self.forget_called();
        self.input_writes.clear();
        self.commanded = false;
        self.rerun = false;
        if std::mem::take(&mut self.answered) {
            match &self.config.parent {
                Some(parent) => self.null = parent.clone(),
                None => self.null.clear(),
            }
        }
        if self.update_only {
            self.put_checkpoint(host, Source::Update)
                .map_err(Arc::new)?;
            return Ok(Some(self.finished()));
        }
        self.put_checkpoint(host, Source::Loop).map_err(Arc::new)?;
        if let Some(state) = &mut self.state {
            state.stats.steps += 1;
        }
        if self.should_interrupt(
            |breakpoints| &breakpoints.interrupt_after,
            nodes.into_iter(),
        ) {
            self.find_tasks(host).map_err(Arc::new)?;
            self.tell_planned();
            return self
                .interrupt(host, Vec::new(), Stop::After)
                .map(Some)
                .map_err(Arc::new);
        }
        Ok(None)
    }

    pub(crate) fn finished(&mut self) -> Outcome<H::Value, H::Error> {
        let values = self.read_output();
        self.over(Outcome::Finished { values })
    }

    /// Applies what the tasks of the step wrote, and drops the tasks; the channels that were updated.
    fn apply_all(&mut self, host: &mut H) -> Result<Vec<ChannelId>, Failed<H>> {
        let mut tasks = std::mem::take(&mut self.applied);
        if let [task] = self.tasks.as_mut_slice() {
            tasks.push(applied(&task.at, std::mem::take(&mut task.writes)));
        } else {
            let mut order = std::mem::take(&mut self.order);
            order.clear();
            order.extend((0..).take(self.tasks.len()));
            self.sort_for_apply(&mut order);
            for &index in &order {
                let task = &mut self.tasks[index as usize];
                tasks.push(applied(&task.at, std::mem::take(&mut task.writes)));
            }
            self.order = order;
        }
        if !self.called.is_empty() {
            tasks.extend(self.applied_called());
        }
        // inputs are dropped before reducers run, so that these may own the values they extend
        let pads = self.tasks.drain(..).map(|task| task.pad);
        self.spare_pads.extend(pads.filter(Scratchpad::is_kept));
        let mut updated = self.updated.take().unwrap_or_default();
        updated.clear();
        if let Some(state) = &mut self.state {
            let (graph, events) = (&self.graph, &mut self.events);
            state.apply_into(graph, host, None, &mut tasks, events, &mut updated)?;
        }
        self.spare_writes
            .extend(tasks.drain(..).map(|applied| applied.writes));
        self.applied = tasks;
        Ok(updated)
    }

    pub(crate) fn apply(
        &mut self,
        host: &mut H,
        tasks: Vec<Applied<H::Value>>,
    ) -> Result<Vec<ChannelId>, Failed<H>> {
        match &mut self.state {
            Some(state) => state.apply(&self.graph, host, None, tasks, &mut self.events),
            None => Ok(Vec::new()),
        }
    }

    /// Upstream applies nodes by name, then sends by number.
    pub(crate) fn sort_for_apply(&self, order: &mut [u32]) {
        order.sort_by_key(|&index| self.apply_key(&self.tasks[index as usize].at));
    }

    /// What a handler writes comes right after what the task that failed wrote.
    pub(crate) fn apply_key(&self, at: &TaskRef) -> (u8, u32, bool) {
        let (node, path, handles) = match at.path.failed() {
            Some((node, path)) => (node, path, true),
            None => (at.node, at.path, false),
        };
        let (kind, place) = match path {
            TaskPath::Push(place) => (1, place),
            TaskPath::Update(place) => (2, place),
            _ => (0, self.graph.nodes[node.index()].rank),
        };
        (kind, place, handles)
    }

    /// Numbers the new checkpoint, tells a saver, and goes to the next step.
    pub(crate) fn put_checkpoint(&mut self, host: &mut H, source: Source) -> Result<(), Failed<H>> {
        self.checkpoint_id = CheckpointId::new(self.step, host.checkpoint_id(self.step));
        if self.config.interest.save {
            let updated = self.updated.as_deref();
            let updated = updated.filter(|_| source != Source::Fork);
            self.deltas.count(updated.unwrap_or_default());
            if self.config.at_exit {
                self.passed = Some((self.step, source));
                self.events.push(Event::Passed {
                    id: self.checkpoint_id.as_str().to_owned(),
                    step: self.step,
                    source,
                    counters: self.deltas.counters(),
                });
            } else if let Some(checkpoint) = self.save(host, self.step, source)? {
                self.events.push(Event::Checkpoint(Box::new(checkpoint)));
            }
        }
        self.step += 1;
        Ok(())
    }

    fn save(
        &mut self,
        host: &mut H,
        step: i64,
        source: Source,
    ) -> Result<Option<Checkpoint<H::Value>>, Failed<H>> {
        let Some(state) = &self.state else {
            return Ok(None);
        };
        let whole = self.deltas.due(state);
        self.deltas.stored(&whole);
        // a branch's first checkpoint tells of none, unless it has waited for the end of the run
        let told = !self.update_only && (source != Source::Fork || self.config.at_exit);
        let updated = self.updated.as_deref().filter(|_| told);
        let mut checkpoint = state.save(
            &self.graph,
            host,
            self.checkpoint_id.as_str().to_owned(),
            step,
            source,
            updated.unwrap_or_default(),
            &whole,
        )?;
        checkpoint.counters = self.deltas.counters();
        Ok(Some(checkpoint))
    }

    /// With [`Config::at_exit`]: the last checkpoint and the writes to delta channels that it implies
    /// without holding them, or nothing when the run has made none. Gives it once.
    ///
    /// # Errors
    /// What a channel raises that is to be kept.
    pub fn last_checkpoint(
        &mut self,
        host: &mut H,
    ) -> Result<Option<LastCheckpoint<H::Value>>, Failed<H>> {
        if let Some((step, source)) = self.passed.take() {
            let kept = self.take_kept_deltas();
            let checkpoint = self.save(host, step, source)?;
            self.last = checkpoint.map(|checkpoint| LastCheckpoint { checkpoint, kept });
        }
        Ok(self.last.take())
    }

    /// Stops the run at `interrupt()` or at a breakpoint.
    ///
    /// The outcome shows the state with the writes of finished tasks, although no checkpoint has them.
    pub(crate) fn interrupt(
        &mut self,
        host: &mut H,
        interrupts: Vec<Interrupt<H::Value>>,
        at: Stop,
    ) -> Result<Outcome<H::Value, H::Error>, Failed<H>> {
        let wrote = |task: &PlannedTask<H>| !task.writes.is_empty() || task.answers().is_some();
        let called = self.called_wrote();
        let pending = called
            || self.tasks.iter().any(|task| !task.recorded().is_empty())
            || !self.loaded.is_empty()
            || !self.input_writes.is_empty();
        if !self.config.nested && pending && (called || self.tasks.iter().any(wrote)) {
            // the state goes on from the checkpoint that is to be stored
            self.last = self.last_checkpoint(host)?;
            let mut order: Vec<u32> = (0..).take(self.tasks.len()).collect();
            self.sort_for_apply(&mut order);
            let writes = |&index: &u32| {
                let task = &self.tasks[index as usize];
                applied(&task.at, task.writes.clone())
            };
            let called = self.applied_called();
            let tasks = order.iter().map(writes).chain(called).collect();
            let updated = self.apply(host, tasks)?;
            if self.shows(&updated) {
                self.tell_values(None);
            }
        }
        let stops = interrupts.is_empty() && !self.called_asks();
        if stops && !self.config.nested && self.config.interest.updates {
            self.events.push(Event::Interrupted {
                step: self.step,
                task: None,
                interrupts: Vec::new(),
            });
        }
        let values = self.read_output();
        Ok(self.over(Outcome::Interrupted {
            values,
            interrupts,
            at,
        }))
    }

    pub(crate) fn tell_values(&mut self, interrupts: Option<Vec<Interrupt<H::Value>>>) {
        if self.config.interest.result {
            self.shown = if self.output_settles() {
                Shown::AsItIs
            } else {
                Shown::Values(self.read_output())
            };
        }
        if self.config.interest.values {
            let values = self.read_output();
            self.events.push(Event::Values {
                step: self.step,
                values,
                interrupts,
            });
        }
    }

    /// The state as mode `values` showed it last, for a driver with [`Interest::result`]; `None` if
    /// it never did.
    ///
    /// [`Interest::result`]: crate::Interest::result
    pub fn last_values(&mut self) -> Option<Vec<(ChannelId, H::Value)>> {
        match std::mem::replace(&mut self.shown, Shown::Nothing) {
            Shown::Nothing => None,
            Shown::AsItIs => Some(self.read_output()),
            Shown::Values(values) => Some(values),
        }
    }

    /// Whether the output channels change only by updates that mode `values` shows.
    fn output_settles(&mut self) -> bool {
        if let Some(settles) = self.settles {
            return settles;
        }
        let settles = self.state.as_ref().is_some_and(|state| {
            let settles = |&id: &ChannelId| !state.channel(id).is_transient();
            self.output.iter().all(settles)
        });
        self.settles = Some(settles);
        settles
    }

    pub(crate) fn tells_on_arrival(&self) -> bool {
        self.config.order == Order::Arrival
    }
}

pub(crate) fn applied<V>(at: &TaskRef, writes: Vec<Write<V>>) -> Applied<V> {
    Applied {
        task: Some((at.node, at.path)),
        writes,
    }
}
