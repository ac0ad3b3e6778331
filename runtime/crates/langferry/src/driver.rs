//! The tokio driver: performs the engine's calls and tells what happened.
//!
//! Synchronous functions run inline in planned order, which makes their side effects (a seeded random
//! sequence, say) those of a sequential program. `async` functions of a superstep run concurrently on the
//! caller's task; one that never waits is done at its first poll and costs no scheduling.

use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::{self, Poll};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use langferry_core::{
    self as core, BranchId, Call, EngineError, Event, Failure, Outcome, Scratchpad, TaskRef,
};
use langferry_pystd::{Exception, Value};

use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::context::{Context, Question, RunScope};
use crate::error::{engine_exception, exception};
use crate::host::StateHost;
use crate::input::Input;
use crate::node::{Function, Given, Node, NodeOutput, NodeResult, Pending};
use crate::output::Output;
use crate::saver::{By, SavedThread, Saver};
use crate::state_value::Shared;
use crate::subgraph;
use crate::target::{RouteResult, Target};

/// An event of a run in this driver's values.
pub(crate) type RunEvent = Event<Shared, Exception>;

/// One run of a graph.
pub(crate) struct Execution {
    graph: CompiledGraph,
    run: core::Run<StateHost>,
    host: StateHost,
    /// What nodes and routers are given, but for their own pad.
    context: Context,
    events: VecDeque<RunEvent>,
    waiting: FuturesUnordered<Pending<Done>>,
    /// What the engine said last, with the calls to perform once its events are told.
    step: core::Step<Shared, Exception>,
    thread: Option<Box<dyn SavedThread>>,
    /// What tasks of the superstep have raised, to be stored with what they wrote.
    raised: HashMap<TaskRef, Exception>,
    /// Whether the superstep runs one task.
    alone: bool,
    stopped: bool,
    outcome: Option<Result<Output, Exception>>,
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
        Ok(Self::start(
            graph, start, config, interest, output, None, kept,
        ))
    }

    /// A run of `graph` as a node of the graph `outer`.
    pub(crate) fn nested(
        graph: &CompiledGraph,
        start: core::Start<Shared>,
        config: RunConfig,
        outer: String,
    ) -> Self {
        let interest = core::Interest::default();
        Self::start(
            graph,
            start,
            config,
            interest,
            core::Output::Schema,
            Some(outer),
            None,
        )
    }

    fn start(
        graph: &CompiledGraph,
        start: core::Start<Shared>,
        config: RunConfig,
        interest: core::Interest,
        output: core::Output,
        nested_in: Option<String>,
        kept: Option<Kept>,
    ) -> Self {
        let (thread, checkpoint) = kept.unzip();
        let checkpoint = checkpoint.flatten();
        let mut settings = core::Config::new(config.recursion_limit());
        settings.interest = core::Interest {
            save: thread.is_some(),
            task_writes: thread.is_some(),
            ..interest
        };
        settings.output = output;
        let (before, after) = graph.breakpoints();
        settings.interrupt_before = before.clone();
        settings.interrupt_after = after.clone();
        settings.nested = nested_in.is_some();
        settings.simple = true;
        Execution {
            run: core::Run::new(Arc::clone(graph.core()), start, checkpoint, settings),
            host: StateHost::new(graph.clone(), thread.is_some()),
            graph: graph.clone(),
            context: Context::new(RunScope { config, nested_in }),
            events: VecDeque::new(),
            waiting: FuturesUnordered::new(),
            step: core::Step::default(),
            thread,
            raised: HashMap::new(),
            alone: false,
            stopped: false,
            outcome: None,
        }
    }

    /// Runs until something happens; `None` when the run is over.
    pub(crate) async fn next(&mut self) -> Option<RunEvent> {
        poll_fn(|task| self.poll_next(task)).await
    }

    fn poll_next(&mut self, task: &mut task::Context<'_>) -> Poll<Option<RunEvent>> {
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
                self.perform(call, task);
            }
            self.step.calls = calls;
            // the engine is told only of whole steps, so that a failing step is deterministic
            while !self.waiting.is_empty() {
                match self.waiting.poll_next_unpin(task) {
                    Poll::Ready(Some(done)) => self.settle(done),
                    Poll::Ready(None) => break,
                    Poll::Pending => return Poll::Pending,
                }
            }
            self.advance();
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

    fn advance(&mut self) {
        self.run.next_into(&mut self.host, &mut self.step);
        let announced = self.events.len() + self.step.announced;
        if !self.step.events.is_empty() {
            self.events.extend(self.step.events.drain(..));
        }
        let node = |call: &&Call<Shared>| matches!(call, Call::Node { .. });
        match self.step.calls.iter().filter(node).count() {
            // the routers of the superstep
            0 => {}
            tasks => self.alone = tasks == 1,
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
        if self.alone && unapplied && !self.events.iter().any(failed) {
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
            Outcome::Finished { values } => Ok(Output::new(self.graph.clone(), values, Vec::new())),
            Outcome::Interrupted {
                values, interrupts, ..
            } => Ok(Output::new(self.graph.clone(), values, interrupts)),
            Outcome::Failed(error) => Err(exception(&error)),
        }
    }

    fn perform(&mut self, call: Call<Shared>, context: &mut task::Context<'_>) {
        self.context.count_steps(self.run.remaining_steps());
        match call {
            Call::Node {
                task,
                input,
                scratchpad,
                ..
            } => self.perform_node(task, input, scratchpad, context),
            Call::Route {
                task,
                branch,
                input,
                scratchpad,
            } => {
                let input = core::Input::State(input);
                self.perform_route(task, branch, input, scratchpad, context);
            }
        }
    }

    fn perform_node(
        &mut self,
        task: TaskRef,
        input: core::Input<Shared>,
        scratchpad: Scratchpad<Shared>,
        context: &mut task::Context<'_>,
    ) {
        let graph = self.graph.core();
        let given = Given {
            schema: graph.node_input(task.node),
            input,
            callee: graph.node_name(task.node),
        };
        let call = match self.graph.node(task.node) {
            Node::Function(Function::Sync(function)) => {
                let result = self
                    .context
                    .lent(scratchpad, |context| function(given, context));
                return self.settle(Done::Node(task, result));
            }
            Node::Function(Function::Async(function)) => {
                function(given, self.context.with(scratchpad))
            }
            Node::Graph(inner) => subgraph::call(
                inner.clone(),
                &self.graph,
                given,
                self.context.config().clone(),
            ),
        };
        self.begin(async move { Done::Node(task, call.await) }, context);
    }

    fn perform_route(
        &mut self,
        task: TaskRef,
        branch: BranchId,
        input: core::Input<Shared>,
        scratchpad: Scratchpad<Shared>,
        context: &mut task::Context<'_>,
    ) {
        let graph = self.graph.core();
        let given = Given {
            schema: graph.branch_input(branch),
            input,
            callee: graph.branch_name(branch),
        };
        match &self.graph.router(branch).0 {
            Function::Sync(router) => {
                let result = self
                    .context
                    .lent(scratchpad, |context| router(given, context));
                self.settle(Done::Route(task, branch, result));
            }
            Function::Async(router) => {
                let call = router(given, self.context.with(scratchpad));
                self.begin(
                    async move { Done::Route(task, branch, call.await) },
                    context,
                );
            }
        }
    }

    /// Starts a call; most are done at once.
    fn begin(
        &mut self,
        call: impl Future<Output = Done> + Send + 'static,
        context: &mut task::Context<'_>,
    ) {
        let mut call: Pending<Done> = Box::pin(call);
        match call.as_mut().poll(context) {
            Poll::Ready(done) => self.settle(done),
            Poll::Pending => self.waiting.push(call),
        }
    }

    fn settle(&mut self, done: Done) {
        match done {
            Done::Node(task, result) => {
                let raised = self.thread.is_some().then_some(&mut self.raised);
                let (graph, alone) = (&self.graph, self.alone);
                self.run.complete_with(task, |room| {
                    let settled =
                        result.and_then(|output: NodeOutput| graph.settle(output, alone, room));
                    note_raised(raised, task, settled.map_err(failure))
                });
            }
            Done::Route(task, branch, result) => {
                let raised = self.thread.is_some().then_some(&mut self.raised);
                let graph = &self.graph;
                self.run.routed_with(task, |room| {
                    let (_, path_map) = graph.router(branch);
                    let resolved = result.map_err(failure).and_then(|targets: Vec<Target>| {
                        path_map.resolve(graph.core(), targets, room)
                    });
                    note_raised(raised, task, resolved)
                });
            }
        }
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
    let question = raised
        .payload()
        .and_then(|payload| payload.downcast_ref::<Question>());
    match question {
        Some(Question(question)) => Failure::interrupt(Arc::clone(question)),
        None => Failure::Error(raised),
    }
}

/// Runs `future` to its end on a runtime of its own.
pub(crate) fn block_on<F: Future>(future: F) -> Result<F::Output, Exception> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Exception::runtime_error(error.to_string()))?;
    Ok(runtime.block_on(future))
}
