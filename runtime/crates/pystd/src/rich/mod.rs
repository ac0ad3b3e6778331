//! What `rich.print` writes where it writes no colours: markup taken away, emoji put in, lines wrapped.

mod cells;
mod tables;

use std::borrow::Cow;

use crate::{Exception, os, output};
use cells::{cell_len, chopped, cut};

/// An argument of `rich.print`: a text with markup in it, or what is shown as it is.
#[derive(Clone, Debug)]
pub enum Shown {
    /// A `str`.
    Markup(String),
    /// The text of anything else that is no container.
    Plain(String),
}

/// `rich.print(*shown, sep=separator, end=end)`; `end` is the end of a line or nothing.
///
/// # Errors
/// `MarkupError` for tags that do not fit; unsupported where only rich knows whether they do; as `print`.
pub fn print(shown: &[Shown], separator: &str, end: &str) -> Result<(), Exception> {
    let texts = shown.iter().map(|item| match item {
        Shown::Markup(text) => rendered(text),
        Shown::Plain(text) => Ok(without_controls(text).into_owned()),
    });
    let text = texts
        .collect::<Result<Vec<_>, _>>()?
        .join(&without_controls(separator));
    let width = width()?;
    let lines = text.split('\n').flat_map(|line| wrapped(line, width));
    output::print(&(lines.collect::<Vec<_>>().join("\n") + end))
}

/// How wide a console is: as the environment has it, as a terminal is, or 80.
fn width() -> Result<usize, Exception> {
    let columns = os::getenv("COLUMNS")?;
    let given = columns.filter(|text| !text.is_empty() && text.bytes().all(|x| x.is_ascii_digit()));
    let width = given.map_or_else(of_terminal, |text| text.parse().ok());
    Ok(width.filter(|width| *width > 0).unwrap_or(80))
}

#[cfg(unix)]
fn of_terminal() -> Option<usize> {
    let (stdin, stdout, stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let size = rustix::termios::tcgetwinsize(stdin)
        .or_else(|_| rustix::termios::tcgetwinsize(stdout))
        .or_else(|_| rustix::termios::tcgetwinsize(stderr));
    size.ok().map(|size| usize::from(size.ws_col))
}

#[cfg(not(unix))]
fn of_terminal() -> Option<usize> {
    None
}

fn without_controls(text: &str) -> Cow<'_, str> {
    let is_control = |x: char| matches!(x, '\u{7}' | '\u{8}' | '\u{b}' | '\u{c}' | '\r');
    match text.contains(is_control) {
        true => Cow::Owned(text.replace(is_control, "")),
        false => Cow::Borrowed(text),
    }
}

/// A text without its markup, and with its emoji.
fn rendered(markup: &str) -> Result<String, Exception> {
    if !markup.contains('[') {
        return Ok(without_controls(&with_emoji(markup)).into_owned());
    }
    let letters: Vec<char> = markup.chars().collect();
    let mut made = String::new();
    let mut open: Vec<String> = Vec::new();
    let mut plain = |from: usize, to: usize| {
        let text: String = letters[from..to].iter().collect();
        let text = text.replace("\\[", "[");
        made.push_str(&without_controls(&with_emoji(&text)));
    };
    let mut position = 0;
    while let Some(tag) = next_tag(&letters, position) {
        plain(position, tag.start);
        let slashes = tag.open - tag.start;
        if slashes / 2 > 0 {
            // what is escaped itself
            plain(tag.start, tag.start + slashes / 2);
        }
        if slashes % 2 == 1 {
            plain(tag.open, tag.end);
        } else {
            let text: String = letters[tag.open + 1..tag.end - 1].iter().collect();
            follow(&text, tag.start + slashes, &mut open)?;
        }
        position = tag.end;
    }
    plain(position, letters.len());
    Ok(made)
}

/// `\\[tag]` in a markup: where the slashes, the bracket and what follows it stand.
struct Tag {
    start: usize,
    open: usize,
    end: usize,
}

fn next_tag(letters: &[char], from: usize) -> Option<Tag> {
    let mut open = from;
    loop {
        open += letters.get(open..)?.iter().position(|x| *x == '[')?;
        let first = letters.get(open + 1);
        let may_be = first.is_some_and(|x| x.is_ascii_lowercase() || "#/@".contains(*x));
        let rest = letters.get(open + 2..).unwrap_or_default();
        let closing = rest.iter().position(|x| matches!(x, '[' | ']'));
        if let Some(length) = closing.filter(|length| may_be && rest[*length] == ']') {
            let slashes = letters[from..open].iter().rev();
            let start = open - slashes.take_while(|x| **x == '\\').count();
            return Some(Tag {
                start,
                open,
                end: open + length + 3,
            });
        }
        open += 1;
    }
}

/// Opens or closes a tag.
fn follow(text: &str, position: usize, open: &mut Vec<String>) -> Result<(), Exception> {
    let name = text.split_once('=').map_or(text, |(name, _)| name);
    let Some(closed) = name.strip_prefix('/') else {
        open.push(name.trim().to_lowercase());
        return Ok(());
    };
    let wanted = closed.trim().to_lowercase();
    let place = match wanted.is_empty() {
        true => open.len().checked_sub(1),
        false => open.iter().rposition(|x| *x == wanted),
    };
    match place {
        Some(place) => {
            let closed = open.remove(place);
            match closed.starts_with('@') {
                true => Err(Exception::unsupported("what a text of rich links to")),
                false => Ok(()),
            }
        }
        None if wanted.is_empty() => {
            let why = format!("closing tag '[/]' at position {position} has nothing to close");
            Err(Exception::new("MarkupError", why))
        }
        None if open.is_empty() => {
            let why =
                format!("closing tag '[{text}]' at position {position} doesn't match any open tag");
            Err(Exception::new("MarkupError", why))
        }
        // styles have several names
        None => Err(Exception::unsupported(format!(
            "whether [{text}] closes a style of rich"
        ))),
    }
}

/// `:name:` as the emoji of that name.
fn with_emoji(text: &str) -> Cow<'_, str> {
    if text.bytes().filter(|x| *x == b':').count() < 2 {
        return Cow::Borrowed(text);
    }
    let mut made = String::new();
    let mut rest = text;
    while let Some(place) = rest.find(':') {
        let (before, found) = rest.split_at(place);
        made.push_str(before);
        let end = found[1..]
            .find(|x| x == ':' || crate::unicode::is_space(x))
            .map(|x| x + 1);
        let Some(end) = end.filter(|end| found[*end..].starts_with(':')) else {
            made.push(':');
            rest = &found[1..];
            continue;
        };
        let (name, variant) = match &found[1..end] {
            name if name.ends_with("-emoji") => (&name[..name.len() - 6], "\u{fe0f}"),
            name if name.ends_with("-text") => (&name[..name.len() - 5], "\u{fe0e}"),
            name => (name, ""),
        };
        let name = name.to_lowercase();
        match tables::EMOJI.binary_search_by(|(known, _)| (*known).cmp(&name)) {
            Ok(place) => {
                made.push_str(tables::EMOJI[place].1);
                made.push_str(variant);
            }
            Err(_) => made.push_str(&found[..=end]),
        }
        rest = &found[end + 1..];
    }
    Cow::Owned(made + rest)
}

/// A line as several that fit into `width`.
fn wrapped(line: &str, width: usize) -> Vec<String> {
    let line = with_spaces(line);
    let letters: Vec<char> = line.chars().collect();
    let mut breaks = breaks(&letters, width);
    breaks.insert(0, 0);
    breaks.push(letters.len());
    let parts = breaks.windows(2).map(|part| {
        let mut part = &letters[part[0]..part[1]];
        let spaces = part
            .iter()
            .rev()
            .take_while(|x| crate::unicode::is_space(**x))
            .count();
        part = &part[..part.len() - spaces.min(part.len().saturating_sub(width))];
        let text: String = part.iter().collect();
        match cell_len(&text) > width {
            true => cut(&text, width),
            false => text,
        }
    });
    parts.collect()
}

/// A line with spaces for its tabs.
fn with_spaces(line: &str) -> Cow<'_, str> {
    const TAB: usize = 8;
    if !line.contains('\t') {
        return Cow::Borrowed(line);
    }
    let mut made = String::new();
    let mut position = 0;
    let mut parts = line.split('\t').peekable();
    while let Some(part) = parts.next() {
        made.push_str(part);
        position += cell_len(part);
        if parts.peek().is_some() {
            let spaces = TAB - position % TAB;
            made.push_str(&" ".repeat(spaces));
            position += spaces;
        }
    }
    Cow::Owned(made)
}

/// Where a line is broken: words go to the next line, and longer ones are cut.
fn breaks(letters: &[char], width: usize) -> Vec<usize> {
    let is_space = |x: &char| crate::unicode::is_space(*x);
    let mut found = Vec::new();
    let (mut start, mut offset) = (0, 0);
    loop {
        let rest = &letters[start..];
        let before = rest.iter().take_while(|x| is_space(x)).count();
        let word = rest[before..].iter().take_while(|x| !is_space(x)).count();
        if word == 0 {
            return found;
        }
        let after = rest[before + word..]
            .iter()
            .take_while(|x| is_space(x))
            .count();
        let text: String = rest[..before + word + after].iter().collect();
        let length = cell_len(text.trim_end_matches(crate::unicode::is_space));
        if width.saturating_sub(offset) >= length && offset <= width {
            offset += cell_len(&text);
        } else if length > width {
            let mut place = start;
            let lines = chopped(&text, width);
            let last = lines.len().saturating_sub(1);
            for (number, line) in lines.iter().enumerate() {
                if place > 0 {
                    found.push(place);
                }
                match number == last {
                    true => offset = cell_len(line),
                    false => place += line.chars().count(),
                }
            }
        } else if offset > 0 && start > 0 {
            found.push(start);
            offset = cell_len(&text);
        }
        start += before + word + after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_emoji_come() {
        let made = |text: &str| rendered(text).unwrap();
        assert_eq!(
            made("[bold red]a[/bold red] [b]b[/] \\[c] [1] [x"),
            "a b [c] [1] [x"
        );
        assert_eq!(
            made(":smile: a:b :no_such: 10:30:45"),
            "\u{1f604} a:b :no_such: 10:30:45"
        );
        assert_eq!(made("\\\\[b]x"), "\\x");
    }

    #[test]
    fn tags_must_fit() {
        assert!(rendered("a [/b]").unwrap_err().is("MarkupError"));
        assert!(rendered("[/]").unwrap_err().is("MarkupError"));
        assert!(rendered("[b]a[/bold]").unwrap_err().is("Unsupported"));
    }

    #[test]
    fn lines_are_wrapped() {
        assert_eq!(wrapped("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrapped("aaaaaaa b", 3), ["aaa", "aaa", "a b"]);
        assert_eq!(
            wrapped("\u{4e2d}\u{6587}\u{5b57}", 4),
            ["\u{4e2d}\u{6587}", "\u{5b57}"]
        );
        assert_eq!(wrapped("", 5), [""]);
        assert_eq!(wrapped("a\tb", 20), ["a       b"]);
    }
}
