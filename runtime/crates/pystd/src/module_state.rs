//! What names of Python's modules hold that functions assign to: one value for the whole process, as in Python.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Value;

static HELD: Mutex<BTreeMap<String, Value>> = Mutex::new(BTreeMap::new());

fn held() -> MutexGuard<'static, BTreeMap<String, Value>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a name holds: `first`, until something else is assigned.
pub fn get(name: &str, first: Value) -> Value {
    held().get(name).cloned().unwrap_or(first)
}

/// Assigns a value to a name.
pub fn set(name: &str, value: Value) {
    held().insert(name.to_owned(), value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_what_was_assigned_last() {
        assert_eq!(get("tests.a", Value::from(1)), Value::from(1));
        set("tests.a", Value::from("x"));
        set("tests.b", Value::None);
        assert_eq!(get("tests.a", Value::from(1)), Value::from("x"));
        assert_eq!(get("tests.b", Value::from(1)), Value::None);
    }
}
