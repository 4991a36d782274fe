//! `hire bench`: what a step costs, next to what the machine's memory can deliver.
//!
//! Steps of the artifacts and passes of a plain read loop take turns in one run, so that all meet the
//! same machine. Every step feeds the same token at increasing positions, from an empty cache.

use std::io::Write;
use std::path::Path;

use hire_artifact::manifest::TOKENIZER;
use hire_runtime::bandwidth::ReadBandwidth;
use hire_runtime::timing::{self, Samples};
use serde::Serialize;

use crate::cli::BenchArgs;
use crate::decoder::Decoder;
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::plan::samples::{TextOptions, Windows, windows};
use crate::progress::Progress;
use crate::statistics::{self, SiteStatistics};

/// Turns before the measured ones.
const WARM_UP: usize = 5;

/// Turns between two passes of the read loop, which takes longer than a step.
const STEPS_A_PASS: usize = 10;

/// Figures of one artifact.
#[derive(Debug, Serialize)]
struct Run {
    dir: String,
    ms_per_step: f64,
    bytes_per_step: u64,
    gb_per_s: f64,
    share_of_read_bandwidth: f64,
    /// Of its exact sites, where it counts their candidates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exact_sites: Vec<SiteStatistics>,
}

/// The whole answer.
#[derive(Debug, Serialize)]
struct Answer {
    runs: Vec<Run>,
    /// The second's time over the first's, the median over turns.
    #[serde(skip_serializing_if = "Option::is_none")]
    speedup: Option<f64>,
    read_bandwidth_gb_per_s: f64,
    threads: usize,
}

/// A decoder that is stepped along its cache.
struct Stepper {
    decoder: Decoder,
    position: usize,
    last: usize,
}

impl Stepper {
    fn load(directory: &Path, verify: bool) -> Outcome<Self> {
        let decoder = Decoder::load(directory, verify)?;
        let last = decoder.description().cache.unwrap_or(1).max(1);
        Ok(Self { decoder, position: 0, last })
    }

    fn step(&mut self) -> Outcome {
        let token = self.decoder.description().bos_token_id.unwrap_or(0);
        self.decoder.step(token, self.position)?;
        self.position = (self.position + 1) % self.last;
        Ok(())
    }

    /// What exact sites count while the artifact is fed `windows`, each from an empty cache.
    fn count(&mut self, windows: &Windows, progress: &Progress) -> Outcome<Vec<SiteStatistics>> {
        self.decoder.statistics().clear();
        for window in windows {
            self.decoder.reset()?;
            for (position, &token) in window.iter().enumerate() {
                self.decoder.feed(token, position)?;
                progress.advance();
            }
        }
        Ok(self.decoder.statistics().summary())
    }
}

/// Runs the command.
pub(crate) fn run(args: &BenchArgs, progress: &Progress) -> Outcome {
    if args.steps == 0 {
        return Err(Failure::with_remedy("--steps 0 measures nothing", "give 1 or more"));
    }
    let directories: Vec<&Path> = std::iter::once(args.directory.as_path()).chain(args.vs.as_deref()).collect();
    let mut steppers = Vec::new();
    for directory in &directories {
        progress.step(format!("loading {}", directory.display()));
        steppers.push(Stepper::load(directory, !args.no_verify)?);
    }
    args.mesh.check(steppers[0].decoder.manifest().devices.as_ref())?;
    progress.step("measuring");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = ReadBandwidth::new().map_err(Failure::new)?;
    let bandwidth = measure(&mut steppers, args.steps, &memory, threads, progress)?;
    let mut counted = Vec::new();
    for (directory, stepper) in directories.iter().zip(&mut steppers) {
        counted.push(exact_sites(args, directory, stepper, progress)?);
    }
    progress.clear();
    let (samples, read) = bandwidth;
    let read_bandwidth = memory.per_second(read.median());
    let measured = directories.iter().zip(&steppers).zip(&samples).zip(counted);
    let runs = measured.map(|(((directory, stepper), samples), exact_sites)| {
        let seconds = samples.median().as_secs_f64();
        let bytes = stepper.decoder.manifest().bytes_per_step.total;
        let rate = bytes as f64 / seconds;
        Run {
            dir: directory.display().to_string(),
            ms_per_step: seconds * 1e3,
            bytes_per_step: bytes,
            gb_per_s: rate / 1e9,
            share_of_read_bandwidth: rate / read_bandwidth,
            exact_sites,
        }
    });
    let answer = Answer {
        runs: runs.collect(),
        speedup: match samples.as_slice() {
            [first, second] => Some(second.ratio_to(first)),
            _ => None,
        },
        read_bandwidth_gb_per_s: read_bandwidth / 1e9,
        threads,
    };
    if args.json { output::json(&answer) } else { table(&answer) }
}

/// What an artifact's exact sites count: on the text that was given, else in the steps that were measured.
fn exact_sites(
    args: &BenchArgs,
    directory: &Path,
    stepper: &mut Stepper,
    progress: &Progress,
) -> Outcome<Vec<SiteStatistics>> {
    let counts = stepper.decoder.statistics().are_counted();
    let Some(text) = args.text.as_deref().filter(|_| counts) else {
        return Ok(stepper.decoder.statistics().summary());
    };
    let options = TextOptions {
        tokenizer: &directory.join(TOKENIZER),
        description: stepper.decoder.description(),
        window: None,
        limit: args.steps,
    };
    let windows = windows(text, &options)?;
    progress.step("counting candidates");
    progress.count(windows.iter().map(Vec::len).sum::<usize>() as u64);
    stepper.count(&windows, progress)
}

/// Steps of each artifact in turns, and passes of the read loop between them.
fn measure(
    steppers: &mut [Stepper],
    steps: usize,
    memory: &ReadBandwidth,
    threads: usize,
    progress: &Progress,
) -> Outcome<(Vec<Samples>, Samples)> {
    progress.count((WARM_UP + steps) as u64);
    let mut reads = Vec::new();
    let mut all: Vec<Vec<std::time::Duration>> = vec![Vec::new(); steppers.len()];
    let mut warm_up = WARM_UP;
    let mut left = steps;
    while left > 0 {
        let turns = left.min(STEPS_A_PASS);
        let mut contenders: Vec<_> = steppers.iter_mut().map(|s| move || s.step()).collect();
        let mut contenders: Vec<&mut dyn FnMut() -> Outcome> =
            contenders.iter_mut().map(|c| c as &mut dyn FnMut() -> Outcome).collect();
        let samples = timing::alternate(warm_up, turns, &mut contenders)?;
        all.iter_mut().zip(&samples).for_each(|(all, part)| all.extend(part.times()));
        let mut pass = || -> Result<(), Failure> {
            memory.pass(threads);
            Ok(())
        };
        reads.extend(timing::alternate(1, 1, &mut [&mut pass])?.iter().flat_map(|s| s.times().to_vec()));
        (0..turns + warm_up).for_each(|_| progress.advance());
        left -= turns;
        // The pass of the read loop emptied the caches: one step brings them back to their usual state.
        warm_up = 1;
    }
    Ok((all.into_iter().map(Samples::from).collect(), Samples::from(reads)))
}

fn table(answer: &Answer) -> Outcome {
    output::write(None, |out: &mut dyn Write| {
        for run in &answer.runs {
            writeln!(out, "{}", run.dir)?;
            writeln!(
                out,
                "  {:.2} ms a step, {:.1} MB a step: {:.1} GB/s, {:.0}% of the read bandwidth",
                run.ms_per_step,
                run.bytes_per_step as f64 / 1e6,
                run.gb_per_s,
                100.0 * run.share_of_read_bandwidth
            )?;
            statistics::write(out, &run.exact_sites)?;
        }
        writeln!(out, "read bandwidth, {} threads: {:.1} GB/s", answer.threads, answer.read_bandwidth_gb_per_s)?;
        match answer.speedup {
            Some(speedup) => writeln!(out, "the first is {speedup:.2} times as fast as the second"),
            None => Ok(()),
        }
    })
}
