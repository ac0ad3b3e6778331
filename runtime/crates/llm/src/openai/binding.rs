//! What tools and forms bind to a model of OpenAI's.

use langferry_pystd::{Exception, Truthy, Value, str_of};

use crate::kwargs::{Kwargs, dict, get};
use crate::schema::{self, Schema};
use crate::tools::openai_tool;

/// The options of `bind_tools`.
pub(super) fn bound_tools(tools: &[Value], mut arguments: Kwargs) -> Result<Kwargs, Exception> {
    let mut take = |name: &str| arguments.pop_or(name, Value::None);
    let (choice, strict) = (take("tool_choice"), take("strict"));
    let parallel = take("parallel_tool_calls");
    if take("response_format") != Value::None {
        return Err(Exception::unsupported("bind_tools(response_format=)"));
    }
    let formatted = tools
        .iter()
        .map(|tool| openai_tool(tool, &strict))
        .collect::<Result<Vec<_>, _>>()?;
    let mut bound = arguments;
    if parallel != Value::None {
        bound.insert("parallel_tool_calls", parallel);
    }
    if choice.truthy() {
        let named = |tool: &Value| match get(tool, "function") {
            Value::None => get(tool, "name") == &choice,
            function => get(function, "name") == &choice,
        };
        let choice = match &choice {
            Value::Str(_) if formatted.iter().any(named) => dict([
                ("type", "function".into()),
                ("function", dict([("name", choice.clone())])),
            ]),
            Value::Str(kind) if WELL_KNOWN.contains(&kind.as_str()) => {
                dict([("type", choice.clone())])
            }
            Value::Str(any) if any == "any" => "required".into(),
            Value::Bool(_) => "required".into(),
            Value::Str(_) | Value::Dict(_) => choice.clone(),
            other => {
                return Err(Exception::value_error(format!(
                    "Unrecognized tool_choice type. Expected str, bool or dict. Received: {}",
                    str_of(other)
                )));
            }
        };
        bound.insert("tool_choice", choice);
    }
    bound.insert("tools", formatted);
    Ok(bound)
}

/// The choices that name a tool of OpenAI's own.
const WELL_KNOWN: [&str; 11] = [
    "file_search",
    "web_search_preview",
    "web_search",
    "computer_use_preview",
    "code_interpreter",
    "mcp",
    "image_generation",
    "computer",
    "tool_search",
    "apply_patch",
    "namespace",
];

/// The `response_format` that asks for an answer in the form of `schema`.
pub(super) fn answer_format(schema: &Schema, strict: Value) -> Result<Value, Exception> {
    let described = match &schema.class {
        Some(class) => dict([
            ("schema", schema::strict_answer(&schema.json)?),
            ("name", class.rsplit('.').next().unwrap_or(class).into()),
            ("strict", true.into()),
        ]),
        None => {
            let own = &schema.json;
            if get(own, "json_schema") != &Value::None || get(own, "schema") != &Value::None {
                return Err(Exception::unsupported("a schema in OpenAI's own form"));
            }
            let strict = match (strict, get(own, "strict")) {
                (Value::None, Value::Bool(strict)) => Value::Bool(*strict),
                (Value::None, _) => false.into(),
                (strict, _) => strict,
            };
            let tool = openai_tool(own, &strict)?;
            let mut function = get(&tool, "function").clone();
            if let Value::Dict(keys) = &mut function {
                let parameters = keys.pop(&Value::from("parameters"))?;
                keys.insert("schema", parameters);
            }
            function
        }
    };
    Ok(dict([
        ("type", "json_schema".into()),
        ("json_schema", described),
    ]))
}
