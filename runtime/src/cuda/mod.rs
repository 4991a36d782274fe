//! Programs whose kernels are PTX, on NVIDIA GPUs through the CUDA driver.
//!
//! The driver's library is looked for when a device is opened, so that this builds, and everything else runs, where
//! there is none. [`open`] takes the first GPU; the driver assembles a program's PTX for it when the program is loaded.
//!
//! All memory of a bound program has its place before the first step, so that the kernels and copies of
//! a step are recorded once as a CUDA graph. A step is then: inputs to the GPU, one launch of the graph, outputs back.

mod driver;
mod error;
mod launches;
mod program;

pub use error::Error;

use hire_artifact::Artifact;

use crate::device::{Device, Program, Signature};
use crate::error::Error as RuntimeError;
use driver::Context;

/// A GPU.
pub struct Cuda {
    context: Context,
}

/// The first GPU, for programs compiled for `arch`, such as `sm_90`.
///
/// # Errors
/// When there is no driver, no GPU, or only an older GPU than the program is for.
pub fn open(arch: &str) -> Result<Cuda, Error> {
    let context = Context::open()?;
    let wanted = arch.strip_prefix("sm_").and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(u32::MAX);
    if context.capability < wanted {
        let found = format!("{} (sm_{})", context.name, context.capability);
        return Err(Error::Architecture { found, wanted: arch.to_owned() });
    }
    Ok(Cuda { context })
}

impl Device for Cuda {
    fn describe(&self) -> String {
        format!("cuda: {} (sm_{})", self.context.name, self.context.capability)
    }

    fn compile(&self, _program: &[u8], _signature: &Signature) -> Result<Box<dyn Program>, RuntimeError> {
        Err(Error::NotCompiled.into())
    }

    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Program>, RuntimeError> {
        Ok(Box::new(program::load(&self.context, artifact)?))
    }
}
