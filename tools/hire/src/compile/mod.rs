//! `hire compile`: a module and its weights become an artifact directory.

mod fingerprint;
pub(crate) mod manifest;
mod prepare;
mod split;

use std::path::Path;

use hire_artifact::manifest::{MODEL, PROGRAM, TOKENIZER, WEIGHTS};
use hire_artifact::{ArtifactWriter, Tensor};
use hire_compiler::ir::Module;
use hire_compiler::print;
use hire_passes::context::{Calibration, PassContext, Weights};
use hire_passes::pipeline;
use hire_passes::signature::{Role, Signature};
use hire_passes::stage::Target;
use hire_passes::traffic::Traffic;

use crate::cli::CompileArgs;
use crate::failure::{Failure, Outcome};
use crate::module_file::ModuleFile;
use crate::opt::{calibration, hire_options, remarks, run_passes};
use crate::progress::Progress;
use crate::weights_file::WeightsFile;

/// Runs the command.
pub(crate) fn run(args: &CompileArgs, progress: &Progress) -> Outcome {
    let target = &args.target;
    progress.step(format!("reading {}", args.file.display()));
    let mut input = ModuleFile::read(&args.file)?;
    let weights = WeightsFile::open(&args.weights)?;
    let is_weight = |name: &str| weights.get(name).is_some();
    let signature = entry_signature(&input.module, &is_weight)?;
    weights.check(&signature)?;
    let writer = ArtifactWriter::create(&args.output)?;

    progress.step("rewriting");
    let mut context = PassContext { hire: hire_options(&args.rewrite)?, ..PassContext::new() };
    let calibration = calibration(&args.rewrite, &context.hire)?;
    context.weights = Some(&weights as &dyn Weights);
    context.calibration = calibration.as_ref().map(|c| c as &dyn Calibration);
    let mut module = std::mem::take(&mut input.module);
    let passes: Vec<_> = pipeline::for_target(Some(Target::StableHlo))
        .into_iter()
        .filter(|pass| !(args.dense && pass.name.starts_with("hire-")))
        .collect();
    run_passes(&input, &mut module, &passes, &mut context, |_, _| {})?;
    remarks(&input, &context, progress);

    let program = split::main_program(&module);
    let prepared = match split::prepare_program(&module) {
        Some(prepare) => {
            progress.step("preparing weights");
            prepare::run(&prepare, &weights, target)?
        }
        None => Vec::new(),
    };
    let is_bound = |name: &str| is_weight(name) || prepared.iter().any(|(n, _)| n == name);
    let signature = entry_signature(&program, &is_bound)?;
    let interface = manifest::interface(&program, &signature)?;

    progress.step(format!("writing {}", args.output.display()));
    let described = manifest::Described {
        target,
        file: &args.file,
        fingerprint: fingerprint::of(&input, &weights),
        sites: &context.rewritten,
        plan: context.hire.plan.as_ref(),
        bytes: bytes_per_step(&context, &signature, &program),
    };
    let manifest = manifest::manifest(described, interface);
    write(writer, args, manifest, &program, &signature, &weights, &prepared)?;
    progress.clear();
    Ok(())
}

/// The signature of the entry function, which a program must have.
pub(crate) fn entry_signature(module: &Module, is_weight: &dyn Fn(&str) -> bool) -> Outcome<Signature> {
    let entry = module.entry().filter(|&id| module.funcs[id].body.is_some()).ok_or_else(|| {
        Failure::with_remedy("the module has no entry function", "give it a function @main with a body")
    })?;
    Ok(Signature::of(module, &module.funcs[entry], Some(is_weight)))
}

/// Bytes that the program reads a step, and that it would read without rewrites.
fn bytes_per_step(context: &PassContext<'_>, signature: &Signature, program: &Module) -> (u64, u64) {
    let entry = program.entry().expect("its signature was just read");
    let total = Traffic::of(&program.funcs[entry]).total(signature);
    let saved: u64 = context.rewritten.iter().map(|s| s.dense_bytes.saturating_sub(s.predicted_bytes)).sum();
    (total, total + saved)
}

fn write(
    mut writer: ArtifactWriter,
    args: &CompileArgs,
    manifest: hire_artifact::Manifest,
    program: &Module,
    signature: &Signature,
    weights: &WeightsFile,
    prepared: &[(String, Tensor)],
) -> Outcome {
    writer.add_with(PROGRAM, |out| print::write_module(out, program, &print::Options::default()))?;
    let bound = |name: &str| weights.get(name).or_else(|| prepared.iter().find(|(n, _)| n == name).map(|(_, t)| t));
    let parameters = signature.arguments.iter().filter(|a| a.role == Role::Parameter);
    let tensors: Vec<(&str, &Tensor)> = parameters.filter_map(|a| Some((a.name.as_str(), bound(&a.name)?))).collect();
    if !tensors.is_empty() {
        writer.add_with(WEIGHTS, |out| hire_artifact::write_weights(out, tensors.iter().copied()))?;
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
