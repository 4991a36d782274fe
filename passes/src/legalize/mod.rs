//! Legalization: from rewritten programs to what a target takes.

mod stablehlo;

pub use stablehlo::stablehlo;
