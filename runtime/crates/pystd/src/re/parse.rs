//! Reading Python's syntax of regular expressions.

use super::Flags;
use super::escape::{Escape, read_escape};
use super::syntax::{At, CharSet, CharTest, Class, Greed, Node};
use super::width::width;
use crate::{Dict, Exception, repr, str_, unicode};

/// A pattern as read: its parts, the number of groups, and their names.
pub(super) struct Parsed {
    pub(super) node: Node,
    pub(super) groups: usize,
    pub(super) names: Dict<String, usize>,
}

pub(super) fn parse(pattern: &str, flags: Flags) -> Result<Parsed, Exception> {
    let mut parser = Parser {
        chars: pattern.chars().collect(),
        at: 0,
        groups: 0,
        look_behind: None,
        conditions: Dict::new(),
        variable_look_behind: false,
        open: Vec::new(),
        widths: vec![(0, None)],
        names: Dict::new(),
        global: flags,
    };
    let node = parser.alternatives(flags)?;
    if parser.at < parser.chars.len() {
        return Err(parser.error("unbalanced parenthesis", parser.at));
    }
    for (&group, &at) in parser.conditions.items() {
        if group > parser.groups {
            return Err(parser.error(&format!("invalid group reference {group}"), at));
        }
    }
    if parser.variable_look_behind {
        return Err(Exception::new(
            "error",
            "look-behind requires fixed-width pattern",
        ));
    }
    Ok(Parsed {
        node,
        groups: parser.groups,
        names: parser.names,
    })
}

pub(super) struct Parser {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    pub(super) groups: usize,
    /// The number of groups before the outermost look-behind that is being read.
    look_behind: Option<usize>,
    /// The groups that conditions ask for by number, which may come later, and where they do.
    conditions: Dict<usize, usize>,
    /// Whether a look-behind was met that could match more than one width.
    variable_look_behind: bool,
    /// The groups that are not closed yet.
    pub(super) open: Vec<usize>,
    /// Least and greatest width of each closed group.
    pub(super) widths: Vec<(usize, Option<usize>)>,
    names: Dict<String, usize>,
    global: Flags,
}

impl Parser {
    pub(super) fn error(&self, message: &str, at: usize) -> Exception {
        let before = &self.chars[..at.min(self.chars.len())];
        let mut message = format!("{message} at position {at}");
        if self.chars.contains(&'\n') {
            let line = before.iter().filter(|&&c| c == '\n').count() + 1;
            let column = at
                - before
                    .iter()
                    .rposition(|&c| c == '\n')
                    .map_or(0, |last| last + 1)
                + 1;
            message.push_str(&format!(" (line {line}, column {column})"));
        }
        Exception::new("error", message)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn alternatives(&mut self, mut flags: Flags) -> Result<Node, Exception> {
        let whole = self.at == 0;
        let mut branches = vec![self.sequence(&mut flags, whole)?];
        while self.take('|') {
            branches.push(self.sequence(&mut flags, false)?);
        }
        Ok(match branches.pop() {
            Some(only) if branches.is_empty() => only,
            last => {
                branches.extend(last);
                Node::Either(branches)
            }
        })
    }

    fn sequence(&mut self, flags: &mut Flags, first: bool) -> Result<Node, Exception> {
        let mut items: Vec<Node> = Vec::new();
        let mut repeated = false;
        while let Some(c) = self.peek() {
            let start = self.at;
            if matches!(c, '|' | ')') {
                break;
            }
            self.at += 1;
            if flags.verbose && unicode::is_space(c) && c.is_ascii() {
                continue;
            }
            if flags.verbose && c == '#' {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
                continue;
            }
            if let Some((min, max)) = self.repeat(c, start)? {
                let Some(of) = items.pop().filter(|item| !matches!(item, Node::At(_))) else {
                    return Err(self.error("nothing to repeat", start));
                };
                if repeated {
                    return Err(self.error("multiple repeat", start));
                }
                let greed = if self.take('?') {
                    Greed::Lazy
                } else if self.take('+') {
                    Greed::Possessive
                } else {
                    Greed::Greedy
                };
                items.push(Node::Repeat {
                    of: Box::new(of),
                    min,
                    max,
                    greed,
                });
                repeated = true;
                continue;
            }
            let item = match c {
                '.' => Some(any(flags.dot_all)),
                '^' if flags.multiline => Some(Node::At(At::LineStart)),
                '^' => Some(Node::At(At::Start)),
                '$' if flags.multiline => Some(Node::At(At::LineEnd)),
                '$' => Some(Node::At(At::End)),
                '[' => Some(self.set(*flags, start)?),
                '(' => self.group(flags, start, first && items.is_empty())?,
                '\\' => Some(self.escaped(*flags)?),
                _ => Some(self.one(c, *flags)),
            };
            if let Some(item) = item {
                items.push(item);
                repeated = false;
            }
        }
        Ok(Node::Concat(items))
    }

    fn one(&self, c: char, flags: Flags) -> Node {
        Node::Char(CharTest {
            any_of: vec![CharSet::One(c)],
            negated: false,
            ignore_case: flags.ignore_case,
            ascii: flags.ascii,
        })
    }

    /// The bounds of a repetition, if `c` begins one.
    fn repeat(&mut self, c: char, start: usize) -> Result<Option<(u32, Option<u32>)>, Exception> {
        match c {
            '*' => return Ok(Some((0, None))),
            '+' => return Ok(Some((1, None))),
            '?' => return Ok(Some((0, Some(1)))),
            '{' => {}
            _ => return Ok(None),
        }
        if self.peek() == Some('}') {
            return Ok(None);
        }
        let low = self.digits();
        let high = if self.take(',') {
            self.digits()
        } else {
            low.clone()
        };
        if !self.take('}') || (low.is_empty() && high.is_empty() && self.chars[self.at - 2] != ',')
        {
            self.at = start + 1;
            return Ok(None);
        }
        let bound = |digits: &str| -> Result<Option<u32>, Exception> {
            if digits.is_empty() {
                return Ok(None);
            }
            digits
                .parse()
                .map(Some)
                .map_err(|_| Exception::overflow_error("the repetition number is too large"))
        };
        let (min, max) = (bound(&low)?.unwrap_or(0), bound(&high)?);
        if max.is_some_and(|max| max < min) {
            return Err(self.error("min repeat greater than max repeat", start + 1));
        }
        Ok(Some((min, max)))
    }

    fn digits(&mut self) -> String {
        let mut digits = String::new();
        while let Some(c) = self.peek().filter(char::is_ascii_digit) {
            digits.push(c);
            self.at += 1;
        }
        digits
    }

    fn escaped(&mut self, flags: Flags) -> Result<Node, Exception> {
        let class = |of, negated| {
            Node::Char(CharTest {
                any_of: vec![CharSet::Class { of, negated }],
                negated: false,
                ignore_case: false,
                ascii: flags.ascii,
            })
        };
        Ok(match read_escape(self, false)? {
            Escape::Char(c) => self.one(c, flags),
            Escape::Class(of, negated) => class(of, negated),
            Escape::Group(group) => Node::Again {
                group,
                ignore_case: flags.ignore_case,
            },
            Escape::Start => Node::At(At::Start),
            Escape::End => Node::At(At::VeryEnd),
            Escape::Boundary => Node::At(At::Boundary { ascii: flags.ascii }),
            Escape::NoBoundary => Node::At(At::NoBoundary { ascii: flags.ascii }),
        })
    }

    fn set(&mut self, flags: Flags, start: usize) -> Result<Node, Exception> {
        let negated = self.take('^');
        let mut any_of = Vec::new();
        let first = self.at;
        loop {
            let item_start = self.at;
            let Some(c) = self.peek() else {
                return Err(self.error("unterminated character set", start));
            };
            if c == ']' && self.at > first {
                self.at += 1;
                break;
            }
            let low = self.set_item()?;
            if self.peek() != Some('-') {
                any_of.push(low);
                continue;
            }
            self.at += 1;
            match self.peek() {
                None => return Err(self.error("unterminated character set", start)),
                Some(']') => {
                    self.at += 1;
                    any_of.extend([low, CharSet::One('-')]);
                    break;
                }
                Some(_) => {}
            }
            let high = self.set_item()?;
            match (low, high) {
                (CharSet::One(low), CharSet::One(high)) if low <= high => {
                    any_of.push(CharSet::Range(low, high));
                }
                _ => {
                    let shown: String = self.chars[item_start..self.at].iter().collect();
                    return Err(self.error(&format!("bad character range {shown}"), item_start));
                }
            }
        }
        Ok(Node::Char(CharTest {
            any_of,
            negated,
            ignore_case: flags.ignore_case,
            ascii: flags.ascii,
        }))
    }

    fn set_item(&mut self) -> Result<CharSet, Exception> {
        let c = self.chars[self.at];
        self.at += 1;
        if c != '\\' {
            return Ok(CharSet::One(c));
        }
        match read_escape(self, true)? {
            Escape::Char(c) => Ok(CharSet::One(c)),
            Escape::Class(of, negated) => Ok(CharSet::Class { of, negated }),
            _ => Err(self.error("bad escape", self.at)),
        }
    }

    /// What begins with a bracket; flags for all of the pattern and comments are no node.
    fn group(
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
                    self.global = local;
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

fn any(dot_all: bool) -> Node {
    let any_of = vec![if dot_all {
        CharSet::Anything
    } else {
        CharSet::One('\n')
    }];
    Node::Char(CharTest {
        any_of,
        negated: !dot_all,
        ignore_case: false,
        ascii: false,
    })
}

/// A class escape, shared by sets and sequences.
pub(super) fn class_of(c: char) -> Option<(Class, bool)> {
    Some(match c {
        'd' => (Class::Digit, false),
        'D' => (Class::Digit, true),
        's' => (Class::Space, false),
        'S' => (Class::Space, true),
        'w' => (Class::Word, false),
        'W' => (Class::Word, true),
        _ => return None,
    })
}
