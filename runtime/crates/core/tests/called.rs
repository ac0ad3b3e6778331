//! Tasks that tasks call: places and ids, results kept over runs, and what ends a step.
#![allow(clippy::unwrap_used)] // a test may panic, its helpers too

mod common;

use common::*;
use langferry_core::*;

type Outcomes = Option<Outcome<Value, String>>;

/// A run whose one node waits to call tasks, driven by hand.
struct Calling {
    run: Run<Adder>,
    node: Caller,
    task: TaskRef,
    program: Program,
    saved: Option<Checkpoint<Value>>,
}

fn program() -> Program {
    Builder::new()
        .node("node", |_| unreachable!("driven by hand"))
        .edges(&[(START, "node"), ("node", END)])
        .compile()
}

fn name(caller: &str, place: u32) -> CalledName {
    CalledName {
        name: "task".to_owned(),
        id: format!("{caller}/{place}"),
        namespace: format!("{caller}/{place}"),
    }
}

fn config() -> Config<Value> {
    Config {
        interest: Interest {
            save: true,
            task_writes: true,
            ..Interest::STREAMS
        },
        output: Output::State,
        ..Config::new(25)
    }
}

impl Calling {
    fn start(start: Start<Value>, checkpoint: Option<Checkpoint<Value>>) -> Self {
        let program = program();
        let graph = std::sync::Arc::clone(&program.graph);
        let saved = checkpoint.clone();
        let run = Run::new(graph, start, checkpoint, config());
        let task = TaskRef {
            step: 0,
            index: 0,
            node: NodeId::START,
            path: TaskPath::Pull,
        };
        let mut calling = Calling {
            run,
            node: Caller::Task(task),
            task,
            program,
            saved,
        };
        let step = calling.next();
        let Some(Call::Node { task, .. }) = step.1.into_iter().next() else {
            panic!("the node is called")
        };
        (calling.task, calling.node) = (task, Caller::Task(task));
        calling
    }

    fn fresh() -> Self {
        let input = program().input(&[("x", Value::Int(1))]);
        Calling::start(input, None)
    }

    fn next(&mut self) -> (Outcomes, Vec<Call<Value>>) {
        let step = self.run.next(&mut Adder);
        for event in step.events {
            if let Event::Checkpoint(checkpoint) = event {
                self.saved = Some(*checkpoint);
            }
        }
        (step.outcome, step.calls)
    }

    fn call(&mut self, caller: Caller, of: &str) -> Called<Value> {
        let called = self
            .run
            .call_task(&mut Adder, caller, |place| name(of, place));
        called.unwrap()
    }

    fn finish(&mut self, called: &Called<Value>, result: i64) -> Option<Vec<Write<Value>>> {
        self.end(called, Ok(Returned::value(Value::Int(result))))
    }

    fn end(
        &mut self,
        called: &Called<Value>,
        result: CalledResult<Value, String>,
    ) -> Option<Vec<Write<Value>>> {
        let writes = self.run.finish_called(&mut Adder, called.task, result);
        assert_eq!(self.run.end_called(called.task), writes.is_some());
        writes
    }

    fn complete(&mut self, x: i64) -> Outcomes {
        let x_id = self.program.graph.channel_id("x").unwrap();
        let output = vec![(x_id, Value::Int(x))].into();
        assert!(self.run.complete(self.task, Ok(output)));
        self.next().0
    }

    /// The checkpoint as a saver has it when the run ends now.
    fn stored(mut self) -> Checkpoint<Value> {
        let mut saved = self.saved.take().unwrap();
        saved.pending = self.run.pending_writes();
        saved
    }
}

#[test]
fn calls_are_numbered_by_their_caller() {
    let mut calling = Calling::fresh();
    let mut places = Vec::new();
    let mut note = |place| {
        places.push(place);
        name("any", place)
    };
    let first = calling.run.call_task(&mut Adder, calling.node, &mut note);
    calling.run.call_task(&mut Adder, calling.node, &mut note);
    let inner = Caller::Called(first.unwrap().task);
    calling.run.call_task(&mut Adder, inner, &mut note);
    assert_eq!(places, [0, 1, 0]);
}

#[test]
fn a_step_ends_with_its_last_called_task() {
    let mut calling = Calling::fresh();
    let called = calling.call(calling.node, "node");
    assert!(called.known.is_none() && calling.run.awaits_called());
    assert!(calling.complete(2).is_none());
    let returned = Ok(Returned::value(Value::Int(7)));
    let writes = calling.run.finish_called(&mut Adder, called.task, returned);
    assert_eq!(writes.unwrap(), [Write::Return(Value::Int(7))]);
    assert!(
        calling.next().0.is_none(),
        "its writes may not be stored yet"
    );
    assert!(calling.run.end_called(called.task));
    assert!(!calling.run.end_called(called.task));
    assert!(matches!(
        calling.next().0,
        Some(Outcome::Finished { values }) if values[0].1 == Value::Int(2)
    ));
    assert!(calling.finish(&called, 8).is_none(), "the step is over");
}

#[test]
fn names_of_called_tasks_are_kept_with_the_checkpoint() {
    let mut calling = Calling::fresh();
    let called = calling.call(calling.node, "node");
    calling.finish(&called, 7);
    calling.complete(2);
    assert_eq!(calling.saved.unwrap().called, ["task"]);
}

#[test]
fn only_what_has_returned_is_known_to_the_next_run() {
    let mut calling = Calling::fresh();
    let calls: Vec<_> = (0..4).map(|_| calling.call(calling.node, "node")).collect();
    calling.finish(&calls[0], 7);
    let failed = Err(raise("ValueError: no"));
    let writes = calling.end(&calls[1], failed).unwrap();
    assert_eq!(writes, [Write::Error]);
    let bubbled = Err(Failure::BubbleUp("ParentCommand".to_owned()));
    let writes = calling.end(&calls[2], bubbled);
    assert_eq!(writes.unwrap(), []);

    let mut again = Calling::start(Start::Continue, Some(calling.stored()));
    let known: Vec<_> = (0..4)
        .map(|_| again.call(again.node, "node").known)
        .collect();
    assert_eq!(known[0], Some(Returned::value(Value::Int(7))));
    assert!(known[1..].iter().all(Option::is_none));
    let kept = again.stored();
    let writers: Vec<_> = kept.pending.iter().map(|pending| &pending.writer).collect();
    assert_eq!(writers, [&Writer::Called("node/0".to_owned())]);
}

#[test]
fn results_of_calls_that_were_not_made_again_are_kept() {
    let mut calling = Calling::fresh();
    let called = calling.call(calling.node, "node");
    calling.finish(&called, 7);
    let again = Calling::start(Start::Continue, Some(calling.stored()));
    assert_eq!(again.stored().pending.len(), 1);
}

#[test]
fn a_question_stops_the_run_and_its_answer_goes_to_the_task_that_asked() {
    let mut calling = Calling::fresh();
    let called = calling.call(calling.node, "node");
    let asks = Err(Failure::interrupt(Value::Text("who?".to_owned())));
    let writes = calling.end(&called, asks);
    assert!(matches!(&writes.unwrap()[..], [Write::Interrupt(asked)] if asked[0].id == "node/0:0"));
    let asks = vec![NewInterrupt {
        value: Value::Text("who?".to_owned()),
        id: Some("node/0:0".to_owned()),
    }];
    assert!(
        calling
            .run
            .complete(calling.task, Err(Failure::Interrupt(asks)))
    );
    let Some(Outcome::Interrupted { interrupts, .. }) = calling.next().0 else {
        panic!("the run stops")
    };
    assert_eq!(interrupts, calling.run.asked_by_called());

    let answers = vec![("node/0:0".to_owned(), Value::Text("me".to_owned()))];
    let resume = Command {
        resume: Some(Resume::ByInterrupt(answers)),
        output: NodeOutput::default(),
    };
    let mut again = Calling::start(Start::Command(resume), Some(calling.stored()));
    let called = again.call(again.node, "node");
    assert!(called.known.is_none());
    assert_eq!(
        called.scratchpad.answer(),
        Some(Value::Text("me".to_owned()))
    );
    let writes = again.finish(&called, 1).unwrap();
    assert_eq!(
        writes,
        [
            Write::Resume(vec![Value::Text("me".to_owned())]),
            Write::Return(Value::Int(1)),
        ]
    );
}

#[test]
fn writes_to_channels_are_applied_after_the_callers_by_depth_and_place() {
    let mut calling = Calling::fresh();
    let log = calling.program.graph.channel_id("log").unwrap();
    let outer = calling.call(calling.node, "node");
    let inner = calling.call(Caller::Called(outer.task), "outer");
    let second = calling.call(calling.node, "node");
    for (called, text) in [(&inner, "deep"), (&second, "second"), (&outer, "first")] {
        let mut returned = Returned::value(Value::Int(0));
        returned.updates.push((log, list(text)));
        calling.end(called, Ok(returned));
    }
    let output = vec![(log, list("own"))].into();
    calling.run.complete(calling.task, Ok(output));
    let Some(Outcome::Finished { values }) = calling.next().0 else {
        panic!("the run ends")
    };
    let logged = values.iter().find(|(id, _)| *id == log).unwrap();
    assert_eq!(logged.1.to_string(), "[own first second deep]");
}

#[test]
fn tasks_that_do_not_run_any_more_cannot_call() {
    let mut calling = Calling::fresh();
    let called = calling.call(calling.node, "node");
    calling.finish(&called, 7);
    let late = Caller::Called(called.task);
    let mut call = |caller| {
        calling
            .run
            .call_task(&mut Adder, caller, |at| name("x", at))
    };
    assert!(call(late).is_none());
    calling
        .run
        .complete(calling.task, Err(raise("ValueError: boom")));
    let mut call = |caller| {
        calling
            .run
            .call_task(&mut Adder, caller, |at| name("x", at))
    };
    assert!(call(calling.node).is_none());
}
