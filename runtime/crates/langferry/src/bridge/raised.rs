//! Python's exceptions as this program's.

use std::borrow::Cow;

use langferry_pystd::Exception;
use pyo3::prelude::*;

use crate::bridge::interrupt;

/// What was raised: the class's name, the names of its bases, and what `str()` shows.
pub(crate) fn exception(py: Python<'_>, error: &PyErr) -> Exception {
    let value = error.value(py);
    if let Some(question) = interrupt::question_of(value) {
        return question;
    }
    let class = value.get_type();
    let names: Vec<String> = class
        .mro()
        .iter()
        .filter_map(|class| class.getattr("__name__").ok()?.extract().ok())
        .collect();
    let mut names = names
        .into_iter()
        .filter(|name| name != "object")
        .map(Cow::Owned);
    let name = names.next().unwrap_or(Cow::Borrowed("BaseException"));
    let message = value.str().map(|text| text.to_string_lossy().into_owned());
    let raised = Exception::with_bases(name, names, message.unwrap_or_default());
    match value.repr() {
        Ok(shown) => raised.with_repr(shown.to_string_lossy()),
        Err(_) => raised,
    }
}
