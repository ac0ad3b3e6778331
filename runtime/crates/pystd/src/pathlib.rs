//! Python's `pathlib.Path`, as on POSIX.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::fs;
use std::io;

use crate::files::{Errors, checked, failure, open_read, open_write};
use crate::ops::PyTrueDiv;
use crate::os;
use crate::{Exception, Int, PyFormat, PyRepr, Truthy, format};

/// How many links Linux follows before it takes them for a circle.
const MOST_LINKS: usize = 40;

/// What the operating system says of what is not there: the numbers that Python takes for that.
const NOT_THERE: [i32; 4] = [2, 9, 20, 40];

/// `Path(…)`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// Nothing, a slash, or the two that mean something of their own.
    root: &'static str,
    parts: Vec<String>,
}

/// `path.parents`
#[derive(Clone, Debug)]
pub struct Parents(Path);

impl Path {
    /// `Path(text)`
    #[must_use]
    pub fn new(text: &str) -> Self {
        let root = match text.len() - text.trim_start_matches('/').len() {
            0 => "",
            2 => "//",
            _ => "/",
        };
        let parts = text.split('/').filter(|part| !matches!(*part, "" | "."));
        Self {
            root,
            parts: parts.map(str::to_owned).collect(),
        }
    }

    /// `path.joinpath(text)`
    #[must_use]
    pub fn joinpath(&self, text: &str) -> Self {
        self.join_path(&Self::new(text))
    }

    /// `path.joinpath(other)` of another path
    #[must_use]
    pub fn join_path(&self, other: &Self) -> Self {
        if !other.root.is_empty() {
            return other.clone();
        }
        Self {
            root: self.root,
            parts: [self.parts.as_slice(), &other.parts].concat(),
        }
    }

    /// `path.parent`
    #[must_use]
    pub fn parent(&self) -> Self {
        self.above(1)
    }

    fn above(&self, levels: usize) -> Self {
        let kept = self.parts.len().saturating_sub(levels);
        Self {
            root: self.root,
            parts: self.parts[..kept].to_vec(),
        }
    }

    /// `path.parents`
    #[must_use]
    pub fn parents(&self) -> Parents {
        Parents(self.clone())
    }

    /// `path.name`
    #[must_use]
    pub fn name(&self) -> String {
        self.last().to_owned()
    }

    fn last(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }

    /// The name without its ending, and the ending.
    fn split(&self) -> Result<(&str, &str), Exception> {
        let name = self.last();
        if name == ".." {
            return Ok((name, ""));
        }
        if name.ends_with('.') || name.starts_with("..") {
            // versions of Python differ here
            return Err(Exception::unsupported(format!("the ending of {name}")));
        }
        match name.rfind('.') {
            Some(dot) if dot > 0 => Ok(name.split_at(dot)),
            _ => Ok((name, "")),
        }
    }

    /// `path.stem`
    ///
    /// # Errors
    /// Unsupported for names that versions of Python take apart in different ways.
    pub fn stem(&self) -> Result<String, Exception> {
        Ok(self.split()?.0.to_owned())
    }

    /// `path.suffix`
    ///
    /// # Errors
    /// As [`Self::stem`].
    pub fn suffix(&self) -> Result<String, Exception> {
        Ok(self.split()?.1.to_owned())
    }

    /// `path.with_name(name)`
    ///
    /// # Errors
    /// Unsupported for what Python refuses.
    pub fn with_name(&self, name: &str) -> Result<Self, Exception> {
        if self.parts.is_empty() || name.contains('/') || matches!(name, "" | ".") {
            return Err(Exception::unsupported(format!("the name {name}")));
        }
        Ok(self.parent().joinpath(name))
    }

    /// `path.with_suffix(suffix)`
    ///
    /// # Errors
    /// Unsupported for what Python refuses, and as [`Self::stem`].
    pub fn with_suffix(&self, suffix: &str) -> Result<Self, Exception> {
        if !suffix.is_empty() && (!suffix.starts_with('.') || suffix == ".") {
            return Err(Exception::unsupported(format!("the ending {suffix}")));
        }
        self.with_name(&format!("{}{suffix}", self.split()?.0))
    }

    /// `path.is_absolute()`
    #[must_use]
    pub fn is_absolute(&self) -> bool {
        !self.root.is_empty()
    }

    /// `path.exists()`
    ///
    /// # Errors
    /// Unsupported where the operating system does not say.
    pub fn exists(&self) -> Result<bool, Exception> {
        Ok(self.found()?.is_some())
    }

    /// `path.is_file()`
    ///
    /// # Errors
    /// As [`Self::exists`].
    pub fn is_file(&self) -> Result<bool, Exception> {
        Ok(self.found()?.is_some_and(|found| found.is_file()))
    }

    /// `path.is_dir()`
    ///
    /// # Errors
    /// As [`Self::exists`].
    pub fn is_dir(&self) -> Result<bool, Exception> {
        Ok(self.found()?.is_some_and(|found| found.is_dir()))
    }

    fn found(&self) -> Result<Option<fs::Metadata>, Exception> {
        let path = self.to_string();
        let Ok(known) = checked(&path) else {
            return Ok(None);
        };
        match fs::metadata(known) {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.raw_os_error().is_some_and(|x| NOT_THERE.contains(&x)) => Ok(None),
            // versions of Python differ here
            Err(error) => Err(Exception::unsupported(format!("{path}: {error}"))),
        }
    }

    /// `path.absolute()`
    ///
    /// # Errors
    /// As [`os::getcwd`].
    pub fn absolute(&self) -> Result<Self, Exception> {
        if self.is_absolute() {
            return Ok(self.clone());
        }
        Ok(Self::new(&os::getcwd()?).join_path(self))
    }

    /// `path.resolve()`
    ///
    /// # Errors
    /// As [`os::getcwd`]; `ValueError` for a character that no path has; unsupported for links in a circle.
    pub fn resolve(&self) -> Result<Self, Exception> {
        let whole = self.absolute()?;
        checked(&whole.to_string())?;
        let mut left = VecDeque::from(whole.parts);
        let mut done = Self::new("/");
        let mut links = 0;
        while let Some(part) = left.pop_front() {
            if part == ".." {
                done.parts.pop();
                continue;
            }
            done.parts.push(part);
            // what cannot be looked at stays as it is written
            let Ok(target) = fs::read_link(done.to_string()) else {
                continue;
            };
            links += 1;
            let target = match target.to_str() {
                Some(target) if links <= MOST_LINKS => Self::new(target),
                _ => return Err(Exception::unsupported(format!("the link {done}"))),
            };
            done.parts.pop();
            if target.is_absolute() {
                done.parts.clear();
            }
            for part in target.parts.into_iter().rev() {
                left.push_front(part);
            }
        }
        Ok(done)
    }

    /// `path.read_text(encoding="utf-8", errors=errors)`
    ///
    /// # Errors
    /// `OSError`, and what of its kinds says more; `UnicodeDecodeError` for what is no UTF-8.
    pub fn read_text(&self, errors: Errors) -> Result<String, Exception> {
        open_read(&self.to_string(), errors)?.read()
    }

    /// `path.write_text(text, encoding="utf-8")`
    ///
    /// # Errors
    /// `OSError`, and what of its kinds says more.
    pub fn write_text(&self, text: &str) -> Result<Int, Exception> {
        let file = open_write(&self.to_string(), "w")?;
        let written = file.write(text)?;
        file.close()?;
        Ok(written)
    }

    /// `path.mkdir(parents=parents, exist_ok=exist_ok)`
    ///
    /// # Errors
    /// `OSError`, and what of its kinds says more.
    pub fn mkdir(&self, parents: bool, exist_ok: bool) -> Result<(), Exception> {
        let path = self.to_string();
        match fs::create_dir(checked(&path)?) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if !parents || self.parts.is_empty() {
                    return Err(failure(&error, &path));
                }
                self.parent().mkdir(true, true)?;
                self.mkdir(false, exist_ok)
            }
            Err(_) if exist_ok && self.is_dir()? => Ok(()),
            Err(error) => Err(failure(&error, &path)),
        }
    }

    /// `path.unlink(missing_ok=missing_ok)`
    ///
    /// # Errors
    /// `OSError`, and what of its kinds says more.
    pub fn unlink(&self, missing_ok: bool) -> Result<(), Exception> {
        match os::remove(&self.to_string()) {
            Err(error) if missing_ok && error.is("FileNotFoundError") => Ok(()),
            done => done,
        }
    }
}

impl Parents {
    /// `path.parents[index]`
    ///
    /// # Errors
    /// `IndexError` where there are not as many.
    pub fn item(&self, index: impl Into<Int>) -> Result<Path, Exception> {
        let index = index.into();
        let count = self.0.parts.len();
        let known = index.to_string().parse::<isize>().ok();
        let place = known.and_then(|index| match index < 0 {
            true => count.checked_add_signed(index),
            false => usize::try_from(index).ok(),
        });
        match place.filter(|place| *place < count) {
            Some(place) => Ok(self.0.above(place + 1)),
            None => Err(Exception::raise("IndexError", [index.into()])),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.root.is_empty() && self.parts.is_empty() {
            return f.write_str(".");
        }
        write!(f, "{}{}", self.root, self.parts.join("/"))
    }
}

impl PyRepr for Path {
    fn py_repr(&self) -> String {
        format!("PosixPath({})", self.to_string().py_repr())
    }

    fn py_str(&self) -> String {
        self.to_string()
    }

    fn py_type(&self) -> Cow<'_, str> {
        "PosixPath".into()
    }
}

impl PyFormat for Path {
    fn py_format(&self, spec: &str) -> Result<String, Exception> {
        format::only_empty(self, spec)
    }
}

impl Truthy for Parents {
    fn truthy(&self) -> bool {
        self.0.parent() != self.0
    }
}

impl Truthy for Path {
    fn truthy(&self) -> bool {
        true
    }
}

impl PyTrueDiv<str> for Path {
    type Output = Self;

    fn py_true_div(&self, other: &str) -> Result<Self, Exception> {
        Ok(self.joinpath(other))
    }
}

impl PyTrueDiv<String> for Path {
    type Output = Self;

    fn py_true_div(&self, other: &String) -> Result<Self, Exception> {
        Ok(self.joinpath(other))
    }
}

impl PyTrueDiv for Path {
    type Output = Self;

    fn py_true_div(&self, other: &Self) -> Result<Self, Exception> {
        Ok(self.join_path(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_end_where_the_path_does() {
        let parents = Path::new("/a/b").parents();
        assert_eq!(parents.item(1).unwrap(), Path::new("/"));
        assert_eq!(parents.item(-2).unwrap(), Path::new("/a"));
        assert!(parents.item(2).is_err());
        assert!(parents.item(-3).is_err());
    }

    #[test]
    fn what_versions_of_python_take_apart_differently_is_not_answered() {
        for name in ["a.", "..a", "..."] {
            assert!(Path::new(name).suffix().is_err(), "{name}");
        }
        assert_eq!(Path::new("..").stem().unwrap(), "..");
    }

    #[test]
    fn paths_resolve_through_links_and_what_is_missing() {
        let folder = std::env::temp_dir().join(format!("langferry_links_{}", std::process::id()));
        fs::create_dir_all(folder.join("real")).unwrap();
        std::os::unix::fs::symlink("real", folder.join("link")).unwrap();
        std::os::unix::fs::symlink("circle", folder.join("circle")).unwrap();
        let base = Path::new(folder.to_str().unwrap());
        let found = base.joinpath("link/../x/../link/new").resolve().unwrap();
        assert_eq!(found, base.resolve().unwrap().joinpath("real/new"));
        assert!(base.joinpath("circle").resolve().is_err());
        fs::remove_dir_all(folder).unwrap();
    }
}
