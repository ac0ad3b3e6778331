//! Values of unknown type as objects: attributes, classes and text of what may be a message.

use std::borrow::Cow;

use langferry_pystd::json::{Dumps, dumps_with};
use langferry_pystd::{Dict, Exception, PyRepr, Value, repr, str_of as plain_str};

use langferry_trace::TraceValue;

use crate::{messages, store};

/// A record as the object it is in Python.
///
/// # Errors
/// Unsupported for a field that dynamic values cannot hold.
pub fn of(record: &impl TraceValue) -> Result<Value, Exception> {
    Value::from_trace(&record.to_trace()).map_err(Exception::unsupported)
}

/// The object of a class of the program that `value` is, with the types its fields are declared with.
///
/// # Errors
/// Unsupported when it is of another class, or a field holds something else.
pub fn record<T: TraceValue>(value: &Value) -> Result<T, Exception> {
    T::from_trace(&value.to_trace()).map_err(Exception::unsupported)
}

/// The dicts with declared keys that `value` is, or holds.
///
/// # Errors
/// Unsupported where it has other keys, has them in another order, or a key holds something else.
pub fn typed<T: TraceValue>(value: &Value) -> Result<T, Exception> {
    let given = value.to_trace();
    let typed = T::from_trace(&given).map_err(Exception::unsupported)?;
    // the text shows the order of keys, which JSON's values are equal without
    let (shown, wanted) = (typed.to_trace().to_string(), given.to_string());
    if shown != wanted {
        let what = "a dict with its keys in another order than is declared";
        return Err(Exception::unsupported(what));
    }
    Ok(typed)
}

/// A message after `value.name = given`; nobody else holds it.
///
/// # Errors
/// Unsupported for anything but a field of a message.
pub fn with_field(value: Value, name: &str, given: Value) -> Result<Value, Exception> {
    let is_message = messages::shown_fields(&value).is_some();
    match value {
        Value::Record { class, mut fields } if is_message && fields.contains_key(name) => {
            fields.insert(name, given);
            Ok(Value::Record { class, fields })
        }
        other => Err(Exception::unsupported(format!(
            "setting `{name}` of a {}",
            other.class_name()
        ))),
    }
}

/// A new object of a dataclass after `value.name = given` of one of its fields; nobody else holds it.
///
/// # Errors
/// Unsupported for what has no such field.
pub fn with_own_field(value: Value, name: &str, given: Value) -> Result<Value, Exception> {
    match value {
        Value::Record { class, mut fields } if fields.contains_key(name) => {
            fields.insert(name, given);
            Ok(Value::Record { class, fields })
        }
        other => Err(Exception::unsupported(format!(
            "setting `{name}` of a {}",
            other.class_name()
        ))),
    }
}

/// A new object of the dataclass `class`, with the fields `names`, of which some are given `by_name` only.
///
/// # Errors
/// `TypeError` for a field that lacks, or a name that is none.
pub fn made(
    class: &str,
    names: &[String],
    by_name: &[String],
    mut defaults: Dict<String, Value>,
    mut given: Dict<String, Value>,
) -> Result<Value, Exception> {
    let maker = format!("{}.__init__()", class.rsplit('.').next().unwrap_or(class));
    if let Some(name) = given.keys().find(|name| !names.contains(name)) {
        let text = format!("{maker} got an unexpected keyword argument '{name}'");
        return Err(Exception::raise("TypeError", [text.into()]));
    }
    let lacking = |name: &&String| !given.contains_key(*name) && !defaults.contains_key(*name);
    let (named, placed): (Vec<&String>, Vec<&String>) = names
        .iter()
        .filter(lacking)
        .partition(|name| by_name.contains(name));
    for (kind, lacking) in [("positional", placed), ("keyword-only", named)] {
        if !lacking.is_empty() {
            return Err(missing(&maker, kind, &lacking));
        }
    }
    let fields = names.iter().map(|name| {
        let value = given.pop(name).or_else(|_| defaults.pop(name));
        Ok((name.clone(), value?))
    });
    Ok(Value::Record {
        class: class.to_owned(),
        fields: fields.collect::<Result<_, Exception>>()?,
    })
}

fn missing(maker: &str, kind: &str, names: &[&String]) -> Exception {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let listed = match quoted.as_slice() {
        [first, second] => format!("{first} and {second}"),
        [first @ .., last] if !first.is_empty() => format!("{}, and {last}", first.join(", ")),
        all => all.concat(),
    };
    let (count, plural) = (names.len(), if names.len() == 1 { "" } else { "s" });
    let text = format!("{maker} missing {count} required {kind} argument{plural}: {listed}");
    Exception::raise("TypeError", [text.into()])
}

/// `value.name`
///
/// # Errors
/// `AttributeError`; Unsupported, where Python has more than the fields of an object.
pub fn attr(value: &Value, name: &str) -> Result<Value, Exception> {
    messages::attribute(value, name).unwrap_or_else(|| value.attr(name))
}

/// What `None.name` raises.
#[must_use]
pub fn lacks(name: &str) -> Exception {
    Exception::attribute_error(format!("'NoneType' object has no attribute '{name}'"))
}

/// `value(...)` of an object of a class that cannot be called, with what it would be given.
///
/// # Errors
/// Always: `TypeError`.
pub fn not_callable(class: &str, _given: &[Value]) -> Result<Value, Exception> {
    let text = format!("'{class}' object is not callable");
    Err(Exception::type_error(text))
}

/// `state.name(...)` of an object whose class has no such method.
///
/// # Errors
/// Always: `AttributeError`.
pub fn missing_method(class: &str, name: &str) -> Result<Value, Exception> {
    let text = format!("'{class}' object has no attribute '{name}'");
    Err(Exception::attribute_error(text))
}

/// `value.model_dump()`, or what `method` is called to make a text of, of an object of one of pydantic's `classes`.
///
/// # Errors
/// `AttributeError` for what is no object; Unsupported for one of another class, also within the object.
pub fn dumped(value: &Value, method: &str, classes: &[String]) -> Result<Value, Exception> {
    match value {
        Value::Record { class, .. } if classes.contains(class) => without_objects(value, classes),
        _ => value.call(method, &[]),
    }
}

fn without_objects(value: &Value, classes: &[String]) -> Result<Value, Exception> {
    let inner = |item: &Value| without_objects(item, classes);
    Ok(match value {
        Value::Record { class, fields } if classes.contains(class) => {
            let entries = fields.items();
            let made = entries.map(|(name, held)| Ok((Value::from(name.clone()), inner(held)?)));
            Value::Dict(made.collect::<Result<_, Exception>>()?)
        }
        Value::Record { class, .. } => {
            let text = format!("a {class} in what is dumped");
            return Err(Exception::unsupported(text));
        }
        Value::Dict(entries) => {
            let entries = entries.items();
            let made = entries.map(|(key, held)| Ok((key.clone(), inner(held)?)));
            Value::Dict(made.collect::<Result<_, Exception>>()?)
        }
        Value::List(items) => Value::List(items.iter().map(inner).collect::<Result<_, _>>()?),
        Value::Tuple(items) => Value::Tuple(items.iter().map(inner).collect::<Result<_, _>>()?),
        other => other.clone(),
    })
}

/// The text of what is dumped, as pydantic writes it in one line.
///
/// # Errors
/// `TypeError` for what JSON cannot say.
pub fn compact_json(value: &Value) -> Result<String, Exception> {
    let compact = Dumps {
        separators: Some((",".to_owned(), ":".to_owned())),
        ..Dumps::UNESCAPED
    };
    dumps_with(value.clone(), &compact)
}

/// `state[...]` of an object that has no items.
///
/// # Errors
/// Always: `TypeError`.
pub fn without_items(class: &str) -> Result<Value, Exception> {
    let text = format!("'{class}' object is not subscriptable");
    Err(Exception::raise("TypeError", [text.into()]))
}

/// `value.items()`, to be iterated over.
///
/// # Errors
/// `AttributeError` when there is no such method; Unsupported, where it is not known what it gives.
pub fn items(value: &Value) -> Result<Vec<(Value, Value)>, Exception> {
    if let Value::Dict(entries) = value {
        let entries = entries.items();
        return Ok(entries
            .map(|(key, item)| (key.clone(), item.clone()))
            .collect());
    }
    value.call("items", &[])?;
    Err(Exception::unsupported(format!(
        "items() of {}",
        value.class_name()
    )))
}

/// The value of a `field` of `class`, which a validator has looked at.
///
/// # Errors
/// Unsupported where it raises: pydantic tells of that in its own words.
pub fn valid<T>(given: Result<T, Exception>, class: &str, field: &str) -> Result<T, Exception> {
    given.map_err(|error| {
        Exception::unsupported(format!(
            "what pydantic says of `{class}.{field}`: {}",
            error.message()
        ))
    })
}

/// `value`, of which a class in `classes` says what its `name` is.
///
/// # Errors
/// `AttributeError` where it has none; Unsupported for an object of another class.
pub fn owner(value: &Value, name: &str, classes: &[String]) -> Result<Value, Exception> {
    if let Value::Record { class, .. } = value {
        if classes.contains(class) {
            return Ok(value.clone());
        }
    } else {
        attr(value, name)?;
    }
    Err(Exception::unsupported(format!(
        "`{name}` of {}",
        value.class_name()
    )))
}

/// Whether `value` is an object of the class of the program that has this qualified name, and of none derived from it.
#[must_use]
pub fn is_one(value: &Value, class: &str) -> bool {
    matches!(value, Value::Record { class: own, .. } if own == class)
}

/// Whether `value` is an object of a class of the libraries, from which others may be derived.
///
/// # Errors
/// Unsupported for an object of another class, unless it is a message: its class may be derived from this one.
pub fn is_of_library(value: &Value, class: &str) -> Result<bool, Exception> {
    match value {
        Value::Record { class: own, .. } if own != class => {
            if messages::is_instance(value, "BaseMessage") {
                return Ok(false);
            }
            Err(Exception::unsupported(format!(
                "whether a {own} is a {class}"
            )))
        }
        Value::Record { .. } => Ok(true),
        _ => Ok(false),
    }
}

/// `hasattr(value, name)`
///
/// # Errors
/// Unsupported, where it is not known what attributes the class has.
pub fn has_attr(value: &Value, name: &str) -> Result<bool, Exception> {
    found(value, name).map(|found| found.is_some())
}

/// `getattr(value, name, default)`
///
/// # Errors
/// Unsupported, where it is not known what attributes the class has.
pub fn attr_or(value: &Value, name: &str, default: impl Into<Value>) -> Result<Value, Exception> {
    Ok(found(value, name)?.unwrap_or_else(|| default.into()))
}

fn found(value: &Value, name: &str) -> Result<Option<Value>, Exception> {
    match attr(value, name) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is("AttributeError") => Ok(None),
        Err(error) => Err(error),
    }
}

/// `str(value)`
///
/// # Errors
/// Unsupported for an object of a class that may have a text of its own.
pub fn str_of(value: &Value) -> Result<String, Exception> {
    Ok(match shown(value)?.as_ref() {
        item @ Value::Record { fields, .. } if !store::is_item(item) => {
            let fields = fields.items();
            let fields: Vec<String> = fields
                .map(|(name, field)| format!("{name}={}", repr(field)))
                .collect();
            fields.join(" ")
        }
        other => plain_str(other),
    })
}

/// `repr(value)`
///
/// # Errors
/// Unsupported for an object of a class that may have a text of its own.
pub fn repr_of(value: &Value) -> Result<String, Exception> {
    Ok(shown(value)?.py_repr())
}

/// The value with only those fields of messages that their text shows.
fn shown(value: &Value) -> Result<Cow<'_, Value>, Exception> {
    if is_plain(value) {
        return Ok(Cow::Borrowed(value));
    }
    let all = |items: &[Value]| -> Result<Vec<Value>, Exception> {
        items
            .iter()
            .map(|item| shown(item).map(Cow::into_owned))
            .collect()
    };
    Ok(Cow::Owned(match value {
        Value::List(items) => Value::List(all(items)?),
        Value::Tuple(items) => Value::Tuple(all(items)?),
        Value::Dict(items) => {
            let items = items
                .items()
                .map(|(key, item)| Ok((shown(key)?.into_owned(), shown(item)?.into_owned())));
            Value::Dict(items.collect::<Result<_, Exception>>()?)
        }
        Value::Record { class, fields } if store::is_item(value) => {
            let fields = fields.items().map(|(name, field)| {
                let field = store::shown_field(name, field);
                Ok((name.clone(), shown(&field)?.into_owned()))
            });
            Value::Record {
                class: class.clone(),
                fields: fields.collect::<Result<Dict<_, _>, Exception>>()?,
            }
        }
        Value::Record { class, .. } => {
            let Some(fields) = messages::shown_fields(value) else {
                return Err(Exception::unsupported(format!("the text of a {class}")));
            };
            let fields = fields
                .into_iter()
                .map(|(name, field)| Ok((name.to_owned(), shown(field)?.into_owned())));
            Value::Record {
                class: class.clone(),
                fields: fields.collect::<Result<Dict<_, _>, Exception>>()?,
            }
        }
        other => {
            let class = other.py_type();
            return Err(Exception::unsupported(format!(
                "the text of a {class} of objects"
            )));
        }
    }))
}

/// Whether no object with fields lies in it.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Record { .. } => false,
        Value::List(items) | Value::Tuple(items) => items.iter().all(is_plain),
        Value::Dict(items) => items
            .items()
            .all(|(key, item)| is_plain(key) && is_plain(item)),
        Value::Set(items) | Value::FrozenSet(items) => items.unordered().all(is_plain),
        _ => true,
    }
}
