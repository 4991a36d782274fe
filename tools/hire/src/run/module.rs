//! A module, run once on a device with all its arguments given.

use hire_artifact::devices::Form;
use hire_artifact::{Interface, Target};
use hire_compiler::print;
use hire_passes::PassContext;
use hire_passes::signature::Signature as ModuleSignature;
use hire_runtime::{Program, Signature, TensorType, device};

use super::{inputs, write_results};
use crate::cli::RunArgs;
use crate::compile::manifest;
use crate::failure::{Failure, Outcome};
use crate::mesh;
use crate::module_file::ModuleFile;
use crate::native;
use crate::opt::run_passes;
use crate::progress::Progress;

/// Compiles the module for the target and runs it.
pub(super) fn run(args: &RunArgs, target: &str, progress: &Progress) -> Outcome {
    let target: Target = target.parse().map_err(Failure::new)?;
    progress.step(format!("reading {}", args.path.display()));
    let mut input = ModuleFile::read(&args.path)?;
    let entry = input.module.entry().filter(|&id| input.module.funcs[id].body.is_some()).ok_or_else(|| {
        Failure::with_remedy("the module has no entry function", "give it a function @main with a body")
    })?;
    let signature = ModuleSignature::of(&input.module, &input.module.funcs[entry], None);
    let interface = manifest::interface(&input.module, &signature)?;
    let devices = mesh::form(&input.module).map(|_| mesh::devices(&input.module, Form::Partitions)).transpose()?;
    args.mesh.check(devices.as_ref())?;
    if let Some(devices) = &devices {
        devices.check(&interface).map_err(Failure::new)?;
    }
    let wanted: Vec<(String, TensorType)> = interface.arguments.iter().map(|a| (a.name.clone(), a.ty())).collect();
    let given = inputs::gather(args, &wanted)?;
    let program = match target {
        Target::Cpu if devices.is_none() => compiled(&mut input, &interface)?,
        _ => {
            let device = device::open_for(&target, devices.as_ref()).map_err(Failure::new)?;
            let text = print::print_module(&input.module, &print::Options::default());
            device.compile(text.as_bytes(), &Signature::from(&interface)).map_err(Failure::new)?
        }
    };
    let results = program.execute(&given).map_err(Failure::new)?;
    progress.clear();
    write_results(args, interface.results.iter().map(|r| r.name.as_str()).zip(&results))
}

/// The module as kernels for this CPU, without rewrites.
fn compiled(input: &mut ModuleFile, interface: &Interface) -> Outcome<Box<dyn Program>> {
    let mut module = std::mem::take(&mut input.module);
    let passes: Vec<_> = native::passes().into_iter().filter(|pass| !pass.name.starts_with("hire-")).collect();
    run_passes(input, &mut module, &passes, &mut PassContext::new(), |_, _| {})?;
    native::program(native::compile(&module)?, interface)
}
