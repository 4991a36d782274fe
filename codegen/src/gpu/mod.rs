//! PTX for NVIDIA GPUs.
//!
//! The dispatch program is the host's, and so is what computes a value at a position
//! ([`crate::host`]); only the mapping to threads differs. A dispatch becomes MLIR, that LLVM IR, and
//! LLVM writes PTX ([`lower`]), which is text that the driver assembles when it loads the
//! program. Kernels call nothing: no libdevice, no `.extern`.
//!
//! With the kernels comes a [`report`] of what they can reach at best.

mod lower;
pub mod report;

use hire_artifact::kernels::{KERNELS_VERSION, KernelLaunch, Kernels};
use hire_artifact::schedule::{Schedule, Step};
use hire_compiler::back::DISPATCH;
use hire_compiler::back::plan::{Place, Places, host_bytes};
use hire_compiler::ir::{Func, FuncId, Module, Opcode, ValueId};

use crate::error::Error;
use crate::host::emit::gpu::{Kernel, kernel};
use crate::schedule::{self, KernelInfo, Machine};

pub use hire_artifact::NVPTX_ARCHITECTURES as ARCHITECTURES;

/// What a program is compiled to.
#[derive(Debug)]
pub struct Compiled {
    /// The kernels.
    pub ptx: String,
    /// How each is launched, and what it can reach.
    pub kernels: Kernels,
    /// What runs when. The grid of a dispatch is its number of blocks.
    pub schedule: Schedule,
    /// The constants, as the schedule places them.
    pub constants: Vec<u8>,
}

/// Compiles the planned dispatch program whose entry is `id` for one of [`ARCHITECTURES`].
///
/// # Errors
/// When an operation has no kernel for GPUs, or LLVM fails.
pub fn compile(module: &Module, id: FuncId, arch: &str) -> Result<Compiled, Error> {
    let (ptx, kernels) = kernels(module, id, arch)?;
    let known = |k: &KernelLaunch| KernelInfo { symbol: k.symbol.clone(), grid: k.grid };
    let known: Vec<_> = kernels.kernels.iter().map(known).collect();
    let machine = Machine { arch: format!("nvptx64:{arch}"), features: Vec::new() };
    let (schedule, constants) = schedule::schedule(module, id, &known, machine)?;
    launchable(&schedule.steps)?;
    Ok(Compiled { ptx, kernels, schedule, constants })
}

/// The kernels of a planned dispatch program as PTX, and how they are launched.
///
/// # Errors
/// When a dispatch holds what GPU kernels do not compute, or LLVM fails.
pub fn kernels(module: &Module, id: FuncId, arch: &str) -> Result<(String, Kernels), Error> {
    if !ARCHITECTURES.contains(&arch) {
        return Err(Error::Internal(format!("no code is generated for {arch}")));
    }
    let mut kernels = Vec::new();
    let mut launches = Vec::new();
    for func in dispatches(module) {
        let kernel = kernel(func).map_err(|fault| unsupported(func, &fault.to_string()))?;
        launches.push(KernelLaunch {
            symbol: kernel.symbol.clone(),
            grid: kernel.grid,
            block: kernel.block,
            estimate: report::estimate(func),
        });
        kernels.push(kernel);
    }
    let shared = overlaps(module, id, &kernels)?;
    let ptx = lower::ptx(&kernels, &shared, arch)?;
    report::describe(&mut launches, &ptx, arch);
    Ok((ptx, Kernels { version: KERNELS_VERSION, arch: arch.to_owned(), kernels: launches }))
}

/// Refuses what a sequence of launches cannot do: steps that the host decides on or computes.
fn launchable(steps: &[Step]) -> Result<(), Error> {
    for step in steps {
        let what = match step {
            Step::Dispatch { .. } | Step::Copy { .. } => continue,
            Step::Call(call) => format!("`{}`", call.primitive),
            Step::While { .. } => "`stablehlo.while`".to_owned(),
            Step::Case { .. } => "`stablehlo.case` or `stablehlo.if`".to_owned(),
        };
        return Err(Error::NoGpuKernel { what });
    }
    Ok(())
}

fn dispatches(module: &Module) -> impl Iterator<Item = &Func> {
    module.func_ids().map(|id| &module.funcs[id]).filter(|func| func.attrs.contains(DISPATCH))
}

fn unsupported(func: &Func, what: &str) -> Error {
    Error::NoGpuKernel { what: format!("{what} (in @{})", func.name) }
}

/// For each kernel and argument: whether the argument may share memory with a result, in any call.
fn overlaps(module: &Module, id: FuncId, kernels: &[Kernel]) -> Result<Vec<Vec<bool>>, Error> {
    let (func, places) = (&module.funcs[id], Places::of(module, id)?);
    let mut found: Vec<Vec<bool>> = kernels.iter().map(|k| vec![false; k.arguments]).collect();
    let calls = func.ops.iter().filter(|(_, op)| op.opcode == Opcode::Call);
    for (_, operation) in calls {
        let symbol = operation.symbol_attr("callee").unwrap_or("");
        let Some(at) = kernels.iter().position(|k| k.symbol == symbol) else { continue };
        for (flag, &operand) in found[at].iter_mut().zip(&operation.operands) {
            *flag |= operation.results.iter().any(|&result| overlap(func, &places, operand, result));
        }
    }
    Ok(found)
}

fn overlap(func: &Func, places: &Places, a: ValueId, b: ValueId) -> bool {
    let bytes = |value: ValueId| host_bytes(func.value_type(value)).unwrap_or(u64::MAX);
    match (places.get(a), places.get(b)) {
        (Place::Arena(at), Place::Arena(other)) => {
            at < other.saturating_add(bytes(b)) && other < at.saturating_add(bytes(a))
        }
        (at, other) => at == other,
    }
}
