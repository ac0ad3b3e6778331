//! Times a case: one warm-up, then samples until the budget is spent.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::case::Case;

/// A sample of several runs lasts at least this long, so that the clock's own cost does not show.
const SAMPLE: Duration = Duration::from_millis(5);

/// The median sample, as seconds a run.
pub struct Measured {
    pub wall: f64,
    pub cpu: f64,
    /// How many runs were measured.
    pub runs: u32,
}

/// Runs `case` for about `budget`; with none, twice: a warm-up and a measured run.
pub fn run(case: &Case, budget: Duration) -> Result<(usize, &'static str, Measured), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(async {
        once(case).await?;
        let batch = if budget.is_zero() {
            1
        } else {
            batch(case).await?
        };
        let (mut walls, mut cpus) = (Vec::new(), Vec::new());
        let began = Instant::now();
        while walls.is_empty() || began.elapsed() < budget {
            let (wall, cpu) = (Instant::now(), cpu_seconds());
            for _ in 0..batch {
                once(case).await?;
            }
            cpus.push((cpu_seconds() - cpu) / f64::from(batch));
            walls.push(wall.elapsed().as_secs_f64() / f64::from(batch));
        }
        let runs = batch * u32::try_from(walls.len()).unwrap_or(1);
        let (wall, cpu) = (median(&mut walls), median(&mut cpus));
        Ok((case.units, case.unit, Measured { wall, cpu, runs }))
    })
}

/// How many runs make a sample.
async fn batch(case: &Case) -> Result<u32, String> {
    let began = Instant::now();
    once(case).await?;
    let runs = SAMPLE.as_nanos() / began.elapsed().as_nanos().max(1) + 1;
    Ok(u32::try_from(runs).unwrap_or(u32::MAX))
}

async fn once(case: &Case) -> Result<(), String> {
    match (case.run)().await {
        Ok(true) => Ok(()),
        Ok(false) => Err("a wrong result".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// CPU time of this process.
fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    #[allow(clippy::cast_precision_loss)] // a process does not compute for centuries
    let seconds = time.tv_sec as f64;
    #[allow(clippy::cast_precision_loss)] // below 10^9
    let nanoseconds = time.tv_nsec as f64;
    seconds + nanoseconds * 1e-9
}

/// The largest resident set so far; 0 where `/proc` does not tell.
pub fn peak_rss_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}
