//! Running a pattern over a text, with backtracking, as CPython's engine does.

use super::program::{Program, Step};
use super::syntax::{At, Class, lower, same_letter};

/// What has to hold for a match besides the pattern.
#[derive(Clone, Copy, Default)]
pub(super) struct Demand {
    /// It reaches the end of the text.
    pub(super) whole: bool,
    /// It is not empty.
    pub(super) advance: bool,
}

/// Where each group starts and ends; the first is the whole match.
pub(super) type Groups = Vec<Option<usize>>;

enum Undo {
    Try { step: usize, at: usize },
    Save { slot: usize, was: Option<usize> },
    Loop { slot: usize, was: Option<usize> },
}

pub(super) struct Matcher<'a> {
    program: &'a Program,
    text: &'a [char],
    start: usize,
    demand: Demand,
    saves: Groups,
    loops: Vec<Option<usize>>,
    undo: Vec<Undo>,
}

/// Matches at `start` exactly.
pub(super) fn match_at(
    program: &Program,
    groups: usize,
    text: &[char],
    start: usize,
    demand: Demand,
) -> Option<Groups> {
    let mut matcher = Matcher {
        program,
        text,
        start,
        demand,
        saves: vec![None; (groups + 1) * 2],
        loops: vec![None; program.loops],
        undo: Vec::new(),
    };
    let end = matcher.run(0, start)?;
    matcher.saves[0] = Some(start);
    matcher.saves[1] = Some(end);
    Some(matcher.saves)
}

impl Matcher<'_> {
    /// Runs from a step to the end of its part; the end of what was matched.
    fn run(&mut self, step: usize, at: usize) -> Option<usize> {
        let base = self.undo.len();
        let (mut step, mut at) = (step, at);
        loop {
            let next = match &self.program.steps[step] {
                Step::Done => return Some(at),
                Step::Match => {
                    let refused = (self.demand.whole && at != self.text.len())
                        || (self.demand.advance && at == self.start);
                    if !refused {
                        return Some(at);
                    }
                    None
                }
                other => self.advance(other, step, at),
            };
            (step, at) = match next {
                Some(next) => next,
                None => self.back(base)?,
            };
        }
    }

    /// The next step and position, unless this step fails.
    fn advance(&mut self, current: &Step, step: usize, at: usize) -> Option<(usize, usize)> {
        match current {
            Step::Char(test) => {
                let accepted = self.text.get(at).is_some_and(|&c| test.accepts(c));
                accepted.then_some((step + 1, at + 1))
            }
            Step::At(place) => self.is_at(*place, at).then_some((step + 1, at)),
            Step::Save(slot) => {
                self.undo.push(Undo::Save {
                    slot: *slot,
                    was: self.saves[*slot],
                });
                self.saves[*slot] = Some(at);
                Some((step + 1, at))
            }
            Step::Again { group, ignore_case } => {
                let len = self.again(*group, *ignore_case, at)?;
                Some((step + 1, at + len))
            }
            Step::Jump(to) => Some((*to, at)),
            Step::Fork(first, second) => {
                self.undo.push(Undo::Try { step: *second, at });
                Some((*first, at))
            }
            Step::LoopEnter(slot) => {
                self.undo.push(Undo::Loop {
                    slot: *slot,
                    was: self.loops[*slot],
                });
                self.loops[*slot] = None;
                Some((step + 1, at))
            }
            Step::Loop { slot, exit, greedy } => {
                if self.loops[*slot] == Some(at) {
                    return Some((*exit, at));
                }
                if *greedy {
                    self.undo.push(Undo::Try { step: *exit, at });
                    self.undo.push(Undo::Loop {
                        slot: *slot,
                        was: self.loops[*slot],
                    });
                    self.loops[*slot] = Some(at);
                    Some((step + 1, at))
                } else {
                    // the round itself is tried when going on fails; below it lies the way back
                    self.undo.push(Undo::Loop {
                        slot: *slot,
                        was: self.loops[*slot],
                    });
                    self.undo.push(Undo::Try { step: step + 1, at });
                    self.undo.push(Undo::Loop {
                        slot: *slot,
                        was: Some(at),
                    });
                    Some((*exit, at))
                }
            }
            Step::Atomic { after } => {
                let end = self.apart(step + 1, at)?;
                Some((*after, end))
            }
            Step::Look {
                ahead,
                negative,
                width,
                after,
            } => {
                let from = if *ahead {
                    Some(at)
                } else {
                    at.checked_sub(*width)
                };
                let found = match from {
                    Some(from) if *negative => self.tried(step + 1, from),
                    Some(from) => self.apart(step + 1, from).is_some(),
                    None => false,
                };
                (found != *negative).then_some((*after, at))
            }
            Step::IfGroup { group, no } => {
                let bounds = self.saves[group * 2].zip(self.saves[group * 2 + 1]);
                let matched = bounds.is_some_and(|(start, end)| start <= end);
                Some((if matched { step + 1 } else { *no }, at))
            }
            Step::Done | Step::Match => None,
        }
    }

    /// Runs a part that is not tried again once it matched; its groups are still undone when going back.
    fn apart(&mut self, step: usize, at: usize) -> Option<usize> {
        let base = self.undo.len();
        let end = self.run(step, at)?;
        let mut kept = self.undo.split_off(base);
        kept.retain(|undo| !matches!(undo, Undo::Try { .. }));
        self.undo.append(&mut kept);
        Some(end)
    }

    /// Whether a part matches, leaving no trace.
    fn tried(&mut self, step: usize, at: usize) -> bool {
        let (saves, loops, base) = (self.saves.clone(), self.loops.clone(), self.undo.len());
        let found = self.run(step, at).is_some();
        self.undo.truncate(base);
        (self.saves, self.loops) = (saves, loops);
        found
    }

    /// Undoes up to the last choice that was made since `base`.
    fn back(&mut self, base: usize) -> Option<(usize, usize)> {
        while self.undo.len() > base {
            match self.undo.pop()? {
                Undo::Try { step, at } => return Some((step, at)),
                Undo::Save { slot, was } => self.saves[slot] = was,
                Undo::Loop { slot, was } => self.loops[slot] = was,
            }
        }
        None
    }

    fn again(&self, group: usize, ignore_case: bool, at: usize) -> Option<usize> {
        let (start, end) = (self.saves[group * 2]?, self.saves[group * 2 + 1]?);
        let matched = self.text.get(start..end)?;
        let here = self.text.get(at..at + matched.len())?;
        let same = matched.iter().zip(here).all(|(&a, &b)| {
            a == b || (ignore_case && same_letter(lower(a, false), lower(b, false), true))
        });
        same.then_some(matched.len())
    }

    fn is_at(&self, place: At, at: usize) -> bool {
        let len = self.text.len();
        match place {
            At::Start => at == 0,
            At::LineStart => at == 0 || self.text[at - 1] == '\n',
            At::End => at == len || (at + 1 == len && self.text[at] == '\n'),
            At::LineEnd => at == len || self.text[at] == '\n',
            At::VeryEnd => at == len,
            At::Boundary { ascii } => len > 0 && self.is_boundary(at, ascii),
            At::NoBoundary { ascii } => len > 0 && !self.is_boundary(at, ascii),
        }
    }

    fn is_boundary(&self, at: usize, ascii: bool) -> bool {
        let is_word = |at: Option<usize>| {
            at.and_then(|at| self.text.get(at))
                .is_some_and(|&c| Class::Word.holds(c, ascii))
        };
        is_word(at.checked_sub(1)) != is_word(Some(at))
    }
}
