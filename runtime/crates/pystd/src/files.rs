//! Text files as `open` gives them, in UTF-8, and what the operating system says where it refuses.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::json::{Dumps, dump_into};
use crate::{Exception, Int, Value};

/// How much Python decodes at once where it reads line by line.
const CHUNK: usize = 8192;

/// What is done with bytes that are no UTF-8: `errors=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Errors {
    /// `UnicodeDecodeError`
    Strict,
    /// They are left out.
    Ignore,
    /// A mark stands for them.
    Replace,
}

/// A file that is open for reading.
#[derive(Clone, Debug)]
pub struct Reader(Arc<Mutex<Reading>>);

#[derive(Debug)]
struct Reading {
    file: Option<File>,
    errors: Errors,
    /// What has been read, and how much of it was given away.
    text: Option<(String, usize)>,
}

/// A file that is open for writing.
#[derive(Clone, Debug)]
pub struct Writer(Arc<Mutex<Writing>>);

#[derive(Debug)]
struct Writing {
    file: Option<File>,
    pending: String,
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed() -> Exception {
    Exception::value_error("I/O operation on closed file.")
}

/// `path`, where it may be one.
///
/// # Errors
/// `ValueError` for a character that no path has.
pub(crate) fn checked(path: &str) -> Result<&Path, Exception> {
    if path.contains('\0') {
        return Err(Exception::value_error("embedded null byte"));
    }
    Ok(Path::new(path))
}

/// What the operating system says, as an exception that names `path`.
pub(crate) fn failure(error: &io::Error, path: &str) -> Exception {
    match error.raw_os_error() {
        Some(number) => Exception::os_error(number, &strerror(error, number), path),
        None => Exception::unsupported(format!("{path}: {error}")),
    }
}

/// The same of a file that is open, which Python does not name.
fn nameless(error: io::Error) -> Exception {
    let Some(number) = error.raw_os_error() else {
        return Exception::unsupported(error);
    };
    let args = [
        Value::Int(i64::from(number).into()),
        Value::Str(strerror(&error, number)),
    ];
    Exception::raise(Exception::os_class(number), args)
}

fn strerror(error: &io::Error, number: i32) -> String {
    let text = error.to_string();
    let end = format!(" (os error {number})");
    text.strip_suffix(&end).unwrap_or(&text).to_owned()
}

/// `open(path)`, to read.
///
/// # Errors
/// `OSError`, and what of its kinds says more.
pub fn open_read(path: &str, errors: Errors) -> Result<Reader, Exception> {
    let said = |error: io::Error| failure(&error, path);
    let file = File::open(checked(path)?).map_err(said)?;
    if file.metadata().map_err(said)?.is_dir() {
        // which only reading it would tell here
        return Err(failure(&io::Error::from_raw_os_error(IS_A_DIRECTORY), path));
    }
    Ok(Reader(Arc::new(Mutex::new(Reading {
        file: Some(file),
        errors,
        text: None,
    }))))
}

const IS_A_DIRECTORY: i32 = 21;

/// `open(path, mode)`, to write: the mode is one of `w`, `a` and `x`.
///
/// # Errors
/// As [`open_read`].
pub fn open_write(path: &str, mode: &str) -> Result<Writer, Exception> {
    let mut options = OpenOptions::new();
    match mode {
        "a" => options.append(true).create(true),
        "x" => options.write(true).create_new(true),
        _ => options.write(true).create(true).truncate(true),
    };
    let file = options.open(checked(path)?);
    let file = file.map_err(|error| failure(&error, path))?;
    Ok(Writer(Arc::new(Mutex::new(Writing {
        file: Some(file),
        pending: String::new(),
    }))))
}

impl Reading {
    /// What is left of the text; read `at_once` where that is asked for whole.
    fn rest(&mut self, at_once: bool) -> Result<(&str, &mut usize), Exception> {
        let Some(file) = &mut self.file else {
            return Err(closed());
        };
        if self.text.is_none() {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map_err(nameless)?;
            let text = decoded(bytes, self.errors, at_once)?;
            self.text = Some((text, 0));
        } else if file.read(&mut [0]).map_err(nameless)? > 0 {
            // how much of it is seen then depends on how much was decoded at once
            return Err(Exception::unsupported("a file that grows while it is read"));
        }
        match &mut self.text {
            Some((text, at)) => Ok((&text[*at..], at)),
            None => Err(closed()),
        }
    }

    fn line(&mut self, at_once: bool) -> Result<String, Exception> {
        let (rest, at) = self.rest(at_once)?;
        let end = rest.find('\n').map_or(rest.len(), |place| place + 1);
        let line = rest[..end].to_owned();
        *at += end;
        Ok(line)
    }
}

impl Reader {
    /// `f.read()`
    ///
    /// # Errors
    /// `ValueError` for a closed file, `UnicodeDecodeError` for what is no UTF-8.
    pub fn read(&self) -> Result<String, Exception> {
        let mut reading = locked(&self.0);
        let (rest, at) = reading.rest(true)?;
        let text = rest.to_owned();
        *at += text.len();
        Ok(text)
    }

    /// `f.readline()`
    ///
    /// # Errors
    /// As [`Self::read`]; unsupported where that depends on how much is decoded at once.
    pub fn readline(&self) -> Result<String, Exception> {
        locked(&self.0).line(false)
    }

    /// `f.readlines()`, `list(f)`
    ///
    /// # Errors
    /// As [`Self::readline`].
    pub fn readlines(&self) -> Result<Vec<String>, Exception> {
        let mut reading = locked(&self.0);
        let mut lines = Vec::new();
        loop {
            let line = reading.line(false)?;
            if line.is_empty() {
                return Ok(lines);
            }
            lines.push(line);
        }
    }

    /// `f.close()`
    pub fn close(&self) {
        locked(&self.0).file = None;
    }
}

impl Writing {
    fn flush(&mut self) -> Result<(), Exception> {
        let Some(file) = &mut self.file else {
            return Err(closed());
        };
        let text = std::mem::take(&mut self.pending);
        file.write_all(text.as_bytes()).map_err(nameless)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if self.file.is_some() {
            // nobody is left to be told
            let _ = self.flush();
        }
    }
}

impl Writer {
    /// `f.write(text)`
    ///
    /// # Errors
    /// `ValueError` for a closed file.
    pub fn write(&self, text: &str) -> Result<Int, Exception> {
        let mut writing = locked(&self.0);
        if writing.file.is_none() {
            return Err(closed());
        }
        writing.pending.push_str(text);
        Ok(Int::from(text.chars().count()))
    }

    /// `f.writelines(lines)`
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn writelines(&self, lines: &[String]) -> Result<(), Exception> {
        if locked(&self.0).file.is_none() {
            return Err(closed());
        }
        for line in lines {
            self.write(line)?;
        }
        Ok(())
    }

    /// `json.dump(value, f, …)`: what comes before a part that JSON cannot say is written.
    ///
    /// # Errors
    /// `TypeError` for what JSON cannot say.
    pub fn dump(&self, value: impl Into<Value>, options: &Dumps) -> Result<(), Exception> {
        let mut text = String::new();
        let made = dump_into(&mut text, value, options);
        self.write(&text)?;
        made
    }

    /// `f.flush()`
    ///
    /// # Errors
    /// `OSError` where the file cannot be written.
    pub fn flush(&self) -> Result<(), Exception> {
        locked(&self.0).flush()
    }

    /// `f.close()`
    ///
    /// # Errors
    /// As [`Self::flush`]; nothing where it was closed before.
    pub fn close(&self) -> Result<(), Exception> {
        let mut writing = locked(&self.0);
        if writing.file.is_none() {
            return Ok(());
        }
        let done = writing.flush();
        writing.file = None;
        done
    }
}

/// The text of a file, whose lines end as Python shows them.
fn decoded(bytes: Vec<u8>, errors: Errors, at_once: bool) -> Result<String, Exception> {
    let is_long = bytes.len() > CHUNK;
    let text = match (String::from_utf8(bytes), errors) {
        (Ok(text), _) => text,
        (Err(error), Errors::Strict) => {
            let wrong = error.utf8_error();
            let is_cut = wrong.error_len().is_none();
            if !at_once && (is_long || is_cut) {
                return Err(Exception::unsupported(
                    "lines of a file that is not UTF-8 all through",
                ));
            }
            return Err(undecodable(error.as_bytes(), wrong));
        }
        (Err(error), Errors::Replace) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        (Err(error), Errors::Ignore) => error
            .as_bytes()
            .utf8_chunks()
            .map(|chunk| chunk.valid())
            .collect(),
    };
    Ok(match text.contains('\r') {
        true => text.replace("\r\n", "\n").replace('\r', "\n"),
        false => text,
    })
}

/// The `UnicodeDecodeError` of bytes that are no UTF-8.
fn undecodable(bytes: &[u8], wrong: std::str::Utf8Error) -> Exception {
    let start = wrong.valid_up_to();
    let first = bytes.get(start).copied().unwrap_or_default();
    let (length, reason) = match wrong.error_len() {
        None => (bytes.len() - start, "unexpected end of data"),
        Some(length) if matches!(first, 0xc2..=0xf4) => (length, "invalid continuation byte"),
        Some(length) => (length, "invalid start byte"),
    };
    let what = if length == 1 {
        format!("byte 0x{first:02x} in position {start}")
    } else {
        format!("bytes in position {start}-{}", start + length - 1)
    };
    let message = format!("'utf-8' codec can't decode {what}: {reason}");
    let bases = ["UnicodeError", "ValueError", "Exception", "BaseException"];
    Exception::with_bases("UnicodeDecodeError", bases.map(Into::into), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::str_of;

    fn said(bytes: &[u8], at_once: bool) -> String {
        let failed = decoded(bytes.to_vec(), Errors::Strict, at_once);
        str_of(&failed.err().unwrap())
    }

    #[test]
    fn what_is_no_utf_8_is_placed_as_python_does() {
        for (bytes, expected) in [
            (
                &b"ab\xff"[..],
                "byte 0xff in position 2: invalid start byte",
            ),
            (b"\x80", "byte 0x80 in position 0: invalid start byte"),
            (
                b"a\xe2\x28",
                "byte 0xe2 in position 1: invalid continuation byte",
            ),
            (
                b"\xf0\x9f\x98z",
                "bytes in position 0-2: invalid continuation byte",
            ),
            (
                b"a\xe2\x82",
                "bytes in position 1-2: unexpected end of data",
            ),
            (b"a\xe2", "byte 0xe2 in position 1: unexpected end of data"),
        ] {
            assert_eq!(
                said(bytes, true),
                format!("'utf-8' codec can't decode {expected}")
            );
        }
        assert!(said(b"a\n\xe2", false).starts_with("not supported"));
    }

    #[test]
    fn what_is_written_while_a_file_is_read_is_not_left_out() {
        let path = std::env::temp_dir().join(format!("langferry_files_{}", std::process::id()));
        let path = path.to_str().unwrap();
        let write = |mode, text| {
            let file = open_write(path, mode).unwrap();
            file.write(text).unwrap();
            file.close().unwrap();
        };
        write("w", "one");
        let file = open_read(path, Errors::Strict).unwrap();
        assert_eq!(file.read().unwrap(), "one");
        assert_eq!(file.read().unwrap(), "");
        write("a", "two");
        let failed = file.read();
        std::fs::remove_file(path).unwrap();
        assert!(str_of(&failed.err().unwrap()).contains("grows"));
    }

    #[test]
    fn lines_end_as_python_shows_them() {
        let text = decoded(b"a\r\nb\rc\n".to_vec(), Errors::Strict, true);
        assert_eq!(text.unwrap(), "a\nb\nc\n");
        let text = decoded(b"a\xe2\x28b".to_vec(), Errors::Ignore, true);
        assert_eq!(text.unwrap(), "a(b");
    }
}
