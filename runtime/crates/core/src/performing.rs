//! Supersteps that are performed on the way.
//!
//! Most runs have nobody to tell of their tasks, and most supersteps are simple: one task, or packets for nodes
//! without routers. Then no task waits for another, and nothing is asked of it but its writes. So it gets no
//! place among the tasks, and its calls none in a batch: they are performed where they come up, and the writes of
//! all are applied at once. As soon as a call has to wait, or fails, the tasks are put among the tasks as they
//! then are, and the superstep goes on as any other.

use crate::call::{Input, NodeOutput, Send, Target};
use crate::checkpoint::Source;
use crate::config::{Breakpoints, Config};
use crate::error::{EngineError, Failure};
use crate::event::Interest;
use crate::graph::Graph;
use crate::host::Host;
use crate::ids::{BranchId, ChannelId, NodeId, TaskPath, TaskRef};
use crate::run::{Failed, Run};
use crate::scratchpad::Scratchpad;
use crate::state::{Applied, State};
use crate::task::{Phase, Task, TaskInput};
use crate::values::Values;
use crate::write::Write;

/// How many routers a task has been through when it stopped, and in which phase it did.
type StoppedAt<H> = (usize, Phase<<H as Host>::Value, <H as Host>::Error>);

/// How a call went. `None`: its result is handed over later, to [`Run::complete`] or [`Run::routed`].
pub type Performed<V, E> = Option<Result<(), Failure<V, E>>>;

/// A driver that performs calls as they come up.
pub trait Performer<H: Host> {
    /// Whether it does.
    const PERFORMS: bool = true;

    /// Runs a task's node, and puts what it returns into `output`, which is empty. The task may be `alone` in
    /// its superstep.
    fn node(
        &mut self,
        task: TaskRef,
        alone: bool,
        input: Input<H::Value>,
        scratchpad: Scratchpad<H::Value>,
        output: &mut NodeOutput<H::Value>,
    ) -> Performed<H::Value, H::Error>;

    /// Runs a router after its node, and puts where it leads into `targets`, which is empty.
    fn route(
        &mut self,
        task: TaskRef,
        branch: BranchId,
        input: Values<H::Value>,
        scratchpad: Scratchpad<H::Value>,
        targets: &mut Vec<Target<H::Value>>,
    ) -> Performed<H::Value, H::Error>;
}

/// Performs nothing: every call is handed out.
pub(crate) struct HandsOut;

impl<H: Host> Performer<H> for HandsOut {
    const PERFORMS: bool = false;

    fn node(
        &mut self,
        _: TaskRef,
        _: bool,
        _: Input<H::Value>,
        _: Scratchpad<H::Value>,
        _: &mut NodeOutput<H::Value>,
    ) -> Performed<H::Value, H::Error> {
        None
    }

    fn route(
        &mut self,
        _: TaskRef,
        _: BranchId,
        _: Values<H::Value>,
        _: Scratchpad<H::Value>,
        _: &mut Vec<Target<H::Value>>,
    ) -> Performed<H::Value, H::Error> {
        None
    }
}

/// What became of a superstep.
pub(crate) enum Came {
    /// It has not begun: it is not as simple as that.
    Nowhere,
    /// Its tasks are among the tasks now.
    Halfway,
    ToItsEnd,
}

/// The tasks of a superstep on the way.
pub(crate) struct OnTheWay<V> {
    /// Those to come.
    planned: Vec<(TaskRef, TaskInput<V>)>,
    /// Those that are over, each with how many writes there were by then.
    over: Vec<(TaskRef, usize)>,
    writes: Vec<Write<V>>,
}

impl<V: Clone> OnTheWay<V> {
    /// Nothing yet; `None` for runs of which somebody asks for more than what their tasks write.
    pub fn of(graph: &Graph, config: &Config<V>) -> Option<Box<Self>> {
        let simple = config.simple
            && config.interest == Interest::default()
            && config.interrupt_before == Breakpoints::None
            && config.interrupt_after == Breakpoints::None
            && config.parent.is_none()
            && !config.at_exit
            && !graph.subscribed
            && !graph.has_cached()
            && !graph.has_handlers()
            && !graph.has_deltas();
        simple.then(|| {
            Box::new(OnTheWay {
                planned: Vec::new(),
                over: Vec::new(),
                writes: Vec::new(),
            })
        })
    }

    /// Plans the superstep, if it is one of those that can be performed on the way.
    fn plan(
        &mut self,
        graph: &Graph,
        state: &mut State<V>,
        updated: &[ChannelId],
        step: i64,
    ) -> bool {
        let triggered = |channel: &ChannelId| &graph.triggered[channel.index()];
        let mut nodes = updated.iter().flat_map(triggered).copied();
        let (first, sends) = (nodes.next(), state.sends(graph));
        let Some(node) = first else {
            return self.plan_sent(graph, state, step);
        };
        let spec = &graph.nodes[node.index()];
        let alone = sends.is_empty() && nodes.all(|other| other == node);
        if !alone || spec.root || !state.is_triggered(graph, node) {
            return false;
        }
        let input = match node {
            NodeId::START => TaskInput::Start(state.take_input(graph)),
            _ => TaskInput::Node(Input::State(state.read(&spec.input).into())),
        };
        let path = TaskPath::Pull;
        self.planned.push((
            TaskRef {
                step,
                index: 0,
                node,
                path,
            },
            input,
        ));
        true
    }

    /// Plans a superstep of packets, which are taken out of the state.
    fn plan_sent(&mut self, graph: &Graph, state: &mut State<V>, step: i64) -> bool {
        let sends = state.sends(graph);
        let alone = sends.len() == 1;
        let found = |send: &Send<V>| {
            let node = graph.node_id(&send.node)?;
            let simple = node != NodeId::START && (alone || !graph.has_branches(node));
            (simple && send.timeout.is_none()).then_some(node)
        };
        // most often all packets are for one node
        let mut last: Option<(&str, NodeId)> = None;
        for (index, send) in (0..).zip(sends) {
            let known = last.filter(|(name, _)| *name == send.node && send.timeout.is_none());
            let Some(node) = known.map(|(_, node)| node).or_else(|| found(send)) else {
                self.planned.clear();
                return false;
            };
            last = Some((&send.node, node));
            let path = TaskPath::Push(index);
            let at = TaskRef {
                step,
                index,
                node,
                path,
            };
            self.planned.push((at, TaskInput::Taken));
        }
        for ((_, input), send) in self.planned.iter_mut().zip(state.take_sends(graph)) {
            *input = TaskInput::Node(Input::Arg(send.arg));
        }
        !self.planned.is_empty()
    }
}

impl<H: Host> Run<H> {
    /// Does a superstep on the way, if it is one that can be done so.
    pub(crate) fn perform<P: Performer<H>>(
        &mut self,
        host: &mut H,
        performer: &mut P,
    ) -> Result<Came, Failed<H>> {
        let left_over = self.answered
            || self.commanded
            || self.rerun
            || !self.loaded.is_empty()
            || !self.loaded_called.is_empty()
            || !self.input_writes.is_empty();
        if left_over || self.step > self.stop {
            return Ok(Came::Nowhere);
        }
        let (Some(state), Some(updated), Some(way)) =
            (&mut self.state, &self.updated, &mut self.way)
        else {
            return Ok(Came::Nowhere);
        };
        if !way.plan(&self.graph, state, updated, self.step) {
            return Ok(Came::Nowhere);
        }
        state.stats.tasks += way.planned.len() as u64;
        if let Some(reason) = host.drained() {
            return Err(EngineError::Drained { reason }.into());
        }
        // taken out while tasks are added to the run
        let Some(mut way) = self.way.take() else {
            return Ok(Came::Nowhere);
        };
        let came = self.perform_tasks(host, performer, &mut way);
        if let Came::ToItsEnd = came {
            self.apply_performed(host, &mut way)?;
        }
        self.way = Some(way);
        Ok(came)
    }

    fn perform_tasks<P: Performer<H>>(
        &mut self,
        host: &mut H,
        performer: &mut P,
        way: &mut OnTheWay<H::Value>,
    ) -> Came {
        let OnTheWay {
            planned,
            over,
            writes,
        } = way;
        let alone = planned.len() == 1;
        let mut came = Came::ToItsEnd;
        for (at, input) in planned.drain(..) {
            let task = self.perform_task(host, performer, at, alone, input, writes);
            if let (Came::ToItsEnd, Ok(())) = (&came, &task) {
                over.push((at, writes.len()));
                continue;
            }
            let mut writes = writes.drain(..);
            if let Came::ToItsEnd = came {
                came = Came::Halfway;
                self.begin_tasks();
                let mut from = 0;
                for (at, to) in over.drain(..) {
                    let own = writes.by_ref().take(to - from).collect();
                    self.put_task(at, own, 0, Phase::Answered);
                    from = to;
                }
            }
            let (routed, phase) = task.err().unwrap_or((0, Phase::Answered));
            self.put_task(at, writes.collect(), routed, phase);
        }
        came
    }

    /// Takes a task from its node to its last router, or to where it stops: after so many routers, in a phase.
    fn perform_task<P: Performer<H>>(
        &mut self,
        host: &mut H,
        performer: &mut P,
        at: TaskRef,
        alone: bool,
        input: TaskInput<H::Value>,
        writes: &mut Vec<Write<H::Value>>,
    ) -> Result<(), StoppedAt<H>> {
        let Some(state) = &mut self.state else {
            return Ok(());
        };
        let (graph, output) = (&self.graph, &mut self.spare_output);
        let performed = match input {
            TaskInput::Node(input) => {
                performer.node(at, alone, input, Scratchpad::without_answers(), output)
            }
            TaskInput::Start(input) => {
                *output = input;
                Some(Ok(()))
            }
            // nothing is planned without its input
            TaskInput::Taken => Some(Ok(())),
        };
        let unknown = !alone && graph.leads_nowhere(&output.goto);
        if let Some(Ok(())) = performed {
            graph.write_output(at.node, output, writes);
        }
        output.clear();
        went(performed, || Phase::AwaitingNode).map_err(|phase| (0, phase))?;
        if unknown {
            // a warning will name the task
            return Err((0, Phase::Answered));
        }
        let targets = &mut output.goto;
        for (routed, &branch) in graph.nodes[at.node.index()].branches.iter().enumerate() {
            let channels = &graph.branches[branch.index()].input;
            let input = state.read_fresh(graph, host, channels, writes);
            let input = input.map_err(|error| (routed, Phase::Stopped(error.into())))?;
            let pad = Scratchpad::without_answers();
            let performed = performer.route(at, branch, input, pad, targets);
            let performed = performed.map(|performed| {
                performed.and_then(|()| {
                    let written = graph.write_targets(targets, writes);
                    written.map_err(Failure::Engine)
                })
            });
            targets.clear();
            went(performed, || Phase::AwaitingRoute).map_err(|phase| (routed, phase))?;
        }
        Ok(())
    }

    fn begin_tasks(&mut self) {
        self.tasks.clear();
        self.told = 0;
        self.unsettled = 0;
        self.halted = false;
    }

    /// Puts a task among the tasks of the step.
    fn put_task(
        &mut self,
        at: TaskRef,
        writes: Vec<Write<H::Value>>,
        routed: usize,
        phase: Phase<H::Value, H::Error>,
    ) {
        if matches!(phase, Phase::Stopped(_) | Phase::Answered) {
            self.arrived.push(at.index);
        }
        self.unsettled += 1;
        self.tasks.push(Task {
            at,
            input: TaskInput::Taken,
            pad: Scratchpad::without_answers(),
            timeout: None,
            writes,
            routed,
            phase,
        });
    }

    /// Ends a superstep whose tasks are all over.
    fn apply_performed(
        &mut self,
        host: &mut H,
        way: &mut OnTheWay<H::Value>,
    ) -> Result<(), Failed<H>> {
        let mut updated = self.updated.take().unwrap_or_default();
        updated.clear();
        if let Some(state) = &mut self.state {
            // they have written in the order in which it is applied
            let mut last = None;
            for (at, _) in way.over.drain(..) {
                if last.replace(at.node) != Some(at.node) {
                    self.applied.push(Applied {
                        task: Some((at.node, at.path)),
                        writes: Vec::new(),
                    });
                }
            }
            if let Some(last) = self.applied.last_mut() {
                std::mem::swap(&mut last.writes, &mut way.writes);
            }
            let (graph, events) = (&self.graph, &mut self.events);
            state.apply_into(graph, host, None, &mut self.applied, events, &mut updated)?;
            state.stats.steps += 1;
            way.writes = self
                .applied
                .pop()
                .map(|last| last.writes)
                .unwrap_or_default();
            self.applied.clear();
        }
        self.updated = Some(updated);
        self.put_checkpoint(host, Source::Loop)
    }
}

/// Where a task stops when a call did not give its result, and `awaited` is what it waits for.
fn went<V, E>(performed: Performed<V, E>, awaited: fn() -> Phase<V, E>) -> Result<(), Phase<V, E>> {
    match performed {
        Some(Ok(())) => Ok(()),
        Some(Err(failure)) => Err(Phase::Stopped(failure)),
        None => Err(awaited()),
    }
}
