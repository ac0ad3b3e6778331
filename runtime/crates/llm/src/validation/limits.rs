//! The least and the most a value may be.

use langferry_pystd::{Exception, Value, ops, repr};

use crate::kwargs::get;
use crate::validation::{Check, Made};

impl Check<'_> {
    /// Checks the least and the most a value may be.
    pub(super) fn limits(&mut self, schema: &Value, made: Value, given: &Value) -> Made {
        type Breaks = fn(&Value, &Value) -> Result<bool, Exception>;
        let of_numbers: [(&str, &'static str, &str, Breaks); 4] = [
            (
                "minimum",
                "greater_than_equal",
                "greater than or equal to",
                |a, b| ops::lt(a, b),
            ),
            (
                "maximum",
                "less_than_equal",
                "less than or equal to",
                |a, b| ops::gt(a, b),
            ),
            (
                "exclusiveMinimum",
                "greater_than",
                "greater than",
                |a, b| ops::le(a, b),
            ),
            ("exclusiveMaximum", "less_than", "less than", |a, b| {
                ops::ge(a, b)
            }),
        ];
        for (rule, kind, words, breaks) in of_numbers {
            let limit = get(schema, rule);
            if limit != &Value::None && breaks(&made, limit)? {
                // pydantic writes a whole limit of a float without its fraction
                let limit = match limit {
                    Value::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
                    limit => repr(limit),
                };
                return self.found(kind, format!("Input should be {words} {limit}"), given);
            }
        }
        let length = match &made {
            Value::Str(own) => Some(("String", "character", own.chars().count())),
            Value::List(own) => Some(("List", "item", own.len())),
            _ => None,
        };
        let Some((what, unit, length)) = length else {
            return Ok(Some(made));
        };
        let (least, most) = match what {
            "String" => ("minLength", "maxLength"),
            _ => ("minItems", "maxItems"),
        };
        let limit = |rule: &str| match get(schema, rule) {
            Value::Int(limit) => limit.to_i64().and_then(|limit| usize::try_from(limit).ok()),
            _ => None,
        };
        let broken = match (limit(least), limit(most)) {
            (Some(limit), _) if length < limit => Some(("least", "short", limit)),
            (_, Some(limit)) if length > limit => Some(("most", "long", limit)),
            _ => None,
        };
        let Some((words, way, limit)) = broken else {
            return Ok(Some(made));
        };
        let plural = if limit == 1 { "" } else { "s" };
        let message = format!("{what} should have at {words} {limit} {unit}{plural}");
        match (what, way) {
            ("String", "short") => self.found("string_too_short", message, given),
            ("String", _) => self.found("string_too_long", message, given),
            (_, way) => {
                let kind = if way == "short" {
                    "too_short"
                } else {
                    "too_long"
                };
                self.found(
                    kind,
                    format!("{message} after validation, not {length}"),
                    given,
                )
            }
        }
    }
}
