//! Legalization: from rewritten programs to what a target takes.

mod chlo;
mod stablehlo;

pub use chlo::expand_chlo;
pub use stablehlo::stablehlo;
