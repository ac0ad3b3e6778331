//! A pattern as instructions for the matcher.

use super::syntax::{At, CharTest, Greed, Node};
use crate::Exception;

#[derive(Debug)]
pub(super) enum Step {
    Char(CharTest),
    At(At),
    Save(usize),
    Again {
        group: usize,
        ignore_case: bool,
    },
    Jump(usize),
    /// Try the first, then the second.
    Fork(usize, usize),
    /// Forget where the loop was last.
    LoopEnter(usize),
    /// Another round, or go on at `exit`; a round that consumed nothing is the last.
    Loop {
        slot: usize,
        exit: usize,
        greedy: bool,
    },
    /// Run the steps that follow up to `Done`, then go on at `after`, never to come back into them.
    Atomic {
        after: usize,
    },
    Look {
        ahead: bool,
        negative: bool,
        width: usize,
        after: usize,
    },
    IfGroup {
        group: usize,
        no: usize,
    },
    Done,
    Match,
}

pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    pub(super) loops: usize,
}

/// Repetitions are written out; beyond this the pattern is refused.
const LIMIT: usize = 200_000;

impl Program {
    pub(super) fn of(node: &Node) -> Result<Self, Exception> {
        let mut program = Self {
            steps: Vec::new(),
            loops: 0,
        };
        program.emit(node)?;
        program.steps.push(Step::Match);
        Ok(program)
    }

    fn add(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }

    fn emit(&mut self, node: &Node) -> Result<(), Exception> {
        if self.steps.len() > LIMIT {
            return Err(Exception::unsupported("a regular expression of this size"));
        }
        match node {
            Node::Char(test) => {
                self.add(Step::Char(test.clone()));
            }
            Node::At(at) => {
                self.add(Step::At(*at));
            }
            Node::Group(group, of) => {
                self.add(Step::Save(group * 2));
                self.emit(of)?;
                self.add(Step::Save(group * 2 + 1));
            }
            Node::Concat(items) => {
                for item in items {
                    self.emit(item)?;
                }
            }
            Node::Either(branches) => self.emit_either(branches)?,
            Node::Repeat {
                of,
                min,
                max,
                greed,
            } => {
                if *greed == Greed::Possessive {
                    let atomic = self.add(Step::Atomic { after: 0 });
                    self.emit_repeat(of, *min, *max, true)?;
                    self.add(Step::Done);
                    self.steps[atomic] = Step::Atomic {
                        after: self.steps.len(),
                    };
                } else {
                    self.emit_repeat(of, *min, *max, *greed == Greed::Greedy)?;
                }
            }
            Node::Again { group, ignore_case } => {
                self.add(Step::Again {
                    group: *group,
                    ignore_case: *ignore_case,
                });
            }
            Node::Look {
                ahead,
                negative,
                of,
                width,
            } => {
                let look = self.add(Step::Done);
                self.emit(of)?;
                self.add(Step::Done);
                let after = self.steps.len();
                self.steps[look] = Step::Look {
                    ahead: *ahead,
                    negative: *negative,
                    width: *width,
                    after,
                };
            }
            Node::Atomic(of) => {
                let atomic = self.add(Step::Done);
                self.emit(of)?;
                self.add(Step::Done);
                self.steps[atomic] = Step::Atomic {
                    after: self.steps.len(),
                };
            }
            Node::IfGroup { group, yes, no } => {
                let condition = self.add(Step::Done);
                self.emit(yes)?;
                let jump = self.add(Step::Done);
                self.steps[condition] = Step::IfGroup {
                    group: *group,
                    no: self.steps.len(),
                };
                self.emit(no)?;
                self.steps[jump] = Step::Jump(self.steps.len());
            }
        }
        Ok(())
    }

    fn emit_either(&mut self, branches: &[Node]) -> Result<(), Exception> {
        let mut jumps = Vec::new();
        for (number, branch) in branches.iter().enumerate() {
            if number + 1 == branches.len() {
                self.emit(branch)?;
                break;
            }
            let fork = self.add(Step::Done);
            self.emit(branch)?;
            jumps.push(self.add(Step::Done));
            self.steps[fork] = Step::Fork(fork + 1, self.steps.len());
        }
        for jump in jumps {
            self.steps[jump] = Step::Jump(self.steps.len());
        }
        Ok(())
    }

    fn emit_repeat(
        &mut self,
        of: &Node,
        min: u32,
        max: Option<u32>,
        greedy: bool,
    ) -> Result<(), Exception> {
        for _ in 0..min {
            self.emit(of)?;
        }
        let slot = self.loops;
        self.loops += 1;
        self.add(Step::LoopEnter(slot));
        let Some(max) = max else {
            let start = self.add(Step::Done);
            self.emit(of)?;
            self.add(Step::Jump(start));
            self.steps[start] = Step::Loop {
                slot,
                exit: self.steps.len(),
                greedy,
            };
            return Ok(());
        };
        let mut rounds = Vec::new();
        for _ in min..max {
            rounds.push(self.add(Step::Done));
            self.emit(of)?;
        }
        let exit = self.steps.len();
        for round in rounds {
            self.steps[round] = Step::Loop { slot, exit, greedy };
        }
        Ok(())
    }
}
