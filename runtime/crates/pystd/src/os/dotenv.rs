//! `.env` files, as python-dotenv 1.2 reads them.

/// The bindings of a file in their order; a name alone has no value. What cannot be read is left out, line by line.
pub(super) fn bindings(text: &str) -> Vec<(String, Option<String>)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { rest: text };
    let mut found = Vec::new();
    while !reader.rest.is_empty() {
        match reader.binding() {
            Some((Some(name), value)) => found.push((name, value)),
            Some((None, _)) => {}
            None => reader.skip_line(),
        }
    }
    found
}

/// `value` with each `${name}` and `${name:-default}` in it replaced by what `lookup` finds.
pub(super) fn interpolated(value: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    let mut made = String::new();
    let mut rest = value;
    while let Some(place) = rest.find("${") {
        let (before, found) = rest.split_at(place);
        made.push_str(before);
        let Some((name, default, after)) = variable(&found[2..]) else {
            made.push('$');
            rest = &found[1..];
            continue;
        };
        made.push_str(&lookup(name).unwrap_or_else(|| default.to_owned()));
        rest = after;
    }
    made + rest
}

/// What stands after `${`: the name, the default, and what follows.
fn variable(text: &str) -> Option<(&str, &str, &str)> {
    let end = text.find(['}', ':'])?;
    let (name, rest) = text.split_at(end);
    if let Some(after) = rest.strip_prefix('}') {
        return Some((name, "", after));
    }
    let (default, after) = rest.strip_prefix(":-")?.split_once('}')?;
    Some((name, default, after))
}

type Binding = (Option<String>, Option<String>);

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// The next binding, a comment or nothing at all; `None` where there is none of these.
    fn binding(&mut self) -> Option<Binding> {
        self.take_while(is_space);
        if self.rest.is_empty() {
            return Some((None, None));
        }
        if let Some(after) = self.rest.strip_prefix("export")
            && after.starts_with(is_blank)
        {
            self.rest = after.trim_start_matches(is_blank);
        }
        let name = self.name()?;
        self.take_while(is_blank);
        let value = match self.rest.strip_prefix('=') {
            None => None,
            Some(after) => {
                self.rest = after;
                let spaced = !self.take_while(is_blank).is_empty();
                Some(match spaced && self.rest.starts_with('#') {
                    true => String::new(),
                    false => self.value()?,
                })
            }
        };
        let comment = self.rest.trim_start_matches(is_blank);
        if comment.starts_with('#') {
            self.rest = comment.trim_start_matches(|c| !is_newline(c));
        }
        self.end_of_line()?;
        Some((name, value))
    }

    fn name(&mut self) -> Option<Option<String>> {
        if self.rest.starts_with('#') {
            return Some(None);
        }
        if let Some(quoted) = self.rest.strip_prefix('\'') {
            let (name, after) = quoted.split_once('\'')?;
            if name.is_empty() {
                return None;
            }
            self.rest = after;
            return Some(Some(name.to_owned()));
        }
        let name = self.take_while(|c| !(c == '=' || c == '#' || is_space(c)));
        (!name.is_empty()).then(|| Some(name.to_owned()))
    }

    fn value(&mut self) -> Option<String> {
        match self.rest.chars().next() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            _ => {
                let part = self.take_while(|c| !is_newline(c));
                Some(without_comment(part).trim_end_matches(is_space).to_owned())
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut value = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((place, letter)) = letters.next() {
            if letter == quote {
                self.rest = &self.rest[place + 1..];
                return Some(value);
            }
            if letter != '\\' {
                value.push(letter);
                continue;
            }
            let (_, escaped) = letters.next()?;
            match escape(quote, escaped) {
                Some(meant) => value.push(meant),
                None => value.extend([letter, escaped]),
            }
        }
        None
    }

    fn end_of_line(&mut self) -> Option<()> {
        self.take_while(is_blank);
        self.rest = match self.rest.chars().next() {
            None => self.rest,
            Some('\r') => self.rest[1..].strip_prefix('\n').unwrap_or(&self.rest[1..]),
            Some('\n') => &self.rest[1..],
            Some(_) => return None,
        };
        Some(())
    }

    /// Leaves out the rest of a line that cannot be read.
    fn skip_line(&mut self) {
        self.take_while(|c| !is_newline(c));
        let mut letters = self.rest.chars();
        letters.next();
        self.rest = letters.as_str();
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let after = self.rest.trim_start_matches(belongs);
        let taken = &self.rest[..self.rest.len() - after.len()];
        self.rest = after;
        taken
    }
}

fn escape(quote: char, letter: char) -> Option<char> {
    match (quote, letter) {
        (_, '\\' | '\'') => Some(letter),
        ('\'', _) => None,
        (_, '"') => Some('"'),
        (_, 'a') => Some('\u{7}'),
        (_, 'b') => Some('\u{8}'),
        (_, 'f') => Some('\u{c}'),
        (_, 'n') => Some('\n'),
        (_, 'r') => Some('\r'),
        (_, 't') => Some('\t'),
        (_, 'v') => Some('\u{b}'),
        _ => None,
    }
}

/// A value without the comment that follows it after a space.
fn without_comment(value: &str) -> &str {
    let mut places = value.match_indices('#').map(|(place, _)| &value[..place]);
    places
        .find(|before| before.ends_with(is_space))
        .unwrap_or(value)
}

fn is_newline(letter: char) -> bool {
    matches!(letter, '\r' | '\n')
}

/// `\s` of Python's `re`.
fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{1c}'..='\u{1f}')
}

fn is_blank(letter: char) -> bool {
    is_space(letter) && !is_newline(letter)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{bindings, interpolated};

    /// Names with what they are set to.
    type Bindings = Vec<(String, Option<String>)>;

    /// What python-dotenv read, by `record_dotenv.py`.
    #[test]
    fn files_are_read_as_python_dotenv_reads_them() {
        let recorded: Vec<(String, Bindings)> =
            serde_json::from_str::<Value>(include_str!("../../tests/dotenv/recording.json"))
                .and_then(serde_json::from_value)
                .expect("the recording is JSON");
        for (text, expected) in recorded {
            let mut found = Bindings::new();
            for (name, value) in bindings(&text) {
                let value = value.map(|value| {
                    interpolated(&value, |wanted| {
                        let known = found.iter().rfind(|(name, _)| name == wanted)?;
                        Some(known.1.clone().unwrap_or_default())
                    })
                });
                match found.iter_mut().find(|(known, _)| *known == name) {
                    Some(known) => known.1 = value,
                    None => found.push((name, value)),
                }
            }
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
