//! Asks CPython what expressions give, and makes inputs.

use std::io::Write;
use std::process::{Command, Stdio};

use langferry_pystd::{Exception, PyRepr, repr};

const SCRIPT: &str = r"
import collections, datetime, json, math, operator, random, re, sys, warnings
from datetime import date, datetime as DT, time, timedelta, timezone
warnings.simplefilter('ignore')
sys.stdout.reconfigure(encoding='utf-8')
sys.stdin.reconfigure(encoding='utf-8')
env = dict(globals())
def answer(code):
    try:
        return repr(eval(code, env))
    except Exception as exc:
        return f'{type(exc).__name__}: {exc}'
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
";

/// Expressions and what this crate makes of them.
#[derive(Default)]
pub struct Cases(Vec<(String, String)>);

/// A result as CPython's side shows it.
pub fn outcome<T: PyRepr>(result: Result<T, Exception>) -> String {
    match result {
        Ok(value) => repr(&value),
        Err(error) => format!("{}: {}", error.class(), error.message()),
    }
}

impl Cases {
    /// Python's `code` has to give `result`.
    pub fn add<T: PyRepr>(&mut self, code: impl Into<String>, result: Result<T, Exception>) {
        self.0.push((code.into(), outcome(result)));
    }

    /// Python's `code` has to give `value`.
    pub fn value<T: PyRepr>(&mut self, code: impl Into<String>, value: T) {
        self.add(code, Ok(value));
    }

    /// Compares all of them; what this crate declares unsupported may be anything, but must be rare.
    pub fn check(self, most_unsupported: usize) {
        let most_unsupported = rounds(most_unsupported);
        let Some(answers) = ask(self.0.iter().map(|(code, _)| code.as_str())) else {
            return;
        };
        assert_eq!(answers.len(), self.0.len(), "CPython stopped early");
        let total = self.0.len();
        let mut unsupported = 0;
        let mut wrong = Vec::new();
        for ((code, ours), theirs) in self.0.into_iter().zip(answers) {
            if ours.starts_with("Unsupported: ") {
                unsupported += 1;
            } else if ours != theirs {
                wrong.push(format!(
                    "{code}\n    CPython: {theirs}\n    here:    {ours}"
                ));
            }
        }
        let shown: Vec<&str> = wrong.iter().take(8).map(String::as_str).collect();
        assert!(
            wrong.is_empty(),
            "{} of {total} differ:\n{}",
            wrong.len(),
            shown.join("\n")
        );
        assert!(
            unsupported <= most_unsupported,
            "{unsupported} of {total} are unsupported"
        );
    }
}

/// CPython's answers; none, with a reason printed, when there is no CPython 3.11 here.
fn ask<'a>(codes: impl Iterator<Item = &'a str>) -> Option<Vec<String>> {
    let Some(python) = ["python3.11", "python3"]
        .into_iter()
        .find(|python| is_3_11(python))
    else {
        println!("skipped: no CPython 3.11 to compare with");
        return None;
    };
    let mut child = Command::new(python)
        .args(["-I", "-c", SCRIPT])
        .env("TZ", "UTC")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("CPython starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input: String = codes
        .map(|code| serde_json::Value::from(code).to_string() + "\n")
        .collect();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("CPython ends");
    writer
        .join()
        .expect("the writer ends")
        .expect("CPython reads all");
    let text = String::from_utf8(output.stdout).expect("CPython answers in UTF-8");
    Some(
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a JSON string"))
            .collect(),
    )
}

fn is_3_11(python: &str) -> bool {
    let version = Command::new(python).arg("--version").output();
    version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).starts_with("Python 3.11."))
}

/// A small generator of inputs; the same seed gives the same inputs.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.bits() >> 33).expect("31 bits fit") % limit
    }

    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        let width = usize::try_from(high - low + 1).expect("a small range");
        low + i64::try_from(self.below(width)).expect("fits")
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// A text out of pieces.
    pub fn text(&mut self, pieces: &[&str], longest: usize) -> String {
        let len = self.below(longest + 1);
        (0..len).map(|_| self.pick(pieces)).collect()
    }
}

/// How many inputs to make; `LANGFERRY_CASES` multiplies them.
pub fn rounds(usual: usize) -> usize {
    let times = std::env::var("LANGFERRY_CASES")
        .ok()
        .and_then(|times| times.parse().ok());
    usual * times.unwrap_or(1)
}
