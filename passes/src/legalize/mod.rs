//! Legalization: from rewritten programs to what a target takes.

mod chlo;
mod kernels;
mod stablehlo;
mod tpu;

pub use chlo::{expand_chlo, expand_chlo_functions};
pub use kernels::dispatch;
pub use stablehlo::stablehlo;
pub use tpu::tpu;
