//! `os.path`, as on POSIX.

use std::fs;

use crate::files::{checked, failure};
use crate::{Exception, Int};

/// `os.path.exists(path)`
#[must_use]
pub fn exists(path: &str) -> bool {
    checked(path).is_ok_and(|path| fs::metadata(path).is_ok())
}

/// `os.path.isfile(path)`
#[must_use]
pub fn isfile(path: &str) -> bool {
    checked(path).is_ok_and(|path| fs::metadata(path).is_ok_and(|found| found.is_file()))
}

/// `os.path.isdir(path)`
#[must_use]
pub fn isdir(path: &str) -> bool {
    checked(path).is_ok_and(|path| fs::metadata(path).is_ok_and(|found| found.is_dir()))
}

/// `os.path.getsize(path)`
///
/// # Errors
/// `OSError` where there is no such file.
pub fn getsize(path: &str) -> Result<Int, Exception> {
    let found = fs::metadata(checked(path)?).map_err(|error| failure(&error, path))?;
    Ok(Int::from(found.len()))
}

/// `os.path.isabs(path)`
#[must_use]
pub fn isabs(path: &str) -> bool {
    path.starts_with('/')
}

/// `os.path.join(first, *others)`
#[must_use]
pub fn join(parts: &[&str]) -> String {
    let mut path = String::new();
    for (number, part) in parts.iter().enumerate() {
        if part.starts_with('/') || number == 0 {
            path = (*part).to_owned();
            continue;
        }
        if !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        path.push_str(part);
    }
    path
}

/// `os.path.basename(path)`
#[must_use]
pub fn basename(path: &str) -> String {
    path.rsplit_once('/')
        .map_or(path, |(_, name)| name)
        .to_owned()
}

/// `os.path.dirname(path)`
#[must_use]
pub fn dirname(path: &str) -> String {
    let end = path.rfind('/').map_or(0, |place| place + 1);
    let head = &path[..end];
    let bare = head.trim_end_matches('/');
    if bare.is_empty() { head } else { bare }.to_owned()
}

/// `os.path.splitext(path)`
#[must_use]
pub fn splitext(path: &str) -> (String, String) {
    let start = path.rfind('/').map_or(0, |place| place + 1);
    match path.rfind('.') {
        Some(dot) if dot > start && path[start..dot].chars().any(|c| c != '.') => {
            (path[..dot].to_owned(), path[dot..].to_owned())
        }
        _ => (path.to_owned(), String::new()),
    }
}

/// `os.path.normpath(path)`
#[must_use]
pub fn normpath(path: &str) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    let slashes = path.len() - path.trim_start_matches('/').len();
    let start = match slashes {
        0 => "",
        // two mean something of their own
        2 => "//",
        _ => "/",
    };
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        let goes_up = part == "..";
        if !goes_up || (start.is_empty() && kept.last().is_none_or(|last| *last == "..")) {
            kept.push(part);
        } else {
            kept.pop();
        }
    }
    let joined = format!("{start}{}", kept.join("/"));
    if joined.is_empty() {
        ".".to_owned()
    } else {
        joined
    }
}

/// `os.path.abspath(path)`
///
/// # Errors
/// As [`super::getcwd`].
pub fn abspath(path: &str) -> Result<String, Exception> {
    if isabs(path) {
        return Ok(normpath(path));
    }
    Ok(normpath(&join(&[&super::getcwd()?, path])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart_as_python_does() {
        for (path, folder, name, ending) in [
            ("", "", "", ""),
            ("/", "/", "", ""),
            ("//x", "//", "x", ""),
            ("a/b.txt", "a", "b.txt", ".txt"),
            ("a//b", "a", "b", ""),
            ("a/.bashrc", "a", ".bashrc", ""),
            ("a.b/c", "a.b", "c", ""),
            ("..x.tar.gz", "", "..x.tar.gz", ".gz"),
            ("a/", "a", "", ""),
        ] {
            assert_eq!(dirname(path), folder, "{path}");
            assert_eq!(basename(path), name, "{path}");
            assert_eq!(splitext(path).1, ending, "{path}");
        }
    }

    #[test]
    fn paths_are_made_plain_as_python_does() {
        for (path, plain) in [
            ("", "."),
            ("a/../..", ".."),
            ("/../a", "/a"),
            ("//a/./b/", "//a/b"),
            ("///a", "/a"),
            ("../../a", "../../a"),
        ] {
            assert_eq!(normpath(path), plain, "{path}");
        }
        assert_eq!(join(&["a", "", "b"]), "a/b");
        assert_eq!(join(&["a", "/b", "c"]), "/b/c");
        assert_eq!(join(&["", "b"]), "b");
        assert_eq!(join(&["a", ""]), "a/");
    }
}
