//! Legalization: from rewritten programs to what a target takes.

mod chlo;
mod dispatch;
mod kernels;
mod stablehlo;
mod tpu;

pub use chlo::expand_chlo;
pub use dispatch::dispatch;
pub use kernels::kernels;
pub use stablehlo::stablehlo;
pub use tpu::tpu;
