//! One run of a graph, stepped by Python: as an iterator, or by an asyncio driver.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use langferry_core as core;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::called::CallTelling;
use crate::chunks::{self, Bare, Modes};
use crate::count_superstep;
use crate::graph::Graph;
use crate::host::PythonHost;
use crate::latest::Latest;
use crate::memory::MemorySaver;
use crate::output::read_writes;
use crate::saved;
use crate::share::Share;
use crate::start::{Change, Shows, Start, Stops, breakpoints};
use crate::task::{RunInfo, Task};
use crate::value::Value;

mod calls;
mod inputs;
mod policies;
mod sharing;
mod telling;
mod unsaved;

type Call = core::Call<Value>;
type Event = core::Event<Value, PyErr>;
type Outcome = core::Outcome<Value, PyErr>;

/// Something for the driver to deal with before it goes on.
enum Item {
    /// For the caller: mode and payload.
    Chunk(&'static str, Py<PyAny>),
    /// For the saver: a checkpoint.
    Checkpoint(Py<PyAny>),
    /// For the saver: task id, path and writes.
    Writes(Py<PyAny>),
    /// For modes that show checkpoints: step, state and planned tasks.
    Planned(Py<PyAny>),
    /// For the cache: key and writes.
    Keep(Py<PyAny>),
}

/// A call with everything it takes.
struct Work {
    call: Call,
    scope: Py<PyAny>,
    input: Py<PyAny>,
    /// In place of the node's own body, when the packet that made the task limits its time.
    limited: Option<(Py<PyAny>, Py<PyAny>)>,
}

/// One run.
///
/// Iterating runs the nodes on the calling thread and gives `(mode, payload)` pairs. An asyncio
/// driver calls `advance` and `finish` instead.
///
/// Args:
///     graph: The graph to run.
///     host: What the run asks of Python: `scope_type`, `save_checkpoint`, `save_writes`,
///         `planned`, `fan_out`, `find_help`, `most_helpers`, `in_event_loop`, `task_metadata`, `warn`,
///         `limited`, `cache_key`, `recall`, `keep`, `control`; with a `store`, also `saving` and `note_unsaved`.
///     start: What to start with.
///     modes: The chunks to make; `None`: only the result is wanted.
///     recursion_limit: How many steps may run.
///     checkpoint: Where to go on from.
///     input: Writes the input of that checkpoint means, if it is the input's.
///     saves: Whether there is a saver.
///     store: What stores the writes of tasks at once, in place of the host.
///     versions: What the saver calls the versions of channels: the list `names`, which `add_name` makes
///         longer.
///     shows: The channels to show and whether they are one as a bare value, or only that for those
///         of the output schema; `None`: the state.
///     namespace: Where the run keeps its checkpoints.
///     nested: The run belongs to a task of another run.
///     parent: That task.
///     answers: Answers to interrupts by id, given to an outer run.
///     resuming: Whether to go on from the checkpoint, if an outer run says so.
///     replay: Of a checkpoint of the past: ask again, run finished tasks again, branch there.
///     interrupt_before: Nodes to stop before, or `"*"`.
///     interrupt_after: Nodes to stop after, or `"*"`.
///     change: Instead of a start: `("update", [(node, value), ...])`, `("input", value)` or
///         `("clear", None)`, which change the state and run nothing.
///     sink: Takes what nodes tell while they run (`put`, `told`); given out as mode `live`.
///     at_exit: Give nothing to the saver while it runs; `unsaved` tells what is to be stored.
///     deltas: For delta channels: supersteps after which they are stored whole, whether the checkpoint
///         is the thread's newest, whether another branch may read what waits on it.
#[pyclass(module = "langferry._engine")]
pub(crate) struct Run {
    core: Arc<Mutex<core::Run<PythonHost>>>,
    info: Arc<RunInfo>,
    host: Py<PyAny>,
    modes: Modes,
    /// What nodes tell while they run, which must not wait for them to return.
    live: Option<Py<PyAny>>,
    engine_host: PythonHost,
    /// The class of what nodes and routers are given besides their input.
    scope_type: Py<PyAny>,
    saves: bool,
    /// Stores the writes of tasks at once.
    store: Option<Py<MemorySaver>>,
    /// What the saver calls the versions of channels.
    versions: Option<Py<PyAny>>,
    /// Show one channel's bare value.
    bare: Bare,
    /// The input as it was given.
    input: Option<Py<PyAny>>,
    items: VecDeque<Item>,
    work: VecDeque<Work>,
    /// Calls that were handed out, by key.
    handed_out: HashMap<usize, Work>,
    next_key: usize,
    fan_out: Option<Py<PyAny>>,
    /// The step's nodes, when this thread runs them with others.
    share: Option<Py<Share>>,
    /// The state as a node or router was given it last, for the next one.
    latest: Latest,
    /// What nodes returned, for their routers.
    returned: HashMap<core::TaskRef, Py<PyAny>>,
    /// What nodes raised, for the saver.
    raised: HashMap<core::TaskRef, PyErr>,
    /// What error handlers are to be told, by the task that failed.
    to_handle: HashMap<(core::NodeId, core::TaskPath), Py<PyAny>>,
    /// By which keys results of this step's tasks are kept.
    cache_keys: HashMap<core::TaskRef, Py<PyAny>>,
    /// Some of the waiting calls may have kept results.
    may_recall: bool,
    outcome: Option<Outcome>,
    /// An error outside any task, which ends the run.
    broken: Option<PyErr>,
    /// The run is over and has raised what it failed with.
    has_raised: bool,
    /// What is to be stored is asked for when the run is over.
    at_exit: bool,
    task_failed: bool,
    /// How many nodes the step runs side by side.
    beside: usize,
    /// The step's nodes are to be run side by side.
    fans_out: bool,
    steps: u64,
}

#[pymethods]
impl Run {
    #[new]
    #[pyo3(signature = (
        graph, host, start, *, modes, recursion_limit, checkpoint=None, input=None, raw_input=None,
        saves=false, store=None, versions=None, shows=None, namespace=String::new(), nested=false, parent=None, answers=None,
        resuming=None, replay=(false, false, false), interrupt_before=None, interrupt_after=None,
        change=None, sink=None, at_exit=false, deltas=None
    ))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments in Python")]
    fn new(
        py: Python<'_>,
        graph: Py<Graph>,
        host: Py<PyAny>,
        start: Option<Start<'_>>,
        modes: Option<Vec<String>>,
        recursion_limit: u64,
        checkpoint: Option<Bound<'_, PyDict>>,
        input: Option<Bound<'_, PyAny>>,
        raw_input: Option<Py<PyAny>>,
        saves: bool,
        store: Option<Py<MemorySaver>>,
        versions: Option<Py<PyAny>>,
        shows: Option<Shows>,
        namespace: String,
        nested: bool,
        parent: Option<Py<Task>>,
        answers: Option<HashMap<String, Py<PyAny>>>,
        resuming: Option<bool>,
        replay: (bool, bool, bool),
        interrupt_before: Option<Stops>,
        interrupt_after: Option<Stops>,
        change: Option<Change<'_>>,
        sink: Option<Py<PyAny>>,
        at_exit: bool,
        deltas: Option<(u64, bool, bool)>,
    ) -> PyResult<Self> {
        let result_only = modes.is_none();
        let modes = Modes::new(&modes.unwrap_or_default());
        let stored_step = match &checkpoint {
            Some(checkpoint) => checkpoint
                .get_item("step")?
                .map(|step| step.extract())
                .transpose()?,
            None => None,
        };
        let first_step: i64 = stored_step.map_or(-1, |step: i64| step + 1);
        let limit = i64::try_from(recursion_limit).unwrap_or(i64::MAX);
        let info = Arc::new(RunInfo {
            graph: graph.clone_ref(py),
            namespace,
            stop: first_step.saturating_add(limit).saturating_add(1),
            checkpoints: Mutex::default(),
            unsaved: OnceLock::new(),
            calls: CallTelling::new(
                modes,
                sink.as_ref().map(|sink| sink.clone_ref(py)),
                host.clone_ref(py),
            ),
        });
        let live = sink.map(|sink| sink.getattr(py, intern!(py, "told")));
        let graph = graph.get();
        let mut returned = HashMap::new();
        let (start, given) = match change {
            None => Start::read(start, graph)?,
            Some(change) => change.read(graph, &mut returned, first_step.max(0))?,
        };
        let mut to_handle = HashMap::new();
        let checkpoint = match checkpoint {
            None => None,
            Some(given) => {
                let input = match input {
                    Some(writes) => read_writes(graph, &writes)?,
                    None => Vec::new(),
                };
                let checkpoint = saved::checkpoint_from_python(py, &info, &given, input)?;
                if let Some(pending) = given.get_item("pending")? {
                    to_handle = saved::errors_from_python(&info, &checkpoint, &pending)?;
                }
                Some(checkpoint)
            }
        };
        let mut config = core::Config::new(recursion_limit);
        config.order = core::Order::Arrival;
        config.nested = nested;
        let (output, bare) = Shows::read(shows, graph)?;
        config.output = output;
        config.parent = parent.map(|task| task.get().scratchpad.null_resume());
        let answers = answers.unwrap_or_default().into_iter();
        config.answers = answers.map(|(id, answer)| (id, Value(answer))).collect();
        config.resuming = resuming;
        let (ask_again, rerun, fork) = replay;
        config.replay = core::Replay {
            ask_again,
            rerun,
            fork,
        };
        config.at_exit = at_exit;
        if let Some((bound, newest, branches)) = deltas {
            config.deltas = core::DeltaConfig {
                bound,
                newest,
                branches,
            };
        }
        config.interrupt_before = breakpoints(graph, interrupt_before);
        config.interrupt_after = breakpoints(graph, interrupt_after);
        config.interest = core::Interest {
            values: modes.values,
            result: result_only,
            updates: modes.updates,
            tasks: modes.tasks || modes.debug,
            planned: saves && (modes.checkpoints || modes.debug),
            save: saves,
            task_writes: saves && !at_exit,
        };
        let scope_type = host.getattr(py, intern!(py, "scope_type"))?;
        Ok(Run {
            core: Arc::new(Mutex::new(core::Run::new(
                Arc::clone(&graph.core),
                start,
                checkpoint,
                config,
            ))),
            engine_host: PythonHost {
                info: Arc::clone(&info),
                saves,
                run: Some(host.clone_ref(py)),
            },
            info,
            host,
            scope_type,
            modes,
            live: live.transpose()?,
            saves,
            store,
            versions,
            bare: Bare(bare),
            input: given.or(raw_input),
            items: VecDeque::new(),
            work: VecDeque::new(),
            handed_out: HashMap::new(),
            next_key: 0,
            fan_out: None,
            share: None,
            latest: Latest::default(),
            returned,
            raised: HashMap::new(),
            to_handle,
            cache_keys: HashMap::new(),
            may_recall: false,
            outcome: None,
            broken: None,
            has_raised: false,
            at_exit,
            task_failed: false,
            beside: 0,
            fans_out: false,
            steps: 0,
        })
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    /// The next chunk, running whatever has to run before.
    fn __next__<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        loop {
            if let Some(live) = &self.live
                && live.bind(py).is_truthy()?
            {
                let told = live.call_method0(py, intern!(py, "popleft"))?;
                return ("live", told).into_pyobject(py).map(Some);
            }
            if let Some(chunk) = self.info.calls.pop() {
                return chunk.into_pyobject(py).map(Some);
            }
            match self.items.pop_front() {
                Some(Item::Chunk(mode, payload)) => {
                    return (mode, payload).into_pyobject(py).map(Some);
                }
                Some(Item::Checkpoint(checkpoint)) => {
                    self.host
                        .call_method1(py, intern!(py, "save_checkpoint"), (checkpoint,))?;
                }
                Some(Item::Writes(written)) => self.store_writes(py, written.bind(py))?,
                Some(Item::Keep(kept)) => {
                    self.host.call_method1(py, intern!(py, "keep"), (kept,))?;
                }
                Some(Item::Planned(planned)) => {
                    // the host knows how its saver addresses the checkpoint, stored by now
                    let chunks = self
                        .host
                        .call_method1(py, intern!(py, "planned"), (planned,))?;
                    let chunks: Vec<(String, Py<PyAny>)> = chunks.extract(py)?;
                    for (mode, chunk) in chunks.into_iter().rev() {
                        let mode = if mode == "debug" {
                            "debug"
                        } else {
                            "checkpoints"
                        };
                        self.items.push_front(Item::Chunk(mode, chunk));
                    }
                }
                None if self.is_over() => {
                    self.abandon(py)?;
                    if let Some(chunk) = self.info.calls.pop() {
                        return chunk.into_pyobject(py).map(Some);
                    }
                    self.raise_failure(py)?;
                    return Ok(None);
                }
                None => self.go_on(py)?,
            }
        }
    }

    /// Runs to the end and gives the last state and the open interrupts.
    fn result<'py>(
        &mut self,
        py: Python<'py>,
    ) -> PyResult<(Option<Bound<'py, PyAny>>, Bound<'py, PyTuple>)> {
        while self.__next__(py)?.is_some() {}
        self.last_state(py)
    }

    /// The last state shown, and the open interrupts of a run that stopped.
    fn last_state<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Option<Bound<'py, PyAny>>, Bound<'py, PyTuple>)> {
        let latest = self.core(py).last_values();
        let latest = latest.map(|values| chunks::shown(py, self.graph(), &values, self.bare));
        let interrupts = match &self.outcome {
            Some(Outcome::Interrupted { interrupts, .. }) => interrupts.as_slice(),
            _ => &[],
        };
        Ok((
            latest.transpose()?,
            saved::interrupts_to_python(py, interrupts)?,
        ))
    }

    /// With `at_exit`, once the run has ended: the checkpoint to store, if there is one, and the
    /// writes to store with it.
    fn unsaved<'py>(
        &mut self,
        py: Python<'py>,
    ) -> PyResult<(Option<Bound<'py, PyDict>>, Bound<'py, PyList>)> {
        let left = (self.left_checkpoint(py)?, self.left_writes(py)?);
        if self.has_raised {
            self.let_go(py);
        }
        Ok(left)
    }

    /// What the run gives once it has ended or stopped; `None` before and if it failed.
    #[getter]
    fn output<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        match &self.outcome {
            Some(Outcome::Finished { values } | Outcome::Interrupted { values, .. }) => {
                chunks::shown(py, self.graph(), values, self.bare).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// For an asyncio driver: what happened, what to run now, whether the run is over.
    ///
    /// What happened is a list of `(kind, payload)`: a mode with its chunk, `"checkpoint"`,
    /// `"writes"`, `"keep"` or `"planned"`. What to run is a list of `(key, arun, input, scope)`.
    #[expect(clippy::type_complexity, reason = "a tuple in Python")]
    fn advance<'py>(
        &mut self,
        py: Python<'py>,
    ) -> PyResult<(
        Vec<(&'static str, Py<PyAny>)>,
        Vec<(usize, Py<PyAny>, Py<PyAny>, Py<PyAny>)>,
        bool,
    )> {
        if !self.is_over() {
            self.step(py)?;
        }
        let mut work = Vec::new();
        for item in std::mem::take(&mut self.work) {
            let key = self.next_key;
            self.next_key += 1;
            work.push((
                key,
                self.arun_of(&item)?.clone_ref(py),
                item.input.clone_ref(py),
                item.scope.clone_ref(py),
            ));
            self.handed_out.insert(key, item);
        }
        let mut told: Vec<_> = std::iter::from_fn(|| self.info.calls.pop()).collect();
        let items = std::mem::take(&mut self.items)
            .into_iter()
            .map(|item| match item {
                Item::Chunk(mode, payload) => (mode, payload),
                Item::Checkpoint(payload) => ("checkpoint", payload),
                Item::Writes(payload) => ("writes", payload),
                Item::Planned(payload) => ("planned", payload),
                Item::Keep(payload) => ("keep", payload),
            });
        told.extend(items);
        Ok((told, work, self.is_over()))
    }

    /// For an asyncio driver: what a call returned, or the exception it raised.
    fn finish(
        &mut self,
        py: Python<'_>,
        key: usize,
        ok: bool,
        result: Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let Some(work) = self.handed_out.remove(&key) else {
            return Ok(());
        };
        let result = if ok {
            Ok(result)
        } else {
            Err(PyErr::from_value(result))
        };
        self.take(py, &work.call, result)
    }

    /// For an asyncio driver: the calls it was just given whose results may be kept, as
    /// `(key, key in the cache)`.
    fn may_be_kept(&mut self, py: Python<'_>) -> Vec<(usize, Py<PyAny>)> {
        self.recallable(py)
    }

    /// For an asyncio driver: what was kept of an earlier run of a call's node, in place of its result.
    fn recall(&mut self, py: Python<'_>, key: usize, writes: &Bound<'_, PyAny>) -> PyResult<()> {
        match self.handed_out.remove(&key) {
            Some(work) => self.take_kept(py, &work, writes),
            None => Ok(()),
        }
    }

    /// The open questions of a run that stopped, those of called tasks too, empty at a breakpoint; `None`
    /// if it did not stop.
    #[getter]
    fn stopped_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        match &self.outcome {
            Some(Outcome::Interrupted { interrupts, .. }) => {
                let mut interrupts = interrupts.clone();
                interrupts.extend(self.core(py).asked_by_called());
                saved::interrupts_to_python(py, &interrupts).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// What the run has taken so far, counted: `steps`, `tasks`, `nodes_considered`, `channels_touched`,
    /// `values_read`, and `values_set` in dicts for nodes and routers.
    #[getter]
    fn work(&self, py: Python<'_>) -> HashMap<&'static str, u64> {
        let stats = self.core(py).stats();
        HashMap::from([
            ("steps", stats.steps),
            ("tasks", stats.tasks),
            ("nodes_considered", stats.nodes_considered),
            ("channels_touched", stats.channels_touched),
            ("values_read", stats.values_read),
            ("values_set", self.latest.set),
        ])
    }

    /// What stopped the run, in LangGraph's words for the status of a loop; `None` if it did not stop.
    #[getter]
    fn stop_status(&self) -> Option<&'static str> {
        match &self.outcome {
            Some(Outcome::Interrupted { at, .. }) => Some(match at {
                core::Stop::Question => "pending",
                core::Stop::Before => "interrupt_before",
                core::Stop::After => "interrupt_after",
            }),
            _ => None,
        }
    }

    /// Begins the run without running anything, for whoever wants to know where it starts.
    fn begin(&mut self, py: Python<'_>) -> PyResult<()> {
        self.step(py)
    }

    /// The id of the newest checkpoint; empty before the run has begun, or if it has none.
    #[getter]
    fn checkpoint_id(&self, py: Python<'_>) -> String {
        self.core(py).checkpoint_id().to_owned()
    }

    /// Raises what the run failed with, if it did and has not raised it yet.
    ///
    /// The run lets go of the exception: its traceback comes to hold the frames it passes, and with them
    /// the run, which Python's garbage collector cannot look into.
    fn raise_failure(&mut self, py: Python<'_>) -> PyResult<()> {
        let failed = self.broken.is_some() || matches!(self.outcome, Some(Outcome::Failed(_)));
        if !failed {
            return Ok(());
        }
        self.has_raised = true;
        let broken = self.broken.take();
        let outcome = self.outcome.take();
        if !self.at_exit {
            self.let_go(py);
        }
        match (broken, outcome) {
            (Some(error), _) => Err(error),
            (None, Some(Outcome::Failed(error))) => Err(self.to_exception(py, &error)?),
            (None, _) => Ok(()),
        }
    }
}

impl Run {
    /// Forgets what the run has raised: tracebacks hold the run, which would hold them.
    fn let_go(&mut self, py: Python<'_>) {
        self.raised.clear();
        self.core(py).release();
    }

    /// The engine's side. Nodes on other threads read it, so waiting for it lets them run.
    fn core(&self, py: Python<'_>) -> MutexGuard<'_, core::Run<PythonHost>> {
        self.core
            .lock_py_attached(py)
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn graph(&self) -> &Graph {
        self.info.graph.get()
    }

    fn is_over(&self) -> bool {
        self.has_raised || self.outcome.is_some() || self.broken.is_some()
    }

    /// Performs calls until there is something to tell.
    fn go_on(&mut self, py: Python<'_>) -> PyResult<()> {
        if self.may_recall {
            self.recall_waiting(py)?;
        }
        if std::mem::take(&mut self.fans_out) && !self.work.is_empty() {
            if !self.handed_out.is_empty() {
                self.join_some(py)?;
            } else if self.may_share(py)? {
                self.start_sharing(py)?;
            } else {
                return self.start_fan_out(py);
            }
        } else if let Some(work) = self.work.pop_front() {
            let result = self.perform(py, &work)?;
            self.take(py, &work.call, result)?;
        } else if self.fan_out.is_some() {
            self.join_some(py)?;
        } else if self.is_sharing() {
            self.share_some(py)?;
        } else if self.core(py).awaits_called() {
            self.host.call_method0(py, intern!(py, "await_called"))?;
        }
        if self.work.is_empty() {
            self.step(py)
        } else {
            Ok(())
        }
    }

    /// Lets the engine go on, and prepares what it says and asks for.
    fn step(&mut self, py: Python<'_>) -> PyResult<()> {
        let (step, steps) = {
            let mut core = self
                .core
                .lock_py_attached(py)
                .unwrap_or_else(PoisonError::into_inner);
            (core.next(&mut self.engine_host), core.stats().steps)
        };
        for _ in self.steps..steps {
            count_superstep();
        }
        if self.steps < steps {
            self.returned.clear();
        }
        self.steps = steps;

        let mut inputs = HashMap::new();
        let shows_inputs = self.modes.tasks || self.modes.debug;
        let mut nodes = 0;
        let mut unrouted = false;
        for call in step.calls {
            let (task, is_node) = match &call {
                Call::Route { task, .. } => (*task, false),
                Call::Node { task, .. } => (*task, true),
            };
            nodes += usize::from(is_node);
            match self.prepare(py, call) {
                Ok(work) => {
                    if shows_inputs && is_node {
                        inputs.insert(task, work.input.clone_ref(py));
                    }
                    self.work.push_back(work);
                }
                Err(error) if is_node => {
                    self.broken = Some(error);
                    break;
                }
                Err(error) => {
                    let failure = self.failure(py, &task, error)?;
                    self.core(py).routed(task, Err(failure));
                    unrouted = true;
                }
            }
        }
        self.outcome = step.outcome;
        let failed = match &self.outcome {
            Some(Outcome::Failed(error)) => !matches!(
                **error,
                core::Error::Engine(core::EngineError::RecursionLimit { .. })
            ),
            _ => false,
        };
        let outside = self.broken.is_some() || failed && !self.task_failed;
        for (place, event) in step.events.into_iter().enumerate() {
            if !(outside && place >= step.announced && self.is_lost(&event)) {
                self.tell(py, event, &inputs)?;
            }
        }
        if self.broken.is_some() {
            self.work.clear();
        }
        if nodes > 0 {
            self.beside = nodes;
        }
        self.fans_out = match nodes {
            0 => false,
            // an error handler runs beside the nodes that still run
            1 => !self.handed_out.is_empty(),
            _ => true,
        } || self.live.is_some() && !self.work.is_empty();
        if unrouted && !self.is_over() {
            self.step(py)
        } else {
            Ok(())
        }
    }

    /// Whether an event of a step that fails outside its tasks (in a reducer, or because the next
    /// input cannot be built) never reaches the caller.
    ///
    /// LangGraph hands chunks over when it starts a step's tasks, when a task asks and, of tasks that run
    /// side by side, when one finishes; what comes after is lost when an error stops it.
    fn is_lost(&self, event: &Event) -> bool {
        match event {
            Event::Values { interrupts, .. } => interrupts.is_none(),
            Event::TaskFinished { interrupts, .. } => self.beside < 2 && interrupts.is_empty(),
            Event::Update { .. } => self.beside < 2,
            Event::Planned { .. } | Event::TaskStarted { .. } => true,
            _ => false,
        }
    }
}
