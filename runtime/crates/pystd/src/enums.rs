//! The enums of a program: what members there are, what their values are, and which are texts as well.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use crate::{Exception, PyRepr, Value};

/// What the members of an enum are besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `class C(Enum)`
    Plain,
    /// `class C(str, Enum)`: texts that are shown as members.
    Text,
    /// `class C(StrEnum)`: texts that are shown as texts.
    Shown,
}

#[derive(Debug)]
struct Enumeration {
    kind: Kind,
    members: Vec<(String, Value)>,
}

static KNOWN: RwLock<Option<HashMap<String, &'static Enumeration>>> = RwLock::new(None);

fn known(class: &str) -> Option<&'static Enumeration> {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    known.as_ref()?.get(class).copied()
}

fn bare_name(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or(class)
}

/// Says what the enum of the qualified name `class` is, and gives its members.
pub fn define(class: &str, kind: Kind, names: &[String], values: &[Value]) -> Vec<Value> {
    let members: Vec<(String, Value)> = names.iter().cloned().zip(values.iter().cloned()).collect();
    let made = Box::leak(Box::new(Enumeration { kind, members }));
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.get_or_insert_default().insert(class.to_owned(), made);
    names
        .iter()
        .map(|name| Value::Enum {
            class: class.to_owned(),
            name: name.clone(),
        })
        .collect()
}

/// `C.name`, one of `members`.
#[must_use]
pub fn member(members: &[Value], name: &str) -> Value {
    let is_it = |member: &&Value| matches!(member, Value::Enum { name: own, .. } if own == name);
    // the converter asks for no other than those it has defined
    members.iter().find(is_it).cloned().unwrap_or_default()
}

/// `C(value)`, one of `members`.
///
/// # Errors
/// `ValueError` when none has this value.
pub fn by_value(members: &[Value], class: &str, value: &Value) -> Result<Value, Exception> {
    let found = members
        .iter()
        .find(|member| *member == value || member.enum_value().as_ref() == Some(value));
    found.cloned().ok_or_else(|| {
        let name = bare_name(class);
        Exception::value_error(format!("{} is not a valid {name}", value.py_repr()))
    })
}

/// `C[name]`, one of `members`.
///
/// # Errors
/// `KeyError` when none has this name.
pub fn by_name(members: &[Value], name: &Value) -> Result<Value, Exception> {
    let found = members.iter().find(|member| match (member, name) {
        (Value::Enum { name: own, .. }, Value::Str(name)) => own == name,
        _ => false,
    });
    let unknown = || Exception::raise("KeyError", [name.clone()]);
    found.cloned().ok_or_else(unknown)
}

/// The value of the member `class.name`, if it is known.
#[must_use]
pub fn value_of(class: &str, name: &str) -> Option<Value> {
    let found = known(class)?.members.iter().find(|(own, _)| own == name);
    found.map(|(_, value)| value.clone())
}

/// The member of `class` that has this very value, if it is known.
#[must_use]
pub fn member_of(class: &str, value: &Value) -> Option<Value> {
    let found = known(class)?.members.iter().find(|(_, own)| own == value);
    found.map(|(name, _)| Value::Enum {
        class: class.to_owned(),
        name: name.clone(),
    })
}

/// `a is member`
#[must_use]
pub fn is_member(value: &Value, member: &Value) -> bool {
    match (value, member) {
        (Value::Enum { class: a, name: x }, Value::Enum { class: b, name: y }) => a == b && x == y,
        _ => false,
    }
}

impl Value {
    /// What a member of an enum stands for, as far as the enum is known.
    pub(crate) fn enum_value(&self) -> Option<Value> {
        match self {
            Self::Enum { class, name } => value_of(class, name),
            _ => None,
        }
    }

    /// The text that a member of an enum is as well.
    pub(crate) fn enum_text(&self) -> Option<Value> {
        let Self::Enum { class, .. } = self else {
            return None;
        };
        match known(class)?.kind {
            Kind::Plain => None,
            Kind::Text | Kind::Shown => self.enum_value(),
        }
    }

    /// Both operands of an operator, if one of them is a member of an enum that is a text.
    pub(crate) fn as_texts(&self, other: &Self) -> Option<(Value, Value)> {
        let (a, b) = (self.enum_text(), other.enum_text());
        (a.is_some() || b.is_some()).then(|| {
            let plain = |text: Option<Value>, value: &Self| text.unwrap_or_else(|| value.clone());
            (plain(a, self), plain(b, other))
        })
    }
}

/// `repr` of a member.
pub(crate) fn shown(class: &str, name: &str) -> String {
    match value_of(class, name) {
        Some(value) => format!("<{}.{name}: {}>", bare_name(class), value.py_repr()),
        None => format!("{}.{name}", bare_name(class)),
    }
}

/// `str` of a member.
pub(crate) fn text(class: &str, name: &str) -> String {
    let is_shown = known(class).is_some_and(|found| found.kind == Kind::Shown);
    match value_of(class, name) {
        Some(value) if is_shown => value.py_str(),
        _ => format!("{}.{name}", bare_name(class)),
    }
}
