//! What the kernels of an artifact for GPUs can reach at best.

use std::io::{self, Write};
use std::path::Path;

use hire_artifact::Artifact;
use hire_artifact::kernels::{KERNELS_JSON, KernelLaunch, Kernels};
use hire_artifact::schedule::{SCHEDULE, Schedule, Step};
use serde::Serialize;

use crate::failure::{Failure, Outcome};
use crate::output;

/// The whole answer.
#[derive(Debug, Serialize)]
struct Answer {
    dir: String,
    arch: String,
    /// Launches and copies of a step.
    launches: usize,
    /// Microseconds of a step, at least: an estimate from shapes, nothing is measured.
    step_estimate_us: f64,
    kernels: Vec<Row>,
}

/// A kernel.
#[derive(Debug, Serialize)]
struct Row {
    /// How often a step launches it.
    calls: usize,
    #[serde(flatten)]
    launch: KernelLaunch,
}

/// Prints the estimate of an artifact's kernels.
pub(super) fn run(directory: &Path, artifact: &Artifact, json: bool) -> Outcome {
    let read = |name: &str| {
        let path = artifact.file(name).unwrap_or_else(|| directory.join(name));
        std::fs::read(&path).map_err(|e| Failure::new(format!("cannot read {}: {e}", path.display())))
    };
    let wrong = |name: &str, what: String| Failure::new(format!("{}: {name} is wrong: {what}", directory.display()));
    let kernels = Kernels::parse(&read(KERNELS_JSON)?).map_err(|what| wrong(KERNELS_JSON, what))?;
    let schedule = Schedule::parse(&read(SCHEDULE)?, &artifact.manifest().interface());
    let schedule = schedule.map_err(|what| wrong(SCHEDULE, what))?;
    let calls = |number: usize| {
        let is = |step: &&Step| matches!(step, Step::Dispatch { kernel, .. } if *kernel as usize == number);
        schedule.steps.iter().filter(is).count()
    };
    let rows = kernels.kernels.into_iter().enumerate().map(|(at, launch)| Row { calls: calls(at), launch });
    let rows: Vec<Row> = rows.collect();
    let answer = Answer {
        dir: directory.display().to_string(),
        arch: kernels.arch,
        launches: schedule.steps.len(),
        step_estimate_us: rows.iter().map(|r| r.calls as f64 * r.launch.estimate.seconds * 1e6).sum(),
        kernels: rows,
    };
    if json { output::json(&answer) } else { output::write(None, |out| table(out, &answer)) }
}

fn table(out: &mut dyn Write, answer: &Answer) -> io::Result<()> {
    writeln!(
        out,
        "{}: {}, {} launches a step, at least {:.0} us (an estimate from shapes, not measured)\n",
        answer.dir, answer.arch, answer.launches, answer.step_estimate_us
    )?;
    writeln!(
        out,
        "{:>5} {:>9} {:>5} {:>10} {:>10} {:>6} {:>9} {:>8} {:>9}  kernel",
        "calls", "blocks", "block", "kB", "kflop", "regs", "occupancy", "us", "bandwidth"
    )?;
    for Row { calls, launch } in &answer.kernels {
        let estimate = &launch.estimate;
        writeln!(
            out,
            "{calls:>5} {:>9} {:>5} {:>10.1} {:>10.1} {:>6} {:>8.0}% {:>8.2} {:>8.1}%  {}",
            launch.grid,
            launch.block,
            (estimate.read_bytes + estimate.written_bytes) as f64 / 1e3,
            estimate.flops as f64 / 1e3,
            estimate.registers,
            estimate.occupancy * 100.0,
            estimate.seconds * 1e6,
            estimate.bandwidth_share * 100.0,
            launch.symbol
        )?;
    }
    Ok(())
}
