//! Python's `re` module, for `str` patterns.

mod error;
mod escape;
mod found;
mod group;
mod matcher;
mod parse;
mod program;
mod substitute;
mod syntax;
mod template;
mod width;

use std::collections::HashMap;
use std::ops::BitOr;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

pub use found::{GroupKey, Match};

use crate::{Dict, Exception, Value};
use matcher::{Demand, Groups, match_at};
use program::Program;

/// The flags of a pattern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags {
    ignore_case: bool,
    multiline: bool,
    dot_all: bool,
    verbose: bool,
    ascii: bool,
}

/// No flags.
pub const NONE: Flags = Flags {
    ignore_case: false,
    multiline: false,
    dot_all: false,
    verbose: false,
    ascii: false,
};
/// `re.IGNORECASE`
pub const IGNORECASE: Flags = Flags {
    ignore_case: true,
    ..NONE
};
/// `re.MULTILINE`
pub const MULTILINE: Flags = Flags {
    multiline: true,
    ..NONE
};
/// `re.DOTALL`
pub const DOTALL: Flags = Flags {
    dot_all: true,
    ..NONE
};
/// `re.VERBOSE`
pub const VERBOSE: Flags = Flags {
    verbose: true,
    ..NONE
};
/// `re.ASCII`
pub const ASCII: Flags = Flags {
    ascii: true,
    ..NONE
};
/// `re.UNICODE`, which is the default.
pub const UNICODE: Flags = NONE;

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self {
            ignore_case: self.ignore_case | other.ignore_case,
            multiline: self.multiline | other.multiline,
            dot_all: self.dot_all | other.dot_all,
            verbose: self.verbose | other.verbose,
            ascii: self.ascii | other.ascii,
        }
    }
}

/// A compiled regular expression.
#[derive(Clone)]
pub struct Pattern(Arc<Compiled>);

struct Compiled {
    source: String,
    program: Program,
    groups: usize,
    names: Dict<String, usize>,
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "re.compile({})", crate::repr(&self.0.source))
    }
}

/// `re.compile(pattern, flags)`
///
/// # Errors
/// `error`; unsupported for characters by name and patterns that repeat very often.
pub fn compile(pattern: &str, flags: Flags) -> Result<Pattern, Exception> {
    static CACHE: LazyLock<Mutex<HashMap<(String, Flags), Pattern>>> =
        LazyLock::new(Mutex::default);
    const CACHED: usize = 512;

    let key = (pattern.to_owned(), flags);
    if let Some(known) = CACHE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&key)
    {
        return Ok(known.clone());
    }
    let parsed = parse::parse(pattern, flags)?;
    let compiled = Pattern(Arc::new(Compiled {
        source: pattern.to_owned(),
        program: Program::of(&parsed.node)?,
        groups: parsed.groups,
        names: parsed.names,
    }));
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if cache.len() >= CACHED {
        cache.clear();
    }
    cache.insert(key, compiled.clone());
    Ok(compiled)
}

impl Pattern {
    /// `p.pattern`
    pub fn pattern(&self) -> &str {
        &self.0.source
    }

    fn at(&self, text: &[char], start: usize, demand: Demand) -> Option<Groups> {
        match_at(&self.0.program, self.0.groups, text, start, demand)
    }

    fn found(&self, text: &Arc<[char]>, groups: Groups) -> Match {
        Match::new(self.clone(), text.clone(), groups)
    }

    /// The first match that begins at `start` or later.
    fn from(&self, text: &[char], start: usize, mut demand: Demand) -> Option<Groups> {
        (start..=text.len()).find_map(|at| {
            let found = self.at(text, at, demand);
            demand.advance = false;
            found
        })
    }

    /// All matches; an empty one may follow another match but not stand at its own end twice.
    fn all(&self, text: &Arc<[char]>) -> Vec<Match> {
        let mut matches = Vec::new();
        let (mut start, mut demand) = (0, Demand::default());
        while let Some(groups) = self.from(text, start, demand) {
            let found = self.found(text, groups);
            let (first, end) = found.whole();
            demand.advance = first == end;
            start = end;
            matches.push(found);
        }
        matches
    }

    /// `p.search(text)`
    ///
    /// # Errors
    /// None so far.
    pub fn search(&self, text: &str) -> Result<Option<Match>, Exception> {
        let text: Arc<[char]> = text.chars().collect();
        Ok(self
            .from(&text, 0, Demand::default())
            .map(|groups| self.found(&text, groups)))
    }

    /// `p.match(text)`
    ///
    /// # Errors
    /// None so far.
    pub fn match_(&self, text: &str) -> Result<Option<Match>, Exception> {
        let text: Arc<[char]> = text.chars().collect();
        Ok(self
            .at(&text, 0, Demand::default())
            .map(|groups| self.found(&text, groups)))
    }

    /// `p.fullmatch(text)`
    ///
    /// # Errors
    /// None so far.
    pub fn fullmatch(&self, text: &str) -> Result<Option<Match>, Exception> {
        let text: Arc<[char]> = text.chars().collect();
        let demand = Demand {
            whole: true,
            advance: false,
        };
        Ok(self
            .at(&text, 0, demand)
            .map(|groups| self.found(&text, groups)))
    }

    /// `p.finditer(text)`
    ///
    /// # Errors
    /// None so far.
    pub fn finditer(&self, text: &str) -> Result<Vec<Match>, Exception> {
        Ok(self.all(&text.chars().collect()))
    }

    /// `p.findall(text)`: strings, or tuples where the pattern has several groups.
    ///
    /// # Errors
    /// None so far.
    pub fn findall(&self, text: &str) -> Result<Vec<Value>, Exception> {
        let groups = self.0.groups;
        Ok(self
            .all(&text.chars().collect())
            .iter()
            .map(|found| {
                let text = |group| found.text(group).unwrap_or_default();
                match groups {
                    0 | 1 => Value::Str(text(groups)),
                    _ => Value::Tuple((1..=groups).map(|group| Value::Str(text(group))).collect()),
                }
            })
            .collect())
    }

    /// `p.findall(text)` of a pattern with at most one group.
    ///
    /// # Errors
    /// `TypeError` when it has more.
    pub fn findall_str(&self, text: &str) -> Result<Vec<String>, Exception> {
        self.findall(text)?.iter().map(Value::to).collect()
    }
}

macro_rules! shorthands {
    ($($name:ident -> $output:ty;)+) => {$(
        #[doc = concat!("`re.", stringify!($name), "(pattern, text, flags)`")]
        ///
        /// # Errors
        /// Those of compiling the pattern.
        pub fn $name(pattern: &str, text: &str, flags: Flags) -> Result<$output, Exception> {
            compile(pattern, flags)?.$name(text)
        }
    )+};
}

shorthands! {
    search -> Option<Match>;
    match_ -> Option<Match>;
    fullmatch -> Option<Match>;
    finditer -> Vec<Match>;
    findall -> Vec<Value>;
    findall_str -> Vec<String>;
}

/// `re.sub(pattern, replacement, text, count, flags)`
///
/// # Errors
/// Those of compiling the pattern and of `replacement`.
pub fn sub(
    pattern: &str,
    replacement: &str,
    text: &str,
    count: impl Into<crate::Int>,
    flags: Flags,
) -> Result<String, Exception> {
    compile(pattern, flags)?.sub(replacement, text, count)
}

/// `re.split(pattern, text, maxsplit, flags)`
///
/// # Errors
/// Those of compiling the pattern.
pub fn split(
    pattern: &str,
    text: &str,
    maxsplit: impl Into<crate::Int>,
    flags: Flags,
) -> Result<Vec<Option<String>>, Exception> {
    compile(pattern, flags)?.split(text, maxsplit)
}

/// `re.escape(text)`
pub fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
