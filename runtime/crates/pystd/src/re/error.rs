//! `re.error`: what is wrong with a pattern or a replacement, and where.

use crate::Exception;

/// The error of `message` at a position of a text, with its line and column where the text has several lines.
pub(super) fn error(text: &[char], message: &str, at: usize) -> Exception {
    let before = &text[..at.min(text.len())];
    let mut message = format!("{message} at position {at}");
    if text.contains(&'\n') {
        let line = before.iter().filter(|&&c| c == '\n').count() + 1;
        let begin = before.iter().rposition(|&c| c == '\n');
        let column = at - begin.map_or(0, |last| last + 1) + 1;
        message.push_str(&format!(" (line {line}, column {column})"));
    }
    Exception::new("error", message)
}
