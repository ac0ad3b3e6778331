//! What `print` writes to and `input` reads from: the standard streams of the process.

use std::cell::Cell;
use std::io::{self, BufRead, Write};

use crate::{Exception, Value};

thread_local! {
    /// How much of what is being done prints nothing.
    static QUIET: Cell<usize> = const { Cell::new(0) };
}

/// What `make` gives, which is a module's value: what modules print when they run, native code does not.
///
/// # Errors
/// What `make` raises.
pub fn quietly<T>(make: impl FnOnce() -> Result<T, Exception>) -> Result<T, Exception> {
    struct Loud;
    impl Drop for Loud {
        fn drop(&mut self) {
            QUIET.set(QUIET.get() - 1);
        }
    }
    QUIET.set(QUIET.get() + 1);
    let _loud = Loud;
    make()
}

/// Whether nothing is printed where this is asked.
pub(crate) fn is_quiet() -> bool {
    QUIET.get() > 0
}

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

/// `input(prompt)`: a line of standard input without its end.
///
/// # Errors
/// `EOFError` when there is no more; `OSError` when a stream fails; unsupported for a line that is no UTF-8.
pub fn input_line(prompt: &str) -> Result<String, Exception> {
    print(prompt)?;
    io::stdout().flush().map_err(failed)?;
    line(&mut io::stdin().lock())
}

fn line(stream: &mut dyn BufRead) -> Result<String, Exception> {
    let mut read = Vec::new();
    stream.read_until(b'\n', &mut read).map_err(failed)?;
    if read.is_empty() {
        let text = "EOF when reading a line";
        return Err(Exception::raise("EOFError", [Value::from(text)]));
    }
    let ended = read.strip_suffix(b"\n").unwrap_or(&read);
    let bare = ended.strip_suffix(b"\r").unwrap_or(ended);
    if bare.contains(&b'\r') {
        // it ends a line for Python, too, which may not have been read as a whole here
        return Err(Exception::unsupported(
            "a carriage return in a line of standard input",
        ));
    }
    let text = String::from_utf8(bare.to_vec());
    text.map_err(|_| Exception::unsupported("a line of standard input that is no UTF-8"))
}

fn written(stream: &mut dyn Write, text: &str) -> Result<(), Exception> {
    if is_quiet() {
        return Ok(());
    }
    stream.write_all(text.as_bytes()).map_err(failed)
}

fn failed(error: io::Error) -> Exception {
    let class = match error.kind() {
        io::ErrorKind::BrokenPipe => "BrokenPipeError",
        _ => "OSError",
    };
    let number = Value::from(i64::from(error.raw_os_error().unwrap_or_default()));
    Exception::raise(class, [number, Value::from(error.to_string())])
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn lines_of_input() {
        let mut given = &b"one\r\n\ntwo\rthree"[..];
        assert_eq!(line(&mut given).unwrap(), "one");
        assert_eq!(line(&mut given).unwrap(), "");
        assert!(line(&mut &b"two\rthree"[..]).is_err());
        assert_eq!(line(&mut &b"four"[..]).unwrap(), "four");
        assert_eq!(line(&mut &b""[..]).unwrap_err().class(), "EOFError");
    }
}
