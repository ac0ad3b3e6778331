//! Measures one workload: `langferry-benchmarks WORKLOAD SIZE SECONDS`.
//!
//! Prints one line, `@@BENCH@@` and a JSON object: `ok`, the median run's `wall` and `cpu` in seconds,
//! `units` and `unit` of a run, `rss_mb`. Exit code 3: there is no such workload.

mod case;
mod measure;
mod workloads;

use std::io::{Write as _, stdout};
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;

#[global_allocator]
static ALLOCATOR: langferry::Allocator = langferry::Allocator;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, size, seconds] = arguments.as_slice() else {
        return say("usage: langferry-benchmarks WORKLOAD SIZE SECONDS", 2);
    };
    let (Ok(size), Ok(seconds)) = (size.parse(), seconds.parse()) else {
        return say("SIZE and SECONDS are numbers", 2);
    };
    let Some(build) = workloads::find(name) else {
        return say("no such workload", 3);
    };
    let measured = build(size)
        .map_err(|error| error.to_string())
        .and_then(|case| measure::run(&case, Duration::from_secs_f64(seconds)));
    let line = match measured {
        Ok((units, unit, measured)) => json!({
            "ok": true,
            "wall": measured.wall,
            "cpu": measured.cpu,
            "units": units,
            "unit": unit,
            "n": measured.runs,
            "rss_mb": measure::peak_rss_mb(),
        }),
        Err(error) => json!({ "ok": false, "error": error }),
    };
    say(&format!("@@BENCH@@{line}"), 0)
}

fn say(line: &str, code: u8) -> ExitCode {
    match writeln!(stdout(), "{line}") {
        Ok(()) => ExitCode::from(code),
        Err(_) => ExitCode::FAILURE,
    }
}
