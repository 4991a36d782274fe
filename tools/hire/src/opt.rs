//! `hire opt`: run passes on a module and write it, as text or as a portable artifact.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use hire_compiler::diag::Source;
use hire_compiler::front::text;
use hire_compiler::ir::{Module, Type};
use hire_compiler::print::{self, Form};
use hire_compiler::write::bytecode;
use hire_passes::context::{Calibration, PassContext, Weights};
use hire_passes::distribute::DistributeOptions;
use hire_passes::hire::plan::{Plan, Selection};
use hire_passes::hire::{FfnDefault, Forms, HireOptions, SiteDefault};
use hire_passes::pipeline::{self, PASSES, Pass, PassError, PipelineError};
use hire_passes::{Stage, Target};

use crate::calibration::Moments;
use crate::cli::{Emit, FfnSelection, OptArgs, RewriteArgs};
use crate::failure::{Failure, Outcome};
use crate::module_file::ModuleFile;
use crate::output;
use crate::progress::Progress;
use crate::weights_file::WeightsFile;

/// Runs the command.
pub(crate) fn run(args: &OptArgs, progress: &Progress) -> Outcome {
    let Some(file) = args.file.as_ref().filter(|_| !args.list_passes) else { return list_passes() };
    let passes = match &args.passes {
        Some(names) => pipeline::by_name(names.iter().map(String::as_str)).map_err(Failure::new)?,
        None => default_passes(args.emit),
    };
    refuse_output(args)?;
    progress.step(format!("reading {}", file.display()));
    let mut input = ModuleFile::read(file)?;
    let weights = args.weights.as_deref().map(WeightsFile::open).transpose()?;
    let mut context = PassContext { hire: hire_options(&args.rewrite)?, ..PassContext::new() };
    let calibration = calibration(&args.rewrite, &context.hire)?;
    if let Some(limit) = args.stop_after {
        context = context.stop_after(limit);
    }
    context.weights = weights.as_ref().map(|w| w as &dyn Weights);
    context.calibration = calibration.as_ref().map(|c| c as &dyn Calibration);
    context.distribute =
        DistributeOptions { recall: args.da_recall, per_shard: args.da_per_shard, localize: args.localize };
    context.argument_types = args.refine_arguments.as_deref().map(argument_types).transpose()?;
    let options = print::Options {
        form: match args.emit {
            Emit::Pretty | Emit::Dispatch | Emit::Bytecode => Form::Pretty,
            Emit::Generic => Form::Generic,
        },
        locations: args.locations,
        ..print::Options::default()
    };
    let mut module = std::mem::take(&mut input.module);
    run_passes(&input, &mut module, &passes, &mut context, |pass, module| {
        if args.print_after_all {
            eprintln!("// ----- after {} -----\n{}", pass.name, print::print_module(module, &options));
        }
    })?;
    remarks(&input, &context, progress);
    progress.clear();
    if args.emit == Emit::Bytecode {
        let artifact = artifact(&input, &module, args)?;
        return output::write(args.output.as_deref(), |out| out.write_all(&artifact));
    }
    output::write(args.output.as_deref(), |out| print::write_module(out, &module, &options))
}

/// The types that `--refine-arguments` lists.
fn argument_types(text: &str) -> Outcome<Vec<Type>> {
    text::parse_types(text)
        .map_err(|errors| Failure::diagnostics(&Source { name: "--refine-arguments", text }, &errors))
}

/// All passes up to the HiRE rewrites; for dispatch programs all of them, for artifacts also the expansion of CHLO, which they do not hold.
fn default_passes(emit: Emit) -> Vec<&'static Pass> {
    if emit == Emit::Dispatch {
        return pipeline::for_target(Some(Target::Kernels));
    }
    let mut passes = pipeline::for_target(None);
    if emit == Emit::Bytecode {
        passes.extend(PASSES.iter().filter(|pass| pass.stage_out == Stage::Legalized(Target::Portable)));
    }
    passes
}

/// Refuses combinations of options that name no output.
fn refuse_output(args: &OptArgs) -> Outcome {
    if args.emit != Emit::Bytecode {
        return match args.target_version {
            Some(_) => Err(Failure::with_remedy(
                "--target-version says who must be able to read bytecode, but the output is text",
                "add --emit bytecode, or leave out --target-version",
            )),
            None => Ok(()),
        };
    }
    if args.output.is_none() && io::stdout().is_terminal() {
        return Err(Failure::with_remedy(
            "bytecode is not for a terminal",
            "name a file by -o, or send standard output to a file or a program",
        ));
    }
    Ok(())
}

/// The module as a portable artifact; what its version lacks is reported in the input.
fn artifact(input: &ModuleFile, module: &Module, args: &OptArgs) -> Outcome<Vec<u8>> {
    let target = args.target_version.unwrap_or_else(|| bytecode::oldest_target(module));
    bytecode::write_artifact(module, target).map_err(|errors| input.failure(&errors))
}

/// Runs passes; failures point into the input.
pub(crate) fn run_passes(
    input: &ModuleFile,
    module: &mut Module,
    passes: &[&'static Pass],
    context: &mut PassContext<'_>,
    after_each: impl FnMut(&Pass, &Module),
) -> Outcome<pipeline::Report> {
    pipeline::run(module, passes, context, after_each).map_err(|error| {
        if let PipelineError::Pass { error, .. } = &error
            && let PassError::Refused(errors) = error.as_ref()
        {
            return input.failure(errors);
        }
        Failure::new(error)
    })
}

/// Shows what the passes had to tell.
pub(crate) fn remarks(input: &ModuleFile, context: &PassContext<'_>, progress: &Progress) {
    for remark in &context.remarks {
        progress.note(&input.render(&remark.diagnostic));
    }
}

/// The options of the HiRE passes.
pub(crate) fn hire_options(args: &RewriteArgs) -> Outcome<HireOptions> {
    let plan = args.plan.as_ref().map(|path| {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|e| Failure::with_remedy(format!("cannot read {shown}: {e}"), "name a plan, a JSON file"))?;
        Plan::from_json(&text).map_err(|e| Failure::new(format!("{shown}: {e}")))
    });
    let default = SiteDefault {
        predictor: args.predictor.clone(),
        k_prime: args.k_prime,
        group: args.group,
        survivors: args.survivors.clone(),
        select_recall: args.select_recall,
        guarantee: args.guarantee,
    };
    let ffn = FfnDefault {
        predictor: args.ffn_predictor.clone(),
        k_prime: args.ffn_k_prime,
        group: args.ffn_group,
        selection: match args.ffn_selection {
            FfnSelection::PerRow => Selection::PerRow,
            FfnSelection::Shared => Selection::Shared,
            FfnSelection::Union => Selection::Union,
        },
        select_recall: args.ffn_select_recall,
    };
    let (shapes_only, statistics) = (false, false);
    Ok(HireOptions {
        plan: plan.transpose()?,
        default,
        ffn,
        sparsify_gates: args.sparsify_gates,
        shapes_only,
        statistics,
        forms: Forms::Plain,
    })
}

/// The second moments that the command line or the plan names.
pub(crate) fn calibration(args: &RewriteArgs, options: &HireOptions) -> Outcome<Option<Moments>> {
    let of_plan = || {
        let name = options.plan.as_ref()?.calibration.as_ref()?;
        Some(args.plan.as_ref()?.parent().unwrap_or(Path::new(".")).join(name))
    };
    let path = args.calibration.clone().or_else(of_plan);
    path.map(|path| Moments::read(&path)).transpose()
}

fn list_passes() -> Outcome {
    let width = PASSES.iter().map(|p| p.name.len()).max().unwrap_or(0);
    output::write(None, |out: &mut dyn Write| {
        for pass in PASSES {
            writeln!(out, "{:width$}  {}", pass.name, pass.description)?;
            writeln!(out, "{:width$}  {} to {}; {}", "", pass.stage_in, pass.stage_out, pass.reason)?;
        }
        Ok(())
    })
}
