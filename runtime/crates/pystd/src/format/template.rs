//! `str.format`: a text with fields in braces, filled when it runs.

use std::iter::Peekable;
use std::str::Chars;

use super::PyFormat;
use crate::{Exception, PyRepr, Value, repr};

/// What a field of a template may name: positional arguments, and named ones.
struct Arguments<'a> {
    positional: &'a [Value],
    named: &'a [(&'a str, Value)],
    numbering: Numbering,
}

/// Whether fields are numbered by their order or by themselves; they may not mix.
#[derive(Clone, Copy, PartialEq)]
enum Numbering {
    Open,
    Automatic(usize),
    Manual,
}

/// `template.format(*positional, **named)`
///
/// # Errors
/// `ValueError` for a template that is none, `IndexError` and `KeyError` for what is not given, those
/// of the format specs; unsupported for parts of arguments (`{0.name}`, `{0[1]}`).
pub fn format_template(
    template: &str,
    positional: &[Value],
    named: &[(&str, Value)],
) -> Result<String, Exception> {
    let mut arguments = Arguments {
        positional,
        named,
        numbering: Numbering::Open,
    };
    arguments.filled(template, 2)
}

impl Arguments<'_> {
    fn filled(&mut self, template: &str, depth: usize) -> Result<String, Exception> {
        if depth == 0 {
            return Err(Exception::value_error("Max string recursion exceeded"));
        }
        let mut text = String::new();
        let mut rest = template.chars().peekable();
        while let Some(character) = rest.next() {
            match character {
                '{' if rest.next_if_eq(&'{').is_some() => text.push('{'),
                '{' if rest.peek().is_none() => {
                    return Err(Exception::value_error(
                        "Single '{' encountered in format string",
                    ));
                }
                '{' => text.push_str(&self.field(&mut rest, depth)?),
                '}' if rest.next_if_eq(&'}').is_some() => text.push('}'),
                '}' => {
                    return Err(Exception::value_error(
                        "Single '}' encountered in format string",
                    ));
                }
                other => text.push(other),
            }
        }
        Ok(text)
    }

    fn field(&mut self, rest: &mut Peekable<Chars<'_>>, depth: usize) -> Result<String, Exception> {
        let inside = within_braces(rest)?;
        let end = inside.find(['!', ':']).unwrap_or(inside.len());
        let (name, behind) = inside.split_at(end);
        let (conversion, spec) = conversion_and_spec(behind)?;
        let value = self.argument(name)?;
        let value = match conversion {
            None => value,
            Some('s') => Value::from(value.py_str()),
            Some('r') => Value::from(repr(&value)),
            Some('a') => {
                return Err(Exception::unsupported(
                    "the conversion !a in a format string",
                ));
            }
            Some(other @ '!'..='~') => {
                let unknown = format!("Unknown conversion specifier {other}");
                return Err(Exception::value_error(unknown));
            }
            Some(other) => {
                let unknown = format!("Unknown conversion specifier \\x{:x}", u32::from(other));
                return Err(Exception::value_error(unknown));
            }
        };
        if spec.contains(['{', '}']) {
            value.py_format(&self.filled(spec, depth - 1)?)
        } else {
            value.py_format(spec)
        }
    }

    fn argument(&mut self, name: &str) -> Result<Value, Exception> {
        if name.contains(['.', '[', ']']) {
            return Err(Exception::unsupported(format!(
                "a part of an argument in a format string: {name:?}"
            )));
        }
        if name.is_empty() {
            let (Numbering::Open | Numbering::Automatic(_)) = self.numbering else {
                return Err(Exception::value_error(
                    "cannot switch from manual field specification to automatic field numbering",
                ));
            };
            let next = match self.numbering {
                Numbering::Automatic(next) => next,
                _ => 0,
            };
            self.numbering = Numbering::Automatic(next + 1);
            return self.at(next);
        }
        if name.chars().all(|character| character.is_ascii_digit()) {
            if let Numbering::Automatic(_) = self.numbering {
                return Err(Exception::value_error(
                    "cannot switch from automatic field numbering to manual field specification",
                ));
            }
            self.numbering = Numbering::Manual;
            let at = name.parse();
            return self.at(at.map_err(|_| {
                Exception::value_error("Too many decimal digits in format string")
            })?);
        }
        let found = self.named.iter().find(|(known, _)| *known == name);
        match found {
            Some((_, value)) => Ok(value.clone()),
            None => Err(Exception::raise("KeyError", [Value::from(name)])),
        }
    }

    fn at(&self, index: usize) -> Result<Value, Exception> {
        self.positional.get(index).cloned().ok_or_else(|| {
            Exception::index_error(format!(
                "Replacement index {index} out of range for positional args tuple"
            ))
        })
    }
}

/// What stands up to the brace that closes a field. CPython refuses a brace in the field's name as soon as it
/// comes to it, wherever the text ends; within brackets it looks for nothing but their end.
fn within_braces(rest: &mut Peekable<Chars<'_>>) -> Result<String, Exception> {
    let mut inside = String::new();
    let mut open = 1;
    let (mut in_name, mut in_brackets) = (true, false);
    for character in rest.by_ref() {
        match character {
            ']' => in_brackets = false,
            _ if in_brackets => {}
            '[' if in_name => in_brackets = true,
            '{' if in_name => {
                return Err(Exception::value_error("unexpected '{' in field name"));
            }
            ':' | '!' => in_name = false,
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Ok(inside);
        }
        inside.push(character);
    }
    Err(Exception::value_error("expected '}' before end of string"))
}

/// `!r` and what follows `:`, of what stands behind a field's name.
fn conversion_and_spec(behind: &str) -> Result<(Option<char>, &str), Exception> {
    let Some(after) = behind.strip_prefix('!') else {
        return Ok((None, behind.strip_prefix(':').unwrap_or("")));
    };
    let mut characters = after.chars();
    let Some(conversion) = characters.next() else {
        return Err(Exception::value_error("unmatched '{' in format spec"));
    };
    let rest = characters.as_str();
    match rest.strip_prefix(':') {
        Some(spec) => Ok((Some(conversion), spec)),
        None if rest.is_empty() => Ok((Some(conversion), "")),
        None => Err(Exception::value_error(
            "expected ':' after conversion specifier",
        )),
    }
}
