//! What handlers of Python's `logging` write of a record.

use std::fmt::Write as _;

use crate::output::is_quiet;
use crate::{DateTime, Exception, files, print, print_error};

/// Where a handler writes, how it writes a record, and the time of one, if not as Python does by itself.
///
/// The place is `stdout`, `stderr` or the name of a file behind `file:`; of the record's fields `%(message)s` and
/// `%(asctime)s` are left in the format, and `%%` for a sign.
pub type Handler<'a> = (&'a str, &'a str, &'a str);

/// `%(asctime)s` of a record that is made now.
///
/// # Errors
/// As `datetime.now`.
pub fn asctime() -> Result<String, Exception> {
    shown_time(&DateTime::now()?, "")
}

/// What `traceback.format_exc` gives, without the end of its last line.
///
/// What Python tells of the calls that led there, and of exceptions behind this one, is left out; so is the module of
/// its class.
pub fn traceback(error: &Exception) -> String {
    let mut told = format!("Traceback (most recent call last):\n{}", error.class());
    if !error.message().is_empty() {
        let _ = write!(told, ": {}", error.message());
    }
    told
}

/// A record's message with the exception that it is logged with below it.
pub fn with_exception(message: &str, error: &Exception) -> String {
    let end = if message.ends_with('\n') { "" } else { "\n" };
    format!("{message}{end}{}", traceback(error))
}

/// A record's message as each of these handlers writes it, all with the same time.
///
/// # Errors
/// As `datetime.now`; `OSError` when a stream or file cannot be written to.
pub fn write(message: &str, handlers: &[Handler<'_>]) -> Result<(), Exception> {
    let now = DateTime::now()?;
    for (place, format, time_format) in handlers {
        let line = filled(format, message, &shown_time(&now, time_format)?);
        match place.strip_prefix("file:") {
            Some(path) if !is_quiet() => {
                let file = files::open_write(path, "a")?;
                file.write(&line)?;
                file.close()?;
            }
            Some(_) => {}
            None if *place == "stdout" => print(&line)?,
            None => print_error(&line)?,
        }
    }
    Ok(())
}

fn shown_time(time: &DateTime, format: &str) -> Result<String, Exception> {
    if !format.is_empty() {
        return time.strftime(format);
    }
    let mut shown = time.strftime("%Y-%m-%d %H:%M:%S")?;
    let millis = time.time().microsecond().clamped() / 1000;
    let _ = write!(shown, ",{millis:03}");
    Ok(shown)
}

/// A line: a format with its fields in it.
fn filled(format: &str, message: &str, time: &str) -> String {
    let fields = [
        ("%%", "%"),
        ("%(message)s", message),
        ("%(asctime)s", time),
        ("%", "%"),
    ];
    let mut line = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        line.push_str(&rest[..at]);
        rest = &rest[at..];
        for (field, text) in fields {
            if let Some(after) = rest.strip_prefix(field) {
                line.push_str(text);
                rest = after;
                break;
            }
        }
    }
    line.push_str(rest);
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::{filled, with_exception, write};
    use crate::Exception;

    #[test]
    fn fields_of_a_format() {
        let line = filled("%(asctime)s 100%% [%(message)s]", "%(asctime)s", "now");
        assert_eq!(line, "now 100% [%(asctime)s]\n");
        assert_eq!(filled("", "said", "now"), "\n");
    }

    #[test]
    fn exceptions_stand_below_the_message() {
        let error = Exception::new("ValueError", "wrong");
        let told = "Traceback (most recent call last):\nValueError: wrong";
        assert_eq!(with_exception("said", &error), format!("said\n{told}"));
        assert_eq!(with_exception("said\n", &error), format!("said\n{told}"));
        let silent = Exception::new("ValueError", "");
        assert!(with_exception("", &silent).ends_with("last):\nValueError"));
    }

    #[test]
    fn files_are_added_to() {
        let path = std::env::temp_dir().join(format!("langferry-{}.log", std::process::id()));
        let place = format!("file:{}", path.display());
        for said in ["first", "ñ"] {
            write(said, &[(&place, "INFO %(message)s", "")]).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(written, "INFO first\nINFO ñ\n");
    }
}
