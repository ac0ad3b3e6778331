//! Answers with the fields the vendors' SDKs declare, whether or not they are sent.

use langferry_pystd::{Dict, Value};

use crate::kwargs::get;

/// The declared fields in their order, `None` where they were not sent, then the others as they came.
pub(crate) fn declared(sent: &Value, fields: &[&str]) -> Dict<Value, Value> {
    let mut all: Dict<Value, Value> = fields
        .iter()
        .map(|&name| (name.into(), get(sent, name).clone()))
        .collect();
    if let Value::Dict(sent) = sent {
        all.update(sent.clone());
    }
    all
}
