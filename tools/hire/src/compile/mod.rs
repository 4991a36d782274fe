//! `hire compile`: a module and its weights become an artifact directory.

mod ahead;
mod fingerprint;
pub(crate) mod manifest;
mod prepare;
mod split;

use std::collections::BTreeMap;
use std::path::Path;

use hire_artifact::devices::Form;
use hire_artifact::manifest::{EXECUTABLE, MODEL, PROGRAM, SCHEDULED, TOKENIZER, WEIGHTS};
use hire_artifact::{ArtifactWriter, Tensor};
use hire_compiler::ir::Module;
use hire_compiler::print;
use hire_passes::context::{Calibration, PassContext, Weights};
use hire_passes::hire::Forms;
use hire_passes::hire::predictor::{Predictor, Scorer};
use hire_passes::pipeline;
use hire_passes::signature::{Role, Signature};
use hire_passes::stage::Target;
use hire_passes::traffic::Traffic;

use crate::cli::CompileArgs;
use crate::failure::{Failure, Outcome};
use crate::mesh;
use crate::module_file::ModuleFile;
use crate::opt::{calibration, hire_options, remarks, run_passes};
use crate::progress::Progress;
use crate::sites::two_stages;
use crate::weights_file::WeightsFile;
use crate::{native, nvptx};

/// Runs the command.
pub(crate) fn run(args: &CompileArgs, progress: &Progress) -> Outcome {
    let target = &args.target;
    let compiler = ahead::Compiler::find(args)?;
    progress.step(format!("reading {}", args.file.display()));
    let mut input = ModuleFile::read(&args.file)?;
    let weights = args.weights.as_deref().map(WeightsFile::open).transpose()?;
    let is_weight = |name: &str| weights.as_ref().is_some_and(|weights| weights.get(name).is_some());
    if let Some(weights) = &weights {
        weights.check(&entry_signature(&input.module, Some(&is_weight))?)?;
    }
    let scopes = match &compiler {
        Some(_) => ahead::scopes(&input, weights.is_some().then_some(&is_weight as &dyn Fn(&str) -> bool))?,
        None => Vec::new(),
    };
    let writer = ArtifactWriter::create(&args.output)?;

    progress.step("rewriting");
    let mut context = PassContext { hire: hire_options(&args.rewrite)?, ..PassContext::new() };
    context.hire.shapes_only = args.shapes_only;
    context.hire.statistics = args.statistics;
    context.compression = args.compression();
    let calibration = calibration(&args.rewrite, &context.hire)?;
    context.weights = weights.as_ref().map(|weights| weights as &dyn Weights);
    context.calibration = calibration.as_ref().map(|c| c as &dyn Calibration);
    let mut module = std::mem::take(&mut input.module);
    let form = mesh::form(&module);
    args.mesh.check(form.map(|_| mesh::devices(&module, Form::Partitions)).transpose()?.as_ref())?;
    context.distribute.recall = args.da_recall;
    context.distribute.localize = form == Some(Form::Replicas);
    if form.is_some() {
        check_distributed(args, &context)?;
    }
    let for_tpu = compiler.is_some();
    context.hire.forms = match target {
        _ if for_tpu => Forms::Tpu,
        hire_artifact::Target::Cpu => Forms::Plain,
        _ => Forms::Xla,
    };
    let for_target = match target {
        hire_artifact::Target::Cpu | hire_artifact::Target::Nvptx(_) => native::passes(),
        _ => pipeline::for_target(Some(if for_tpu { Target::Tpu } else { Target::StableHlo })),
    };
    // A partitioner cuts tensors, not what a rewrite would make of them.
    let dense = args.dense || form == Some(Form::Partitions);
    let passes: Vec<_> = for_target.into_iter().filter(|pass| !(dense && pass.name.starts_with("hire-"))).collect();
    // How weights are cut, before rewrites replace them by what is prepared from them.
    let mut cuts = BTreeMap::new();
    let mut survey = |pass: &pipeline::Pass, module: &Module| {
        if pass.name == "localize" {
            cuts = mesh::weight_cuts(module);
        }
    };
    run_passes(&input, &mut module, &passes, &mut context, &mut survey)?;
    remarks(&input, &context, progress);
    for site in &context.rewritten {
        if let Some(stages) = site.plan.two_stage {
            let recall = site.plan.select_recall(site.vocabulary);
            progress.note(&format!("site `{}` {}\n", site.name, two_stages(stages, recall)));
        }
    }

    let program = split::main_program(&module);
    let devices = form.map(|form| mesh::devices(&program, form)).transpose()?;
    let prepared = match (split::prepare_program(&module), &weights) {
        (Some(prepare), Some(weights)) => {
            progress.step("preparing weights");
            match &devices {
                None => prepare::run(&prepare, &|name| weights.get(name).cloned(), target)?,
                Some(devices) => prepare::on_each_device(&prepare, &cuts, weights, devices, target)?,
            }
        }
        _ => Vec::new(),
    };
    let is_bound = |name: &str| is_weight(name) || prepared.iter().any(|(n, _)| n == name);
    let signature = entry_signature(&program, weights.is_some().then_some(&is_bound as &dyn Fn(&str) -> bool))?;
    let mut interface = manifest::interface(&program, &signature)?;
    if let Some(devices) = devices.as_ref().filter(|devices| devices.form == Form::Replicas) {
        mesh::make_whole(&mut interface, devices);
    }
    let compiled = match &compiler {
        Some(compiler) => {
            progress.step(format!("compiling for {target}"));
            Some(compiler.compile(&program, scopes, devices.as_ref())?)
        }
        None => None,
    };

    let kernels = match target {
        hire_artifact::Target::Cpu => {
            progress.step("generating kernels");
            Some(Kernels::Host(native::compile(&program)?))
        }
        hire_artifact::Target::Nvptx(arch) => {
            progress.step(format!("generating kernels for {arch}"));
            Some(Kernels::Gpu(nvptx::compile(&program, arch)?))
        }
        _ => None,
    };

    progress.step(format!("writing {}", args.output.display()));
    let described = manifest::Described {
        target,
        file: &args.file,
        fingerprint: fingerprint::of(&input, weights.as_ref()),
        sites: &context.rewritten,
        plan: context.hire.plan.as_ref(),
        bytes: bytes_per_step(&context, &signature, &program),
    };
    let mut manifest = manifest::manifest(described, interface);
    manifest.devices = devices;
    if let Some(compiled) = &compiled {
        manifest.ahead = Some(compiled.ahead.clone());
        for defect in compiled.defects(&manifest) {
            progress.note(&format!("warning: {defect}\n"));
        }
    }
    let contents =
        Contents { program: &program, signature: &signature, weights: weights.as_ref(), prepared: &prepared, kernels };
    write(writer, args, manifest, &contents, compiled.as_ref())?;
    progress.clear();
    Ok(())
}

/// Refuses what a program on several devices cannot have.
fn check_distributed(args: &CompileArgs, context: &PassContext<'_>) -> Outcome {
    if let target @ (hire_artifact::Target::Cpu | hire_artifact::Target::Nvptx(_)) = &args.target {
        return Err(Failure::with_remedy(
            format!("target {target} makes kernels for one device, the module is written for several"),
            "compile for pjrt:cpu, or export the model without --mesh",
        ));
    }
    let options = &context.hire;
    let planned = options.plan.iter().flat_map(|plan| plan.sites.values()).map(|site| &site.predictor);
    let chosen = [&options.default.predictor, &options.ffn.predictor].into_iter().filter(|_| options.plan.is_none());
    let low_rank =
        |predictor: &&Predictor| predictor.scorers().iter().any(|scorer| matches!(scorer, Scorer::LowRank { .. }));
    // Where only shapes matter there is nothing to factorize.
    match planned.chain(chosen).find(low_rank).filter(|_| !args.dense && !args.shapes_only) {
        Some(predictor) => Err(Failure::with_remedy(
            format!("predictor {predictor} is factorized from whole weights, which no device has here"),
            "choose q8 or q4, which each device makes from its own rows",
        )),
        None => Ok(()),
    }
}

/// The signature of the entry function, which a program must have.
///
/// Without `is_weight` an argument counts as a weight by its name.
pub(crate) fn entry_signature(module: &Module, is_weight: Option<&dyn Fn(&str) -> bool>) -> Outcome<Signature> {
    let entry = module.entry().filter(|&id| module.funcs[id].body.is_some()).ok_or_else(|| {
        Failure::with_remedy("the module has no entry function", "give it a function @main with a body")
    })?;
    Ok(Signature::of(module, &module.funcs[entry], is_weight))
}

/// Bytes that the program reads a step, and that it would read without rewrites.
fn bytes_per_step(context: &PassContext<'_>, signature: &Signature, program: &Module) -> (u64, u64) {
    let entry = program.entry().expect("its signature was just read");
    let total = Traffic::of(&program.funcs[entry]).total(signature);
    let saved: u64 = context.rewritten.iter().map(|s| s.dense_bytes.saturating_sub(s.predicted_bytes)).sum();
    let compressed: u64 = context.compressed.iter().map(|matrix| matrix.saved_bytes).sum();
    (total, total + saved + compressed)
}

/// Generated kernels.
enum Kernels {
    Host(hire_codegen::host::Compiled),
    Gpu(hire_codegen::gpu::Compiled),
}

/// What is written besides the manifest.
struct Contents<'a> {
    program: &'a Module,
    signature: &'a Signature,
    weights: Option<&'a WeightsFile>,
    prepared: &'a [(String, Tensor)],
    kernels: Option<Kernels>,
}

fn write(
    mut writer: ArtifactWriter,
    args: &CompileArgs,
    mut manifest: hire_artifact::Manifest,
    contents: &Contents<'_>,
    compiled: Option<&ahead::Compiled>,
) -> Outcome {
    let Contents { program, signature, weights, prepared, kernels } = contents;
    let options = print::Options { locations: compiled.is_some(), ..print::Options::default() };
    writer.add_with(PROGRAM, |out| print::write_module(out, program, &options))?;
    if let Some(compiled) = compiled {
        writer.add(EXECUTABLE, &compiled.executable)?;
        writer.add(SCHEDULED, &compiled.scheduled)?;
    }
    match kernels {
        Some(Kernels::Host(compiled)) => native::write(&mut writer, compiled)?,
        Some(Kernels::Gpu(compiled)) => nvptx::write(&mut writer, compiled)?,
        None => {}
    }
    let given = |name: &str| weights.and_then(|weights| weights.get(name));
    let bound = |name: &str| given(name).or_else(|| prepared.iter().find(|(n, _)| n == name).map(|(_, t)| t));
    let parameters = signature.arguments.iter().filter(|a| a.role == Role::Parameter);
    let tensors: Vec<(&str, &Tensor)> = parameters.filter_map(|a| Some((a.name.as_str(), bound(&a.name)?))).collect();
    if !tensors.is_empty() {
        writer.add_with(WEIGHTS, |out| hire_artifact::write_weights(out, tensors.iter().copied()))?;
    } else {
        manifest.weights = None;
    }
    for name in [TOKENIZER, MODEL] {
        let source = args.file.parent().unwrap_or(Path::new(".")).join(name);
        if source.is_file() {
            writer.copy(name, &source)?;
        }
    }
    writer.finish(manifest)?;
    Ok(())
}
