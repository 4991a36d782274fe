//! Programs compiled to kernels for NVIDIA GPUs.

use hire_artifact::ArtifactWriter;
use hire_artifact::kernels::{KERNELS_JSON, PTX};
use hire_artifact::schedule::{CONSTANTS, SCHEDULE};
use hire_codegen::gpu::{self, Compiled};
use hire_compiler::ir::Module;

use crate::failure::{Failure, Outcome};
use crate::native;

/// Compiles the entry of a module that [`native::passes`] have legalized, for GPUs such as `sm_90`.
pub(crate) fn compile(module: &Module, arch: &str) -> Outcome<Compiled> {
    let (module, entry) = native::cut(module)?;
    gpu::compile(&module, entry, arch).map_err(Failure::new)
}

/// Writes a compiled program into an artifact.
pub(crate) fn write(writer: &mut ArtifactWriter, compiled: &Compiled) -> Outcome {
    writer.add(SCHEDULE, compiled.schedule.to_text().as_bytes())?;
    writer.add(KERNELS_JSON, compiled.kernels.to_text().as_bytes())?;
    writer.add(PTX, compiled.ptx.as_bytes())?;
    writer.add(CONSTANTS, &compiled.constants)?;
    Ok(())
}
