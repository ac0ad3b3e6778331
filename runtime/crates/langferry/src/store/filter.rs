//! Which items a search shows.

use langferry_pystd::{Dict, Exception, Truthy, Value, float, str_of};

/// Whether an item with this value passes the filter of a search.
///
/// # Errors
/// What comparing raises.
pub(super) fn passes(value: &Dict<Value, Value>, filter: &Value) -> Result<bool, Exception> {
    if !filter.truthy() {
        return Ok(true);
    }
    match filter {
        Value::Dict(wanted) => has_all(value, wanted),
        other => other.call("items", &[]).and_then(|_| {
            let class = other.class_name();
            Err(Exception::unsupported(format!(
                "a filter that is a {class}"
            )))
        }),
    }
}

fn has_all(value: &Dict<Value, Value>, wanted: &Dict<Value, Value>) -> Result<bool, Exception> {
    for (key, wanted) in wanted.items() {
        if !is_like(value.get(key).unwrap_or(&Value::None), wanted)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_like(value: &Value, wanted: &Value) -> Result<bool, Exception> {
    match (wanted, value) {
        (Value::Dict(wanted), _) if has_operator(wanted)? => {
            for (operator, operand) in wanted.items() {
                if !holds(value, operator, operand)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Value::Dict(wanted), Value::Dict(value)) => has_all(value, wanted),
        (Value::Dict(_), _) => Ok(false),
        (Value::List(wanted) | Value::Tuple(wanted), Value::List(items) | Value::Tuple(items))
            if items.len() == wanted.len() =>
        {
            for (item, wanted) in items.iter().zip(wanted) {
                if !is_like(item, wanted)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Value::List(_) | Value::Tuple(_), _) => Ok(false),
        _ => Ok(value == wanted),
    }
}

fn has_operator(wanted: &Dict<Value, Value>) -> Result<bool, Exception> {
    for key in wanted.keys() {
        if key.call("startswith", &["$".into()])?.truthy() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn holds(value: &Value, operator: &Value, operand: &Value) -> Result<bool, Exception> {
    let name = match operator {
        Value::Str(name) => name.as_str(),
        _ => "",
    };
    let (a, b) = match name {
        "$eq" => return Ok(value == operand),
        "$ne" => return Ok(value != operand),
        "$gt" | "$gte" | "$lt" | "$lte" => (float(value)?, float(operand)?),
        _ => {
            let text = format!("Unsupported operator: {}", str_of(operator));
            return Err(Exception::value_error(text));
        }
    };
    Ok(match name {
        "$gt" => a > b,
        "$gte" => a >= b,
        "$lt" => a < b,
        _ => a <= b,
    })
}
