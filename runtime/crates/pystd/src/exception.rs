//! Python's exceptions as a Rust error: a class with its bases, and what `str(exc)` shows.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::Value;
use crate::repr::{repr, str_of};

/// A raised Python exception.
#[derive(Clone)]
pub struct Exception(Box<Raised>);

#[derive(Clone)]
struct Raised {
    class: Cow<'static, str>,
    bases: Vec<Cow<'static, str>>,
    message: String,
    args: Option<Vec<Value>>,
    shown: Option<String>,
    payload: Option<Arc<dyn Any + Send + Sync>>,
}

/// An exception class that a program defines.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    name: &'static str,
    bases: &'static [&'static str],
}

impl Class {
    /// A class by its name and its direct bases; those a program defines itself are given with theirs.
    pub const fn new(name: &'static str, bases: &'static [&'static str]) -> Self {
        Self { name, bases }
    }

    /// The exception `Class(*args)`.
    pub fn raise(&self, args: impl IntoIterator<Item = Value>) -> Exception {
        let mut bases: Vec<Cow<'static, str>> = Vec::new();
        for &base in self.bases {
            for name in std::iter::once(base).chain(ancestors(base)) {
                if !bases.iter().any(|known| known == name) {
                    bases.push(name.into());
                }
            }
        }
        Exception::build(self.name.into(), bases, args.into_iter().collect())
    }
}

impl Exception {
    /// A builtin exception with one argument, a string.
    pub fn new(class: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::raise(class, [Value::Str(message.into())])
    }

    /// The builtin exception `class(*args)`.
    pub fn raise(
        class: impl Into<Cow<'static, str>>,
        args: impl IntoIterator<Item = Value>,
    ) -> Self {
        let class = class.into();
        let mut bases: Vec<Cow<'static, str>> = ancestors(&class).map(Cow::Borrowed).collect();
        if bases.is_empty() && class != "BaseException" {
            bases = vec!["Exception".into(), "BaseException".into()];
        }
        Self::build(class, bases, args.into_iter().collect())
    }

    /// An exception met elsewhere (in embedded Python, say): all its bases and `str(exc)` are known.
    pub fn with_bases(
        class: impl Into<Cow<'static, str>>,
        bases: impl IntoIterator<Item = Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self(Box::new(Raised {
            class: class.into(),
            bases: bases.into_iter().collect(),
            message: message.into(),
            args: None,
            shown: None,
            payload: None,
        }))
    }

    /// The exception that carries an interrupt out of a node.
    pub fn interrupt(payload: Arc<dyn Any + Send + Sync>) -> Self {
        Self::bubble_up("GraphInterrupt", payload)
    }

    /// The exception that carries a command for the graph around a graph out of the latter's node.
    pub fn parent_command(payload: Arc<dyn Any + Send + Sync>) -> Self {
        Self::bubble_up("ParentCommand", payload)
    }

    fn bubble_up(class: &'static str, payload: Arc<dyn Any + Send + Sync>) -> Self {
        let bases = ["GraphBubbleUp", "Exception", "BaseException"].map(Cow::Borrowed);
        let mut raised = Self::with_bases(class, bases, "");
        raised.0.payload = Some(payload);
        raised
    }

    /// What the operating system says of `path`, by its number for that.
    pub(crate) fn os_error(number: i32, text: &str, path: &str) -> Self {
        let args = [Value::Int(i64::from(number).into()), text.into()];
        let mut raised = Self::raise(Self::os_class(number), args);
        raised.0.message = format!("[Errno {number}] {text}: {}", repr(path));
        raised
    }

    /// The kind of `OSError` that stands for a number of the operating system.
    pub(crate) fn os_class(number: i32) -> &'static str {
        match number {
            1 | 13 => "PermissionError",
            2 => "FileNotFoundError",
            3 => "ProcessLookupError",
            4 => "InterruptedError",
            10 => "ChildProcessError",
            11 => "BlockingIOError",
            17 => "FileExistsError",
            20 => "NotADirectoryError",
            21 => "IsADirectoryError",
            32 => "BrokenPipeError",
            110 => "TimeoutError",
            _ => "OSError",
        }
    }

    /// What lies outside the supported part of Python: no `except Exception` catches it.
    pub fn unsupported(what: impl fmt::Display) -> Self {
        Self::with_bases(
            "Unsupported",
            [Cow::Borrowed("BaseException")],
            format!("not supported: {what}"),
        )
    }

    fn build(class: Cow<'static, str>, bases: Vec<Cow<'static, str>>, args: Vec<Value>) -> Self {
        let is = |name: &str| class == name || bases.iter().any(|base| base == name);
        let message = match args.as_slice() {
            [] => String::new(),
            [key] if is("KeyError") => repr(key),
            [only] => str_of(only),
            [number, text] if is("OSError") => {
                format!("[Errno {}] {}", str_of(number), str_of(text))
            }
            _ => repr(&Value::Tuple(args.clone())),
        };
        Self(Box::new(Raised {
            class,
            bases,
            message,
            args: Some(args),
            shown: None,
            payload: None,
        }))
    }

    /// The same exception with what `repr(exc)` gives, where its arguments are no values that are known here.
    #[must_use]
    pub fn with_repr(mut self, shown: impl Into<String>) -> Self {
        self.0.shown = Some(shown.into());
        self
    }

    /// What `repr(exc)` gives, if that was said.
    pub fn shown(&self) -> Option<&str> {
        self.0.shown.as_deref()
    }

    /// The name of the class, as `type(exc).__name__`.
    ///
    /// A library's class that is called as a builtin one is, such as `requests.exceptions.ConnectionError`, is known
    /// by its whole name.
    pub fn class(&self) -> &str {
        let name = &self.0.class;
        name.rsplit_once('.').map_or(name, |(_, bare)| bare)
    }

    /// The whole name of the class, where that is known.
    pub fn qualified_class(&self) -> &str {
        &self.0.class
    }

    /// The names of all classes it derives from, nearest first.
    pub fn bases(&self) -> impl Iterator<Item = &str> {
        self.0.bases.iter().map(AsRef::as_ref)
    }

    /// What `str(exc)` gives.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// `exc.args`.
    ///
    /// # Errors
    /// Unsupported, where only the message is known.
    pub fn args(&self) -> Result<&[Value], Exception> {
        self.0.args.as_deref().ok_or_else(|| {
            Self::unsupported(format!(
                "args of {} raised outside this program",
                self.class()
            ))
        })
    }

    /// Whether `except class` would catch it; classes that are known by their whole names are asked for by them.
    pub fn is(&self, class: &str) -> bool {
        let wanted = match class {
            "IOError" | "EnvironmentError" => "OSError",
            other => other,
        };
        self.0.class == wanted || self.0.bases.iter().any(|base| base == wanted)
    }

    /// What the exception carries besides its message.
    pub fn payload(&self) -> Option<&Arc<dyn Any + Send + Sync>> {
        self.0.payload.as_ref()
    }

    /// `KeyError`, given the `repr` of the key.
    pub fn key_error(key_repr: impl Into<String>) -> Self {
        Self::with_bases(
            "KeyError",
            ancestors("KeyError").map(Cow::Borrowed),
            key_repr,
        )
    }
}

macro_rules! shorthands {
    ($($name:ident $class:literal)+) => {
        impl Exception {$(
            #[doc = concat!("`", $class, "(message)`.")]
            pub fn $name(message: impl Into<String>) -> Self {
                Self::new($class, message)
            }
        )+}
    };
}

shorthands! {
    value_error "ValueError"
    type_error "TypeError"
    index_error "IndexError"
    attribute_error "AttributeError"
    overflow_error "OverflowError"
    zero_division_error "ZeroDivisionError"
    runtime_error "RuntimeError"
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({:?})", self.0.class, self.0.message)
    }
}

impl PartialEq for Exception {
    fn eq(&self, other: &Self) -> bool {
        self.0.class == other.0.class && self.0.message == other.0.message
    }
}

impl std::error::Error for Exception {}

/// The classes a builtin exception derives from, nearest first; none for `BaseException` and unknown names.
fn ancestors(class: &str) -> impl Iterator<Item = &'static str> + use<> {
    std::iter::successors(parent(class), |&class| parent(class))
}

/// The base of a builtin exception (none of CPython's has two that matter here).
fn parent(class: &str) -> Option<&'static str> {
    Some(match class {
        "Exception" | "GeneratorExit" | "KeyboardInterrupt" | "SystemExit"
        | "BaseExceptionGroup" => "BaseException",
        "ArithmeticError" | "AssertionError" | "AttributeError" | "BufferError" | "EOFError"
        | "ImportError" | "LookupError" | "MemoryError" | "NameError" | "OSError"
        | "ReferenceError" | "RuntimeError" | "StopAsyncIteration" | "StopIteration"
        | "SyntaxError" | "SystemError" | "TypeError" | "ValueError" | "Warning" | "error" => {
            "Exception"
        }
        "FloatingPointError" | "OverflowError" | "ZeroDivisionError" => "ArithmeticError",
        "ModuleNotFoundError" => "ImportError",
        "IndexError" | "KeyError" => "LookupError",
        "UnboundLocalError" => "NameError",
        "BlockingIOError" | "ChildProcessError" | "ConnectionError" | "FileExistsError"
        | "FileNotFoundError" | "InterruptedError" | "IsADirectoryError" | "NotADirectoryError"
        | "PermissionError" | "ProcessLookupError" | "TimeoutError" => "OSError",
        "BrokenPipeError"
        | "ConnectionAbortedError"
        | "ConnectionRefusedError"
        | "ConnectionResetError" => "ConnectionError",
        "NotImplementedError" | "RecursionError" => "RuntimeError",
        "IndentationError" => "SyntaxError",
        "TabError" => "IndentationError",
        "UnicodeError" | "JSONDecodeError" => "ValueError",
        "UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError" => "UnicodeError",
        "BytesWarning"
        | "DeprecationWarning"
        | "EncodingWarning"
        | "FutureWarning"
        | "ImportWarning"
        | "PendingDeprecationWarning"
        | "ResourceWarning"
        | "RuntimeWarning"
        | "SyntaxWarning"
        | "UnicodeWarning"
        | "UserWarning" => "Warning",
        _ => return None,
    })
}
