//! Messages made of lists of what may be one, and chosen by their names, types and ids.

use langferry_pystd::{Dict, Exception, Truthy, Value};

use crate::messages::class::Class;
use crate::messages::coercion;

/// `convert_to_messages(values)`
///
/// # Errors
/// `TypeError` for what cannot be iterated over; what LangChain raises for what it cannot make a message of.
pub fn convert(values: &Value) -> Result<Vec<Value>, Exception> {
    values
        .iter()?
        .map(|value| match Class::of(&value) {
            Some(_) => Ok(value),
            None => coercion::message(value),
        })
        .collect()
}

/// `filter_messages(values, **criteria)`, whose criteria are lists: `include_names`, `exclude_types` and the like.
///
/// Types may be one text, too.
///
/// # Errors
/// As [`convert`].
pub fn filter(values: &Value, criteria: &Dict<String, Value>) -> Result<Vec<Value>, Exception> {
    let criteria = Criteria(criteria);
    let mut chosen = Vec::new();
    for message in convert(values)? {
        if !criteria.any("exclude", &message)?
            && (criteria.none_given("include") || criteria.any("include", &message)?)
        {
            chosen.push(message);
        }
    }
    Ok(chosen)
}

/// The attributes that messages are chosen by, each with the name of its criterion.
const ATTRIBUTES: [(&str, &str); 3] = [("names", "name"), ("types", "type"), ("ids", "id")];

struct Criteria<'a>(&'a Dict<String, Value>);

impl Criteria<'_> {
    fn given(&self, what: &str, of: &str) -> Option<&Value> {
        let wanted = self.0.get(format!("{what}_{of}").as_str());
        wanted.filter(|wanted| wanted.truthy())
    }

    fn none_given(&self, what: &str) -> bool {
        ATTRIBUTES
            .iter()
            .all(|(of, _)| self.given(what, of).is_none())
    }

    /// Whether one of the criteria of a kind is met; those that are given nothing are none.
    fn any(&self, what: &str, message: &Value) -> Result<bool, Exception> {
        for (of, attribute) in ATTRIBUTES {
            let Some(wanted) = self.given(what, of) else {
                continue;
            };
            let own = message.attr(attribute)?;
            let is_met = match wanted {
                Value::Str(_) => own == *wanted,
                list => list.contains(own)?,
            };
            if is_met {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
