//! Reading Python's syntax of regular expressions.

use super::Flags;
use super::escape::{Escape, read_escape};
use super::syntax::{At, CharSet, CharTest, Class, Greed, Node};
use crate::{Dict, Exception, unicode};

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
    pub(super) look_behind: Option<usize>,
    /// The groups that conditions ask for by number, which may come later, and where they do.
    pub(super) conditions: Dict<usize, usize>,
    /// Whether a look-behind was met that could match more than one width.
    pub(super) variable_look_behind: bool,
    /// The groups that are not closed yet.
    pub(super) open: Vec<usize>,
    /// Least and greatest width of each closed group.
    pub(super) widths: Vec<(usize, Option<usize>)>,
    pub(super) names: Dict<String, usize>,
}

impl Parser {
    pub(super) fn error(&self, message: &str, at: usize) -> Exception {
        super::error::error(&self.chars, message, at)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    pub(super) fn alternatives(&mut self, mut flags: Flags) -> Result<Node, Exception> {
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

    pub(super) fn sequence(&mut self, flags: &mut Flags, first: bool) -> Result<Node, Exception> {
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
