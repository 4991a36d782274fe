//! Machine code for CPUs.
//!
//! A dispatch program becomes MLIR ([`emit`]), MLIR becomes LLVM IR and that an object file
//! ([`lower`]), which a linker makes a shared object of ([`link`]).

pub(crate) mod emit;
mod link;
pub(crate) mod lower;

use hire_artifact::schedule::Schedule;
use hire_compiler::back::DISPATCH;
use hire_compiler::ir::{FuncId, Module};

use crate::error::Error;
use crate::schedule::{self, KernelInfo, Machine};

pub use emit::{Fault, Kernel};
pub use lower::{Cpu, Effort};

/// What a program is compiled to.
#[derive(Debug)]
pub struct Compiled {
    /// The shared object.
    pub library: Vec<u8>,
    /// What runs when.
    pub schedule: Schedule,
    /// The constants, as the schedule places them.
    pub constants: Vec<u8>,
}

/// Compiles the planned dispatch program whose entry is `id`.
///
/// # Errors
/// When an operation has neither a kernel nor a primitive, or LLVM or the linker fails.
pub fn compile(module: &Module, id: FuncId, cpu: &Cpu) -> Result<Compiled, Error> {
    let kernels = kernels(module)?;
    let (schedule, constants) = schedule(module, id, &kernels, cpu)?;
    Ok(Compiled { library: library(&kernels, cpu, Effort::Full)?, schedule, constants })
}

/// What runs when, for the planned dispatch program whose entry is `id` and whose kernels these are,
/// and the bytes of its constants.
///
/// # Errors
/// When an operation has neither a kernel nor a primitive, or the plan does not hold.
pub fn schedule(module: &Module, id: FuncId, kernels: &[Kernel], cpu: &Cpu) -> Result<(Schedule, Vec<u8>), Error> {
    let known = kernels.iter().map(|k| KernelInfo { symbol: k.symbol.clone(), grid: k.grid }).collect::<Vec<_>>();
    let machine = Machine { arch: std::env::consts::ARCH.to_owned(), features: cpu.rust_features() };
    schedule::schedule(module, id, &known, machine)
}

/// Compiles kernels, whose symbols must differ, to a shared object.
///
/// # Errors
/// When LLVM or the linker fails.
pub fn library(kernels: &[Kernel], cpu: &Cpu, effort: Effort) -> Result<Vec<u8>, Error> {
    link::shared_object(&lower::object(kernels, cpu, effort)?)
}

/// The kernels of a dispatch program.
///
/// # Errors
/// The first dispatch that cannot be written, with what it holds that kernels do not compute.
pub fn kernels(module: &Module) -> Result<Vec<Kernel>, Error> {
    let dispatches = module.func_ids().map(|id| &module.funcs[id]).filter(|func| func.attrs.contains(DISPATCH));
    let kernel = |func| emit::kernel(func).map_err(|fault| Error::kernel(func, &fault));
    dispatches.map(kernel).collect()
}
