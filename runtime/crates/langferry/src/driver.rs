//! The tokio driver: performs the engine's calls and tells what happened.
//!
//! Synchronous functions run inline in planned order, which makes their side effects (a seeded random
//! sequence, say) those of a sequential program. `async` functions of a superstep run concurrently on the
//! caller's task; one that never waits is done at its first poll and costs no scheduling.

use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::{self, Poll};

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use langferry_core::{
    self as core, BranchId, Call, EngineError, Event, Failure, Outcome, Performed, Performer,
    Scratchpad, TaskRef,
};
use langferry_pystd::{Exception, Value};
use langferry_trace::TraceValue as _;

use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::context::{Context, Question, RunScope};
use crate::custom::CustomChunks;
use crate::error::{engine_exception, exception};
use crate::host::StateHost;
use crate::input::Input;
use crate::node::{ForCaller, ForParent, Function, Given, Node, NodeOutput, NodeResult, Pending};
use crate::output::Output;
use crate::saver::{By, SavedThread, Saver};
use crate::state_value::Shared;
use crate::store::MemoryStore;
use crate::subgraph;
use crate::target::RouteResult;

/// An event of a run in this driver's values.
pub(crate) type RunEvent = Event<Shared, Exception>;

/// One run of a graph.
pub(crate) struct Execution {
    run: core::Run<StateHost>,
    host: StateHost,
    hands: Hands,
    events: VecDeque<RunEvent>,
    /// What the engine said last, with the calls to perform once its events are told.
    step: core::Step<Shared, Exception>,
    thread: Option<Box<dyn SavedThread>>,
    /// What tasks of the superstep have raised, to be stored with what they wrote.
    raised: HashMap<TaskRef, Exception>,
    stopped: bool,
    outcome: Option<Result<Output, Exception>>,
}

/// What performs the calls of a run.
struct Hands {
    graph: CompiledGraph,
    /// What nodes and routers are given, but for their own pad.
    context: Context,
    waiting: FuturesUnordered<Pending<Done>>,
    /// Whether the superstep runs one task.
    alone: bool,
    last_step: i64,
}

/// A thread in a saver, and the checkpoint it goes on from.
type Kept = (Box<dyn SavedThread>, Option<core::Checkpoint<Shared>>);

/// A call that has returned.
enum Done {
    Node(TaskRef, NodeResult),
    Route(TaskRef, BranchId, RouteResult),
}

impl Execution {
    pub(crate) fn new(
        graph: &CompiledGraph,
        input: Input,
        config: RunConfig,
        interest: core::Interest,
        output: core::Output,
    ) -> Result<Self, Exception> {
        let mut kept = None;
        if let Some(saver) = graph.saver() {
            let mut thread = open(saver.as_ref(), graph, &config)?;
            let checkpoint = thread.load()?;
            thread.begin(&input);
            kept = Some((thread, checkpoint));
        }
        let start = input.start(graph)?;
        let scope = RunScope {
            config,
            nested_in: None,
            custom: None,
            store: graph.store().cloned(),
        };
        Ok(Self::start(graph, start, scope, interest, output, kept))
    }

    /// The same run, of which what nodes write is kept in `custom`. Only before it has begun.
    pub(crate) fn writing_to(mut self, custom: CustomChunks) -> Self {
        self.hands.context = self.hands.context.writing_to(custom);
        self
    }

    /// A run of `graph` within another one, with the latter's store: `place` says where, for errors.
    pub(crate) fn nested(
        graph: &CompiledGraph,
        start: core::Start<Shared>,
        config: RunConfig,
        store: Option<MemoryStore>,
        place: String,
    ) -> Self {
        let interest = core::Interest::default();
        let scope = RunScope {
            config,
            nested_in: Some(place),
            custom: None,
            store,
        };
        Self::start(graph, start, scope, interest, core::Output::Schema, None)
    }

    fn start(
        graph: &CompiledGraph,
        start: core::Start<Shared>,
        scope: RunScope,
        interest: core::Interest,
        output: core::Output,
        kept: Option<Kept>,
    ) -> Self {
        let (thread, checkpoint) = kept.unzip();
        let checkpoint = checkpoint.flatten();
        let mut settings = core::Config::new(scope.config.recursion_limit());
        settings.interest = core::Interest {
            save: thread.is_some(),
            task_writes: thread.is_some(),
            ..interest
        };
        settings.output = output;
        let (before, after) = graph.breakpoints();
        settings.interrupt_before = before.clone();
        settings.interrupt_after = after.clone();
        settings.nested = scope.nested_in.is_some();
        // supersteps that are performed on the way leave no moment to read the state in
        settings.simple = !graph.sees_state();
        let run = core::Run::new(Arc::clone(graph.core()), start, checkpoint, settings);
        Execution {
            hands: Hands {
                graph: graph.clone(),
                context: Context::new(scope),
                waiting: FuturesUnordered::new(),
                alone: false,
                last_step: run.last_step(),
            },
            run,
            host: StateHost::new(graph.clone(), thread.is_some()),
            events: VecDeque::new(),
            step: core::Step::default(),
            thread,
            raised: HashMap::new(),
            stopped: false,
            outcome: None,
        }
    }

    /// Runs until something happens; `None` when the run is over.
    pub(crate) async fn next(&mut self) -> Option<RunEvent> {
        poll_fn(|task| self.poll_next(task)).await
    }

    /// [`Execution::next`] for those who wait for something else, too.
    pub(crate) fn poll_next(&mut self, task: &mut task::Context<'_>) -> Poll<Option<RunEvent>> {
        loop {
            while let Some(event) = self.events.pop_front() {
                match event {
                    Event::Checkpoint(checkpoint) => {
                        self.raised.clear();
                        self.keep(|thread| thread.put(*checkpoint));
                    }
                    Event::TaskWrites { task, writes } => {
                        let raised = self.raised.remove(&task);
                        self.keep(|thread| thread.put_writes(By::Task { task, raised }, writes));
                    }
                    Event::CommandWrites { writes } => {
                        self.keep(|thread| thread.put_writes(By::Command, writes));
                    }
                    event => return Poll::Ready(Some(event)),
                }
            }
            if self.outcome.is_some() {
                return Poll::Ready(None);
            }
            let mut calls = std::mem::take(&mut self.step.calls);
            for call in calls.drain(..) {
                self.show_state(&call);
                self.perform(call, task);
            }
            self.step.calls = calls;
            // the engine is told only of whole steps, so that a failing step is deterministic
            while !self.hands.waiting.is_empty() {
                match self.hands.waiting.poll_next_unpin(task) {
                    Poll::Ready(Some(done)) => self.settle(done),
                    Poll::Ready(None) => break,
                    Poll::Pending => return Poll::Pending,
                }
            }
            self.advance(task);
        }
    }

    /// How the run ended. Only once [`Execution::next`] has said that it is over.
    pub(crate) fn finish(self) -> Result<Output, Exception> {
        self.outcome.unwrap_or_else(|| {
            Err(Exception::runtime_error(
                "the run was asked for its result too early",
            ))
        })
    }

    /// The superstep of the newest checkpoint.
    pub(crate) fn last_step(&self) -> i64 {
        self.run.step() - 1
    }

    /// Whether the run stopped at an interrupt or a breakpoint.
    pub(crate) fn stopped(&self) -> bool {
        self.stopped
    }

    fn advance(&mut self, task: &mut task::Context<'_>) {
        let hands = &mut self.hands;
        let mut performing = Performing { hands, task };
        self.run
            .next_performing(&mut self.host, &mut self.step, &mut performing);
        let announced = self.events.len() + self.step.announced;
        if !self.step.events.is_empty() {
            self.events.extend(self.step.events.drain(..));
        }
        let node = |call: &&Call<Shared>| matches!(call, Call::Node { .. });
        match self.step.calls.iter().filter(node).count() {
            // the routers of the superstep
            0 => {}
            tasks => self.hands.alone = tasks == 1,
        }
        if let Some(outcome) = self.step.outcome.take() {
            self.leave_untold(&outcome, announced);
            self.stopped = matches!(outcome, Outcome::Interrupted { .. });
            self.outcome = Some(self.output(outcome));
        }
    }

    /// LangGraph tells of a task that is alone in its superstep once its writes are applied: of writes that
    /// could not be, it never tells. Events before the one numbered `announced` have been told by then, and
    /// a task that asks is told of at once.
    fn leave_untold(&mut self, outcome: &Outcome<Shared, Exception>, announced: usize) {
        let Outcome::Failed(error) = outcome else {
            return;
        };
        let unapplied = match &**error {
            core::Error::Host(_) => self.host.has_refused(),
            core::Error::Engine(error) => matches!(
                error,
                EngineError::ConcurrentUpdate { .. }
                    | EngineError::ConcurrentOverwrite
                    | EngineError::ConcurrentEphemeral { .. }
            ),
        };
        let failed = |event| matches!(event, &Event::TaskFinished { error: Some(_), .. });
        if self.hands.alone && unapplied && !self.events.iter().any(failed) {
            let mut place = 0..;
            self.events.retain(|event| {
                let early = place.next().is_some_and(|place| place < announced);
                early
                    || match event {
                        Event::Update { .. } => false,
                        Event::TaskFinished { interrupts, .. } => !interrupts.is_empty(),
                        _ => true,
                    }
            });
        }
    }

    fn output(&self, outcome: Outcome<Shared, Exception>) -> Result<Output, Exception> {
        match outcome {
            Outcome::Finished { values } => {
                Ok(Output::new(self.hands.graph.clone(), values, Vec::new()))
            }
            Outcome::Interrupted {
                values, interrupts, ..
            } => Ok(Output::new(self.hands.graph.clone(), values, interrupts)),
            Outcome::Failed(error) => Err(exception(&error)),
        }
    }

    /// Shows a node that is sent its input the state, where the graph has such a node.
    fn show_state(&mut self, call: &Call<Shared>) {
        let input = match call {
            Call::Node { input, .. } if self.hands.graph.sees_state() => input,
            _ => return,
        };
        let graph = self.hands.graph.clone();
        let shown = match input {
            core::Input::State(_) => None,
            core::Input::Arg(_) => {
                let channels = graph.core().state_channels();
                let values = self.run.read(&mut self.host, channels, Vec::new());
                values
                    .ok()
                    .and_then(|values| Value::from_trace(&graph.encode(&values)).ok())
            }
        };
        self.hands.context.show(shown);
    }

    fn perform(&mut self, call: Call<Shared>, context: &mut task::Context<'_>) {
        let done = match call {
            Call::Node {
                task,
                input,
                scratchpad,
                ..
            } => {
                let result = self.hands.node(task, input, scratchpad, context);
                result.map(|result| Done::Node(task, result))
            }
            Call::Route {
                task,
                branch,
                input,
                scratchpad,
            } => {
                let result = self.hands.route(task, branch, input, scratchpad, context);
                result.map(|result| Done::Route(task, branch, result))
            }
        };
        if let Some(done) = done {
            self.settle(done);
        }
    }

    fn settle(&mut self, done: Done) {
        let hands = &self.hands;
        let raised = self.thread.is_some().then_some(&mut self.raised);
        match done {
            Done::Node(task, result) => self.run.complete_with(task, |output| {
                note_raised(raised, task, hands.settle(result, output))
            }),
            Done::Route(task, branch, result) => self.run.routed_with(task, |targets| {
                note_raised(raised, task, hands.resolve(branch, result, targets))
            }),
        };
    }

    /// Hands the saver what is to be kept. When it cannot be, the run ends there.
    fn keep(&mut self, keep: impl FnOnce(&mut dyn SavedThread) -> Result<(), Exception>) {
        let Some(thread) = &mut self.thread else {
            return;
        };
        if let Err(error) = keep(thread.as_mut()) {
            // what follows would build on what is missing
            self.thread = None;
            self.step.calls.clear();
            if !matches!(self.outcome, Some(Err(_))) {
                self.outcome = Some(Err(error));
            }
        }
    }
}

impl Hands {
    /// Runs a node; `None` when it waits.
    fn node(
        &mut self,
        task: TaskRef,
        input: core::Input<Shared>,
        scratchpad: Scratchpad<Shared>,
        waker: &mut task::Context<'_>,
    ) -> Option<NodeResult> {
        let graph = self.graph.core();
        let given = Given {
            schema: graph.node_input(task.node),
            input,
            callee: graph.node_name(task.node),
        };
        self.context.count_steps(self.last_step - task.step);
        let call = match self.graph.node(task.node) {
            Node::Function(Function::Sync(function)) => {
                let call = |context: &Context| function(given, context);
                return Some(self.context.lent(scratchpad, call));
            }
            Node::Function(Function::Async(function)) => {
                function(given, self.context.with(scratchpad))
            }
            Node::Graph(inner) => subgraph::call(
                inner.clone(),
                &self.graph,
                self.graph.object(task.node),
                given,
                self.context.config().clone(),
                self.context.store(),
            ),
        };
        self.begin(call, move |result| Done::Node(task, result), waker)
    }

    /// Runs a router; `None` when it waits.
    fn route(
        &mut self,
        task: TaskRef,
        branch: BranchId,
        input: core::Values<Shared>,
        scratchpad: Scratchpad<Shared>,
        waker: &mut task::Context<'_>,
    ) -> Option<RouteResult> {
        let graph = self.graph.core();
        let given = Given {
            schema: graph.branch_input(branch),
            input: core::Input::State(input),
            callee: graph.branch_name(branch),
        };
        self.context.count_steps(self.last_step - task.step);
        match &self.graph.router(branch).0 {
            Function::Sync(router) => {
                let call = |context: &Context| router(given, context);
                Some(self.context.lent(scratchpad, call))
            }
            Function::Async(router) => {
                let call = router(given, self.context.with(scratchpad));
                self.begin(call, move |result| Done::Route(task, branch, result), waker)
            }
        }
    }

    /// Starts a call; most are done at once.
    fn begin<T: Send + 'static>(
        &mut self,
        mut call: Pending<T>,
        done: impl FnOnce(T) -> Done + Send + 'static,
        waker: &mut task::Context<'_>,
    ) -> Option<T> {
        match call.as_mut().poll(waker) {
            Poll::Ready(result) => Some(result),
            Poll::Pending => {
                self.waiting.push(Box::pin(call.map(done)));
                None
            }
        }
    }

    /// What a node returned, as the engine takes it.
    fn settle(
        &self,
        result: NodeResult,
        output: &mut core::NodeOutput<Shared>,
    ) -> Result<(), Failure<Shared, Exception>> {
        let result = result.or_else(|raised| match left_for_caller(&raised) {
            Some(output) => Ok(output.clone()),
            None => Err(raised),
        });
        let settled = result.and_then(|result| self.graph.settle(result, self.alone, output));
        settled.map_err(failure)
    }

    /// What a router returned, as the engine takes it.
    fn resolve(
        &self,
        branch: BranchId,
        result: RouteResult,
        targets: &mut Vec<core::Target<Shared>>,
    ) -> Result<(), Failure<Shared, Exception>> {
        let (_, path_map) = self.graph.router(branch);
        let result = result.map_err(failure)?;
        path_map.resolve(self.graph.core(), result, targets)
    }
}

/// Performs calls while the engine goes on.
struct Performing<'a, 'b> {
    hands: &'a mut Hands,
    task: &'a mut task::Context<'b>,
}

impl Performer<StateHost> for Performing<'_, '_> {
    fn node(
        &mut self,
        task: TaskRef,
        alone: bool,
        input: core::Input<Shared>,
        scratchpad: Scratchpad<Shared>,
        output: &mut core::NodeOutput<Shared>,
    ) -> Performed<Shared, Exception> {
        self.hands.alone = alone;
        let result = self.hands.node(task, input, scratchpad, self.task)?;
        Some(self.hands.settle(result, output))
    }

    fn route(
        &mut self,
        task: TaskRef,
        branch: BranchId,
        input: core::Values<Shared>,
        scratchpad: Scratchpad<Shared>,
        targets: &mut Vec<core::Target<Shared>>,
    ) -> Performed<Shared, Exception> {
        let result = self
            .hands
            .route(task, branch, input, scratchpad, self.task)?;
        Some(self.hands.resolve(branch, result, targets))
    }
}

/// Notes what a task raised, for the saver.
fn note_raised(
    raised: Option<&mut HashMap<TaskRef, Exception>>,
    task: TaskRef,
    settled: Result<(), Failure<Shared, Exception>>,
) -> Result<(), Failure<Shared, Exception>> {
    if let (Some(raised), Err(failure)) = (raised, &settled) {
        match failure {
            Failure::Error(error) => drop(raised.insert(task, error.clone())),
            Failure::Engine(error) => drop(raised.insert(task, engine_exception(error))),
            _ => {}
        }
    }
    settled
}

/// The thread that a run's config names.
fn open(
    saver: &dyn Saver,
    graph: &CompiledGraph,
    config: &RunConfig,
) -> Result<Box<dyn SavedThread>, Exception> {
    if config.all_configurable().items().next().is_none() {
        return Err(Exception::value_error(
            "Checkpointer requires one or more of the following 'configurable' keys: thread_id, \
             checkpoint_ns, checkpoint_id",
        ));
    }
    if config.get("thread_id").is_none() {
        return Err(Exception::raise("KeyError", [Value::from("thread_id")]));
    }
    saver.open(graph, config)
}

/// How the engine is told what a function raised.
fn failure(raised: Exception) -> Failure<Shared, Exception> {
    match raised.payload() {
        Some(payload) if payload.is::<ForParent>() => Failure::BubbleUp(raised),
        Some(payload) => match payload.downcast_ref::<Question>() {
            Some(Question(question)) => Failure::interrupt(Arc::clone(question)),
            None => Failure::Error(raised),
        },
        None => Failure::Error(raised),
    }
}

/// The output that a graph has left to the node that ran it.
fn left_for_caller(raised: &Exception) -> Option<&NodeOutput> {
    let ForCaller(output) = raised.payload()?.downcast_ref()?;
    Some(output)
}

/// Runs `future` to its end on a runtime of its own.
pub(crate) fn block_on<F: Future>(future: F) -> Result<F::Output, Exception> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Exception::runtime_error(error.to_string()))?;
    Ok(runtime.block_on(future))
}
