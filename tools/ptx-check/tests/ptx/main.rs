//! Kernels that are right, kernels that are wrong, and single instructions.

mod broken;
mod gemv;
mod instructions;
mod mutants;
