//! Code generation: a planned dispatch program ([`hire_compiler::back`]) in, kernels and a schedule out.
//!
//! [`schedule`] says what runs when on which memory; it knows nothing of any machine. [`host`]
//! generates the kernels for CPUs with MLIR and LLVM, [`gpu`] those for NVIDIA GPUs, both behind the feature `host`. What of a
//! program is no kernel becomes a call of the runtime's primitives ([`primitive`]).

mod error;
#[cfg(feature = "host")]
pub mod gpu;
#[cfg(feature = "host")]
pub mod host;
pub mod primitive;
pub mod schedule;

pub use error::Error;
