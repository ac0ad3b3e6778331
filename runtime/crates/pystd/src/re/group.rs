//! Reading what stands in brackets in a pattern.

use super::Flags;
use super::parse::Parser;
use super::syntax::Node;
use super::width::width;
use crate::{Exception, repr, str_};

impl Parser {
    /// What begins with a bracket; flags for all of the pattern and comments are no node.
    pub(super) fn group(
        &mut self,
        flags: &mut Flags,
        start: usize,
        first: bool,
    ) -> Result<Option<Node>, Exception> {
        if !self.take('?') {
            return self.captured(*flags, start, None).map(Some);
        }
        let Some(c) = self.peek() else {
            return Err(self.error("unexpected end of pattern", self.at));
        };
        self.at += 1;
        match c {
            ':' => self.inside(*flags, start).map(Some),
            '>' => Ok(Some(Node::Atomic(Box::new(self.inside(*flags, start)?)))),
            '=' | '!' => self.look(*flags, start, true, c == '!').map(Some),
            '<' => match self.peek() {
                Some(c @ ('=' | '!')) => {
                    self.at += 1;
                    self.look(*flags, start, false, c == '!').map(Some)
                }
                Some(c) => Err(self.error(&format!("unknown extension ?<{c}"), start + 1)),
                None => Err(self.error("unexpected end of pattern", self.at)),
            },
            '#' => {
                while self.peek().is_some_and(|c| c != ')') {
                    self.at += 1;
                }
                if !self.take(')') {
                    return Err(self.error("missing ), unterminated comment", start));
                }
                Ok(None)
            }
            'P' => self.named(*flags, start).map(Some),
            '(' => self.conditional(*flags, start).map(Some),
            _ if "iLmsxatu-".contains(c) => {
                self.at -= 1;
                self.flagged(flags, start, first)
            }
            _ => Err(self.error(&format!("unknown extension ?{c}"), start + 1)),
        }
    }

    /// The inside of a group up to its closing bracket.
    fn inside(&mut self, flags: Flags, start: usize) -> Result<Node, Exception> {
        let node = self.alternatives(flags)?;
        if !self.take(')') {
            return Err(self.error("missing ), unterminated subpattern", start));
        }
        Ok(node)
    }

    fn captured(
        &mut self,
        flags: Flags,
        start: usize,
        name: Option<(String, usize)>,
    ) -> Result<Node, Exception> {
        self.groups += 1;
        let group = self.groups;
        if let Some((name, at)) = name {
            if let Some(known) = self.names.get(&name) {
                let message = format!(
                    "redefinition of group name {} as group {group}; was group {known}",
                    repr(&name)
                );
                return Err(self.error(&message, at));
            }
            self.names.insert(name, group);
        }
        self.open.push(group);
        self.widths.push((0, None));
        let node = self.inside(flags, start)?;
        self.open.retain(|&open| open != group);
        self.widths[group] = width(&node, &self.widths);
        Ok(Node::Group(group, Box::new(node)))
    }

    /// A name up to its terminator.
    fn name(&mut self, terminator: char, what: &str) -> Result<(String, usize), Exception> {
        let start = self.at;
        while self.peek().is_some_and(|c| c != terminator) {
            self.at += 1;
        }
        let name: String = self.chars[start..self.at].iter().collect();
        if self.peek().is_none() {
            return Err(if name.is_empty() {
                self.error(&format!("missing {what}"), start)
            } else {
                self.error(&format!("missing {terminator}, unterminated name"), start)
            });
        }
        self.at += 1;
        if name.is_empty() {
            return Err(self.error(&format!("missing {what}"), start));
        }
        Ok((name, start))
    }

    fn checked_name(&self, name: &str, at: usize) -> Result<(), Exception> {
        if str_::isidentifier(name) {
            Ok(())
        } else {
            Err(self.error(&format!("bad character in group name {}", repr(name)), at))
        }
    }

    fn named(&mut self, flags: Flags, start: usize) -> Result<Node, Exception> {
        if self.take('<') {
            let name = self.name('>', "group name")?;
            self.checked_name(&name.0, name.1)?;
            return self.captured(flags, start, Some(name));
        }
        if self.take('=') {
            let (name, at) = self.name(')', "group name")?;
            self.checked_name(&name, at)?;
            let Some(&group) = self.names.get(&name) else {
                return Err(self.error(&format!("unknown group name {}", repr(&name)), at));
            };
            self.check_closed(group, at)?;
            return Ok(Node::Again {
                group,
                ignore_case: flags.ignore_case,
            });
        }
        match self.peek() {
            None => Err(self.error("unexpected end of pattern", self.at)),
            Some(c) => Err(self.error(&format!("unknown extension ?P{c}"), start + 1)),
        }
    }

    pub(super) fn check_closed(&self, group: usize, at: usize) -> Result<(), Exception> {
        if self.open.contains(&group) {
            return Err(self.error("cannot refer to an open group", at));
        }
        self.check_look_behind(group)
    }

    fn check_look_behind(&self, group: usize) -> Result<(), Exception> {
        let Some(before) = self.look_behind else {
            return Ok(());
        };
        if group > self.groups || self.open.contains(&group) {
            return Err(self.error("cannot refer to an open group", self.at));
        }
        if group > before {
            let message = "cannot refer to group defined in the same lookbehind subpattern";
            return Err(self.error(message, self.at));
        }
        Ok(())
    }

    fn look(
        &mut self,
        flags: Flags,
        start: usize,
        ahead: bool,
        negative: bool,
    ) -> Result<Node, Exception> {
        let outer = self.look_behind;
        if !ahead {
            self.look_behind = outer.or(Some(self.groups));
        }
        let of = self.inside(flags, start)?;
        self.look_behind = outer;
        let (width, most) = width(&of, &self.widths);
        self.variable_look_behind |= !ahead && most != Some(width);
        Ok(Node::Look {
            ahead,
            negative,
            of: Box::new(of),
            width,
        })
    }

    fn conditional(&mut self, flags: Flags, start: usize) -> Result<Node, Exception> {
        let (name, at) = self.name(')', "group name")?;
        let group = if name.chars().all(|c| c.is_ascii_digit()) {
            let group = name.parse().unwrap_or(usize::MAX);
            if group == 0 {
                return Err(self.error("bad group number", at));
            }
            self.conditions.set_default(group, at);
            group
        } else {
            self.checked_name(&name, at)?;
            match self.names.get(&name) {
                Some(&group) => group,
                None => return Err(self.error(&format!("unknown group name {}", repr(&name)), at)),
            }
        };
        self.check_look_behind(group)?;
        let mut inner = flags;
        let yes = self.sequence(&mut inner, false)?;
        let no = if self.take('|') {
            self.sequence(&mut inner, false)?
        } else {
            Node::Concat(Vec::new())
        };
        if self.peek() == Some('|') {
            return Err(self.error("conditional backref with more than two branches", self.at));
        }
        if !self.take(')') {
            return Err(self.error("missing ), unterminated subpattern", start));
        }
        Ok(Node::IfGroup {
            group,
            yes: Box::new(yes),
            no: Box::new(no),
        })
    }

    /// `(?flags)` or `(?flags:…)`
    fn flagged(
        &mut self,
        flags: &mut Flags,
        start: usize,
        first: bool,
    ) -> Result<Option<Node>, Exception> {
        let mut local = *flags;
        let mut on = true;
        loop {
            let at = self.at;
            let Some(c) = self.peek() else {
                return Err(self.error("missing -, : or )", at));
            };
            self.at += 1;
            match c {
                ':' => return self.inside(local, start).map(Some),
                ')' if on => {
                    if !first {
                        return Err(
                            self.error("global flags not at the start of the expression", start)
                        );
                    }
                    *flags = local;
                    return Ok(None);
                }
                '-' if on => on = false,
                'i' => local.ignore_case = on,
                'm' => local.multiline = on,
                's' => local.dot_all = on,
                'x' => local.verbose = on,
                'a' if on => local.ascii = true,
                'u' if on => local.ascii = false,
                'L' => {
                    return Err(self.error(
                        "bad inline flags: cannot use 'L' flag with a str pattern",
                        self.at,
                    ));
                }
                _ if c.is_alphabetic() => return Err(self.error("unknown flag", at)),
                _ => return Err(self.error("missing -, : or )", at)),
            }
        }
    }
}
