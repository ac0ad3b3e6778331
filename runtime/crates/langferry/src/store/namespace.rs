//! Namespaces of a store: tuples of texts.

use std::borrow::Cow;

use langferry_pystd::{Exception, Truthy, Value, repr, str_of};

/// Whether something can be put there.
///
/// # Errors
/// `InvalidNamespaceError`, and `TypeError` for what is no sequence.
pub(super) fn check(namespace: &Value) -> Result<(), Exception> {
    if !namespace.truthy() {
        return Err(invalid("Namespace cannot be empty.".to_owned()));
    }
    check_labels(namespace)?;
    if namespace.item(0)? == Value::from("langgraph") {
        let text = "Root label for namespace cannot be \"langgraph\". Got";
        return Err(invalid(format!("{text}: {}", str_of(namespace))));
    }
    Ok(())
}

/// # Errors
/// `InvalidNamespaceError` for a label that is empty, no text, or has a period in it.
pub(super) fn check_labels(namespace: &Value) -> Result<(), Exception> {
    for label in labels(namespace)? {
        let found = format!("Invalid namespace label '{}' found in", str_of(&label));
        let all = str_of(namespace);
        let Value::Str(text) = &label else {
            let class = label.class_name();
            return Err(invalid(format!(
                "{found} {all}. Namespace labels must be strings, but got {class}."
            )));
        };
        if text.contains('.') {
            return Err(invalid(format!(
                "{found} {all}. Namespace labels cannot contain periods ('.')."
            )));
        }
        if text.contains('\0') {
            return Err(invalid(format!(
                "{found} {all}. Namespace labels cannot contain NUL bytes ('\\x00')."
            )));
        }
        if text.is_empty() {
            return Err(invalid(format!(
                "Namespace labels cannot be empty strings. Got {text} in {all}"
            )));
        }
    }
    Ok(())
}

/// # Errors
/// `TypeError` for what cannot be a key; Unsupported for a text, which is none among tuples.
pub(super) fn check_hash(namespace: &Value) -> Result<(), Exception> {
    match namespace {
        Value::List(_) => Err(Exception::type_error("unhashable type: 'list'")),
        Value::Str(text) => Err(Exception::unsupported(format!("the namespace {text:?}"))),
        _ => Ok(()),
    }
}

/// `namespace[: len(prefix)] == prefix`
pub(super) fn starts_with(namespace: &Value, prefix: &Value) -> bool {
    match (namespace, prefix) {
        (Value::Tuple(labels), Value::Tuple(first)) => labels.starts_with(first),
        _ => false,
    }
}

/// Whether a namespace begins and ends with these; `*` stands for any label.
///
/// # Errors
/// `TypeError` for what is no sequence.
pub(super) fn matches(
    namespace: &Value,
    prefix: &Value,
    suffix: &Value,
) -> Result<bool, Exception> {
    let own = labels(namespace)?;
    let is_like = |own: &Value, wanted: &Value| *wanted == Value::from("*") || own == wanted;
    for (path, from_end) in [(prefix, false), (suffix, true)] {
        if !path.truthy() {
            continue;
        }
        let path = labels(path)?;
        let matched = own.len() >= path.len()
            && if from_end {
                let pairs = own.iter().rev().zip(path.iter().rev());
                pairs.into_iter().all(|(own, wanted)| is_like(own, wanted))
            } else {
                own.iter()
                    .zip(&path)
                    .all(|(own, wanted)| is_like(own, wanted))
            };
        if !matched {
            return Ok(false);
        }
    }
    Ok(true)
}

fn labels(namespace: &Value) -> Result<Vec<Value>, Exception> {
    match namespace {
        Value::Tuple(labels) | Value::List(labels) => match labels.iter().find(|x| !is_plain(x)) {
            None => Ok(labels.clone()),
            Some(label) => {
                let class = label.class_name();
                Err(Exception::unsupported(format!("a {class} in a namespace")))
            }
        },
        Value::Dict(_) | Value::Set(_) | Value::FrozenSet(_) | Value::Bytes(_) => {
            let shown = repr(namespace);
            Err(Exception::unsupported(format!("the namespace {shown}")))
        }
        other => Ok(other.iter()?.collect()),
    }
}

/// Whether its text is known here.
fn is_plain(label: &Value) -> bool {
    !matches!(
        label,
        Value::Enum { .. }
            | Value::Record { .. }
            | Value::List(_)
            | Value::Tuple(_)
            | Value::Dict(_)
            | Value::Set(_)
            | Value::FrozenSet(_)
    )
}

fn invalid(message: String) -> Exception {
    let bases = ["ValueError", "Exception", "BaseException"].map(Cow::Borrowed);
    Exception::with_bases("InvalidNamespaceError", bases, message)
}
