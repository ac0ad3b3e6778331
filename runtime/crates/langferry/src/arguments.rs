//! Arguments of the program's entry: Python expressions in the environment variable `LANGFERRY_ARGUMENTS`, an object
//! of JSON. Native code knows plain values, and calls with plain arguments.

use std::env;
use std::iter::Peekable;
use std::str::Chars;

use langferry_pystd::{Exception, FromValue, Value, float, int};
use serde_json::{Map, Value as Json};

/// An argument that is given.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A text, a number, `True`, `False`, `None`, or a list of such.
    Plain(Value),
    /// A call of what has this name, with arguments by place and by name.
    Call(String, Vec<Value>, Vec<(String, Value)>),
}

/// The argument `name`, which has to be a `T`.
///
/// # Errors
/// `RuntimeError` when it is not given; unsupported where it is anything else.
pub fn given<T: FromValue>(name: &str) -> Result<T, Exception> {
    match argument(name)? {
        Argument::Plain(value) => T::from_value(&value),
        Argument::Call(..) => Err(strange(name)),
    }
}

/// The argument `name` as it is written.
///
/// # Errors
/// `RuntimeError` when it is not given; unsupported for expressions that native code does not know.
pub fn argument(name: &str) -> Result<Argument, Exception> {
    let text = env::var("LANGFERRY_ARGUMENTS").unwrap_or_default();
    let given: Map<String, Json> = serde_json::from_str(&text).unwrap_or_default();
    let Some(expression) = given.get(name).and_then(Json::as_str) else {
        let message = format!(
            "the program's entry takes an argument '{name}'; give it as a Python expression in the environment: \
             LANGFERRY_ARGUMENTS='{{\"{name}\": \"...\"}}'"
        );
        return Err(Exception::raise("RuntimeError", [message.into()]));
    };
    Reader::read(expression).ok_or_else(|| strange(name))
}

fn strange(name: &str) -> Exception {
    Exception::unsupported(format!("what is given for the argument '{name}'"))
}

/// Arguments by place and by name.
type Arguments = (Vec<Value>, Vec<(String, Value)>);

struct Reader<'a>(Peekable<Chars<'a>>);

impl<'a> Reader<'a> {
    fn read(text: &'a str) -> Option<Argument> {
        let mut reader = Reader(text.chars().peekable());
        let found = reader.argument()?;
        reader.next().is_none().then_some(found)
    }

    fn argument(&mut self) -> Option<Argument> {
        let first = self.next()?;
        if !first.is_alphabetic() && first != '_' {
            return self.plain().map(Argument::Plain);
        }
        let mut name = self.word();
        if self.next() != Some('(') {
            return constant(&name).map(Argument::Plain);
        }
        let (mut placed, mut named) = self.given()?;
        if name == "__import__" {
            // `__import__('module').function(...)`, which needs no name of the program's
            name = self.word();
            if !name.starts_with('.') || self.next() != Some('(') {
                return None;
            }
            (placed, named) = self.given()?;
        }
        let bare = name.rsplit('.').next().unwrap_or_default().to_owned();
        Some(Argument::Call(bare, placed, named))
    }

    /// What stands between the parentheses of a call.
    fn given(&mut self) -> Option<Arguments> {
        self.0.next();
        let (mut placed, mut named) = (Vec::new(), Vec::new());
        while self.next()? != ')' {
            let first = self.next()?;
            let word = (first.is_alphabetic() || first == '_').then(|| self.word());
            match word {
                Some(word) if self.next() == Some('=') => {
                    self.0.next();
                    named.push((word, self.value()?));
                }
                Some(word) if named.is_empty() => placed.push(constant(&word)?),
                None if named.is_empty() => placed.push(self.plain()?),
                _ => return None,
            }
            if !self.comma(')')? {
                break;
            }
        }
        self.0.next();
        Some((placed, named))
    }

    /// The next character behind blanks, which is not taken.
    fn next(&mut self) -> Option<char> {
        while self.0.next_if(|found| found.is_whitespace()).is_some() {}
        self.0.peek().copied()
    }

    /// Takes a comma, or else sees that `end` comes.
    fn comma(&mut self, end: char) -> Option<bool> {
        match self.next()? {
            ',' => Some(self.0.next().is_some()),
            found => (found == end).then_some(false),
        }
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(found) = self
            .0
            .next_if(|found| found.is_alphanumeric() || matches!(found, '_' | '.'))
        {
            word.push(found);
        }
        word
    }

    fn value(&mut self) -> Option<Value> {
        let first = self.next()?;
        match first.is_alphabetic() {
            true => constant(&self.word()),
            false => self.plain(),
        }
    }

    fn plain(&mut self) -> Option<Value> {
        match self.next()? {
            '"' | '\'' => self.text().map(Value::from),
            '[' => {
                self.0.next();
                let mut items = Vec::new();
                while self.next()? != ']' {
                    items.push(self.value()?);
                    if !self.comma(']')? {
                        break;
                    }
                }
                self.0.next();
                Some(Value::List(items))
            }
            _ => self.number(),
        }
    }

    fn text(&mut self) -> Option<String> {
        let quote = self.0.next()?;
        let mut text = String::new();
        loop {
            match self.0.next()? {
                found if found == quote => return Some(text),
                '\\' => match self.0.next()? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    found @ ('\\' | '\'' | '"') => text.push(found),
                    _ => return None,
                },
                found => text.push(found),
            }
        }
    }

    fn number(&mut self) -> Option<Value> {
        let mut digits = String::new();
        while let Some(found) = self
            .0
            .next_if(|found| found.is_ascii_digit() || matches!(found, '.' | '-'))
        {
            digits.push(found);
        }
        match digits.contains('.') {
            true => Some(Value::Float(float(digits.as_str()).ok()?.to_f64().ok()?)),
            false => int(digits.as_str()).ok().map(Value::Int),
        }
    }
}

fn constant(word: &str) -> Option<Value> {
    match word {
        "True" => Some(true.into()),
        "False" => Some(false.into()),
        "None" => Some(Value::None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Argument, Reader};
    use langferry_pystd::Value;

    #[test]
    fn plain_values() {
        let cases: [(&str, Value); 6] = [
            (" 'it\\'s' ", "it's".into()),
            ("\"a\\n\"", "a\n".into()),
            ("-12", Value::from(-12_i64)),
            ("0.5", Value::Float(0.5)),
            ("True", true.into()),
            (
                "[1, 'x', ]",
                Value::List(vec![Value::from(1_i64), "x".into()]),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(Reader::read(text), Some(Argument::Plain(expected)));
        }
    }

    #[test]
    fn calls_of_names() {
        let found = Reader::read("langchain_openai.ChatOpenAI(model = \"gpt-4o\", temperature=0,)");
        let named = vec![
            ("model".to_owned(), "gpt-4o".into()),
            ("temperature".to_owned(), Value::from(0_i64)),
        ];
        assert_eq!(
            found,
            Some(Argument::Call("ChatOpenAI".to_owned(), vec![], named))
        );
        let found = Reader::read("init_chat_model('openai:gpt-4o', configurable_fields=None)");
        assert!(
            matches!(found, Some(Argument::Call(_, placed, named)) if placed.len() == 1 && named.len() == 1)
        );
        let found = Reader::read("__import__('a.b', fromlist=['_']).ChatOllama(model='m')");
        assert!(matches!(found, Some(Argument::Call(name, _, _)) if name == "ChatOllama"));
        assert_eq!(
            Reader::read("f()"),
            Some(Argument::Call("f".to_owned(), vec![], vec![]))
        );
    }

    #[test]
    fn other_expressions() {
        for text in [
            "",
            "x",
            "f(x)",
            "f(a=1, 2)",
            "1 + 1",
            "f(1)(2)",
            "'a' 'b'",
            "f(1",
            "__import__('a')",
            "__import__('a').b",
            "__import__('a')(1)",
            "f'a'",
            "1_0.",
        ] {
            assert_eq!(Reader::read(text), None, "{text}");
        }
    }
}
