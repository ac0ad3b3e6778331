//! What `print` writes to: the standard streams of the process.

use std::io::{self, Write};

use crate::{Exception, Value};

/// `print(…)`, its arguments joined and ended.
///
/// # Errors
/// `OSError` when standard output cannot be written to.
pub fn print(text: &str) -> Result<(), Exception> {
    written(&mut io::stdout().lock(), text)
}

/// `print(…, file=sys.stderr)`
///
/// # Errors
/// `OSError` when standard error cannot be written to.
pub fn print_error(text: &str) -> Result<(), Exception> {
    written(&mut io::stderr().lock(), text)
}

fn written(stream: &mut dyn Write, text: &str) -> Result<(), Exception> {
    stream.write_all(text.as_bytes()).map_err(|error| {
        let class = match error.kind() {
            io::ErrorKind::BrokenPipe => "BrokenPipeError",
            _ => "OSError",
        };
        let number = Value::from(i64::from(error.raw_os_error().unwrap_or_default()));
        Exception::raise(class, [number, Value::from(error.to_string())])
    })
}
