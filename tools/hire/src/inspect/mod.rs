//! `hire inspect`: what a step of an artifact for TPUs costs, site by site, and of one for GPUs, kernel by kernel.
//!
//! Everything is read from the artifact: libtpu's scheduled program, from which [`hire_runtime::tpu`] estimates a step,
//! and the manifest. Neither libtpu nor a TPU is needed.

mod kernels;
mod scope;
mod table;

use std::path::Path;

use hire_artifact::manifest::Ahead;
use hire_artifact::{Artifact, Check};
use hire_runtime::hlo::HloModule;
use hire_runtime::tpu::{self, Estimate, Rates};
use serde::Serialize;

use crate::cli::InspectArgs;
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::progress::Progress;

/// The whole answer.
#[derive(Debug, Serialize)]
struct Answer {
    dir: String,
    topology: String,
    compiler: String,
    /// Microseconds of a step by the rule of docs/tpu.md.
    step_estimate_us: f64,
    /// The same in cycles.
    step_estimate_cycles: f64,
    /// The same if the fixed cost of asynchronous copies passed side by side.
    copies_side_by_side_us: f64,
    /// Cycles of the core a second that microseconds are made with.
    clock_hz: f64,
    /// Main-memory bytes a cycle that bytes are charged at.
    bytes_per_cycle: f64,
    /// Main-memory bytes that a step moves.
    hbm_bytes: f64,
    /// Bytes that a device receives of others in the program's collectives, each counted once.
    collective_bytes: f64,
    /// The most of the device's memory that is in use at a time.
    peak_bytes: u64,
    sites: Vec<SiteCost>,
    ops: Vec<OpRow>,
    defects: Vec<String>,
    /// Loops that count once, as libtpu does not state how often they run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown_loops: Vec<String>,
    /// The other artifact.
    #[serde(skip_serializing_if = "Option::is_none")]
    versus: Option<Versus>,
}

/// The step of another artifact.
#[derive(Debug, Serialize)]
struct Versus {
    dir: String,
    step_estimate_us: f64,
    copies_side_by_side_us: f64,
    hbm_bytes: f64,
    /// The other step's estimate over this one's.
    ratio: f64,
    /// The same if the fixed cost of asynchronous copies passed side by side.
    copies_side_by_side_ratio: f64,
}

/// What a site, or the rest of the step, takes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct SiteCost {
    name: String,
    /// The predictor, where the site is rewritten.
    #[serde(skip_serializing_if = "Option::is_none")]
    predictor: Option<String>,
    step_estimate_us: f64,
    cycles: f64,
    hbm_bytes: f64,
    ops: usize,
}

/// A scheduled operation that takes something.
#[derive(Debug, Serialize)]
struct OpRow {
    name: String,
    opcode: String,
    op_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<String>,
    /// By how many cycles it makes the step longer.
    cycles: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    stated_cycles: Option<f64>,
    hbm_bytes: f64,
    trips: f64,
}

/// Runs the command.
pub(crate) fn run(args: &InspectArgs, progress: &Progress) -> Outcome {
    progress.step(format!("reading {}", args.directory.display()));
    let check = if args.no_verify { Check::Sizes } else { Check::Digests };
    let artifact = Artifact::open(&args.directory, check)?;
    if matches!(artifact.manifest().target, hire_artifact::Target::Nvptx(_)) {
        progress.clear();
        if args.vs.is_some() || args.check {
            return Err(Failure::with_remedy("--vs and --check are for artifacts for TPUs", "leave them out"));
        }
        return kernels::run(&args.directory, &artifact, args.json);
    }
    let mut answer = inspect(&args.directory, !args.no_verify)?;
    if let Some(other) = &args.vs {
        let other = inspect(other, !args.no_verify)?;
        answer.versus = Some(Versus {
            ratio: other.step_estimate_cycles / answer.step_estimate_cycles,
            copies_side_by_side_ratio: other.copies_side_by_side_us / answer.copies_side_by_side_us,
            dir: other.dir,
            step_estimate_us: other.step_estimate_us,
            copies_side_by_side_us: other.copies_side_by_side_us,
            hbm_bytes: other.hbm_bytes,
        });
    }
    progress.clear();
    if args.json {
        output::json(&answer)?;
    } else {
        output::write(None, |out| table::write(out, &answer))?;
    }
    match answer.defects.first().filter(|_| args.check) {
        Some(defect) => Err(Failure::with_remedy(
            format!("{}: {defect}", args.directory.display()),
            "store the weight by groups ([F / g, g, d]) and gather whole groups, as `hire compile --target tpu:...` does",
        )),
        None => Ok(()),
    }
}

fn inspect(directory: &Path, verify: bool) -> Outcome<Answer> {
    let artifact = Artifact::open(directory, if verify { Check::Digests } else { Check::Sizes })?;
    let manifest = artifact.manifest();
    let Some(ahead) = &manifest.ahead else {
        return Err(Failure::with_remedy(
            format!("{} is compiled for {}, not ahead of time for TPUs", directory.display(), manifest.target),
            "compile with --target tpu:v5e:1x1 or another topology of libtpu, or with --target nvptx:sm_90",
        ));
    };
    let path = directory.join(&ahead.scheduled);
    let bytes = std::fs::read(&path).map_err(|e| Failure::new(format!("cannot read {}: {e}", path.display())))?;
    let damaged = |error| Failure::new(format!("{}: {error}", path.display()));
    let module = HloModule::read_with_config(&bytes).map_err(damaged)?;
    let rates = Rates::streaming(ahead.bytes_per_cycle);
    let estimate = tpu::estimate(&module, rates).map_err(damaged)?;
    let side_by_side = tpu::estimate(&module, Rates { copies_side_by_side: true, ..rates }).map_err(damaged)?;
    let defects = match manifest.sites.is_empty() {
        true => Vec::new(),
        false => tpu::defects(&module).map_err(damaged)?.iter().map(ToString::to_string).collect(),
    };
    let predictor = |name: &str| manifest.sites.iter().find(|site| site.name == name).map(|s| s.predictor.clone());
    let mut answer = answer(directory, ahead, &module, &estimate)?;
    answer.copies_side_by_side_us = side_by_side.cycles / answer.clock_hz * 1e6;
    answer.defects = defects;
    for site in &mut answer.sites {
        site.predictor = predictor(&site.name);
    }
    Ok(answer)
}

fn answer(directory: &Path, ahead: &Ahead, module: &HloModule, estimate: &Estimate) -> Outcome<Answer> {
    let clock_hz = tpu::clock_hz(&ahead.topology).ok_or_else(|| {
        Failure::with_remedy(
            format!("hire knows no clock for {}, so cycles cannot be turned into time", ahead.topology),
            "inspect an artifact for v4, v5e or v5p",
        )
    })?;
    let us = |cycles: f64| cycles / clock_hz * 1e6;
    let collectives = tpu::collectives(module).map_err(Failure::new)?;
    let scopes = scope::Scopes::of(module, &ahead.scopes).map_err(Failure::new)?;
    let mut sites: Vec<SiteCost> =
        ahead.scopes.iter().map(|name| SiteCost { name: name.clone(), ..SiteCost::default() }).collect();
    let mut rest = SiteCost { name: "the rest of the step".to_owned(), ..SiteCost::default() };
    let mut ops = Vec::new();
    for op in &estimate.ops {
        let at = scopes.site(op.id);
        let site = at.map_or(&mut rest, |at| &mut sites[at]);
        site.cycles += op.cycles;
        site.hbm_bytes += op.hbm_bytes;
        site.ops += 1;
        ops.push(OpRow {
            name: op.name.clone(),
            opcode: op.opcode.clone(),
            op_name: op.op_name.clone(),
            site: at.map(|at| ahead.scopes[at].clone()),
            cycles: op.cycles,
            stated_cycles: op.stated_cycles,
            hbm_bytes: op.hbm_bytes,
            trips: op.trips,
        });
    }
    sites.push(rest);
    for site in &mut sites {
        site.step_estimate_us = us(site.cycles);
    }
    Ok(Answer {
        dir: directory.display().to_string(),
        topology: ahead.topology.clone(),
        compiler: ahead.compiler.clone(),
        step_estimate_us: us(estimate.cycles),
        step_estimate_cycles: estimate.cycles,
        copies_side_by_side_us: 0.0,
        clock_hz,
        bytes_per_cycle: ahead.bytes_per_cycle,
        hbm_bytes: estimate.hbm_bytes,
        collective_bytes: collectives.iter().map(|c| c.bytes).sum(),
        peak_bytes: ahead.memory.peak,
        sites,
        ops,
        defects: Vec::new(),
        unknown_loops: estimate.unknown_loops.clone(),
        versus: None,
    })
}
