//! The format-spec mini-language of `format(x, spec)` and f-strings.

mod number;
mod spec;
mod template;

use crate::{
    Bytes, Date, DateTime, Dict, Exception, Float, Int, PyRepr, Set, Time, TimeDelta, Value, repr,
};
use number::{format_float, format_int};
use spec::Spec;
pub use template::format_template;

/// What `format(x, spec)` does.
pub trait PyFormat {
    /// `format(self, spec)`
    ///
    /// # Errors
    /// `ValueError` for a spec this type does not have.
    fn py_format(&self, spec: &str) -> Result<String, Exception>;
}

/// `format(x, spec)`, `f"{x:spec}"`
///
/// # Errors
/// `ValueError` for a spec the type does not have.
pub fn format_spec<T: PyFormat + ?Sized>(x: &T, spec: &str) -> Result<String, Exception> {
    x.py_format(spec)
}

impl PyFormat for str {
    fn py_format(&self, spec: &str) -> Result<String, Exception> {
        let spec = Spec::parse(spec, "str")?;
        spec.only_for_text()?;
        let text: String = match spec.precision {
            Some(longest) => self.chars().take(longest).collect(),
            None => self.to_owned(),
        };
        Ok(spec.pad(&text, '<'))
    }
}

impl PyFormat for String {
    fn py_format(&self, spec: &str) -> Result<String, Exception> {
        self.as_str().py_format(spec)
    }
}

impl PyFormat for Int {
    fn py_format(&self, spec: &str) -> Result<String, Exception> {
        let spec = Spec::parse(spec, "int")?;
        match spec.kind {
            Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
                format_float(self.to_f64()?, &spec, "int")
            }
            _ => format_int(self, &spec, "int"),
        }
    }
}

impl PyFormat for f64 {
    fn py_format(&self, spec: &str) -> Result<String, Exception> {
        format_float(*self, &Spec::parse(spec, "float")?, "float")
    }
}

impl PyFormat for Float {
    fn py_format(&self, spec: &str) -> Result<String, Exception> {
        match self {
            Self::Double(value) => value.py_format(spec),
            Self::Int(value) => value.py_format(spec),
        }
    }
}

impl PyFormat for bool {
    fn py_format(&self, spec: &str) -> Result<String, Exception> {
        if spec.is_empty() {
            return Ok(repr(self));
        }
        let parsed = Spec::parse(spec, "bool")?;
        match parsed.kind {
            Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => Int::from(*self).py_format(spec),
            _ => format_int(&Int::from(*self), &parsed, "bool"),
        }
    }
}

macro_rules! strftime {
    ($($type:ty)+) => {$(
        impl PyFormat for $type {
            fn py_format(&self, spec: &str) -> Result<String, Exception> {
                if spec.is_empty() { Ok(self.py_str()) } else { self.strftime(spec) }
            }
        }
    )+};
}

strftime!(Date Time DateTime);

/// Types that only know the empty spec.
pub(crate) fn only_empty<T: PyRepr + ?Sized>(x: &T, spec: &str) -> Result<String, Exception> {
    if spec.is_empty() {
        return Ok(x.py_str());
    }
    Err(Exception::type_error(format!(
        "unsupported format string passed to {}.__format__",
        x.py_type()
    )))
}

macro_rules! plain {
    ($([$($generics:tt)*] $type:ty;)+) => {$(
        impl<$($generics)*> PyFormat for $type {
            fn py_format(&self, spec: &str) -> Result<String, Exception> {
                only_empty(self, spec)
            }
        }
    )+};
}

plain! {
    [] ();
    [] Bytes;
    [] TimeDelta;
    [] Exception;
    [T: PyRepr] Vec<T>;
    [K: PyRepr, V: PyRepr] Dict<K, V>;
    [T: PyRepr + Eq + std::hash::Hash] Set<T>;
    [A: PyRepr] (A,);
    [A: PyRepr, B: PyRepr] (A, B);
    [A: PyRepr, B: PyRepr, C: PyRepr] (A, B, C);
    [A: PyRepr, B: PyRepr, C: PyRepr, D: PyRepr] (A, B, C, D);
}

impl<T: PyFormat> PyFormat for Option<T> {
    fn py_format(&self, spec: &str) -> Result<String, Exception> {
        match self {
            Some(x) => x.py_format(spec),
            None => ().py_format(spec),
        }
    }
}

impl<T: PyFormat + ?Sized> PyFormat for &T {
    fn py_format(&self, spec: &str) -> Result<String, Exception> {
        (**self).py_format(spec)
    }
}

impl PyFormat for Value {
    fn py_format(&self, spec: &str) -> Result<String, Exception> {
        match self {
            Self::Bool(value) => value.py_format(spec),
            Self::Int(value) => value.py_format(spec),
            Self::Float(value) => value.py_format(spec),
            Self::Str(value) => value.py_format(spec),
            Self::Date(value) => value.py_format(spec),
            Self::Time(value) => value.py_format(spec),
            Self::DateTime(value) => value.py_format(spec),
            _ => only_empty(self, spec),
        }
    }
}
