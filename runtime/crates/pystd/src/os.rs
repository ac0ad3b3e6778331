//! Python's `os`: the environment of the process, as the program has changed it.

mod dotenv;
mod folders;
pub mod path;
mod system;

use std::collections::BTreeMap;
use std::env::{self, VarError};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use crate::{Exception, Value};

pub use folders::{getcwd, listdir, makedirs, program_file, remove};
pub use system::system;

/// What a program does to its environment when its modules run.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Setting {
    /// `os.environ[name] = value`
    Set(&'static str, &'static str),
    /// `os.environ.setdefault(name, value)`
    Default(&'static str, &'static str),
    /// The program asks its user for the variable, or takes it to be set.
    Needed(&'static str),
    /// `load_dotenv()`: a file `.env` in a folder of the program or above it.
    Found {
        /// The folder of the module, from the program's root.
        folder: &'static str,
        /// `override=`
        overrides: bool,
    },
    /// `os.environ[name] = os.getenv(from, default)`
    Copied {
        /// The variable.
        name: &'static str,
        /// The one it is set to.
        from: &'static str,
        /// What it is set to where that is not set; without, it has to be.
        default: Option<&'static str>,
    },
    /// `load_dotenv(Path(__file__).parent / ".env")`: a file of the program's.
    Beside {
        /// The file, from the program's root.
        path: &'static str,
        /// `override=`
        overrides: bool,
    },
    /// `load_dotenv(path)`: a file, seen from where the process works.
    Loaded {
        /// The file.
        path: &'static str,
        /// `override=`
        overrides: bool,
    },
}

/// The variables that the program has set. Not in the process's own environment, which only a process of one
/// thread may change.
static PREPARED: RwLock<Prepared> = RwLock::new(Prepared {
    values: BTreeMap::new(),
    needed: Vec::new(),
    failure: None,
});

struct Prepared {
    values: BTreeMap<String, String>,
    needed: Vec<&'static str>,
    failure: Option<String>,
}

/// Does to the environment what the program's modules do to it.
pub fn prepare(settings: &[Setting]) {
    let mut prepared = PREPARED.write().unwrap_or_else(PoisonError::into_inner);
    for setting in settings {
        match *setting {
            Setting::Set(name, value) => {
                prepared.values.insert(name.to_owned(), value.to_owned());
            }
            Setting::Default(name, value) => {
                if prepared.get(name).is_none() {
                    prepared.values.insert(name.to_owned(), value.to_owned());
                }
            }
            Setting::Needed(name) => prepared.needed.push(name),
            Setting::Found { folder, overrides } => {
                if let Some(file) = found(folder) {
                    prepared.load(&file, overrides);
                }
            }
            Setting::Copied {
                name,
                from,
                default,
            } => match prepared.get(from).or(default.map(str::to_owned)) {
                Some(value) => {
                    prepared.values.insert(name.to_owned(), value);
                }
                None => prepared.needed.extend([from, name]),
            },
            Setting::Beside { path, overrides } => prepared.load(&root().join(path), overrides),
            Setting::Loaded { path, overrides } => prepared.load(Path::new(path), overrides),
        }
    }
}

/// The variables that [`prepare`] has set, which Python in this process has to know as well.
#[must_use]
pub fn prepared() -> Vec<(String, String)> {
    let prepared = PREPARED.read().unwrap_or_else(PoisonError::into_inner);
    let values = prepared.values.iter();
    values
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

impl Prepared {
    fn get(&self, name: &str) -> Option<String> {
        let own = self.values.get(name).cloned();
        own.or_else(|| env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// `load_dotenv(path, override=overrides)`
    fn load(&mut self, path: &Path, overrides: bool) {
        let disabled = self.get("PYTHON_DOTENV_DISABLED").unwrap_or_default();
        if ["1", "true", "t", "yes", "y"].contains(&disabled.to_lowercase().as_str())
            || !path.exists()
            || path.is_dir()
        {
            return;
        }
        let text = match fs::read_to_string(path) {
            Ok(text) => text.replace("\r\n", "\n").replace('\r', "\n"),
            Err(error) => {
                self.failure = Some(format!("{}: {error}", path.display()));
                return;
            }
        };
        for (name, value) in self.read(&text, overrides) {
            if let Some(value) = value.filter(|_| overrides || self.get(&name).is_none()) {
                self.values.insert(name, value);
            }
        }
    }
}

impl Prepared {
    /// What a `.env` file gives each name, with other variables put where it names them.
    fn read(&self, text: &str, overrides: bool) -> Vec<(String, Option<String>)> {
        let mut made: Vec<(String, Option<String>)> = Vec::new();
        for (name, value) in dotenv::bindings(text) {
            let value = value.map(|value| {
                dotenv::interpolated(&value, |wanted| {
                    let new = || {
                        let known = made.iter().rfind(|(name, _)| name == wanted)?;
                        Some(known.1.clone().unwrap_or_default())
                    };
                    match overrides {
                        true => new().or_else(|| self.get(wanted)),
                        false => self.get(wanted).or_else(new),
                    }
                })
            });
            made.retain(|(known, _)| *known != name);
            made.push((name, value));
        }
        made
    }
}

/// All variables of the environment: `os.environ.items()`.
///
/// # Errors
/// Unsupported where the program has set variables in a way that failed.
pub fn variables() -> Result<Vec<(String, String)>, Exception> {
    let prepared = PREPARED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(failure) = &prepared.failure {
        return Err(Exception::unsupported(failure));
    }
    let own = prepared.values.iter();
    let set = own.map(|(name, value)| (name.clone(), value.clone()));
    let given = env::vars_os()
        .map(|(name, value)| {
            let [name, value] = [name, value].map(|text| text.to_string_lossy().into_owned());
            (name, value)
        })
        .filter(|(name, _)| !prepared.values.contains_key(name));
    Ok(given.chain(set).collect())
}

/// `dotenv_values(path)`; nothing where there is no such file.
///
/// # Errors
/// Unsupported for a file that cannot be read.
pub fn dotenv_values(path: &str) -> Result<Vec<(String, Option<String>)>, Exception> {
    if !Path::new(path).is_file() {
        return Ok(Vec::new());
    }
    let prepared = PREPARED.read().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string(path)
        .map_err(|error| Exception::unsupported(format!("the file {path}: {error}")))?;
    Ok(prepared.read(&text.replace("\r\n", "\n").replace('\r', "\n"), true))
}

/// The file `.env` in a folder of the program, or in the nearest one above that has it.
/// The folder of the program.
fn root() -> PathBuf {
    env::var_os("LANGFERRY_PROGRAM").map_or_else(PathBuf::new, PathBuf::from)
}

fn found(folder: &str) -> Option<PathBuf> {
    let start = env::current_dir().ok()?.join(root()).join(folder);
    let mut files = start.ancestors().map(|folder| folder.join(".env"));
    files.find(|file| file.exists() && !file.is_dir())
}

/// `os.getenv(name)`, `os.environ.get(name)`
///
/// # Errors
/// Unsupported for a value that is no Unicode, and for a variable that the program needs and that is not set.
pub fn getenv(name: &str) -> Result<Option<String>, Exception> {
    let prepared = PREPARED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(failure) = &prepared.failure {
        return Err(Exception::unsupported(failure));
    }
    if let Some(value) = prepared.values.get(name) {
        return Ok(Some(value.clone()));
    }
    let needed = prepared.needed.contains(&name);
    match env::var(name) {
        Ok(value) if !(needed && value.is_empty()) => Ok(Some(value)),
        Err(VarError::NotUnicode(_)) => Err(Exception::unsupported(format!(
            "the environment variable {name}, which is no Unicode"
        ))),
        _ if needed => Err(Exception::unsupported(format!(
            "the program needs the environment variable {name}"
        ))),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
    }
}

/// Nothing, if the program can do without the variable of this name in any case, which is not set.
///
/// # Errors
/// Unsupported where the program asks its user for it.
pub fn check_needed(name: &str) -> Result<(), Exception> {
    let prepared = PREPARED.read().unwrap_or_else(PoisonError::into_inner);
    let mut needed = prepared.needed.iter();
    match needed.find(|known| known.eq_ignore_ascii_case(name)) {
        Some(needed) => Err(Exception::unsupported(format!(
            "the program needs the environment variable {needed}"
        ))),
        None => Ok(()),
    }
}

/// `os.environ[name]`
///
/// # Errors
/// `KeyError` when it is not set; unsupported as for [`getenv`].
pub fn environ(name: &str) -> Result<String, Exception> {
    getenv(name)?.ok_or_else(|| Exception::raise("KeyError", [Value::from(name)]))
}
