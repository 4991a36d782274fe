//! `hire plan`: chooses predictors from data.
//!
//! The dense program is instrumented at its sites and run on samples. Half of the recorded positions give the second
//! moments that low-rank predictors are made with; on the others every candidate predictor is judged by where it ranks
//! the largest dense logits. The cheapest plan that meets the recall asked for on half of those is scored on the other
//! half, and written, with the second moments beside it.

mod choose;
mod loss;
mod matrix;
mod measure;
mod neurons;
mod overlap;
pub(crate) mod ranks;
mod record;
mod report;
pub(crate) mod samples;
mod scores;
mod sparsity;
mod split;
mod staged;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hire_artifact::manifest::{MODEL, TOKENIZER};
use hire_compiler::ir::Module;
use hire_passes::context::PassContext;
use hire_passes::hire::plan::{Measured, PLAN_VERSION, Plan};
use hire_passes::instrument::{Instrumented, Probe, instrument};
use hire_passes::pipeline;
use hire_passes::signature::Signature;
use hire_passes::stage::{Stage, Target};
use hire_passes::traffic::Traffic;

use crate::calibration::Moments;
use crate::cli::PlanArgs;
use crate::compile::entry_signature;
use crate::decoder::{ModelDescription, read_json};
use crate::failure::{Failure, Outcome};
use crate::module_file::ModuleFile;
use crate::opt::run_passes;
use crate::output;
use crate::progress::Progress;
use crate::weights_file::WeightsFile;
use choose::Point;
use matrix::SiteMatrix;
use measure::SiteMeasure;
use record::{Recorder, Recording};
use samples::{Samples, TextOptions};

/// A site with all plans that were measured, and the one that was chosen.
pub(crate) struct Planned {
    measure: SiteMeasure,
    points: Vec<Point>,
    /// `None` leaves the site dense.
    chosen: Option<Point>,
    /// The recall asked for.
    target: f64,
}

/// Runs the command.
pub(crate) fn run(args: &PlanArgs, progress: &Progress) -> Outcome {
    measure::check_candidates(&args.candidates)?;
    progress.step(format!("reading {}", args.file.display()));
    let mut input = ModuleFile::read(&args.file)?;
    let weights = WeightsFile::open(&args.weights)?;
    let (instrumented, dense_bytes) = instrumented(&mut input, &weights)?;
    let (samples, recordings) = record(args, &instrumented, &weights, progress)?;
    let mut planned = Vec::new();
    for (probe, recording) in instrumented.probes.iter().zip(&recordings) {
        planned.push(plan_site(args, probe, recording, &weights, progress)?);
    }
    let loss =
        args.max_loss_increase.map(|most| loss::choose(args, most, &mut planned, &samples, progress)).transpose()?;
    if loss.is_some() {
        // Matrices are opened again: those of all sites together may not fit memory.
        for (site, recording) in planned.iter_mut().zip(&recordings) {
            if let Some(point) = site.chosen.take() {
                let matrix = SiteMatrix::open(&site.measure.probe, &weights)?;
                site.chosen = Some(with_own_selection(point, &site.measure, recording, &matrix)?);
            }
        }
    }
    progress.clear();
    let chosen: Vec<Option<Point>> = planned.iter().map(|site| site.chosen.clone()).collect();
    write_plan(&args.output, &planned, &plan_of(&args.output, &planned, &chosen))?;
    let answer = table::answer(&args.file, dense_bytes, &planned, loss);
    if let Some(path) = &args.report {
        output::write(Some(path), |out| out.write_all(report::page(&answer).as_bytes()))?;
    }
    progress.note(&table::render(&answer));
    if args.json { output::json(&answer) } else { Ok(()) }
}

/// The instrumented program, in the form the target takes, and the bytes that a dense step reads.
fn instrumented(input: &mut ModuleFile, weights: &WeightsFile) -> Outcome<(Instrumented, u64)> {
    let is_weight = |name: &str| weights.get(name).is_some();
    weights.check(&entry_signature(&input.module, Some(&is_weight))?)?;
    let mut module = std::mem::take(&mut input.module);
    let rows = pipeline::for_target(Some(Target::StableHlo));
    let (before, after): (Vec<_>, Vec<_>) =
        rows.into_iter().filter(|row| !row.name.starts_with("hire-")).partition(|row| row.stage_in == Stage::Imported);
    let run = |module: &mut Module, rows: &[&'static pipeline::Pass]| {
        run_passes(input, module, rows, &mut PassContext::new(), |_, _| {}).map(drop)
    };
    run(&mut module, &before)?;
    let entry = module.entry().expect("its signature was just read");
    let func = &module.funcs[entry];
    let dense_bytes = Traffic::of(func).total(&Signature::of(&module, func, Some(&is_weight)));
    let instrumented = instrument(&module, weights);
    let mut instrumented = instrumented.map_err(Failure::new)?;
    if instrumented.probes.is_empty() {
        let reasons = instrumented.rejections.iter().map(|r| format!("\n  {r}")).collect::<String>();
        return Err(Failure::with_remedy(
            format!("{} has no sites, so there is nothing to plan{reasons}", input.path.display()),
            "see `hire sites`",
        ));
    }
    run(&mut instrumented.module, &after)?;
    Ok((instrumented, dense_bytes))
}

/// Runs the samples.
fn record(
    args: &PlanArgs,
    instrumented: &Instrumented,
    weights: &WeightsFile,
    progress: &Progress,
) -> Outcome<(Samples, Vec<Recording>)> {
    let beside = |name: &str| args.file.parent().unwrap_or(Path::new(".")).join(name);
    let model = beside(MODEL);
    let description: ModelDescription = if model.is_file() { read_json(&model)? } else { ModelDescription::default() };
    progress.step("compiling the instrumented program");
    let recorder = Recorder::new(instrumented, &args.file, weights, &args.target)?;
    let options = TextOptions {
        tokenizer: &beside(TOKENIZER),
        description: &description,
        window: args.window,
        limit: args.positions,
    };
    let samples = samples::read(&args.samples, recorder.inputs(), &options)?;
    progress.step("running the samples");
    let recordings = recorder.run(&samples, progress)?;
    for (probe, recording) in instrumented.probes.iter().zip(&recordings) {
        let positions = recording.hidden.len() / probe.d as usize;
        if positions < split::FEWEST {
            return Err(Failure::with_remedy(
                format!("the samples give site `{}` {positions} positions, {} are needed", probe.site, split::FEWEST),
                "give more samples; a few thousand positions make a plan that can be trusted",
            ));
        }
    }
    Ok((samples, recordings))
}

/// Measures a site and chooses its plan.
fn plan_site(
    args: &PlanArgs,
    probe: &Probe,
    recording: &Recording,
    weights: &WeightsFile,
    progress: &Progress,
) -> Outcome<Planned> {
    let matrix = SiteMatrix::open(probe, weights)?;
    if let Some(layer) = &probe.ffn {
        progress.step(format!("{}: measuring", probe.site));
        let measure = neurons::measure_layer(probe, layer, recording, &matrix, &args.candidates)?;
        let points = choose::points(&measure, args.ffn_select_recall);
        let saves = |point: &&Point| point.bytes < probe.vocabulary * probe.row_bytes;
        let chosen = choose::cheapest(&points, args.ffn_recall).filter(saves).cloned();
        let chosen = chosen.map(|point| with_own_selection(point, &measure, recording, &matrix)).transpose()?;
        return Ok(Planned { measure, points, chosen, target: args.ffn_recall });
    }
    let measure = measure::measure(probe, recording, &matrix, &args.candidates, progress)?;
    let points = choose::points(&measure, args.select_recall);
    let Some(chosen) = choose::cheapest(&points, args.recall).or(by_loss(args, &points)).cloned() else {
        let best = choose::best(&points).ok_or_else(|| {
            Failure::with_remedy(
                format!("no candidate fits site `{}` of {} rows of {}", probe.site, probe.vocabulary, probe.d),
                "name others by --candidates",
            )
        })?;
        return Err(Failure::with_remedy(
            format!(
                "site `{}`: no candidate reaches a recall of {}; the best is {} with k' = {}: {:.4} at {} bytes a step (dense: {})",
                probe.site,
                args.recall,
                best.predictor,
                best.k_prime,
                best.recall,
                best.bytes,
                probe.vocabulary * probe.row_bytes
            ),
            "lower --recall, add finer --candidates such as q8, or give more samples",
        ));
    };
    let chosen = with_own_selection(chosen, &measure, recording, &matrix)?;
    Ok(Planned { measure, points, chosen: Some(chosen), target: args.recall })
}

/// The same plan with the recall that was measured of its own selection.
fn with_own_selection(
    point: Point,
    measure: &SiteMeasure,
    recording: &Recording,
    matrix: &SiteMatrix,
) -> Outcome<Point> {
    if point.two_stage.is_none() {
        return Ok(point);
    }
    let scored_recall = staged::recall(&point.plan, &measure.probe, recording, matrix, &measure.moment)?;
    Ok(Point { scored_recall, ..point })
}

/// Where loss decides, no recall is asked for, and the best will do until it does.
fn by_loss<'p>(args: &PlanArgs, points: &'p [Point]) -> Option<&'p Point> {
    choose::best(points).filter(|_| args.max_loss_increase.is_some())
}

/// The plan of what was chosen for each site, to be written to `path`.
fn plan_of(path: &Path, planned: &[Planned], chosen: &[Option<Point>]) -> Plan {
    let chosen = || planned.iter().zip(chosen).filter_map(|(p, point)| Some((p, point.as_ref()?)));
    let sites: BTreeMap<_, _> = chosen().map(|(p, point)| (p.measure.probe.site.clone(), point.plan.clone())).collect();
    let name = calibration_path(path).file_name().map(|n| n.to_string_lossy().into_owned());
    let measured = |p: &Planned, point: &Point| Measured {
        recall: point.scored_recall,
        positions: p.measure.scoring() as u64,
        bytes: point.bytes,
        two_stage: point.plan.two_stage,
    };
    let measured = chosen().map(|(p, point)| (p.measure.probe.site.clone(), measured(p, point))).collect();
    Plan { version: PLAN_VERSION, calibration: name, measured, sites }
}

/// Writes a plan and the calibration file beside it.
fn write_plan(path: &Path, planned: &[Planned], plan: &Plan) -> Outcome {
    let moments = planned.iter().map(|p| (p.measure.probe.site.clone(), p.measure.moment.clone()));
    Moments(moments.collect()).write(&calibration_path(path))?;
    output::write(Some(path), |out| out.write_all(plan.to_json().as_bytes()))
}

/// `plan.json` has its second moments in `plan.calibration.safetensors`.
fn calibration_path(plan: &Path) -> PathBuf {
    plan.with_extension("calibration.safetensors")
}
