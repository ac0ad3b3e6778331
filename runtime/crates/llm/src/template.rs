//! Templates of text with named fields: `"Hello {name}"`.

use langferry_pystd::{Exception, Value, format_spec, repr, str_of};

use crate::kwargs::Kwargs;

/// A template, taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Field {
        name: String,
        conversion: Option<char>,
        spec: String,
    },
}

impl Template {
    /// Takes `text` apart, as `string.Formatter` does.
    ///
    /// # Errors
    /// `ValueError` for braces that do not match and for fields that are no plain names.
    pub(crate) fn parse(text: &str) -> Result<Self, Exception> {
        let mut pieces = Vec::new();
        let mut rest = text;
        let mut literal = String::new();
        while let Some(at) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(at);
            literal.push_str(before);
            let doubled = brace[1..].starts_with(&brace[..1]);
            if doubled {
                literal.push_str(&brace[..1]);
                rest = &brace[2..];
                continue;
            }
            let Some(inside) = brace.strip_prefix('{') else {
                return Err(Exception::value_error(
                    "Single '}' encountered in format string",
                ));
            };
            if inside.is_empty() {
                return Err(Exception::value_error(
                    "Single '{' encountered in format string",
                ));
            }
            let end = field_end(inside)?;
            pieces.push(Piece::Text(std::mem::take(&mut literal)));
            pieces.push(field(&inside[..end])?);
            rest = &inside[end + 1..];
        }
        literal.push_str(rest);
        pieces.push(Piece::Text(literal));
        Ok(Template(pieces))
    }

    /// The names of the fields, sorted, each once.
    pub(crate) fn variables(&self) -> Vec<String> {
        let names = self.0.iter().filter_map(|piece| match piece {
            Piece::Field { name, .. } => Some(name.clone()),
            Piece::Text(_) => None,
        });
        let mut names: Vec<String> = names.collect();
        names.sort();
        names.dedup();
        names
    }

    /// The text with these values in its fields.
    ///
    /// # Errors
    /// `KeyError` for a field without a value; what `format(value, spec)` raises.
    pub(crate) fn format(&self, values: &Kwargs) -> Result<String, Exception> {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Field {
                    name,
                    conversion,
                    spec,
                } => {
                    let value = values.item(name.as_str())?;
                    let converted = match conversion {
                        None => value.clone(),
                        Some('r') => repr(value).into(),
                        Some('s') => str_of(value).into(),
                        Some('a') => {
                            return Err(Exception::unsupported("!a in a template"));
                        }
                        Some(other) => {
                            return Err(Exception::value_error(format!(
                                "Unknown conversion specifier {other}"
                            )));
                        }
                    };
                    text.push_str(&match (&converted, spec.as_str()) {
                        (value, "") => str_of(value),
                        (Value::Record { class, .. } | Value::Enum { class, .. }, spec) => {
                            return Err(Exception::unsupported(format!(
                                "format() of a {class} with {spec:?}"
                            )));
                        }
                        (value, spec) => format_spec(value, spec)?,
                    });
                }
            }
        }
        Ok(text)
    }
}

/// Where the field ends that `inside` begins with.
fn field_end(inside: &str) -> Result<usize, Exception> {
    let mut depth = 1;
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return Ok(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    Err(Exception::value_error("expected '}' before end of string"))
}

fn field(inside: &str) -> Result<Piece, Exception> {
    let (head, spec) = inside.split_once(':').unwrap_or((inside, ""));
    let (name, conversion) = match head.split_once('!') {
        None => (head, None),
        Some((name, conversion)) => {
            let mut letters = conversion.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => (name, Some(letter)),
                (None, _) => {
                    return Err(Exception::value_error(
                        "unmatched '{' in format spec".to_owned(),
                    ));
                }
                _ => {
                    return Err(Exception::value_error(
                        "expected ':' after conversion specifier",
                    ));
                }
            }
        }
    };
    if name.contains('{') {
        return Err(Exception::value_error("unexpected '{' in field name"));
    }
    let invalid = |why: &str| {
        Exception::value_error(format!(
            "Invalid variable name {} in f-string template. Variable names cannot {why}.",
            repr(name)
        ))
    };
    if name.contains(['.', '[', ']']) {
        return Err(invalid("contain attribute access (.) or indexing ([])"));
    }
    if !name.is_empty() && name.chars().all(|letter| letter.is_ascii_digit()) {
        return Err(invalid(
            "be all digits as they are interpreted as positional arguments",
        ));
    }
    if spec.contains(['{', '}']) {
        return Err(Exception::value_error(
            "Invalid format specifier in f-string template. Nested replacement fields are not allowed.",
        ));
    }
    Ok(Piece::Field {
        name: name.to_owned(),
        conversion,
        spec: spec.to_owned(),
    })
}
