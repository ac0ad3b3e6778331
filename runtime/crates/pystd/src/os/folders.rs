//! What `os` does to folders, and to files as a whole.

use std::env;
use std::fs;
use std::io;
use std::path::Path;

use super::path;
use crate::Exception;
use crate::files::{checked, failure};

/// `os.getcwd()`
///
/// # Errors
/// `OSError` where the folder is gone; unsupported for a path that is no Unicode.
pub fn getcwd() -> Result<String, Exception> {
    let found = env::current_dir().map_err(|error| failure(&error, "."))?;
    text(found.as_os_str())
}

fn text(name: &std::ffi::OsStr) -> Result<String, Exception> {
    let known = name.to_str().map(str::to_owned);
    known.ok_or_else(|| Exception::unsupported(format!("the path {name:?}, which is no Unicode")))
}

/// `os.listdir(path)`, in the order of the operating system, as in Python.
///
/// # Errors
/// `OSError` for what is no folder; unsupported for names that are no Unicode.
pub fn listdir(path: &str) -> Result<Vec<String>, Exception> {
    let said = |error: io::Error| failure(&error, path);
    let mut names = Vec::new();
    for item in fs::read_dir(checked(path)?).map_err(said)? {
        names.push(text(&item.map_err(said)?.file_name())?);
    }
    Ok(names)
}

/// `os.makedirs(path, exist_ok=exist_ok)`
///
/// # Errors
/// `OSError`, and what of its kinds says more.
pub fn makedirs(name: &str, exist_ok: bool) -> Result<(), Exception> {
    checked(name)?;
    let (mut head, mut tail) = split(name);
    if tail.is_empty() {
        (head, tail) = split(head);
    }
    if !head.is_empty() && !tail.is_empty() && !path::exists(head) {
        match makedirs(head, exist_ok) {
            Err(error) if !error.is("FileExistsError") => return Err(error),
            _ => {}
        }
        if tail == "." {
            return Ok(());
        }
    }
    match fs::create_dir(Path::new(name)) {
        Err(_) if exist_ok && path::isdir(name) => Ok(()),
        made => made.map_err(|error| failure(&error, name)),
    }
}

/// `os.path.split(path)`
fn split(name: &str) -> (&str, &str) {
    let end = name.rfind('/').map_or(0, |place| place + 1);
    let (head, tail) = name.split_at(end);
    let bare = head.trim_end_matches('/');
    (if bare.is_empty() { head } else { bare }, tail)
}

/// `os.remove(path)`
///
/// # Errors
/// `OSError`, and what of its kinds says more.
pub fn remove(path: &str) -> Result<(), Exception> {
    let path_checked = checked(path)?;
    if fs::symlink_metadata(path_checked).is_ok_and(|found| found.is_dir()) {
        // Linux says so, whatever Rust would try
        return Err(failure(&io::Error::from_raw_os_error(21), path));
    }
    fs::remove_file(path_checked).map_err(|error| failure(&error, path))
}

/// The path of a file of the program: what its module calls `__file__`.
///
/// # Errors
/// As [`getcwd`].
pub fn program_file(file: &str) -> Result<String, Exception> {
    let root = text(super::root().as_os_str())?;
    path::abspath(&path::join(&[&root, file]))
}
