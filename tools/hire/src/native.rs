//! Programs compiled to kernels for this machine's CPU.

use hire_artifact::schedule::{CONSTANTS, KERNELS, SCHEDULE};
use hire_artifact::{ArtifactWriter, Interface};
use hire_codegen::host::{self, Compiled, Cpu};
use hire_compiler::ir::{FuncId, Module};
use hire_compiler::{back, valid};
use hire_passes::Target;
use hire_passes::pipeline::{self, Pass};
use hire_runtime::Program;
use hire_runtime::host::{Code, Library};

use crate::failure::{Failure, Outcome};

/// The passes up to what is cut into kernels. The cut itself is left to [`compile`], as it changes
/// what the entry looks like.
pub(crate) fn passes() -> Vec<&'static Pass> {
    let all = pipeline::for_target(Some(Target::Kernels));
    all.into_iter().filter(|pass| pass.name != "dispatch").collect()
}

/// Compiles the entry of a module that [`passes`] have legalized.
pub(crate) fn compile(module: &Module) -> Outcome<Compiled> {
    let (module, entry) = cut(module)?;
    host::compile(&module, entry, &Cpu::host()).map_err(Failure::new)
}

/// Cuts a module that [`passes`] have legalized into kernels, and plans its memory.
pub(crate) fn cut(module: &Module) -> Outcome<(Module, FuncId)> {
    let mut module = module.clone();
    let entry = module.entry().ok_or_else(|| Failure::new("the module has no entry function"))?;
    let name = module.funcs[entry].name.clone();
    module.retain_funcs(|func| func.name == name || func.visibility == hire_compiler::ir::Visibility::Private);
    back::lower(&mut module);
    valid::verify(&module)
        .map_err(|error| Failure::new(format!("internal error: the cut broke the program: {error}")))?;
    let entry = module.entry().ok_or_else(|| Failure::new("the module has no entry function"))?;
    Ok((module, entry))
}

/// A compiled program, ready to run.
pub(crate) fn program(compiled: Compiled, interface: &Interface) -> Outcome<Box<dyn Program>> {
    let code = Code {
        schedule: compiled.schedule.to_text().into_bytes(),
        library: Library::Bytes(compiled.library),
        constants: compiled.constants,
    };
    hire_runtime::host::program(&code, interface).map_err(Failure::new)
}

/// Writes a compiled program into an artifact.
pub(crate) fn write(writer: &mut ArtifactWriter, compiled: &Compiled) -> Outcome {
    writer.add(SCHEDULE, compiled.schedule.to_text().as_bytes())?;
    writer.add(KERNELS, &compiled.library)?;
    writer.add(CONSTANTS, &compiled.constants)?;
    Ok(())
}
