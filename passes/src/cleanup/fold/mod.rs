//! Computes what depends on constants only.
//!
//! `op(constants)`  =>  a constant, by the reference interpreter, so that no arithmetic is written
//! twice. Folded are operations whose result every correct implementation agrees on bit for bit:
//! integer and bit operations, the IEEE operations that are rounded correctly (sum, product,
//! quotient, square root, conversions, comparisons), and those that only move elements. Not folded
//! are `exponential`, `sine`, `tanh` and their like, which implementations approximate, each in its
//! own way: the program would then compute something else than without this pass. Nor reductions
//! and products of matrices, whose order of summation is open.
//!
//! A result has at most [`MOST_ELEMENTS`] elements, so the program stays small. Where all operands
//! are one element repeated, the result is computed once, and beyond that size it is written as a
//! `broadcast_in_dim` of a scalar; so a splat of any size costs a few bytes.

mod evaluate;
mod fold_constants;
mod fold_splats;

use hire_compiler::ir::{DenseElements, Module, Operation, TensorType};
use hire_compiler::rewrite::Driver;

use crate::{PassContext, PassError};

/// The most elements of a constant that folding makes or reads, splats excluded.
pub(super) const MOST_ELEMENTS: u64 = 1024;

/// Folds constants to a fixpoint.
pub fn fold(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let mut driver = Driver::new()
        .rule("fold-splats", fold_splats::fold_splats)
        .rule("fold-constants", fold_constants::fold_constants);
    Ok(driver.run_module(module, &mut context.ledger)?)
}

/// What an operation of those that are folded computes from small operands, as a value of type `ty`.
pub(super) fn result_of(operation: &Operation, operands: &[DenseElements], ty: &TensorType) -> Option<DenseElements> {
    let foldable = fold_constants::is_exact_elementwise(operation) || fold_constants::moves_elements(operation.opcode);
    let is_small =
        |ty: &TensorType| ty.encoding.is_none() && ty.element_count().is_some_and(|count| count <= MOST_ELEMENTS);
    let small = is_small(ty) && operands.iter().all(|x| is_small(&x.ty));
    if !foldable || !small || operands.is_empty() {
        return None;
    }
    evaluate::evaluate(operation, operands, ty)
}
