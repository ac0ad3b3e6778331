//! One run of a graph, stepped by Python: as an iterator, or by an asyncio driver.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock};

use langferry_core as core;
use pyo3::exceptions::{PyException, PyRuntimeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::chunks::{self, Finished, Modes};
use crate::count_superstep;
use crate::graph::{Body, Graph};
use crate::host::PythonHost;
use crate::output::{read_failure, read_output, read_targets, read_writes};
use crate::saved;
use crate::start::Start;
use crate::task::{self, RunInfo, Task};
use crate::value::Value;

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
}

/// A call with everything it takes.
struct Work {
    call: Call,
    scope: Py<PyAny>,
    input: Py<PyAny>,
}

/// One run.
///
/// Iterating runs the nodes on the calling thread and gives `(mode, payload)` pairs. An asyncio
/// driver calls `advance` and `finish` instead.
///
/// Args:
///     graph: The graph to run.
///     host: What the run asks of Python: `scope`, `save_checkpoint`, `save_writes`, `planned`,
///         `fan_out`, `task_metadata` and `warn`.
///     start: What to start with.
///     modes: The chunks to make; `None`: only the result is wanted.
///     recursion_limit: How many steps may run.
///     checkpoint: Where to go on from.
///     input: Writes the input of that checkpoint means, if it is the input's.
///     saves: Whether there is a saver.
///     output_only: Show the output schema's keys instead of all.
///     namespace: Where the run keeps its checkpoints.
///     nested: The run belongs to a task of another run.
#[pyclass(module = "langferry._engine")]
pub(crate) struct Run {
    core: core::Run<PythonHost>,
    info: Arc<RunInfo>,
    host: Py<PyAny>,
    modes: Modes,
    result_only: bool,
    saves: bool,
    /// The input as it was given.
    input: Option<Py<PyAny>>,
    items: VecDeque<Item>,
    work: VecDeque<Work>,
    /// Calls that were handed out, by key.
    handed_out: HashMap<usize, Work>,
    next_key: usize,
    fan_out: Option<Py<PyAny>>,
    /// What nodes returned, for their routers.
    returned: HashMap<core::TaskRef, Py<PyAny>>,
    /// What nodes raised, for the saver.
    raised: HashMap<core::TaskRef, PyErr>,
    outcome: Option<Outcome>,
    /// An error outside any task, which ends the run.
    broken: Option<PyErr>,
    task_failed: bool,
    /// How many nodes the step runs side by side.
    beside: usize,
    /// The last state and the interrupts so far, for `result`.
    latest: Option<Vec<(core::ChannelId, Value)>>,
    interrupts: Vec<core::Interrupt<Value>>,
    steps: u64,
}

#[pymethods]
impl Run {
    #[new]
    #[pyo3(signature = (
        graph, host, start, *, modes, recursion_limit, checkpoint=None, input=None, raw_input=None,
        saves=false, output_only=false, namespace=String::new(), nested=false
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
        output_only: bool,
        namespace: String,
        nested: bool,
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
        });
        let graph = graph.get();
        let (start, given) = Start::read(start, graph)?;
        let checkpoint = match checkpoint {
            None => None,
            Some(checkpoint) => {
                let input = match input {
                    Some(writes) => read_writes(graph, &writes)?,
                    None => Vec::new(),
                };
                Some(saved::checkpoint_from_python(
                    py,
                    &info,
                    &checkpoint,
                    input,
                )?)
            }
        };
        let mut config = core::Config::new(recursion_limit);
        config.order = core::Order::Arrival;
        config.nested = nested;
        config.output = if output_only {
            core::Output::Schema
        } else {
            core::Output::State
        };
        config.interest = core::Interest {
            values: modes.values || result_only,
            updates: modes.updates || result_only,
            tasks: modes.tasks || modes.debug,
            planned: saves && (modes.checkpoints || modes.debug),
            save: saves,
            task_writes: saves,
        };
        Ok(Run {
            core: core::Run::new(Arc::clone(&graph.core), start, checkpoint, config),
            info,
            host,
            modes,
            result_only,
            saves,
            input: given.or(raw_input),
            items: VecDeque::new(),
            work: VecDeque::new(),
            handed_out: HashMap::new(),
            next_key: 0,
            fan_out: None,
            returned: HashMap::new(),
            raised: HashMap::new(),
            outcome: None,
            broken: None,
            task_failed: false,
            beside: 0,
            latest: None,
            interrupts: Vec::new(),
            steps: 0,
        })
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    /// The next chunk, running whatever has to run before.
    fn __next__<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        loop {
            match self.items.pop_front() {
                Some(Item::Chunk(mode, payload)) => {
                    return (mode, payload).into_pyobject(py).map(Some);
                }
                Some(Item::Checkpoint(checkpoint)) => {
                    self.host
                        .call_method1(py, intern!(py, "save_checkpoint"), (checkpoint,))?;
                }
                Some(Item::Writes(writes)) => {
                    self.host
                        .call_method1(py, intern!(py, "save_writes"), (writes,))?;
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
                    self.raise_failure(py)?;
                    return Ok(None);
                }
                None => self.go_on(py)?,
            }
        }
    }

    /// Runs to the end and gives the last state and all interrupts.
    fn result<'py>(
        &mut self,
        py: Python<'py>,
    ) -> PyResult<(Option<Bound<'py, PyAny>>, Bound<'py, PyTuple>)> {
        while self.__next__(py)?.is_some() {}
        self.last_state(py)
    }

    /// The last state told so far, and all interrupts.
    fn last_state<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Option<Bound<'py, PyAny>>, Bound<'py, PyTuple>)> {
        let latest = self
            .latest
            .as_ref()
            .map(|values| chunks::state(py, self.graph(), values));
        Ok((
            latest.transpose()?,
            saved::interrupts_to_python(py, &self.interrupts)?,
        ))
    }

    /// For an asyncio driver: what happened, what to run now, whether the run is over.
    ///
    /// What happened is a list of `(kind, payload)`: a mode with its chunk, `"checkpoint"`,
    /// `"writes"` or `"planned"`. What to run is a list of `(key, arun, input, scope)`.
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
                self.body(&item.call)?.arun.clone_ref(py),
                item.input.clone_ref(py),
                item.scope.clone_ref(py),
            ));
            self.handed_out.insert(key, item);
        }
        let items = std::mem::take(&mut self.items)
            .into_iter()
            .map(|item| match item {
                Item::Chunk(mode, payload) => (mode, payload),
                Item::Checkpoint(payload) => ("checkpoint", payload),
                Item::Writes(payload) => ("writes", payload),
                Item::Planned(payload) => ("planned", payload),
            });
        Ok((items.collect(), work, self.is_over()))
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

    /// Whether the run stopped at an interrupt.
    #[getter]
    fn interrupted(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Interrupted { .. }))
    }

    /// Raises what the run failed with, if it did.
    fn raise_failure(&mut self, py: Python<'_>) -> PyResult<()> {
        if let Some(error) = self.broken.take() {
            return Err(error);
        }
        match &self.outcome {
            Some(Outcome::Failed(error)) => Err(self.to_exception(py, error)?),
            _ => Ok(()),
        }
    }
}

impl Run {
    fn graph(&self) -> &Graph {
        self.info.graph.get()
    }

    fn is_over(&self) -> bool {
        self.outcome.is_some() || self.broken.is_some()
    }

    /// Performs calls until there is something to tell.
    fn go_on(&mut self, py: Python<'_>) -> PyResult<()> {
        let nodes = self
            .work
            .iter()
            .filter(|work| matches!(work.call, Call::Node { .. }))
            .count();
        if nodes > 1 {
            return self.start_fan_out(py);
        }
        if let Some(work) = self.work.pop_front() {
            let result = self.perform(py, &work)?;
            self.take(py, &work.call, result)?;
        } else if self.fan_out.is_some() {
            self.join_some(py)?;
        }
        if self.work.is_empty() {
            self.step(py)
        } else {
            Ok(())
        }
    }

    fn perform<'py>(&self, py: Python<'py>, work: &Work) -> PyResult<PyResult<Bound<'py, PyAny>>> {
        let run = &self.body(&work.call)?.run;
        let context = py
            .import(intern!(py, "contextvars"))?
            .call_method0(intern!(py, "copy_context"))?;
        Ok(context.call_method1(intern!(py, "run"), (run, &work.input, &work.scope)))
    }

    /// Has the host run several nodes at once.
    fn start_fan_out(&mut self, py: Python<'_>) -> PyResult<()> {
        let calls = PyList::empty(py);
        for work in std::mem::take(&mut self.work) {
            let run = self.body(&work.call)?.run.clone_ref(py);
            calls.append((self.next_key, run, &work.input, &work.scope))?;
            self.handed_out.insert(self.next_key, work);
            self.next_key += 1;
        }
        let results = self
            .host
            .call_method1(py, intern!(py, "fan_out"), (calls,))?;
        self.fan_out = Some(results);
        Ok(())
    }

    fn join_some(&mut self, py: Python<'_>) -> PyResult<()> {
        let Some(results) = &self.fan_out else {
            return Ok(());
        };
        match results.bind(py).try_iter()?.next() {
            None => {
                self.fan_out = None;
                Ok(())
            }
            Some(results) => {
                for result in results?.try_iter()? {
                    let (key, ok, value) = result?.extract()?;
                    self.finish(py, key, ok, value)?;
                }
                Ok(())
            }
        }
    }

    /// Waits for nodes that still run on other threads; what they return no longer matters.
    fn abandon(&mut self, py: Python<'_>) -> PyResult<()> {
        match self.fan_out.take() {
            Some(results) => results.call_method0(py, intern!(py, "close")).map(drop),
            None => Ok(()),
        }
    }

    /// Hands a call's result to the engine.
    ///
    /// An exception that is no `Exception` (an interrupt from the keyboard) is not the task's: it
    /// ends the run at once.
    fn take(
        &mut self,
        py: Python<'_>,
        call: &Call,
        result: PyResult<Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        match call {
            Call::Node { task, .. } => {
                let read = result.and_then(|returned| {
                    let output = read_output(self.graph(), &returned)?;
                    Ok((output, returned))
                });
                let result = match read {
                    Ok((output, returned)) => {
                        self.returned.insert(*task, returned.unbind());
                        Ok(output)
                    }
                    Err(error) => Err(self.failure(py, task, error)?),
                };
                self.core.complete(*task, result);
            }
            Call::Route { task, branch, .. } => {
                let read = result.and_then(|answer| {
                    let targets = self.graph().routers[branch.index()].targets.bind(py);
                    read_targets(self.graph(), &targets.call1((answer,))?)
                });
                let result = match read {
                    Ok(targets) => Ok(targets),
                    Err(error) => Err(self.failure(py, task, error)?),
                };
                self.core.routed(*task, result);
            }
        }
        Ok(())
    }

    fn failure(
        &mut self,
        py: Python<'_>,
        task: &core::TaskRef,
        error: PyErr,
    ) -> PyResult<core::Failure<Value, PyErr>> {
        if !error.is_instance_of::<PyException>(py) {
            return Err(error);
        }
        let failure = read_failure(py, self.graph(), error);
        self.task_failed |= !matches!(failure, core::Failure::Interrupt(_));
        if let core::Failure::Error(error) = &failure {
            let note = format!(
                "During task with name '{}' and id '{}'",
                self.graph().core.node_name(task.node),
                self.info.task_id(task)
            );
            error
                .value(py)
                .call_method1(intern!(py, "add_note"), (note,))?;
            if self.saves {
                self.raised.insert(*task, error.clone_ref(py));
            }
        }
        Ok(failure)
    }

    /// Lets the engine go on, and prepares what it says and asks for.
    fn step(&mut self, py: Python<'_>) -> PyResult<()> {
        let mut host = PythonHost {
            info: Arc::clone(&self.info),
            saves: self.saves,
        };
        let step = self.core.next(&mut host);
        let steps = self.core.stats().steps;
        for _ in self.steps..steps {
            count_superstep();
        }
        self.steps = steps;

        let mut inputs = HashMap::new();
        let nodes = step
            .calls
            .iter()
            .filter(|call| matches!(call, Call::Node { .. }))
            .count();
        let mut unrouted = false;
        for call in step.calls {
            let route = match &call {
                Call::Route { task, .. } => Some(*task),
                Call::Node { .. } => None,
            };
            match (self.prepare(py, call, &mut inputs), route) {
                (Ok(work), _) => self.work.push_back(work),
                (Err(error), Some(task)) => {
                    let failure = self.failure(py, &task, error)?;
                    self.core.routed(task, Err(failure));
                    unrouted = true;
                }
                (Err(error), None) => {
                    self.broken = Some(error);
                    break;
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
        for event in step.events {
            if !(outside && self.is_lost(&event)) {
                self.tell(py, event, &inputs)?;
            }
        }
        if self.broken.is_some() {
            self.work.clear();
        }
        if nodes > 0 {
            self.beside = nodes;
        }
        if unrouted && !self.is_over() {
            self.step(py)
        } else {
            Ok(())
        }
    }

    /// Whether an event of a step that fails outside its tasks (in a reducer, or because the next
    /// input cannot be built) never reaches the caller.
    ///
    /// LangGraph hands chunks over when it starts tasks and, of tasks that run side by side, when
    /// one finishes; what comes after is lost when an error stops it.
    fn is_lost(&self, event: &Event) -> bool {
        match event {
            Event::Update { .. } | Event::TaskFinished { .. } => self.beside < 2,
            Event::Values { .. } | Event::Planned { .. } | Event::TaskStarted { .. } => true,
            _ => false,
        }
    }

    fn body(&self, call: &Call) -> PyResult<&Body> {
        let graph = self.graph();
        match call {
            Call::Route { branch, .. } => Ok(&graph.routers[branch.index()].body),
            Call::Node { task, .. } => graph.nodes[task.node.index()]
                .as_ref()
                .ok_or_else(|| PyRuntimeError::new_err("the start node has no body")),
        }
    }

    fn prepare(
        &self,
        py: Python<'_>,
        call: Call,
        inputs: &mut HashMap<core::TaskRef, Py<PyAny>>,
    ) -> PyResult<Work> {
        let (task, scratchpad, input) = match &call {
            Call::Node {
                task,
                input,
                scratchpad,
            } => {
                let built = self.node_input(py, task, input)?;
                inputs.insert(*task, built.clone().unbind());
                (task, scratchpad, built)
            }
            Call::Route {
                task,
                branch,
                input,
                scratchpad,
            } => (
                task,
                scratchpad,
                self.route_input(py, task, *branch, input)?,
            ),
        };
        let engine = Task {
            info: Arc::clone(&self.info),
            task: *task,
            scratchpad: scratchpad.clone(),
        };
        let scope = self
            .host
            .call_method1(py, intern!(py, "scope"), (engine,))?;
        Ok(Work {
            scope,
            input: input.unbind(),
            call,
        })
    }

    fn node_input<'py>(
        &self,
        py: Python<'py>,
        task: &core::TaskRef,
        input: &core::Input<Value>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let graph = self.graph();
        let values = match input {
            core::Input::Arg(arg) => return Ok(arg.bind(py).clone()),
            core::Input::State(values) => values,
        };
        let Some(body) = &graph.nodes[task.node.index()] else {
            return chunks::state(py, graph, values);
        };
        let reads = graph.core.node_input(task.node);
        let built = chunks::state_for(
            py,
            graph,
            body,
            values,
            self.is_root(reads),
            self.steps_of(task),
        );
        built.inspect_err(|error| {
            let path = task::path(py, graph, task)
                .map(|path| path.to_string())
                .unwrap_or_default();
            let name = graph.core.node_name(task.node);
            let note = format!("Before task with name '{name}' and path '{path}'");
            // a note is a courtesy: the error itself goes on either way
            let _ = error
                .value(py)
                .call_method1(intern!(py, "add_note"), (note,));
        })
    }

    fn route_input<'py>(
        &self,
        py: Python<'py>,
        task: &core::TaskRef,
        branch: core::BranchId,
        values: &[(core::ChannelId, Value)],
    ) -> PyResult<Bound<'py, PyAny>> {
        let graph = self.graph();
        let router = &graph.routers[branch.index()];
        let is_root = self.is_root(graph.core.branch_input(branch));
        let state = chunks::state_for(
            py,
            graph,
            &router.body,
            values,
            is_root,
            self.steps_of(task),
        )?;
        let returned = match task.node {
            core::NodeId::START => self.input.as_ref(),
            _ => self.returned.get(task),
        };
        if router.passthrough
            && let Ok(state) = state.cast::<PyDict>()
            && let Some(Ok(returned)) = returned.map(|returned| returned.bind(py).cast::<PyDict>())
        {
            let merged = returned.copy()?;
            merged.update(state.as_mapping())?;
            return Ok(merged.into_any());
        }
        Ok(state)
    }

    fn is_root(&self, reads: &[core::ChannelId]) -> bool {
        matches!(reads, [only] if self.graph().core.channel_name(*only) == core::ROOT)
    }

    fn steps_of(&self, task: &core::TaskRef) -> (i64, i64) {
        (task.step, self.info.stop)
    }

    /// Turns an event into chunks and into work for the saver.
    fn tell(
        &mut self,
        py: Python<'_>,
        event: Event,
        inputs: &HashMap<core::TaskRef, Py<PyAny>>,
    ) -> PyResult<()> {
        match event {
            Event::Values {
                values, interrupts, ..
            } => {
                if self.result_only {
                    self.latest = Some(values);
                } else {
                    let chunk = chunks::values(py, self.graph(), &values, interrupts.as_deref())?;
                    self.items.push_back(Item::Chunk("values", chunk.unbind()));
                }
            }
            Event::Update { .. } if self.result_only => {}
            Event::Interrupted { interrupts, .. } if self.result_only => {
                self.interrupts.extend(interrupts);
            }
            Event::Update {
                task,
                update,
                cached,
            } => {
                let chunk = chunks::update(py, self.graph(), &task, &update, cached)?;
                self.items.push_back(Item::Chunk("updates", chunk.unbind()));
            }
            Event::Interrupted { interrupts, .. } => {
                let chunk = chunks::interrupted(py, &interrupts)?;
                self.items.push_back(Item::Chunk("updates", chunk.unbind()));
            }
            Event::TaskStarted { task, input } => {
                let input = match inputs.get(&task) {
                    Some(input) => input.bind(py).clone(),
                    None => self.node_input(py, &task, &input)?,
                };
                let name = self.graph().node_name(py, task.node);
                let metadata = self
                    .host
                    .bind(py)
                    .call_method1(intern!(py, "task_metadata"), (name,))?;
                let metadata = (!metadata.is_none()).then_some(metadata);
                let id = self.info.task_id(&task);
                let chunk = chunks::task_started(py, self.graph(), &task, &id, &input, metadata)?;
                self.tell_task(py, task.step, "task", chunk)?;
            }
            Event::TaskFinished {
                task,
                writes,
                error,
                interrupts,
            } => {
                let error = match error {
                    None => None,
                    Some(error) => {
                        Some(self.to_exception(py, &error)?.into_value(py).into_bound(py))
                    }
                };
                let id = self.info.task_id(&task);
                let error = error.map(Bound::into_any);
                let finished = Finished {
                    id: &id,
                    writes: &writes,
                    error,
                    interrupts: &interrupts,
                };
                let chunk = chunks::task_finished(py, self.graph(), &task, &finished)?;
                self.tell_task(py, task.step, "task_result", chunk)?;
            }
            Event::Planned {
                step,
                tasks,
                values,
            } => self.tell_planned(py, step, &tasks, &values)?,
            Event::Checkpoint(checkpoint) => {
                let checkpoint = saved::checkpoint_to_python(
                    py,
                    self.graph(),
                    &checkpoint,
                    self.input.as_ref(),
                )?;
                self.returned.clear();
                self.items
                    .push_back(Item::Checkpoint(checkpoint.into_any().unbind()));
            }
            Event::TaskWrites { task, writes } => {
                let raised = self.raised.remove(&task);
                let writes = saved::writes_to_python(py, self.graph(), &writes, raised.as_ref())?;
                let path = task::path(py, self.graph(), &task)?;
                let saved = (self.info.task_id(&task), path, writes).into_pyobject(py)?;
                self.items
                    .push_back(Item::Writes(saved.into_any().unbind()));
            }
            Event::Warning(text) => {
                self.host.call_method1(py, intern!(py, "warn"), (text,))?;
            }
        }
        Ok(())
    }

    fn tell_task(
        &mut self,
        py: Python<'_>,
        step: i64,
        kind: &str,
        chunk: Bound<'_, PyAny>,
    ) -> PyResult<()> {
        if self.modes.tasks {
            self.items
                .push_back(Item::Chunk("tasks", chunk.clone().unbind()));
        }
        if self.modes.debug {
            let chunk = chunks::debug(py, step, kind, &chunk)?;
            self.items.push_back(Item::Chunk("debug", chunk.unbind()));
        }
        Ok(())
    }

    fn tell_planned(
        &mut self,
        py: Python<'_>,
        step: i64,
        tasks: &[core::TaskRef],
        values: &[(core::ChannelId, Value)],
    ) -> PyResult<()> {
        let values = chunks::state(py, self.graph(), values)?;
        let planned = PyList::empty(py);
        for task in tasks {
            let name = self.graph().node_name(py, task.node);
            planned.append((
                self.info.task_id(task),
                name,
                task::path(py, self.graph(), task)?,
            ))?;
        }
        let item = (step, values, planned).into_pyobject(py)?;
        self.items
            .push_back(Item::Planned(item.into_any().unbind()));
        Ok(())
    }

    fn to_exception(&self, py: Python<'_>, error: &core::Error<PyErr>) -> PyResult<PyErr> {
        match error {
            core::Error::Host(error) => Ok(error.clone_ref(py)),
            core::Error::Engine(error) => {
                let make = self.graph().face.engine_error.bind(py);
                let exception = make.call1((error.class_name(), error.to_string()))?;
                Ok(PyErr::from_value(exception))
            }
        }
    }
}
