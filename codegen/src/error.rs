//! What can go wrong when code is generated.

use hire_compiler::ir::{Func, Module};

/// Why a program was not compiled.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An operation without a kernel or a primitive.
    #[error("{what} has no kernel on target cpu\n  remedy: compile for `--target pjrt:cpu`")]
    NoKernel {
        /// The operation, and where it stands.
        what: String,
    },
    /// An operation without a kernel for GPUs, or that the runtime would have to compute there.
    #[error("{what} has no kernel on target nvptx\n  remedy: compile for `--target cpu`")]
    NoGpuKernel {
        /// The operation, and where it stands.
        what: String,
    },
    /// The module is no planned dispatch program.
    #[error("{0}")]
    Program(#[from] hire_compiler::diag::Diagnostics),
    /// No linker.
    #[error("there is no linker: none of {0} is in PATH\n  remedy: install Debian's lld-22 or gcc, or run ./x setup")]
    NoLinker(String),
    /// The linker failed.
    #[error("{linker} cannot link the kernels: {what}\n  remedy: check that there is space for temporary files")]
    Link {
        /// The linker.
        linker: String,
        /// What it says.
        what: String,
    },
    /// A mistake in the code generator.
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// An operation that a dispatch holds and kernels do not compute.
    #[cfg(feature = "host")]
    pub(crate) fn kernel(func: &Func, fault: &crate::host::Fault) -> Self {
        Error::NoKernel { what: format!("{fault} (in @{})", func.name) }
    }

    /// An operation that is left to the runtime, which does not have it.
    pub(crate) fn primitive(module: &Module, name: &str, detail: &str) -> Self {
        let of = module.name.as_deref().unwrap_or("the module");
        Error::NoKernel { what: format!("`{name}`{detail} (in {of})") }
    }
}
