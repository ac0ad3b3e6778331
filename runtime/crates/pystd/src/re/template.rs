//! The replacement of `sub`: text with references to groups.

use super::Match;
use crate::{Dict, Exception, repr, str_};

enum Part {
    Text(String),
    Group(usize),
}

pub(super) struct Template(Vec<Part>);

impl Template {
    pub(super) fn parse(
        template: &str,
        groups: usize,
        names: &Dict<String, usize>,
    ) -> Result<Self, Exception> {
        let mut reader = Reader {
            chars: template.chars().collect(),
            at: 0,
            groups,
            names,
        };
        let mut parts = Vec::new();
        let mut text = String::new();
        while let Some(c) = reader.next() {
            if c != '\\' {
                text.push(c);
                continue;
            }
            match reader.escape()? {
                Part::Text(more) => text.push_str(&more),
                group => parts.extend([Part::Text(std::mem::take(&mut text)), group]),
            }
        }
        parts.push(Part::Text(text));
        Ok(Self(parts))
    }

    pub(super) fn filled(&self, found: &Match) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Group(group) => found.text(*group).unwrap_or_default(),
        };
        self.0.iter().map(part).collect()
    }
}

struct Reader<'a> {
    chars: Vec<char>,
    at: usize,
    groups: usize,
    names: &'a Dict<String, usize>,
}

impl Reader<'_> {
    fn error(&self, message: &str, at: usize) -> Exception {
        super::error::error(&self.chars, message, at)
    }

    fn next(&mut self) -> Option<char> {
        let c = self.chars.get(self.at).copied();
        self.at += usize::from(c.is_some());
        c
    }

    fn digit(&mut self, highest: char) -> Option<char> {
        let c = self
            .chars
            .get(self.at)
            .copied()
            .filter(|c| ('0'..=highest).contains(c))?;
        self.at += 1;
        Some(c)
    }

    fn group(&self, number: usize, at: usize) -> Result<Part, Exception> {
        if number > self.groups {
            return Err(self.error(&format!("invalid group reference {number}"), at));
        }
        Ok(Part::Group(number))
    }

    fn escape(&mut self) -> Result<Part, Exception> {
        let start = self.at - 1;
        let Some(c) = self.next() else {
            return Err(self.error("bad escape (end of pattern)", start));
        };
        Ok(match c {
            'g' => return self.named(),
            '0' => {
                let digits: String = [self.digit('7'), self.digit('7')]
                    .into_iter()
                    .flatten()
                    .collect();
                self.octal(&digits, start)?
            }
            '1'..='9' => return self.numbered(c, start),
            'a' => Part::Text('\u{7}'.into()),
            'b' => Part::Text('\u{8}'.into()),
            'f' => Part::Text('\u{c}'.into()),
            'n' => Part::Text('\n'.into()),
            'r' => Part::Text('\r'.into()),
            't' => Part::Text('\t'.into()),
            'v' => Part::Text('\u{b}'.into()),
            '\\' => Part::Text('\\'.into()),
            _ if c.is_ascii_alphabetic() => {
                return Err(self.error(&format!("bad escape \\{c}"), start));
            }
            _ => Part::Text(format!("\\{c}")),
        })
    }

    fn numbered(&mut self, first: char, start: usize) -> Result<Part, Exception> {
        let mut digits = String::from(first);
        if let Some(second) = self.digit('9') {
            digits.push(second);
            if digits.chars().all(|c| c < '8')
                && let Some(third) = self.digit('7')
            {
                digits.push(third);
                return self.octal(&digits, start);
            }
        }
        self.group(digits.parse().unwrap_or(usize::MAX), start + 1)
    }

    fn named(&mut self) -> Result<Part, Exception> {
        if self.chars.get(self.at) != Some(&'<') {
            return Err(self.error("missing <", self.at));
        }
        self.at += 1;
        let start = self.at;
        while self.chars.get(self.at).is_some_and(|&c| c != '>') {
            self.at += 1;
        }
        let name: String = self.chars[start..self.at].iter().collect();
        let closed = self.next().is_some();
        if name.is_empty() {
            return Err(self.error("missing group name", start));
        }
        if !closed {
            return Err(self.error("missing >, unterminated name", start));
        }
        if name.chars().all(|c| c.is_ascii_digit()) {
            return self.group(name.parse().unwrap_or(usize::MAX), start);
        }
        if !str_::isidentifier(&name) {
            return Err(self.error(
                &format!("bad character in group name {}", repr(&name)),
                start,
            ));
        }
        match self.names.get(&name) {
            Some(&group) => Ok(Part::Group(group)),
            None => Err(Exception::index_error(format!(
                "unknown group name {}",
                repr(&name)
            ))),
        }
    }

    fn octal(&self, digits: &str, start: usize) -> Result<Part, Exception> {
        let value = if digits.is_empty() {
            0
        } else {
            u32::from_str_radix(digits, 8).unwrap_or(u32::MAX)
        };
        if value > 0o377 {
            let message = format!("octal escape value \\{digits} outside of range 0-0o377");
            return Err(self.error(&message, start));
        }
        Ok(Part::Text(char::from_u32(value).unwrap_or_default().into()))
    }
}
