//! `repr`, `str` and `type(x).__name__` of every type.

use std::borrow::Cow;
use std::sync::Arc;

use crate::{Bytes, Dict, Exception, Float, Int, Set, unicode};

/// How Python shows a value.
pub trait PyRepr {
    /// `repr(self)`
    fn py_repr(&self) -> String;

    /// `str(self)`
    fn py_str(&self) -> String {
        self.py_repr()
    }

    /// `type(self).__name__`
    fn py_type(&self) -> Cow<'_, str>;
}

/// `repr(x)`
pub fn repr<T: PyRepr + ?Sized>(x: &T) -> String {
    x.py_repr()
}

/// `str(x)`
pub fn str_of<T: PyRepr + ?Sized>(x: &T) -> String {
    x.py_str()
}

fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            _ if c == quote => out.extend(['\\', c]),
            _ if unicode::is_printable(c) => out.push(c),
            _ => out.push_str(&match c as u32 {
                code @ ..=0xff => format!("\\x{code:02x}"),
                code @ ..=0xffff => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            }),
        }
    }
    out.push(quote);
    out
}

/// `repr` of the items between two brackets.
pub(crate) fn bracketed<'a, T: PyRepr + ?Sized + 'a>(
    open: &str,
    items: impl IntoIterator<Item = &'a T>,
    close: &str,
) -> String {
    let items: Vec<String> = items.into_iter().map(T::py_repr).collect();
    format!("{open}{}{close}", items.join(", "))
}

impl PyRepr for str {
    fn py_repr(&self) -> String {
        quoted(self)
    }

    fn py_str(&self) -> String {
        self.to_owned()
    }

    fn py_type(&self) -> Cow<'_, str> {
        "str".into()
    }
}

macro_rules! forwarded {
    ($([$($generics:tt)*] $type:ty)+) => {$(
        impl<$($generics)*> PyRepr for $type {
            fn py_repr(&self) -> String {
                (**self).py_repr()
            }

            fn py_str(&self) -> String {
                (**self).py_str()
            }

            fn py_type(&self) -> Cow<'_, str> {
                (**self).py_type()
            }
        }
    )+};
}

forwarded! {
    [] String
    [T: PyRepr + ?Sized] &T
    [T: PyRepr + ?Sized] Box<T>
    [T: PyRepr + ?Sized] Arc<T>
    [T: PyRepr] Vec<T>
}

macro_rules! displayed {
    ($($type:ty: $name:literal)+) => {$(
        impl PyRepr for $type {
            fn py_repr(&self) -> String {
                self.to_string()
            }

            fn py_type(&self) -> Cow<'_, str> {
                $name.into()
            }
        }
    )+};
}

displayed! {
    Int: "int"
    i64: "int"
}

impl PyRepr for f64 {
    fn py_repr(&self) -> String {
        crate::float::repr(*self)
    }

    fn py_type(&self) -> Cow<'_, str> {
        "float".into()
    }
}

impl PyRepr for Float {
    fn py_repr(&self) -> String {
        self.to_string()
    }

    fn py_type(&self) -> Cow<'_, str> {
        match self {
            Self::Double(_) => "float",
            Self::Int(_) => "int",
        }
        .into()
    }
}

impl PyRepr for bool {
    fn py_repr(&self) -> String {
        if *self { "True" } else { "False" }.into()
    }

    fn py_type(&self) -> Cow<'_, str> {
        "bool".into()
    }
}

impl PyRepr for () {
    fn py_repr(&self) -> String {
        "None".into()
    }

    fn py_type(&self) -> Cow<'_, str> {
        "NoneType".into()
    }
}

impl<T: PyRepr> PyRepr for Option<T> {
    fn py_repr(&self) -> String {
        self.as_ref().map_or_else(|| "None".into(), T::py_repr)
    }

    fn py_str(&self) -> String {
        self.as_ref().map_or_else(|| "None".into(), T::py_str)
    }

    fn py_type(&self) -> Cow<'_, str> {
        self.as_ref().map_or_else(|| "NoneType".into(), T::py_type)
    }
}

impl<T: PyRepr> PyRepr for [T] {
    fn py_repr(&self) -> String {
        bracketed("[", self, "]")
    }

    fn py_type(&self) -> Cow<'_, str> {
        "list".into()
    }
}

impl<T: PyRepr, const N: usize> PyRepr for [T; N] {
    fn py_repr(&self) -> String {
        self.as_slice().py_repr()
    }

    fn py_type(&self) -> Cow<'_, str> {
        "list".into()
    }
}

impl<K: PyRepr, V: PyRepr> PyRepr for Dict<K, V> {
    fn py_repr(&self) -> String {
        let items: Vec<String> = self
            .items()
            .map(|(key, value)| format!("{}: {}", key.py_repr(), value.py_repr()))
            .collect();
        format!("{{{}}}", items.join(", "))
    }

    fn py_type(&self) -> Cow<'_, str> {
        "dict".into()
    }
}

impl<T: PyRepr + Eq + std::hash::Hash> PyRepr for Set<T> {
    /// The items in the order of their `repr`: Python's order is not defined.
    fn py_repr(&self) -> String {
        let mut items: Vec<String> = self.unordered().map(T::py_repr).collect();
        if items.is_empty() {
            return "set()".into();
        }
        items.sort();
        format!("{{{}}}", items.join(", "))
    }

    fn py_type(&self) -> Cow<'_, str> {
        "set".into()
    }
}

impl PyRepr for Bytes {
    fn py_repr(&self) -> String {
        let quote = if self.0.contains(&b'\'') && !self.0.contains(&b'"') {
            b'"'
        } else {
            b'\''
        };
        let mut out = format!("b{}", char::from(quote));
        for &byte in &self.0 {
            match byte {
                b'\n' => out.push_str("\\n"),
                b'\r' => out.push_str("\\r"),
                b'\t' => out.push_str("\\t"),
                b'\\' => out.push_str("\\\\"),
                _ if byte == quote => out.extend(['\\', char::from(byte)]),
                b' '..=b'~' => out.push(char::from(byte)),
                _ => out.push_str(&format!("\\x{byte:02x}")),
            }
        }
        out.push(char::from(quote));
        out
    }

    fn py_type(&self) -> Cow<'_, str> {
        "bytes".into()
    }
}

impl PyRepr for Exception {
    fn py_repr(&self) -> String {
        if let Some(shown) = self.shown() {
            return shown.to_owned();
        }
        match self.args() {
            Ok([only]) => format!("{}({})", self.class(), only.py_repr()),
            Ok(args) => format!("{}{}", self.class(), bracketed("(", args, ")")),
            Err(_) if self.is("KeyError") => format!("{}({})", self.class(), self.message()),
            Err(_) => format!("{}({})", self.class(), repr(self.message())),
        }
    }

    fn py_str(&self) -> String {
        self.message().to_owned()
    }

    fn py_type(&self) -> Cow<'_, str> {
        self.class().into()
    }
}

macro_rules! tuples {
    ($($($name:ident $index:tt),+;)+) => {$(
        impl<$($name: PyRepr),+> PyRepr for ($($name,)+) {
            fn py_repr(&self) -> String {
                let items = [$(self.$index.py_repr()),+];
                let comma = if items.len() == 1 { "," } else { "" };
                format!("({}{comma})", items.join(", "))
            }

            fn py_type(&self) -> Cow<'_, str> {
                "tuple".into()
            }
        }
    )+};
}

tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
}
