//! The state machine that a driver steps: one run of a graph.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::begin::Begun;
use crate::call::{Call, NodeOutput};
use crate::called::CalledTask;
use crate::checkpoint::{Checkpoint, CheckpointId, Source};
use crate::config::{Config, Outcome, Output, Start, Step};
use crate::delta::{Deltas, LastCheckpoint};
use crate::error::Error;
use crate::event::{Event, Interest};
use crate::graph::Graph;
use crate::host::Host;
use crate::ids::{ChannelId, NodeId, TaskPath};
use crate::performing::{Came, HandsOut, OnTheWay, Performer};
use crate::scratchpad::{NullResume, Scratchpad};
use crate::shown::Shown;
use crate::state::{Applied, State};
use crate::stats::Stats;
use crate::task::Task;
use crate::values::Values;
use crate::write::{PendingWrites, Write};

pub(crate) type Failed<H> = Error<<H as Host>::Error>;
/// The outcome, once the run is over.
pub(crate) type Ended<H> = Option<Outcome<<H as Host>::Value, <H as Host>::Error>>;
pub(crate) type PlannedTask<H> = Task<<H as Host>::Value, <H as Host>::Error>;

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
    pub(crate) passed: Option<(i64, Source)>,
    /// That checkpoint, where the state has gone on from it.
    pub(crate) last: Option<LastCheckpoint<H::Value>>,
    /// The run is no run but an update from outside: over after one step.
    pub(crate) update_only: bool,
    /// Tasks that finished in an earlier run are run again in this step.
    pub(crate) rerun: bool,
    pub(crate) events: Vec<Event<H::Value, H::Error>>,
    /// How many of `events` come before the step's tasks are begun.
    pub(crate) announced: usize,
    pub(crate) calls: Vec<Call<H::Value>>,
    // What follows holds nothing between calls but room that is used again.
    pub(crate) candidates: Vec<NodeId>,
    /// What the nodes of each schema read, while a step is planned.
    pub(crate) read: Vec<(u32, Values<H::Value>)>,
    pub(crate) applied: Vec<Applied<H::Value>>,
    pub(crate) order: Vec<u32>,
    pub(crate) taken: Vec<u32>,
    pub(crate) spare_writes: Vec<Vec<Write<H::Value>>>,
    pub(crate) spare_pads: Vec<Scratchpad<H::Value>>,
    pub(crate) spare_output: NodeOutput<H::Value>,
    /// There if supersteps may be performed on the way.
    pub(crate) way: Option<Box<OnTheWay<H::Value>>>,
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
        let step = checkpoint.as_ref().map_or(-1, |found| found.step + 1);
        let limit = i64::try_from(config.recursion_limit).unwrap_or(i64::MAX);
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
            step,
            stop: step.saturating_add(limit).saturating_add(1),
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
            way: OnTheWay::of(&graph, &config),
            config,
            graph,
            events: Vec::new(),
            announced: 0,
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
        self.next_performing(host, step, &mut HandsOut);
    }

    /// [`Run::next_into`] that has `performer` perform the calls of simple supersteps, in planned order, if nobody
    /// watches the run and it is [simple](Config::simple) itself. It comes back for all other calls, and where one
    /// has to wait.
    pub fn next_performing<P: Performer<H>>(
        &mut self,
        host: &mut H,
        step: &mut Step<H::Value, H::Error>,
        performer: &mut P,
    ) {
        step.events.clear();
        step.calls.clear();
        step.outcome = match self.advance(host, performer) {
            Ok(outcome) => outcome,
            Err(error) => Some(self.over(Outcome::Failed(error))),
        };
        std::mem::swap(&mut self.events, &mut step.events);
        step.announced = std::mem::take(&mut self.announced);
        std::mem::swap(&mut self.calls, &mut step.calls);
    }

    fn advance<P: Performer<H>>(
        &mut self,
        host: &mut H,
        performer: &mut P,
    ) -> Result<Ended<H>, Arc<Failed<H>>> {
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
                    if P::PERFORMS {
                        let came = loop {
                            match self.perform(host, performer).map_err(Arc::new)? {
                                Came::ToItsEnd => {}
                                came => break came,
                            }
                        };
                        if let Came::Halfway = came {
                            self.stage = Stage::Execute;
                            continue;
                        }
                    }
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

    /// Lets go of the last step's tasks, and with them of what they raised. For a run that is over.
    pub fn release(&mut self) {
        self.tasks.clear();
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

    /// The last superstep that the run may come to.
    #[must_use]
    pub fn last_step(&self) -> i64 {
        self.stop
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
}
