//! A driver that performs calls as they come up, or lets them wait.

use super::*;

/// How a driver comes by its calls.
#[derive(Clone, Copy)]
pub enum How<'a> {
    /// All are handed out.
    HandedOut,
    /// They are performed as they come up, but for those that wait: whether the next one does, then the one
    /// after it, and so on over again.
    Performed(&'a [bool]),
}

struct AsTheyCome<'a> {
    program: &'a Program,
    waits: &'a [bool],
    made: usize,
    waiting: Vec<Call<Value>>,
    lines: Vec<String>,
}

impl AsTheyCome<'_> {
    fn waits(&mut self, name: &str) -> bool {
        self.made += 1;
        let waits = self.waits[(self.made - 1) % self.waits.len()];
        let how = if waits { " waits" } else { "" };
        self.lines.push(format!("{name}{how}"));
        waits
    }
}

impl Performer<Adder> for AsTheyCome<'_> {
    fn node(
        &mut self,
        task: TaskRef,
        _: bool,
        input: Input<Value>,
        scratchpad: Scratchpad<Value>,
        output: &mut NodeOutput<Value>,
    ) -> Performed<Value, String> {
        if self.waits(self.program.graph.node_name(task.node)) {
            self.waiting.push(Call::Node {
                task,
                input,
                scratchpad,
                timeout: None,
            });
            return None;
        }
        let result = self.program.call(task.node, input, scratchpad);
        Some(result.map(|given| *output = given))
    }

    fn route(
        &mut self,
        task: TaskRef,
        branch: BranchId,
        input: Values<Value>,
        scratchpad: Scratchpad<Value>,
        targets: &mut Vec<Target<Value>>,
    ) -> Performed<Value, String> {
        if self.waits(self.program.graph.branch_name(branch)) {
            self.waiting.push(Call::Route {
                task,
                branch,
                input,
                scratchpad,
            });
            return None;
        }
        let result = self.program.route(branch, input, scratchpad);
        Some(result.map(|given| *targets = given))
    }
}

impl Program {
    /// Runs without a saver; prints the calls that came up, those that were handed out, what was told, and how
    /// the run ended.
    pub fn unwatched(
        &self,
        config: Config<Value>,
        start: Start<Value>,
        how: How<'_>,
    ) -> Vec<String> {
        let mut run = Run::new(Arc::clone(&self.graph), start, None, config);
        let mut step = Step::default();
        let mut performer = AsTheyCome {
            program: self,
            waits: match how {
                How::HandedOut => &[],
                How::Performed(waits) => waits,
            },
            made: 0,
            waiting: Vec::new(),
            lines: Vec::new(),
        };
        loop {
            match how {
                How::HandedOut => run.next_into(&mut Adder, &mut step),
                How::Performed(_) => run.next_performing(&mut Adder, &mut step, &mut performer),
            }
            let told = step.events.iter().map(|event| self.event(event));
            performer.lines.extend(told);
            if let Some(outcome) = &step.outcome {
                performer.lines.push(self.outcome(outcome));
                return performer.lines;
            }
            for call in &step.calls {
                let name = match call {
                    Call::Node { task, .. } => self.graph.node_name(task.node),
                    Call::Route { branch, .. } => self.graph.branch_name(*branch),
                };
                performer.lines.push(format!("{name} is handed out"));
            }
            for call in step.calls.drain(..).chain(performer.waiting.drain(..)) {
                self.perform(&mut run, call);
            }
        }
    }
}
