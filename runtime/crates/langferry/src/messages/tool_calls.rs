//! Tool calls in the formats of OpenAI and LangChain.

use langferry_pystd::{Dict, Exception, PyRepr, Truthy, Value, json};

use crate::messages::construction::{Arguments, refused};

const CALL: Maker = Maker {
    function: "tool_call",
    required: &["name", "args", "id"],
    optional: &[],
};

const INVALID: Maker = Maker {
    function: "invalid_tool_call",
    required: &[],
    optional: &["name", "args", "id", "error"],
};

/// A LangChain function of keyword arguments that makes a typed dict of them.
struct Maker {
    function: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
}

/// The tool calls of a message's dict; those in OpenAI's format are put into LangChain's.
pub(super) fn from_openai(calls: &Value) -> Result<Value, Exception> {
    let calls = calls.iter()?.map(|call| {
        if !call.contains("function")? {
            return Ok(call);
        }
        let function = call.item("function")?;
        let args = match function.item("arguments")? {
            Value::Str(text) => json::loads_with(&text, false)?,
            args => args,
        };
        Ok(typed(function.item("name")?, args, call.item("id")?))
    });
    calls.collect::<Result<_, _>>().map(Value::List)
}

/// What an `AIMessage` does to the calls it is given before its fields are validated.
pub(super) fn prepare(arguments: &mut Arguments) -> Result<(), Exception> {
    let given = |name: &str| arguments.get(name).filter(|value| value.truthy()).cloned();
    let (mut calls, mut invalid) = (given("tool_calls"), given("invalid_tool_calls"));
    if calls.is_none()
        && invalid.is_none()
        && let Some(Value::Dict(additional)) = arguments.get("additional_kwargs")
        && let Some(raw) = additional.get("tool_calls").filter(|raw| raw.truthy())
        // LangChain only logs that it could not parse them
        && let Ok((parsed, unparsed)) = parse(raw)
    {
        (calls, invalid) = (Some(Value::List(parsed)), Some(Value::List(unparsed)));
    }
    if let Some(calls) = calls {
        let calls = calls
            .iter()?
            .map(|call| CALL.make(&call, &["type", "extras"]).and_then(valid));
        let calls = calls.collect::<Result<_, _>>()?;
        arguments.insert("tool_calls", Value::List(calls));
    }
    if let Some(invalid) = invalid {
        let invalid = invalid
            .iter()?
            .map(|call| INVALID.make(&call, &["type"]).and_then(valid_error));
        let invalid = invalid.collect::<Result<_, _>>()?;
        arguments.insert("invalid_tool_calls", Value::List(invalid));
    }
    Ok(())
}

/// OpenAI's calls as kept in `additional_kwargs`: those whose arguments are JSON, and the others.
fn parse(raw: &Value) -> Result<(Vec<Value>, Vec<Value>), Exception> {
    let (mut calls, mut invalid) = (Vec::new(), Vec::new());
    for call in raw.iter()? {
        if !call.contains("function")? {
            continue;
        }
        let function = call.item("function")?;
        let (name, arguments) = (function.item("name")?, function.item("arguments")?);
        let Value::Dict(keys) = &call else {
            return Err(Exception::attribute_error("no method 'get'"));
        };
        let id = keys.get("id").cloned().unwrap_or_default();
        let Value::Str(text) = &arguments else {
            return Err(Exception::type_error("the JSON object must be a str"));
        };
        match json::loads(text) {
            Ok(args) => {
                let name = if name.truthy() { name } else { "".into() };
                let args = if args.truthy() {
                    args
                } else {
                    Value::Dict(Dict::new())
                };
                calls.push(typed(name, args, id));
            }
            Err(error) if error.is("JSONDecodeError") => {
                let fields = [("name", name), ("args", arguments), ("id", id)];
                invalid.push(dict(fields));
            }
            Err(error) => return Err(error),
        }
    }
    Ok((calls, invalid))
}

fn typed(name: Value, args: Value, id: Value) -> Value {
    dict([
        ("name", name),
        ("args", args),
        ("id", id),
        ("type", "tool_call".into()),
    ])
}

fn dict<const N: usize>(items: [(&str, Value); N]) -> Value {
    Value::Dict(
        items
            .into_iter()
            .map(|(key, value)| (key.into(), value))
            .collect(),
    )
}

impl Maker {
    /// The keyword arguments in `call`, but for those `left_out`.
    fn make(&self, call: &Value, left_out: &[&str]) -> Result<Arguments, Exception> {
        let Value::Dict(keys) = call else {
            return Err(match call {
                Value::Record { class, .. } => {
                    Exception::unsupported(format!("a {class} as a tool call"))
                }
                other => Exception::attribute_error(format!(
                    "'{}' object has no attribute 'items'",
                    other.py_type()
                )),
            });
        };
        let mut named = Arguments::new();
        for (key, value) in keys {
            match key {
                Value::Str(name) if left_out.contains(&name.as_str()) => {}
                Value::Str(name) => named.insert(name.as_str(), value),
                _ => return Err(Exception::type_error("keywords must be strings")),
            }
        }
        let known = |name: &str| self.required.contains(&name) || self.optional.contains(&name);
        if let Some(unknown) = named.keys().find(|name| !known(name)) {
            let function = self.function;
            return Err(Exception::type_error(format!(
                "{function}() got an unexpected keyword argument '{unknown}'"
            )));
        }
        let missing = self
            .required
            .iter()
            .filter(|&&name| !named.contains_key(name));
        let missing: Vec<String> = missing.map(|name| format!("'{name}'")).collect();
        if !missing.is_empty() {
            return Err(self.lacks(&missing));
        }
        Ok(named)
    }

    fn lacks(&self, missing: &[String]) -> Exception {
        let list = match missing {
            [one] => one.clone(),
            [first, second] => format!("{first} and {second}"),
            [first @ .., last] => format!("{}, and {last}", first.join(", ")),
            [] => String::new(),
        };
        let (function, count) = (self.function, missing.len());
        let plural = if count == 1 { "" } else { "s" };
        Exception::type_error(format!(
            "{function}() missing {count} required keyword-only argument{plural}: {list}"
        ))
    }
}

/// A call whose parts are of the types pydantic asks for.
fn valid(mut call: Arguments) -> Result<Value, Exception> {
    let (name, args, id) = (call.pop("name")?, call.pop("args")?, call.pop("id")?);
    let text_keys = |args: &Dict<Value, Value>| args.keys().all(|key| matches!(key, Value::Str(_)));
    let parts = [
        ("name", &name, matches!(name, Value::Str(_))),
        (
            "args",
            &args,
            matches!(&args, Value::Dict(args) if text_keys(args)),
        ),
        ("id", &id, matches!(id, Value::Str(_) | Value::None)),
    ];
    let wrong = parts.into_iter().find(|(_, _, holds)| !holds);
    match wrong.map(|(part, value, _)| refused("ToolCall", part, Some(value))) {
        Some(error) => Err(error),
        None => Ok(typed(name, args, id)),
    }
}

fn valid_error(mut call: Arguments) -> Result<Value, Exception> {
    let mut fields = vec![("type", Value::from("invalid_tool_call"))];
    for part in ["id", "name", "args", "error"] {
        let value = call.pop(part).unwrap_or_default();
        if !matches!(value, Value::Str(_) | Value::None) {
            return Err(refused("InvalidToolCall", part, Some(&value)));
        }
        fields.push((part, value));
    }
    Ok(Value::Dict(
        fields
            .into_iter()
            .map(|(key, value)| (key.into(), value))
            .collect(),
    ))
}
