//! `json.dumps`

use crate::{Exception, PyRepr, Value, float, sorted_by_key};

/// What gives the text that stands for a value.
pub type TextOf = fn(&Value) -> Result<String, Exception>;

/// The named arguments of `json.dumps`.
#[derive(Clone, Debug)]
pub struct Dumps {
    /// `indent=`: the number of spaces.
    pub indent: Option<usize>,
    /// `sort_keys=`
    pub sort_keys: bool,
    /// `ensure_ascii=`
    pub ensure_ascii: bool,
    /// `separators=`: between items, and after keys.
    pub separators: Option<(String, String)>,
    /// `default=`: the text that stands for what JSON cannot say.
    pub default: Option<TextOf>,
}

impl Dumps {
    const PLAIN: Self = Self {
        indent: None,
        sort_keys: false,
        ensure_ascii: true,
        separators: None,
        default: None,
    };

    /// `ensure_ascii=False`
    pub const UNESCAPED: Self = Self {
        ensure_ascii: false,
        ..Self::PLAIN
    };
}

impl Default for Dumps {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// `json.dumps(x)`
///
/// # Errors
/// `TypeError` for what JSON cannot say.
pub fn dumps(x: impl Into<Value>) -> Result<String, Exception> {
    dumps_with(x, &Dumps::default())
}

/// `json.dumps(x, …)`
///
/// # Errors
/// `TypeError` for what JSON cannot say.
pub fn dumps_with(x: impl Into<Value>, options: &Dumps) -> Result<String, Exception> {
    let mut text = String::new();
    dump_into(&mut text, x, options)?;
    Ok(text)
}

/// Writes what `json.dumps(x, …)` gives to `text`, as far as JSON can say it.
pub(crate) fn dump_into(
    text: &mut String,
    x: impl Into<Value>,
    options: &Dumps,
) -> Result<(), Exception> {
    let default = if options.indent.is_some() { "," } else { ", " };
    let (between, after_key) = match &options.separators {
        Some((between, after_key)) => (between.as_str(), after_key.as_str()),
        None => (default, ": "),
    };
    let mut writer = Writer {
        options,
        between,
        after_key,
        out: String::new(),
    };
    let made = writer.value(&x.into(), 0);
    text.push_str(&writer.out);
    made
}

struct Writer<'a> {
    options: &'a Dumps,
    between: &'a str,
    after_key: &'a str,
    out: String,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Exception> {
        match value {
            Value::Str(text) => self.string(text),
            Value::List(items) | Value::Tuple(items) => {
                let any = |_: &&Value| Ok(());
                self.items("[]", items.iter(), depth, any, |writer, item, depth| {
                    writer.value(item, depth)
                })?;
            }
            Value::Dict(items) => {
                let mut items: Vec<(&Value, &Value)> = items.items().collect();
                if self.options.sort_keys {
                    items = sorted_by_key(items, |&(key, _)| Ok(key), false).inspect_err(|_| {
                        // Python sorts what it has begun to write
                        self.out.push('{');
                        self.new_line(depth + 1);
                    })?;
                }
                self.items(
                    "{}",
                    items.into_iter(),
                    depth,
                    |(key, _)| key_text(key).map(drop),
                    |writer, (key, value), depth| {
                        let key = key_text(key)?;
                        writer.string(&key);
                        writer.out.push_str(writer.after_key);
                        writer.value(value, depth)
                    },
                )?;
            }
            other => match (scalar(other), other.enum_text()) {
                (Some(text), _) => self.out.push_str(&text),
                (None, Some(text)) => self.value(&text, depth)?,
                (None, None) => match self.options.default {
                    Some(text_of) => self.string(&text_of(other)?),
                    None => {
                        return Err(Exception::type_error(format!(
                            "Object of type {} is not JSON serializable",
                            other.py_type()
                        )));
                    }
                },
            },
        }
        Ok(())
    }

    fn items<T>(
        &mut self,
        brackets: &str,
        items: impl ExactSizeIterator<Item = T>,
        depth: usize,
        check: impl Fn(&T) -> Result<(), Exception>,
        write: impl Fn(&mut Self, T, usize) -> Result<(), Exception>,
    ) -> Result<(), Exception> {
        let (open, close) = brackets.split_at(1);
        if items.len() == 0 {
            self.out.push_str(brackets);
            return Ok(());
        }
        self.out.push_str(open);
        for (number, item) in items.enumerate() {
            if number > 0 {
                // what Python has written when it sees what it cannot write
                check(&item)?;
                self.out.push_str(self.between);
            }
            self.new_line(depth + 1);
            write(self, item, depth + 1)?;
        }
        self.new_line(depth);
        self.out.push_str(close);
        Ok(())
    }

    fn new_line(&mut self, depth: usize) {
        if let Some(indent) = self.options.indent {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', indent * depth));
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                '\0'..' ' => self.out.push_str(&format!("\\u{:04x}", c as u32)),
                '\u{7f}'.. if self.options.ensure_ascii => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        self.out.push_str(&format!("\\u{unit:04x}"));
                    }
                }
                _ => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}

fn scalar(value: &Value) -> Option<String> {
    Some(match value {
        Value::None => "null".into(),
        Value::Bool(true) => "true".into(),
        Value::Bool(false) => "false".into(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) if value.is_nan() => "NaN".into(),
        Value::Float(value) if value.is_infinite() => if *value > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .into(),
        Value::Float(value) => float::repr(*value),
        _ => return None,
    })
}

fn key_text(key: &Value) -> Result<String, Exception> {
    match key.enum_text().as_ref().unwrap_or(key) {
        Value::Str(text) => Ok(text.clone()),
        other => scalar(other).ok_or_else(|| {
            Exception::type_error(format!(
                "keys must be str, int, float, bool or None, not {}",
                other.py_type()
            ))
        }),
    }
}
