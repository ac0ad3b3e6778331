//! `json.loads`

use crate::{Dict, Exception, Int, Value, list};

/// `json.loads(text)`
///
/// # Errors
/// `JSONDecodeError`; unsupported for a lone surrogate, which no Rust string holds.
pub fn loads(text: &str) -> Result<Value, Exception> {
    loads_with(text, true)
}

/// `json.loads(text, strict=strict)`: strings may hold control characters unless it is strict.
///
/// # Errors
/// As [`loads`].
pub fn loads_with(text: &str, strict: bool) -> Result<Value, Exception> {
    let chars: Vec<char> = text.chars().collect();
    let mut reader = Reader {
        strict,
        chars: &chars,
        at: 0,
        depth: 0,
    };
    if chars.first() == Some(&'\u{feff}') {
        return Err(reader.error("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0));
    }
    reader.skip_space();
    let value = reader.value()?;
    reader.skip_space();
    if reader.at < chars.len() {
        return Err(reader.error("Extra data", reader.at));
    }
    Ok(value)
}

/// CPython gives up on deeper documents with a `RecursionError`.
const MAX_DEPTH: usize = 900;

/// The text of `json.JSONDecodeError(what, text, at)`.
#[must_use]
pub fn failure(what: &str, text: &str, at: &Int) -> String {
    let chars: Vec<char> = text.chars().collect();
    place(what, &list::slice(&chars, ..at), at)
}

fn place(what: &str, before: &[char], at: &Int) -> String {
    let line = before.iter().filter(|&&c| c == '\n').count() + 1;
    let last = before.iter().rposition(|&c| c == '\n');
    let column = last.map_or_else(|| at + 1, |last| at - &Int::from(last));
    format!("{what}: line {line} column {column} (char {at})")
}

struct Reader<'a> {
    strict: bool,
    chars: &'a [char],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn error(&self, what: &str, at: usize) -> Exception {
        let before = &self.chars[..at.min(self.chars.len())];
        Exception::new("JSONDecodeError", place(what, before, &Int::from(at)))
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = word
            .chars()
            .eq(self.chars[self.at..].iter().copied().take(word.len()));
        if found {
            self.at += word.len();
        }
        found
    }

    fn value(&mut self) -> Result<Value, Exception> {
        match self.peek() {
            Some('"') => self.string().map(Value::Str),
            Some('{') => self.nested(Self::object),
            Some('[') => self.nested(Self::array),
            _ if self.word("null") => Ok(Value::None),
            _ if self.word("true") => Ok(Value::Bool(true)),
            _ if self.word("false") => Ok(Value::Bool(false)),
            _ if self.word("NaN") => Ok(Value::Float(f64::NAN)),
            _ if self.word("Infinity") => Ok(Value::Float(f64::INFINITY)),
            _ if self.word("-Infinity") => Ok(Value::Float(f64::NEG_INFINITY)),
            _ => self.number(),
        }
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Value, Exception>,
    ) -> Result<Value, Exception> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Exception::unsupported(format!(
                "JSON nested deeper than {MAX_DEPTH}"
            )));
        }
        self.at += 1;
        self.skip_space();
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn array(&mut self) -> Result<Value, Exception> {
        let mut items = Vec::new();
        if self.peek() == Some(']') {
            self.at += 1;
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value()?);
            self.skip_space();
            match self.peek() {
                Some(',') => self.at += 1,
                Some(']') => {
                    self.at += 1;
                    return Ok(Value::List(items));
                }
                _ => return Err(self.error("Expecting ',' delimiter", self.at)),
            }
            self.skip_space();
        }
    }

    fn object(&mut self) -> Result<Value, Exception> {
        const NO_KEY: &str = "Expecting property name enclosed in double quotes";
        let mut items: Dict<Value, Value> = Dict::new();
        if self.peek() == Some('}') {
            self.at += 1;
            return Ok(Value::Dict(items));
        }
        loop {
            if self.peek() != Some('"') {
                return Err(self.error(NO_KEY, self.at));
            }
            let key = self.string()?;
            self.skip_space();
            if self.peek() != Some(':') {
                return Err(self.error("Expecting ':' delimiter", self.at));
            }
            self.at += 1;
            self.skip_space();
            let value = self.value()?;
            items.insert(key, value);
            self.skip_space();
            match self.peek() {
                Some(',') => self.at += 1,
                Some('}') => {
                    self.at += 1;
                    return Ok(Value::Dict(items));
                }
                _ => return Err(self.error("Expecting ',' delimiter", self.at)),
            }
            self.skip_space();
        }
    }

    fn number(&mut self) -> Result<Value, Exception> {
        let start = self.at;
        let digits = |from: usize| {
            self.chars
                .get(from..)
                .unwrap_or_default()
                .iter()
                .take_while(|c| c.is_ascii_digit())
                .count()
        };
        let char_at = |at: usize| self.chars.get(at).copied();
        let mut end = start + usize::from(char_at(start) == Some('-'));
        let whole = if char_at(end) == Some('0') {
            1
        } else {
            digits(end)
        };
        if whole == 0 {
            return Err(self.error("Expecting value", start));
        }
        end += whole;
        let mut is_float = false;
        if char_at(end) == Some('.') && digits(end + 1) > 0 {
            is_float = true;
            end += 1 + digits(end + 1);
        }
        if matches!(char_at(end), Some('e' | 'E')) {
            let signed = end + 1 + usize::from(matches!(char_at(end + 1), Some('+' | '-')));
            if digits(signed) > 0 {
                is_float = true;
                end = signed + digits(signed);
            }
        }
        self.at = end;
        let text: String = self.chars[start..end].iter().collect();
        if is_float {
            let value = text
                .parse()
                .map_err(|_| self.error("Expecting value", start))?;
            Ok(Value::Float(value))
        } else {
            Int::parse(&text).map(Value::Int)
        }
    }

    fn string(&mut self) -> Result<String, Exception> {
        let start = self.at;
        let unterminated = |reader: &Self| reader.error("Unterminated string starting at", start);
        self.at += 1;
        let mut out = String::new();
        loop {
            let c = self.peek().ok_or_else(|| unterminated(self))?;
            self.at += 1;
            match c {
                '"' => return Ok(out),
                '\\' => {
                    let escape = self.peek().ok_or_else(|| unterminated(self))?;
                    self.at += 1;
                    out.push(match escape {
                        '"' | '\\' | '/' => escape,
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'u' => self.unicode_escape()?,
                        _ => return Err(self.error("Invalid \\escape", self.at - 2)),
                    });
                }
                '\0'..' ' if self.strict => {
                    return Err(self.error("Invalid control character at", self.at - 1));
                }
                _ => out.push(c),
            }
        }
    }

    /// Four hexadecimal digits, if they are there and are not the end of all.
    fn unit(&self, at: usize) -> Option<u32> {
        if at + 4 >= self.chars.len() {
            return None;
        }
        let digits = self.chars.get(at..at + 4)?;
        digits
            .iter()
            .try_fold(0, |sum, c| Some(sum * 16 + c.to_digit(16)?))
    }

    fn unicode_escape(&mut self) -> Result<char, Exception> {
        let first = self
            .unit(self.at)
            .ok_or_else(|| self.error("Invalid \\uXXXX escape", self.at - 1))?;
        self.at += 4;
        let escaped = self.chars.get(self.at..self.at + 2) == Some(&['\\', 'u']);
        let mut code = first;
        if (0xd800..0xdc00).contains(&first) && escaped {
            let second = self
                .unit(self.at + 2)
                .ok_or_else(|| self.error("Invalid \\uXXXX escape", self.at + 1))?;
            if (0xdc00..0xe000).contains(&second) {
                self.at += 6;
                code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            }
        }
        char::from_u32(code).ok_or_else(|| {
            Exception::unsupported(format!("the lone surrogate \\u{code:04x} in JSON"))
        })
    }
}
