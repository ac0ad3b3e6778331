//! Functions as Gemini's API describes them.

use langferry_pystd::{Dict, Exception, Value, repr, str_, str_of};

use crate::kwargs::{get, items, text};

/// A tool in OpenAI's form as a declaration.
pub(super) fn of(tool: &Value) -> Result<Value, Exception> {
    let function = get(tool, "function");
    let parameters = get(function, "parameters");
    let mut own = Dict::from([(Value::from("name"), get(function, "name").clone())]);
    if let Some(description) = text(get(function, "description")).filter(|own| !own.is_empty()) {
        own.insert("description", description);
    }
    if let Value::Dict(properties) = get(parameters, "properties") {
        let mut described = Dict::from([
            (Value::from("type"), Value::from("OBJECT")),
            ("properties".into(), of_properties(properties)?),
        ]);
        if get(parameters, "required") != &Value::None {
            described.insert("required", get(parameters, "required").clone());
        }
        own.insert("parameters", Value::Dict(described));
    } else if parameters != &Value::None {
        return Err(Exception::unsupported(
            "a function without properties sent to Gemini",
        ));
    }
    Ok(Value::Dict(own))
}

/// `tool_choice` among the functions of these names.
pub(super) fn choice(choice: &Value, names: Vec<Value>) -> Result<Value, Exception> {
    let (mode, allowed) = match choice {
        Value::Bool(true) => ("ANY", Some(names)),
        Value::Str(any) if any == "any" || any == "required" => ("ANY", Some(names)),
        Value::Str(auto) if auto == "auto" => ("AUTO", None),
        Value::Str(none) if none == "none" => ("NONE", None),
        Value::Str(_) if names.contains(choice) => ("ANY", Some(vec![choice.clone()])),
        other => {
            return Err(Exception::unsupported(format!(
                "tool_choice={} of Gemini",
                repr(other)
            )));
        }
    };
    let mut own = Dict::from([(Value::from("mode"), Value::from(mode))]);
    if let Some(allowed) = allowed {
        own.insert("allowedFunctionNames", allowed);
    }
    Ok(Value::Dict(own))
}

fn of_properties(properties: &Dict<Value, Value>) -> Result<Value, Exception> {
    let described = properties
        .items()
        .map(|(name, schema)| Ok((name.clone(), property(name, schema)?)));
    described.collect::<Result<_, _>>().map(Value::Dict)
}

fn property(name: &Value, schema: &Value) -> Result<Value, Exception> {
    let (chosen, nullable) = only_form(schema)?;
    let mut own = Dict::new();
    let mut kind = kind(chosen);
    if let Some(kind) = &kind {
        own.insert("type", kind.as_str());
    }
    if nullable {
        own.insert("nullable", true);
    }
    let of_both = |key: &str| match get(chosen, key) {
        Value::None => get(schema, key).clone(),
        own => own.clone(),
    };
    if of_both("enum") != Value::None {
        own.insert("enum", of_both("enum"));
    }
    match of_both("description") {
        Value::Str(description) if !description.is_empty() => {
            own.insert("description", description)
        }
        _ if name == &Value::from("title") => {
            own.insert("description", format!("title is {}", str_of(chosen)));
        }
        _ => {}
    }
    if kind.as_deref() == Some("ARRAY") && of_both("items") != Value::None {
        own.insert("items", item(&of_both("items"))?);
    }
    if kind.as_deref() == Some("OBJECT") {
        match get(chosen, "properties") {
            Value::Dict(inner) => {
                own.insert("properties", of_properties(inner)?);
                let has_default = |inner: &Value| match inner {
                    Value::Dict(keys) => keys.contains_key(&Value::from("default")),
                    _ => false,
                };
                let required = inner.items().filter(|(_, inner)| !has_default(inner));
                let required: Vec<Value> = required.map(|(name, _)| name.clone()).collect();
                own.insert("required", required);
            }
            _ if matches!(
                get(chosen, "additionalProperties"),
                Value::None | Value::Bool(false)
            ) =>
            {
                // a dict of nothing is a text to LangChain
                kind = Some("STRING".to_owned());
                own.insert("type", kind.as_deref().unwrap_or_default());
            }
            _ => {}
        }
    }
    Ok(Value::Dict(own))
}

/// The items of a list.
fn item(schema: &Value) -> Result<Value, Exception> {
    let (_, nullable) = only_form(schema)?;
    if get(schema, "anyOf") != &Value::None {
        return Err(Exception::unsupported(
            "a list of several types sent to Gemini",
        ));
    }
    let kind = kind(schema).unwrap_or_else(|| "STRING".to_owned());
    let mut own = Dict::from([(Value::from("type"), Value::from(kind.as_str()))]);
    match (
        kind.as_str(),
        get(schema, "properties"),
        get(schema, "items"),
    ) {
        ("OBJECT", Value::Dict(properties), _) => {
            own.insert("properties", of_properties(properties)?)
        }
        ("ARRAY", _, Value::Dict(_)) => {
            return Err(Exception::unsupported("a list of lists sent to Gemini"));
        }
        _ => {}
    }
    for key in ["description", "enum", "required"] {
        if get(schema, key) != &Value::None {
            own.insert(key, get(schema, key).clone());
        }
    }
    if nullable {
        own.insert("nullable", true);
    }
    Ok(Value::Dict(own))
}

/// The one form besides `null`, and whether `null` is another.
fn only_form(schema: &Value) -> Result<(&Value, bool), Exception> {
    let forms = items(get(schema, "anyOf"));
    if forms.is_empty() {
        return Ok((schema, false));
    }
    let is_null = |form: &&Value| text(get(form, "type")) == Some("null");
    let others: Vec<&Value> = forms.iter().filter(|form| !is_null(form)).collect();
    match others.as_slice() {
        [only] => Ok((*only, others.len() < forms.len())),
        _ => Err(Exception::unsupported(
            "a field of several types sent to Gemini",
        )),
    }
}

fn kind(schema: &Value) -> Option<String> {
    text(get(schema, "type")).map(str_::upper)
}
